"""Which Python runs the checks."""
import importlib.util
import sys
from pathlib import Path

from workshop.machine.virtual_environment import FOLDER, LEARNER, PROGRAM, is_complete, is_current, make_ready, required


def python_for_checks(root: Path) -> str:
    """Return the path of a Python that has what the checks need. Raises Trouble where none can be had.

    It is the one in .venv; or this one, if it has all of it; else .venv is made.
    """
    if all(is_current(name, root) for name in LEARNER) or is_complete(root):
        return str(root / FOLDER / PROGRAM)
    if all(importlib.util.find_spec(name) for name in required(root)):
        return sys.executable
    return str(make_ready(LEARNER, root))
