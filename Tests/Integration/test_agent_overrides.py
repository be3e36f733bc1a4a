"""What one edits on a copy of a task reaches its code, however the code takes its parameters."""

import json
import subprocess
import sys

import pytest

from harness.packages import Wheels
from harness.repository import Repository
from harness.tasks import Task

PROGRAMS = {
    "with_argparse.py": """
import argparse
from clearml import Task

task = Task.init("overrides", "argparse", auto_resource_monitoring=False, reuse_last_task_id=False)
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--fast", action="store_true")
parser.add_argument("command", nargs="?", default="train")
arguments = parser.parse_args()
print("saw", arguments.lr, arguments.fast, arguments.command)
""",
    "with_click.py": """
import click
from clearml import Task

@click.command()
@click.option("--lr", type=float, default=0.1)
@click.option("--optimizer", default="sgd")
def main(lr, optimizer):
    print("saw", lr, optimizer)

Task.init("overrides", "click", auto_resource_monitoring=False, reuse_last_task_id=False)
main()
""",
    "with_hydra.py": """
import hydra
from clearml import Task

@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(config):
    Task.init("overrides", "hydra", auto_resource_monitoring=False, reuse_last_task_id=False)
    print("saw", config.lr, config.model.depth)

main()
""",
    "conf/config.yaml": "lr: 0.1\nmodel:\n  depth: 2\n",
    "with_connect.py": """
from clearml import Task

task = Task.init("overrides", "connect", auto_resource_monitoring=False, reuse_last_task_id=False)
settings = {"lr": 0.1, "layers": [1, 2], "model": {"depth": 2}}
task.connect(settings)
model = task.connect_configuration({"width": 8}, name="model")
print("saw", settings["lr"], settings["layers"], settings["model"]["depth"], model["width"])
""",
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return Repository(tmp_path_factory.mktemp("programs"), PROGRAMS)


@pytest.fixture
def record(server, repository):
    """Runs a program here, as its author does, and returns the task that was made of it."""

    def record(program):
        before = {task["id"] for task in server.api.call("tasks.get_all", only_fields=["id"])["tasks"]}
        subprocess.run(
            [sys.executable, program], cwd=repository.path, env=server.client_environment, check=True, timeout=120,
            capture_output=True,
        )
        (new,) = {task["id"] for task in server.api.call("tasks.get_all", only_fields=["id"])["tasks"]} - before
        return Task(server.api, new)

    return record


def copy(task, hyperparams=(), **changes):
    """A copy of a task with other values of some parameters."""
    clone = Task(task.api, task.api.call("tasks.clone", task=task.id, new_task_name="copy")["id"])
    edits = [{"section": section, "name": name, "value": value} for section, name, value in hyperparams]
    if edits:
        task.api.call("tasks.edit_hyper_params", task=clone.id, hyperparams=edits)
    if changes:
        task.api.call("tasks.edit", task=clone.id, **changes)
    return clone


# All programs share one environment, which is made once.
SAME = {"requirements": {"pip": "clearml == 2.1.12\nclick\nhydra-core\n"}}


@pytest.mark.parametrize(
    ("program", "edits", "seen"),
    [
        ("with_argparse.py", [("Args", "lr", "0.5"), ("Args", "fast", "True"), ("Args", "command", "test")], "saw 0.5 True test"),
        ("with_click.py", [("Args", "lr", "0.5"), ("Args", "optimizer", "adam")], "saw 0.5 adam"),
        ("with_hydra.py", [("Hydra", "lr", "0.5"), ("Hydra", "model.depth", "7")], "saw 0.5 7"),
        ("with_connect.py", [("General", "lr", "0.5"), ("General", "layers", "[3]"), ("General", "model/depth", "7")], "saw 0.5 [3] 7 8"),
    ],
)
def test_edited_parameters_reach_the_code(machine, record, program, edits, seen):
    original = record(program)
    names = {(section, name) for section, values in original.record()["hyperparams"].items() for name in values}
    clone = copy(original, edits, script={**original.record()["script"], **SAME})

    machine.execute(clone).wait("completed")

    assert seen in clone.log().splitlines(), f"{sorted(names)}\n{clone.log()}"


def test_an_edited_configuration_object_reaches_the_code(machine, record, api):
    original = record("with_connect.py")
    clone = copy(original, script={**original.record()["script"], **SAME})
    item = {"name": "model", "value": json.dumps({"width": 64}), "type": "json"}
    api.call("tasks.edit_configuration", task=clone.id, configuration=[item])

    machine.execute(clone).wait("completed")

    assert "saw 0.1 [1, 2] 2 64" in clone.log().splitlines()


def test_edited_requirements_are_installed(machine, api, tmp_path):
    wheels = Wheels(tmp_path / "wheels")
    wheels.add("alpha", "1.0")
    wheels.add("alpha", "2.0")
    task = Task.create(api, "import alpha\nprint('alpha', alpha.version)", requirements=f"{wheels.options}alpha==1.0\n")
    script = task.record()["script"]
    clone = copy(task, script={**script, "requirements": {"pip": f"{wheels.options}alpha==2.0\n"}})

    machine.execute(task).wait("completed")
    machine.execute(clone).wait("completed")

    assert "alpha 1.0" in task.log()
    assert "alpha 2.0" in clone.log()


TELL = "import os\nprint('told', os.environ.get('TOLD'), 'and', os.environ.get('OWN'), os.environ.get('PYTHONPATH', '').split(os.pathsep)[-1])"


def test_variables_files_and_paths_of_the_agents_settings_reach_the_task(machine, server, api, tmp_path):
    target = tmp_path / "made" / "settings.json"
    config = tmp_path / "clearml.conf"
    config.write_text(
        server.config_file.read_text()
        + """
agent.enable_task_env: true
environment { TOLD: "by the agent" }
files {
  one { path: "$FOLDER/settings.json", contents { made: [1, true] }, target_format: json, mode: "0o640" }
  two { path: "$FOLDER/decoded", contents: "aGVsbG8=", format: base64 }
  three { contents: "nowhere" }
}
"""
    )
    told = f"print(open({str(target)!r}).read(), open({str(target.parent / 'decoded')!r}).read())"
    task = Task.create(api, f"{TELL}\n{told}")
    item = {"section": "Environment", "name": "OWN", "value": "of the task"}
    api.call("tasks.edit_hyper_params", task=task.id, hyperparams=[item])

    machine.execute(
        task, CLEARML_CONFIG_FILE=config, PYTHONPATH="/of/the/machine", FOLDER=target.parent
    ).wait("completed")

    assert "told by the agent and of the task /of/the/machine" in task.log().splitlines()
    assert '{"made":[1,true]} hello' in task.log().splitlines()
    assert target.stat().st_mode & 0o777 == 0o640
    assert "The file three of the configuration is not written: it has no path." in task.log()


def test_a_changed_configuration_counts_from_the_next_task_on_where_the_agent_is_set_so(server, make_agent, api, tmp_path):
    def write(value):
        text = f"agent.reload_config: true\nenvironment {{ TOLD: {value} }}\n"
        config.write_text(server.config_file.read_text() + text)

    config = tmp_path / "clearml.conf"
    write("before")
    api.call("queues.create", name="reloading")
    agent = make_agent("reloading", config)
    agent.flags = ("--git-user", "somebody", "--git-pass", "of-the-command-line")
    agent.start()
    seen = []
    for value in ("before", "after", "environment {"):
        write(value)
        task = Task.create(api, f"{TELL}\nprint('of-the-' + 'command-line')").enqueue("reloading")
        task.wait("completed")
        seen.append(task.wait_for_line(r"told (\w+)")[1])
        assert "of-the-command-line" not in task.log()

    # The last file is none: what was read before stays.
    assert seen == ["before", "after", "after"]
