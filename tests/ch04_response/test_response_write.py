"""Step 4.7 · Response.write"""
import pytest

from contract.answer import read_answer
from tests.ch04_response.common import BODILESS, body_in, ch04, expect_refused, lengthy, request_for, response_to
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import deepest_place


@pytest.mark.step("4.7")
class TestWrite:
    def written(self, *blocks, connection=None, request=None, **parts):
        """Return a Response to which blocks were written."""
        response = response_to(request, connection=connection, **parts)
        for block in blocks:
            response.write(block)
        return response

    @pytest.mark.clause(92)
    def test_the_first_block_goes_out_behind_the_head(self):
        sent = self.written(b"hello", headers=lengthy(5)).connection.sent
        expect_that(len(sent) != 3, "only the first 3 bytes of the response were sent", came_back=repr(sent),
                    why="A socket's `send` may take some of the bytes; `self.send` goes on until all are sent.")
        expect_that(sent != b"hello", "the block is sent without a head", came_back=repr(sent),
                    why="The head goes before the first byte of the body (PEP 3333, The start_response() Callable).")
        expect_same(read_answer(sent).body, b"hello", problem="the body is not what was written",
                    why="The bytes go out as they are, behind the head.")

    @pytest.mark.clause(17, 134)
    def test_bytes_are_sent_as_they_are(self):
        block = bytes(range(256))
        expect_same(read_answer(self.written(block, headers=lengthy(256)).connection.sent).body, block,
                    problem="bytes of the block are changed",
                    why="The body may be a picture: nothing in it is text to the server.")

    def test_head_and_first_block_go_with_one_send(self):
        events = self.written(b"hello", headers=lengthy(5)).connection.events
        expect_same(len(events), 1, problem="head and first block are not sent together", events=events,
                    why="Two small packets may wait for one another: the system holds the second back until the "
                        "first is acknowledged (RFC 9293 section 3.7.4).")

    def test_sent_counts_the_bytes_of_the_body(self):
        response = self.written(b"hello", b"world!")
        expect_same(response.sent, 11, problem="self.sent is not the number of bytes of the body",
                    why="It tells how much room is left, and what the access log says: head and sizes of chunks do "
                        "not count.")

    def test_the_head_goes_once(self):
        sent = self.written(b"hello", b"world", headers=lengthy(10)).connection.sent
        expect_same(sent.count(b"HTTP/1.1 200"), 1, problem="the head is not sent exactly once",
                    response=shown_bytes(sent),
                    why="The first block brings it; a client takes a second head for part of the page.")
        expect_same(body_in(sent), b"helloworld", problem="the second block is not sent behind the first",
                    why="The body is all blocks, one behind the other.")

    @pytest.mark.clause(92)
    def test_an_empty_block_sends_nothing(self):
        response = self.written(b"", headers=lengthy(5))
        expect_same(response.connection.sent, b"", problem="an empty block sends the head",
                    why="Middleware gives b'' while it waits for more; until then an error page can still take the "
                        "place of the response (PEP 3333, The start_response() Callable).")
        expect_that(not response.head_sent, "after an empty block, self.head_sent is true", why="Nothing was sent.")

    @pytest.mark.parametrize("block", ["hello", "", None, bytearray(b"hello")], ids=repr)
    @pytest.mark.clause(134)
    def test_what_is_not_bytes_is_refused(self, block):
        response = response_to(headers=lengthy(5))
        expect_refused(TypeError, lambda: response.write(block),
                       problem=f"{block!r} is accepted as a block of the body",
                       why="Only the application knows in which encoding its text is meant (PEP 3333, A Note On "
                           "String Types).")
        expect_same(response.connection.sent, b"", problem="something was sent before the block was refused",
                    why="With the head unsent, the server can still answer 500.")

    @pytest.mark.clause(113)
    def test_without_a_length_each_block_is_a_chunk(self):
        body = body_in(self.written(b"hello", b"a longer block of it").connection.sent)
        expect_same(body, b"5\r\nhello\r\n14\r\na longer block of it\r\n", problem="the blocks do not go out as chunks",
                    why="A chunk is its size in hex, CRLF, the bytes and CRLF (RFC 9112 section 7.1); `self.framed` "
                        "makes it.")

    def test_http_1_0_gets_the_blocks_as_they_are(self):
        body = body_in(self.written(b"hello", b"world", request=request_for(version="HTTP/1.0")).connection.sent)
        expect_same(body, b"helloworld", problem="the blocks do not go out as they are",
                    why="HTTP/1.0 has no chunks (RFC 9112 section 6.1); `self.framed` knows.")

    @pytest.mark.clause(109)
    def test_nothing_goes_beyond_the_announced_length(self):
        response = response_to(headers=lengthy(5))
        self.write_too_much(response, b"hello world")
        body = body_in(response.connection.sent)
        expect_that(body, "nothing is sent of a block that is too long", expected=repr(b"hello"),
                    why="What fits is sent, and then ValueError is raised: the client gets all that it was promised.")
        expect_same(body, b"hello", problem="the body is not cut at its Content-Length",
                    perhaps="self.room() knows the limit once self.head_once() has chosen the framing",
                    why="A client takes further bytes for the next response (PEP 3333, Handling the Content-Length "
                        "Header).")
        expect_same(response.sent, 5, problem="self.sent counts bytes that were not sent", why="The rest was cut off.")

    @pytest.mark.clause(106)
    def test_too_much_is_an_error(self):
        response = response_to(headers=lengthy(5))
        expect_refused(ValueError, lambda: response.write(b"hello world"),
                       problem="a block beyond the Content-Length is no error",
                       why="The application has announced another length: without an error nobody finds out (PEP "
                           "3333, Handling the Content-Length Header).")

    def test_a_long_block_that_fits_is_no_error(self):
        response = self.written(b"x" * 1000, headers=lengthy(1000))
        expect_same(response.sent, 1000, problem="the block is not sent whole", why="All of it was announced.")

    @pytest.mark.clause(106, 109)
    def test_after_the_last_byte_there_is_no_room(self):
        response = self.written(b"hello", headers=lengthy(5))
        expect_refused(ValueError, lambda: response.write(b"!"),
                       problem="a block beyond the Content-Length is no error",
                       why="No room is left: 0 is not the same as no limit.")
        expect_same(body_in(response.connection.sent), b"hello",
                    problem="a block is sent after the last byte of the body",
                    why="No room is left: 0 is not the same as no limit.")

    @pytest.mark.parametrize("method, status", BODILESS)
    def test_where_no_body_may_be_the_block_is_dropped(self, method, status):
        response = response_to(request_for(method), status=status, headers=lengthy(5))
        try:
            response.write(b"hello")
        except ValueError as error:
            raise Diagnosis("a block that is to be dropped is an error", request=method, status=status,
                            place=deepest_place(error.__traceback__),
                            why="Applications answer HEAD as they answer GET; the server drops the body (RFC 9110 "
                                "section 9.3.2).")
        read_answer(response.connection.sent, head_only=True)
        expect_same(response.sent, 0, problem="self.sent counts bytes that were dropped", request=method, status=status,
                    why="The access log tells what was sent.")

    @pytest.mark.clause(103)
    def test_a_client_that_has_left_is_told_as_client_gone(self):
        response = response_to(connection=Connection(breaks=0), headers=lengthy(5))
        expect_refused(ch04.ClientGone, lambda: response.write(b"hello"),
                       problem="that the client has left is not told",
                       why="`self.send` makes ClientGone of all that can happen to a connection, so that "
                           "handle_request can tell it from the application's own errors.")
        expect_same(response.sent, 0, problem="self.sent counts bytes that could not be sent",
                    why="The access log tells what was sent: count when `self.send` has returned.")

    @staticmethod
    def write_too_much(response, block):
        """Write a block that is too long, whether that is refused or not."""
        try:
            response.write(block)
        except ValueError:
            pass
