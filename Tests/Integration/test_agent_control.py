"""An agent that is told to end, to pause, to take something else, or to become a newer one; and what happens to its tasks."""

import os
import re
import shutil
import signal
import time

import pytest

from harness.agent import Agent
from harness.process import STINT, Process
from harness.tasks import Task
from harness.waiting import wait_until

GATED = """
import pathlib, time
print("begun", flush=True)
while not pathlib.Path({gate!r}).exists():
    time.sleep(0.02)
print("through the gate", flush=True)
"""


class Control:
    """A queue, an agent of its own, and a task behind a gate."""

    def __init__(self, server, folder, queue):
        self.server, self.queue, self.gate = server, queue, folder / "gate"
        server.api.call("queues.create", name=queue)
        self.agent = Agent(server, folder, queue)
        self.folder = folder

    def task(self, **fields):
        task = Task.create(self.server.api, GATED.format(gate=str(self.gate)))
        if fields:
            self.server.api.call("tasks.edit", task=task.id, **fields)
        return task.enqueue(self.queue)

    def running_task(self):
        self.agent.start()
        task = self.task()
        task.wait_for_line("begun")
        return task

    def send(self, number):
        os.kill(self.agent.process.pid, number)

    def worker(self, *arguments):
        verb = Process("worker", [STINT, "worker", *arguments], self.server.client_environment, self.folder / "worker.log")
        assert verb.wait() == 0, verb.output()
        return verb.output()


@pytest.fixture
def control(server, tmp_path, request):
    control = Control(server, tmp_path, request.node.name[:60])
    yield control
    control.gate.touch()
    control.agent.end()


def test_sigterm_lets_the_running_task_end_and_takes_no_other(control):
    task = control.running_task()
    next_task = control.task()

    control.send(signal.SIGTERM)
    wait_until("it says so", lambda: "no more tasks are taken" in control.agent.process.output())
    control.gate.touch()

    task.wait("completed")
    assert control.agent.process.wait() == 0
    assert next_task.status == "queued"
    assert control.agent.worker() is None


@pytest.mark.extensions
def test_a_second_sigterm_stops_the_task_which_goes_back_to_its_queue(control):
    task = control.running_task()

    control.send(signal.SIGTERM)
    wait_until("it says so", lambda: "no more tasks are taken" in control.agent.process.output())
    control.send(signal.SIGTERM)

    assert control.agent.process.wait() == 0
    record = task.record()
    assert record["status"] == "queued"
    assert record["attempts"][-1]["reason"] == "agent_stopped"
    assert not control.agent.remains()
    control.gate.touch()
    control.agent.launch()
    assert [attempt["reason"] for attempt in task.wait("completed")["attempts"]] == ["agent_stopped", "completed"]


def test_an_idle_agent_ends_at_the_first_sigterm(control):
    control.agent.start()
    assert control.agent.process.terminate() == 0


def test_stop_leaves_the_task_to_the_next_agent(control):
    task = control.running_task()

    stop = control.agent.run("daemon", "--stop")
    assert stop.wait() == 0
    assert f"task {task.id} goes on" in stop.output()
    assert control.agent.process.wait() == 0
    control.gate.touch()
    control.agent.launch()

    record = task.wait("completed")
    assert control.server.is_stock or [attempt["number"] for attempt in record["attempts"]] == [1]


def test_an_upgraded_agent_adopts_the_running_task(control, tmp_path):
    installed = tmp_path / "bin" / "stint"
    installed.parent.mkdir()
    shutil.copy2(STINT, installed)
    control.agent.command = (installed, "agent")
    task = control.running_task()
    with installed.open("rb") as file:
        old = os.fstat(file.fileno()).st_ino
        # The same program with another content: what follows its end is not read.
    newer = tmp_path / "stint"
    shutil.copy2(STINT, newer)
    with newer.open("ab") as file:
        file.write(b"newer")
    pid = control.agent.process.pid

    upgrade = Process("upgrade", [newer, "agent", "upgrade"], control.agent.environment, tmp_path / "upgrade.log")

    assert upgrade.wait() == 0, upgrade.output()
    assert f"(process {pid})" in upgrade.output()
    assert installed.stat().st_ino != old
    assert installed.read_bytes() == newer.read_bytes()
    assert control.agent.process.is_running
    control.gate.touch()
    record = task.wait("completed")
    assert control.server.is_stock or [attempt["number"] for attempt in record["attempts"]] == [1]
    control.task().wait("completed")


def test_a_disabled_worker_takes_nothing_until_it_is_enabled(control):
    control.gate.touch()
    control.agent.start()
    name = control.agent.worker()["id"]

    control.worker("disable", name)
    assert control.agent.worker()["state"]["name"] == "disabled"
    task = control.task()
    other = Task.create(control.server.api, "print('hello')").enqueue(control.queue)
    assert control.server.api.call("queues.get_num_entries", queue=task.record()["execution"]["queue"])["num"] == 2
    control.worker("enable", name)

    task.wait("completed")
    other.wait("completed")


