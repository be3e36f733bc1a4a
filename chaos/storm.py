"""Lets strikes loose on a cluster that works, until all its tasks have ended."""

import contextlib
import heapq
import itertools
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import schedule
from cluster import QUEUE, boot_time
from harness.api import ApiError
from harness.process import is_alive
from ledger import Caller

WITNESS = Path(__file__).with_name("witness.py")
# Tasks that wait in the queue while the storm goes on.
BACKLOG = 30
FINAL = ("completed", "failed", "stopped")
# The longest time without any progress: what takes longer is lost.
PATIENCE_SECONDS = 150


class Feeder(threading.Thread):
    """Makes the tasks and enqueues them, never more ahead than `BACKLOG`."""

    def __init__(self, caller, jobs, side, progress):
        super().__init__(daemon=True)
        self.ids = []
        self._caller, self._jobs, self._side, self._progress = caller, jobs, side, progress

    def run(self):
        for number, job in enumerate(self._jobs):
            while number > self._progress() + BACKLOG:
                time.sleep(0.05)
            self.ids.append(self._feed(number, job))

    def _feed(self, number, job):
        folder = self._side / str(number)
        folder.mkdir()
        arguments = [str(folder), job.kind, str(job.lines), str(job.pause)]
        code = f"import runpy, sys\nsys.argv[1:] = {arguments}\nrunpy.run_path({str(WITNESS)!r}, run_name='__main__')\n"
        script = {
            "diff": code, "entry_point": "main.py", "working_dir": ".", "repository": "", "binary": "python3",
            "requirements": {"pip": ""},
        }  # fmt: skip
        name = f"storm {number} {job.kind}"
        task = self._caller.until_answered("tasks.create", name=name, type="training", script=script)["id"]
        with contextlib.suppress(ApiError):
            # Refused where an earlier call did it whose answer was lost.
            self._caller.until_answered("tasks.enqueue", task=task, queue_name=QUEUE)
        return task


