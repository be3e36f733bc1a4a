"""Whatever is sent to a server is answered with what was wrong: no 5xx, no hang, nothing about how it is made."""

import base64
import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from harness.description import Description
from harness.hostile import LEAKS, RAW, TEXTS, Fuzzer, Hostile
from harness.server import ACCESS_KEY, SECRET_KEY
from harness.tasks import Task
from harness.waiting import wait_until

SEED = int(os.environ.get("HOSTILE_SEED") or 20_260)
COUNT = int(os.environ.get("HOSTILE_COUNT") or 4)
DEADLINE = 20


@pytest.fixture(scope="module")
def description(server):
    return Description(requests.get(f"{server.addresses['api']}/openapi.json", timeout=30).json())


@pytest.fixture
def fuzzer(server):
    fuzzer = Fuzzer(server.api, DEADLINE)
    yield fuzzer
    assert server.process.is_running
    assert server.api.call("debug.ping")


@pytest.fixture
def known(api):
    """What exists, so that a request gets beyond the first look-up."""
    task = Task.create(api, "print(1)").id
    return {
        "task": task,
        "id": task,
        "queue": api.call("queues.create", name="hostile")["id"],
        "project": api.call("projects.create", name="hostile")["id"],
        "model": api.call("models.create", name="hostile", uri="file:///x")["id"],
        "worker": "hostile:0",
    }


