"""How a task's code gets to the machine: over HTTP and SSH, with passwords that nobody sees, with its submodules."""

import json
import os
import subprocess
import sys

import pytest

from harness.githost import GitHost
from harness.repository import Repository
from harness.tasks import Task

LOGIN = ("somebody", "s3cret-git-pass")

# Says where the code came from, and looks for the password in all that a task can read.
MAIN = """
import os, subprocess, sys
print("message", open("message.txt").read().strip())
print("origin", subprocess.check_output(["git", "remote", "get-url", "origin"], text=True).strip())
config = open(".git/config").read()
print("secret in config", "s3cret" in config, "in environment", any("s3cret" in v for v in os.environ.values()))
"""


@pytest.fixture
def host(tmp_path):
    host = GitHost(tmp_path, LOGIN)
    yield host
    host.close()


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "main", {"main.py": MAIN, "message.txt": "first\n"})


@pytest.fixture
def run(api, machine):
    """Runs a task to its end and returns its log."""

    def run(script, status="completed", **settings):
        task = Task.create(api, script=script)
        machine.execute(task, **settings).wait(status)
        run.task = task
        return task.log()

    return run


def everything_about(task):
    """The record and the log as one text."""
    return json.dumps(task.record()) + task.log()


@pytest.mark.parametrize(
    "settings",
    [
        {"git_user": LOGIN[0], "git_pass": LOGIN[1]},
        {"git_user": LOGIN[0], "git_pass": LOGIN[1], "git_host": "127.0.0.1"},
        {"git.extra_credentials": "HOST", "git_user": "other", "git_pass": "wrong-password"},
        {"CLEARML_AGENT_GIT_USER": LOGIN[0], "CLEARML_AGENT_GIT_PASS": LOGIN[1]},
    ],
    ids=["for every host", "for one host", "among others", "by variables"],
)
def test_a_password_reaches_the_host_and_nobody_else(run, host, repository, settings):
    settings = dict(settings)
    if settings.pop("git.extra_credentials", None):
        settings["git__extra_credentials"] = json.dumps(
            [{"user": LOGIN[0], "pass": LOGIN[1], "host": host.host.split(":")[0]}]
        )

    log = run(repository.script("main.py", repository=host.address(repository)), **settings)

    assert "message first" in log
    assert f"origin {host.address(repository)}" in log
    assert "secret in config False in environment False" in log
    assert LOGIN[1] not in everything_about(run.task)


def test_a_password_for_another_host_is_not_sent(run, host, repository):
    settings = {"git_user": LOGIN[0], "git_pass": LOGIN[1], "git_host": "git.example.com"}

    log = run(repository.script("main.py", repository=host.address(repository)), status="failed", **settings)

    assert "It wants credentials" in log
    assert host.served == 0


def test_a_password_may_be_for_the_beginning_of_addresses(run, host, repository):
    settings = {"git_user": LOGIN[0], "git_pass": LOGIN[1], "git_host_match_prefix": True}
    script = repository.script("main.py", repository=host.address(repository))

    assert "message first" in run(script, git_host=f"http://{host.host}/main", **settings)
    assert "It wants credentials" in run(script, "failed", git_host=f"http://{host.host}/other", **settings)


def test_a_wrong_password_is_told_without_being_shown(run, host, repository):
    script = repository.script("main.py", repository=host.address(repository))

    log = run(script, status="failed", git_user="somebody", git_pass="wr0ng-password")

    assert "It wants credentials" in log and host.address(repository) in log
    assert "wr0ng-password" not in everything_about(run.task)


def test_a_password_in_the_address_of_the_record_is_used_and_not_shown_again(run, host, repository):
    log = run(repository.script("main.py", repository=host.address(repository, LOGIN)))

    assert "message first" in log
    assert f"origin {host.address(repository)}" in log
    assert LOGIN[1] not in log


