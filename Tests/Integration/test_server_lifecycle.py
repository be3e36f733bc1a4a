"""Starting, stopping, and what survives."""

import re
import socket
import stat

import pytest
import requests

from harness.api import Api
from harness.process import STINT, Process, clean_environment
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


@pytest.mark.parametrize("verb", ["server", "up"])
def test_a_server_that_cannot_start_says_why_and_ends(tmp_path, verb):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [STINT, verb, "--data-dir", tmp_path / "data", "--api-port", port, "--web-port", 0, "--files-port", 0]
        process = Process(verb, command, clean_environment(tmp_path / "home"), tmp_path / "log")

        assert process.wait(30) == 1
        assert f"cannot listen on 127.0.0.1:{port} (Address already in use)" in process.output()


def test_a_port_file_that_cannot_be_written_ends_the_server(tmp_path):
    command = [STINT, "server", "--data-dir", tmp_path / "data", "--port-file", tmp_path / "none" / "ports"]
    command += ["--api-port", 0, "--web-port", 0, "--files-port", 0]
    process = Process("server", command, clean_environment(tmp_path / "home"), tmp_path / "log")

    assert process.wait(30) == 1
    assert "cannot write" in process.output()


def test_the_databases_are_their_owners_alone_in_an_open_folder(tmp_path):
    server = Server(tmp_path)
    server.data.mkdir(mode=0o755)
    try:
        server.start()
        files = [file for file in server.data.rglob("*") if file.is_file()]
        assert len(files) > 5
        assert not [file for file in files if file.stat().st_mode & 0o077]
    finally:
        server.end()
