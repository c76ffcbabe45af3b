"""Step 2.6 · Reader.receive_more"""
import contextlib
import errno
import os

import pytest

from tests.ch02_request.common import ch02, each, trying
from tests.ch02_request.readers import (
    CONTINUE,
    RECEIVED,
    SENT,
    TIMES,
    reader_of,
    received_by,
    received_of,
    rows_of,
    step_of,
)
from tests.expect import a_value, each_family, expect_let_out, expect_raised, expect_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that


@pytest.mark.step("2.6")
class TestReceiveMore:
    def test_what_comes_is_put_at_the_end_of_what_was_received(self):
        reader = reader_of(b"cd", received=b"ab")
        rows = rows_of(reader)
        step_of(reader, "receive_more")()
        expect_same(received_of(reader, b"abcd", **rows), b"abcd", **rows, of=RECEIVED,
                    problem="self.received is not what was there and after it what came",
                    why="Bytes are read in the order in which the client sent them.")

    @each("what, block", {"a space": b" ", "a line end": b"\r\n"})
    def test_a_block_of_white_space_is_no_end(self, what, block):
        reader = reader_of([block], received=b"a")
        rows = rows_of(reader)
        with a_value("the block at the end of self.received", "Only b'' says that the client has hung up: a body may "
                     "have blanks and line ends, and a block may hold nothing else.",
                     refused="a block of white space is taken for the end", **rows):
            step_of(reader, "receive_more")()
        expect_same(received_of(reader, b"a" + block, **rows), b"a" + block, **rows, of=RECEIVED,
                    problem="a block of white space is not put there as it came", why="A body is any bytes.")

    def test_it_receives_once(self):
        reader = reader_of([b"a", b"b", b"c"])
        rows = rows_of(reader)
        step_of(reader, "receive_more")()
        expect_same(received_by(reader), 1, problem="recv was not called once", **rows, of=TIMES,
                    why="If you ask for more than you need, you wait for a client that has sent everything already.")

    @each("what, named", {
        "nothing is there": {}, "some bytes are there": {"received": b"x" * 100},
        "the client waits for 100 Continue": {"continue_expected": True},
    })
    def test_it_asks_for_recv_size_bytes(self, what, named):
        reader = reader_of(b"abc", **named)
        step_of(reader, "receive_more")()
        sizes = [size for what, size in reader.connection.events if what == "recv"]
        expect_same(sizes, [ch02.RECV_SIZE],
                    problem=f"recv was not asked for RECV_SIZE bytes, where {what}", of="sizes given to recv",
                    why="One byte at a time would be a thousand calls where one is enough.")

    def test_it_receives_once_where_a_block_is_full(self):
        block = b"x" * ch02.RECV_SIZE
        again = Diagnosis("recv is called once more after a block of RECV_SIZE bytes", called="reader.receive_more()",
                          sent="exactly RECV_SIZE bytes, and the client waits for its answer",
                          why="A full block does not say that more comes, nor a short one that all has come: what is "
                              "needed is known to read_exactly, not here.")
        reader = reader_of([block, again])
        step_of(reader, "receive_more")()
        expect_that(received_of(reader, block) == block, "a block of RECV_SIZE bytes is not received whole",
                    why="Its bytes are put at the end of self.received.")

    @each("what, received_and_data", {
        "at once": (b"", []), "at once, where bytes (b'x') are there already": (b"x", []),
        "after some bytes": (b"x", [b"ab"]),
    })
    def test_a_client_that_has_hung_up_is_gone(self, what, received_and_data):
        received, data = received_and_data
        reader = reader_of(data, received=received)
        rows = rows_of(reader)
        for _ in data:
            reader.receive_more()
            rows["before"] = "reader.receive_more()"
        expect_raised(ch02.ClientGone, step_of(reader, "receive_more"), f"a client that hung up goes unnoticed: {what}",
                      "recv returns b'' when nothing will ever come: look at what this recv has returned, and not at "
                      "all that is in self.received. A caller that waits for more would go round for ever (RFC 9112 "
                      "section 8).", **rows)

    @each("what, received", {"nothing was there": b"", "a part of its body was there": b"ab"})
    def test_a_client_that_hangs_up_after_100_continue_is_gone(self, what, received):
        reader = reader_of(received=received, continue_expected=True)
        expect_raised(ch02.ClientGone, step_of(reader, "receive_more"),
                      f"a client that was told to go on and hung up goes unnoticed: {what}",
                      "recv returns b'' when nothing will ever come, whatever was sent to the client before, and "
                      "whatever is in self.received already: look at what this recv has returned (RFC 9112 section "
                      "8).", **rows_of(reader))

    @pytest.mark.parametrize("number", [errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE],
                             ids=["reset", "aborted", "broken pipe"])
    def test_a_broken_connection_reaches_the_caller(self, number):
        error = OSError(number, os.strerror(number))  # Python makes it ConnectionResetError and the like
        reader = reader_of([error])
        expect_let_out(error, step_of(reader, "receive_more"), "a reset goes unnoticed",
                       "ClientGone is for b'' alone, a client that hung up. What recv itself raises says more, and the "
                       "caller can't go on without the bytes (RFC 9112 section 8).", **rows_of(reader))

    @pytest.mark.clause(115)
    def test_nothing_is_sent_to_a_client_that_expects_nothing(self):
        reader = reader_of(b"abc")
        rows = rows_of(reader) | {"the client": "does not wait: self.continue_expected is False"}
        step_of(reader, "receive_more")()
        expect_same(reader.connection.sent, b"", problem="a client that did not ask for it is sent something", of=SENT,
                    **rows, why="An old client takes 100 Continue for the response (RFC 9110 section 10.1.1).")

    @pytest.mark.clause(115, 116)
    @each("what, received", {"at its beginning": b"", "half-way": b"ab"})
    def test_a_client_that_expects_it_is_told_to_continue_first(self, what, received):
        reader = reader_of(b"abc", received=received, continue_expected=True)
        rows = rows_of(reader)
        step_of(reader, "receive_more")()
        sent, events = reader.connection.sent, reader.connection.events
        problem = "100 Continue is not sent to a client that waits for it"
        expect_that(sent or received, problem, **rows, expected=repr(CONTINUE),
                    why="The client keeps its body back until it is told to send it: both would wait for each other "
                        "(RFC 9110 section 10.1.1).",
                    **trying("curl -v -H 'Expect: 100-continue' -d hello http://127.0.0.1:8000/echo"))
        expect_that(sent, f"{problem}, where a part of its body is there already", **rows, expected=repr(CONTINUE),
                    why="The first bytes may come with the head; the client still keeps back the rest until it is told "
                        "to send it (RFC 9110 section 10.1.1).")
        expect_value(sent, CONTINUE, problem="what you send is not 100 Continue", **rows, of=SENT, likely={
            "only the first bytes of 100 Continue are sent": CONTINUE[:3], "100 Continue is sent twice": 2 * CONTINUE,
            "the blank line after 100 Continue is missing": CONTINUE[:-2],
        }, whys={"only the first bytes of 100 Continue are sent":
                 "send takes what there is room for, returns how much that was, and leaves the rest to you: sendall."},
            why="It is a response of its own: status line, no field, blank line (RFC 9110 section 15.2.1).")
        expect_that(events[0][0] == "send", "100 Continue is sent after receiving", **rows,
                    why="The client sends nothing before it has read it (RFC 9110 section 10.1.1).")

    @pytest.mark.clause(115)
    def test_100_continue_is_sent_once(self):
        reader = reader_of([b"a", b"b", b"c"], continue_expected=True)
        rows = rows_of(reader) | {"called": "reader.receive_more(), three times"}
        for _ in range(3):
            step_of(reader, "receive_more")()
        expect_value(reader.connection.sent, CONTINUE, problem="100 Continue is sent again and again", **rows, of=SENT,
                     likely={"100 Continue is not sent to each client that waits for it": b""},
                     why="A client that has been told goes on sending; what else comes it takes for the response "
                         "(RFC 9110 section 10.1.1).")

    @each_family(ours="ch02_request")
    def test_100_continue_is_sent_once_though_recv_raises(self, kind):
        error = kind("raised by recv")
        reader = reader_of([error, b"abc"], continue_expected=True)
        rows = rows_of(reader) | {"called": "reader.receive_more(), and once more after what recv has raised"}
        with contextlib.suppress(type(error)):  # that it comes out, is another check
            step_of(reader, "receive_more")()
        step_of(reader, "receive_more")()
        expect_value(reader.connection.sent, CONTINUE, **rows, of=SENT,
                     problem=f"100 Continue is sent again after {kind.__name__}, raised by recv",
                     why="The client was told, whatever comes afterwards: set self.continue_expected to False before "
                         "recv, not after it (RFC 9110 section 10.1.1).")

    @each("what, blocks", {"at once": [], "after some bytes": [b"ab"]})
    def test_100_continue_is_sent_once_though_the_client_hangs_up(self, what, blocks):
        reader = reader_of(blocks, continue_expected=True)
        rows = rows_of(reader) | {"called": f"reader.receive_more(), {len(blocks) + 2} times"}
        for _ in [*blocks, b"", b""]:
            with contextlib.suppress(ch02.ClientGone):  # that it comes out, is another check
                step_of(reader, "receive_more")()
        expect_value(reader.connection.sent, CONTINUE, **rows, of=SENT,
                     problem=f"100 Continue is sent again to a client that has hung up: {what}",
                     why="It is sent once, whatever comes afterwards, b'' too: set self.continue_expected to False "
                         "when it is sent, before you look at what recv returns (RFC 9110 section 10.1.1).")

    def test_a_client_that_can_not_be_told_to_continue_is_gone(self):
        reader = reader_of([b"abc"], continue_expected=True)
        reader.connection.breaks = 5
        expect_raised(ConnectionError, step_of(reader, "receive_more"), "an error of sendall goes unnoticed",
                      "sendall raises BrokenPipeError: the client has left, and the caller has to hear of it.",
                      **rows_of(reader))

    @each_family(ours="ch02_request")
    def test_what_sendall_raises_reaches_the_caller(self, kind):
        error = kind("raised by sendall")
        reader = reader_of([b"abc"], continue_expected=True)
        reader.connection.fails = error
        expect_let_out(error, step_of(reader, "receive_more"), f"{kind.__name__}, raised by sendall, does not come out",
                       "The client was not told to go on, and will send nothing: your caller has to know why.",
                       **rows_of(reader))

    @each("what, named", {
        "at once": {}, "after some bytes": {"received": b"ab"}, "after 100 Continue": {"continue_expected": True},
    })
    @each_family(ours="ch02_request")
    def test_what_recv_raises_reaches_the_caller(self, kind, what, named):
        error = kind("raised by recv")
        reader = reader_of([error], **named)
        expect_let_out(error, step_of(reader, "receive_more"), f"{kind.__name__}, raised by recv, does not come out",
                       "Only b'' means that the client has hung up. What to do about an error is for your caller to "
                       "decide, who has to know which one it was.", **rows_of(reader))
