"""Whether a notebook runs with a Python that has what it needs, and finds it; if not, a sentence takes the place of
tracebacks.
"""
import importlib.util
import sys
from typing import Any, NoReturn

from IPython import get_ipython

from workshop.course.hidden_modules import in_the_way_of_notebooks
from workshop.course.project import Project
from workshop.machine.invocation import command

NEEDED = ("pytest", "requests", "flask", "waitress")
SENTENCE = ("This notebook runs with {python}, which has no {missing}. Choose the kernel of the folder .venv, which "
            "`{lab}` makes; then run the first cell again.")


class WrongKernel(Exception):
    """The notebook's Python lacks something, or cannot find it. IPython shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def refuse_wrong_kernel() -> None:
    """Raise WrongKernel if something is missing, or hidden by a file; cells that run all the same show its sentence."""
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        refuse(SENTENCE.format(python=sys.executable, missing=" and no ".join(missing), lab=command("lab")))
    if hiding := in_the_way_of_notebooks(Project.here()):
        refuse(" ".join(hiding))


def refuse(sentence: str) -> NoReturn:
    """Raise WrongKernel with a sentence, and have it take the place of later cells' tracebacks."""
    shell = get_ipython()

    def show(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: int | None = None) -> None:
        print(sentence)

    if shell:
        shell.set_custom_exc((NameError, ImportError), show)
    raise WrongKernel(sentence)
