"""Slips with exceptions: too many are caught, or too few, and `finally` is not in every case. And what is printed."""
import ast
import copy
from collections.abc import Iterator
from typing import Any

show = ast.unparse

OTHER_CLASSES = {
    "BaseException": ("Exception", "(Exception, SystemExit)", "(Exception, KeyboardInterrupt)",
                      "(Exception, GeneratorExit)", "(Exception, SystemExit, KeyboardInterrupt)"),
    "Exception": ("BaseException", "(Exception, SystemExit)",
                  "(ValueError, TypeError, LookupError, OSError, RuntimeError, ArithmeticError, AttributeError)",
                  "(ArithmeticError, AssertionError, LookupError, NameError, OSError, RuntimeError, TypeError)",
                  "(ImportError, SyntaxError, AttributeError)"),
    "OSError": ("ConnectionError", "Exception", "(ConnectionError, TimeoutError)"),
    "ConnectionError": ("ClientGone", "ConnectionResetError", "(ClientGone, ConnectionResetError, BrokenPipeError)",
                        "(BrokenPipeError, ConnectionResetError, ConnectionAbortedError, ConnectionRefusedError)",
                        "(ConnectionError, TimeoutError)", "OSError", "Exception"),
    "ClientGone": ("ConnectionError", "OSError", "(ClientGone, TimeoutError)"),
    "KeyboardInterrupt": ("(KeyboardInterrupt, SystemExit)", "BaseException"),
    "HeadTooLarge": ("ValueError", "Exception"), "BadRequest": ("ValueError", "Exception"),
    "StopIteration": ("Exception",),
}
SAID = ("print('oops')", "import sys\nprint('oops', file=sys.stderr)", "connection.sendall(b'x')")


def other_class(node: Any) -> Iterator[str]:
    """The class of a handler is wider or narrower; a tuple of classes has one less."""
    if hasattr(node, "handled"):
        yield from OTHER_CLASSES.get(show(node), ())
        if isinstance(node, ast.Tuple):
            yield from (show(one) for one in node.elts)
            yield from (show(ast.Tuple([*node.elts[:place], ast.Name(other), *node.elts[place + 1:]]))
                        for place, one in enumerate(node.elts) for other in OTHER_CLASSES.get(show(one), ()))


def with_parts(node: ast.Try, **parts: list) -> str:
    """Return the text of a try statement with other parts; of its body alone, if neither handler nor finally is left.
    """
    changed = copy.copy(node)
    vars(changed).update(parts)
    plain = not changed.handlers and not changed.finalbody
    return "\n".join(map(show, changed.body + changed.orelse)) if plain else show(changed)


def handler_left_out(node: Any) -> Iterator[str]:
    """An exception is forgotten."""
    if isinstance(node, ast.Try):
        for place in range(len(node.handlers)):
            yield with_parts(node, handlers=node.handlers[:place] + node.handlers[place + 1:])


def said_too_much(node: Any) -> Iterator[str]:
    """Something is printed, or sent, in a handler that is to do nothing."""
    for place, handler in enumerate(node.handlers if isinstance(node, ast.Try) else []):
        for text in SAID if isinstance(handler.body[0], ast.Pass | ast.Return | ast.Continue) else ():
            changed = ast.ExceptHandler(handler.type, handler.name, ast.parse(text).body + handler.body)
            yield with_parts(node, handlers=[*node.handlers[:place], changed, *node.handlers[place + 1:]])


def elsewhere(node: Any) -> Iterator[str]:
    """A traceback goes to another place, or only its last line is printed."""
    if show(node) == "traceback.print_exc()":
        yield from ("traceback.print_exc(file=sys.stdout)", "traceback.print_exc(file=sys.__stderr__)",
                    "print(sys.exc_info()[1], file=sys.stderr)", "traceback.print_stack()")
    if show(node) == "traceback.format_exc()":
        yield from ("str(sys.exc_info()[1])", "repr(sys.exc_info()[1])")


def not_finally(node: Any) -> Iterator[str]:
    """It is cleaned up on some paths only: after a success, after an error, after an Exception; or even before."""
    if isinstance(node, ast.Try) and node.finalbody:
        last = "\n".join(map(show, node.finalbody))
        inner = with_parts(node, finalbody=[])
        indented = ast.parse(inner).body
        yield f"{inner}\n{last}"
        yield f"{last}\n{inner}"
        for kind, orelse in (("BaseException", []), ("Exception", []), ("Exception", node.finalbody),
                             ("(Exception, SystemExit, KeyboardInterrupt)", node.finalbody)):
            handler = ast.ExceptHandler(ast.Name(kind), None, [*node.finalbody, ast.Raise()])
            yield show(ast.Try(indented, [handler], orelse, []))


OF_TRYING = [other_class, handler_left_out, said_too_much, elsewhere, not_finally]
