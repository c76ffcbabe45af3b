"""Slips with what is kept: it is made anew when it may be another one, or kept in a place that others share."""
import ast
from collections.abc import Iterator
from typing import Any

show = ast.unparse

# What was kept, and what a later look finds.
ANEW = {
    "self.framing": ("self.choose_framing()",),
    "request.method": ("environ['REQUEST_METHOD']", "environ.get('REQUEST_METHOD')"),
    "FileWrapper": ("environ['wsgi.file_wrapper']", "environ.get('wsgi.file_wrapper', FileWrapper)"),
    "self.known_length": ("self.length",), "self.length": ("self.known_length", "self.limit"),
    "self.environ": ("environ",), "self.started": ("self.status", "self.headers"),
    "self.head_sent": ("self.sent", "self.framing", "self.started"),
    "self.is_complete()": ("self.sent == self.length", "self.room() == 0"),
    "self.room()": ("self.length", "self.limit"),
    "self.status": ("self.started", "self.headers"), "self.iterable": ("self.blocks",),
    "self.blocks": ("iter(self.iterable)", "self.iterable"), "response.status": ("response.headers",),
    "collected.status": ("collected.headers",), "collected.status is None": ("not collected.headers",),
    "self.sent": ("len(fitting)", "self.length"), "sys.exc_info()": ("None",), "remaining": ("wrapper.remaining()",),
}


def looked_up_later(node: Any) -> Iterator[str]:
    """A value that was kept is made anew, or read from something that has changed since."""
    if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Load | None):
        yield from ANEW.get(show(node), ())
        if hasattr(node, "anew"):
            yield node.anew


def kept_for_all(node: Any) -> Iterator[str]:
    """What belongs to one call, or to one object, is kept by the module or the class, and shared by all."""
    match node:
        case ast.Assign([ast.Name(name)], value) if not isinstance(value, ast.Constant):
            yield f"{name} = globals().setdefault('_kept', {show(value)})"
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant) and not show(value).isupper():
            yield f"return globals().setdefault('_kept', {show(value)})"
        case ast.Assign([ast.Attribute(ast.Name("self"), name)], value):
            yield f"type(self).{name} = {show(value)}"
        case ast.AugAssign(ast.Attribute(ast.Name("self"), name), how, value):
            yield show(ast.AugAssign(ast.parse(f"type(self).{name}").body[0].value, how, value))  # type: ignore


OF_STATE = [looked_up_later, kept_for_all]
