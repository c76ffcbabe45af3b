"""The entry of `python3 -m workshop`: find the verb in the table, import its module, run it.

A verb is one entry in VERBS and one module, which offers `add_arguments(parser)` and `run(arguments) -> int`,
the exit status. Only the chosen module is imported, so that no verb waits for what another one needs.

This file alone is read by old Pythons too, which it turns away: what it says must be grammar for Python 2.7.
"""
import argparse
import importlib
import os
import signal
import sys

OLDEST = (3, 10)

VERBS = {
    "lab": ("workshop.verbs.lab", "open the notebooks in JupyterLab"),
    "status": ("workshop.verbs.status", "show where you are and what is next; this is what no verb means"),
    "check": ("workshop.verbs.check", "check a step, a chapter or all: what passes, and what is wrong"),
    "watch": ("workshop.verbs.watch", "check a step each time you save it"),
    "hint": ("workshop.verbs.hint", "show the next hint for a step, or its task"),
    "diff": ("workshop.verbs.diff", "show your version of a step or a chapter beside the reference"),
    "reset": ("workshop.verbs.reset", "put a step or a chapter back to its starter; what you wrote is saved"),
    "catch-up": ("workshop.verbs.catch_up", "fill in from the reference what does not pass before a chapter or step"),
    "undo": ("workshop.verbs.undo", "bring back your files as they were before the last command that changed them"),
    "begin": ("workshop.verbs.begin", "begin a road: its steps are open, and the rest is borrowed"),
    "serve": ("workshop.verbs.serve", "run your server on an application"),
    "contract": ("workshop.verbs.contract", "put your server, or another one, to the checks of PEP 3333"),
    "teach": ("workshop.verbs.teach", "print the run-sheet of a road, for a class"),
    "board": ("workshop.verbs.board", "show where everybody in a class stands, as a page"),
    "grade": ("workshop.verbs.grade", "check the copies of a class, and make a table"),
    "share": ("workshop.verbs.share", "let your teacher see your chapters and what the checks say of them"),
    "wheels": ("workshop.verbs.wheels", "collect the packages in a folder, for a room without a network"),
    "doctor": ("workshop.verbs.doctor", "say what is wrong on this machine, and how to put it right"),
    "bench": ("workshop.verbs.bench", "measure your server beside real ones: requests per second, and what one costs"),
    "test": ("workshop.verbs.prove", "prove the repository: the reference, the starters and these commands"),
}

USUAL = "status"

TOO_OLD = (
    "The workshop needs Python 3.10 or newer, and this is Python {}.{}: install one from "
    "https://www.python.org/downloads/ and name it in the command: "
    "python3.12 -m workshop lab (on Windows: py -3.12 -m workshop lab)\n"
)


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message):
        self.exit(2, message + ". To see what you can say: " + self.prog + " --help\n")


def build_parser(verb):
    """Return the parser of all verbs; of them only `verb` (str) knows its arguments and what to run."""
    from workshop.machine.invocation import command

    parser = Parser(prog=command(), description="The workshop: build a WSGI server, chapter by chapter.")
    choices = parser.add_subparsers(title="verbs", metavar="verb")
    for name, (module_name, summary) in VERBS.items():
        choice = choices.add_parser(name, help=summary, description=summary)
        if name == verb:
            module = importlib.import_module(module_name)
            module.add_arguments(choice)
            choice.set_defaults(run=module.run)
    return parser


def run_verb(words):
    """Do what the command line's words (a list of str) ask for and return the exit status."""
    from workshop.course.project import Project
    from workshop.machine.invocation import no_such_verb
    from workshop.machine.trouble import Trouble
    from workshop.terminal.line_width import fitted

    words = words or [USUAL]
    if words[0] not in VERBS and not words[0].startswith("-"):
        sys.stderr.write(fitted(no_such_verb(words[0], VERBS)) + "\n")
        return 2
    arguments = build_parser(words[0]).parse_args(words)
    try:
        return arguments.run(arguments, Project.here())
    except Trouble as trouble:
        sys.stderr.write("\n" + fitted(str(trouble)) + "\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130


def main(words):
    """Turn old Pythons away, prepare the process, and run the verb; return the exit status."""
    if sys.version_info < OLDEST:
        sys.stderr.write(TOO_OLD.format(*sys.version_info))
        return 1
    from workshop.machine.invocation import remember_as_typed
    from workshop.machine.streams import ReaderGone, notice_reader
    from workshop.terminal.marks import prepare

    remember_as_typed()
    prepare(sys.stdout, sys.stderr)
    notice_reader(sys.stdout)
    for number in (signal.SIGINT, signal.SIGTERM):  # However we are asked to stop, what we started stops with us.
        signal.signal(number, signal.default_int_handler)
    try:
        status = run_verb(words)
        if sys.stdout:
            sys.stdout.flush()
        return status
    except ReaderGone:  # What is left to print goes nowhere, and Python's last look at the stream finds no error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
