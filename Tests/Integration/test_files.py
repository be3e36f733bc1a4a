"""The file server, as the SDK uses it."""

import os
from pathlib import Path

import pytest
import requests


@pytest.fixture
def files(server):
    """Sends to the file server with credentials."""

    def send(method, path="", **options):
        url = server.addresses["files"].rstrip("/") + path
        return requests.request(method, url, headers=server.api.headers, timeout=60, **options)

    return send


def upload(files, path, content):
    return files("POST", files={path: (path, content)})


def test_an_uploaded_file_comes_back_as_it_was(files):
    content = os.urandom(3_000_000)

    answer = upload(files, "project/task.1/artifacts/data.bin", content)

    assert answer.status_code == 200
    assert answer.json() == ["project/task.1/artifacts/data.bin"]
    assert files("GET", "/project/task.1/artifacts/data.bin").content == content


def test_an_address_may_be_percent_encoded(files):
    upload(files, "a project/täsk/x y.txt", b"text")

    assert files("GET", "/a%20project/t%C3%A4sk/x%20y.txt").content == b"text"


def test_a_second_upload_replaces_the_first(files):
    upload(files, "replaced/a.txt", b"first")
    upload(files, "replaced/a.txt", b"second")

    assert files("GET", "/replaced/a.txt").content == b"second"


def test_a_download_is_an_attachment_when_asked(files):
    upload(files, "download/a.txt", b"text")

    assert "attachment" in files("GET", "/download/a.txt?download").headers["Content-Disposition"]


def test_a_deleted_file_is_gone(files):
    upload(files, "deleted/a.txt", b"text")

    assert files("DELETE", "/deleted/a.txt").status_code == 200
    assert files("GET", "/deleted/a.txt").status_code == 404
    assert files("DELETE", "/deleted/a.txt").status_code == 404


def test_deleting_one_of_two_equal_files_keeps_the_other(files):
    upload(files, "equal/a.txt", b"the same text")
    upload(files, "equal/b.txt", b"the same text")

    files("DELETE", "/equal/a.txt")

    assert files("GET", "/equal/b.txt").content == b"the same text"


@pytest.mark.parametrize("path", ["../outside.txt", "a/../../outside.txt", "/../outside.txt"])
def test_a_path_cannot_leave_the_store(files, server, path):
    upload(files, path, b"text")

    assert not list(server.folder.glob("outside.txt"))
    assert not list(server.data.glob("outside.txt"))


def test_the_store_cannot_be_read_around(server, files):
    encoded = files("GET", "/%2e%2e/%2e%2e/clearml.conf")
    plain = files("GET", "/..%2fclearml.conf")

    for answer in (encoded, plain):
        assert answer.status_code in (400, 404)
        assert server.api.secret.encode() not in answer.content


def test_a_file_needs_credentials(server, files):
    upload(files, "private/a.txt", b"text")

    answer = requests.get(f"{server.addresses['files']}/private/a.txt", timeout=30)

    assert answer.status_code == 401


def test_equal_contents_lie_on_the_disk_once(server, files):
    content = os.urandom(100_000)
    for name in ("once/a.bin", "once/b.bin"):
        upload(files, name, content)

    kept = [path for path in (server.data / "files").rglob("*") if path.is_file() and path.read_bytes() == content]

    assert len(kept) == 1
    files("DELETE", "/once/a.bin")
    files("DELETE", "/once/b.bin")
    assert not kept[0].exists()


@pytest.mark.parametrize(
    ("header", "part"),
    [("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89"), ("bytes=8-100", b"89")],
)
def test_a_part_of_a_file_is_downloaded(server, files, header, part):
    upload(files, "ranges/a.txt", b"0123456789")
    url = server.addresses["files"].rstrip("/") + "/ranges/a.txt"

    answer = requests.get(url, headers={**server.api.headers, "Range": header}, timeout=30)

    assert (answer.status_code, answer.content) == (206, part)
    assert answer.headers["Content-Range"].endswith("/10")
    refused = requests.get(url, headers={**server.api.headers, "Range": "bytes=10-"}, timeout=30)
    assert refused.status_code == 416


def test_many_files_are_deleted_at_once(files):
    upload(files, "many/a b.txt", b"text")

    answer = files("POST", "/delete_many", json={"files": ["many/a%20b.txt", "many/none.txt"]}).json()

    assert answer["deleted"] == {"many/a%20b.txt": "many/a b.txt"}
    assert list(answer["errors"]) == ["many/none.txt"]
    assert files("GET", "/many/a b.txt").status_code == 404


def test_memory_stays_flat_while_large_files_come_and_go(own_server):
    size = 64 << 20
    delimiter = b"--X"
    head = delimiter + b'\r\nContent-Disposition: form-data; name="large.bin"; filename="large.bin"\r\n\r\n'

    def body():
        yield head
        for _ in range(size >> 16):
            yield bytes(1 << 16)
        yield b"\r\n" + delimiter + b"--\r\n"

    url = own_server.addresses["files"].rstrip("/")
    headers = own_server.api.headers
    before = peak_memory(own_server.process.pid)
    form = {**headers, "Content-Type": "multipart/form-data; boundary=X"}
    assert requests.post(url, data=body(), headers=form, timeout=120).json() == ["large.bin"]
    readers = [requests.get(f"{url}/large.bin", headers=headers, stream=True, timeout=60) for _ in range(3)]
    with readers[0] as reader:
        assert sum(len(piece) for piece in reader.iter_content(1 << 16)) == size
    for reader in readers:
        reader.close()

    assert peak_memory(own_server.process.pid) - before < size


def peak_memory(pid):
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) << 10
