"""The code that a question is about and that its cell does not have: what it runs from the examples, or from before.

A class sees it with the question, and not a cell or a file away.
"""
import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from dev import PROJECT
from dev.quotations import block as quotation
from dev.slides.blocks import LISTING, RUN, Block, blocks_in
from dev.slides.questions import Question
from workshop.course.source import read_source

EXAMPLES = "examples"
NAMED_APP = re.compile(r'"examples\.(\w+):(\w+)"')  # as servers are told which application to run
Definition = ast.FunctionDef | ast.ClassDef
Place = tuple[str, str]  # the name of an example, and a name in it


def with_definitions(found: Iterable[Block | Question]) -> Iterator[Block | Question]:
    """Yield the blocks and questions of a leg; each question has the code that it is about."""
    before: dict[str, Block] = {}  # what cells before have defined, by name
    for one in found:
        yield replace(one, also=tuple(asked_about(one, before))) if isinstance(one, Question) else one
        for block in one.runs if isinstance(one, Question) else (one,):
            before |= defined_in(block)


def defined_in(block: Block) -> dict[str, Block]:
    """Return the functions and classes that a cell defines, by name, as listings."""
    nodes = ast.parse(block.text).body if block.kind == RUN else []
    lines = block.text.splitlines()
    return {node.name: Block(LISTING, "\n".join(lines[node.lineno - 1:node.end_lineno]), cell=block.cell)
            for node in nodes if isinstance(node, Definition)}


def asked_about(question: Question, before: dict[str, Block]) -> Iterator[Block]:
    """Yield the code that a question's cells use, and that stands neither in them nor beside the question."""
    code = "\n".join(block.text for block in (*question.code, *question.runs))
    used = names_used("\n".join(block.text for block in question.runs)) | set(re.findall(r"`(\w+)`", question.text))
    yield from (before[name] for name in sorted(used & before.keys()) if not is_defined(name, code))
    for stem, name in dict.fromkeys(with_what_they_need(places_in(question.runs))):
        if not is_defined(name, code):
            yield quoted_example(stem, name)


def is_defined(name: str, code: str) -> bool:
    """Tell whether code defines a name."""
    return bool(re.search(rf"(?m)\b(?:def|class) {name}\b|^[ \d]*{name} = ", code))


def names_used(code: str) -> set[str]:
    """Return the names that code uses and does not give a value itself."""
    names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
    return {node.id for node in names} - {node.id for node in names if isinstance(node.ctx, ast.Store)}


def places_in(runs: Iterable[Block]) -> Iterator[Place]:
    """Yield what cells take from the examples: what they import, and the applications that they have served."""
    for block in runs:
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{EXAMPLES}."):
                yield from ((str(node.module).partition(".")[2], one.name) for one in node.names)
        yield from NAMED_APP.findall(block.text)


def with_what_they_need(places: Iterable[Place]) -> Iterator[Place]:
    """Yield names of examples, each behind those of its own file that it needs."""
    for stem, name in places:
        found = defined_by(stem)
        used = names_used(ast.unparse(ast.Module(found.get(name, []), [])))
        others = [other for other in found if other in used - {name} and isinstance(found[other][0], Definition)]
        yield from with_what_they_need((stem, other) for other in others)
        yield stem, name


@cache
def defined_by(stem: str) -> dict[str, list[ast.stmt]]:
    """Return the statements of an example that define each of its names: for an app, those that give it views too."""
    found: dict[str, list[ast.stmt]] = {}
    for node in ast.parse(read_source(path_of(stem))).body:
        if isinstance(node, ast.Assign):
            found[ast.unparse(node.targets[0])] = [node]
        elif isinstance(node, Definition):
            decorators = " ".join(map(ast.unparse, node.decorator_list))
            owner = next((name for name in found if re.match(rf"{name}\.", decorators)), node.name)
            found[owner] = [*found.get(owner, []), node]
    return found


def path_of(stem: str) -> Path:
    """Return the path of an example."""
    return PROJECT.root / "notebooks" / EXAMPLES / f"{stem}.py"


def quoted_example(stem: str, name: str) -> Block:
    """Return what an example defines by a name, as a listing."""
    nodes = defined_by(stem)[name]
    path = PROJECT.relative(path_of(stem))
    [block] = blocks_in(f"<!-- quote {path} -->\n{quotation(path, f'{first_line(nodes[0])}-{nodes[-1].end_lineno}')}"
                        "<!-- end of quote -->")
    return block


def first_line(node: ast.stmt) -> int:
    """Return the line in which a statement begins, with its decorators."""
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
