"""What stands on both sides of the middleware: a server above it, applications and their bodies below."""
import contextlib
from wsgiref.validate import validator

from tests.ch05_middleware.common import BOTH_SIDES, CLOSE, GREEN, START, TEXT, ch05, environ, taken
from tests.ch05_middleware.told import note
from tests.expect import difference, expect_value, rows_named
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import afresh
from workshop.checking.tree import calls, deepest_place

NEVER_CLOSED = ("The server calls your close, and BodyWrapper.close closes self.iterable: that must still be what the "
                f"application returned. Leave self.iterable as it is, and change self.blocks alone ({CLOSE}).")


class NoTeaLeft(Exception):
    """What goes wrong in the applications of these checks."""


def out_of_tea():
    raise NoTeaLeft("no <b>tea</b> & no 茶 left")


def caught(raiser, body):
    """Return what body.error_page() returns while the exception of raiser() is being handled."""
    calls.append("body.error_page()")
    try:
        raiser()
    except Exception as error:
        try:
            return body.error_page()
        except type(error) as again:
            if again is not error:
                raise
            raise Diagnosis(f"error_page raises {type(error).__name__} again, although the server has not done so",
                            came_out=repr(again), expected="the page, as bytes",
                            place=deepest_place(again.__traceback__),
                            why="The page is what the caller of error_page goes on with: return it.")


def took_exc_info(value):
    """Tell whether value is what sys.exc_info() returns while an exception is handled."""
    return isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException)


class Server:
    """What stands above the middleware: a server's start_response and write, which do as PEP 3333 says."""

    def __init__(self):
        self.heads = []  # (status, headers) of each call of start_response
        self.exc_info = None  # of the last call
        self.written = []  # the blocks that came through write
        self.head_sent = False
        self.closed_before = 0  # times that close of the application's iterable was called before the server's own call

    def start_response(self, *arguments, **named):
        if named or len(arguments) not in (2, 3):
            report_trouble(Diagnosis(
                "the server's start_response is not called by position", came_back=f"{arguments} {named}",
                expected="start_response(status, headers) or start_response(status, headers, exc_info)",
                why=f"Every server names its parameters as it likes ({START})."))
        status, headers, exc_info = (*arguments, None)[:3]
        if exc_info == (None, None, None):
            report_trouble(Diagnosis(
                "exc_info is empty: the exception is not being handled any more", came_back=repr(exc_info),
                expected="a call from inside the except block",
                why=f"When an except block is over, sys.exc_info() is empty again, and so is the traceback ({START})."))
        if exc_info is not None and not took_exc_info(exc_info):
            report_trouble(Diagnosis(
                "exc_info is not what sys.exc_info() returns", came_back=repr(exc_info),
                expected="a tuple of three: the exception's class, the exception, its traceback",
                why=f"If the head has gone, the server raises this exception again ({START})."))
        return self.keep(status, headers, exc_info)

    def keep(self, status, headers, exc_info):
        if exc_info and self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.heads and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        self.heads.append((status, headers))
        self.exc_info = exc_info
        return self.write

    def write(self, block):
        self.head_sent = True
        self.written.append(block)

    def head(self):
        """Return (status, headers) as they were given last. Raises Diagnosis if they were not, or are no such thing."""
        expect_that(self.heads, "the server's start_response was not called",
                    why=f"From it the server has the status and the headers that it sends ({START}).")
        status, headers = self.heads[-1]
        expect_that(type(headers) is list, "the headers are no list", came_back=repr(headers),
                    expected="a list of pairs",
                    why=f"The server may change what it is given, and counts on a list ({START}).")
        return status, headers


class App:
    """An application that answers with a body, notes with which environs it was called, and may raise an error."""

    def __init__(self, body=(), status="200 OK", headers=(TEXT,), name="app", error=None, writes=()):
        self.body, self.status, self.headers, self.name, self.error = body, status, list(headers), name, error
        self.environs = []
        self.given = []  # copies of the environs, as they were at the call
        self.write = None  # what start_response returned
        self.writes = writes  # blocks that a check gives to it, as if the application did

    def __repr__(self):
        return f"<{self.name}>"

    def __call__(self, *arguments, **named):
        kinds = [type(value).__name__ for value in arguments] + [f"{name}=…" for name in named]
        if named or len(arguments) != 2 or type(arguments[0]) is not dict or not callable(arguments[1]):
            report_trouble(Diagnosis(
                "the application is not called with a dict and start_response, by position",
                came_back=f"app({', '.join(kinds)})", expected="app(environ, start_response), environ a dict",
                why=f"To the application you are the server ({BOTH_SIDES})."))
        self.environs.append(arguments[0])
        self.given.append(dict(arguments[0]))
        if self.error:
            raise afresh(self.error)
        self.write = self.start(arguments[1])
        return self.body

    def start(self, start_response):
        """Call start_response, and return what it returns; tell if Python refuses the call."""
        try:
            return start_response(self.status, self.headers)
        except TypeError as error:
            if error.__traceback__.tb_next:  # it was raised within the function
                raise
            report_trouble(Diagnosis(f"your start_response can't be called with a status and headers: {error}",
                                     expected="a function of three parameters, the third with None as its default",
                                     why=f"An application gives exc_info only where something has failed ({START})."))


