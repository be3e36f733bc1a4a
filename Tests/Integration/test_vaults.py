"""The vault: settings and environment variables that the server keeps, and agents apply."""

import json
import subprocess

import pytest

from harness.agent import Agent
from harness.api import Api, ApiError
from harness.process import STINT
from harness.tasks import Task


@pytest.fixture
def somebody(api):
    user = api.call("auth.create_user", name="somebody", email="")["id"]
    token = api.call("auth.get_token_for_user", user=user)["token"]
    client = Api(api.url, "", "")
    client._token = token
    yield client
    api.call("users.delete", user=user)


@pytest.fixture
def vault(api):
    """Makes vaults and deletes them after the test."""
    made = []

    def make(data, client=api, **options):
        made.append((client, client.call("users.create_vault", data=data, **options)["id"]))
        return made[-1][1]

    yield make
    for client, identifier in made:
        client.call("users.delete_vault", vault=identifier)


def test_vaults_are_each_users_own_behind_those_for_all(api, somebody, vault):
    mine = vault("sdk.aws.s3.key: mine", description="my keys")
    everybodys = vault("sdk.aws.s3.region: here", scope="company")
    theirs = vault("sdk.aws.s3.key: theirs", client=somebody)
    off = vault("a: 1", enabled=False)

    # As the stock clients ask for it.
    asked = api.send("users.get_vaults?enabled=true&types=config&types=config", method="GET").json()["data"]["vaults"]
    assert [(one["id"], one["data"]) for one in asked] == [
        (everybodys, "sdk.aws.s3.region: here"), (mine, "sdk.aws.s3.key: mine"),
    ]  # fmt: skip
    assert asked[1]["description"] == "my keys" and asked[1]["type"] == "config"
    assert [one["id"] for one in somebody.call("users.get_vaults")["vaults"]] == [everybodys, theirs]
    assert [one["id"] for one in api.call("users.get_vaults", enabled=False)["vaults"]] == [off]


def test_vaults_of_others_and_of_all_are_changed_by_those_who_may(api, somebody, vault):
    mine = vault("a: 1")
    everybodys = vault("b: 1", scope="company")

    for endpoint, request, code in [
        ("users.edit_vault", {"vault": mine, "data": "a: 2"}, 400),
        ("users.delete_vault", {"vault": mine}, 400),
        ("users.edit_vault", {"vault": everybodys, "enabled": False}, 403),
        ("users.create_vault", {"data": "c: 1", "scope": "company"}, 403),
    ]:
        with pytest.raises(ApiError) as error:
            somebody.call(endpoint, **request)
        assert error.value.code == code
    api.call("users.edit_vault", vault=mine, data="a: 3")

    assert {one["id"]: one["data"] for one in api.call("users.get_vaults")["vaults"]} == {everybodys: "b: 1", mine: "a: 3"}


def test_settings_that_cannot_be_read_are_refused_with_their_line(api):
    with pytest.raises(ApiError) as error:
        api.call("users.create_vault", data="a: 1\nb: {")

    assert error.value.code == 400 and "line 2" in error.value.message


def test_a_vault_is_sealed_on_the_disk_and_opens_after_a_restart(own_server):
    api = own_server.api
    api.call("users.create_vault", data='environment { PASS: "the very secret" }')
    own_server.kill()

    for path in own_server.data.rglob("*"):
        assert not path.is_file() or b"the very secret" not in path.read_bytes()
    assert (own_server.data / "vault.key").stat().st_mode & 0o777 == 0o600
    own_server.start()
    [vault] = own_server.api.call("users.get_vaults")["vaults"]
    assert "the very secret" in vault["data"]


def test_vaults_are_kept_from_the_command_line(server, tmp_path):
    def stint(*arguments):
        command = [STINT, "vault", *arguments]
        finished = subprocess.run(command, env=server.client_environment, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    file = tmp_path / "vault.conf"
    file.write_text("a: 1")
    made = stint("add", str(file), "--description", "from the shell", "--everybody").strip()
    assert "from the shell  everybody  yes" in stint("list")
    file.write_text("a: 2")
    stint("edit", made, "--file", str(file), "--no-enabled")
    [kept] = [one for one in json.loads(stint("list", "--json")) if one["id"] == made]
    assert (kept["data"], kept["enabled"]) == ("a: 2", False)
    stint("remove", made)
    assert made not in stint("list")


REVEAL = """
import os
from clearml.config import config
print("region", config.get("aws.s3.region"))
print("secret ends with", os.environ["VAULT_PASSWORD"][-4:])
print("whole secret", os.environ["VAULT_PASSWORD"])
print("server is kept", "127.0.0.1:1/" not in open(os.environ["CLEARML_CONFIG_FILE"]).read())
"""


@pytest.mark.extensions
def test_an_agent_gives_a_task_what_the_vaults_hold_for_its_owner(server, api, somebody, vault, tmp_path):
    vault('sdk.aws.s3.region: "for-all"\nenvironment { VAULT_PASSWORD: "of everybody" }', scope="company")
    vault(
        'api.api_server: "http://127.0.0.1:1/"\n'
        'environment { VAULT_PASSWORD: "the owner\'s 1234" }',
        client=somebody,
    )
    task = Task.create(somebody, REVEAL, requirements="clearml == 2.1.12")
    agent = Agent(server, tmp_path / "agent", queue="default")
    try:
        agent.start()
        task.enqueue().wait("completed")
    finally:
        agent.end()

    log = task.log()
    assert "region for-all" in log
    assert "secret ends with 1234" in log
    assert "whole secret ****" in log
    assert "the owner's 1234" not in log
    assert "server is kept True" in log
