"""Slips in what is asked: whether something is empty, whether something has an attribute, which conditions hold."""
import ast
from collections.abc import Callable, Iterator
from typing import Any

show = ast.unparse

MAY_BE_EMPTY = ("get", "values", "strip", "read_line", "remaining")  # methods

# Emptiness.


def none_is_empty(node: Any) -> Iterator[str]:
    """None, and what is empty or 0, are taken for the same."""
    match node:
        case ast.Compare(left, [ast.Is()], [ast.Constant(value=None)]):
            yield f"not {show(left)}"
        case ast.Compare(left, [ast.IsNot()], [ast.Constant(value=None)]):
            yield f"bool({show(left)})"
        case ast.Compare(left, [ast.Eq()], [ast.Constant(value="" | b"" | 0)]):
            yield f"not {show(left)}"


def empty_is_something(node: Any) -> Iterator[str]:
    """What is empty or 0 counts, and None alone does not."""
    match node if hasattr(node, "truth") else None:
        case ast.Call(ast.Attribute(attr=method)) if method in MAY_BE_EMPTY:
            yield f"{show(node)} is not None"
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.NamedExpr():
            yield f"({show(node)}) is not None"


def missing_is_empty(node: Any) -> Iterator[str]:
    """A key that is missing, and one with an empty value, are taken for the same; or it is never missing."""
    match node:
        case ast.Compare(left, [ast.In()], [ast.Name() | ast.Attribute() as table]):
            yield f"{show(table)}.get({show(left)})"
        case ast.Call(ast.Attribute(table, "get"), [key, default]):
            yield f"({show(table)}.get({show(key)}) or {show(default)})"
            yield f"{show(table)}[{show(key)}]"
        case ast.Call(ast.Attribute(table, "get"), [key]):
            yield f"{show(table)}[{show(key)}]"


# Look-ups.


def attribute_looked_up(node: Any) -> Iterator[str]:
    """An attribute is looked for in one place, and not wherever Python finds it."""
    match node:
        case ast.Call(ast.Name("hasattr"), [thing, name]):
            it, word = show(thing), show(name)
            yield from (f"{word} in dir({it})", f"{word} in getattr({it}, '__dict__', ())",
                        f"{word} in type({it}).__dict__", f"hasattr(type({it}), {word})",
                        f"{word} in dir(type({it}))", f"not isinstance({it}, (list, tuple)) and hasattr({it}, {word})")
        case ast.Call(ast.Name("getattr"), [thing, name]):
            yield from (f"vars({show(thing)})[{show(name)}]", f"getattr({show(thing)}, {show(name)}, None)")


def kind_exactly(node: Any) -> Iterator[str]:
    """A class, and those that are derived from it, are taken for the same, or are not."""
    match node:
        case ast.Call(ast.Name("isinstance"), [thing, kinds]):
            among = "in" if isinstance(kinds, ast.Tuple) else "is"
            yield from (f"type({show(thing)}) {among} {show(kinds)}", f"hasattr({show(thing)}, '__len__')",
                        f"isinstance({show(thing)}, (list, tuple))")
        case ast.Compare(ast.Call(ast.Name("type"), [thing]), [ast.Is() | ast.IsNot() as how], [kind]):
            yield f"{'not ' * isinstance(how, ast.IsNot)}isinstance({show(thing)}, {show(kind)})"
        case ast.Call(ast.Name("callable"), [thing]):
            yield from (f"hasattr({show(thing)}, '__call__')", f"type({show(thing)}).__name__ == 'function'",
                        f"not isinstance({show(thing)}, type)")


# Conditions.


def condition_left_out(node: Any) -> Iterator[str]:
    """One of several conditions is forgotten."""
    match node:
        case ast.BoolOp(op, values):
            for place in range(len(values)):
                rest = values[:place] + values[place + 1:]
                yield show(ast.BoolOp(op, rest) if len(rest) > 1 else rest[0])
        case ast.Compare(left, operators, others) if len(others) > 1:
            yield show(ast.Compare(left, operators[:1], others[:1]))
            yield show(ast.Compare(others[0], operators[1:], others[1:]))
        case ast.ListComp(item, [ast.comprehension(target, things, ifs)]) if ifs:
            yield f"[{show(item)} for {show(target)} in {show(things)}]"


def guard_left_out(node: Any) -> Iterator[str]:
    """What is done in one case only is done in every case; elif becomes if."""
    match node:
        case ast.If(test, body, orelse):
            yield "\n".join(map(show, body))
            if orelse:
                yield "\n".join(map(show, orelse))
                yield "\n".join([show(ast.If(test, body, [])), *map(show, orelse)])


def row_left_out(node: Any) -> Iterator[str]:
    """A row of a table is forgotten."""
    for items, rebuilt in tables(node):
        for place in range(len(items)):
            rest = items[:place] + items[place + 1:]
            if rest:
                yield rebuilt(rest)


def rows_swapped(node: Any) -> Iterator[str]:
    """Two neighbours in a table, where their order means something, stand in the other order."""
    for items, rebuilt in [] if hasattr(node, "unordered") or isinstance(node, ast.Dict) else tables(node):
        for place in range(1, len(items)):
            yield rebuilt([*items[:place - 1], items[place], items[place - 1], *items[place + 1:]])


def tables(node: Any) -> Iterator[tuple[list, Callable[[list], str]]]:
    """Yield the rows of a node that is a table, and a function that makes the text of a table of other rows."""
    match node:
        case ast.Dict(keys, values):
            yield list(zip(keys, values, strict=True)), lambda rows: show(ast.Dict(*map(list, zip(*rows, strict=True))))
        case ast.List(elts=items) | ast.Tuple(elts=items, ctx=ast.Load()) | ast.Set(elts=items):
            kind: Any = type(node)
            yield items, lambda rows: show(kind(elts=rows, ctx=ast.Load()))


OF_ASKING = [none_is_empty, empty_is_something, missing_is_empty, attribute_looked_up, kind_exactly, condition_left_out,
            guard_left_out, row_left_out, rows_swapped]
