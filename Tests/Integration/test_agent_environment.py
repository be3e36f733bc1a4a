"""The Python environments that tasks run in."""

import os

import pytest

from harness.agent import Agent
from harness.tasks import Task

REQUIREMENTS = "six==1.16.0\n"

LOOK = """
import os, six
print("six", six.__version__, "at", os.path.getsize(six.__file__))
"""

# Waits until the other task has done its worst, then looks.
WITNESS = """
import os, time
print("waiting", flush=True)
while not os.path.exists({gate!r}):
    time.sleep(0.02)
""" + LOOK

ATTACK = """
import importlib, os, subprocess, sys, six
path = six.__file__
try:
    with open(path, "a") as file:
        file.write("spoiled = True\\n")
    print("written into")
except PermissionError:
    print("not writable")
subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "six==1.17.0"], check=True)
subprocess.run([sys.executable, "-c", "import six; print('upgraded to', six.__version__)"], check=True)
subprocess.run([sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes", "six"], check=True)
print("gone", subprocess.run([sys.executable, "-c", "import six"], stderr=subprocess.DEVNULL).returncode != 0)
open({gate!r}, "w").close()
"""


@pytest.fixture(scope="module")
def agents(server, tmp_path_factory):
    """Two agents that share their caches, as one machine with two slots."""
    folder = tmp_path_factory.mktemp("agents")
    agents = []
    try:
        for queue in ("first", "second"):
            server.api.call("queues.create", name=queue)
            agents.append(Agent(server, folder, queue).start())
        yield agents
    finally:
        for agent in agents:
            agent.end()


@pytest.mark.usefixtures("agents")
def test_what_a_task_does_to_its_environment_no_other_task_sees(api, tmp_path):
    gate = str(tmp_path / "gate")
    witness = Task.create(api, WITNESS.format(gate=gate), requirements=REQUIREMENTS).enqueue("first")
    witness.wait_for_line("waiting")

    attack = Task.create(api, ATTACK.format(gate=gate), requirements=REQUIREMENTS).enqueue("second")
    attack.wait("completed")
    witness.wait("completed")
    later = Task.create(api, LOOK, requirements=REQUIREMENTS).enqueue("second")
    later.wait("completed")

    assert "upgraded to 1.17.0" in attack.log() and "gone True" in attack.log()
    untouched = witness.wait_for_line(r"six 1\.16\.0 at \d+")[0]
    assert untouched in later.log()
    assert "packages, cached" in later.log() or "1 package, cached" in later.log()


@pytest.mark.usefixtures("agents")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount overlays, without which each task has a copy")
def test_tasks_that_want_the_same_environment_at_once_have_it_made_once(api):
    requirements = "six==1.15.0\n"
    tasks = [Task.create(api, LOOK, requirements=requirements).enqueue(queue) for queue in ("first", "second") * 2]

    for task in tasks:
        task.wait("completed")

    made = [task for task in tasks if "1 package, new" in task.log()]
    assert len(made) == 1
    assert all("six 1.15.0" in task.log() for task in tasks)
