"""The verb `serve`: your own server, on an application of yours or on that of the last chapter you have written.

It runs the program of chapter 4, or with --many that of chapter 6, which says itself which step is missing. Until that
one is written, programs of earlier chapters run, and it says which.
"""
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from workshop.checking.memory import Memory
from workshop.course import definitions
from workshop.course.project import Chapter, Project
from workshop.course.source import read_source
from workshop.machine import ports
from workshop.machine.interpreter import python_for_checks
from workshop.machine.invocation import command, python_as_typed
from workshop.machine.processes import stay_with
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted

OWN = "chapters"  # the tree of the learner's
SERVER = "4"  # the chapter whose program is the server
MANY = "6"  # the same, for many clients at once
APPLICATIONS = {"5": "application", "3": "function_app"}  # chapter -> what it has to serve; the first that is written


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the application, and where to listen."""
    parser.add_argument("app", metavar="MODULE:APP", nargs="?",
                        help="an application, looked up from the current folder")
    parser.add_argument("--port", type=ports.port_number, default=ports.usual(), metavar="N",
                        help=f"listen on port N; 0 picks a free one (usual: {ports.usual()})")
    parser.add_argument("--tree", choices=["chapters", "solutions"], default=OWN,
                        help="whose server: yours in chapters, or the reference in solutions")
    parser.add_argument("--many", action="store_true",
                        help=f"serve many clients at once: the server of chapter {MANY}, not that of chapter {SERVER}")


def run(arguments: Namespace, project: Project) -> int:
    """Serve until Ctrl-C and return 0, or the exit status of a server that ended by itself. Raises Trouble."""
    tree, server = project.root / arguments.tree, project.chapter(MANY if arguments.many else SERVER)
    refuse_broken(tree, server)
    app = arguments.app or default_app(tree, project)
    written = is_written(tree, server)
    if written and (why := ports.obstacle(arguments.port)):
        raise Trouble(f"Port {arguments.port} {why}: {on_another_port(arguments)}")
    shutil.rmtree(tree / "__pycache__", ignore_errors=True)  # it hides an edit within the same second
    if written:
        print(fitted(f"{app}, served by {project.relative(server.path_in(tree))}. To stop it, press Ctrl-C."))
        more = [] if arguments.app else why_not_the_last(app, tree, project)
        print(*map(fitted, [*more, *for_many(server, tree)]), sep="\n", flush=True)
    status = until_stopped([python_for_checks(project.root), "-u", str(server.path_in(tree)), app, "--bind",
                            f"{ports.HOST}:{arguments.port}"])
    if not written:
        print(*map(fitted, what_runs_now(tree, server)), sep="\n", file=sys.stderr)
    return status


def on_another_port(arguments: Namespace) -> str:
    """Return the command that does the same on a free port."""
    options = ["--tree", arguments.tree] if arguments.tree != OWN else []
    options += ["--many"] if arguments.many else []
    return command("serve", *options, *([arguments.app] if arguments.app else []), "--port 0")


def until_stopped(words: list[str]) -> int:
    process = subprocess.Popen(words, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    try:
        return abs(stay_with(process))
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def refuse_broken(tree: Path, server: Chapter) -> None:
    """Raise Trouble if a chapter that the server is made of is no Python or not there."""
    for chapter in [*server.used, server]:
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
    return [f"The application of chapter {last.number} takes its place when all steps of that chapter are written. "
            f"The first that is not: {first_unwritten(tree, last)}."]


def for_many(server: Chapter, tree: Path) -> list[str]:
    """Return a line that says how to run the server for many clients, if it is the learner's, and another one runs."""
    many = server.project.chapter(MANY)
    if server == many or tree != server.project.learners or not is_written(tree, many):
        return []
    return [f"To serve many clients at once, with your server of chapter {MANY}: {command('serve', '--many')}"]


def what_runs_now(tree: Path, server: Chapter) -> list[str]:
    """Return a line that names the program of the last chapter that the server's is made of and that is written and not
    known to be wrong, if there is one.
    """
    runs = [chapter for chapter in server.used if is_written(tree, chapter) and not known_to_fail(chapter)]
    if not runs:
        return []
    root = server.project.root
    python = python_as_typed(python_for_checks(root), root)
    place = server.project.relative(runs[-1].path_in(tree))
    return [f"Your server of chapter {runs[-1].number} runs already: {python} {place}"]


def known_to_fail(chapter: Chapter) -> bool:
    """Tell whether a check of the learner's has found something wrong in a chapter that is still there."""
    memory = Memory(chapter.project)
    verdicts = filter(None, map(memory.verdict, chapter.numbers))
    return not all(verdict.state.passes for verdict in verdicts)


def is_written(tree: Path, chapter: Chapter) -> bool:
    """Tell whether no step of a chapter, or of those that it uses, is still the starter's."""
    return not first_unwritten(tree, chapter)


def first_unwritten(tree: Path, chapter: Chapter) -> str:
    """Return the first step, of a chapter and those that it uses, that is still the starter's, or the file that cannot
    be read. It is "" if there is none.
    """
    for one in [*chapter.used, chapter]:
        try:
            for step in one.steps_at(one.path_in(tree)):
                if not step.started:
                    return f"{step.number} {step.name}"
        except (OSError, SyntaxError, ValueError):
            return one.path_in(tree).name
    return ""
