"""Chapter 5 · How do apps stack?

Middleware needs no server to be checked: it is called with an environ and a start_response, as a server would call it.
"""
import contextlib
import functools
import html
import io
import itertools
import os
import re
import signal
import sys
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
import requests
from flask import Flask, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware as RealDispatcher
from werkzeug.test import Client

from tests.harness.client import SECONDS, exchange
from tests.harness.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from tests.harness.endless import report_trouble
from tests.harness.outcomes import NotStarted
from tests.harness.program import chapter_program
from tests.harness.servers import COMPARED, YOURS, serving_all
from tests.harness.tree import Chapter, calls, deepest_place, path_of
from workshop.steps import relative

ch05 = Chapter("ch05_middleware")

TEXT = ("Content-Type", "text/plain; charset=utf-8")
PNG = ("Content-Type", "image/png")
JSON = ("Content-Type", "application/json")
COOKIES = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")  # RFC 9110 section 5.6.2
OUTER = "/outer"  # where the whole stack may be mounted by somebody else
MANY = 20  # blocks, where a check expects a few

BOTH_SIDES = 'PEP 3333, section "Middleware: Components that Play Both Sides"'
START = 'PEP 3333, section "The start_response() Callable"'
PAIRS = "Each cookie has a Set-Cookie of its own; a dict keeps one value for a name: use the list (RFC 6265 section 3)."
CLOSE = 'PEP 3333, section "Specification Details"'
BLOCKS = 'PEP 3333, section "Middleware Handling of Block Boundaries"'
LENGTH = 'PEP 3333, section "Handling the Content-Length Header"'
ERRORS = 'PEP 3333, section "Error Handling"'
VARIABLES = 'PEP 3333, section "environ Variables"'


def environ(path="/", **variables):
    """Return an environ (a new dict) such as a server makes; its wsgi.errors keeps what is written to it."""
    made = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", **variables}
    setup_testing_defaults(made)
    return made


def took_exc_info(value):
    """Tell whether value is what sys.exc_info() returns while an exception is handled."""
    return isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException)


