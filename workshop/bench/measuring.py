"""The measurements: all servers in turn, round after round, so that what slows the machine slows them alike."""
import contextlib
import time

from workshop.bench.figures import Result, Sample
from workshop.bench.generators import GENERATORS, best
from workshop.bench.load import keeps_alive, slow_clients
from workshop.bench.modes import MODES

try:
    import resource
except ImportError:  # Windows
    resource = None

YARDSTICK = "gunicorn"  # with whose cost the others' are compared, round by round


class Measurements:
    """Samples by mode and server, and which servers have no keep-alive."""

    def __init__(self):
        self.samples = {}  # (name of a mode, name of a server) -> list of Sample
        self.without_keep_alive = []
        self.rounds = 0  # complete ones

    def add(self, mode, name, sample):
        self.samples.setdefault((mode.name, name), []).append(sample)

    def results(self):
        """Return {(name of a mode, name of a server): Result}."""
        return {(mode, name): Result.of(samples, self.samples.get((mode, YARDSTICK), ()))
                for (mode, name), samples in self.samples.items()}


def measure(field, measurements, rounds, seconds, show):
    """Add so many rounds, with so many seconds for each sample; show(text) is told what is going on."""
    measurements.without_keep_alive = [name for name, server in field.running.items() if not keeps_alive(server.port)]
    for number in range(1, rounds + 1):
        for mode in MODES:
            for name in list(field.running):
                if not (mode.keep_alive and name in measurements.without_keep_alive):
                    show(f"round {number} of {rounds}, {name}: {mode.title.lower()}")
                    measure_one(field, measurements, mode, name, seconds)
        measurements.rounds = number


def measure_one(field, measurements, mode, name, seconds):
    """Add a sample of one server in one mode, unless it can't be had."""
    if server := field.made_ready(name):
        server.forget_what_was_printed()
        measurements.add(mode, name, sample_of(server, mode, seconds))


def sample_of(server, mode, seconds):
    """Return a Sample of a running server."""
    generate = GENERATORS[best(seconds)]
    with slow_clients(server.port) if mode.slow else contextlib.nullcontext():
        client, worked = client_seconds(), server.processor_seconds()
        requests, took = generate(server.port, seconds, mode.keep_alive)
        client, now = client_seconds() - client, server.processor_seconds()
    spent = None if None in (worked, now) or now < worked else now - worked
    return Sample(requests, took, spent, client)


def client_seconds():
    """Return how long processors have worked for this process and for programs that it ran to their end."""
    return time.process_time() + (children_seconds() if resource else 0.0)


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
