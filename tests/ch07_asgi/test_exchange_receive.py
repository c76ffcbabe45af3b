"""Step 7.5 · Exchange.receive"""
import asyncio
import itertools

import pytest

from tests.ch07_asgi.wires import (
    DISCONNECT,
    DISCONNECTED,
    awaited,
    begun,
    cancelled,
    ch02,
    ch07,
    each_of,
    exchange_over,
    expect_cancelled,
    noting,
    run,
    seconds_passed,
    state_of,
    wire_to,
)
from tests.expect import Own, blaming, expect_let_out
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PARTS = ("An http.request message is what next_part returns, part after part, while self.taking is not None: the "
         "application goes on until more_body is false (ASGI, \"Request - receive event\").")
UNTIL = ("The disconnect tells an application that it need not go on. It comes when self.ended is set, not before: an "
         "application that reads on after the body would give up its answer (ASGI, \"Disconnect - receive event\").")
KEPT = ("The server answers with its status and its message, if no head was sent: it finds it in self.refusal. The "
        "application is told that there is no more of the body.")
DISCONNECTS = ("self.disconnect() notes it for all: send raises then, the connection is not kept, and nobody waits "
               "for the answer.")


async def receive(exchange):
    over = exchange.taking is None
    try:
        return await awaited(exchange.receive(), "exchange.receive()")
    except TypeError as error:
        if not over or "iterator" not in str(error):
            raise
        raise Diagnosis("next_part is called after the body", before="self.taking is None", came_out=repr(error),
                        place=deepest_place(error.__traceback__), why=PARTS) from None


async def receive_soon(exchange):
    """Return the next message, or "it waits" if there is none for a day."""
    task = await begun(receive(exchange))
    await asyncio.wait([task], timeout=86_400)
    return task.result() if task.done() else "it waits"


async def receive_all(exchange):
    """Return the messages up to that which says that it is the last part, or the disconnect."""
    messages = [await receive(exchange)]
    while messages[-1].get("more_body"):
        messages.append(await receive(exchange))
    return messages


async def receive_times(exchange, times):
    return [await receive(exchange) for _ in range(times)]


def part(body, more=False):
    """Return an http.request message."""
    return {"type": "http.request", "body": body, "more_body": more}


def failing(error, wire=None):
    """Return an Exchange whose next_part raises error, and the list in which it notes that it is called."""
    exchange, events = exchange_over(wire or wire_to(ends=False), 5), []
    exchange.next_part = noting(events, "next_part", error)
    return exchange, events


async def after_its_body(exchange):
    """Take the body of an Exchange, and return a task that awaits the message after it."""
    while (await receive(exchange)).get("more_body"):
        pass
    return await begun(receive(exchange))


def expect_disconnected(exchange, case):
    expect_same(state_of(exchange), DISCONNECTED, of="the exchange", why=DISCONNECTS,
                problem=f"the exchange is not disconnected, {case}")


def expect_disconnect(message, case, why=UNTIL):
    expect_same(message, DISCONNECT, why, problem=f"the message is no http.disconnect, {case}")


