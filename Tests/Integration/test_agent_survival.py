"""An agent that is killed, and a network that loses answers: no line of a task is lost or doubled."""

import pytest

from harness.agent import Agent
from harness.proxy import LossyProxy
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
        assert numbers(task.log()) == list(range(1, 401))
        wait_until("nothing is left of the run", lambda: not list((agent.cache / "jobs").iterdir()))
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
