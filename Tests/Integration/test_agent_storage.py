"""What tasks take in and what they leave: inputs fetched once and checked, outputs kept as artifacts."""

import hashlib
import json
import os
import signal
import subprocess

import pytest
import requests

from harness.agent import Agent
from harness.filehost import FileHost
from harness.process import STINT, VENV_BIN
from harness.proxy import Proxy
from harness.tasks import Task
from harness.waiting import wait_until

READS = """
import os, pathlib
for path in sorted(pathlib.Path(os.environ["STINT_INPUTS"]).rglob("*")):
    if path.is_file():
        print("input", path.relative_to(os.environ["STINT_INPUTS"]), len(path.read_bytes()), oct(path.stat().st_mode & 0o777))
"""
LEAVES = """
import os, pathlib, sys
outputs = pathlib.Path(os.environ["STINT_OUTPUTS"])
(outputs / "sub").mkdir()
(outputs / "metrics.json").write_text('{"loss": 0.5}')
(outputs / "sub" / "weights ä.bin").write_bytes(bytes(range(256)) * 1000)
os.symlink("/etc/hostname", outputs / "link")
sys.exit(%d)
"""


@pytest.fixture
def host():
    host = FileHost()
    yield host
    host.close()


def declare(api, task, inputs):
    configuration = {"name": "stint_inputs", "value": json.dumps(inputs), "type": "json"}
    api.call("tasks.edit_configuration", task=task.id, configuration=[configuration])
    return task


def stored(agent):
    return sorted(path for path in (agent.home / "storage").rglob("*") if path.is_file())


def test_an_input_is_fetched_once_checked_and_put_where_the_task_wants_it(server, agent, host):
    url, digest = host.add("model.bin", b"m" * 300_000)
    other, other_digest = host.add("notes.txt", b"notes")
    inputs = [{"url": url, "sha256": digest, "kind": "model", "path": "in/model.bin"}, f"{other}#sha256={other_digest}"]
    before = set(stored(agent))
    for _ in range(2):
        task = declare(server.api, Task.create(server.api, READS), inputs).enqueue()
        task.wait("completed")
        assert "input in/model.bin 300000 0o400" in task.log()
        assert "input notes.txt 5 0o400" in task.log()

    assert sorted(name for name, _ in host.downloads) == ["model.bin", "notes.txt"]
    new = {str(path.relative_to(agent.home / "storage")) for path in set(stored(agent)) - before}
    assert new == {
        f"models/{digest[:2]}/{digest[2:5]}/{digest}.bin",
        f"datasets/{other_digest[:2]}/{other_digest[2:5]}/{other_digest}.txt",
    }
    wait_until("nothing is left of the run", lambda: not agent.remains())


def test_a_download_that_is_cut_goes_on_where_it_ended(server, agent, host):
    content = b"".join(b"%07d\n" % number for number in range(50_000))
    url, digest = host.add("cut.bin", content)
    host.cut(100_000, 50_000)
    task = declare(server.api, Task.create(server.api, READS), [{"url": url, "sha256": digest}]).enqueue()

    task.wait("completed")

    assert f"input cut.bin {len(content)} " in task.log()
    starts = [int(wanted.strip("bytes=-") or 0) for _, wanted in host.downloads]
    assert starts[0] == 0 < starts[1] <= 100_000
    assert starts[1] < starts[2] <= starts[1] + 50_000
    assert len(starts) == 3


def test_who_asks_is_told_to_the_servers_own_files_and_to_nobody_else(server, host, make_agent, tmp_path):
    stranger = FileHost()
    config = tmp_path / "host.conf"
    config.write_text(server.config_file.read_text().replace(server.addresses["files"], host.address))
    url, digest = stranger.add("moved.bin", b"moved")
    host.redirects["old.bin"] = url
    other, other_digest = stranger.add("other.bin", b"other")
    inputs = [f"{host.address}/old.bin#sha256={digest}", f"{other}?signature=hunter22#sha256={other_digest}"]
    try:
        task = declare(server.api, Task.create(server.api, READS), inputs)
        make_agent(config_file=config).execute(task)

        assert task.wait("completed")
        assert "input old.bin 5" in task.log()
        assert "hunter22" not in task.log()
        assert [bool(asker) for asker in host.askers] == [True]
        assert stranger.askers == [None, None]
    finally:
        stranger.close()


