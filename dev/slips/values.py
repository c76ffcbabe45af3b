"""Slips in how a value is made: copies, methods of texts, encodings, patterns."""
import ast
import re
from collections.abc import Iterator
from typing import Any, AnyStr

show = ast.unparse

METHODS = {
    "strip": ("lstrip", "rstrip"), "lstrip": ("strip",), "rstrip": ("strip",), "removeprefix": ("lstrip",),
    "lower": ("casefold", "upper", "title"), "upper": ("lower", "title", "swapcase"),
    "partition": ("rpartition",), "rpartition": ("partition",), "split": ("rsplit",), "find": ("rfind", "index"),
    "isdigit": ("isdecimal", "isnumeric", "isalnum"), "isdecimal": ("isdigit",), "isascii": ("isprintable",),
    "fullmatch": ("match", "search"), "match": ("fullmatch", "search"), "search": ("match", "fullmatch"),
    "sendall": ("send",), "read": ("read1", "readline"),
}
LEFT_OUT = {"strip", "lstrip", "rstrip", "lower", "upper", "removeprefix", "replace"}
FIRST_LETTERS = {"startswith": ("{1} in {0}", "{0}.endswith({1})", "{0} == {1}"),
                 "endswith": ("{1} in {0}", "{0}.startswith({1})", "{0} == {1}")}
EQUALS = ("{0}.startswith({1})", "{0}.endswith({1})", "{1} in {0}", "{0}.strip() == {1}")
ENCODINGS = ("utf-8", "latin-1", "ascii")
NEVER_FAILS = (("utf-8", "encode"), ("latin-1", "decode"))
ERRORS = ("strict", "replace", "ignore", "backslashreplace")
BY_POSITION = ("app", "handle", "start_response", "self.app", "self.start_response", "self.server_start_response",
               "self.file.read", "connection.recv", "self.connection.recv", "write", "print")
PATTERNS = ((r"\[0-9\]", r"\\d"), (r"\\d", "[0-9]"), (r"\\d", "."), (r"\*", "+"), (r"\+", "*"), (r"\?", ""),
            (r"\{\d+,\d+\}", "+"), (r"\\S", "."), (r"\\S", r"\\w"), (r"\[1-5\]", r"\\d"), (r"\[ \\t\]", r"\\s"))


def not_a_copy(node: Any) -> Iterator[str]:
    """Instead of a copy it is the thing itself, which is then changed in place."""
    match node:
        case ast.Call(ast.Name("list" | "dict" | "tuple" | "bytes" | "bytearray" | "set"), [thing], []):
            yield show(thing)
        case ast.Call(ast.Attribute(thing, "copy"), []) | ast.List([ast.Starred(thing)]):
            yield show(thing)
        case ast.List([ast.Starred(thing), item]):
            yield f"({show(thing)}.append({show(item)}) or {show(thing)})"
            yield f"{show(thing)} + [{show(item)}]"
        case ast.BinOp(left, ast.BitOr(), right):
            yield f"({show(left)}.update({show(right)}) or {show(left)})"


def changed_in_place(node: Any) -> Iterator[str]:
    """`a += b` changes what others may hold too, `a = a + b` does not."""
    match node:
        case ast.AugAssign(target, ast.Add(), value):
            yield f"{show(target)} = {show(target)} + {show(value)}"
        case ast.Assign([ast.Name(name)], ast.ListComp(generators=[ast.comprehension(iter=ast.Name(things))]) as new):
            yield f"{things}[:] = {show(new)}\n{name} = {things}"
        case ast.Expr(ast.Call(ast.Attribute(thing, "clear"), [])):
            yield f"{show(thing)} = []"
        case ast.Delete([ast.Subscript(thing, slice)]) if isinstance(slice, ast.Slice) and slice.upper:
            yield f"{show(thing)} = {show(thing)}[{show(slice.upper)}:]"
            yield f"{show(thing)} = bytes({show(thing)}[{show(slice.upper)}:])"


def another_method(node: Any) -> Iterator[str]:
    """A text has many methods, and some do nearly the same."""
    match node:
        case ast.Call(ast.Attribute(thing, method) as function, arguments, keywords):
            for other in METHODS.get(method, ()):
                yield show(ast.Call(ast.Attribute(thing, other), arguments, keywords))
            if method in LEFT_OUT:
                yield show(thing)
            if arguments and method in ("strip", "lstrip", "rstrip", "split"):
                yield f"{show(function)}()"
            if method in ("partition", "rpartition", "index", "find") and isinstance(thing, ast.Name):
                stripped = ast.Call(ast.Attribute(thing, "strip"), [], [])
                yield show(ast.Call(ast.Attribute(stripped, method), arguments, []))
            if method == "replace" and len(arguments) == 2:
                yield show(ast.Call(function, [*arguments, ast.Constant(1)], []))


