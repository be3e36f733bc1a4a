"""Wall clocks that can be set, one for each machine of the storm. See clock.c for what is skewed and what is not."""

import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
SHOWS_THE_TIME = "import time; print(time.time())"
DAY = 86_400


class Clock:
    """A wall clock of its own for processes that are started with `variables`."""

    def __init__(self, library, file):
        self._file = file
        self.variables = {"LD_PRELOAD": str(library), "STINT_CHAOS_CLOCK": str(file)}
        self.set(0)

    def set(self, seconds):
        """Puts the clock so many seconds ahead of the machine's."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("=q", int(seconds * 1e9)))


def build(folder):
    """The library that makes clocks, or None and why there is none."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if not compiler or not sys.platform.startswith("linux"):
        return None, "clocks are skewed on Linux only, with a C compiler"
    library = folder / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", library, SOURCE]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        return None, f"the clock cannot be built: {built.stderr.strip().splitlines()[-1]}"
    clock = Clock(library, folder / "trial-clock")
    clock.set(DAY)
    shown = subprocess.run(
        [sys.executable, "-c", SHOWS_THE_TIME], env=clock.variables, capture_output=True, text=True, check=False
    )
    ahead = float(shown.stdout or 0) - time.time()
    return (library, None) if abs(ahead - DAY) < 60 else (None, "a preloaded clock has no effect here")
