"""What every client relies on, whatever the endpoint."""

import gzip
import json
import socket
from urllib.parse import urlsplit

import pytest
import requests

from harness.api import Api, ApiError
from harness.server import ACCESS_KEY
from harness.tasks import Task


def test_every_answer_is_wrapped_in_the_envelope(api):
    body = api.send("queues.get_all", json={}).json()

    meta = body["meta"]
    assert meta["result_code"] == 200
    assert meta["result_subcode"] == 0
    assert meta["result_msg"] == "OK"
    assert meta["endpoint"]["name"] == "queues.get_all"
    assert {"id", "trx", "error_stack", "error_data"} <= meta.keys()
    assert "default" in [queue["name"] for queue in body["data"]["queues"]]


def test_ping_needs_no_credentials(server):
    answer = requests.get(f"{server.addresses['api']}/debug.ping", timeout=30)

    assert answer.status_code == 200
    assert answer.json()["meta"]["result_code"] == 200


@pytest.mark.parametrize("version", ["v1.5", "v2.13", "v2.23", "v999.0"])
def test_an_endpoint_answers_under_every_version(api, version):
    body = api.send(f"{version}/queues.get_all", json={}).json()

    assert body["meta"]["endpoint"]["requested_version"] == version.lstrip("v")
    assert body["data"]["queues"]


def test_a_get_may_carry_a_json_body(api):
    task = Task.create(api, "print(1)")

    answer = api.send("v2.23/tasks.get_by_id", method="GET", json={"task": task.id, "method": "get"})

    assert answer.json()["data"]["task"]["id"] == task.id


def test_arguments_may_stand_in_the_query(api):
    task = Task.create(api, "print(1)")

    answer = api.send(f"tasks.get_by_id?task={task.id}", method="GET")

    assert answer.json()["data"]["task"]["id"] == task.id


def test_a_body_may_be_compressed(api):
    task = Task.create(api, "print(1)")
    body = gzip.compress(json.dumps({"task": task.id}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}

    answer = api.send("tasks.get_by_id", headers=headers, data=body)

    assert answer.json()["data"]["task"]["id"] == task.id


def test_a_batch_of_events_comes_as_json_lines(api):
    task = Task.create(api, "print(1)")
    lines = [
        json.dumps({"type": "log", "task": task.id, "level": "info", "msg": f"line {number}", "timestamp": number})
        for number in range(1, 51)
    ]

    answer = api.send_lines("events.add_batch", lines)

    assert (answer["added"], answer["errors"]) == (50, 0)
    assert task.log().splitlines() == [f"line {number}" for number in range(1, 51)]


def test_unknown_fields_are_ignored(api):
    task_id = api.call("tasks.create", name="unknown", type="training", no_such_field={"a": [1]}, method="get")["id"]

    assert "no_such_field" not in api.call("tasks.get_by_id", task=task_id)["task"]


@pytest.mark.parametrize(
    ("endpoint", "request_", "code", "subcode", "names"),
    [
        ("no_service.no_action", {}, 404, 0, "no_service.no_action"),
        ("tasks.create", {}, 400, 12, "name"),
        ("tasks.create", {"name": "x"}, 400, 12, "type"),
        ("tasks.create", {"name": ["x"], "type": "training"}, 400, 12, "name"),
        ("tasks.create", {"name": "x", "type": "no_such_type"}, 400, 12, "type"),
        ("tasks.get_by_id", {"task": "0" * 32}, 400, 101, "0" * 32),
        ("queues.get_next_task", {"queue": "0" * 32}, 400, 701, "0" * 32),
        ("workers.register", {}, 400, 12, "worker"),
    ],
)
def test_bad_input_gets_the_protocols_error_and_says_what_is_wrong(api, endpoint, request_, code, subcode, names):
    with pytest.raises(ApiError) as raised:
        api.call(endpoint, **request_)

    assert (raised.value.code, raised.value.subcode) == (code, subcode)
    assert names in raised.value.message


@pytest.mark.parametrize("body", [b'{"task": ', b"[" * 100_000, b"\xff\xfe", b'"text"', b"nul"])
def test_a_body_that_is_no_json_object_is_refused(api, body):
    answer = api.send("tasks.get_by_id", headers={"Content-Type": "application/json"}, data=body)

    assert answer.status_code == 400
    assert answer.json()["meta"]["result_code"] == 400


@pytest.mark.parametrize(
    ("headers", "subcode"),
    [({}, 20), ({"Authorization": "Bearer not.a.token"}, 30), ({"Authorization": "Digest x"}, 10)],
)
def test_a_call_without_valid_credentials_is_refused(server, headers, subcode):
    answer = requests.post(f"{server.addresses['api']}/tasks.get_all", headers=headers, json={}, timeout=30)

    assert answer.status_code == 401
    assert answer.json()["meta"]["result_subcode"] == subcode


def test_a_wrong_secret_is_refused(server):
    with pytest.raises(ApiError) as raised:
        Api(server.addresses["api"], ACCESS_KEY, "wrong").call("tasks.get_all")

    assert (raised.value.code, raised.value.subcode) == (401, 22)


def test_the_web_port_serves_the_page_the_api_and_the_files(server):
    web = server.addresses["web"].rstrip("/")

    page = requests.get(web, timeout=30)
    ping = requests.get(f"{web}/api/debug.ping", timeout=30)
    files = requests.get(f"{web}/files/", timeout=30)

    assert page.status_code == 200
    assert "text/html" in page.headers["Content-Type"]
    assert ping.json()["meta"]["result_code"] == 200
    assert files.status_code == 200


def test_a_queued_task_that_is_stopped_leaves_its_queue(api):
    queue = api.call("queues.create", name="stopping")["id"]
    task = Task.create(api, "print(1)").enqueue("stopping")

    task.stop()

    assert task.status == "stopped"
    assert api.call("queues.get_by_id", queue=queue)["queue"]["entries"] == []


def test_a_caller_that_hung_up_gets_no_task(api, server):
    queue = api.call("queues.create", name="hung up")["id"]
    address = urlsplit(server.addresses["api"])
    body = json.dumps({"queue": queue, "wait_ms": 50_000}).encode()
    head = (
        f"POST /queues.get_next_task HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
        f"Authorization: {api.headers['Authorization']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(head.encode() + body)
    task = Task.create(api, "print(1)").enqueue("hung up")

    assert api.call("queues.get_next_task", queue=queue, wait_ms=10_000)["entry"]["task"] == task.id


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"runtime": 5}, "runtime"),
        ({"execution": {"parameters": 5}}, "execution.parameters"),
        ({"script": {"requirements": 5}}, "script.requirements"),
    ],
)
def test_a_field_of_the_wrong_type_is_named_and_stored_nowhere(api, fields, name):
    task = Task.create(api, "print(1)")

    with pytest.raises(ApiError) as error:
        api.call("tasks.edit", task=task.id, **fields)

    assert (error.value.code, error.value.subcode) == (400, 12)
    assert name in str(error.value)