@contextlib.contextmanager
def told_as(problem, why):
    """Tell what the learner's code raises by slip as a problem of its own."""
    try:
        yield
    except (AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise Diagnosis(f"{problem}: {type(error).__name__}: {error}", place=deepest_place(error.__traceback__),
                        why=why)


class NoTeaLeft(Exception):
    """What goes wrong in the applications of these checks."""


class Server:
    """What stands above the middleware: a server's start_response and write, which do as PEP 3333 says."""

    def __init__(self):
        self.heads = []  # (status, headers) of each call of start_response
        self.exc_info = None  # of the last call
        self.written = []  # the blocks that came through write
        self.head_sent = False

    def start_response(self, *arguments, **named):
        if named or len(arguments) not in (2, 3):
            report_trouble(Diagnosis(
                "the server's start_response is not called by position", **{"came back": f"{arguments} {named}"},
                expected="start_response(status, headers) or start_response(status, headers, exc_info)",
                why=f"Every server names its parameters as it likes ({START})."))
        status, headers, exc_info = (*arguments, None)[:3]
        if exc_info == (None, None, None):
            report_trouble(Diagnosis(
                "exc_info is empty: the exception is not being handled any more", **{"came back": repr(exc_info)},
                expected="a call from inside the except block",
                why=f"When an except block is over, sys.exc_info() is empty again, and so is the traceback ({START})."))
        if exc_info is not None and not took_exc_info(exc_info):
            report_trouble(Diagnosis(
                "exc_info is not what sys.exc_info() returns", **{"came back": repr(exc_info)},
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
    """An application that answers with a body, and notes with which environs it was called."""

    def __init__(self, body=(), status="200 OK", headers=(TEXT,), name="app"):
        self.body, self.status, self.headers, self.name = body, status, list(headers), name
        self.environs = []
        self.given = []  # copies of the environs, as they were at the call
        self.write = None  # what start_response returned

    def __repr__(self):
        return f"<{self.name}>"

    def __call__(self, *arguments, **named):
        kinds = [type(value).__name__ for value in arguments] + [f"{name}=…" for name in named]
        if named or len(arguments) != 2 or type(arguments[0]) is not dict or not callable(arguments[1]):
            report_trouble(Diagnosis(
                "the application is not called with a dict and start_response, by position",
                **{"came back": f"app({', '.join(kinds)})"}, expected="app(environ, start_response), environ a dict",
                why=f"To the application you are the server ({BOTH_SIDES})."))
        self.environs.append(arguments[0])
        self.given.append(dict(arguments[0]))
        self.write = arguments[1](self.status, self.headers)
        return self.body


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
            raise block
        return block

    def close(self):
        self.closed += 1


def taken(iterable):
    """Return the blocks of an iterable, in a list; no more than MANY of them."""
    return list(itertools.islice(iterable, MANY))


def judged(wrap, app, **variables):
    """Return (server, blocks) of wrap(app), with wsgiref's validator above it and below it. Raises Diagnosis."""
    def below(environ, start_response):
        iterables.append(validator(app)(environ, start_response))
        return iterables[-1]

    server, iterables = Server(), []
    try:
        iterables.append(validator(wrap(below))(environ(**variables), server.start_response))
        with contextlib.closing(iterables[-1]):
            return server, taken(iterables[-1])
    except AssertionError as error:
        raise Diagnosis(f"wsgiref.validate objects: {error}", place=deepest_place(error.__traceback__),
                        why=f"It stands on both sides of the middleware, and knows what each may do ({BOTH_SIDES}).")
    finally:
        for iterable in iterables:
            iterable.closed = True  # a validator's iterable that nobody has closed complains when Python frees it


def expect_cookie_names(headers):
    """Fail unless each cookie that headers set has a name that a client can read."""
    for cookie in [value.partition("=")[0] for name, value in headers if name.lower() == "set-cookie"]:
        expect_that(TOKEN.fullmatch(cookie), f"a cookie can't be named {cookie!r}",
                    expected="a name such as shop_session",
                    why="The name of a cookie is a token: letters, digits, `-` and `_`, and no blanks "
                        "(RFC 6265 section 4.1.1).")


def client_of(app):
    """Return werkzeug's Client of an application. It takes exc_info for a failure of the test; so a Server hears it."""
    def heard(environ, start_response):
        server = Server()
        iterable = app(environ, server.start_response)
        blocks = taken(iterable)
        if hasattr(iterable, "close"):
            iterable.close()
        expect_that(all(isinstance(block, bytes) for block in blocks), "a block of the body is no bytes",
                    came_back=f"{blocks!r:.80}", why=f"A body is made of bytes ({CLOSE}).")
        if stub := re.search(rb"NotImplementedError: (step \d+\.\d+):", b"".join(blocks)):
            raise NotStarted(f"{stub[1].decode()} is needed here")  # and ErrorPage has made a page of it
        expect_cookie_names(server.head()[1])
        start_response(*server.head())
        return blocks

    return Client(heard)


def expect_header_added(headers, added, why):
    """Fail unless headers are those of App, with added behind them."""
    expect_that(added in headers, f"the header {added[0]} is missing", why, came_back=repr(headers),
                expected=repr([TEXT, added]))
    expect_same(headers, [TEXT, added], why, problem="the headers of the application are not as they were")


GREEN = ("X-Colour", "green")


@pytest.mark.step("5.1")
class TestAddHeader:
    def added_to(self, app):
        calls.append("AddHeader(app, 'X-Colour', 'green')(environ, start_response)")
        return ch05.AddHeader(app, *GREEN)

    @pytest.mark.clause(25, 29, 35)
    def test_the_body_that_the_application_returns_comes_back(self):
        body = Body(b"Hello")
        came_back = self.added_to(App(body))(environ(), Server().start_response)
        expect_that(came_back is not None, "nothing comes back: the application's body is lost", came_back="None",
                    expected="what self.app returns", why=f"An application returns an iterable ({CLOSE}).")
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), expected="the same object",
                    why=f"The server looks for its close method, and for a file wrapper of its own ({CLOSE}).")

    @pytest.mark.clause(3, 15, 25)
    def test_the_server_is_given_one_header_more(self):
        server = Server()
        self.added_to(App())(environ(), server.start_response)
        status, headers = server.head()
        expect_same(status, "200 OK", problem="the status is another one",
                    why=f"Only a header is added ({BOTH_SIDES}).")
        expect_header_added(headers, GREEN, f"A header more, and nothing else, is what it is for ({START}).")

    @pytest.mark.clause(25)
    def test_two_headers_of_one_name_stay_two(self):
        server = Server()
        self.added_to(App(headers=[TEXT, *COOKIES]))(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, *COOKIES, GREEN], PAIRS,
                    problem="of two headers with one name, one is lost")

    @pytest.mark.clause(25)
    def test_a_header_of_the_same_name_stays(self):
        red, server = ("X-Colour", "red"), Server()
        self.added_to(App(headers=[TEXT, red]))(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, red, GREEN], problem="the application's own X-Colour is not as it was",
                    why="The header is added to what is there, also behind one of its name: with Set-Cookie or Vary, "
                        f"each counts ({BOTH_SIDES}).")

    @pytest.mark.clause(25)
    def test_the_application_sees_the_request(self):
        app = App()
        self.added_to(app)(environ("/tea"), Server().start_response)
        expect_that(len(app.environs) == 1, f"the application was called {len(app.environs)} times",
                    why=f"A server calls its application once for each request ({BOTH_SIDES}).")
        expect_same(app.environs[0].get("PATH_INFO"), "/tea", problem="the application is given another environ",
                    why=f"What the server says of the request, the application needs ({VARIABLES}).")

    def test_the_application_s_own_list_stays_as_it_is(self):
        app = App()
        self.added_to(app)(environ(), Server().start_response)
        expect_same(app.headers, [TEXT], problem="the application's own list has changed",
                    why="It may be a constant of the application: with each request there would be one header more.")

    @pytest.mark.clause(5, 77)
    def test_the_application_may_start_its_response_late(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            yield b"Hello"

        server, late = Server(), f"A generator calls start_response with its first block ({CLOSE})."
        with told_as("the application has returned, and has not called start_response yet", late):
            iterable = self.added_to(app)(environ(), server.start_response)
        expect_that(not server.heads, "the server's start_response is called before the application has called yours",
                    why=late)
        expect_same(taken(iterable), [b"Hello"], problem="the body is another one",
                    why=f"It is passed on ({BOTH_SIDES}).")
        expect_header_added(server.head()[1], GREEN, f"start_response may come as late as the first block ({CLOSE}).")

    @pytest.mark.clause(25, 81)
    def test_the_write_callable_comes_back(self):
        server, app = Server(), App()
        self.added_to(app)(environ(), server.start_response)
        expect_that(app.write == server.write, "start_response does not return what the server's returns",
                    came_back=repr(app.write), expected=repr(server.write),
                    why='Old applications send their body through it (PEP 3333, section "The write() Callable").')

    @pytest.mark.clause(25, 80)
    def test_start_response_takes_exc_info_and_passes_it_on(self):
        def app(environ, start_response):
            try:
                raise NoTeaLeft("no tea left")
            except NoTeaLeft:
                given.append(sys.exc_info())
                start_response("500 Internal Server Error", [TEXT], given[0])
            return []

        server, given = Server(), []
        with told_as("your start_response can't be called with exc_info", f"Error pages begin with it ({START})."):
            self.added_to(app)(environ(), server.start_response)
        expect_that(server.heads and server.exc_info == given[0], "the server is not given exc_info",
                    came_back=repr(server.exc_info), expected="the tuple that the application gave",
                    why=f"Without it, an error page after a first start_response is itself an error ({START}).")
        expect_header_added(server.head()[1], GREEN, "An error page is a response like any other.")

    @pytest.mark.clause(2, 25)
    def test_two_requests_at_the_same_time_are_kept_apart(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            yield environ["PATH_INFO"].encode()

        middleware, heard = self.added_to(app), []
        first = middleware(environ("/one"), lambda *arguments: heard.append("first"))
        second = middleware(environ("/other"), lambda *arguments: heard.append("second"))
        expect_same(taken(first) + taken(second), [b"/one", b"/other"], problem="a body goes to another client",
                    why="One object serves all requests.")
        expect_that(heard == ["first", "second"], "the head of one response goes to another client",
                    came_back=f"{heard[0]} start_response, then {heard[1]} start_response",
                    expected="first start_response, then second start_response",
                    why="One object serves all requests: what is kept on self belongs to none of them "
                        '(PEP 3333, section "Thread Support").')

    @pytest.mark.clause(25)
    def test_wsgiref_has_no_objection_on_either_side(self):
        body = Body(b"Hello")
        server, blocks = judged(self.added_to, App(body))
        expect_same(blocks, [b"Hello"], problem="the body is another one", why=f"It is passed on ({BOTH_SIDES}).")
        expect_header_added(server.head()[1], GREEN, f"It is added for every server ({BOTH_SIDES}).")

    def test_a_flask_app_is_an_application_too(self):
        answer = client_of(self.added_to(Flask("empty"))).get("/nowhere")
        expect_same(answer.headers.getlist("X-Colour"), ["green"],
                    problem="the 404 page of a Flask app lacks the header",
                    why=f"Middleware does not ask what kind of application it has ({BOTH_SIDES}).")


@pytest.mark.step("5.2")
class TestBodyWrapperClose:
    def wrapped(self, iterable):
        calls.append("body.close()")
        wrapper = ch05.BodyWrapper()
        wrapper.iterable = iterable
        wrapper.blocks = iter(iterable)
        return wrapper

    def expect_closed(self, body, problem="close was not passed on to the application's iterable"):
        expect_that(body.closed == 1, problem, came_back=f"{body.closed} calls of its close", expected="1 call",
                    why=f"There an application gives back its files and database connections ({CLOSE}).")

    @pytest.mark.clause(35, 74)
    def test_close_is_passed_on(self):
        body = Body(b"a", b"b")
        wrapper = self.wrapped(body)
        taken(wrapper.blocks)
        wrapper.close()
        self.expect_closed(body)

    @pytest.mark.clause(35)
    def test_an_iterable_without_close_is_left_alone(self):
        with told_as("not everything has a close method", f"Most bodies are lists, which have none ({CLOSE})."):
            self.wrapped([b"a"]).close()

    @pytest.mark.clause(8, 35, 76)
    def test_close_may_come_before_the_end_of_the_body(self):
        body = Body(b"a", b"b", b"c")
        wrapper = self.wrapped(body)
        next(wrapper.blocks)
        wrapper.close()
        self.expect_closed(body, "close was not passed on when the client left half-way")
        expect_that(body.given == 1, "close asks for the rest of the body",
                    came_back=f"{body.given} blocks were asked for",
                    expected="1 block", why="The client is gone, and the rest may be long, or without end "
                                            f"({CLOSE}).")

    @pytest.mark.clause(35, 74)
    def test_the_iterable_is_closed_and_not_its_iterator(self):
        body = Body(b"a")
        wrapper = self.wrapped(body)
        wrapper.close()
        self.expect_closed(body)
        expect_that(wrapper.blocks.closed == 0, "the iterator is closed; the method that counts is the iterable's",
                    why=f"The application has returned the iterable; the iterator is the way through it ({CLOSE}).")

    @pytest.mark.clause(35, 74)
    def test_an_empty_iterable_is_closed_too(self):
        class Empty(Body):
            def __len__(self):
                return 0

        body = Empty()
        self.wrapped(body).close()
        self.expect_closed(body, "an iterable whose len is 0 is not closed")

    @pytest.mark.clause(35)
    def test_a_generator_is_closed_like_any_other_iterable(self):
        def blocks():
            try:
                yield b"a"
                yield b"b"
            finally:
                ended.append(True)

        ended, generator = [], blocks()
        wrapper = self.wrapped(generator)
        next(generator)
        wrapper.close()
        expect_that(ended, "the finally clause of a generator has not run",
                    why="A generator's close method runs it: there files are closed (PEP 342).")

    @pytest.mark.parametrize("name", ["ReplaceText", "ErrorPage"])
    @pytest.mark.clause(25, 35)
    def test_middleware_closes_what_its_application_returned(self, name):
        body = Body()
        arguments = {"ReplaceText": (b"$", b"EUR"), "ErrorPage": ()}[name]
        middleware = getattr(ch05, name)(lambda environ, start_response: body, *arguments)
        middleware(environ(), Server().start_response).close()
        self.expect_closed(body, f"{name} does not close what its application returned")

    def test_what_the_application_s_close_raises_is_let_out(self):
        class Broken(Body):
            def close(self):
                raise AttributeError("a bug in the application")

        try:
            self.wrapped(Broken(b"a")).close()
        except AttributeError:
            return
        raise Diagnosis("an error of the application's close is swallowed", came_back="None",
                        expected="AttributeError('a bug in the application')",
                        why="Nobody would find the bug, and what was to be given back is not: ask with hasattr, before "
                            "you call.")


def euros(app):
    """Return app with a euro sign in the place of each dollar."""
    calls.append("ReplaceText(app, b'$', '€'.encode())(environ, start_response)")
    return ch05.ReplaceText(app, b"$", "€".encode())


def last_line(page):
    """Return the last line of the traceback in an error page."""
    return html.unescape(re.sub("<[^>]*>", "", page)).rstrip().rpartition("\n")[2]


def line_with(word, page):
    """Return the lines of a page that have a word in them, or all of a page where none has."""
    return "\n".join(line for line in page.splitlines() if word in line) or page


def length(value, name="Content-Length"):
    return (name, str(value))


class Failing:
    """An application that starts a response, fails, and starts another with exc_info."""

    def __init__(self, first, second, before=lambda: None):
        self.first, self.second = first, second  # lists of headers
        self.before = before  # called before the failure
        self.write = None

    def __call__(self, environ, start_response):
        start_response("200 OK", self.first)
        self.before()
        try:
            raise NoTeaLeft("no tea left")
        except NoTeaLeft:
            self.write = start_response("500 Internal Server Error", self.second, sys.exc_info())
        return []


def raised_by(call):
    """Return the NoTeaLeft that call raises, or None."""
    try:
        call()
    except NoTeaLeft as error:
        return error


@pytest.mark.step("5.3")
class TestReplacedBodyStartResponse:
    def started(self, app, **variables):
        """Call a middleware's application and return (body, server)."""
        server = Server()
        return euros(app)(environ(**variables), server.start_response), server

    @pytest.mark.clause(15, 25)
    def test_the_call_is_passed_on(self):
        _, server = self.started(App(status="404 Not Found", headers=[PNG]))
        status, headers = server.head()
        expect_same(status, "404 Not Found", problem="the status is another one",
                    why=f"Only the body changes ({START}).")
        expect_same(headers, [PNG], problem="the headers of an image are not as they were",
                    why=f"What is no text passes through as it is ({START}).")

    @pytest.mark.parametrize("headers, is_text", [
        pytest.param([TEXT], True, id="text"), pytest.param([PNG], False, id="an image"),
    ])
    def test_from_now_on_text_is_told_from_the_rest(self, headers, is_text):
        body, _ = self.started(App(headers=headers))
        expect_same(body.replaced(b"$1"), "€1".encode() if is_text else b"$1",
                    problem=f"self.is_text is {body.is_text!r} for {headers[0][1]}",
                    why="In a text the sign is replaced; in an image it is a byte like any other.")

    @pytest.mark.parametrize("name", ["Content-Length", "content-length", "CONTENT-LENGTH"])
    @pytest.mark.clause(20, 25)
    def test_a_text_goes_on_without_its_length(self, name):
        allow = ("Allow", "GET")
        _, server = self.started(App(headers=[allow, TEXT, length(2, name), GREEN]))
        _, headers = server.head()
        lengths = [pair for pair in headers if pair[0].lower() == "content-length"]
        expect_that(not lengths, f"a text goes on with {': '.join(sum(lengths, ()))}, and its length has yet to change",
                    came_back=repr(headers), expected=repr([allow, TEXT, GREEN]),
                    why=f"The client would read so many bytes, and take the rest for something else ({LENGTH}).")
        expect_same(headers, [allow, TEXT, GREEN], problem="more than the length has changed",
                    why=f"All other headers are right as they are ({BOTH_SIDES}).")

    @pytest.mark.parametrize("kind", [pytest.param(TEXT, id="text"), pytest.param(PNG, id="an image")])
    @pytest.mark.clause(25)
    def test_two_headers_of_one_name_stay_two(self, kind):
        _, server = self.started(App(headers=[kind, *COOKIES]))
        expect_same(server.head()[1], [kind, *COOKIES], PAIRS, problem="of two headers with one name, one is lost")

    @pytest.mark.parametrize("headers", [
        pytest.param([PNG, length(4)], id="an image"),
        pytest.param([JSON, length(4)], id="JSON"),
        pytest.param([TEXT, ("Content-Encoding", "gzip"), length(4)], id="a compressed text"),
    ])
    @pytest.mark.clause(25)
    def test_what_is_no_plain_text_keeps_its_length(self, headers):
        _, server = self.started(App(headers=headers))
        expect_same(server.head()[1], headers, problem="what is not changed has lost its length",
                    why=f"With it a client can show how far a download has come ({LENGTH}).")

    @pytest.mark.clause(25)
    def test_head_is_told_the_same_as_get(self):
        _, server = self.started(App(headers=[TEXT, length(2)]), REQUEST_METHOD="HEAD")
        expect_same(server.head()[1], [TEXT], problem="HEAD is told another length than GET",
                    why="The headers for HEAD are those for GET; a length that GET does not have is wrong "
                        "(RFC 9110 section 9.3.2).")

    def test_the_application_s_own_list_stays_as_it_is(self):
        app = App(headers=[TEXT, length(2)])
        self.started(app)
        expect_same(app.headers, [TEXT, length(2)], problem="the application's own list has changed",
                    why="It may be a constant of the application, and serve the next request too.")

    @pytest.mark.clause(25, 81)
    def test_a_write_callable_comes_back(self):
        app = App()
        self.started(app)
        expect_that(callable(app.write), "start_response returns no write callable", came_back=repr(app.write),
                    why='Old applications send their body through it (PEP 3333, section "The write() Callable").')

    @pytest.mark.parametrize("headers, sent", [
        pytest.param([TEXT], "€1".encode(), id="text"), pytest.param([PNG], b"$1", id="an image"),
    ])
    @pytest.mark.clause(31, 103)
    def test_what_is_written_goes_through_the_same_change(self, headers, sent):
        app = App(headers=headers)
        _, server = self.started(app)
        app.write(b"$1")
        expect_that(server.written, "what the application writes does not arrive",
                    why='It is to be sent at once (PEP 3333, section "The write() Callable").')
        expect_same(server.written, [sent], problem=f"what the application writes arrives wrong in {headers[0][1]}",
                    why="A body is the same whether it is written or returned "
                        '(PEP 3333, section "The write() Callable").')

    @pytest.mark.clause(25, 80)
    def test_exc_info_is_passed_on(self):
        try:
            _, server = self.started(Failing([TEXT], [TEXT]))
        except AssertionError as error:
            raise Diagnosis("the server is not given exc_info", **{"came back": f"AssertionError: {error}"},
                            place=deepest_place(error.__traceback__),
                            why=f"It tells an error page from a second start_response by mistake ({START}).")
        expect_that(server.exc_info, "the server is not given exc_info", came_back=repr(server.exc_info),
                    why=f"It tells an error page from a second start_response by mistake ({START}).")

    @pytest.mark.parametrize("first, second, written", [
        pytest.param([PNG], [TEXT], "€1".encode(), id="an image, then a text"),
        pytest.param([TEXT], [JSON], b"$1", id="a text, then JSON"),
    ])
    @pytest.mark.clause(25, 97)
    def test_a_second_call_counts_anew(self, first, second, written):
        app = Failing([*first, length(9)], [*second, length(2)])
        body, server = self.started(app)
        expect_same(body.replaced(b"$1"), written, problem="the first call has decided for the second",
                    why=f"With exc_info the new headers take the place of the old ones, all of them ({START}).")
        app.write(b"$1")
        expect_same(server.written, [written], problem="what is written after a second call arrives wrong",
                    why="Each call returns a write callable, and what goes through it is a part of the body "
                        '(PEP 3333, section "The write() Callable").')
        expect_same(server.head()[1], second + ([] if second == [TEXT] else [length(2)]),
                    problem="the headers of the second call are wrong",
                    why=f"With exc_info the new headers take the place of the old ones, all of them ({START}).")

    @pytest.mark.clause(98, 100)
    def test_what_the_server_raises_comes_out(self):
        server = Server()
        app = Failing([TEXT], [TEXT], before=lambda: server.write(b"sent already"))
        came_back = raised_by(lambda: euros(app)(environ(), server.start_response))
        expect_that(came_back, "what the server raises is swallowed", came_back="a body", expected="NoTeaLeft",
                    why=f"With exc_info, after the head has gone, the server raises to end the response ({START}).")


@pytest.mark.step("5.4")
class TestReplacedBodyNext:
    def body_of(self, blocks, headers=(TEXT,)):
        return euros(App(blocks, headers=headers))(environ(), Server().start_response)

    @pytest.mark.clause(4, 25)
    def test_a_block_of_text_comes_out_changed(self):
        came_back = next(self.body_of([b"tea: $4"]))
        expect_that(isinstance(came_back, bytes), f"a block must be bytes, and what comes back is {came_back!r}",
                    why=f"A body is made of bytes ({CLOSE}).")
        expect_same(came_back, "tea: €4".encode(), problem="the text is not replaced" if b"$" in came_back else
                    "the block is another one", why="self.replaced(block) is how the client is to have it.")

    def test_what_is_no_text_comes_out_as_it_is(self):
        expect_same(next(self.body_of([b"\x89PNG$"], [PNG])), b"\x89PNG$", problem="the bytes of an image have changed",
                    why="In an image, 0x24 is no dollar sign: self.replaced(block) leaves it alone.")

    @pytest.mark.clause(25)
    def test_the_body_ends_where_the_applications_ends(self):
        body = self.body_of([b"$1"])
        came_back = taken(body)
        expect_that(len(came_back) < MANY, "the body never ends", came_back=f"{came_back[:3]} and so on",
                    expected="one block, then StopIteration", why="StopIteration is how a for loop hears of the end.")
        expect_same(came_back, ["€1".encode()], problem="the body does not end where the application's ends",
                    why="StopIteration is how a for loop hears of the end.")

    @pytest.mark.clause(26, 28, 32)
    def test_one_block_goes_out_for_each_that_comes_in(self):
        came_back = taken(self.body_of([b"$1", b"", b"$2", b"$3"]))
        expect_that(len(came_back) > 1, "the body is cut off, or joined into one block", came_back=repr(came_back),
                    expected="four blocks, one of them empty",
                    why=f"For each block that comes in, one must go out; an empty one says `not yet` ({BLOCKS}).")
        expect_that(b"" in came_back, "an empty block has got lost", came_back=repr(came_back),
                    why=f"For each block that comes in, one must go out; an empty one says `not yet` ({BLOCKS}).")
        expect_same(came_back, ["€1".encode(), b"", "€2".encode(), "€3".encode()],
                    problem="the blocks are not those of the application, one for one",
                    why=f"Nothing is joined, and nothing is held back ({BLOCKS}).")

    @pytest.mark.clause(26, 29, 107)
    def test_no_block_is_asked_for_before_the_server_wants_it(self):
        source = Body(b"$1", b"$2", b"$3")
        body = self.body_of(source)
        expect_that(source.given == 0, "a block is asked for before the server has asked",
                    why=f"Middleware returns as soon as the application does ({BLOCKS}).")
        next(body)
        expect_that(source.given == 1, f"{source.given} blocks were asked for, to give one",
                    came_back=f"{source.given} blocks", expected="1 block",
                    why=f"The second block may take a minute; the client is to have the first one now ({BLOCKS}).")

    @pytest.mark.clause(5, 77)
    def test_the_first_block_may_bring_start_response_with_it(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            yield b"$1"
            yield b"$2"

        came_back = taken(euros(app)(environ(), Server().start_response))
        expect_same(came_back, ["€1".encode(), "€2".encode()],
                    problem="the first block of a late application is not replaced",
                    why=f"Whether it is a text is known only when the first block is there ({CLOSE}).")

    @pytest.mark.clause(25, 26, 28, 35)
    def test_wsgiref_has_no_objection_on_either_side(self):
        source = Body(b"tea: $4, ", b"", b"cup: $9")
        server, blocks = judged(euros, App(source, headers=[TEXT, length(16)]))
        expect_same(b"".join(blocks), "tea: €4, cup: €9".encode(), problem="the body is another one",
                    why=f"It passes through, block by block ({BLOCKS}).")
        expect_same((server.head()[1], source.closed), ([TEXT], 1),
                    problem="the head is another one, or close got lost",
                    why=f"Middleware keeps both sides' promises ({BOTH_SIDES}).")

    def test_a_flask_page_comes_out_changed(self):
        shop = Flask("shop")
        shop.add_url_rule("/", view_func=lambda: "tea: $4")
        answer = client_of(euros(shop)).get("/")
        expect_same(answer.data, "tea: €4".encode(), problem="a page of a Flask app is not replaced",
                    why="Flask's pages are text/html.")


def caught(raiser, body):
    """Return what body.error_page() returns while the exception of raiser() is being handled."""
    calls.append("body.error_page()")
    try:
        raiser()
    except Exception:
        return body.error_page()


def out_of_tea():
    raise NoTeaLeft("no <b>tea</b> & no 茶 left")


PAGE_HEADERS = ("Content-Type", "text/html; charset=utf-8")


@pytest.mark.step("5.5")
class TestGuardedBodyErrorPage:
    def page_of(self, server=None, variables=None, raiser=out_of_tea):
        """Return the error page for what raiser raises, in an application that has not failed otherwise."""
        middleware = ch05.ErrorPage(lambda environ, start_response: [])
        return caught(raiser, middleware(variables or environ(), (server or Server()).start_response))

    def header(self, server, name):
        return [value for key, value in server.head()[1] if key.lower() == name]

    def test_the_page_is_bytes(self):
        page = self.page_of()
        expect_that(isinstance(page, bytes), f"the page must be bytes, and what comes back is of type "
                    f"{type(page).__name__}", came_back=repr(page)[:100], why=f"It is a block of the body ({CLOSE}).")

    @pytest.mark.clause(10, 82)
    def test_the_status_is_500(self):
        server = Server()
        self.page_of(server)
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why="It is the server's side that has failed, not the client (RFC 9110 section 15.6.1).")

    @pytest.mark.clause(3, 95, 96)
    def test_exc_info_is_given(self):
        server = Server()
        self.page_of(server)
        expect_that(server.exc_info, "start_response is not given exc_info", came_back=repr(server.exc_info),
                    expected="sys.exc_info()",
                    why=f"The application may have called start_response already; a second call needs it ({START}).")
        expect_that(isinstance(server.exc_info[1], NoTeaLeft), "exc_info tells of another exception",
                    came_back=repr(server.exc_info[1]), why=f"It is the one that is being handled ({START}).")

    def test_the_page_is_html(self):
        server = Server()
        self.page_of(server)
        expect_same(self.header(server, "content-type"), [PAGE_HEADERS[1]], problem="the Content-Type is another one",
                    why="A browser shows the page by it, and reads it as UTF-8 (RFC 9110 section 8.3).")

    def test_the_length_counts_bytes(self):
        server = Server()
        page = self.page_of(server)
        values = self.header(server, "content-length")
        expect_that(len(values) == 1, "there is no Content-Length" if not values else "Content-Length is told twice",
                    came_back=repr(server.head()[1]), why="With it the client knows that it has the whole page.")
        expect_that(isinstance(values[0], str), f"Content-Length must be a str, not {values[0]!r}",
                    why=f"Header values are str, numbers too ({START}).")
        expect_that(values[0] != str(len(page.decode())), "Content-Length counts characters", came_back=values[0],
                    expected=str(len(page)), why="The client reads so many bytes; 茶 has three (RFC 9110 section 8.6).")
        expect_same(values[0], str(len(page)), problem="Content-Length is not the number of bytes in the page",
                    why="The client reads exactly so many bytes (RFC 9110 section 8.6).")

    @pytest.mark.clause(10)
    def test_the_page_shows_what_happened_and_where(self):
        page = self.page_of().decode()
        expect_that("NoTeaLeft" in page, "the page does not name the exception", came_back=page,
                    expected="NoTeaLeft",
                    why="It is for you, while you write the application.")
        expect_that("Traceback" in page and "out_of_tea" in page, "the page shows no traceback", came_back=page,
                    expected="traceback.format_exc(), escaped",
                    why="It tells in which line the application has failed.")

    def test_the_page_is_escaped(self):
        page = self.page_of().decode()
        expect_that("<b>tea" not in page, "what the exception says is not escaped", came_back=page,
                    expected="… no &lt;b&gt;tea&lt;/b&gt; &amp; no 茶 left",
                    why="A message may hold what a stranger has sent: as HTML, it would run in your browser.")
        expect_that("no &lt;b&gt;tea&lt;/b&gt; &amp; no 茶 left" in page, "what the exception says can't be read",
                    came_back=page, expected="… no &lt;b&gt;tea&lt;/b&gt; &amp; no 茶 left",
                    why="html.escape once, over the whole text.")

    @pytest.mark.clause(21, 56)
    def test_what_happened_is_in_the_log(self):
        variables = environ()
        self.page_of(variables=variables)
        log = variables["wsgi.errors"].getvalue()
        expect_that(log, "nothing is written to wsgi.errors",
                    why="It is the server's log: the page is gone with the tab "
                    '(PEP 3333, section "Input and Error Streams").')
        expect_that("Traceback" in log and "NoTeaLeft: no <b>tea</b> & no 茶 left" in log,
                    "the log does not hold the traceback as it is", came_back=log, expected="traceback.format_exc()",
                    why='It is plain text (PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(93, 97)
    def test_the_page_takes_the_place_of_a_response_that_was_started(self):
        def app(environ, start_response):
            start_response("200 OK", [PNG, GREEN])
            out_of_tea()

        server = Server()
        ch05.ErrorPage(app)(environ(), server.start_response)
        expect_that(server.head()[0].startswith("500"), "the server's start_response was not called a second time",
                    came_back=repr(server.heads),
                    why=f"Nothing has been sent yet: all of it can be replaced ({ERRORS}).")
        expect_that(GREEN not in server.head()[1], "headers of the first response are in the error page",
                    came_back=repr(server.head()[1]), why="They belong to a body that never comes.")

    @pytest.mark.clause(98, 100)
    def test_after_the_head_has_gone_the_exception_comes_out(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])(b"half a page, ")
            out_of_tea()

        variables, server = environ(), Server()
        error = raised_by(lambda: ch05.ErrorPage(app)(variables, server.start_response))
        expect_that(error is not None, "what the server raises is swallowed", came_back="a body",
                    expected="NoTeaLeft, which goes on to the server",
                    why=f"The head has gone, and half a page: the server must end the connection ({START}).")
        expect_that(variables["wsgi.errors"].getvalue(), "nothing is written to wsgi.errors when the head has gone",
                    why="The client can't be told, so the log is all there is.")


@pytest.mark.step("5.6")
class TestGuardedBodyNext:
    def guarded(self, source, server=None):
        """Return the body of an application that starts a response and returns source (an iterable)."""
        calls.append("next(ErrorPage(app)(environ, start_response))")
        return ch05.ErrorPage(App(source))(environ(), (server or Server()).start_response)

    @pytest.mark.clause(25, 28)
    def test_blocks_pass_as_they_are(self):
        came_back = taken(self.guarded(Body(b"a", b"", b"b")))
        expect_that(None not in came_back, "a block must be bytes, and what comes back is None",
                    why=f"A body is made of bytes ({CLOSE}).")
        expect_that(len(came_back) < MANY, "the body never ends", came_back=f"{came_back[:4]!r:.80} … and so on",
                    expected="[b'a', b'', b'b'], then StopIteration", why="StopIteration is no failure: it is the end.")
        expect_same(came_back, [b"a", b"", b"b"], problem="the blocks are not those of the application",
                    why=f"Where nothing fails, nothing changes ({BLOCKS}).")

    def test_the_end_of_the_body_is_no_failure(self):
        server = Server()
        taken(self.guarded(Body(b"a"), server))
        expect_that(len(server.heads) == 1, "the end of the body is answered with an error page",
                    came_back=repr([status for status, _ in server.heads]), expected="['200 OK']",
                    why="StopIteration says that the body has ended as it should.")

    @pytest.mark.clause(26, 32)
    def test_no_block_is_asked_for_before_the_server_wants_it(self):
        source = Body(b"a", b"b", b"c")
        next(self.guarded(source))
        expect_that(source.given == 1, f"{source.given} blocks were asked for, to give one",
                    why=f"The second block may take a minute; the client is to have the first one now ({BLOCKS}).")

    def expect_page(self, block):
        expect_that(isinstance(block, bytes), f"in the place of the failing block comes {block!r:.60}",
                    expected="the page, as bytes", why=f"It is a block like any other ({ERRORS}).")
        expect_that(b"NoTeaLeft" in block, "in the place of the failing block comes no error page",
                    came_back=shown_bytes(block), expected="self.error_page()",
                    why=f"Nothing was sent yet: the client can have the page instead ({ERRORS}).")

    @pytest.mark.parametrize("blocks", [pytest.param([], id="at once"), pytest.param([b""], id="after an empty block")])
    @pytest.mark.clause(10, 28)
    def test_a_failing_block_becomes_the_error_page(self, blocks):
        server = Server()
        body = self.guarded(Body(*blocks, NoTeaLeft("no tea left")), server)
        try:
            came_back = taken(body)
        except NoTeaLeft as error:
            raise Diagnosis("the failure of a block is not caught", place=deepest_place(error.__traceback__),
                            **{"came back": repr(error)}, expected="the page, and then StopIteration",
                            why=f"Applications fail while they make their body, too ({ERRORS}).")
        expect_that(len(came_back) == len(blocks) + 1, "after the failure there must be one block, the page",
                    came_back=f"{len(came_back)} blocks: {came_back!r:.60}",
                    expected=f"{len(blocks) + 1}, the page last",
                    why=f"The page is the whole body ({ERRORS}).")
        self.expect_page(came_back[-1])
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why=f"Nothing was sent yet: the client can have the right status ({ERRORS}).")

    def test_the_application_may_fail_before_it_calls_start_response(self):
        def app(environ, start_response):
            raise NoTeaLeft("no tea left")
            yield

        server = Server()
        came_back = taken(ch05.ErrorPage(app)(environ(), server.start_response))
        self.expect_page(came_back[0] if came_back else b"")
        expect_same(server.head()[0], "500 Internal Server Error", problem="the status is another one",
                    why=f"A generator runs, and fails, only when it is asked for a block ({CLOSE}).")

    def test_the_page_is_the_last_block(self):
        source = Body(NoTeaLeft("no tea left"), b"more", b"and more")
        came_back = taken(self.guarded(source))
        expect_that(len(came_back) == 1, "the application is asked for more after it has failed",
                    came_back=f"the page, and then {came_back[1:]}", expected="the page, and then StopIteration",
                    why="Its head announces the length of the page: whatever follows is too much.")

    @pytest.mark.clause(98, 100)
    def test_after_the_head_has_gone_the_exception_comes_out(self):
        server = Server()
        body = self.guarded(Body(b"half a page, ", NoTeaLeft("no tea left")), server)
        server.write(next(body))
        try:
            came_back = next(body, "the end")
        except NoTeaLeft:
            return
        raise Diagnosis("after the head has gone, the failure is swallowed", **{"came back": repr(came_back)[:100]},
                        expected="NoTeaLeft, which goes on to the server",
                        why=f"The client has half a page: only the end of the connection can tell it ({ERRORS}).")

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
    def test_what_is_no_exception_of_the_application_passes_through(self, error):
        body = self.guarded(Body(error()))
        try:
            came_back = next(body, "the end")
        except error:
            return
        raise Diagnosis(f"{error.__name__} is caught", **{"came back": repr(came_back)[:100]}, expected=error.__name__,
                        why="It is no Exception: it ends programs and generators, and must get out.")

    @pytest.mark.clause(25, 35)
    def test_wsgiref_has_no_objection_on_either_side(self):
        source = Body(b"", NoTeaLeft("no tea left"))
        server, blocks = judged(ch05.ErrorPage, App(source))
        self.expect_page(blocks[-1])
        expect_that(source.closed < 2, "the failing application's iterable is closed twice",
                    came_back=f"{source.closed} calls of its close", expected="1 call",
                    why="The server calls your close in any case, after a failure too: leave it to the server "
                        f"({CLOSE}).")
        expect_that(source.closed == 1, "the failing application's iterable is not closed",
                    came_back=f"{source.closed} calls of its close", why=f"close is called on every path ({CLOSE}).")

    def test_a_failing_flask_app_is_answered_with_the_page(self):
        shop = Flask("shop")
        shop.config["PROPAGATE_EXCEPTIONS"] = True
        shop.add_url_rule("/", view_func=out_of_tea)
        self.expect_page(client_of(ch05.ErrorPage(shop)).get("/", errors_stream=io.StringIO()).data)


class Mounts(dict):
    """A dict of mounts that notices when it is asked for prefixes without end."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.asked = 0

    def count(self):
        self.asked += 1
        if self.asked > 500:
            report_trouble(Diagnosis(f"mounts was asked {self.asked} times whether a prefix is in it",
                           mounts=repr([*self]),
                                     why="A path has only as many prefixes as slashes: a loop that looks for a mount "
                                         "must also end where there is none."))

    def __contains__(self, prefix):
        self.count()
        return super().__contains__(prefix)

    def __getitem__(self, prefix):
        self.count()
        return super().__getitem__(prefix)

    def get(self, prefix, default=None):
        self.count()
        return super().get(prefix, default)


@pytest.mark.step("5.7")
class TestFindMount:
    def expect_split(self, path, mounts, expected, problem, why):
        came_back = ch05.find_mount(path, Mounts.fromkeys(mounts, App()))
        expect_that(came_back is not None, "find_mount returns None", expected=repr(expected),
                    why="A path can always be split: where no mount fits, into \"\" and all of it.")
        expect_that(isinstance(came_back, tuple) and [*map(type, came_back)] == [str, str],
                    "find_mount must return a pair of str, (prefix, rest)", came_back=repr(came_back),
                    expected=repr(expected), why="The next step puts them into SCRIPT_NAME and PATH_INFO.")
        expect_same(came_back, expected, why, problem=problem)

    def expect_whole(self, path, expected):
        """Fail if the two parts of a path, with a mount at /api, are not all of it."""
        came_back = ch05.find_mount(path, Mounts.fromkeys(["/api"], App()))
        if isinstance(came_back, tuple) and [*map(type, came_back)] == [str, str]:
            expect_that("".join(came_back) == path, f"prefix and rest together are {''.join(came_back)}",
                        came_back=repr(came_back), expected=repr(expected),
                        why="A path is split: each of its characters is in one of the two parts, slashes too.")

    @pytest.mark.parametrize("path, expected", [
        pytest.param("/api/tea", ("/api", "/tea"), id="below it"),
        pytest.param("/api", ("/api", ""), id="the mount itself"),
        pytest.param("/api/", ("/api", "/"), id="with a slash behind it"),
    ])
    @pytest.mark.clause(39, 40)
    def test_a_mount_takes_its_own_path_and_all_below(self, path, expected):
        self.expect_whole(path, expected)
        self.expect_split(path, ["/api"], expected, "the path is cut at another place",
                          f"The prefix is where the application is, the rest is what it is asked for ({VARIABLES}).")

    @pytest.mark.parametrize("path", ["/", "/tea", "/tea/api", ""])
    def test_a_path_that_no_mount_fits_stays_whole(self, path):
        self.expect_split(path, ["/api"], ("", path), "a mount is found where none is",
                          "Such a path belongs to the application at the root, all of it.")

    def test_there_may_be_no_mounts_at_all(self):
        self.expect_split("/api", [], ("", "/api"), "a mount is found where none is", "Then every path is the root's.")

    @pytest.mark.parametrize("path", ["/apix", "/api.txt", "/apis/tea"])
    def test_a_mount_ends_where_a_segment_ends(self, path):
        self.expect_split(path, ["/api"], ("", path), f"{path} is taken for something below /api",
                          "A path is made of segments, between slashes: /apix is a neighbour of /api.")

    @pytest.mark.parametrize("mounts", [["/api", "/api/v2"], ["/api/v2", "/api"]], ids=["short first", "long first"])
    @pytest.mark.parametrize("path, expected", [
        pytest.param("/api/v2/tea", ("/api/v2", "/tea"), id="below the longer"),
        pytest.param("/api/v2", ("/api/v2", ""), id="the longer itself"),
        pytest.param("/api/v2x", ("/api", "/v2x"), id="a neighbour of the longer"),
        pytest.param("/api/tea", ("/api", "/tea"), id="below the shorter"),
    ])
    def test_the_longest_mount_wins(self, path, expected, mounts):
        self.expect_split(path, mounts, expected, "another mount is found than the longest that fits",
                          "The longer one is meant to stand out from the shorter, in whatever order they were written.")

    def test_a_mount_may_be_many_segments_deep(self):
        self.expect_split("/a/b/c/d", ["/a/b/c"], ("/a/b/c", "/d"), "a mount of three segments is not found",
                          "A path can be cut before each of its slashes.")

    def test_a_path_may_go_on_for_many_segments(self):
        self.expect_split("/api/2026/11/20", ["/api"], ("/api", "/2026/11/20"), "/api is not found in a longer path",
                          "A path can be cut before each of its slashes.")

    @pytest.mark.parametrize("path", ["/api/v1/api", "/api/api", "/api/v1/api/tea", "/api/apis"])
    @pytest.mark.clause(39, 40)
    def test_the_prefix_may_come_again_in_the_rest(self, path):
        expected = "/api", path[len("/api"):]
        self.expect_whole(path, expected)
        self.expect_split(path, ["/api"], expected, "the path is cut at another place",
                          "What stands behind the cut is the application's own, even if it looks like its prefix.")

    @pytest.mark.parametrize("path", ["/API", "/Api/tea"])
    def test_upper_and_lower_case_differ(self, path):
        self.expect_split(path, ["/api"], ("", path), "upper case is taken for lower case",
                          "Paths are compared byte by byte (RFC 3986 section 6.2.2.1).")

    @pytest.mark.parametrize("path, expected", [
        pytest.param("//api", ("", "//api"), id="in front"),
        pytest.param("/api//tea", ("/api", "//tea"), id="behind"),
        pytest.param("/api//", ("/api", "//"), id="at the end"),
    ])
    def test_two_slashes_are_not_one(self, path, expected):
        self.expect_split(path, ["/api"], expected, "two slashes are taken for one",
                          "Between them is a segment, an empty one: what it means is for the application to say.")

    def test_dots_are_left_to_the_application(self):
        self.expect_split("/api/../tea", ["/api"], ("/api", "/../tea"), "the path is changed",
                          "Browsers resolve dots before they ask; what arrives is taken as it is.")

    @pytest.mark.parametrize("mount, path, expected", [
        pytest.param("/api/", "/api/", ("/api/", ""), id="exactly so"),
        pytest.param("/api/", "/api/tea", ("", "/api/tea"), id="nothing below"),
        pytest.param("/api/", "/api", ("", "/api"), id="not without it"),
        pytest.param("/", "/", ("/", ""), id="the slash alone"),
        pytest.param("/", "/tea", ("", "/tea"), id="nothing below the slash alone"),
    ])
    def test_a_mount_that_ends_in_a_slash_is_found_only_exactly_so(self, mount, path, expected):
        self.expect_split(path, [mount], expected, f"the mount {mount} is taken for another one",
                          "A path is cut before a slash, so no prefix ends in one, except where the path itself ends. "
                          "werkzeug does the same.")

    def test_a_mount_without_a_slash_is_never_found(self):
        self.expect_split("/api/tea", ["api"], ("", "/api/tea"), "the mount api is found in /api/tea",
                          "A prefix of the path begins as the path does, with a slash. werkzeug does the same.")

    def test_a_mount_that_is_empty_leaves_the_longer_ones_their_paths(self):
        self.expect_split("/api/tea", ["", "/api"], ("/api", "/tea"), "the empty mount is found before a longer one",
                          "The empty prefix fits every path, and is the shortest.")
        self.expect_split("/tea", ["", "/api"], ("", "/tea"), "the path is cut where nothing is to be cut off",
                          "The empty prefix takes nothing from the path.")


class Dispatched:
    """Calls a dispatcher, ours or werkzeug's, and tells which application was called and what it was given."""

    def __init__(self, kind, mounts, **variables):
        self.kind, self.mounts, self.variables = kind, mounts, variables

    def __call__(self, path):
        """Return (name of the application, SCRIPT_NAME, PATH_INFO)."""
        apps = Mounts((mount, App(name=f"the app at {mount!r}")) for mount in self.mounts)
        root = App(name="the app at the root")
        calls.append(f"DispatcherMiddleware(app, {apps})(environ, start_response)")
        with told_as(f"no application is called for {path!r}", "self.app has all paths that no mount fits."):
            self.kind(root, apps)(environ(path, **self.variables), Server().start_response)
        called = [app for app in (root, *apps.values()) if app.environs]
        expect_that(called, f"no application is called for {path!r}",
                    why="Each path has one that answers for it, if only with "
                    "404: self.app, where no mount fits.")
        self.expect_unchanged(called[0], path)
        given = called[0].environs[0]
        return called[0].name, given.get("SCRIPT_NAME", ""), given.get("PATH_INFO", "")

    def expect_unchanged(self, app, path):
        """Fail if the environ of an application that was called is changed back, now that it has returned."""
        at_the_call, now = ([given.get("SCRIPT_NAME", ""), given.get("PATH_INFO", "")]
                            for given in (app.given[0], app.environs[0]))
        expect_that(now == at_the_call, f"environ is right at the call, and changed back behind it, for {path!r}",
                    came_back=f"SCRIPT_NAME {now[0]!r}, PATH_INFO {now[1]!r}",
                    expected=f"SCRIPT_NAME {at_the_call[0]!r}, PATH_INFO {at_the_call[1]!r}",
                    why="A late application looks into its environ when the server asks for blocks, and you have "
                        f"returned long ago ({CLOSE}).")


SHIFT = f"SCRIPT_NAME says where the application is, PATH_INFO what is asked of it ({VARIABLES})."
SITES = [["/api", "/api/v2"], ["/api/"], ["/"], ["", "/api"], ["api"], []]  # the mounts of some dispatchers
PATHS = ["", "/", "/api", "/api/", "/api/tea", "/apix", "/api/v2", "/api/v2/", "/api/v2/tea", "/api/v2x", "/API",
         "//api", "//", "/api//tea", "/api/../tea", "/tea/api", "/\xe8\x8c\xb6"]


@pytest.mark.step("5.8")
class TestDispatcherMiddleware:
    ROOT = "SCRIPT_NAME of the root is changed", "PATH_INFO of the root is changed"

    def expect_called(self, path, expected, why=SHIFT, mounts=("/api",), problems=None, **variables):
        """Fail unless the application is called that is expected, with the right SCRIPT_NAME and PATH_INFO."""
        name, *given = Dispatched(ch05.DispatcherMiddleware, mounts, **variables)(path)
        sent = ", ".join(f"{key} {value!r}" for key, value in {"PATH_INFO": path, **variables}.items())
        expect_that(name == expected[0], f"another application is called: {name}", sent=sent, came_back=name,
                    expected=expected[0],
                    why="The longest mount that fits the path has the application for it; self.app has the rest.")
        problems = problems or ("the prefix is not in SCRIPT_NAME", "the prefix is still in PATH_INFO")
        for came_back, wanted, problem in zip(given, expected[1:], problems, strict=True):
            expect_same(came_back, wanted, why, problem=problem, sent=sent)

    @pytest.mark.clause(39, 40)
    def test_a_path_that_no_mount_fits_goes_to_the_root(self):
        self.expect_called("/tea", ("the app at the root", "", "/tea"), problems=self.ROOT)

    @pytest.mark.clause(4, 25, 29)
    @pytest.mark.parametrize("path", ["/", "/api"])
    def test_what_the_application_returns_comes_back(self, path):
        body = Body(b"Hello")
        dispatcher = ch05.DispatcherMiddleware(App(body), {"/api": App(body)})
        came_back = dispatcher(environ(path), Server().start_response)
        expect_that(came_back is not None, "nothing comes back: the application's body is lost", came_back="None",
                    expected="what the application returns", why=f"An application returns an iterable ({CLOSE}).")
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), why=f"The server looks for its close method ({CLOSE}).")

    @pytest.mark.clause(25)
    def test_the_server_s_start_response_is_handed_on(self):
        server = Server()
        ch05.DispatcherMiddleware(App(headers=[TEXT, GREEN]))(environ(), server.start_response)
        expect_same(server.head(), ("200 OK", [TEXT, GREEN]), problem="the response is another one",
                    why="Choosing is all that this middleware does.")

    def test_mounts_may_be_left_out(self):
        app = App()
        ch05.DispatcherMiddleware(app)(environ("/tea"), Server().start_response)
        expect_that(app.environs, "the only application there is was not called",
                    why="Without mounts, all paths are the root's.")

    @pytest.mark.clause(39, 40)
    def test_the_prefix_moves_from_path_info_to_script_name(self):
        self.expect_called("/api/tea", ("the app at '/api'", "/api", "/tea"))

    @pytest.mark.clause(40)
    def test_the_path_of_the_mount_itself_becomes_empty(self):
        self.expect_called("/api", ("the app at '/api'", "/api", ""),
                           problems=("the prefix is not in SCRIPT_NAME", "PATH_INFO is not empty"),
                           why=f"From the empty path Flask sees that the slash is missing ({VARIABLES}).")

    @pytest.mark.clause(39)
    def test_what_was_in_script_name_stays_in_front(self):
        self.expect_called("/api/tea", ("the app at '/api'", "/outer/api", "/tea"), SCRIPT_NAME=OUTER,
                           problems=("SCRIPT_NAME does not grow at its end", "the prefix is still in PATH_INFO"),
                           why=f"Somebody has mounted the dispatcher itself: links must lead there ({VARIABLES}).")

    @pytest.mark.clause(39)
    def test_the_root_keeps_the_script_name_that_there_was(self):
        self.expect_called("/tea", ("the app at the root", "/outer", "/tea"), problems=self.ROOT, SCRIPT_NAME=OUTER)

    @pytest.mark.parametrize("missing", ["SCRIPT_NAME", "PATH_INFO"])
    @pytest.mark.clause(9, 37)
    def test_either_variable_may_be_missing(self, missing):
        variables = environ("" if missing == "PATH_INFO" else "/api")
        del variables[missing]
        app = App()
        with told_as(f"there is no {missing} in environ", f"A server may leave out what would be empty ({VARIABLES})."):
            ch05.DispatcherMiddleware(app, {"/api": app})(variables, Server().start_response)
        expect_same(app.environs[0].get("SCRIPT_NAME", ""), "" if missing == "PATH_INFO" else "/api",
                    problem="SCRIPT_NAME is another one", why=SHIFT)
        expect_same(app.environs[0].get("PATH_INFO", ""), "", problem="PATH_INFO is another one", why=SHIFT)

    @pytest.mark.parametrize("path", ["/", "/tea", "/api/tea"])
    def test_an_empty_mount_takes_what_is_left(self, path):
        expected = ("the app at '/api'", "/api", "/tea") if path == "/api/tea" else ("the app at ''", "", path)
        self.expect_called(path, expected, mounts=["", "/api"])

    @pytest.mark.clause(39, 40)
    def test_dispatchers_nest(self):
        tea = App()
        inner = ch05.DispatcherMiddleware(App(), {"/v2": tea})
        ch05.DispatcherMiddleware(App(), {"/api": inner})(environ("/api/v2/tea"), Server().start_response)
        expect_that(tea.environs, "the application in the inner dispatcher is not called", sent="/api/v2/tea",
                    why="The inner dispatcher finds its own part in PATH_INFO.")
        given = tea.environs[0]
        expect_same((given["SCRIPT_NAME"], given["PATH_INFO"]), ("/api/v2", "/tea"),
                    problem="a dispatcher in a dispatcher loses a part of the path", why=SHIFT)

    @pytest.mark.clause(2)
    def test_the_next_request_finds_nothing_of_the_last(self):
        app = App()
        dispatcher = ch05.DispatcherMiddleware(App(), {"/api": app})
        for _ in range(2):
            dispatcher(environ("/api/tea"), Server().start_response)
        expect_same([given["SCRIPT_NAME"] for given in app.environs], ["/api", "/api"],
                    problem="the second request is told another SCRIPT_NAME", why="One object serves all requests.")

    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "the empty path")
    def test_werkzeug_s_dispatcher_does_the_same(self, path):
        for mounts in SITES:
            expected = Dispatched(RealDispatcher, mounts, SCRIPT_NAME=OUTER)(path)
            came_back = Dispatched(ch05.DispatcherMiddleware, mounts, SCRIPT_NAME=OUTER)(path)
            expect_same(came_back, expected, problem=f"werkzeug's DispatcherMiddleware treats {path!r} in another way",
                        why="Flask's documentation points to it: people count on what it does.",
                        sent=f"{path!r} below {OUTER}, mounts {mounts}")

    @pytest.mark.parametrize("path", ["/", "/api/tea"])
    @pytest.mark.clause(25, 36)
    def test_wsgiref_has_no_objection_on_either_side(self, path):
        body = Body(b"Hello")
        _, blocks = judged(lambda app: ch05.DispatcherMiddleware(app, {"/api": app}), App(body), PATH_INFO=path)
        expect_same((blocks, body.closed), ([b"Hello"], 1), problem="the body is another one, or was not closed",
                    why=f"It is passed on ({BOTH_SIDES}).")

    def flask_below(self, mount):
        """Return a client of a dispatcher with a Flask app below mount, whose page is its own address."""
        tea = Flask("tea")
        tea.add_url_rule("/", "tea", lambda: url_for("tea"))
        return client_of(ch05.DispatcherMiddleware(App([b"the root"]), {mount: tea}))

    @pytest.mark.clause(39, 131)
    def test_links_of_a_mounted_flask_app_lead_back_to_it(self):
        answer = self.flask_below("/api").get("/api/")
        expect_same(answer.text, "/api/", problem="url_for leads out of the mounted app", sent="GET /api/",
                    why="Flask puts SCRIPT_NAME in front of every address that it makes.")

    def test_a_mounted_flask_app_redirects_to_its_slash(self):
        answer = self.flask_below("/api").get("/api")
        location = answer.headers.get("Location", "").removeprefix("http://localhost")
        expect_same((answer.status_code, location), (308, "/api/"),
                    problem="the mount without its slash is not redirected", sent="GET /api",
                    why="Flask sees an empty PATH_INFO, and knows that a slash is missing.")


