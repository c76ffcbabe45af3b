"""Step 7.4 · Streams.hang_up"""
import asyncio

import pytest

from tests.ch07_asgi.streams_below import (
    awaited,
    begun,
    cancelled,
    ch07,
    each_of_streams,
    expect_cancelled,
    noting,
    once_each,
    raised_in,
    run,
    seconds_passed,
    wire_to,
)
from tests.expect import Own, expect_let_out, expect_silence
from workshop.checking.diagnosis import expect_same, expect_that

ORDER = ("First say that this was all, then read until the client has received it and hangs up, then close. A "
         "connection that is closed while bytes of the client lie unread is reset, and the client may lose the answer "
         "(RFC 9112 section 9.6).")
LINGER = ("asyncio.wait_for around the whole of read_the_rest gives up after LINGER seconds, however often something "
          "comes: else a client that goes on sending keeps the connection as long as it likes.")
CLOSED = "`finally` closes in every case; after enough connections left open, no client is accepted any more."


async def hang_up(streams):
    return await awaited(streams.hang_up(), "streams.hang_up()")


async def outcome(streams):
    """Return what hang_up raises, None if it returns, and the seconds after which it does."""
    return await raised_in(hang_up(streams)), seconds_passed()


def expect_no_error(error, problem, why, **rows):
    """Fail with problem if there is an error."""
    expect_that(error is None, problem, why, **rows, came_out=repr(error), expected="hang_up returns")


def expect_wire_closed(streams, case):
    """Fail if a connection was not closed."""
    expect_that("close" in streams.writer.events, f"the connection is still open {case}", CLOSED,
                came_back=f"done to the connection: {', '.join(streams.writer.events) or 'nothing'}")


