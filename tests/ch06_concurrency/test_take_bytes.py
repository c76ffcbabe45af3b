"""Step 6.2 · take_bytes"""
import pytest

from tests.ch06_concurrency.taking import WAITS, Body, Taking, ch06
from tests.expect import a_value, each_family, expect_let_out, raising, shown_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.transport import DELIVERIES

ALL = ("A file on disk may be larger than memory: what has come goes there at once, and not when all of it is there. "
       "received is empty then, for no more than one block is in memory (RFC 9112 section 6.2).")
AS_SENT = "The body is what the client has sent, byte for byte, in this order: what has come is written once."
COUNT = "The body has count bytes: how many have come says nothing of where it ends (RFC 9112 section 6.2)."


class OnlyWrite:
    """What has a write, and nothing else of a file."""

    def __init__(self):
        self.written = []

    def __repr__(self):
        return "body"

    def write(self, data):
        self.written.append(bytes(data))
        return len(data)

    def content(self):
        return b"".join(self.written)


def taking_of(blocks, count, body):
    """Return the Taking of count bytes to body; blocks come one after the other."""
    return Taking("take_bytes", blocks, count, body)


def expect_bytes_moved(blocks, count, *, refused, body=None, why=COUNT):
    """Fail unless take_bytes moves the first count bytes of blocks to a file, those that have come at each pause."""
    body, data = Body() if body is None else body, b"".join(blocks)
    taking = taking_of(blocks, count, body)
    with a_value(f"in the file: {shown_value(data[:count])}", why, refused=refused, **taking.rows):
        taking.run(lambda: expect_pause_needed(taking, body, data[:count]), refused, why)
    expect_file_of_count(taking, body, data[:count], why)
    taking.expect_left(data[count:], what="what was moved")


def expect_pause_needed(taking, body, expected):
    """Fail unless, at a pause, all that has come is in the file, and that is not all which is expected."""
    if expected and body.content() == expected:
        raise Diagnosis("take_bytes pauses once more, when all count bytes are in the file", **taking.rows,
                        place=taking.place(), why=f"{COUNT} {WAITS}")
    expect_moved_so_far(taking, body)


def expect_moved_so_far(taking, body):
    """Fail unless, at a pause, all that has come is in the file."""
    now, lacking = body.content(), "it pauses, and the file does not have what has come"
    expect_same(now, taking.came, ALL if taking.came.startswith(now) else AS_SENT, of="the file", **taking.rows,
                problem=lacking if taking.came.startswith(now) else "the file has other bytes than were sent")
    taking.expect_left(b"", ALL, what="what was moved")


def expect_file_of_count(taking, body, expected, why):
    """Fail unless the file holds the expected bytes."""
    now = body.content()
    problem = "the file has more than count bytes" if len(now) > len(expected) and now.startswith(expected) else \
        "the file does not have all bytes" if expected.startswith(now) else "the file has other bytes than were sent"
    expect_same(now, expected, why, of="the file", problem=problem, **taking.rows)


