"""An agent that is killed, and a network that loses answers: no line of a task is lost or doubled."""

import re
import socket
import sys
from pathlib import Path

import pytest

from harness.agent import Agent
from harness.process import is_alive, memory_kb, processes_of, supervisors
from harness.proxy import HoldingProxy, LossyProxy, Proxy
from harness.server import on_either_server
from harness.tasks import Task, numbers
from harness.waiting import wait_until

# Writes 200 lines, waits for the gate, and writes 200 more.
SCRIPT = """
import pathlib, time
for number in range(1, 401):
    print("line", number, flush=True)
    if number == 200:
        while not pathlib.Path({gate!r}).exists():
            time.sleep(0.02)
"""


@on_either_server
def test_an_agent_killed_under_a_task_is_followed_by_one_that_adopts_it(server, tmp_path):
    agent = Agent(server, tmp_path, "default")
    gate = tmp_path / "gate"
    try:
        agent.start()
        task = Task.create(server.api, SCRIPT.format(gate=str(gate))).enqueue()
        task.wait_for_line(r"line 200\n")

        agent.process.kill()
        gate.touch()
        agent.launch()

        task.wait("completed")
        lines = numbers(task.log())
        # A server without offsets keeps what it is sent again by an agent that did not live to note the answer.
        assert (list(dict.fromkeys(lines)) if server.is_stock else lines) == list(range(1, 401))
        wait_until("nothing is left of the run", lambda: not agent.remains())
    finally:
        agent.end()


def test_a_running_task_is_adopted_when_the_server_has_another_address(own_server, tmp_path):
    agent = Agent(own_server, tmp_path, "default")
    gate = tmp_path / "gate"
    try:
        agent.start()
        task = Task.create(own_server.api, SCRIPT.format(gate=str(gate))).enqueue()
        task.wait_for_line(r"line 200\n")

        agent.process.kill()
        own_server.terminate()
        own_server.addresses = {}
        own_server.start()
        task.api = own_server.api
        agent.launch()
        gate.touch()

        task.wait("completed")
        assert numbers(task.log()) == list(range(1, 401))
    finally:
        agent.end()


def test_a_job_of_a_task_that_the_server_does_not_know_is_left_alone(server, own_server, tmp_path):
    agent = Agent(own_server, tmp_path, "default")
    gate = tmp_path / "gate"
    try:
        agent.start()
        task = Task.create(own_server.api, SCRIPT.format(gate=str(gate))).enqueue()
        task.wait_for_line(r"line 200\n")
        agent.process.kill()

        elsewhere = Agent(server, tmp_path, "default")
        agent.environment["CLEARML_CONFIG_FILE"] = elsewhere.environment["CLEARML_CONFIG_FILE"]
        agent.launch()

        wait_until("the agent warns", lambda: f"does not know it, so {agent.cache}" in agent.process.output())
        assert agent.job_folder(task).exists()
    finally:
        gate.touch()
        agent.end()


@on_either_server
def test_a_job_of_a_task_that_is_over_is_ended_and_cleared_away(server, tmp_path):
    agent = Agent(server, tmp_path, "default")
    try:
        agent.start()
        code = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
        task = Task.create(server.api, code).enqueue()
        pid = int(task.wait_for_line(r"pid (\d+)")[1])
        agent.process.kill()
        server.api.call("tasks.failed", task=task.id, force=True, status_reason="by hand")

        agent.launch()

        wait_until("the job is gone", lambda: not is_alive(pid))
        wait_until("nothing is left of the run", lambda: not agent.remains())
        assert task.record()["status_reason"] == "by hand"
    finally:
        agent.end()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what a process shares")
def test_what_watches_over_a_task_needs_little_memory(server, tmp_path):
    agent = Agent(server, tmp_path, "default")
    try:
        agent.start()
        task = Task.create(server.api, "import time; print('up', flush=True); time.sleep(600)").enqueue()
        task.wait_for_line("up")

        memory = [memory_kb(process) for process in supervisors(agent.job_folder(task))]

        # What only they have. The rest is the program's file, which the system may forget and read again.
        assert sum(process["Pss_Anon"] for process in memory) < 2048, memory
        task.stop()
        task.wait("stopped")
    finally:
        agent.end()


def test_programs_that_prepare_a_task_end_with_an_agent_that_is_killed(server, tmp_path):
    agent = Agent(server, tmp_path, "default")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        try:
            agent.start()
            address = f"http://127.0.0.1:{silent.getsockname()[1]}/code.git"
            Task.create(server.api, script={"repository": address, "entry_point": "main.py"}).enqueue()
            connection, _ = silent.accept()
            assert processes_of(agent.cache)

            agent.process.kill()

            wait_until("git is gone", lambda: not processes_of(agent.cache))
            connection.close()
        finally:
            agent.end()


@pytest.fixture
def lossy_config(server, tmp_path):
    """The server's configuration, with the API behind a proxy that loses answers to log lines."""
    proxy = LossyProxy(server.addresses["api"], "events.add_batch")
    config = tmp_path / "lossy.conf"
    config.write_text(server.config_file.read_text().replace(server.addresses["api"], proxy.address))
    yield proxy, config
    proxy.close()


@pytest.mark.extensions
def test_lines_whose_answer_was_lost_are_not_doubled(server, tmp_path, lossy_config):
    proxy, config = lossy_config
    agent = Agent(server, tmp_path, "default", config_file=config)
    gate = tmp_path / "gate"
    try:
        agent.start()
        task = Task.create(server.api, SCRIPT.format(gate=str(gate))).enqueue()
        task.wait_for_line(r"line 200\n")
        gate.touch()

        task.wait("completed")
        assert proxy.lost > 0
        assert numbers(task.log()) == list(range(1, 401))
    finally:
        agent.end()


