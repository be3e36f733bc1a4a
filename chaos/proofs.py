"""Holds a cluster that a storm went over against the invariants: each function gives what breaks one, in words."""

import json
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from harness.agent import remains_of_runs
from harness.process import processes_of
from harness.waiting import wait_until
from storm import FINAL

LINE = re.compile(r"^line (\d+\.\d+) (\d+)\.$", re.MULTILINE)
# What an attempt has written is told entirely, unless its worker was lost or stopped by the server in its stead.
SILENCED = ("lost_worker", "aborted", "disk_full")
# What the agent writes behind the output of a run that ended well.
LAST_LINE = "Process completed successfully"
# Names that a program gives what it has not finished.
UNFINISHED = ("*.tmp.*", "*.removed.*")


@dataclass
class Run:
    """One run of a task's code, as its side file has it."""

    token: str
    begun: int
    ended: int | None = None
    written: int = 0
    lines: list = field(default_factory=list)

    @property
    def attempt(self):
        return int(self.token.split(".")[0])


def runs(side):
    """A task's runs, in the order in which they began, and those that overlapped another."""
    found, overlaps = {}, []
    notes = side / "notes"
    for note in notes.read_text().splitlines() if notes.exists() else []:
        word, token, moment = note.split()
        if word == "begin":
            found[token] = Run(token, int(moment))
        elif word == "end":
            found[token].ended = int(moment)
        else:
            overlaps.append(token)
    for token, run in found.items():
        written = side / f"written.{token}"
        run.written = int(written.read_text() or 0) if written.exists() else 0
    return list(found.values()), overlaps


class Case:
    """One task: what it did by its side file, and what the server says of it."""

    def __init__(self, storm, number, task):
        self.task, self.number, self.job = task, number, storm.jobs[number]
        self.stopped = storm.stops.get(task)
        self.was_asked_to_stop = task in storm.asked_to_stop
        self.runs, self.overlaps = runs(storm.side(number))
        self.record = storm.caller.until_answered("tasks.get_by_id", task=task)["task"]
        self.attempts = self.record.get("attempts") or []
        self.events = storm.caller.log(task)
        self._read_log()

    def _read_log(self):
        self.strangers = Counter()
        by_token = {run.token: run for run in self.runs}
        for token, line in LINE.findall("".join(event["msg"] for event in self.events)):
            if token in by_token:
                by_token[token].lines.append(int(line))
            else:
                self.strangers[token] += 1

    def violations(self):
        yield from self._ends()
        yield from self._runs()
        for run in self.runs:
            yield from self._lines(run)
        said = sum(event["msg"].splitlines().count(LAST_LINE) for event in self.events)
        if said > len([run for run in self.runs if run.ended]):
            yield f"its log says {said} times that it has ended well"
        if self.strangers:
            yield f"its log has lines of runs that never began: {dict(self.strangers)}"

    def _ends(self):
        status = self.record["status"]
        if status not in FINAL:
            yield f"it is {status}, and not final"
            return
        wanted = "failed" if self.job.kind == "doomed" else "completed"
        # What shall stop is not tried again when it ends by itself in the meantime.
        if status != wanted and not (self.was_asked_to_stop and status in ("stopped", "failed")):
            yield f"it is {status} ({self.record.get('status_reason')}), and not {wanted}"
        numbers = [attempt["number"] for attempt in self.attempts]
        if numbers != sorted(set(numbers)):
            yield f"its attempts are numbered {numbers}"
        if status == "completed" and (not self.runs or [self.runs[-1].attempt] != numbers[-1:]):
            last = self.runs[-1].token if self.runs else "none"
            yield f"it is completed by attempt {numbers[-1:]}, but its last run was {last}"

    def _runs(self):
        for token in self.overlaps:
            yield f"run {token} began while another one was alive"
        for before, after in zip(self.runs, self.runs[1:]):
            if (before.ended or before.begun) > after.begun or after.attempt < before.attempt:
                yield f"run {before.token} ended after run {after.token} had begun"
        if self.record["status"] == "completed" and self.runs and self.runs[-1].ended is None:
            yield f"it is completed, but run {self.runs[-1].token} never came to its end"
        if self.stopped:
            late = [run.token for run in self.runs if run.begun > self.stopped]
            # One may have been on its way.
            if len(late) > 1:
                yield f"runs {late} began although it had been stopped"

    def _lines(self, run):
        if run.lines != list(range(1, len(run.lines) + 1)):
            yield f"run {run.token}: {_disorder(run.lines)}"
        reasons = [attempt["reason"] for attempt in self.attempts if attempt["number"] == run.attempt]
        # An attempt that had no job yet may begin anew: its last run counts.
        is_last = run is [other for other in self.runs if other.attempt == run.attempt][-1]
        is_told = is_last and reasons and reasons[-1] not in SILENCED
        if is_told and len(run.lines) < run.written:
            yield f"run {run.token} ({reasons[-1]}): {len(run.lines)} of {run.written} lines are in the log"
        if len(run.lines) > run.written + 1:
            yield f"run {run.token}: {run.written} lines were written, {len(run.lines)} are in the log"

    def evidence(self):
        """All that is known about it."""
        record = {name: self.record.get(name) for name in ("status", "status_reason", "status_message", "attempts")}
        log = "".join(event["msg"] for event in self.events if not LINE.match(event["msg"]))
        told = [f"{run.token}: {_ranges(run.lines)} of {run.written}" for run in self.runs]
        return "\n".join([
            f"task {self.task} ({self.number}, {self.job})", json.dumps(record, indent=1),
            f"runs: {self.runs_in_words()}", f"lines in the log: {told}", f"stop acknowledged: {self.stopped}", log[:3000],
        ])  # fmt: skip

    def runs_in_words(self):
        return [(run.token, run.begun, run.ended) for run in self.runs]


