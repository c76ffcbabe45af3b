"""Step 5.3 · ReplacedBody.start_response"""
import sys

import pytest

from tests.ch05_middleware.common import (
    BOTH_SIDES,
    COOKIES,
    GREEN,
    PAIRS,
    PNG,
    START,
    TEXT,
    App,
    NoTeaLeft,
    Server,
    environ,
    euros,
    length,
    raised_by,
)
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place

JSON = ("Content-Type", "application/json")
LENGTH = 'PEP 3333, section "Handling the Content-Length Header"'


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
