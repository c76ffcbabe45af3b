"""Which steps a step uses, read from the files: a step may be wrong only because one that it uses is.

Names are resolved as Python would: functions and classes of the file and those imported from other chapters,
`self.method` in a class, and of a class that is named, the methods that are named beside it, those that are called
without being named, and all that it inherits in its file; from another file it inherits what is asked of it, or of
`super()`. What `__init__` makes and keeps, as in `self.response = Response(…)`, is of the class that it calls; what it
inherits may call any method of that class. The class of a parameter is known by its annotation. What is made to be
handed on, such as `read(Reader(…))`, may have any of its methods called.
"""
import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop.course.project import Project, order
from workshop.course.source import functions_of, heading_of, parsed, read_source

Named = tuple[str, str]  # a stem and a qualified name in its file
Sources = tuple[tuple[str, str], ...]  # (stem, text) of chapters

UNNAMED = {"__init__", "__call__", "__iter__", "__next__"}  # methods that are called without being named


class Body:
    """A function, as the names that it has."""

    def __init__(self, node: ast.AST):
        self.parts = list(ast.walk(node))
        self.parameters = {part.arg for part in self.parts if isinstance(part, ast.arg)}
        self.named_beside = [part for part in self.parts if isinstance(part, ast.Attribute)]
        self.attributes = {part.attr for part in self.named_beside}

    def names(self) -> set[str]:
        """Return what stands alone and is no parameter."""
        return {part.id for part in self.parts if isinstance(part, ast.Name)} - self.parameters

    def asked_of(self, kept: dict[str, str]) -> set[str]:
        """Return the classes, by what kept has for attributes, of those of which something is named."""
        return {kept[part.value.attr] for part in self.named_beside
                if isinstance(part.value, ast.Attribute) and part.value.attr in kept}

    def asked_of_super(self) -> set[str]:
        """Return the methods that are named of `super()`."""
        return {part.attr for part in self.named_beside if isinstance(part.value, ast.Call)
                and getattr(part.value.func, "id", "") == "super"}

    def handed_on(self) -> set[str]:
        """Return what is called for an argument of another call: `Reader` in `read(Reader(…))`, and also where a
        variable stands between: `reader = Reader(…)`, `read(reader)`.
        """
        made = {target.id: part.value for part in self.parts if isinstance(part, ast.Assign)
                for target in part.targets if isinstance(target, ast.Name)}
        arguments = (argument for call in self.parts if isinstance(call, ast.Call) for argument in call.args)
        values = [made.get(argument.id) if isinstance(argument, ast.Name) else argument for argument in arguments]
        return {value.func.id for value in values if isinstance(value, ast.Call) and isinstance(value.func, ast.Name)}


class Definitions:
    """A chapter's file: its functions, and what the names in them stand for."""

    def __init__(self, stem: str, tree: ast.Module):
        self.stem = stem
        self.nodes = dict(functions_of(tree))
        self.bases = {node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
                      for node in tree.body if isinstance(node, ast.ClassDef)}
        self.imported = {alias.asname or alias.name: (node.module or "", alias.name) for node in ast.walk(tree)
                         if isinstance(node, ast.ImportFrom) for alias in node.names}
        self.kept = {name.rpartition(".")[0]: kept_by(node) for name, node in self.nodes.items()
                     if name.endswith(".__init__")}

    def uses(self, name: str) -> Iterator[Named]:
        """Return the (stem, name) pairs that a function of this file uses."""
        within = name.rpartition(".")[0]
        body = Body(self.nodes[name])
        kept = body.asked_of(self.kept.get(within, {}))
        any_method = body.handed_on() | kept
        for named in body.names() | kept | ({within} - {""}):
            stem, thing = self.imported.get(named, (self.stem, named))
            methods = body.attributes | UNNAMED | ({"*"} if named in any_method else set())
            yield from [(stem, thing), *((stem, f"{thing}.{method}") for method in methods)]
        for stem, base in self.bases_of(within):
            yield from ((stem, f"{base}.{method}") for method in body.asked_of_super())

    def bases_of(self, name: str) -> set[Named]:
        """Return the (stem, name) pairs of the classes that a class of this file is derived from."""
        return {self.imported.get(base, (self.stem, base)) for base in self.bases.get(name, ())}

    def methods(self, classes: Iterable[str]) -> set[Named]:
        """Return the (stem, name) pairs of the methods of some classes of this file."""
        return {(self.stem, method) for method in self.nodes if method.rpartition(".")[0] in classes}


def kept_by(init: ast.AST) -> dict[str, str]:
    """Return {attribute: what is called for it} of an `__init__`: {"response": "Response"} of
    `self.response = Response(…)`.
    """
    return {target.attr: part.value.func.id for part in ast.walk(init) if isinstance(part, ast.Assign)
            for target in part.targets if isinstance(target, ast.Attribute)
            and isinstance(part.value, ast.Call) and isinstance(part.value.func, ast.Name)}


@dataclass(frozen=True)
class Graph:
    """What uses what in some chapters; things are (stem, qualified name) pairs."""

    uses: dict[Named, set[Named]]
    numbers: dict[Named, str]  # of those that are steps
    bases: dict[Named, set[Named]]  # of classes

    def used_by(self, thing: Named) -> set[Named]:
        """Return what a thing uses; a method that its class does not have is that of the classes above it."""
        if thing in self.uses:
            return self.uses[thing]
        stem, (name, _, method) = thing[0], thing[1].rpartition(".")
        return {(above, f"{base}.{method}") for above, base in self.bases.get((stem, name), ())}


@functools.lru_cache(32)
def graph_of(stem: str, text: str) -> Graph:
    """Return the graph of one chapter."""
    file = Definitions(stem, parsed(text))
    uses = {(stem, name): set(file.uses(name)) for name in file.nodes}
    uses |= {(stem, name): file.methods(bases) for name, bases in file.bases.items()}
    uses |= {(stem, f"{name}.*"): file.methods({name}) for name in file.bases}
    numbers = {(stem, name): match["number"] for name, node in file.nodes.items() if (match := heading_of(node))}
    return Graph(uses, numbers, {(stem, name): file.bases_of(name) for name in file.bases})


@functools.lru_cache(8)
def graph(sources: Sources) -> Graph:
    """Return the graph of all chapters of sources."""
    whole = Graph({}, {}, {})
    for stem, text in sources:
        one = graph_of(stem, text)
        whole.uses.update(one.uses)
        whole.numbers.update(one.numbers)
        whole.bases.update(one.bases)
    return whole


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
    whole = graph(sources)
    waiting = [thing for thing, found in whole.numbers.items() if found == number]
    seen = set()
    while waiting:
        thing = waiting.pop()
        if thing not in seen:
            seen.add(thing)
            waiting += whole.used_by(thing)
    return {whole.numbers[thing] for thing in seen if thing in whole.numbers} - {number}


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
