"""The duties of middleware, on any class of it: an observer stands above it, and an application that notes all below.

    wsgi-contract middleware MODULE:NAME    one of yours: NAME(app) makes it
    wsgi-contract middleware                those of plugins, and werkzeug's
"""
import gc
import sys
import weakref
from collections.abc import Iterator
from wsgiref.validate import validator

import pytest

from wsgi_contract.application_below import BLOCKS, HEADERS, Below, called, closing
from wsgi_contract.checks.duties import test_application as duties
from wsgi_contract.observer import Middleware, ObservedCall, StartResponse, WSGIEnvironment, environ, is_exc_info, whole
from wsgi_contract.problem import Diagnosis, NotSeen, expect_that
from wsgi_contract.subjects import Subject

BOTH = 'PEP 3333, section "Middleware: Components that Play Both Sides"'
BLOCK = 'PEP 3333, section "Middleware Handling of Block Boundaries"'
DETAILS = 'PEP 3333, section "Specification Details"'
START = 'PEP 3333, section "The start_response() Callable"'
FORM = "application/x-www-form-urlencoded"
ERRORS = 'PEP 3333, section "Error Handling"'

pytestmark = pytest.mark.filterwarnings(
    "ignore::wsgiref.validate.WSGIWarning",  # a query may well be missing
    "ignore::pytest.PytestUnraisableExceptionWarning",  # another check reports an iterable that nobody closes
)


class NoTeaLeft(Exception):
    """What goes wrong in the applications of these checks."""


def require(condition: object, problem: str, came_back: object, expected: object, why: str) -> None:
    """Fail unless condition holds; what was called is the same in all checks."""
    expect_that(condition, problem, why, called="middleware(app)(environ, start_response)", came_back=came_back,
                expected=expected)


def presume(condition: object, reason: str) -> None:
    """Return if condition holds. Raises NotSeen: then the check can't look at what it is about."""
    if not condition:
        raise NotSeen(reason)


# The server's side: what the application below is given, and what becomes of what it gives.


@pytest.mark.clause(25)
def test_the_application_is_called_as_a_server_calls_it(middleware: Middleware) -> None:
    app = Below()
    whole(middleware(app), environ())
    kinds = [type(value).__name__ for value in app.arguments or ()] + sorted(app.named or {})
    good = kinds[:1] == ["dict"] and len(kinds) == 2 and not app.named and callable(app.arguments[1])
    require(good, "the application is not called with a dict and start_response, by position", ", ".join(kinds),
            "app(environ, start_response), environ a dict", f"To the application you are the server ({BOTH}).")


@pytest.mark.clause(25)
def test_the_body_arrives_at_the_application(middleware: Middleware) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", list(HEADERS))
        read.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        return [b"text"]

    read: list[bytes] = []
    whole(middleware(app), environ("/", b"who=you", REQUEST_METHOD="POST", CONTENT_TYPE=FORM))
    require(read == [b"who=you"], "the body does not arrive at the application", repr(read)[1:-1], "b'who=you'",
            f"A stream can be read once: who has read it puts another in its place ({BOTH}).")


@pytest.mark.clause(25)
def test_the_path_stays_what_it_is(middleware: Middleware) -> None:
    app = Below()
    whole(middleware(app), environ("/a%41/\xe4"))
    given = app.arguments[0] if app.arguments else app.named.get("environ", {})
    path = given.get("SCRIPT_NAME", "") + given.get("PATH_INFO", "")
    require(path == "/a%41/\xe4", "the application is given another path", ascii(path), ascii("/a%41/\xe4"),
            f"It was decoded once, by the server; a part of it may move to SCRIPT_NAME ({BOTH}).")


@pytest.mark.clause(25)
def test_start_response_arrives_also_where_no_block_comes(middleware: Middleware) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", list(HEADERS))
        return []

    call = whole(middleware(app), environ())
    require(call.starts, "start_response does not arrive where the body is empty", "0 calls", "one",
            f"An empty body has a head too ({START}).")


@pytest.mark.clause(25)
def test_headers_of_one_name_arrive_all_of_them(middleware: Middleware) -> None:
    cookies = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    call = whole(middleware(Below(headers=(*HEADERS, *cookies))), environ())
    given = [pair for pair in call.given().get("headers", []) if pair in cookies]
    require(given == cookies, "a header is lost beside another of its name", repr(given), repr(cookies),
            f"The list has an order, and may have a name several times ({START}).")


@pytest.mark.clause(2, 25)
def test_requests_that_overlap_are_kept_apart(middleware: Middleware) -> None:
    app = middleware(answers_with_its_path)
    first, second = (ObservedCall(app, environ(path)).begin() for path in ("/first", "/second"))
    second.take()
    first.take()
    came = [(dict(call.given().get("headers", [])).get("X-Path"), b"".join(call.blocks))
            for call in (first.close(), second.close())]
    expected = [("/first", b"/first\n"), ("/second", b"/second\n")]
    require(came == expected, "what belongs to one request is given to another", repr(came), repr(expected),
            f"A server may call from several threads; nothing of a request is kept on the middleware itself ({BOTH}).")


