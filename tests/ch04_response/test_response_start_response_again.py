"""Step 4.4 · Response.start_response: a second call, with and without exc_info"""
import sys
import traceback

import pytest

from tests.ch04_response.common import NEW, OLD, WRONG_CALLS, ApplicationFails, fresh_response, state_of
from tests.expect import blaming, each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import expect_same, expect_that


def exc_info_of(error):
    """Return what sys.exc_info() gives where error (an exception) is handled."""
    def the_application_fails():
        raise error

    try:
        the_application_fails()
    except type(error):
        return sys.exc_info()


@pytest.mark.step("4.4")
class TestStartResponse:
    @pytest.mark.clause(93)
    def test_a_second_call_without_exc_info_is_refused(self):
        response = fresh_response()
        response.start_response(*OLD)
        expect_raised(AssertionError, lambda: response.start_response(*NEW),
                      problem="a second call without exc_info is accepted",
                      why="Two parts of the application think that the response is theirs: that is a fatal error "
                          "(PEP 3333, The start_response() Callable).")
        expect_same(state_of(response), OLD, of="self.status, self.headers",
                    problem="a second call without exc_info replaces status and headers",
                    why="A call that is refused changes nothing.")

    def refused(self, what):
        """Return a Response after a first call that was refused, and that call as it is told."""
        response, (error, status, headers) = fresh_response(), WRONG_CALLS[what]
        expect_raised(error, lambda: response.start_response(status, headers), problem=f"{what} is accepted",
                      why="What is wrong is raised at once.")
        return response, f"response.start_response({status!r}, {headers!r}), which was refused with {error.__name__}"

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(93, 94)
    def test_a_first_call_that_was_refused_counts_too(self, what):
        response, before = self.refused(what)
        expect_raised(AssertionError, lambda: response.start_response(*NEW),
                      problem="after a first call that was refused, a second without exc_info is accepted",
                      before=before,
                      why="The first call counts, even in vain, whatever was wrong with it: note it before you look at "
                          "its arguments (PEP 3333, The start_response() Callable).")

    @pytest.mark.clause(97)
    @each_family(ours="ch04_response")
    def test_a_first_call_that_was_broken_off_counts_too(self, kind):
        response, error = fresh_response(), kind("while the headers are looked at")
        response.checked = raising(error)
        expect_let_out(error, lambda: response.start_response(*NEW), "what self.checked raises is swallowed",
                       "The application that called start_response is to know.")
        expect_that(response.started, f"self.started is false after a call in which {kind.__name__} was raised",
                    raised=f"{error!r}, by self.checked", why="It says whether start_response was called, even if the "
                    "call came to nothing: set it before you call what may raise.")
        expect_same(state_of(response), (None, []), of="self.status, self.headers",
                    problem="something is kept of a call that was broken off",
                    why="Set both when both have been found right.")

    def test_with_exc_info_everything_is_replaced(self):
        response = fresh_response()
        response.start_response(*OLD)
        write = response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_that(callable(write), "start_response does not return write when it is called with exc_info",
                    came_back=repr(write), expected="self.write",
                    why="The application may write its error page as it has written others (PEP 3333, The write() "
                        "Callable).")
        expect_same(response.status, NEW[0], of="self.status",
                    problem="a second call with exc_info does not replace the status",
                    why="The application has failed, and what it says now is the truth (PEP 3333, The start_response() "
                        "Callable).")
        expect_same(response.headers, NEW[1], of="self.headers",
                    problem="old headers are still there after a call with exc_info",
                    why="The length and the cookies of the page that failed are wrong for the error page. gunicorn 27 "
                        "makes this mistake (PEP 3333, The start_response() Callable).")
        expect_same(response.length, None, of="self.length", problem="the length of the page that failed is remembered",
                    why="The error page has another body.")

    @pytest.mark.clause(97)
    def test_with_exc_info_no_headers_take_the_place_of_the_old_ones_too(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.start_response("500 Oh Dear", [], exc_info_of(ApplicationFails()))
        expect_same(response.headers, [], problem="old headers are still there after a call with exc_info",
                    why="The second call has given an empty list, and that replaces the old headers like any other "
                        "(PEP 3333, The start_response() Callable).")

    def test_the_first_call_may_have_exc_info(self):
        response = fresh_response()
        response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_same(state_of(response), NEW, of="self.status, self.headers",
                    problem="a first call with exc_info is not kept",
                    why="An application that fails early starts its error page with exc_info.")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(94, 97)
    def test_after_a_first_call_that_was_refused_one_with_exc_info_is_accepted(self, what):
        response, before = self.refused(what)
        with blaming("after a first call that was refused, one with exc_info is refused too", before=before,
                     expected="it is accepted: only a call without exc_info is refused then",
                     why="The application hears of its mistake by an exception, and may start an error page for it "
                         "(PEP 3333, The start_response() Callable)."):
            response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_same(state_of(response), NEW, problem="a call with exc_info is not kept", before=before,
                    why="What was refused has left nothing, and the error page is the response.")

    @pytest.mark.clause(93)
    def test_a_first_call_with_exc_info_counts_too(self):
        response = fresh_response()
        response.start_response(*NEW, exc_info_of(ApplicationFails()))
        expect_raised(AssertionError, lambda: response.start_response(*OLD),
                      problem="after a first call with exc_info, a second without it is accepted",
                      before="response.start_response(…, sys.exc_info()), the first call",
                      why="A first call is a first call, with exc_info or without: set self.started in each (PEP 3333, "
                          "The start_response() Callable).")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    def test_a_call_with_exc_info_that_is_refused_changes_nothing(self, what):
        response, (error, status, headers) = fresh_response(), WRONG_CALLS[what]
        response.start_response(*OLD)
        expect_raised(error, lambda: response.start_response(status, headers, exc_info_of(ApplicationFails())),
                      problem="a wrong call is accepted because it has exc_info",
                      why="With exc_info the rules for status and headers are the same.")
        expect_same(state_of(response), OLD, of="self.status, self.headers",
                    problem="a call with exc_info that is refused changes status or headers",
                    why="The new ones replace the old together, once both are right: half of a head is none.")

    @pytest.mark.clause(98, 99)
    def test_after_the_head_the_application_s_error_is_raised_again(self):
        response, error = fresh_response(), ApplicationFails("half-way")
        response.start_response(*OLD)
        response.head_sent = True
        exc_info = exc_info_of(error)
        error.__traceback__ = None  # who has stored an exception may have cut it off; exc_info[2] is what counts
        raised = expect_raised(ApplicationFails, lambda: response.start_response(*NEW, exc_info),
                               problem="the application's error is not raised again after the head has gone",
                               why="It is too late for another head: the error ends the response (PEP 3333, The "
                                   "start_response() Callable).")
        expect_that(raised is error, "another exception is raised than the application's",
                    came_back=f"a new one, {raised!r}", expected="exc_info[1] itself, with its traceback",
                    why="A new exception, even of the same class, lacks what was in the old one. Whoever reads the log "
                        "needs the error that happened.")
        functions = [frame.f_code.co_name for frame, _ in traceback.walk_tb(raised.__traceback__)]
        expect_that("the_application_fails" in functions, "the traceback does not lead to the application any more",
                    came_back=f"a traceback that ends in {functions[-1]}",
                    expected="one that ends in the function of the application that has failed",
                    why="The log is to show the line that failed: `exc_info[1].with_traceback(exc_info[2])` keeps it.")
        expect_same(state_of(response), OLD, of="self.status, self.headers",
                    problem="status or headers are replaced after the head has gone",
                    why="The log tells what the client was sent.")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(98)
    def test_after_the_head_not_even_a_wrong_call_hides_the_error(self, what):
        response, (_, status, headers) = fresh_response(), WRONG_CALLS[what]
        response.start_response(*OLD)
        response.head_sent = True
        expect_raised(ApplicationFails, lambda: response.start_response(
                          status, headers, exc_info_of(ApplicationFails())),
                      problem="the application's error is not raised again after the head has gone",
                      why="It is too late for any status and headers, so it does not matter whether these are right: "
                          "ask self.head_sent first, and raise what has happened.")

    @pytest.mark.clause(93)
    def test_after_the_head_a_call_without_exc_info_is_refused(self):
        response = fresh_response()
        response.start_response(*OLD)
        response.head_sent = True
        expect_raised(AssertionError, lambda: response.start_response(*NEW),
                      problem="a second call without exc_info is accepted",
                      why="Without exc_info there is nothing to raise again: it is a second call, refused before and "
                          "after the head has gone (PEP 3333, The start_response() Callable).")
