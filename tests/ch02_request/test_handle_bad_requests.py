"""Step 2.12 · handle: bad requests, each answered with its status"""
import re

import pytest

from tests.ch02_request.common import ADDRESS, answer_for, ch02, each, expect_status, post, sent_to
from tests.expect import blaming, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection
from wsgi_contract.answer import BLANK_LINE


def refusal_of(data, status):
    """Return the body of the response to data. Fail if that is no whole response with a status line and a body."""
    client = Connection(data, takes=100_000)
    sent = sent_to(client)
    line, expected = sent.partition(b"\r\n")[0], f"HTTP/1.1 {status} {ch02.REASONS[status]}"
    expect_that(re.fullmatch(rb"HTTP/1\.1 \d\d\d [A-Z].*", line) or not sent,
                "the answer to a bad request does not begin with a status line", came_back=repr(line),
                expected=repr(expected.encode()), sent=shown_bytes(data),
                why="error_response makes a whole response of the status, a number, and the message.")
    body = sent.partition(BLANK_LINE)[2]
    expect_that(body or not sent, "the refusal has no body", came_back=shown_bytes(sent), sent=shown_bytes(data),
                expected="the text of BadRequest after the blank line",
                why="Only HEAD goes without a body, and of what can't be read nobody knows the method.")
    return body


