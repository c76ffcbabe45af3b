"""Step 2.9 · read_chunked: what is refused, and when"""
import pytest

from tests.ch02_request.common import ch02, each, expect_refused
from tests.ch02_request.readers import CALLED, body_in_chunks, expect_joined, reader_of, rows_of
from tests.expect import raised_by
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes

ALONE = "The size is known before the bytes come: if you read them first, the memory is full already"
TOGETHER = ("Each chunk is within MAX_BODY, and both together are more: add the new size to what the body has already, "
            "and compare that, before you read the chunk")


def expect_chunks_refused(reader, status, problem, why):
    """Fail with problem unless read_chunked refuses what a Reader has, with this status."""
    rows = rows_of(reader) | CALLED
    expect_refused(lambda: ch02.read_chunked(reader), status, problem, why, **rows)


@pytest.mark.step("2.9")
class TestReadChunked:
    @each("what, data", {
        "two other bytes after a chunk": b"5\r\nhelloXX0\r\n\r\n",
        "a longer chunk than its size": b"4\r\nhello\r\n0\r\n\r\n",
        "a shorter chunk than its size": b"7\r\nhello\r\n0\r\n\r\n",
        "a bare LF after a chunk": b"5\r\nhello\n0\r\n\r\n",
        "no line end after a chunk": b"5\r\nhello0\r\n\r\n", "LF CR after a chunk": b"5\r\nhello\n\r0\r\n\r\n",
        "two other bytes after the second chunk": b"1\r\na\r\n5\r\nhelloXX0\r\n\r\n",
        "two other bytes after the last but one": b"5\r\nhelloXX1\r\na\r\n0\r\n\r\n",
    })
    def test_a_chunk_must_end_where_its_size_says(self, what, data):
        expect_chunks_refused(reader_of(data), 400, f"accepted: {what}",
                              "Two bytes need not be CRLF just because CRLF should stand there; a program that looks "
                              "sees another body (RFC 9112 section 7.1).")

    def test_other_bytes_in_the_place_of_crlf_are_refused_at_once(self):
        why = "Two bytes are enough to see it: if you wait for a line, you wait for a client that has sent all it has."
        early = Diagnosis("more is received although two bytes after the chunk are no CRLF", why=why, **CALLED,
                          received=r"b'5\r\nhelloXX'", expected="BadRequest with status 400")
        expect_chunks_refused(reader_of([early], received=b"5\r\nhelloXX"), 400, "accepted: two other bytes", why)

    @each("what, size", {"a plus sign": b"+5", "a 0x prefix": b"0x5", "a space after it": b"5 ", "no digit": b""})
    def test_a_bad_size_is_refused(self, what, size):
        expect_chunks_refused(reader_of(size + b"\r\nhello\r\n0\r\n\r\n"), 400, f"accepted: {what}",
                              "Another program may read another size, and with it another body (RFC 9112 section 7.1).")

    @each("what, data", {
        "a plus sign after a chunk": b"1\r\na\r\n+5\r\nhello\r\n0\r\n\r\n",
        "no digit after a chunk": b"1\r\na\r\n\r\n0\r\n\r\n",
        "a size in a line that is too long": b"5;".ljust(9_000, b"a") + b"\r\nhello\r\n0\r\n\r\n",
        "a trailer line that is too long": b"1\r\na\r\n0\r\nA: ".ljust(9_000, b"a") + b"\r\n\r\n",
    })
    def test_what_is_raised_for_a_later_line_is_let_out_too(self, what, data):
        expect_chunks_refused(reader_of(received=data), 400, f"accepted: {what}",
                              "What parse_chunk_size and reader.read_line raise is let out as it is, for each size and "
                              "each trailer line: they know what is wrong (RFC 9112 section 7.1).")

    @each("what, sizes", {
        "one chunk that is too large": lambda limit: [limit + 1],
        "chunks that are too large together": lambda limit: [limit, 1],
        "two chunks of one size": lambda limit: [limit, limit], "a chunk of 16 hex digits": lambda limit: [2 ** 64 - 1],
    })
    def test_a_body_that_is_too_large_is_refused_before_its_chunk_is_read(self, what, sizes):
        *read, last = sizes(ch02.MAX_BODY)
        data = body_in_chunks(*(b"x" * size for size in read))[:-5] + b"%x\r\n" % last
        why = f"{TOGETHER if read else ALONE} (RFC 9110 section 15.5.14)."
        after = f"the sizes {read[0]:x} and {last:x}" if read else f"the size {last:x}"
        rows = {"received": shown_bytes(data, 60)} | CALLED
        early = Diagnosis(f"bytes are received although there are too many: {what}", why=why, **rows,
                          expected=f"BadRequest with status 413, after {after} (hexadecimal)")
        reader = reader_of([early], received=data)
        expect_refused(lambda: ch02.read_chunked(reader), 413, f"accepted: {what}", why, **rows)

    def test_max_fields_trailers_are_accepted_and_one_more_is_not(self):
        count = ch02.MAX_FIELDS
        expect_joined(reader_of(received=b"0\r\n" + b"a: b\r\n" * count + b"\r\n"), b"",
                      "the body is not empty, and has trailers only", "Only more are too many.",
                      refused="a body with MAX_FIELDS trailer lines is not read")
        expect_chunks_refused(reader_of(received=b"0\r\n" + b"a: b\r\n" * (count + 1) + b"\r\n"), 431,
                              "accepted: MAX_FIELDS + 1 trailer lines",
                              "A client could send trailers for ever (RFC 6585 section 5).")

    def test_too_many_trailers_are_refused_before_more_of_them_come(self):
        why = "A client could send trailers for ever: count them as they come (RFC 6585 section 5)."
        early = Diagnosis("trailers are received although there are too many", why=why, **CALLED,
                          received=f"0, then {2 * ch02.MAX_FIELDS} trailer lines",
                          expected=f"BadRequest with status 431, after trailer line {ch02.MAX_FIELDS + 1}")
        reader = reader_of([early], received=b"0\r\n" + b"a: b\r\n" * (2 * ch02.MAX_FIELDS))
        expect_chunks_refused(reader, 431, "accepted: trailer lines without an end", why)

    @each("what, data", {
        "a size that is none": (b"x\r\n", lambda: ch02.parse_chunk_size(b"x")),
        "a second size that is none": (b"1\r\na\r\n-1\r\n", lambda: ch02.parse_chunk_size(b"-1")),
        "a line that is too long": (b"5;" + b"a" * 9_000, lambda: reader_of(b"a" * 9_000).read_line()),
        "a trailer that is too long": (b"0\r\n" + b"a" * 9_000, lambda: reader_of(b"a" * 9_000).read_line()),
    })
    def test_what_others_refuse_comes_out_as_it_is(self, what, data):
        sent, alone = data
        error = raised_by(alone, ch02.BadRequest)
        reader = reader_of(sent)
        rows = rows_of(reader) | CALLED
        came_out = raised_by(lambda: ch02.read_chunked(reader), ch02.BadRequest)
        expect_that(came_out, f"accepted: {what}", "What read_line and parse_chunk_size raise is let out.", **rows)
        expect_same((came_out.status, str(came_out)), (error.status, str(error)), **rows,
                    problem=f"another BadRequest comes out than that of parse_chunk_size or read_line: {what}",
                    why="The client is sent its message, and the one that was raised knows what is wrong: what they "
                        "raise needs no `try`.")
