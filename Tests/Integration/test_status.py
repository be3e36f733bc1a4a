"""What operators and their programs see of a server: health, metrics, logs, limits."""

import json
import re
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from harness.api import Api
from harness.server import ACCESS_KEY, SECRET_KEY, Server


@pytest.fixture
def serve(tmp_path):
    """Starts a server with flags."""
    started = []

    def start(*flags):
        server = Server(tmp_path, flags=flags)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.end()


def get(server, path, door="api", **options):
    return requests.get(server.addresses[door] + path, timeout=30, **options)


def metric(text, name, **labels):
    """The value of one sample."""
    for line in text.splitlines():
        found = re.fullmatch(rf"{name}(?:{{(.*)}})? (\S+)", line)
        if found and dict(re.findall(r'(\w+)="([^"]*)"', found[1] or "")) == labels:
            return float(found[2])
    raise AssertionError(f"no {name} {labels} in\n{text}")


def test_health_needs_no_login(server):
    for door, prefix in (("api", ""), ("web", "/api")):
        assert get(server, f"{prefix}/health", door).json() == {"status": "ok"}
        assert get(server, f"{prefix}/ready", door).json() == {"status": "ready"}
    assert get(server, "/debug.ping").json()["meta"]["result_code"] == 200


def test_metrics_are_for_those_with_the_token_or_an_administrators_key(server, api):
    token = (server.data / "metrics.token").read_text()
    user = api.call("auth.create_user", name="a user", email="user@example.com")["id"]
    user_token = api.call("auth.get_token_for_user", user=user)["token"]

    def status(**options):
        return get(server, "/metrics", **options).status_code

    assert status() == 401
    assert status(headers={"Authorization": f"Bearer {user_token}"}) == 401
    assert status(headers={"Authorization": "Bearer wrong"}) == 401
    assert status(headers={"Authorization": f"Bearer {token}"}) == 200
    assert status(auth=(ACCESS_KEY, SECRET_KEY)) == 200
    assert get(server, "/tasks.get_all", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_metrics_count_what_is_done(serve):
    server = serve("--open-metrics")
    task = server.api.call("tasks.create", name="a task", type="training")["id"]
    queue = server.api.call("queues.create", name="measured")["id"]
    server.api.call("tasks.enqueue", task=task, queue=queue)
    server.api.send_lines("events.add_batch", [json.dumps({"type": "log", "task": task, "msg": "x"})] * 3)
    requests.post(server.addresses["files"], headers=server.api.headers, files={"a": ("a", b"12345")}, timeout=30)
    assert server.api.send("tasks.get_by_id", json={"task": "none"}).status_code == 400
    assert server.api.send("no.such_endpoint").status_code == 404

    text = get(server, "/metrics").text

    labels = {"listener": "api", "endpoint": "tasks.get_by_id"}
    assert metric(text, "stint_http_requests_total", status="400", **labels) == 1
    assert metric(text, "stint_http_request_duration_seconds_count", **labels) == 1
    assert metric(text, "stint_http_requests_total", listener="api", endpoint="unknown", status="404") == 1
    assert metric(text, "stint_http_requests_total", listener="files", endpoint="upload", status="200") == 1
    assert metric(text, "stint_events_added_total") == 3
    assert metric(text, "stint_file_received_bytes_total") == 5
    assert metric(text, "stint_files") == 1
    assert metric(text, "stint_store_bytes", part="files") == 5
    assert metric(text, "stint_tasks", status="queued") == 1
    assert metric(text, "stint_queue_length", queue="measured") == 1
    assert metric(text, "process_resident_memory_bytes") > 1e6


def test_an_answer_its_header_and_the_log_name_the_same_request(serve):
    server = serve("--log-format", "json", "--log-level", "info")

    answer = server.api.send("tasks.get_by_id", json={"task": "none"}, headers={"X-ClearML-Trx": "mine"})

    id = answer.json()["meta"]["id"]
    assert answer.headers["X-Request-Id"] == id
    server.terminate()
    lines = [json.loads(line) for line in server.process.output().splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line.get("id") == id]
    assert (line["message"], line["status"], line["path"]) == ("request", 400, "/tasks.get_by_id")
    assert (line["trx"], line["address"], line["level"]) == ("mine", "127.0.0.1", "info")
    assert line["user"]


def test_a_caller_that_sends_too_much_is_told_to_wait(serve):
    server = serve("--max-rate", "2")
    answers = [server.api.send("users.get_current_user") for _ in range(40)]

    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    for answer in refused:
        assert answer.status_code == 429
        assert answer.json()["meta"]["result_code"] == 429
        assert "wait" in answer.json()["meta"]["result_msg"]
        assert answer.headers["Retry-After"] == "1"
    files = [requests.get(server.addresses["files"] + "/a", headers=server.api.headers, timeout=30) for _ in range(20)]
    assert {answer.status_code for answer in files} >= {429}
    # Somebody else is not held up.
    assert get(server, "/debug.ping").status_code == 200


def test_a_large_request_is_refused_with_the_limit(serve):
    server = serve("--max-request-mb", "1")

    answer = server.api.send("tasks.create", json={"name": "x" * (1 << 20), "type": "training"})

    assert answer.status_code == 413
    assert "1048576 bytes" in answer.json()["meta"]["result_msg"]


def test_the_link_that_opens_the_page_is_not_written_to_a_log_again_and_again(tmp_path):
    server = Server(tmp_path, preset_key=False)
    try:
        server.start()
        server.terminate()
        assert server.process.output().count("#link=") == 1
        server.start()
        assert server.process.output().count("#link=") == 1
        assert server.process.output().count("The page: ") == 2
    finally:
        server.end()


def test_a_server_takes_all_the_connections_that_the_system_lets_it_have(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard), hard))
    server = Server(tmp_path, flags=["--open-metrics"])
    try:
        text = get(server.start(), "/metrics").text
        assert metric(text, "process_max_fds") == hard
    finally:
        server.end()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_preset_key_is_not_printed(serve):
    assert SECRET_KEY not in serve().process.output()


def test_a_key_that_was_preset_works(serve):
    server = serve()
    assert Api(server.addresses["api"], ACCESS_KEY, SECRET_KEY).call("users.get_current_user")


def test_guessing_a_password_is_slowed_down_and_nothing_else(serve):
    server = serve()
    user = server.api.call("auth.create_user", name="a user", email="user@example.com")["id"]
    server.api.call("auth.set_password", user=user, username="someone", password="right password")
    login = f"{server.addresses['api']}/auth.login"

    def guess(number):
        return requests.post(login, auth=("someone", f"guess {number}"), json={}, timeout=60).status_code

    with ThreadPoolExecutor(40) as guessers:
        assert set(guessers.map(guess, range(40))) == {401, 429}
    assert requests.post(login, auth=(ACCESS_KEY, SECRET_KEY), json={}, timeout=30).status_code == 200
