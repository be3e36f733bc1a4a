"""A task that is stopped saves its work first: the abort callback of the unmodified SDK."""

import sys

import pytest

from harness.agent import Agent
from harness.process import is_alive
from harness.server import on_either_server
from harness.tasks import Task
from harness.waiting import wait_until

SAVES = """
import os, pathlib, time
from clearml import Task

def save():
    print("saving", os.getpid(), flush=True)
    while not pathlib.Path({gate!r}).exists():
        time.sleep(0.02)
    print("saved", flush=True)

Task.init().register_abort_callback(save, {seconds})
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def run(server, tmp_path):
    """Runs code on an agent, in the interpreter of the tests, where the SDK is."""
    agents = []

    def start(code, settings=""):
        config = tmp_path / "agent.conf"
        # The SDK looks as often whether it shall stop.
        often = "sdk.development.worker.report_period_sec: 1\n"
        config.write_text(f"{server.config_file.read_text()}\n{often}{settings}\n")
        agent = Agent(server, tmp_path, "default", config_file=config)
        agents.append(agent)
        agent.environment["CLEARML_AGENT__AGENT__SKIP_PYTHON_ENV_INSTALL"] = "true"
        agent.environment["CLEARML_AGENT__AGENT__PYTHON_BINARY"] = sys.executable
        agent.start()
        return Task.create(server.api, code).enqueue()

    yield start
    for agent in agents:
        agent.end()


@on_either_server
def test_a_task_that_is_stopped_ends_when_its_abort_callback_is_done(run, tmp_path):
    gate = tmp_path / "gate"
    task = run(SAVES.format(gate=str(gate), seconds=300))
    task.wait_for_line("ready")

    task.stop()
    pid = int(task.wait_for_line(r"saving (\d+)")[1])
    task.wait_for_line("its abort callback has up to 315 s")
    assert task.status == "in_progress"
    gate.touch()

    task.wait("stopped")
    assert "saved" in task.log().splitlines()
    wait_until("its process is gone", lambda: not is_alive(pid))


@pytest.mark.extensions
def test_an_abort_callback_gets_no_more_time_than_the_agent_allows(run, tmp_path):
    task = run(SAVES.format(gate=str(tmp_path / "never"), seconds=300), "agent.abort_callback_max_timeout: 2")
    task.wait_for_line("ready")

    task.stop()

    record = task.wait("stopped", seconds=30)
    assert [attempt["reason"] for attempt in record["attempts"]] == ["aborted"]
    assert "saving" in task.log()
    assert "The abort callback was not done in time" in task.log()


def test_a_task_that_is_made_ready_for_another_run_ends_at_once(run, server, tmp_path):
    task = run(SAVES.format(gate=str(tmp_path / "never"), seconds=300))
    task.wait_for_line("ready")
    task.stop()
    pid = int(task.wait_for_line(r"saving (\d+)")[1])

    server.api.call("tasks.reset", task=task.id, force=True)

    wait_until("its process is gone", lambda: not is_alive(pid), seconds=30)
    assert task.status == "created"