class Storm:
    """One run: `rage` returns when every task is final, or raises `Stuck`."""

    def __init__(self, cluster, seed, tasks, without, say):
        self.cluster = cluster
        self.struck = Counter()
        self.spared = Counter()
        self.journal = []
        # Servers and agents that nobody had told to end.
        self.fallen = []
        self.cases = []
        # The tasks that somebody wanted to stop, and when that was acknowledged, on the clock that tasks note.
        self.asked_to_stop = set()
        self.stops = {}
        self._say = say
        self._side = cluster.folder / "side"
        self._side.mkdir()
        self._ended = self._side / "ended"
        self._ended.touch()
        self.caller = Caller(cluster.server.addresses)
        self.jobs = schedule.jobs(seed, tasks)
        self._strikes = schedule.strikes(seed, tasks, without)
        self._feeder = Feeder(self.caller, self.jobs, self._side, self._progress)
        self._timers = []
        self._order = itertools.count()
        self._mends = {}

    @property
    def tasks(self):
        return list(self._feeder.ids)

    def side(self, number):
        return self._side / str(number)

    def _progress(self):
        return self._ended.stat().st_size

    def rage(self):
        self._feeder.start()
        waiting = list(reversed(self._strikes))
        progress, moved = -1, time.monotonic()
        while True:
            now = time.monotonic()
            if self._progress() != progress:
                progress, moved = self._progress(), now
            while waiting and waiting[-1].at <= progress:
                strike = waiting.pop()
                self._later(strike.delay, lambda strike=strike: self._strike(strike))
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
                moved = time.monotonic()
            self._raise_fallen()
            if not waiting and not self._timers:
                break
            if now - moved > PATIENCE_SECONDS:
                raise Stuck(f"nothing has ended for {PATIENCE_SECONDS} s")
            time.sleep(0.02)
        self._mend_all()
        self._say("the storm is over, what is left of the tasks goes on")
        self._wait_for_tasks()

    def _raise_fallen(self):
        """Starts again what ended by itself, as a service manager does, and remembers it."""
        services = [("server", self.cluster.server, self.cluster.server.start)]
        services += [(agent.name, agent, agent.launch) for agent in self.cluster.agents]
        for name, service, start in services:
            if name in self._mends or service.process.is_running:
                continue
            last = (service.process.output().strip().splitlines() or [""])[-1]
            self.fallen.append(f"{name} ended by itself with {service.process.popen.returncode}: {last}")
            self._say(f"{self._progress():5} tasks  {self.fallen[-1]}")
            self._mends[name] = (None, start)
            self._later(1, lambda name=name: self._mend(name))

    def _later(self, seconds, action):
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), action))

    def _wait_for_tasks(self):
        """Waits until every task is final; every wait is over when nothing at all happens any more."""
        left, moved = None, time.monotonic()
        while True:
            self._raise_fallen()
            statuses = self.statuses()
            open_tasks = [task for task, status in statuses.items() if status not in FINAL]
            if not self._feeder.is_alive() and not open_tasks:
                return
            state = (self._progress(), len(statuses), len(open_tasks))
            if state != left:
                left, moved = state, time.monotonic()
            if time.monotonic() - moved > PATIENCE_SECONDS:
                raise Stuck(f"{len(open_tasks)} tasks do not come to an end: {open_tasks[:5]}")
            time.sleep(0.5)

    def statuses(self):
        """The status of each task; None for one that is not there."""
        statuses = dict.fromkeys(self.tasks)
        for batch in _batches(statuses, 200):
            answer = self.caller.until_answered(
                "tasks.get_all", id=batch, only_fields=["id", "status"], page_size=200, search_hidden=True
            )
            statuses |= {task["id"]: task["status"] for task in answer["tasks"]}
        return statuses

    # What strikes

    def _strike(self, strike):
        target = getattr(self, f"_{strike.kind}")(strike)
        (self.struck if target else self.spared)[strike.kind] += 1
        self.journal.append((boot_time(), self._progress(), strike, target))
        if target:
            self._say(f"{self._progress():5} tasks  {strike.kind.replace('_', ' ')}: {target} ({strike.seconds:.1f} s)")

    def _mend_after(self, strike, target, mend):
        """Whatever a target has suffered ends when it suffers something new, or when its time is over."""
        token = object()

        def when_over():
            if self._mends.get(target, (None,))[0] is token:
                self._mend(target)

        self._mends[target] = (token, mend)
        self._later(strike.seconds, when_over)

    def _mend(self, target):
        if target in self._mends:
            self._mends.pop(target)[1]()

    def _mend_all(self):
        for target in list(self._mends):
            self._mend(target)

    def _choose(self, strike, choices):
        return choices[int(strike.roll * len(choices))] if choices else None

    def _kill_server(self, strike):
        self._mend("server")
        self._mend("server disk")
        self.cluster.server.kill()
        self._mend_after(strike, "server", self.cluster.server.start)
        return "server"

    def _restart_server(self, strike):
        self._mend("server")
        self._mend("server disk")
        code = self.cluster.server.terminate()
        self._mend_after(strike, "server", self.cluster.server.start)
        return f"server, which ended with {code}"

    def _freeze_server(self, strike):
        self._mend("server")
        process = self.cluster.server.process
        os.kill(process.pid, signal.SIGSTOP)
        self._mend_after(strike, "server", lambda: os.kill(process.pid, signal.SIGCONT))
        return "server"

    def _kill_agent(self, strike):
        agent = self._choose(strike, self.cluster.agents)
        self._mend(agent.name)
        agent.process.kill()
        self._mend_after(strike, agent.name, agent.launch)
        return agent.name

    def _restart_agent(self, strike):
        agent = self._choose(strike, self.cluster.agents)
        self._mend(agent.name)
        # It may hang at a network that does.
        agent.process.popen.send_signal(signal.SIGTERM)
        self._mend_after(strike, agent.name, lambda: self._relaunch(agent))
        return agent.name

    def _relaunch(self, agent):
        agent.process.kill()
        agent.launch()

    def _freeze_agent(self, strike):
        agent = self._choose(strike, self.cluster.agents)
        self._mend(agent.name)
        process = agent.process
        os.kill(process.pid, signal.SIGSTOP)
        self._mend_after(strike, agent.name, lambda: os.kill(process.pid, signal.SIGCONT))
        return agent.name

    def _power_off(self, strike):
        machine = self._choose(strike, self.cluster.machines)
        for agent in machine.agents:
            self._mend(agent.name)
        machine.power_off()
        for agent in machine.agents:
            self._mend_after(strike, agent.name, agent.launch)
        return f"machine {machine.name}"

    def _kill_agent_and_shim(self, strike):
        """Nobody is left on the machine to look after what the shim's job has started."""
        shims = [(machine, pid) for machine in self.cluster.machines for pid in machine.processes("shim.pid")]
        if not shims:
            return None
        machine, shim = self._choose(strike, shims)
        for agent in machine.agents:
            self._mend(agent.name)
            agent.process.kill()
            self._mend_after(strike, agent.name, agent.launch)
        _kill(shim)
        return f"agents of machine {machine.name}, shim {shim}"

    def _kill_one(self, strike, find):
        pid = self._choose(strike, [pid for machine in self.cluster.machines for pid in find(machine)])
        if pid:
            _kill(pid)
        return pid

    def _kill_shim(self, strike):
        return self._kill_one(strike, lambda machine: machine.processes("shim.pid"))

    def _kill_job(self, strike):
        return self._kill_one(strike, lambda machine: machine.processes("job.pid"))

    def _kill_child(self, strike):
        return self._kill_one(strike, lambda machine: machine.children_of_jobs())

    def _trouble_network(self, strike, trouble):
        machine = self._choose(strike, self.cluster.machines)
        self._mend(machine.network)
        trouble(machine.network)
        self._mend_after(strike, machine.network, machine.network.mend)
        return f"machine {machine.name}"

    def _cut_network(self, strike):
        return self._trouble_network(strike, lambda network: network.cut())

    def _hang_network(self, strike):
        return self._trouble_network(strike, lambda network: network.hang())

    def _lossy_network(self, strike):
        return self._trouble_network(strike, lambda network: network.lose(0.5))

    def _slow_network(self, strike):
        return self._trouble_network(strike, lambda network: network.delay(2))

    def _fill_disk(self, strike, disk, target):
        if not disk.is_own:
            return None
        self._mend(target)
        disk.fill()
        self._mend_after(strike, target, disk.free)
        return target

    def _fill_agent_disk(self, strike):
        machine = self._choose(strike, self.cluster.machines)
        return self._fill_disk(strike, machine.disk, f"disk of machine {machine.name}")

    def _fill_server_disk(self, strike):
        if "server" in self._mends:
            return None
        return self._fill_disk(strike, self.cluster.server_disk, "server disk")

    def _skew_agent_clock(self, strike):
        machine = self._choose(strike, self.cluster.machines)
        return self._skew(strike, machine.clock, f"machine {machine.name}")

    def _skew_server_clock(self, strike):
        return self._skew(strike, self.cluster.server_clock, "server")

    def _skew(self, strike, clock, target):
        if not clock:
            return None
        # The other digits of the roll than those that chose the machine.
        seconds = schedule.skew(strike.roll * 1000 % 1)
        clock.set(seconds)
        return f"{target} by {seconds} s"

    def _stop_task(self, strike):
        """As a user does it: in the middle of whatever happens to the task."""
        begun = [number for number, _ in enumerate(self.tasks) if not self._has_ended(number)]
        number = self._choose(strike, begun[:8])
        if number is None:
            return None
        task = self.tasks[number]
        self.asked_to_stop.add(task)
        try:
            self.caller.once("tasks.stop", seconds=3, task=task, status_reason="stopped by the storm")
        except Exception as error:  # noqa: BLE001: whatever it was, nothing was acknowledged
            return f"task {task}, without an answer: {type(error).__name__}"
        self.stops[task] = boot_time()
        return f"task {task}"

    def _has_ended(self, number):
        notes = self.side(number) / "notes"
        return notes.exists() and "end " in notes.read_text()


class Stuck(Exception):
    """Something does not come to its end."""


def _kill(pid):
    if is_alive(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _batches(items, size):
    items = list(items)
    return (items[start : start + size] for start in range(0, len(items), size))
