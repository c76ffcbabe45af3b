"""The measurements: all servers in turn, round after round, so that what slows the machine slows them alike."""
import contextlib
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from workshop.bench.contestants import LIMIT, Contest, Contestant
from workshop.bench.figures import Result, Results, Sample
from workshop.bench.load import answered, keeps_alive, slow_clients
from workshop.bench.modes import FLASK, MODES, Mode

YARDSTICK = "gunicorn"  # the costs of the others are compared with its cost, round by round


def this_machine() -> str:
    """Return what the figures depend on: Python, system, processors that can be used, and how busy they are now."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = f"{usable} {'core' if usable == 1 else 'cores'}"
    busy = f", load {os.getloadavg()[0]:.1f} before it began" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {platform.system()}, {cores}{busy}"


@dataclass
class Measurements:
    """The samples of a run so far, by mode and server, and how they came about."""

    seconds: float  # of each sample
    machine: str = field(default_factory=this_machine)
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)  # by the names of a mode and a server
    left_out: dict[str, str] = field(default_factory=dict)  # name of a server -> a sentence that says why
    without_keep_alive: list[str] = field(default_factory=list)
    rounds: int = 0  # complete ones

    def add(self, mode: Mode, name: str, sample: Sample) -> None:
        """Add a sample of the server with this name."""
        self.samples.setdefault((mode.name, name), []).append(sample)

    def has(self, mode: Mode, name: str) -> bool:
        """Tell whether a mode is for the server with this name: the limit knows no application, and so no Flask."""
        return not (mode.keep_alive and name in self.without_keep_alive or mode.path == FLASK and name == LIMIT)

    def results(self) -> Results:
        """Return what the samples of each server say in each mode."""
        return {(mode, name): Result.of(samples, self.samples.get((mode, YARDSTICK), ()))
                for (mode, name), samples in self.samples.items()}


def measure(contest: Contest, measurements: Measurements, rounds: int, show: Callable[[str], None]) -> None:
    """Add so many rounds; show(text) is called with what is going on."""
    measurements.without_keep_alive = [name for name, server in contest.running.items() if not keeps_alive(server.port)]
    for number in range(1, rounds + 1):
        for mode in MODES:
            for name in list(contest.running):
                if measurements.has(mode, name):
                    show(f"round {number} of {rounds}, {name}: {mode.title.lower()}")
                    if server := contest.made_ready(name, mode):
                        server.forget_what_was_printed()
                        measurements.add(mode, name, sample_of(server, mode, measurements.seconds))
        measurements.rounds = number


def sample_of(server: Contestant, mode: Mode, seconds: float) -> Sample:
    """Return a Sample of a running server."""
    with slow_clients(server.port) if mode.slow else contextlib.nullcontext():
        worked, client = processor_seconds(server.process.pid), time.process_time()
        requests, took = answered(server.port, seconds, mode)
        client, now = time.process_time() - client, processor_seconds(server.process.pid)
    spent = None if worked is None or now is None or now < worked else now - worked
    return Sample(requests, took, spent, client)


def processor_seconds(pid: int) -> float | None:
    """Return how long processors have worked for a process and all that it has started; None if it has ended."""
    import psutil  # not above: the command may begin in a Python that has none, and continues in one that has it

    try:
        first = psutil.Process(pid)
        times = [process.cpu_times() for process in (first, *first.children(recursive=True))]
    except psutil.Error:
        return None
    return sum(each.user + each.system for each in times)
