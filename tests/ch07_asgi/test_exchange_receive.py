"""Step 7.5 · Exchange.receive"""
import asyncio

import pytest

from tests.ch07_asgi.receiving import (
    PARTS,
    UNTIL,
    after_its_body,
    expect_disconnect,
    part,
    receive,
    receive_all,
    receive_times,
)
from tests.ch07_asgi.streams_below import DISCONNECT, begun, exchange_over, run, seconds_passed, state_of, wire_to
from workshop.checking.diagnosis import expect_same, expect_that

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.step("7.5")
class TestReceive:
    def test_a_request_without_a_body_gives_one_message(self):
        message = run(receive(exchange_over(wire_to(ends=False))))
        expect_same(message, part(b""), PARTS, problem="a request without a body does not give one message with b''",
                    sent="GET / HTTP/1.1, without a body")

    def test_a_body_that_is_there_comes_whole(self):
        streams = wire_to(ends=False, received=b"hello")
        message = run(receive(exchange_over(streams, 5)))
        expect_same(message, part(b"hello"), PARTS, problem="a body that is there does not come in one message",
                    sent="Content-Length: 5, and b'hello'")

    def test_a_body_that_comes_in_parts_is_given_in_parts(self):
        streams = wire_to(b"lo, ", b"you", received=b"hel")
        messages = run(receive_all(exchange_over(streams, 10)))
        expect_same(messages, [part(b"hel", True), part(b"lo, ", True), part(b"you")], PARTS,
                    problem="the messages are not the parts of the body", called="exchange.receive(), up to the end",
                    sent="Content-Length: 10, and b'hel', b'lo, ', b'you'")

    def test_each_call_gives_one_part_while_there_is_something_to_take(self):
        exchange = exchange_over(wire_to(ends=False), 5)
        numbers = iter(range(10))

        async def next_part():
            number = next(numbers)
            return part(b"%d" % number, number < 9)

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

    @pytest.mark.parametrize("length, received", [(None, b""), (5, b"hello")], ids=["no body", "a body"])
    def test_the_end_of_a_response_is_no_loss_of_the_client(self, length, received):
        async def ended():
            exchange = exchange_over(wire_to(ends=False, received=received), length)
            task = await after_its_body(exchange)
            exchange.ended.set()
            expect_disconnect(await task, "after self.ended was set")
            return state_of(exchange)

        expect_same(run(ended()), "self.gone: False, self.ended is set: True, self.taking is None: True",
                    of="the exchange", problem="the client counts as gone, though its response has ended well",
                    before="the body was taken whole, and then self.ended was set",
                    why="The application is told that there is nothing more to receive. The client is there, and may "
                        "ask again on this connection: disconnect is for clients that are lost.")

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

        messages = run(ended())
        expect_same(messages, [DISCONNECT] * 3, called="exchange.receive(), three times after the body",
                    problem="not each later call gives http.disconnect",
                    why="Several parts of an application may ask, and each is to be told.")
        expect_that(messages[0] is not messages[1], "two calls return the same dict", expected="a new dict each time",
                    why="A middleware may change the message that it hands on: all others would see that.")

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
            streams = wire_to(b"more", received=b"helloGET /next")
            exchange = exchange_over(streams, 5)
            task = await after_its_body(exchange)
            exchange.ended.set()
            await task
            return bytes(streams.received), streams.writer.events

        expect_same(run(ended()), (b"GET /next", []), of="streams.received, and what was done to the connection",
                    problem="after the body more is taken from the client", sent="b'helloGET /next', and b'more'",
                    why="What stands behind the body is the next request.")

    def test_100_continue_goes_out_when_the_body_is_asked_for(self):
        async def expecting():
            streams = wire_to(b"he", b"llo")
            exchange = exchange_over(streams, 5, ("expect", "100-continue"))
            before = streams.writer.sent
            return before, await receive_times(exchange, 2), streams.writer.sent

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