def send_all(calls):
    """Sends `(function, arguments…)` from a few callers at once."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda call: call[0](*call[1:]), calls))


def test_wrong_values_in_every_field_are_no_server_error(description, known, fuzzer):
    hostile = Hostile(description, SEED, known)

    send_all(
        (fuzzer.send, name, request) for name in description.names for request in hostile.requests(name, count=COUNT)
    )

    fuzzer.check()


def test_a_value_of_the_wrong_type_is_refused_with_the_field_s_name(description, known, fuzzer):
    hostile = Hostile(description, SEED, known)
    json_type = "application/json"

    def names(field):
        def fault(meta):
            if meta["result_code"] // 100 != 4:
                return f"{field} of the wrong type was taken"
            return None if field in meta["result_msg"] else f"{field} is not named"

        return fault

    send_all(
        (fuzzer.send, name, request, json_type, names(field))
        for name in description.names
        for field, request in hostile.wrong_types(name)
    )

    fuzzer.check()


def test_bodies_that_are_no_requests_are_no_server_error(description, fuzzer):
    types = ["application/json", "application/json-lines", "application/x-www-form-urlencoded"]

    send_all(
        (fuzzer.send, name, body, types[(index + shift) % len(types)])
        for shift, name in enumerate(description.names)
        for index, body in enumerate(RAW)
    )

    fuzzer.check()


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*)*x", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_catastrophic_pattern_is_answered_in_time(api, pattern):
    api.call("tasks.create", name="a" * 60 + "!", type="testing")
    api.call("projects.create", name=("a" * 60 + "!") + pattern.replace("/", ""))

    for name in ("tasks.get_all", "tasks.get_all_ex", "projects.get_all", "projects.get_all_ex", "models.get_all"):
        for request in ({"name": pattern}, {"_any_": {"fields": ["name", "comment"], "pattern": pattern}}):
            answer = api.send(name, json=request, headers={"Connection": "close"})
            assert answer.status_code in (200, 400)
            assert answer.elapsed.total_seconds() < DEADLINE


def test_hostile_texts_are_kept_as_they_are(api):
    texts = [text for text in TEXTS if "\x00" not in text and text != "\ud800"]
    for text in [f"{number} {text} end" for number, text in enumerate(texts)]:
        hyperparams = {text: {text: {"section": text, "name": text, "value": text}}}
        task = api.call("tasks.create", name=text, type="testing", comment=text, tags=[text], hyperparams=hyperparams)
        record = api.call("tasks.get_by_id", task=task["id"])["task"]

        assert (record["name"], record["comment"], record["tags"]) == (text, text, [text])
        assert record["hyperparams"] == hyperparams
        assert api.call("tasks.get_all", name=[text], only_fields=["id"])["tasks"] == [task]
        assert api.call("tasks.get_all", tags=[text], only_fields=["id"])["tasks"] == [task]


def test_nul_is_refused_in_names_and_replaced_in_values(api):
    refused = api.send("tasks.create", json={"name": "a\0b", "type": "testing"})
    item = {"section": "Args", "name": "sep", "value": "a\0b"}
    task = api.call("tasks.create", name="nul", type="testing", comment="c\0", hyperparams={"Args": {"sep": item}})["id"]
    unknown = api.send("tasks.get_by_id", json={"task": task + "\0"})

    assert (refused.status_code, unknown.status_code) == (400, 400)
    assert "'name'" in refused.json()["meta"]["result_msg"]
    record = api.call("tasks.get_by_id", task=task)["task"]
    assert (record["comment"], record["hyperparams"]["Args"]["sep"]["value"]) == ("c\ufffd", "a\ufffdb")


def test_the_good_lines_of_a_batch_land_and_the_bad_ones_are_named(api):
    task = Task.create(api, "print(1)")

    def line(text, **members):
        event = {"type": "log", "task": task.id, "level": "info", "msg": text, "timestamp": 1, **members}
        return json.dumps(event).encode()

    bad = {
        b"{": "Line 2 ",
        b"nonsense": "Line 4 ",
        b"[]": "not an object",
        b"17": "not an object",
        b"null": "not an object",
        b'"text"': "not an object",
        b"\xff\xfe\x00": "Line 14 ",
        b'{"type": "log"}': "'task'",
        b'{"type": "no such", "task": "%s"}' % task.id.encode(): "type",
        b'{"type": 3, "task": {}}': "type",
        b'{"type": "log", "task": "' + b"f" * 32 + b'", "msg": "x"}': "Invalid task id",
        b'{"type": "log", "task": "%s", "msg": 3}' % task.id.encode(): "'msg'",
        b"[" * 5000: "Line 26 ",
        line("x", timestamp="yesterday"): "'timestamp'",
        line("x", timestamp=1e300): "'timestamp'",
        line("x", timestamp=-(2**62)): "'timestamp'",
        line("x", type="training_stats_scalar", value=1, iter=2**63 - 1024): "'iter'",
        line("x", type="training_stats_scalar", value="high", iter=1): "'value'",
        line("x", type="plot", metric=3): "'metric'",
    }
    lines = [part for index, text in enumerate(bad) for part in (line(f"good {index}"), text)]

    answer = api.send(
        "events.add_batch", data=b"\n".join(lines), headers={"Content-Type": "application/json-lines"}
    ).json()

    assert answer["meta"]["result_code"] == 200
    assert (answer["data"]["added"], answer["data"]["errors"]) == (len(bad), len(bad))
    assert sum(answer["data"]["errors_info"].values()) == len(bad)
    reasons = "\n".join(answer["data"]["errors_info"])
    assert [name for name in bad.values() if name not in reasons] == []
    assert sorted(task.log().splitlines()) == sorted(f"good {index}" for index in range(len(bad)))


def test_points_far_apart_are_drawn(api):
    task = Task.create(api, "print(1)").id
    iterations = [*range(30), 2**53]
    point = {"type": "training_stats_scalar", "task": task, "metric": "m", "variant": "v", "value": 1, "timestamp": 1}
    api.send_lines("events.add_batch", [json.dumps({**point, "iter": iteration}) for iteration in iterations])

    curve = api.call("events.scalar_metrics_iter_histogram", task=task, samples=1)["m"]["v"]

    assert (curve["x"][0], curve["x"][-1]) == (0, 2**53)


def test_deeply_nested_values_can_be_read_again(api):
    def nested(depth):
        return {"a": nested(depth - 1)} if depth else 1

    task = Task.create(api, "print(1)")
    for depth in (90, 150):
        sent = api.send("tasks.set_requirements", json={"task": task.id, "requirements": {"pip": nested(depth)}})
        assert sent.status_code == (200 if depth == 90 else 400)
    assert task.record()["script"]["requirements"] == {"pip": nested(90)}


class TestCredentials:
    """Tokens and keys that are none."""

    @staticmethod
    def send(server, authorization, **headers):
        return requests.post(
            f"{server.addresses['api']}/users.get_current_user",
            headers={"Authorization": authorization, **headers},
            json={},
            timeout=DEADLINE,
        )

    def test_forged_tokens_are_refused(self, server):
        head, body, signature = server.api.token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))

        def part(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        forged = [
            f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
            f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.{signature}",
            f"{part({'alg': 'RS256', 'typ': 'JWT'})}.{body}.{signature}",
            f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': '../../dev/null'})}.{body}.{signature[:-4]}AAAA",
            f"{head}.{part({**claims, 'exp': 2**40})}.{signature}",
            f"{head}.{part({**claims, 'identity': {**claims['identity'], 'role': 'superuser'}})}.{signature}",
            f"{head}.{part([1, 2])}.{signature}",
            f"{head}.{body}.",
            f"{head}.{body}",
            f"{head}.{body}.{signature}.{signature}",
            "..",
            "x",
            "",
            "A" * 4000,
            "\u00ff\u00fe",
        ]

        for token in forged:
            answer = self.send(server, f"Bearer {token}".encode("latin-1"))
            assert answer.status_code == 401, token
            assert answer.json()["meta"]["result_code"] == 401
            assert not LEAKS.search(answer.text), answer.text

    def test_an_expired_token_is_refused_as_such(self, server):
        answer = requests.post(
            f"{server.addresses['api']}/auth.login",
            auth=(ACCESS_KEY, SECRET_KEY),
            json={"expiration_sec": 1},
            timeout=DEADLINE,
        )
        token = answer.json()["data"]["token"]

        meta = wait_until("the token has expired", lambda: self.refusal(server, f"Bearer {token}"))

        assert meta["result_subcode"] == 30
        assert "expired" in meta["result_msg"]

    @classmethod
    def refusal(cls, server, authorization):
        answer = cls.send(server, authorization)
        return None if answer.status_code == 200 else answer.json()["meta"]

    def test_keys_that_are_none_are_refused(self, server):
        def basic(text):
            return "Basic " + base64.b64encode(text).decode()

        pairs = [
            *[b"", b":", b"nobody", b"nobody:", f"{ACCESS_KEY}:".encode(), f"{ACCESS_KEY}:x".encode()],
            *[f"{ACCESS_KEY}\0:{SECRET_KEY}".encode(), f"{ACCESS_KEY}:{SECRET_KEY}\0".encode(), b"\xff\xfe:\xff"],
            *[b"' OR 1=1 --:' OR 1=1 --", b"a" * 3000 + b":b"],
        ]
        headers = [basic(pair) for pair in pairs] + ["Basic", "Basic ====", "Basic \u00e9", "Digest x", "", "Bearer"]

        for header in headers:
            answer = self.send(server, header.encode("latin-1"))
            assert answer.status_code == 401, header
            assert not LEAKS.search(answer.text), answer.text


class TestFiles:
    """The file server, asked for what it must not give."""

    PATHS = [
        *["../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "a/../../b", "a\\..\\b"],
        *["%00", "a%00b", "%", "%zz", "%ff%fe", "%c0%ae%c0%ae/etc/passwd", "a" * 5000, "/".join("a" * 2000), "..;/x"],
        *["' OR 1=1 --", "data/stint.sqlite", "//etc/passwd", "incoming/x"],
    ]

    def test_no_path_leads_out(self, server, api):
        for path in self.PATHS:
            for method in ("GET", "HEAD", "DELETE"):
                answer = raw_request(server.addresses["files"], method, f"/{path}", api.headers)
                assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 404", b"HTTP/1.1 414")), (method, path, answer[:200])
                assert b"root:" not in answer
        assert server.process.is_running

    def test_uploads_that_are_none_are_refused(self, server, api):
        part = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n--B--\r\n'
        form = "multipart/form-data; boundary=B"
        uploads = [
            *[(form, b""), (form, b"--B\r\n"), (form, b"--B"), (form, (part % b"a")[:-6])],
            *[(form, part % b"../x"), (form, part % b"a\x00b"), (form, part % b""), (form, part % (b"a" * 5000))],
            *[("multipart/form-data", part % b"a"), ("text/plain", b"x"), ("", b""), (form + "B" * 300, part % b"a")],
            *[(form, b"--B\r\n" + b"h" * 20_000), (form, b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n")],
        ]

        for content_type, body in uploads:
            answer = requests.post(
                server.addresses["files"], data=body, headers={**api.headers, "Content-Type": content_type}, timeout=DEADLINE
            )
            assert 400 <= answer.status_code < 500, (content_type, body[:80], answer.text)
            assert not LEAKS.search(answer.text), answer.text

    def test_lists_to_delete_that_are_none_are_refused(self, server, api):
        for body in [*RAW, b'{"files": 3}', b'{"files": [3]}', b'{"files": null}', b'{"files": {"a": 1}}']:
            answer = requests.post(
                f"{server.addresses['files']}/delete_many", data=body, headers=api.headers, timeout=DEADLINE
            )
            assert 400 <= answer.status_code < 500, (body[:80], answer.text)
            assert not LEAKS.search(answer.text), answer.text
            if body.startswith(b'{"files"'):
                assert "files" in answer.text


def raw_request(address, method, path, headers=(), body=b""):
    """The answer's first bytes to a request that no client would send."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *(f"{k}: {v}" for k, v in dict(headers).items())]
    return raw_exchange(address, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


def raw_exchange(address, sent):
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=DEADLINE) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65_536):
                answer += chunk
                if len(answer) > 100_000:
                    break
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    return answer


