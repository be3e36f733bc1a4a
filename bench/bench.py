"""`make bench`: the Stint agent beside clearml-agent from PyPI, both on one Stint server, in one run.

Only ratios travel between machines; the absolute numbers are this machine's.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Integration"))

from harness.agent import Agent, ClearMLAgent
from harness.process import STINT, VENV_BIN, clean_environment
from harness.server import Server
from harness.tasks import Task
from harness.waiting import wait_until

PRINT_THE_TIME = "import time; print('first-line', time.time_ns(), flush=True)"
FIRST_LINE = r"first-line (\d+)"
REQUIREMENTS = "six==1.17.0\n"
# clearml-agent looks into its queue this often. The tasks are enqueued evenly over that time.
POLL_INTERVAL_SECONDS = 5
CLOCK_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Effort:
    """How often things are repeated."""

    starts: int
    helps: int
    idle_seconds: int


FULL = Effort(starts=10, helps=20, idle_seconds=60)
QUICK = Effort(starts=3, helps=5, idle_seconds=15)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and a shorter idle time")
    effort = QUICK if parser.parse_args().quick else FULL

    with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder:
        report = measure(Path(folder), effort)
    print()
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"clearml-agent {version('clearml-agent')}. {effort.starts} starts each: medians (lowest to highest).\n")
    print_table(report)


def measure(folder, effort):
    """The rows of the report."""
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


def process_tree(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(descendant for child in children for descendant in process_tree(int(child)))]


def memory_mb(pid, field):
    total = 0
    for member in process_tree(pid):
        status = dict(line.split(":", 1) for line in Path(f"/proc/{member}/status").read_text().splitlines())
        total += int(status[field].split()[0])
    return total / 1024


def cpu_ms(pid):
    ticks = 0
    for member in process_tree(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * CLOCK_TICK_MS


@dataclass(frozen=True)
class Row:
    """A line of the table. `is_met` is None where there is no bar."""

    what: str
    ours: str
    theirs: str
    ratio: str
    bar: str
    is_met: bool | None


def faster(what, ours, theirs, bar=None):
    ratio = statistics.median(theirs) / statistics.median(ours)
    return Row(what, ms(ours), ms(theirs), f"{ratio:.1f}×", f"≥ {bar}×" if bar else "", bar and ratio >= bar)


def smaller(what, ours, theirs, bar):
    ratio = ours / theirs
    return Row(what, f"{ours:.1f} MB", f"{theirs:.1f} MB", f"{ratio:.2f}", f"≤ {bar}", ratio <= bar)


def ms(values):
    return f"{statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"


def print_table(rows):
    table = [("", "stint agent", "clearml-agent", "ratio", "bar", "")]
    verdict = {None: "", True: "met", False: "MISSED"}
    table += [(row.what, row.ours, row.theirs, row.ratio, row.bar, verdict[row.is_met]) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def repeat(count, measurement):
    return [measurement() for _ in range(count)]


def make(folder):
    folder.mkdir()
    return folder


def say(what):
    print(f"Measuring {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
