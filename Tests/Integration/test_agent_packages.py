"""Which packages a task gets: by its record, its repository and the agent's settings, with the tools that people use."""

import hashlib
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from harness.index import Index
from harness.packages import Wheels
from harness.process import VENV_BIN
from harness.repository import Repository
from harness.tasks import Task

SHOW = """
import importlib, sys
for name in {names!r}.split():
    try:
        print(name, importlib.import_module(name).version)
    except ImportError:
        print(name, "is missing")
"""


@pytest.fixture
def wheels(tmp_path):
    wheels = Wheels(tmp_path / "wheels")
    wheels.add("alpha", "1.0")
    wheels.add("alpha", "2.0")
    wheels.add("beta", "1.0", requires=["alpha<2"])
    wheels.add("gamma", "1.0")
    return wheels


@pytest.fixture
def run(api, machine):
    """Runs code with requirements and settings to its end, and returns its log."""

    def run(code=None, status="completed", script=None, requirements="", **settings):
        task = Task.create(api, code, script=script, requirements=requirements)
        machine.execute(task, **settings).wait(status)
        run.task = task
        return task.log()

    return run


def test_a_record_without_packages_takes_those_of_every_folder_down_to_the_script(run, wheels, tmp_path):
    files = {
        "requirements.txt": f"{wheels.options}alpha==1.0\n",
        "deep/requirements.txt": "-r more/others.txt\n-c pins.txt\n",
        "deep/more/others.txt": "gamma\nbeta\n",
        "deep/pins.txt": "alpha<2\n",
        "deep/main.py": SHOW.format(names="alpha beta gamma"),
    }
    repository = Repository(tmp_path, files)

    log = run(script=repository.script("main.py", working_dir="deep"))

    assert {"alpha 1.0", "beta 1.0", "gamma 1.0"} <= set(log.splitlines())
    assert "requirements.txt and deep/requirements.txt" in log


def test_what_the_record_lists_comes_first_unless_the_agent_is_set_otherwise(run, wheels, tmp_path):
    repository = Repository(
        tmp_path, {"requirements.txt": f"{wheels.options}gamma\n", "main.py": SHOW.format(names="alpha gamma")}
    )
    script = repository.script("main.py", requirements={"pip": f"{wheels.options}alpha==2.0\n"})

    assert {"alpha 2.0", "gamma is missing"} <= set(run(script=script).splitlines())
    forced = run(script=script, package_manager__force_repo_requirements_txt=True)
    assert {"alpha is missing", "gamma 1.0"} <= set(forced.splitlines())


@pytest.mark.parametrize("manager", ["pip", "uv"])
def test_the_index_is_only_asked_where_there_is_something_to_choose(run, wheels, manager):
    def asked(requirements, seen):
        before = len(index.requests)
        log = run(SHOW.format(names="alpha beta gamma"), requirements=requirements, **settings)
        assert set(seen) <= set(log.splitlines())
        return len(index.requests) > before

    with closing(Index(wheels)) as index:
        settings = {"package_manager__type": manager, "PIP_INDEX_URL": index.address}
        assert asked("beta==1.0\ngamma\n", ["alpha 1.0", "beta 1.0", "gamma 1.0"])
        assert not asked("alpha==1.0\nbeta == 1.0 ; python_version > '3'\n", ["alpha 1.0", "beta 1.0", "gamma is missing"])
        # alpha is not listed, may be of any version, or is another one.
        assert asked("beta==1.0\n", ["alpha 1.0", "beta 1.0"])
        assert asked("alpha\nbeta==1.0\n", ["alpha 1.0", "beta 1.0"])
        assert asked("alpha==2.0\n", ["alpha 2.0"])
        assert asked("alpha==2.0\nbeta==1.0\n", ["alpha 2.0", "beta 1.0"])


def test_a_list_that_leaves_no_choice_still_comes_from_the_better_of_two_indexes(run, wheels, tmp_path):
    more = Wheels(tmp_path / "more")
    more.add("alpha", "1.0+cu118")
    with closing(Index(wheels)) as index, closing(Index(more)) as extra:
        settings = {"PIP_INDEX_URL": index.address, "PIP_FIND_LINKS": ""}
        assert "alpha 1.0" in run(SHOW.format(names="alpha"), requirements="alpha==1.0\n", **settings).splitlines()

        log = run(SHOW.format(names="alpha"), requirements="alpha==1.0\n", PIP_EXTRA_INDEX_URL=extra.address, **settings)

        assert "alpha 1.0+cu118" in log.splitlines()


