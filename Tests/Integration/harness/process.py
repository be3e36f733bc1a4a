"""A child process whose output goes to a file, and which is ended by its id."""

import os
import signal
import subprocess
import sys
from pathlib import Path

VENV_BIN = Path(sys.prefix) / "bin"
ROOT = Path(__file__).resolve().parents[3]
STINT = Path(os.environ.get("STINT_BINARY") or ROOT / ".build" / "debug" / "stint").resolve()
FOREIGN = ("CLEARML_", "TRAINS_", "STINT_", "PYTEST_", "VIRTUAL_ENV", "PYTHONPATH")


def clean_environment(home, **additions):
    """This process's environment without what steers ClearML or Stint, at home in a folder of its own."""
    home.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment["HOME"] = str(home)
    environment["PATH"] = f"{VENV_BIN}{os.pathsep}{environment['PATH']}"
    environment.update({name: str(value) for name, value in additions.items()})
    return environment


class Process:
    """One running command."""

    started = []

    def __init__(self, name, command, environment, log, cwd=None):
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [str(part) for part in command],
                env=environment,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        Process.started.append(self)

    @property
    def pid(self):
        return self.popen.pid

    @property
    def is_running(self):
        return self.popen.poll() is None

    def output(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait(self, seconds=60):
        """The exit code."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still ran after {seconds} s. Its output:\n{self.output()}") from None

    def terminate(self, seconds=30):
        """Asks it to end and returns the exit code."""
        if self.is_running:
            self.popen.send_signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self):
        """kill -9."""
        if self.is_running:
            self.popen.kill()
        self.popen.wait()

    def end(self):
        """Makes sure that it is gone, however it takes it."""
        if self.is_running:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        if self in Process.started:
            Process.started.remove(self)


def is_alive(pid):
    """Whether a process with this id runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def supervisors(job_folder):
    """The ids of the two processes that watch over a job, the one that owns it first."""
    shim = int((job_folder / "shim.pid").read_text())
    guard = int(Path(f"/proc/{shim}/stat").read_text().rpartition(")")[2].split()[1])
    return shim, guard


def memory_kb(pid):
    """What a process has in memory, by kind: `Rss` all of it, `Pss` with its share only of what others have, too."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {kind: int(value.split()[0]) for kind, value in (line.split(":", 1) for line in lines)}


def kill_processes_of(folder):
    """Kills what works in `folder`, all of it at once, as when a machine goes down."""
    found = processes_of(folder)
    # Who is frozen does not see the others go.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in found:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def processes_of(folder):
    """The ids of other processes that have `folder` in their environment or their arguments."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            about = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if bytes(folder) in about and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