def shop_and_admin():
    """Return a client of the two Flask apps, below one another, with their sessions kept apart."""
    shop, admin = ch05.make_shop(dict(ch05.STOCK)), ch05.make_admin(dict(ch05.STOCK))
    ch05.keep_sessions_apart(shop, admin)
    return client_of(RealDispatcher(shop, {ch05.ADMIN: admin}))


def buy(client, base="http://localhost"):
    return client.post("/basket", base_url=base, data={"item": "tea"})


def set_price(client, price="5", base="http://localhost"):
    return client.post("/admin/price", base_url=base, data={"item": "tea", "price": price})


def cookie_name(answer):
    """Return the name of the cookie that an answer sets. Raises Diagnosis if it sets none."""
    cookies = answer.headers.getlist("Set-Cookie")
    expect_that(cookies, "an app sets no cookie for its session", came_back=f"{answer.status}, {dict(answer.headers)}",
                why="The basket is in the session, and the session is in a cookie.")
    return cookies[0].partition("=")[0]


def expect_two_names(client, why):
    """Fail unless the two apps keep their sessions in cookies with two names."""
    names = cookie_name(buy(client)), cookie_name(set_price(client))
    expect_that(names[0] != names[1], f"both apps keep their session in a cookie named {names[0]}",
                came_back=f"{names[0]} from the shop, {names[1]} from its admin", why=why)


