"""Calling the applications of steps 3.4 to 3.8 as a server does."""
import io
import re
from wsgiref.handlers import SimpleHandler
from wsgiref.validate import validator

from tests.ch03_environ.common import BYTES, called, environ_from_outside
from tests.expect import blaming, expect_type, expect_value, kind_of
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import deepest_place, shown
from wsgi_contract.answer import read_answer

BLOCK = {
    list: "A block is bytes. A list of blocks is returned as it is, or its blocks are yielded one by one, as `yield "
          'from` does (PEP 3333, section "The Application/Framework Side").',
    int: "Going through bytes gives numbers, one for each byte: give the bytes whole, as one block (PEP 3333, section "
         '"The Application/Framework Side").',
}  # why a block of this type is wrong


def visit(app, **variables):
    """Call an application as a server does: return what it gave to start_response, in a tuple, and its blocks.

    The variables are put into the environ.
    """
    start_response, blocks, early = StartResponse(), [], []
    for block in blocks_of(app(environ_from_outside(**variables), start_response)):
        expect_type(block, bytes, "a block of the body is", BLOCK.get(type(block), BYTES))
        early += [] if start_response.heads else [block]
        blocks.append(block)
    heads, section = start_response.heads, '(PEP 3333, section "The start_response() Callable").'
    expect_that(heads, "start_response is never called", f"Without it there is no status and no header {section}",
                environ=shown(variables) if variables else None)
    expect_that(not early, "start_response is not called before the first block",
                f"Status and headers go out ahead of the body {section}")
    expect_that(len(heads) == 1, f"start_response is called {len(heads)} times",
                f"A second call is allowed after an error only {section}")
    return heads[0], start_response.written + blocks


def expect_yielded_one_by_one(app, page):
    """Fail unless the iterable of an application gives the blocks of page, which is PAGE by now, and not to write."""
    start_response = StartResponse()
    blocks = list(blocks_of(app(environ_from_outside(), start_response)))
    why = ("A server sends each block before it asks for the next, so that a large page need not be in memory at once "
           '(PEP 3333, section "Buffering and Streaming").')
    problem, written = "the blocks are not those of PAGE", None
    if start_response.written:
        problem, written = "the blocks are given to write, and not yielded", shown(start_response.written)
        why = ("Yield the blocks of PAGE: write is for old frameworks alone, and new applications don't use it "
               '(PEP 3333, section "The write() Callable").')
    elif blocks == list(filter(None, page)):
        problem, why = "an empty block of PAGE is left out", "The step asks for the blocks of PAGE, for all of them."
    expect_value(blocks, page, why, problem=problem, written=written)


def blocks_of(iterable):
    """Return an iterator over what an application returned; fail with a sentence if that can't be."""
    why = ("A server goes through what it gets, block by block: an iterable of bytes (PEP 3333, section \"The "
           'Application/Framework Side").')
    expect_that(iterable is not None, "the application returns None", why, expected="an iterable of bytes")
    expect_that(not isinstance(iterable, (str, bytes)),
                f"the application returns {kind_of(iterable)}, not a list of blocks",
                "Going through bytes gives numbers, and going through a str gives characters: put one block into a "
                'list (PEP 3333, section "The Application/Framework Side").', came_back=shown(iterable))
    try:
        return iter(iterable)
    except TypeError as error:
        if deepest_place(error.__traceback__):
            raise
        if hasattr(iterable, "__iter__"):
            why = "`__iter__` must return an iterator, and an iterable such as a list is none: write `yield`, or " \
                  "`return iter(…)` (the documentation of iterator.__iter__)."
        raise Diagnosis(f"the application can't be iterated over: {error}", why=why)


class StartResponse:
    """A start_response that keeps what it is given."""

    def __init__(self):
        self.heads = []  # the arguments of each call
        self.written = []

    def __repr__(self):
        return "start_response"

    def __call__(self, *arguments, **named):
        expect_that(not named, "start_response is called with keywords", came_back=", ".join(named),
                    why="Each server names the parameters as it likes; so they are passed by position "
                        '(PEP 3333, section "Specification Details").')
        self.heads.append(arguments)
        return lambda block: self.written.append(expect_type(block, bytes, "what is written is", BYTES))


def expect_head(arguments):
    """Return status and headers from the arguments of start_response; fail if they are not what they must be."""
    section = '(PEP 3333, section "The start_response() Callable").'
    expect_that(len(arguments) in (2, 3), f"start_response is called with {len(arguments)} of its arguments",
                f"It takes status and headers, and after an error also exc_info {section}", came_back=shown(arguments))
    status, headers = arguments[:2]
    expect_type(status, str, "the status is", f"It is a str such as '200 OK' {section}")
    expect_type(headers, list, "headers is", f"It is a list, which a server may add to {section}")
    for pair in headers:
        expect_type(pair, tuple, "a header is", f"Each header is a tuple of name and value {section}")
        expect_that(len(pair) == 2, f"a header is a tuple of {len(pair)}", f"It is name and value {section}")
        expect_type(pair[0], str, "a header's name is", f"Names are str {section}")
        expect_type(pair[1], str, f"the value of {pair[0]} is", f"Header values are str, numbers too {section}")
    expect_that(re.fullmatch(r"[1-5]\d\d [ -~]+", status), "the status is not a number, a space and a reason phrase",
                f"It goes out as it is, after `HTTP/1.1 ` {section}", came_back=repr(status), expected=repr("200 OK"))
    expect_that(arguments[2:] in ((), (None,)), "start_response is given exc_info, and nothing has failed",
                f"It says that this head takes the place of another one, after an error {section}",
                came_back=shown(arguments[2:][0] if arguments[2:] else None), expected="two arguments")
    return status, headers


class Referee(SimpleHandler):
    """The server of the standard library, on bytes in place of a socket. What goes wrong, comes out of `run`."""

    os_environ = {}

    def handle_error(self):
        raise  # the error that is being handled


def serve_by_wsgiref(app):
    """Return the Answer of an application behind wsgiref's validator, served by wsgiref."""
    output, errors = io.BytesIO(), io.StringIO()
    with blaming("wsgiref's validator objects to the application",
                 'Any server may call it, and each goes by PEP 3333, section "The Application/Framework Side".'):
        Referee(io.BytesIO(), output, errors, environ_from_outside()).run(validator(app))
    return read_answer(output.getvalue())


def seen(app, name):
    """Return an application that does as app, and that a diagnosis shows by its name."""
    def application(environ, start_response):
        with called(f"{name}(environ, start_response)"):
            return app(environ, start_response)

    return application
