"""Step 2.8 · parse_chunk_size"""
import pytest

from tests.ch02_request.common import BYTES, CONTROLS, ch02, each, expect_each_refused, expect_refused, expect_result
from tests.expect import expect_returned
from workshop.checking.diagnosis import expect_same


@pytest.mark.step("2.8")
class TestParseChunkSize:
    def test_the_size_comes_back_as_int(self):
        size = ch02.parse_chunk_size(b"5")
        expect_result(size, int, "the size")
        expect_same(size, 5, problem="the size is another number", why="RFC 9112 section 7.1.")

    @each("what, line", {
        "1a": b"1a", "capitals": b"1A", "10 is sixteen": b"10", "a letter": b"f", "zeros": b"000", "0": b"0",
        "digits up to 5": b"12345", "digits up to 9": b"6789", "letters": b"bcde", "letters in capitals": b"BCDEF",
    })
    def test_the_digits_are_hexadecimal(self, what, line):
        expect_returned(lambda: ch02.parse_chunk_size(line), int(line, 16),
                        f"the size is not read as hexadecimal: {what}",
                        "Chunk sizes are hexadecimal, in either case; Content-Length is decimal (RFC 9112 section "
                        "7.1).", refused=f"a size in hexadecimal digits is refused: {what}")

    @each("what, line", {
        "a name and a value": b"5;name=value", "a name": b"5;name", "nothing after the semicolon": b"5;",
        "a space before the semicolon": b"5 ;a", "a tab before it": b"5\t; a",
        "spaces and tabs before it": b"5 \t ;a", "quotes and semicolons": b'5;a="b;c";d',
        "bytes above 127": b"5;\xff",
        "a tab in it": b"5;a\tb", "a space after it": b"5; a ", "a space before it alone": b"5 ;",
        "a long one": b"5;" + b"a" * 1000, "16 digits before it": b"0000000000000005;name=value",
    })
    def test_an_extension_is_ignored(self, what, line):
        expect_returned(lambda: ch02.parse_chunk_size(line), 5, f"a size with an extension is not read: {what}",
                        "A server ignores extensions that it does not know, and you know none (RFC 9112 section "
                        "7.1.1).", refused=f"a size with an extension is refused: {what}")

    @each("what, line", {
        "no digit": b"", "an extension only": b";a", "a 0x prefix": b"0x5", "a plus sign": b"+5", "a minus sign": b"-5",
        "an underscore": b"1_0", "two numbers": b"5 5", "a comma": b"5,", "no hex digit": b"5g",
        "a superscript two": b"\xb2",
    })
    def test_only_hexadecimal_digits_are_accepted(self, what, line):
        takes = "; int(…, 16), for example, takes signs, underscores and 0x as well" if set(line) & set(b"x+-_") else ""
        expect_refused(lambda: ch02.parse_chunk_size(line), 400, f"accepted: {what}",
                       f"A size is one hexadecimal digit or more, and nothing else{takes} (RFC 9112 section 7.1).")

    @each("what, line", {
        "a space in front": b" 5", "a space after it": b"5 ", "a tab after it": b"5\t", "an LF after it": b"5\n",
        "a CR after it": b"5\r", "an LF in front": b"\n5", "a vertical tab": b"5\x0b;a", "a form feed": b"5\x0c;a",
        "a tab in front": b"\t5", "a space in front, and an extension": b" 5;name=value",
        "a tab in front, and an extension": b"\t5;name=value", "a space on both sides, and an extension": b" 5 ;a",
    })
    def test_white_space_is_refused_unless_it_stands_before_a_semicolon(self, what, line):
        why = "White space may stand before a semicolon only; int() and strip(), for example, pass over more"
        if line.startswith((b" ", b"\t")) and b";" in line:
            why = "White space may stand between size and semicolon, not in front of the size: strip(), for example, " \
                  "takes off what is on both sides, and rstrip() what is behind"
        elif b";" in line:
            why = "White space before a semicolon is spaces and tabs; `\\s` and strip(), for example, know more"
        if line == b"5\n":
            why = "Nothing may stand after the size but an extension; int() and `$` in a pattern, for example, let " \
                  "an LF pass"
        expect_refused(lambda: ch02.parse_chunk_size(line), 400, f"accepted: {what}",
                       f"{why} (RFC 9112 section 7.1.1).")

    @each("what, line", {
        "an LF in the extension": b"5;a\n0", "an LF after the semicolon": b"5;\n", "a CR in the extension": b"5;a\rb",
        "a CR at the end of the extension": b"5;a\r", "a NUL in the extension": b"5;\x00",
        "DEL in the extension": b"5;a\x7f",
    })
    def test_a_control_character_in_an_extension_is_refused(self, what, line):
        why = "Every control character but the tab is refused, an LF too: ask `CONTROL.search` of the extension"
        if b"\n" not in line:
            why = "Every control character but the tab is refused, and not the LF alone (at which `.` in a pattern, " \
                  "for example, stops): ask `CONTROL.search` of the extension"
        expect_refused(lambda: ch02.parse_chunk_size(line), 400, f"accepted: {what}",
                       f"{why}. One program ends the line there, another does not, and they see different chunks (RFC "
                       "9112 section 7.1.1).")

    def test_the_size_0_may_have_an_extension_too(self):
        expect_returned(lambda: ch02.parse_chunk_size(b"00 ;a"), 0, "a size of 0 with an extension is not read",
                        "The last chunk is a chunk like others: its line may have an extension (RFC 9112 section "
                        "7.1.1).", refused="a size of 0 with an extension is refused")

    def test_each_byte_but_digits_is_refused_after_a_size(self):
        digits = b"0123456789abcdefABCDEF"
        expect_each_refused(lambda byte: ch02.parse_chunk_size(b"5" + byte), BYTES - set(digits + b";"), 400,
                            "in the size", "A size is hexadecimal digits and nothing else: say what may stand there, "
                            "and all else is refused (RFC 9112 section 7.1).")

    def test_each_control_character_is_refused_in_an_extension(self):
        expect_each_refused(lambda byte: ch02.parse_chunk_size(b"5;a" + byte + b"b"), CONTROLS, 400, "in an extension",
                            "`CONTROL.search(line)` knows all control characters but the tab: a list of your own "
                            "easily lacks some (RFC 9110 section 5.5).")

    def test_16_digits_are_accepted_and_17_refused(self):
        why = "A size that fits into 64 bits is more than anyone sends; a longer one overflows in other programs " \
              "(RFC 9112 section 7.1)."
        expect_returned(lambda: ch02.parse_chunk_size(b"f" * 16), 2 ** 64 - 1, "16 digits are another number", why,
                        refused="16 digits are refused")
        expect_returned(lambda: ch02.parse_chunk_size(b"0" * 15 + b"5"), 5, "16 digits are another number", why,
                        refused="16 digits are refused")
        expect_refused(lambda: ch02.parse_chunk_size(b"f" * 17), 400, "accepted: 17 digits", why)
        expect_refused(lambda: ch02.parse_chunk_size(b"0" * 16 + b"5"), 400, "accepted: 17 digits, zeros in front", why)
