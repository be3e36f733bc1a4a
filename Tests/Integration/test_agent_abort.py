"""A task that is stopped saves its work first: the abort callback of the unmodified SDK."""

import os
import shlex
import signal
import sys
import threading
from http.client import HTTPMessage
from types import SimpleNamespace

import pytest

from harness.agent import Agent
from harness.process import is_alive
from harness.proxy import Proxy
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
def agent(server, tmp_path):
    """An agent whose tasks run in the interpreter of the tests, where the SDK is."""
    agent = Agent(server, tmp_path, "default", config_file=tmp_path / "agent.conf")
    agent.environment["CLEARML_AGENT__AGENT__SKIP_PYTHON_ENV_INSTALL"] = "true"
    agent.environment["CLEARML_AGENT__AGENT__PYTHON_BINARY"] = sys.executable
    yield agent
    # It would wait for a task that goes on.
    if agent.process:
        agent.process.kill()
    agent.end()


@pytest.fixture
def run(server, agent, tmp_path):
    """Runs code on the agent."""

    def start(code, settings="", **variables):
        # The SDK looks as often whether it shall stop.
        often = "sdk.development.worker.report_period_sec: 1\n"
        (tmp_path / "agent.conf").write_text(f"{server.config_file.read_text()}\n{often}{settings}\n")
        agent.environment.update(variables)
        agent.start()
        return Task.create(server.api, code).enqueue()

    return start


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
def test_an_agent_that_ends_meanwhile_leaves_the_rest_of_the_time_to_the_next(run, agent, tmp_path):
    gate = tmp_path / "gate"
    task = run(SAVES.format(gate=str(gate), seconds=300))
    task.wait_for_line("ready")
    task.stop()
    pid = int(task.wait_for_line(r"saving (\d+)")[1])
    task.wait_for_line("its abort callback has up to")

    assert agent.run("daemon", "--stop").wait(60) == 0
    agent.process.wait(60)
    assert is_alive(pid) and task.status == "in_progress"
    agent.start()
    gate.touch()

    task.wait("stopped")
    assert "saved" in task.log().splitlines()


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


WAITS = """
import os, pathlib, time
pathlib.Path({pid!r}).write_text(str(os.getpid()))
print("ready", os.getcwd(), flush=True)
time.sleep(600)
"""


def command(text, seconds="300"):
    """What a machine's owner sets for the agent."""
    return {
        "CLEARML_AGENT_ABORT_CALLBACK_CMD": f"sh -c {shlex.quote(text)}",
        "CLEARML_AGENT_ABORT_CALLBACK_TIMEOUT": seconds,
    }


@on_either_server
def test_the_command_of_the_machines_owner_runs_before_a_task_is_stopped(run, tmp_path):
    gate, pid = tmp_path / "gate", tmp_path / "pid"
    save = f"echo saving $CLEARML_TASK_ID in $PWD; until [ -e {gate} ]; do sleep 0.02; done; echo saved"
    task = run(WAITS.format(pid=str(pid)), **command(save))
    folder = task.wait_for_line(r"ready (\S+)")[1]
    runtime = task.record()["runtime"]
    assert (runtime["_abort_callback_timeout"], runtime["_abort_poll_freq"]) == ("300", "10")
    assert "CLEARML_AGENT_ABORT_CALLBACK" not in environment_of(pid)

    task.stop()
    task.wait_for_line(f"saving {task.id} in {folder}")
    assert task.status == "in_progress" and is_alive(int(pid.read_text()))
    gate.touch()

    record = task.wait("stopped")
    assert "saved" in task.log().splitlines()
    assert record["runtime"]["_abort_callback_completed"] == "1"
    wait_until("its process is gone", lambda: not is_alive(int(pid.read_text())))


def environment_of(pid):
    return open(f"/proc/{pid.read_text()}/environ").read() if sys.platform.startswith("linux") else ""


@pytest.mark.extensions
def test_the_command_goes_on_when_it_has_ended_the_code(run, tmp_path):
    gate, pid = tmp_path / "gate", tmp_path / "pid"
    save = f"kill -KILL $(cat {pid}); until [ -e {gate} ]; do sleep 0.02; done; echo kept"
    task = run(WAITS.format(pid=str(pid)), **command(save))
    task.wait_for_line("ready")

    task.stop()
    wait_until("its process is gone", lambda: not is_alive(int(pid.read_text())))
    assert task.status == "in_progress"
    gate.touch()

    record = task.wait("stopped")
    assert [attempt["reason"] for attempt in record["attempts"]] == ["aborted"]
    assert "kept" in task.log().splitlines()