@pytest.mark.extensions
def test_an_input_with_another_content_fails_the_task_and_is_not_kept(server, agent, host):
    url, _ = host.add("wrong.bin", b"wrong")
    before = stored(agent)
    task = declare(server.api, Task.create(server.api, READS), [{"url": url, "sha256": "0" * 64}]).enqueue()

    record = task.wait("failed")

    assert record["attempts"][-1]["reason"] == "inputs_failed"
    assert "expected" in record["status_reason"]
    assert stored(agent) == before


@pytest.mark.parametrize(
    "inputs, complaint",
    [
        ([{"url": "http://127.0.0.1:9/a", "sha256": "0" * 64, "path": "../a"}], "leads out of the task's folder"),
        ([{"url": "http://127.0.0.1:9/a"}], "without its SHA-256"),
        ([{"url": "http://127.0.0.1:9/a", "sha256": "12"}], "is no SHA-256"),
        ([{"sha256": "0" * 64}], "an input has a url"),
        ([{"url": "ftp://127.0.0.1/a", "sha256": "0" * 64}], "only http:// and https:// are understood"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_by_name(server, agent, inputs, complaint):
    task = declare(server.api, Task.create(server.api, READS), inputs).enqueue()
    assert complaint in task.wait("failed")["status_reason"]


def test_agents_that_share_a_home_fetch_a_content_once(server, host, make_agent, tmp_path):
    url, digest = host.add("shared.bin", b"s" * 1_000_000)
    agents = []
    for number in range(3):
        server.api.call("queues.create", name=f"shared{number}")
        agents.append(make_agent(f"shared{number}"))
        agents[-1].start()
    host.hold()
    tasks = [
        declare(server.api, Task.create(server.api, READS), [{"url": url, "sha256": digest}]).enqueue(f"shared{number}")
        for number in range(3)
    ]
    wait_until("all of them want it", lambda: len(list((agents[0].home / "tasks").glob("*/run/inputs.json"))) == 3)
    host.let_go()

    for task in tasks:
        task.wait("completed")
        assert "input shared.bin 1000000" in task.log()
    assert len(host.downloads) == 1


@pytest.mark.parametrize("code, status", [(0, "completed"), (3, "failed")])
def test_outputs_are_artifacts_however_the_task_ended(server, agent, sdk, code, status):
    task = Task.create(server.api, LEAVES % code).enqueue()
    task.wait(status)

    answer = sdk.run(
        """
        import json, sys
        from clearml import Task
        from tests import answer
        artifacts = Task.get_task(sys.argv[1]).artifacts
        weights = artifacts["sub/weights ä.bin"]
        answer(
            names=sorted(artifacts), metrics=json.loads(artifacts["metrics.json"].get().read_text()),
            weights=weights.get().read_bytes() == bytes(range(256)) * 1000, size=weights.size,
        )
        """,
        task.id,
    )

    assert answer == {
        "names": ["metrics.json", "sub/weights ä.bin"], "metrics": {"loss": 0.5}, "weights": True, "size": 256_000,
    }
    wait_until("nothing is left of the run", lambda: not agent.remains())


def test_uploads_go_on_after_the_agent_was_killed_and_nothing_is_sent_twice(server, host, tmp_path):
    server.api.call("queues.create", name="killed")
    config = tmp_path / "host.conf"
    config.write_text(server.config_file.read_text().replace(server.addresses["files"], host.address))
    agent = Agent(server, tmp_path, "killed", config_file=config)
    leaves = "import os, pathlib\nfor n in range(4): pathlib.Path(os.environ['STINT_OUTPUTS'], f'{n}.txt').write_text(f'{n}')\n"
    host.hold(uploads=2)
    try:
        agent.start()
        task = Task.create(server.api, leaves).enqueue("killed")
        wait_until("the third upload hangs", lambda: len(host.uploads) == 3)
        assert task.status == "in_progress"

        agent.process.kill()
        host.let_go()
        agent.launch()

        record = task.wait("completed")
        assert sorted(artifact["key"] for artifact in record["execution"]["artifacts"]) == [f"{n}.txt" for n in range(4)]
        sent = [name.rpartition("/")[2] for name in host.uploads]
        assert sent.count("0.txt") == sent.count("1.txt") == sent.count("3.txt") == 1
        assert [host.files[name] for name in host.uploads[:2]] == [b"0", b"1"]
        wait_until("nothing is left of the run", lambda: not agent.remains())
    finally:
        agent.end()


def test_what_the_sdk_is_asked_for_comes_from_the_inputs(server, make_agent, tmp_path):
    content = b"weights" * 1000
    files = server.addresses["files"]
    answer = requests.post(files, files={"project/weights.pt": content}, headers=server.api.headers, timeout=30)
    assert answer.status_code == 200
    url = f"{files}/project/weights.pt"
    model = server.api.call("models.create", uri=url, name="weights", ready=True)["id"]
    code = f"""
import os, pathlib
from clearml import InputModel, StorageManager
for path in (InputModel({model!r}).get_local_copy(), StorageManager.get_local_copy({url!r})):
    print("copy", pathlib.Path(path).relative_to(os.environ["STINT_INPUTS"]), len(pathlib.Path(path).read_bytes()))
"""
    task = Task.create(server.api, code)
    server.api.call("tasks.add_or_update_model", task=task.id, name="in", type="input", model=model)
    agent = make_agent()
    agent.execute(task, CLEARML_AGENT_SKIP_PIP_VENV_INSTALL=VENV_BIN / "python")

    assert task.wait("completed")
    assert task.log().count(f"copy models/{model}/weights.pt 7000") == 2
    digest = hashlib.sha256(content).hexdigest()
    assert (agent.home / f"storage/models/{digest[:2]}/{digest[2:5]}/{digest}.pt").exists()


def storage(agent, *arguments):
    (agent.folder / f"{agent.name}-storage.log").unlink(missing_ok=True)
    process = agent.run("storage", *arguments, "--json")
    assert process.wait(60) == 0, process.output()
    return json.loads(process.output())


def test_clean_up_takes_what_no_task_uses_and_leaves_logs(server, host, make_agent, tmp_path):
    server.api.call("queues.create", name="cleaned")
    agent = make_agent("cleaned").start()
    gate = tmp_path / "gate"
    waits = READS + f"import time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.02)\n"
    used, used_digest = host.add("used.bin", b"u" * 200_000)
    free, free_digest = host.add("free.bin", b"f" * 300_000)
    first = declare(server.api, Task.create(server.api, READS), [f"{free}#sha256={free_digest}"]).enqueue("cleaned")
    first.wait("completed")
    running = declare(server.api, Task.create(server.api, waits), [f"{used}#sha256={used_digest}"]).enqueue("cleaned")
    running.wait_for_line("input used.bin")

    usage = {each["kind"]: each for each in storage(agent)["usage"]}
    assert usage["datasets"]["count"] == 2
    assert usage["datasets"]["bytes"] >= 500_000
    assert 200_000 <= usage["datasets"]["bytes_in_use"] < 300_000
    trial = storage(agent, "clean", "--kind", "datasets", "--dry-run")["removed"]
    assert [each["count"] for each in trial] == [1]
    assert len(stored(agent)) == 2
    assert storage(agent, "clean", "--kind", "datasets", "--older-than", "1d")["removed"][0]["count"] == 0
    assert storage(agent, "clean")["removed"]
    assert [path.name for path in stored(agent)] == [f"{used_digest}.bin"]

    gate.touch()
    running.wait("completed")
    log = agent.home / "tasks" / first.id / "logs" / "1.log"
    assert "input free.bin" in log.read_text()
    assert not (agent.home / "tasks" / first.id / "run").exists()


@pytest.mark.extensions
def test_a_worker_reports_its_storage_and_cleans_up_when_the_server_says_so(server, host, make_agent):
    server.api.call("queues.create", name="ordered")
    agent = make_agent("ordered")
    agent.environment["CLEARML_AGENT__AGENT__STATUS_REPORT_INTERVAL_SEC"] = "1"
    agent.start()
    url, digest = host.add("model.bin", b"m" * 100_000)
    inputs = [{"url": url, "sha256": digest, "kind": "model"}]
    declare(server.api, Task.create(server.api, READS), inputs).enqueue("ordered").wait("completed")

    name = agent.worker()["id"]
    command = [STINT, "worker", "clean", name, "--kind", "models", "--json"]
    order = subprocess.run(command, env=server.client_environment, capture_output=True, check=True, timeout=60).stdout
    assert json.loads(order)["orders"]["clean"]["id"]
    wait_until("the model is gone", lambda: not stored(agent))
    wait_until("the order is done", lambda: "orders" not in agent.worker())
    usage = {each["kind"]: each["bytes"] for each in agent.worker()["storage"]}
    assert usage["models"] == 0
    assert usage["logs"] > 0


def test_the_log_of_a_daemon_is_begun_anew_when_it_is_long(server, make_agent):
    agent = make_agent()
    agent.environment["CLEARML_AGENT__AGENT__STINT__STORAGE__LOG_SIZE_MB"] = "0"
    assert agent.run("daemon", "--queue", "default", "--detached", "--debug").wait(60) == 0
    try:
        [log] = (agent.home / "logs").glob("daemon-*.log")
        [record] = (agent.cache / "agents").glob("*.json")
        daemon = json.loads(record.read_text())["pid"]
        with log.open("a") as file:
            file.write("a long line\n" * 1000)
        os.kill(daemon, signal.SIGHUP)
        old = log.with_name(log.name + ".1")
        wait_until("the log is put aside", old.exists)
        wait_until("the new one is written to", lambda: log.exists() and log.stat().st_size > 0)
        assert "a long line" in old.read_text()
        assert "a long line" not in log.read_text()
    finally:
        agent.run("daemon", "--stop").wait(60)


def test_the_files_of_a_dataset_and_artifacts_of_other_tasks_are_inputs(server, make_agent, sdk, tmp_path):
    made = sdk.run(
        """
        from pathlib import Path
        from clearml import Dataset, Task
        from tests import answer
        Path("data").mkdir()
        for name in ("one", "two"):
            Path(f"data/{name}.txt").write_text(name)
        dataset = Dataset.create(dataset_name="numbers", dataset_project="inputs")
        dataset.add_files("data")
        dataset.upload(show_progress=False)
        dataset.finalize()
        task = Task.create(project_name="inputs", task_name="source", task_type="data_processing")
        task.mark_started()
        task.upload_artifact("table", Path("data/one.txt"), wait_on_upload=True)
        task.mark_completed()
        answer(dataset=dataset.id, task=task.id)
        """
    )
    code = f"""
import os, pathlib
from clearml import Dataset, Task
inputs = pathlib.Path(os.environ["STINT_INPUTS"])
print("table", (inputs / "table.txt").read_text())
print("artifact", Task.get_task({made["task"]!r}).artifacts["table"].get().relative_to(inputs))
copy = pathlib.Path(Dataset.get(dataset_id={made["dataset"]!r}).get_local_copy())
print("dataset", sorted(path.name for path in copy.iterdir() if path.suffix == ".txt"))
cache = pathlib.Path(os.environ["CLEARML_CACHE_DIR"])
print("downloaded", sorted(path.name.partition(".")[2] for path in cache.rglob("*.zip") if path.is_file()))
"""
    task = Task.create(server.api, code)
    inputs = [{"dataset": made["dataset"]}, {"task": made["task"], "artifact": "table", "path": "table.txt"}]
    declare(server.api, task, inputs)
    sdk_cache = tmp_path / "task-cache"
    make_agent().execute(task, CLEARML_AGENT_SKIP_PIP_VENV_INSTALL=VENV_BIN / "python", CLEARML_CACHE_DIR=sdk_cache)

    log = (task.wait("completed"), task.log())[1]
    assert "table one" in log
    assert "artifact table.txt" in log
    assert "dataset ['one.txt', 'two.txt']" in log
    assert "downloaded []" in log


@pytest.mark.extensions
def test_a_task_is_aborted_also_while_its_outputs_are_sent(server, host, tmp_path):
    server.api.call("queues.create", name="aborted")
    config = tmp_path / "host.conf"
    config.write_text(server.config_file.read_text().replace(server.addresses["files"], host.address))
    agent = Agent(server, tmp_path, "aborted", config_file=config)
    host.hold()
    try:
        agent.start()
        code = "import os, pathlib; pathlib.Path(os.environ['STINT_OUTPUTS'], 'a.txt').write_text('a')"
        task = Task.create(server.api, code).enqueue("aborted")
        wait_until("the upload hangs", lambda: host.uploads)

        task.stop()

        task.wait("stopped", seconds=30)
        wait_until("nothing is left of the run", lambda: not agent.remains())
    finally:
        host.let_go()
        agent.end()


def test_what_was_used_longest_ago_goes_where_the_disk_has_no_room_for_more(server, host, make_agent, small_disk):
    home = small_disk("small")
    server.api.call("queues.create", name="small")
    agent = make_agent("small")
    agent.environment["STINT_AGENT_HOME"] = str(home)
    agent.start()
    digests = []
    for letter in "abc":
        url, digest = host.add(f"{letter}.bin", letter.encode() * (25 << 20))
        declare(server.api, Task.create(server.api, READS), [f"{url}#sha256={digest}"]).enqueue("small").wait("completed")
        digests.append(f"{digest}.bin")

    kept = sorted(path.name for path in home.glob("*/storage/datasets/*/*/*"))
    assert kept == sorted(digests[1:])


def test_a_task_is_adopted_by_an_agent_with_another_key(own_server, tmp_path):
    pair = own_server.api.call("auth.create_credentials")["credentials"]
    gate = tmp_path / "gate"
    code = f"import pathlib, time\nprint('begun', flush=True)\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.02)\n"
    agent = Agent(own_server, tmp_path, "default")
    try:
        agent.start()
        task = Task.create(own_server.api, code).enqueue()
        task.wait_for_line("begun")
        agent.process.kill()

        agent.environment |= {"CLEARML_API_ACCESS_KEY": pair["access_key"], "CLEARML_API_SECRET_KEY": pair["secret_key"]}
        agent.launch()
        gate.touch()

        record = task.wait("completed")
        assert len(record.get("attempts", [1])) == 1
        assert task.log().count("begun") == 1
        wait_until("nothing is left of the run", lambda: not agent.remains())
    finally:
        agent.end()


class CountingProxy(Proxy):
    """Counts how often a task's holder says that it lives."""

    pings = 0

    def loses_answer(self, path):
        self.pings += path.endswith("tasks.ping")
        return False


@pytest.mark.extensions
def test_a_task_stays_its_holders_as_long_as_its_outputs_are_sent(server, host, tmp_path):
    server.api.call("queues.create", name="leased", policy={"lease_seconds": 4})
    proxy = CountingProxy(server.addresses["api"])
    config = tmp_path / "host.conf"
    addresses = {server.addresses["files"]: host.address, server.addresses["api"]: proxy.address}
    text = server.config_file.read_text()
    for old, new in addresses.items():
        text = text.replace(old, new)
    config.write_text(text)
    agent = Agent(server, tmp_path, "leased", config_file=config)
    host.hold()
    try:
        agent.start()
        code = "import os, pathlib; pathlib.Path(os.environ['STINT_OUTPUTS'], 'a.txt').write_text('a')"
        task = Task.create(server.api, code).enqueue("leased")
        wait_until("the upload hangs", lambda: host.uploads)
        # Two of them may come in each second, which is a fourth of the lease.
        seen = proxy.pings
        wait_until("the lease was renewed for longer than it lasts", lambda: proxy.pings > seen + 12, 60)
        host.let_go()

        assert [attempt["reason"] for attempt in task.wait("completed")["attempts"]] == ["completed"]
    finally:
        host.let_go()
        agent.end()
        proxy.close()
