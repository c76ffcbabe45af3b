"""Step 2.2 · parse_field"""
import pytest

from tests.ch02_request.common import (
    BYTES,
    CONTROLS,
    TOKEN_BYTES,
    ch02,
    each,
    expect_each_refused,
    expect_parts,
    expect_refused,
    expect_result,
    trying,
)
from tests.expect import expect_returned, expect_value
from workshop.checking.diagnosis import expect_same


@pytest.mark.step("2.2")
class TestParseField:
    def parsed(self, line):
        """Return name and value of a line, as a tuple."""
        return expect_parts(ch02.parse_field(line), "name, value")

    def test_name_and_value_come_back_as_str(self):
        parts = self.parsed(b"accept: text/html")
        expect_result(parts[0], str, "the name", "PEP 3333 wants native strings: decode it.")
        expect_result(parts[1], str, "the value", "PEP 3333 wants native strings: decode it.")
        expect_same(parts, ("accept", "text/html"), problem="name and value are not those of the line",
                    why="The name stands before the colon, the value after it (RFC 9112 section 5).")

    def test_the_name_comes_back_in_lower_case(self):
        name = self.parsed(b"Content-TYPE: a")[0]
        expect_value(name, "content-type", problem="the name is another one",
                     likely={"the name is not in lower case": "Content-TYPE", "the name is in capitals":
                             "CONTENT-TYPE"},
                     why="Clients write `Host`, `host` and `HOST`, and mean one field: so it is in lower case, and "
                         "otherwise as it was sent (RFC 9110 section 5.1).")

    @each("what, name", {"digits": b"x-1", "an underscore": b"a_b", "other signs": b"!#$%&'*+-.^_`|~"})
    def test_any_token_is_a_name(self, what, name):
        expect_returned(lambda: self.parsed(name + b": b"), (name.decode(), "b"),
                        f"name and value are not those of the line: {what}",
                        "`TOKEN.fullmatch(name)` tells what may be a name (RFC 9110 section 5.1).",
                        refused=f"a name that is a TOKEN is refused: {what}")

    def test_the_value_keeps_its_case(self):
        expect_returned(lambda: self.parsed(b"a: Secret-Token")[1], "Secret-Token",
                        "the value has lost its capitals",
                        "Only names are case-insensitive; a password is not (RFC 9110 section 5.5).",
                        refused="a value with capitals is refused")

    @each("what, value", {"a port": "127.0.0.1:8000", "a URL": "http://a/b:c", "colon and space": "a: b: c",
                           "a colon in front": ":1", "two colons in front": "::1", "a colon at the end": "b:"})
    def test_the_value_may_have_colons(self, what, value):
        expect_returned(lambda: self.parsed(f"a: {value}".encode()), ("a", value),
                        f"a value with a colon in it is not read: {what}",
                        "The first colon ends the name; all others belong to the value (RFC 9112 section 5).",
                        refused=f"a value with a colon in it is not read: {what}")

    @each("what, line", {
        "no space": b"a:b", "one space": b"a: b", "several spaces": b"a:   b", "a tab": b"a:\tb",
        "spaces at the end": b"a: b  ", "a tab at the end": b"a: b \t",
    })
    def test_spaces_and_tabs_around_the_value_do_not_belong_to_it(self, what, line):
        expect_returned(lambda: self.parsed(line), ("a", "b"),
                        f"white space around the value is not treated as optional: {what}",
                        "A client may put any number of spaces and tabs around a value, and none (RFC 9112 section "
                        "5.1).", refused=f"white space around the value is not optional: {what}")

    def test_spaces_and_tabs_within_the_value_stay(self):
        for value, what in (("b  c", "a pair of spaces within the value is"), ("c\td", "a tab within the value is")):
            expect_returned(lambda value=value: self.parsed(f"a: {value}".encode())[1], value,
                            f"{what} not left alone", "Between other characters a space or a tab is part of "
                            "the value: it is allowed there, and stays (RFC 9110 section 5.5).",
                            refused=f"{what} refused")

    @each("what, line", {"nothing after the colon": b"a:", "spaces only": b"a:   ", "a tab only": b"a:\t"})
    def test_the_value_may_be_empty(self, what, line):
        expect_returned(lambda: self.parsed(line), ("a", ""), f"an empty value is not read: {what}",
                        "A field without a value is a field (RFC 9110 section 5.5).",
                        refused=f"an empty value is refused: {what}")

    @each("what, value", {
        "latin-1": b"caf\xe9", "UTF-8": "你".encode(), "no encoding at all": bytes(range(0x80, 0x100)),
    })
    def test_every_byte_of_the_value_is_a_character_of_latin_1(self, what, value):
        expect_returned(lambda: self.parsed(b"a: (" + value + b")")[1], "(" + value.decode("latin-1") + ")",
                        f"a value with bytes above 127 is not decoded as latin-1: {what}",
                        "Nobody knows what encoding the client meant; latin-1 loses nothing, and it is what WSGI wants "
                        "(PEP 3333, section Unicode Issues).", refused=f"bytes above 127 are not read: {what}")

    @each("what, value", {
        "a no-break space": b"b\xa0", "a next-line character": b"\x85b", "letters": b"XXL",
    })
    def test_only_spaces_and_tabs_are_taken_off_the_value(self, what, value):
        knows = "" if value.isalpha() else "; str.strip(), for example, takes off all that Unicode calls white space"
        expect_returned(lambda: self.parsed(b"a: " + value)[1], value.decode("latin-1"),
                        f"more than spaces and tabs was taken off the value: {what}",
                        f"HTTP knows two kinds of white space, space and tab{knows} (RFC 9110 section 5.6.3).",
                        refused=f"a good value is refused: {what}")

    @each("what, line", {
        "a space before the colon": b"Content-Length : 5", "a tab before the colon": b"Content-Length\t: 5",
        "a space before the colon, and no value": b"Content-Length :",
    })
    def test_a_space_before_the_colon_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_field(line), 400, f"accepted: {what}",
                       "All of the name is to be a token, as it was sent, and no token has a space or a tab in it: "
                       "`TOKEN.fullmatch(name)` (`TOKEN.match`, for example, is content with a token at the "
                       "beginning). One program ignores this field, another takes it, and they see different bodies "
                       "(RFC 9112 section 5.1).",
                       **(trying("curl -i -H 'X-Try : 1' http://127.0.0.1:8000/") if b" " in line[:15] else {}))

    @each("what, line", {
        "a line that begins with a space": b" folded: yes", "a line that begins with a tab": b"\tfolded: yes",
        "the rest of a folded value": b"  chunked",
    })
    def test_a_folded_line_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_field(line), 400, f"accepted: {what}",
                       "Such a line once continued the one before it; a server refuses it now (RFC 9112 section 5.2).")

    @each("what, line", {"a line without a colon": b"Host", "a space for the colon": b"Host 127.0.0.1", "no line": b""})
    def test_a_line_without_a_colon_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_field(line), 400, f"accepted: {what}",
                       "Without a colon nobody can tell the name from the value (RFC 9112 section 5).")

    @each("what, line", {
        "an empty name": b": a", "a name with a space": b"Ho st: a", "a name with an accent": b"Caf\xe9: a",
        "a name with a bracket": b"a(b): c", "a name with a NUL": b"a\x00: b", "a name with an LF": b"a\nb: c",
        "a vertical tab before the name": b"\x0bHost: a", "an LF after the name": b"Host\n: a",
    })
    def test_a_name_that_is_no_token_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_field(line), 400, f"accepted: {what}",
                       "A name is a token, all of it: `TOKEN.fullmatch(name)` tells (RFC 9110 section 5.1).")

    @each("what, value", {
        "a NUL in the value": b"a\x00b", "a bare LF in the value": b"a\nContent-Length: 5",
        "a bare CR in the value": b"a\rb", "DEL in the value": b"a\x7fb", "an escape character": b"\x1b[31m",
        "a CR at the end of the value": b"a\r", "an LF at the end of the value": b"a\n",
        "a vertical tab before the value": b"\x0bchunked", "a form feed after the value": b"5\x0c",
        "a separator after the value": b"5\x1f",
    })
    def test_a_control_character_in_the_value_is_refused(self, what, value):
        why = "One program ends the line there, another does not, and they see different fields"
        if value[:1] > b" ":
            why = "It stands inside the value: `CONTROL.search` looks everywhere (`CONTROL.match`, for example, at " \
                  f"the beginning only). {why}"
        if value.strip() != value:
            why = "Spaces and tabs alone are taken off a value; strip() without an argument, for example, takes off " \
                  "control characters as well, and then nobody sees them"
        expect_refused(lambda: ch02.parse_field(b"a: " + value), 400, f"accepted: {what}",
                       f"{why} (RFC 9110 section 5.5).")

    def test_each_byte_that_no_token_has_is_refused_in_a_name(self):
        expect_each_refused(lambda byte: ch02.parse_field(b"a" + byte + b"b: c"),
                            BYTES - set(TOKEN_BYTES + b":"), 400, "in the name",
                            "`TOKEN.fullmatch(name)` knows all bytes that a name may have: a list of those that it may "
                            "not have easily lacks some (RFC 9110 section 5.6.2).")

    @each("what, line", {"before the value": b"a: %bb", "within it": b"a: b%bc", "after it": b"a: b%b"})
    def test_each_control_character_is_refused_in_a_value(self, what, line):
        expect_each_refused(lambda byte: ch02.parse_field(line % byte), CONTROLS, 400, f"in the value, {what}",
                            "`CONTROL.search(value)` knows all control characters but the tab: a list of your own "
                            "easily lacks some (RFC 9110 section 5.5).")

    def test_a_line_of_exactly_max_line_bytes_is_accepted(self):
        value = "v" * (ch02.MAX_LINE - 3)
        expect_returned(lambda: self.parsed(f"a: {value}".encode()), ("a", value),
                        "a line of MAX_LINE bytes is not read as it is", "Only a longer line is too long.",
                        refused="a line of MAX_LINE bytes is refused")

    @each("what, line", {
        "a line of MAX_LINE + 1 bytes": lambda limit: b"a: ".ljust(limit + 1, b"v"),
        "spaces that are too many": lambda limit: b"a:".ljust(limit + 1, b" "),
        "a name that is too long": lambda limit: b"a" * limit + b":",
    })
    def test_a_line_that_is_too_long_is_refused_with_431(self, what, line):
        expect_refused(lambda: ch02.parse_field(line(ch02.MAX_LINE)), 431, f"accepted: {what}",
                       "The limit is for the whole line as it came, name and spaces included: without it one client "
                       "fills the memory of all (RFC 6585 section 5).")

    @each("what, line", {
        "no colon": lambda limit: b"a" * (limit + 1), "a folded line": lambda limit: b" ".ljust(limit + 1, b"a"),
        "a control character": lambda limit: b"a: \x00".ljust(limit + 1, b"a"),
    })
    def test_length_is_looked_at_first(self, what, line):
        expect_refused(lambda: ch02.parse_field(line(ch02.MAX_LINE)), 431, f"accepted: too long, with {what}",
                       "431 comes before 400: nothing else is worth doing with such a line.")

    @pytest.mark.parametrize("line", [
        "Host: Shop.Example:080", "Transfer-Encoding: GZIP, Chunked", "Content-Length: 007", "Connection: Keep-Alive",
        "Expect: 100-Continue", 'Content-Type: Text/HTML; charset="UTF-8"', "Accept-Encoding: GZip",
        'If-None-Match: "aB"', "Cookie: a=B;", "Authorization: Basic QQ==",
    ])
    def test_the_value_is_as_it_was_sent_whatever_the_name(self, line):
        name, _, value = line.partition(": ")
        expect_returned(lambda: self.parsed(line.encode()), (name.lower(), value),
                        f"the value of {name} is not as it was sent",
                        "parse_field asks no field what it means: whoever reads a value knows whether its case, its "
                        "quotes or its zeros count (RFC 9110 section 5.5).",
                        refused=f"a value of {name} is refused")
