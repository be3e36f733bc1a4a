"""What it costs that nothing is lost: the server with all its care beside one that is asked for none of it.

The careless one hands tasks out without leases, takes log lines without their place in the output, and calls written
what has not reached the disk: it is started with --no-extensions, and with a preloaded library that does nothing when
the disk is to be waited for. Both are the same binary, and take turns.
"""

import throughput
from report import Row, at_least, make

from harness import preload
from harness.server import NO_EXTENSIONS, Server

BAR = 0.8


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
    lines, lifecycles = {True: [], False: []}, {True: [], False: []}
    try:
        for server in servers.values():
            server.start()
        for number in range(rounds + 1):
            # Whoever comes first has it easier, or harder.
            for is_careful in (True, False) if number % 2 else (False, True):
                server = servers[is_careful]
                line_rate = throughput.ingest(server, batches, is_careful)
                task_rate = throughput.lifecycles(server, f"round {number}", tasks, is_careful)
                # The first round warms up.
                if number:
                    lines[is_careful].append(line_rate)
                    lifecycles[is_careful].append(task_rate)
    finally:
        for server in servers.values():
            server.end()
    return [
        at_least("log lines over HTTP, a second", lines[True], lines[False], BAR),
        spread(lines),
        at_least("task lifecycles, a second", lifecycles[True], lifecycles[False], BAR),
        spread(lifecycles),
    ]


def spread(rates):
    ratios = sorted(ours / theirs for ours, theirs in zip(rates[True], rates[False]))
    ends = [f"{min(of):,.0f} to {max(of):,.0f}" for of in (rates[True], rates[False])]
    return Row("  over the rounds", *ends, f"{ratios[0]:.2f} to {ratios[-1]:.2f}")
