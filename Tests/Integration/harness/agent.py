"""Real agents: ours, and the unmodified clearml-agent from PyPI."""

import hashlib

from harness.process import STINT, VENV_BIN, Process, clean_environment, kill_processes_of
from harness.server import ACCESS_KEY
from harness.waiting import wait_until


class Agent:
    """`stint agent daemon` on one queue, with a home and a cache of its own."""

    command = (STINT, "agent")
    flags = ("--cpu-only",)
    patience = 60

    def __init__(self, server, folder, queue, config_file=None):
        self.server = server
        self.folder = folder
        self.queue = queue
        self.name = f"{type(self).__name__.lower()}-{queue}"
        self.cache = folder / "cache"
        self.process = None
        self.environment = clean_environment(
            folder / "home",
            CLEARML_CONFIG_FILE=config_file or server.config_file,
            CLEARML_WORKER_NAME=self.name,
            STINT_CACHE_DIR=self.cache,
        )
        if server.is_stock:
            self.environment["CLEARML_AGENT_QUEUE_POLL_FREQ_SEC"] = "0.3"

    def start(self):
        """Starts it and waits until the server knows the worker."""
        self.launch()
        wait_until(f"worker {self.name} registers", self._is_registered, self.patience)
        return self

    def launch(self):
        """Starts it and waits for nothing."""
        arguments = ["daemon", "--queue", self.queue, "--foreground", *self.flags]
        log = self.folder / f"{self.name}.log"
        self.process = Process(self.name, [*self.command, *arguments], self.environment, log)
        return self

    def run(self, *arguments, **variables):
        """Runs one verb of the agent in this agent's environment."""
        log = self.folder / f"{self.name}-{arguments[0]}.log"
        environment = self.environment | {name: str(value) for name, value in variables.items()}
        return Process(f"{self.name} {arguments[0]}", [*self.command, *arguments], environment, log)

    def execute(self, task, **settings):
        """Runs one task to its end and returns it, with settings such as `package_manager__type="uv"`, or variables."""
        variables = {
            name if name.isupper() else f"CLEARML_AGENT__AGENT__{name.upper()}": value
            for name, value in settings.items()
        }
        process = self.run("execute", "--id", task.id, **variables)
        process.wait(300)
        process.end()
        return task

    @property
    def home(self):
        """What the agents with the server's first key have of their own."""
        return self.cache / hashlib.sha256(ACCESS_KEY.encode()).hexdigest()[:16]

    def job_folder(self, task):
        """Where a task runs."""
        return self.home / "tasks" / task.id / "run"

    def remains(self):
        """What is left of runs, but their logs."""
        return remains_of_runs(self.cache)

    def worker(self):
        """This agent's worker as the server shows it, or None."""
        workers = self.server.api.call("workers.get_all")["workers"]
        return next((worker for worker in workers if worker["id"].startswith(self.name)), None)

    def _is_registered(self):
        assert self.process.is_running, f"{self.name} ended while it started:\n{self.process.output()}"
        return self.worker()

    def end(self):
        if self.process:
            self.process.end()
        kill_processes_of(self.cache)


def remains_of_runs(cache):
    """What agents with this cache have left of runs, but their logs."""
    found = [path for path in cache.glob("*/tasks/*/*") if path.name != "logs"]
    return found + list(cache.glob("*/tasks/*.owner"))


class ClearMLAgent(Agent):
    """`clearml-agent daemon` as PyPI has it."""

    command = (VENV_BIN / "clearml-agent",)
    patience = 120
