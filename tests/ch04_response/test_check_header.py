"""Step 4.2 · check_header"""
import itertools

import pytest

from tests.ch04_response.common import (
    AT_THE_END,
    CONTROL_CHARACTERS,
    EVERY_CONTROL,
    INJECTION,
    LINE_ENDS,
    ch04,
    expect_accepted,
)
from tests.expect import expect_raised

ANY_FIELD = "An application may send any field but those between server and client (RFC 9110 section 5)."
WHOLE_NAMES = ("HOP_BY_HOP has whole names, and this is none of them: an application may send any other field (RFC "
               "9110 section 5).")
RIGHT_HEADERS = {
    ("Content-Type", "text/html; charset=utf-8"): ANY_FIELD,
    ("Set-Cookie", "a=1; Path=/"): ANY_FIELD,
    ("X-Empty", ""): "A value may be empty (RFC 9110 section 5.5).",
    ("X-Tab", "a\tb"): "A tab may stand in a value, unlike all other control characters: FIELD_VALUE fits it, and "
                       "CONTROL finds it like the others (RFC 9110 section 5.5).",
    ("X-Latin", "é ÿ"): "A value may have characters of latin-1 up to ÿ, \\xff, its last (RFC 9110 section 5.5).",
    ("X-Name", "å¥½\x9f"): "Bytes of UTF-8 come as characters of latin-1, from \\x80 to \\xff, and FIELD_VALUE fits "
                            "them all; `str.isprintable` is not true of each (PEP 3333, Unicode Issues).",
    ("X-Blanks", " a "): "Blanks are no control characters, at the ends either: a client cuts them off (RFC 9110 "
                         "section 5.5).",
    ("x_y.z~!#$%&'*+^`|", "any of these may stand in a name"): "A name is a token, and these signs may stand in one: "
                                                              "TOKEN fits it (RFC 9110 section 5.6.2).",
    ("Content-Length", "0"): "0 is a number of bytes too: that of an empty body (RFC 9110 section 8.6).",
    ("Content-Length", "007"): "These are ASCII digits, and that is all that is asked (RFC 9110 section 8.6).",
    ("Content-Length-Is", "many"): "Only the value of Content-Length itself must be digits.",
    ("X-Content-Length", "many"): "Only the value of Content-Length itself must be digits.",
    ("Cache-Control", "no-store"): WHOLE_NAMES,
    ("Upgrade-Insecure-Requests", "1"): WHOLE_NAMES,
}
OTHER_CONTROLS = ("Every control character but the tab is refused, not only CR and LF: FIELD_VALUE fits none of the "
                  "others (RFC 9110 section 5.5).")
SIGNS = "A name is made of letters, digits and a few signs: it is a token (RFC 9110 sections 5.1 and 5.6.2)."
COLON = "The colon behind the name is the server's to write (PEP 3333, The start_response() Callable)."
BEYOND = ('As latin-1, with errors="replace", 名 becomes a `?`, which is in no token: what is looked at must not be '
          "another name than the one that is sent (RFC 9110 section 5.1).")
NO_TOKENS = {
    "": "A name has one character at least (RFC 9110 section 5.6.2).",
    "Content Type": SIGNS, "Content-Type:": COLON, "Content-Type ": SIGNS,
    "X-A\r\nX-B": f"The whole name is to be a token, not only its beginning. {INJECTION}",
    "X-A\n": f"The whole name is to be a token: TOKEN's own fullmatch tells. {AT_THE_END}.",
    "X(A)": SIGNS, "Ä": "The letters of a name are those of ASCII (RFC 9110 section 5.6.2).", "名": BEYOND,
    "X-名-1": BEYOND,
}


