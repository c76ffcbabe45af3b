"""Step 2.9 · read_chunked"""
import pytest

from tests.ch02_request.common import ch02, each, expect_result
from tests.ch02_request.readers import CALLED, body_in_chunks, expect_joined, reader_of, rows_of
from tests.expect import a_value, each_family, expect_let_out, expect_raised
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import DELIVERIES
from workshop.checking.tree import shown


@pytest.mark.step("2.9")
class TestReadChunked:
    @pytest.mark.clause(119)
    def test_the_bytes_of_a_chunk_come_back(self):
        reader = reader_of(body_in_chunks(b"hello"))
        rows = rows_of(reader) | CALLED
        with a_value("b'hello'", "A chunk is its size, CRLF, so many bytes, CRLF (RFC 9112 section 7.1).",
                     refused="a good body is not read", **rows):
            body = ch02.read_chunked(reader)
        expect_result(body, bytes, "the body", **rows)
        expect_same(body, b"hello", problem="the body is not what the chunk holds", **rows,
                    why="Sizes and line ends are no part of the body (RFC 9112 section 7.1).")

    def test_a_second_body_begins_anew(self):
        for body in (b"first", b"second"):
            expect_joined(reader_of(body_in_chunks(body)), body, "the bytes of one body are in the next",
                          "Each body is another one: begin with an empty one at each call.",
                          refused="the second body is not read" if body == b"second" else "a good body is not read",
                          before="read_chunked, for other bodies")

    @pytest.mark.clause(119)
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_chunks_are_joined_however_they_arrive(self, delivery):
        reader = reader_of(body_in_chunks(b"hello", b" ", b"world, how are you today?"), delivery=delivery)
        expect_joined(reader, b"hello world, how are you today?", "the body is not all chunks joined",
                      "Chunks and what recv gives have nothing to do with each other (RFC 9112 section 7.1).",
                      refused=f"three chunks are not read: {delivery}")

    def test_a_body_without_chunks_is_empty(self):
        expect_joined(reader_of(b"0\r\n\r\n"), b"", "an empty body is not b''", "RFC 9112 section 7.1.",
                      refused="a body without chunks is not read")

    @each("what, chunk", {
        "line ends": b"a\r\nb\r\n\r\nc", "what looks like the end": b"0\r\n\r\n", "all bytes": bytes(range(256)),
    })
    def test_a_chunk_may_hold_any_bytes(self, what, chunk):
        expect_joined(reader_of(body_in_chunks(chunk, b"x"), delivery="one byte at a time"), chunk + b"x",
                      f"not all bytes of a chunk come back as they are: {what}",
                      "A chunk is as many bytes as its size says, whatever they are, CR and LF at its end too: only "
                      "the two bytes after it are taken off (RFC 9112 section 7.1).",
                      refused=f"a chunk is not read: {what}")

    @each("what, data", {
        "zeros before the size of a chunk": b"005\r\nhello\r\n0\r\n\r\n",
        "an extension after the size of a chunk": b"5;a=b\r\nhello\r\n0\r\n\r\n",
        "several zeros for the size 0": b"5\r\nhello\r\n000\r\n\r\n",
        "an extension after the size 0": b"5\r\nhello\r\n0;c\r\n\r\n",
        "all of that": b"005;a=b\r\nhello\r\n00;c\r\n\r\n",
    })
    def test_extensions_and_zeros_in_front_do_not_matter(self, what, data):
        why = "The line before a chunk is for parse_chunk_size, which reads it"
        refused = f"{what}, and the body is not read"
        if data.startswith(b"5\r"):
            why = "A size of 0 ends the chunks, however it is written: ask the number that parse_chunk_size returns, " \
                  "and not the line"
            refused = f"{what}, and that is not taken for the end of the chunks"
        expect_joined(reader_of(data), b"hello", f"the body is not read as it should be: {what}",
                      f"{why} (RFC 9112 section 7.1.1).", refused=refused)

    @each("what, trailers", {"no trailer": b"", "one trailer": b"A: b\r\n", "two trailers": b"A: b\r\nC: d\r\n",
                             "a trailer that is no field": b"no colon\r\n",
                             "a line of spaces and one more": b" \t\r\nA: b\r\n"})
    def test_trailers_are_read_and_ignored(self, what, trailers):
        reader = reader_of(b"5\r\nhello\r\n0\r\n" + trailers + b"\r\nNEXT")
        expect_joined(reader, b"hello", f"the body is not read as it should be: {what}",
                      "Lines after the last chunk, up to one with nothing in it, are read and thrown away, whatever "
                      "they hold: they are no part of the body (RFC 9112 section 7.1.2).",
                      refused=f"the body is not read: {what}")
        left = bytes(reader.received)
        where = "stops before" if left.endswith(b"NEXT") else "goes on after"
        expect_same(left, b"NEXT", problem=f"the reading {where} the line with nothing in it: {what}",
                    why="After the last chunk come trailers, if any, and then a line with nothing in it: read line "
                        "after line until that one; what comes then is not yours (RFC 9112 section 7.1).",
                    of="reader.received", **CALLED, sent=repr(reader.connection))

    @each("what, data", {
        "before the first size": b"", "within a size": b"5", "within a chunk": b"5\r\nhel",
        "before a chunk's CRLF": b"5\r\nhello", "before the last chunk": b"5\r\nhello\r\n",
        "before the last line": b"5\r\nhello\r\n0\r\n", "within the trailers": b"0\r\nA: b\r\n",
    })
    def test_a_client_that_stops_half_way_is_gone(self, what, data):
        reader = reader_of(data)
        expect_raised(ch02.ClientGone, lambda: ch02.read_chunked(reader),
                      f"a body that is not whole is taken for whole: the client hangs up {what}",
                      "Only the last chunk and a line with nothing in it say that all has come (RFC 9112 section 8).",
                      **rows_of(reader) | CALLED)

    @each_family("BadRequest", ours="ch02_request")
    @pytest.mark.parametrize("blocks", [[b"5\r\nhel"], [b"5\r\nhello\r\n0\r\n"]], ids=["in a chunk", "in trailers"])
    def test_what_the_reader_raises_reaches_the_caller(self, blocks, kind):
        error = kind("raised by recv")
        reader = reader_of([*blocks, error])
        expect_let_out(error, lambda: ch02.read_chunked(reader), f"{kind.__name__}, raised by recv, does not come out",
                       "The body is not whole, and whoever called you has to know why.", **rows_of(reader) | CALLED)

    def test_a_body_of_max_body_bytes_is_accepted(self):
        half = b"x" * (ch02.MAX_BODY // 2)
        reader = reader_of(received=body_in_chunks(half, half))
        problem, why = "a body of MAX_BODY bytes is not read", "Only a larger one is too large."
        expected = f"{ch02.MAX_BODY} bytes"
        with a_value(expected, why, refused=problem, **CALLED):
            body = ch02.read_chunked(reader)
        expect_that(isinstance(body, bytes) and len(body) == ch02.MAX_BODY, problem, why, **CALLED,
                    came_back=f"{len(body)} bytes" if isinstance(body, bytes) else shown(body), expected=expected)

    def test_no_byte_is_lost_wherever_a_block_ends(self):
        data = body_in_chunks(b"hello", b" ", b"world!") + b"NEXT"
        for cut in range(len(data) + 1):
            reader = reader_of([block for block in [data[cut:]] if block], received=data[:cut])
            rows = rows_of(reader) | CALLED
            expect_joined(reader, b"hello world!", "the body is not all chunks joined",
                          "A block may end anywhere: in a size, in a chunk, in a CRLF (RFC 9112 section 7.1).",
                          refused=f"chunks are not read: the first block ends after {cut} bytes")
            left = bytes(reader.received) + b"".join(reader.connection.blocks)
            expect_same(left, b"NEXT", **rows, of="what is left to read",
                        problem="some of the body is still there" if left.endswith(b"NEXT") else
                        "bytes after the body are lost",
                        why="`reader.read_line()` and `reader.read_exactly(count)` take what they give, and leave what "
                            "is after it: take nothing off reader.received yourself.")
