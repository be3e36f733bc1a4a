"""The API describes itself, and answers as it says."""

import json
import os
import subprocess
import sys

import pytest
import requests

from harness.description import Description
from harness.process import ROOT, STINT, VENV_BIN

# Of schemathesis: the same requests each time.
SEED = 20_260


@pytest.fixture(scope="module")
def document(server):
    answer = requests.get(f"{server.addresses['api']}/openapi.json", timeout=30)
    assert answer.status_code == 200
    return answer.json()


def test_the_page_s_address_leads_to_the_same_description(server, document):
    answer = requests.get(f"{server.addresses['web']}/api/openapi.json", timeout=30).json()

    assert answer["servers"] == [{"url": "/api"}]
    assert answer["paths"] == document["paths"]


def test_the_reference_is_up_to_date():
    check = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", STINT, "--check"], capture_output=True, text=True, timeout=120
    )

    assert check.returncode == 0, check.stderr


def test_schemathesis_finds_no_server_error(server, tmp_path):
    command = [
        VENV_BIN / "schemathesis",
        f"--config-file={ROOT}/Tests/Integration/harness/schemathesis.toml",
        "run",
        f"{server.addresses['api']}/openapi.json",
        "--header",
        f"Authorization: Bearer {server.api.token}",
        "--checks=not_a_server_error,content_type_conformance,response_schema_conformance",
        f"--seed={SEED}",
        "--workers=2",
        "--request-timeout=30",
        "--no-shrink",
        "--continue-on-failure",
        "--warnings=off",
        "--suppress-health-check=all",
        "--generation-database=none",
        "--no-color",
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "harness.schemathesis_hooks", "PYTHONPATH": str(ROOT / "Tests" / "Integration")}
    run = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **hooks}, capture_output=True, text=True, timeout=600
    )

    assert run.returncode == 0, run.stdout[-12_000:] + run.stderr[-2000:]
    assert server.process.is_running


class DescribedApi:
    """Calls, and compares each answer with the description."""

    def __init__(self, api, document):
        self._api = api
        self._description = Description(document)
        self.faults = []
        self.called = set()

    def call(self, name, /, **request):
        data = self._api.call(name, **request)
        self.called.add(name)
        self.faults += self._description.faults(name, data)
        return data


@pytest.fixture
def described(api, document):
    return DescribedApi(api, document)


def test_answers_are_as_described(api, described):
    call = described.call
    project = call("projects.create", name="described/inner", description="d", tags=["t"])["id"]
    queue = call("queues.create", name="described", tags=["t"])["id"]
    model = call("models.create", name="described", uri="file:///m", labels={"a": 1}, project=project)["id"]
    task = described_task(call, project, model)
    other = call("tasks.clone", task=task, new_task_name="copy", new_project_name="described/new")["id"]
    report_events(api, task)

    references = {"tasks": (task, "task"), "models": (model, "model"), "projects": (project, "project")}
    for service, (identifier, field) in {**references, "queues": (queue, "queue")}.items():
        call(f"{service}.get_by_id", **{field: identifier})
        call(f"{service}.get_all", id=[identifier], scroll_id=None)
        call(f"{service}.get_all_ex", id=[identifier])
    call("projects.get_all_ex", name="^described", include_stats=True)
    call("users.get_all")
    call("users.get_all_ex")
    call("users.get_current_user")
    read_events(call, task)
    read_project(call, project)

    call("tasks.enqueue", task=task, queue=queue)
    call("queues.get_by_id", queue=queue)
    call("workers.register", worker="described:0", queues=[queue])
    call("queues.get_next_task", queue=queue, get_task_info=True)
    call("tasks.started", task=task)
    statistics = {"cpu_usage": [1, 2], "memory_used": 3}
    call("workers.status_report", worker="described:0", task=task, queue=queue, timestamp=1, machine_stats=statistics)
    call("workers.get_all")
    span = {"from_date": 1.0, "to_date": 4e9, "interval": 3600}
    call("workers.get_activity_report", **span)
    call("workers.get_metric_keys")
    call("workers.get_stats", **span, items=[{"key": "cpu_usage", "category": "avg"}], split_by_variant=True)
    call("queues.get_queue_metrics", **span, queue_ids=[queue])
    call("tasks.ping", task=task)
    call("tasks.completed", task=task)
    call("tasks.publish_many", ids=[task, "none"])
    call("tasks.get_all_ex", id=[task, other])
    call("tasks.archive_many", ids=[other, "none"])
    call("tasks.reset", task=other, force=True)
    call("tasks.delete", task=other, force=True, return_file_urls=True)
    for name in ("server.info", "server.endpoints", "server.get_stats", "login.supported_modes", "auth.get_credentials"):
        call(name)
    call("organization.get_user_companies")
    call("organization.get_entities_count", tasks={}, projects={}, models={"name": "["})
    call("projects.delete", project=project, force=True, delete_contents=True)

    assert not described.faults, "\n".join(described.faults)


