"""Cells that ask gunicorn, on systems that have none: they show what they printed elsewhere, and say so.

Of such a cell, what only defines something still runs, for later cells need it. What the cell printed is read from the
rendered notebooks, where it is saved.
"""
import ast
import contextlib
import functools
import json
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.display import Markdown, display

from workshop.course.notebooks import RENDERED
from workshop.lesson.places import PROJECT
from workshop.machine.servers import SERVERS

NAME = "gunicorn"
WORDS = (f'"{NAME}', f"from {NAME}", "SERVERS")  # in the code of a cell that asks it
IMPORTS = (ast.Import, ast.ImportFrom)
DEFINING = (*IMPORTS, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HEADING = f"*{NAME} does not run on this system. This is what the cell printed where it does:*"


def show_what_is_recorded() -> None:
    """Have cells that ask gunicorn show what is recorded, if it cannot be asked here."""
    shell = get_ipython()
    if shell and not SERVERS[NAME].is_installed:
        shell.input_transformers_post.append(functools.partial(without_asking, show=f"{__name__}.show"))


def without_asking(lines: list[str], show: str) -> list[str]:
    """Return the lines of a cell; of one that asks gunicorn, what it defines and a call that shows what it printed.

    show is the qualified name of the function that is called with the cell's text.
    """
    text = "".join(lines)
    if not any(word in text for word in WORDS) or HEADING in text:
        return lines
    try:
        statements = ast.parse(text).body
    except SyntaxError:
        return lines
    if all(isinstance(statement, DEFINING) for statement in statements) and not any(map(imports_it, statements)):
        return lines
    kinds = IMPORTS if any(map(imports_it, statements)) else DEFINING  # what it imports, the others are about
    kept = [ast.unparse(one) for one in statements if isinstance(one, kinds) and not imports_it(one)]
    module, _, function = show.rpartition(".")
    call = f"__import__('importlib').import_module({module!r}).{function}({text!r})"
    return [f"{line}\n" for line in [*kept, call]]


def imports_it(statement: ast.stmt) -> bool:
    """Tell whether a statement imports gunicorn."""
    return isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(NAME)


def show(text: str) -> None:
    """Show what the cell with this text has printed, as the rendered notebooks have it."""
    display(Markdown(HEADING))
    print(recorded(text, PROJECT.root / RENDERED), end="")


def recorded(text: str, folder: Path) -> str:
    """Return what is saved of a cell's printing; "" if no notebook has the cell, or nothing is saved."""
    for path in sorted(folder.glob("*.ipynb")):
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):  # it is damaged
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code" and "".join(cell["source"]).strip() == text.strip():
                    return "".join(printed(output) for output in cell["outputs"])
    return ""


def printed(output: dict[str, Any]) -> str:
    """Return the text of an output that was printed, "" for others."""
    return "".join(output.get("text", "")) if output["output_type"] == "stream" else ""