def test_what_a_dependency_asks_for_by_an_extra_is_installed(run, wheels):
    wheels.add("delta", "1.0", requires=["gamma ; extra == 'more'"], extras=["more"])
    wheels.add("epsilon", "1.0", requires=["delta[more]"])
    with closing(Index(wheels)) as index:
        for requirements in ("delta==1.0\ngamma==1.0\n", "epsilon==1.0\ndelta\n", "epsilon==1.0\ndelta==1.0\n"):
            log = run(SHOW.format(names="gamma"), requirements=requirements, PIP_INDEX_URL=index.address)
            assert "gamma 1.0" in log.splitlines()


@pytest.mark.parametrize("manager", ["pip", "uv"])
def test_packages_that_contradict_each_other_are_installed_as_listed(run, wheels, manager):
    requirements = f"{wheels.options}alpha==2.0\nbeta==1.0\n"

    log = run(SHOW.format(names="alpha beta"), requirements=requirements, package_manager__type=manager)

    assert {"alpha 2.0", "beta 1.0"} <= set(log.splitlines())
    assert "contradict" in log


def test_hashes_are_checked(run, wheels):
    digest = hashlib.sha256(wheels.add("delta", "1.0").read_bytes()).hexdigest()
    requirement = f"{wheels.options}delta==1.0 --hash=sha256:"

    assert "delta 1.0" in run(SHOW.format(names="delta"), requirements=requirement + digest)
    log = run("pass", status="failed", requirements=requirement + "0" * 64)
    assert "hash" in log.lower()


def test_markers_and_flags_of_pip_count_whatever_installs(run, wheels):
    requirements = f"{wheels.options}alpha==1.0 ; python_version >= '3'\ngamma ; python_version < '3'\nbeta\n"

    log = run(
        SHOW.format(names="alpha beta gamma"),
        requirements=requirements,
        package_manager__extra_pip_install_flags="--no-deps --no-cache-dir",
    )

    assert {"alpha 1.0", "beta 1.0", "gamma is missing"} <= set(log.splitlines())
    assert "with uv, in place of pip" in log


def test_a_flag_that_only_pip_has_is_left_to_pip(run, wheels):
    log = run(
        SHOW.format(names="gamma"),
        requirements=f"{wheels.options}gamma\n",
        package_manager__extra_pip_install_flags="--root-user-action ignore --use-feature=fast-deps",
    )

    assert "gamma 1.0" in log
    assert "with pip." in log


def test_optional_packages_may_fail_and_the_others_may_not(run, wheels):
    requirements = f"{wheels.options}alpha==1.0\nmissing-first\ngamma\nmissing-last\n"
    settings = {
        "package_manager__priority_packages": '["alpha"]',
        "package_manager__priority_optional_packages": '["missing-first"]',
        "package_manager__post_optional_packages": '["missing-last"]',
    }

    log = run(SHOW.format(names="alpha gamma"), requirements=requirements, **settings)

    assert {"alpha 1.0", "gamma 1.0"} <= set(log.splitlines())
    assert "missing-first cannot be installed and is left out" in log
    assert "missing-last cannot be installed and is left out" in log
    assert "missing-first" in run("pass", status="failed", requirements=requirements)


PACKAGE = {
    "pyproject.toml": """
        [build-system]
        requires = ["setuptools"]
        build-backend = "setuptools.build_meta"
        [project]
        name = "mine"
        version = "0.1"
        [tool.setuptools]
        py-modules = ["mine"]
    """.replace("        ", ""),
}


def test_a_package_of_the_repository_is_the_one_of_the_tasks_own_commit(run, tmp_path):
    files = {f"lib/{name}": text for name, text in PACKAGE.items()}
    files["lib/mine.py"] = "version = 'first'\n"
    files["main.py"] = SHOW.format(names="mine") + "import six; print('six', six.__version__)\n"
    repository = Repository(tmp_path, files)
    requirements = {"pip": "six==1.16.0\n-e ./lib\n"}
    first = repository.script("main.py", requirements=requirements)
    repository.push({"lib/mine.py": "version = 'second'\n"})
    second = repository.script("main.py", requirements=requirements)

    assert "mine first" in run(script=first)
    log = run(script=second)
    assert "mine second" in log
    assert "cached" in log or os.geteuid() != 0
    assert "mine first" in run(script=first)


def test_a_package_from_a_branch_is_that_of_its_newest_commit(run, tmp_path):
    library = Repository(tmp_path / "library", PACKAGE | {"mine.py": "version = 'first'\n"})
    requirement = f"mine @ git+file://{library.origin}@main\n"
    code = SHOW.format(names="mine")

    assert "mine first" in run(code, requirements=requirement)
    assert ", cached" in run(code, requirements=requirement)
    commit = library.push({"mine.py": "version = 'second'\n"})
    assert "mine second" in run(code, requirements=requirement)
    assert commit in str(run.task.record()["script"]["requirements"]["pip"])


