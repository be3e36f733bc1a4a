import os
import subprocess

import pytest

from harness.agent import Agent
from harness.browser import Browsing, chromium
from harness.demo import shared_demo
from harness.process import STINT, Process
from harness.sdk import SDK
from harness.server import FLAGS, NO_EXTENSIONS, Server


def pytest_configure(config):
    config.addinivalue_line("markers", "extensions: about what Stint adds to ClearML's protocol")
    if not STINT.exists():
        pytest.exit(f"There is no binary at {STINT}: run `swift build`, or name one with STINT_BINARY.", returncode=2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows with a failed test what the processes around it wrote."""
    report = yield
    if report.failed:
        for process in Process.started:
            report.sections.append((f"the end of {process.log}", process.output()[-6000:]))
    return report


def pytest_runtest_setup(item):
    if NO_EXTENSIONS in FLAGS and item.get_closest_marker("extensions"):
        pytest.skip("it is about extensions, and STINT_SERVER_FLAGS turns them off")


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    """A server that the tests of a module share; its parameter are flags."""
    server = Server(tmp_path_factory.mktemp("server"), flags=getattr(request, "param", None) or ())
    try:
        yield server.start()
    finally:
        server.end()


@pytest.fixture(scope="module")
def agent(server, tmp_path_factory):
    """An agent on the shared server's queue `default`."""
    agent = Agent(server, tmp_path_factory.mktemp("agent"), queue="default")
    try:
        yield agent.start()
    finally:
        agent.end()


@pytest.fixture(scope="module")
def machine(server, tmp_path_factory):
    """An agent on the shared server that runs single tasks, with caches that the tests of a module share."""
    agent = Agent(server, tmp_path_factory.mktemp("machine"), queue="default")
    yield agent
    agent.end()


@pytest.fixture
def api(server):
    return server.api


@pytest.fixture
def sdk(server, tmp_path):
    """The unmodified SDK as a user of the shared server."""
    return SDK(server, tmp_path)


@pytest.fixture
def own_server(tmp_path):
    """A server that one test may kill."""
    server = Server(tmp_path / "server")
    server.folder.mkdir(exist_ok=True)
    try:
        yield server.start()
    finally:
        server.end()


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A server with a project of 50 runs, which page tests share: what they change they make themselves."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    folder.mkdir(exist_ok=True)
    with shared_demo(folder) as server:
        yield server


@pytest.fixture
def visit(browser, demo):
    """A visitor of the demo's page, signed in, whose page does nothing wrong."""
    visit = Browsing(browser, demo).be_signed_in()
    yield visit
    visit.end()


@pytest.fixture
def make_agent(server, tmp_path):
    """Agents of one test on the shared server, ended with it."""
    agents = []

    def make(queue="default", config_file=None, folder=tmp_path):
        agents.append(Agent(server, folder, queue, config_file))
        return agents[-1]

    yield make
    for agent in agents:
        agent.end()


@pytest.fixture
def small_disk(tmp_path):
    """Mounts small disks, where this user may."""
    mounted = []

    def mount(name):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "stint-test", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("a small disk can only be mounted by root")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)
