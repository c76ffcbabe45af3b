"""Step 7.6 · Exchange.send"""
import asyncio

import pytest

from tests.ch07_asgi.streams_below import (
    DISCONNECTED,
    END,
    START,
    awaited,
    cancelled,
    ch07,
    exchange_over,
    expect_cancelled,
    noting,
    raised_in,
    run,
    seconds_passed,
    state_of,
    wire_to,
    working,
)
from tests.expect import expect_let_out
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged

HELD_UP = ("An application that makes more than a client reads is held up by its `await send(…)`. Nothing else keeps "
           "what it makes from filling the memory.")
KINDS = {"start": START, "add": END}  # the method that does what the message says -> the message
each_kind = pytest.mark.parametrize("name", KINDS)
GONE = ("So an application learns that nobody reads what it makes, and can stop (ASGI, \"Disconnected Client - send "
        "exception\").")
LOST = ("ClientGone says that the client has left: self.disconnect() notes that, so that receive says it too, and the "
        "next send raises. The application is told by the exception.")
OTHERS = ("It is a bug, or the server's wish, and the client is still there: it is to get an answer, 500, and "
          "disconnect would say that it has gone.")


async def send(exchange, message):
    return await awaited(exchange.send(message), f"exchange.send({message!r})")


def exchange_that_notes(raises=None, error=None, streams=None):
    """Return an Exchange whose start, add and streams.drained note in a list that they are called, and that list.

    The one that is named raises raises error.
    """
    exchange, events = exchange_over(streams or wire_to(ends=False), 5), []
    for name in ("start", "add"):
        setattr(exchange, name, working(events, name, error if raises == name else None))
    if not streams:
        exchange.streams.drained = noting(events, "drained", error if raises == "drained" else None)
    return exchange, events


def sent(**parts):
    """Return what came of sending a message: the exception, the Exchange, and what was done."""
    message = parts.pop("message", START)
    exchange, events = exchange_that_notes()
    for name, value in parts.items():
        setattr(exchange, name, value)
    return run(raised_in(send(exchange, message))), exchange, events


def set_event():
    event = asyncio.Event()
    event.set()
    return event


def expect_nothing_done(events, case):
    expect_same(events, [], of="called", problem=f"the message is looked at, although {case}",
                why="Look at self.gone first, then at self.ended, and only then at the message.")