@pytest.mark.step("7.5")
class TestReceive:
    def test_a_request_without_a_body_gives_one_message(self):
        message = run(receive(exchange_over(wire_to(ends=False))))
        expect_same(message, part(b""), PARTS, problem="a request without a body does not give one message with b''",
                    sent="GET / HTTP/1.1, without a body")

    def test_a_body_that_is_there_comes_whole(self):
        wire = wire_to(ends=False, received=b"hello")
        message = run(receive(exchange_over(wire, 5)))
        expect_same(message, part(b"hello"), PARTS, problem="a body that is there does not come in one message",
                    sent="Content-Length: 5, and b'hello'")

    def test_a_body_that_comes_in_parts_is_given_in_parts(self):
        wire = wire_to(b"lo, ", b"you", received=b"hel")
        messages = run(receive_all(exchange_over(wire, 10)))
        expect_same(messages, [part(b"hel", True), part(b"lo, ", True), part(b"you")], PARTS,
                    problem="the messages are not the parts of the body", called="exchange.receive(), up to the end",
                    sent="Content-Length: 10, and b'hel', b'lo, ', b'you'")

    def test_each_call_asks_next_part_once_while_there_is_something_to_take(self):
        exchange = exchange_over(wire_to(ends=False), 5)
        numbers = itertools.count()

        async def next_part():
            return part(b"%d" % next(numbers), True)

        exchange.next_part = next_part
        expect_same(run(receive_times(exchange, 3)), [part(b"0", True), part(b"1", True), part(b"2", True)], PARTS,
                    called="exchange.receive(), three times", next_part="it gives b'0', b'1', b'2' and so on",
                    problem="next_part is not called once for each message")

    def test_the_body_is_given_although_the_response_has_ended(self):
        async def late():
            exchange = exchange_over(wire_to(received=b"hello"), 5)
            exchange.ended.set()
            return await receive(exchange)

        expect_same(run(late()), part(b"hello"), PARTS,
                    problem="the body is not given once the response has ended",
                    before="self.ended is set, self.taking is not None")

    def test_after_the_body_it_waits_until_the_response_has_ended(self):
        async def ending():
            exchange = exchange_over(wire_to(ends=False, received=b"hello"), 5)
            task = await after_its_body(exchange)
            await asyncio.sleep(5)
            early = task.result() if task.done() else None
            exchange.ended.set()
            begin = seconds_passed()
            return early, await task, seconds_passed() - begin

        early, message, seconds = run(ending())
        expect_that(early is None, "after the body it does not wait for self.ended", came_back=repr(early),
                    expected="it waits, and returns nothing yet", why=UNTIL)
        expect_disconnect(message, "after self.ended was set")
        expect_that(not seconds, "it does not return when self.ended is set", why=UNTIL,
                    came_back=f"it returns {seconds:g} seconds later", expected="it returns at once")

    def test_after_a_request_without_a_body_it_waits_too(self):
        async def early():
            return (await after_its_body(exchange_over(wire_to(ends=False)))).done()

        expect_that(not run(early()), "after the body it does not wait for self.ended", why=UNTIL,
                    came_back="it has returned", expected="it waits, and returns nothing yet")

    def test_each_later_call_gives_the_disconnect_too(self):
        async def ended():
            exchange = exchange_over(wire_to(ends=False))
            task = await after_its_body(exchange)
            exchange.ended.set()
            return [await task, *await receive_times(exchange, 2)]

        expect_same(run(ended()), [DISCONNECT] * 3, called="exchange.receive(), three times after the body",
                    problem="not each later call gives http.disconnect",
                    why="Several parts of an application may ask, and each is to be told.")

    def test_all_who_wait_are_told(self):
        async def two():
            exchange = exchange_over(wire_to(ends=False))
            tasks = [await after_its_body(exchange), await begun(receive(exchange))]
            exchange.ended.set()
            return [task.result() for task in (await asyncio.wait(tasks, timeout=1))[0]]

        expect_same(run(two()), [DISCONNECT] * 2, problem="of two who wait for the end, not each is told",
                    why="self.ended is an Event: it wakes all who wait for it.")

    def test_after_the_body_nothing_more_is_read(self):
        async def ended():
            wire = wire_to(b"more", received=b"helloGET /next")
            exchange = exchange_over(wire, 5)
            task = await after_its_body(exchange)
            exchange.ended.set()
            await task
            return bytes(wire.received), wire.writer.events

        expect_same(run(ended()), (b"GET /next", []), of="wire.received, and what was done to the connection",
                    problem="after the body more is taken from the client", sent="b'helloGET /next', and b'more'",
                    why="What stands behind the body is the next request.")

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

    def test_after_a_disconnect_no_part_is_given(self):
        exchange, events = failing(None)
        exchange.disconnect()
        message = run(receive(exchange))
        expect_disconnect(message, "although the client has gone")
        expect_same(events, [], of="calls of next_part", problem="next_part is called after a disconnect",
                    before="exchange.disconnect(): self.taking is None", why=PARTS)

    def test_what_is_wrong_with_the_body_is_kept(self):
        error = ch02.BadRequest(413, "the body is larger than 5 bytes")
        wire = wire_to(ends=False)
        exchange, _ = failing(error, wire)
        rows = {"before": "next_part raises BadRequest 413"}
        with blaming("BadRequest is let out", KEPT, **rows):
            message = run(receive_soon(exchange))
        expect_that(exchange.refusal is error, "the BadRequest is not kept in self.refusal", **rows,
                    came_back=f"self.refusal: {exchange.refusal!r}", expected="the very BadRequest", why=KEPT)
        expect_disconnected(exchange, "after a BadRequest")
        expect_disconnect(message, "after a BadRequest")
        expect_same(wire.writer.events, [], of="done to the connection", problem="the refusal is sent from here",
                    why="Only the server knows whether a head was sent: it answers, with self.refusal.")

    @each_of(Own("ClientGone"), TimeoutError, ConnectionResetError, OSError)
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

    @each_of(RuntimeError, ValueError, KeyError, Own("HeadTooLarge"), KeyboardInterrupt)
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

    def test_100_continue_goes_out_when_the_body_is_asked_for(self):
        async def expecting():
            wire = wire_to(b"he", b"llo")
            exchange = exchange_over(wire, 5, ("expect", "100-continue"))
            before = wire.writer.sent
            return before, await receive_times(exchange, 2), wire.writer.sent

        expect_same(run(expecting()), (b"", [part(b"he", True), part(b"llo")], CONTINUE), PARTS,
                    of="sent before, messages, sent", problem="a client that waits for 100 Continue is not served",
                    sent="Content-Length: 5, Expect: 100-continue")

    def test_two_exchanges_do_not_get_in_each_others_way(self):
        async def two():
            slow, quick = exchange_over(wire_to(3, b"slow"), 4), exchange_over(wire_to(1, b"quick"), 5)
            seen = []

            async def read(exchange):
                seen.append((await receive(exchange), seconds_passed()))
                exchange.ended.set()
                seen.append((await receive(exchange), seconds_passed()))

            await asyncio.gather(read(slow), read(quick))
            return seen

        expect_same(run(two()), [(part(b"quick"), 1.0), (DISCONNECT, 1.0), (part(b"slow"), 3.0), (DISCONNECT, 3.0)],
                    of="messages, and when they came", problem="two exchanges get in each other's way",
                    why="Each has a body and an end of its own. While one awaits, the other goes on.")

    def test_a_client_that_stays_does_not_end_the_waiting(self):
        async def after_a_day():
            task = await after_its_body(exchange_over(wire_to(ends=False)))
            await asyncio.wait([task], timeout=86_400)
            return task.done()

        expect_that(not run(after_a_day()), "after the body, time alone ends the waiting", UNTIL,
                    client="it stays, and says nothing", came_back="within a day it has returned, or raised something",
                    expected="it waits")
