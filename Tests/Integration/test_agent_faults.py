"""Faults that come together or at a bad moment, each of which once broke what chaos/ proves."""

import os
import signal

import pytest

from harness.agent import Agent
from harness.process import is_alive
from harness.server import Server
from harness.tasks import Task, numbers
from harness.waiting import wait_until

GATED = """
import pathlib, time
for number in range(1, 401):
    print("line", number, flush=True)
    if number == 200:
        while not pathlib.Path({gate!r}).exists():
            time.sleep(0.02)
"""
# Says on the side when all its lines are written.
WRITES_FIRST = """
import pathlib, time
for number in range(1, 401):
    print("line", number, flush=True)
gate = pathlib.Path({gate!r})
gate.with_suffix(".written").touch()
while not gate.exists():
    time.sleep(0.02)
"""
# Its child has a session of its own, and ignores that it shall end.
FAMILY = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("child", os.getpid(), flush=True)
time.sleep(600)
"""


class Filler:
    """Leaves no room on the disk of a folder."""

    def __init__(self, folder):
        self._file = folder / "filler"
        for size in (1 << 20, 512):
            try:
                with self._file.open("ab", buffering=0) as file:
                    while True:
                        file.write(bytes(size))
            except OSError:
                continue

    def remove(self):
        self._file.unlink()


def test_lines_wait_for_a_server_whose_disk_is_full(tmp_path, small_disk):
    small_disk("server/data")
    server = Server(tmp_path / "server")
    agent = Agent(server, tmp_path, "default")
    gate = tmp_path / "gate"
    try:
        server.start()
        agent.start()
        task = Task.create(server.api, GATED.format(gate=str(gate))).enqueue()
        task.wait_for_line(r"line 200\n")

        filler = Filler(server.data)
        gate.touch()
        wait_until("the agent hears of it", lambda: "Low disk space" in agent.process.output())
        filler.remove()

        task.wait("completed")
        assert numbers(task.log()) == list(range(1, 401))
    finally:
        agent.end()
        server.end()


@pytest.mark.extensions
def test_an_agent_that_is_killed_while_its_disk_is_full_loses_and_doubles_no_line(server, tmp_path, small_disk):
    small_disk("cache")
    server.api.call("queues.create", name="filled")
    agent = Agent(server, tmp_path, "filled")
    gate = tmp_path / "gate"
    try:
        agent.start()
        task = Task.create(server.api, WRITES_FIRST.format(gate=str(gate))).enqueue("filled")
        wait_until("the task has written", (tmp_path / "gate.written").exists)
        filler = Filler(agent.cache)
        task.wait_for_line(r"line 400\n")

        agent.process.kill()
        agent.launch()
        wait_until("the agent is back", lambda: "do not see this agent" in agent.process.output())
        gate.touch()

        record = task.wait("completed")
        assert numbers(task.log()) == list(range(1, 401))
        assert [attempt["reason"] for attempt in record["attempts"]] == ["completed"]
        filler.remove()
    finally:
        agent.end()


@pytest.mark.extensions
def test_an_agent_with_a_full_disk_takes_no_task_until_there_is_room(server, tmp_path, small_disk):
    small_disk("cache")
    server.api.call("queues.create", name="full")
    agent = Agent(server, tmp_path, "full")
    try:
        agent.start()
        Task.create(server.api, "print('first')").enqueue("full").wait("completed")

        filler = Filler(agent.cache)
        tasks = [Task.create(server.api, f"print('task {number}')").enqueue("full") for number in range(3)]
        wait_until("the agent says so", lambda: "no task is taken until there is room" in agent.process.output())
        # The first one was asked for before, and came back.
        wait_until("all are queued", lambda: [task.status for task in tasks] == ["queued"] * 3)
        filler.remove()

        for task in tasks:
            assert [attempt["reason"] for attempt in task.wait("completed")["attempts"]] == ["completed"]
    finally:
        agent.end()


def test_nothing_of_a_task_outlives_its_supervisor_though_its_agent_is_away(server, tmp_path):
    server.api.call("queues.create", name="family")
    agent = Agent(server, tmp_path, "family")
    try:
        agent.start()
        task = Task.create(server.api, FAMILY).enqueue("family")
        child = int(task.wait_for_line(r"child (\d+)")[1])
        shim = int((agent.job_folder(task) / "shim.pid").read_text())

        agent.process.kill()
        os.kill(shim, signal.SIGKILL)

        wait_until("the child is gone", lambda: not is_alive(child))
        task.stop()
    finally:
        agent.end()


def test_an_agent_clears_away_what_was_left_half_made(server, tmp_path):
    server.api.call("queues.create", name="halves")
    agent = Agent(server, tmp_path, "halves")
    try:
        tasks = agent.home / "tasks"
        for name in ("0123456789abcdef/run", "0123456789abcdef/run.removed.1.2", "../tmp/.overlay/upper"):
            (tasks / name).mkdir(parents=True)
        (tasks / "0123456789abcdef.owner").touch()

        agent.start()
        Task.create(server.api, "print('done')").enqueue("halves").wait("completed")

        wait_until("nothing is left", lambda: not agent.remains() and not list((agent.home / "tmp").iterdir()))
    finally:
        agent.end()
