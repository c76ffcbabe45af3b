"""Step 4.13 · Deadline.recv"""
import time

import pytest

from tests.ch04_response.common import NOTHING, Noted, ch04
from tests.expect import expect_raised, expect_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.transport import Connection
from workshop.checking.tree import deepest_place, load


class SlowConnection(Connection):
    """A connection whose recv notes the time limit that it is called with."""

    def __init__(self, blocks):
        super().__init__(blocks)
        self.limits = []

    def recv(self, size, flags=0):
        self.limits.append(self.timeout)
        return super().recv(size, flags)

    def settimeout(self, seconds):
        if seconds is not None and seconds < 0:
            raise ValueError("Timeout value out of range")  # as a socket does
        super().settimeout(seconds)


@pytest.fixture
def clock_at_50(monkeypatch):
    """A monotonic clock that stands still, however one imports it."""
    for module in (time, load("ch04_response")):
        monkeypatch.setattr(module, "monotonic", lambda: 50.0, raising=False)


@pytest.mark.step("4.13")
class TestRecv:
    def deadline(self, *blocks, seconds=1000):
        """Return a Deadline around a client that sends blocks, and the connection in it."""
        connection = SlowConnection(blocks)
        return Noted(ch04.Deadline(connection, seconds), "deadline"), connection

    def test_it_receives_from_the_connection(self):
        deadline, connection = self.deadline(b"GET / HT")
        expect_value(deadline.recv(5), b"GET /", likely=NOTHING, problem="the bytes are not those of the connection",
                     why="A Deadline is a connection that can run out of time, and nothing else.")
        expect_same(connection.events, [("recv", 5)], problem="the connection is not asked once, for size bytes",
                    why="Each recv is one recv of the connection.")

    def test_the_end_of_the_stream_is_passed_on(self):
        deadline, _ = self.deadline()
        expect_value(deadline.recv(5), b"", likely=NOTHING, problem="b'' is not passed on",
                     why="b'' tells that the client has hung up; read_head knows.")

    def test_the_connection_waits_until_the_end_and_no_longer(self):
        deadline, connection = self.deadline(b"G", b"E")
        deadline.recv(1)
        limit = connection.limits[0]
        expect_that(limit is not None, "the connection has no time limit",
                    why="A client that sends nothing would be waited for for ever, and nobody else is served: "
                        "`settimeout`.")
        expect_that(0 < limit <= 1000, "the time limit is not what is left until self.end",
                    came_back=f"settimeout({limit!r})", expected="settimeout(about 1000)",
                    why="settimeout takes a number of seconds from now, not a moment.")

    def test_the_time_that_is_left_gets_less(self):
        deadline, connection = self.deadline(b"G", b"E")
        deadline.recv(1)
        deadline.end = time.monotonic() + 2
        deadline.recv(1)
        expect_that(0 < connection.limits[1] <= 2, "the time limit begins anew with each recv",
                    came_back=f"settimeout({connection.limits[1]!r})",
                    expected="settimeout(about 2): what is left until self.end",
                    why="A client that sends a byte now and then would never exceed it, and holds the server as long "
                        "as it likes (RFC 9110 section 15.5.9).")
        expect_that(connection.limits[0] > 900, "the time limit is not what is left until self.end",
                    came_back=f"settimeout({connection.limits[0]!r})", expected="settimeout(about 1000) at first",
                    why="A client may take all of the time that it was given.")

    def test_when_no_time_is_left_timeout_error_is_raised(self):
        deadline, connection = self.deadline(b"G", b"E")
        deadline.end = time.monotonic() - 1
        expect_raised(TimeoutError, lambda: deadline.recv(1), problem="there is no TimeoutError when the time is over",
                      why="Even if a byte has come: otherwise a slow client goes on and on.")
        expect_same(connection.events, [], problem="the connection is asked although no time is left",
                    why="settimeout refuses a negative number, and 0 would mean something else: not to wait at all.")

    def test_the_last_second_counts(self, clock_at_50):
        deadline, connection = self.deadline(b"G", seconds=0.5)
        try:
            deadline.recv(1)
        except TimeoutError as error:
            raise Diagnosis("there is a TimeoutError half a second before the end", came_back=repr(error),
                            place=deepest_place(error.__traceback__), why="Until self.end the client may send.")
        expect_same(connection.limits, [0.5], problem="the time limit is not what is left until self.end",
                    why="settimeout takes parts of seconds too.")

    def test_exactly_at_the_end_no_time_is_left(self, clock_at_50):
        deadline, connection = self.deadline(b"G", seconds=0)
        expect_raised(TimeoutError, lambda: deadline.recv(1), problem="there is no TimeoutError when the time is over",
                      why="self.end has come, and a time limit of 0 would mean something else: not to wait at all.")

    def test_the_connection_s_own_timeout_reaches_the_caller(self):
        deadline, _ = self.deadline(TimeoutError("timed out"))
        expect_raised(TimeoutError, lambda: deadline.recv(1), problem="the connection's TimeoutError is swallowed",
                      why="Nothing has come in time: receive_request waits for this error, and b'' would mean that "
                          "the client has hung up.")
