"""The digits example with the unmodified SDK: here, on the Stint agent, and on the unmodified clearml-agent."""

import io
import json
import pickle
import re
import subprocess
import sys

import numpy
import pytest
import requests

from harness.agent import Agent, ClearMLAgent
from harness.process import ROOT
from harness.repository import Repository
from harness.tasks import Task

EPOCHS = 8
TEST_DIGITS = 450
EXAMPLE = ROOT / "examples" / "digits"


@pytest.fixture
def repository(tmp_path):
    """The example in a repository of its own, with a change that is not committed."""
    names = ("train.py", "requirements.txt")
    repository = Repository(tmp_path, {name: (EXAMPLE / name).read_text() for name in names})
    repository.edit("train.py", "HIDDEN_UNITS = 32", "HIDDEN_UNITS = 48")
    return repository


def train(server, repository, *arguments):
    """Runs train.py here and returns its task."""
    finished = subprocess.run(
        [sys.executable, "train.py", "--epochs", str(EPOCHS), *arguments],
        cwd=repository.path,
        env=server.client_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    return Task(server.api, re.search(r"new task id=([0-9a-f]+)", finished.stdout)[1])


def download(api, uri):
    answer = requests.get(uri, headers=api.headers, timeout=60)
    assert answer.status_code == 200, f"{uri}: {answer.status_code}"
    return answer.content


def check_results(task):
    """Everything that the example reports has arrived."""
    api, record = task.api, task.record()

    scalars = api.call("events.scalar_metrics_iter_histogram", task=task.id)
    assert scalars["accuracy"]["test"]["x"] == list(range(1, EPOCHS + 1))
    assert scalars["accuracy"]["test"]["y"][-1] > 0.9
    assert set(scalars["loss"]) == {"train", "test"}

    plots = api.call("events.get_task_plots", task=task.id)["plots"]
    matrix = next(plot for plot in plots if plot["metric"] == "confusion matrix")
    assert sum(map(sum, json.loads(matrix["plot_str"])["data"][0]["z"])) == TEST_DIGITS

    metrics = [metric for variants in record["last_metrics"].values() for metric in variants.values()]
    accuracy = next(metric["value"] for metric in metrics if metric["metric"] == "Summary")
    assert accuracy == pytest.approx(scalars["accuracy"]["test"]["y"][-1])

    artifact = next(artifact for artifact in record["execution"]["artifacts"] if artifact["key"] == "predictions")
    content = download(api, artifact["uri"])
    assert len(content) == artifact["content_size"]
    assert len(list(numpy.load(io.BytesIO(content)).values())[0]) == TEST_DIGITS

    output = record["models"]["output"][-1]
    model = api.call("models.get_by_id", model=output["model"])["model"]
    assert model["framework"] == "ScikitLearn"
    assert pickle.loads(download(api, model["uri"])).coefs_[0].shape == (64, 48)


def check_remote_run(task, repository):
    """The agent ran what was committed plus what was not, with the arguments of the local run."""
    record = task.wait("completed", seconds=600)
    log = task.log()

    assert record["script"]["repository"] == str(repository.origin)
    assert record["script"]["version_num"] == repository.commit
    assert "+HIDDEN_UNITS = 48" in record["script"]["diff"]
    assert "48 hidden units" in log
    assert record["hyperparams"]["Args"]["epochs"]["value"] == str(EPOCHS)
    assert [int(epoch) for epoch in re.findall(r"^epoch (\d+)/", log, re.MULTILINE)] == list(range(1, EPOCHS + 1))

    frozen = record["script"]["requirements"]["pip"]
    frozen = (frozen if isinstance(frozen, str) else "\n".join(frozen)).lower().replace("_", "-").replace(" ", "")
    for package in ("scikit-learn==", "clearml==", "numpy=="):
        assert package in frozen


def test_the_script_runs_here(server, repository):
    task = train(server, repository)

    assert task.status == "completed"
    check_results(task)


def test_the_stint_agent_runs_it(server, repository, tmp_path):
    agent = Agent(server, tmp_path / "agent", "default")
    agent.folder.mkdir(exist_ok=True)
    try:
        agent.start()

        task = train(server, repository, "--queue", "default")

        check_remote_run(task, repository)
        check_results(task)
        assert task.record()["last_worker"] == agent.worker()["id"]
    finally:
        agent.end()


def test_the_unmodified_clearml_agent_runs_it(server, repository, tmp_path):
    server.api.call("queues.create", name="stock")
    agent = ClearMLAgent(server, tmp_path / "agent", "stock")
    agent.folder.mkdir(exist_ok=True)
    try:
        agent.start()

        task = train(server, repository, "--queue", "stock")

        check_remote_run(task, repository)
        check_results(task)
    finally:
        agent.end()