def test_broken_http_ends_in_a_refusal(server, api):
    token = api.headers["Authorization"].encode()
    login = b"Authorization: " + token + b"\r\n"
    sent = [
        b"",
        b"\x00" * 1000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 500,
        b"GET\r\n\r\n",
        b"GET /debug.ping HTTP/9.9\r\n\r\n",
        b"GET /debug.ping HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /debug.ping HTTP/1.1\r\nHost: x\r\n" + b"X-Y: z\r\n" * 20_000 + b"\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /tasks.get_all HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n" + login + b"\r\n{}",
        b"POST /tasks.get_all HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n" + login + b"\r\n{}",
        b"POST /tasks.get_all HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n" + login + b"\r\n{}",
        b"POST /tasks.get_all HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + login + b"\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"POST /tasks.get_all HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n" + login + b"\r\n{}",
        b"POST /tasks.get_all?name=%ff%00&name=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + login + b"\r\n",
        b"POST /v999999999999999999999.9/debug.ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /v2.x/debug.ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /%2e%2e/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + login + b"\r\n",
        b"BREW /debug.ping/../.. HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ]

    for listener in ("api", "web", "files"):
        for request in sent:
            answer = raw_exchange(server.addresses[listener], request)
            assert not answer.startswith(b"HTTP/1.1 5"), (listener, request[:100], answer[:300])
            assert not LEAKS.search(answer.decode("latin-1").partition("<")[0]), (listener, request[:100], answer[:500])
    assert server.process.is_running
    assert api.call("debug.ping")
