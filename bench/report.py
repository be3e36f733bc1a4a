"""What was measured beside what it is measured against, as a table."""

import os
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

CLOCK_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """A line of the table. `is_met` is None where there is no bar."""

    what: str
    ours: str
    theirs: str = ""
    ratio: str = ""
    bar: str = ""
    is_met: bool | None = None


def at_least(what, ours, theirs, bar):
    """Our rate beside another, in rounds that took turns: the medians, and the median of the ratios."""
    ratio = statistics.median(our / their for our, their in zip(ours, theirs))
    shown = (f"{statistics.median(rates):,.0f}" for rates in (ours, theirs))
    return Row(what, *shown, f"{ratio:.2f}", f"≥ {bar}", ratio >= bar)


def below(what, value, bar, unit):
    return Row(what, f"{value:.1f} {unit}", bar=f"< {bar} {unit}", is_met=value < bar)


def print_table(rows, ours, theirs):
    """Prints the rows under a head; whether each bar is met."""
    table = [("", ours, theirs, "ratio", "bar", "")]
    verdict = {None: "", True: "met", False: "MISSED"}
    table += [(row.what, row.ours, row.theirs, row.ratio, row.bar, verdict[row.is_met]) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    print()
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    sys.stdout.flush()
    return all(row.is_met is not False for row in rows)


def process_tree(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(descendant for child in children for descendant in process_tree(int(child)))]


def memory_mb(pid, field):
    """What a process and its children have, by a line of /proc/PID/status: VmRSS for what is resident now, VmHWM for
    the most that ever was."""
    total = 0
    for member in process_tree(pid):
        status = dict(line.split(":", 1) for line in Path(f"/proc/{member}/status").read_text().splitlines())
        total += int(status[field].split()[0])
    return total / 1024


def cpu_ms(pid):
    ticks = 0
    for member in process_tree(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * CLOCK_TICK_MS


def make(folder):
    folder.mkdir()
    return folder


def say(what):
    print(f"Measuring {what}", file=sys.stderr, flush=True)
