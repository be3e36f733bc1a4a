"""Pipelines of the unmodified SDK, whose steps and controllers `stint agent` runs."""

import re

import pytest

from harness.agent import Agent
from harness.tasks import Task


@pytest.fixture(scope="module")
def agents(server, tmp_path_factory):
    """One for the steps and one for the controllers, which wait for them."""
    agents = []
    try:
        for queue in ("default", "services"):
            if queue != "default":
                server.api.call("queues.create", name=queue)
            agents.append(Agent(server, tmp_path_factory.mktemp(f"agent-{queue}"), queue=queue))
            agents[-1].start()
        yield agents
    finally:
        for agent in agents:
            agent.end()


# The packages of tasks that are made by hand: those that the SDK finds out for functions, so one environment does.
REQUIREMENTS = "clearml == 2.1.12"

FUNCTIONS = """
from clearml import Task
from clearml.automation import PipelineController

def count_up(count):
    print("counting to", count)
    return list(range(int(count)))

def total(values):
    return sum(values)

def completed(pipeline, node):
    print("after", node.name)

pipeline = PipelineController(name="NAME", project="sdk/pipelines", version="1.0.0", add_pipeline_tags=True,
                              pool_frequency=0.002)
pipeline.set_default_execution_queue("default")
pipeline.add_parameter("count", 4)
pipeline.add_function_step("count", count_up, function_kwargs=dict(count="${pipeline.count}"),
                           function_return=["values"], cache_executed_step=True)
pipeline.add_function_step("total", total, function_kwargs=dict(values="${count.values}"),
                           function_return=["result"], parents=["count"], post_execute_callback=completed)
"""

# The controller in this process, with the steps by agents or here too.
FUNCTIONS_FROM_HERE = FUNCTIONS + """
import sys
from tests import answer

pipeline.start_locally(run_pipeline_steps_locally=sys.argv[1] == "here")
nodes = {name: node.executed for name, node in pipeline.get_pipeline_dag().items()}
total = Task.get_task(nodes["total"])
answer(controller=pipeline.task.id, nodes=nodes, successful=pipeline.is_successful(),
       result=total.get_parameters(cast=True)["return/result"], parent=total.parent, tags=total.get_tags())
"""


def test_function_steps_run_by_agents_and_are_taken_from_the_cache(sdk, api, agents):
    answer = sdk.run(FUNCTIONS_FROM_HERE, "there")

    assert (answer["successful"], answer["result"], answer["parent"]) == (True, 6, answer["controller"])
    assert "after total" in sdk.output
    assert answer["tags"] == [f"pipe: {answer['controller']}"]
    controller = Task(api, answer["controller"]).wait("completed")
    assert controller["type"] == "controller" and "pipeline" in controller["system_tags"]
    plots = api.call("events.get_task_plots", task=answer["controller"])["plots"]
    assert {(plot["metric"], plot["variant"]) for plot in plots} >= {("Pipeline", "Execution Flow")}
    for task in answer["nodes"].values():
        assert Task(api, task).record()["last_worker"] == agents[0].worker()["id"]

    again = sdk.run(FUNCTIONS_FROM_HERE, "here")

    assert again["result"] == 6
    assert again["nodes"]["count"] == answer["nodes"]["count"]
    assert again["nodes"]["total"] != answer["nodes"]["total"]
    assert not Task(api, again["nodes"]["total"]).record().get("last_worker")


def test_a_controller_runs_on_an_agent_and_again_as_a_copy(sdk, api, agents):
    sdk.run(FUNCTIONS.replace("NAME", "remote") + "pipeline.start(queue='services')")

    [controller] = re.findall(r"created new task id=(\w+)", sdk.output)
    record = Task(api, controller).wait("completed")
    assert record["last_worker"] == agents[1].worker()["id"]
    assert "after total" in Task(api, controller).log()
    steps = api.call("tasks.get_all", parent=controller, only_fields=["name", "status", "last_worker"])["tasks"]
    assert {step["name"]: step["status"] for step in steps} == {"count": "completed", "total": "completed"}
    assert {step["last_worker"] for step in steps} == {agents[0].worker()["id"]}

    answer = sdk.run("""
        from clearml.automation import PipelineController
        from tests import answer

        found = PipelineController.get(pipeline_project="sdk/pipelines", pipeline_name="remote")
        copy = PipelineController.clone(found.id)
        copy.task.set_parameter("Args/count", 6)
        PipelineController.enqueue(copy, queue_name="services")
        answer(found=found.id, copy=copy.id)
    """)

    assert answer["found"] == controller != answer["copy"]
    Task(api, answer["copy"]).wait("completed")
    [total] = api.call("tasks.get_all", parent=answer["copy"], name="total", only_fields=["hyperparams"])["tasks"]
    assert total["hyperparams"]["return"]["result"]["value"] == "15"