def test_user_properties_are_noted_on_a_running_task(api):
    task = Task.create(api, "print(1)")
    api.call("tasks.started", task=task.id)
    properties = [{"section": "properties", "name": "x", "value": "1"}]

    api.call("tasks.edit_hyper_params", task=task.id, hyperparams=properties)

    assert task.record()["hyperparams"]["properties"]["x"]["value"] == "1"
    with pytest.raises(ApiError):
        api.call("tasks.edit_hyper_params", task=task.id, hyperparams=[{"section": "Args", "name": "x", "value": "1"}])


def test_a_body_over_the_limit_is_refused_as_such(api):
    answer = requests.post(api.url + "/tasks.get_all", headers=api.headers, data=b" " * (65 << 20), timeout=60)

    assert answer.status_code == 413


def test_a_cookie_opens_downloads_and_nothing_else(api, server):
    token = api.headers["Authorization"].split()[1]
    cookies = {"clearml_token_basic": token}

    assert requests.get(server.addresses["files"] + "/none", cookies=cookies, timeout=30).status_code == 404
    assert requests.delete(server.addresses["files"] + "/none", cookies=cookies, timeout=30).status_code == 401
    refused = requests.get(api.url + "/tasks.create?name=abc&type=training", cookies=cookies, timeout=30)
    assert refused.status_code == 401


@pytest.mark.parametrize("name", ["auth.login", "login.logout", "login.use_link"])
def test_only_the_page_changes_the_cookie_of_a_browser(api, name):
    def cookie(**headers):
        body = {"code": api.call("auth.create_login_link")["link"].partition("#link=")[2]} if name == "login.use_link" else {}
        answer = api.send(name, json=body, headers=headers)
        assert answer.ok
        return answer.headers.get("Set-Cookie")

    assert cookie() is None
    assert "HttpOnly; SameSite=Strict" in cookie(**{"X-Stint-Page": "1"})


def test_a_file_is_sent_once_and_asks_nobody_for_anything(api, server):
    address = f"{server.addresses['files']}/once/page.html"
    uploaded = requests.post(
        server.addresses["files"], files={"once/page.html": ("page.html", "<img src='http://example.com/x.png'>", "text/html")},
        headers=api.headers, timeout=30)
    assert uploaded.ok
    answer = requests.get(address, headers=api.headers, timeout=30)

    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = requests.get(address, headers={**api.headers, "If-None-Match": answer.headers["ETag"]}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")


def test_a_log_is_downloaded_as_a_file(api):
    task = Task.create(api, "print(1)")
    lines = [{"type": "log", "task": task.id, "level": "info", "msg": f"line {number}"} for number in range(3)]
    api.send_lines("events.add_batch", [json.dumps(line) for line in lines])

    answer = api.send("events.download_task_log", json={"task": task.id, "line_type": "text", "line_format": "{msg}"})

    assert answer.text == "line 0\nline 1\nline 2\n"
    assert f"task_{task.id}.log" in answer.headers["Content-Disposition"]
    assert api.send("events.download_task_log", json={"task": "0" * 32}).json()["meta"]["result_subcode"] == 101
