"""Step 5.5 · GuardedBody.error_page"""
import pytest

from tests.ch05_middleware.common import CLOSE, ERRORS, GREEN, PNG, START, TEXT, ch05, environ
from tests.ch05_middleware.sides import NoTeaLeft, Server, out_of_tea
from tests.expect import raised_by
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import calls

PAGE_HEADERS = ("Content-Type", "text/html; charset=utf-8")


def caught(raiser, body):
    """Return what body.error_page() returns while the exception of raiser() is being handled."""
    calls.append("body.error_page()")
    try:
        raiser()
    except Exception:
        return body.error_page()


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
        expect_that(len(values) == 1, "there is no Content-Length" if not values else "Content-Length is there twice",
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
    def test_after_the_head_has_gone_the_exception_reaches_the_server(self):
        def app(environ, start_response):
            start_response("200 OK", [TEXT])(b"half a page, ")
            out_of_tea()

        variables, server = environ(), Server()
        error = raised_by(lambda: ch05.ErrorPage(app)(variables, server.start_response), NoTeaLeft)
        expect_that(error is not None, "what the server raises is swallowed", came_back="a body",
                    expected="NoTeaLeft, which goes on to the server",
                    why=f"The head has gone, and half a page: the server must end the connection ({START}).")
        expect_that(variables["wsgi.errors"].getvalue(), "nothing is written to wsgi.errors when the head has gone",
                    why="The client can't be told, so the log is all there is.")
