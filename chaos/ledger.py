"""What a server has answered 200 to, and whether it is still there."""

import random
import threading
import time
from dataclasses import dataclass, field, replace

import requests

from harness.api import Api, ApiError
from harness.server import ACCESS_KEY, SECRET_KEY

# A server that is away, or has no room, is asked again; the token may have expired by its clock.
UNANSWERED = (requests.RequestException, ValueError, AssertionError)
TIMEOUT_SECONDS = 20
LOG_PAGE = 10_000
FILE_LINES = 1000


class Caller:
    """Calls a server that comes and goes."""

    def __init__(self, addresses):
        self._addresses = addresses
        self._local = threading.local()

    @property
    def _session(self):
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.api = Api(self._addresses["api"], ACCESS_KEY, SECRET_KEY)
        return self._local.session

    @property
    def headers(self):
        return self._session and self._local.api.headers

    def once(self, name, /, seconds=TIMEOUT_SECONDS, **request):
        """The answer's `data`; raises `ApiError` for what is refused, and one of `UNANSWERED` for no answer."""
        return self._post(f"{self._addresses['api']}/{name}", name, json=request, timeout=seconds)

    def lines(self, name, lines):
        headers = {"Content-Type": "application/json-lines"}
        return self._post(f"{self._addresses['api']}/{name}", name, headers=headers, data="\n".join(lines).encode())

    def upload(self, path, content):
        answer = self._send(self._addresses["files"], files={path: (path, content)})
        answer.raise_for_status()

    def download(self, path):
        address = f"{self._addresses['files']}/{path}"
        answer = self._session.get(address, headers=self.headers, timeout=TIMEOUT_SECONDS)
        return answer.content if answer.status_code == 200 else None

    def until_answered(self, name, /, **request):
        """Asks until there is an answer that is not the server's own trouble."""
        while True:
            try:
                return self.once(name, **request)
            except UNANSWERED:
                pass
            except ApiError as error:
                if error.code < 500:
                    raise
            time.sleep(0.1)

    def log(self, task):
        """The events of a task's log, in the order in which a reader gets them."""
        events, since = [], None
        while True:
            page = {"from_timestamp": since} if since is not None else {}
            answer = self.until_answered(
                "events.get_task_log", task=task, batch_size=LOG_PAGE, navigate_earlier=False, order="asc", **page
            )
            if not answer["events"]:
                return events
            events += answer["events"]
            since = answer["events"][-1]["timestamp"]

    def _post(self, address, name, headers=None, **content):
        answer = self._send(address, headers, **content)
        body = answer.json()
        if answer.status_code != 200:
            raise ApiError(name, body["meta"])
        return body["data"]

    def _send(self, address, headers=None, timeout=TIMEOUT_SECONDS, **content):
        session = self._session
        headers = {**self._local.api.headers, **(headers or {})}
        answer = session.post(address, headers=headers, timeout=timeout, **content)
        if answer.status_code == 401:
            self._local.api._token = None
            raise requests.ConnectionError("the token has expired")
        return answer


@dataclass
class Entry:
    """What was acknowledged about one task."""

    comment: int = 0
    lines: list = field(default_factory=list)
    file: int = 0


class Ledger:
    """Clients that write all the time, each to a task of its own, and what of it was acknowledged."""

    def __init__(self, addresses, clients, seed, pause):
        self.caller = Caller(addresses)
        self._pause = pause
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._entries = {}
        self._threads = [
            threading.Thread(target=self._write, args=(f"{seed}-{number}",), daemon=True) for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    @property
    def written(self):
        return sum(1 + len(entry.lines) + entry.comment + entry.file for entry in self.snapshot().values())

    def snapshot(self):
        """What has been acknowledged by now, by task."""
        with self._lock:
            return {task: replace(entry, lines=list(entry.lines)) for task, entry in self._entries.items()}

    @staticmethod
    def missing(acknowledged, caller):
        """What of it a server does not have, or has twice, in words."""
        return [sentence for task, entry in acknowledged.items() for sentence in _differences(task, entry, caller)]

    def _write(self, seed):
        chance = random.Random(seed)
        actions = [self._edit, self._edit, self._log, self._log, self._upload]
        task = None
        while not self._stopped.wait(self._pause * chance.random()):
            try:
                if task is None or chance.random() < 0.02:
                    task = self.caller.once("tasks.create", name=f"ledger {seed}", type="custom")["id"]
                    numbers = dict.fromkeys(actions, 0)
                    with self._lock:
                        self._entries[task] = Entry()
                action = chance.choice(actions)
                numbers[action] += 1
                action(task, numbers[action])
            except (*UNANSWERED, ApiError):
                continue

    def _edit(self, task, number):
        self.caller.once("tasks.edit", task=task, force=True, comment=str(number))
        with self._lock:
            self._entries[task].comment = number

    def _log(self, task, number):
        event = f'{{"type": "log", "task": "{task}", "level": "INFO", "msg": "line {number}"}}'
        if self.caller.lines("events.add_batch", [event])["added"] == 1:
            with self._lock:
                self._entries[task].lines.append(number)

    def _upload(self, task, number):
        self.caller.upload(f"ledger/{task}.txt", f"{number}\n".encode() * FILE_LINES)
        with self._lock:
            self._entries[task].file = number


def _differences(task, entry, caller):
    """What a write had no answer for may be there or not; what had one must be."""
    try:
        record = caller.until_answered("tasks.get_by_id", task=task)["task"]
    except ApiError as error:
        yield f"task {task} was acknowledged: {error}"
        return
    comment = int(record.get("comment") or 0)
    if comment < entry.comment:
        yield f"task {task}: comment {entry.comment} was acknowledged, the server has {comment}"
    lines = [int(event["msg"].split()[1]) for event in caller.log(task)]
    for number in entry.lines:
        if lines.count(number) != 1:
            yield f"task {task}: line {number} was acknowledged, the server has it {lines.count(number)} times"
    if entry.file:
        content = (caller.download(f"ledger/{task}.txt") or b"").split()
        if len(content) != FILE_LINES or len(set(content)) > 1 or int(content[0]) < entry.file:
            yield f"task {task}: file {entry.file} was acknowledged, the server has {content[:1]} × {len(content)}"
