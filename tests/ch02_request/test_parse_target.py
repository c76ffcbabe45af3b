"""Step 2.4 · parse_target"""
import contextlib

import pytest

from tests.ch02_request.common import ch02, each, expect_parts, expect_refused, expect_result, expect_target
from workshop.checking.diagnosis import expect_same, expect_that


@pytest.mark.step("2.4")
class TestParseTarget:
    def test_authority_path_and_query_come_back(self):
        authority, path, query = expect_parts(ch02.parse_target("/a?b=c"), "authority, path, query")
        expect_that(authority is None, "the authority of a path is not None", came_back=repr(authority),
                    expected="None", why="Only a whole URL names a host (RFC 9112 section 3.2.1).")
        expect_result(path, bytes, "the path", "Decoded bytes may be in any encoding: they stay bytes.")
        expect_result(query, str, "the query", "It is still encoded, and so it is ASCII.")
        expect_same((path, query), (b"/a", "b=c"), problem="path and query are not those of the target",
                    why="The first `?` stands between path and query (RFC 9112 section 3.2.1).")

    @each("what, target", {"no question mark": "/a", "nothing after it": "/a?", "a slash alone": "/",
                            "a slash, and nothing after the question mark": "/?"})
    def test_a_target_without_a_query_has_an_empty_one(self, what, target):
        expect_target(target, (None, target.rstrip("?").encode(), ""), f"a target without a query is not read: {what}",
                      "QUERY_STRING may be empty, and is never None (PEP 3333, section environ Variables).",
                      f"a target without a query is refused: {what}")

    @each("what, query", {
        "a second question mark": "b?c", "a slash": "b=/c", "a whole URL": "u=http://b/c",
        "percent and plus": "b=%2F+%20", "a question mark at once": "?b", "capitals": "B=C",
    })
    def test_the_query_is_all_that_follows_the_first_question_mark_as_it_was_sent(self, what, query):
        why = "All that stands after the first `?` is query, whatever it looks like"
        if "%" in query:
            why = "The application decodes the query: only it knows where `&` and `=` mean something"
        expect_target(f"/a?{query}", (None, b"/a", query), f"the query is not what was sent: {what}",
                      f"{why} (RFC 3986 section 3.4).", f"a path with {what} in its query is refused")

    @each("what, case", {
        "a space": ("/a%20b", b"/a b", "A `%` and two hex digits stand for one byte"),
        "spaces at both ends": ("/%20a%20", b"/ a ", "A space at the end of a path is a character of it"),
        "a space alone": ("/%20", b"/ ", "A space at the end of a path is a character of it"),
        "a line end at the end": ("/a%0D%0A", b"/a\r\n", "A line end that is percent-encoded is a part of the path"),
        "UTF-8": ("/%E4%BD%A0", "/你".encode(), "A `%` and two hex digits stand for one byte, and the path is bytes"),
        "a byte that is no UTF-8": ("/%E4", b"/\xe4", "A byte is a byte in whatever encoding: `unquote_to_bytes` gives "
                                    "it. `unquote`, for example, decodes as UTF-8, and what is none becomes "
                                    "U+FFFD, b'\\xef\\xbf\\xbd'"),
        "small letters": ("/%e4%bd%a0", "/你".encode(), "Hex digits may be small letters, too"),
        "an encoded slash": ("/a%2Fb", b"/a/b", "`%2F` is decoded like all others: PATH_INFO is the decoded path"),
        "a byte of 0": ("/a%00b", b"/a\0b", "`%00` is decoded like all others: what a page makes of it is its own "
                        "matter"),
        "an encoded question mark": ("/a%3Fb", b"/a?b", "`%3F` is a character of the path, and begins no query"),
    })
    def test_the_path_is_percent_decoded_to_bytes(self, what, case):
        target, path, why = case
        expect_target(target, (None, path, ""), f"the path is not decoded as it should be: {what}",
                      f"{why} (RFC 3986 section 2.1).", f"a path is refused, or not decoded: {what}")

    def test_the_query_is_split_off_before_the_path_is_decoded(self):
        expect_target("/a%3Fb?c%3Fd", (None, b"/a?b", "c%3Fd"), "the query does not begin at the first `?` of the "
                      "target", "An encoded question mark is a character of the path: what you split must not be "
                      "decoded yet (RFC 3986 section 2.2).",
                      "a path with an encoded question mark, and a query after it, is refused")

    @each("what, target_and_path", {
        "an encoded percent sign": ("/%2541", b"/%41"), "an encoded slash": ("/%252F", b"/%2F"),
    })
    def test_the_path_is_decoded_once(self, what, target_and_path):
        target, path = target_and_path
        expect_target(target, (None, path, ""), f"the path is not decoded exactly once: {what}",
                      "Decoding twice gets past a check that was made on the first result (RFC 3986 section 2.4).",
                      f"a path is refused, or not decoded: {what}")

    @each("what, target", {
        "at the end": "/100%", "before no hex digits": "/%zz", "before one digit": "/%4", "doubled": "/%%",
    })
    def test_a_stray_percent_sign_stays(self, what, target):
        expect_target(target, (None, target.encode(), ""), f"a stray percent sign is not left alone: {what}",
                      "It is no URL by the book, but people type it, and it can be read in one way only.",
                      f"a stray percent sign is not read: {what}")

    @each("what, target", {
        "plus": "/a+b", "semicolon": "/a;b=c", "colon": "/a:b", "dots": "/a/../b", "one dot": "/a/./b/.",
        "a URL": "/http://a/b", "a slash at the end": "/a/",
    })
    def test_other_characters_of_the_path_stay(self, what, target):
        why = {"plus": "In a path it stands for itself: `+` means a space in forms only",
               "dots": "Which page they lead to is for the application to decide",
               "one dot": "Which page it leads to is for the application to decide",
               }.get(what, "It is a part of the path")
        expect_target(target, (None, target.encode(), ""), f"the path has been changed: {what}",
                      f"{why} (RFC 3986 section 3.3).", f"a path is refused: {what}")

    @each("what, target_and_path", {
        "two slashes": ("//a/b", b"//a/b"), "two slashes and a query": ("//a?b", b"//a"),
        "three slashes": ("///a", b"///a"), "slashes only": ("//", b"//"),
    })
    def test_a_target_that_begins_with_two_slashes_is_all_path(self, what, target_and_path):
        target, path = target_and_path
        expected, said = (None, path, target.partition("?")[2]), []
        with contextlib.suppress(Exception):  # expect_target tells of it
            said = expect_parts(ch02.parse_target(target), "authority, path, query")
        problem, why = f"the path is not what was sent: {what}", "The path is all that stands before the `?`, as it is"
        if said and said[0] is not None:
            problem = f"what follows the slashes is taken for a host: {what}"
            why = ("In a page `//a/b` names the host a, in a request it does not; urlsplit, for example, does not know "
                   "which it reads")
        elif said and said[1:] == (path.replace(b"//", b"/").replace(b"//", b"/"), expected[2]):
            problem, why = f"a slash in front is lost: {what}", "Each slash is of the path, and stays"
        expect_target(target, expected, problem, f"{why} (RFC 9112 section 3.2.1).",
                      "a target that begins with slashes is refused")

    @each("what, target", {
        "the target of OPTIONS *": "*", "the target of CONNECT": "example.org:443", "no slash at the beginning": "a/b",
        "a query only": "?a", "an empty target": "", "another scheme": "ftp://example.org/a",
        "one slash after the scheme": "http:/a", "no slash after the scheme": "http:a",
        "a scheme and a colon": "http:", "nothing before the question mark": "?",
        "a scheme that begins like http": "httpx://a/b", "a scheme that ends like http": "shttp://a/b",
        "a URL without a scheme": "://a/b",
    })
    def test_every_other_target_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "This server has pages at paths, and nothing else to address (RFC 9112 section 3.2).")
