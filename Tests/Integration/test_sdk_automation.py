"""Searches, schedulers and triggers of the unmodified SDK, whose tasks `stint agent` runs."""

import re

import pytest

from harness.agent import Agent
from harness.tasks import Task
from harness.waiting import wait_until

REQUIREMENTS = "clearml == 2.1.12"

# A task whose score is best at 3.
OBJECTIVE = """
from clearml import Task
task = Task.init(auto_resource_monitoring=False)
settings = {"x": 1, "bias": 0}
task.connect(settings)
task.get_logger().report_scalar("score", "value", -((settings["x"] - 3) ** 2) + settings["bias"], 1)
"""


@pytest.fixture(scope="module")
def services(server, tmp_path_factory):
    """An agent on a queue for what runs for long and waits most of the time."""
    server.api.call("queues.create", name="services")
    agent = Agent(server, tmp_path_factory.mktemp("services"), queue="services")
    try:
        yield agent.start()
    finally:
        agent.end()


def test_a_search_finds_the_best_parameters(sdk, api, agent):
    base = Task.create(api, code=OBJECTIVE, requirements=REQUIREMENTS, name="objective")

    answer = sdk.run("""
        import sys
        from clearml import Task
        from clearml.automation import DiscreteParameterRange, GridSearch, HyperParameterOptimizer
        from tests import answer, hurry

        hurry()
        task = Task.init("sdk/search", "search", task_type=Task.TaskTypes.optimizer, auto_resource_monitoring=False)
        search = HyperParameterOptimizer(
            base_task_id=sys.argv[1],
            hyper_parameters=[DiscreteParameterRange("General/x", values=[2, 3, 5])],
            objective_metric_title="score", objective_metric_series="value", objective_metric_sign="max",
            optimizer_class=GridSearch, execution_queue="default", max_number_of_concurrent_tasks=2,
            pool_period_min=0.005, total_max_jobs=3, save_top_k_tasks_only=2,
        )
        completed = []
        search.start(job_complete_callback=lambda job, value, iteration, parameters, best: completed.append(value))
        search.wait()
        best = search.get_top_experiments(top_k=2)
        details = search.get_top_experiments_details(top_k=1, all_hyper_parameters=True)
        search.stop()
        task.close()
        answer(task=task.id, best=[one.get_parameter("General/x") for one in best], details=details,
               completed=sorted(completed))
    """, base.id)

    assert answer["best"] == ["3", "2"]
    assert answer["completed"] == [[-4], [-1], [0]]
    [details] = answer["details"]
    assert details["hyper_parameters"]["General/x"] == "3"
    assert details["metrics"]["score/value"]["value"] == 0
    jobs = api.call("tasks.get_all", parent=answer["task"], only_fields=["status", "system_tags", "hyperparams"])["tasks"]
    assert [job["status"] for job in jobs] == ["completed"] * 3
    archived = {job["hyperparams"]["General"]["x"]["value"]: "archived" in job["system_tags"] for job in jobs}
    assert archived == {"2": False, "3": False, "5": True}
    tables = api.call("events.get_task_plots", task=answer["task"])["plots"]
    assert any(plot["metric"] == "summary" for plot in tables)


def test_clearml_param_search_searches_from_the_command_line(sdk, api, agent):
    base = Task.create(api, code=OBJECTIVE, requirements=REQUIREMENTS, name="objective")

    output = sdk.command(
        "clearml-param-search", "--project-name", "sdk/search", "--task-name", "from the shell", "--task-id", base.id,
        "--queue", "default", "--params-search", '{"type": "DiscreteParameterRange", "name": "General/x", "values": [3, 4]}',
        "--params-override", '{"name": "General/bias", "value": 10}',
        "--objective-metric-title", "score", "--objective-metric-series", "value", "--objective-metric-sign", "max",
        "--optimizer-class", "GridSearch", "--pool-period-min", "0.005", "--total-max-jobs", "2",
        "--max-number-of-concurrent-tasks", "2",
    )  # fmt: skip

    assert "Optimization completed" in output
    [search] = re.findall(r"created new task id=(\w+)", output)
    jobs = api.call("tasks.get_all", parent=search, only_fields=["hyperparams", "last_metrics"])["tasks"]
    found = {}
    for job in jobs:
        [variants] = job["last_metrics"].values()
        [value] = variants.values()
        found[job["hyperparams"]["General"]["x"]["value"]] = value["value"]
    assert found == {"3": 10, "4": 9}