class Body:
    """An iterable with a close method, and an iterator of its own, which raises those blocks that are errors."""

    def __init__(self, *blocks):
        self.blocks = list(blocks)
        self.given = 0
        self.closed = 0

    def __iter__(self):
        return Blocks(self)

    def close(self):
        self.closed += 1


ODD = [None, b"", 0, False, "", [], "a str", 5]  # blocks that are none, or that count as false


class Blocks:
    """The iterator over a Body. It has a close method too, but that is nobody's business."""

    def __init__(self, body):
        self.body = body
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.body.given == len(self.body.blocks):
            raise StopIteration
        self.body.given += 1
        block = self.body.blocks[self.body.given - 1]
        if isinstance(block, BaseException):
            raise afresh(block)
        return block

    def close(self):
        self.closed += 1


def judged(wrap, app, **variables):
    """Return (server, blocks) of wrap(app), with wsgiref's validator above it and below it. Raises Diagnosis."""
    def below(environ, start_response):
        iterables.append(validator(app)(environ, start_response))
        return iterables[-1]

    below.__wrapped__ = app  # what is told of it
    server, iterables = Server(), []
    try:
        iterables.append(validator(wrap(below))(environ(**variables), server.start_response))
        with contextlib.closing(iterables[-1]):
            blocks = taken(iterables[-1])
            server.closed_before = getattr(getattr(app, "body", None), "closed", 0)
            return server, blocks
    except AssertionError as error:
        raise Diagnosis(f"wsgiref.validate objects: {error}", place=deepest_place(error.__traceback__),
                        why=f"It stands on both sides of the middleware, and knows what each may do ({BOTH_SIDES}).")
    finally:
        for iterable in iterables:
            iterable.closed = True  # a validator's iterable that nobody has closed complains when Python frees it


def expect_closed_once(server, source, what, why, *, if_never=None, **rows):
    """Fail unless the iterable of an application, source, was closed once; what names it, server is that of judged.

    if_never takes the place of why where it was not closed at all.
    """
    times = {0: "is not closed", 2: "is closed twice"}.get(source.closed, f"is closed {source.closed} times")
    before = ": by your code, and then by the server" if server.closed_before and source.closed > 1 else ""
    expect_that(source.closed == 1, f"{what} {times}{before}", came_back=f"{source.closed} calls of its close",
                expected="1 call", why=why if source.closed else if_never or why, **rows)


def added_to(app):
    """Return AddHeader around an application."""
    note("AddHeader(app, 'X-Colour', 'green')(environ, start_response)", app)
    return ch05.AddHeader(app, *GREEN)


def expect_header_added(headers, added, why):
    """Fail unless headers are those of App, with added behind them."""
    expect_that(added in headers, f"the header {added[0]} is missing", why, came_back=repr(headers),
                expected=repr([TEXT, added]))
    expect_same(headers, [TEXT, added], why, problem=f"of the headers, {difference(headers, [TEXT, added])}")


def expect_nothing_kept(middleware, before):
    """Fail unless a middleware has the attributes, vars(middleware), that it had before it served requests."""
    kept = [name for name, value in vars(middleware).items() if name not in before or before[name] is not value]
    expect_that(not kept, f"something of a request is kept: {', '.join(f'self.{name}' for name in kept)}",
                came_back="\n".join(f"self.{name} is {vars(middleware)[name]!r}" for name in kept),
                expected=f"self has {', '.join(before)} as before, and nothing else",
                why=f"One {type(middleware).__name__} serves all requests, and many at once where the server has "
                    "threads: what belongs to a request is for names within the call.")


def euros(app):
    """Return app with a euro sign in the place of each dollar."""
    note("ReplaceText(app, b'$', '€'.encode())(environ, start_response)", app)
    return ch05.ReplaceText(app, b"$", "€".encode())


def guarded(app):
    """Return ErrorPage around an application."""
    note("ErrorPage(app)(environ, start_response)", app)
    return ch05.ErrorPage(app)


def expect_arrived(written, expected, why, **rows):
    """Fail unless what has come through the server's write is what was expected. rows are those of expect_value."""
    with rows_named({"came back": "arrived"}):
        expect_value(written, expected, why, **rows)


def started(app, **variables):
    """Return the body of euros(app), and the Server that it was called by."""
    server = Server()
    return euros(app)(environ(**variables), server.start_response), server
