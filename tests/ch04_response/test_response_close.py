"""Step 4.11 · Response.close"""
import contextlib
import re

import pytest

from tests.ch04_response.common import (
    BODILESS,
    FRAMINGS,
    body_in,
    ch04,
    each_framing,
    expect_left_open,
    fresh_response,
    lengthy,
    request_for,
    response_to,
)
from tests.expect import blaming, each_family, expect_let_out, expect_raised, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from wsgi_contract.answer import read_answer


@pytest.mark.step("4.11")
class TestClose:
    def closed(self, *blocks, **parts):
        """Return a Response as it is when blocks were written, and that was closed then."""
        response = self.begun(*blocks, **parts)
        response.close()
        return response

    def begun(self, *blocks, request=None, known_length=None, **parts):
        """Return a Response as it is when blocks were written.

        They are not written with `write`: a mistake in it must not show here.
        """
        response = response_to(request, **parts)
        response.known_length = known_length
        for block in blocks:
            head = response.head_once()
            fitting = block[:response.room()]
            response.send(head + response.framed(fitting))
            response.sent += len(fitting)
        return response

    @pytest.mark.clause(92)
    def test_an_empty_body_has_a_head_all_the_same(self):
        sent = self.closed().connection.sent
        expect_that(sent, "nothing is sent for an empty body", expected="a head with Content-Length: 0",
                    why="The head was waiting for the first block: now it is certain that none comes (PEP 3333, The "
                        "start_response() Callable).")
        expect_same(read_answer(sent).values("Content-Length"), ["0"],
                    problem="the head of an empty body does not say Content-Length: 0",
                    response=shown_bytes(sent),
                    why="It is known now that there is no byte: chunks are not needed.")

    @pytest.mark.clause(113)
    def test_chunks_end_with_the_last_chunk(self):
        body, block = body_in(self.closed(b"hello").connection.sent), b"5\r\nhello\r\n"
        problem = {block: "close sends nothing behind the last block",
                   block + b"0\r\n": "the last chunk has no blank line"}
        why = {block: "Send the last chunk yourself, b'0\\r\\n\\r\\n': `self.framed(b\"\")`, for example, makes no "
                      "chunk of an empty block. "}
        expect_same(body, block + b"0\r\n\r\n", problem=problem.get(body, "the chunks do not end with the last chunk"),
                    why=f"{why.get(body, '')}Without the last chunk, all of it, a client takes the response for one "
                        "that was cut off (RFC 9112 section 7.1).")

    @pytest.mark.parametrize("version, headers", [("HTTP/1.1", lengthy(5)), ("HTTP/1.0", [])],
                             ids=["with a length", "until close"])
    def test_only_chunks_have_a_last_chunk(self, version, headers):
        sent = self.closed(b"hello", request=request_for(version=version), headers=headers).connection.sent
        expect_same(body_in(sent), b"hello", problem="there are bytes behind the last byte of the body",
                    why="Only a chunked body has a last chunk (RFC 9112 section 7.1).")

    @pytest.mark.parametrize("method, status", BODILESS)
    @pytest.mark.parametrize("blocks", [[], [b"hello"]], ids=["without a block", "with a block"])
    def test_where_no_body_may_be_only_the_head_is_sent(self, method, status, blocks):
        sent = self.closed(*blocks, request=request_for(method), status=status).connection.sent
        read_answer(sent, head_only=True)

    @pytest.mark.clause(113)
    def test_chunks_end_with_the_last_chunk_though_the_length_is_known_since(self):
        response = self.begun(b"hello")
        response.known_length = 5
        response.close()
        expect_same(body_in(response.connection.sent), b"5\r\nhello\r\n0\r\n\r\n",
                    problem="the chunks have no last chunk where self.known_length was set after the head",
                    before="b'hello' was sent as a chunk; then write_blocks has set self.known_length to 5",
                    why="The head has said how the body ends, and self.framing keeps that. What choose_framing would "
                        "say by now is another thing: an app may write a block, and return a list of one more.")

    @pytest.mark.clause(111)
    def test_too_few_bytes_are_reported_in_the_log(self, capsys):
        with blaming("a body that is too short is raised, not only reported", expected="a line on stderr",
                     why="What was announced can't be taken back, and a 500 can't be sent any more: close says it on "
                         "stderr, and raises nothing for it."):
            response = self.closed(b"hello", headers=lengthy(120))
        expect_same(body_in(response.connection.sent), b"hello",
                    problem="something is sent behind a body that is too short",
                    why="The bytes that are missing are the application's: nobody else knows them.")
        printed = capsys.readouterr()
        expect_that(not printed.out, "it is printed on stdout, not on stderr", came_back=printed.out,
                    why="The log is stderr; stdout has the URL.")
        expect_that(printed.err, "a body that is too short is not reported on stderr", stderr="(nothing)",
                    expected="a line with both numbers: 5, the bytes sent, and 120, the announced length",
                    why="The client waits and then reports an error: only the log can say whose it is (PEP 3333, "
                        "Handling the Content-Length Header).")
        expect_that({"5", "120"} <= set(re.findall(r"\d+", printed.err)), "the log does not tell both numbers",
                    came_back=printed.err.strip(), expected="5, the bytes sent, and 120, the announced length",
                    why="Both together show what is missing.")

    @pytest.mark.clause(111)
    def test_no_byte_at_all_is_too_few(self, capsys):
        response = self.closed(headers=lengthy(120))
        expect_that(b"Content-Length: 120\r\n" in response.connection.sent,
                    "the head of the announced length is not sent", came_back=shown_bytes(response.connection.sent),
                    why="The application has announced that length.")
        printed = capsys.readouterr().err
        rows = {"stderr": printed or "(nothing)"}
        expect_that("120" in printed, "a body that does not come is not reported on stderr", **rows,
                    expected="a line with both numbers: 0, the bytes sent, and 120, the announced length",
                    why="The head has not gone before this call. It announces 120 bytes, and none was sent: to send it "
                        "does not replace the comparison of self.sent with self.length (PEP 3333, Handling the "
                        "Content-Length Header).")
        expect_that("0" in re.findall(r"\d+", printed), "the log does not tell both numbers", **rows,
                    expected="0, the bytes sent, and 120, the announced length",
                    why="0 is a number of bytes like any other: whoever looks for numbers finds both.")

    def test_too_few_bytes_of_what_the_server_itself_announced_are_reported_too(self, capsys):
        self.closed(b"hello", known_length=120)
        printed = capsys.readouterr().err
        expect_that({"5", "120"} <= set(re.findall(r"\d+", printed)),
                    "a body that is shorter than self.known_length is not reported on stderr", before=
                    "b'hello' was sent; the application gave no Content-Length, and self.known_length is 120",
                    stderr=printed or "(nothing)", expected="a line with both numbers, 5 and 120",
                    why="The head has announced self.length, whoever knew it: a file may have become shorter while it "
                        "was sent. Compare with self.length.")

    def test_a_head_that_has_gone_counts_though_no_byte_has_followed(self, capsys):
        response = response_to()
        response.known_length = 120
        response.send(response.head_once())
        response.close()
        printed = capsys.readouterr().err
        expect_that({"0", "120"} <= set(re.findall(r"\d+", printed)),
                    "a body of which no byte came is not reported on stderr, where the head has gone before", before=
                    "the head was sent, with self.known_length, 120; no byte of the body followed",
                    stderr=printed or "(nothing)", expected="a line with both numbers, 0 and 120",
                    why="begin_file has sent the head, and the file was empty by then. Whether the head has gone, "
                        "self.head_sent tells: then self.known_length stays as it is.")

    @pytest.mark.parametrize("method, blocks, headers", [
        ("GET", [b"hello"], lengthy(5)), ("GET", [b"hello"], []), ("GET", [], []), ("HEAD", [b"hello"], lengthy(5)),
        ("HEAD", [], lengthy(5)), ("GET", [b"x" * 1000], lengthy(1000))],
        ids=["all bytes", "chunks", "an empty body", "HEAD", "HEAD without a block", "a long body"])
    def test_nothing_is_logged_of_a_body_that_is_whole(self, capsys, method, blocks, headers):
        self.closed(*blocks, request=request_for(method), headers=headers)
        why = "The response to HEAD has no body that could be too short" if method == "HEAD" else "The body is whole"
        expect_same(capsys.readouterr().err, "", problem="the log tells of a body that is whole",
                    why=f"{why}: people look into the log for what is wrong.")

    def test_without_start_response_it_is_an_error(self):
        expect_raised(AssertionError, fresh_response().close, "close hides that start_response was never called",
                      "There is no status to send: `self.head_once()` raises the AssertionError, and answer_with "
                      "answers 500. So call it also where there is no status: neither return before it nor catch what "
                      "it raises.")

    @pytest.mark.parametrize("blocks", [[], [b"hello"]], ids=["before the head", "before the last chunk"])
    def test_a_client_that_has_left_raises_client_gone(self, blocks):
        response = self.begun(*blocks)
        response.connection.breaks = len(response.connection.sent)
        expect_raised(ch04.ClientGone, response.close,
                      problem="it goes unnoticed that the client has left",
                      why="`self.send` raises it, and answer_with knows that it is no error: don't catch it here.")

    @each_family(ours="ch04_response")
    @pytest.mark.parametrize("blocks", [[], [b"hello"]], ids=["the head", "the last chunk"])
    def test_what_send_raises_reaches_the_caller(self, blocks, kind):
        response, error = self.begun(*blocks), kind("raised by self.send")
        response.send = raising(error)
        expect_let_out(error, response.close, f"{kind.__name__}, raised by self.send, does not come out",
                       "The response has no end, and what to do about it is for answer_with to decide, who has to "
                       "know why.")

    @each_framing
    @pytest.mark.parametrize("blocks", [[], [b"hello"], [b"hello", b"world"]], ids=["no block", "one", "two"])
    def test_the_connection_stays_open(self, blocks, framing):
        parts, status, headers = FRAMINGS[framing]
        response = self.closed(*blocks, request=request_for(**parts), status=status, headers=headers)
        expect_left_open(response.connection, "close", f"a body of {5 * len(blocks)} bytes, framing: {framing}")

    @pytest.mark.parametrize("blocks", [[], [b"hello"]], ids=["before the head", "before the last chunk"])
    def test_the_connection_stays_open_where_the_client_has_left(self, blocks):
        response = self.begun(*blocks)
        response.connection.breaks = len(response.connection.sent)
        with contextlib.suppress(ch04.ClientGone):
            response.close()
        expect_left_open(response.connection, "close", "the client has left")

    @pytest.mark.clause(113)
    def test_chunks_of_which_none_has_come_have_a_last_chunk_too(self):
        response = response_to()
        response.send(response.head_once())
        response.close()
        expect_same(body_in(response.connection.sent), b"0\r\n\r\n",
                    problem="the chunks have no last chunk, where the head has gone and no byte has followed",
                    why="The head has announced chunks: self.framing tells, and not how many bytes there were (RFC "
                        "9112 section 7.1).")

    def test_a_length_that_was_known_before_does_not_count(self):
        response = self.begun(known_length=5)
        response.close()
        head = read_answer(response.connection.sent, head_only=True)
        expect_same(head.values("Content-Length"), ["0"],
                    problem="the head of an empty body does not say Content-Length: 0, where self.known_length was set",
                    before="self.known_length is 5: the only block was refused, and the head was not sent",
                    why="No byte was sent, and none will be: the length is 0 now, whatever it was to be.")
