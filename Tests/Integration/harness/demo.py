"""A server with a project of 50 runs, which all processes of a test run share: it takes long to fill."""

import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager

from harness.api import Api
from harness.process import ROOT
from harness.server import Server

RUNS = 50
# By far enough: on a machine that is busy with other tests, too, the SDK takes its time.
LONGEST = 600


@contextmanager
def shared_demo(folder):
    """The server of `folder`, seen by a user of this process's own, so that preferences are not shared.

    The first process starts and fills it, the others wait for that. It is the first's to end, once all have left.
    """
    server = Server(folder)
    is_filled, is_running = folder / "filled", folder / "running"
    with (folder / "in-use").open("w") as use, (folder / "changing").open("w") as change:
        fcntl.flock(change, fcntl.LOCK_EX)
        is_own = not is_running.exists()
        try:
            if is_filled.exists():
                # Its addresses are in what it keeps: it is started again where it was.
                server.join()
            if is_own:
                server.start()
            if not is_filled.exists():
                fill_with_demo(server, RUNS)
            is_filled.touch()
            is_running.touch()
            fcntl.flock(use, fcntl.LOCK_SH)
            fcntl.flock(change, fcntl.LOCK_UN)
            server.api = own_user(server.api)
            yield server
        finally:
            if is_own:
                # From here on nobody joins, and the lock is had when the last of the others has gone.
                fcntl.flock(change, fcntl.LOCK_EX)
                is_running.unlink(missing_ok=True)
                fcntl.flock(use, fcntl.LOCK_EX)
                server.end()


def own_user(api):
    """Another administrator, who has an access key."""
    user = api.call("auth.create_user", name=f"tester {os.getpid()}", email="", role="admin")["id"]
    own = Api.of_token(api.url, api.call("auth.get_token_for_user", user=user)["token"])
    own.call("auth.create_credentials", label="tests")
    return own


def fill_with_demo(server, runs):
    """What `make demo-data` does, on this server."""
    command = [sys.executable, ROOT / "scripts" / "demo_data.py", "--runs", runs]
    environment = {**server.client_environment, "CLEARML_CACHE_DIR": str(server.folder / "demo-cache")}
    filling = subprocess.run(
        [str(part) for part in command], env=environment, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert filling.returncode == 0, f"the demo could not be made:\n{filling.stdout}{filling.stderr}"[-6000:]
