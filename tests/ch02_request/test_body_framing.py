"""Step 2.10 · body_framing"""
import contextlib
import copy

import pytest

from tests.ch02_request.common import ch02, each, expect_result
from tests.ch02_request.framings import ANY_METHOD, coding, length, request_with, rows_of_request
from tests.expect import expect_returned
from workshop.checking.diagnosis import expect_same, expect_unchanged


def expect_framing(request, framing, problem, why, *limits, refused):
    """Fail with problem unless body_framing returns framing for a request, and a limit if one is given."""
    expect_returned(lambda: ch02.body_framing(request, *limits), framing, problem, why, refused=refused,
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
                       "answer already (RFC 9112 section 6.3).", refused="a request without a length is refused")

    @pytest.mark.clause(119)
    @each("what, field", {
        "chunked": coding("chunked"), "Chunked": coding("Chunked"), "in capitals": coding("CHUNKED"),
        "one capital in it": coding("chunKed"), "one small letter in it": coding("CHuNKED"),
        "spaces and tabs around it": coding(" \tchunked "), "a space and a tab after it": coding("chunked \t"),
    })
    def test_a_transfer_encoding_that_is_chunked_gives_chunked(self, what, field):
        why = {"chunked": "Transfer-Encoding says that the body comes in chunks (RFC 9112 section 6.1).",
               "spaces and tabs around it": "Spaces and tabs around a coding don't count (RFC 9110 section 5.6.1).",
               "a space and a tab after it": "Spaces and tabs around a coding don't count, on either side (RFC 9110 "
                                             "section 5.6.1)."}
        expect_framing(request_with(field), ch02.CHUNKED, f"the framing is not CHUNKED: {what}",
                       why.get(what, "The names of codings have no case: compare them in lower case, and not with a "
                                     "list of spellings (RFC 9112 section 7)."),
                       refused=f"chunks are refused: {what}")

    def test_http_1_2_has_chunks_too(self):
        expect_framing(request_with(coding("chunked"), version="HTTP/1.2"), ch02.CHUNKED,
                       "the framing is not CHUNKED: HTTP/1.2",
                       "Only HTTP/1.0 is too old for them (RFC 9112 section 6.1).",
                       refused="chunks in HTTP/1.2 are refused")

    def test_http_1_0_has_bodies_too(self):
        expect_framing(request_with(length("5"), version="HTTP/1.0"), 5, "an HTTP/1.0 request is taken to have no body",
                       "Content-Length is as old as that (RFC 1945).", refused="an HTTP/1.0 request is refused")

    @each("what, change", {"MAX_BODY": 0, "more than MAX_BODY": 1})
    def test_a_length_up_to_limit_is_accepted(self, what, change):
        limit = ch02.MAX_BODY + change
        expect_framing(request_with(length(str(limit))), limit, f"the framing is not the length: {what}",
                       "Hand limit on to body_length: the caller knows how much it can keep.", *[limit] * change,
                       refused=f"a length of limit bytes is refused: {what}")

    def test_a_limit_of_0_allows_an_empty_body(self):
        expect_framing(request_with(length("0")), 0, "the framing is not 0, where limit is 0",
                       "0 is a limit like others: hand it on to body_length as it is.", 0,
                       refused="a length of 0 is refused, where limit is 0")

    @each("what, fields", {
        "Content-Length": [length("5")], "chunks": [coding("chunked")], "neither": [],
        "codings in two fields": [coding("gzip"), coding("chunked")], "codings in one field": [coding("gzip, chunked")],
        "both": [length("5"), coding("chunked")], "two lengths": [length("5"), length("6")],
    })
    def test_the_request_is_left_as_it_is(self, what, fields):
        request = request_with(*fields)
        before = copy.deepcopy(request)
        with contextlib.suppress(ch02.BadRequest):
            ch02.body_framing(request)
        expect_unchanged("request", request, before, problem=f"body_framing changes the request: {what}",
                         why="It only looks at the head: the application is told what the client sent.")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "BREW"])
    @each("what, field", {"Content-Length": length("5"), "chunks": coding("chunked")})
    def test_the_method_does_not_decide_whether_there_is_a_body(self, method, what, field):
        expect_framing(request_with(field, method=method), 5 if field == length("5") else ch02.CHUNKED,
                       f"a {method} is taken to have no body: {what}", ANY_METHOD,
                       refused=f"a {method} is refused: {what}")
