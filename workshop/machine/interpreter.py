"""Which Python runs the checks."""
import importlib.util
import sys

from workshop.course.steps import ROOT
from workshop.machine.environment import FOLDER, LEARNER, PROGRAM, is_current, make_ready

NEEDED = ("pytest", "flask", "requests")


def python_for_checks(root=ROOT):
    """Return the path (str) of a Python that has what the checks need. Raises Trouble where none can be had.

    It is the one in .venv; or this one, if it has all of it; else .venv is made.
    """
    if all(is_current(name, root) for name in LEARNER):
        return str(root / FOLDER / PROGRAM)
    if all(importlib.util.find_spec(name) for name in NEEDED):
        return sys.executable
    return str(make_ready(LEARNER, root))
