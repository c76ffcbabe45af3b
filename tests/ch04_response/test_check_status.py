"""Step 4.1 · check_status"""
import pytest

from tests.ch04_response.common import CONTROL_CHARACTERS, ch04, expect_accepted
from tests.expect import expect_raised

MALFORMED_STATUSES = {
    "no phrase": "200",
    "no space": "200OK",
    "two spaces": "200  OK",
    "an empty phrase": "200 ",
    "a space behind": "200 OK ",
    "a space in front": " 200 OK",
    "four digits": "2000 OK",
    "two digits": "20 OK",
    "a letter among the digits": "2O0 OK",
    "a superscript two": "20² OK",
    "a sign": "+20 OK",
    "nothing at all": "",
}


@pytest.mark.step("4.1")
class TestCheckStatus:
    @pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "100 Continue", "599 So it is (nearly) - 5",
                                        "200 O", "200 Très bien", "200 ÿ"])
    @pytest.mark.clause(82)
    def test_a_right_status_passes(self, status):
        expect_accepted(lambda: ch04.check_status(status), problem="a right status is refused",
                        why="Three digits, a space and a phrase in latin-1 is what a status line holds (RFC 9112 "
                            "section 4).")

    @pytest.mark.parametrize("status", [200, None, b"200 OK", ("200", "OK")], ids=repr)
    @pytest.mark.clause(82, 132)
    def test_what_is_no_str_is_refused_with_type_error(self, status):
        expect_raised(TypeError, lambda: ch04.check_status(status), problem="a status that is no str is let through",
                      why="The status is a native string, in every server (PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("what", MALFORMED_STATUSES)
    @pytest.mark.clause(82)
    def test_a_malformed_status_is_refused(self, what):
        expect_raised(ValueError, lambda: ch04.check_status(MALFORMED_STATUSES[what]),
                      problem=f"a malformed status is let through: {what}",
                      why="PEP 3333 wants a code, one space and a phrase, with no white space around them (The "
                          "start_response() Callable). A client may give up on anything else.")

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
                      why="CR and LF in it would begin another line of the head, written by whoever chose the text "
                          "(PEP 3333, The start_response() Callable).")

    def test_a_tab_in_the_phrase_is_refused(self):
        expect_raised(ValueError, lambda: ch04.check_status("200 Oh\tKay"),
                      problem="a status with a control character is let through: tab",
                      why="PEP 3333 allows no control characters in the status, and a tab is one.")

    @pytest.mark.parametrize("status", ["200 好", "200 So 好 so"])
    @pytest.mark.clause(133)
    def test_characters_beyond_latin_1_are_refused(self, status):
        expect_raised(ValueError, lambda: ch04.check_status(status),
                      problem="a status with characters beyond latin-1 is let through",
                      why="The head is sent as latin-1, which has no byte for them (PEP 3333, Unicode Issues).")