@pytest.mark.extensions
def test_a_drained_workers_agent_ends_after_its_task(control):
    task = control.running_task()
    name = control.agent.worker()["id"]
    control.worker("drain", name)
    next_task = control.task()
    control.gate.touch()

    task.wait("completed")
    assert control.agent.process.wait() == 0
    assert next_task.status == "queued"
    control.worker("enable", name)


@pytest.mark.extensions
def test_an_idle_drained_workers_agent_ends_at_once(control):
    control.agent.start()
    name = control.agent.worker()["id"]
    control.worker("drain", name)
    assert control.agent.process.wait() == 0
    control.worker("enable", name)


@pytest.mark.extensions
def test_what_a_worker_takes_is_changed_from_the_server(control):
    control.gate.touch()
    other = control.queue + "-other"
    control.server.api.call("queues.create", name=other)
    control.agent.start()
    name = control.agent.worker()["id"]

    control.worker("take", name, "--queue", other, "--type", "testing")
    training = Task.create(control.server.api, "print('hello')").enqueue(other)
    testing = Task.create(control.server.api, "print('hello')")
    control.server.api.call("tasks.edit", task=testing.id, type="testing")
    testing.enqueue(other).wait("completed")
    here = control.task()
    assert training.status == "queued"
    assert here.status == "queued"

    control.worker("take", name)
    here.wait("completed")


def test_a_renamed_worker_is_listed_and_ordered_by_its_new_name(control):
    control.agent.start()
    name = control.agent.worker()["id"]
    control.worker("rename", name, "the big one")
    assert "the big one" in control.worker("list")
    control.worker("disable", "the big one")
    assert control.agent.worker()["state"]["name"] == "disabled"
    control.worker("enable", name)
    control.worker("rename", name, "")


def test_an_agent_may_end_when_there_is_nothing_to_do(control):
    control.gate.touch()
    tasks = [control.task(), control.task()]
    agent = control.agent
    end = agent.run("daemon", "--queue", control.queue, "--foreground", "--exit-when-idle")
    assert end.wait(120) == 0, end.output()
    assert [task.status for task in tasks] == ["completed", "completed"]


@pytest.mark.extensions
def test_an_agent_that_may_end_takes_what_the_end_of_its_task_brings(control):
    queue = control.server.api.call("queues.get_all", name=f"^{re.escape(control.queue)}$")["queues"][0]["id"]
    control.server.api.call("queues.update", queue=queue, policy={"retries": 1, "retry_delay_seconds": 0})
    task = Task.create(control.server.api, "raise SystemExit(3)").enqueue(control.queue)

    end = control.agent.run("daemon", "--queue", control.queue, "--foreground", "--exit-when-idle")

    assert end.wait(120) == 0, end.output()
    record = task.record()
    assert (record["status"], len(record["attempts"])) == ("failed", 2)


def test_an_agent_may_end_after_a_number_of_tasks(control):
    control.gate.touch()
    tasks = [control.task(), control.task()]
    end = control.agent.run("daemon", "--queue", control.queue, "--foreground", "--max-tasks", "1")
    assert end.wait(120) == 0, end.output()
    assert [task.status for task in tasks] == ["completed", "queued"]


def test_an_agent_keeps_its_owners_hours_unless_somebody_forces_it(make_agent, server, api):
    # Hours of two days ago are neither now nor soon, whatever the time zone.
    closed = time.strftime("0-24 %a", time.localtime(time.time() - 2 * 86_400)).upper()
    queue = api.call("queues.create", name="in hours")["id"]
    agent = make_agent(queue="in hours")
    agent.environment["CLEARML_AGENT__AGENT__UPTIME"] = f'["{closed}"]'
    agent.environment["CLEARML_AGENT__AGENT__POLLING_INTERVAL_SEC"] = "0.1"
    agent.start()
    wait_until("it says that it waits", lambda: "it is out of its hours" in agent.process.output())
    task = Task.create(api, "print('ran')").enqueue("in hours")

    assert api.call("queues.get_num_entries", queue=queue)["num"] == 1
    properties = [{"key": "force", "value": "on"}]
    api.call("workers.set_runtime_properties", worker=agent.worker()["id"], runtime_properties=properties)

    task.wait("completed")


def test_hours_that_are_none_are_refused(make_agent):
    process = make_agent().run("daemon", "--foreground", "--uptime", "always")

    assert process.wait(30) != 0
    assert "The hours `always` of agent.uptime are not understood" in process.output()