@pytest.mark.step("5.9")
class TestKeepSessionsApart:
    def test_each_app_still_keeps_a_session(self):
        client = shop_and_admin()
        cookie_name(buy(client)), cookie_name(set_price(client))

    def test_the_two_cookies_have_two_names(self):
        expect_two_names(shop_and_admin(), "To the browser both are one site: the second cookie takes the place of the "
                         "first, or is sent to the wrong app (RFC 6265 section 5.3).")

    @pytest.mark.parametrize("base", ["http://localhost", f"http://localhost{OUTER}"], ids=["at the root", "mounted"])
    def test_each_app_finds_its_own_session_again(self, base):
        client = shop_and_admin()
        for act in (buy, set_price, buy, set_price, buy):
            act(client, base=base)
        shown = client.get("/", base_url=base).text, client.get("/admin/", base_url=base).text
        for page, state in zip(shown, ("In your basket: 3", "Prices you have set: 2"), strict=True):
            expect_that(state in page, f"a session got lost: the page does not say `{state}`",
                        came_back=line_with("<p>", page), expected=state,
                        why="A cookie is sent back only to the path and under the name that it was set for, wherever "
                            "the apps are mounted (RFC 6265 section 5.4).")


LINK = re.compile(r'(?:href|action)="([^"]*)"')
FOLLOW = f"Neither app knows where it is mounted; SCRIPT_NAME and url_for tell ({VARIABLES})."


