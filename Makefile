# The front door. `make` alone lists what there is.

SWIFT  ?= swift
PREFIX ?= /usr/local

BUILD        := $(CURDIR)/.build
STATIC_LIBS  := $(BUILD)/static
PLOTLY       := $(BUILD)/plotly
RELEASE      := $(BUILD)/release/stint
TEST_VENV    := $(BUILD)/test-venv
DEMO_VENV    := $(BUILD)/demo-venv
STINT_BINARY ?= $(BUILD)/debug/stint
# One cache for the packages that the tests and the benchmark install, kept between runs.
PACKAGE_CACHE := $(BUILD)/package-cache

# pkg-config is led to a folder that holds archives only: no shared libsqlite3 or libz is then needed to run.
RELEASE_FLAGS := -c release --static-swift-stdlib --pkg-config-path $(STATIC_LIBS)

.DEFAULT_GOAL := help
.PHONY: help prepare build demo demo-data test test-swift test-integration chaos bench bench-server reference install format lint clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

prepare: ## Install the system packages that are missing, and fetch Plotly
	@scripts/prepare.sh $(STATIC_LIBS)
	@scripts/plotly.sh $(PLOTLY)

build: prepare ## Build the release binary
	$(SWIFT) build $(RELEASE_FLAGS) --product stint

demo: ## Start Stint and run examples/digits on it (CI=true ends by itself)
	@python3 scripts/demo.py

demo-data: $(TEST_VENV)/.ready ## Fill the server of CLEARML_CONFIG_FILE with a project of 50 runs
	@$(TEST_VENV)/bin/python scripts/demo_data.py $(DEMO_FLAGS)

test: test-swift test-integration ## Build and run every test

test-swift: prepare ## Run the Swift tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --parallel

test-integration: prepare $(TEST_VENV)/.ready ## Drive the debug binary with real clients (STINT_BINARY overrides it)
	@scripts/prepare.sh '' tests
	@test "$(origin STINT_BINARY)" != file || $(SWIFT) build --product stint
	STINT_BINARY=$(STINT_BINARY) UV_CACHE_DIR=$(PACKAGE_CACHE)/uv PIP_CACHE_DIR=$(PACKAGE_CACHE)/pip \
	  $(TEST_VENV)/bin/python -m pytest Tests/Integration $(PYTEST_FLAGS)

chaos: prepare $(TEST_VENV)/.ready ## Break all that can break under 2,000 tasks, and prove that nothing is lost (CHAOS_FLAGS=--seed N)
	@test "$(origin STINT_BINARY)" != file || $(SWIFT) build --product stint
	STINT_BINARY=$(STINT_BINARY) UV_CACHE_DIR=$(PACKAGE_CACHE)/uv PIP_CACHE_DIR=$(PACKAGE_CACHE)/pip \
	  $(TEST_VENV)/bin/python chaos/chaos.py $(CHAOS_FLAGS)

bench: build $(TEST_VENV)/.ready ## Measure agent and server beside their limits (BENCH_FLAGS=--quick)
	STINT_BINARY=$(RELEASE) UV_CACHE_DIR=$(PACKAGE_CACHE)/uv PIP_CACHE_DIR=$(PACKAGE_CACHE)/pip \
	  $(TEST_VENV)/bin/python bench/bench.py $(BENCH_FLAGS)

bench-server: build $(TEST_VENV)/.ready ## Measure the server alone (BENCH_FLAGS=--quick)
	STINT_BINARY=$(RELEASE) $(TEST_VENV)/bin/python bench/bench.py throughput scale longpoll $(BENCH_FLAGS)

reference: ## Write docs/reference.md from the debug binary
	$(SWIFT) build --product stint
	@python3 scripts/reference.py $(BUILD)/debug/stint

install: build ## Put one stripped binary under PREFIX (default /usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 -s $(RELEASE) $(DESTDIR)$(PREFIX)/bin/stint

format: ## Format the Swift sources in place
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## Check the Swift sources' format and habits
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

clean: ## Remove everything that was built
	rm -rf $(BUILD)

$(TEST_VENV)/.ready: Tests/Integration/requirements.txt
	@scripts/venv.sh $(TEST_VENV) -r Tests/Integration/requirements.txt
