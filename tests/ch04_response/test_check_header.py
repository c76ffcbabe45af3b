"""Step 4.2 · check_header"""
import pytest

from tests.ch04_response.common import CONTROL_CHARACTERS, ch04, expect_accepted
from tests.expect import expect_raised


@pytest.mark.step("4.2")
class TestCheckHeader:
    @pytest.mark.parametrize("name, value", [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Set-Cookie", "a=1; Path=/"),
        ("X-Empty", ""),
        ("X-Tab", "a\tb"),
        ("X-Latin", "é ÿ"),
        ("x_y.z~!#$%&'*+^`|", "any of these may stand in a name"),
        ("Content-Length", "0"),
        ("Content-Length-Is", "many"),
        ("Cache-Control", "no-store"),
        ("Upgrade-Insecure-Requests", "1"),
    ])
    def test_a_right_header_passes(self, name, value):
        expect_accepted(lambda: ch04.check_header(name, value), problem="a right header is refused",
                        why="An application may send any field but those between server and client (RFC 9110 section "
                            "5).")

    @pytest.mark.parametrize("name, value", [
        ("Content-Length", 30), ("X-Count", None), ("X-Name", b"bytes"), (b"X-Name", "text"), (None, "text")], ids=repr)
    @pytest.mark.clause(84, 132)
    def test_what_is_no_pair_of_str_is_refused_with_type_error(self, name, value):
        expect_raised(TypeError, lambda: ch04.check_header(name, value),
                      problem=f"a header that is no pair of str is let through: {(name, value)!r}",
                      why="Names and values are native strings, numbers too: '30', not 30 (PEP 3333, The "
                          "start_response() Callable).")

    @pytest.mark.parametrize("name", ["", "Content Type", "Content-Type:", "Content-Type ", "X-A\r\nX-B", "X-A\n",
                                      "X(A)", "Ä", "名", "X-名-1"])
    @pytest.mark.clause(86)
    def test_a_name_that_is_no_token_is_refused(self, name):
        expect_raised(ValueError, lambda: ch04.check_header(name, "1"),
                      problem=f"a name that is no token is let through: {name!r}",
                      why="A name is made of letters, digits and a few signs; the colon is the server's "
                          "(RFC 9110 section 5.1; PEP 3333, The start_response() Callable).")

    @pytest.mark.parametrize("name", ["Connection", "connection", "Transfer-Encoding", "KEEP-ALIVE", "Upgrade", "TE",
                                      "Trailer", "Proxy-Connection"])
    @pytest.mark.clause(20, 88, 89, 114)
    def test_a_hop_by_hop_field_is_refused(self, name):
        for value in ("chunked", "x"):
            expect_raised(ValueError, lambda value=value: ch04.check_header(name, value),
                          problem=f"a hop-by-hop field is let through: {name}", value=repr(value),
                          why="The connection and the framing are the server's: two who decide would contradict one "
                              "another (PEP 3333, Other HTTP Features; RFC 9110 section 7.6.1).")

    @pytest.mark.parametrize("what", CONTROL_CHARACTERS)
    @pytest.mark.clause(87)
    def test_a_control_character_in_the_value_is_refused(self, what):
        value = "/somewhere" + CONTROL_CHARACTERS[what]
        expect_raised(ValueError, lambda: ch04.check_header("Location", value),
                      problem=f"a value with a control character is let through: {what}",
                      why="A value with CR or LF would begin another field: header injection, for whoever chose the "
                          "value (RFC 9110 section 5.5; PEP 3333, The start_response() Callable).")

    @pytest.mark.clause(133)
    def test_characters_beyond_latin_1_are_refused(self):
        expect_raised(ValueError, lambda: ch04.check_header("X-Name", "你好"),
                      problem="a value with characters beyond latin-1 is let through",
                      why="The head is sent as latin-1, which has no byte for them (PEP 3333, Unicode Issues).")

    @pytest.mark.parametrize("value", ["many", "", "+5", "-1", "5.0", " 5", "5 ", "5, 5", "5_0", "0x5", "²"])
    def test_a_length_that_is_no_whole_number_is_refused(self, value):
        expect_raised(ValueError, lambda: ch04.check_header("Content-Length", value),
                      problem=f"a Content-Length that is no whole number is let through: {value!r}",
                      why="The server counts on it, and clients read it as decimal digits (RFC 9110 section 8.6).")

    def test_a_length_in_lower_case_is_looked_at_too(self):
        expect_raised(ValueError, lambda: ch04.check_header("content-length", "many"),
                      problem="a content-length in lower case is not looked at",
                      why="Names of fields are the same in any case (RFC 9110 section 5.1).")
