"""The verb `serve`: your own server, on an application of yours or on that of the last chapter you have written.

It runs the program of chapter 4, which says itself which step is missing.
"""
import os
import shutil
import subprocess
from argparse import ArgumentParser, Namespace
from pathlib import Path

from workshop.course import definitions
from workshop.course.project import Chapter, Project
from workshop.course.source import read_source
from workshop.machine import ports
from workshop.machine.interpreter import python_for_checks
from workshop.machine.invocation import command
from workshop.machine.processes import stay_with
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted

SERVER = "4"  # the chapter whose program is the server
APPLICATIONS = {"5": "application", "3": "function_app"}  # chapter -> what it has to serve; the first that is written


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the application, and where to listen."""
    parser.add_argument("app", metavar="MODULE:APP", nargs="?",
                        help="an application, looked up from the current folder")
    parser.add_argument("--port", type=ports.port_number, default=8000, metavar="N",
                        help="listen on port N; 0 picks a free one (usual: 8000)")
    parser.add_argument("--tree", choices=["chapters", "solutions"], default="chapters",
                        help="whose server: yours in chapters, or the reference in solutions")


def run(arguments: Namespace, project: Project) -> int:
    """Serve until Ctrl-C and return 0, or the exit status of a server that ended by itself. Raises Trouble."""
    tree, server = project.root / arguments.tree, project.chapter(SERVER)
    refuse_broken(tree, server)
    app = arguments.app or default_app(tree, project)
    if is_written(tree, server) and not ports.is_free(arguments.port):
        raise Trouble(f"Port {arguments.port} is taken: stop the other server, or choose another port: "
                      f"{command('serve --port 0')}")
    shutil.rmtree(tree / "__pycache__", ignore_errors=True)  # it hides an edit within the same second
    if is_written(tree, server):
        print(fitted(f"{app}, served by {project.relative(server.path_in(tree))}. To stop it, press Ctrl-C."))
        print(*map(fitted, why_not_the_last(app, tree, project) if not arguments.app else []), sep="\n", flush=True)
    return until_stopped([python_for_checks(project.root), "-u", str(server.path_in(tree)), app, "--bind",
                          f"{ports.HOST}:{arguments.port}"])


def until_stopped(words: list[str]) -> int:
    process = subprocess.Popen(words, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    try:
        return abs(stay_with(process))
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def refuse_broken(tree: Path, server: Chapter) -> None:
    """Raise Trouble if a chapter that the server is made of is no Python or not there."""
    for chapter in [*server.earlier, server]:
        place = server.project.relative(chapter.path_in(tree))
        try:
            wrong = definitions.line_that_is_no_python(read_source(chapter.path_in(tree)))
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"{place} cannot be read ({error}): {command('reset', chapter.number)} makes it anew, and "
                          "saves what is there first.")
        if wrong:
            raise Trouble(f"{place}:{wrong[0]} is not Python: {wrong[1]}. Put that line right first.")


def default_app(tree: Path, project: Project) -> str:
    """Return MODULE:APP of the last chapter with an application that is written."""
    chapters = [project.chapter(number) for number in APPLICATIONS]
    chosen = next((chapter for chapter in chapters if is_written(tree, chapter)), chapters[-1])
    return f"{chosen.stem}:{APPLICATIONS[chosen.number]}"


def why_not_the_last(app: str, tree: Path, project: Project) -> list[str]:
    """Return a line that says why an application is not that of the last chapter that has one, if it is not."""
    last = project.chapter(next(iter(APPLICATIONS)))
    if app.startswith(f"{last.stem}:"):
        return []
    return [f"That of chapter {last.number} is served when all its steps are written; the first that is not: "
            f"{first_unwritten(tree, last)}."]


def is_written(tree: Path, chapter: Chapter) -> bool:
    """Tell whether no step of a chapter, or of one before it, is still the starter's."""
    return not first_unwritten(tree, chapter)


def first_unwritten(tree: Path, chapter: Chapter) -> str:
    """Return the first step, up to those of a chapter, that is still the starter's, or the file that cannot be read.

    It is "" if there is none.
    """
    for one in [*chapter.earlier, chapter]:
        try:
            for step in one.steps_at(one.path_in(tree)):
                if not step.started:
                    return f"{step.number} {step.name}"
        except (OSError, SyntaxError, ValueError):
            return one.path_in(tree).name
    return ""
