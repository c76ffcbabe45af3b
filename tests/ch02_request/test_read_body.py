"""Step 2.10 · read_body"""
import pytest

from tests.ch02_request.common import ch02, each, expect_result
from tests.ch02_request.readers import (
    ANY_METHOD,
    CHUNKS,
    coding,
    length,
    reader_of,
    received_by,
    request_with,
    rows_of_both,
)
from tests.expect import each_family, expect_let_out, expect_raised, expect_returned
from workshop.checking.diagnosis import expect_same
from workshop.checking.transport import DELIVERIES


def expect_body(reader, request, body, problem, why):
    """Fail with problem unless read_body returns body."""
    rows = rows_of_both(reader, request)
    expect_returned(lambda: ch02.read_body(reader, request), body, problem, why, **rows)


@pytest.mark.step("2.10")
class TestReadBody:
    def test_the_body_is_as_long_as_content_length_says(self):
        reader, request = reader_of(b"hello world"), request_with(length("5"))
        rows = rows_of_both(reader, request)
        body = ch02.read_body(reader, request)
        expect_result(body, bytes, "the body", **rows)
        expect_same(body, b"hello", problem="the body is not as long as Content-Length says", **rows,
                    why="What comes behind it is not this request's (RFC 9112 section 6.2).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_the_body_is_read_however_it_arrives(self, delivery):
        body = b"\x00\xff\r\n\r\n" + "你好".encode()
        reader = reader_of(body[3:], received=body[:3], delivery=delivery)
        expect_body(reader, request_with(length(str(len(body)))), body, "the body is not read whole",
                    "Some of it may have come with the head, the rest comes as it likes (RFC 9112 section 6.2).")

    @each("what, field_and_data", {"Content-Length": (length("5"), b"hello"), "chunks": (coding("chunked"), CHUNKS)})
    def test_no_byte_behind_the_body_is_lost(self, what, field_and_data):
        field, data = field_and_data
        data += b"NEXT"
        for cut in range(len(data) + 1):
            reader = reader_of([block for block in [data[cut:]] if block], received=data[:cut])
            request = request_with(field)
            rows = rows_of_both(reader, request)
            expect_body(reader, request, b"hello", f"the body is not read whole: {what}",
                        "Some of it may have come with the head, the rest comes as it likes (RFC 9112 section 6.2).")
            expect_same(bytes(reader.received) + b"".join(reader.connection.blocks), b"NEXT", **rows,
                        problem=f"bytes behind the body are lost, or some of the body are still there: {what}",
                        why="The reader takes what it gives, and leaves what is behind it: take nothing off "
                            "reader.received yourself.")

    def test_a_request_without_a_length_has_no_body(self):
        reader, request = reader_of(b"more"), request_with()
        expect_body(reader, request, b"", "a request without a length has a body",
                    "Without Content-Length and chunks there is none (RFC 9112 section 6.3).")
        expect_same(received_by(reader), 0, problem="it receives although there is no body",
                    **rows_of_both(reader, request),
                    why="A client without a body waits for the answer already: both would wait for each other.")

    @pytest.mark.clause(119)
    @each("what, fields", {
        "chunked": [coding("chunked")], "Chunked": [coding("Chunked")], "in capitals": [coding("CHUNKED")],
        "spaces and tabs around it": [coding(" \tchunked ")],
    })
    def test_a_chunked_body_is_decoded(self, what, fields):
        why = {"chunked": "Transfer-Encoding says that the body comes in chunks (RFC 9112 section 6.1).",
               "spaces and tabs around it": "Spaces and tabs around a coding don't count (RFC 9110 section 5.6.1)."}
        expect_body(reader_of(CHUNKS), request_with(*fields), b"hello", f"a chunked body is not decoded: {what}",
                    why.get(what, "The names of codings have no case (RFC 9112 section 7)."))

    def test_http_1_2_has_chunks_too(self):
        expect_body(reader_of(CHUNKS), request_with(coding("chunked"), version="HTTP/1.2"),
                    b"hello", "chunks in HTTP/1.2 are refused",
                    "Only HTTP/1.0 is too old for them (RFC 9112 section 6.1).")

    @each("what, fields", {"Content-Length": [length("6")], "chunks": [coding("chunked")]})
    def test_a_client_that_stops_half_way_is_gone(self, what, fields):
        reader, request = reader_of(b"6\r\nab"), request_with(*fields)
        expect_raised(ch02.ClientGone, lambda: ch02.read_body(reader, request),
                      f"a body that is not whole is taken for whole: {what}",
                      "Half an upload is no upload (RFC 9112 section 8).", **rows_of_both(reader, request))

    @each_family()
    @each("what, field", {"Content-Length": length("6"), "chunks": coding("chunked")})
    def test_what_the_reader_raises_reaches_the_caller(self, what, field, kind):
        error = kind("raised by recv")
        reader, request = reader_of([b"6\r\nab", error]), request_with(field)
        expect_let_out(error, lambda: ch02.read_body(reader, request),
                       f"{kind.__name__}, raised by recv, does not come out: {what}",
                       "The body is not whole, and your caller has to know why.", **rows_of_both(reader, request))

    @each("what, sent", {"Content-Length": (length("5"), b"hello"), "chunks": (coding("chunked"), CHUNKS)})
    def test_the_request_is_left_as_it_is(self, what, sent):
        request = request_with(sent[0])
        before = repr(request)
        ch02.read_body(reader_of(sent[1]), request)
        expect_same(repr(request), before, problem="read_body changes the request",
                    why="It only reads the body and returns it: the application is told what the client sent.")

    def test_http_1_0_has_bodies_too(self):
        expect_body(reader_of(b"hello"), request_with(length("5"), version="HTTP/1.0"), b"hello",
                    "the body of an HTTP/1.0 request is not read", "Content-Length is as old as that (RFC 1945).")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
    @each("what, sent", {"Content-Length": (length("5"), b"hello"),
                         "chunks": (coding("chunked"), CHUNKS)})
    def test_the_method_does_not_decide_whether_there_is_a_body(self, method, what, sent):
        field, data = sent
        expect_body(reader_of(data), request_with(field, method=method), b"hello",
                    f"the body of a {method} is not read: {what}", ANY_METHOD)
