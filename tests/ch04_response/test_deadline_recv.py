"""Step 4.14 · Deadline.recv"""
import contextlib
import time

import pytest

from tests.ch04_response.common import NOTHING, Noted, ch04
from tests.expect import each_family, expect_let_out, expect_raised, expect_returned, expect_value, raising
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.transport import Connection
from workshop.checking.tree import deepest_place


class SlowConnection(Connection):
    """A connection whose recv notes the time limit that it is called with."""

    def __init__(self, blocks):
        super().__init__(blocks)
        self.limits = []

    def recv(self, size, flags=0, /):
        self.limits.append(self.timeout)
        self.waits()
        return super().recv(size, flags)

    def waits(self):
        """Do what happens while the caller waits: nothing."""

    def settimeout(self, seconds, /):
        if seconds is not None and seconds < 0:
            raise ValueError("Timeout value out of range")  # as a socket does
        super().settimeout(seconds)


def left(deadline):
    """Return what a Deadline has when its recv is called: how much time is left."""
    return f"a Deadline with end={deadline.end!r}, where time.monotonic() is {time.monotonic()!r}"


LEFT = ("Until self.end the client may send, and parts of a second count. self.end is a moment of `time.monotonic()`; "
        "time.time() counts from 1970.")


@pytest.mark.usefixtures("clock")
@pytest.mark.step("4.14")
class TestRecv:
    def deadline(self, *blocks, seconds=1000):
        """Return a Deadline around a client that sends blocks, and the connection in it."""
        connection = SlowConnection(blocks)
        return Noted(ch04.Deadline(connection, seconds), "deadline", left), connection

    def received(self, deadline, size):
        """Return what recv gives while there is time. Raises Diagnosis if it says that there is none."""
        try:
            return deadline.recv(size)
        except TimeoutError as error:
            raise Diagnosis("there is a TimeoutError while there is time left", came_out=repr(error),
                            place=deepest_place(error.__traceback__), why=LEFT)

    def test_it_receives_from_the_connection(self):
        deadline, connection = self.deadline(b"GET / HT")
        expect_value(self.received(deadline, 5), b"GET /", likely=NOTHING,
                     problem="the bytes are not those of the connection",
                     why="A Deadline is a connection that can run out of time, and nothing else.")
        asked = [size for name, size in connection.events if name == "recv"]
        expect_that(asked == [5], "the connection is not asked once, for size bytes",
                    came_back=f"asked for the sizes {asked}", expected="asked once, for 5 bytes",
                    why="Each recv is one recv of the connection.")

    def test_it_gives_what_has_come_and_waits_for_no_more(self):
        deadline, connection = self.deadline(b"GE", b"T /")
        expect_same(self.received(deadline, 5), b"GE", problem="recv waits until size bytes have come", sent=connection,
                    why="size is the most that the caller wants. What has come may be all that comes.")

    def test_the_end_of_the_stream_is_passed_on(self):
        deadline, _ = self.deadline()
        why = "b'' tells that the client has hung up: read_head knows that, and raises ClientGone."
        expect_returned(lambda: deadline.recv(5), b"", "b'' is not passed on", why,
                        refused="b'' is not passed on")

    def test_the_connection_waits_until_the_end_and_no_longer(self):
        deadline, connection = self.deadline(b"G", b"E")
        self.received(deadline, 1)
        limit = connection.limits[0]
        expect_that(limit is not None, "the connection has no time limit",
                    why="A client that sends nothing would be waited for for ever, and nobody else is served: "
                        "`settimeout`.")
        expect_that(limit == 1000, "the time limit is not what is left until self.end",
                    came_back=f"a limit of {limit!r} seconds", expected="a limit of 1000.0 seconds",
                    why="settimeout takes a number of seconds from now, not a moment: self.end - time.monotonic().")

    def test_the_time_that_is_left_gets_less(self, clock):
        deadline, connection = self.deadline(b"G", b"E")
        self.received(deadline, 1)
        clock.now += 998
        self.received(deadline, 1)
        limit = connection.limits[1]
        expect_that(limit == 2, "the time limit begins anew with each recv" if limit == 1000 else
                    "the time limit is not what is left until self.end", before="deadline.recv(1), 998 seconds ago",
                    came_back=f"a limit of {limit!r} seconds",
                    expected="a limit of 2.0 seconds, as many as are left until self.end",
                    why="A client that sends a byte now and then would never exceed it, and holds the server as long "
                        "as it likes (RFC 9110 section 15.5.9).")

    def test_the_time_in_which_bytes_come_counts_too(self, clock):
        deadline, connection = self.deadline(b"G", b"E", b"T")
        connection.waits = lambda: setattr(clock, "now", clock.now + 400)
        for _ in range(3):
            self.received(deadline, 1)
        expect_same(connection.limits, [1000, 600, 200], of="time limits", problem="the end is put off by bytes that "
                    "come", called="deadline.recv(1), three times; each byte takes 400 seconds",
                    why="self.end is one moment for the whole request, and stays where it is: else a client that sends "
                        "a byte now and then holds the server as long as it likes (RFC 9110 section 15.5.9).")

    def test_when_no_time_is_left_timeout_error_is_raised(self, clock):
        deadline, connection = self.deadline(b"G", b"E")
        clock.now += 1001
        expect_raised(TimeoutError, lambda: deadline.recv(1), problem="there is no TimeoutError when the time is over",
                      why="No time is left, and the client has not finished: TimeoutError says so, even if a byte has "
                          "come. b'' would say that it has hung up.")
        expect_same(connection.events, [], of="done with the connection",
                    problem="the connection is asked although no time is left",
                    why="settimeout refuses a negative number, and 0 would mean something else: not to wait at all.")

    @pytest.mark.parametrize("seconds", [0.5, 0.0009765625])
    def test_the_last_second_counts(self, seconds):
        deadline, connection = self.deadline(b"G", seconds=seconds)
        self.received(deadline, 1)
        expect_same(connection.limits, [seconds], of="time limits",
                    problem="the time limit is not what is left until self.end",
                    why="settimeout takes parts of seconds too, however small: who waits longer waits beyond self.end.")

    def test_exactly_at_the_end_no_time_is_left(self):
        deadline, connection = self.deadline(b"G", seconds=0)
        expect_raised(TimeoutError, lambda: deadline.recv(1), problem="there is no TimeoutError when the time is over",
                      why="self.end has come, and a time limit of 0 would mean something else: not to wait at all.")

    @each_family(ours="ch04_response")
    def test_what_the_connection_raises_reaches_the_caller(self, kind):
        error = kind("the connection fails")
        deadline, _ = self.deadline(error)
        expect_let_out(error, lambda: deadline.recv(1), f"the connection's {kind.__name__} is swallowed",
                       sent=f"the connection's recv raises {error!r}",
                       why="receive_request tells them apart: TimeoutError says that the client is too slow, b'' that "
                           "it has hung up, and all else is something else.")

    @pytest.mark.parametrize("kind", [TimeoutError, ConnectionResetError, OSError])
    def test_the_connection_stays_open_whatever_it_raises(self, kind):
        deadline, connection = self.deadline(kind("the connection fails"))
        with contextlib.suppress(OSError):
            deadline.recv(1)
        expect_that(not connection.closed, f"the connection is closed where its recv raises {kind.__name__}",
                    expected="the connection stays open",
                    why="A client that is too slow is told so over it, with 408; hang_up closes it then (RFC 9110 "
                        "section 15.5.9).")

    def test_what_settimeout_raises_reaches_the_caller(self):
        deadline, connection = self.deadline(b"G")
        error = OSError("raised by settimeout")
        connection.settimeout = raising(error)
        expect_let_out(error, lambda: deadline.recv(1), "what settimeout raises is swallowed",
                       "Without its time limit the socket would wait for ever: what any of its methods raises is let "
                       "out.")

    def test_time_may_pass_between_two_looks_at_the_clock(self, clock):
        connection = SlowConnection([b"G"])
        deadline = ch04.Deadline(connection, 1000)
        deadline.end, clock.passes = clock.now + 0.5, 1
        rows = {"called": "deadline.recv(1), half a second before self.end; from one look at the clock to the next a "
                          "second passes", "expected": "a time limit of 0.5 seconds, or TimeoutError"}
        problem, why = "the connection gets a time limit that is not above 0", (
            "A check and what follows it are two moments: work out once how much is left, look at that, and give that "
            "to settimeout, which refuses a negative number.")
        try:
            deadline.recv(1)
        except TimeoutError:
            return
        except ValueError as error:
            raise Diagnosis(problem, came_out=repr(error), place=deepest_place(error.__traceback__), why=why, **rows)
        expect_that(connection.limits[0] and connection.limits[0] > 0, problem, why,
                    came_back=f"a limit of {connection.limits[0]!r} seconds", **rows)
