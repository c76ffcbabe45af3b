"""What proves and generates this repository. `python -m dev` lists it."""
import os
import sys

from workshop.course.project import Project
from workshop.machine.invocation import VARIABLE

# nbformat imports jsonschema, and that imports this where it is there, for 2 seconds: it reads a grammar of addresses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
os.environ[VARIABLE] = "python3 -m workshop"  # in all texts that are compared, however this was started
PROJECT = Project.here()


def command(*words: str) -> list[str]:
    """Return the command that does what `python -m dev WORDS` does, with the Python that runs now."""
    return [sys.executable, "-m", __name__, *words]
