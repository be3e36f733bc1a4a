"""Very many agents that wait for a task at once, each with a held call of its own."""

import json
import re
import resource
import selectors
import socket
import statistics
import threading
import time
from urllib.parse import urlsplit

from client import Client
from report import Row, below, cpu_ms, make, memory_mb

from harness.server import Server
from harness.waiting import wait_until

AGENTS = 5000
MOST_MILLISECONDS = 50
MOST_RESIDENT_MB = 200
CONTENT_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
# Beside the agents' connections: files, the databases, listeners.
OTHER_FILES = 500


def measure(folder, is_quick):
    """The rows of the report."""
    agents = room_for(AGENTS // 10 if is_quick else AGENTS)
    server = Server(make(folder / "server"))
    crowd = None
    try:
        server.start()
        queue = server.api.call("queues.create", name="crowded")["id"]
        crowd = Crowd(server, queue)
        crowd.join(agents)
        client = Client(server)
        tasks = [client.call("tasks.create", name=f"task {n}", type="training")["id"] for n in range(100)]
        times = [crowd.reach(client, queue, task) for task in tasks]
        rows = [
            Row("agents that wait", f"{agents:,}", bar=f"{AGENTS:,}", is_met=None if is_quick else agents == AGENTS),
            below("enqueue → one of them has it", statistics.median(times), MOST_MILLISECONDS, "ms"),
            Row("  the slowest of 100", f"{max(times):.1f} ms"),
            below("resident memory throughout", memory_mb(server.process.pid, "VmHWM"), MOST_RESIDENT_MB, "MB"),
        ]
        return rows
    finally:
        if crowd:
            crowd.end()
        server.end()


def room_for(agents):
    """Raises the number of files that this process may have open; how many agents fit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = agents + OTHER_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed < wanted:
        print(f"Only {allowed} files may be open here (ulimit -Hn): {allowed - OTHER_FILES} agents instead of {agents}")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed - OTHER_FILES


class Crowd:
    """Agents' held calls, watched by one thread."""

    def __init__(self, server, queue):
        self._server = server
        address = urlsplit(server.addresses["api"])
        self._address = (address.hostname, address.port)
        body = json.dumps({"queue": queue, "wait_ms": 60_000}).encode()
        self._request = (
            f"POST /queues.get_next_task HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: {server.api.headers['Authorization']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        self._selector = selectors.DefaultSelector()
        self._arrivals = {}
        self._arrived = threading.Condition()
        self._is_over = False
        self._watch = threading.Thread(target=self._run)

    def join(self, agents):
        for _ in range(agents):
            self._connect()
        self._watch.start()
        # The last ones wait, too, once the server has read what they sent.
        wait_until("the server has all calls", self._is_server_idle, seconds=120)

    def reach(self, client, queue, task):
        """How long it takes from asking to enqueue a task until an agent has it, in milliseconds."""
        started = time.perf_counter()
        client.call("tasks.enqueue", task=task, queue=queue)
        with self._arrived:
            assert self._arrived.wait_for(lambda: task in self._arrivals, 30), "no agent got the task"
            return (self._arrivals[task] - started) * 1e3

    def end(self):
        self._is_over = True
        if self._watch.is_alive():
            self._watch.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()

    def _connect(self):
        connection = socket.create_connection(self._address)
        connection.sendall(self._request)
        self._selector.register(connection, selectors.EVENT_READ, bytearray())

    def _run(self):
        while not self._is_over:
            for key, _ in self._selector.select(0.2):
                received = key.fileobj.recv(65_536)
                assert received, "the server hung up"
                key.data.extend(received)
                head, _, body = bytes(key.data).partition(b"\r\n\r\n")
                if body and len(body) == int(CONTENT_LENGTH.search(head)[1]):
                    key.data.clear()
                    self._finish(key.fileobj, json.loads(body)["data"].get("entry"))

    def _finish(self, connection, entry):
        """An agent has its answer: it asks again."""
        now = time.perf_counter()
        connection.sendall(self._request)
        if entry:
            with self._arrived:
                self._arrivals[entry["task"]] = now
                self._arrived.notify_all()

    def _is_server_idle(self):
        before = cpu_ms(self._server.process.pid)
        time.sleep(1)
        return cpu_ms(self._server.process.pid) == before
