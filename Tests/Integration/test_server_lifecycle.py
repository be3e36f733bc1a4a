"""Starting, stopping, and what survives."""

import re
import stat

import pytest
import requests

from harness.api import Api
from harness.server import Server
from harness.tasks import Task


@pytest.fixture
def new_server(tmp_path):
    """A server without a preset key, not yet started."""
    server = Server(tmp_path, preset_key=False)
    try:
        yield server
    finally:
        server.end()


def credentials(config_file):
    text = config_file.read_text()
    return [re.search(rf'"?{name}"?\s*[:=]\s*"([^"]+)"', text)[1] for name in ("access_key", "secret_key")]


def test_the_first_start_makes_a_key_that_works_and_prints_it_once(new_server):
    new_server.start()

    key, secret = credentials(new_server.config_file)
    assert new_server.process.output().count(secret) == 1
    assert stat.S_IMODE(new_server.config_file.stat().st_mode) == 0o600
    Api(new_server.addresses["api"], key, secret).call("tasks.get_all")

    new_server.terminate()
    new_server.start()

    assert new_server.process.output().count(secret) == 1
    assert credentials(new_server.config_file) == [key, secret]
    Api(new_server.addresses["api"], key, secret).call("tasks.get_all")


def test_the_configuration_file_names_every_address(new_server):
    new_server.start()

    text = new_server.config_file.read_text()

    for address in new_server.addresses.values():
        assert address.rstrip("/") in text


def test_sigterm_ends_it_with_exit_code_0(new_server):
    new_server.start()

    assert new_server.terminate() == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{new_server.addresses['api']}/debug.ping", timeout=5)


def test_the_secret_is_not_stored_in_clear(new_server):
    new_server.start()
    _, secret = credentials(new_server.config_file)
    new_server.terminate()

    stored = [path for path in new_server.data.rglob("*") if path.is_file() and path != new_server.config_file]

    assert stored
    assert not [path for path in stored if secret.encode() in path.read_bytes()]


def test_what_was_answered_survives_kill_9(own_server):
    api = own_server.api
    ids = [api.call("tasks.create", name=f"task {number}", type="training")["id"] for number in range(20)]
    task = Task(api, ids[-1]).enqueue()
    api.call("events.add", type="log", task=task.id, level="info", msg="kept", timestamp=1)
    upload = requests.post(
        own_server.addresses["files"], headers=api.headers, files={"kept/a.txt": ("kept/a.txt", b"kept")}, timeout=30
    )

    own_server.kill()
    own_server.start()

    assert upload.status_code == 200
    found = own_server.api.call("tasks.get_all", id=ids, only_fields=["id", "name"])["tasks"]
    assert {found_task["id"] for found_task in found} == set(ids)
    task = Task(own_server.api, task.id)
    assert task.status == "queued"
    assert task.log() == "kept\n"
    file = requests.get(f"{own_server.addresses['files']}/kept/a.txt", headers=own_server.api.headers, timeout=30)
    assert file.content == b"kept"
