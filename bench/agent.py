"""The Stint agent beside clearml-agent from PyPI, both on one Stint server."""

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime

from report import CLOCK_TICK_MS, Row, below, cpu_ms, make, memory_mb, say

from harness.agent import Agent, ClearMLAgent
from harness.process import STINT, VENV_BIN, clean_environment, memory_kb, supervisors
from harness.server import Server
from harness.tasks import Task
from harness.waiting import wait_until

PRINT_THE_TIME = "import time; print('first-line', time.time_ns(), flush=True)"
FIRST_LINE = r"first-line (\d+)"
REQUIREMENTS = "six==1.17.0\n"
# clearml-agent looks into its queue this often. The tasks are enqueued evenly over that time.
POLL_INTERVAL_SECONDS = 5


@dataclass(frozen=True)
class Effort:
    """How often things are repeated."""

    starts: int
    helps: int
    idle_seconds: int


FULL = Effort(starts=10, helps=20, idle_seconds=60)
QUICK = Effort(starts=3, helps=5, idle_seconds=15)


def measure(folder, is_quick):
    """The rows of the report."""
    effort = QUICK if is_quick else FULL
    environment = clean_environment(folder / "home")
    say("how long Python and --help take")
    python = repeat(effort.helps, lambda: python_start(environment))
    ours_help = repeat(effort.helps, lambda: run_time([STINT, "agent", "--help"], environment))
    theirs_help = repeat(effort.helps, lambda: run_time([VENV_BIN / "clearml-agent", "--help"], environment))

    server = Server(make(folder / "server"))
    agents = []
    try:
        server.start()
        starts = []
        for kind, queue in ((Agent, "bench-stint"), (ClearMLAgent, "bench-clearml")):
            say(f"warm starts of {kind.__name__}")
            server.api.call("queues.create", name=queue)
            agent = kind(server, make(folder / queue), queue)
            agents.append(agent)
            agent.start()
            starts.append(warm_starts(agent, effort.starts))
        say(f"both agents idle for {effort.idle_seconds} s")
        ours_idle, theirs_idle = idle_cost(agents, effort.idle_seconds)
        say("what watches over a running task")
        resident_mb, both_mb = supervisor_memory_mb(agents[0])
    finally:
        for agent in agents:
            agent.end()
        server.end()

    ours, theirs = starts
    beyond_python = [start - statistics.median(python) for start in ours.from_enqueue]
    is_near_python = statistics.median(beyond_python) < 150
    return [
        faster("enqueue → first line", ours.from_enqueue, theirs.from_enqueue, 20),
        Row("  beyond Python's own start", ms(beyond_python), "", "", "< 150 ms", is_near_python),
        faster("pulled → first line", ours.from_pull, theirs.from_pull),
        Row("Python's own start", ms(python), "", "", "", None),
        smaller("idle: private memory", ours_idle.private_mb, theirs_idle.private_mb, 0.2),
        smaller("idle: resident memory", ours_idle.resident_mb, theirs_idle.resident_mb, 0.6),
        Row(
            f"idle: CPU in {effort.idle_seconds} s",
            f"{ours_idle.cpu_ms:.0f} ms",
            f"{theirs_idle.cpu_ms:.0f} ms",
            "",
            f"≤ {CLOCK_TICK_MS:.0f} ms (a tick)",
            ours_idle.cpu_ms <= CLOCK_TICK_MS,
        ),
        below("a running task's supervisor: resident memory", resident_mb, 2, "MB"),
        below("  its share of it, with its guard's", both_mb, 2, "MB"),
        faster("--help", ours_help, theirs_help, 10),
    ]


@dataclass(frozen=True)
class Starts:
    """Times to the first line of a task's own code, in milliseconds."""

    from_enqueue: list
    from_pull: list


def warm_starts(agent, count):
    """Runs the same task until its environment is cached, then measures."""
    for _ in range(2):
        new_task(agent).enqueue(agent.queue).wait("completed", seconds=300)
    from_enqueue, from_pull = [], []
    for repetition in range(count):
        task = new_task(agent)
        wait_until("the agent is idle", lambda: not (agent.worker() or {}).get("task"))
        time.sleep(POLL_INTERVAL_SECONDS * (repetition + 0.5) / count)
        enqueued = time.time_ns()
        task.enqueue(agent.queue)
        record = task.wait("completed", seconds=120)
        first_line = int(task.wait_for_line(FIRST_LINE)[1])
        pulled = datetime.fromisoformat(record["started"].replace("Z", "+00:00")).timestamp() * 1e9
        from_enqueue.append((first_line - enqueued) / 1e6)
        from_pull.append((first_line - pulled) / 1e6)
    return Starts(from_enqueue, from_pull)


def new_task(agent):
    return Task.create(agent.server.api, PRINT_THE_TIME, requirements=REQUIREMENTS, name="bench")


def python_start(environment):
    """From fork to the first line of a Python script, in milliseconds."""
    started = time.time_ns()
    code = "import time; print(time.time_ns())"
    printed = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=True).stdout
    return (int(printed) - started) / 1e6


def run_time(command, environment):
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=True)
    return (time.perf_counter() - started) * 1e3


@dataclass(frozen=True)
class Idle:
    """What an agent costs while it waits."""

    resident_mb: float
    private_mb: float
    cpu_ms: float


def idle_cost(agents, seconds):
    """What each agent and its child processes use, observed at the same time."""
    for agent in agents:
        wait_until("the agent is idle", lambda agent=agent: not (agent.worker() or {}).get("task"))
    time.sleep(POLL_INTERVAL_SECONDS)
    before = [cpu_ms(agent.process.pid) for agent in agents]
    time.sleep(seconds)
    return [
        Idle(
            resident_mb=memory_mb(agent.process.pid, "VmRSS"),
            private_mb=memory_mb(agent.process.pid, "RssAnon"),
            cpu_ms=cpu_ms(agent.process.pid) - used,
        )
        for agent, used in zip(agents, before)
    ]


def supervisor_memory_mb(agent):
    """What each of the two processes has that watch over a task, at most, and what both have of their own: of what
    others have, too, their share."""
    task = Task.create(agent.server.api, "import time; print('up', flush=True); time.sleep(600)").enqueue(agent.queue)
    task.wait_for_line("up")
    memory = [memory_kb(process) for process in supervisors(agent.job_folder(task))]
    task.stop()
    task.wait("stopped")
    return max(process["Rss"] for process in memory) / 1024, sum(process["Pss"] for process in memory) / 1024


def faster(what, ours, theirs, bar=None):
    ratio = statistics.median(theirs) / statistics.median(ours)
    return Row(what, ms(ours), ms(theirs), f"{ratio:.1f}×", f"≥ {bar}×" if bar else "", bar and ratio >= bar)


def smaller(what, ours, theirs, bar):
    ratio = ours / theirs
    return Row(what, f"{ours:.1f} MB", f"{theirs:.1f} MB", f"{ratio:.2f}", f"≤ {bar}", ratio <= bar)


def ms(values):
    return f"{statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"


def repeat(count, measurement):
    return [measurement() for _ in range(count)]
