"""Step 3.11 · respond"""
import contextlib
from urllib.parse import unquote_to_bytes

import pytest

from tests.ch03_environ.common import (
    ALL_BYTES,
    BYTES,
    CLIENT,
    FAILING,
    FLASK,
    SERVER,
    answer_of,
    blaming,
    body_of,
    called,
    ch03,
    expect_kind,
    expect_served,
    expect_value,
    fails_at_once,
    fails_in_the_body,
    let_stubs_be_heard,
    name_of,
    page,
    prepared,
    request,
    shop,
)
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.tree import shown


def as_request(prepared):
    """Return the Request of chapter 2 for what `requests` would send."""
    path, _, query = prepared.path_url.partition("?")
    fields = [(name.lower(), value) for name, value in prepared.headers.items()]
    return request(prepared.method, fields, path=unquote_to_bytes(path), query=query, body=body_of(prepared),
                   target=prepared.path_url)


@pytest.mark.step("3.11")
class TestRespond:
    @pytest.fixture(autouse=True)
    def steps_before(self):
        let_stubs_be_heard()

    def sent(self, app, asked):
        """Return what respond returns."""
        with called(f"respond({name_of(app)}, {asked.method} {asked.target}, {SERVER}, {CLIENT})"):
            return ch03.respond(app, asked, SERVER, CLIENT)

    def respond(self, app, asked=None):
        """Return the Answer of respond."""
        asked = asked or request()
        return answer_of(self.sent(app, asked), asked.method)

    def test_it_returns_the_response_of_the_application(self):
        answer = self.respond(page)
        expect_served(answer, b"Hello\n", "What the application says is what the client gets.")
        expect_value((answer.reason, answer.values("X-App")), ("OK", ["page"]),
                     problem="status and headers are not those of the application",
                     why="What the application says is what the client gets.")
        expect_that(answer.values("Date") and answer.values("Connection"), "Date or Connection is missing",
                    "response_bytes adds what HTTP asks of every response, and the application left out.",
                    came_back=shown(answer.fields))

    def test_the_application_gets_the_environ_of_the_request(self):
        environs = []

        def application(environ, start_response):
            environs.append(dict(environ))
            return page(environ, start_response)

        asked = request("POST", [("content-length", "5"), ("x-shop", "books")], path=b"/a", query="b=1", body=b"hello")
        self.respond(application, asked)
        expect_that(len(environs) == 1, f"the application is called {len(environs)} times for one request",
                    'It is called once for each request (PEP 3333, section "The Server/Gateway Side").')
        wanted = {"REQUEST_METHOD": "POST", "PATH_INFO": "/a", "QUERY_STRING": "b=1", "HTTP_X_SHOP": "books",
                  "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "REMOTE_ADDR": "192.0.2.9"}
        expect_value({name: environs[0].get(name) for name in wanted}, wanted, likely={
            "the addresses of server and client have changed places":
                wanted | {"SERVER_NAME": "192.0.2.9", "SERVER_PORT": "50000", "REMOTE_ADDR": "127.0.0.1"},
        }, problem="the environ is not that of the request",
            why="build_environ takes the request, the server's address and the client's, in this order.")

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING)
    def test_an_application_that_fails_is_a_500(self, app):
        why = ("The client gets an answer, whatever happens, and it is the server's fault: 500 (RFC 9110 section "
               '15.6.1; PEP 3333, section "Error Handling").')
        with blaming("an error of the application comes out of respond", why):
            answer = self.respond(app)
        expect_that(answer.status == 500, f"an application that fails is answered with {answer.status}", why,
                    came_back=f"{answer.status} {answer.reason}", expected="500 Internal Server Error")

    def test_the_500_says_nothing_about_the_application(self):
        answer = self.respond(fails_at_once)
        told = answer.body.decode("utf-8", "replace")
        why = "Strangers read it: what went wrong inside is for the log (RFC 9110 section 15.6.1)."
        expect_that("Traceback" not in told, "the 500 shows the traceback to the client", why, came_back=shown(told))
        expect_that("1234" not in told and "Trouble" not in told, "the 500 tells the client what the exception says",
                    why, came_back=shown(told))

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING[:3])
    def test_the_traceback_goes_to_stderr(self, app, capsys):
        self.respond(app)
        out, err = capsys.readouterr()
        why = 'Without it nobody ever finds the mistake (PEP 3333, section "Error Handling").'
        expect_that("Traceback" not in out, "the traceback goes to stdout, not to stderr", why)
        expect_that("Trouble" in err, "stderr says nothing of the error", why, came_back=shown(err))
        expect_that("Traceback" in err and app.__name__ in err, "stderr has the error, but not where it happened", why,
                    came_back=shown(err))

    def test_an_application_that_fails_leaves_nothing_for_the_next(self):
        self.respond(fails_in_the_body)
        expect_served(self.respond(page), b"Hello\n", "One failure must not stop the server or show up elsewhere.")

    def test_ctrl_c_is_no_error_of_the_application(self):
        def application(environ, start_response):
            raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            self.respond(application)
            raise Diagnosis("Ctrl-C is answered with a response, and the server goes on",
                            why="Ctrl-C may come while the application runs, and must end the server all the same.")

    @pytest.mark.parametrize(("app", "status"), [
        pytest.param(page, 200, id="a page"),
        pytest.param(fails_at_once, 500, id="an error"),
    ])
    def test_the_response_to_head_has_no_body(self, app, status):
        answer = self.respond(app, request("HEAD"))
        expect_that(answer.status == status, f"HEAD is answered with {answer.status}, not {status}",
                    "HEAD is answered as GET is, but for the body (RFC 9110 section 9.3.2).")

    def test_the_response_to_head_tells_the_length_of_the_body(self):
        lengths = self.respond(page, request("HEAD")).values("Content-Length")
        expect_value(lengths, ["6"], likely={
            "the response to HEAD has the Content-Length 0": ["0"], "the response to HEAD has no Content-Length": [],
        }, problem="the response to HEAD has another Content-Length than that to GET",
            why="HEAD asks how long the page is, without the page (RFC 9110 sections 8.6 and 9.3.2).")

    @pytest.mark.clause(12)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_the_application_may_empty_its_environ(self, method):
        def application(environ, start_response):
            environ.clear()
            return page(environ, start_response)

        why = 'The environ is the application\'s to change (PEP 3333, section "Specification Details").'
        with blaming("respond fails for an application that empties its environ", why):
            data = self.sent(application, request(method))
        expect_kind(data, bytes, "the response is", BYTES)
        expect_that(method == "GET" or data.endswith(b"\r\n\r\n"),
                    "HEAD gets a body from an application that empties its environ",
                    "The environ is the application's to change, and by then it was empty: request.method tells you "
                    "that it was a HEAD.", came_back=shown_bytes(data))
        answer = answer_of(data, method)
        expect_that(answer.status == 200, f"the answer is {answer.status} if the application empties its environ", why)

    @pytest.mark.clause(21)
    def test_an_error_while_the_environ_is_built_is_a_500(self):
        asked = request()
        asked.path = None
        why = "A client is answered, whosever fault it is: what makes the environ stands in the `try` too."
        with blaming("an error of build_environ comes out of respond", why, request="one whose path is None"):
            answer = self.respond(page, asked)
        expect_that(answer.status == 500, f"an error of build_environ is answered with {answer.status}", why)

    def test_flask_reads_a_form(self):
        answer = self.respond(shop(), as_request(prepared("POST", "/form", data={"who": "你好"})))
        expect_served(answer, "你好 from 192.0.2.9".encode(), FLASK)

    def test_flask_finds_a_page_whose_name_is_not_ascii(self):
        answer = self.respond(shop(), as_request(prepared("GET", "/hello/你好")))
        expect_served(answer, "Hello, 你好".encode(), FLASK)

    def test_flask_answers_head(self):
        answer = self.respond(shop(), as_request(prepared("HEAD", "/hello/you")))
        expect_value((answer.status, answer.values("Content-Length")), (200, ["10"]),
                     problem="HEAD on a page of Flask is answered otherwise", why=FLASK)

    def test_flask_receives_a_file_with_all_256_bytes(self):
        answer = self.respond(shop(), as_request(prepared("POST", "/upload", files={"picture": ALL_BYTES})))
        expect_served(answer, ALL_BYTES, FLASK)
