"""Step 7.9 · Exchange.run"""
import asyncio

import pytest

from tests.ch07_asgi.exchanges import (
    answers,
    app_that,
    coroutine_of,
    exchange_for,
    expect_set,
    loses_its_client,
    note,
    run_through,
    sends_its_head,
    sent_by,
)
from tests.ch07_asgi.loops import finished
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes, without_insides

SCOPE = {"type": "http", "path": "/a"}
CALLED = "exchange.run(app, scope)"
CANCELLED = "With it the server ends a call that takes too long: it is no error, and `finally` sets self.ended."


def begun_call(exchange, app):
    """Return the task in which exchange.run has begun."""
    note(f"asyncio.create_task(exchange.run(<{app.__name__}>, scope))")
    return asyncio.ensure_future(coroutine_of(exchange.run(app, SCOPE), CALLED))


def cancelled(exchange, *deeds):
    """Have exchange.run cancelled while its application waits after some deeds; return the error that comes out."""
    async def waits(scope, receive, send):
        for deed in deeds:
            deed(exchange)
        await asyncio.sleep(1_000)

    async def server():
        call = begun_call(exchange, waits)
        await asyncio.sleep(1)
        call.cancel()
        await asyncio.wait([call], timeout=1)
        return "asyncio.CancelledError" if call.cancelled() else "nothing: it goes on, or returns"

    return finished(server())


def expect_quiet(exchange, sent, printed, case):
    """Fail unless sent is all that was sent, and nothing was printed."""
    expect_same(sent_by(exchange), sent, f"Nobody has made a mistake ({case}): there is nothing to add.",
                of="sent to the client", problem=f"something is sent besides the application's own ({case})")
    expect_that(not any(printed), f"something is printed ({case})", came_back="".join(printed)[-300:],
                why="The log is for errors, and there was none.")


