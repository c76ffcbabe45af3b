"""Step 6.3 · take_chunks"""
import pytest

from tests.ch06_concurrency.taking import Body, Taking, ch06, in_chunks
from tests.expect import (
    a_value,
    each_family,
    expect_let_out,
    expect_raised,
    raised_by,
    raising,
    shown_error,
    shown_value,
)
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import DELIVERIES

CHUNK = "A chunk is its size, CRLF, so many bytes, CRLF: the bytes alone are the body (RFC 9112 section 7.1)."
FROM = ("take_line and take_bytes are generator functions: a call alone runs none of their lines. `yield from` runs "
        "what it returns, pauses where that pauses, and gives its value (PEP 380).")
END = ("After the chunk of size 0 come trailer lines, if any, and a line with nothing in it. What follows that is the "
       "next request (RFC 9112 sections 7.1 and 9.3.2).")
AT_ONCE = ("A chunk may be as large as a body may be: what has come of it goes to the file at once, as `yield from "
           "take_bytes(received, size, body)` has it.")


def expect_chunks_moved(blocks, body, *, refused, left=b"next", why=CHUNK, **named):
    """Fail unless take_chunks moves the bytes of body to a file when blocks come, and leaves the bytes left."""
    file = Body()
    taking = Taking("take_chunks", blocks, file, **named)
    with a_value(f"in the file: {shown_value(body)}", why, refused=refused, **taking.rows):
        taking.run(refused=refused, why=why)
    expect_chunks_in_file(taking, file, body, why)
    taking.expect_left(left, END, what="the body")


def expect_chunks_in_file(taking, file, expected, why, problem="the file does not hold the bytes of the chunks alone"):
    """Fail with problem unless a file holds the expected bytes."""
    expect_same(file.content(), expected, why, of="the file", problem=problem, **taking.rows)


def expect_chunks_stopped(blocks, status, problem, why, *, body=None, **named):
    """Fail with problem unless BadRequest with this status is raised when blocks have come, and body is in the file."""
    file = Body()
    taking = Taking("take_chunks", blocks, file, **named)
    error = expect_raised(ch06.BadRequest, taking.last, problem, why, **taking.rows)
    expect_that(error.status == status, f"refused with status {error.status}, and {status} is the right one", why,
                **taking.rows, came_out=shown_error(error), expected=f"BadRequest with status {status}")
    if body is not None:
        too_many = len(file.content()) > len(body)
        problem = "bytes of the chunk that is too much are in the file" if too_many else "the chunk before is lost"
        expect_chunks_in_file(taking, file, body, why, problem)