@pytest.mark.extensions
def test_the_command_gets_no_more_time_than_the_agent_allows(run, tmp_path):
    pid, own = tmp_path / "pid", tmp_path / "own"
    task = run(
        WAITS.format(pid=str(pid)), "agent.abort_callback_max_timeout: 1", **command(f"echo $$ > {own}; sleep 600")
    )
    task.wait_for_line("ready")

    task.stop()

    task.wait("stopped", seconds=30)
    assert "did not finish within 1" in task.log()
    wait_until("the command is gone", lambda: not is_alive(int(own.read_text())))


@pytest.mark.extensions
def test_the_command_and_what_the_code_registered_both_have_their_time(run, tmp_path):
    gates = [tmp_path / "code", tmp_path / "command"]
    save = f"echo commanded; until [ -e {gates[1]} ]; do sleep 0.02; done; echo obeyed"
    task = run(SAVES.format(gate=str(gates[0]), seconds=300), **command(save))
    task.wait_for_line("ready")

    task.stop()
    task.wait_for_line("commanded")
    task.wait_for_line(r"saving (\d+)")
    gates[1].touch()
    task.wait_for_line("The abort command is done")
    assert task.status == "in_progress"
    gates[0].touch()

    task.wait("stopped")
    assert {"saved", "obeyed"} <= set(task.log().splitlines())


@on_either_server
def test_a_task_that_ends_by_itself_because_it_shall_stop_was_aborted(run, agent, tmp_path):
    pid = tmp_path / "pid"
    task = run(WAITS.format(pid=str(pid)))
    task.wait_for_line("ready")
    agent.process.kill()
    task.stop()
    if task.status != "in_progress":
        pytest.skip("a server that knows no leases stops the task of a silent agent itself")
    # So does the SDK when it is the first to notice.
    own = int(pid.read_text())
    os.kill(own, signal.SIGKILL)
    wait_until("its process is gone", lambda: not is_alive(own))

    agent.start()

    task.wait("stopped")
    assert "The task was aborted" in task.log()


class SlowEdits(Proxy):
    """Holds the agent's changes of records back; an old server does not know all of them."""

    def __init__(self, address, is_old):
        self.go_on = threading.Event()
        self.held = threading.Event()
        self._is_old = is_old
        super().__init__(address)

    def _ask(self, caller, path, body, headers):
        is_edit = path.endswith(("/tasks.edit", "/tasks.edit_runtime"))
        if is_edit and headers.get("X-ClearML-Client") == "stint":
            self.held.set()
            self.go_on.wait()
            if self._is_old and path.endswith("edit_runtime"):
                return NOT_FOUND
        return super()._ask(caller, path, body, headers)

    def close(self):
        self.go_on.set()
        super().close()


def not_found():
    headers = HTTPMessage()
    headers["Content-Type"] = "application/json"
    body = b'{"meta": {"result_code": 404, "result_subcode": 0, "result_msg": "Unable to find endpoint"}, "data": {}}'
    return SimpleNamespace(status=404, headers=headers), body


NOT_FOUND = not_found()


@pytest.mark.extensions
@pytest.mark.parametrize("is_old", [False, True], ids=["new", "old"])
def test_what_the_code_has_registered_outlives_what_the_agent_writes_late(run, server, is_old):
    proxy = SlowEdits(server.addresses["api"], is_old)
    try:
        never = "/nowhere/gate"
        direct = f"import os\nos.environ['CLEARML_API_HOST'] = {server.addresses['api']!r}\n"
        task = run(direct + SAVES.format(gate=never, seconds=300), f'api.api_server: "{proxy.address}"')
        task.wait_for_line("ready")
        assert proxy.held.wait(60)
        assert task.record()["runtime"]["_abort_callback_timeout"] == 300
        proxy.go_on.set()

        wait_until("the agent has written", lambda: "_exec_agent_hostname" in task.record()["runtime"])
        assert task.record()["runtime"]["_abort_callback_timeout"] == 300
    finally:
        proxy.close()
