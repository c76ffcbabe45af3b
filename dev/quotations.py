"""The quotations in the notebooks: code of the repository, with the numbers of its lines, and texts, as they are.

A cell with text says what is quoted, and the code is put between the two comments:

    <!-- quote notebooks/examples/first_server.py handle_connection -->
    <!-- end of quote -->

After the path comes the name of a function or class, or lines such as 12-17, or nothing for the whole file. What is no
code is quoted without numbers.
"""
import ast
import re
from pathlib import Path

from dev import PROJECT
from workshop.course.source import FunctionNode, lines_of, read_source
from workshop.machine.trouble import Trouble

QUOTE = re.compile(r"(<!-- quote (\S+)(?: (\S+))? -->\n).*?(<!-- end of quote -->)", re.DOTALL)
LINES = re.compile(r"(\d+)(?:-(\d+))?")


def with_quotations(text: str) -> str:
    """Return the text of a cell with its quotations as the files are now. Raises Trouble."""
    return QUOTE.sub(lambda match: f"{match[1]}{block(match[2], match[3] or '')}{match[4]}", text)


def block(path: str, what: str) -> str:
    """Return what is quoted of a file, with the numbers of its lines, as a block of code. Raises Trouble."""
    lines = lines_of(read_source(PROJECT.root / path))
    first, last = bounds(path, "".join(lines), what)
    if not 0 < first <= last <= len(lines):
        raise Trouble(f"{path} has {len(lines)} lines: {what} cannot be quoted.")
    is_code = path.endswith(".py")
    size = len(str(last))
    shown = [f"{number:>{size}}  {lines[number - 1]}".rstrip() if is_code else lines[number - 1].rstrip()
             for number in range(first, last + 1)]
    return "\n".join(["```python" if is_code else "```text", *shown, "```", ""])


def bounds(path: str, source: str, what: str) -> tuple[int, int]:
    """Return the first and the last line of a part of a source. Raises Trouble for a name that is not in it."""
    if not what:
        return 1, len(lines_of(source))
    if match := LINES.fullmatch(what):
        return int(match[1]), int(match[2] or match[1])
    found: ast.AST | None = ast.parse(source)
    for name in what.split("."):  # of a class first, and then of what is in it
        found = next((node for node in ast.walk(found) if isinstance(node, FunctionNode | ast.ClassDef)
                      and node.name == name), None) if found else None
    if isinstance(found, FunctionNode | ast.ClassDef):
        return min([found.lineno, *(one.lineno for one in found.decorator_list)]), found.end_lineno or found.lineno
    raise Trouble(f"{Path(path).name} has no {what}, which a notebook quotes.")
