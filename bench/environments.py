"""Environments of 25 packages, numpy among them, made by the Stint agent and by clearml-agent from PyPI.

What both install is in the caches of their installers before anything is measured. Lists name the version of every
package, as those do that agents write into tasks, unless a row says otherwise.
"""

import itertools
import subprocess
import time
from dataclasses import dataclass

from agent import FIRST_LINE, PRINT_THE_TIME, faster
from report import Row, make, say

from harness.agent import Agent, ClearMLAgent
from harness.server import Server
from harness.tasks import Task

PACKAGES = """
numpy requests urllib3 idna certifi charset-normalizer click tqdm pyyaml jinja2 markupsafe rich pygments markdown-it-py
mdurl packaging platformdirs filelock attrs pyparsing cycler kiwisolver python-dateutil
""".split()
# What differs from one environment to the next.
VARIANTS = [
    f"six=={six}\ntoml=={toml}"
    for six, toml in itertools.product(
        ("1.17.0", "1.16.0", "1.15.0", "1.14.0", "1.13.0", "1.12.0", "1.11.0"), ("0.10.2", "0.10.1", "0.10.0")
    )
]


@dataclass(frozen=True)
class Effort:
    """How often things are repeated."""

    new: int
    queued: int
    kept: int


FULL = Effort(new=5, queued=10, kept=20)
QUICK = Effort(new=2, queued=4, kept=6)


def measure(folder, is_quick):
    """The rows of the report."""
    effort = QUICK if is_quick else FULL
    server = Server(make(folder / "server"))
    machines = []
    try:
        server.start()
        machines = [Machine(server, make(folder / kind.__name__.lower()), kind) for kind in (Agent, ClearMLAgent)]
        listed = machines[0].listed_versions()
        ours, theirs = [machine.measure(effort, listed) for machine in machines]
        one_of_theirs = machines[1].size(".clearml/venvs-builds")
        our_size = machines[0].fill(effort.kept, listed)
    finally:
        for machine in machines:
            machine.end()
        server.end()

    their_size = one_of_theirs * effort.kept
    disk = their_size / our_size
    return [
        faster("environment not cached: pulled → first line", ours.new, theirs.new, 8),
        faster("  where versions are not listed", ours.chosen, theirs.chosen),
        faster("ended → next task pulled", ours.gaps, theirs.gaps, 50),
        faster(f"{effort.queued} tasks with one new environment, two slots: all done", ours.all_done, theirs.all_done, 5),
        Row(
            f"disk of {effort.kept} environments (theirs: of one, times {effort.kept})",
            f"{our_size:.0f} MB",
            f"{their_size:.0f} MB",
            f"{disk:.1f}×",
            "≥ 5×",
            disk >= 5,
        ),
    ]


@dataclass(frozen=True)
class Times:
    """In milliseconds."""

    new: list
    chosen: list
    gaps: list
    all_done: list


@dataclass(frozen=True)
class Start:
    """When a task was pulled, and when its only line ran, in milliseconds."""

    worker: str
    pulled: float
    first_line: float


class Machine:
    """Two agents of one kind, on one queue and with the same caches."""

    def __init__(self, server, folder, kind):
        self.server, self.folder = server, folder
        self.queue = f"bench-{kind.__name__.lower()}"
        server.api.call("queues.create", name=self.queue)
        self.agents = [kind(server, folder, self.queue) for _ in range(2)]
        for number, agent in enumerate(self.agents):
            agent.name = f"{agent.name}-{number}"
            agent.environment |= {
                "CLEARML_WORKER_NAME": agent.name,
                # Links between environments and packages need both on one disk.
                "UV_CACHE_DIR": str(folder / "cache" / "packages"),
                "PIP_CACHE_DIR": str(folder / "pip"),
                "CLEARML_AGENT__AGENT__VENVS_CACHE__MAX_ENTRIES": "40",
            }
        self._variants = iter(VARIANTS)
        self.agents[0].start()

    def listed_versions(self):
        """The packages in the versions that an agent chooses today."""
        task = self._run(self._task("", PACKAGES))
        listed = task.record()["script"]["requirements"]["pip"].splitlines()
        return [line for line in listed if not line.startswith("six==")]

    def measure(self, effort, listed):
        say(f"new environments of {self.queue}")
        # Fills the installer's cache with all that differs, too.
        for variant in VARIANTS[: 2 * effort.new + 1]:
            self._run(self._task(variant, [*PACKAGES, "colorama"]))
        new, chosen = [
            [self._time_to_start(self._task(next(self._variants), packages)) for _ in range(effort.new)]
            for packages in (listed, PACKAGES)
        ]
        say(f"{effort.queued} tasks in two slots of {self.queue}")
        self.agents[1].start()
        variant = next(self._variants)
        starts = self._watched([self._task(variant, listed) for _ in range(effort.queued)])
        begun, done = min(start.pulled for start in starts), max(start.first_line for start in starts)
        return Times(new, chosen, gaps(starts), [done - begun])

    def _time_to_start(self, task):
        (start,) = self._watched([task])
        return start.first_line - start.pulled

    def _watched(self, tasks):
        """Runs tasks and watches when each is pulled and when its code runs: what `started` means is up to agents."""
        for task in tasks:
            task.enqueue(self.queue)
        pulled, ids = {}, [task.id for task in tasks]
        while True:
            records = self.server.api.call("tasks.get_all", id=ids, only_fields=["id", "status", "last_worker"])["tasks"]
            for record in records:
                assert record["status"] != "failed", Task(self.server.api, record["id"]).log()
                if record["status"] != "queued":
                    pulled.setdefault(record["id"], time.time() * 1e3)
            if all(record["status"] == "completed" for record in records):
                break
            time.sleep(0.001)
        workers = {record["id"]: record["last_worker"] for record in records}
        return [
            Start(workers[task.id], pulled[task.id], int(task.wait_for_line(FIRST_LINE)[1]) / 1e6) for task in tasks
        ]

    def fill(self, count, listed):
        """Makes so many environments; what all that is kept of them takes, in MB."""
        say(f"{count} environments of {self.queue}")
        for variant in VARIANTS[:count]:
            self._run(self._task(variant, listed))
        return self.size("cache/venvs", "cache/packages")

    def size(self, *places):
        """What is in some folders, linked files counted once, in MB."""
        paths = [place if (place := self.folder / name).exists() else self.folder / "home" / name for name in places]
        counted = subprocess.run(["du", "-sk", *paths], check=True, capture_output=True, text=True).stdout
        return sum(int(line.split()[0]) for line in counted.splitlines()) / 1024

    def end(self):
        for agent in self.agents:
            agent.end()

    def _task(self, variant, packages):
        requirements = "\n".join([*packages, variant]) + "\n"
        return Task.create(self.server.api, PRINT_THE_TIME, requirements=requirements, name="bench")

    def _run(self, task):
        task.enqueue(self.queue).wait("completed", seconds=300)
        return task


def gaps(starts):
    """Between the end of a task's code and the next task that the same worker pulled, in milliseconds."""
    by_worker = {}
    for start in sorted(starts, key=lambda start: start.pulled):
        by_worker.setdefault(start.worker, []).append(start)
    pairs = (pair for own in by_worker.values() for pair in itertools.pairwise(own))
    return [after.pulled - before.first_line for before, after in pairs]
