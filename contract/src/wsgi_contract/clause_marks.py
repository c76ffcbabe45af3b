"""Which checks hold which clause, read from the marks in files of tests, which are parsed and not imported.

A check of anybody's can name clauses: pytest.mark.clause(35). The functions here take the files to look in; OWN are
those of the contract.
"""
import ast
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsgi_contract.check_ids import slug

OWN = tuple(sorted((Path(__file__).parent / "checks").glob("*/test_*.py")))


@dataclass(frozen=True)
class MarkedCheck:
    """One function that checks something, with its marks."""

    path: Path
    name: str  # test_a_killed_reset_leaves_the_old_file_or_the_new_one
    marks: dict[str, tuple[Any, ...]]  # by name, with their arguments
    is_black_box: bool  # whether it asks a running server

    @property
    def id(self) -> str:
        """Its id, without an input."""
        return str(self.marks.get("known_as", [slug(self.name.removeprefix("test_"))])[0])

    @property
    def claim(self) -> str:
        """The name as a sentence."""
        return self.name.removeprefix("test_").replace("_", " ")

    @property
    def clauses(self) -> tuple[int, ...]:
        """The clauses that it holds, by their numbers."""
        return self.marks.get("clause", ())

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of HTTP that it holds."""
        return self.marks.get("http", ())


@functools.cache
def checks_of(path: Path) -> list[MarkedCheck]:
    """Return the checks in a file, in its order."""
    return list(checks_among(ast.parse(path.read_text(encoding="utf-8")).body, path, []))


def checks_among(nodes: Iterable[ast.stmt], path: Path, outer: list[ast.expr]) -> Iterator[MarkedCheck]:
    """Yield the checks among the nodes of a module or class; outer are the decorators of the class."""
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            yield from checks_among(node.body, path, outer + node.decorator_list)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            client = "client" in (argument.arg for argument in node.args.args)
            yield MarkedCheck(path, node.name, marks_in(outer + node.decorator_list), client)


def marks_in(decorators: Iterable[ast.expr]) -> dict[str, tuple[Any, ...]]:
    """Return {name: arguments} of all that decorators call, marks of single parameters included; constants only."""
    found: dict[str, dict[Any, None]] = defaultdict(dict)
    for call in (node for decorator in decorators for node in ast.walk(decorator) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        found[name].update((word.value, None) for word in call.args if isinstance(word, ast.Constant))
    return {name: tuple(arguments) for name, arguments in found.items()}


def checks_in(paths: Iterable[Path] = OWN) -> list[MarkedCheck]:
    """Return the checks in some files."""
    return [check for path in paths for check in checks_of(path)]


def checks_by_clause(paths: Sequence[Path] = OWN) -> dict[int, list[MarkedCheck]]:
    """Return {clause number: the checks in some files that name it}."""
    found = defaultdict(list)
    for check in checks_in(paths):
        for number in check.clauses:
            found[number].append(check)
    return dict(found)
