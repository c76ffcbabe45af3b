"""Step 3.12 · respond: errors of the application"""
import re

import pytest

from tests.ch03_environ.applications import name_of
from tests.ch03_environ.common import BYTES, request
from tests.ch03_environ.serving import (
    FAILING,
    expect_served,
    fails_in_the_body,
    page,
    respond,
    sent_by,
)
from tests.expect import blaming, expect_type
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import shown

OWN = {
    "loses_its_database": "the application's own ConnectionError",
    "refuses_as_the_server_does": "the application's own BadRequest",
    "finds_a_client_gone": "the application's own ClientGone",
    "finds_a_head_too_large": "the application's own HeadTooLarge",
}  # what stderr must tell of, where a version may go by the class of the error
OF_ITS_OWN = "Whatever its class and its status, an exception of the application is the application's own: 500"
WHYS = {
    "speaks_latin_only": "The head can't be sent: what raises that is response_bytes, which belongs into the `try`",
    "loses_its_database": "The application has lost its database, and your client is still there: 500",
    "refuses_as_the_server_does": OF_ITS_OWN,
    "finds_a_client_gone": "Another server has hung up on the application, and your client is still there: 500",
    "finds_a_head_too_large": OF_ITS_OWN,
    "looks_for_a_page": OF_ITS_OWN,
}  # why some of the applications in FAILING get a 500


@pytest.mark.usefixtures("stubs_before_respond", "no_log_of_before")
@pytest.mark.step("3.12")
class TestRespond:
    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING)
    def test_an_application_that_fails_is_a_500(self, app):
        why = WHYS.get(name_of(app), "The client gets an answer, whatever happens, and it is the server's fault: 500")
        why += ' (RFC 9110 section 15.6.1; PEP 3333, section "Error Handling").'
        with blaming("an error of the application comes out of respond", why):
            answer = respond(app)
        expect_that(answer.status == 500, f"an application that fails is answered with {answer.status}", why,
                    came_back=f"{answer.status} {answer.reason}", expected="500 Internal Server Error")
        missing = [name for name in ("Content-Length", "Date") if not answer.values(name)]
        expect_that(not missing, f"the 500 lacks its {' and its '.join(missing)}",
                    "It is a response like others, and error_response makes a whole one (RFC 9110 section 6.6.1).",
                    came_back=shown(answer.fields))

    @pytest.mark.parametrize("app", [*FAILING[:3], *FAILING[5:]])
    def test_the_500_says_nothing_about_the_application(self, app):
        data = sent_by(app, request())
        expect_type(data, bytes, "the response is", BYTES)
        text = data.decode("utf-8", "replace")
        why = "Strangers read it: what went wrong inside is for the log (RFC 9110 section 15.6.1)."
        expect_that("Traceback" not in text, "the 500 shows the traceback to the client", why, came_back=shown(text))
        told = re.search(rf".*(1234|Trouble|{name_of(app)}|\w+\.py).*", text)
        what = {"1234": "what the exception says", "Trouble": "the name of the exception's class, Trouble"}
        what = told and what.get(told[1], f"a name from the code, {told[1]}")
        expect_that(not told, f"the 500 tells the client {what}", why, came_back=told and shown(told[0]))

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("app", [*FAILING[:3], *FAILING[5:]])
    def test_the_traceback_goes_to_stderr(self, app, method, capsys):
        sent_by(app, request(method))
        out, err = capsys.readouterr()
        why = 'Without it nobody ever finds the mistake (PEP 3333, section "Error Handling").'
        expect_that("Traceback" not in out, "the traceback goes to stdout, not to stderr", why)
        of_what = OWN.get(name_of(app), "the error")
        of_what += " where the request is HEAD" if method == "HEAD" else ""
        expect_that("1234" in err, f"stderr says nothing of {of_what}", why, came_back=shown(err))
        expect_that("Traceback" in err and app.__name__ in err, "stderr has the error, but not where it happened", why,
                    came_back=shown(err))

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("app", FAILING[3:5])
    def test_an_error_after_the_call_goes_to_stderr_too(self, app, capsys):
        sent_by(app, request())
        err = capsys.readouterr().err
        expect_that("Traceback" in err, "stderr has no traceback of an error that is raised after the application's "
                    "call", "The application is at fault, and nobody would ever find out: whatever is raised by any "
                    'of this is printed (PEP 3333, section "Error Handling").', came_back=shown(err))

    def test_an_application_that_fails_leaves_nothing_for_the_next(self):
        respond(fails_in_the_body)
        expect_served(respond(page), b"Hello\n", "One failure must not stop the server or show up elsewhere.")