@pytest.mark.step("7.6")
class TestSend:
    @each_kind
    def test_a_message_is_done_and_then_the_client_awaited(self, name):
        exchange, events = exchange_that_notes()
        run(send(exchange, KINDS[name]))
        expect_same(events, [(name, KINDS[name]), ("drained",)], of="called, with its arguments",
                    problem="not what the message says is done, and drained awaited after it",
                    why="Each type has its method, which takes the whole message. What it sends waits in memory, and "
                        "self.streams.drained() awaits that it goes.")

    @each_kind
    def test_it_returns_when_the_client_has_taken_what_was_sent(self, name):
        async def slow():
            exchange, _ = exchange_that_notes(streams=wire_to(drains=7))
            return await send(exchange, KINDS[name]), seconds_passed()

        came_back, seconds = run(slow())
        expect_same(seconds, 7.0, HELD_UP, of="seconds until it returns", client="it takes what was sent in 7 seconds",
                    problem="send does not return when the client has taken what was sent")
        expect_same(came_back, None, problem="send returns something",
                    why="There is nothing to say to the application.")

    def test_a_second_part_is_not_done_before_the_first_has_gone(self):
        async def two_parts():
            exchange, events = exchange_that_notes(streams=wire_to(drains=7))
            exchange.add = lambda message: events.append(seconds_passed())
            await send(exchange, {**END, "more_body": True})
            await send(exchange, END)
            return events

        expect_same(run(two_parts()), [0.0, 7.0], HELD_UP, of="seconds at which the parts are added",
                    problem="the second part does not wait for the first")

    @pytest.mark.parametrize("kind", ["http.response.trailers", "websocket.send", "http.response.started",
                                      "Http.Response.Body", "body"])
    def test_another_type_is_refused(self, kind):
        error, exchange, events = sent(message={"type": kind})
        rows = {"came_out": repr(error), "expected": f"ValueError, with {kind!r} in its message"}
        why = ("A misspelt type does nothing, and nobody would see it: the application is told, with the type (ASGI "
               "3.0, \"Error Handling\").")
        expect_that(error is not None, "another type is not refused", why, **rows)
        expect_that(isinstance(error, ValueError), f"{type(error).__name__} is raised instead of ValueError", why,
                    **rows)
        expect_that(kind in str(error), "the ValueError does not name the type", why, **rows)
        expect_same(events, [], why, of="called", problem="something is done with a message of another type")
        expect_that(not exchange.gone, "a message of another type disconnects", OTHERS, came_back=state_of(exchange))

    @pytest.mark.parametrize("message", [START, END, {"type": "http.response.trailers"}],
                             ids=["start", "body", "another type"])
    def test_when_the_client_has_gone_the_application_is_told(self, message):
        error, _, events = sent(message=message, gone=True)
        rows = {"before": "self.gone: True", "expected": "OSError", "came_out": repr(error)}
        expect_that(error is not None, "nothing is raised, although the client has gone", GONE, **rows)
        expect_that(isinstance(error, OSError), f"{type(error).__name__} is raised instead of OSError", GONE, **rows)
        expect_nothing_done(events, "the client has gone")

    def test_a_client_that_has_gone_counts_first(self):
        exchange, events = exchange_that_notes()
        exchange.disconnect()
        error = run(raised_in(send(exchange, END)))
        expect_that(isinstance(error, OSError), "after a disconnect no OSError is raised",
                    "disconnect sets self.ended too, and that the client has gone is no mistake of the application's: "
                    "look at self.gone first.", before="exchange.disconnect()", came_out=repr(error),
                    expected="OSError")
        expect_nothing_done(events, "the client has gone")

    @pytest.mark.parametrize("message", [END, {"type": "http.response.trailers"}], ids=["body", "another type"])
    def test_after_the_end_nothing_is_sent(self, message):
        error, exchange, events = sent(message=message, ended=set_event())
        rows = {"before": "self.ended is set, self.gone: False", "expected": "RuntimeError", "came_out": repr(error)}
        why = ("The client takes the answer for whole: what is sent behind it would be read as the beginning of the "
               "next one.")
        expect_that(error is not None, "nothing is raised, although the response has ended", why, **rows)
        expect_that(isinstance(error, RuntimeError), f"{type(error).__name__} is raised instead of RuntimeError", why,
                    **rows)
        expect_nothing_done(events, "the response has ended")
        expect_that(not exchange.gone, "a message after the end disconnects", OTHERS, came_back=state_of(exchange))

    def test_the_last_part_is_awaited_too(self):
        exchange, events = exchange_that_notes()
        exchange.add = lambda message: exchange.ended.set()
        error = run(raised_in(send(exchange, END)))
        expect_that(error is None, "the last part raises something", "Only what comes after it is too much.",
                    before="add sets self.ended", came_out=repr(error), expected="send returns")
        expect_same(events, [("drained",)], HELD_UP, of="awaited", before="add sets self.ended",
                    problem="after the last part, drained is not awaited")

    @pytest.mark.parametrize("name", ["start", "add", "drained"])
    def test_a_client_that_is_lost_disconnects_and_the_application_learns_it(self, name):
        error = ch07.ClientGone(f"raised by {name}")
        exchange, _ = exchange_that_notes(name, error)
        expect_let_out(error, lambda: run(send(exchange, KINDS.get(name, END))),
                       f"ClientGone is swallowed, raised by {name}", LOST)
        expect_same(state_of(exchange), DISCONNECTED, LOST, of="the exchange",
                    problem=f"the exchange is not disconnected after ClientGone, raised by {name}")

    def test_after_a_client_was_lost_the_next_message_is_refused(self):
        async def two():
            exchange, _ = exchange_that_notes(streams=wire_to(drains=ConnectionResetError("reset by the client")))
            return [await raised_in(send(exchange, message)) for message in (START, END)]

        first, second = run(two())
        expect_that(isinstance(first, ch07.ClientGone), "ClientGone is not let out", LOST, came_out=repr(first),
                    expected="ClientGone", before="the client resets the connection")
        expect_that(isinstance(second, OSError), "after ClientGone the next send raises no OSError", GONE,
                    came_out=repr(second), expected="OSError")

    @pytest.mark.parametrize("name, kind", [("start", AssertionError), ("start", ConnectionResetError),
                                            ("add", OSError), ("add", KeyboardInterrupt), ("drained", TimeoutError),
                                            ("drained", ValueError)])
    def test_all_else_is_let_out_and_does_not_disconnect(self, name, kind):
        error = kind(f"raised by {name}")
        exchange, _ = exchange_that_notes(name, error)
        expect_let_out(error, lambda: run(send(exchange, KINDS.get(name, END))),
                       f"{kind.__name__} is swallowed, raised by {name}",
                       "The application is to learn of it: its traceback tells where.")
        expect_that(not exchange.gone, f"the exchange is disconnected after {kind.__name__}, raised by {name}", OTHERS,
                    came_back=state_of(exchange), expected="only ClientGone disconnects")

    def test_a_task_that_is_cancelled_ends(self):
        exchange, _ = exchange_that_notes(streams=wire_to(drains=20))
        expect_cancelled(cancelled(send(exchange, END)), "CancelledError is swallowed",
                         "The task is to end, and says so to send: it is let out.")
        expect_that(not exchange.gone, "a task that is cancelled disconnects the exchange", OTHERS,
                    came_back=state_of(exchange), expected="only ClientGone disconnects")

    def test_the_message_stays_as_it_is(self):
        message = {**END, "more_body": True}
        before = dict(message)
        exchange, _ = exchange_that_notes()
        run(send(exchange, message))
        expect_unchanged("message", message, before, "It is the application's, which may send it again.",
                         problem="the message is changed")

    def test_others_run_while_a_client_takes_its_time(self):
        async def two():
            ended = []

            async def client(name, seconds):
                exchange, _ = exchange_that_notes(streams=wire_to(drains=seconds))
                await send(exchange, END)
                ended.append((name, seconds_passed()))

            await asyncio.gather(client("slow", 9), client("quick", 2))
            return ended

        expect_same(run(two()), [("quick", 2.0), ("slow", 9.0)], HELD_UP, of="who was sent to, and when",
                    problem="two exchanges get in each other's way")