def described_task(call, project, model):
    task = call(
        "tasks.create",
        name="described",
        type="training",
        project=project,
        comment="c",
        tags=["t"],
        script={"repository": "r", "requirements": {"pip": "six"}},
        container={"image": "i"},
        output_dest="file:///d",
        hyperparams={"Args": {"lr": {"section": "Args", "name": "lr", "value": "1"}}},
        configuration={"c": {"name": "c", "value": "v"}},
    )["id"]
    call("tasks.started", task=task)
    artifact = {"key": "a", "type": "text", "uri": "file:///a", "type_data": {"preview": "p"}, "content_size": 1}
    call("tasks.add_or_update_artifacts", task=task, artifacts=[artifact])
    call("tasks.add_or_update_model", task=task, name="m", model=model, type="output")
    call("tasks.edit_runtime", task=task, add_or_update={"k": "v"})
    call("tasks.get_hyper_params", tasks=[task])
    call("tasks.get_configurations", tasks=[task])
    call("tasks.get_configuration_names", tasks=[task])
    call("tasks.stopped", task=task, status_reason="r")
    return task


def report_events(api, task):
    metric = {"task": task, "metric": "m", "variant": "v", "timestamp": 1}
    events = [
        {"type": "log", "task": task, "msg": "line", "level": "info", "timestamp": 1, "worker": "w"},
        *({"type": "training_stats_scalar", **metric, "iter": iteration, "value": 0.5} for iteration in range(3)),
        {"type": "training_stats_scalar", **metric, "variant": "single", "iter": -(2**31), "value": 7},
        {"type": "plot", **metric, "iter": 1, "plot_str": "{}"},
        {"type": "training_debug_image", **metric, "iter": 1, "key": "k", "url": "http://x/y.png"},
        {"type": "training_stats_vector", **metric, "iter": 1, "values": [1, 2]},
    ]
    answer = api.send_lines("events.add_batch", [json.dumps(event) for event in events])
    assert answer == {"added": len(events), "errors": 0, "errors_info": {}}


def read_events(call, task):
    one = {"task": task}
    many = {"tasks": [task]}
    curve = {"metric": "m", "variants": ["v"]}
    call("events.get_task_log", **one)
    for kind in ("log", "training_stats_scalar", "plot", "training_debug_image", "training_stats_vector"):
        call("events.get_task_events", **one, event_type=kind)
    call("events.get_task_plots", **one)
    call("events.get_multi_task_plots", **many)
    call("events.scalar_metrics_iter_histogram", **one)
    call("events.scalar_metrics_iter_histogram", **one, key="iso_time")
    call("events.multi_task_scalar_metrics_iter_histogram", **many)
    call("events.get_task_single_value_metrics", **many)
    call("events.get_task_latest_scalar_values", **one)
    call("events.get_task_metrics", **many)
    call("events.get_multi_task_metrics", **many)
    call("events.get_scalar_metrics_and_variants", **one)
    call("events.get_scalar_metric_data", **one, metric="m")
    call("events.scalar_metrics_iter_raw", **one, metric=curve)
    call("events.get_vector_metrics_and_variants", **one)
    call("events.vector_metrics_iter_histogram", **one, metric="m", variant="v")
    for name in ("events.debug_images", "events.plots"):
        call(name, metrics=[{"task": task, "metric": "m"}])
    scroll = call("events.get_debug_image_sample", **one, metric="m", variant="v")["scroll_id"]
    call("events.next_debug_image_sample", **one, scroll_id=scroll)
    scroll = call("events.get_plot_sample", **one, metric="m")["scroll_id"]
    call("events.next_plot_sample", **one, scroll_id=scroll)
    wanted = {"plots": {}, "debug_images": {}, "scalar_metrics_iter_histogram": {}, "single_value_metrics": {}}
    call("reports.get_task_data", id=[task], **wanted)


def read_project(call, project):
    call("projects.get_hyper_parameters", project=project)
    call("projects.get_hyperparam_values", projects=[project], section="Args", name="lr")
    call("projects.get_unique_metric_variants", project=project)
    call("projects.get_task_tags", projects=[project], include_system=True)
    call("projects.get_user_names", projects=[project])
    call("projects.get_task_parents", projects=[project])
    call("projects.validate_delete", project=project)
    report = call("reports.create", name="described", project=project)
    call("reports.get_all_ex", project=[report["project_id"]])
