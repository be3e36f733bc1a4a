"""Tasks by the raw protocol: made, put into a queue, watched."""

import re

from harness.waiting import wait_until

FINAL = ("completed", "failed", "stopped", "published", "closed")


class Task:
    """A task on a server, by its id."""

    def __init__(self, api, task_id):
        self.api = api
        self.id = task_id

    @classmethod
    def create(cls, api, code=None, script=None, requirements="", name="integration"):
        """A task that runs `code`, a whole script without a repository, or what `script` describes."""
        script = script or {"diff": code, "entry_point": "main.py", "working_dir": ".", "repository": ""}
        script = {"binary": "python3", "requirements": {"pip": requirements}, **script}
        return cls(api, api.call("tasks.create", name=name, type="training", script=script)["id"])

    def enqueue(self, queue="default"):
        self.api.call("tasks.enqueue", task=self.id, queue_name=queue)
        return self

    def stop(self):
        self.api.call("tasks.stop", task=self.id, status_reason="integration test", status_message="stop")

    def record(self):
        return self.api.call("tasks.get_by_id", task=self.id)["task"]

    @property
    def status(self):
        return self.record()["status"]

    def wait(self, status=None, seconds=120):
        """Waits for `status`, or for any final one, and returns the record."""
        record = wait_until(
            f"task {self.id} is {status or 'over'}", lambda: self._record_when_over(status), seconds
        )
        expected = status or record["status"]
        assert record["status"] == expected, f"{record['status']}: {record.get('status_reason')}\n{self.log()}"
        return record

    def _record_when_over(self, status):
        record = self.record()
        return record if record["status"] in (*FINAL, status) else None

    def log(self):
        """The whole console log, oldest line first."""
        answer = self.api.call("events.get_task_log", task=self.id, batch_size=10_000, order="asc")
        assert answer["returned"] == answer["total"], "the log did not come in one answer"
        messages = [event["msg"] for event in answer["events"]]
        return "".join(message if message.endswith("\n") else message + "\n" for message in messages)

    def wait_for_line(self, pattern, seconds=120):
        """Waits until a line of the log matches and returns the match."""
        return wait_until(f"{pattern!r} is in the log of task {self.id}", lambda: self._find(pattern), seconds)

    def _find(self, pattern):
        # The status first: what a final task wrote is all there.
        status, log = self.status, self.log()
        found = re.search(pattern, log)
        assert found or status not in FINAL, f"the task is {status} without {pattern!r} in its log:\n{log}"
        return found


def numbers(log, pattern=r"^line (\d+)$"):
    """The numbers of the numbered lines, as they stand in the log."""
    return [int(number) for number in re.findall(pattern, log, re.MULTILINE)]
