"""Cuts the power under a server that works, again and again: what it has answered 200 to must be there afterwards.

`copies` stops the server in the middle of its work and copies its folder. A copy has all that was written, flushed to
the disk or not: it shows whether every answer comes after its write, and whether files that were caught half-way can be
opened, but not whether a write had reached the disk.

`cuts` shows that: the folder is on a file system of its own that goes down at once, without writing what it still has
in memory, as ext4 does when asked to. What is left is what the server had flushed. Whether the disk itself keeps what
it calls written, and in which order, neither can show.
"""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import time
from pathlib import Path

from harness import preload
from harness.process import STINT
from harness.server import Server
from harness.waiting import wait_until
from ledger import Caller, Ledger

WRITERS = 8
IMAGE_BYTES = 512 << 20
EXT4_IOC_SHUTDOWN = 0x8004587D
WITHOUT_WRITING_THE_LOG = 2


def check(folder, seed, times, say):
    """Cuts the power so many times in each way. Returns what was missing, in words."""
    folder.mkdir()
    chance = random.Random(f"{seed} power")
    violations = []
    for way in (copies, careless, cuts):
        try:
            violations += way(folder / way.__name__, chance, times, say)
        except AssertionError as error:
            violations.append(f"{way.__name__}: {error}")
    return violations


def copies(folder, chance, times, say):
    folder.mkdir()
    server = Server(folder)
    written = 0
    try:
        server.start()
        ledger = Ledger(server.addresses, WRITERS, seed="copies", pause=0)
        for number in range(times):
            time.sleep(chance.uniform(0.05, 0.8))
            with _frozen(server.process.pid):
                acknowledged = ledger.snapshot()
                copy = folder / f"copy-{number}"
                # Nobody has the shared memory of a machine that is down.
                shutil.copytree(server.data, copy / "data", ignore=shutil.ignore_patterns("*-shm"))
            yield from _missing_after_restart(copy, acknowledged, f"copy {number}")
            shutil.rmtree(copy)
        ledger.stop()
        written = ledger.written
    finally:
        server.end()
    say(f"{times} copies of a data folder under load, {written} writes were acknowledged")


def careless(folder, chance, times, say):
    """Whether one cut shows what a server has lost that waits for no disk."""
    folder.mkdir()
    library, reason = preload.build("nowait", folder)
    if reason:
        say(f"left out: whether a server that waits for no disk is found out, as {reason}")
        return
    told = []
    try:
        missing = list(cuts(folder / "data", chance, 1, told.append, LD_PRELOAD=library))
    except AssertionError as error:
        missing = [f"{error}"]
    if not missing and not told[-1].startswith("left out"):
        yield "a server that waits for no disk has lost nothing, so what power cuts show here means nothing"


def cuts(folder, chance, times, say, **environment):
    folder.mkdir()
    server = Server(folder, **environment)
    server.data.mkdir()
    disk = _Ext4(folder / "disk", server.data)
    if reason := disk.refusal:
        say(f"left out: cutting the power under a file system, as {reason}")
        return
    acknowledged = {}
    try:
        for number in range(times):
            server.start()
            yield from _missing(acknowledged, server.addresses, f"cut {number}")
            ledger = Ledger(server.addresses, WRITERS, seed=f"cut {number}", pause=0)
            time.sleep(chance.uniform(0.3, 2))
            # A machine without power answers nothing any more. This server still may, in the moment in which the file
            # system goes down: then even a flush that has reached nothing can look as if it had gone well.
            acknowledged |= ledger.snapshot()
            disk.go_down()
            server.kill()
            ledger.stop()
            disk.come_back()
        server.start()
        yield from _missing(acknowledged, server.addresses, "the last cut")
    finally:
        server.end()
        disk.unmount()
    say(f"{times} power cuts under a server on ext4, {len(acknowledged)} tasks were written to")


def _missing_after_restart(folder, acknowledged, what):
    server = Server(folder)
    try:
        server.start()
        yield from _missing(acknowledged, server.addresses, what)
    finally:
        server.end()
    doctor = [STINT, "server", "doctor", "--data-dir", server.data]
    told = subprocess.run(doctor, env=server.environment, capture_output=True, text=True, check=False)
    if told.returncode:
        yield f"{what}: the doctor says: {told.stdout}{told.stderr}"


def _missing(acknowledged, addresses, what):
    yield from (f"{what}: {sentence}" for sentence in Ledger.missing(acknowledged, Caller(addresses)))


class _frozen:
    """No thread of the process moves."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)
        wait_until("the server stands still", self._stands_still)

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)

    def _stands_still(self):
        states = Path(f"/proc/{self.pid}/task").glob("*/stat")
        return all(state.read_text().rpartition(")")[2].split()[0] == "T" for state in states)


class _Ext4:
    """A file system in a file."""

    def __init__(self, image, place):
        self._image, self._place = image, place
        with image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        self.refusal = "only root can mount one"
        if os.geteuid() == 0:
            self.refusal = self._tell(["mkfs.ext4", "-q", "-F", str(image)]) or self._mount()

    def go_down(self):
        place = os.open(self._place, os.O_RDONLY)
        fcntl.ioctl(place, EXT4_IOC_SHUTDOWN, struct.pack("=I", WITHOUT_WRITING_THE_LOG))
        os.close(place)

    def come_back(self):
        self.unmount()
        # Who has a mount table of its own, such as a task with an overlay, may have a copy for a while. Until it is gone,
        # what would be mounted is the file system that is down.
        wait_until("nobody uses the file system any more", lambda: not self._is_in_use())
        if reason := self._mount():
            raise OSError(reason)

    def unmount(self):
        subprocess.run(["umount", str(self._place)], check=True)

    def _is_in_use(self):
        image = str(self._image.resolve())
        return any(_content(file) == image for file in Path("/sys/block").glob("loop*/loop/backing_file"))

    def _mount(self):
        return self._tell(["mount", "-o", "loop", str(self._image), str(self._place)])

    def _tell(self, command):
        try:
            told = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            return f"{error}"
        return f"{' '.join(command)} says {told.stderr.strip()}" if told.returncode else None


def _content(file):
    with contextlib.suppress(OSError):
        return file.read_text().strip()
