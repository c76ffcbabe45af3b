"""Step 2.5 · body_length"""
import pytest

from tests.ch02_request.common import ch02, each, expect_refused, expect_result, trying
from tests.expect import expect_returned
from workshop.checking.diagnosis import expect_same


def after_name(value):
    """Return what follows a field's name in a command for curl, which leaves out a field that ends with its colon."""
    return f": {value}" if value else ";"


@pytest.mark.step("2.5")
class TestBodyLength:
    def test_the_length_comes_back_as_int(self):
        length = ch02.body_length(["5"])
        expect_result(length, int, "the length")
        expect_same(length, 5, problem="the length is another number", why="RFC 9110 section 8.6.")

    def test_no_field_means_no_body(self):
        expect_returned(lambda: ch02.body_length([]), 0, "no Content-Length does not mean 0",
                        "A request without Content-Length and without chunks has no body (RFC 9112 section 6.3).",
                        refused="no Content-Length is refused")

    @each("what, value", {"0": "0", "zeros in front": "007", "ten": "10", "zeros only": "000"})
    def test_all_digits_count(self, what, value):
        why = "A length is one or more decimal digits, and zeros in front change nothing"
        if not value.strip("0"):
            why = "0 is a length like others, however many zeros it is written with. When zeros in front are off, " \
                  "nothing is left of it: ask before that whether there are digits, and take nothing for 0"
        expect_returned(lambda: ch02.body_length([value]), int(value), f"a length of digits is not read: {what}",
                        f"{why} (RFC 9110 section 8.6).",
                        refused=f"a length of digits is refused: {what}")

    @each("what, values", {
        "two lengths": ["5", "6"], "the same length twice": ["5", "5"], "0 beside 5": ["0", "5"],
        "one too large beside 5": ["9" * 20, "5"], "5 beside one too large": ["5", "9" * 20],
        "nothing beside 5": ["", "5"], "5 beside nothing": ["5", ""], "nothing, twice": ["", ""],
    })
    def test_two_fields_are_refused(self, what, values):
        first, second = values
        why = "One program takes the first length, another the last, and they see different bodies"
        if "" in values:
            why = "An empty value is a value too: count them all, before you look at any"
        elif first == second:
            why = "More than one value is refused, equal ones too: a client that is in order sends one"
        elif "9" in first + second:
            why = "More than one value is 400, whatever they are; 413 comes after that"
        expect_refused(lambda: ch02.body_length(list(values)), 400, f"accepted: {what}",
                       f"{why} (RFC 9112 section 6.3).",
                       **trying(f"curl -i -d hello -H 'Content-Length{after_name(first)}' "
                                f"-H 'cONTENT-LENGTH{after_name(second)}' http://127.0.0.1:8000/echo"))

    @each("what, value", {
        "a list": "5,5", "a list with a space": "5, 5", "an empty value": "", "hexadecimal": "0x5", "a point": "5.0",
        "a word": "five",
    })
    def test_what_is_no_number_is_refused(self, what, value):
        expect_refused(lambda: ch02.body_length([value]), 400, f"accepted: {what}",
                       "A length is one or more decimal digits and nothing else: a value is refused as it stands, not "
                       "taken apart (RFC 9110 section 8.6).")

    @each("what, value", {
        "a plus sign": "+5", "a minus sign": "-5", "an underscore": "5_0", "a space in front": " 5",
        "a space after it": "5 ", "a space alone": " ", "a no-break space": "5\xa0", "an LF after it": "5\n",
    })
    def test_what_only_int_reads_is_refused(self, what, value):
        takes = "int() takes signs, underscores and white space as well"
        takes = "`$` in a pattern matches before an LF at the end, and int() takes one" if value == "5\n" else takes
        expect_refused(lambda: ch02.body_length([value]), 400, f"accepted: {what}",
                       f"A length is digits and nothing else: another program may read another length. ({takes}, for "
                       "example; RFC 9110 section 8.6.)")

    @each("what, value", {"a superscript two": "²", "digits and a superscript": "5³", "an Arabic three": "٣"})
    def test_digits_that_are_not_ascii_are_refused(self, what, value):
        expect_refused(lambda: ch02.body_length([value]), 400, f"accepted: {what}",
                       "Only 0 to 9 are digits here. `\\d` in a str pattern, isdigit() and isdecimal(), for example, "
                       "take more: write `[0-9]` or re.ASCII, or ask isascii() as well (RFC 9110 section 8.6).")

    def test_a_body_of_max_body_bytes_is_accepted(self):
        limit = ch02.MAX_BODY
        expect_returned(lambda: ch02.body_length([str(limit)]), limit, "MAX_BODY is read as another number",
                        "Only a larger one is too large.", refused="a body of MAX_BODY bytes is refused")

    @each("what, digits", {
        "MAX_BODY + 1": lambda limit: str(limit + 1), "a number of 25 digits": lambda limit: "9" * 25,
    })
    def test_a_body_that_is_too_large_is_refused_with_413(self, what, digits):
        expect_refused(lambda: ch02.body_length([digits(ch02.MAX_BODY)]), 413, f"accepted: {what}",
                       "A body is kept in memory, and one client may not have all of it (RFC 9110 section 15.5.14).")

    @each("what, value", {
        "30 letters": "x" * 30, "30 digits and a letter": "9" * 30 + "x", "a minus sign and 30 digits": "-" + "9" * 30,
        "two large numbers": "9" * 30 + ", " + "9" * 30, "30 digits that are not ASCII": "٣" * 30,
        "5000 letters": "x" * 5000,
    })
    def test_what_is_long_and_no_number_is_refused_with_400(self, what, value):
        expect_refused(lambda: ch02.body_length([value]), 400, f"accepted: {what}",
                       "The first row that fits counts: what is no number is 400, however long it is. Only a number "
                       "can be too large: ask for digits first.")

    def test_a_number_of_5000_digits_is_refused_with_413(self):
        expect_refused(lambda: ch02.body_length(["9" * 5000]), 413, "accepted: a number of 5000 digits",
                       "So large a number is 413, like each that is more than MAX_BODY. int() refuses a str of more "
                       "than 4300 digits with a ValueError: look at how long it is first (the documentation of int, "
                       "section Integer string conversion length limitation).")

    def test_many_zeros_in_front_do_not_make_a_number_large(self):
        expect_returned(lambda: ch02.body_length(["0" * 20 + "5"]), 5,
                        "a length of digits is not read: many zeros in front",
                        "It is the number that is limited, not how it is written (RFC 9110 section 8.6).",
                        refused="a length of digits is refused: many zeros in front")
        expect_returned(lambda: ch02.body_length(["0" * 5000 + "5"]), 5,
                        "a length of digits is not read: 5000 zeros in front",
                        "int() refuses more than 4300 digits, zeros too: take them off, count, and give it what is "
                        "left.", refused="a length of digits is refused: 5000 zeros in front")

    def test_thousands_of_zeros_are_0(self):
        expect_returned(lambda: ch02.body_length(["0" * 5000]), 0, "a length of digits is not read: 5000 zeros",
                        "Zeros in front change nothing. When they are off, nothing is left of a number that is all "
                        "zeros, and that stands for 0.",
                        refused="a length of digits is refused: 5000 zeros")

    def test_zeros_in_front_do_not_hide_a_large_number(self):
        limit = ch02.MAX_BODY
        expect_refused(lambda: ch02.body_length(["0" * 5_000 + str(limit + 1)]), 413,
                       "accepted: MAX_BODY + 1 after 5000 zeros",
                       "The number is limited, not how it is written (RFC 9110 section 8.6).")

    @each("what, limit", {"less than MAX_BODY": 5, "more than MAX_BODY": 10 ** 9, "0": 0})
    def test_a_body_of_limit_bytes_is_accepted_and_a_larger_one_refused(self, what, limit):
        why = "The caller knows how much it can keep: compare with limit, which is MAX_BODY where none is given."
        why += " 0 is a limit like others, though Python takes it for false." if limit == 0 else ""
        expect_returned(lambda: ch02.body_length([str(limit)], limit), limit,
                        f"the length is another number, where limit is {what}", why,
                        refused=f"a body of limit bytes is refused, where limit is {what}")
        expect_refused(lambda: ch02.body_length([str(limit + 1)], limit), 413,
                       f"accepted: limit + 1, where limit is {what}", f"{why} RFC 9110 section 15.5.14.")
