"""Step 7.9 · Exchange.run: errors, and clients that leave"""
import asyncio

import pytest

from tests.ch07_asgi.exchanges import (
    SECRET,
    NoError,
    answers,
    app_that,
    begins,
    exchange_for,
    loses_its_client,
    run_through,
    sends_its_head,
    sent_by,
)
from tests.expect import each_family, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from wsgi_contract.answer import read_answer

LEFT = "The client has gone: there is nobody to answer, and nothing to repair."
LOG = "Whoever repairs the application learns of it from stderr alone: `self.fail()` prints it, where it is handled."


def failing_call(scope, receive, send):
    """An application that fails in its call: nothing is there to be awaited."""
    raise RuntimeError(SECRET)


def no_coroutine(scope, receive, send):
    """An application written with `def` in place of `async def`."""


def expect_500(exchange, case):
    """Fail unless the client got an answer 500, and no other."""
    sent = sent_by(exchange)
    expect_that(sent, f"nothing is answered ({case})", why="No head has gone: the client can still be told that "
                "something is wrong. `self.fail()` does it, unless self.ended is set already: set that after it.")
    expect_same(read_answer(sent).status, 500, "The client did nothing wrong; 500 says so (RFC 9110 section 15.6.1).",
                problem=f"an error before the head is not answered with 500 ({case})")
    expect_that(b"session=7" not in sent, f"the 500 has headers of the answer that failed ({case})",
                came_back=shown_bytes(sent), why="Nothing of that answer is true any more.")


def expect_told(printed, text, case):
    """Fail unless stderr has one traceback, with text in it, and stdout has nothing."""
    expect_that("NoneType: None" not in printed.err, f"a traceback is printed where no exception is handled ({case})",
                stderr=printed.err, why="traceback.print_exc() shows the exception that is handled: call "
                "self.fail() in `except`.")
    expect_that("Traceback" in printed.err and text in printed.err, f"no traceback is on stderr ({case})", LOG,
                came_back=printed.err or "nothing on stderr")
    expect_that(not text or printed.err.count(text) == 1, f"the traceback is printed more than once ({case})", LOG)
    expect_same(printed.out, "", LOG, problem=f"something is printed on stdout ({case})")


def expect_no_more(exchange, deed, case):
    """Fail if anything was sent besides what deed sends."""
    other = exchange_for()
    deed(other)
    expect_same(sent_by(exchange), sent_by(other), "The head has gone: a client takes all that follows for part of the "
                "page. Where its end is missing, the client notices (RFC 9112 section 8).", of="sent to the client",
                problem=f"something is sent after the head has gone ({case})")