def test_submodules_come_from_the_same_host_with_the_same_password(run, host, tmp_path):
    inner = Repository(tmp_path / "inner", {"inner.txt": "of the inner one\n"})
    middle = Repository(tmp_path / "middle", {"middle.txt": "of the middle one\n"})
    middle.add_submodule(host.address(inner), "deep/inner", inner)
    outer = Repository(tmp_path / "outer", {"main.py": "print(open('lib/deep/inner/inner.txt').read())\n"})
    # An address relative to that of the outer repository.
    outer.add_submodule("../../middle/origin.git", "lib", middle)
    script = outer.script("main.py", repository=host.address(outer))

    first = run(script, git_user=LOGIN[0], git_pass=LOGIN[1])
    served = host.served
    again = run(script, git_user=LOGIN[0], git_pass=LOGIN[1])

    assert "of the inner one" in first and "of the inner one" in again
    assert host.served == served, "what is here already was fetched again"


SSH = """#!{python}
import os, sys
with open({log!r}, "a") as log:
    print(*sys.argv[1:], file=log)
os.execvp("sh", ["sh", "-c", sys.argv[-1]])
"""


def test_files_in_git_lfs_are_there_and_fetched_once(run, host, tmp_path):
    repository = Repository(tmp_path / "large", {"main.py": "print(len(open('weights.bin', 'rb').read()), 'bytes')"})
    for arguments in (["install", "--local"], ["track", "*.bin"]):
        subprocess.run(["git", "lfs", *arguments], cwd=repository.path, check=True)
    repository.push({"weights.bin": bytes(100_000)})
    assert b"git-lfs" in subprocess.check_output(["git", "show", "HEAD:weights.bin"], cwd=repository.path)
    script = repository.script("main.py", repository=host.address(repository))

    for _ in range(2):
        log = run(script, git_user=LOGIN[0], git_pass=LOGIN[1])

        assert "Fetching files of Git LFS." in log
        assert "100000 bytes" in log
        assert LOGIN[1] not in everything_about(run.task)
    downloads = [request for request in host.requests if "/info/lfs/" in request.path and request.method == "GET"]
    assert len([request for request in downloads if request.headers.get("Authorization")]) == 1


@pytest.fixture
def ssh(tmp_path):
    """A program in place of ssh that runs on this machine what git asks another one for, and notes how it was called."""
    program, log = tmp_path / "ssh", tmp_path / "ssh.log"
    program.write_text(SSH.format(python=sys.executable, log=str(log)))
    program.chmod(0o755)
    log.touch()
    program_log = type("SSH", (), {"command": str(program), "calls": property(lambda _: log.read_text())})
    return program_log()


def test_a_repository_is_reached_by_ssh(run, ssh, repository):
    script = repository.script("main.py", repository=f"git@git.example.com:{repository.origin}")

    assert "message first" in run(script, GIT_SSH_COMMAND=ssh.command)
    assert "git@git.example.com" in ssh.calls


def test_addresses_over_https_become_those_of_ssh_where_the_agent_is_set_so(run, ssh, repository):
    script = repository.script("main.py", repository=f"https://git.example.com{repository.origin}")
    settings = {"force_git_ssh_protocol": True, "force_git_ssh_port": 2222, "force_git_ssh_user": "mirror"}

    assert "message first" in run(script, GIT_SSH_COMMAND=ssh.command, **settings)
    assert "-p 2222" in ssh.calls and "mirror@git.example.com" in ssh.calls


def test_addresses_over_ssh_become_those_of_https_where_there_is_a_password(run, host, repository):
    name = host.host.split(":")[0]
    path = host.address(repository).split(host.host)[1]
    settings = {"git_user": LOGIN[0], "git_pass": LOGIN[1], "translate_ssl_replacement_scheme": "http"}
    # The port of SSH says nothing about that of HTTP; git is told where the latter is.
    variables = {
        "GIT_CONFIG_COUNT": 1,
        "GIT_CONFIG_KEY_0": f"url.http://{host.host}/.insteadOf",
        "GIT_CONFIG_VALUE_0": f"http://{name}/",
    }

    log = run(repository.script("main.py", repository=f"git@{name}:{path}"), **settings, **variables)

    assert "message first" in log


def test_a_change_with_binary_and_renamed_files_is_applied(run, tmp_path):
    code = "import os; print(len(open('data.bin', 'rb').read()), sorted(os.listdir('.')))"
    repository = Repository(tmp_path, {"main.py": code, "data.bin": bytes(range(256)), "old.txt": "text\n" * 20})
    (repository.path / "data.bin").write_bytes(bytes(range(256)) * 3)
    subprocess.run(["git", "mv", "old.txt", "new name.txt"], cwd=repository.path, check=True)
    diff = subprocess.check_output(["git", "diff", "HEAD", "--binary", "-M"], cwd=repository.path, text=True)

    log = run(repository.script("main.py", diff=diff))

    assert "768 [" in log and "'new name.txt'" in log and "old.txt" not in log


