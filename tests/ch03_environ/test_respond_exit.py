"""Step 3.12 · respond: errors that are no Exception, and those of the server; what becomes of the environ"""
import asyncio
import io
import sys

import pytest

from tests.ch03_environ.applications import Blocks
from tests.ch03_environ.common import TEXT, request
from tests.ch03_environ.serving import fails_at_once, fails_in_the_body, page, respond, sent_by
from tests.expect import blaming, expect_raised
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import deepest_place, shown
from wsgi_contract.answer import BLANK_LINE

ENVIRON = ("From the call on, the environ is the application's, which may put anything into it: the traceback goes to "
           "sys.stderr, and the method is the request's (PEP 3333, section \"environ Variables\").")


class End(BaseException):
    """What nobody has heard of, and what is no Exception."""


@pytest.mark.usefixtures("stubs_before_respond", "no_log_of_before")
@pytest.mark.step("3.12")
class TestRespond:
    @pytest.mark.clause(21)
    @pytest.mark.parametrize("kind", [SystemExit, asyncio.CancelledError, GeneratorExit, End])
    @pytest.mark.parametrize("where", ["at once", "in the body"])
    def test_an_application_that_would_end_the_program_is_a_500(self, kind, where, capsys):
        def application(environ, start_response):
            start_response("200 OK", [*TEXT])
            if where == "at once":
                raise kind("the password is 1234")
            return Blocks(error=kind("the password is 1234"))

        how = ", as sys.exit does," if kind is SystemExit else ""
        why = (f"{kind.__name__} is a BaseException and no Exception, so `except Exception` does not catch it. An "
               f"application that raises it{how} must not end the server for all others: only KeyboardInterrupt may, "
               "which is you.")
        try:
            answer = respond(application)
        except kind as error:
            raise Diagnosis(f"the {kind.__name__} of an application comes out of respond",
                            came_out=f"{kind.__name__} is raised", expected="500 Internal Server Error",
                            place=deepest_place(error.__traceback__), why=why)
        expect_that(answer.status == 500, f"{kind.__name__} is answered with {answer.status}, not 500", why)
        expect_that(b"1234" not in answer.body and kind.__name__.encode() not in answer.body,
                    f"the 500 for a {kind.__name__} tells the client what was raised", came_back=shown(answer.body),
                    why="Strangers read it: what went wrong inside is for the log (RFC 9110 section 15.6.1).")
        err = capsys.readouterr().err
        expect_that("Traceback" in err and kind.__name__ in err, f"stderr says nothing of the {kind.__name__}",
                    "Nobody would ever find out why the page is a 500.", came_back=shown(err))

    @pytest.mark.parametrize("status", [1, 0, "no database"], ids=["1", "0", "a text"])
    def test_the_status_of_sys_exit_decides_nothing(self, status):
        def application(environ, start_response):
            sys.exit(status)

        why = "sys.exit of an application, with whatever status, must not end the server for all others."
        try:
            answer = respond(application)
        except SystemExit as error:
            raise Diagnosis(f"sys.exit({status!r}) of an application ends the server", why=why,
                            came_out="SystemExit is raised", expected="500 Internal Server Error",
                            place=deepest_place(error.__traceback__))
        expect_that(answer.status == 500, f"sys.exit({status!r}) is answered with {answer.status}, not 500", why)

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("where", ["at once", "in the body"])
    def test_ctrl_c_is_no_error_of_the_application(self, where, method):
        def application(environ, start_response):
            start_response("200 OK", [*TEXT])
            if where == "at once":
                raise KeyboardInterrupt
            return Blocks(error=KeyboardInterrupt())

        expect_raised(KeyboardInterrupt, lambda: sent_by(application, request(method)), others=(Exception, SystemExit),
                      problem="Ctrl-C is answered with a response, and the server goes on",
                      why="Ctrl-C may come while the application runs. It goes on to serve, which ends the server.")

    @pytest.mark.clause(21)
    def test_an_error_while_the_environ_is_built_is_a_500(self, capsys):
        asked = request()
        asked.path = None
        why = "A client is answered, no matter whose fault it is: what makes the environ stands in the `try` too."
        with blaming("an error of build_environ comes out of respond", why, request="one whose path is None"):
            answer = respond(page, asked)
        expect_that(answer.status == 500, f"an error of build_environ is answered with {answer.status}", why)
        err = capsys.readouterr().err
        expect_that("Traceback" in err, "stderr has no traceback of an error of build_environ",
                    "Nobody would ever find out why the page is a 500.", came_back=shown(err))

    @pytest.mark.clause(12, 21)
    @pytest.mark.parametrize("app", [page, fails_at_once, fails_in_the_body])
    def test_what_the_application_puts_into_its_environ_decides_nothing(self, app, capsys):
        def application(environ, start_response):
            environ.update(dict.fromkeys(environ, "HEAD") | {"wsgi.errors": errors})
            return app(environ, start_response)

        errors, changed = io.StringIO(), "the application puts 'HEAD' into it for each value, and for wsgi.errors " \
                                         "another stream"
        with blaming("respond fails where the application changes its environ", ENVIRON, environ=changed):
            came_back = sent_by(application, request())
        body, err = came_back.partition(BLANK_LINE)[2], capsys.readouterr().err
        expect_that(body, "for GET the body is lost where the application changes its environ", ENVIRON,
                    environ=changed)
        expect_that(app is page or ("Traceback" in err and "1234" in err), "the traceback does not go to stderr where "
                    "the application has put another stream into its environ", ENVIRON, environ=changed,
                    came_back=f"on stderr: {shown(err)}; in wsgi.errors: {shown(errors.getvalue())}")
