"""Step 2.10 · body_framing: what is refused, with which status"""
import pytest

from tests.ch02_request.common import ch02, each, expect_refused
from tests.ch02_request.framings import ANY_METHOD, coding, length, request_with, rows_of_request
from tests.expect import raised_by
from workshop.checking.diagnosis import expect_same


def expect_head_refused(request, status, problem, why, *limits):
    """Fail with problem unless body_framing refuses a request with this status, with a limit if one is given."""
    expect_refused(lambda: ch02.body_framing(request, *limits), status, problem, why,
                   **rows_of_request(request, *limits))


ONLY_CHUNKS = "Only chunks say where the body of a request ends: everything else is a guess"
GZIP_LAST = ("The last coding is `gzip`, not `chunked`, so it is 400. Look at the last one, not at the first, before "
             "you count what stands before it: only chunks say where a body ends")
NOTHING_IN_LAST_FIELD = ("Several fields are one list with commas between them, here `chunked,`: its last coding is "
                         "nothing, and that is not `chunked`")
NOTHING_LAST = "There is a Transfer-Encoding field, and the last of its codings is nothing: that is not `chunked`"
ONE_LIST = ("The codings of all Transfer-Encoding fields are one list, in the order of the fields: to look at the last "
            "field alone is not enough")
WHOLE_NAME = "The coding is `chunked`, and not what begins or ends like it"


