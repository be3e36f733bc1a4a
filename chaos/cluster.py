"""What the storm rages over: one server, and machines with a disk, a network, a clock and several agents each."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from harness.agent import Agent
from harness.clock import Clock
from harness.process import is_alive, kill_processes_of, processes_of
from harness.proxy import Proxy
from harness.server import Server

QUEUE = "storm"
# Short, so that a lease ends while the storm lasts; nothing else about it is special.
LEASE_SECONDS = 5
POLICY = {
    "lease_seconds": LEASE_SECONDS,
    "max_attempts": 1000,
    "retries": 1000,
    "retry_delay_seconds": 0,
    # Every code but witness.FAILED: what a program ends with whose disk is full is for the program to say.
    "retry_exit_codes": [code for code in range(1, 256) if code != 3],
}
MEGABYTE = 1 << 20


class Disk:
    """A folder that can be filled, where it may be mounted as a disk of its own."""

    def __init__(self, folder, megabytes):
        folder.mkdir(parents=True)
        self.folder = folder
        self.filler = folder / "filler"
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "stint-chaos", str(folder)]
        self.is_own = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self):
        with contextlib.suppress(OSError), self.filler.open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(MEGABYTE))
        with contextlib.suppress(OSError), self.filler.open("ab", buffering=0) as filler:
            while True:
                filler.write(bytes(512))

    def free(self):
        self.filler.unlink(missing_ok=True)

    def unmount(self):
        if self.is_own:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


class Machine:
    """Agents that share a cache, and reach the server by one network."""

    def __init__(self, name, folder, server, agents, library, seed):
        self.name = name
        self.disk = Disk(folder / "cache", 320)
        self.cache = self.disk.folder
        self.clock = Clock(library, folder / "clock") if library else None
        self.network = Proxy(server.addresses["api"], seed)
        config = folder / "clearml.conf"
        config.write_text(server.config_file.read_text().replace(server.addresses["api"], self.network.address))
        self.agents = [self._agent(folder, server, config, f"{name}{number}") for number in range(1, agents + 1)]

    def _agent(self, folder, server, config, name):
        agent = Agent(server, folder, QUEUE, config_file=config)
        agent.name = name
        agent.environment |= {"CLEARML_WORKER_NAME": name, "STINT_CACHE_DIR": str(self.cache)}
        if self.clock:
            agent.environment |= self.clock.variables
        return agent

    @property
    def job_folders(self):
        return sorted(folder for folder in self.cache.glob("*/tasks/*/run") if folder.is_dir())

    def processes(self, file):
        """The processes that the runs' `file`, such as shim.pid, names, and that live."""
        found = []
        for folder in self.job_folders:
            with contextlib.suppress(OSError, ValueError):
                pid = int((folder / file).read_text())
                # The number may have gone to a stranger.
                if is_alive(pid) and bytes(folder) in _about(pid):
                    found.append(pid)
        return found

    def children_of_jobs(self):
        """What the jobs have started themselves."""
        jobs = set(self.processes("job.pid"))
        shims = set(self.processes("shim.pid"))
        agents = {agent.process.pid for agent in self.agents if agent.process}
        marked = [pid for pid in processes_of(self.cache) if b"STINT_JOB_DIR=" in _about(pid)]
        return sorted(pid for pid in marked if pid not in jobs | shims | agents)

    def power_off(self):
        """Everything that runs here is gone at once."""
        # One that has just been started does not show its environment yet, so they are not looked for.
        for agent in self.agents:
            agent.process.popen.send_signal(signal.SIGSTOP)
        kill_processes_of(self.cache)
        for agent in self.agents:
            agent.process.kill()

    def end(self):
        for agent in self.agents:
            agent.end()
        self.network.close()
        self.disk.unmount()


class Cluster:
    """All of it, at work in `folder`."""

    def __init__(self, folder, machines, agents, library, seed):
        self.folder = folder
        self.server_disk = Disk(folder / "server" / "data", 1500)
        self.server_clock = Clock(library, folder / "server" / "clock") if library else None
        self.server = Server(folder / "server", **(self.server_clock.variables if library else {}))
        self.machines = []
        try:
            self.server.start()
            self.server.api.call("queues.create", name=QUEUE, policy=POLICY)
            for number in range(machines):
                place = folder / f"machine-{number}"
                machine = Machine(
                    chr(ord("a") + number), place, self.server, agents, library, f"{seed}.{number}"
                )
                self.machines.append(machine)
            for agent in self.agents:
                agent.launch()
        except BaseException:
            self.end()
            raise

    @property
    def agents(self):
        return [agent for machine in self.machines for agent in machine.agents]

    @property
    def disks(self):
        return [self.server_disk, *(machine.disk for machine in self.machines)]

    def mounts(self):
        """What is mounted within the storm's folder and is not ours, as any living process sees it."""
        ours = {str(disk.folder) for disk in self.disks}
        found = set()
        for table in Path("/proc").glob("[0-9]*/mountinfo"):
            with contextlib.suppress(OSError):
                for line in table.read_text().splitlines():
                    place = line.split()[4]
                    if place.startswith(str(self.folder)) and place not in ours:
                        found.add(place)
        return sorted(found)

    def stop_agents(self):
        """As an operator does it. Returns those that did not end well."""
        return [agent.name for agent in self.agents if agent.process.terminate(seconds=60) != 0]

    def end(self):
        for machine in self.machines:
            machine.end()
        self.server.end()
        self.server_disk.unmount()


def boot_time():
    """The moment on the clock that tasks note, in nanoseconds."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def _about(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
