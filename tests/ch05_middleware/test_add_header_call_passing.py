"""Step 5.1 · AddHeader.__call__: other requests at the same time, and what is raised"""
import sys

import pytest

from tests.ch05_middleware.common import BOTH_SIDES, GREEN, START, TEXT, environ, taken
from tests.ch05_middleware.passing import interrupted_by
from tests.ch05_middleware.sides import App, NoTeaLeft, Server, added_to, expect_nothing_kept
from tests.expect import each_family, expect_let_out
from workshop.checking.diagnosis import expect_same, expect_that

TOGETHER = ('One object serves all requests: what is kept on self belongs to none of them '
            '(PEP 3333, section "Thread Support").')


@pytest.mark.step("5.1")
class TestAddHeader:
    @pytest.mark.clause(2, 25)
    def test_two_requests_at_the_same_time_are_kept_apart(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            yield environ["PATH_INFO"].encode()

        def hearing(name):
            return lambda *arguments, **named: heard.append(name)

        middleware, heard = added_to(app), []
        first = middleware(environ("/one"), hearing("the first"))
        second = middleware(environ("/other"), hearing("the second"))
        expect_same(taken(first) + taken(second), [b"/one", b"/other"], problem="a body goes to another client",
                    why="One object serves all requests.")
        expect_that(heard == ["the first", "the second"], "the head of one response goes to another client",
                    came_back=f"heads for {' and '.join(heard)} client", why=TOGETHER,
                    expected="heads for the first and the second client")

    @pytest.mark.clause(2, 25)
    def test_each_of_three_requests_gets_the_header_once(self):
        middleware, servers = added_to(App(headers=[TEXT])), [Server() for _ in range(3)]
        for server in servers:
            middleware(environ(), server.start_response)
        heads = [server.head()[1] for server in servers]
        expect_same(heads, [[TEXT, GREEN]] * 3, of="the headers of three requests, one after the other",
                    problem="a later request gets other headers than the first", why=TOGETHER)

    @pytest.mark.clause(2, 25)
    def test_a_third_call_of_start_response_gets_the_header_once(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])
            for _ in range(2):
                try:
                    raise NoTeaLeft("no tea left")
                except NoTeaLeft:
                    start_response("500 Internal Server Error", [TEXT], sys.exc_info())
            return []

        server = Server()
        added_to(app)(environ(), server.start_response)
        expect_same(server.head()[1], [TEXT, GREEN], problem="a third call of start_response gets other headers",
                    why="Each call gets the header, once: what was added for an earlier call is no part of it.")

    @pytest.mark.parametrize("body", [None, b"", 0, False, []], ids=repr)
    def test_what_the_application_returns_comes_back_whatever_it_is(self, body):
        came_back = added_to(App(body))(environ(), Server().start_response)
        expect_that(came_back is body, "what comes back is not the very thing that the application returned",
                    came_back=repr(came_back), expected=repr(body),
                    why=f"What is no iterable is the application's mistake, and the server finds it ({BOTH_SIDES}).")

    @pytest.mark.parametrize("write", [None, False, print, ()], ids=repr)
    def test_what_the_server_s_start_response_returns_comes_back_whatever_it_is(self, write):
        app = App()
        added_to(app)(environ(), lambda *arguments: write)
        expect_that(app.write is write, "start_response returns something else than the server's",
                    came_back=repr(app.write), expected=repr(write),
                    why=f"The write of the application is the server's, whatever that is ({START}).")

    @pytest.mark.clause(2, 25)
    def test_threads_do_not_get_in_each_other_s_way(self):
        def app(environ, start_response):
            start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
            return []

        server, middleware = Server(), added_to(app)
        with interrupted_by(lambda: middleware(environ("/other"), Server().start_response)):
            middleware(environ("/one"), server.start_response)
        expect_same(server.head()[1][0], ("X-Path", "/one"), TOGETHER,
                    problem="while one thread is in your code, another one changes what it works with")

    @pytest.mark.clause(25)
    @each_family(ours="ch04_response")
    def test_what_the_application_raises_reaches_the_server(self, kind):
        error = kind("no tea left")
        expect_let_out(error, lambda: added_to(App(error=error))(environ(), Server().start_response),
                       "what the application raises is swallowed",
                       f"The server answers with its error page, and logs what happened ({BOTH_SIDES}).")

    @pytest.mark.clause(25, 80)
    @each_family(ours="ch04_response")
    def test_what_the_server_raises_reaches_the_application(self, kind):
        def refusing(status, headers, exc_info=None):
            if not refused:
                refused.append(headers)
                raise error

        error, refused = kind("not with me"), []
        expect_let_out(error, lambda: added_to(App())(environ(), refusing),
                       "what the server's start_response raises is swallowed",
                       f"By it the application learns that its head is refused, or has gone already ({START}).")

    def test_nothing_of_a_request_is_kept(self):
        middleware = added_to(App(status="404 Not Found"))
        before = dict(vars(middleware))
        for path in ("/", "/tea"):
            middleware(environ(path), Server().start_response)
        expect_nothing_kept(middleware, before)
