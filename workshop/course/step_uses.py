"""Which steps a step uses, read from the files: a step may be wrong only because one that it uses is.

Names are resolved as Python would: functions and classes of the file and those imported from other chapters,
`self.method` in a class, and of a class that is named, the methods that are named beside it, those that are called
without being named, and all that it inherits. A parameter whose method is named, such as `reader.read_line()`, may be
an object of any class of the file that has that method. What is made to be handed on, such as `read(Reader(…))`, may
have any of its methods called.
"""
import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from workshop.course.project import Project, order
from workshop.course.source import functions_of, heading_of, parsed, read_source

Named = tuple[str, str]  # a stem and a qualified name in its file
Sources = tuple[tuple[str, str], ...]  # (stem, text) of chapters

UNNAMED = {"__init__", "__call__", "__iter__", "__next__"}  # methods that are called without being named


class Definitions:
    """A chapter's file: its functions, and what the names in them stand for."""

    def __init__(self, stem: str, tree: ast.Module):
        self.stem = stem
        self.nodes = dict(functions_of(tree))
        self.bases = {node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
                      for node in tree.body if isinstance(node, ast.ClassDef)}
        self.imported = {alias.asname or alias.name: (node.module or "", alias.name) for node in ast.walk(tree)
                         if isinstance(node, ast.ImportFrom) for alias in node.names}

    def uses(self, name: str) -> Iterator[Named]:
        """Return the (stem, name) pairs that a function of this file names."""
        parts = list(ast.walk(self.nodes[name]))
        parameters = {part.arg for part in parts if isinstance(part, ast.arg)}
        names = {part.id for part in parts if isinstance(part, ast.Name)} - parameters
        named_beside = [part for part in parts if isinstance(part, ast.Attribute)]
        attributes = {part.attr for part in named_beside} | UNNAMED
        own = {name.rpartition(".")[0]} - {""}
        handed = {part.attr for part in named_beside
                  if getattr(part.value, "id", "self") in parameters - {"self"}} - {"close"}  # which everything has
        made_for_others = handed_on(parts)
        for named in names | own | self.classes_with(handed):
            stem, thing = self.imported.get(named, (self.stem, named))
            yield stem, thing
            if named in made_for_others:
                yield stem, f"{thing}.*"
            yield from ((stem, f"{thing}.{attribute}") for attribute in attributes)

    def methods(self, classes: Iterable[str]) -> set[Named]:
        """Return the (stem, name) pairs of the methods of some classes of this file."""
        return {(self.stem, method) for method in self.nodes if method.rpartition(".")[0] in classes}

    def classes_with(self, attributes: Iterable[str]) -> set[str]:
        """Return the names of the classes of this file that have a method of one of these names."""
        return {name.rpartition(".")[0] for name in self.nodes if name.rpartition(".")[2] in attributes} - {""}


def handed_on(parts: list[ast.AST]) -> set[str]:
    """Return the names of what a function, by its parts, calls for an argument of another call: `Reader` in
    `read(Reader(…))`, and also where a variable stands between: `reader = Reader(…)`, `read(reader)`.
    """
    made = {target.id: part.value for part in parts if isinstance(part, ast.Assign)
            for target in part.targets if isinstance(target, ast.Name)}
    arguments = (argument for call in parts if isinstance(call, ast.Call) for argument in call.args)
    values = [made.get(argument.id) if isinstance(argument, ast.Name) else argument for argument in arguments]
    return {value.func.id for value in values if isinstance(value, ast.Call) and isinstance(value.func, ast.Name)}


@functools.lru_cache(32)
def graph_of(stem: str, text: str) -> tuple[dict[Named, set[Named]], dict[Named, str]]:
    """Return {(stem, name): the pairs it uses} and {(stem, name): step number} of a chapter."""
    file = Definitions(stem, parsed(text))
    uses = {(stem, name): set(file.uses(name)) for name in file.nodes}
    uses |= {(stem, name): file.methods(bases) for name, bases in file.bases.items()}
    uses |= {(stem, f"{name}.*"): file.methods({name}) for name in file.bases}
    return uses, {(stem, name): match["number"] for name, node in file.nodes.items() if (match := heading_of(node))}


@functools.lru_cache(8)
def graph(sources: Sources) -> tuple[dict[Named, set[Named]], dict[Named, str]]:
    """Return {(stem, name): the pairs it uses} and {(stem, name): step number} of sources."""
    uses: dict[Named, set[Named]] = {}
    numbers: dict[Named, str] = {}
    for stem, text in sources:
        more_uses, more_numbers = graph_of(stem, text)
        uses |= more_uses
        numbers |= more_numbers
    return uses, numbers


def sources_of(project: Project, folder: Path) -> Sources:
    """Return the chapters in a folder that can be parsed."""
    found = []
    for chapter in project.chapters:
        try:
            text = read_source(chapter.path_in(folder))
            parsed(text)
        except (OSError, SyntaxError, ValueError):
            continue
        found.append((chapter.stem, text))
    return tuple(found)


@functools.lru_cache(256)
def needed_by(number: str, sources: Sources) -> set[str]:
    """Return the numbers of the steps that a step uses, directly or through others, itself left out."""
    uses, numbers = graph(sources)
    waiting = [thing for thing, found in numbers.items() if found == number]
    seen = set()
    while waiting:
        thing = waiting.pop()
        if thing in uses and thing not in seen:
            seen.add(thing)
            waiting += uses[thing]
    return {numbers[thing] for thing in seen if thing in numbers} - {number}


def because(number: str, wrong: list[str], sources: Sources, only_programs: bool = False) -> str:
    """Return the number of the first step that may be all that is wrong with a step; "" if it must be the step itself.

    wrong are the numbers of all wrong steps. A step of which only_programs went wrong may have to do with any of them.
    """
    uses = set(wrong) if only_programs else needed_by(number, sources)
    return min((other for other in uses if other in wrong and order(other) < order(number)), key=order, default="")


def to_mend_first(wrong: list[str], sources: Sources, only_programs: Iterable[str] = ()) -> list[str]:
    """Return those of some wrong steps, in order, that use no other of them; the first where each uses another.

    Those of which only_programs went wrong come after the first, for a program uses all steps.
    """
    found = [number for number in wrong if not needed_by(number, sources) & set(wrong)
             and (number == wrong[0] or number not in only_programs)]
    return found or wrong[:1]
