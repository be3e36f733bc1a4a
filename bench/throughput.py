"""How near the server comes to bare SQLite on the same disk.

Ours and the bare one take turns, so that both meet the same machine; the bar is for the median of the rounds. Clients
are processes of their own, and send bytes prepared beforehand.
"""

import json
import multiprocessing
import sqlite3
import threading
import time

from client import Client
from report import at_least, make

from harness.server import Server

LINES_PER_BATCH = 1000
LINE_BYTES = 200
CLIENTS = 2
WORKERS = 50


def measure(folder, is_quick):
    """The rows of the report."""
    rounds, batches, tasks = (3, 40, 400) if is_quick else (7, 100, 1000)
    server = Server(make(folder / "server"))
    try:
        server.start()
        ingests, inserts, queued, bare = [], [], [], []
        for number in range(rounds):
            inserts.append(bulk_insert(folder / f"bulk{number}.sqlite", batches))
            ingests.append(ingest(server, batches))
            bare.append(bare_lifecycles(folder / f"bare{number}.sqlite", tasks))
            queued.append(lifecycles(server, f"round {number}", tasks))
    finally:
        server.end()
    return [
        at_least("log lines over HTTP, a second", ingests, inserts, 0.5),
        at_least("task lifecycles, a second", queued, bare, 0.25),
    ]


def lines(batch):
    message = "x" * (LINE_BYTES - 10)
    start = 1_700_000_000_000 + batch * LINES_PER_BATCH
    return [(start + index, f"{start + index:09d} {message}"[:LINE_BYTES]) for index in range(LINES_PER_BATCH)]


def ingest(server, batches, has_offsets=False):
    """Lines a second, each batch answered before the next is sent; as our agent sends them, or as the SDK does."""
    jobs = []
    for client in range(CLIENTS):
        task = server.api.call("tasks.create", name=f"ingest {client}", type="training")["id"]
        line = {"type": "log", "task": task, "level": "info", "worker": "bench"}
        texts = (lines(batch) for batch in range(client, batches, CLIENTS))
        batches_of_events = as_events(line, texts, has_offsets)
        bodies = ["\n".join(json.dumps(event) for event in events).encode() for events in batches_of_events]
        jobs.append((send_all, (server, bodies)))
    return batches * LINES_PER_BATCH / together(jobs)


def as_events(line, batches, has_offsets):
    offset = 0
    for batch in batches:
        events = [{**line, "timestamp": when, "msg": text} for when, text in batch]
        if has_offsets:
            for event in events:
                event |= {"stream": "output", "offset": offset, "size": len(event["msg"])}
                offset += event["size"]
        yield events


def send_all(barrier, server, bodies):
    client = Client(server)
    barrier.wait()
    for body in bodies:
        client.send("events.add_batch", body, "application/json-lines")


def bulk_insert(file, batches):
    """Lines a second of SQLite itself: the same rows and batches, one durable transaction a batch."""
    database = sqlite3.connect(file, isolation_level=None)
    database.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE logs (task INTEGER, timestamp INTEGER, line INTEGER, worker INTEGER, level TEXT, msg TEXT,
          PRIMARY KEY (task, timestamp, line)) WITHOUT ROWID;
        """
    )
    rows = [
        [(batch % CLIENTS, when, number, 1, "info", text) for number, (when, text) in enumerate(lines(batch))]
        for batch in range(batches)
    ]
    started = time.monotonic()
    for batch in rows:
        database.execute("BEGIN")
        database.executemany("INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?)", batch)
        database.execute("COMMIT")
    seconds = time.monotonic() - started
    database.close()
    return batches * LINES_PER_BATCH / seconds


def lifecycles(server, name, tasks, has_leases=False):
    """Tasks a second that are enqueued, pulled, started and completed by all workers at once."""
    queue = server.api.call("queues.create", name=name)["id"]
    client = Client(server)
    ids = [client.call("tasks.create", name=f"task {number}", type="training")["id"] for number in range(tasks)]
    jobs = [(work_all, (server, queue, ids[part::CLIENTS], WORKERS // CLIENTS, has_leases)) for part in range(CLIENTS)]
    return tasks / together(jobs)


def work_all(barrier, server, queue, ids, workers, has_leases):
    """Some of the workers, as threads that mostly wait for answers."""
    left = iter(ids)
    lock = threading.Lock()
    failures = []

    def work():
        client = Client(server)
        try:
            while True:
                with lock:
                    task = next(left, None)
                if task is None:
                    return
                claim = {"lease": {"id": f"bench.{task}", "worker": "bench"}} if has_leases else {}
                end = {"end": {"reason": "completed"}} if has_leases else {}
                client.call("tasks.enqueue", task=task, queue=queue)
                pulled = client.call("queues.get_next_task", queue=queue, **claim)["entry"]["task"]
                client.call("tasks.started", task=pulled, **claim)
                client.call("tasks.completed", task=pulled, **claim, **end)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    barrier.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


def bare_lifecycles(file, tasks):
    """The same life as four durable SQLite transactions a task."""
    database = sqlite3.connect(file, isolation_level=None)
    database.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE tasks (id INTEGER PRIMARY KEY, status TEXT, doc TEXT);
        CREATE TABLE queue (rank INTEGER PRIMARY KEY AUTOINCREMENT, task INTEGER);
        """
    )
    doc = "x" * 900
    database.execute("BEGIN")
    database.executemany("INSERT INTO tasks VALUES (?, 'created', ?)", ((number, doc) for number in range(tasks)))
    database.execute("COMMIT")
    set_status = "UPDATE tasks SET status = ?, doc = ? WHERE id = ?"
    started = time.monotonic()
    for number in range(tasks):
        database.execute("BEGIN")
        database.execute("INSERT INTO queue (task) VALUES (?)", (number,))
        database.execute(set_status, ("queued", doc, number))
        database.execute("COMMIT")
        database.execute("BEGIN")
        rank, task = database.execute("SELECT rank, task FROM queue ORDER BY rank LIMIT 1").fetchone()
        database.execute("DELETE FROM queue WHERE rank = ?", (rank,))
        database.execute("COMMIT")
        for status in ("in_progress", "completed"):
            database.execute("BEGIN")
            database.execute(set_status, (status, doc, task))
            database.execute("COMMIT")
    seconds = time.monotonic() - started
    database.close()
    return tasks / seconds


def together(jobs):
    """Runs each job in a process of its own, all at once; the seconds until the last has ended."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(jobs) + 1)
    processes = [context.Process(target=target, args=(barrier, *arguments)) for target, arguments in jobs]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.monotonic()
    for process in processes:
        process.join()
    seconds = time.monotonic() - started
    assert all(process.exitcode == 0 for process in processes), "a client failed"
    return seconds