def test_the_interpreters_own_packages_can_be_seen_where_the_agent_is_set_so(run):
    code = "import pytest; print('pytest is', pytest.__name__)"
    settings = {"package_manager__system_site_packages": True, "python_binary": sys.executable}

    run(code, status="failed", python_binary=sys.executable)
    assert "pytest is pytest" in run(code, **settings)
    log = run(code, requirements="pytest\n", **settings)
    assert "pytest is pytest" in log


def test_nothing_is_installed_where_the_agent_is_set_so(run):
    log = run(
        "import pytest, sys; print('runs in', sys.executable)",
        requirements="no-such-package-anywhere\n",
        skip_python_env_install=True,
        python_binary=sys.executable,
    )

    assert f"runs in {os.path.realpath(sys.executable)}" in log or f"runs in {sys.executable}" in log


def test_packages_go_into_an_interpreter_that_the_agent_is_told(run, wheels, tmp_path):
    shared = tmp_path / "shared"
    subprocess.run([sys.executable, "-m", "venv", shared], check=True)

    log = run(
        SHOW.format(names="gamma") + "print('runs in', sys.prefix)\n",
        requirements=f"{wheels.options}gamma\n",
        skip_pip_venv_install=shared / "bin" / "python",
    )

    assert f"runs in {shared}" in log
    assert "gamma 1.0" in log
    assert list(shared.glob("lib/*/site-packages/gamma.py"))


def test_a_version_of_python_that_is_missing_is_replaced_and_told(run, api, machine):
    task = Task.create(
        api,
        script={"diff": "import sys; print(sys.version_info[:2])", "entry_point": "a.py", "binary": "python3.99"},
    )

    machine.execute(task, python_binary=sys.executable).wait("completed")

    assert str(sys.version_info[:2]) in task.log()
    assert "There is no python3.99" in task.log()


def other_python():
    """The home of a user who has another version of Python than this one, and its minor version."""
    home = Path.home()
    for version in sorted(home.glob(".pyenv/versions/3.*"), reverse=True):
        minor = int(version.name.split(".")[1])
        if minor != sys.version_info.minor and minor >= 8 and (version / "bin" / f"python3.{minor}").exists():
            return home, minor
    return None, None


def test_a_version_of_python_that_the_task_was_made_with_is_found(api, machine):
    home, minor = other_python()
    if minor is None:
        pytest.skip("pyenv has no other version of Python here")
    code = "import sys; print('runs', sys.version_info[:2])"
    task = Task.create(api, script={"diff": code, "entry_point": "a.py", "binary": f"python3.{minor}"})

    machine.execute(task, PYENV_ROOT=home / ".pyenv").wait("completed")

    assert f"runs (3, {minor})" in task.log()


def test_pip_itself_has_the_version_that_the_agent_is_set_to(run):
    code = "import pip; print('pip is', pip.__version__)"
    settings = {"package_manager__pip_version": '["<23 ; python_version < \'3.10\'", "<24 ; python_version >= \'3.10\'"]'}

    log = run(code, requirements="six==1.16.0\n", **settings)

    version = re.search(r"pip is (\d+)", log)
    assert int(version[1]) < 24


PROJECT = """
[project]
name = "whole-project"
version = "0.1"
requires-python = ">=3.9"
dependencies = ["six==1.16.0"]
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[tool.setuptools.packages.find]
where = ["src"]
"""
PROJECT_FILES = {
    "pyproject.toml": PROJECT,
    "src/whole/__init__.py": "version = 'of the project'\n",
    "main.py": SHOW.format(names="whole") + "import six; print('six', six.__version__)\n",
}


def test_uv_installs_a_project_by_its_lock_file(run, tmp_path):
    repository = Repository(tmp_path, PROJECT_FILES)
    subprocess.run([VENV_BIN / "uv", "lock", "--quiet"], cwd=repository.path, check=True)
    repository.push({})  # the lock file, too
    script = repository.script("main.py", requirements={"pip": "attrs\n"})

    log = run(script=script, package_manager__type="uv")

    assert {"whole of the project", "six 1.16.0"} <= set(log.splitlines())
    assert "--locked" in log
    assert "attrs" not in str(run.task.record()["script"]["requirements"]["pip"])
    assert "cached" in run(script=script, package_manager__type="uv") or os.geteuid() != 0


@pytest.fixture
def index(wheels):
    index = Index(wheels)
    yield index
    index.close()


