"""A real `stint server` on free ports, that can be killed and started again."""

import json
import os
import random
import shlex
import socket
from urllib.parse import urlsplit

import pytest

from harness.api import Api
from harness.process import STINT, Process, clean_environment
from harness.waiting import wait_until

ACCESS_KEY = "INTEGRATIONTESTS0000000000KEY0"
SECRET_KEY = "integration-tests-secret-0000000000000000000000000"

# Flags for every server of a run, such as --no-extensions: then each is as bare as ClearML's own.
FLAGS = shlex.split(os.environ.get("STINT_SERVER_FLAGS", ""))
NO_EXTENSIONS = "--no-extensions"

# Runs a test on a server with extensions and on one that is as bare as ClearML's own.
on_either_server = pytest.mark.parametrize(
    "server", [pytest.param(None, id="extended"), pytest.param((NO_EXTENSIONS,), id="stock")], indirect=True
)


def unused_port():
    """A port at which nobody listens, and which the system gives to no connection by itself: whoever asks a server that
    is away may be given the server's own port, and then the server cannot come back."""
    # Those who test at the same time look for theirs among others.
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
    while True:
        port = random.randrange(16_000, 32_000, 4) + share
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Server:
    """`stint server` (or another verb that serves, such as `up`) on a data folder of its own."""

    def __init__(self, folder, verb="server", preset_key=True, flags=(), **environment):
        self.folder = folder
        self.data = folder / "data"
        self.config_file = self.data / "clearml.conf"
        self.log = folder / f"{verb}.log"
        self.addresses = {}
        self.process = None
        self._verb = verb
        self._flags = [*flags, *(flag for flag in FLAGS if flag not in flags)]
        self.is_stock = NO_EXTENSIONS in self._flags
        self._port_file = folder / "ports.json"
        if preset_key:
            environment |= {"STINT_ACCESS_KEY": ACCESS_KEY, "STINT_SECRET_KEY": SECRET_KEY}
        self.environment = clean_environment(folder / "home", **environment)

    def start(self):
        """Starts it, on the same ports and data as before, and waits until it is ready."""
        self._port_file.unlink(missing_ok=True)
        command = [STINT, self._verb, "--data-dir", self.data, "--port-file", self._port_file, *self._flags]
        for name in ("api", "web", "files"):
            command += [f"--{name}-port", urlsplit(self.addresses.get(name, "")).port or unused_port()]
        self.process = Process(self._verb, command, self.environment, self.log)
        wait_until("the server is ready", self._is_ready)
        return self.join()

    def join(self):
        """Takes the server as it is, whoever has started it."""
        self.addresses = json.loads(self._port_file.read_text())
        self.api = Api(self.addresses["api"], ACCESS_KEY, SECRET_KEY)
        return self

    def _is_ready(self):
        assert self.process.is_running, f"the server ended while it started:\n{self.process.output()}"
        return self._port_file.exists()

    def kill(self):
        self.process.kill()

    def terminate(self):
        return self.process.terminate()

    def end(self):
        if self.process:
            self.process.end()

    @property
    def client_environment(self):
        """What a client needs to find this server."""
        return clean_environment(self.folder / "client-home", CLEARML_CONFIG_FILE=self.config_file)
