"""`stint agent init`, answered through a pipe."""

import json
import stat
import subprocess
from urllib.parse import urlsplit

import pytest

from harness.process import STINT, clean_environment


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def init(home):
    """Runs the wizard on some lines of input; `code` is what it should end with."""

    def run(*lines, code=0, **environment):
        done = subprocess.run(
            [STINT, "agent", "init"],
            input="".join(f"{line}\n" for line in lines),
            env=clean_environment(home, **environment),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def configuration(home):
    """The file that the wizard writes, as the agent reads it."""

    def read():
        shown = subprocess.run(
            [STINT, "agent", "config"], env=clean_environment(home), capture_output=True, text=True, check=True
        )
        return shown.stdout

    return read


def snippet(server, **other):
    keys = {"access_key": server.api.key, "secret_key": server.api.secret} | other
    return (
        "api {",
        f'  web_server: {server.addresses["web"]}',
        f'  api_server: {server.addresses["api"]}',
        f'  files_server: {server.addresses["files"]}',
        "  credentials {",
        *(f'    "{name}" = "{value}"' for name, value in keys.items()),
        "  }",
        "}",
    )


def test_a_pasted_snippet_becomes_a_file_that_works(init, configuration, server, home):
    told = init(*snippet(server), "me", "git-token", "https://packages.example.com/simple", "")

    file = home / "clearml.conf"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "accepts the key" in told
    assert server.api.secret not in told and "git-token" not in told
    text = configuration()
    for expected in (server.addresses["files"], 'git_user: "me"', "https://packages.example.com/simple"):
        assert expected in text
    listed = subprocess.run([STINT, "agent", "list"], env=clean_environment(home), capture_output=True, text=True)
    assert listed.returncode == 0, listed.stderr


def test_json_and_an_address_are_enough_where_the_input_ends(init, configuration, server):
    keys = json.dumps({"access_key": server.api.key, "secret_key": server.api.secret})

    init(keys, server.addresses["api"])

    text = configuration()
    for address in server.addresses.values():
        assert address.rstrip("/") in text


def test_keys_are_asked_for_where_nothing_is_pasted(init, configuration, server):
    init("", server.api.key, server.api.secret, server.addresses["api"], "")

    assert server.api.key in configuration() or "access_key" in configuration()


def test_a_wrong_key_is_asked_for_again(init, configuration, server):
    told = init(*snippet(server, secret_key="not-it"), server.api.key, server.api.secret, "")

    assert "does not accept the access key" in told
    assert "accepts the key" in told
    assert server.addresses["api"] in configuration()


def test_no_file_is_written_where_the_server_lets_nobody_in(init, server, home):
    told = init(*snippet(server, secret_key="not-it"), code=1)

    assert "does not accept the access key" in told
    assert not (home / "clearml.conf").exists()


def test_an_address_without_a_server_is_asked_for_again(init, server, configuration):
    dead = json.dumps({"api": {"api_server": "http://127.0.0.1:1", "credentials": {"access_key": server.api.key,
                       "secret_key": server.api.secret}}})

    told = init(dead, server.addresses["api"], "")

    assert "http://127.0.0.1:1 cannot be reached" in told
    assert server.addresses["api"] in configuration()


def test_the_address_of_the_page_is_recognised(init, server):
    keys = json.dumps({"access_key": server.api.key, "secret_key": server.api.secret})

    told = init(keys, server.addresses["web"], code=1)

    assert urlsplit(server.addresses["web"]).netloc in told
    assert "not as a ClearML server" in told


@pytest.mark.parametrize("content", ["", "api {}"])
def test_a_file_that_is_there_is_never_overwritten(init, server, home, content):
    home.mkdir()
    (home / "clearml.conf").write_text(content)

    told = init(*snippet(server), "", code=1)

    assert "never overwritten" in told
    assert (home / "clearml.conf").read_text() == content
