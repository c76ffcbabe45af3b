"""Step 7.5 · Exchange.receive: clients that are lost, and what is wrong"""

import pytest

from tests.ch07_asgi.receiving import (
    DISCONNECTS,
    PARTS,
    UNTIL,
    after_its_body,
    expect_disconnect,
    expect_disconnected,
    failing,
    part,
    receive,
    receive_soon,
    receive_times,
)
from tests.ch07_asgi.streams_below import (
    DISCONNECT,
    DISCONNECTED,
    begun,
    cancelled,
    ch02,
    ch07,
    each_of_streams,
    exchange_over,
    expect_cancelled,
    run,
    seconds_passed,
    state_of,
    wire_to,
)
from tests.expect import Own, blaming, expect_let_out
from workshop.checking.diagnosis import expect_same, expect_that

KEPT = ("The server answers with its status and its message, if no head was sent: it finds it in self.refusal. The "
        "application is told that there is no more of the body.")


@pytest.mark.step("7.5")
class TestReceiveLost:
    def test_a_client_that_leaves_ends_the_waiting(self):
        async def left():
            exchange = exchange_over(wire_to(ends=False))
            task = await after_its_body(exchange)
            exchange.disconnect()
            begin = seconds_passed()
            return await task, seconds_passed() - begin

        message, seconds = run(left())
        expect_disconnect(message, "after disconnect was called elsewhere")
        expect_that(not seconds, "it does not return when disconnect is called", why=UNTIL,
                    came_back=f"it returns {seconds:g} seconds later", expected="it returns at once")

    def test_a_client_may_leave_while_a_part_is_awaited(self):
        async def left():
            exchange = exchange_over(wire_to(5, b"lo", received=b""), 10)
            task = await begun(receive(exchange))
            exchange.disconnect()
            return await task

        expect_disconnect(run(left()), "after disconnect was called while next_part waits")

    def test_after_a_disconnect_no_part_is_given(self):
        exchange, events = failing(None)
        exchange.disconnect()
        message = run(receive(exchange))
        expect_disconnect(message, "although the client has gone")
        expect_same(events, [], of="calls of next_part", problem="next_part is called after a disconnect",
                    before="exchange.disconnect(): self.taking is None", why=PARTS)

    def test_what_is_wrong_with_the_body_is_kept(self):
        error = ch02.BadRequest(413, "the body is larger than 5 bytes")
        streams = wire_to(ends=False)
        exchange, _ = failing(error, streams)
        rows = {"before": "next_part raises BadRequest 413"}
        with blaming("BadRequest is let out", KEPT, **rows):
            message = run(receive_soon(exchange))
        expect_that(exchange.refusal is error, "the BadRequest is not kept in self.refusal", **rows,
                    came_back=f"self.refusal: {exchange.refusal!r}", expected="the very BadRequest", why=KEPT)
        expect_disconnected(exchange, "after a BadRequest")
        expect_disconnect(message, "after a BadRequest")
        expect_same(streams.writer.events, [], of="done to the connection", problem="the refusal is sent from here",
                    why="Only the server knows whether a head was sent: it answers, with self.refusal.")

    @each_of_streams(Own("ClientGone"), TimeoutError, ConnectionResetError, OSError)
    def test_a_client_that_is_lost_disconnects(self, kind):
        exchange, _ = failing(kind("raised by next_part"))
        with blaming(f"{kind.__name__} is let out, raised by next_part", DISCONNECTS, expected="http.disconnect"):
            message = run(receive_soon(exchange))
        expect_disconnected(exchange, f"after {kind.__name__}")
        expect_disconnect(message, f"after {kind.__name__}")
        expect_same(exchange.refusal, None, of="self.refusal", problem=f"{kind.__name__} is kept in self.refusal",
                    why="Nothing is wrong with the request: a client that has left is not answered.")

    def test_a_client_that_hangs_up_within_the_body_disconnects(self):
        exchange = exchange_over(wire_to(b"lo", received=b"hel"), 10)
        messages = run(receive_times(exchange, 4))
        expect_same(messages, [part(b"hel", True), part(b"lo", True), DISCONNECT, DISCONNECT], PARTS,
                    problem="half a body does not end with http.disconnect", called="exchange.receive(), four times",
                    sent="Content-Length: 10, and b'hel', b'lo', and the end")
        expect_disconnected(exchange, "after the client has hung up within the body")

    def test_a_client_that_stops_within_the_body_disconnects(self):
        async def late():
            exchange = exchange_over(wire_to(ends=False, received=b"hel"), 10)
            return await receive_times(exchange, 2), seconds_passed(), state_of(exchange)

        messages, seconds, state = run(late())
        expect_same(messages, [part(b"hel", True), DISCONNECT], PARTS, sent="Content-Length: 10, and b'hel'",
                    problem="half a body does not end with http.disconnect", called="exchange.receive(), twice")
        expect_same((state, seconds), (DISCONNECTED, float(ch07.REQUEST_SECONDS)), DISCONNECTS,
                    of="the exchange, and seconds", problem="the exchange is not disconnected after REQUEST_SECONDS")

    def test_after_a_failure_no_part_is_asked_for(self):
        exchange, events = failing(OSError("raised by next_part"))
        messages = run(receive_times(exchange, 2))
        expect_same(messages, [DISCONNECT] * 2, UNTIL, called="exchange.receive(), twice",
                    problem="after a failure not each call gives http.disconnect")
        expect_same(len(events), 1, of="calls of next_part", problem="next_part is called after it has failed",
                    why="self.disconnect() sets self.taking to None: nothing more is received.")

    @each_of_streams(RuntimeError, ValueError, KeyError, Own("HeadTooLarge"), KeyboardInterrupt)
    def test_all_else_is_let_out(self, kind):
        error = kind("raised by next_part")
        exchange, _ = failing(error)
        expect_let_out(error, lambda: run(receive(exchange)), f"{kind.__name__} is swallowed, raised by next_part",
                       "Only BadRequest and OSError are the client's doing: all else is a bug, which nobody would see.")
        expect_that(not exchange.gone, f"the exchange is disconnected after {kind.__name__}", expected="it is not",
                    came_back=state_of(exchange), why="The client has not gone: it is still to get an answer, 500.")

    def test_a_task_that_is_cancelled_ends(self):
        async def at_the_end():
            task = await after_its_body(exchange_over(wire_to(ends=False)))
            task.cancel()
            return await task

        expect_cancelled(at_the_end(), "CancelledError is swallowed, after the body",
                         "A task that awaits the disconnect is cancelled when the application has no more need of it.")
        exchange = exchange_over(wire_to(ends=False), 10)
        expect_cancelled(cancelled(receive(exchange)), "CancelledError is swallowed, within the body",
                         "The task is to end: the application, or the server, has no more need of it.")
        expect_that(not exchange.gone, "a task that is cancelled disconnects the exchange", expected="it does not",
                    came_back=state_of(exchange), why="The client has not gone: another receive goes on with the body.")