def _ranges(numbers):
    parts = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{first}-{last}" for first, last in parts[:20]) or "none"


def _disorder(lines):
    doubled = sorted(number for number, count in Counter(lines).items() if count > 1)
    lost = sorted(set(range(1, max(lines) + 1)) - set(lines))
    return f"lines doubled: {_ranges(doubled)}; lost: {_ranges(lost)}; in the order {_ranges(lines)}"


def leftovers(cluster):
    """Processes, folders and mounts that no task needs any more. The agents and the server still run."""
    ours = {agent.process.pid for agent in cluster.agents}

    def left():
        found = []
        for machine in cluster.machines:
            found += [f"process {pid}: {_command(pid)}" for pid in processes_of(machine.cache) if pid not in ours]
            found += [str(path) for path in remains_of_runs(machine.cache)]
            found += [str(path) for pattern in UNFINISHED for path in machine.cache.glob(f"*/{pattern}")]
        return found + [f"mount {place}" for place in cluster.mounts()]

    # What tells the server of a task's end comes before what clears up behind it.
    try:
        wait_until("nothing is left", lambda: not left(), seconds=20)
    except AssertionError:
        return left()
    return []


def remaining_processes(cluster):
    """What still lives when all agents and the server have been stopped."""
    return [f"process {pid}: {_command(pid)}" for pid in processes_of(cluster.folder)]


def held(cluster):
    """Leases and queue entries of tasks that are final: read from the file, as the protocol does not show them."""
    records = sqlite3.connect(f"file:{cluster.server.data}/stint.sqlite?mode=ro", uri=True)
    try:
        leases = records.execute("SELECT task FROM leases WHERE is_held").fetchall()
        entries = records.execute("SELECT task FROM queue_entries").fetchall()
    finally:
        records.close()
    return [f"the lease of task {task} is still held" for (task,) in leases] + [
        f"task {task} still waits in a queue" for (task,) in entries
    ]


def _command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace")[:200]
    except OSError:
        return "gone meanwhile"