POETRY = """
[project]
name = "whole"
version = "0.1"
requires-python = ">=3.9"
dependencies = ["alpha==1.0"]
[tool.poetry]
packages = [{{include = "whole", from = "src"}}]
[[tool.poetry.source]]
name = "here"
url = "{index}"
priority = "primary"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""


def test_poetry_installs_a_project(run, index, tmp_path):
    files = {
        "pyproject.toml": POETRY.format(index=index.address),
        "src/whole/__init__.py": "version = 'of the project'\n",
        "main.py": SHOW.format(names="whole alpha"),
    }
    repository = Repository(tmp_path, files)

    log = run(script=repository.script("main.py"), package_manager__type="poetry")

    assert {"whole of the project", "alpha 1.0"} <= set(log.splitlines())
    assert "poetry install" in log


def test_pipenv_installs_what_a_pipfile_asks_for(run, index, tmp_path):
    pipfile = f"[[source]]\nurl = '{index.address}'\nverify_ssl = false\nname = 'here'\n[packages]\nalpha = '==1.0'\n"
    repository = Repository(tmp_path, {"Pipfile": pipfile, "main.py": SHOW.format(names="alpha")})

    log = run(script=repository.script("main.py"), package_manager__type="pipenv")

    assert "alpha 1.0" in log
    assert "pipenv install" in log


def test_a_manager_without_its_files_is_pip(run, wheels):
    log = run(SHOW.format(names="gamma"), requirements=f"{wheels.options}gamma\n", package_manager__type="poetry")

    assert "gamma 1.0" in log


# conda cannot be installed where these tests run: this obeys the commands that its documentation gives, and has one
# package only.
CONDA = """#!/usr/bin/env python3
import os, subprocess, sys
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    print(*arguments, file=log)
prefix = arguments[arguments.index("--prefix") + 1]
if arguments[0] == "create":
    subprocess.run([{python!r}, "-m", "venv", prefix], check=True)
    os.mkdir(prefix + "/conda-meta")
elif arguments[0] == "install":
    names = open(arguments[arguments.index("--file") + 1]).read().split()
    unknown = [name for name in names if not name.startswith("alpha")]
    if unknown:
        print("PackagesNotFoundError: The following packages are not available from current channels:\\n", file=sys.stderr)
        for name in unknown:
            print("  -", name, file=sys.stderr)
        sys.exit(1)
    subprocess.run([prefix + "/bin/python", "-m", "pip", "install", "--quiet", *names], check=True)
elif arguments[0] == "run":
    rest = arguments[arguments.index("--prefix") + 2:]
    os.environ["ACTIVATED"] = prefix
    os.execv(rest[0], rest)
"""


def test_conda_installs_what_it_has_and_pip_the_rest(api, machine, wheels, tmp_path):
    log = tmp_path / "conda.log"
    program = tmp_path / "bin" / "conda"
    program.parent.mkdir()
    program.write_text(CONDA.format(log=str(log), python=sys.executable))
    program.chmod(0o755)
    code = SHOW.format(names="alpha gamma") + "import os; print('activated', 'ACTIVATED' in os.environ)\n"
    task = Task.create(api, code, requirements="alpha==1.0\ngamma ; python_version > '3'\n")

    machine.execute(
        task,
        package_manager__type="conda",
        package_manager__conda_channels='["here", "there"]',
        PATH=f"{program.parent}:{machine.environment['PATH']}",
        PIP_FIND_LINKS=wheels.folder,
        PIP_NO_INDEX=1,
    ).wait("completed")

    assert {"alpha 1.0", "gamma 1.0", "activated True"} <= set(task.log().splitlines())
    commands = log.read_text().splitlines()
    assert commands[0].startswith("create --yes --quiet --prefix") and "--channel here --channel there" in commands[0]
    assert [command.split()[0] for command in commands] == ["create", "install", "install", "run"]


def test_a_script_of_the_machines_owner_may_make_the_environment(run, tmp_path):
    script = tmp_path / "build.sh"
    script.write_text(
        "#!/bin/sh\n"
        'echo "building for $CLEARML_TASK_SCRIPT_ENTRY in $CLEARML_GIT_ROOT"\n'
        f'echo "print(\'built by the script\')" > "$CLEARML_GIT_ROOT/other.py"\n'
        f'printf \'{{"binary": "{sys.executable}", "entry_point": "%s/other.py", "working_dir": "%s"}}\' '
        '"$CLEARML_GIT_ROOT" "$CLEARML_GIT_ROOT" > "$CLEARML_CUSTOM_BUILD_OUTPUT"\n'
    )
    script.chmod(0o755)

    log = run("print('the task itself')", requirements="no-such-package\n", custom_build_script=script)

    assert "built by the script" in log
    assert "building for main.py" in log
    assert "the task itself" not in log.splitlines()


def test_a_build_script_that_fails_fails_the_task(run, tmp_path):
    script = tmp_path / "build.sh"
    script.write_text("#!/bin/sh\necho wrong; exit 3\n")
    script.chmod(0o755)

    log = run("print(1)", status="failed", custom_build_script=script)

    assert "exit code 3" in log
