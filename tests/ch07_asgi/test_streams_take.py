"""Step 7.3 · Streams.take"""
import asyncio

import pytest

from tests.ch07_asgi.streams_below import (
    PATIENCE,
    awaited,
    begun,
    cancelled,
    ch07,
    each_of_streams,
    expect_cancelled,
    let_pass,
    noting,
    raised_in,
    run,
    seconds_passed,
    wire_to,
)
from tests.expect import Own, expect_let_out, expect_silence
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.endless_loops import report_trouble

VALUE = ("A generator hands its result over in the StopIteration that ends it: `except StopIteration as stop`, and "
         "then stop.value. `for` and next(taking, None) throw it away.")
LEFT = ("`seconds` are for all of it: work out once, at the beginning, when they end, and each time what is left until "
        "then. A client that sends a byte now and then would else hold the server as long as it likes (RFC 9110 "
        "section 15.5.9).")


def pausing(pauses, value=None, events=None):
    """Pause so many times, and return value; note in events what is done."""
    events = [] if events is None else events
    for count in range(pauses):
        events.append(f"pause {count + 1}")
        yield
    events.append("the end")
    return value


def five(received):
    """Take five bytes from the front of received, as the generators of chapter 6 do."""
    pauses = 0
    while len(received) < 5:
        pauses += 1
        if pauses > PATIENCE:
            report_trouble(Diagnosis("the generator pauses, and nothing is awaited", why="Where it pauses, bytes are "
                                     "missing: `await self.receive_more(…)` brings them."))
        yield
    taken = bytes(received[:5])
    del received[:5]
    return taken


def raising_after(pauses, error):
    """Pause so many times, and raise error."""
    yield from pausing(pauses)
    raise error


async def take(streams, taking, seconds=10):
    return await awaited(streams.take(taking, seconds), f"streams.take(taking, {seconds})")


def wire_that_notes(events, error=None):
    """Return a Streams whose receive_more notes its argument in events, and raises error if there is one."""
    streams = wire_to(ends=False)
    streams.receive_more = noting(events, "receive_more", error)
    return streams


