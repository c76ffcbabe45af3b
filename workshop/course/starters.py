"""The starter of a chapter: its solution without the bodies of the steps, and how one knows such a body again."""
import ast

from workshop.course.source import FunctionNode, heading_of, nodes_of, replace_bodies


def starter_of(source: str) -> str:
    """Return the starter of a solution's source: the same with the bodies of its steps taken out."""
    return replace_bodies(source, {
        name: f'raise NotImplementedError("step {heading["number"]}: write {name}")'
        for name, node in nodes_of(source).items() if (heading := heading_of(node))
    })


def is_stub(node: FunctionNode) -> bool:
    """Tell whether a function's body, after its docstring if it has one, is nothing but the starter's `raise`."""
    match node.body[ast.get_docstring(node) is not None:]:
        case [ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError")))]:
            return True
    return False
