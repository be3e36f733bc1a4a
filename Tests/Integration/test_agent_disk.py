"""A worker whose disk is full: the task says so, and keeps its exit code."""



from harness.agent import Agent
from harness.tasks import Task

FILLS_THE_DISK = r"""
import os
try:
    with open("filler", "wb", buffering=0) as filler:
        while True:
            filler.write(bytes(65536))
except OSError:
    pass
for number in range(100_000):
    try:
        os.write(1, b"x" * 60 + b"\n")
    except OSError:
        os._exit(23)
os._exit(0)
"""


def test_a_full_disk_is_named_and_the_exit_code_kept(server, tmp_path, small_disk):
    cache = small_disk("cache")
    agent = Agent(server, tmp_path, "default")
    try:
        agent.start()
        task = Task.create(server.api, FILLS_THE_DISK).enqueue()

        record = task.wait("failed")

        assert "exit code 23" in record["status_reason"]
        assert server.is_stock or record["attempts"][-1]["reason"] == "disk_full"
        assert f"disk of the agent's cache {cache} is full" in record["status_reason"]
        assert "Output was cut" in task.log().splitlines()[-1]
    finally:
        agent.end()