@pytest.mark.step("7.4")
class TestHangUp:
    def test_it_says_that_this_was_all_then_reads_then_closes(self):
        streams = wire_to(b"more")
        run(hang_up(streams))
        expect_same(once_each(streams.writer.events), ["write_eof", "read", "close"], of="done to the connection",
                    problem="the connection is not closed in three steps", sent="b'more', and then the end", why=ORDER)

    def test_it_waits_until_the_client_hangs_up(self):
        streams = wire_to(0.25, b"more", 0.25, b"and more", 0.25)
        error, seconds = run(outcome(streams))
        expect_no_error(error, "hang_up raises something where the client hangs up", ORDER)
        expect_same((streams.writer.closed_at, seconds), (0.75, 0.75), of="seconds until close, and until it returns",
                    problem="the connection is not closed when the client hangs up",
                    sent="something after 0.25 and 0.5 seconds, the end after 0.75", why=ORDER)

    def test_what_still_comes_is_thrown_away(self):
        streams = wire_to(b"x" * 100_000, b"y" * 100_000, received=b"here")
        run(hang_up(streams))
        expect_same(bytes(streams.received), b"here", of="streams.received", problem="what still comes is kept",
                    why="Nobody will look at it: kept, it would only fill the memory.")
        expect_same(streams.reader.blocks, [], of="not read", why=ORDER,
                    problem="not all that the client sends is read")

    def test_it_reads_blocks_of_a_size(self):
        streams = wire_to(b"x" * 100)
        run(hang_up(streams))
        expect_that(streams.reader.asked, "nothing is read of what the client sends", ORDER)
        size = min(streams.reader.asked)
        expect_that(size > 0, "all that comes is read into the memory at once", came_back=f"reader.read({size})",
                    expected="reader.read(RECV_SIZE), again and again",
                    why="`self.read_the_rest()` reads block after block; read() waits for the end, and keeps all "
                        "until then.")

    def test_nothing_is_sent(self):
        streams = wire_to()
        run(hang_up(streams))
        expect_same(streams.writer.sent, b"", of="sent", problem="something is sent to the client",
                    why="What was sent is the whole answer; any byte behind it would be the beginning of another one.")

    @pytest.mark.parametrize("blocks", [[1_000], [0.4, b"x"] * 20], ids=["says nothing", "goes on sending"])
    def test_a_client_that_stays_is_closed_after_linger(self, blocks):
        streams = wire_to(*blocks)
        error, seconds = run(outcome(streams))
        rows = {"client": "it says nothing, and stays" if blocks == [1_000] else "it sends something every 0.4 seconds"}
        expect_no_error(error, "hang_up raises something where the client stays",
                        "asyncio.TimeoutError says that the client stays: that is no error, and the connection is "
                        "closed.", **rows)
        expect_that(streams.writer.closed_at is not None, "a client that stays is never closed", f"{CLOSED} wait_for "
                    "raises asyncio.TimeoutError, and what follows it in a `with` or a `try` is passed over.", **rows)
        expect_same(streams.writer.closed_at, float(ch07.LINGER), of="seconds until close", **rows,
                    problem="a client that stays is not closed after LINGER seconds", why=LINGER)
        expect_same(seconds, float(ch07.LINGER), of="seconds until it returns", **rows,
                    problem="hang_up goes on after it has closed", why=LINGER)

    def test_a_client_that_does_not_take_the_rest_is_not_waited_for(self):
        streams = wire_to()
        streams.writer.wait_closed = noting([], "wait_closed", waits=600)  # what was sent lies in memory
        error, seconds = run(outcome(streams))
        expect_no_error(error, "hang_up raises something where the client reads nothing", LINGER)
        expect_same(seconds, 0.0, of="seconds until it returns", client="it has hung up its side, and reads nothing",
                    problem="hang_up waits for the connection after it has closed it",
                    why="close() sends what is left by itself. wait_closed ends when that has gone: a client that "
                        "reads nothing would keep the task for ever.")

    def test_a_connection_that_ends_with_an_error_is_closed_all_the_same(self):
        streams = wire_to(fails={"wait_closed": ConnectionResetError("reset by the client")})
        error, _ = run(outcome(streams))
        expect_no_error(error, "an OSError is let out", "The client has left: that is no error.")
        expect_wire_closed(streams, "after the client has reset it")

    @each_of_streams(OSError, ConnectionResetError, BrokenPipeError)
    def test_a_client_that_has_left_is_no_error(self, kind):
        streams = wire_to(fails={"write_eof": kind("raised by write_eof")})
        error, _ = run(outcome(streams))
        expect_no_error(error, f"{kind.__name__} is let out, raised by write_eof",
                        "The client has left before it has the answer: nobody is there to whom it matters.")
        expect_wire_closed(streams, f"after write_eof has raised {kind.__name__}")

    @each_of_streams(OSError, ConnectionResetError, TimeoutError, asyncio.TimeoutError)
    def test_a_client_that_leaves_meanwhile_is_no_error(self, kind):
        streams = wire_to(b"more", kind("raised by read"))
        error, _ = run(outcome(streams))
        expect_no_error(error, f"{kind.__name__} is let out, raised by read",
                        "The client leaves while the rest is read: that is no error, however it leaves.")
        expect_wire_closed(streams, f"after read has raised {kind.__name__}")

    @each_of_streams(RuntimeError, ValueError, AttributeError, SystemExit, KeyboardInterrupt)
    def test_another_exception_is_let_out(self, kind):
        error = kind("raised by write_eof")
        streams = wire_to(fails={"write_eof": error})
        expect_let_out(error, lambda: run(hang_up(streams)), f"{kind.__name__} is swallowed, raised by write_eof",
                       "Only OSError and asyncio.TimeoutError mean that the client has left or stays. All else is a "
                       "bug, or the end of the program.")
        expect_wire_closed(streams, f"after write_eof has raised {kind.__name__}")

    @each_of_streams(RuntimeError, ValueError, Own("BadRequest"))
    def test_another_exception_in_reading_is_let_out(self, kind):
        streams, error = wire_to(), kind("raised by read_the_rest")
        streams.read_the_rest = noting([], "read_the_rest", error)
        expect_let_out(error, lambda: run(hang_up(streams)), f"{kind.__name__} is swallowed, raised by read_the_rest",
                       "Only OSError and asyncio.TimeoutError mean that the client has left or stays. All else is a "
                       "bug.")
        expect_wire_closed(streams, f"after read_the_rest has raised {kind.__name__}")

    def test_a_task_that_is_cancelled_ends(self):
        streams = wire_to(ends=False)
        expect_cancelled(cancelled(hang_up(streams)), "CancelledError is swallowed",
                         "The server cancels a task that is to end, and asyncio counts on that: it is no error of the "
                         "client's, and no Exception.", before="hang_up waits in read_the_rest, and is cancelled there")
        expect_wire_closed(streams, "after the task was cancelled")
        expect_same(streams.writer.events, ["write_eof", "read", "close"], of="done to the connection",
                    problem="after the task was cancelled, more is done than to close", why=CLOSED)

    def test_the_connection_is_closed_at_once_when_the_task_is_cancelled(self):
        async def cancelled_at_once():
            streams = wire_to(ends=False)
            task = await begun(hang_up(streams))
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.result()
            return streams.writer.closed_at

        expect_same(run(cancelled_at_once()), 0.001, of="seconds until close",
                    problem="the connection is not closed at once when the task is cancelled",
                    before="the task is cancelled after 0.001 seconds",
                    why="Whoever cancels it has waited long enough: `finally` closes, and awaits nothing.")

    def test_an_application_may_still_wait_for_the_client(self):
        async def two():
            streams = wire_to(ends=False)
            task = await begun(streams.receive_more(60))
            error = await raised_in(hang_up(streams))
            task.cancel()
            return error, streams.writer.closed_at

        error, closed_at = run(two())
        expect_no_error(error, "hang_up raises something where somebody else still reads", before="streams.receive_more"
                        "(60) waits", why="An application may wait in receive when its answer has ended. "
                        "self.read_the_rest() waits until it is its turn to read.")
        expect_same(closed_at, 0.001 + ch07.LINGER, LINGER, of="seconds until close",
                    problem="the connection is not closed after LINGER seconds, where somebody else still reads")

    def test_others_run_while_it_waits(self):
        async def two():
            stays, leaves = wire_to(ends=False), wire_to(0.5)
            await asyncio.gather(hang_up(stays), hang_up(leaves))
            return leaves.writer.closed_at, stays.writer.closed_at

        expect_same(run(two()), (0.5, float(ch07.LINGER)), of="seconds until close, of both",
                    problem="two clients at a time get in each other's way",
                    clients="one hangs up after 0.5 seconds, the other stays",
                    why="While one call awaits its client, the other goes on.")

    def test_nothing_is_returned_or_printed(self, capsys):
        why = "The connection is closed: there is nothing more to say of it."
        expect_same(run(hang_up(wire_to())), None, why, problem="hang_up returns something")
        expect_silence(capsys.readouterr(), (), "where the client hangs up", why)
        run(hang_up(wire_to(ends=False)))
        expect_silence(capsys.readouterr(), (), "where the client stays", why)