@pytest.mark.step("7.9")
class TestRun:
    @pytest.mark.parametrize("case", ["in its call", "at once", "after its start"])
    def test_an_error_before_the_head_is_a_500(self, case, capsys):
        exchange, deeds = exchange_for(), [begins] if case == "after its start" else []
        app = failing_call if case == "in its call" else app_that(exchange, *deeds, error=RuntimeError(SECRET))
        run_through(exchange, app, f"an application that fails {case}")
        expect_500(exchange, f"an application that fails {case}")
        expect_told(capsys.readouterr(), SECRET, f"an application that fails {case}")

    def test_an_error_after_the_head_is_printed_only(self, capsys):
        exchange, case = exchange_for(), "an application that fails after its head"
        run_through(exchange, app_that(exchange, sends_its_head, error=RuntimeError(SECRET)), case)
        expect_no_more(exchange, sends_its_head, case)
        expect_told(capsys.readouterr(), SECRET, case)
        expect_that(not exchange.is_kept(), "the connection is kept after half an answer",
                    why="The client still waits for the rest: only the end of the connection says that none comes.")

    def test_an_error_after_the_end_is_printed_only(self, capsys):
        exchange, case = exchange_for(), "an application that fails after its answer"
        run_through(exchange, app_that(exchange, answers, error=RuntimeError(SECRET)), case)
        expect_no_more(exchange, answers, case)
        expect_told(capsys.readouterr(), SECRET, case)
        expect_that(exchange.is_kept(), "the connection is not kept where the error comes after a whole answer",
                    why="The client has all of it: print the traceback only. `self.fail()` asks for self.ended before "
                        "it touches the response.")

    @each_family(ours="ch07_asgi", more=(NoError, AssertionError, StopAsyncIteration))
    def test_whatever_is_raised_is_an_error(self, kind, capsys):
        exchange, case = exchange_for(), f"an application that raises {kind.__name__}"
        run_through(exchange, app_that(exchange, error=kind(SECRET)), case)
        expect_500(exchange, case)
        expect_told(capsys.readouterr(), SECRET, case)

    @pytest.mark.parametrize("deeds", [(), (begins,)], ids=["at once", "after its start"])
    def test_an_application_that_returns_without_an_answer_is_an_error(self, deeds, capsys):
        exchange, case = exchange_for(), "an application that returns before its head"
        run_through(exchange, app_that(exchange, *deeds), case)
        expect_500(exchange, case)
        expect_told(capsys.readouterr(), "", case)

    def test_an_application_that_returns_after_half_an_answer_is_an_error(self, capsys):
        exchange, case = exchange_for(), "an application that returns after its head"
        run_through(exchange, app_that(exchange, sends_its_head), case)
        expect_no_more(exchange, sends_its_head, case)
        expect_told(capsys.readouterr(), "", case)
        expect_that(not exchange.is_kept(), "the connection is kept after half an answer",
                    why="The client still waits for the rest: only the end of the connection says that none comes.")

    def test_an_application_that_is_no_coroutine_is_an_error(self, capsys):
        exchange, case = exchange_for(), "an application written with `def`"
        run_through(exchange, no_coroutine, case)
        expect_500(exchange, case)
        expect_told(capsys.readouterr(), "", case)

    @pytest.mark.parametrize("kind", [None, OSError, RuntimeError, SystemExit, NoError])
    def test_when_the_client_has_gone_an_error_is_none(self, kind, capsys):
        for deeds in [(loses_its_client,), (sends_its_head, loses_its_client)]:
            exchange, other = exchange_for(), exchange_for()
            for deed in deeds:
                deed(other)
            app = app_that(exchange, *deeds, error=kind and kind(SECRET))
            run_through(exchange, app, "when the client has gone")
            expect_same(sent_by(exchange), sent_by(other), LEFT, of="sent to the client",
                        problem="something is sent to a client that has gone")
        printed = "".join(capsys.readouterr())
        expect_that(not printed, "something is printed where the client has gone", LEFT,
                    came_back="\n".join(printed.splitlines()[-4:]))

    def test_a_client_may_leave_before_its_answer_500(self):
        exchange = exchange_for()
        exchange.streams.writer.write = raising(ConnectionResetError("the client has left"))
        run_through(exchange, app_that(exchange, error=RuntimeError(SECRET)), "the 500 cannot be sent")

    def test_an_error_of_one_call_leaves_the_others_alone(self, capsys):
        one, other = exchange_for(), exchange_for()
        run_through(one, app_that(one, error=RuntimeError(SECRET)), "an application that fails at once")
        expect_that(not (other.ended.is_set() or sent_by(other) or other.gone), "an error in one exchange changes "
                    "another one", why="Each client gets its own answer: what is kept belongs to self.")

    def test_an_error_after_a_wait_is_an_error_too(self, capsys):
        exchange, case = exchange_for(), "an application that fails 5 seconds after its answer"

        async def app(scope, receive, send):
            answers(exchange)
            await asyncio.sleep(5)
            raise RuntimeError(SECRET)

        run_through(exchange, app, case)
        expect_no_more(exchange, answers, case)
        expect_told(capsys.readouterr(), SECRET, case)
