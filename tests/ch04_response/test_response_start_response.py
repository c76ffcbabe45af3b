"""Step 4.4 · Response.start_response"""
import gc
import sys
import traceback
import weakref

import pytest

from tests.ch04_response.common import ApplicationFails, Noted, ch04, expect_refused, request_for
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import Connection


def exc_info_of(error):
    """Return what sys.exc_info() gives where error (an exception) is handled."""
    def the_application_fails():
        raise error

    try:
        the_application_fails()
    except type(error):
        return sys.exc_info()


OLD = ("200 OK", [("Content-Type", "text/html"), ("Content-Length", "1000"), ("Set-Cookie", "a=1")])
NEW = ("500 Oh Dear", [("Content-Type", "text/plain")])
WRONG_CALLS = {
    "a malformed status": (ValueError, "200", []),
    "a status that is no str": (TypeError, 200, []),
    "headers that are no list": (TypeError, "200 OK", (("A", "1"),)),
    "a header that is no tuple": (TypeError, "200 OK", [["A", "1"]]),
    "a value that is an int": (TypeError, "200 OK", [("Content-Length", 30)]),
    "a value with CR LF": (ValueError, "302 Found", [("Location", "/\r\nSet-Cookie: role=admin")]),
    "a Transfer-Encoding": (ValueError, "200 OK", [("Transfer-Encoding", "chunked")]),
}


def fresh_response():
    """Return a Response for which start_response was not called."""
    return Noted(ch04.Response(Connection(), request_for()), "response")


def state_of(response):
    """Return what start_response keeps."""
    return response.status, response.headers


