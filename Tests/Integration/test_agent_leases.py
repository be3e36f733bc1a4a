"""A claim is a lease: tasks of lost workers run again elsewhere, and never twice at the same time."""

import os
import signal
import threading

import pytest

from harness.agent import Agent
from harness.process import is_alive, kill_processes_of
from harness.proxy import HoldingProxy, LossyProxy, RepeatingProxy
from harness.tasks import Task
from harness.waiting import wait_until

pytestmark = pytest.mark.extensions

# Notes when it begins and ends, so that runs at the same time show.
WITNESS = """
import os, pathlib, time
side = pathlib.Path({side!r})
def note(word):
    with side.open("a") as file:
        file.write(f"{{word}} {{os.getpid()}}\\n")
note("begin")
print("begun", flush=True)
try:
    while not pathlib.Path({gate!r}).exists():
        time.sleep(0.02)
    print("through the gate", flush=True)
finally:
    note("end")
"""


class Witness:
    """A task that runs until its gate opens, and what its runs noted on the side."""

    def __init__(self, api, folder, queue):
        self.side, self.gate = folder / "side", folder / "gate"
        self.side.touch()
        code = WITNESS.format(side=str(self.side), gate=str(self.gate))
        self.task = Task.create(api, "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(1))\n" + code)
        self.task.enqueue(queue)

    @property
    def notes(self):
        return [line.split()[0] for line in self.side.read_text().splitlines()]

    @property
    def begun(self):
        return self.notes.count("begin")

    def assert_never_twice_at_once(self):
        running = set()
        for line in self.side.read_text().splitlines():
            word, pid = line.split()
            if word == "begin":
                assert not {other for other in running if is_alive(int(other))}, self.side.read_text()
                running.add(pid)
            else:
                running.discard(pid)


@pytest.fixture
def queue(server):
    """Makes queues with a policy."""

    def make(name, **policy):
        server.api.call("queues.create", name=name, policy=policy)
        return name

    return make


@pytest.fixture
def agents(server, tmp_path):
    made = []

    def make(queue, name="one", config_file=None):
        folder = tmp_path / name
        folder.mkdir()
        agent = Agent(server, folder, queue, config_file=config_file)
        agent.environment["CLEARML_WORKER_NAME"] = agent.name = f"{queue}-{name}"
        made.append(agent)
        return agent

    yield make
    for agent in made:
        agent.end()


def lossy_config(server, folder, endpoint):
    return behind(LossyProxy(server.addresses["api"], endpoint), server, folder)


def behind(proxy, server, folder):
    config = folder / "proxy.conf"
    config.write_text(server.config_file.read_text().replace(server.addresses["api"], proxy.address))
    return proxy, config


def test_the_next_task_is_asked_for_while_the_end_of_the_last_is_told_and_begins_after_it(server, queue, agents, tmp_path):
    name = queue("in-a-row")
    proxy, config = behind(HoldingProxy(server.addresses["api"], b'"reason":"completed"'), server, tmp_path)
    first, second = (Task.create(server.api, f"print('{word}')").enqueue(name) for word in ("one", "two"))
    try:
        agents(name, config_file=config).start()

        assert proxy.held.wait(60)
        wait_until("nobody waits", lambda: not server.api.call("queues.get_all", name=f"^{name}$")["queues"][0]["entries"])
        assert (first.status, second.status) == ("in_progress", "queued")
        proxy.go_on.set()

        assert first.wait("completed")["completed"] <= second.wait("completed")["started"]
    finally:
        proxy.close()


class AskedProxy(HoldingProxy):
    """Knows, too, whether a question for the next task was answered."""

    def __init__(self, *arguments):
        self.asked = threading.Event()
        super().__init__(*arguments)

    def loses_answer(self, path):
        if path.endswith("queues.get_next_task"):
            self.asked.set()
        return False


