"""`make bench`: Stint beside what it is measured against, in one run.

Only ratios travel between machines; the absolute numbers are this machine's.
"""

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Integration"))

import agent
import care
import environments
import longpoll
import page
import report
import scale
import throughput

SECTIONS = {
    "agent": (agent.measure, "stint agent", f"clearml-agent {version('clearml-agent')}"),
    "environments": (environments.measure, "stint agent", f"clearml-agent {version('clearml-agent')}"),
    "throughput": (throughput.measure, "stint server", "bare SQLite"),
    "care": (care.measure, "with all care", "with none"),
    "scale": (scale.measure, "full folder", "small folder"),
    "longpoll": (longpoll.measure, "stint server", ""),
    "page": (page.measure, "the page", "curl"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and less of everything")
    parser.add_argument("--folder", type=Path, help="where there is room: the full run fills 15 GB, and removes it")
    choice = parser.parse_args()
    unknown = set(choice.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")

    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    is_met = True
    for name in choice.sections or SECTIONS:
        measure, ours, theirs = SECTIONS[name]
        with tempfile.TemporaryDirectory(prefix="stint-bench-", dir=choice.folder) as folder:
            rows = measure(Path(folder), choice.quick)
        is_met &= report.print_table(rows, ours, theirs)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
