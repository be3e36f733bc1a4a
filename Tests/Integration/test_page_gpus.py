"""The page: a machine with GPUs. NVIDIA's library is an imaginary one, as test machines have none."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.agent import Agent
from harness.browser import Browsing
from harness.process import ROOT
from harness.waiting import wait_until


@pytest.fixture(scope="module")
def gpu_agent(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gpu-agent")
    source = ROOT / "Tests" / "Integration" / "harness" / "fake_nvml.c"
    compiler = shutil.which("clang") or shutil.which("cc")
    library = folder / "libnvidia-ml.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    agent = Agent(server, folder, queue="default")
    agent.flags = ()
    agent.environment["LD_LIBRARY_PATH"] = str(folder)
    try:
        yield agent.start()
    finally:
        agent.end()


@pytest.mark.extensions
def test_each_gpu_is_shown_with_what_computes_on_it(browser, server, gpu_agent):
    stats = wait_until("the load is reported", lambda: (gpu_agent.worker() or {}).get("machine_stats"))
    assert stats["gpu_usage"] == [97, 3] and stats["gpu_temperature"] == [71, 35]
    assert stats["gpu_memory_used"] == [40960, 1024] and stats["gpu_memory_free"] == [40960, 80896]

    owner = Browsing(browser, server).be_signed_in()
    page = owner.go("workers")
    card = page.get_by_role("region", name=gpu_agent.name)
    expect(card.get_by_role("meter", name="GPU 0", exact=True)).to_have_attribute("aria-valuenow", "97")
    expect(card.get_by_role("meter", name="GPU 1 memory")).to_be_visible()
    expect(card).to_contain_text("2 × Imaginary 9000")
    expect(card).to_contain_text("71 °C")
    card.get_by_role("link").first.click()
    row = page.get_by_role("row").filter(has_text="39.0 GB")
    expect(row.get_by_role("cell")).to_have_count(5)
    expect(row).to_contain_text(Path("/proc/1/comm").read_text().strip())
    for title in ("GPU", "GPU memory", "GPU temperature"):
        owner.charts().get_by_role("article", name=title, exact=True).evaluate("card => card.scrollIntoView()")
        expect(owner.charts().get_by_role("article", name=title, exact=True).locator(".main-svg").first).to_be_visible()
    owner.end()