@pytest.mark.extensions
def test_no_line_is_lost_or_doubled_by_a_network_that_is_cut_and_an_agent_killed_behind_it(server, tmp_path):
    proxy = Proxy(server.addresses["api"], seed=1)
    config = tmp_path / "cut.conf"
    config.write_text(server.config_file.read_text().replace(server.addresses["api"], proxy.address))
    agent = Agent(server, tmp_path, "default", config_file=config)
    gate = tmp_path / "gate"
    try:
        agent.start()
        task = Task.create(server.api, SCRIPT.format(gate=str(gate))).enqueue()
        task.wait_for_line(r"line 200\n")
        proxy.cut()
        gate.touch()
        wait_until("the job has ended", (agent.job_folder(task) / "end").exists)
        agent.process.kill()
        proxy.mend()
        proxy.lose(0.5)
        agent.launch()

        task.wait("completed")
        assert numbers(task.log()) == list(range(1, 401))
    finally:
        agent.end()
        proxy.close()


FLOOD = """
import os, pathlib
for number in range(1, 400_001):
    print("line", number, "x" * 90, flush=number % 1000 == 0)
pathlib.Path({done!r}).touch()
while not pathlib.Path({gate!r}).exists():
    pass
"""


def test_a_flood_of_output_neither_blocks_the_task_nor_fills_the_disk(own_server, tmp_path):
    config = tmp_path / "spool.conf"
    config.write_text(own_server.config_file.read_text() + "\nagent { stint { output_spool_mb: 8 } }\n")
    agent = Agent(own_server, tmp_path, "default", config_file=config)
    begin, done, gate = tmp_path / "begin", tmp_path / "done", tmp_path / "gate"
    try:
        agent.start()
        wait = f"import pathlib, time\nprint('ready', flush=True)\nwhile not pathlib.Path({str(begin)!r}).exists(): time.sleep(0.02)\n"
        task = Task.create(own_server.api, wait + FLOOD.format(done=str(done), gate=str(gate))).enqueue()
        task.wait_for_line("ready")

        own_server.kill()
        begin.touch()
        wait_until("the task has written all of it", done.exists)
        output = agent.job_folder(task) / "output.log"
        wait_until("the room is given back", lambda: output.stat().st_blocks * 512 < 10 << 20)
        assert output.stat().st_size > 38 << 20
        own_server.start()
        gate.touch()

        task.wait("completed")
        found = numbers(whole_log(task), r"^line (\d+) x")
        cuts = re.findall(r"(\d+) MB of output are left out here", whole_log(task))
        gaps = [after - before for before, after in zip(found, found[1:]) if after != before + 1]
        assert found[-1] == 400_000
        assert len(gaps) == len(cuts) == 1
        assert gaps[0] > 0
        assert int(cuts[0]) >= 28
    finally:
        gate.touch()
        begin.touch()
        agent.end()


TWO_FLOODS = """
import os, pathlib, time
print("ready", flush=True)
number = 0
for begin, done in {gates!r}:
    while not pathlib.Path(begin).exists():
        time.sleep(0.02)
    for number in range(number + 1, number + 100_001):
        print("line", number, "x" * 90)
    print(flush=True)
    pathlib.Path(done).touch()
"""


def test_what_is_given_up_while_a_gap_is_told_is_told_too(server, tmp_path):
    proxy = HoldingProxy(server.addresses["api"], b"are left out here")
    config = tmp_path / "spool.conf"
    text = server.config_file.read_text().replace(server.addresses["api"], proxy.address)
    config.write_text(text + "\nagent { stint { output_spool_mb: 1 } }\n")
    agent = Agent(server, tmp_path, "default", config_file=config)
    gates = [(str(tmp_path / f"begin{number}"), str(tmp_path / f"done{number}")) for number in range(3)]
    try:
        agent.start()
        task = Task.create(server.api, TWO_FLOODS.format(gates=gates)).enqueue()
        output = agent.job_folder(task) / "output.log"
        task.wait_for_line("ready")

        proxy.hang()
        flood(gates[0], output)
        proxy.mend()
        assert proxy.held.wait(60)
        flood(gates[1], output)
        proxy.go_on.set()
        Path(gates[2][0]).touch()

        task.wait("completed")
        log = whole_log(task)
        found = numbers(log, r"^line (\d+) x")
        assert found == sorted(set(found)) and found[-1] == 300_000
        assert "\ufffd" not in log and "\0" not in log
        assert "are left out here" in log
    finally:
        for begin, _ in gates:
            Path(begin).touch()
        agent.end()
        proxy.close()


def flood(gate, output):
    """Lets a task write a lot, and waits until most of it is given up."""
    begin, done = (Path(name) for name in gate)
    begin.touch()
    wait_until("the task has written all of it", done.exists)
    wait_until("the room is given back", lambda: output.stat().st_blocks * 512 < 2 << 20)


def whole_log(task):
    """The console log, page by page."""
    messages, since = [], None
    while True:
        page = task.api.call(
            "events.get_task_log", task=task.id, batch_size=5000, navigate_earlier=False, from_timestamp=since, order="asc"
        )["events"]
        if not page:
            return "".join(messages)
        messages += [event["msg"] for event in page]
        since = page[-1]["timestamp"]
