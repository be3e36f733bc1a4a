"""The agent's command line, as clearml-agent has it."""

import json

import pytest

from harness.agent import Agent
from harness.process import STINT
from harness.tasks import Task
from harness.waiting import wait_until


@pytest.fixture
def make_agent(server, tmp_path):
    """Agents of this test, ended with it."""
    agents = []

    def make(queue="default", config_file=None):
        agents.append(Agent(server, tmp_path, queue, config_file))
        return agents[-1]

    yield make
    for agent in agents:
        agent.end()


def test_a_wrong_key_ends_the_agent_with_a_readable_error(make_agent, server, tmp_path):
    config_file = tmp_path / "wrong.conf"
    wrong_secret = "not-the-secret-of-this-server"
    config_file.write_text(server.config_file.read_text().replace(server.api.secret, wrong_secret))

    process = make_agent(config_file=config_file).launch().process

    assert process.wait(60) != 0
    output = process.output()
    assert "credentials" in output.lower()
    assert server.api.key in output or str(config_file) in output
    assert wrong_secret not in output


def test_a_queue_that_is_missing_is_named_or_made_on_request(make_agent, server):
    agent = make_agent(queue="made-on-request")
    process = agent.launch().process
    assert process.wait(60) != 0
    assert "made-on-request" in process.output()

    process = agent.run("daemon", "--queue", "made-on-request", "--create-queue", "--foreground")

    try:
        wait_until("the worker registers", agent.worker)
        names = [queue["name"] for queue in server.api.call("queues.get_all")["queues"]]
        assert "made-on-request" in names
    finally:
        process.end()


def test_a_worker_that_ends_is_no_longer_listed(make_agent):
    agent = make_agent().start()

    assert agent.process.terminate() == 0

    assert agent.worker() is None


def test_a_detached_agent_runs_until_it_is_stopped(make_agent, server):
    agent = make_agent()
    assert agent.run("daemon", "--queue", "default", "--detached").wait(60) == 0
    wait_until("the worker registers", agent.worker)

    Task.create(server.api, "print('detached')").enqueue().wait("completed")
    assert agent.run("daemon", "--queue", "default", "--stop").wait(60) == 0

    wait_until("the worker is gone", lambda: agent.worker() is None)


def test_execute_runs_one_task_here(make_agent, api):
    task = Task.create(api, "print('executed')")

    process = make_agent().run("execute", "--id", task.id)

    assert process.wait(120) == 0
    assert "executed" in process.output()
    assert task.wait("completed")


def test_execute_ends_with_the_tasks_exit_code(make_agent, api):
    task = Task.create(api, "exit(7)")

    assert make_agent().run("execute", "--id", task.id).wait(120) == 7
    task.wait("failed")


def test_execute_refuses_a_task_that_is_over_or_runs_elsewhere(make_agent, api):
    over, elsewhere = Task.create(api, "print('ran')"), Task.create(api, "print('ran')")
    for task in (over, elsewhere):
        api.call("tasks.started", task=task.id, force=True)
    api.call("tasks.completed", task=over.id)
    api.call("workers.register", worker="other:cpu:0", timeout=600, queues=[])
    api.call("workers.status_report", worker="other:cpu:0", timestamp=1, task=elsewhere.id)
    agent = make_agent()

    for task, word in ((over, "completed"), (elsewhere, "other:cpu:0")):
        process = agent.run("execute", "--id", task.id)
        assert process.wait() not in (0, 64)
        assert word in process.output()
        assert "ran" not in process.output().splitlines()
    assert over.status == "completed"
    assert elsewhere.status == "in_progress"


def test_execute_runs_a_copy_and_writes_its_output_to_a_file(make_agent, api, tmp_path):
    task = Task.create(api, "print('executed')")
    api.call("tasks.started", task=task.id, force=True)
    api.call("tasks.completed", task=task.id)

    process = make_agent().run("execute", "--id", task.id, "--clone", "--log-file", tmp_path / "task.log")

    assert process.wait(120) == 0
    assert "executed" in (tmp_path / "task.log").read_text().splitlines()
    assert "executed" not in task.log()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("daemon", "--gpus", "0,1"), id="--gpus"),
        pytest.param(("daemon", "--docker", "image", "--queue", "default"), id="--docker"),
        pytest.param(("daemon", "--services-mode"), id="--services-mode"),
        pytest.param(("execute", "--id", "0", "-O"), id="-O"),
        pytest.param(("execute", "--id", "0", "--disable-monitoring"), id="--disable-monitoring"),
        pytest.param(("build", "--id", "0"), id="build"),
        pytest.param(("init",), id="init"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(make_agent, arguments, request):
    process = make_agent().run(*arguments)

    assert process.wait() == 64
    assert "is not supported yet: " in process.output()
    assert request.node.callspec.id in process.output()


def test_an_unknown_option_is_refused(make_agent):
    process = make_agent().run("daemon", "--no-such-option")

    assert process.wait() == 64
    assert "Unknown option '--no-such-option'" in process.output()


def test_stop_leaves_an_agent_alone_whose_process_is_a_server_too(make_agent):
    agent = make_agent().start()
    record_file = next((agent.cache / "agents").glob("*.json"))
    record_file.write_text(json.dumps({**json.loads(record_file.read_text()), "is_embedded": True, "isEmbedded": True}))

    stop = agent.run("daemon", "--stop")

    assert stop.wait() == 64
    assert agent.name in stop.output()
    assert agent.process.is_running


def test_status_shows_the_daemons_of_this_machine(make_agent):
    agent = make_agent().start()

    status = agent.run("daemon", "--status")

    assert status.wait() == 0
    assert agent.name in status.output()
    assert str(agent.process.pid) in status.output()


def test_with_fairness_tasks_come_from_all_queues_in_turn(make_agent, server, api):
    first, second = (api.call("queues.create", name=name)["id"] for name in ("fair-1", "fair-2"))
    tasks = [Task.create(api, "pass") for _ in range(4)]
    for task, queue in zip(tasks, (first, first, second, second), strict=True):
        api.call("tasks.enqueue", task=task.id, queue=queue)
    agent = make_agent()

    process = agent.run("daemon", "--queue", "fair-1", "fair-2", "--order-fairness", "--foreground")

    try:
        started = [task.wait("completed")["started"] for task in tasks]
    finally:
        process.end()
    assert started[0] < started[2] < started[1] < started[3]


def test_a_dry_run_prints_the_plan_and_runs_nothing(make_agent, api):
    task = Task.create(api, "print('executed')", requirements="six==1.16.0\n")

    process = make_agent().run("execute", "--id", task.id, "--dry-run")

    assert process.wait(60) == 0
    assert "main.py" in process.output()
    assert task.status == "created"


def test_the_binary_named_clearml_agent_is_the_agent(make_agent, api, tmp_path):
    alias = tmp_path / "clearml-agent"
    alias.symlink_to(STINT)
    agent = make_agent()
    agent.command = (alias,)
    task = Task.create(api, "print('alias')")

    assert agent.run("execute", "--id", task.id).wait(120) == 0
    task.wait("completed")


def test_list_shows_the_workers_and_config_hides_the_secret(make_agent, server):
    agent = make_agent().start()

    listed = agent.run("list")
    shown = agent.run("config")

    assert listed.wait() == 0
    assert agent.name in listed.output()
    assert shown.wait() == 0
    assert server.addresses["api"].rstrip("/") in shown.output()
    assert server.api.secret not in shown.output()