def test_a_binary_file_that_the_record_only_names_is_left_as_it_was_committed(run, tmp_path):
    code = "print(len(open('data.bin', 'rb').read()), 'committed')"
    repository = Repository(tmp_path, {"main.py": code, "data.bin": bytes(range(256))})
    repository.edit("main.py", "'committed'", "'changed'")
    (repository.path / "data.bin").write_bytes(bytes(range(256)) * 3)
    diff = subprocess.check_output(["git", "diff"], cwd=repository.path, text=True)
    assert "Binary files" in diff

    log = run(repository.script("main.py", diff=diff))

    assert "256 changed" in log
    assert "data.bin" in log


def test_arguments_of_the_entry_point_and_modules_with_variables(run, tmp_path):
    repository = Repository(
        tmp_path, {"main.py": "import sys; print('arguments', sys.argv[1:])", "package/__main__.py": "import main\n"}
    )

    assert "arguments ['--rate', '0.1']" in run(repository.script("main.py --rate 0.1"))
    log = run(repository.script("-m package --workers $WORKERS"), WORKERS=3)
    assert "arguments ['--workers', '3']" in log


def test_a_notebook_runs_as_a_script(run, tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# Title"], "metadata": {}},
        {"cell_type": "code", "source": ["a = 20\n", "b = 22"], "metadata": {}, "outputs": [], "execution_count": 1},
        {"cell_type": "code", "source": "%matplotlib inline\nprint('sum', a + b)", "metadata": {}, "outputs": []},
    ]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    cells[2]["source"] = "print('sum', a + b)"
    plain = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    repository = Repository(tmp_path, {"magic.ipynb": notebook, "plain.ipynb": plain})

    assert "sum 42" in run(repository.script("plain.ipynb", requirements={"pip": "# none\n"}))


def test_a_shell_may_run_a_command(run, tmp_path):
    repository = Repository(tmp_path, {"message.txt": "from a file\n"})

    log = run(repository.script('-c cat message.txt && echo "and $((40 + 2))"', binary="/bin/bash"))

    assert "from a file" in log and "and 42" in log


def test_the_machines_owner_may_have_other_code_run(run, tmp_path, repository):
    code = tmp_path / "code"
    code.mkdir()
    (code / "main.py").write_text("print('of the machine')")
    (code / "tools").mkdir()
    (code / "tools" / "other.py").write_text("import os; print('another one, in', os.path.basename(os.getcwd()))")
    script = repository.script("main.py", repository="https://git.example.com/never/asked.git")

    assert "of the machine" in run(script, CLEARML_AGENT_FORCE_CODE_DIR=code)
    log = run(
        script, CLEARML_AGENT_FORCE_CODE_DIR=code, CLEARML_AGENT_FORCE_EXEC_SCRIPT="tools:other.py"
    )
    assert "another one, in tools" in log


def test_no_process_has_a_password_in_its_arguments(server, tmp_path, host, repository, run):
    seen = tmp_path / "arguments"
    # Every program that git starts goes through here: what is there to be seen is written down.
    spy = tmp_path / "spy" / "git-remote-http"
    spy.parent.mkdir()
    real = subprocess.check_output(["git", "--exec-path"], text=True).strip()
    spy.write_text(
        f'#!/bin/sh\nfor p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline; echo; done >> {seen} 2>/dev/null\n'
        f'exec {real}/git-remote-http "$@"\n'
    )
    spy.chmod(0o755)
    for name in os.listdir(real):
        if name != spy.name:
            (spy.parent / name).symlink_to(f"{real}/{name}")

    run(
        repository.script("main.py", repository=host.address(repository)),
        git_user=LOGIN[0],
        git_pass=LOGIN[1],
        GIT_EXEC_PATH=spy.parent,
    )

    arguments = seen.read_text(errors="replace")
    assert "git" in arguments
    assert LOGIN[1] not in arguments
