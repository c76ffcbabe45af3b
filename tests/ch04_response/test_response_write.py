"""Step 4.7 · Response.write"""
import contextlib

import pytest

from tests.ch04_response.common import (
    all_fits,
    body_in,
    ch04,
    each_framing,
    expect_left_open,
    framed_response,
    fresh_response,
    lengthy,
    request_for,
    response_to,
    written,
)
from tests.expect import blaming, each_family, expect_let_out, expect_raised, kind_of, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from wsgi_contract.answer import read_answer

NO_TEXT = "Only the application knows in which encoding its text is meant (PEP 3333, A Note On String Types)."
EMPTY = ("What is no bytes is refused, empty or not: ask for its type before you ask whether it is empty (PEP 3333, A "
         "Note On String Types).")
NO_BYTES = ("A block is bytes and nothing else, so that each server and each middleware can count on it (PEP 3333, A "
            "Note On String Types).")


@pytest.mark.step("4.7")
class TestWrite:
    @pytest.mark.clause(92)
    def test_the_first_block_goes_out_behind_the_head(self):
        with all_fits():
            sent = written(b"hello", headers=lengthy(5)).connection.sent
        expect_that(len(sent) != 3, "only the first 3 bytes of the response were sent", came_back=repr(sent),
                    why="A socket's `send` may take some of the bytes; `self.send` goes on until all are sent.")
        expect_that(sent != b"hello", "the block is sent without a head", came_back=repr(sent),
                    why="The head goes before the first byte of the body (PEP 3333, The start_response() Callable).")
        expect_same(read_answer(sent).body, b"hello", problem="the body is not what was written",
                    why="The bytes go out as they are, behind the head.")

    @pytest.mark.clause(17, 134)
    def test_bytes_are_sent_as_they_are(self):
        block = bytes(range(256))
        with all_fits():
            sent = written(block, headers=lengthy(256)).connection.sent
        expect_same(read_answer(sent).body, block,
                    problem="bytes of the block are changed",
                    why="The body may be a picture: nothing in it is text to the server.")

    def test_head_and_first_block_go_with_one_send(self):
        events = written(b"hello", headers=lengthy(5)).connection.events
        expect_that(len(events) == 1, "head and first block are not sent together",
                    came_back="\n".join(f"{event[0]} {event[1]!r}" for event in events), expected="one send, of both",
                    why="Two small packets may wait for one another: the system holds the second back until the "
                        "first is acknowledged (RFC 9293 section 3.7.4).")

    def test_sent_counts_the_bytes_of_the_body(self):
        response = written()
        for block, count in [(b"hello", 5), (b"world!", 11)]:
            response.write(block)
            expect_same(response.sent, count, of="self.sent",
                        problem="self.sent is not the number of bytes of the body",
                        why="It tells how much room is left, and what the access log says: head and sizes of chunks "
                            "do not count.")

    def test_the_head_goes_once(self):
        sent = written(b"hello", b"world", headers=lengthy(10)).connection.sent
        expect_same(sent.count(b"HTTP/1.1 200"), 1, problem="the head is not sent exactly once",
                    response=shown_bytes(sent),
                    why="The first block brings it; a client takes a second head for part of the page.")
        expect_same(body_in(sent), b"helloworld", problem="the second block is not sent behind the first",
                    why="The body is all blocks, one behind the other.")

    @pytest.mark.clause(92)
    def test_an_empty_block_sends_nothing(self):
        response = written(b"", headers=lengthy(5))
        expect_same(response.connection.sent, b"", of="sent to the client", problem="an empty block sends the head",
                    why="Middleware gives b'' while it waits for more; until then an error page can still take the "
                        "place of the response (PEP 3333, The start_response() Callable).")
        expect_that(not response.head_sent, "after an empty block, self.head_sent is true", why="Nothing was sent.")

    @pytest.mark.parametrize("block", [b"\n", b" ", b"\r\n\t"])
    def test_a_block_of_white_space_is_not_empty(self, block):
        sent = written(block, headers=lengthy(len(block))).connection.sent
        expect_that(sent, "a block of white space is taken for an empty one", of="sent to the client",
                    why="Empty is b'' alone: a line end is a byte of the body, which its length counts.")
        expect_same(body_in(sent), block, problem="white space of the body is lost",
                    why="The bytes go out as they are.")

    @pytest.mark.clause(92)
    def test_an_empty_block_before_start_response_is_no_error(self):
        with blaming("an empty block before start_response is an error", expected="nothing is raised",
                     why="An empty block sends nothing, so it needs no status: ask whether the block is empty before "
                         "you ask for the head."):
            fresh_response().write(b"")

    def test_an_empty_block_after_the_last_byte_is_no_error(self):
        with blaming("an empty block after the last byte of the body is an error", expected="nothing is raised",
                     before="response.write(b'hello'), with Content-Length: 5",
                     why="It is not longer than what is left, which is 0: ask whether the block is empty before you "
                         "ask how much fits."):
            written(b"hello", b"", headers=lengthy(5))

    @pytest.mark.clause(92, 113)
    def test_an_empty_block_behind_others_sends_nothing(self):
        response = written(b"hello")
        before = response.connection.sent
        response.write(b"")
        expect_same(response.connection.sent.removeprefix(before), b"", problem="an empty block sends something",
                    before="response.write(b'hello'), as a chunk",
                    why="A chunk of size 0 is the last one, and ends the response: an empty block sends nothing, "
                        "whether the head has gone or not (RFC 9112 section 7.1).")

    @pytest.mark.parametrize("block", ["hello", "", None, 5, bytearray(b"hello"), bytearray(), memoryview(b"hello")],
                             ids=kind_of)
    @pytest.mark.clause(134)
    def test_what_is_not_bytes_is_refused(self, block):
        response = response_to(headers=lengthy(5))
        expect_raised(TypeError, lambda: response.write(block),
                      problem=f"{kind_of(block)} is accepted as a block of the body",
                      why=EMPTY if block in ("", b"") else NO_TEXT if isinstance(block, str) else NO_BYTES)
        expect_same(response.connection.sent, b"", of="sent to the client",
                    problem="something was sent before the block was refused",
                    why="With the head unsent, the server can still answer 500.")
        expect_that(not response.head_sent, "self.head_sent is true, and the block was refused before it was sent",
                    perhaps="head_once() was called before the type of the block was looked at: it sets self.head_sent",
                    why="Whoever looks at it takes the head for sent, and does not answer 500 any more: look at the "
                        "type before anything else.")

    @pytest.mark.parametrize("status", ["before start_response", "after the last byte", "where no body may be"])
    @pytest.mark.clause(134)
    def test_what_is_not_bytes_is_refused_whatever_the_response_is_like(self, status):
        response = {"before start_response": fresh_response,
                    "after the last byte": lambda: response_to(headers=lengthy(0)),
                    "where no body may be": lambda: response_to(request_for("HEAD"))}[status]()
        if status != "before start_response":
            response.head_once()
        expect_raised(TypeError, lambda: response.write("hello"),
                      problem=f"str is accepted as a block of the body {status}",
                      why=f"Its type is asked for before anything else. {NO_TEXT}")

    @pytest.mark.clause(113)
    def test_without_a_length_each_block_is_a_chunk(self):
        body = body_in(written(b"hello", b"a longer block of it").connection.sent)
        expect_same(body, b"5\r\nhello\r\n14\r\na longer block of it\r\n", problem="the blocks do not go out as chunks",
                    why="A chunk is its size in hex, CRLF, the bytes and CRLF (RFC 9112 section 7.1); `self.framed` "
                        "makes it.")

    def test_http_1_0_gets_the_blocks_as_they_are(self):
        body = body_in(written(b"hello", b"world", request=request_for(version="HTTP/1.0")).connection.sent)
        expect_same(body, b"helloworld", problem="the blocks do not go out as they are",
                    why="HTTP/1.0 has no chunks (RFC 9112 section 6.1); `self.framed` knows.")

    def test_without_start_response_it_is_an_error(self):
        response = fresh_response()
        expect_raised(AssertionError, lambda: response.write(b"hello"),
                      problem="a block is accepted although start_response was never called",
                      why="There is no status to send: `self.head_once()` raises AssertionError, and answer_with "
                          "answers 500. Don't catch it here.")

    @pytest.mark.clause(103)
    @each_framing
    @pytest.mark.parametrize("breaks", [None, 20], ids=["a client that stays", "a client that leaves"])
    def test_the_connection_stays_open(self, breaks, framing):
        response = framed_response(framing, Connection(breaks=breaks))
        with contextlib.suppress(ValueError, OSError):
            for block in (b"hello", b"world", b" and more than was announced"):
                response.write(block)
        expect_left_open(response.connection, "write", f"three blocks, framing: {framing}")

    def test_a_client_that_has_left_raises_client_gone(self):
        response = response_to(connection=Connection(breaks=0), headers=lengthy(5))
        expect_raised(ch04.ClientGone, lambda: response.write(b"hello"),
                      problem="it goes unnoticed that the client has left",
                      why="`self.send` makes ClientGone of all that can happen to a connection, so that "
                          "answer_with can tell it from the application's own errors.")
        expect_same(response.sent, 0, of="self.sent", problem="self.sent counts bytes that could not be sent",
                    why="The access log tells what was sent: count when `self.send` has returned.")

    @each_family(ours="ch04_response")
    def test_what_send_raises_reaches_the_caller(self, kind):
        response, error = response_to(headers=lengthy(5)), kind("raised by self.send")
        response.send = raising(error)
        expect_let_out(error, lambda: response.write(b"hello"),
                       f"{kind.__name__}, raised by self.send, does not come out",
                       "The block has not gone out, and what to do about it is for answer_with to decide, who has "
                       "to know why.")
        expect_same(response.sent, 0, problem=f"self.sent counts bytes that could not be sent ({kind.__name__})",
                    why="The access log tells what was sent: count when `self.send` has returned.")
