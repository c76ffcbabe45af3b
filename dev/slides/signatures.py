"""What is there already for a step: what the names of its chapter, and of those before it, stand for and take."""
import ast
from collections.abc import Iterator
from functools import cache

from dev.slides.blocks import first_sentence
from workshop.course.project import Chapter, Step
from workshop.course.source import FunctionNode, nodes_of

SELF = "self"


def described(name: str, chapter: Chapter) -> str:
    """Return what a name of a chapter, or of one before it, stands for; "" if it is none of theirs."""
    return next((found[name] for one in [chapter, *reversed(chapter.earlier)]
                 if name in (found := descriptions(one.reference))), "")


@cache
def descriptions(source: str) -> dict[str, str]:
    """Return what the names of a chapter's source stand for, by name: constants, functions, classes, methods."""
    lines = source.splitlines()
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = description(node, node.name)
        elif isinstance(node, ast.Assign):
            code, _, comment = lines[node.lineno - 1].partition("  # ")
            found[ast.unparse(node.targets[0])] = f"`{code}`{f': {comment}' if comment else ''}"
    return found


def description(node: ast.FunctionDef | ast.ClassDef, name: str) -> str:
    """Return how a function or class is called, and what it is for."""
    said = ast.get_docstring(node)
    return f"`{name}{arguments_of(node)}`{f': {first_sentence(summary(said))}' if said else ''}"


def summary(docstring: str) -> str:
    """Return the paragraph of a docstring that says what it is about: that of a step has its number before it."""
    first, *others = docstring.split("\n\n")
    return others[0] if first.startswith("Step ") else first


def arguments_of(node: ast.FunctionDef | ast.ClassDef) -> str:
    """Return the names of what a function or class takes, in parentheses; "" for a class that says nothing of it."""
    if isinstance(node, ast.FunctionDef):
        if "property" in map(ast.unparse, node.decorator_list):
            return ""
        given = node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args)]
        values = [""] * (len(names) - len(given.defaults)) + [f"={ast.unparse(value)}" for value in given.defaults]
        return f"({', '.join(f'{name}{value}' for name, value in zip(names, values, strict=True) if name != SELF)})"
    init = method_of(node, "__init__")
    fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    return arguments_of(init) if init else f"({', '.join(fields)})" if node.decorator_list else ""


def method_of(node: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """Return a method of a class, or None."""
    return next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == name), None)


# What a step uses.


def used_by(step: Step) -> dict[str, str]:
    """Return what the reference of a step uses of its chapter and of those before it, described, by name."""
    node = nodes_of(step.chapter.reference)[step.name]
    classes, names = classes_in(step.chapter), types_in(node, step)
    found: dict[str, str] = {}
    for one in (inner for statement in node.body for inner in ast.walk(statement)):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id not in names:
            found[one.id] = described(one.id, step.chapter)
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            owner = classes.get(names.get(one.value.id, ""))
            method = method_of(owner, one.attr) if owner else None
            if method and f"{names[one.value.id]}.{one.attr}" != step.name:
                found[f"{one.value.id}.{one.attr}"] = description(method, f"{one.value.id}.{one.attr}")
    return {name: text for name, text in found.items() if text and name != step.name}


def types_in(node: FunctionNode, step: Step) -> dict[str, str]:
    """Return the classes of the names in a function, as far as it tells them: by an annotation, or by a call."""
    found = {one.arg: ast.unparse(one.annotation) for one in node.args.args if one.annotation}
    found |= dict([(SELF, step.name.split(".")[0])] if "." in step.name else [])
    return found | {ast.unparse(one.targets[0]): one.value.func.id for one in ast.walk(node)
                    if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call)
                    and isinstance(one.value.func, ast.Name)}


def classes_in(chapter: Chapter) -> dict[str, ast.ClassDef]:
    """Return the classes of a chapter and of those before it, by name."""
    def found() -> Iterator[ast.ClassDef]:
        for one in (*chapter.earlier, chapter):
            yield from (node for node in ast.parse(one.reference).body if isinstance(node, ast.ClassDef))
    return {node.name: node for node in found()}
