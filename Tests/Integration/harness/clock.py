"""Wall clocks that can be set, each for some processes only. See clock.c for what is skewed and what is not."""

import struct
import subprocess
import sys
import time

from harness import preload

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
    library, reason = preload.build("clock", folder)
    if reason:
        return None, reason
    clock = Clock(library, folder / "trial-clock")
    clock.set(DAY)
    shown = subprocess.run(
        [sys.executable, "-c", SHOWS_THE_TIME], env=clock.variables, capture_output=True, text=True, check=False
    )
    ahead = float(shown.stdout or 0) - time.time()
    return (library, None) if abs(ahead - DAY) < 60 else (None, "a preloaded clock has no effect here")
