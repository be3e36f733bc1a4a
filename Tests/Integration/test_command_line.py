"""`stint up` and the verbs that look at a server."""

import json
import re
import subprocess

import pytest

from harness.process import STINT, Process
from harness.server import Server
from harness.tasks import Task
from harness.waiting import wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """`stint up`: a server with an agent beside it."""
    folder = tmp_path_factory.mktemp("up")
    server = Server(folder, verb="up", STINT_CACHE_DIR=folder / "cache")
    try:
        yield server.start()
    finally:
        server.end()


@pytest.fixture
def stint(server):
    """Runs one verb against the server and returns what it printed."""

    def run(*arguments):
        finished = subprocess.run(
            [STINT, *arguments],
            env=server.client_environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    return run


def test_tasks_are_listed_and_shown(api, stint):
    task = Task.create(api, "print(1)", name="listed")

    assert task.id in [shown["id"] for shown in json.loads(stint("task", "list", "--json"))]
    assert "listed" in stint("task", "list")
    shown = json.loads(stint("task", "show", task.id, "--json"))
    assert (shown["id"], shown["name"], shown["status"]) == (task.id, "listed", "created")


def test_a_task_is_enqueued_run_and_its_log_followed_to_the_end(api, stint):
    task = Task.create(api, "for number in range(1, 301): print('line', number, flush=True)")

    stint("task", "enqueue", task.id, "--queue", "default")
    followed = stint("task", "log", task.id, "--follow")

    assert [line for line in followed.splitlines() if line.startswith("line ")] == [f"line {n}" for n in range(1, 301)]
    assert task.status == "completed"
    assert re.search(r"^queue +default$", stint("task", "show", task.id), re.MULTILINE)


def test_a_task_is_stopped(api, stint):
    task = Task.create(api, "import time; print('started', flush=True); time.sleep(600)").enqueue()
    task.wait_for_line("started")

    stint("task", "stop", task.id)

    task.wait("stopped")


def test_queues_are_created_and_listed(stint):
    stint("queue", "create", "made-here")

    assert {"default", "made-here"} <= {queue["name"] for queue in json.loads(stint("queue", "list", "--json"))}
    assert "made-here" in stint("queue", "list")


def test_workers_are_listed(api, stint):
    worker = wait_until("the agent of `stint up` registers", lambda: api.call("workers.get_all")["workers"])[0]

    assert worker["id"] in [shown["id"] for shown in json.loads(stint("worker", "list", "--json"))]


def test_a_task_that_is_missing_is_an_error_that_names_it(server):
    finished = subprocess.run(
        [STINT, "task", "show", "0" * 32], env=server.client_environment, capture_output=True, text=True, check=False
    )

    assert finished.returncode != 0
    assert "0" * 32 in finished.stderr


def test_up_ends_with_exit_code_0(tmp_path):
    server = Server(tmp_path, verb="up", STINT_CACHE_DIR=tmp_path / "cache")
    try:
        server.start()
        wait_until("the agent registers", lambda: server.api.call("workers.get_all")["workers"])

        assert server.terminate() == 0
    finally:
        server.end()


def test_a_queues_policy_is_set_shown_and_taken_back(server, tmp_path):
    server.api.call("queues.create", name="with-policy")

    def policy(*options):
        verb = Process(
            "policy", [STINT, "queue", "policy", "with-policy", *options], server.client_environment, tmp_path / "log"
        )
        assert verb.wait() == 0, verb.output()
        return verb.output()

    policy("--on-loss", "fail", "--retries", "2", "--retry-exit-codes", "75", "76")
    shown = policy()
    assert "on_loss: " in shown and "fail" in shown
    assert "retries: 2" in shown
    assert policy("--json").split() and '"retry_exit_codes"' in policy("--json")
    assert "the default" in policy("--default")
