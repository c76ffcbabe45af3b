"""The slips: changes by which people go wrong, in families that strangers' wrong versions have shown, all made by rule.

`slips_of(code)` makes them. Each is a small function in one of the modules here: for a node of `ast` it yields texts
to stand in its place; for a block, a list of statements, it yields whole blocks. Its name is the name of the slip.
"""
import ast
import contextlib
from collections.abc import Iterator
from typing import Any

from dev.slips.asking import OF_ASKING
from dev.slips.node_marks import mark
from dev.slips.state import OF_STATE
from dev.slips.statement_order import OF_BLOCKS
from dev.slips.trying import OF_TRYING
from dev.slips.values import OF_VALUES

OF_NODES = [*OF_ASKING, *OF_VALUES, *OF_STATE, *OF_TRYING]


def slips_of(code: str) -> Iterator[tuple[str, str]]:
    """Yield (name, changed code) for each slip that can be made in a text of Python, as ast.unparse writes it."""
    tree = ast.parse(code)
    mark(tree)
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            for name, changed in changes(value):
                setattr(parent, field, changed)
                with contextlib.suppress(ValueError):  # ast.unparse can't write it, as a backslash in an f-string
                    yield name, ast.unparse(tree) + "\n"
            setattr(parent, field, value)


def changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield (name, changed value) for each slip in the value of a field: a node, a list of nodes, or a block."""
    nodes = value if isinstance(value, list) else [value]
    for of_block in OF_BLOCKS if nodes and isinstance(nodes[0], ast.stmt) else []:
        yield from ((of_block.__name__, changed) for changed in of_block(nodes))
    for place, node in enumerate(nodes):
        for name, new in changed_nodes(node):
            whole = [*nodes[:place], *new, *nodes[place + 1:]]
            yield name, whole if isinstance(value, list) else whole[0]


def changed_nodes(node: Any) -> Iterator[tuple[str, list]]:
    """Yield (name, the nodes that stand in its place) for each slip in one node."""
    is_value = isinstance(node, ast.expr)
    for rewrite in OF_NODES if is_value or isinstance(node, ast.stmt) else []:
        for text in rewrite(node) if not hasattr(node, "free") else []:
            yield rewrite.__name__, parsed(text, is_value)


def parsed(text: str, is_value: bool) -> list:
    """Return the nodes that a text stands for: a value, or statements."""
    return [ast.parse(text, mode="eval").body] if is_value else ast.parse(text).body
