"""Which Python runs the checks, and commands that need what learners' packages bring along."""
import contextlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from workshop.machine.invocation import command
from workshop.machine.processes import stay_with
from workshop.machine.virtual_environment import (
    FOLDER,
    LEARNER,
    PROGRAM,
    compile_packages,
    is_complete,
    is_current,
    make_ready,
    required,
)

INSIDE = "WORKSHOP_INSIDE"  # the environment variable of a command that was started again, with the right Python
NOT_FOR_CHECKS = {"jupyter"}  # of the packages that learners need


def python_for_checks(root: Path) -> str:
    """Return the path of a Python that has what the checks need. Raises Trouble where none can be had.

    It is the one in .venv; or this one, if it has all of it; else .venv is made.
    """
    if all(is_current(name, root) for name in LEARNER) or is_complete(root):
        return str(root / FOLDER / PROGRAM)
    if all(importlib.util.find_spec(name) for name in required(root)):
        return sys.executable
    python = make_ready(LEARNER, root)
    compile_packages(root)  # no process of a check keeps what it compiles
    return str(python)


def other_python(root: Path) -> str | None:
    """Return the path of the Python that runs the checks, if it is another than this one, else None. Raises Trouble."""
    if os.environ.get(INSIDE):
        return None
    python = python_for_checks(root)
    return None if os.path.normcase(python) == os.path.normcase(sys.executable) else python


def run_again_with(python: str) -> int:
    """Run the same command with another Python (its path), and return its exit status."""
    process = subprocess.Popen([python, "-m", "workshop", *sys.argv[1:]], env=os.environ | {INSIDE: "1"})
    with contextlib.suppress(KeyboardInterrupt):  # it has said so itself
        stay_with(process)
    return process.returncode


def refuse_without_packages(root: Path) -> None:
    """End this process with a sentence if its Python lacks what the checks need: no step is wrong by that."""
    missing = [name for name in required(root) if name not in NOT_FOR_CHECKS and not is_there(name)]
    if missing:
        sys.exit(f"The checks need {' and '.join(missing)}, and this Python, {sys.executable}, does not have it. "
                 f"{command('lab')} installs what is needed in {FOLDER}; if it was there before, {command('doctor')} "
                 "says what is wrong with it.")


def is_there(name: str) -> bool:
    """Tell whether this Python finds a package."""
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False
