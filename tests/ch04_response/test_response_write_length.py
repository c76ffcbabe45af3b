"""Step 4.7 · Response.write: no more than the head announces"""
import contextlib

import pytest

from tests.ch04_response.common import BODILESS, all_fits, body_in, lengthy, request_for, response_to, written
from tests.expect import expect_raised
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place
from wsgi_contract.answer import read_answer


def write_too_much(response, block):
    """Write a block that is too long, whether that is refused or not."""
    with contextlib.suppress(ValueError):
        response.write(block)


@pytest.mark.step("4.7")
class TestWrite:
    @pytest.mark.clause(109)
    def test_nothing_goes_beyond_the_announced_length(self):
        response = response_to(headers=lengthy(5))
        write_too_much(response, b"hello world")
        body = body_in(response.connection.sent)
        expect_that(body, "nothing is sent of a block that is too long", expected=repr(b"hello"),
                    why="What fits is sent, and then ValueError is raised: the client gets all that it was promised.")
        expect_same(body, b"hello", problem="less is sent than fits" if len(body) < 5 else
                    "the body is not cut at its Content-Length",
                    perhaps="self.room() knows the limit once self.head_once() has chosen the framing",
                    why="A client takes further bytes for the next response (PEP 3333, Handling the Content-Length "
                        "Header).")
        expect_same(response.sent, 5, of="self.sent",
                    problem="self.sent counts bytes that were not sent", why="The rest was cut off.")

    @pytest.mark.clause(106)
    def test_too_much_is_an_error(self):
        response = response_to(headers=lengthy(5))
        expect_raised(ValueError, lambda: response.write(b"hello world"),
                      problem="a block beyond the Content-Length is no error",
                      why="What fits is sent, and then ValueError is raised: without it nobody finds out that the "
                          "application has announced another length (PEP 3333, Handling the Content-Length Header).")

    def test_a_long_block_that_fits_is_no_error(self):
        with all_fits():
            response = written(b"x" * 1000, headers=lengthy(1000))
        expect_same(response.sent, 1000, of="self.sent",
                    problem="the block is not sent whole", why="All of it was announced.")

    @pytest.mark.clause(106, 109)
    def test_after_the_last_byte_there_is_no_room(self):
        response = written(b"hello", headers=lengthy(5))
        write_too_much(response, b"!")
        expect_same(body_in(response.connection.sent), b"hello",
                    problem="a block is sent after the last byte of the body",
                    why="No room is left: self.room() is 0, which is not the same as None, no limit.")
        expect_raised(ValueError, lambda: response.write(b"!"),
                      problem="after the last byte of the body, a further block is no error",
                      why="All 5 bytes that were announced have been sent. Each block is compared with what is left of "
                          "them before it is sent, `self.room()`, and not with the whole length: that is 0 here, so a "
                          "block that is not empty is too long, and ValueError is raised (PEP 3333, Handling the "
                          "Content-Length Header).")

    def test_of_an_announced_length_of_0_the_head_is_sent(self):
        response = response_to(headers=lengthy(0))
        expect_raised(ValueError, lambda: response.write(b"!"),
                      problem="a block beyond the Content-Length is no error",
                      why="No byte was announced: 0 is a length too.")
        expect_that(response.connection.sent, "nothing is sent, not even the head",
                    why="The head goes with the first block that is not empty, even if none of its bytes fit.")
        expect_same(read_answer(response.connection.sent).body, b"", problem="bytes are sent beyond the length 0",
                    why="A client takes them for the next response.")

    @pytest.mark.parametrize("length", [5, 3, 0])
    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_the_block_is_dropped(self, method, status, length):
        response = response_to(request_for(method), status=status, headers=lengthy(length))
        try:
            response.write(b"hello")
        except ValueError as error:
            raise Diagnosis("a block that is to be dropped is an error", came_out=repr(error),
                            expected="nothing is raised", place=deepest_place(error.__traceback__),
                            announced=f"Content-Length: {length}; the framing is NO_BODY",
                            why="Applications answer HEAD as they answer GET; the server drops the body (RFC 9110 "
                                "section 9.3.2).")
        expect_that(response.connection.sent, "the head of a response without a body is not sent",
                    expected="the head alone",
                    why="The block is dropped, and the head goes all the same: it is the whole response.")
        read_answer(response.connection.sent, head_only=True)
        expect_same(response.sent, 0, of="self.sent", problem="self.sent counts bytes that were dropped",
                    why="The access log tells what was sent.")

    @pytest.mark.clause(109)
    @pytest.mark.parametrize("blocks", [[b"hel", b"lo, world"], [b"hel", b"lo"], [b"h", b"el", b"lo, ", b"world"],
                                        [b"hell", b"o", b" world"], [b"hello, world", b"!"]], ids=repr)
    def test_several_blocks_are_cut_where_the_length_ends(self, blocks):
        response = response_to(headers=lengthy(5))
        for block in blocks:
            write_too_much(response, block)
        rows = {"announced": "Content-Length: 5", "written": f"{blocks}, one after the other"}
        body = body_in(response.connection.sent)
        expect_same(body, b"hello", problem="less is sent than fits" if len(body) < 5 else
                    "the blocks are not cut at the Content-Length",
                    **rows, why="`self.room()` tells how many bytes may still be sent, and less is left after each "
                                "block (PEP 3333, Handling the Content-Length Header).")
        expect_same(response.sent, 5, of="self.sent",
                    problem="self.sent is not the number of bytes that were sent", **rows,
                    why="Only what has gone out counts, and all of it.")
