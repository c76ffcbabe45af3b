"""Step 2.7 · Reader.read_exactly"""
import pytest

from tests.ch02_request.common import ch02, each, expect_result
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
from tests.expect import a_value, each_family, expect_let_out, expect_raised, expect_returned
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import DELIVERIES


@pytest.mark.step("2.7")
class TestReadExactly:
    def read(self, reader, count):
        """Return what read_exactly returns, a bytearray as bytes: that it is none is the business of one check."""
        data = step_of(reader, "read_exactly")(count)
        return bytes(data) if isinstance(data, bytearray) else data

    def test_as_many_bytes_as_asked_for_come_back(self):
        reader = reader_of(received=b"hello")
        rows = rows_of(reader)
        with a_value("b'hello'", "Nothing need come from the client: the bytes are there.",
                     refused="what was received already can't be read", **rows):
            data = step_of(reader, "read_exactly")(5)
        expect_result(data, bytes, "what was read", "A bytearray can be changed by whoever has it, and is no bytes.",
                      **rows)
        expect_same(data, b"hello", problem="other bytes come back than were received", **rows,
                    why="The body is what the client sent.")

    def test_what_is_after_stays(self):
        reader = reader_of(received=b"hello world")
        rows = rows_of(reader)
        expect_returned(lambda: self.read(reader, 5), b"hello", "more comes back than was asked for",
                        "What is after the body is not of the body.",
                        refused="bytes with others after them can't be read", **rows)
        received_of(reader, b" world", **rows)
        rows |= {"called": "reader.read_exactly(5), then reader.read_exactly(1)"}
        expect_returned(lambda: self.read(reader, 1), b" ",
                        "the second reading does not go on where the first ended",
                        "What was read is taken away, and what is after it is still to be read.",
                        refused="what is after the first reading can't be read", **rows)
        expect_same(received_of(reader, b"world", **rows), b"world", **rows, of=RECEIVED,
                    problem="what was received after the bytes is not in self.received",
                    why="The next reading finds its bytes there.")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_all_bytes_come_however_they_arrive(self, delivery):
        body = bytes(range(256)) + b"\r\n\r\n"
        reader = reader_of(body[100:], received=body[:100], delivery=delivery)
        expect_returned(lambda: self.read(reader, len(body)), body,
                        "the bytes that come back are not all that were asked for",
                        "recv gives what has arrived, which may be one byte; it is asked again until there are enough "
                        "(RFC 9112 section 6.2).", refused=f"the bytes can't be read: {delivery}", **rows_of(reader))

    def test_a_body_of_max_body_bytes_is_read_at_once(self):
        body = b"x" * ch02.MAX_BODY
        reader = reader_of(received=body + b"more")
        expect_that(self.read(reader, len(body)) == body, "a body of MAX_BODY bytes is not read whole",
                    called="reader.read_exactly(MAX_BODY)", why="All bytes are there: take them off in one go.")

    def test_many_full_blocks_are_read_as_far_as_they_are_wanted(self):
        count = 100 * ch02.RECV_SIZE + 1
        reader = reader_of(b"x" * count + b"more")
        data = self.read(reader, count)
        expect_same(len(data), count, of="the bytes that come back", called=f"reader.read_exactly({count})",
                    sent=f"{count + 4} bytes, in blocks of RECV_SIZE",
                    problem="fewer bytes come back than were asked for, where they fill many blocks",
                    why="A body may fill any number of blocks: receive while there are too few bytes (RFC 9112 section "
                        "6.2).")

    @each("what, data", {"at once": b"", "after some bytes": b"hel"})
    def test_a_client_that_stops_half_way_is_gone(self, what, data):
        reader = reader_of([data] if data else [])
        rows = rows_of(reader)
        expect_raised(ch02.ClientGone, lambda: step_of(reader, "read_exactly")(5),
                      "a body that is too short is taken for whole",
                      "Half an upload is no upload (RFC 9112 section 8).", **rows)

    @each("what, blocks", {"at once": [], "after some bytes": [b"hel"]})
    @each_family(ours="ch02_request")
    def test_what_receive_more_raises_reaches_the_caller(self, kind, what, blocks):
        error = kind("raised by recv")
        reader = reader_of([*blocks, error])
        reader.receive_more = lambda: receive(reader)

        def receive(reader):
            block = reader.connection.recv(ch02.RECV_SIZE)
            reader.received += block

        expect_let_out(error, lambda: step_of(reader, "read_exactly")(5),
                       f"{kind.__name__}, raised by receive_more, does not come out",
                       "There are too few bytes, and no more will come: whoever called you has to know why.",
                       **rows_of(reader))

    @each("what, received", {"exactly enough": b"hello", "more than enough": b"hello world"})
    def test_nothing_is_received_when_there_is_enough(self, what, received):
        reader = reader_of(b"more", received=received)
        rows = rows_of(reader)
        step_of(reader, "read_exactly")(5)
        expect_same(received_by(reader), 0, problem=f"it receives although there is {what}", **rows, of=TIMES,
                    why="A client that has sent everything waits for the answer, and you would wait for the client.")

    def test_it_receives_until_there_is_enough_and_no_longer(self):
        reader = reader_of([b"ab", b"cd", b"ef"])
        rows = rows_of(reader)
        step_of(reader, "read_exactly")(4)
        times = received_by(reader)
        problem = "it receives more often than it must" if times > 2 else "it receives too few times for 4 bytes"
        expect_same(times, 2, problem=problem, **rows, of=TIMES,
                    why="A client that has sent everything waits for the answer, and you would wait for the client.")
        expect_same(received_of(reader, b"", **rows), b"", **rows, of=RECEIVED,
                    problem="bytes that were read are still in self.received",
                    why="The next reading would find them again.")

    def test_no_bytes_are_read_without_receiving(self):
        reader = reader_of(b"more")
        expect_returned(lambda: self.read(reader, 0), b"", "0 bytes are not b''",
                        "Most requests have no body.", refused="0 bytes can't be read", **rows_of(reader))
        expect_same(received_by(reader), 0, problem="it receives although no byte is wanted", of=TIMES,
                    why="A client without a body waits for the answer already.")

    def test_no_bytes_are_read_where_some_are_there(self):
        reader = reader_of(b"more", received=b"abc")
        rows = rows_of(reader) | {"called": "reader.read_exactly(0)"}
        why = "The next 0 bytes are none, whatever is there: it belongs to the next reading."
        expect_returned(lambda: self.read(reader, 0), b"", "0 bytes are not b'' where some are there", why,
                        refused="0 bytes can't be read where some are there", **rows)
        expect_same(received_of(reader, b"abc", **rows), b"abc", why, **rows,
                    problem="what was received is not in self.received after 0 bytes were read")

    @pytest.mark.clause(115)
    def test_a_client_that_waits_is_told_to_continue(self):
        reader = reader_of([b"ab", b"cd"], continue_expected=True)
        rows = rows_of(reader)
        step_of(reader, "read_exactly")(4)
        expect_same(reader.connection.sent, CONTINUE, problem="the client is not told to continue, once", of=SENT,
                    **rows, why="receive_more does that: call it for all that is still to come, and not recv (RFC "
                        "9110 section 10.1.1).")

    @each("what, received_blocks_and_count", {
        "more than enough is there": (b"abcdef", [], 3), "just enough is there": (b"abc", [b"def"], 3),
        "a block brings just what is missing": (b"ab", [b"c", b"def"], 3),
        "a block brings more than what is missing": (b"ab", [b"cdef"], 3),
        "the second block brings more than what is missing": (b"ab", [b"c", b"defg"], 4),
        "a block brings more, and nothing was there": (b"", [b"abcdef"], 3),
        "the third of three blocks brings more": (b"", [b"ab", b"cd", b"efgh"], 5),
        "a block brings more than what is asked for": (b"a", [b"bcdef"], 2),
        "what follows is equal to what is read": (b"aaaaab", [], 2),
    })
    def test_no_byte_is_lost_where_a_reading_ends(self, what, received_blocks_and_count):
        received, blocks, count = received_blocks_and_count
        all_bytes, reader = received + b"".join(blocks), reader_of(blocks, received=received)
        rows = rows_of(reader)
        expect_returned(lambda: self.read(reader, count), all_bytes[:count], f"other bytes come back: {what}",
                        "They come back in the order in which they were received.",
                        refused=f"the bytes can't be read: {what}", **rows)
        to_come = b"".join(reader.connection.blocks)
        stays = received_of(reader, all_bytes[count:len(all_bytes) - len(to_come)], **rows) + to_come
        expect_same(stays, all_bytes[count:], problem=f"bytes after those that were asked for are lost: {what}",
                    **rows, called=f"reader.read_exactly({count}); then what is in self.received, and still to come",
                    why="Take from self.received as many bytes as are still missing, and no more: what is after them "
                        "stays there for the next reading.")

    @each("what, blocks", {"one block": [b"abcd"], "three blocks": [b"a", b"bc", b"de"]})
    def test_it_is_receive_more_that_receives(self, what, blocks):
        reader, left = reader_of(b"the connection's own"), list(blocks)
        reader.receive_more = lambda: reader.received.extend(left.pop(0))
        rows = rows_of(reader) | {"receive_more": f"another one, which puts {blocks} into self.received, one by one"}
        why = "receive_more alone knows how to receive, and when to say 100 Continue: call self.receive_more(), and " \
              "leave recv and sendall of the connection to it."
        with a_value("b'abcd'", why, refused="the bytes of receive_more are not read", **rows):
            data = self.read(reader, 4)
        problem = "the connection is used, and not self.receive_more()"
        expect_same((data, received_by(reader)), (b"abcd", 0), why, problem=problem, **rows,
                    of=f"the bytes, and {TIMES}")
