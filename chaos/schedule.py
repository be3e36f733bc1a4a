"""What strikes when, all of it from a seed."""

import random
from dataclasses import dataclass

# How often each strikes for every 2,000 tasks. Kills of servers and agents come first: the bar counts them.
KILLS = {"kill_server": 60, "kill_agent": 110, "power_off": 30}
STRIKES = {
    **KILLS,
    "kill_shim": 60,
    "kill_job": 50,
    "kill_child": 30,
    "kill_agent_and_shim": 20,
    "restart_agent": 20,
    "restart_server": 10,
    "freeze_agent": 20,
    "freeze_server": 6,
    "cut_network": 20,
    "hang_network": 15,
    "lossy_network": 25,
    "slow_network": 15,
    "fill_agent_disk": 12,
    "fill_server_disk": 8,
    "skew_agent_clock": 20,
    "skew_server_clock": 12,
    "stop_task": 40,
}
FULL_TASKS = 2000

# What tasks do, and how often. See witness.py.
KINDS = {"plain": 60, "burst": 10, "family": 10, "long": 8, "stubborn": 6, "flaky": 4, "doomed": 2}
HOUR = 3600


@dataclass(frozen=True)
class Strike:
    """One fault: it comes so many seconds after `at` tasks have ended, and is over after `seconds`."""

    at: int
    delay: float
    kind: str
    seconds: float
    # Where there is a choice, this makes it: between 0 and 1.
    roll: float


@dataclass(frozen=True)
class Job:
    """What one task does."""

    kind: str
    lines: int
    pause: float


def strikes(seed, tasks, without=()):
    """The strikes for so many tasks, in order; each kind that is known at least once."""
    chance = random.Random(f"{seed} strikes")
    found = []
    for kind, share in STRIKES.items():
        if kind in without:
            continue
        for _ in range(max(1, round(share * tasks / FULL_TASKS))):
            # Mostly short; now and then longer than a lease.
            seconds = chance.uniform(5, 9) if chance.random() < 0.2 else chance.uniform(0, 2.5)
            at = chance.randrange(max(1, tasks * 9 // 10))
            found.append(Strike(at, chance.random() * 1.5, kind, seconds, chance.random()))
    return sorted(found, key=lambda strike: (strike.at, strike.delay))


def jobs(seed, tasks):
    """What the tasks do."""
    chance = random.Random(f"{seed} jobs")
    kinds = chance.choices(list(KINDS), KINDS.values(), k=tasks)
    return [_job(kind, chance) for kind in kinds]


def _job(kind, chance):
    if kind == "burst":
        return Job(kind, chance.randint(1000, 6000), 0)
    if kind == "long":
        return Job(kind, chance.randint(60, 120), 0.05)
    return Job(kind, chance.randint(10, 60), chance.uniform(0.002, 0.02))


def skew(roll):
    """A clock's error in seconds, often small, up to a day."""
    size = [2, 60, HOUR, 24 * HOUR][int(roll * 8) % 4]
    return size if roll < 0.5 else -size
