"""Step 4.13 · answer_with: the iterable is closed"""
import pytest

from tests.ch04_response.applications import (
    NoException,
    Page,
    app_returning,
    handled,
    handled_in_spite_of,
    log_lines,
)
from tests.ch04_response.common import ApplicationFails
from tests.expect import HANDED_ON, HandsOn, each_family, expect_let_out, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection

FAILURE = "an error in the iteration"
ERRORS = {"sys.exit in the iteration": SystemExit,
          "a GeneratorExit in the iteration": GeneratorExit,
          "a BaseException of the application's own in the iteration": NoException}


@pytest.mark.step("4.13")
class TestAnswerWith:
    @pytest.mark.parametrize("case", ["success", FAILURE, "a client that leaves", *ERRORS])
    @pytest.mark.clause(74, 75, 76)
    def test_the_iterable_is_closed_once_after(self, case):
        events, error = [], ApplicationFails() if case == FAILURE else ERRORS.get(case, lambda: None)()
        connection = Connection(breaks=20 if case == "a client that leaves" else None)
        handled_in_spite_of(case, app_returning(Page(events, error=error)), connection)
        closings = events.count(("iterable closed",))
        expect_that(closings, f"close() of the iterable is not called after {case}",
                    why="The application frees there what the page has needed, a file or a database (PEP 3333, "
                        "Specification Details).")
        expect_same(closings, 1, problem="close() of the iterable is called more than once",
                    why="Once is what an application can count on.")

    def test_an_empty_iterable_is_closed_too(self):
        class Empty(list):
            closed = False

            def __repr__(self):
                return "<an empty list with a close>"

            def close(self):
                self.closed = True

        empty = Empty()
        handled(app_returning(empty))
        expect_that(empty.closed, "close() of an iterable without blocks is not called",
                    why="An empty list is false, and may have a close all the same: ask with hasattr alone.")

    @pytest.mark.clause(74)
    def test_close_may_be_an_attribute_of_the_object(self):
        class Blocks(list):
            """A list that may have attributes."""

        closings, blocks = [], Blocks([b"hello"])
        blocks.close = lambda: closings.append("closed")
        handled(app_returning(blocks))
        expect_same(closings, ["closed"], problem="a close that the iterable's class does not know is not called, once",
                    why="The iterable has it as an attribute of its own: ask the object with hasattr, not its class.")

    @pytest.mark.clause(74)
    def test_close_may_be_handed_on_from_another_object(self):
        events = []
        handled(app_returning(HandsOn(Page(events))))
        expect_same(events.count(("iterable closed",)), 1, returned=HANDED_ON, of="calls of its close",
                    problem="a close that only the iterable's __getattr__ finds is not called, once",
                    why="hasattr finds it, as it finds each attribute; dir(), vars() and the class do not.")

    @pytest.mark.clause(74)
    def test_the_iterable_is_closed_when_everything_is_sent_and_logged(self, capsys):
        events, connection = [], Connection()
        page = Page(events)
        page.close = lambda: events.append((connection.sent, capsys.readouterr().err))
        handled(app_returning(page), connection=connection)
        expect_that(events and isinstance(events[-1][0], bytes), "close() of the iterable is not called",
                    why="PEP 3333, Specification Details.")
        sent, printed = events[-1]
        expect_that(sent.endswith(b"0\r\n\r\n"), "the iterable is closed before the last chunk is sent",
                    sent=shown_bytes(sent),
                    why="close() may take its time, and the client is to have the whole response first.")
        expect_that(log_lines(printed), "the iterable is closed before the access log is written",
                    stderr=printed or "(nothing)",
                    why="That is the order of gunicorn: if close() fails, the request is in the log all the same.")

    @each_family(ours="ch04_response")
    def test_what_close_raises_reaches_the_caller(self, kind):
        page, error = Page([]), kind("close fails")
        page.close = raising(error)
        expect_let_out(error, lambda: handled(app_returning(page)),
                       f"what the iterable's close raises is swallowed ({kind.__name__})",
                       why="It is a mistake of the application's, and serve reports it. Ask with hasattr whether there "
                           "is a close, and catch nothing of what it raises.")

    def test_ctrl_c_reaches_the_caller_and_the_iterable_is_closed(self):
        events, error = [], KeyboardInterrupt()
        expect_let_out(error, lambda: handled(app_returning(Page(events, error=error))), "Ctrl-C is swallowed",
                       "It ends the server: all else is the application's.")
        expect_that(("iterable closed",) in events, "close() of the iterable is not called after Ctrl-C",
                    why="It is called in every case.")
