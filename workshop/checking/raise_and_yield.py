"""What one overlooks in one's own code: the bare `raise` that lets an exception out, the `return` in a `finally` that
swallows one, and the `yield` in a function."""
import ast
import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.tree import learner_frames, place
from workshop.course.project import Step
from workshop.course.source import nodes_of, parsed, read_source

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def raised_again_at(error: BaseException, step: Step | None = None) -> str | None:
    """Return `path:line  the line's text` of the bare `raise` that has let out an exception, or None.

    In a traceback the function stands with the line that was tried, as if it had caught nothing. With a Step, only its
    file is looked into: what other chapters raise is right.
    """
    entries: dict[tuple[Path, str], int] = {}
    for path, line, name in learner_frames(error.__traceback__):
        if step is None or path.stem == step.path.stem:
            entries.setdefault((path, name), line)  # a later one is where it was raised first
    kinds = {kind.__name__ for kind in type(error).__mro__}
    for (path, _), line in reversed(entries.items()):
        if found := bare_raise(path, line, kinds):
            return place(path, found)
    return None


def bare_raise(path: Path, line: int, kinds: set[str]) -> int | None:
    """Return the line of the only bare `raise` of the handler that catches, on a line of a file, one of some kinds."""
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        tries = [node for node in tries_in(read_source(path))
                 if node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0)]
        for node in reversed(tries):  # the innermost one first: ast.walk goes from the outside to the inside
            handler = next((handler for handler in node.handlers if catches(handler, kinds)), None)
            raises = list(bare_raises(handler.body)) if handler else []
            if handler:
                return raises[0] if len(raises) == 1 else None
    return None


@functools.lru_cache(32)
def tries_in(source: str) -> list[ast.Try]:
    """Return the `try` statements of a text, the outer ones first: many checks fail on one text."""
    return [node for node in ast.walk(parsed(source)) if isinstance(node, ast.Try)]


def catches(handler: ast.ExceptHandler, kinds: set[str]) -> bool:
    """Tell whether a handler catches an exception of a class, given by its name and those of its bases."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind).rpartition(".")[2] in kinds for kind in types)


def bare_raises(body: list[ast.stmt]) -> Iterator[int]:
    """Yield the lines of the bare `raise` statements among some statements, and in those that these consist of."""
    for statement in body:
        if isinstance(statement, ast.Raise) and statement.exc is None:
            yield statement.lineno
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Try)):
            yield from bare_raises([part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.stmt)])


def returns_in_finally_at(step: Step) -> str | None:
    """Return what is to be said of the first `return` in a `finally` of a learner's step, None if it has none."""
    with contextlib.suppress(OSError, SyntaxError, ValueError, KeyError):
        tries = [node for node in ast.walk(nodes_of(read_source(step.path))[step.name]) if isinstance(node, ast.Try)]
        lines = [line for node in tries for line in returns(node.finalbody)]
        return f"the `return` on line {min(lines)} throws away what was raised" if lines else None
    return None


def returns(body: list[ast.stmt]) -> Iterator[int]:
    """Yield the lines of the `return` statements among some statements, and in those that these consist of."""
    for statement in body:
        if isinstance(statement, ast.Return):
            yield statement.lineno
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from returns([part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.stmt)])


def yields_at(step: Step, reference: Step) -> str | None:
    """Return what is to be said of the first `yield` in a learner's step, None if it has none or may have one.

    A function that returns an iterable or a generator may be a generator function, whatever the reference is.
    """
    wanted = nodes_of(reference.chapter.reference)[reference.name].returns
    if wanted is None or any(kind in ast.unparse(wanted) for kind in ("Itera", "Generator")):
        return None
    with contextlib.suppress(OSError, SyntaxError, ValueError, KeyError):
        lines = list(yields(nodes_of(read_source(step.path))[step.name]))
        return (f"the one on line {min(lines)} makes a generator function of {step.name}:\n"
                "a call runs none of its lines, and returns a generator") if lines else None
    return None


def yields(node: ast.AST) -> Iterator[int]:
    """Yield the lines on which there is a `yield` in a function, but not in a function within it."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, (ast.Yield, ast.YieldFrom)):
            yield part.lineno
        if not isinstance(part, FUNCTIONS):
            yield from yields(part)