@pytest.mark.step("2.12")
class TestHandle:
    @each("what, data_and_status", {
        "no request line": (b"hello\r\n\r\n", 400),
        "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
        "no such page": (b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        "no such method": (post(target=b"/"), 405),
        "a length that is too large": (post(b"Content-Length: 99999999"), 413),
        "a target that is too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        "a request line without an end": (b"GET /" + b"a" * 70_000, 414),
        "an expectation that nobody knows": (post(b"Expect: a-miracle"), 417),
        "too many fields": (post(*[b"a: b"] * 200), 431),
        "a head without an end": (b"GET / HTTP/1.1\r\nHost: a\r\nb: " + b"c" * 70_000, 431),
        "a coding that nobody knows": (post(b"Transfer-Encoding: gzip, chunked"), 501),
        "another version": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    })
    def test_a_bad_request_is_answered_with_its_status(self, what, data_and_status):
        data, status = data_and_status
        refusal_of(data, status)
        response = answer_for(data)
        expect_status(response, status, f"the answer has another status: {what}",
                      "BadRequest carries the status that the client is told (RFC 9110 section 15).",
                      sent=shown_bytes(data))
        expect_that(response.body.strip(), "the error has no text", sent=shown_bytes(data),
                    came_back=repr(response.body), why="The message of BadRequest says to a person what is wrong.")

    @each("what, data", {
        "no request line": b"hello\r\n\r\n", "two hosts": post(b"Host: b"),
        "a signed length": post(b"Content-Length: +5"),
    })
    def test_the_text_is_the_message_of_bad_request(self, what, data):
        with pytest.raises(ch02.BadRequest) as raised:
            ch02.read_request(Connection(data))
        message, body = str(raised.value), refusal_of(data, 400).decode()
        expect_that(message in body, "the answer says something else than BadRequest does", came_back=repr(body),
                    expected=f"{message!r} in it", sent=shown_bytes(data),
                    why="str(error) is the message: it says what is wrong with this very request.")

    def test_a_head_that_can_not_be_read_is_answered_with_a_body(self):
        body = refusal_of(b"HEAD / HTTP/1.1\r\n\r\n", 400)
        expect_that(body, "the refusal has no body", why="The request can't be read, and so its method is not known.")

    def refused_by_a_page(self, monkeypatch, method):
        """Return what handle sends to a client with this method whose page raises BadRequest."""
        monkeypatch.setitem(ch02.PAGES, b"/picky", (ch02.ANY, raising(ch02.BadRequest(413, "less would do"))))
        client = Connection(post(target=b"/picky", method=method))
        with blaming("a BadRequest that a page raises comes out of handle", "Reading a request and answering it may "
                     "both raise BadRequest: `answer(request)` stands in the same `try`.", sent=client,
                     expected="413 Content Too Large"):
            ch02.handle(client, ADDRESS)
        expect_that(client.sent.startswith(b"HTTP/1.1 413 "), "a BadRequest that a page raises is answered otherwise",
                    came_back=shown_bytes(client.sent), expected="HTTP/1.1 413 Content Too Large", sent=client,
                    why="BadRequest carries the status that the client is told, whoever raises it.")
        return client.sent.partition(BLANK_LINE)[2]

    @pytest.mark.parametrize("method", [b"GET", b"POST", b"head", b"HEADS"])
    def test_a_page_may_refuse_a_request_too(self, monkeypatch, method):
        body = self.refused_by_a_page(monkeypatch, method)
        expect_that(b"less would do" in body, f"a page refuses {method.decode()}, and the client is not told why",
                    came_back=shown_bytes(body), expected="the message of BadRequest, b'less would do', in the body",
                    why="Only HEAD, in capitals, goes without a body (RFC 9110 sections 9.1 and 9.3.2).")

    def test_a_page_that_refuses_a_head_gets_no_body_either(self, monkeypatch):
        body = self.refused_by_a_page(monkeypatch, b"HEAD")
        expect_same(body, b"", problem="HEAD gets a body where the page itself refuses the request",
                    raised="BadRequest(413, 'less would do'), by the page's function",
                    why="The request was read, so its method is known before the page is asked: keep it, and cut "
                        "whatever is answered (RFC 9110 section 9.3.2).")

    @each("what, data", {
        "Content-Length and chunks": post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\nGET /"),
        "two lengths": post(b"Content-Length: 5", b"Content-Length: 6", body=b"hello!"),
        "a list of lengths": post(b"Content-Length: 5, 5", body=b"hello"),
        "a signed length": post(b"Content-Length: +5", body=b"hello"),
        "a length with a space in its name": post(b"Content-Length : 5", body=b"hello"),
        "a length after a bare LF": post(b"A: b\nContent-Length: 5", body=b"hello"),
        "a length after a bare CR": post(b"A: b\rContent-Length: 5", body=b"hello"),
        "a folded coding": post(b"Transfer-Encoding:", b" chunked", body=b"0\r\n\r\n"),
        "a coding after a vertical tab": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
        "a coding after a no-break space": post(b"Transfer-Encoding: \xa0chunked", body=b"0\r\n\r\n"),
        "another coding after chunked": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
        "chunks in HTTP/1.0": post(b"Transfer-Encoding: chunked", version=b"HTTP/1.0", body=b"0\r\n\r\n"),
        "a size with 0x": post(b"Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"),
        "a size with a sign": post(b"Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
        "a size with a space": post(b"Transfer-Encoding: chunked", body=b"5 \r\nhello\r\n0\r\n\r\n"),
        "a size with an underscore": post(b"Transfer-Encoding: chunked", body=b"0_5\r\nhello\r\n0\r\n\r\n"),
        "a size before a bare LF": post(b"Transfer-Encoding: chunked", body=b"5\nhello\r\n0\r\n\r\n"),
        "a bare LF in an extension": post(b"Transfer-Encoding: chunked", body=b"5;\nhello\r\nhello\r\n0\r\n\r\n"),
        "other bytes after a chunk": post(b"Transfer-Encoding: chunked", body=b"5\r\nhelloXX0\r\n\r\n"),
        "two hosts": post(b"Host: b"),
        "a tab in the request line": b"POST\t/echo\tHTTP/1.1\r\nHost: a\r\n\r\n",
    })
    def test_what_two_programs_could_read_in_two_ways_is_refused(self, what, data):
        expect_status(answer_for(data), 400, f"the answer has another status: {what}",
                      "Two programs that read one request in two ways let a second request slip past the first of them "
                      "(RFC 9112 section 11.2).", sent=shown_bytes(data))
