"""Step 1.2 · read_head"""
import errno

import pytest

from contract.answer import BLANK_LINE
from tests.ch01_socket.common import HEAD, Waiting, ch01, expect_error, read
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.transport import DELIVERIES, Connection
from workshop.checking.tree import deepest_place


class SendingForEver(Waiting):
    """A client whose head has no end."""

    problem = "more bytes are asked for although the head is too long already"
    why = "A head without end fills the memory, unless reading ends at the limit (RFC 6585 section 5)."


LIMIT = 44
each_delivery = pytest.mark.parametrize("delivery", DELIVERIES)


def head_with(size):
    """Return a head that is size bytes long, without its blank line."""
    return b"GET / HTTP/1.1\r\nX: ".ljust(size, b"a")


@pytest.mark.step("1.2")
class TestReadHead:
    def test_head_and_rest_come_back_as_a_pair(self):
        read(HEAD + BLANK_LINE)

    def test_the_head_comes_without_the_blank_line(self):
        head, _, _ = read(HEAD + BLANK_LINE)
        problem = "the head still has line ends behind it" if head.startswith(HEAD) else "the head is another one"
        expect_same(head, HEAD, problem=problem,
                    why="The blank line is the end of the last line and an empty one, four bytes in all "
                        "(RFC 9112 section 2.1).")

    @each_delivery
    def test_the_head_is_whole_however_its_bytes_arrive(self, delivery):
        head, _, _ = read(HEAD + BLANK_LINE + b"body", delivery=delivery)
        shorter = HEAD.startswith(head) and head != HEAD
        expect_same(head, HEAD, problem="the head ends before the blank line" if shorter else "the head is another one",
                    why="A network cuts bytes into blocks where it likes: one recv is not one "
                    "request, and the blank line may come in two halves (RFC 9112 section 2.1).")

    @each_delivery
    def test_what_came_behind_the_blank_line_is_not_lost(self, delivery):
        _, rest, not_received = read(HEAD + BLANK_LINE + b"body", delivery=delivery)
        lost = len(rest + not_received) < len(b"body")
        expect_same(rest + not_received, b"body",
                    problem="bytes behind the blank line are lost" if lost else "the rest is another one",
                    why="They are the beginning of the body, and can't be received a second time "
                        "(RFC 9112 section 6).")

    @each_delivery
    def test_the_first_blank_line_counts_and_later_ones_belong_to_the_body(self, delivery):
        body = b"\r\n\r\na\r\n\r\nb"
        head, rest, not_received = read(HEAD + BLANK_LINE + body, delivery=delivery)
        expect_same((head, rest + not_received), (HEAD, body),
                    problem="a blank line in the body is taken for the end of the head",
                    why="A body may hold any bytes (RFC 9112 section 6).")

    def test_a_line_feed_alone_does_not_end_the_head(self):
        head, rest, _ = read(b"GET / HTTP/1.1\r\nX: a\n\nb\r\n\r\n")
        expect_same((head, rest), (b"GET / HTTP/1.1\r\nX: a\n\nb", b""),
                    problem="the head ends at a blank line of another kind",
                    why="Where two programs disagree about the end of a head, requests can be smuggled past one of "
                        "them (RFC 9112 section 11.2).")

    @pytest.mark.parametrize("data", [
        pytest.param(b"", id="at once"),
        pytest.param(b"GET / HT", id="in the first line"),
        pytest.param(HEAD + b"\r\n\r", id="one byte before the end"),
    ])
    @pytest.mark.parametrize("delivery", ["whole", "one byte at a time"])
    def test_a_client_that_hangs_up_early_is_gone(self, data, delivery):
        client = Connection(data, delivery=delivery) if data else Connection()
        expect_error(ch01.ClientGone, lambda: ch01.read_head(client),
                     problem="the client hung up before the blank line, and read_head returns all the same",
                     why="Half a request must not be answered as if it were whole (RFC 9112 section 8).")

    def test_a_reset_is_let_out(self):
        client = Connection([b"GET / HT", ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")])
        expect_error(ConnectionError, lambda: ch01.read_head(client),
                     problem="the connection was reset, and read_head returns all the same",
                     why="A reset is how the system tells that a client is gone: the caller has to hear of it.")

    def test_the_connection_stays_open_for_the_answer(self):
        client = Waiting(HEAD + BLANK_LINE)
        ch01.read_head(client)
        expect_that(not client.closed, "read_head closes the connection", why="The answer goes out over it.")

    @each_delivery
    def test_a_head_as_long_as_the_limit_is_read(self, delivery):
        try:
            head, _, _ = read(head_with(LIMIT) + BLANK_LINE, limit=LIMIT, delivery=delivery)
        except ch01.HeadTooLarge as error:
            raise Diagnosis(f"limit is {LIMIT}, and a head of {LIMIT} bytes is refused",
                            received=f"{LIMIT + 4} bytes, the blank line is the last four of them",
                            place=deepest_place(error.__traceback__),
                            why="limit counts the head without the four bytes of the blank line. Look for the blank "
                                "line first; only where it has not come does the number of all bytes decide.")
        expect_same(head, head_with(LIMIT), "A head within the limit is a good one.", problem="the head is another one")

    @each_delivery
    def test_a_head_one_byte_longer_is_refused(self, delivery):
        client = Waiting(head_with(LIMIT + 1) + BLANK_LINE, delivery=delivery)
        expect_error(ch01.HeadTooLarge, lambda: ch01.read_head(client, LIMIT),
                     problem=f"limit is {LIMIT}, and a head of {LIMIT + 1} bytes is read",
                     why="Without a limit that holds, a client decides how much of your memory it takes "
                         "(RFC 6585 section 5).")

    def test_a_long_body_in_the_same_block_is_no_long_head(self):
        try:
            head, rest, not_received = read(HEAD + BLANK_LINE + b"b" * 100, limit=LIMIT)
        except ch01.HeadTooLarge as error:
            raise Diagnosis("bytes of the body are counted as bytes of the head",
                            place=deepest_place(error.__traceback__),
                            why="What stands behind the blank line may come in the same block; it is not limited here.")
        expect_same((head, rest + not_received), (HEAD, b"b" * 100), "Only the head is limited.",
                    problem="head or rest is another one")

    @pytest.mark.parametrize("size, delivery", [
        pytest.param(LIMIT + 4, "whole", id="whole"),
        pytest.param(LIMIT + 4, "one byte at a time", id="one byte at a time"),
        pytest.param(LIMIT + 100, "whole", id="a block that is far too long"),
    ])
    def test_a_head_without_end_is_refused_as_soon_as_it_is_too_long(self, size, delivery):
        client = SendingForEver(head_with(size), delivery=delivery)
        expect_error(ch01.HeadTooLarge, lambda: ch01.read_head(client, LIMIT),
                     problem=f"limit is {LIMIT}, and {size} bytes without a blank line are read",
                     why="A head without end fills the memory, unless reading ends at the limit (RFC 6585 section 5).")

    def test_the_limit_is_MAX_HEAD_unless_another_is_given(self):
        head, _, _ = read(head_with(ch01.MAX_HEAD) + BLANK_LINE)
        expect_same(len(head), ch01.MAX_HEAD, "It comes in many blocks.", problem="the head has another length")
        client = SendingForEver(head_with(ch01.MAX_HEAD + 4))
        expect_error(ch01.HeadTooLarge, lambda: ch01.read_head(client), problem="a head over MAX_HEAD is read",
                     why="Whoever calls without a limit still wants one (RFC 6585 section 5).")
