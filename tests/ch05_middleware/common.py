"""What the checks of several files of this chapter share."""
import contextlib
import itertools
from wsgiref.util import setup_testing_defaults

from tests.expect import kind_of
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import LearnersChapter, deepest_place

ch05 = LearnersChapter("ch05_middleware")
TEXT = ("Content-Type", "text/plain; charset=utf-8")
PNG = ("Content-Type", "image/png")
JSON = ("Content-Type", "application/json")
COOKIES = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
GREEN = ("X-Colour", "green")
OUTER = "/outer"  # where the whole stack may be mounted by somebody else
MANY = 20  # blocks, where a check expects a few
BOTH_SIDES = 'PEP 3333, section "Middleware: Components that Play Both Sides"'
START = 'PEP 3333, section "The start_response() Callable"'
PAIRS = ("Each cookie has a Set-Cookie of its own: the list has one pair for each (a dict, for example, keeps one "
         "value for a name; RFC 6265 section 3).")
CLOSE = 'PEP 3333, section "Specification Details"'
BLOCKS = 'PEP 3333, section "Middleware Handling of Block Boundaries"'
ERRORS = 'PEP 3333, section "Error Handling"'
VARIABLES = 'PEP 3333, section "environ Variables"'


def environ(path="/", **variables):
    """Return an environ (a new dict) such as a server makes; its wsgi.errors keeps what is written to it."""
    made = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", **variables}
    setup_testing_defaults(made)
    return made


def length(value, name="Content-Length"):
    return (name, str(value))


def taken(iterable):
    """Return the blocks of an iterable, in a list; no more than MANY of them. Raises Diagnosis if it is none."""
    expect_that(hasattr(iterable, "__iter__"), f"what comes back is {kind_of(iterable)}, not an iterable",
                came_back=repr(iterable), expected="an iterable of bytes",
                why=f"A server takes the body from it, block by block ({CLOSE}).")
    return list(itertools.islice(iterable, MANY))


@contextlib.contextmanager
def blaming_slips(problem, why):
    """Make a Diagnosis of what the learner's code raises by a slip: a problem that ends with the exception."""
    try:
        yield
    except (AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise Diagnosis(f"{problem}: {type(error).__name__}: {error}", place=deepest_place(error.__traceback__),
                        why=why)
