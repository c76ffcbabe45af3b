"""Step 1.2 · read_head"""
import errno
import itertools
import os

import pytest

from tests.ch01_socket.common import HEAD, OnlyRecv, Waiting, ch01, expect_pair, read
from tests.expect import expect_let_out, expect_raised
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import DELIVERIES
from wsgi_contract.answer import BLANK_LINE

each_delivery = pytest.mark.parametrize("delivery", DELIVERIES)


@pytest.mark.step("1.2")
class TestReadHead:
    def test_head_and_rest_come_back_as_a_pair(self):
        read(HEAD + BLANK_LINE)

    def test_the_head_comes_without_the_blank_line(self):
        head, _, _ = read(HEAD + BLANK_LINE)
        problem = "the head still has line ends after it" if head.startswith(HEAD) else "the head is another one"
        expect_same(head, HEAD, problem=problem,
                    why="The blank line is the end of the last line and one more line end, four bytes in all "
                        "(RFC 9112 section 2.1).")

    @each_delivery
    def test_the_head_is_whole_however_its_bytes_arrive(self, delivery):
        head, _, _ = read(HEAD + BLANK_LINE + b"body", delivery=delivery)
        shorter = HEAD.startswith(head) and head != HEAD
        expect_same(head, HEAD, problem="the head ends before the blank line" if shorter else "the head is another one",
                    why="A network cuts bytes into blocks where it likes: one recv is not one "
                    "request, and the blank line may come in two halves (RFC 9112 section 2.1).")

    @each_delivery
    def test_what_came_after_the_blank_line_is_not_lost(self, delivery):
        _, rest, not_received = read(HEAD + BLANK_LINE + b"body", delivery=delivery)
        lost = len(rest + not_received) < len(b"body")
        expect_same(rest + not_received, b"body",
                    problem="bytes after the blank line are lost" if lost else "the rest is another one",
                    why="They are the beginning of the body, and can't be received a second time "
                        "(RFC 9112 section 6).")

    def test_no_byte_is_lost_wherever_blocks_end(self):
        data = b"A / B\r\nC: d" + BLANK_LINE + b"body"
        for first, second in itertools.combinations(range(1, len(data)), 2):
            client = Waiting([data[:first], data[first:second], data[second:]])
            called = f"read_head({client!r})"
            head, rest = expect_pair(ch01.read_head(client))
            expect_same((head, rest + b"".join(client.blocks)), (b"A / B\r\nC: d", b"body"), called=called,
                        problem="bytes are lost, or stand in another place, where a block ends",
                        why="A block may end within the head, the blank line or the body: what is after the blank "
                            "line is all of the rest, whichever block brought it (RFC 9112 section 2.1).")

    @pytest.mark.parametrize("cut", range(len(BLANK_LINE) + 1))
    @pytest.mark.parametrize("full", [False, True], ids=["in a small block", "in a full block"])
    @pytest.mark.parametrize("before", [0, 1, 4], ids=["after a small block", "after a full block", "after four"])
    def test_the_blank_line_is_found_wherever_it_is_cut_and_however_full_blocks_are(self, before, full, cut):
        size = ch01.RECV_SIZE
        head, body = HEAD.ljust(before * size - cut, b"a"), b"b" * full * (size - len(BLANK_LINE) + cut)
        first, second = head + BLANK_LINE[:cut], BLANK_LINE[cut:] + body
        blocks = [first[place:place + size] for place in range(0, len(first), size)] + [second] * bool(second)
        client = Waiting(blocks, told=f"<a client that sends {len(head)} bytes and {BLANK_LINE[:cut]!r}; then "
                                      f"{BLANK_LINE[cut:]!r} and {len(body)} bytes>")
        head_back, rest = expect_pair(ch01.read_head(client))
        expect_that(head_back == head and rest + b"".join(client.blocks) == body,
                    "head and rest are not what stands before and after the blank line",
                    came_back=f"a head of {len(head_back)} bytes, a rest of {len(rest)}",
                    expected=f"a head of {len(head)} bytes, a rest of {len(body)}",
                    why="The blank line may come in two halves, and any block may be full: its end and its beginning "
                        "belong together (RFC 9112 section 2.1).")

    @pytest.mark.parametrize("body", [b"\r\n\r\na\r\n\r\nb", HEAD + BLANK_LINE], ids=["blank lines", "the head again"])
    @each_delivery
    def test_the_first_blank_line_counts_and_later_ones_belong_to_the_body(self, delivery, body):
        head, rest, not_received = read(HEAD + BLANK_LINE + body, delivery=delivery)
        expect_same((head, rest + not_received), (HEAD, body),
                    problem="a blank line in the body is taken for the end of the head" if head != HEAD else
                    "the rest is not all that follows the first blank line",
                    why="A body may hold any bytes, those of a blank line or of the head, too (RFC 9112 section 6).")

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
        client = OnlyRecv(data, delivery=delivery) if data else OnlyRecv()
        expect_raised(ch01.ClientGone, lambda: ch01.read_head(client),
                      problem="the client hung up before the blank line, and read_head returns all the same",
                      why="Half a request must not be answered as if it were whole (RFC 9112 section 8).")

    @pytest.mark.parametrize("number", [errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE],
                             ids=["reset", "aborted", "broken pipe"])
    def test_a_broken_connection_reaches_the_caller(self, number):
        error = OSError(number, os.strerror(number))  # Python makes it ConnectionResetError and the like
        expect_let_out(error, lambda: ch01.read_head(OnlyRecv([b"GET / HT", error])),
                       problem="the connection was reset, and read_head returns all the same",
                       why="ClientGone is for b'' alone, a client that hung up. What recv itself raises says more, and "
                           "your caller has to hear which error it was.")

    def test_the_connection_stays_open_for_the_answer(self):
        client = Waiting(HEAD + BLANK_LINE)
        ch01.read_head(client)
        expect_that(not client.closed, "read_head closes the connection", why="The answer goes out over it.")