@pytest.mark.step("2.10")
class TestBodyFraming:
    @each("what, values", {"a sign": ["+5"], "two": ["5", "6"], "too large": ["99999999"]})
    def test_what_body_length_raises_comes_out_as_it_is(self, what, values):
        error = raised_by(lambda: ch02.body_length(values), ch02.BadRequest)
        request = request_with(*map(length, values))
        came_out = raised_by(lambda: ch02.body_framing(request), ch02.BadRequest)
        if error and came_out:  # that something is raised, is another check
            expect_same((came_out.status, str(came_out)), (error.status, str(error)), **rows_of_request(request),
                        problem=f"another BadRequest comes out than that of body_length: {what}",
                        why="The client is sent its message, and body_length knows what is wrong: what it raises needs "
                            "no `try`.")

    @each("what, fields", {
        "Content-Length and chunks": [length("5"), coding("chunked")],
        "chunks and Content-Length": [coding("chunked"), length("5")],
        "Content-Length 0 and chunks": [length("0"), coding("chunked")],
        "no length at all, and chunks": [length(""), coding("chunked")],
    })
    def test_two_ways_to_give_the_length_are_refused(self, what, fields):
        expect_head_refused(request_with(*fields), 400, f"accepted: {what}",
                            "One program counts, another reads chunks, and they see different bodies "
                            "(RFC 9112 sections 6.1 and 11.2).")

    def test_chunks_in_http_1_0_are_refused(self):
        expect_head_refused(request_with(coding("chunked"), version="HTTP/1.0"), 400, "accepted: chunks in HTTP/1.0",
                            "HTTP/1.0 knows no chunks: a program in front of yours may have passed them on unseen "
                            "(RFC 9112 section 6.1).")

    @each("what, fields", {
        "gzip alone": [coding("gzip")], "gzip after chunked": [coding("chunked, gzip")],
        "gzip in a field after chunked": [coding("chunked"), coding("gzip")], "identity": [coding("identity")],
        "xchunked": [coding("xchunked")], "Xchunked": [coding("Xchunked")], "chunkedfoo": [coding("chunkedfoo")],
        "an empty field": [coding("")], "a no-break space before chunked": [coding("\xa0chunked")],
        "nothing after a comma": [coding("chunked,")], "two empty fields": [coding(""), coding("")],
        "a comma alone": [coding(",")], "spaces and tabs alone": [coding(" \t")], "spaces and a comma": [coding(" , ")],
        "an empty field after chunked": [coding("chunked"), coding("")], "a space in chunked": [coding("chun ked")],
    })
    def test_a_last_coding_other_than_chunked_is_refused(self, what, fields):
        why = {"gzip after chunked": GZIP_LAST, "gzip in a field after chunked": GZIP_LAST,
               "xchunked": WHOLE_NAME, "Xchunked": WHOLE_NAME, "chunkedfoo": WHOLE_NAME,
               "an empty field": "A field with an empty value is a field too, and its last coding is not `chunked`",
               "a space in chunked": "Spaces are taken off around a coding, and not within it",
               **dict.fromkeys(["two empty fields", "a comma alone", "spaces and tabs alone", "spaces and a comma"],
                               NOTHING_LAST),
               "an empty field after chunked": NOTHING_IN_LAST_FIELD,
               "nothing after a comma": "What stands after the last comma is the last coding, also if it is empty",
               "a no-break space before chunked": "Spaces and tabs alone are taken off a coding; strip() without an "
                                                  "argument, for example, takes off more"}
        expect_head_refused(request_with(*fields), 400, f"accepted: {what}",
                            f"{why.get(what, ONLY_CHUNKS)} (RFC 9112 section 6.3).")

    @each("what, fields", {
        "gzip, chunked": [coding("gzip, chunked")], "gzip,Chunked": [coding("gzip,Chunked")],
        "gzip in a field before chunked": [coding("gzip"), coding("chunked")],
        "three codings": [coding("a, b, chunked")],
        "chunked twice": [coding("chunked, chunked")], "chunked in two fields": [coding("chunked"), coding("chunked")],
    })
    def test_codings_before_chunked_are_refused_with_501(self, what, fields):
        why = "The end of such a body is known, and this server decodes chunks, once, and nothing else"
        expect_head_refused(request_with(*fields), 501, f"accepted: {what}",
                            f"{f'{ONE_LIST}. ' * (len(fields) > 1)}{why} (RFC 9112 section 6.1).")

    @each("what, fields", {
        "nothing before a comma": [coding(", chunked")], "spaces before a comma": [coding(" , chunked")],
        "an empty field before chunked": [coding(""), coding("chunked")],
    })
    def test_an_empty_coding_before_chunked_is_refused_with_501(self, what, fields):
        why = "What stands before a comma is a coding, also if it is empty"
        why = f"{ONE_LIST}. An empty field is an empty coding" if len(fields) > 1 else why
        expect_head_refused(request_with(*fields), 501, f"accepted: {what}",
                            f"{why}: some programs leave it out, and others don't (RFC 9110 section 5.6.1).")

    @each("what, fields_and_version", {
        "gzip, chunked beside Content-Length": ([length("5"), coding("gzip, chunked")], "HTTP/1.1"),
        "gzip, chunked in HTTP/1.0": ([coding("gzip, chunked")], "HTTP/1.0"),
        "a length that is too large, and chunks": ([length("9" * 20), coding("chunked")], "HTTP/1.1"),
    })
    def test_the_first_reason_in_order_gives_the_status(self, what, fields_and_version):
        fields, version = fields_and_version
        expect_head_refused(request_with(*fields, version=version), 400, f"accepted: {what}",
                            "400 comes first: nobody knows for certain where this body ends, whatever else there is to "
                            "say about it (RFC 9112 section 6.3).")

    @each("what, fields_and_status", {
        "two lengths": ([length("5"), length("5")], 400), "a signed length": ([length("+5")], 400),
        "too large a length": ([length("9" * 20)], 413), "an empty length": ([length("")], 400),
        "an empty length beside 5": ([length(""), length("5")], 400),
    })
    def test_what_body_length_raises_reaches_the_caller(self, what, fields_and_status):
        fields, status = fields_and_status
        expect_head_refused(request_with(*fields), status, f"accepted: {what}",
                            "body_length refuses it, and what it raises is let out (RFC 9112 section 6.3).")

    def test_an_empty_coding_in_http_1_0_is_refused(self):
        expect_head_refused(request_with(coding(""), version="HTTP/1.0"), 400, "accepted: an empty field in HTTP/1.0",
                            "A field with an empty value is a field too, and HTTP/1.0 has no Transfer-Encoding "
                            "(RFC 9112 section 6.1).")

    @pytest.mark.parametrize("limit", [5, 0])
    def test_a_length_above_limit_is_refused_with_413(self, limit):
        expect_head_refused(request_with(length(str(limit + 1))), 413, "accepted: a length above limit",
                            "Hand limit on to body_length, as it is: the caller knows how much it can keep (RFC 9110 "
                            "section 15.5.14).", limit)

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @each("what, fields", {
        "Content-Length and chunks": [length("5"), coding("chunked")], "two lengths": [length("5"), length("6")],
        "a signed length": [length("+5")], "xchunked": [coding("xchunked")],
    })
    def test_what_is_refused_is_refused_for_each_method(self, method, what, fields):
        expect_head_refused(request_with(*fields, method=method), 400, f"accepted in a {method}: {what}", ANY_METHOD)
