"""Step 4.4 · Response.start_response: exc_info is not kept"""
import gc
import sys
import weakref

import pytest

from tests.ch04_response.common import NEW, WRONG_CALLS, ApplicationFails, ch04, request_for
from workshop.checking.diagnosis import expect_that
from workshop.checking.transport import Connection


class Ends(BaseException):
    """What is no Exception, and weak references may point to."""


@pytest.mark.step("4.4")
class TestStartResponse:
    @staticmethod
    def failure_given_to(start_response, kind):
        """Fail, call start_response about it, forget the failure, and return a weak reference to the exception."""
        try:
            raise kind
        except kind as error:
            reference, exc_info = weakref.ref(error), sys.exc_info()
            try:
                start_response(*NEW, exc_info)
            except kind:
                pass
            finally:
                del exc_info
        return reference

    @pytest.mark.parametrize("kind", [ApplicationFails, Ends], ids=["an Exception", "a BaseException"])
    @pytest.mark.parametrize("head_sent", [False, True], ids=["before the head", "after the head"])
    @pytest.mark.clause(101)
    def test_no_reference_to_exc_info_is_kept(self, head_sent, kind):
        response = ch04.Response(Connection(), request_for())
        response.head_sent = head_sent
        gc.disable()
        try:
            error = self.failure_given_to(response.start_response, kind)
            expect_that(error() is None, "a reference to exc_info is kept", exc_info=f"of {kind.__name__}, which is "
                        f"{'an Exception' if issubclass(kind, Exception) else 'no Exception, as SystemExit is none'}",
                        called=f"response.start_response(…, sys.exc_info())\n# a Response with head_sent={head_sent}",
                        why="The traceback holds all variables of all functions that were running, a whole request "
                            "of memory: set exc_info to None in a finally clause, which is run too where you raise "
                            "(PEP 3333, The start_response() Callable). So must every other name be that you give to "
                            "one of its parts; exc_info[1] needs none.")
        finally:
            gc.enable()

    @staticmethod
    def refusal_of(response, status, headers):
        """Fail, call start_response about it in vain, and return a weak reference to the failure, and the refusal."""
        try:
            raise ApplicationFails
        except ApplicationFails as error:
            reference, exc_info = weakref.ref(error), sys.exc_info()
        try:
            response.start_response(status, headers, exc_info)
        except (TypeError, ValueError) as refusal:
            return reference, refusal
        finally:
            del exc_info
        return reference, None

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(101)
    def test_no_reference_to_exc_info_is_kept_where_the_call_is_refused(self, what):
        response, (_, status, headers) = ch04.Response(Connection(), request_for()), WRONG_CALLS[what]
        gc.disable()
        try:
            error, refusal = self.refusal_of(response, status, headers)
            expect_that(error() is None, f"a reference to exc_info is kept where the call is refused: {what}",
                        called=f"response.start_response({status!r}, {headers!r}, sys.exc_info())",
                        raised=repr(refusal), expected="no variable of yours holds exc_info any more",
                        why="The exception that refuses the call has a traceback, and with it the variables of your "
                            "function, exc_info too. Let `try: … finally: exc_info = None` stand around all that may "
                            "raise, check_status and self.checked too.")
        finally:
            gc.enable()
