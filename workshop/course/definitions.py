"""The definitions in a chapter's text: where each stands, and how to put others in their place.

All of it works on text and leaves every other line as it is. A definition is known by its qualified name, `parse_field`
or `Reader.read_line`; what is looked for in the learner's file is found whatever else stands in there.
"""
import ast
import copy
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from workshop.course.source import dedented, heading_of, indent_of, indented, lines_of, parsed

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)


Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Place:
    """Where a statement stands: lines[begin:end], its decorators and the comments at a function's end included."""

    begin: int
    end: int
    node: ast.stmt
    container: str  # the class it stands in, "" for the module


@functools.lru_cache(32)
def places(source: str) -> dict[str, list[Place]]:
    """Return {name: [Place, …]} of what a text defines, in its order; "" holds what defines nothing.

    Raises SyntaxError or ValueError if the text is no Python.
    """
    tree, lines = parsed(source), lines_of(source)
    found: dict[str, list[Place]] = {}
    classes = [(node.name, node.body) for node in tree.body if isinstance(node, ast.ClassDef)]
    for container, body in [("", tree.body), *classes]:
        for node in body:
            place = Place(first_line(node), last_line(node, lines), node, container)
            for name in bound_by(node) or [""]:
                found.setdefault(f"{container}.{name}" if container else name, []).append(place)
    return found


def bound_by(node: ast.stmt) -> list[str]:
    """Return the names that a statement defines where it stands."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return [node.name]
    if isinstance(node, IMPORTS):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    names = (part for target in targets if target for part in ast.walk(target) if isinstance(part, ast.Name))
    found = [name.id for name in names if isinstance(name.ctx, ast.Store)]  # that of `name.attribute = …` is loaded
    return found if isinstance(node, (ast.Assign, ast.AnnAssign)) else []


def first_line(node: ast.stmt) -> int:
    """Return the index of a statement's first line, that of its decorators included."""
    return min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))]) - 1


def last_line(node: ast.stmt, lines: list[str]) -> int:
    """Return the index after a statement's last line; comments indented deeper than a function belong to it."""
    end = place = node.end_lineno or node.lineno
    while isinstance(node, FUNCTIONS) and place < len(lines):
        line = lines[place]
        if line.strip() and not (line.lstrip().startswith("#") and len(indent_of(line)) > node.col_offset):
            break
        place += 1
        end = place if line.strip() else end
    return end


def text_at(source: str, place: Place) -> str:
    """Return the text of a Place, indented from column 0."""
    return dedented(source, place.begin, place.end).rstrip() + "\n"


def text_of(source: str, name: str) -> str:
    """Return the text of a definition, indented from column 0; of several with one name, the last one's."""
    return text_at(source, places(source)[name][-1])


def replace(source: str, texts: dict[str, str]) -> str:
    """Return source with other definitions: {name: text, indented from column 0}, each name defined in it.

    Where a name is defined several times, only the new definition is left. Imports are not touched.
    """
    lines = lines_of(source)
    edits: list[Edit] = []
    for name, found in places(source).items():
        own = [place for place in found if not isinstance(place.node, IMPORTS)]
        if name in texts and own:
            edits += [(place.begin, place.end, "") for place in own[:-1]]
            indent = indent_of(lines[own[-1].begin])
            edits.append((own[-1].begin, own[-1].end, indented(texts[name], indent)))
    return edited(lines, edits)


def edited(lines: Iterable[str], edits: Iterable[Edit]) -> str:
    """Return lines as a text, with (begin, end, text) put in place of lines[begin:end]."""
    lines = list(lines)
    for begin, end, text in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        if text and begin and not lines[begin - 1].endswith(("\n", "\r")):
            lines[begin - 1] += "\n"
        lines[begin:end] = [text]
    return "".join(lines)


def missing(source: str, original: str) -> list[str]:
    """Return the names that a text (original) defines and another one (source) does not, classes before methods."""
    present, lost = places(source), missing_classes(source, original)
    return [name for name in places(original) if name.rpartition(".")[2] and (name not in present or name in lost)
            and name.rpartition(".")[0] not in lost]


def missing_classes(source: str, original: str) -> set[str]:
    """Return the names of classes in original that are none in source: their methods come with them.

    A class whose body stands on its own line, `class A: pass`, is none: nothing can be put into it.
    """
    given, own = ({node.name for node in parsed(text).body if isinstance(node, ast.ClassDef)
                   and has_lines_of_its_own(node.body[0], text)} for text in (original, source))
    return given - own