@pytest.mark.step("4.2")
class TestCheckHeader:
    @pytest.mark.parametrize("name, value", RIGHT_HEADERS)
    def test_a_right_header_passes(self, name, value):
        expect_accepted(lambda: ch04.check_header(name, value), RIGHT_HEADERS[name, value],
                        problem="a right header is refused")

    @pytest.mark.parametrize("name, value", [
        ("Content-Length", 30), ("X-Count", None), ("X-Name", b"bytes"), (b"X-Name", "text"), (None, "text")], ids=repr)
    @pytest.mark.clause(84, 132)
    def test_what_is_no_pair_of_str_is_refused_with_type_error(self, name, value):
        number = ", numbers too: '30', not 30" if value == 30 else ""
        expect_raised(TypeError, lambda: ch04.check_header(name, value),
                      problem=f"a header that is no pair of str is let through: {(name, value)!r}",
                      why=f"Name and value are native strings, both of them{number}: ask that first (PEP 3333, The "
                          "start_response() Callable).")

    @pytest.mark.parametrize("name", NO_TOKENS)
    @pytest.mark.clause(86)
    def test_a_name_that_is_no_token_is_refused(self, name):
        expect_raised(ValueError, lambda: ch04.check_header(name, "1"),
                      f"a name that is no token is let through: {name!r}", NO_TOKENS[name])

    @pytest.mark.parametrize("name", ["Connection", "connection", "Transfer-Encoding", "KEEP-ALIVE", "Upgrade", "TE",
                                      "Trailer", "Proxy-Connection", "connecTION", "tRANSFER-eNCODING"])
    @pytest.mark.clause(20, 88, 89, 114)
    def test_a_hop_by_hop_field_is_refused(self, name):
        for value in ("chunked", "x"):
            expect_raised(ValueError, lambda value=value: ch04.check_header(name, value),
                          problem=f"a hop-by-hop field is let through: {name}",
                          why="The connection and the framing are the server's, in whatever case the name is written: "
                              "HOP_BY_HOP has such names in lower case, so look for `name.lower()` in it (PEP 3333, "
                              "Other HTTP Features; RFC 9110 section 7.6.1).")

    @pytest.mark.parametrize("what", CONTROL_CHARACTERS)
    @pytest.mark.clause(87)
    def test_a_control_character_in_the_value_is_refused(self, what):
        value = "/somewhere" + CONTROL_CHARACTERS[what]
        expect_raised(ValueError, lambda: ch04.check_header("Location", value),
                      problem=f"a value with a control character is let through: {what}",
                      why=LINE_ENDS.get(what, OTHER_CONTROLS))

    @pytest.mark.clause(87)
    def test_every_other_control_character_is_refused_too(self):
        for place, character in itertools.product(["a?b", "?a", "a?"], EVERY_CONTROL.replace("\t", "")):
            value = place.replace("?", character)
            expect_raised(ValueError, lambda value=value: ch04.check_header("X-Name", value),
                          problem=f"a value with a control character is let through: {character!r}",
                          why="Every control character but the tab is refused: FIELD_VALUE fits none of the others "
                              "(RFC 9110 section 5.5).")

    @pytest.mark.parametrize("value", ["你好", "So 好 so", "Ā"])
    @pytest.mark.clause(133)
    def test_characters_beyond_latin_1_are_refused(self, value):
        expect_raised(ValueError, lambda: ch04.check_header("X-Name", value),
                      problem="a value with characters beyond latin-1 is let through",
                      why="The head is sent as latin-1, which has no byte for them; ÿ, \\xff, is its last character "
                          "(PEP 3333, Unicode Issues).")

    @pytest.mark.parametrize("value", ["many", "", "+5", "-1", "5.0", " 5", "5 ", "5, 5", "5_0", "0x5", "²",
                                       "\xa05", "5\xa0", "5\x85"])
    def test_a_length_that_is_no_whole_number_is_refused(self, value):
        expect_raised(ValueError, lambda: ch04.check_header("Content-Length", value),
                      problem=f"a Content-Length that is no whole number is let through: {value!r}",
                      why="The value is ASCII digits, one at least, and nothing else; `int` and `str.isdigit`, for "
                          "example, take more (RFC 9110 section 8.6).")

    @pytest.mark.parametrize("name", ["content-length", "CONTENT-LENGTH", "Content-length", "cONTENT-lENGTH"])
    def test_a_length_is_looked_at_in_upper_and_lower_case(self, name):
        written = "in lower case" if name.islower() else f"written {name}"
        expect_raised(ValueError, lambda: ch04.check_header(name, "+5"),
                      problem=f"a content-length {written} is not looked at",
                      why="Names of fields are the same in any case, however their letters are mixed: compare "
                          "`name.lower()` (RFC 9110 section 5.1).")
