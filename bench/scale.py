"""How answers slow down with what is in the data folder: a full one beside one of a thousandth of it.

Both are served at the same time and asked in turns, so that both meet the same machine.
"""

import random
import shutil
import sqlite3
import statistics
import time

import folders
from client import Client
from report import Row, below, make, memory_mb, say

from harness.server import Server

MOST_TIMES_SLOWER = 10
MOST_RESIDENT_MB = 300
SMALL = folders.Size(tasks=1000)
FULL = folders.Size(tasks=1_000_000)
QUICK = folders.Size(tasks=50_000)


def measure(folder, is_quick):
    """The rows of the report."""
    size = QUICK if is_quick else FULL
    small, large = (Subject(make(folder / name), size) for name, size in (("small", SMALL), ("large", size)))
    try:
        small.start()
        large.start()
        rows = [compare(what, question, small, large, 20 if is_quick else 50) for what, question in QUESTIONS.items()]
        return rows + [below("resident memory throughout", large.most_memory(), MOST_RESIDENT_MB, "MB")]
    finally:
        small.end()
        large.end()


def compare(what, question, small, large, count):
    """Asks both servers in turns."""
    times = {small: [], large: []}
    for number in range(count + 3):
        for subject in times:
            took = subject.client.time(*question(subject))
            # The first ones fill caches.
            if number >= 3:
                times[subject].append(took)
    slow, quick = (statistics.median(times[subject]) for subject in (large, small))
    ratio = slow / quick
    bar = f"≤ {MOST_TIMES_SLOWER}"
    return Row(what, f"{slow:.1f} ms", f"{quick:.1f} ms", f"{ratio:.1f}", bar, ratio <= MOST_TIMES_SLOWER)


class Subject:
    """A server on a folder that was filled."""

    def __init__(self, folder, size):
        self.size = size
        self.server = Server(folder)
        self.server.start()
        self.server.terminate()
        say(f"a folder of {size.tasks:,} tasks, {size.projects:,} projects and {size.events:,} events (filling it)")
        started = time.monotonic()
        folders.fill(self.server.data, size, int(time.time()))
        files = sum(file.stat().st_size for file in self.server.data.glob("*.sqlite*"))
        say(f"… it takes {files / 1e9:.1f} GB, and took {time.monotonic() - started:.0f} s to fill")

    def start(self):
        self.server.start()
        self.client = Client(self.server)
        database = sqlite3.connect(self.server.data / "stint.sqlite")
        self.projects = [id for (id,) in database.execute("SELECT id FROM projects")]
        self.groups = [id for (id,) in database.execute("SELECT id FROM projects WHERE parent IS NULL")]
        self.tasks = [id for (id,) in database.execute("SELECT id FROM tasks WHERE rowid % 97 = 3 LIMIT 1000")]
        self.long_log, self.long_curve = (
            id for (id,) in database.execute("SELECT id FROM tasks WHERE rowid <= 2 ORDER BY rowid")
        )
        database.close()

    def most_memory(self):
        return memory_mb(self.server.process.pid, "VmHWM")

    def end(self):
        self.server.end()
        shutil.rmtree(self.server.data)


def tasks_of(**request):
    """A question for a page of tasks."""
    page = {"page": 0, "page_size": 20, "only_fields": FIELDS, **request}
    return lambda subject: ("tasks.get_all_ex", {name: ask(subject) for name, ask in lazy(page)})


def lazy(request):
    return ((name, value if callable(value) else lambda subject, value=value: value) for name, value in request.items())


FIELDS = ["name", "type", "status", "tags", "user.name", "project.name", "started", "last_update", "last_metrics"]

QUESTIONS = {
    "tasks: the newest": tasks_of(order_by=["-created"], system_tags=["-archived"]),
    "tasks: of a project, by update": tasks_of(
        order_by=["-last_update"],
        status=["completed", "failed"],
        system_tags=["-archived"],
        project=lambda subject: [random.choice(subject.projects)],
    ),
    "tasks: below a project, by start": tasks_of(
        order_by=["-started"], include_subprojects=True, project=lambda subject: [random.choice(subject.groups)]
    ),
    "tasks: by status and type, page 5": tasks_of(
        order_by=["-last_update"], status=["failed", "stopped"], type=["training"], page=5
    ),
    "tasks: of a user, by name": tasks_of(order_by=["name"], user=["user7"]),
    "tasks: with a rare tag": tasks_of(order_by=["-last_update"], tags=["best"]),
    "tasks: whose name matches": tasks_of(order_by=["-last_update"], name="seed \\d*7$"),
    "projects: statistics of a page": lambda subject: (
        "projects.get_all_ex",
        {"include_stats": True, "page": 0, "page_size": 10, "order_by": ["-last_update"]},
    ),
    "projects: statistics of one": lambda subject: (
        "projects.get_all_ex",
        {"include_stats": True, "id": [random.choice(subject.groups)]},
    ),
    "log: a task's tail": lambda subject: (
        "events.get_task_log",
        {"task": random.choice(subject.tasks), "batch_size": 100},
    ),
    "log: the tail of a long one": lambda subject: (
        "events.get_task_log",
        {"task": subject.long_log, "batch_size": 100},
    ),
    "scalars: a long curve in 1000 points": lambda subject: (
        "events.scalar_metrics_iter_histogram",
        {"task": subject.long_curve, "samples": 1000},
    ),
}