@pytest.mark.step("7.9")
class TestRun:
    def test_the_application_is_called_with_scope_receive_and_send(self, capsys):
        exchange, given, sent = exchange_for(), [], []

        async def receive():
            return "a message"

        async def send(message):
            sent.append(message)

        async def app(s, r, w):
            given.extend([s, await r()])
            await w("an answer")
            exchange.ended.set()

        exchange.receive, exchange.send = receive, send
        run_through(exchange, app, "an application whose parameters have other names than usual", SCOPE)
        expect_that(given, "the application is not called with three arguments, by position", "Its parameters may have "
                    "any names.", came_out=without_insides(f"nothing\n{capsys.readouterr().err}".splitlines()[-1]),
                    expected="app(scope, self.receive, self.send)")
        expect_that(given[0] is SCOPE, "the application is not called with scope itself", came_back=repr(given[0]),
                    why="The server has made it, with what only the server knows.")
        expect_same((given[1], sent), ("a message", ["an answer"]), "The second is self.receive, the third self.send.",
                    problem="receive and send of the application are not those of the exchange")

    def test_the_application_is_called_once(self):
        exchange, called = exchange_for(), []
        run_through(exchange, app_that(exchange, answers, called.append), "an application that answers")
        expect_same(len(called), 1, "One request, one call.", problem="the application is not called once")

    def test_a_whole_answer_is_left_as_it_is(self, capsys):
        exchange, other = exchange_for(), exchange_for()
        answers(other)
        run_through(exchange, app_that(exchange, answers), "an application that answers")
        expect_quiet(exchange, sent_by(other), capsys.readouterr(), "an application that answers")
        expect_that(exchange.is_kept(), "the connection is not kept after a whole answer",
                    why="All has gone well: the next request may come.")

    def test_what_has_ended_need_not_be_whole(self, capsys):
        exchange, case = exchange_for(), "an answer that has ended, and has fewer bytes than it has promised"

        async def app(scope, receive, send):
            exchange.ended.set()

        run_through(exchange, app, case)
        expect_that(not any(capsys.readouterr()), f"something is printed ({case})", before="self.ended is set, and "
                    "self.response.whole is False", expected="nothing", why="Here only self.ended counts: is_kept asks "
                    "self.response.whole.")

    def test_an_application_may_go_on_after_its_answer(self, capsys):
        exchange, events = exchange_for(), []

        async def app(scope, receive, send):
            answers(exchange)
            await asyncio.sleep(5)
            events.append("the application has returned")

        run_through(exchange, app, "an application that goes on for 5 seconds after its answer")
        expect_same(events, ["the application has returned"], problem="run returns before the application does",
                    why="Await the call itself, not self.ended: it may have more to do, and an error there is to be "
                        "printed too.")
        expect_that(not any(capsys.readouterr()), "something is printed (an application that goes on after its answer)",
                    why="There was no error.")

    def test_nothing_has_ended_while_the_application_is_busy(self):
        exchange, seen = exchange_for(), []

        async def app(scope, receive, send):
            seen.append(exchange.ended.is_set())
            await asyncio.sleep(5)
            seen.append(exchange.ended.is_set())
            answers(exchange)

        run_through(exchange, app, "an application that answers after 5 seconds")
        expect_same(seen, [False, False], "Whoever waits for it would take the response for whole.",
                    problem="self.ended is set before the application has answered")

    def test_who_waits_for_the_end_goes_on(self):
        async def server(deeds):
            exchange = exchange_for()
            waiting = asyncio.ensure_future(exchange.ended.wait())
            await asyncio.sleep(1)
            await asyncio.wait([begun_call(exchange, app_that(exchange, *deeds))])
            await asyncio.sleep(1)
            return waiting.done()

        for deeds in [(answers,), (sends_its_head,), ()]:
            expect_that(finished(server(deeds)), "self.ended is another object than before", why="The server already "
                        "waits for the first one: set it, and make no new one.")

    @pytest.mark.parametrize("kind", ["a future", "an object with __await__"])
    def test_the_application_may_return_any_awaitable(self, kind, capsys):
        exchange = exchange_for()

        class Answer:
            def __await__(self):
                yield from asyncio.sleep(1).__await__()
                answers(exchange)

        async def answer():
            await Answer()

        def app(scope, receive, send):
            return Answer() if kind == "an object with __await__" else asyncio.ensure_future(answer())

        run_through(exchange, app, f"an application that returns {kind}")
        expect_that(b"500" not in sent_by(exchange), f"an application that returns {kind} is an error",
                    came_back=shown_bytes(sent_by(exchange)), why="An application is called, and what it returns is "
                    "awaited: `await` takes any awaitable (ASGI 3.0, Applications).")
        expect_that(not any(capsys.readouterr()), f"something is printed (an application that returns {kind})",
                    why="There was no error.")

    def test_many_run_at_once(self):
        exchanges = [exchange_for() for _ in range(3)]

        def app_for(exchange, seconds):
            async def app(scope, receive, send):
                await asyncio.sleep(seconds)
                answers(exchange)

            return app

        async def server():
            begin = asyncio.get_running_loop().time()
            await asyncio.gather(*(begun_call(exchange, app_for(exchange, seconds))
                                   for exchange, seconds in zip(exchanges, (3, 1, 2), strict=True)))
            return round(asyncio.get_running_loop().time() - begin)

        expect_same(finished(server()), 3, "Where one awaits, the others run.", problem="three calls of 3, 1 and 2 "
                    "seconds do not take 3 seconds in all")


@pytest.mark.step("7.9")
class TestRunCancelled:
    @pytest.mark.parametrize("deeds", [(), (sends_its_head,), (answers,), (loses_its_client,)],
                             ids=["before its head", "after its head", "after its answer", "when the client has gone"])
    def test_a_call_that_is_cancelled_ends(self, deeds, capsys):
        exchange, other = exchange_for(), exchange_for()
        for deed in deeds:
            deed(other)
        came = cancelled(exchange, *deeds)
        expect_same(came, "asyncio.CancelledError", CANCELLED, problem="a call that is cancelled does not let "
                    "CancelledError out")
        expect_set(exchange, "the call is cancelled")
        expect_quiet(exchange, sent_by(other), capsys.readouterr(), "the call is cancelled")

    def test_it_is_let_out_when_all_is_done(self):
        exchange, error = exchange_for(), asyncio.CancelledError("by the application")

        async def server():
            try:
                await coroutine_of(exchange.run(app_that(exchange, error=error), SCOPE), CALLED)
            except asyncio.CancelledError as raised:
                return raised, exchange.ended.is_set()

        note("await exchange.run(<an application that raises asyncio.CancelledError>, scope)")
        came, ended = finished(server()) or (None, None)
        expect_that(came is error, "CancelledError of the application is not let out", came_back=repr(came),
                    expected=f"{error!r} itself", why=CANCELLED)
        expect_that(ended, "CancelledError comes out before self.ended is set", CANCELLED)