@pytest.mark.step("5.10")
class TestBuildApplication:
    def client(self):
        application = ch05.build_application()
        expect_that(callable(application), f"what comes back is no application: {application!r:.60}",
                    why=f"A server calls it with an environ and start_response ({CLOSE}).")
        return client_of(application)

    def get(self, client, path, base=""):
        """Return (answer, page) of a GET request; page is the body as a str."""
        answer = client.get(path, base_url=f"http://localhost{base}", errors_stream=io.StringIO())
        return answer, answer.data.decode("utf-8", "replace")

    @pytest.mark.parametrize("path, title", [("/", "Shop"), ("/admin/", "Admin")])
    @pytest.mark.clause(1, 25)
    def test_the_shop_is_at_the_root_and_its_admin_below(self, path, title):
        answer, page = self.get(self.client(), path)
        expect_that(answer.status_code != 500, f"GET {path} is answered {answer.status}", came_back=last_line(page),
                    why="What was raised stands in the last line of the traceback.")
        expect_that(answer.status_code == 200, f"GET {path} is answered {answer.status}", came_back=page[-600:],
                    why="The dispatcher gives ADMIN to the admin, and all other paths to the shop.")
        expect_that(f"<h1>{title}</h1>" in page, f"GET {path} does not show the {title.lower()}",
                    came_back=line_with("<h1>", page), expected=f"<h1>{title}</h1>",
                    why="The dispatcher gives ADMIN to the admin, and all other paths to the shop.")

    def test_the_admin_without_its_slash_is_redirected(self):
        answer, _ = self.get(self.client(), "/admin")
        expect_same((answer.status_code, answer.headers.get("Location", "")), (308, "http://localhost/admin/"),
                    problem="GET /admin is not redirected to /admin/",
                    why="Flask redirects where the slash is missing.")

    @pytest.mark.parametrize("path", ["/", "/admin/"])
    def test_a_dollar_sign_becomes_a_euro_sign(self, path):
        _, page = self.get(self.client(), path)
        expect_that("$" not in page, "there is a dollar sign in the page", came_back=line_with("tea", page),
                    expected="<li>tea: €4", why="ReplaceText stands around the dispatcher, so it sees both apps.")
        expect_that("€4" in page, "there is no euro sign in the page", came_back=line_with("tea", page),
                    expected="<li>tea: €4",
                    why="The page is UTF-8, and so is what is put into it: three bytes.")

    @pytest.mark.clause(10)
    def test_a_page_that_fails_is_answered_by_the_error_page(self):
        client = self.client()
        try:
            answer, page = self.get(client, "/broken")
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise
            raise Diagnosis("the failure of a page comes out of the stack", sent="GET /broken",
                            why="ErrorPage stands around the apps, and answers where one of them fails.",
                    try_it="python chapters/ch05_middleware.py, then open http://127.0.0.1:8000/broken")
        expect_that(answer.status_code == 500 and "this page is broken on purpose" in page,
                    f"GET /broken is answered {answer.status}, and not by ErrorPage", came_back=page,
                    expected="the traceback, in a page",
                    why="The apps leave their failures to the middleware around them.")

    def test_the_error_page_is_not_changed_on_its_way_out(self):
        answer, _ = self.get(self.client(), "/broken")
        expect_that("Content-Length" in answer.headers, "the error page has lost its Content-Length",
                    came_back=repr(dict(answer.headers)),
                    why="ReplaceText takes the length from what passes through it: ErrorPage stands outside it.")

    @pytest.mark.parametrize("path", ["/", "/admin/", "/nowhere", "/broken"])
    def test_every_response_has_the_header(self, path):
        answer, _ = self.get(self.client(), path)
        expect_same(answer.headers.getlist("X-Content-Type-Options"), ["nosniff"],
                    problem=f"the response to {path} lacks X-Content-Type-Options: nosniff",
                    why="AddHeader is the outermost layer, so nothing gets out without it, error pages included.")

    def test_a_price_that_the_admin_sets_is_shown_in_the_shop(self):
        client = self.client()
        set_price(client, "7")
        _, page = self.get(client, "/")
        expect_that("tea: €7" in page, "the shop shows another price than its admin has set",
                    came_back=line_with("tea", page),
                    expected="<li>tea: €7", why="Both are made with one stock, the same dict.")

    def test_another_stack_has_a_stock_of_its_own(self):
        before = {"tea": 4, "cup": 9}
        ch05.STOCK.update(before)  # whatever another stack may have done to it
        set_price(self.client(), str(before["tea"] + 1))
        try:
            expect_same(ch05.STOCK, before, problem="STOCK itself has changed",
                        why="stock is a copy of it, a new one for "
                        "each stack: otherwise the next stack begins with the prices of this one.")
        finally:
            ch05.STOCK.update(before)

    def test_the_sessions_of_both_apps_last(self):
        client = self.client()
        expect_two_names(client, "keep_sessions_apart is for these two apps (RFC 6265 section 5.3).")
        pages = self.get(client, "/")[1] + self.get(client, "/admin/")[1]
        expect_that("In your basket: 1" in pages and "Prices you have set: 1" in pages, "a session got lost",
                    came_back=line_with("<p>", pages),
                    why="Each app finds its own cookie again (RFC 6265 section 5.4).")

    @pytest.mark.parametrize("base", ["", OUTER], ids=["at the root", "mounted"])
    @pytest.mark.parametrize("path, links", [
        ("/", ["/basket", "/basket", "/", "/admin/"]), ("/admin/", ["/admin/price", "/admin/price", "/admin/", "/"]),
    ])
    @pytest.mark.clause(39, 131)
    def test_every_link_leads_where_it_should(self, path, links, base):
        _, page = self.get(self.client(), path, base)
        expect_same(LINK.findall(page), [base + link for link in links], sent=f"GET {base}{path}",
                    problem="a link leads to another place", why=FOLLOW)

    @pytest.mark.parametrize("base", ["", OUTER], ids=["at the root", "mounted"])
    @pytest.mark.parametrize("act, home", [(buy, "/"), (set_price, "/admin/")], ids=["buying", "setting a price"])
    def test_a_form_leads_back_to_its_page(self, act, home, base):
        answer = act(self.client(), base=f"http://localhost{base}")
        expect_same((answer.status_code, answer.headers.get("Location")), (302, base + home),
                    problem="a form does not lead back to its page", why=FOLLOW)

    @pytest.mark.parametrize("path", ["/", "/admin/", "/broken"])
    @pytest.mark.clause(25)
    def test_wsgiref_has_no_objection_to_the_stack(self, path):
        server, blocks = judged(lambda app: ch05.build_application(), App(), PATH_INFO=path)
        expect_that(b"".join(blocks) and server.head()[0], "the page is empty", why="A page has a body.")


