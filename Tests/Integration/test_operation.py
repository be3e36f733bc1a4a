"""Backup, restore, doctor and upgrades, as an operator does them."""

import json
import sqlite3
import subprocess
import threading

import pytest
import requests

from harness.process import STINT, clean_environment
from harness.server import Server
from harness.waiting import wait_until


@pytest.fixture
def operate(tmp_path):
    """Runs `stint server …` to its end."""

    def run(*arguments, code=0):
        finished = subprocess.run(
            [STINT, "server", *map(str, arguments)],
            env=clean_environment(tmp_path / "home"),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert finished.returncode == code, finished.stdout + finished.stderr
        return finished.stdout + finished.stderr

    return run


@pytest.fixture
def doctor(operate):
    """What the doctor says of a folder: the findings that are not good, by check."""

    def run(data, *arguments, code=0):
        report = json.loads(operate("doctor", "--data-dir", data, "--json", *arguments, code=code))
        assert report["healthy"] == (code == 0)
        return {found["check"]: found for found in report["findings"] if found["level"] != "good"}

    return run


def upload(server, path, content):
    answer = requests.post(
        server.addresses["files"], headers=server.api.headers, files={path: (path, content)}, timeout=30
    )
    assert answer.status_code == 200
    return answer


class Writer(threading.Thread):
    """A client that makes tasks, each with a line of log and a file, and deletes every third file again."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.made = []
        self.stopped = threading.Event()
        self.first_ten = threading.Event()

    def run(self):
        while not self.stopped.is_set():
            number = len(self.made)
            task = self.server.api.call("tasks.create", name=f"task {number}", type="training")["id"]
            self.server.api.call("events.add", type="log", task=task, level="info", msg=f"line of {task}")
            upload(self.server, f"{task}/a.txt", f"content of {task}".encode())
            if number % 3 == 0:
                address = f"{self.server.addresses['files']}/{task}/a.txt"
                requests.delete(address, headers=self.server.api.headers, timeout=30)
            self.made.append(task)
            if len(self.made) >= 10:
                self.first_ten.set()

    def stop(self):
        self.stopped.set()
        self.join(30)


def test_a_backup_taken_while_a_client_writes_is_whole(own_server, operate, doctor, tmp_path):
    writer = Writer(own_server)
    writer.start()
    try:
        assert writer.first_ten.wait(60)
        before = list(writer.made)
        operate("backup", tmp_path / "backup.tar", "--data-dir", own_server.data)
        assert len(writer.made) > len(before)
    finally:
        writer.stop()
    own_server.terminate()

    restored = Server(tmp_path / "restored")
    operate("restore", tmp_path / "backup.tar", "--data-dir", restored.data)
    assert doctor(restored.data, "--read-contents") == {}
    try:
        api = restored.start().api
        tasks = api.call("tasks.get_all", only_fields=["id"], page_size=500, page=0)["tasks"]
        assert {task["id"] for task in tasks} >= set(before)
        for number, task in enumerate(before):
            assert [event["msg"] for event in api.call("events.get_task_log", task=task)["events"]] == [f"line of {task}"]
            file = requests.get(f"{restored.addresses['files']}/{task}/a.txt", headers=api.headers, timeout=30)
            assert file.status_code == (404 if number % 3 == 0 else 200)
            assert number % 3 == 0 or file.text == f"content of {task}"
    finally:
        restored.end()


def test_a_backup_is_an_archive_that_tar_reads(own_server, operate, tmp_path):
    upload(own_server, "a.txt", b"content")
    operate("backup", tmp_path / "backup.tar", "--data-dir", own_server.data)

    listed = subprocess.run(["tar", "-tf", tmp_path / "backup.tar"], capture_output=True, text=True, check=True)

    assert {"stint.sqlite", "events.sqlite", "token.key"} <= set(listed.stdout.splitlines())


def test_tokens_of_the_old_server_open_the_restored_one(own_server, operate, tmp_path):
    token = own_server.api.token
    operate("backup", tmp_path / "backup.tar", "--data-dir", own_server.data)
    own_server.terminate()
    restored = Server(tmp_path / "restored", preset_key=False)
    operate("restore", tmp_path / "backup.tar", "--data-dir", restored.data)
    try:
        restored.start()
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.get(f"{restored.addresses['api']}/users.get_current_user", headers=headers, timeout=30)
        assert answer.status_code == 200
    finally:
        restored.end()


def test_a_backup_overwrites_nothing_and_a_restore_wants_an_empty_folder(own_server, operate, tmp_path):
    operate("backup", tmp_path / "backup.tar", "--data-dir", own_server.data)

    assert "exists already" in operate("backup", tmp_path / "backup.tar", "--data-dir", own_server.data, code=1)
    assert "in use" in operate("restore", tmp_path / "backup.tar", "--data-dir", own_server.data, code=1)
    own_server.terminate()
    assert "not empty" in operate("restore", tmp_path / "backup.tar", "--data-dir", own_server.data, code=1)


def test_the_doctor_finds_a_damaged_content_and_an_orphan(own_server, doctor):
    upload(own_server, "a.txt", b"content")
    assert doctor(own_server.data) == {}
    own_server.terminate()
    (content,) = [path for path in (own_server.data / "files").rglob("*") if path.is_file()]

    content.write_bytes(b"CONTENT")
    assert doctor(own_server.data) == {}
    assert doctor(own_server.data, "--read-contents", code=1)["contents"]["examples"] == ["a.txt"]

    content.write_bytes(b"content")
    orphan = content.with_name("0" * 64)
    orphan.write_bytes(b"nobody's")
    assert doctor(own_server.data)["contents"]["examples"] == [str(orphan.relative_to(own_server.data))]

    orphan.unlink()
    content.unlink()
    assert "restore" in doctor(own_server.data, code=1)["contents"]["message"]


@pytest.mark.parametrize("name", ["stint.sqlite", "events.sqlite"])
def test_the_doctor_finds_a_broken_database(own_server, doctor, name):
    own_server.terminate()
    with (own_server.data / name).open("r+b") as file:
        file.write(b"Z" * 4096)

    assert name in doctor(own_server.data, code=1)["records" if name == "stint.sqlite" else "events"]["message"]


@pytest.mark.parametrize("name", ["stint.sqlite", "events.sqlite"])
def test_a_folder_of_a_newer_version_is_refused_with_a_sentence(own_server, operate, doctor, name):
    own_server.terminate()
    with sqlite3.connect(own_server.data / name) as database:
        database.execute("INSERT INTO grdb_migrations VALUES ('99 from the future')")
    database.close()

    told = operate("--data-dir", own_server.data, "--api-port", 0, "--web-port", 0, "--files-port", 0, code=1)
    assert f"{name} was written by a newer version of Stint" in told
    assert "newer version" in doctor(own_server.data, code=1)["records" if name == "stint.sqlite" else "events"]["message"]


def test_a_folder_without_data_is_named(operate, tmp_path):
    for verb in (["backup", tmp_path / "b.tar"], ["doctor"]):
        assert "holds no data of a server" in operate(*verb, "--data-dir", tmp_path, code=1)


def test_what_ended_long_ago_goes_where_that_is_asked_for_and_the_doctor_tells(tmp_path, operate):
    server = Server(tmp_path)
    try:
        api = server.start().api
        old, new = (api.call("tasks.create", name=name, type="training")["id"] for name in ("old", "new"))
        for task in (old, new):
            api.call("tasks.started", task=task)
            api.call("events.add", type="log", task=task, level="info", msg="a line")
            api.call("tasks.completed", task=task)
        server.terminate()
        with sqlite3.connect(server.data / "stint.sqlite") as database:
            update = "UPDATE tasks SET doc = json_set(doc, '$.last_update', '2020-01-01T00:00:00.000000+00:00') WHERE id = ?"
            database.execute(update, [old])
        database.close()

        server = Server(tmp_path, flags=["--keep-events", "30"])
        api = server.start().api
        wait_until("the old line goes", lambda: not api.call("events.get_task_log", task=old)["events"])
        assert [event["msg"] for event in api.call("events.get_task_log", task=new)["events"]] == ["a line"]

        def told():
            return operate("doctor", "--data-dir", server.data)

        gone = "events go 30 days after their task's last change (1 are gone"
        wait_until("the doctor knows that it went", lambda: gone in told())
        assert "artifacts are kept for ever" in told()
    finally:
        server.end()
