"""The file server, as the SDK uses it."""

import os

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
