"""What it costs that nothing is lost: the server with all its care beside one that is asked for none of it.

The careless one hands tasks out without leases, takes log lines without their place in the output, and calls written
what has not reached the disk: it is started with --no-extensions, and with a preloaded library that does nothing when
the disk is to be waited for. Both are the same binary, and take turns.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import throughput
from client import Client
from report import Row, at_least, make

from harness import preload
from harness.server import NO_EXTENSIONS, Server

BAR = 0.8
# What a busy task writes between two shipments.
LINES_AT_ONCE = 50


def measure(folder, is_quick):
    """The rows of the report."""
    rounds, batches, tasks = (3, 40, 400) if is_quick else (9, 100, 1000)
    library, reason = preload.build("nowait", folder)
    if reason:
        print(f"The careless server waits for the disk, too, as {reason}")
    preloaded = {"LD_PRELOAD": library} if library else {}
    careful = Server(make(folder / "careful"))
    careless = Server(make(folder / "careless"), flags=(NO_EXTENSIONS,), **preloaded)
    servers = {True: careful, False: careless}
    shipped, flooded, lifecycles = ({True: [], False: []} for _ in range(3))
    try:
        for server in servers.values():
            server.start()
        for number in range(rounds + 1):
            # Whoever comes first has it easier, or harder.
            for is_careful in (True, False) if number % 2 else (False, True):
                server = servers[is_careful]
                ship_rate = ship(server, batches, is_careful)
                flood_rate = throughput.ingest(server, batches, is_careful)
                task_rate = throughput.lifecycles(server, f"round {number}", tasks, is_careful)
                # The first round warms up.
                if number:
                    shipped[is_careful].append(ship_rate)
                    flooded[is_careful].append(flood_rate)
                    lifecycles[is_careful].append(task_rate)
    finally:
        for server in servers.values():
            server.end()
    return [
        at_least(f"log lines of {throughput.WORKERS} agents, a second", shipped[True], shipped[False], BAR),
        spread(shipped),
        unbarred("log lines of two that flood, a second", flooded),
        spread(flooded),
        at_least("task lifecycles, a second", lifecycles[True], lifecycles[False], BAR),
        spread(lifecycles),
    ]


def ship(server, batches, is_careful):
    """Lines a second that very many agents send at once: what each of their tasks has written since the last time, as
    one event, answered before there is more."""
    parts = []
    for part in range(throughput.CLIENTS):
        agents = []
        for _ in range(throughput.WORKERS // throughput.CLIENTS):
            task = server.api.call("tasks.create", name="ship", type="training")["id"]
            agents.append([body(task, number, is_careful) for number in range(batches // 3)])
        parts.append((ship_all, (server, agents)))
    lines = throughput.WORKERS * (batches // 3) * LINES_AT_ONCE
    return lines / throughput.together(parts)


def body(task, number, is_careful):
    line = "x" * (throughput.LINE_BYTES - 1) + "\n"
    event = {"type": "log", "task": task, "level": "info", "worker": "bench", "msg": line * LINES_AT_ONCE}
    event["timestamp"] = 1_700_000_000_000 + number
    if is_careful:
        size = LINES_AT_ONCE * len(line)
        event |= {"stream": "output", "offset": number * size, "size": size}
    return json.dumps(event).encode()


def ship_all(barrier, server, agents):
    clients = [Client(server) for _ in agents]
    barrier.wait()
    with ThreadPoolExecutor(len(agents)) as pool:
        list(pool.map(send, clients, agents))


def send(client, bodies):
    for each in bodies:
        client.send("events.add_batch", each, "application/json-lines")


def unbarred(what, rates):
    row = at_least(what, rates[True], rates[False], BAR)
    return replace(row, bar="", is_met=None)


def spread(rates):
    ratios = sorted(ours / theirs for ours, theirs in zip(rates[True], rates[False]))
    ends = [f"{min(of):,.0f} to {max(of):,.0f}" for of in (rates[True], rates[False])]
    return Row("  over the rounds", *ends, f"{ratios[0]:.2f} to {ratios[-1]:.2f}")
