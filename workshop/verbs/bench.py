"""The verb `bench`: what a server costs, measured side by side with others. It is no test, and fails nothing.

    python3 -m workshop bench            all servers, five rounds of a second each: two to three minutes
    python3 -m workshop bench --quick    a first impression, in ten seconds or so
"""
import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from workshop.bench.measuring import Measurements, measure
from workshop.bench.record import PAGE, PICTURE, Record, save, write_picture
from workshop.bench.running import CONTESTANTS, field
from workshop.bench.table import legend, report
from workshop.course.steps import ROOT, relative
from workshop.machine.interpreter import python_for_checks
from workshop.machine.processes import LiveLine, stay_with
from workshop.terminal.writing import width

SECONDS, ROUNDS = 1.0, 5
QUICK_SECONDS, QUICK_ROUNDS = 0.2, 1
MOST_SECONDS, MOST_ROUNDS = 60, 50
INSIDE = "WORKSHOP_BENCH"  # the environment variable of a bench that was started with the right Python


def add_arguments(parser):
    """Declare what may follow the verb."""
    parser.add_argument("--seconds", type=seconds, metavar="S", help=f"of each measurement (usual: {SECONDS:g})")
    parser.add_argument("--rounds", type=rounds, metavar="N", help=f"how often all are measured (usual: {ROUNDS})")
    parser.add_argument("--servers", type=servers, default=list(CONTESTANTS), metavar="A,B",
                        help=f"some of {', '.join(CONTESTANTS)} (usual: all)")
    parser.add_argument("--quick", action="store_true", help="one round of short measurements")
    parser.add_argument("--picture", type=Path, default=PICTURE, metavar="FILE",
                        help=f"where to draw the figures, as SVG (usual: {relative(PICTURE)})")
    parser.add_argument("--save", action="store_true",
                        help=f"write the figures into {relative(PAGE)} (for who maintains the tutorial)")


def seconds(text):
    """Return the seconds (float) that text gives. Raises ArgumentTypeError."""
    with contextlib.suppress(ValueError):
        if 0.05 <= float(text) <= MOST_SECONDS:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0.05 to {MOST_SECONDS}")


def rounds(text):
    """Return the number of rounds (int) that text gives. Raises ArgumentTypeError."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ROUNDS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of rounds from 1 to {MOST_ROUNDS}")


def servers(text):
    """Return the names of servers (list of str) in text, in the table's order. Raises ArgumentTypeError."""
    names = {word.strip() for word in text.split(",")}
    if unknown := names - CONTESTANTS.keys():
        raise argparse.ArgumentTypeError(f"{min(unknown)!r} is not one of {', '.join(CONTESTANTS)}")
    return [name for name in CONTESTANTS if name in names]


def run(arguments):
    """Measure, print the figures, and draw them; return 0 if there are any. Raises KeyboardInterrupt after that."""
    if other := other_python():
        return run_with(other)
    seconds = arguments.seconds or (QUICK_SECONDS if arguments.quick else SECONDS)
    number = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS)
    record = Record(seconds, Measurements(), {})
    try:
        measure_all(arguments.servers, number, record)
    finally:
        tell(record, arguments.picture, arguments.save)
    return 0 if record.measurements.samples else 1


def other_python():
    """Return the path of the Python that has the servers, if it is another than this one, else None."""
    if os.environ.get(INSIDE):
        return None
    python = python_for_checks()
    return None if os.path.normcase(python) == os.path.normcase(sys.executable) else python


def run_with(python):
    """Run the same command with another Python (its path), and return its exit status."""
    process = subprocess.Popen([python, "-m", "workshop", *sys.argv[1:]], env=os.environ | {INSIDE: "1"})
    with contextlib.suppress(KeyboardInterrupt):  # it has said so itself
        stay_with(process)
    return process.returncode


def measure_all(names, number, record):
    """Run the servers with these names, and take so many rounds into a Record."""
    line = LiveLine(sys.stdout)
    show = line.show if line.in_place else once_a_round()
    print("Measuring. Ctrl-C ends it, and shows what there is by then.", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        try:
            with field(names, folder, record.left_out) as running:
                measure(running, record.measurements, number, record.seconds, show)
        finally:
            line.clear()


def once_a_round():
    """Return a function that prints the beginning of a text, `round 1 of 5`, unless it has printed the same already."""
    seen = set()

    def show(text):
        beginning = text.partition(",")[0]
        if beginning not in seen:
            print(beginning.capitalize(), flush=True)
        seen.add(beginning)

    return show


def tell(record, picture, is_to_be_saved):
    """Print what a Record has, and draw its picture (a path); save it if that is asked for. Raises Trouble."""
    if not record.measurements.samples:
        print("\n".join(["Nothing was measured.", legend(record.facts())]), flush=True)
        return
    print(report(record, width()), flush=True)
    write_picture(record, picture)
    print(f"\nThe same as a picture: {relative(picture)}")
    if is_to_be_saved:
        save(record, ROOT)
        print(f"Saved: {relative(PAGE)}; python -m dev regenerate draws its picture.")
