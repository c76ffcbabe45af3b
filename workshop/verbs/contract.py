"""The verb `contract`: your server against PEP 3333, or whatever else the package wsgi_contract can check.

What follows the verb is what one types behind `wsgi-contract`; the plugin workshop/checking/plugins/contract_hooks.py
adds what is in the chapters.
"""
import argparse
import os
import sys

from workshop.course.project import Project
from workshop.machine.interpreter import other_python, run_again_with
from workshop.machine.invocation import command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare that all that follows, --help too, is meant for the package's command."""
    parser.prefix_chars = ""
    parser.add_argument("words", metavar="…", nargs=argparse.REMAINDER, help="as behind wsgi-contract")


def run(arguments: argparse.Namespace, project: Project) -> int:
    """Run the checks, and return their exit status. Raises Trouble."""
    if other := other_python(project.root):
        return run_again_with(other)
    from wsgi_contract.command_line import main
    from wsgi_contract.shell_words import TYPED

    os.environ.setdefault(TYPED, command("contract"))
    sys.path.append(str(project.learners))  # behind a tree that PYTHONPATH names
    return main(arguments.words)
