"""The agent's command line, as clearml-agent has it."""

import functools
import http.server
import json
import re
import subprocess
import threading
from pathlib import Path

import pytest

from harness.process import STINT
from harness.repository import Repository
from harness.tasks import Task
from harness.waiting import wait_until


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
        pytest.param(("build", "--id", "0", "--install-globally"), id="--install-globally"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(make_agent, arguments, request):
    process = make_agent().run(*arguments)

    assert process.wait() == 64
    assert "is not supported: " in process.output()
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


def test_queues_are_served_in_the_order_of_their_names_on_the_command_line(make_agent, server, api):
    urgent, idle = (api.call("queues.create", name=name)["id"] for name in ("urgent", "idle"))
    tasks = [Task.create(api, "pass") for _ in range(4)]
    for task, queue in zip(tasks, (idle, idle, urgent, urgent), strict=True):
        api.call("tasks.enqueue", task=task.id, queue=queue)

    process = make_agent().run("daemon", "--queue", "urgent", "idle", "--foreground")

    try:
        started = [task.wait("completed")["started"] for task in tasks]
    finally:
        process.end()
    assert started[2] < started[3] < started[0] < started[1]


def test_execute_takes_its_task_out_of_the_queue_and_can_insist_on_one(make_agent, api):
    queue = api.call("queues.create", name="unserved")["id"]
    queued, loose = Task.create(api, "print('ran')"), Task.create(api, "print('ran')")
    api.call("tasks.enqueue", task=queued.id, queue=queue)
    agent = make_agent()

    refused = agent.run("execute", "--id", loose.id, "--require-queue")
    assert refused.wait() == 1
    assert "--require-queue" in refused.output()
    assert agent.run("execute", "--id", queued.id, "--require-queue").wait(120) == 0

    assert loose.status == "created"
    assert queued.status == "completed"
    assert api.call("queues.get_by_id", queue=queue)["queue"]["entries"] == []


def test_execute_shows_output_and_keeps_it_from_the_server_on_request(make_agent, api):
    shared, private = Task.create(api, "print('executed')"), Task.create(api, "print('executed')")
    agent = make_agent()

    full = agent.run("execute", "--id", shared.id, "--full-monitoring")
    assert full.wait(120) == 0
    assert "executed" in full.output().splitlines()
    assert "executed" in shared.log().splitlines()
    agent.folder.joinpath(f"{agent.name}-execute.log").unlink()
    disabled = agent.run("execute", "--id", private.id, "--disable-monitoring")
    assert disabled.wait(120) == 0

    assert "executed" in disabled.output().splitlines()
    assert private.log() == ""
    assert private.status == "completed"


def test_tasks_are_told_how_much_to_log_and_to_optimise(make_agent, api):
    code = "import os; print('level', os.environ['CLEARML_LOG_LEVEL'], 'debug', __debug__)"
    task = Task.create(api, code)

    process = make_agent().run("execute", "--id", task.id, "--log-level", "WARN", "-OO")

    assert process.wait(120) == 0
    assert "level WARNING debug False" in task.log().splitlines()


def test_a_worker_has_its_tags_while_it_runs_a_task(make_agent, api, tmp_path):
    gate = tmp_path / "gate"
    code = f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.02)"
    agent = make_agent()
    process = agent.run("daemon", "--queue", "default", "--child-report-tags", "night", "cheap", "--foreground")
    try:
        task = Task.create(api, code).enqueue()
        wait_until("the tags are shown", lambda: agent.worker() and agent.worker().get("tags") == ["night", "cheap"])
        gate.touch()
        task.wait("completed")
        wait_until("the tags are gone", lambda: not agent.worker().get("tags"))
    finally:
        gate.touch()
        process.end()


