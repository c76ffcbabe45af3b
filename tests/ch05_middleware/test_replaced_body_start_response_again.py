"""Step 5.3 · ReplacedBody.start_response: a second call, with exc_info"""
import sys

import pytest

from tests.ch05_middleware.common import JSON, PNG, START, TEXT, environ, length
from tests.ch05_middleware.sides import NoTeaLeft, Server, euros, expect_arrived, started
from tests.expect import raised_by
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place

CODE = """def app(environ, start_response):
    start_response("200 OK", {first})
    try:
        raise NoTeaLeft("no tea left")
    except NoTeaLeft:
        write = start_response("500 Internal Server Error", {second}, sys.exc_info())
{then}    return []"""

WRITE = 'PEP 3333, section "The write() Callable"'
UNCHANGED = "the write of the call with exc_info does not pass its blocks through self.replaced"


class Failing:
    """An application that starts a response, fails, and starts another with exc_info: see CODE."""

    def __init__(self, first, second, before=lambda: None, then=""):
        self.first, self.second = first, second  # lists of headers
        self.before = before  # called before the failure
        self.told = CODE.format(first=first, second=second, then=then and f"    {then}\n")  # then: what a check does
        self.first_write = self.write = None  # what the calls of start_response return
        self.exc_info = None  # what the second call is given

    def __call__(self, environ, start_response):
        self.first_write = start_response("200 OK", self.first)
        self.before()
        try:
            raise NoTeaLeft("no tea left")
        except NoTeaLeft:
            self.exc_info = sys.exc_info()
            self.write = start_response("500 Internal Server Error", self.second, self.exc_info)
        return []


@pytest.mark.step("5.3")
class TestReplacedBodyStartResponse:
    @pytest.mark.clause(25, 80)
    def test_exc_info_is_passed_on(self):
        app = Failing([TEXT], [TEXT])
        try:
            _, server = started(app)
        except AssertionError as error:
            raise Diagnosis("the server is not given exc_info", came_out=f"AssertionError: {error}",
                            place=deepest_place(error.__traceback__),
                            why=f"It tells an error page from a second start_response by mistake ({START}).")
        expect_that(server.exc_info, "the server is not given exc_info", came_back=repr(server.exc_info),
                    why=f"It tells an error page from a second start_response by mistake ({START}).")
        expect_that(server.exc_info == app.exc_info, "the server is given another exc_info than the application gave",
                    came_back=repr(server.exc_info), expected=repr(app.exc_info),
                    why="Class, exception and traceback go on as they are: if the head has gone, the server raises "
                        f"the exception again, and its log shows the line that failed ({START}).")

    def expect_written(self, app, server, expected):
        """Fail unless what goes through the write of the second call arrives as expected."""
        expect_that(callable(app.write), "a call with exc_info returns no write callable", came_back=repr(app.write),
                    why=f"Each call of start_response returns one ({WRITE}).")
        app.write(b"$1")
        expect_arrived(server.written, [expected], likely={
            UNCHANGED: [b"$1"], "the write of the call with exc_info does not pass its blocks on": [],
        }, whys={
            UNCHANGED: "What is written is a part of the body, an error text too: every callable that you return "
                       "passes its blocks through self.replaced to the server's write, whether there is exc_info or "
                       f"not ({WRITE}).",
        }, problem="what is written after a second call arrives wrong",
            why=f"Each call returns a write callable, and what goes through it is a part of the body ({WRITE}).")

    @pytest.mark.parametrize("first, second, written", [
        pytest.param([PNG], [TEXT], "€1".encode(), id="an image, then a text"),
        pytest.param([TEXT], [JSON], b"$1", id="a text, then JSON"),
    ])
    @pytest.mark.clause(25, 97)
    def test_a_second_call_starts_anew(self, first, second, written):
        app = Failing([*first, length(9)], [*second, length(2)], then="write(b'$1')")
        body, server = started(app)
        expect_same(body.replaced(b"$1"), written, problem="the first call has decided for the second",
                    why=f"With exc_info the new headers take the place of the old ones, all of them ({START}).")
        self.expect_written(app, server, written)
        expect_same(server.head()[1], second + ([] if second == [TEXT] else [length(2)]),
                    problem="the headers of the second call are wrong",
                    why=f"With exc_info the new headers take the place of the old ones, all of them ({START}).")

    @pytest.mark.clause(25, 97)
    def test_a_second_call_without_headers_makes_it_no_text(self):
        app = Failing([TEXT], [])
        body, server = started(app)
        expect_same(body.replaced(b"$1"), b"$1", problem="the first call has decided for a second without headers",
                    why="Each call sets self.is_text to what is_plain_text(headers) says, and of an empty list it says "
                        f"False: without a Content-Type nobody knows that it is a text ({START}).")
        expect_same(server.head()[1], [], problem="the headers of the second call are wrong",
                    why=f"With exc_info the new headers take the place of the old ones, all of them ({START}).")

    @pytest.mark.parametrize("first, second, written", [
        pytest.param([PNG], [TEXT], "€1".encode(), id="an image, then a text"),
        pytest.param([PNG], [PNG], b"$1", id="an image, then another"),
        pytest.param([TEXT], [JSON], b"$1", id="a text, then JSON"),
        pytest.param([TEXT], [TEXT], "€1".encode(), id="a text, then another"),
    ])
    @pytest.mark.clause(25, 103)
    def test_the_write_of_the_first_call_goes_by_the_second_too(self, first, second, written):
        app = Failing([*first, length(9)], [*second, length(2)])
        _, server = started(app)
        app.first_write(b"$1")
        expect_arrived(server.written, [written],
                       called=f"start_response with {first[0][1]}; again with {second[0][1]} and exc_info; then the "
                       "write that the first call returned, with b'$1'",
                       problem="after a second call, what goes through the write of the first call arrives wrong",
                       why="Every write callable passes its blocks through self.replaced, which asks self.is_text each "
                           "time: the body is what the last call says, whichever write brings it.")

    @pytest.mark.clause(98, 100)
    def test_what_the_server_raises_reaches_the_caller(self):
        server = Server()
        app = Failing([TEXT], [TEXT], before=lambda: server.write(b"sent already"))
        came_back = raised_by(lambda: euros(app)(environ(), server.start_response), NoTeaLeft)
        expect_that(came_back, "what the server raises is swallowed", came_back="a body", expected="NoTeaLeft",
                    why=f"With exc_info, after the head has gone, the server raises to end the response ({START}).")
