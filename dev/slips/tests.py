"""Slips in what is asked: whether something is empty, whether something has an attribute, which conditions hold."""
import ast
from collections.abc import Iterator

show = ast.unparse

MAY_BE_EMPTY = ("get", "values", "strip", "read_line", "remaining")  # methods

# Emptiness.


def none_is_empty(node: ast.expr) -> Iterator[str]:
    """None, and what is empty or 0, are taken for the same."""
    match node:
        case ast.Compare(left, [ast.Is()], [ast.Constant(value=None)]):
            yield f"not {show(left)}"
        case ast.Compare(left, [ast.IsNot()], [ast.Constant(value=None)]):
            yield f"bool({show(left)})"
        case ast.Compare(left, [ast.Eq()], [ast.Constant(value="" | b"" | 0)]):
            yield f"not {show(left)}"


def empty_is_something(node: ast.expr) -> Iterator[str]:
    """What is empty or 0 counts, and None alone does not."""
    match node if hasattr(node, "truth") else None:
        case ast.Call(ast.Attribute(attr=method)) if method in MAY_BE_EMPTY:
            yield f"{show(node)} is not None"
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.NamedExpr():
            yield f"({show(node)}) is not None"


def missing_is_empty(node: ast.expr) -> Iterator[str]:
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


def attribute_looked_up(node: ast.expr) -> Iterator[str]:
    """An attribute is looked for in one place, and not wherever Python finds it."""
    match node:
        case ast.Call(ast.Name("hasattr"), [thing, name]):
            it, name = show(thing), show(name)
            yield from (f"{name} in dir({it})", f"{name} in getattr({it}, '__dict__', ())",
                        f"{name} in type({it}).__dict__", f"hasattr(type({it}), {name})",
                        f"{name} in dir(type({it}))", f"not isinstance({it}, (list, tuple)) and hasattr({it}, {name})")
        case ast.Call(ast.Name("getattr"), [thing, name]):
            yield from (f"vars({show(thing)})[{show(name)}]", f"getattr({show(thing)}, {show(name)}, None)")


def kind_exactly(node: ast.expr) -> Iterator[str]:
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


def condition_left_out(node: ast.expr) -> Iterator[str]:
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


def guard_left_out(node: ast.stmt) -> Iterator[str]:
    """What is done in one case only is done in every case; elif becomes if."""
    match node:
        case ast.If(test, body, orelse):
            yield "\n".join(map(show, body))
            if orelse:
                yield "\n".join(map(show, orelse))
                yield "\n".join([show(ast.If(test, body, [])), *map(show, orelse)])


def row_left_out(node: ast.expr) -> Iterator[str]:
    """A row of a table is forgotten, or two stand in the other order."""
    match node:
        case ast.Dict(keys, values):
            rows = list(zip(keys, values, strict=True))
            yield from (show(ast.Dict(*map(list, zip(*some, strict=True)))) for some in others_of(rows, swap=False)
                        if some)
        case ast.List(elts=items) | ast.Tuple(elts=items, ctx=ast.Load()) | ast.Set(elts=items):
            yield from (show(type(node)(elts=some, ctx=ast.Load()))
                        for some in others_of(items, swap=not hasattr(node, "unordered")) if some)


def others_of(items: list, swap: bool = True) -> Iterator[list]:
    """Yield a list without each of its items, and with each two neighbours swapped."""
    for place in range(len(items)):
        yield items[:place] + items[place + 1:]
        if place and swap:
            yield [*items[:place - 1], items[place], items[place - 1], *items[place + 1:]]


OF_TESTS = [none_is_empty, empty_is_something, missing_is_empty, attribute_looked_up, kind_exactly, condition_left_out,
            guard_left_out, row_left_out]