def test_stop_ends_the_workers_that_are_named(make_agent, tmp_path):
    agents = [make_agent(folder=tmp_path) for _ in range(2)]
    for number, agent in enumerate(agents):
        agent.environment["CLEARML_WORKER_ID"] = f"{agent.name}:{number}"
        assert agent.run("daemon", "--queue", "default", "--detached").wait(60) == 0
    agent = agents[0]
    names = [f"{agent.name}:{number}" for number in range(2)]
    api = agent.server.api

    def listed():
        return sorted(worker["id"] for worker in api.call("workers.get_all")["workers"] if worker["id"] in names)

    wait_until("both register", lambda: listed() == names)
    assert agent.run("daemon", "--stop", names[0]).wait() == 0
    wait_until("one is left", lambda: listed() == names[1:])
    agents[1].environment.pop("CLEARML_WORKER_ID")
    assert agents[1].run("daemon", "--stop").wait() == 0
    wait_until("none is left", lambda: not listed())


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def web_repository(tmp_path):
    """A repository behind HTTP, and what ends the web server."""
    repository = Repository(tmp_path, {"main.py": "print('message', 'fetched')\n"})
    subprocess.run(["git", "update-server-info"], cwd=repository.origin, check=True)
    handler = functools.partial(QuietHandler, directory=str(tmp_path))
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()

    def close():
        web.shutdown()
        web.server_close()

    address = f"http://127.0.0.1:{web.server_address[1]}/origin.git"
    yield address, close
    close()


def test_in_standalone_mode_only_what_is_here_is_used(make_agent, api, web_repository):
    address, close = web_repository
    script = {"repository": address, "branch": "main", "entry_point": "main.py", "working_dir": "."}
    first, second, third = (
        Task.create(api, script=script, requirements=requirements)
        for requirements in ("six==1.16.0\n", "six==1.16.0\n", "stint-no-such-package==0.0.1\n")
    )
    agent = make_agent()
    assert agent.run("execute", "--id", first.id).wait(120) == 0
    close()

    assert agent.run("execute", "--id", second.id, "--standalone-mode").wait(120) == 0
    assert "message fetched" in second.log().splitlines()

    assert agent.run("execute", "--id", third.id, "--standalone-mode").wait(120) != 0
    assert "stint-no-such-package" in third.log()
    elsewhere = Task.create(api, script={**script, "repository": address.replace("origin", "unknown")})
    assert agent.run("execute", "--id", elsewhere.id, "--standalone-mode").wait(120) != 0
    assert "In stand-alone mode nothing is fetched" in elsewhere.log()


def test_config_tells_of_what_is_set_in_vain(make_agent, tmp_path):
    config_file = tmp_path / "odd.conf"
    config_file.write_text("agent { gti_user: me, vcs_cache.enabled: false, git_host: github.com }")

    shown = make_agent(config_file=config_file).run("config")

    assert shown.wait() == 0
    output = shown.output()
    assert "# Note: agent.gti_user is not known and has no effect. Is agent.git_user meant?" in output
    assert "# Note: agent.vcs_cache.enabled is set and has no effect: " in output
    assert output.count("# Note:") == 2


def test_config_of_an_empty_file_says_so(make_agent, tmp_path):
    config_file = tmp_path / "empty.conf"
    config_file.touch()

    agent = make_agent(config_file=config_file)
    for name in ("CLEARML_WORKER_NAME", "CLEARML_AGENT_QUEUE_POLL_FREQ_SEC"):
        agent.environment.pop(name, None)
    shown = agent.run("config")

    assert shown.wait() == 0
    assert shown.output().splitlines() == [f"# {config_file}", "# Nothing is set, so the defaults hold."]


def test_every_published_option_is_known(make_agent, tmp_path):
    """The options of the configuration file that clearml-agent writes, those in comments included."""
    import clearml_agent

    published = Path(clearml_agent.__file__).parent / "backend_api/config/default/agent.conf"
    config_file = tmp_path / "published.conf"
    config_file.write_text(f"agent {published.read_text()}")
    agent = make_agent(config_file=config_file)

    # One after the other: they share a log.
    shown = agent.run("config")
    assert shown.wait() == 0
    assert "# Note:" not in shown.output()
    options = agent.run("config", "--options")
    assert options.wait() == 0
    listed = {line.split()[0].removeprefix("agent.") for line in options.output().splitlines()}
    names, commented = published_names(published.read_text())
    assert len(names) > 60 and len(commented) > 35
    assert names - listed == set()
    assert {name for name in commented if not any(path.endswith(name) for path in listed)} == set()


def published_names(text):
    """The paths of the options that are set, and the names of those in comments."""
    from clearml_agent.external.pyhocon import ConfigFactory

    def paths(section, parents):
        for name, value in section.items():
            path = [*parents, name]
            yield from paths(value, path) if isinstance(value, dict) and value else [".".join(path)]

    commented = re.findall(r"^\s*# ([a-z.]+_[a-z_.]+|uptime|downtime) ?[:=]", text, re.MULTILINE)
    # Of what files in the section `files` are made.
    return set(paths(ConfigFactory.parse_string(text), [])), set(commented) - {"target_format"}
