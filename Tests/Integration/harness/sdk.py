"""Scripts that use the unmodified SDK, each in a process of its own as users run them."""

import json
import subprocess
import sys
import textwrap

from harness.process import VENV_BIN

# What scripts import from `tests`.
HELPERS = '''\
def answer(**values):
    """Hands values to the test."""
    import json, os
    with open(os.environ["SDK_ANSWER"], "w") as file:
        json.dump(values, file, default=str)


def hurry():
    """Has the SDK look after its jobs every tenth of a second, not every 15 or 20 seconds; nothing else changes."""
    import threading, time
    from clearml.automation import controller, job, optimization

    class Event(threading.Event):
        def wait(self, timeout=None):
            return super().wait(timeout and min(timeout, 0.1))

    optimization.Event = Event
    for module in (controller, job):
        module.sleep = lambda seconds: time.sleep(min(seconds, 0.1))
'''


class SDK:
    """The SDK as a user of `server`, at work in a folder of its own."""

    def __init__(self, server, folder):
        self.folder = folder
        self.environment = {**server.client_environment, "CLEARML_CACHE_DIR": str(folder / "cache")}
        self.output = ""

    def run(self, script, *arguments, seconds=300, **environment):
        """Runs a script and returns what it answered."""
        helpers = self.folder / "helpers"
        helpers.mkdir(exist_ok=True)
        (helpers / "tests.py").write_text(HELPERS)
        (self.folder / "script.py").write_text(textwrap.dedent(script))
        answer = self.folder / "answer.json"
        answer.unlink(missing_ok=True)
        python_path = {"SDK_ANSWER": str(answer), "PYTHONPATH": str(helpers)}
        self._run([sys.executable, "script.py", *arguments], seconds, {**python_path, **environment})
        return json.loads(answer.read_text()) if answer.exists() else None

    def command(self, name, *arguments, seconds=300):
        """Runs one of the commands that come with the SDK and returns its output."""
        return self._run([VENV_BIN / name, *arguments], seconds, {})

    def _run(self, command, seconds, environment):
        finished = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        self.output = finished.stdout
        assert finished.returncode == 0, f"exit code {finished.returncode}:\n{finished.stdout}"
        assert "Action failed" not in finished.stdout, finished.stdout
        return finished.stdout
