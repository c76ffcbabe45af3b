"""The verb `bench`: what a server costs, measured side by side with others. It is no test: nothing passes or fails.

    python3 -m workshop bench            all servers, five rounds of a second each: six to eight minutes
    python3 -m workshop bench --quick    a first impression, in half a minute
"""
import argparse
import contextlib
import importlib.util
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from workshop.bench.chart import chart
from workshop.bench.contestants import CONTESTANTS, contest
from workshop.bench.facts import SAVED, Facts, facts_of, save
from workshop.bench.figures_table import legend, report
from workshop.bench.measuring import Measurements, measure
from workshop.course.project import Project
from workshop.machine.interpreter import other_python, run_again_with
from workshop.machine.processes import LiveLine
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import width

SECONDS, ROUNDS = 1.0, 5
QUICK_SECONDS, QUICK_ROUNDS = 0.2, 1
MOST_SECONDS, MOST_ROUNDS = 60, 50
PICTURE = Path(".workshop", "benchmark.svg")  # in the project's folder
NO_PSUTIL = ("bench reads the processors' time through psutil, which this Python does not have: run "
             "{} -m pip install psutil, then the same command again.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may follow the verb."""
    parser.add_argument("--seconds", type=seconds, metavar="S", help=f"of each measurement (usual: {SECONDS:g})")
    parser.add_argument("--rounds", type=rounds, metavar="N", help=f"how often all are measured (usual: {ROUNDS})")
    parser.add_argument("--servers", type=servers, default=list(CONTESTANTS), metavar="A,B",
                        help=f"some of {', '.join(CONTESTANTS)} (usual: all)")
    parser.add_argument("--quick", action="store_true", help="one round of short measurements")
    parser.add_argument("--picture", type=Path, metavar="FILE",
                        help=f"where to draw the figures, as SVG (usual: {PICTURE.as_posix()})")
    parser.add_argument("--save", action="store_true",
                        help=f"write the figures into {SAVED.name} (for maintainers of the tutorial)")


def seconds(text: str) -> float:
    """Return the seconds that text gives. Raises ArgumentTypeError."""
    with contextlib.suppress(ValueError):
        if 0.05 <= float(text) <= MOST_SECONDS:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0.05 to {MOST_SECONDS}")


def rounds(text: str) -> int:
    """Return the number of rounds that text gives. Raises ArgumentTypeError."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ROUNDS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of rounds from 1 to {MOST_ROUNDS}")


def servers(text: str) -> list[str]:
    """Return the names of servers in text, in the table's order. Raises ArgumentTypeError."""
    names = {word.strip() for word in text.split(",")}
    if unknown := names - CONTESTANTS.keys():
        raise argparse.ArgumentTypeError(f"{min(unknown)!r} is not one of {', '.join(CONTESTANTS)}")
    return [name for name in CONTESTANTS if name in names]


def run(arguments: argparse.Namespace, project: Project) -> int:
    """Measure, print the figures, and draw them; return 0 if there are any. Raises Trouble, and KeyboardInterrupt."""
    if other := other_python(project.root):
        return run_again_with(other)
    if importlib.util.find_spec("psutil") is None:
        raise Trouble(NO_PSUTIL.format(sys.executable))
    measurements = Measurements(arguments.seconds or (QUICK_SECONDS if arguments.quick else SECONDS))
    number = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS)
    try:
        measure_all(arguments.servers, number, measurements, project)
    finally:  # after a Ctrl-C too: what there is by then is shown
        show_all(facts_of(measurements), arguments.picture, arguments.save, project)
    return 0 if measurements.samples else 1


def measure_all(names: list[str], number: int, measurements: Measurements, project: Project) -> None:
    """Run the servers with these names, and take so many rounds into measurements."""
    line = LiveLine(sys.stdout)
    show = line.show if line.in_place else once_a_round()
    print("Measuring. Ctrl-C ends it, and shows what there is by then.", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        try:
            with contest(names, Path(folder), project.root, measurements.left_out) as running:
                measure(running, measurements, number, show)
        finally:
            line.clear()


def once_a_round() -> Callable[[str], None]:
    """Return a function that prints the beginning of a text, `round 1 of 5`, unless it has printed the same already."""
    seen: set[str] = set()

    def show(text: str) -> None:
        beginning = text.partition(",")[0]
        if beginning not in seen:
            print(beginning.capitalize(), flush=True)
        seen.add(beginning)

    return show


def show_all(facts: Facts, picture: Path | None, is_to_be_saved: bool, project: Project) -> None:
    """Print facts, and draw their picture; save them if that is asked for. Raises Trouble."""
    if not any(facts["results"].values()):
        print("\n".join(["Nothing was measured.", *legend(facts)]), flush=True)
        return
    print(report(facts, width()), flush=True)
    picture = picture or project.root / PICTURE
    try:
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(chart(facts).svg(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Trouble(f"The picture cannot be written to {picture} ({error.strerror}): "
                      "choose another file with --picture.")
    print(f"\nThe same as a picture: {project.relative(picture)}")
    if is_to_be_saved:
        save(facts)
        print(f"Saved: {project.relative(SAVED)}; python -m dev regenerate makes the page and its picture of it.")