def test_a_schedule_runs_on_an_agent_and_starts_its_tasks(sdk, api, agent, services):
    base = Task.create(api, code=OBJECTIVE, requirements=REQUIREMENTS, name="scheduled")

    sdk.run(f"""
        from clearml.automation import TaskScheduler

        scheduler = TaskScheduler(force_create_task_project="sdk/schedules", force_create_task_name="scheduler")
        scheduler.add_task({base.id!r}, queue="default", name="now and each hour", target_project="sdk/scheduled",
                           hour=1, execute_immediately=True, task_parameters={{"General/x": 7}})
        scheduler.start_remotely("services")
    """)

    [scheduler] = re.findall(r"created new task id=(\w+)", sdk.output)
    [job] = wait_until("the scheduler started its task", lambda: _tasks_of_project(api, "sdk/scheduled"))
    record = Task(api, job).wait("completed")
    assert record["last_worker"] == agent.worker()["id"]
    assert record["hyperparams"]["General"]["x"]["value"] == "7"
    Task(api, scheduler).wait_for_line("Waiting for next run")
    assert _tasks_of_project(api, "sdk/scheduled") == [job]


def test_changes_of_tasks_models_and_datasets_trigger_others(sdk, api, agent):
    base = Task.create(api, code=OBJECTIVE, requirements=REQUIREMENTS, name="triggered")

    answer = sdk.run("""
        import queue, sys, threading, time
        from pathlib import Path
        from clearml import Dataset, OutputModel, Task
        from clearml.automation import TriggerScheduler
        from tests import answer

        events = queue.Queue()
        def note(kind):
            return lambda id: events.put([kind, id])

        def scored(name, value):
            task = Task.create(project_name="sdk/triggers", task_name=name)
            task.mark_started()
            task.get_logger().report_scalar("score", "value", value, 1)
            task.get_logger().flush(wait=True)
            task.mark_completed()
            return task.id

        scored("a task to have the project", 0)
        triggers = TriggerScheduler(pooling_frequency_minutes=0.002, force_create_task_project="sdk/triggers")
        triggers.add_model_trigger(schedule_function=note("model"), name="published models",
                                   trigger_project="sdk/triggers", trigger_on_publish=True)
        triggers.add_dataset_trigger(schedule_function=note("dataset"), name="datasets", trigger_on_tags=["wanted"])
        triggers.add_task_trigger(schedule_function=note("low"), name="low scores", trigger_project="sdk/triggers",
                                  trigger_on_metric="score", trigger_on_variant="value", trigger_on_threshold=-10,
                                  trigger_on_sign="min")
        triggers.add_task_trigger(schedule_task_id=sys.argv[1], schedule_queue="default", name="followed",
                                  trigger_project="sdk/triggers", trigger_on_status=["failed"],
                                  task_parameters={"General/source": "${task.id}"}, target_project="sdk/triggered")
        threading.Thread(target=triggers.start, daemon=True).start()

        expected = []
        model = OutputModel(Task.current_task(), name="triggering")
        unpublished = OutputModel(Task.current_task(), name="ignored")
        for one in (model, unpublished):
            Path("weights").write_text(one.name)
            one.update_weights("weights", auto_delete_file=False, async_enable=False)
        model.publish()
        expected.append(["model", model.id])

        dataset = Dataset.create(dataset_name="triggering", dataset_project="sdk/triggers", dataset_tags=["wanted"])
        dataset.finalize(auto_upload=True)
        expected.append(["dataset", dataset.id])

        scored("not low enough", -5)
        expected.append(["low", scored("low", -20)])

        failed = Task.create(project_name="sdk/triggers", task_name="failed")
        failed.mark_started()
        failed.mark_failed()

        came = [events.get(timeout=60) for _ in expected]
        started = ["queued", "in_progress", "completed"]
        while not Task.query_tasks(project_name="sdk/triggered", task_filter={"status": started}):
            time.sleep(0.05)
        answer(expected=sorted(expected), came=sorted(came), failed=failed.id)
    """, base.id)

    assert answer["came"] == answer["expected"]
    [job] = wait_until("the trigger started its task", lambda: _tasks_of_project(api, "sdk/triggered"))
    record = Task(api, job).wait("completed")
    assert record["hyperparams"]["General"]["source"]["value"] == answer["failed"]
    assert record["tags"] == ["followed"]


def _tasks_of_project(api, name):
    projects = api.call("projects.get_all", name=f"^{name}$", only_fields=["id"])["projects"]
    return projects and [task["id"] for task in api.call("tasks.get_all", project=[projects[0]["id"]])["tasks"]]