def stripped(node: Any) -> Iterator[str]:
    """White space is taken off on a side where it is not allowed, or what has nothing else in it is taken for empty."""
    match node:
        case ast.Call(ast.Attribute(attr="fullmatch") as function, [*others, ast.Name(thing)]):
            before = "".join(f"{show(one)}, " for one in others)
            yield from (f"{show(function)}({before}{thing}.{method}())" for method in ("lstrip", "rstrip"))
        case ast.UnaryOp(ast.Not(), ast.Name("block")):
            yield "not block.strip()"


def another_comparison(node: Any) -> Iterator[str]:
    """What begins with a text, ends with it, has it in it or is equal to it is taken for the same."""
    match node:
        case ast.Call(ast.Attribute(thing, "startswith" | "endswith" as method), [part]):
            some = part.elts if isinstance(part, ast.Tuple) else [part]
            yield from (" or ".join(way.format(show(thing), show(one)) for one in some)
                        for way in FIRST_LETTERS[method])
        case ast.Compare(thing, [ast.Eq() | ast.NotEq() as how], [ast.Constant(value=str() | bytes()) as part]):
            sign = "not " * isinstance(how, ast.NotEq)
            text: Any = part.value
            has_case = ".lower()" not in show(thing) and text.lower() != text.upper()
            ways = EQUALS + ("{0}.lower() == {1}.lower()",) * has_case
            yield from (f"{sign}({way.format(show(thing), show(part))})" for way in ways)


def another_membership(node: Any) -> Iterator[str]:
    """What is in a table in other letters, or begins with what is in it, is taken for the same."""
    match node:
        case ast.Compare(ast.Constant()):
            pass
        case ast.Compare(thing, [ast.In()], [ast.Tuple() | ast.Set() | ast.Name() | ast.Attribute() as table]):
            if ".lower()" not in show(thing):
                yield f"{show(thing)}.lower() in {show(table)}"
            yield f"any({show(thing)}.startswith(each) for each in {show(table)})"


def another_encoding(node: Any) -> Iterator[str]:
    """Another encoding, or another way with what cannot be encoded."""
    match node:
        case ast.Call(ast.Attribute(thing, "encode" | "decode" as method), arguments):
            encoding = arguments[0].value if arguments else "utf-8"  # type: ignore[attr-defined]
            errors = arguments[1].value if arguments[1:] else "strict"  # type: ignore[attr-defined]
            calls = [(other, errors) for other in ENCODINGS if other != encoding]
            fails = (encoding, method) not in NEVER_FAILS
            calls += [(encoding, other) for other in ERRORS if fails and other != errors]
            yield from (f"{show(thing)}.{method}({name!r}, {way!r})" for name, way in calls)


def another_pattern(node: Any) -> Iterator[str]:
    """A pattern that lets a little more through, or a little less."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("re")), [ast.Constant(pattern), *others]):
            for changed in changed_patterns(pattern):  # type: ignore[type-var]
                yield show(ast.Call(node.func, [ast.Constant(changed), *others], []))


def changed_patterns(pattern: AnyStr) -> Iterator[AnyStr]:
    """Yield a pattern with each of the changes of PATTERNS, in each place where it can be made."""
    text = pattern.decode() if isinstance(pattern, bytes) else pattern
    for old, new in PATTERNS:
        for found in re.finditer(old, text):
            changed = text[:found.start()] + found.expand(new) + text[found.end():]
            yield changed.encode() if isinstance(pattern, bytes) else changed


def argument_left_out(node: Any) -> Iterator[str]:
    """One of the arguments is forgotten, or is given by its name."""
    match node:
        case ast.Call(function, arguments, keywords):
            for place in range(len(keywords)):
                yield show(ast.Call(function, arguments, keywords[:place] + keywords[place + 1:]))
            if len(arguments) > 1:
                yield show(ast.Call(function, arguments[:-1], keywords))
            if show(function) in BY_POSITION and all(isinstance(one, ast.Name | ast.Attribute) for one in arguments):
                yield f"{show(function)}({', '.join(f'{last_name(one)}={show(one)}' for one in arguments)})"


def last_name(node: Any) -> str:
    """Return what stands behind the last dot of a name."""
    return show(node).rpartition(".")[2]


OF_VALUES = [not_a_copy, changed_in_place, another_method, stripped, another_comparison, another_membership,
             another_encoding, another_pattern, argument_left_out]
