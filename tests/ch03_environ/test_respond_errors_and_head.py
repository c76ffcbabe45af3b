"""Step 3.11 · respond: errors of the application, and the answer to HEAD"""
import contextlib

import pytest

from tests.ch03_environ.common import BYTES, request
from tests.ch03_environ.serving import (
    FAILING,
    answer_of,
    expect_served,
    fails_at_once,
    fails_in_the_body,
    page,
    respond,
    sent_by,
)
from tests.expect import blaming, expect_type, expect_value
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.tree import shown


@pytest.mark.usefixtures("stubs_before_respond")
@pytest.mark.step("3.11")
class TestRespond:
    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING)
    def test_an_application_that_fails_is_a_500(self, app):
        why = ("The client gets an answer, whatever happens, and it is the server's fault: 500 (RFC 9110 section "
               '15.6.1; PEP 3333, section "Error Handling").')
        with blaming("an error of the application comes out of respond", why):
            answer = respond(app)
        expect_that(answer.status == 500, f"an application that fails is answered with {answer.status}", why,
                    came_back=f"{answer.status} {answer.reason}", expected="500 Internal Server Error")

    def test_the_500_says_nothing_about_the_application(self):
        answer = respond(fails_at_once)
        text = answer.body.decode("utf-8", "replace")
        why = "Strangers read it: what went wrong inside is for the log (RFC 9110 section 15.6.1)."
        expect_that("Traceback" not in text, "the 500 shows the traceback to the client", why, came_back=shown(text))
        expect_that("1234" not in text and "Trouble" not in text, "the 500 tells the client what the exception says",
                    why, came_back=shown(text))

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING[:3])
    def test_the_traceback_goes_to_stderr(self, app, capsys):
        respond(app)
        out, err = capsys.readouterr()
        why = 'Without it nobody ever finds the mistake (PEP 3333, section "Error Handling").'
        expect_that("Traceback" not in out, "the traceback goes to stdout, not to stderr", why)
        expect_that("Trouble" in err, "stderr says nothing of the error", why, came_back=shown(err))
        expect_that("Traceback" in err and app.__name__ in err, "stderr has the error, but not where it happened", why,
                    came_back=shown(err))

    def test_an_application_that_fails_leaves_nothing_for_the_next(self):
        respond(fails_in_the_body)
        expect_served(respond(page), b"Hello\n", "One failure must not stop the server or show up elsewhere.")

    def test_ctrl_c_is_no_error_of_the_application(self):
        def application(environ, start_response):
            raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            respond(application)
            raise Diagnosis("Ctrl-C is answered with a response, and the server goes on",
                            why="Ctrl-C may come while the application runs, and must end the server all the same.")

    @pytest.mark.parametrize(("app", "status"), [
        pytest.param(page, 200, id="a page"),
        pytest.param(fails_at_once, 500, id="an error"),
    ])
    def test_the_response_to_head_has_no_body(self, app, status):
        answer = respond(app, request("HEAD"))
        expect_that(answer.status == status, f"HEAD is answered with {answer.status}, not {status}",
                    "HEAD is answered as GET is, but for the body (RFC 9110 section 9.3.2).")

    def test_the_response_to_head_tells_the_length_of_the_body(self):
        lengths = respond(page, request("HEAD")).values("Content-Length")
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
            data = sent_by(application, request(method))
        expect_type(data, bytes, "the response is", BYTES)
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
        why = "A client is answered, no matter whose fault it is: what makes the environ stands in the `try` too."
        with blaming("an error of build_environ comes out of respond", why, request="one whose path is None"):
            answer = respond(page, asked)
        expect_that(answer.status == 500, f"an error of build_environ is answered with {answer.status}", why)
