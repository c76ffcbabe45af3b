"""What a run of the bench leaves: its figures and how they came about, as text, as a page and as a picture."""
import dataclasses
import functools
import json
import os
import platform

from workshop.bench.figures import Result, Spread
from workshop.bench.generators import best
from workshop.bench.measuring import Measurements
from workshop.bench.modes import MODES
from workshop.bench.running import CONTESTANTS
from workshop.course.steps import ROOT
from workshop.machine.trouble import Trouble

FOLDER = ROOT / "workshop" / "bench"
SAVED = FOLDER / "measured.json"
PAGE = FOLDER / "README.md"
PICTURE = ROOT / ".workshop" / "benchmark.svg"


@dataclasses.dataclass
class Record:
    """A run: the seconds of each measurement, Measurements, and why servers were left out."""

    seconds: float
    measurements: Measurements
    left_out: dict  # name of a server -> a sentence
    machine: str = dataclasses.field(default_factory=lambda: machine())

    def facts(self):
        """Return all that is to be told (a dict that JSON can take), with the results by mode and server."""
        results = self.measurements.results()
        return {
            "seconds": self.seconds, "rounds": self.measurements.rounds, "load": best(self.seconds),
            "machine": self.machine, "versions": versions({name for _, name in results}),
            "left_out": self.left_out, "without_keep_alive": self.measurements.without_keep_alive,
            "results": {mode.name: {name: rounded(dataclasses.asdict(result)) for (of, name), result in results.items()
                                    if of == mode.name} for mode in MODES},
        }


def rounded(value):
    """Return a value (dicts of floats, or other things) with all floats rounded to what can be trusted, or more."""
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    return round(value, 1 if value > 10 else 3) if isinstance(value, float) else value


def machine():
    """Return what the figures depend on: Python, system, processors that can be used, and how busy they are now."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = f"{usable} {'core' if usable == 1 else 'cores'}"
    return f"Python {platform.python_version()}, {platform.system()}, {cores}{busy()}"


def busy():
    """Return how busy the machine is with other things, as the end of a sentence; "" where it can't be told."""
    return f", load {os.getloadavg()[0]:.1f} before it began" if hasattr(os, "getloadavg") else ""


def versions(names):
    """Return the versions of servers, those that have one."""
    return {name: server.version for name, server in CONTESTANTS.items() if name in names and server.version}


def results_of(facts):
    """Return {(name of a mode, name of a server): Result} of what Record.facts returned."""
    return {(mode, name): Result(spread(each["rate"]), spread(each["cost"]), each["is_the_clients"], each["share"])
            for mode, servers in facts["results"].items() for name, each in servers.items()}


def spread(fields):
    return fields and Spread(**fields)


@functools.cache
def saved():
    """Return the facts that were saved last."""
    return json.loads(SAVED.read_text(encoding="utf-8"))


def save(record, root):
    """Write the facts of a Record, and the page with them, into a repository (a path)."""
    from workshop.bench.page import page

    facts = record.facts()
    facts["left_out"].pop("yours", None)  # whoever saves has the starters
    text = json.dumps(facts, ensure_ascii=True, indent=1) + "\n"
    for path, content in ((SAVED, text), (PAGE, page(facts))):
        (root / path.relative_to(ROOT)).write_text(content, encoding="utf-8", newline="\n")


def write_picture(record, path):
    """Draw the figures of a Record into a file (a path), for whoever runs the bench. Raises Trouble."""
    from dev.pictures.benchmark import chart

    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(chart(record.facts()).svg(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Trouble(f"The picture can't be written to {path} ({error.strerror}): choose another file with --picture.")
