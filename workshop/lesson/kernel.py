"""Whether a notebook runs with a Python that has what it needs; if not, one sentence says so in place of tracebacks."""
import importlib.util
import sys
from typing import Any

from IPython import get_ipython

from workshop.machine.invocation import command

NEEDED = ("pytest", "requests", "flask", "waitress")
SENTENCE = ("This notebook runs with {python}, which has no {missing}. Choose the kernel of the folder .venv, which "
            "`{lab}` makes; then run the first cell again.")


class WrongKernel(Exception):
    """The notebook's Python lacks something. IPython shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def refuse_wrong_kernel() -> None:
    """Raise WrongKernel if something is missing; cells that run all the same then show its sentence too."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    shell = get_ipython()
    if not missing:
        return
    sentence = SENTENCE.format(python=sys.executable, missing=" and no ".join(missing), lab=command("lab"))

    def show(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: int | None = None) -> None:
        print(sentence)

    if shell:
        shell.set_custom_exc((NameError, ImportError), show)
    raise WrongKernel(sentence)