def test_the_end_of_a_task_is_told_whatever_becomes_of_the_question_for_the_next(server, queue, agents, tmp_path):
    name = queue("short-lived")
    proxy, config = behind(AskedProxy(server.addresses["api"], b'"reason":"completed"'), server, tmp_path)
    try:
        agents(name, config_file=config).start()
        witness = Witness(server.api, tmp_path, name)
        witness.task.wait_for_line("begun")
        queue_id = server.api.call("queues.get_all", name=f"^{name}$")["queues"][0]["id"]
        server.api.call("queues.delete", queue=queue_id, force=True)
        proxy.asked.clear()

        witness.gate.touch()
        assert proxy.held.wait(60)
        assert proxy.asked.wait(60)
        # What is wrong with the answer is not what ends the telling.
        wait_until("the server is asked no more", lambda: not proxy.asked.clear() and not proxy.asked.wait(1))
        proxy.go_on.set()

        assert [attempt["reason"] for attempt in witness.task.wait("completed")["attempts"]] == ["completed"]
    finally:
        proxy.close()


@pytest.mark.parametrize("reloads", [False, True], ids=["", "reloading"])
def test_an_agent_whose_registration_arrives_once_more_and_late_keeps_its_task(server, queue, agents, tmp_path, reloads):
    name = queue(f"late-registration-{reloads}")
    proxy, config = behind(RepeatingProxy(server.addresses["api"], "workers.register"), server, tmp_path)
    if reloads:
        config.write_text(config.read_text() + "\nagent.reload_config: true\n")
        Task.create(server.api, "print('the first')").enqueue(name)
    try:
        agents(name, config_file=config).start()
        witness = Witness(server.api, tmp_path, name)
        witness.task.wait_for_line("begun")

        proxy.repeat()
        witness.gate.touch()

        record = witness.task.wait("completed")
        assert witness.notes == ["begin", "end"]
        assert [attempt["number"] for attempt in record["attempts"]] == [1]
    finally:
        proxy.close()


def test_a_task_whose_claim_was_answered_into_the_void_still_runs_once(server, queue, agents, tmp_path):
    name = queue("lost-claim")
    proxy, config = lossy_config(server, tmp_path, "queues.get_next_task")
    try:
        witness = Witness(server.api, tmp_path, name)
        witness.gate.touch()
        agents(name, config_file=config).start()
        record = witness.task.wait("completed")
        assert proxy.lost >= 1
        assert witness.notes == ["begin", "end"]
        assert [attempt["number"] for attempt in record["attempts"]] == [1]
    finally:
        proxy.close()


def test_the_task_of_a_machine_that_died_runs_on_another(server, queue, agents, tmp_path):
    name = queue("dead-machine", lease_seconds=4)
    first = agents(name, "one").start()
    witness = Witness(server.api, tmp_path, name)
    witness.task.wait_for_line("begun")

    first.process.kill()
    kill_processes_of(first.cache)
    agents(name, "two").start()

    wait_until("the task runs again", lambda: witness.begun == 2)
    witness.gate.touch()
    record = witness.task.wait("completed")
    assert [attempt["reason"] for attempt in record["attempts"]] == ["lost_worker", "completed"]
    assert record["last_worker"].startswith(f"{name}-two")
    witness.assert_never_twice_at_once()


def test_a_machine_that_restarted_gives_its_task_back_at_once(server, queue, agents, tmp_path):
    name = queue("restart")
    agent = agents(name).start()
    witness = Witness(server.api, tmp_path, name)
    witness.task.wait_for_line("begun")

    agent.process.kill()
    kill_processes_of(agent.cache)
    agent.launch()

    wait_until("the task runs again", lambda: witness.begun == 2)
    witness.gate.touch()
    record = witness.task.wait("completed")
    assert [attempt["reason"] for attempt in record["attempts"]] == ["vanished", "completed"]


def test_a_machine_that_lost_its_disk_gives_its_task_back_when_its_worker_registers(server, queue, agents, tmp_path):
    name = queue("lost-disk")
    agent = agents(name).start()
    witness = Witness(server.api, tmp_path, name)
    witness.task.wait_for_line("begun")

    agent.process.kill()
    kill_processes_of(agent.cache)
    os.rename(agent.home / "tasks", agent.cache / "gone")
    agent.launch()

    wait_until("the task runs again", lambda: witness.begun == 2)
    witness.gate.touch()
    record = witness.task.wait("completed")
    assert [attempt["reason"] for attempt in record["attempts"]] == ["lost_worker", "completed"]