@pytest.mark.step("6.2")
class TestTakeBytes:
    def test_bytes_that_have_come_are_moved_without_a_pause(self):
        expect_bytes_moved([b"hello"], 5, refused="bytes that have come are not moved",
                           why="count bytes have come: nothing is missing.")

    @pytest.mark.parametrize("there", [b"", b"h", b"hell"])
    def test_it_pauses_while_bytes_are_missing(self, there):
        body = Body()
        taking = taking_of([there], 5, body)
        taking.expect_paused("it ends, and bytes are missing", "Half a body is none: pause with `yield` until count "
                             "bytes have come (RFC 9112 section 6.2).")
        expect_moved_so_far(taking, body)

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_all_bytes_are_moved_however_they_arrive(self, delivery):
        data = b"one\r\ntwo\r\n\r\nthree"
        expect_bytes_moved(DELIVERIES[delivery](data), len(data), why=AS_SENT,
                           refused=f"the bytes are not moved ({delivery})")

    def test_what_has_come_is_in_the_file_at_each_pause(self):
        expect_bytes_moved([b"ab", b"c", b"def", b"g", b"hij"], 10, why=AS_SENT,
                           refused="bytes in five blocks are not moved")

    @pytest.mark.parametrize("blocks", [[b"hello!"], [b"hel", b"lo!"], [b"", b"hello, and more"],
                                        [b"h", b"e", b"llo" * 100]],
                             ids=["one more", "one more in the last block", "more at once", "far more at last"])
    def test_count_bytes_are_moved_and_the_others_stay(self, blocks):
        expect_bytes_moved(blocks, 5, refused="bytes with others after them are not moved")

    @pytest.mark.parametrize("there", [b"", b"next"], ids=["nothing is there", "the next request is there"])
    def test_no_bytes_are_moved_without_a_pause(self, there):
        expect_bytes_moved([there], 0, refused="0 bytes are not moved",
                           why="A body of 0 bytes has come at once: a pause would be a wait for the next request.")

    def test_bytes_are_moved_as_they_are(self):
        data = b"\r\n\r\n" + bytes(range(256)) + b" \r\n"
        expect_bytes_moved([data[:2], data[2:100], data[100:] + b"next"], len(data), why=AS_SENT,
                           refused="a body with all bytes is not moved")

    def test_nothing_but_the_write_of_the_file_is_used(self):
        expect_bytes_moved([b"hel", b"lo!"], 5, body=OnlyWrite(), refused="a file that has only write is an error",
                           why="`body.write` puts bytes where the file stands. Ask it for nothing else: whoever has "
                               "made it goes back to its beginning, and closes it.")

    def test_the_file_goes_on_where_it_stands(self):
        body = Body(b"abc")
        body.seek(0, 2)
        taking = taking_of([b"d", b"ef"], 3, body)
        taking.run()
        expect_same(body.content(), b"abcdef", of="the file", **taking.rows, before="the file: b'abc', at its end",
                    problem="what was in the file is not as it was",
                    why="In the next step each chunk of a body is moved behind the one before.")

    def test_the_file_stays_open_and_at_its_end(self):
        body = Body()
        taking = taking_of([b"hel", b"lo"], 5, body)
        taking.run()
        expect_that(not body.closed, "the file is closed", **taking.rows, afterwards="body.closed: True",
                    why="The application reads the body from it.")
        expect_same(body.tell(), 5, of="body.tell()", **taking.rows, problem="the file does not stand at its end",
                    why="What is moved next is written where it stands.")

    def test_what_the_second_generator_takes_follows_what_the_first_has_taken(self):
        body = Body()
        taking = taking_of([b"abcdef"], 2, body)
        taking.run()
        taking.generator = ch06.take_bytes(taking.received, 3, body)
        taking.run()
        expect_same((body.content(), bytes(taking.received)), (b"abcde", b"f"), **taking.rows,
                    called="take_bytes(received, 2, body), and then take_bytes(received, 3, body)",
                    of="the file, and received", problem="the second call does not go on where the first ended",
                    why="What was moved is gone from received, and what follows is the next to be moved.")

    def test_each_of_two_generators_moves_its_own_bytes(self):
        files = Body(), Body()
        one, other = taking_of([b"one", b", two"], 8, files[0]), taking_of([b"1", b"2", b"3more"], 3, files[1])
        one.begin(), other.begin(), other.run(), one.run()
        expect_same([file.content() for file in files], [b"one, two", b"123"], of="the files", **one.rows | {
            "sent": f"{one.rows['sent']}; by another client {other.rows['sent']}"}, called="two generators, by turns",
            problem="two clients at once: the bodies are mixed up",
            why="While one generator pauses, others run. How much is missing is in a variable of its own: nothing "
                "of it is in the module.")

    def test_a_count_that_is_huge_takes_no_memory(self):
        body = Body()
        taking = taking_of([b"hello"], 2 ** 60, body)
        with a_value("a pause", "A client says first how long its body will be: take memory for what has come alone.",
                     refused="five bytes of a huge body are not moved", **taking.rows):
            taking.expect_paused("it ends, and bytes are missing", COUNT)
        expect_moved_so_far(taking, body)

    @each_family(ours="ch02_request", more=[MemoryError])
    def test_what_write_raises_is_let_out(self, kind):
        body, error = Body(), kind("no space left on the disk")
        body.write = raising(error)
        taking = taking_of([b"hel"], 5, body)
        expect_let_out(error, taking.pauses, f"{kind.__name__}, raised by write, does not come out",
                       "The body is not whole in the file: the application must not be called with it.", **taking.rows)

    def test_what_write_raises_after_a_pause_is_let_out(self):
        body, error = Body(), OSError(28, "No space left on device")
        taking = taking_of([b"hel", b"lo"], 5, body).begin()
        body.write = raising(error)
        expect_let_out(error, taking.pauses, "OSError, raised by the second write, does not come out",
                       "The disk may be full at any block.", **taking.rows)
