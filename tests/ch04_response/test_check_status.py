"""Step 4.1 · check_status"""
import pytest

from tests.ch04_response.common import CONTROL_CHARACTERS, EVERY_CONTROL, LINE_ENDS, ch04, expect_accepted
from tests.expect import expect_raised

LATIN_1 = ("The phrase may have any character of latin-1 but the control characters; ÿ, \\xff, is the last of latin-1 "
           "(PEP 3333, Unicode Issues).")
RIGHT_STATUSES = {
    "200 OK": "Three digits, a space and a phrase is what a status line holds (RFC 9112 section 4).",
    "404 Not Found": "Spaces may stand within the phrase (RFC 9112 section 4).",
    "100 Continue": "The first digit may be any from 1 to 5 (RFC 9110 section 15).",
    "599 So it is (nearly) - 5": "All codes from 100 to 599 are right, and the phrase is for people: it may have signs "
                                 "and digits too (RFC 9112 section 4).",
    '200 "Yes!"': "The phrase may begin and end with any sign (RFC 9112 section 4).",
    "200 O": "The phrase must not be empty: one character is enough (RFC 9112 section 4).",
    "200 Très bien": LATIN_1,
    "200 ÿ": LATIN_1,
    "200 So\xa0be it": f"{LATIN_1} A no-break space is none of those, though `str.isprintable` is not true of it.",
}
PHRASE = ("A code, one space and a phrase that is not empty is what a status is (PEP 3333, The start_response() "
          "Callable).")
BLANKS = ("One space stands between code and phrase, and no white space around them (PEP 3333, The start_response() "
          "Callable).")
OF_LATIN_1 = ("White space of latin-1 is more than the space: \\xa0, the no-break space, and \\x85, the next line, for "
              "which `str.isspace` is true. The phrase neither begins nor ends with any of it (PEP 3333, The "
              "start_response() Callable).")
CODE = "The code is three ASCII digits, the first from 1 to 5 (RFC 9112 section 4)."
FORM = ("What stands before the space is three ASCII digits: look at its form. `int`, for example, also takes white "
        "space around a number, a sign, and `_` (RFC 9112 section 4).")
OTHER_DIGITS = "The code is three ASCII digits; `str.isdigit`, for example, is true of others too (RFC 9112 section 4)."
MALFORMED_STATUSES = {
    "no phrase": ("200", PHRASE),
    "no space": ("200OK", PHRASE),
    "two spaces": ("200  OK", BLANKS),
    "an empty phrase": ("200 ", PHRASE),
    "a space behind": ("200 OK ", BLANKS),
    "a space in front": (" 200 OK", BLANKS),
    "a no-break space behind": ("200 OK\xa0", OF_LATIN_1),
    "a no-break space in front": ("\xa0200 OK", FORM),
    "a no-break space where the phrase begins": ("200 \xa0OK", OF_LATIN_1),
    "a no-break space for the space": ("200\xa0OK", BLANKS),
    "a no-break space for a phrase": ("200 \xa0", OF_LATIN_1),
    "a next line behind": ("200 OK\x85", OF_LATIN_1),
    "a next line where the phrase begins": ("200 \x85OK", OF_LATIN_1),
    "a space and a no-break space behind": ("200 OK \xa0", OF_LATIN_1),
    "four digits": ("2000 OK", CODE),
    "two digits": ("20 OK", CODE),
    "a letter among the digits": ("2O0 OK", CODE),
    "a superscript two": ("20² OK", OTHER_DIGITS),
    "a sign": ("+20 OK", FORM),
    "a sign before three digits": ("+200 OK", FORM),
    "an underscore": ("2_00 OK", FORM),
    "nothing at all": ("", PHRASE),
}
ALL_CONTROLS = ("Every control character is refused, not only CR and LF: CONTROL finds them (PEP 3333, The "
                "start_response() Callable).")


@pytest.mark.step("4.1")
class TestCheckStatus:
    @pytest.mark.parametrize("status", RIGHT_STATUSES)
    @pytest.mark.clause(82)
    def test_a_right_status_passes(self, status):
        expect_accepted(lambda: ch04.check_status(status), RIGHT_STATUSES[status], problem="a right status is refused")

    @pytest.mark.parametrize("status", [200, None, b"200 OK", ("200", "OK")], ids=repr)
    @pytest.mark.clause(82, 132)
    def test_what_is_no_str_is_refused_with_type_error(self, status):
        expect_raised(TypeError, lambda: ch04.check_status(status), problem="a status that is no str is let through",
                      why="The status is a native string, in every server (PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("what", MALFORMED_STATUSES)
    @pytest.mark.clause(82)
    def test_a_malformed_status_is_refused(self, what):
        status, why = MALFORMED_STATUSES[what]
        expect_raised(ValueError, lambda: ch04.check_status(status), f"a malformed status is let through: {what}", why)

    @pytest.mark.parametrize("status", ["600 Too Far", "999 Far Away", "099 Too Near", "000 Nothing"])
    @pytest.mark.clause(82)
    def test_a_code_outside_of_100_to_599_is_refused(self, status):
        expect_raised(ValueError, lambda: ch04.check_status(status),
                      problem=f"a code that begins with {status[0]} is let through",
                      why="HTTP has no such codes: the first digit is the class of the response, from 1 to 5 (RFC 9110 "
                          "section 15).")

    @pytest.mark.parametrize("what", CONTROL_CHARACTERS)
    @pytest.mark.clause(83)
    def test_a_control_character_is_refused(self, what):
        status = "200 OK" + CONTROL_CHARACTERS[what]
        expect_raised(ValueError, lambda: ch04.check_status(status),
                      problem=f"a status with a control character is let through: {what}",
                      why=LINE_ENDS.get(what, ALL_CONTROLS))

    def test_every_other_control_character_is_refused_too(self):
        for character in EVERY_CONTROL:
            status = f"200 O{character}K"
            expect_raised(ValueError, lambda status=status: ch04.check_status(status),
                          problem=f"a status with a control character is let through: {character!r}", why=ALL_CONTROLS)

    def test_a_tab_in_the_phrase_is_refused(self):
        expect_raised(ValueError, lambda: ch04.check_status("200 Oh\tKay"),
                      problem="a status with a control character is let through: tab",
                      why=f"A tab is a control character. {ALL_CONTROLS}")

    @pytest.mark.parametrize("status", ["200 好", "200 So 好 so", "200 Ā"])
    @pytest.mark.clause(133)
    def test_characters_beyond_latin_1_are_refused(self, status):
        expect_raised(ValueError, lambda: ch04.check_status(status),
                      problem="a status with characters beyond latin-1 is let through",
                      why="The head is sent as latin-1, which has no byte for them; ÿ, \\xff, is its last character "
                          "(PEP 3333, Unicode Issues).")
