"""`make chaos`: a server, several agents and many small tasks, while all that can break breaks, and whether they hold.

A storm kills servers, agents, shims and jobs with SIGKILL, alone and together, turns whole machines off, freezes what
it does not kill, cuts, delays and loses what goes over the network, fills disks and skews wall clocks. When it is over,
the invariants of the product are proved from three sources that know nothing of each other: the server's records and
logs, what the tasks themselves noted on a disk that nobody filled (witness.py), and what writers outside of it all were
answered (ledger.py). Then the power is cut under a server that works, and nothing it has answered may be missing
(power.py).

A seed gives the strikes, their order and what they hit, and what each task does; the moments within the run are the
machine's. A run that fails prints its seed, the evidence for each violation, and keeps its folder.

Disks are filled, and the power is cut under an unwritten cache, where this user may mount; clocks are skewed where
there is a C compiler. What is left out is said. Wall clocks are skewed by a preloaded library (harness/clock.c), which
is what the processes see of a clock that is set, but not what kernel timers on the wall clock do: Stint uses none.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests" / "Integration"))

import power  # noqa: E402
import proofs  # noqa: E402
import schedule  # noqa: E402
from cluster import Cluster  # noqa: E402
from harness import clock  # noqa: E402
from harness.process import STINT  # noqa: E402
from ledger import Ledger  # noqa: E402
from storm import Storm, Stuck  # noqa: E402

# The most violations that are shown with all their evidence.
SHOWN = 5


def main():
    options = parse()
    if not STINT.exists():
        sys.exit(f"There is no binary at {STINT}: run `swift build`, or name one with STINT_BINARY.")
    folder = Path(tempfile.mkdtemp(prefix="stint-chaos-"))
    say(f"seed {options.seed}, {options.tasks} tasks, in {folder}")
    start = time.monotonic()
    violations = rage(options, folder / "storm") if options.tasks else []
    if options.power and not violations:
        violations = power.check(folder / "power", options.seed, options.power, say)
    say(f"took {time.monotonic() - start:.0f} s")
    if violations:
        for violation in violations:
            print(f"BROKEN: {violation}")
        tasks = f"make chaos CHAOS_FLAGS='--seed {options.seed} --tasks {options.tasks}'"
        sys.exit(f"{len(violations)} violations; the seed is {options.seed} (`{tasks}`), the folder is {folder}")
    shutil.rmtree(folder, ignore_errors=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--tasks", type=int, default=schedule.FULL_TASKS, help="0: no storm")
    parser.add_argument("--machines", type=int, default=2)
    parser.add_argument("--agents", type=int, default=3, help="of each machine")
    parser.add_argument("--without", nargs="*", default=[], choices=schedule.STRIKES, help="strikes to leave out")
    parser.add_argument("--power", type=int, default=20, help="how often the power is cut; 0: never")
    return parser.parse_args()


def rage(options, folder):
    """One storm, and what it has broken."""
    folder.mkdir()
    library, no_clock = clock.build(folder)
    if no_clock:
        say(f"left out: skewed clocks, as {no_clock}")
    cluster = Cluster(folder, options.machines, options.agents, library, options.seed)
    if not cluster.server_disk.is_own:
        say("left out: full disks, as only root can mount small ones")
    ledger = Ledger(cluster.server.addresses, clients=2, seed=options.seed, pause=0.2)
    try:
        storm = Storm(cluster, options.seed, options.tasks, options.without, say)
        violations = [*rage_and_prove(storm, cluster, ledger)]
        say(summary(storm, ledger, violations))
        return violations
    finally:
        cluster.end()


def rage_and_prove(storm, cluster, ledger):
    try:
        storm.rage()
    except Stuck as stuck:
        yield f"{stuck}"
    ledger.stop()
    yield from storm.fallen
    missing = [task for task, status in storm.statuses().items() if status is None]
    yield from (f"task {task} is gone" for task in missing)
    evidence = 0
    for number, task in enumerate(storm.tasks):
        if task in missing:
            continue
        case = proofs.Case(storm, number, task)
        storm.cases.append(case)
        violations = list(case.violations())
        evidence += bool(violations)
        for violation in violations:
            yield f"task {task} ({number}): {violation}"
        if violations and evidence <= SHOWN:
            print(case.evidence(), flush=True)
    yield from (f"left over: {leftover}" for leftover in proofs.leftovers(cluster))
    yield from proofs.held(cluster)
    yield from ledger.missing(ledger.snapshot(), storm.caller)
    yield from (f"{name} did not end well when it was told to" for name in cluster.stop_agents())
    if code := cluster.server.terminate():
        yield f"the server ended with {code} when it was told to"
    yield from (f"left over: {process}" for process in proofs.remaining_processes(cluster))


def summary(storm, ledger, violations):
    kills = sum(storm.struck[kind] for kind in schedule.KILLS)
    runs = [run for case in storm.cases for run in case.runs]
    lines = sum(len(run.lines) for run in runs)
    reasons = {}
    for case in storm.cases:
        for attempt in case.attempts:
            reasons[attempt["reason"]] = reasons.get(attempt["reason"], 0) + 1
    return "\n".join([
        f"{len(storm.cases)} tasks, {len(runs)} runs, {lines} lines, {ledger.written} acknowledged writes beside them",
        f"{kills} kills of server, agents and machines; all strikes: {dict(storm.struck)}",
        f"struck nothing: {dict(storm.spared)}",
        f"attempts ended by: {reasons}",
        f"{len(violations)} violations",
    ])  # fmt: skip


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    main()
