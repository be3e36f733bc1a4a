"""A task has credentials of its own, which end with its attempt; the agent's stay with the agent."""

import pytest
import requests

from harness.server import ACCESS_KEY, SECRET_KEY
from harness.tasks import Task
from harness.waiting import wait_until

pytestmark = pytest.mark.extensions

LEAK = """
import os, pathlib, time
print("my token is", os.environ.get("CLEARML_AUTH_TOKEN"))
shown = "\\n".join(f"{k}={v}" for k, v in os.environ.items() if k != "CLEARML_AUTH_TOKEN")
shown += pathlib.Path(os.environ["CLEARML_CONFIG_FILE"]).read_text()
pathlib.Path(SEEN).write_text(shown)
pathlib.Path(TOKEN).write_text(os.environ["CLEARML_AUTH_TOKEN"])
print("written", flush=True)
while not pathlib.Path(GATE).exists():
    time.sleep(0.02)
"""


@pytest.fixture
def running(agent, api, tmp_path):
    """A task that has written down what it sees, and its token."""
    seen, token, gate = tmp_path / "seen", tmp_path / "token", tmp_path / "gate"
    code = f"SEEN, TOKEN, GATE = {str(seen)!r}, {str(token)!r}, {str(gate)!r}\n" + LEAK
    task = Task.create(api, code).enqueue()
    task.wait_for_line("written")
    yield task, seen.read_text(), token.read_text(), gate
    gate.touch()
    task.wait("completed")


def ask(server, token, endpoint, **body):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{server.addresses['api']}/{endpoint}", json=body, headers=headers, timeout=10)


def test_a_task_sees_none_of_the_agents_secrets_and_its_token_is_not_in_its_log(running):
    task, seen, token, _ = running
    assert ACCESS_KEY not in seen
    assert SECRET_KEY not in seen
    assert token not in task.log()
    assert "my token is ****" in task.log()


def test_a_tasks_token_is_its_owners_without_an_administrators_rights(server, running):
    _, _, token, _ = running
    user = ask(server, token, "users.get_current_user").json()["data"]["user"]
    assert user["id"] == server.api.call("users.get_current_user")["user"]["id"]
    assert ask(server, token, "auth.create_credentials").status_code == 403
    assert ask(server, token, "auth.get_token_for_user", user=user["id"]).status_code == 403


def test_a_tasks_token_ends_with_its_attempt(server, running):
    task, _, token, gate = running
    renewed = ask(server, token, "auth.login").json()["data"]["token"]
    assert ask(server, renewed, "tasks.get_by_id", task=task.id).status_code == 200
    gate.touch()
    task.wait("completed")
    wait_until("the token is refused", lambda: ask(server, token, "tasks.get_by_id", task=task.id).status_code == 401)
    assert ask(server, renewed, "tasks.get_by_id", task=task.id).status_code == 401
