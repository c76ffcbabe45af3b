"""Step 5.1 · AddHeader.__call__"""
import sys

import pytest
from flask import Flask

from tests.ch05_middleware.common import (
    BOTH_SIDES,
    CLOSE,
    COOKIES,
    GREEN,
    PAIRS,
    START,
    TEXT,
    VARIABLES,
    App,
    Body,
    NoTeaLeft,
    Server,
    ch05,
    client_of,
    environ,
    judged,
    taken,
    told_as,
)
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import calls


def expect_header_added(headers, added, why):
    """Fail unless headers are those of App, with added behind them."""
    expect_that(added in headers, f"the header {added[0]} is missing", why, came_back=repr(headers),
                expected=repr([TEXT, added]))
    expect_same(headers, [TEXT, added], why, problem="the headers of the application are not as they were")


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
