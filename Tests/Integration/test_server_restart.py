"""A server that is killed while a task runs: nothing is lost and nothing is doubled."""

import pytest

from harness.agent import Agent
from harness.tasks import Task, numbers
from harness.waiting import wait_until

# Stops at line 200 until the test opens the gate, and says so when it has written line 300.
SCRIPT = """
import pathlib, time
folder = pathlib.Path({folder!r})

def wait_for(name):
    while not (folder / name).exists():
        time.sleep(0.02)

for number in range(1, 401):
    print("line", number, flush=True)
    if number == 200:
        wait_for("gate")
    if number == 300:
        (folder / "past").touch()
        {at_300}
(folder / "end").touch()
"""


@pytest.mark.parametrize(
    ("at_300", "seen_while_down"),
    [("wait_for('server')", "past"), ("pass", "end")],
    ids=["the task goes on", "the task ends while the server is down"],
)
def test_a_server_killed_and_restarted_while_a_task_runs(own_server, tmp_path, at_300, seen_while_down):
    agent = Agent(own_server, tmp_path, "default")
    try:
        agent.start()
        task = Task.create(own_server.api, SCRIPT.format(folder=str(tmp_path), at_300=at_300)).enqueue()
        task.wait_for_line(r"line 100\n")

        own_server.kill()
        (tmp_path / "gate").touch()
        wait_until("the task goes on without the server", (tmp_path / seen_while_down).exists)
        own_server.start()
        (tmp_path / "server").touch()

        task = Task(own_server.api, task.id)
        task.wait("completed", seconds=180)
        assert numbers(task.log()) == list(range(1, 401))
        assert agent.process.is_running
    finally:
        agent.end()


def test_an_idle_agent_takes_tasks_again_after_a_restart(own_server, tmp_path):
    agent = Agent(own_server, tmp_path, "default")
    try:
        agent.start()

        own_server.kill()
        own_server.start()

        Task.create(own_server.api, "print('after')").enqueue().wait("completed", seconds=180)
    finally:
        agent.end()
