"""Step 3.12 · respond: errors that are no Exception, and those of the server"""
import asyncio

import pytest

from tests.ch03_environ.applications import Blocks
from tests.ch03_environ.common import TEXT, request
from tests.ch03_environ.serving import page, respond
from tests.expect import blaming, expect_raised
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import deepest_place, shown


@pytest.mark.usefixtures("stubs_before_respond", "no_log_of_before")
@pytest.mark.step("3.12")
class TestRespond:
    @pytest.mark.clause(21)
    @pytest.mark.parametrize("kind", [SystemExit, asyncio.CancelledError, GeneratorExit])
    @pytest.mark.parametrize("where", ["at once", "in the body"])
    def test_an_application_that_would_end_the_program_is_a_500(self, kind, where, capsys):
        def application(environ, start_response):
            start_response("200 OK", [*TEXT])
            if where == "at once":
                raise kind
            return Blocks(error=kind())

        how = ", as sys.exit does," if kind is SystemExit else ""
        why = (f"{kind.__name__} is a BaseException and no Exception, so `except Exception` does not catch it. An "
               f"application that raises it{how} must not end the server for all others: only KeyboardInterrupt may, "
               "which is you.")
        try:
            answer = respond(application)
        except kind as error:
            raise Diagnosis(f"the {kind.__name__} of an application comes out of respond",
                            came_back=f"{kind.__name__} is raised", expected="500 Internal Server Error",
                            place=deepest_place(error.__traceback__), why=why)
        expect_that(answer.status == 500, f"{kind.__name__} is answered with {answer.status}, not 500", why)
        err = capsys.readouterr().err
        expect_that("Traceback" in err and kind.__name__ in err, f"stderr says nothing of the {kind.__name__}",
                    "Nobody would ever find out why the page is a 500.", came_back=shown(err))

    def test_ctrl_c_is_no_error_of_the_application(self):
        def application(environ, start_response):
            raise KeyboardInterrupt

        expect_raised(KeyboardInterrupt, lambda: respond(application), others=(Exception, SystemExit),
                      problem="Ctrl-C is answered with a response, and the server goes on",
                      why="Ctrl-C may come while the application runs. It goes on to serve, which ends the server.")

    @pytest.mark.clause(21)
    def test_an_error_while_the_environ_is_built_is_a_500(self):
        asked = request()
        asked.path = None
        why = "A client is answered, no matter whose fault it is: what makes the environ stands in the `try` too."
        with blaming("an error of build_environ comes out of respond", why, request="one whose path is None"):
            answer = respond(page, asked)
        expect_that(answer.status == 500, f"an error of build_environ is answered with {answer.status}", why)
