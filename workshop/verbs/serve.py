"""The verb `serve`: your own server, on an application of yours or on that of the last chapter you have written.

It runs the program of chapter 4, which says itself which step is missing.
"""
import os
import shutil
import subprocess

from workshop.course import definitions
from workshop.course.steps import ROOT, find_chapter, relative, stems, steps_of
from workshop.machine import ports
from workshop.machine.interpreter import python_for_checks
from workshop.machine.processes import stay_with
from workshop.machine.trouble import Trouble
from workshop.terminal.writing import fitted
from workshop.verbs.lab import port

SERVER = "4"  # the chapter whose program is the server
APPLICATIONS = {"5": "application", "3": "function_app"}  # chapter -> what it has to serve; the first that is written


def add_arguments(parser):
    """Declare the application, and where to listen."""
    parser.add_argument("app", metavar="MODULE:APP", nargs="?",
                        help="an application, looked up from the current folder")
    parser.add_argument("--port", type=port, default=8000, metavar="N", help="listen on port N; 0 picks a free one "
                                                                            "(usual: 8000)")
    parser.add_argument("--tree", choices=["chapters", "solutions"], default="chapters",
                        help="whose server: yours in chapters, or the reference in solutions")


def run(arguments):
    """Serve until Ctrl-C and return 0, or the exit status of a server that ended by itself. Raises Trouble."""
    tree, server = arguments.tree, find_chapter(SERVER)
    refuse_broken(tree, server)
    app = arguments.app or default_app(tree)
    if is_written(tree, server) and not ports.is_free(arguments.port):
        raise Trouble(f"Port {arguments.port} is taken: stop the other server, or choose another port: "
                      f"python3 -m workshop serve --port 0")
    shutil.rmtree(ROOT / tree / "__pycache__", ignore_errors=True)  # it hides an edit within the same second
    command = [python_for_checks(), "-u", str(ROOT / tree / f"{server}.py"), app, "--bind",
               f"{ports.HOST}:{arguments.port}"]
    if is_written(tree, server):
        print(fitted(f"{app}, served by {tree}/{server}.py. To stop it, press Ctrl-C."), flush=True)
    return until_stopped(command)


def until_stopped(command):
    process = subprocess.Popen(command, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    try:
        return abs(stay_with(process))
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def refuse_broken(tree, server):
    """Raise Trouble if a chapter that the server is made of is no Python or not there."""
    for stem in [stem for stem in stems() if stem <= server]:
        path = ROOT / tree / f"{stem}.py"
        try:
            wrong = definitions.line_that_is_no_python(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"{relative(path)} can't be read ({error}): python3 -m workshop reset {int(stem[2:4])} makes "
                          "it anew, and saves what is there first.")
        if wrong:
            raise Trouble(f"{relative(path)}:{wrong[0]} is not Python: {wrong[1]}. Put that line right first.")


def default_app(tree):
    """Return MODULE:APP of the last chapter with an application that is written."""
    found = {find_chapter(chapter): name for chapter, name in APPLICATIONS.items()}
    chosen = next((stem for stem in found if is_written(tree, stem)), find_chapter("3"))
    return f"{chosen}:{found[chosen]}"


def is_written(tree, stem):
    """Tell whether no step of a chapter, or of one before it, is still the starter's."""
    try:
        return all(step.started for other in stems() if other <= stem for step in steps_of(other, tree))
    except (OSError, SyntaxError, ValueError):
        return False