VISITS = {
    "the shop": ("GET", "/", None),
    "the admin without its slash": ("GET", "/admin", None),
    "the admin": ("GET", "/admin/", None),
    "buying tea": ("POST", "/basket", {"item": "tea"}),
    "setting a price": ("POST", "/admin/price", {"item": "tea", "price": "5"}),
    "buying a cup": ("POST", "/basket", {"item": "cup"}),
    "the basket and the new price": ("GET", "/", None),
    "the prices that were set": ("GET", "/admin/", None),
    "a page that is not there": ("GET", "/nowhere", None),
    "a page that is not in the admin": ("GET", "/admin/nowhere", None),
    "a neighbour of the admin": ("GET", "/administrator", None),
    "a broken page": ("GET", "/broken", None),
    "HEAD for the shop": ("HEAD", "/", None),
    "HEAD for the admin": ("HEAD", "/admin/", None),
}  # name -> method, path, form: the requests of one session, in this order
SERVERS_OWN = {"date", "server", "connection", "transfer-encoding", "via"}  # headers that a server may add


class Answer:
    """What a client was answered, without what must differ: the port, the folder and the signature of a cookie."""

    def __init__(self, status, headers, body, origin):
        self.status = status
        self.headers = sorted((name.lower(), self.plain(name.lower(), value.replace(origin, "http://HOST")))
                              for name, value in headers if name.lower() not in SERVERS_OWN)
        body = body.replace(origin.encode(), b"http://HOST")
        self.length = len(body)
        self.body = re.sub(rb"File (&quot;|\").*?([\w.]+)(&quot;|\")", rb"File \2", body)

    def plain(self, name, value):
        return re.sub(r"=[^;]*", "=SIGNED", value, count=1) if name == "set-cookie" else value

    def without_length(self):
        return [(name, value) for name, value in self.headers if name != "content-length"]

    def announced(self):
        return dict(self.headers).get("content-length")


