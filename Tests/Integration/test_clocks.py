"""Wall clocks that are set by hours under a server and an agent at work: nothing is lost, doubled or out of order."""

import pytest

from harness import clock
from harness.agent import Agent
from harness.server import NO_EXTENSIONS, Server
from harness.tasks import Task, numbers
from harness.waiting import wait_until

HOUR = 3600
# Writes 200 lines before each gate, and after the last one.
STAGES = """
import pathlib, time
number = 0
for gate in {gates!r} + [None]:
    for _ in range(200):
        number += 1
        print("line", number, flush=True)
    while gate and not pathlib.Path(gate).exists():
        time.sleep(0.02)
"""


@pytest.fixture
def clocks(tmp_path):
    """Makes clocks by name."""
    library, reason = clock.build(tmp_path)
    if reason:
        pytest.skip(reason)
    return lambda name: clock.Clock(library, tmp_path / f"{name}-clock")


@pytest.fixture
def start(tmp_path, clocks):
    """Starts a server and an agent with a clock each."""
    started = []

    def both(flags=()):
        server_clock, agent_clock = clocks("server"), clocks("agent")
        server = Server(tmp_path / "server", flags=flags, **server_clock.variables)
        started.append(server)
        server.start()
        agent = Agent(server, tmp_path, "default")
        agent.environment |= agent_clock.variables
        started.insert(0, agent)
        return server, agent.start(), server_clock, agent_clock

    yield both
    for process in started:
        process.end()


def staged(api, folder, count):
    gates = [folder / f"gate-{number}" for number in range(count)]
    return Task.create(api, STAGES.format(gates=[str(gate) for gate in gates])), gates


@pytest.mark.extensions
def test_clocks_that_are_set_take_no_task_from_its_worker_and_leave_its_log_in_order(start, tmp_path):
    server, agent, server_clock, agent_clock = start()
    task, gates = staged(server.api, tmp_path, 4)
    task.enqueue()

    settings = [(server_clock, 6 * HOUR), (agent_clock, -6 * HOUR), (server_clock, -6 * HOUR), (agent_clock, 6 * HOUR)]
    for stage, (machine, seconds) in enumerate(settings):
        task.wait_for_line(rf"line {200 * (stage + 1)}\n")
        machine.set(seconds)
        heard = server.process.output().count("clock was set")
        if machine is server_clock:
            wait_until("the server notices", lambda: server.process.output().count("clock was set") > heard)
        gates[stage].touch()

    record = task.wait("completed")
    assert numbers(task.log()) == list(range(1, 1001))
    assert [attempt["reason"] for attempt in record["attempts"]] == ["completed"]
    assert agent.worker()


@pytest.mark.parametrize("flags", [(), (NO_EXTENSIONS,)], ids=["extended", "stock"])
def test_the_log_stays_in_order_when_an_agent_starts_anew_with_its_clock_set_back(start, tmp_path, flags):
    server, agent, _, agent_clock = start(flags)
    task, gates = staged(server.api, tmp_path, 1)
    task.enqueue()
    task.wait_for_line(r"line 200\n")

    agent.run("daemon", "--stop").wait()
    agent_clock.set(-6 * HOUR)
    agent.launch()
    gates[0].touch()

    task.wait("completed")
    assert numbers(task.log()) == list(range(1, 401))
    assert task.log().splitlines()[-1] == "Process completed successfully"


@pytest.mark.extensions
def test_a_retry_waits_no_longer_than_it_should_when_the_clock_is_set_back(start):
    server, _, server_clock, _ = start()
    queue = server.api.call("queues.get_all", name="^default$")["queues"][0]["id"]
    server.api.call("queues.update", queue=queue, policy={"retries": 1, "retry_delay_seconds": 600})
    task = Task.create(server.api, "raise SystemExit(3)").enqueue()
    wait_until("the task waits for its second try", lambda: task.record().get("attempts") and task.status == "queued")

    server_clock.set(-6 * HOUR)

    record = task.wait("failed")
    assert [attempt["number"] for attempt in record["attempts"]] == [1, 2]
