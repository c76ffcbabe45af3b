"""Step 4.8 · Response.write_blocks"""
import contextlib

import pytest

from tests.ch04_response.common import (
    ApplicationFails,
    body_in,
    ch04,
    expect_asked,
    head_in,
    lengthy,
    request_for,
    response_to,
    watched_blocks,
)
from tests.expect import blaming, raising
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import Connection
from wsgi_contract.answer import read_answer


class IterableWithLen:
    """An iterable that has a length, and is neither list nor tuple."""

    def __init__(self, blocks):
        self.count = len(blocks)
        self.blocks = iter(blocks)
        self.closed = False

    def __len__(self):
        return self.count

    def __iter__(self):
        return self.blocks

    def __repr__(self):
        return f"<an iterable with a len of {self.count}, which gives its blocks once>"

    def close(self):
        self.closed = True


class Numbered:
    """An iterable of the old kind, which gives its blocks by their numbers, and has no __iter__."""

    def __init__(self, blocks):
        self.blocks = list(blocks)

    def __getitem__(self, number):
        return self.blocks[number]

    def __repr__(self):
        return "<an iterable with a __getitem__, and without an __iter__>"


@pytest.mark.step("4.8")
class TestWriteBlocks:
    http_1_0 = {"version": "HTTP/1.0"}

    def sent(self, blocks, request=None, **parts):
        """Return all bytes that go out for blocks."""
        response = response_to(request or request_for(**self.http_1_0), **parts)
        response.write_blocks(blocks)
        return response.connection.sent

    @pytest.mark.parametrize("kind", [list, tuple, iter, IterableWithLen, Numbered],
                             ids=["list", "tuple", "iterator", "object with len", "object with __getitem__"])
    @pytest.mark.clause(13, 79)
    def test_all_blocks_of_any_iterable_are_sent_in_order(self, kind):
        response = response_to(request_for(**self.http_1_0))
        why = "It need only be iterable: not every one has a len, an index, or can be asked for its blocks twice"
        why = "Each block is given to self.write, one after the other" if kind in (list, tuple) else why
        with blaming("an iterable of blocks is an error", why=f"{why} (PEP 3333, Specification Details)."):
            response.write_blocks(kind([b"one ", b"two ", b"three"]))
        whole = ", to the length of all of them" if response.known_length == len(b"one two three") else ""
        expect_same(response.known_length, None, of="self.known_length",
                    problem=f"self.known_length is set for several blocks{whole}",
                    why="Set it only where len(blocks) is 1. Of several, an iterable that has a len may still make "
                        "each when it is asked, and the head goes with the first.")
        expect_same(body_in(response.connection.sent), b"one two three",
                    problem="the body is not all blocks in their order",
                    why="An iterable of bytes is all that the application promises (PEP 3333, Specification Details).")

    @pytest.mark.clause(16, 107)
    def test_each_block_is_sent_before_the_next_is_asked_for(self):
        response, seen, blocks = response_to(request_for(**self.http_1_0)), [], [b"one ", b"two "]
        response.write_blocks(watched_blocks(response.connection, blocks, seen))
        expect_asked(seen, [b"", b"one ", b"one two "], "a block is not sent before the next is asked for",
                     "The next block may take minutes to make; the client is to have this one now (PEP 3333, "
                     "Buffering and Streaming).", blocks=blocks)

    @pytest.mark.parametrize("kind", [list, tuple, IterableWithLen], ids=["list", "tuple", "an object with len"])
    @pytest.mark.clause(73, 112)
    def test_the_length_of_a_single_block_is_announced(self, kind):
        why = "What has a len need not have an index: loop over it, as over any iterable"
        why = "A list with one block is an iterable like any other" if kind in (list, tuple) else why
        with blaming("a single block is an error", why=f"{why} (PEP 3333, Specification Details)."):
            sent = self.sent(kind([b"hello"]), request_for())
        expect_that(sent, "a single block is not sent",
                    why="Loop over the blocks once. (To ask for the first one, for example, takes it away from an "
                        "iterator.)")
        head = read_answer(head_in(sent), head_only=True)
        expect_same(head.values("Content-Length"), ["5"], problem="the length of a single block is not announced",
                    fields=head.fields,
                    why="With one block the server knows the length before it sends the head: chunks are not needed "
                        "(PEP 3333, Handling the Content-Length Header).")

    def test_the_length_is_the_block_s_not_the_list_s(self):
        response = response_to()
        response.write_blocks([b"hello world"])
        expect_same(response.known_length, 11, of="self.known_length",
                    problem="self.known_length is not the length of the block",
                    why="A list of one block has a len of 1, and that is not the length of the body.")

    def test_an_iterable_that_counts_as_false_is_sent(self):
        class Hollow(list):
            def __bool__(self):
                return False

        sent = self.sent(Hollow([b"one ", b"two"]))
        expect_same(body_in(sent), b"one two", problem="the blocks of an iterable that counts as false are not sent",
                    blocks="a list of two blocks, whose bool is False",
                    why="Whether it has blocks shows in the loop alone: what an iterable counts as says nothing of it.")

    @pytest.mark.clause(73)
    def test_several_blocks_go_out_as_chunks(self):
        response = response_to()
        response.write_blocks([b"hello ", b"world"])
        expect_same(body_in(response.connection.sent), b"6\r\nhello \r\n5\r\nworld\r\n",
                    problem="several blocks are not sent as chunks",
                    why="The server does not know their length before it sends the head.")

    def test_an_announced_length_stays(self):
        answer = read_answer(self.sent([b"hello"], headers=[("content-length", "5")]))
        expect_same(answer.values("Content-Length"), ["5"],
                    problem="the application's Content-Length is not the one that is sent",
                    why="What the application announces comes first.")

    def test_the_blocks_are_not_closed(self):
        page = IterableWithLen([b"one ", b"two "])
        response_to().write_blocks(page)
        expect_that(not page.closed, "write_blocks calls close() of the iterable",
                    why="answer_with calls it, once, when all has been sent and logged.")

    @pytest.mark.parametrize("blocks, parts", [
        pytest.param([b"one ", b"two "], lambda: {"headers": lengthy(4)}, id="the last byte"),
        pytest.param([b"one ", b"two "], lambda: {"request": request_for("HEAD")}, id="the head of HEAD"),
        pytest.param([b"one ", "two "], dict, id="an error of write"),
        pytest.param([b"one ", ApplicationFails("the page fails")], dict, id="an error of the iterable"),
        pytest.param([b"one "], lambda: {"connection": Connection(breaks=0)}, id="a client that has left"),
    ])
    def test_the_blocks_are_not_closed_where_they_are_not_all_sent(self, blocks, parts, request):
        page = IterableWithLen(blocks)
        page.blocks = (raising(block)() if isinstance(block, Exception) else block for block in blocks)
        with contextlib.suppress(ApplicationFails, TypeError, ch04.ClientGone):
            response_to(**parts()).write_blocks(page)
        expect_that(not page.closed, f"write_blocks calls close() of the iterable after {request.node.callspec.id}",
                    blocks=blocks,
                    why="answer_with calls it, once, whatever has happened: a second call finds closed what it wants "
                        "to close.")

    def test_no_block_sends_nothing(self):
        expect_same(self.sent([]), b"", problem="something is sent although there is no block",
                    why="The end of the response is close()'s business.")

    @pytest.mark.clause(92)
    def test_the_head_waits_for_a_block_that_is_not_empty(self):
        response, seen, blocks = response_to(request_for(**self.http_1_0)), [], [b"", b"", b"hello"]
        response.write_blocks(seen.append(response.connection.sent) or block for block in blocks)
        expect_that(len(seen) == 3, "blocks behind an empty one are lost", blocks=blocks,
                    came_back=f"asked for blocks: {len(seen)}", expected="asked for blocks: 3",
                    why="An empty block is not the end: middleware gives it while it waits for more.")
        expect_asked(seen, [b"", b"", b""], "the head is sent before there is a block that is not empty",
                     "Until then the application can still start an error page (PEP 3333, The start_response() "
                     "Callable).", blocks=blocks)
        expect_same(body_in(response.connection.sent), b"hello", problem="the body is not all blocks in their order",
                    why="An empty block adds nothing.")

    @pytest.mark.clause(110)
    def test_after_the_last_byte_no_block_is_asked_for(self):
        response, seen, blocks = response_to(headers=lengthy(5)), [], [b"hel", b"lo", b"more", b"more"]
        with contextlib.suppress(ValueError):
            response.write_blocks(watched_blocks(response.connection, blocks, seen))
        expect_asked(seen, [b"", b"hel"], "more blocks are asked for after the last byte of the body",
                     "Ask self.is_complete() right after each write: at the top of the loop the next block has already "
                     "been taken. It may take long to make, and nothing of it may be sent (PEP 3333, Handling the "
                     "Content-Length Header).", blocks=blocks)

    def test_head_needs_one_block_only(self):
        response, seen = response_to(request_for("HEAD")), []
        response.write_blocks(watched_blocks(response.connection, [b"again"] * 40, seen))
        expect_that(len(seen) == 1, "for HEAD more than one block is asked for" if seen else
                    "for HEAD no block is asked for", came_back=f"asked for blocks: {len(seen)}",
                    expected="asked for blocks: 1",
                    why="The head goes with the first block, and then everything is sent that may be sent: ask "
                        "self.is_complete() right after each write. The body may be endless.")

    def test_the_length_of_a_single_block_is_known_though_it_is_0(self):
        response = response_to()
        response.write_blocks([b""])
        expect_same(response.known_length, 0, of="self.known_length",
                    problem="self.known_length is not 0 where the only block is empty",
                    why="An empty block has a length too, and it is that of the body.")
