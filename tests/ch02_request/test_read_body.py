"""Step 2.10 · read_body"""
import pytest

from tests.ch02_request.common import (
    ch02,
    coding,
    each,
    expect_error,
    expect_refused,
    expect_type,
    expect_value,
    length,
    reader_of,
    received_by,
    told_reader,
)
from workshop.checking.diagnosis import expect_same
from workshop.checking.transport import DELIVERIES


def request_with(*fields, version="HTTP/1.1", method="POST"):
    """Return a Request of /echo with these header fields, (name, value) pairs."""
    return ch02.Request(method, "/echo", version, [("host", "a"), *fields], b"/echo", "")


@pytest.mark.step("2.10")
class TestReadBody:
    ANY_METHOD = ("The fields of the head alone say whether there is a body: one that you leave unread, another "
                  "program reads as a request (RFC 9112 sections 6.3 and 11.2).")

    def rows(self, reader, request):
        return told_reader(reader) | {"called": "read_body(reader, request)",
                                      "fields": f"{request.fields}, {request.method}, {request.version}"}

    def expect_body(self, reader, request, body, problem, why):
        rows = self.rows(reader, request)
        expect_value(lambda: ch02.read_body(reader, request), body, problem, why, **rows)

    def expect_bad(self, request, status, problem, why, data=b"5\r\nhello\r\n0\r\n\r\n"):
        reader = reader_of(data)
        rows = self.rows(reader, request)
        expect_refused(lambda: ch02.read_body(reader, request), status, problem, why, **rows)

    def test_the_body_is_as_long_as_content_length_says(self):
        reader, request = reader_of(b"hello world"), request_with(length("5"))
        rows = self.rows(reader, request)
        body = ch02.read_body(reader, request)
        expect_type(body, bytes, "the body", **rows)
        expect_same(body, b"hello", problem="the body is not as long as Content-Length says", **rows,
                    why="What comes behind it is not this request's (RFC 9112 section 6.2).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_the_body_is_read_however_it_arrives(self, delivery):
        body = b"\x00\xff\r\n\r\n" + "你好".encode()
        reader = reader_of(body[3:], received=body[:3], delivery=delivery)
        self.expect_body(reader, request_with(length(str(len(body)))), body, "the body is not read whole",
                         "Some of it may have come with the head, the rest comes as it likes (RFC 9112 section 6.2).")

    def test_a_request_without_a_length_has_no_body(self):
        reader, request = reader_of(b"more"), request_with()
        self.expect_body(reader, request, b"", "a request without a length has a body",
                         "Without Content-Length and chunks there is none (RFC 9112 section 6.3).")
        expect_same(received_by(reader), 0, problem="it receives although there is no body",
                    **self.rows(reader, request),
                    why="A client without a body waits for the answer already: both would wait for each other.")

    @pytest.mark.clause(119)
    @each("what, fields", {
        "chunked": [coding("chunked")], "Chunked": [coding("Chunked")], "in capitals": [coding("CHUNKED")],
        "spaces and tabs around it": [coding(" \tchunked ")],
    })
    def test_a_chunked_body_is_decoded(self, what, fields):
        self.expect_body(reader_of(b"5\r\nhello\r\n0\r\n\r\n"), request_with(*fields), b"hello",
                         f"a chunked body is not decoded: {what}",
                         "The names of codings have no case (RFC 9112 section 7).")

    def test_another_1_x_has_chunks_too(self):
        self.expect_body(reader_of(b"5\r\nhello\r\n0\r\n\r\n"), request_with(coding("chunked"), version="HTTP/1.2"),
                         b"hello", "chunks in HTTP/1.2 are refused",
                         "Only HTTP/1.0 is too old for them (RFC 9112 section 6.1).")

    @each("what, fields", {
        "Content-Length and chunks": [length("5"), coding("chunked")],
        "chunks and Content-Length": [coding("chunked"), length("5")],
        "Content-Length 0 and chunks": [length("0"), coding("chunked")],
        "no length at all, and chunks": [length(""), coding("chunked")],
    })
    def test_two_ways_to_tell_the_length_are_refused(self, what, fields):
        self.expect_bad(request_with(*fields), 400, f"accepted: {what}",
                        "One program counts, another reads chunks, and they see different bodies "
                        "(RFC 9112 sections 6.1 and 11.2).")

    def test_chunks_in_http_1_0_are_refused(self):
        self.expect_bad(request_with(coding("chunked"), version="HTTP/1.0"), 400, "accepted: chunks in HTTP/1.0",
                        "HTTP/1.0 knows no chunks: a program in front of yours may have passed them on unseen "
                        "(RFC 9112 section 6.1).")

    @each("what, fields", {
        "gzip alone": [coding("gzip")], "gzip behind chunked": [coding("chunked, gzip")],
        "gzip in a field behind chunked": [coding("chunked"), coding("gzip")], "identity": [coding("identity")],
        "xchunked": [coding("xchunked")], "Xchunked": [coding("Xchunked")], "chunkedfoo": [coding("chunkedfoo")],
        "an empty field": [coding("")], "a no-break space before chunked": [coding("\xa0chunked")],
        "nothing behind a comma": [coding("chunked,")],
    })
    def test_a_last_coding_other_than_chunked_is_refused(self, what, fields):
        self.expect_bad(request_with(*fields), 400, f"accepted: {what}",
                        "Only chunks say where the body of a request ends: everything else is a guess "
                        "(RFC 9112 section 6.3).")

    @each("what, fields", {
        "gzip, chunked": [coding("gzip, chunked")], "without the space": [coding("gzip,Chunked")],
        "over two fields": [coding("gzip"), coding("chunked")], "three codings": [coding("a, b, chunked")],
        "chunked twice": [coding("chunked, chunked")], "nothing before a comma": [coding(", chunked")],
        "an empty field before chunked": [coding(""), coding("chunked")],
    })
    def test_codings_before_chunked_are_refused_with_501(self, what, fields):
        self.expect_bad(request_with(*fields), 501, f"accepted: {what}",
                        "The request is right, and this server can't decode it (RFC 9112 section 6.1).")

    @each("what, fields_and_status", {
        "two lengths": ([length("5"), length("5")], 400), "a signed length": ([length("+5")], 400),
        "too large a length": ([length("9" * 20)], 413), "a bad chunk": ([coding("chunked")], 400),
    })
    def test_what_body_length_and_read_chunked_raise_comes_out(self, what, fields_and_status):
        fields, status = fields_and_status
        self.expect_bad(request_with(*fields), status, f"accepted: {what}",
                        "What they refuse could be read in two ways (RFC 9112 section 6.3).",
                        data=b"0x5\r\nhello\r\n0\r\n\r\n")

    @each("what, fields", {"Content-Length": [length("6")], "chunks": [coding("chunked")]})
    def test_a_client_that_stops_half_way_is_gone(self, what, fields):
        reader, request = reader_of(b"6\r\nab"), request_with(*fields)
        expect_error(lambda: ch02.read_body(reader, request), ch02.ClientGone,
                     f"a body that is not whole is taken for whole: {what}", "Half an upload is no upload "
                     "(RFC 9112 section 8).", **self.rows(reader, request))

    def test_http_1_0_has_bodies_too(self):
        self.expect_body(reader_of(b"hello"), request_with(length("5"), version="HTTP/1.0"), b"hello",
                         "the body of an HTTP/1.0 request is not read", "Content-Length is as old as that (RFC 1945).")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
    @each("what, sent", {"Content-Length": (length("5"), b"hello"),
                         "chunks": (coding("chunked"), b"5\r\nhello\r\n0\r\n\r\n")})
    def test_the_method_does_not_tell_whether_there_is_a_body(self, method, what, sent):
        field, data = sent
        self.expect_body(reader_of(data), request_with(field, method=method), b"hello",
                         f"the body of a {method} is not read: {what}", self.ANY_METHOD)

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @each("what, fields", {
        "Content-Length and chunks": [length("5"), coding("chunked")], "two lengths": [length("5"), length("6")],
        "a signed length": [length("+5")], "xchunked": [coding("xchunked")],
    })
    def test_what_is_refused_is_refused_for_each_method(self, method, what, fields):
        self.expect_bad(request_with(*fields, method=method), 400, f"accepted in a {method}: {what}", self.ANY_METHOD)
