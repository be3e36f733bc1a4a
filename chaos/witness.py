"""What a task of the storm runs: it writes numbered lines, and on the side what it did.

The side folder is on a disk that is never full. Its `lock` is held by every process of an attempt for as long as it
lives, whatever ends it: an attempt that cannot have it runs beside another one. `notes` has a line for each event, and
`written.TOKEN` how many lines the attempt with that token has written for certain.
"""

import fcntl
import os
import signal
import sys
import time

RETRY, FAILED = 75, 3
TOKEN = f"{os.environ.get('STINT_ATTEMPT', '0')}.{os.getpid()}"


def note(side, word):
    record = f"{word} {TOKEN} {time.clock_gettime_ns(time.CLOCK_BOOTTIME)}\n"
    notes = os.open(f"{side}/notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(notes, record.encode())
    os.close(notes)


def count_end(side):
    """One byte more in a file that all tasks share: how far the storm has come."""
    ended = os.open(f"{side}/../ended", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(ended, b".")
    os.close(ended)


def take_lock(side):
    lock = os.open(f"{side}/lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note(side, "overlap")
        fcntl.flock(lock, fcntl.LOCK_EX)


def leave_family():
    """A child, and a grandchild in a session of its own that takes no hint. Both have the lock."""
    if os.fork():
        return
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(3600)


def write_lines(side, count, pause):
    written = os.open(f"{side}/written.{TOKEN}", os.O_WRONLY | os.O_CREAT, 0o600)
    for number in range(1, count + 1):
        # The full stop tells a number from the beginning of one, where a disk had no room for more.
        line = f"line {TOKEN} {number}.\n".encode()
        if os.write(1, line) < len(line):
            raise OSError("the line was cut")
        os.pwrite(written, b"%8d" % number, 0)
        if pause:
            time.sleep(pause)


def main(side, kind, count, pause):
    take_lock(side)
    is_first = not os.path.exists(f"{side}/notes")
    note(side, "begin")
    if kind == "family":
        leave_family()
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        write_lines(side, count, pause)
    except OSError:
        os._exit(RETRY)
    note(side, "end")
    count_end(side)
    if kind == "doomed":
        os._exit(FAILED)
    os._exit(RETRY if kind == "flaky" and is_first else 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