def ask_directly():
    """Return the Answer of the stack itself to each of VISITS, called without any server."""
    client, answers = client_of(ch05.build_application()), {}
    for name, (method, path, form) in VISITS.items():
        answer = client.open(path, method=method, data=form, errors_stream=io.StringIO())
        answers[name] = Answer(answer.status, answer.headers, answer.data, "http://localhost")
    return answers


def ask_over(server, program):
    """Return the Answer of a running server to each of VISITS, asked by requests in one session. Raises Diagnosis."""
    origin, answers = f"http://127.0.0.1:{program.port()}", {}
    with requests.Session() as client:
        client.trust_env = False  # no proxies between this machine and itself
        for name, (method, path, form) in VISITS.items():
            try:
                answer = client.request(method, origin + path, data=form, allow_redirects=False, timeout=SECONDS)
            except requests.RequestException as error:
                raise Diagnosis(f"{server} gives no whole answer to {method} {path}", **{"came back": error},
                                output=program.last_lines(), **blamed(server), why="requests could not read it.")
            status = f"{answer.status_code} {answer.reason}"
            answers[name] = Answer(status, answer.raw.headers.items(), answer.content, origin)
    return answers


def blamed(server):
    """Return the rows that say where to look if a server answers otherwise than the application, and how to try it."""
    rows = {
        YOURS: {"place": relative(path_of("ch04_response")),
                "try it": "python chapters/ch04_response.py ch05_middleware:application"},
        "gunicorn": {"try it": "gunicorn --chdir chapters ch05_middleware:application"},
    }
    return {"called": None, **rows.get(server, {})}


