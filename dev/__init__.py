"""What proves and generates this repository. `python -m dev` lists it."""
import sys

from workshop.course.project import Project

PROJECT = Project.here()


def command(*words: str) -> list[str]:
    """Return the command that does what `python -m dev WORDS` does, with the Python that runs now."""
    return [sys.executable, "-m", __name__, *words]
