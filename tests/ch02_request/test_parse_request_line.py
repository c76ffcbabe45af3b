"""Step 2.1 · parse_request_line"""
import pytest

from tests.ch02_request.common import ch02, each, expect_parts, expect_result
from tests.expect import a_value, expect_returned
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import deepest_place


@pytest.mark.step("2.1")
class TestParseRequestLine:
    def part(self, line, index):
        """Return one of the three parts of a line. What is raised by mistake is told as that."""
        try:
            parts = ch02.parse_request_line(line)
        except (NotImplementedError, ch02.BadRequest):
            raise
        except Exception as error:
            raise Diagnosis(f"your code raises {type(error).__name__}: {error}", expected="three parts, or BadRequest",
                            place=deepest_place(error.__traceback__), why="This is a good request line.")
        return expect_parts(parts, "method, target, version")[index]

    def test_method_target_and_version_come_back_as_str(self):
        parts = expect_parts(ch02.parse_request_line(b"GET /a?b HTTP/1.1"), "method, target, version")
        for part, name in zip(parts, ("the method", "the target", "the version"), strict=True):
            expect_result(part, str, name, "All three are ASCII, and PEP 3333 wants native strings: decode them.")
        expect_that(parts[0] != "b'GET'", "the parts are what repr shows of bytes, and not their text",
                    came_back=repr(parts), expected=repr(("GET", "/a?b", "HTTP/1.1")),
                    why="str() of bytes writes them down with their b and quotes; decode() turns them into text.")
        expect_same(parts, ("GET", "/a?b", "HTTP/1.1"), problem="the three parts are not those of the line",
                    why="The method, the target and the version stand in this order (RFC 9112 section 3).")

    @each("what, method", {
        "lower case": b"get", "both cases": b"Get", "a method of WebDAV": b"PROPFIND",
        "signs that a token may have": b"M-SEARCH.2!", "all other signs of a token": b"#$%&'*+^_`|~",
    })
    def test_any_token_is_a_method_and_keeps_its_case(self, what, method):
        line = method + b" / HTTP/1.1"
        why = {"lower case": "Methods are case-sensitive: `get` is another method than GET",
               "both cases": "Methods are case-sensitive: `Get` is another method than GET",
               "a method of WebDAV": "Which methods a page has is its own matter: here each token is one",
               }.get(what, "A method is a token, and has more signs than letters: `TOKEN.fullmatch(method)` tells")
        expect_returned(lambda: self.part(line, 0), method.decode(),
                        f"the method is not handed on as it was sent: {what}", f"{why} (RFC 9110 section 9.1).",
                        refused=f"a method is refused: {what}")

    @each("what, target", {
        "percent-encoded": b"/a%20b?c=%2F&d", "a whole URL": b"http://example.org/?a", "all of the server": b"*",
        "a URL in capitals": b"HTTP://Example.ORG:80/", "slashes in a row": b"/a///b//",
        "two slashes": b"//a/b", "capital letters": b"/A/b?C",
        "method and version once more": b"/GET/HTTP/1.1", "all that is visible": bytes(range(0x21, 0x7f)),
    })
    def test_the_target_is_handed_on_as_it_was_sent(self, what, target):
        expect_returned(lambda: self.part(b"GET " + target + b" HTTP/1.1", 1), target.decode(),
                        f"the target is not handed on as it was sent: {what}",
                        "`VISIBLE.fullmatch(target)` tells whether it may stand there. What a target means is the next "
                        "question, and step 2.4 answers it (RFC 9112 section 3.2).",
                        refused=f"a target is refused: {what}")

    @pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/1.9", "HTTP/1.5"])
    def test_every_version_1_is_accepted(self, version):
        line = f"GET / {version}".encode()
        expect_returned(lambda: self.part(line, 2), version, f"{version} does not come back as it is",
                        "A server of HTTP/1.1 understands every request of HTTP/1 (RFC 9110 section 2.5).",
                        refused=f"{version} is refused")

    def test_the_longest_line_that_is_allowed_is_accepted(self):
        target = b"/" + b"a" * (ch02.MAX_LINE - len(b"GET / HTTP/1.1"))
        why = "MAX_LINE bytes are allowed, all of the line together; only a longer one is too long (RFC 9112 section " \
              "3)."
        with a_value("the three parts", why, refused="a line of MAX_LINE bytes is refused"):
            ch02.parse_request_line(b"GET " + target + b" HTTP/1.1")
