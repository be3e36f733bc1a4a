"""Waiting for what another process does: by looking again until a deadline, never by guessing how long it takes."""

import time


def wait_until(what, probe, seconds=60):
    """Returns the first true answer of `probe`; fails with `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.05)
