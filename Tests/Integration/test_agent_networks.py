"""Networks that make it hard: a proxy before everything, certificates of their own, links that break, or no network."""

import json
import subprocess

import pytest

from harness.agent import Agent
from harness.certificate import Authority
from harness.gateway import Gateway
from harness.githost import GitHost
from harness.index import Index
from harness.packages import Wheels
from harness.repository import Repository
from harness.server import Server
from harness.tasks import Task

LOGIN = ("somebody", "gateway-s3cret")
NOWHERE = "http://127.0.0.1:9"

# Uses what came over the network, and the network itself.
MAIN = """
import os, urllib.request
import alpha
print("alpha", alpha.version)
print("the task reaches", urllib.request.urlopen(os.environ["SERVER"] + "/debug.ping", timeout=60).status)
"""


@pytest.fixture
def wheels(tmp_path):
    wheels = Wheels(tmp_path / "wheels")
    wheels.add("alpha", "1.0")
    return wheels


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository", {"main.py": MAIN})


@pytest.fixture
def closing():
    """Keeps in mind what is to be closed after the test."""
    open_things = []
    yield lambda thing: open_things.append(thing) or thing
    for thing in open_things:
        thing.close()


@pytest.fixture
def run(server, tmp_path):
    """Runs a task on a machine with caches of its own, where these variables are set, and returns its log."""
    agents = []

    def run(script, status="completed", at=server, requirements="alpha\n", config_file=None, **variables):
        agent = Agent(at, tmp_path, f"queue{len(agents)}", config_file)
        agents.append(agent)
        agent.environment |= {"SERVER": at.addresses["api"], "REQUESTS_CA_BUNDLE": ""}
        task = Task.create(at.api, script=script, requirements=requirements)
        agent.execute(task, **variables).wait(status)
        run.task = task
        run.output = (tmp_path / f"{agent.name}-execute.log").read_text()
        return task.log()

    yield run
    for agent in agents:
        agent.end()


def netloc(address):
    return address.partition("://")[2]


@pytest.mark.parametrize("manager", ["pip", "uv"])
def test_everything_goes_over_the_proxy_and_nobody_sees_its_password(run, server, wheels, repository, tmp_path, closing, manager):
    gateway, host = closing(Gateway(LOGIN)), closing(GitHost(tmp_path))
    index = closing(Index(wheels))
    script = repository.script("main.py", repository=host.address(repository))
    proxies = {"HTTP_PROXY": gateway.address, "HTTPS_PROXY": gateway.address, "NO_PROXY": "elsewhere.test"}
    indexes = {"PIP_INDEX_URL": index.address, "UV_INDEX_URL": index.address}

    log = run(script, package_manager__type=manager, **proxies, **indexes)

    assert {"alpha 1.0", "the task reaches 200"} <= set(log.splitlines())
    assert {netloc(server.addresses["api"]), host.host, index.host} <= gateway.reached
    assert LOGIN[1] not in log + run.output + json.dumps(run.task.record())


def test_hosts_are_reached_without_the_proxy_where_the_environment_says_so(run, repository, wheels):
    script = repository.script("main.py")

    log = run(script, requirements=f"{wheels.options}alpha\n", HTTP_PROXY=NOWHERE, NO_PROXY="localhost,127.0.0.1")

    assert "alpha 1.0" in log


def test_a_proxy_that_is_away_is_told(server, make_agent):
    process = make_agent().run("list", HTTP_PROXY=NOWHERE)

    assert process.wait(60) != 0
    assert "cannot be reached" in process.output()


@pytest.fixture
def secured(tmp_path, monkeypatch):
    """A server, a git host and an authority that signed both their certificates."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    server = Server(tmp_path / "secured", flags=authority.certificate().flags)
    try:
        yield server.start(), authority
    finally:
        server.end()


@pytest.mark.parametrize("means", ["api.verify_certificate", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_of_ones_own_is_accepted_by_everything(run, secured, wheels, repository, tmp_path, closing, means):
    server, authority = secured
    certificate = authority.certificate("others")
    host, index = closing(GitHost(tmp_path, certificate=certificate)), closing(Index(wheels, certificate=certificate))
    script = repository.script("main.py", repository=host.address(repository))
    config_file = tmp_path / "clearml.conf"
    config_file.write_text(server.config_file.read_text())
    variables = {"PIP_INDEX_URL": index.address, "UV_INDEX_URL": index.address}
    if means == "api.verify_certificate":
        with open(config_file, "a") as file:
            file.write(f'\napi.verify_certificate: "{authority.file}"\n')
    else:
        variables[means] = authority.file

    log = run(script, at=server, config_file=config_file, **variables)

    assert {"alpha 1.0", "the task reaches 200"} <= set(log.splitlines())


def test_a_certificate_of_nobody_known_is_told_with_what_to_do(secured, tmp_path):
    server, _ = secured
    agent = Agent(server, tmp_path, "default")
    process = agent.run("list", REQUESTS_CA_BUNDLE="")

    assert process.wait(60) != 0
    assert "certificate" in process.output().lower()
    process = agent.run("list", SSL_CERT_FILE=tmp_path / "missing.crt")
    assert process.wait(60) != 0
    assert "missing.crt, which SSL_CERT_FILE names, cannot be read" in process.output()


def test_links_that_break_are_tried_again(run, wheels, repository, tmp_path, closing):
    host, index = closing(GitHost(tmp_path)), closing(Index(wheels))
    script = repository.script("main.py", repository=host.address(repository))
    host.lose(2)
    index.lose(2)

    log = run(script, PIP_INDEX_URL=index.address, UV_INDEX_URL=index.address)

    assert "alpha 1.0" in log


def test_a_mirror_without_history_stays_so_over_a_link_that_breaks(run, wheels, repository, tmp_path, closing):
    repository.push({"more.txt": "more"})
    host = closing(GitHost(tmp_path))
    script = repository.script("main.py", repository=host.address(repository))
    host.lose(1)

    run(script, requirements=f"{wheels.options}alpha\n", CLEARML_AGENT__AGENT__GIT_FETCH_ARGS='["--depth=1"]')

    (mirror,) = tmp_path.glob("cache/vcs/*.git")
    kept = subprocess.check_output(["git", "--git-dir", mirror, "rev-list", "--all", "--count"], text=True)
    assert int(kept) == 1


def test_an_extra_index_with_a_password_is_used_and_the_password_not_shown(run, wheels, repository, closing):
    index = closing(Index(wheels, login=("buyer", "index-s3cret")))
    (nothing := wheels.folder.parent / "nothing").mkdir()
    main = closing(Index(Wheels(nothing)))
    address = index.address_with("buyer", "index-s3cret")

    log = run(
        repository.script("main.py"), package_manager__extra_index_url=json.dumps([address]), PIP_INDEX_URL=main.address,
        UV_INDEX_URL=main.address,
    )

    assert "alpha 1.0" in log
    assert "index-s3cret" not in log + run.output + json.dumps(run.task.record())


@pytest.mark.parametrize("manager", ["pip", "uv"])
def test_without_a_network_packages_come_from_a_folder(run, wheels, repository, manager):
    nowhere = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}
    folder = {"PIP_NO_INDEX": 1, "PIP_FIND_LINKS": wheels.folder}

    log = run(repository.script("main.py"), package_manager__type=manager, **nowhere, **folder)

    assert {"alpha 1.0", "the task reaches 200"} <= set(log.splitlines())