@pytest.mark.step("7.3")
class TestTake:
    @pytest.mark.parametrize("value, pauses", [(b"GET /", 0), (b"GET /", 2), (b"", 1), (0, 0)])
    def test_what_the_generator_returns_comes_back(self, value, pauses):
        came_back = run(take(wire_that_notes([]), pausing(pauses, value)))
        expect_same(came_back, value, VALUE, problem="take does not return what the generator returns",
                    generator=f"it pauses {pauses} times, and returns {value!r}")

    def test_what_is_there_already_needs_no_waiting(self):
        events = []
        run(take(wire_that_notes(events), pausing(0)))
        expect_same(events, [], problem="more bytes are awaited, although the generator has not paused",
                    why="The generator says when it lacks bytes: it pauses. A client that has sent its whole request "
                        "waits for the answer, and sends nothing more.")

    def test_what_is_there_is_taken_though_no_time_is_left(self):
        came_back = run(raised_in(take(wire_to(ends=False), pausing(0, b"all"), 0)))
        expect_same(came_back, None, of="raised",
                    problem="what is there already is not taken, where no time is left",
                    why="The time limits the waiting, and here nothing is waited for: run the generator first, and "
                        "look at the clock where it pauses.")

    def test_each_pause_awaits_once(self):
        events = []
        streams = wire_to(ends=False)

        async def receive_more(seconds):
            events.append("receive_more")

        streams.receive_more = receive_more
        run(take(streams, pausing(2, events=events)))
        expect_same(events, ["pause 1", "receive_more", "pause 2", "receive_more", "the end"], of="what was done",
                    problem="next and receive_more do not take turns",
                    why="The generator knows after each block whether that was enough. One receive_more too many waits "
                        "for a client that has sent all it wanted to.")

    def test_the_bytes_come_from_the_client(self, capsys):
        streams = wire_to(b"he", b"l", b"lo, next")
        came_back = run(take(streams, five(streams.received)))
        expect_same(came_back, b"hello", VALUE, problem="take does not return what the generator returns",
                    sent="b'he', b'l', b'lo, next'")
        expect_same(bytes(streams.received), b", next", of="streams.received",
                    problem="what the generator has left does not stay in streams.received",
                    why="It belongs to what comes next, such as the body: the generator takes what is its own, and "
                        "receive_more puts new bytes behind the others.")
        expect_same(streams.writer.events, ["read"] * 3, of="reads of the connection",
                    problem="the connection is not read once for each pause",
                    why="receive_more reads it, once for each pause, and nobody else does.")
        expect_silence(capsys.readouterr(), (), "by take", "The log is for what people need to know: that bytes come "
                       "is nothing of that.")

    def test_at_the_first_pause_all_the_seconds_are_left(self):
        events = []
        run(take(wire_that_notes(events), pausing(1), 10))
        expect_same(events, [("receive_more", 10.0)], of="awaited", problem="receive_more is given another time",
                    why="No time has passed since the call of take. The clock is time.monotonic().")

    def test_time_that_has_passed_is_not_there_any_more(self):
        events, streams = [], wire_to(ends=False)
        streams.receive_more = noting(events, "receive_more", waits=1.25)
        run(take(streams, pausing(4), 10))
        given = [event[1] for event in events]
        problem = "receive_more is given another time"
        if given == [10] * 4:
            problem = "the time begins anew with each pause"
        elif given == [10, 8, 7, 6]:
            problem = "parts of a second are cut off"
        expect_same(given, [10.0, 8.75, 7.5, 6.25], of="seconds for receive_more", problem=problem,
                    client="it sends something every 1.25 seconds", why=LEFT)

    def test_time_that_the_generator_takes_counts(self):
        def slow():
            for _ in range(3):
                let_pass(2)
                yield

        events = []
        run(take(wire_that_notes(events), slow(), 10))
        expect_same([event[1] for event in events], [8.0, 6.0, 4.0], of="seconds for receive_more",
                    problem="time that passes in the generator is not counted",
                    generator="each next takes 2 seconds: it writes to a slow disk",
                    why="`seconds` count from the call of take, whatever is done in them: look at the clock at its "
                        "beginning, and then right before each receive_more.")

    def test_a_client_that_sends_a_byte_a_second_is_late_all_the_same(self):
        async def late():
            streams = wire_to(*[1, b"a"] * 30)
            error = await raised_in(take(streams, pausing(30), 10.5))
            return type(error), seconds_passed(), bytes(streams.received)

        kind, seconds, received = run(late())
        rows = {"sent": "a byte each second, 30 of them", "expected": "TimeoutError after 10.5 seconds, with 10 bytes"}
        never = "a client that sends a byte a second is never late"
        expect_that(kind is not type(None), never if len(received) == 30 else "no TimeoutError comes out", **rows,
                    came_back=f"take returns after {seconds:g} seconds, with {len(received)} bytes", why=LEFT)
        expect_that(issubclass(kind, TimeoutError), f"{kind.__name__} is raised instead of TimeoutError", **rows,
                    why="The server answers a TimeoutError with 408: the client is too slow, and nothing else is wrong "
                        "(RFC 9110 section 15.5.9).")
        expect_that((seconds, received) == (10.5, b"a" * 10), "the time ends too early or too late", **rows,
                    came_out=f"TimeoutError after {seconds:g} seconds, with {len(received)} bytes", why=LEFT)

    def test_a_client_that_sends_nothing_is_late(self):
        async def late():
            error = await raised_in(take(wire_to(ends=False), pausing(1), 10))
            return type(error), seconds_passed()

        kind, seconds = run(late())
        expect_that(issubclass(kind, TimeoutError) and seconds == 10, "no TimeoutError is raised after `seconds`",
                    came_back=f"{kind.__name__} after {seconds:g} seconds", expected="TimeoutError after 10 seconds",
                    why="receive_more raises it when nothing has come in the time that it is given.")

    def test_when_the_time_is_over_nothing_more_is_awaited(self):
        def slower():
            let_pass(11)
            yield

        async def late():
            error = await raised_in(take(wire_to(1, b"a"), slower(), 10))
            return type(error), seconds_passed()

        kind, seconds = run(late())
        expect_that(issubclass(kind, TimeoutError) and seconds == 11,
                    "a client is waited for although no time is left",
                    came_back="take returns" if kind is type(None) else f"{kind.__name__}",
                    called="streams.take(taking, 10), where the first next(taking) takes 11 seconds",
                    expected="TimeoutError at once",
                    why="receive_more raises it, if left is no more than 0. What is left gets less than nothing where "
                        "the generator takes long: do not make it more.")

    def test_what_comes_at_the_last_moment_counts(self):
        came_back = run(take(wire_to(9.75, b"a"), pausing(1, b"a"), 10))
        expect_same(came_back, b"a", problem="parts of a second are cut off", sent="a byte after 9.75 seconds",
                    why="Parts of a second count, too: what is left is a float.")

    @each_of_streams(Own("HeadTooLarge"), Own("BadRequest"), TimeoutError, OSError, KeyboardInterrupt)
    def test_what_the_generator_raises_is_let_out(self, kind):
        error = kind("raised by taking")
        expect_let_out(error, lambda: run(take(wire_that_notes([]), raising_after(1, error))),
                       f"what the generator raises is not let out: {kind.__name__}",
                       "HeadTooLarge and BadRequest, for example, say what is wrong with the request: whoever has "
                       "called take answers that. Only StopIteration is the end.")

    @each_of_streams(Own("ClientGone"), TimeoutError, OSError, ValueError, KeyboardInterrupt)
    def test_what_receive_more_raises_is_let_out(self, kind):
        error = kind("raised by receive_more")
        expect_let_out(error, lambda: run(take(wire_that_notes([], error), pausing(3))),
                       f"what receive_more raises is not let out: {kind.__name__}",
                       "It tells who is to blame: ClientGone that the client has left, TimeoutError that it is late. "
                       "The server deals with each in its way.")

    def test_a_client_that_hangs_up_is_no_value(self):
        error = run(raised_in(take(wire_to(b"a"), pausing(3))))
        expect_that(isinstance(error, ch07.ClientGone), "ClientGone is not raised, where the client hangs up",
                    came_out=repr(error), expected="ClientGone", sent="b'a', and then the end",
                    why="receive_more raises it: half a request is none.")

    def test_others_run_where_it_waits(self):
        async def two():
            slow, quick = wire_to(3, b"slow!"), wire_to(1, b"qu", 1, b"ick")
            ended = []

            async def taken(name, streams):
                value = await take(streams, five(streams.received))
                ended.append((name, value, seconds_passed()))

            await asyncio.gather(taken("slow", slow), taken("quick", quick))
            return ended

        expect_same(run(two()), [("quick", b"quick", 2.0), ("slow", b"slow!", 3.0)],
                    of="who has ended, with what, and when", problem="two clients at a time get in each other's way",
                    why="Each call has a generator and a time of its own. While one awaits, the other goes on.")

    def test_the_seconds_of_one_call_are_not_those_of_the_next(self):
        async def twice():
            streams = wire_to(6, b"a", 6, b"b")
            return [await take(streams, pausing(1, count), 10) for count in (1, 2)]

        came_back = run(raised_in(twice()))
        expect_same(came_back, None, of="raised", problem="the time of a call does not begin with it",
                    sent="a byte after 6 seconds, and another one after 6 more, each taken with a call of its own",
                    why="`seconds` count from the call of take: on a kept connection there are many calls.")

    def test_a_task_that_is_cancelled_ends(self):
        expect_cancelled(cancelled(take(wire_to(ends=False), pausing(2))), "CancelledError is swallowed",
                         "The server cancels what takes too long: who catches that goes on for ever.")

    def test_a_call_that_waits_is_not_done(self):
        async def state():
            return (await begun(take(wire_to(ends=False), pausing(1), 10))).done()

        expect_that(not run(state()), "take returns, although the generator has not ended", came_back="it has returned",
                    expected="it waits for receive_more", why="A pause is no end: half a head is no head.")
