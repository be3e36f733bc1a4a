"""How workers and queues were over time, which outlives the server that was told of it."""

import time

import pytest


@pytest.fixture
def history(own_server):
    """A server that was told of a worker and of a queue, and what it tells of them."""
    call = own_server.api.call
    queue = call("queues.create", name="history")["id"]
    task = call("tasks.create", name="history", type="training")["id"]
    call("tasks.enqueue", task=task, queue=queue)
    for load in (20, 60):
        stats = {"cpu_usage": [load, load / 2], "gpu_usage": [97], "memory_used": 1000 + load, "disk_free_home": 41, "network_rx": 1.5}
        call("workers.status_report", worker="here:0", timestamp=0, machine_stats=stats, task=task)
    call("workers.status_report", worker="idle:0", timestamp=0, machine_stats={"cpu_usage": [1]})

    now = int(time.time())

    def told(seconds):
        span = {"from_date": now - seconds, "to_date": now + 3600, "interval": max(60, seconds // 240)}
        items = [{"key": key, "category": category} for key in ("cpu_usage", "memory_used") for category in ("avg", "min", "max")]
        return (
            call("workers.get_stats", **span, items=items, split_by_resource=True),
            call("workers.get_activity_report", **span),
            call("queues.get_queue_metrics", **span, queue_ids=[queue])["queues"][0],
        )

    return own_server, told, lambda: call("tasks.dequeue", task=task)


@pytest.mark.parametrize("seconds", [3600, 7 * 86400], ids=["an hour", "a week"])
def test_history_is_as_before_when_the_server_comes_back(history, seconds):
    server, told, dequeue = history
    stats, activity, queue = told(seconds)
    assert [each["worker"] for each in stats["workers"]] == ["here:0", "idle:0"]
    lowest, highest = (stats["workers"][0]["metrics"][index]["stats"][0]["values"] for index in (1, 2))
    assert (min(lowest), max(highest)) == (10, 60)
    assert max(activity["total"]["counts"]) == 2 and max(activity["active"]["counts"]) == 1
    assert max(queue["queue_lengths"]) == 1

    dequeue()
    server.terminate()
    server.start()

    stats_after, activity_after, queue_after = told(seconds)
    assert stats_after == stats
    # To ask is to look at the queue and for workers again, which may be in the next interval.
    for kind in ("total", "active"):
        for part in ("dates", "counts"):
            assert activity_after[kind][part][: len(activity[kind][part])] == activity[kind][part]
    assert queue_after["dates"][: len(queue["dates"])] == queue["dates"]
    assert max(queue_after["queue_lengths"]) == 1