def answers_with_its_path(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """An application that says in its head and in its body what it was asked for."""
    path = environ["PATH_INFO"]
    start_response("200 OK", [*HEADERS, ("X-Path", path)])
    return iter([path.encode(), b"\n"])


@pytest.mark.clause(25)
def test_start_response_may_come_with_the_first_block(middleware: Middleware) -> None:
    call = whole(middleware(Below(late=True)), environ())
    status = call.given().get("status")
    require(call.error is None and status == "200 OK", "a late start_response does not arrive",
            repr(call.error or status), "'200 OK', from the application",
            f"An application may call it as late as it is asked for the first block ({DETAILS}).")


@pytest.mark.clause(25)
def test_start_response_returns_write(middleware: Middleware) -> None:
    app = Below()
    whole(middleware(app), environ())
    require(callable(app.write), "start_response does not return write", repr(app.write), "a callable",
            f"Old applications write with it ({START}).")


@pytest.mark.clause(25, 93)
def test_a_second_start_response_without_exc_info_is_an_error(middleware: Middleware) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", list(HEADERS))
        try:
            start_response("404 Not Found", list(HEADERS))
        except Exception as error:
            raised.append(error)
        return [b"text"]

    raised: list[Exception] = []
    whole(middleware(app), environ())
    require(raised, "a second start_response without exc_info is accepted", "nothing is raised", "an exception",
            f"The server refuses it, and you are a server to the application ({START}).")


@pytest.mark.clause(25)
def test_exc_info_arrives_at_the_server(middleware: Middleware) -> None:
    call = whole(middleware(failing_app), environ())
    status, exc_info = call.given().get("status"), call.exc_info()
    is_only = len(call.starts) == 1  # who holds the first head back need not say that it is replaced
    is_raised = call.error and not call.starts  # clause 33 permits that
    require(is_raised or status == "500 Oops" and (is_only or is_exc_info(exc_info)),
            "exc_info does not arrive at the server", f"{status!r}, {exc_info!r}",
            "'500 Oops', and what sys.exc_info() returned",
            f"With it the server knows whether it is too late for another head ({ERRORS}).")


def failing_app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """An application that replaces its head because of an error."""
    start_response("200 OK", list(HEADERS))
    try:
        raise NoTeaLeft("on purpose")
    except NoTeaLeft:
        start_response("500 Oops", list(HEADERS), sys.exc_info())
    return [b"no tea left\n"]


@pytest.mark.clause(25, 100)
@pytest.mark.disputed("clause 33 lets middleware raise another exception, or none")
def test_what_the_server_raises_because_of_exc_info_comes_out(middleware: Middleware) -> None:
    call = whole(middleware(failing_app), environ(), head_sent=True)
    presume(call.refused, "exc_info does not arrive at the server")
    require(call.error is call.refused, "what the server's start_response raised is trapped",
            repr(call.error), repr(call.refused),
            f"The head has gone: only the server can end this response ({ERRORS}).")


@pytest.mark.clause(101)
def test_no_reference_to_exc_info_is_kept(middleware: Middleware) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", list(HEADERS))
        try:
            raise NoTeaLeft("on purpose")
        except NoTeaLeft as error:
            kept.append(weakref.ref(error))
            start_response("500 Oops", list(HEADERS), sys.exc_info())
        return [b"no tea left\n"]

    kept: list[weakref.ref[NoTeaLeft]] = []
    call = ObservedCall(middleware(app), environ()).begin().take(1)
    presume(kept and not call.error and is_exc_info(call.exc_info()), "exc_info does not arrive at the server")
    call.starts.clear()
    gc.collect()
    alive = kept[0]()
    call.close()
    require(alive is None, "the exception is kept alive after start_response has returned", repr(alive),
            "nothing refers to it", f"With its traceback it keeps all that the application had in hand ({START}).")


@pytest.mark.clause(35)
@pytest.mark.parametrize("how", ["well", "early", "error"])
def test_the_iterable_is_closed_once(middleware: Middleware, how: str) -> None:
    app = Below(b"one\n", NoTeaLeft("on purpose")) if how == "error" else Below()
    called(middleware, app).take(1 if how == "early" else 100).close()
    closed = app.body.closed
    require(closed == 1, "close() of the application's iterable is not called once", f"{closed} calls",
            "one, when the server calls that of the middleware",
            f"Only the middleware knows this iterable, however the response ends: {how} ({DETAILS}).")


@pytest.mark.clause(35)
def test_the_iterable_of_a_head_request_is_closed(middleware: Middleware) -> None:
    app = Below()
    whole(middleware(app), environ(REQUEST_METHOD="HEAD"))
    require(app.bodies and app.body.closed == 1, "after HEAD close() is not called once",
            f"{app.bodies and app.body.closed} calls", "one",
            f"Whether its blocks are wanted or not, the iterable was returned ({DETAILS}).")


@pytest.mark.clause(35)
def test_an_iterable_without_close_is_not_closed(middleware: Middleware) -> None:
    call = called(middleware, Below(has_close=False)).take().close()
    require(call.error is None, "an iterable that can't be closed is an error", repr(call.error), "no error",
            f"Not every iterable has close() ({DETAILS}).")


# Blocks. A middleware that compresses is one only where a client accepts that.

CODINGS = pytest.mark.parametrize("coding", ["identity", "gzip"])


@pytest.mark.clause(29)
@CODINGS
def test_an_iterable_comes_back_before_a_block_is_asked_for(middleware: Middleware, coding: str) -> None:
    app = Below()
    with closing(called(middleware, app, HTTP_ACCEPT_ENCODING=coding)):
        require(app.body.given == 0, "blocks are asked for before anything is returned",
                f"{app.body.given} blocks", "none", f"The server may have other things to do ({BLOCK}).")


@pytest.mark.clause(26, 32)
@CODINGS
def test_no_block_waits_for_a_later_one(middleware: Middleware, coding: str) -> None:
    app = Below()
    with closing(called(middleware, app, HTTP_ACCEPT_ENCODING=coding)) as call:
        for count in range(1, len(BLOCKS) + 1):
            call.take(1)
            require(app.body.given <= count, f"block {count} waits for a later one", f"{app.body.given} were asked for",
                    f"at most {count}", f"The next one may take minutes to make ({BLOCK}).")


@pytest.mark.clause(27, 28)
@CODINGS
def test_there_is_a_block_for_each_block(middleware: Middleware, coding: str) -> None:
    app = Below(b"", b"", b"a\n", b"", b"b\n")
    call = whole(middleware(app), environ(HTTP_ACCEPT_ENCODING=coding))
    require(len(call.blocks) >= 5, "fewer blocks come out than went in", f"{len(call.blocks)} blocks",
            "at least 5, empty ones where there is nothing yet",
            f"An empty block lets the server get on with other requests ({BLOCK}).")


@pytest.mark.clause(32, 107)
def test_what_comes_in_is_not_held_back_until_the_end(middleware: Middleware) -> None:
    app = Below(*[b"a line of text\n"] * 8)
    with closing(called(middleware, app)) as call:
        call.take(7)
        came = sum(map(len, call.blocks))
        require(came > 0 and app.body.given < 8, "nothing comes out until all has come in",
                f"{came} bytes after {app.body.given} of 8 blocks", "a part of the body by then",
                'Blocks are for bodies that take long (PEP 3333, section "Buffering and Streaming").')


@pytest.mark.clause(30)
def test_what_is_yielded_is_not_written(middleware: Middleware) -> None:
    call = whole(middleware(Below()), environ())
    require(not call.written, "what the application yielded is sent with write()", repr(call.written[:1])[1:-1],
            "nothing", f"write() keeps the server waiting until it is sent ({BLOCK}).")


@pytest.mark.clause(31)
def test_only_what_is_written_is_written(middleware: Middleware) -> None:
    app = Below(b"yielded\n", writes=(b"written\n", b"more\n"))
    call = whole(middleware(app), environ())
    require(len(call.written) <= 2 and not any(b"yielded" in block for block in call.written),
            "more is sent with write() than the application wrote", repr(call.written),
            "what was written, in two calls", f"write() is there for what the application wrote ({BLOCK}).")


@pytest.mark.clause(25)
def test_what_is_written_comes_before_what_is_yielded(middleware: Middleware) -> None:
    call = whole(middleware(Below(b"yielded\n", writes=(b"written\n",))), environ())
    came = b"".join(call.written) + b"".join(call.blocks)
    require(b"written" in came and came.index(b"written") < came.find(b"yielded"),
            "what was written is lost, or comes late", repr(came), "b'written\\nyielded\\n'",
            f"write() sends at once ({START}).")


# The application's side: what an application owes its server, middleware owes it too.

OWED = {name: check for name, check in vars(duties).items()
        if name.startswith("test_") and name not in ("test_what_start_response_raises_reaches_the_server",)}


@pytest.mark.clause(25)
@pytest.mark.parametrize("duty", OWED, ids=lambda name: name.removeprefix("test_").replace("_", "-"))
def test_to_the_server_it_is_an_application(middleware: Middleware, duty: str) -> None:
    OWED[duty](Subject(lambda: middleware(Below())))


@pytest.mark.clause(25)
def test_wsgiref_validate_has_no_objection_on_either_side(middleware: Middleware) -> None:
    call = whole(validator(middleware(validator(Below()))), environ())
    if isinstance(call.error, AssertionError):
        raise Diagnosis(f"wsgiref.validate objects: {call.error}", called="validator(middleware(validator(app)))",
                        why=f"It stands on both sides of the middleware, and knows what each may do ({BOTH}).")
