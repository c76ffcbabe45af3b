"""Step 3.12 · respond: HEAD and other methods, and an environ that is emptied"""
import pytest

from tests.ch03_environ.applications import Trouble
from tests.ch03_environ.common import BYTES, request
from tests.ch03_environ.serving import answer_of, fails_at_once, fails_in_the_body, page, respond, sent_by
from tests.expect import blaming, expect_type, expect_value
from workshop.checking.diagnosis import expect_that, shown_bytes


@pytest.mark.usefixtures("stubs_before_respond")
@pytest.mark.step("3.12")
class TestRespond:
    @pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE", "head", "Head", "HEADS", "AHEAD"])
    def test_the_response_to_other_methods_has_a_body(self, method):
        data = sent_by(page, request(method))
        expect_type(data, bytes, "the response is", BYTES)
        expect_that(data.endswith(b"\r\n\r\nHello\n"), f"the response to {method} does not end with the body",
                    "Only the response to HEAD, in capitals, has none (RFC 9110 sections 9.1 and 9.3.2).",
                    came_back=shown_bytes(data))

    @pytest.mark.parametrize("method", ["GET", "head", "HEADS"])
    def test_a_500_for_other_methods_has_its_body(self, method):
        data = sent_by(fails_at_once, request(method))
        expect_type(data, bytes, "the response is", BYTES)
        expect_that(data.partition(b"\r\n\r\n")[2], f"the 500 for {method} has no body",
                    "Only the response to HEAD, in capitals, has none (RFC 9110 sections 9.1 and 9.3.2).",
                    came_back=shown_bytes(data), expected="what error_response returns, whole")

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

    @pytest.mark.clause(12)
    @pytest.mark.parametrize("method, other", [("GET", "HEAD"), ("HEAD", "GET")])
    def test_the_application_may_change_the_method_in_its_environ(self, method, other):
        def application(environ, start_response):
            environ["REQUEST_METHOD"] = other
            return page(environ, start_response)

        data = sent_by(application, request(method))
        expect_type(data, bytes, "the response is", BYTES)
        expect_that(data.endswith(b"\r\n\r\n" if method == "HEAD" else b"Hello\n"),
                    f"{method} is answered as {other} where the application puts {other} into its environ",
                    "The environ is the application's to change, and by then another method stood in it: "
                    "request.method tells what the client has sent.", came_back=shown_bytes(data))

    def test_the_application_is_told_that_it_is_a_head_request(self):
        methods = []

        def application(environ, start_response):
            methods.append(environ["REQUEST_METHOD"])
            return page(environ, start_response)

        respond(application, request("HEAD"))
        expect_value(methods, ["HEAD"], problem="the application does not get the method HEAD",
                     why="It may save itself the work for a body that nobody will see (RFC 9110 section 9.3.2).")

    @pytest.mark.clause(12, 21)
    def test_an_application_that_empties_its_environ_and_fails_is_a_500(self):
        def application(environ, start_response):
            environ.clear()
            raise Trouble("no database")

        why = "Nothing of the environ is sure to be there after the call, wsgi.errors too: sys.stderr is."
        with blaming("respond fails for an application that empties its environ and then fails", why):
            answer = respond(application)
        expect_that(answer.status == 500, f"the answer is {answer.status}, not 500", why)

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("app", [page, fails_at_once, fails_in_the_body])
    def test_the_request_stays_as_it_is(self, app, method):
        asked = request(method, [("content-length", "5"), ("x-shop", "books")], body=b"hello")
        before = repr(asked)
        respond(app, asked)
        expect_value(repr(asked), before, problem="respond changes the request",
                     why="It says what the client sent, whatever is answered, and chapter 4 asks it again after this.")
