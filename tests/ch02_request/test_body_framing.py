"""Step 2.10 · body_framing"""
import pytest

from tests.ch02_request.common import ch02, each, expect_result
from tests.ch02_request.framings import ANY_METHOD, coding, length, request_with, rows_of_request
from tests.expect import expect_returned, expect_unchanged
from workshop.checking.diagnosis import expect_same


def expect_framing(request, framing, problem, why, *limits):
    """Fail with problem unless body_framing returns framing for a request, and a limit if one is given."""
    expect_returned(lambda: ch02.body_framing(request, *limits), framing, problem, why,
                    **rows_of_request(request, *limits))


@pytest.mark.step("2.10")
class TestBodyFraming:
    def test_content_length_gives_the_number_of_bytes(self):
        request = request_with(length("5"))
        rows = rows_of_request(request)
        framing = ch02.body_framing(request)
        expect_result(framing, int, "the framing", "With Content-Length it is a number of bytes.", **rows)
        expect_same(framing, 5, problem="the framing is not the number that Content-Length says", **rows,
                    why="What comes after so many bytes is not of this request (RFC 9112 section 6.2).")

    def test_a_request_without_a_length_has_no_body(self):
        expect_framing(request_with(), 0, "a request without a length has a body",
                       "Without Content-Length and chunks there is none, and a client without a body waits for the "
                       "answer already (RFC 9112 section 6.3).")

    @pytest.mark.clause(119)
    @each("what, field", {
        "chunked": coding("chunked"), "Chunked": coding("Chunked"), "in capitals": coding("CHUNKED"),
        "spaces and tabs around it": coding(" \tchunked "),
    })
    def test_a_transfer_encoding_that_is_chunked_gives_chunked(self, what, field):
        why = {"chunked": "Transfer-Encoding says that the body comes in chunks (RFC 9112 section 6.1).",
               "spaces and tabs around it": "Spaces and tabs around a coding don't count (RFC 9110 section 5.6.1)."}
        expect_framing(request_with(field), ch02.CHUNKED, f"the framing is not CHUNKED: {what}",
                       why.get(what, "The names of codings have no case (RFC 9112 section 7)."))

    def test_http_1_2_has_chunks_too(self):
        expect_framing(request_with(coding("chunked"), version="HTTP/1.2"), ch02.CHUNKED,
                       "chunks in HTTP/1.2 are refused",
                       "Only HTTP/1.0 is too old for them (RFC 9112 section 6.1).")

    def test_http_1_0_has_bodies_too(self):
        expect_framing(request_with(length("5"), version="HTTP/1.0"), 5, "an HTTP/1.0 request is taken to have no body",
                       "Content-Length is as old as that (RFC 1945).")

    @each("what, change", {"MAX_BODY": 0, "more than MAX_BODY": 1})
    def test_a_length_up_to_limit_is_accepted(self, what, change):
        limit = ch02.MAX_BODY + change
        expect_framing(request_with(length(str(limit))), limit, f"a length of limit bytes is refused: {what}",
                       "Hand limit on to body_length: the caller knows how much it can keep.", *[limit] * change)

    @each("what, field", {"Content-Length": length("5"), "chunks": coding("chunked")})
    def test_the_request_is_left_as_it_is(self, what, field):
        request = request_with(field)
        before = repr(request)
        ch02.body_framing(request)
        expect_unchanged(repr(request), before, "body_framing changes the request",
                         "It only looks at the head: the application is told what the client sent.")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
    @each("what, field", {"Content-Length": length("5"), "chunks": coding("chunked")})
    def test_the_method_does_not_decide_whether_there_is_a_body(self, method, what, field):
        expect_framing(request_with(field, method=method), 5 if field == length("5") else ch02.CHUNKED,
                       f"a {method} is taken to have no body: {what}", ANY_METHOD)
