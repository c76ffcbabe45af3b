"""Step 4.8 · Response.write_blocks: what is raised on the way is let out"""
import contextlib

import pytest

from tests.ch04_response.common import ch04, each_framing, expect_left_open, framed_response, lengthy, response_to
from tests.expect import each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import expect_that
from workshop.checking.transport import Connection

REFUSED = {  # a block that is no bytes -> why it is an error
    "hello": "Give each block to `self.write`, as it is: it raises TypeError for a block that is not bytes. Let that "
             "out, it belongs into the log.",
    None: "Give each block to `self.write`, also those that count as false, such as None: it tells empty bytes from "
          "what is a mistake, and raises TypeError for that. Let it out, it belongs into the log.",
    5: "Give each block to `self.write`, as it is: it raises TypeError for a block that is not bytes. bytes(5), for "
       "example, is five bytes, and no error.",
}


@pytest.mark.step("4.8")
class TestWriteBlocks:
    @pytest.mark.parametrize("length", [5, 0])
    def test_the_block_that_goes_too_far_is_an_error(self, length):
        response = response_to(headers=lengthy(length))
        expect_raised(ValueError, lambda: response.write_blocks([b"hel", b"lo, world"]),
                      problem="a body that is too long is no error",
                      why="Give each block to `self.write`, whole: it raises ValueError for what is too long. Let that "
                          "out, it belongs into the log.")

    @each_family(ours="ch04_response", more=[EOFError])
    def test_what_the_iteration_raises_reaches_the_caller(self, kind):
        error = kind("the page fails")
        blocks = (block if block else raising(error)() for block in [b"hello", None])
        expect_let_out(error, lambda: response_to().write_blocks(blocks), "an error of the iterable is swallowed",
                       blocks=f"b'hello', and then {error!r}",
                       why="The page is not whole: answer_with reports it, and does not end the response as if all "
                           "were well.")

    @pytest.mark.parametrize("block", REFUSED, ids=repr)
    def test_what_write_refuses_reaches_the_caller(self, block):
        expect_raised(TypeError, lambda: response_to().write_blocks(iter([b"hello", block])),
                      problem=f"a block that is not bytes is no error: {block!r}", blocks=[b"hello", block],
                      why=REFUSED[block])

    def test_a_client_that_has_left_raises_client_gone(self):
        response = response_to(connection=Connection(breaks=0))
        expect_raised(ch04.ClientGone, lambda: response.write_blocks([b"hello", b"world"]),
                      problem="it goes unnoticed that the client has left",
                      why="`self.write` raises ClientGone: let it out, answer_with knows what it means.")

    @each_framing
    @pytest.mark.parametrize("breaks", [None, 20], ids=["a client that stays", "a client that leaves"])
    def test_the_connection_stays_open(self, breaks, framing):
        response = framed_response(framing, Connection(breaks=breaks))
        with contextlib.suppress(ValueError, OSError):
            response.write_blocks([b"hello", b"world", b" and more than was announced"])
        expect_left_open(response.connection, "write_blocks", f"three blocks, framing: {framing}")

    @pytest.mark.parametrize("framing", ["a length", "no body, for HEAD"])
    def test_a_generator_that_is_not_read_to_its_end_is_not_closed(self, framing):
        def blocks():
            try:
                yield from [b"hello", b"world", b"!"]
            finally:
                ended.append(True)

        ended, generator = [], blocks()
        framed_response(framing).write_blocks(generator)
        expect_that(not ended, "write_blocks closes a generator that has more to give", blocks="a generator of 3",
                    why="What has come to its end is the response; answer_with calls close, once. A generator is its "
                        "own iterator: to close one is to close the other.")

    @each_family(ours="ch04_response")
    def test_what_write_raises_reaches_the_caller(self, kind):
        response, error = response_to(), kind("raised by self.write")
        response.write = raising(error)
        expect_let_out(error, lambda: response.write_blocks([b"hello", b"world"]),
                       f"{kind.__name__}, raised by self.write, does not come out",
                       "The block has not gone out, and what to do about it is for answer_with to decide, who has "
                       "to know why.")
