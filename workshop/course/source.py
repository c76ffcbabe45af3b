"""What a chapter's text says, read and parsed, never imported: its functions, its steps' headings, their bodies.

A body is what follows a function's docstring. Signature and docstring, which are the task, always stay.
"""
import ast
import contextlib
import functools
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

STEP_HEADING = re.compile(r"Step (?P<number>\d+\.\d+) · about (?P<minutes>\d+) minutes?$")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef  # a coroutine may be a step, too
MAY_SPAN_LINES = re.compile(r"\"{3}|'{3}|\\\r?\n")  # a sign that a string may go on in the next line


def read_source(path: Path, errors: str = "strict") -> str:
    """Return the text of a chapter's file as Python reads it: a byte order mark, which some editors write, is no part.

    errors is what becomes of bytes that are no UTF-8. Raises OSError or UnicodeDecodeError.
    """
    return path.read_text(encoding="utf-8-sig", errors=errors)


def functions_of(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, FunctionNode]]:
    """Yield (qualified name, node) for each function and method of a parsed module, in the file's order."""
    for node in tree.body:
        if isinstance(node, FunctionNode):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{name}", method) for name, method in functions_of(node))


def heading_of(node: FunctionNode) -> re.Match[str] | None:
    """Return the match of a function's step heading, or None if the function is no step."""
    return STEP_HEADING.match((ast.get_docstring(node) or "").partition("\n")[0])


@functools.lru_cache(32)
def parsed(source: str) -> ast.Module:
    """Return the tree of a source text, which is parsed once: nobody may change it. Raises SyntaxError or ValueError.
    """
    return ast.parse(source)


@functools.lru_cache(64)
def nodes_of(source: str) -> dict[str, FunctionNode]:
    """Return {qualified name: node} of the functions in a source text, in its order. Raises SyntaxError."""
    return dict(functions_of(parsed(source)))


def lines_of(source: str) -> list[str]:
    """Return the lines of a text, each with its end, as Python counts them."""
    return list(split(source))


@functools.lru_cache(32)
def split(source: str) -> tuple[str, ...]:
    """Return what lines_of does, once for each text, as what nobody can change."""
    return tuple(io.StringIO(source, newline=""))


def line_at(path: Path, number: int) -> str:
    """Return a line of a file, by its number, without the white space around it; "" where it cannot be read."""
    with contextlib.suppress(OSError):
        return "".join(lines_of(read_source(path, errors="replace"))[number - 1:number]).strip()
    return ""


@functools.lru_cache(16)
def lines_within_strings(source: str) -> frozenset[int]:
    """Return the indices of the lines that begin within a string: what stands in front there is part of its value."""
    found: set[int] = set()
    open_at = []  # the lines of f-strings that have begun
    for token in tokenize.generate_tokens(io.StringIO(source, newline="").readline):
        kind = tokenize.tok_name[token.type]
        if kind in ("FSTRING_START", "TSTRING_START"):
            open_at.append(token.start[0])
        elif kind in ("FSTRING_END", "TSTRING_END"):
            found.update(range(open_at.pop(), token.end[0]))
        elif kind == "STRING":
            found.update(range(token.start[0], token.end[0]))
    return frozenset(found)


def dedented(source: str, begin: int, end: int) -> str:
    """Return lines[begin:end] of a source, moved so that the first begins at column 0; those within strings stay."""
    lines = lines_of(source)[begin:end]
    within = lines_within_strings(source) if MAY_SPAN_LINES.search("".join(lines)) else frozenset()
    margin = next((len(indent_of(line)) for line in lines if line.strip()), 0)
    return "".join(line if index in within else line[min(margin, len(indent_of(line))):]
                   for index, line in enumerate(lines, begin))


def indented(text: str, white: str) -> str:
    """Return a text with white space in front of each line but empty ones and those within strings."""
    within = lines_within_strings(text) if MAY_SPAN_LINES.search(text) else frozenset()
    return "".join(line if index in within or not line.strip() else white + line
                   for index, line in enumerate(lines_of(text)))


def indent_of(line: str) -> str:
    """Return the white space that a line begins with, its end left out."""
    line = line.rstrip("\r\n")
    return line[:len(line) - len(line.lstrip())]


def question_of(source: str) -> str:
    """Return the question that a chapter answers: what follows `Chapter N · ` in its docstring's first line."""
    return (ast.get_docstring(parsed(source)) or "").partition("\n")[0].partition(" · ")[2]


def replace_bodies(source: str, bodies: Mapping[str, str]) -> str:
    """Return a source with other bodies: {qualified name: text, indented from column 0}."""
    lines = lines_of(source)
    for name, node in reversed(nodes_of(source).items()):
        if name in bodies:
            body = indented(bodies[name].rstrip("\n") + "\n", indent_of(lines[node.body[0].lineno - 1]))
            lines[node.body[0].end_lineno:node.end_lineno] = [body]
    return "".join(lines)


def body_of(source: str, name: str) -> str:
    """Return the body, indented from column 0, of the function with this qualified name. Raises KeyError."""
    node = nodes_of(source)[name]
    first = node.body[0]
    begin = first.end_lineno or 0 if ast.get_docstring(node) is not None else first.lineno - 1
    return dedented(source, begin, node.end_lineno or 0)


def line_of(source: str, name: str, number: str) -> int | None:
    """Return the line where a step (its name and number) is defined in a text, or None; a broken text has lines too."""
    pattern = re.compile(rf"\s*(async +)?def +{re.escape(name.rpartition('.')[2])}\b")
    lines = lines_of(source)
    found = [count for count, line in enumerate(lines, 1) if pattern.match(line)]
    heading = next((count for count, line in enumerate(lines, 1) if f"Step {number} ·" in line), None)
    return min(found, key=lambda line: abs(line - heading)) if found and heading else next(iter(found), None)