def has_lines_of_its_own(node: ast.stmt, source: str) -> bool:
    """Tell whether nothing but white space stands in front of a statement on its line."""
    line = lines_of(source)[node.lineno - 1].encode()[:node.col_offset]
    return not line.strip()


def restore(source: str, original: str, names: list[str] | None = None) -> str:
    """Return source with the definitions that original has and it lacks (or those of names), each where it belongs."""
    for name in missing(source, original) if names is None else names:
        place = places(original)[name][-1]
        if name in missing_classes(source, original) and is_taken(source, name):
            source = replace(source, {name: text_at(original, place)})
        elif not isinstance(place.node, IMPORTS):
            source = inserted(source, original, name, place)
        elif name in (lacking := missing(source, original)):  # else it came with others of the same import
            source = with_import(source, place.node, lacking)
    return source


def is_taken(source: str, name: str) -> bool:
    """Tell whether a name is defined in a text, by whatever but an import."""
    return any(not isinstance(place.node, IMPORTS) for place in places(source).get(name, []))


def with_import(source: str, node: ast.Import | ast.ImportFrom, names: list[str]) -> str:
    """Return source with those names of an import that are in names, after the first imports."""
    wanted = copy.copy(node)
    wanted.names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in names]
    index = after_imports(source)
    return edited(lines_of(source), [(index, index, ast.unparse(wanted) + "\n")])


def after_imports(source: str) -> int:
    """Return the index of the line after the imports at the beginning of a text, or after its docstring."""
    index = 0
    for node in parsed(source).body:
        if not isinstance(node, (*IMPORTS, ast.Expr)):
            break
        index = node.end_lineno or node.lineno
    return index


def inserted(source: str, original: str, name: str, place: Place) -> str:
    """Return source with one definition of original, after the nearest one before it that source has."""
    siblings = [other for other, found in places(original).items() if found[-1].container == place.container]
    before = siblings[:siblings.index(name)][::-1]
    present = places(source)
    anchors = (present[other][-1] for other in before if is_anchor(present.get(other, []), place.container))
    anchor = next(anchors, None)
    index = anchor.end if anchor else start_of(source, place.container)
    indent = indent_in(source, place.container)
    gap = "\n" if place.container or not isinstance(place.node, (*FUNCTIONS, ast.ClassDef)) else "\n\n"
    text = indented(text_at(original, place), indent)
    return edited(lines_of(source), [(index, index, gap + text)])


def is_anchor(found: list[Place], container: str) -> bool:
    """Tell whether a definition can have another one after it in its container: all but imports can."""
    return bool(found) and found[-1].container == container and (
        container != "" or not isinstance(found[-1].node, IMPORTS))


def start_of(source: str, container: str) -> int:
    """Return the index of the line where definitions of a container begin: after imports, or a class's docstring."""
    if not container:
        return after_imports(source)
    return body_of_class(source, container)[0].end_lineno or 0


def indent_in(source: str, container: str) -> str:
    """Return the white space in front of what stands in a class, "" for the module."""
    if not container:
        return ""
    return indent_of(lines_of(source)[body_of_class(source, container)[0].lineno - 1])


def body_of_class(source: str, name: str) -> list[ast.stmt]:
    """Return the statements of a class; of several with one name, the last one's."""
    return [place.node.body for place in places(source)[name] if isinstance(place.node, ast.ClassDef)][-1]


def renamed(source: str, number: str) -> list[str]:
    """Return the qualified names of functions that have the heading of a step, by its number, in their docstrings."""
    return [name for name, found in places(source).items() for place in found
            if isinstance(place.node, FUNCTIONS) and (match := heading_of(place.node))
            and match["number"] == number]


def rename(source: str, name: str, new: str) -> str:
    """Return source with another name in the last `def` of a function; both names are qualified."""
    lines, place = lines_of(source), places(source)[name][-1]
    old, fresh = (re.escape(name.rpartition(".")[2]), new.rpartition(".")[2])
    index = place.node.lineno - 1
    lines[index] = re.sub(rf"(\bdef\s+){old}\b", rf"\g<1>{fresh}", lines[index], count=1)
    return "".join(lines)


def line_that_is_no_python(source: str) -> tuple[int, str] | None:
    """Return (line number, message) of the first thing that Python does not understand in a text, or None."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except ValueError as error:
        return 1, str(error)
    except RecursionError:
        return 1, "it is nested too deeply"
    return None