def test_an_agent_that_is_cut_off_ends_its_task_before_another_begins_it(server, queue, agents, tmp_path):
    name = queue("cut-off", lease_seconds=6)
    proxy, config = lossy_config(server, tmp_path, "nothing")
    first = agents(name, "one", config_file=config).start()
    witness = Witness(server.api, tmp_path, name)
    witness.task.wait_for_line("begun")
    agents(name, "two").start()

    proxy.cut()
    wait_until("the task runs again", lambda: witness.begun == 2)
    witness.gate.touch()
    record = witness.task.wait("completed")

    assert witness.notes == ["begin", "end", "begin", "end"]
    assert [attempt["reason"] for attempt in record["attempts"]] == ["lost_worker", "completed"]
    assert first.process.is_running
    proxy.close()


def test_a_supervisor_ends_the_task_of_an_agent_that_stays_away(server, queue, agents, tmp_path):
    name = queue("stays-away", lease_seconds=4)
    first = agents(name, "one").start()
    witness = Witness(server.api, tmp_path, name)
    witness.task.wait_for_line("begun")
    agents(name, "two").start()

    first.process.kill()
    wait_until("the task runs again", lambda: witness.begun == 2)
    assert witness.notes == ["begin", "end", "begin"]

    first.launch()
    wait_until("the first agent has cleared up", lambda: not first.remains())
    assert witness.task.status == "in_progress"
    witness.gate.touch()
    record = witness.task.wait("completed")
    assert record["last_worker"].startswith(f"{name}-two")


def test_a_stuck_agent_does_not_lose_its_task_within_its_lease(server, queue, agents, tmp_path):
    name = queue("stuck")
    agent = agents(name).start()
    witness = Witness(server.api, tmp_path, name)
    witness.task.wait_for_line("begun")

    os.kill(agent.process.pid, signal.SIGSTOP)
    witness.gate.touch()
    wait_until("the task has ended", lambda: "end" in witness.notes)
    os.kill(agent.process.pid, signal.SIGCONT)

    record = witness.task.wait("completed")
    assert [attempt["number"] for attempt in record["attempts"]] == [1]
    assert "through the gate" in witness.task.log()


def test_a_failed_task_is_tried_again_as_its_queue_says(server, queue, agents, tmp_path):
    name = queue("retried", retries=2, retry_delay_seconds=0, retry_exit_codes=[75])
    counter = tmp_path / "counter"
    code = f"""
import pathlib, sys
counter = pathlib.Path({str(counter)!r})
tries = int(counter.read_text() or 0) + 1 if counter.exists() else 1
counter.write_text(str(tries))
print("try", tries, flush=True)
sys.exit(75 if tries < 3 else 0)
"""
    agents(name).start()
    task = Task.create(server.api, code).enqueue(name)
    record = task.wait("completed")
    assert [(attempt["number"], attempt["reason"], attempt.get("exit_code")) for attempt in record["attempts"]] == [
        (1, "exit_code", 75),
        (2, "exit_code", 75),
        (3, "completed", None),
    ]
    assert all(f"try {number}" in task.log() for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("policy", "code", "reason", "sentence"),
    [
        ("run_limit_seconds", "import time\nwhile True: print('.', flush=True); time.sleep(0.1)", "run_limit", "ran longer"),
        ("silence_limit_seconds", "import time; print('hello', flush=True); time.sleep(600)", "silence_limit", "wrote nothing"),
    ],
)
def test_limits_of_the_queue_end_a_task(server, queue, agents, policy, code, reason, sentence):
    name = queue(policy, **{policy: 2})
    agents(name).start()
    task = Task.create(server.api, code).enqueue(name)
    record = task.wait("failed")
    assert sentence in record["status_reason"]
    assert record["attempts"][-1]["reason"] == reason
    assert sentence in task.log()