@pytest.mark.step("4.4")
class TestStartResponse:
    @pytest.mark.clause(81)
    def test_it_returns_the_write_callable(self):
        response, written = fresh_response(), []
        response.write = written.append
        write = response.start_response(*NEW)
        expect_that(callable(write), "start_response does not return write", came_back=repr(write),
                    expected="self.write",
                    why="Old applications send their body by calling what start_response returns (PEP 3333, The "
                        "write() Callable).")
        write(b"hello")
        expect_same(written, [b"hello"], problem="what start_response returns is not self.write",
                    why="Bytes given to it are sent as if they were yielded (PEP 3333, The write() Callable).")

    @pytest.mark.clause(80, 91)
    def test_status_and_headers_are_kept(self):
        response = fresh_response()
        response.start_response(*OLD)
        expect_same(state_of(response), OLD, problem="self.status and self.headers are not what the application gave",
                    why="They are sent later, with the first block (PEP 3333, The start_response() Callable).")

    @pytest.mark.clause(91)
    def test_nothing_is_sent(self):
        response = fresh_response()
        response.start_response(*NEW)
        expect_same(response.connection.sent, b"", problem="start_response sends the head at once",
                    why="The application may still fail and start an error page instead (PEP 3333, The "
                        "start_response() Callable).")
        expect_that(not response.head_sent, "start_response says that the head was sent",
                    why="The head goes with the first block that is not empty.")

    @pytest.mark.clause(87)
    def test_the_application_cannot_add_headers_behind_your_back(self):
        response, headers = fresh_response(), [("Content-Type", "text/plain")]
        response.start_response("200 OK", headers)
        headers.append(("X-Late", "1\r\nSet-Cookie: role=admin"))
        expect_same(response.headers, [("Content-Type", "text/plain")],
                    problem="self.headers is the application's own list, and no copy",
                    why="What is added to that list after the call was checked by nobody; `self.checked` returns a "
                        "copy.")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(82, 84, 87, 89, 90)
    def test_what_is_wrong_is_raised_at_once(self, what):
        error, status, headers = WRONG_CALLS[what]
        expect_refused(error, lambda: fresh_response().start_response(status, headers),
                       problem=f"start_response accepts {what}",
                       why="Raised here, it points at the line of the application that made the mistake (PEP 3333, "
                           "The start_response() Callable).")

    @pytest.mark.clause(90)
    def test_a_call_that_is_refused_keeps_nothing(self):
        response = fresh_response()
        expect_refused(ValueError, lambda: response.start_response("200 OK", [("A:", "1")]),
                       problem="a wrong header is accepted", why="The headers are checked before anything is kept.")
        expect_same(state_of(response), (None, []), problem="something is kept of a call that was refused",
                    why="If the application carries on all the same, half a head would be sent.")

    @pytest.mark.clause(93)
    def test_a_second_call_without_exc_info_is_refused(self):
        response = fresh_response()
        response.start_response(*OLD)
        expect_refused(AssertionError, lambda: response.start_response(*NEW),
                       problem="a second call without exc_info is accepted",
                       why="Two parts of the application think that the response is theirs: that is a fatal error "
                           "(PEP 3333, The start_response() Callable).")
        expect_same(state_of(response), OLD, problem="a second call without exc_info replaces status and headers",
                    why="A call that is refused changes nothing.")

    @pytest.mark.clause(93, 94)
    def test_also_if_the_first_call_was_refused(self):
        response = fresh_response()
        expect_refused(ValueError, lambda: response.start_response("200", []), problem="a malformed status is accepted",
                       why="What is wrong is raised at once.")
        expect_refused(AssertionError, lambda: response.start_response(*NEW),
                       problem="after a first call that was refused, a second without exc_info is accepted",
                       why="The first call counts, even in vain: note it before you look at its arguments (PEP 3333, "
                           "The start_response() Callable).")

    @pytest.mark.clause(97)
    def test_with_exc_info_everything_is_replaced(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_same(response.status, NEW[0], problem="a second call with exc_info does not replace the status",
                    why="The application has failed, and what it says now is the truth (PEP 3333, The start_response() "
                        "Callable).")
        expect_same(response.headers, NEW[1], problem="old headers are still there after a call with exc_info",
                    why="The length and the cookies of the page that failed are wrong for the error page. gunicorn 27 "
                        "makes this mistake (PEP 3333, The start_response() Callable).")
        expect_same(response.length, None, problem="the length of the page that failed is remembered",
                    why="The error page has another body.")

    def test_the_first_call_may_have_exc_info(self):
        response = fresh_response()
        response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_same(state_of(response), NEW, problem="a first call with exc_info is not kept",
                    why="An application that fails early starts its error page with exc_info.")

    @pytest.mark.clause(98, 99)
    def test_after_the_head_the_application_s_error_is_raised_again(self):
        response, error = fresh_response(), ApplicationFails("half-way")
        response.start_response(*OLD)
        response.head_sent = True
        raised = expect_refused(ApplicationFails, lambda: response.start_response(*NEW, exc_info_of(error)),
                                problem="the application's error is not raised again after the head has gone",
                                why="It is too late for another head: the error ends the response (PEP 3333, The "
                                    "start_response() Callable).")
        expect_that(raised is error, "another exception is raised than the application's", came_back=repr(raised),
                    expected=repr(error), why="Whoever reads the log needs the error that happened.")
        functions = [frame.f_code.co_name for frame, _ in traceback.walk_tb(raised.__traceback__)]
        expect_that("the_application_fails" in functions, "the traceback does not lead to the application any more",
                    came_back=" → ".join(functions), why="The log is to show the line that failed: "
                    "`exc_info[1].with_traceback(exc_info[2])` keeps it.")
        expect_same(state_of(response), OLD, problem="status or headers are replaced after the head has gone",
                    why="The log tells what the client was sent.")

    @pytest.mark.clause(98)
    def test_after_the_head_not_even_a_wrong_status_hides_the_error(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.head_sent = True
        expect_refused(ApplicationFails, lambda: response.start_response("500", [], exc_info_of(ApplicationFails())),
                       problem="the application's error is not raised again after the head has gone",
                       why="It is too late for any status, so it does not matter whether this one is right: ask "
                           "self.head_sent first, and raise what has happened.")

    @pytest.mark.clause(93)
    def test_after_the_head_a_call_without_exc_info_is_refused(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.head_sent = True
        expect_refused(AssertionError, lambda: response.start_response(*NEW),
                       problem="a second call without exc_info is accepted",
                       why="A response has one head (PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("head_sent", [False, True], ids=["before the head", "after the head"])
    @pytest.mark.clause(101)
    def test_exc_info_is_let_go(self, head_sent):
        response = ch04.Response(Connection(), request_for())
        response.head_sent = head_sent
        gc.disable()
        try:
            error = self.failure_told_to(response.start_response)
            expect_that(error() is None, "a reference to exc_info is kept",
                        called="response.start_response(…, sys.exc_info())",
                        why="The traceback holds all variables of all functions that were running, a whole request "
                            "of memory: set exc_info to None in a finally clause (PEP 3333, The start_response() "
                            "Callable).")
        finally:
            gc.enable()

    @staticmethod
    def failure_told_to(start_response):
        """Fail, call start_response about it, forget the failure, and return a weak reference to the exception."""
        try:
            raise ApplicationFails
        except ApplicationFails as error:
            reference, exc_info = weakref.ref(error), sys.exc_info()
            try:
                start_response(*NEW, exc_info)
            except ApplicationFails:
                pass
            finally:
                del exc_info
        return reference