@pytest.mark.step("6.3")
class TestTakeChunks:
    def test_a_body_that_has_come_is_moved_without_a_pause(self):
        expect_chunks_moved([in_chunks(b"hello") + b"next"], b"hello", refused="a good body is not moved",
                            why=f"{CHUNK} {FROM}")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_the_chunks_are_moved_however_they_arrive(self, delivery):
        expect_chunks_moved(DELIVERIES[delivery](in_chunks(b"hello", b" ", b"world, how are you today?")), left=b"",
                            body=b"hello world, how are you today?", refused=f"three chunks are not moved ({delivery})")

    def test_it_pauses_wherever_a_block_ends(self):
        data = in_chunks(b"hello", b"!", trailers=b"A: b\r\n")
        for cut in range(len(data)):
            expect_chunks_moved([data[:cut], data[cut:] + b"next"], b"hello!",
                                refused=f"chunks are not moved (the first block ends after {cut} bytes)")

    def test_what_has_come_of_a_chunk_is_in_the_file_at_each_pause(self):
        file = Body()
        blocks = [b"14\r\n", b"0123456789", b"abcd", b"efghij\r\n2\r\nk", b"l\r\n0\r\n\r\n"]
        taking = Taking("take_chunks", blocks, file)
        seen = []
        taking.run(lambda: seen.append(file.content()))
        whole = b"0123456789abcdefghij"
        expect_same(seen, [b"", whole[:10], whole[:14], whole + b"k"], AT_ONCE, of="the file at each pause",
                    **taking.rows, problem="it pauses, and the file does not have what has come of a chunk")

    @pytest.mark.parametrize("chunk", [b"a\r\nb\r\n\r\nc\r\n", b"0\r\n\r\n", bytes(range(256))],
                             ids=["line ends", "what looks like the end", "all bytes"])
    def test_a_chunk_may_hold_any_bytes(self, chunk):
        data = in_chunks(chunk, b"x") + b"next"
        expect_chunks_moved([data[:7], data[7:]], chunk + b"x", refused="a chunk is not moved",
                            why="A chunk is as many bytes as its size says, whatever they are (RFC 9112 section 7.1).")

    @pytest.mark.parametrize("size, end", [(b"005", b"0"), (b"5 ;a=b", b"0"), (b"5", b"000"), (b"5", b"0;c")])
    def test_extensions_and_zeros_in_front_do_not_matter(self, size, end):
        expect_chunks_moved([b"%s\r\nhello\r\n%s\r\n\r\nnext" % (size, end)], b"hello",
                            refused="a size with zeros or an extension is not read",
                            why="parse_chunk_size reads the line: ask the number that it returns, and not the line. A "
                                "size of 0 ends the chunks, however it is written (RFC 9112 section 7.1.1).")

    @pytest.mark.parametrize("trailers", [b"", b"A: b\r\n", b"no colon\r\nC: d\r\n", b" \t\r\nA: b\r\n"])
    def test_trailers_are_taken_and_ignored(self, trailers):
        expect_chunks_moved([in_chunks(b"hello", trailers=trailers) + b"next"], b"hello", why=END,
                            refused=f"a body {'with' if trailers else 'without'} trailers is not moved")

    def test_a_body_without_chunks_is_empty(self):
        expect_chunks_moved([b"0\r\n\r\nnext"], b"", why=END, refused="a body without chunks is not moved")

    def test_one_body_after_the_other_is_taken(self):
        taking = Taking("take_chunks", [in_chunks(b"first") + in_chunks(b"second") + b"next"], Body())
        taking.run()
        expect_chunks_moved([bytes(taking.received)], b"second", refused="the second body is not moved",
                            why="What follows the first body stays in received, and each body begins anew.")

    def test_each_of_two_generators_moves_its_own_body(self):
        files = Body(), Body()
        one = Taking("take_chunks", [b"3\r\non", b"e\r\n4\r\n, me\r\n0\r\n\r\n"], files[0], 9)
        other = Taking("take_chunks", [b"6\r\nother", b"s\r\n0\r\n\r\n"], files[1], 8)
        rows = {"sent": f"{one.rows['sent']}; by another client {other.rows['sent']}",
                "called": "two generators, by turns; the limits are 9 and 8"}
        why = "While one generator pauses, others run. How long a body is so far is in a variable of the generator's " \
              "own: nothing of it is in the module."
        with a_value("two bodies", why, refused="two clients at once: a body is not moved", **rows):
            one.begin(), other.begin(), other.run(), one.run()
        expect_same([file.content() for file in files], [b"one, me", b"others"], why, of="the files", **rows,
                    problem="two clients at once: the bodies are mixed up")

    @pytest.mark.parametrize("data", [
        b"5\r\nhelloXX", b"4\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\n0\r\n\r\n", b"5\r\nhello\n\r",
        b"1\r\na\r\n5\r\nhelloXX",
    ], ids=["other bytes", "a longer chunk", "LF alone", "LF CR", "other bytes after the second chunk"])
    def test_a_chunk_must_end_where_its_size_says(self, data):
        expect_chunks_stopped([data], 400, "two bytes after a chunk are not CRLF, and BadRequest is not raised",
                              "The two bytes are there, and are not CRLF: another program sees another body here. No "
                              "more need come to see that (RFC 9112 section 7.1).")

    def test_the_bytes_after_a_chunk_may_come_one_by_one(self):
        expect_chunks_stopped([b"5\r\nhello", b"\r", b"X"], 400, "CR and no LF after a chunk is accepted", CHUNK)

    @pytest.mark.parametrize("chunks", [[b"hello"], [b"hel", b"lo"]], ids=["in one chunk", "in two chunks"])
    def test_a_body_of_limit_bytes_is_moved(self, chunks):
        expect_chunks_moved([in_chunks(*chunks, trailers=b"A: a long trailer\r\n") + b"next"], b"hello", limit=5,
                            refused="limit is 5, and a body of 5 bytes is refused",
                            why="limit counts the bytes of the body, without sizes, line ends and trailers, and only a "
                                "longer one is too long.")

    def test_a_body_of_no_bytes_is_within_a_limit_of_0(self):
        expect_chunks_moved([b"0\r\n\r\nnext"], b"", limit=0, refused="limit is 0, and a body of 0 bytes is refused")

    @pytest.mark.parametrize("before, size, limit, there", [
        (b"", 6, 5, b""), (b"", 6, 5, b"xyz"), (b"hello", 1, 5, b""), (b"hel", 3, 5, b"xyz\r\n0\r\n\r\n"),
        (b"", 1, 0, b"x"), (b"", 2 ** 64 - 1, 5, b""),
    ], ids=["one chunk", "one chunk, half of it there", "two chunks", "two chunks, all there", "a limit of 0",
            "16 digits"])
    def test_a_chunk_that_makes_the_body_too_long_is_refused_before_it_is_moved(self, before, size, limit, there):
        data = in_chunks(before).removesuffix(b"0\r\n\r\n") if before else b""
        sizes = f"chunks of {len(before)} and {size} bytes are" if before else f"a chunk of {size} bytes is"
        expect_chunks_stopped([data + b"%x\r\n" % size + there], 413, f"limit is {limit}, and {sizes} accepted",
                              "The size is known before the bytes come: add it to the sizes of the chunks before, and "
                              "compare that with limit, before you move any of it (RFC 9110 section 15.5.14).",
                              body=before, limit=limit)

    def test_the_limit_is_max_upload_unless_another_is_given(self):
        why = "Bodies above MAX_BODY are kept on disk in this chapter: the argument limit says how long one may be."
        taking = Taking("take_chunks", [b"%x\r\nabc" % ch06.MAX_UPLOAD], Body())
        with a_value("a pause", why, refused="a chunk of MAX_UPLOAD bytes is refused", **taking.rows):
            taking.expect_paused("it ends in the first chunk", why)
        expect_chunks_stopped([b"%x\r\nabc" % (ch06.MAX_UPLOAD + 1)], 413,
                              "a chunk of MAX_UPLOAD + 1 bytes is accepted", why,
                              body=b"")

    def test_max_fields_trailers_are_accepted(self):
        expect_chunks_moved([in_chunks(b"hello", trailers=b"a: b\r\n" * ch06.MAX_FIELDS) + b"next"], b"hello",
                            refused="a body with MAX_FIELDS trailer lines is refused", why="Only more are too many.")

    @pytest.mark.parametrize("more", [b"", b"a: b\r\n" * 50, b"\r\n"],
                             ids=["so far", "and many more", "and the last line"])
    def test_one_trailer_more_is_refused_as_soon_as_it_has_come(self, more):
        lines = b"a: b\r\n" * (ch06.MAX_FIELDS + 1)
        expect_chunks_stopped([b"0\r\n" + lines + more], 431,
                              "MAX_FIELDS + 1 trailer lines have come, and BadRequest is not raised",
                              "A client could send trailers for ever: count them as they come (RFC 6585 section 5).")

    @pytest.mark.parametrize("data, alone", [
        (b"x\r\n", b"x"), (b"1\r\na\r\n-1\r\n", b"-1"), (b"1\r\na\r\n\r\n", b""), (b"5;".ljust(9_000, b"a"), None),
        (b"0\r\nA: ".ljust(9_000, b"a"), None),
    ], ids=["no size", "a second size that is none", "an empty line", "a long line", "a long trailer"])
    def test_what_take_line_and_parse_chunk_size_raise_is_let_out(self, data, alone):
        def refuse():
            next(ch06.take_line(bytearray(9_000))) if alone is None else ch06.parse_chunk_size(alone)

        error, taking = raised_by(refuse, ch06.BadRequest), Taking("take_chunks", [data], Body())
        came_out = expect_raised(ch06.BadRequest, taking.last, "a bad line is accepted", CHUNK, **taking.rows)
        expect_same((came_out.status, str(came_out)), (error.status, str(error)), **taking.rows,
                    problem="another BadRequest comes out than that of take_line or parse_chunk_size",
                    why="The client is sent its message: whoever has raised it knows what is wrong.")

    @each_family(ours="ch02_request")
    def test_what_the_file_raises_is_let_out(self, kind):
        file, error = Body(), kind("no space left on the disk")
        taking = Taking("take_chunks", [b"5\r\nhel", b"lo\r\n0\r\n\r\n"], file).begin()
        file.write = raising(error)
        expect_let_out(error, taking.last, f"{kind.__name__}, raised by write, does not come out",
                       "The body is not whole in the file: what take_bytes raises is let out.", **taking.rows)
