"""Step 1.2 · read_head: its limit"""
import pytest

from tests.ch01_socket.common import EMPTY_HEAD, HEAD, OnlyRecv, Waiting, ch01, expect_pair, read
from tests.expect import a_value, expect_raised
from workshop.checking.diagnosis import Diagnosis, expect_same
from workshop.checking.transport import DELIVERIES
from workshop.checking.tree import deepest_place
from wsgi_contract.answer import BLANK_LINE

LIMIT = 44
TOO_EARLY = ("The blank line has not come whole yet: so long as it has not, up to limit + 3 bytes may be a head that "
             "is allowed and the beginning of its blank line.")
TOO_MANY = ("limit counts the head without the four bytes of the blank line: where that has come, the bytes before it "
            "decide, and not all that were received.")
TOO_LONG = {
    "whole": "The head comes in one block here, with its blank line: look how long it is when that has come, too, and "
             "not only while you wait for it",
}  # why a head that is too long is refused, by how it comes
OTHERWISE = "When the blank line has come, it is the bytes before it that count, however they came"
each_delivery = pytest.mark.parametrize("delivery", DELIVERIES)


def head_with(size):
    """Return a head that is size bytes long, without its blank line."""
    return b"GET / HTTP/1.1\r\nX: ".ljust(size, b"a")


class SendingForEver(Waiting):
    """A client whose head has no end, and is longer than limit."""

    def __init__(self, head, limit, **named):
        super().__init__(head, **named)
        self.limit = limit

    def too_many(self):
        return Diagnosis("more bytes are asked for although the head is too long already",
                         received=f"{len(b''.join(self.given))} bytes without a blank line; limit is {self.limit}",
                         expected="HeadTooLarge",
                         why="A head within the limit has come, with its blank line, in limit + 4 bytes. Where so many "
                             "have come without one, it is too long for certain: no recv there (RFC 6585 section 5).")


@pytest.mark.step("1.2")
class TestReadHead:
    @each_delivery
    def test_a_head_as_long_as_the_limit_is_read(self, delivery):
        client = Waiting(head_with(LIMIT) + BLANK_LINE, delivery=delivery)
        try:
            head, _ = expect_pair(ch01.read_head(client, LIMIT))
        except ch01.HeadTooLarge as error:
            count = len(b"".join(client.given))
            raise Diagnosis(f"limit is {LIMIT}, and a head of {LIMIT} bytes is refused",
                            received=f"{count} of {LIMIT + 4} bytes, the last four of which are the blank line",
                            place=deepest_place(error.__traceback__),
                            why=TOO_EARLY if count < LIMIT + 4 else TOO_MANY)
        expect_same(head, head_with(LIMIT), "A head within the limit is a good one.", problem="the head is another one")

    @each_delivery
    @pytest.mark.parametrize("limit", [LIMIT, 0])
    def test_a_head_one_byte_longer_is_refused(self, limit, delivery):
        client = Waiting(head_with(LIMIT + 1)[:limit + 1] + BLANK_LINE, delivery=delivery)
        expect_raised(ch01.HeadTooLarge, lambda: ch01.read_head(client, limit),
                      problem=f"limit is {limit}, and a head of {limit + 1} byte{'s' * (limit > 0)} is read",
                      why=f"{TOO_LONG.get(delivery, OTHERWISE)}. Without a limit that holds, a client decides how much "
                          "of your memory it takes (RFC 6585 section 5).")

    def test_a_long_body_in_the_same_block_is_no_long_head(self):
        try:
            head, rest, not_received = read(HEAD + BLANK_LINE + b"b" * 100, limit=LIMIT)
        except ch01.HeadTooLarge as error:
            raise Diagnosis("bytes of the body are counted as bytes of the head",
                            place=deepest_place(error.__traceback__),
                            why="What stands after the blank line may come in the same block; it is not limited here.")
        expect_same((head, rest + not_received), (HEAD, b"b" * 100), "Only the head is limited.",
                    problem="head or rest is another one")

    @pytest.mark.parametrize("size, delivery", [
        pytest.param(LIMIT + 4, "whole", id="whole"),
        pytest.param(LIMIT + 4, "one byte at a time", id="one byte at a time"),
        pytest.param(LIMIT + 100, "whole", id="a block that is far too long"),
    ])
    def test_a_head_without_end_is_refused_as_soon_as_it_is_too_long(self, size, delivery):
        client = SendingForEver(head_with(size), LIMIT, delivery=delivery)
        expect_raised(ch01.HeadTooLarge, lambda: ch01.read_head(client, LIMIT),
                      problem=f"limit is {LIMIT}, and {size} bytes without a blank line are read",
                      why="A head without end fills the memory, unless reading ends at the limit (RFC 6585 section 5).")

    @pytest.mark.parametrize("end", [b"", b"\r\n\r"], ids=["as long as the limit", "and a part of the blank line"])
    def test_a_client_that_hangs_up_at_the_limit_is_gone(self, end):
        expect_raised(ch01.ClientGone, lambda: ch01.read_head(OnlyRecv(head_with(LIMIT) + end), LIMIT),
                      problem="the client hung up before the blank line, and read_head returns all the same",
                      sent=f"{LIMIT} bytes{f', then {end!r}' if end else ''}; limit is {LIMIT}",
                      why="A head of limit bytes is not longer than limit: it is the blank line that is missing, and "
                          "will never come (RFC 9112 section 8).")

    def test_the_limit_is_MAX_HEAD_unless_another_is_given(self):
        head, _, _ = read(head_with(ch01.MAX_HEAD) + BLANK_LINE)
        expect_same(len(head), ch01.MAX_HEAD, "It comes in many blocks.", problem="the head has another length")
        client = SendingForEver(head_with(ch01.MAX_HEAD + 4), ch01.MAX_HEAD)
        expect_raised(ch01.HeadTooLarge, lambda: ch01.read_head(client), problem="a head over MAX_HEAD is read",
                      why="Whoever calls without a limit still wants one (RFC 6585 section 5).")

    @pytest.mark.parametrize("limit", [None, 0], ids=["no limit is given", "limit 0"])
    @each_delivery
    def test_a_head_may_be_empty(self, delivery, limit):
        with a_value("(b'', b'body')", EMPTY_HEAD, refused="an empty head is not read"):
            head, rest, not_received = read(BLANK_LINE + b"body", limit=limit, delivery=delivery)
        expect_same((head, rest + not_received), (b"", b"body"), EMPTY_HEAD, problem="an empty head is not read")
