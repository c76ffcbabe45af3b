"""What a node of `ast` does not say of itself: marks, which the tree gets before it is changed."""
import ast
import re
from collections.abc import Iterator

CHANGES = re.compile(r"\b(self|environ|request|response|collected|time)\b")  # what may be another one later


def mark(tree: ast.AST) -> None:
    """Give nodes their marks.

    truth      it is asked whether the value is true
    handled    it is the class, or the classes, of a handler
    anew       a local name is read: what its value was made from
    free       it is, or is in, an annotation, or what is raised: what an error says to people is free
    unordered  it holds choices, and their order means nothing
    """
    for node in ast.walk(tree):
        for part in free_parts(node):
            part.free = True  # type: ignore[attr-defined]
        for choices in choices_in(node):
            choices.unordered = True  # type: ignore[attr-defined]
        for tested in tests_in(node):
            tested.truth = True  # type: ignore[attr-defined]
        if isinstance(node, ast.ExceptHandler) and node.type:
            node.type.handled = True  # type: ignore[attr-defined]
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                mark_values(value)


def free_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in the annotations of a node, or in what it raises."""
    parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
    parts += [node.exc] if isinstance(node, ast.Raise) else []
    for part in filter(None, parts):
        yield from ast.walk(part)


def choices_in(node: ast.AST) -> list[ast.expr]:
    """Return the parts of a node that hold choices: what something begins with, is in, or is an instance of."""
    match node:
        case ast.Call(ast.Attribute(attr="startswith" | "endswith"), [choices]):
            return [choices]
        case ast.Call(ast.Name("isinstance"), [_, choices]) | ast.Compare(_, [ast.In()], [choices]):
            return [choices]
    return []


def tests_in(node: ast.AST) -> list[ast.expr]:
    """Return the parts of a node of which it is asked whether they are true."""
    match node:
        case ast.If(test) | ast.While(test) | ast.IfExp(test):
            return [test]
        case ast.BoolOp(values=values):
            return values[:-1] if not hasattr(node, "truth") else values
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.comprehension(ifs=ifs):
            return ifs
    return []


def mark_values(block: list[ast.stmt]) -> None:
    """Mark the names that are read below an assignment of the same block."""
    for place, statement in enumerate(block):
        for name, text in assigned(statement):
            for node in (node for later in block[place + 1:] for node in ast.walk(later)):
                if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                    node.anew = text  # type: ignore[attr-defined]


def assigned(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield (name, text of its value) for each local name that a statement gives a value that may change."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            pairs = list(zip(names, map(ast.unparse, values), strict=True))
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
            pairs = [(name, f"{ast.unparse(value)}[{place}]") for place, name in enumerate(names)]
        case ast.Assign(targets=[name], value=value) | ast.AnnAssign(target=name, value=ast.expr() as value):
            pairs = [(name, ast.unparse(value))]
        case _:
            pairs = []
    yield from ((name.id, text) for name, text in pairs if isinstance(name, ast.Name) and CHANGES.search(text))
