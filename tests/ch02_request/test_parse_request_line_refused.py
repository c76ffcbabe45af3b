"""Step 2.1 · parse_request_line: what is no request line"""
import pytest

from tests.ch02_request.common import BYTES, TOKEN_BYTES, ch02, each, expect_each_refused, expect_refused
from tests.expect import expect_returned


@pytest.mark.step("2.1")
class TestParseRequestLine:
    @each("what, line", {
        "a method and a target only": b"GET /", "a method only": b"GET", "nothing at all": b"",
        "a space within the target": b"GET /a b HTTP/1.1",
    })
    def test_a_line_without_three_parts_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_request_line(line), 400, f"accepted: {what}",
                       "A request line has a method, a target and a version (RFC 9112 section 3).")

    @each("what, line", {
        "two spaces": b"GET  / HTTP/1.1", "two spaces before the version": b"GET /  HTTP/1.1",
        "a tab for a space": b"GET\t/\tHTTP/1.1", "a space at the beginning": b" GET / HTTP/1.1",
        "a space at the end": b"GET / HTTP/1.1 ", "a vertical tab for a space": b"GET / \x0bHTTP/1.1",
        "a tab at the end": b"GET / HTTP/1.1\t",
        "a line end at the beginning": b"\r\nGET / HTTP/1.1",
    })
    def test_there_is_exactly_one_space_between_the_parts(self, what, line):
        expect_refused(lambda: ch02.parse_request_line(line), 400, f"accepted: {what}",
                       "One program sees three parts here and another does not; so one space is one space "
                       "(RFC 9112 section 3).")

    @each("what, method", {
        "a method with a bracket": b"GE(T", "a method with a colon": b"GET:", "a method in quotes": b'"GET"',
        "a method with an accent": "GÉT".encode(), "an empty method": b"", "a method with a NUL": b"GET\x00",
    })
    def test_a_method_that_is_no_token_is_refused(self, what, method):
        why = "A method is a token, all of it: `TOKEN.fullmatch(method)` tells"
        if not method.isascii():
            why = "A method is a token: look at its bytes before you decode them, for only those of a token are ASCII"
        expect_refused(lambda: ch02.parse_request_line(method + b" / HTTP/1.1"), 400, f"accepted: {what}",
                       f"{why} (RFC 9110 sections 5.6.2 and 9.1).")

    @each("what, target", {
        "a NUL in the target": b"/a\x00b", "a bare LF in the target": b"/a\nX:b", "a bare CR in the target": b"/a\rb",
        "DEL in the target": b"/\x7f", "a target in UTF-8": "/你".encode(), "a target in latin-1": b"/\xe9",
        "an LF at the end of the target": b"/\n", "an empty target": b"",
    })
    def test_a_target_with_bytes_that_are_not_visible_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_request_line(b"GET " + target + b" HTTP/1.1"), 400, f"accepted: {what}",
                       "A target has one character or more, all of them VISIBLE: `VISIBLE.fullmatch(target)` tells. A "
                       "client percent-encodes all others, which end up in logs and headers as line ends "
                       "(RFC 9112 section 3.2).")

    @each("where, method", {"in": b"G?T", "at the beginning of": b"?GET", "at the end of": b"GET?"})
    def test_each_byte_that_no_token_has_is_refused_in_a_method(self, where, method):
        expect_each_refused(lambda byte: ch02.parse_request_line(method.replace(b"?", byte) + b" / HTTP/1.1"),
                            BYTES - set(TOKEN_BYTES), 400, f"{where} the method",
                            "`TOKEN.fullmatch(method)` knows all bytes that a token may have: a list of those that it "
                            "may not have easily lacks some (RFC 9110 section 5.6.2).")

    @each("where, target", {"in": b"/a?b", "at the beginning of": b"?/a", "at the end of": b"/a?"})
    def test_each_byte_that_is_not_visible_is_refused_in_a_target(self, where, target):
        expect_each_refused(lambda byte: ch02.parse_request_line(b"GET " + target.replace(b"?", byte) + b" HTTP/1.1"),
                            BYTES - set(range(0x21, 0x7f)), 400, f"{where} the target",
                            "`VISIBLE.fullmatch(target)` knows all bytes that a target may have: a list of those that "
                            "it may not have easily lacks some (RFC 9112 section 3.2).")

    @each("what, version", {
        "a version in lower case": b"http/1.1", "a version without a minor number": b"HTTP/1",
        "a version with two digits": b"HTTP/1.10", "a version without a dot": b"HTTP/11",
        "another protocol": b"SIP/2.0", "letters after the version": b"HTTP/1.1x",
        "letters for digits": b"HTTP/x.y", "a letter for the first digit": b"HTTP/x.1",
        "a letter for the last digit": b"HTTP/1.y", "a sign in the version": b"HTTP/+1.1",
        "an LF after the version": b"HTTP/1.1\n", "a superscript two": b"HTTP/1.\xb2",
        "something else than a dot": b"HTTP/1x1",
    })
    def test_a_malformed_version_is_refused(self, what, version):
        why = {
            "a version in lower case": "The version is `HTTP/` in capitals, a digit, a dot and a digit",
            "a superscript two": "Only 0 to 9 are digits here; isdigit() of a str, for example, takes ² as well",
            "an LF after the version": "Nothing may stand after the version; `$` in a pattern, for example, lets an "
                                       "LF pass",
            "letters after the version": "Nothing may stand after the version; re.match, for example, does not look "
                                         "there",
        }.get(what, "The version is `HTTP/`, a digit, a dot and a digit, and nothing else")
        expect_refused(lambda: ch02.parse_request_line(b"GET / " + version), 400, f"accepted: {what}",
                       f"{why} (RFC 9112 section 2.3).")

    @each("what, line", {
        "a line of MAX_LINE + 1 bytes": lambda limit: b"GET /" + b"a" * (limit - 13) + b" HTTP/1.1",
        "a line of spaces": lambda limit: b" " * (limit + 1),
        "a line of one word": lambda limit: b"a" * (limit + 1),
    })
    def test_a_line_that_is_too_long_is_refused_with_414(self, what, line):
        expect_refused(lambda: ch02.parse_request_line(line(ch02.MAX_LINE)), 414, f"accepted: {what}",
                       "Length is looked at first: nothing else is worth doing with such a line "
                       "(RFC 9110 section 15.5.15).")

    def test_a_method_that_is_too_long_is_refused_with_501(self):
        longest = b"A" * ch02.MAX_METHOD
        expect_returned(lambda: ch02.parse_request_line(longest + b" / HTTP/1.1")[0], longest.decode(),
                        "a method of MAX_METHOD bytes is another one", "Only a longer method is too long.",
                        refused="a method of MAX_METHOD bytes is refused")
        expect_refused(lambda: ch02.parse_request_line(longest + b"A / HTTP/1.1"), 501,
                       "accepted: a method of MAX_METHOD + 1 bytes",
                       "No page will ever have such a method (RFC 9112 section 3; RFC 9110 section 15.6.2).")

    @pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/2.1", "HTTP/4.1", "HTTP/9.0"])
    def test_another_major_version_is_refused_with_505(self, version):
        expect_refused(lambda: ch02.parse_request_line(f"GET / {version}".encode()), 505, f"accepted: {version}",
                       "Only versions with the same major number are alike on the wire, and every number but 1 is "
                       "another one (RFC 9110 section 15.6.6).")

    @each("what, line", {
        "a malformed version after too long a method": b"A" * 30 + b" / HTTP/x",
        "a method that is too long, and no version": b"A" * 30 + b" /",
        "a method that is too long, and four parts": b"A" * 30 + b" / HTTP/1.1 x",
        "a method that is too long, and no token": b"A" * 30 + b"( / HTTP/1.1",
        "a method that is too long, and an LF in the target": b"A" * 30 + b" /\n HTTP/1.1",
        "a method that is no token, and the wrong version": b"G(T / HTTP/2.0",
        "the wrong version, and four parts": b"GET / HTTP/2.0 HTTP/2.0",
        "the wrong version, and an LF in the target": b"GET /\n HTTP/2.0",
    })
    def test_a_malformed_line_is_refused_for_that_first(self, what, line):
        expect_refused(lambda: ch02.parse_request_line(line), 400, f"accepted: {what}",
                       "What is no request line at all has no version or method to judge: 400 comes before 501 and "
                       "505.")

    def test_a_method_that_is_too_long_comes_before_another_major_version(self):
        expect_refused(lambda: ch02.parse_request_line(b"A" * 30 + b" / HTTP/2.0"), 501,
                       "accepted: too long a method, and the wrong version",
                       "The reasons are looked at in the order of the task: 501, and 505 last.")
