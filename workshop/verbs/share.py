"""The verb `share`: your chapters, and what the checks say of them, in a folder that your teacher can read.

Nothing leaves your machine but by this verb, and it goes to the folder that you name.
"""
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from workshop.checking.memory import FILE
from workshop.course.borrowed_steps import LENT
from workshop.course.project import Project
from workshop.course.roads import BEGUN
from workshop.files import replacing
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted

RENEWED = 3  # seconds between two looks


def add_arguments(parser: ArgumentParser) -> None:
    """Declare where to, under which name, and for how long."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that your teacher can read")
    parser.add_argument("--name", required=True, metavar="NAME", help="how you are called there")
    parser.add_argument("--once", action="store_true", help="copy once, and end; else again whenever you have checked")


def run(arguments: Namespace, project: Project) -> int:
    """Copy until Ctrl-C, and return 0. Raises Trouble."""
    if not arguments.folder.is_dir():
        raise Trouble(f"{arguments.folder} is no folder: name one that is there, and that your teacher can read.")
    target = arguments.folder / (Path(arguments.name).name or "learner")
    copy(project, target)
    print(fitted(f"Shared: {target}" + ("" if arguments.once else "  To end it, press Ctrl-C.")), flush=True)
    try:
        while not arguments.once:
            time.sleep(RENEWED)
            copy(project, target)
    except KeyboardInterrupt:
        print()
    return 0


def copy(project: Project, target: Path) -> None:
    """Copy what has changed. Raises Trouble."""
    pairs = {path: target / "chapters" / path.name for path in (chapter.path for chapter in project.chapters)}
    pairs |= {project.kept / name: target / ".workshop" / name for name in (FILE, BEGUN, LENT)}
    try:
        for path, place in pairs.items():
            content = replacing.read(path)
            if content is not None and content != replacing.read(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                replacing.replace(place, content)
    except OSError as error:
        raise Trouble(f"{target} cannot be written: {error.strerror}. Name another folder.")
