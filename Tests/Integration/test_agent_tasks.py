"""What becomes of a task on the agent: each ends in the right state, with a log that says why."""

import re
from pathlib import Path

import pytest

from harness.process import is_alive
from harness.repository import Repository
from harness.server import on_either_server
from harness.tasks import Task, numbers
from harness.waiting import wait_until

pytestmark = pytest.mark.usefixtures("agent")

NUMBERED_LINES = """
import os, sys
print("folder", os.getcwd())
for number in range(1, 501):
    print("line", number, file=sys.stderr if number % 50 == 0 else sys.stdout, flush=True)
"""

ABORTABLE = """
import os, subprocess, time
child = subprocess.Popen(["sleep", "600"])
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path, {"main.py": "MESSAGE = 'committed'\nprint('message:', MESSAGE)\n"})


@on_either_server
def test_a_script_without_a_repository_runs_and_leaves_nothing_behind(api):
    task = Task.create(api, NUMBERED_LINES).enqueue()

    record = task.wait("completed")

    log = task.log()
    assert sorted(numbers(log)) == list(range(1, 501))
    assert not Path(re.search(r"^folder (.+)$", log, re.MULTILINE)[1]).exists()
    assert record["started"] and record["completed"]


@on_either_server
def test_output_arrives_in_order(api):
    code = "for number in range(1, 2001): print('line', number)"

    task = Task.create(api, code).enqueue()
    task.wait("completed")

    assert numbers(task.log()) == list(range(1, 2001))


@on_either_server
def test_an_uncommitted_change_is_applied(api, repository):
    repository.edit("main.py", "'committed'", "'changed'")

    task = Task.create(api, script=repository.script("main.py")).enqueue()
    task.wait("completed")

    assert "message: changed" in task.log()


@on_either_server
def test_a_requirement_is_installed_and_what_was_used_is_written_back(api):
    task = Task.create(api, "import six; print('six', six.__version__)", requirements="six==1.16.0\n").enqueue()

    record = task.wait("completed")

    assert "six 1.16.0" in task.log()
    frozen = record["script"]["requirements"]["pip"]
    frozen = frozen if isinstance(frozen, str) else "\n".join(frozen)
    assert "six==1.16.0" in frozen


@on_either_server
@pytest.mark.parametrize(
    ("code", "reason", "line"),
    [
        pytest.param("raise ValueError('boom')", "exit code 1", "ValueError: boom", id="an exception"),
        pytest.param("print('giving up'); exit(3)", "exit code 3", "giving up", id="an exit code"),
    ],
)
def test_a_script_that_fails_leaves_the_task_failed_with_its_exit_code(api, code, reason, line):
    task = Task.create(api, code).enqueue()

    record = task.wait("failed")

    assert reason in record["status_reason"]
    assert line in task.log()


@on_either_server
def test_an_abort_ends_the_task_and_every_process_of_it(api):
    task = Task.create(api, ABORTABLE).enqueue()
    pids = [int(pid) for pid in task.wait_for_line(r"pids (\d+) (\d+)").groups()]
    assert all(is_alive(pid) for pid in pids)

    task.stop()

    task.wait("stopped", seconds=30)
    wait_until("the task's processes are gone", lambda: not any(is_alive(pid) for pid in pids), 30)


def test_the_reason_for_an_abort_is_kept(api):
    task = Task.create(api, ABORTABLE).enqueue()
    task.wait_for_line(r"pids \d+")

    api.call("tasks.stop", task=task.id, status_reason="my reason")

    assert task.wait("stopped")["status_reason"] == "my reason"


def test_the_agents_lines_stand_alone_behind_output_without_a_line_end(api):
    task = Task.create(api, "import sys; sys.stdout.write('no line end')").enqueue()

    task.wait("completed")

    assert {"no line end", "Process completed successfully"} <= set(task.log().splitlines())


def test_the_agent_takes_the_next_task_after_an_abort(api):
    aborted = Task.create(api, ABORTABLE).enqueue()
    following = Task.create(api, "print('next')").enqueue()
    aborted.wait_for_line(r"pids \d+")

    aborted.stop()

    following.wait("completed")


def test_a_commit_that_is_missing_fails_the_task_and_is_named(api, repository):
    commit = "0123456789abcdef0123456789abcdef01234567"

    task = Task.create(api, script=repository.script("main.py", version_num=commit)).enqueue()
    record = task.wait("failed")

    assert commit in task.log()
    assert record["status_reason"]


def test_a_repository_that_is_missing_fails_the_task_and_is_named(api, repository, tmp_path):
    missing = str(tmp_path / "no-such-repository.git")

    task = Task.create(api, script=repository.script("main.py", repository=missing)).enqueue()
    record = task.wait("failed")

    assert missing in task.log()
    assert record["status_reason"]


def test_a_diff_that_does_not_apply_fails_the_task_and_names_the_file(api, repository):
    repository.edit("main.py", "'committed'", "'changed'")
    diff = repository.diff.replace("-MESSAGE = 'committed'", "-MESSAGE = 'something else'")

    task = Task.create(api, script=repository.script("main.py", diff=diff)).enqueue()
    record = task.wait("failed")

    assert "main.py" in task.log()
    assert "message:" not in task.log()
    assert record["status_reason"]


def test_a_requirement_that_does_not_exist_fails_the_task_and_is_named(api):
    task = Task.create(api, "print('ran')", requirements="stint-no-such-package==0.0.1\n").enqueue()

    record = task.wait("failed")

    assert "stint-no-such-package" in task.log()
    assert "ran" not in task.log().splitlines()
    assert "stint-no-such-package" in record["status_reason"]


def test_an_entry_point_that_is_missing_fails_the_task_and_is_named(api, repository):
    task = Task.create(api, script=repository.script("no_such_script.py"), requirements="six==1.16.0\n").enqueue()

    record = task.wait("failed")

    assert "no_such_script.py" in record["status_reason"]
    assert "[stint] environment" not in task.log()


def test_the_log_holds_no_secret(api):
    task = Task.create(api, "print('quiet')").enqueue()

    task.wait("completed")

    assert api.secret not in task.log()


def test_what_a_tasks_processes_use_is_reported_beside_it(make_agent, api, tmp_path):
    gate = tmp_path / "gate"
    code = f"""
import os, subprocess, sys, time
ballast = bytearray(os.urandom(1 << 20)) * 60
child = subprocess.Popen([sys.executable, "-c", "ballast = bytearray(b'x') * (60 << 20)\\nwhile True: sum(range(1000))"])
while not os.path.exists({str(gate)!r}):
    time.sleep(0.05)
child.kill()
"""
    agent = make_agent()
    agent.environment["CLEARML_AGENT__AGENT__STATUS_REPORT_INTERVAL_SEC"] = "0.5"
    task = Task.create(api, code)
    process = agent.run("execute", "--id", task.id)

    def latest():
        metrics = api.call("events.get_task_latest_scalar_values", task=task.id)["metrics"]
        return {
            variant["name"]: variant["last_value"]
            for metric in metrics if metric["name"] == ":monitor:machine" for variant in metric["variants"]
        }

    wait_until("both processes' memory is reported", lambda: latest().get("task_memory_used_gb", 0) > 0.12)
    assert latest()["task_cpu_usage"] > 1
    gate.touch()

    assert process.wait() == 0
    assert task.record()["last_iteration"] == 0
