"""Who may do what, and as whom: keys, passwords, roles, and calls that are made for others or not waited for."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from harness.api import Api, ApiError
from harness.process import STINT
from harness.tasks import Task
from harness.waiting import wait_until


@pytest.fixture
def person(api):
    """Makes a user with a password and logs them in."""

    def make(name, role="user", password="correct horse"):
        user = api.call("auth.create_user", name=name, email="", role=role)["id"]
        api.call("auth.set_password", user=user, password=password)
        return user, Api(api.url, name, password)

    return make


def test_a_person_logs_in_with_a_name_and_a_password(api, person):
    user, somebody = person("somebody")

    me = somebody.call("users.get_current_user")["user"]
    assert (me["id"], me["name"], me["role"]) == (user, "somebody", "user")
    assert api.call("auth.fixed_users_mode")["enabled"] is True
    assert api.call("login.supported_modes")["basic"]["enabled"] is True
    assert somebody.call("auth.get_credentials")["credentials"] == []
    with pytest.raises(ApiError) as error:
        Api(api.url, "somebody", "battery staple").call("tasks.get_all")
    assert (error.value.code, error.value.subcode) == (401, 22)


def test_a_password_is_kept_as_a_salted_hash(server, person):
    person("salted", password="a very secret password")
    person("salted too", password="a very secret password")

    stored = b"".join(path.read_bytes() for path in server.data.iterdir() if path.is_file())
    assert b"salted too" in stored
    assert b"a very secret password" not in stored


def test_one_sets_the_own_password_with_the_old_one(api, person):
    user, somebody = person("changing")

    with pytest.raises(ApiError) as error:
        somebody.call("auth.set_password", password="a new password", old_password="wrong")
    assert error.value.code == 400
    somebody.call("auth.set_password", password="a new password", old_password="correct horse")

    assert Api(api.url, "changing", "a new password").call("users.get_current_user")["user"]["id"] == user
    with pytest.raises(ApiError):
        Api(api.url, "changing", "correct horse").call("tasks.get_all")


def test_nobody_but_an_administrator_sets_the_password_of_another(person):
    user, _ = person("victim")
    _, somebody = person("attacker")

    with pytest.raises(ApiError) as error:
        somebody.call("auth.set_password", user=user, password="a new password")

    assert (error.value.code, error.value.subcode) == (403, 20)


def test_a_name_logs_in_one_person_and_a_deleted_person_logs_in_no_more(api, person):
    user, somebody = person("once")
    other = api.call("auth.create_user", name="another", email="")["id"]

    with pytest.raises(ApiError) as error:
        api.call("auth.set_password", user=other, username="once", password="correct horse")
    assert (error.value.code, error.value.subcode) == (400, 801)
    api.call("users.delete", user=user)
    with pytest.raises(ApiError):
        Api(api.url, "once", "correct horse").call("tasks.get_all")


def test_a_link_logs_in_once(api, person):
    user, somebody = person("linked")
    link = somebody.call("auth.create_login_link")["link"]
    code = link.partition("/#link=")[2]
    use = f"{api.url}/login.use_link"

    assert somebody.call("auth.get_credentials")["credentials"] == []
    assert requests.post(use, json={"code": code[::-1]}, timeout=30).status_code == 401
    with ThreadPoolExecutor(8) as visitors:
        answers = list(visitors.map(lambda _: requests.post(use, json={"code": code}, timeout=30), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + 7 * [401]
    token = next(answer.json()["data"]["token"] for answer in answers if answer.ok)
    assert Api.of_token(api.url, token).call("users.get_current_user")["user"]["id"] == user


def test_nobody_but_an_administrator_makes_links_for_others(api, person):
    user, _ = person("target")
    _, somebody = person("link maker")

    with pytest.raises(ApiError) as error:
        somebody.call("auth.create_login_link", user=user)
    assert (error.value.code, error.value.subcode) == (403, 20)
    code = api.call("auth.create_login_link", user=user)["link"].partition("/#link=")[2]
    api.call("users.delete", user=user)
    assert requests.post(f"{api.url}/login.use_link", json={"code": code}, timeout=30).status_code == 401


def test_a_link_is_kept_as_a_hash_only(server):
    code = server.api.call("auth.create_login_link")["link"].partition("/#link=")[2]

    stored = b"".join(path.read_bytes() for path in server.data.iterdir() if path.is_file())
    assert b'link/' in stored
    assert code.encode() not in stored


def test_a_revoked_key_logs_in_no_more(api):
    pair = api.call("auth.create_credentials", label="mine")["credentials"]
    client = Api(api.url, pair["access_key"], pair["secret_key"])
    client.call("auth.edit_credentials", access_key=pair["access_key"], label="renamed")
    keys = {key["access_key"]: key["label"] for key in client.call("auth.get_credentials")["credentials"]}
    assert keys[pair["access_key"]] == "renamed"
    assert "secret_key" not in str(keys)

    assert api.call("auth.revoke_credentials", access_key=pair["access_key"])["revoked"] == 1

    with pytest.raises(ApiError):
        Api(api.url, pair["access_key"], pair["secret_key"]).call("tasks.get_all")


def test_an_administrator_makes_calls_as_another_user(api, person):
    user, _ = person("impersonated")

    def send(endpoint, header, **request):
        return api.send(endpoint, headers={header: user}, json=request).json()

    task = send("tasks.create", "X-ClearML-Impersonate-As", name="theirs", type="training")["data"]["id"]
    assert Task(api, task).record()["user"] == user
    refused = send("users.delete", "X-ClearML-Impersonate-As", user=user)["meta"]
    assert (refused["result_code"], refused["result_subcode"]) == (403, 20)
    assert send("server.get_stats", "X-ClearML-Act-As")["meta"]["result_code"] == 200
    token = send("auth.login", "X-ClearML-Impersonate-As")["data"]["token"]
    answer = requests.post(
        f"{api.url}/users.get_current_user", headers={"Authorization": f"Bearer {token}"}, json={}, timeout=30
    )
    assert answer.json()["data"]["user"]["id"] == user


def test_nobody_else_makes_calls_as_another_user(api, person):
    _, somebody = person("impostor")
    admin = api.call("users.get_current_user")["user"]["id"]

    for client, headers, subcode in [
        (somebody, {"X-ClearML-Impersonate-As": admin}, 6),
        (api, {"X-ClearML-Impersonate-As": "0" * 32}, 6),
        (api, {"X-ClearML-Impersonate-As": admin, "X-ClearML-Act-As": admin}, 5),
    ]:
        meta = client.send("tasks.get_all", headers=headers, json={}).json()["meta"]
        assert (meta["result_code"], meta["result_subcode"]) == (400, subcode)


def test_the_answer_of_a_call_that_is_not_waited_for_is_fetched(api, person):
    def begin(endpoint, **request):
        answer = api.send(endpoint, headers={"X-ClearML-Async": "1"}, json=request)
        meta = answer.json()["meta"]
        assert answer.status_code == meta["result_code"] == 202
        return meta["id"]

    def result(call, client=api):
        answer = client.send("async.result", json={"id": call})
        return None if answer.status_code == 202 else answer.json()

    made = begin("tasks.create", name="not waited for", type="training")
    refused = begin("tasks.get_by_id", task="0" * 32)

    task = wait_until("the task is made", lambda: result(made))["data"]["id"]
    assert Task(api, task).record()["name"] == "not waited for"
    meta = wait_until("the call is refused", lambda: result(refused))["meta"]
    assert (meta["result_code"], meta["result_subcode"]) == (400, 101)
    _, somebody = person("curious")
    assert result(made, somebody)["meta"]["result_code"] == 400


def test_the_sdk_sends_calls_that_it_does_not_wait_for(sdk):
    answer = sdk.run("""
        from clearml.backend_api import Session
        from clearml.backend_api.services import tasks
        from tests import answer

        call = Session().send_async(tasks.CreateRequest(name="from the sdk", type="training"))
        answer(accepted=call.async_accepted, ok=call.wait(timeout=30, poll_interval=1).ok(),
               id=call.result().response.id)
    """)

    assert answer["accepted"] is True and answer["ok"] is True
    assert len(answer["id"]) == 32


def test_people_are_added_listed_and_removed_from_the_command_line(api, server):
    def stint(*arguments, **options):
        command = [STINT, "user", *arguments]
        finished = subprocess.run(command, env=server.client_environment, capture_output=True, text=True, **options)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    user = stint("add", "grace", "--role", "admin", input="a long password\n").strip()
    assert Api(api.url, "grace", "a long password").call("users.get_current_user")["user"]["id"] == user
    assert re.search(rf"grace +admin .*{user}", stint("list"))
    assert stint("link", "grace").startswith(f"{server.addresses['web']}/#link=")
    stint("password", "grace", input="another password\n")
    assert Api(api.url, "grace", "another password").call("server.get_stats")
    stint("remove", "grace")
    assert user not in stint("list")
