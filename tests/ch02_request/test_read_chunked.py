"""Step 2.9 · read_chunked"""
import pytest

from tests.ch02_request.common import (
    body_in_chunks,
    ch02,
    each,
    expect_error,
    expect_refused,
    expect_type,
    expect_value,
    outcome_of,
    reader_of,
    told_reader,
    value_of,
)
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.transport import DELIVERIES


@pytest.mark.step("2.9")
class TestReadChunked:
    CALLED = {"called": "read_chunked(reader)"}

    def expect_body(self, reader, body, problem, why):
        rows = told_reader(reader) | self.CALLED
        expect_value(lambda: ch02.read_chunked(reader), body, problem, why, **rows)

    def expect_bad(self, reader, status, problem, why):
        rows = told_reader(reader) | self.CALLED
        expect_refused(lambda: ch02.read_chunked(reader), status, problem, why, **rows)

    @pytest.mark.clause(119)
    def test_the_bytes_of_a_chunk_come_back(self):
        reader = reader_of(body_in_chunks(b"hello"))
        rows = told_reader(reader) | self.CALLED
        body = value_of(lambda: ch02.read_chunked(reader), "a good body is not read",
                        "A chunk is its size, CRLF, so many bytes, CRLF (RFC 9112 section 7.1).", **rows)
        expect_type(body, bytes, "the body", **rows)
        expect_same(body, b"hello", problem="the body is not what the chunk holds", **rows,
                    why="Sizes and line ends are for the way only (RFC 9112 section 7.1).")

    @pytest.mark.clause(119)
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_chunks_are_joined_however_they_arrive(self, delivery):
        reader = reader_of(body_in_chunks(b"hello", b" ", b"world, how are you today?"), delivery=delivery)
        self.expect_body(reader, b"hello world, how are you today?", "the body is not all chunks joined",
                         "Chunks and what recv gives have nothing to do with each other (RFC 9112 section 7.1).")

    def test_a_body_without_chunks_is_empty(self):
        self.expect_body(reader_of(b"0\r\n\r\n"), b"", "an empty body is not b''", "RFC 9112 section 7.1.")

    @each("what, chunk", {
        "line ends": b"a\r\nb\r\n\r\nc", "what looks like the end": b"0\r\n\r\n", "all bytes": bytes(range(256)),
    })
    def test_a_chunk_may_hold_any_bytes(self, what, chunk):
        self.expect_body(reader_of(body_in_chunks(chunk, b"x"), delivery="one byte at a time"), chunk + b"x",
                         f"a chunk is not read by its size: {what}",
                         "Only the size tells where a chunk ends: a picture may hold a CRLF (RFC 9112 section 7.1).")

    def test_extensions_and_zeros_in_front_are_no_matter(self):
        self.expect_body(reader_of(b"005;a=b\r\nhello\r\n00;c\r\n\r\n"), b"hello",
                         "sizes are not read with parse_chunk_size", "RFC 9112 section 7.1.1.")

    @each("what, trailers", {"no trailer": b"", "one trailer": b"A: b\r\n", "two trailers": b"A: b\r\nC: d\r\n"})
    def test_trailers_are_read_and_ignored(self, what, trailers):
        reader = reader_of(b"5\r\nhello\r\n0\r\n" + trailers + b"\r\nNEXT")
        self.expect_body(reader, b"hello", f"the body is not read as it should be: {what}",
                         "Fields behind the last chunk are no part of the body (RFC 9112 section 7.1.2).")
        expect_same(bytes(reader.received), b"NEXT", problem=f"the reading does not end behind the empty line: {what}",
                    why="The body ends with the empty line behind the last chunk and its trailers; what comes then is "
                        "not yours (RFC 9112 section 7.1).", **self.CALLED, sent=repr(reader.connection))

    @each("what, data", {
        "two other bytes behind a chunk": b"5\r\nhelloXX0\r\n\r\n",
        "a longer chunk than its size": b"4\r\nhello\r\n0\r\n\r\n",
        "a shorter chunk than its size": b"7\r\nhello\r\n0\r\n\r\n",
        "a bare LF behind a chunk": b"5\r\nhello\n0\r\n\r\n",
        "no line end behind a chunk": b"5\r\nhello0\r\n\r\n", "LF CR behind a chunk": b"5\r\nhello\n\r0\r\n\r\n",
    })
    def test_a_chunk_must_end_where_its_size_says(self, what, data):
        self.expect_bad(reader_of(data), 400, f"accepted: {what}",
                        "Two bytes are not CRLF because CRLF should stand there; a program that looks sees another "
                        "body (RFC 9112 section 7.1).")

    def test_what_stands_where_crlf_should_is_refused_at_once(self):
        why = "Two bytes tell: who waits for a line waits for a client that has sent all it has."
        early = Diagnosis("more is received although two bytes behind the chunk are no CRLF", why=why, **self.CALLED)
        self.expect_bad(reader_of([early], received=b"5\r\nhelloXX"), 400, "accepted: two other bytes", why)

    @each("what, size", {"a plus sign": b"+5", "a 0x prefix": b"0x5", "a space behind": b"5 ", "no digit": b""})
    def test_a_bad_size_is_refused(self, what, size):
        self.expect_bad(reader_of(size + b"\r\nhello\r\n0\r\n\r\n"), 400, f"accepted: {what}",
                        "Another program may read another size, and with it another body (RFC 9112 section 7.1).")

    @each("what, data", {
        "before the first size": b"", "within a size": b"5", "within a chunk": b"5\r\nhel",
        "before a chunk's CRLF": b"5\r\nhello", "before the last chunk": b"5\r\nhello\r\n",
        "before the empty line": b"5\r\nhello\r\n0\r\n", "within the trailers": b"0\r\nA: b\r\n",
    })
    def test_a_client_that_stops_half_way_is_gone(self, what, data):
        reader = reader_of(data)
        expect_error(lambda: ch02.read_chunked(reader), ch02.ClientGone,
                     f"a body that is not whole is taken for whole: the client hangs up {what}",
                     "Only the last chunk and the empty line behind it say that all has come (RFC 9112 section 8).",
                     **told_reader(reader) | self.CALLED)

    def test_a_body_of_max_body_bytes_is_accepted(self):
        half = b"x" * (ch02.MAX_BODY // 2)
        reader = reader_of(received=body_in_chunks(half, half))
        outcome = outcome_of(lambda: ch02.read_chunked(reader))
        expect_that(isinstance(outcome, bytes) and len(outcome) == ch02.MAX_BODY,
                    "a body of MAX_BODY bytes is not read", **self.CALLED,
                    came_back=f"{len(outcome)} bytes" if isinstance(outcome, bytes) else repr(outcome),
                    expected=f"{ch02.MAX_BODY} bytes", why="Only a larger one is too large.")

    @each("what, data", {
        "one chunk that is too large": lambda limit: b"%x\r\n" % (limit + 1),
        "chunks that are too large together": lambda limit: body_in_chunks(b"x" * limit)[:-5] + b"1\r\n",
        "two chunks of one size": lambda limit: body_in_chunks(b"x" * limit)[:-5] + b"%x\r\n" % limit,
        "a chunk of 16 hex digits": lambda limit: b"f" * 16 + b"\r\n",
    })
    def test_a_body_that_is_too_large_is_refused_before_its_chunk_is_read(self, what, data):
        why = "The size is known before the bytes come; who reads them first has filled the memory already " \
              "(RFC 9110 section 15.5.14)."
        rows = {"received": shown_bytes(data(ch02.MAX_BODY))} | self.CALLED
        early = Diagnosis(f"bytes are received although there are too many: {what}", why=why, **rows)
        reader = reader_of([early], received=data(ch02.MAX_BODY))
        expect_refused(lambda: ch02.read_chunked(reader), 413, f"accepted: {what}", why, **rows)

    def test_max_fields_trailers_are_accepted_and_one_more_is_not(self):
        count = ch02.MAX_FIELDS
        self.expect_body(reader_of(received=b"0\r\n" + b"a: b\r\n" * count + b"\r\n"), b"",
                         "a body with MAX_FIELDS trailer lines is refused", "Only more are too many.")
        self.expect_bad(reader_of(received=b"0\r\n" + b"a: b\r\n" * (count + 1) + b"\r\n"), 431,
                        "accepted: MAX_FIELDS + 1 trailer lines",
                        "A client could send trailers for ever (RFC 6585 section 5).")

    def test_too_many_trailers_are_refused_before_more_of_them_come(self):
        why = "A client could send trailers for ever: count them as they come (RFC 6585 section 5)."
        early = Diagnosis("trailers are received although there are too many", why=why, **self.CALLED)
        reader = reader_of([early], received=b"0\r\n" + b"a: b\r\n" * (2 * ch02.MAX_FIELDS))
        self.expect_bad(reader, 431, "accepted: trailer lines without an end", why)