BASE_STEP = """
from clearml import Task
task = Task.init()
settings = {"factor": 1, "source": ""}
task.connect(settings)
start = Task.get_task(settings["source"]).artifacts["product"].get()["value"] if settings["source"] else 1
task.get_logger().report_scalar("product", "value", start * settings["factor"], 0)
task.upload_artifact("product", {"value": start * settings["factor"]}, wait_on_upload=True)
"""


def test_a_pipeline_of_tasks_clones_them_with_parameters_of_earlier_steps(sdk, api, agents):
    base = Task.create(api, code=BASE_STEP, requirements=REQUIREMENTS, name="multiply")

    answer = sdk.run("""
        import sys
        from clearml import Task
        from clearml.automation import PipelineController
        from tests import answer

        before = []
        def override(pipeline, node, parameters):
            before.append([node.name, parameters])
            return node.name != "skipped"

        pipeline = PipelineController(name="tasks", project="sdk/pipelines", pool_frequency=0.002)
        pipeline.set_default_execution_queue("default")
        pipeline.add_step("double", base_task_id=sys.argv[1], parameter_override={"General/factor": 2},
                          pre_execute_callback=override, monitor_metrics=[("product", "value")])
        pipeline.add_step("triple", base_task_id=sys.argv[1], parents=["double"], pre_execute_callback=override,
                          parameter_override={"General/factor": 3, "General/source": "${double.id}"},
                          task_overrides={"comment": "from ${double.parameters.General/factor}"})
        pipeline.add_step("skipped", base_task_id=sys.argv[1], pre_execute_callback=override)
        pipeline.start_locally()
        nodes = pipeline.get_pipeline_dag()
        triple = Task.get_task(nodes["triple"].executed)
        answer(controller=pipeline.task.id, before=sorted(before), result=triple.artifacts["product"].get(),
               comment=triple.comment, skipped=nodes["skipped"].executed)
    """, base.id)

    assert answer["result"] == {"value": 6}
    assert answer["comment"] == "from 2"
    assert [name for name, _ in answer["before"]] == ["double", "skipped", "triple"]
    assert answer["skipped"] is None
    assert base.status == "created"
    scalars = api.call("events.scalar_metrics_iter_histogram", task=answer["controller"])
    assert scalars["product"]["value"]["y"] == [2]


def test_a_step_that_fails_is_tried_again_and_then_fails_its_pipeline(sdk, api, agents):
    base = Task.create(api, code="raise SystemExit(3)", name="broken")

    answer = sdk.run("""
        import sys
        from clearml.automation import PipelineController
        from tests import answer

        tries = []
        def again(pipeline, node, retries):
            tries.append(retries)
            return retries < 1

        pipeline = PipelineController(name="failing", project="sdk/pipelines", pool_frequency=0.002)
        pipeline.set_default_execution_queue("default")
        pipeline.add_step("broken", base_task_id=sys.argv[1], retry_on_failure=again)
        pipeline.add_step("after", base_task_id=sys.argv[1], parents=["broken"])
        pipeline.start_locally()
        answer(controller=pipeline.task.id, tries=tries, successful=pipeline.is_successful())
    """, base.id)

    assert answer["tries"] == [0, 1]
    assert answer["successful"] is False
    Task(api, answer["controller"]).wait("failed")
    [step] = api.call("tasks.get_all", parent=answer["controller"], only_fields=["id"])["tasks"]
    # The controller may be quicker than the agent that runs the second try.
    Task(api, step["id"]).wait("failed")


def test_decorated_functions_are_steps_that_agents_run(sdk, api, agents):
    answer = sdk.run("""
        from clearml import Task
        from clearml.automation import PipelineDecorator
        from tests import answer, hurry

        hurry()

        @PipelineDecorator.component(return_values=["values"], cache=True)
        def count_up(count: int):
            return list(range(count))

        @PipelineDecorator.component(return_values=["result"])
        def total(values, offset=0):
            return sum(values) + offset

        @PipelineDecorator.pipeline(name="decorated", project="sdk/pipelines", version="2.0.0", pool_frequency=0.002,
                                    default_queue="default", pipeline_execution_queue=None, return_value="totals")
        def run(count: int = 3):
            values = count_up(count)
            totals = [total(values, offset) + 0 for offset in (0, 10)]
            return totals + [Task.current_task().id]

        *totals, controller = run(count=5)
        answer(controller=controller, totals=totals, stored=Task.get_task(controller).artifacts["totals"].get())
    """)

    assert answer["totals"] == [10, 20]
    assert answer["stored"] == [10, 20, answer["controller"]]
    controller = Task(api, answer["controller"]).wait("completed")
    assert controller["hyperparams"]["Args"]["count"]["value"] == "5"
    steps = api.call("tasks.get_all", parent=answer["controller"], only_fields=["status", "last_worker"])["tasks"]
    assert len(steps) == 3
    assert {(step["status"], step["last_worker"]) for step in steps} == {("completed", agents[0].worker()["id"])}
