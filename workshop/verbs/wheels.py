"""The verb `wheels`: all packages in a folder, for machines that have no network, or a slow one."""
import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from workshop.course.project import Project
from workshop.machine.install_remedies import remedy_for
from workshop.machine.interpreter import other_python, run_again_with
from workshop.machine.invocation import command
from workshop.machine.package_files import PYTHONS, SYSTEMS, USUAL, Wheel, fetch, locked, needed, uv_beside
from workshop.machine.processes import LiveLine
from workshop.machine.trouble import Trouble
from workshop.machine.virtual_environment import FOLDER, LEARNER, REPOSITORY
from workshop.terminal.line_width import fitted

MEGABYTE = 1_000_000
ONE_IN = 50  # wheels is told where no line can be rewritten


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the wheels go, and for whom they are."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder to fill; what is there already stays")
    parser.add_argument("--systems", type=some_of(SYSTEMS), default=list(USUAL), metavar="A,B",
                        help=f"some of {', '.join(SYSTEMS)} (usual: {', '.join(USUAL)})")
    parser.add_argument("--pythons", type=some_of(PYTHONS), default=list(PYTHONS), metavar="A,B",
                        help=f"some of {', '.join(PYTHONS)} (usual: all)")
    parser.add_argument("--test", action="store_true", help="with what the verb test needs besides")


class some_of:
    """A type of argument: words of some, with commas between them."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(known)

    def __call__(self, text: str) -> list[str]:
        """Return the words of a text. Raises ArgumentTypeError."""
        words = [word.strip() for word in text.split(",")]
        if unknown := [word for word in words if word not in self.known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is not one of {', '.join(self.known)}")
        return words


def run(arguments: argparse.Namespace, project: Project) -> int:
    """Fill the folder and say how it is used; return 0 if there is a wheel for everybody. Raises Trouble."""
    if other := other_python(project.root):
        return run_again_with(other)
    print("Looking up the packages.", flush=True)
    packages = locked(REPOSITORY if arguments.test else LEARNER, project.root, uv_beside(project.root / FOLDER))
    wheels, missing = needed(packages, arguments.systems, arguments.pythons)
    try:
        collect(wheels, arguments.folder)
    except OSError as error:
        raise Trouble(remedy_for(str(error)))
    print(f"{len(wheels)} wheels, {megabytes(wheels)} MB, are in {arguments.folder}. Give people this folder, and let "
          f"them begin with: {command('lab', '--wheels', 'DIR')}")
    for sentence in missing:
        print(fitted(sentence))
    return 1 if missing else 0


def collect(wheels: Sequence[Wheel], folder: Path) -> None:
    """Bring wheels into a folder behind a live line. Raises Trouble, and OSError."""
    line, here = LiveLine(sys.stderr), list[Wheel]()
    try:
        for wheel in fetch(wheels, folder):
            here.append(wheel)
            if not line.in_place and len(here) % ONE_IN and len(here) < len(wheels):
                continue
            line.show(f"{bar(len(here) / len(wheels))} {len(here)} of {len(wheels)} wheels, "
                      f"{megabytes(here)} of {megabytes(wheels)} MB")
    finally:
        line.clear()


def megabytes(wheels: Sequence[Wheel]) -> int:
    """Return the size of wheels in MB."""
    return round(sum(wheel.size for wheel in wheels) / MEGABYTE)


def bar(part: float) -> str:
    """Return a bar of 20 characters of which a part, from 0 to 1, is filled."""
    filled = int(20 * part)
    return "#" * filled + "." * (20 - filled)
