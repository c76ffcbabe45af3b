"""Applications that call_application is called with, in step 3.10 and later ones."""
import ast
import contextlib
import inspect
import sys
import textwrap
import types

from tests.ch03_environ.common import TEXT, called, ch03, environ_from_outside
from tests.expect import blaming, expect_type, shown_error
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import deepest_place, shown

PLAIN = (list, tuple, str, bytes)  # an object of a class below one of these may have a close, and is no plain value
LONGEST = 200  # characters of a value in the code of an application that is shown


class Trouble(Exception):
    """What goes wrong in an application."""


def name_of(app):
    """Return the name of an application, or of its class."""
    return getattr(app, "__name__", type(app).__name__)


class Typed(ast.NodeTransformer):
    """Puts values into the code of an application in the place of their names, as a learner would type it."""

    def __init__(self, values):
        self.values = values

    def visit_Name(self, node):
        value = self.values.get(node.id)
        if isinstance(value, type) and issubclass(value, BaseException):
            return ast.Name(value.__name__)
        is_plain = type(value) in PLAIN or isinstance(value, BaseException)
        is_plain = is_plain and len(repr(value)) < LONGEST
        return ast.parse(repr(value), mode="eval").body if is_plain else node

    def visit_List(self, node):  # [*TEXT]: a copy
        self.generic_visit(node)
        is_copy = len(node.elts) == 1 and isinstance(node.elts[0], ast.Starred)
        return node.elts[0].value if is_copy and isinstance(node.elts[0].value, ast.List) else node

    def visit_Call(self, node):  # list(HEADERS): a copy
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if name == "exc_info_of":
            return ast.parse("sys.exc_info()", mode="eval").body
        return node.args[0] if name == "list" and isinstance(node.args[0], ast.List) else node


def source_of(app):
    """Return the code of an application below the call of it, without its docstring; "" if that is not known."""
    if not isinstance(app, types.FunctionType) or app.__name__ == "<lambda>":
        return getattr(app, "told", "")
    tree = ast.parse(textwrap.dedent(inspect.getsource(app)))
    body = tree.body[0].body
    del body[:ast.get_docstring(tree.body[0]) is not None]
    closure = inspect.getclosurevars(app)
    told = [f"\n# {name} is {value.told}" for name, value in closure.nonlocals.items() if hasattr(value, "told")]
    return "\n" + ast.unparse(Typed({**closure.globals, **closure.nonlocals}).visit(tree)) + "".join(told)


def call_anyhow(app, environ=None):
    """Return what call_application returns, whatever it is."""
    with called(f"call_application({name_of(app)}, environ){source_of(app)}"):
        return ch03.call_application(app, environ or environ_from_outside())


WANTED = "(status, headers, body), and no exception"


@contextlib.contextmanager
def nothing_refused(why):
    """Make a Diagnosis of an exception that the learner's code raises on purpose in the with statement."""
    try:
        yield
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        place = deepest_place(error.__traceback__)
        if not place or not place.partition("  ")[2].startswith(("raise", "assert")):
            raise
        raise Diagnosis("an application that does nothing wrong is refused", place=place, why=why,
                        came_out=shown_error(error), expected=WANTED)


def call(app, environ=None, *, problem=None, why='It keeps to PEP 3333, "The Application/Framework Side".', **rows):
    """Return the (status, headers, body) of call_application; fail if it returns something else.

    problem is for all exceptions; without it, only one that the learner's code raises on purpose gets a Diagnosis.
    why says what is right with app.
    """
    with blaming(problem, why, expected=WANTED, **rows) if problem else nothing_refused(why):
        came_back = call_anyhow(app, environ)
    why = "The caller needs all three, to send them in this order."
    expect_type(came_back, tuple, "call_application returns", why)
    expect_that(len(came_back) == 3, f"call_application returns {len(came_back)} things, not three", why,
                came_back=shown(came_back))
    status, headers, body = came_back
    expect_type(status, str, "the status that comes back is", why)
    expect_type(headers, list, "what comes back as headers is", why)
    expect_type(body, bytes, "what comes back as body is", why)
    return came_back


def function(environ, start_response):
    start_response("200 OK", [*TEXT])
    return [b"one ", b"two"]


class Positional:
    """An application whose parameters have no names, and that counts its calls."""

    def __init__(self):
        self.calls = []

    def __repr__(self):
        return "<an application>"

    def __call__(self, *arguments, **named):
        self.calls.append((arguments, named))
        start_response = arguments[1] if len(arguments) > 1 else named["start_response"]
        start_response("200 OK", [*TEXT])
        return [b"hello"]


class Blocks:
    """What an application returns: an iterable that is not its own iterator, and notes what is done with it.

    told is what a diagnosis says of it, with what else it is: also.
    """

    also = ""

    def __init__(self, *blocks, error=None):
        self.blocks = blocks
        self.error = error  # raised after the last block
        self.events = []

    @property
    def told(self):
        fails = f", whose last step raises {self.error!r}" if self.error else ""
        return f"an iterable of {list(self.blocks)} with a close{fails}{self.also}"

    def __iter__(self):
        return Cursor(self)

    def close(self):
        self.events.append("close")


class Cursor:
    """The iterator of Blocks. It has a close of its own, which is nobody's business."""

    def __init__(self, iterable):
        self.iterable = iterable
        self.left = list(iterable.blocks)

    def __iter__(self):
        return self

    def __next__(self):
        if self.left:
            self.iterable.events.append("block")
            return self.left.pop(0)
        raise self.iterable.error or StopIteration

    def close(self):
        self.iterable.events.append("close of the iterator")


def returning(iterable):
    """Return an application that starts a response and returns iterable."""
    def application(environ, start_response):
        start_response("200 OK", [*TEXT])
        return iterable

    return application


def exc_info_of(error):
    """Return what sys.exc_info() returns where error is being handled."""
    try:
        raise error
    except type(error):
        return sys.exc_info()


class Written:
    """An application that gives its body to write, and more of it in its iterable."""

    told = """
class Written:
    def __call__(self, environ, start_response):
        write = start_response('200 OK', [('Content-Type', 'text/plain')])
        write(b'one ')
        write(b'two ')
        return [b'three']"""

    def __init__(self):
        self.write = None

    def __call__(self, environ, start_response):
        self.write = start_response("200 OK", [*TEXT])
        if callable(self.write):
            self.write(b"one ")
            self.write(b"two ")
        return [b"three"]
