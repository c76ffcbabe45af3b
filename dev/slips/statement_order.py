"""Slips in the order of statements: two are swapped, or one stands inside or outside of a try statement."""
import ast
import copy
from collections.abc import Iterator

LAST = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def swapped(block: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Two neighbours stand in the other order."""
    for place in range(len(block) - 1):
        first, second = block[place:place + 2]
        if not isinstance(second, LAST):
            yield [*block[:place], second, first, *block[place + 2:]]


def with_body(statement: ast.Try, body: list[ast.stmt], orelse: list[ast.stmt]) -> ast.Try:
    """Return a try statement with another body and else."""
    changed = copy.copy(statement)
    changed.body, changed.orelse = body, orelse
    return changed


def tries_more(block: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The statement before a try statement, or the one after it, has moved into its body."""
    for place, statement in enumerate(block):
        if isinstance(statement, ast.Try) and place:
            inside = with_body(statement, [block[place - 1], *statement.body], statement.orelse)
            yield [*block[:place - 1], inside, *block[place + 1:]]
        if isinstance(statement, ast.Try) and place + 1 < len(block):
            inside = with_body(statement, [*statement.body, *statement.orelse, block[place + 1]], [])
            yield [*block[:place], inside, *block[place + 2:]]


def tries_less(block: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The first statement of a try's body has moved before it, or the last one behind it or into its else."""
    for place, statement in enumerate(block):
        if isinstance(statement, ast.Try) and len(statement.body) > 1:
            first, last = statement.body[0], statement.body[-1]
            before, after = block[:place], block[place + 1:]
            yield [*before, first, with_body(statement, statement.body[1:], statement.orelse), *after]
            yield [*before, with_body(statement, statement.body[:-1], statement.orelse), last, *after]
            if statement.handlers:
                yield [*before, with_body(statement, statement.body[:-1], [last, *statement.orelse]), *after]


OF_BLOCKS = [swapped, tries_more, tries_less]
