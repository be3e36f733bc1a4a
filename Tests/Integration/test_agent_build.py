"""`stint agent build`: a task's code and environment in a folder, ready to run without the agent."""

import shutil
import subprocess

import pytest

from harness.process import clean_environment
from harness.repository import Repository
from harness.tasks import Task

SHOWS_ITSELF = """
import os, sys, six
print("six", six.__version__)
print("task", os.environ["CLEARML_TASK_ID"], "arguments", sys.argv[1:], "debug", __debug__)
"""


@pytest.fixture
def build(make_agent, tmp_path):
    """Builds a task into `target` and returns what was said; `code` is what it should end with."""
    agent = make_agent()

    def run(task, *arguments, target=tmp_path / "target", code=0):
        process = agent.run("build", "--id", task.id, "--target", target, *arguments)
        assert (process.wait(120) == 0) == (code == 0), process.output()
        return process.output()

    run.agent = agent
    return run


def start(target, home, *arguments):
    """What the script in the folder prints."""
    done = subprocess.run(
        [target / "run.sh", *arguments], env=clean_environment(home), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_built_task_runs_without_the_agent(build, api, tmp_path):
    task = Task.create(api, SHOWS_ITSELF, requirements="six==1.16.0\n")
    before = task.record()

    told = build(task)
    shutil.rmtree(build.agent.cache, ignore_errors=True)

    assert str(tmp_path / "target" / "run.sh") in told
    shown = start(tmp_path / "target", tmp_path / "home", "--rate", "a b")
    assert "six 1.16.0" in shown
    assert f"task {task.id} arguments ['--rate', 'a b'] debug True" in shown
    assert task.record() == before


def test_code_of_a_repository_is_whole_without_the_cache(build, api, tmp_path):
    repository = Repository(tmp_path, {"main.py": "print('message', 'committed')\n"})
    repository.edit("main.py", "'committed'", "'changed'")
    task = Task.create(api, script=repository.script("main.py"))

    build(task)
    shutil.rmtree(build.agent.cache)
    shutil.rmtree(repository.origin)

    target = tmp_path / "target"
    assert "message changed" in start(target, tmp_path / "home")
    git = subprocess.run(["git", "diff", "HEAD"], cwd=target / "code", capture_output=True, text=True)
    assert git.returncode == 0, git.stderr
    assert "+print('message', 'changed')" in git.stdout


def test_python_is_told_to_optimise(build, api, tmp_path):
    build(Task.create(api, "print('debug', __debug__)"), "-O")

    assert "debug False" in start(tmp_path / "target", tmp_path / "home")


def test_no_secret_is_in_the_folder(build, server, tmp_path):
    build(Task.create(server.api, "pass"), "--git-user", "me", "--git-pass", "git-token")

    for file in (tmp_path / "target").rglob("*"):
        if file.is_file() and "environment" not in file.relative_to(tmp_path / "target").parts:
            content = file.read_bytes()
            assert server.api.secret.encode() not in content and b"git-token" not in content, file


def test_a_folder_that_holds_something_is_refused(build, api, tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "precious").write_text("mine")

    told = build(Task.create(api, "pass"), code=1)

    assert "is not empty" in told
    assert [file.name for file in target.iterdir()] == ["precious"]


def test_a_build_that_fails_says_why_and_leaves_an_empty_folder(build, api, tmp_path):
    told = build(Task.create(api, "pass", requirements="stint-no-such-package==0.0.1\n"), code=1)

    assert "stint-no-such-package" in told
    assert list((tmp_path / "target").iterdir()) == []


def test_a_task_that_does_not_exist_is_named(build, api, tmp_path):
    task = Task(api, "0" * 32)

    assert task.id in build(task, code=1)
    assert not (tmp_path / "target").exists()