@pytest.fixture(scope="module")
def expected():
    """What the stack itself answers to VISITS."""
    return ask_directly()


@pytest.fixture(scope="module")
def programs(expected):
    """All servers that are installed, with the stack, each started once."""
    with serving_all("ch05_middleware:application", path_of("ch05_middleware").parent) as programs:
        yield programs


@pytest.fixture(scope="module")
def ask_once(programs):
    """A function that asks a server, by its name, when it is first called with it, and then remembers."""
    return functools.cache(lambda server: ask_over(server, programs[server]))


@pytest.fixture(scope="module")
def answers(request, programs, ask_once):
    """What one server answers to VISITS."""
    if request.param not in programs:
        pytest.skip(f"{request.param} is not installed: python3 -m pip install -r requirements.txt")
    return ask_once(request.param)


@pytest.mark.program
@pytest.mark.step("5.10")
@pytest.mark.parametrize("answers", COMPARED, indirect=True)
@pytest.mark.parametrize("visit", VISITS)
class TestBuildApplicationBehindServers:
    WHY = 'An application is the same behind every server: that is what WSGI is for (PEP 3333, "Rationale and Goals").'

    def test_the_answer_is_the_application_s_own(self, answers, expected, visit, request):
        server = request.node.callspec.params["answers"]
        came_back, own = answers[visit], expected[visit]
        rows = {"sent": " ".join(VISITS[visit][:2]), **blamed(server)}
        expect_same(came_back.status, own.status, self.WHY, problem=f"{server} answers with another status", **rows)
        expect_same(came_back.without_length(), own.without_length(), self.WHY,
                    problem=f"{server} answers with other headers", **rows)
        expect_same(came_back.body, own.body, self.WHY, problem=f"{server} answers with another body", **rows)
        expect_that(not own.announced() or came_back.announced() == str(came_back.length),
                    f"{server} answers with another Content-Length", self.WHY, came_back=came_back.announced(),
                    expected=came_back.length, **rows)


STOPS = [signal.SIGINT, signal.SIGTERM] if os.name != "nt" else [None]  # Windows has no gentle way to end a program


@pytest.fixture
def program():
    """The chapter's file, started as a program, listening."""
    with chapter_program("ch05_middleware") as program:
        program.port()
        yield program


@pytest.mark.program
@pytest.mark.step("5.10")
class TestBuildApplicationAsAProgram:
    @pytest.mark.parametrize("how", STOPS, ids=lambda how: how and how.name)
    def test_it_answers_and_ends_when_asked_to(self, program, how):
        answer = exchange(program.port(), b"GET /admin/ HTTP/1.1\r\nHost: a\r\n\r\n")
        expect_that(answer.startswith(b"HTTP/1.1 200 ") and b"<h1>Admin</h1>" in answer, "the program shows no admin",
                    came_back=shown_bytes(answer), why="The chapter's file serves the stack on its own server.",
                    try_it="python chapters/ch05_middleware.py, then: curl -i http://127.0.0.1:8000/admin/")
        expect_same(program.interrupt(how) if how else 0, 0, problem="the program's exit status is not 0",
                    why="To end when asked is no failure; tools that run servers look at the status.",
                    output=program.last_lines())
