"""Every end of a task has one code for programs and one sentence for people."""

import os
from pathlib import Path

import pytest

from harness.tasks import Task

pytestmark = [pytest.mark.extensions, pytest.mark.usefixtures("agent")]

ENDS = {
    "success": (dict(code="print('done')"), "completed", "completed", "exit code 0"),
    "an exit code": (dict(code="raise SystemExit(3)"), "failed", "exit_code", "exit code 3"),
    "a signal": (
        dict(code="import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"), "failed", "signal", "signal 11"
    ),
    "no such repository": (
        dict(script={"repository": "file:///no/such/repository.git", "entry_point": "main.py"}),
        "failed", "code_failed", "no/such/repository.git",
    ),
    "no such package": (
        dict(code="pass", requirements="--no-index\nstint-no-such-package==0.0.1\n"),
        "failed", "environment_failed", "stint-no-such-package",
    ),
    "nothing to run": (
        dict(script={"repository": "", "entry_point": "", "diff": ""}), "failed", "invalid_task", "nothing to run"
    ),
    "a folder that is not there": (
        dict(script={"diff": "pass", "entry_point": "main.py", "repository": "", "working_dir": "../outside"}),
        "failed", "invalid_task", "outside",
    ),
}  # fmt: skip


def last_attempt(record):
    attempt = record["attempts"][-1]
    assert attempt["message"], "a sentence for people is missing"
    assert "\n" not in attempt["message"]
    return attempt


@pytest.mark.parametrize("end", ENDS)
def test_an_end_has_its_code_and_its_sentence(api, end):
    about, status, reason, words = ENDS[end]
    record = Task.create(api, **about).enqueue().wait(status)
    attempt = last_attempt(record)
    assert attempt["reason"] == reason, record["status_reason"]
    assert words in attempt["message"]
    assert words in record["status_reason"]


@pytest.mark.parametrize(("given", "told"), [({"status_reason": "too slow"}, "too slow"), ({}, "Stopped by ")])
def test_an_abort_says_why_or_by_whom(api, given, told):
    task = Task.create(api, "import time; print('up', flush=True); time.sleep(600)").enqueue()
    task.wait_for_line("up")

    api.call("tasks.stop", task=task.id, **given)

    attempt = last_attempt(task.wait("stopped"))
    assert attempt["reason"] == "aborted"
    assert attempt["message"].startswith(told)
    assert attempt["message"] != "Stopped by "


@pytest.fixture
def little_memory(tmp_path):
    """A group of processes that may have 64 MB; a process joins it by writing its id into the file."""
    limit, group = "memory.max", Path("/sys/fs/cgroup") / f"stint-test-{os.getpid()}"
    if Path("/sys/fs/cgroup/memory").is_dir():
        limit, group = "memory.limit_in_bytes", Path("/sys/fs/cgroup/memory") / group.name
    try:
        group.mkdir()
        (group / limit).write_text(str(64 << 20))
    except OSError as error:
        pytest.skip(f"memory cannot be limited here: {error}")
    yield group / "cgroup.procs"
    group.rmdir()


def test_a_task_that_needs_more_memory_than_there_is_says_so(api, little_memory):
    hungry = f"""
import os, pathlib
pathlib.Path({str(little_memory)!r}).write_text(str(os.getpid()))
hoard = [bytearray(os.urandom(1 << 20)) for _ in range(256)]
"""
    record = Task.create(api, hungry).enqueue().wait("failed")
    attempt = last_attempt(record)
    assert attempt["reason"] == "out_of_memory"
    assert "ran out of memory" in attempt["message"]
    assert attempt["peak_memory_kb"] > 32 << 10
