"""Chapter 2 · What did the client say?"""
import base64
import contextlib
import json
import os
import signal
import socket
from urllib.parse import quote

import pytest

from tests.harness.answer import BLANK_LINE, read_answer
from tests.harness.client import exchange
from tests.harness.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from tests.harness.program import chapter_program
from tests.harness.transport import DELIVERIES, Connection
from tests.harness.tree import Chapter, deepest_place, noted

ch02 = Chapter("ch02_request")


def each(names, cases):
    """Return the mark that runs a check once for each of cases, a dict from a few words to a value."""
    return pytest.mark.parametrize(names, list(cases.items()), ids=list(cases))


def outcome_of(call):
    """Return what call() returns, or the exception that comes out of the learner's code instead."""
    try:
        return call()
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        return error


def told(outcome):
    """Return an outcome as a learner reads it, and the line of theirs that it comes from."""
    if not isinstance(outcome, Exception):
        return {"came back": shown_bytes(outcome) if isinstance(outcome, bytes) else repr(outcome)}
    status = f" with status {outcome.status}" if hasattr(outcome, "status") else ""
    return {"came back": f"{type(outcome).__name__}{status}: {outcome}", "place": deepest_place(outcome.__traceback__)}


def value_of(call, problem, why, *, expected=None, **rows):
    """Return what call() returns. Fail with problem if an exception comes out instead."""
    outcome = outcome_of(call)
    if isinstance(outcome, Exception):
        raise Diagnosis(problem, **rows, **told(outcome), expected=expected, why=why)
    return outcome


def expect_value(call, expected, problem, why, **rows):
    """Fail with problem unless call() returns expected."""
    came_back = value_of(call, problem, why, expected=repr(expected), **rows)
    expect_same(came_back, expected, why, problem=problem, **rows)


def expect_error(call, error, problem, why, *, expected=None, **rows):
    """Return the exception of class error that call() raises. Fail with problem if it returns something instead."""
    outcome = outcome_of(call)
    if isinstance(outcome, error):
        return outcome
    if isinstance(outcome, Exception):
        problem = f"{type(outcome).__name__} is raised, and not {error.__name__}"
    raise Diagnosis(problem, **rows, **told(outcome), expected=expected or error.__name__, why=why)


def expect_refused(call, status, problem, why, **rows):
    """Fail unless call() raises BadRequest with this status; problem tells what it means that nothing is raised."""
    expected = f"BadRequest with status {status}"
    error = expect_error(call, ch02.BadRequest, problem, why, expected=expected, **rows)
    expect_that(error.status == status, f"refused with status {error.status}, and {status} is the right one", why,
                **rows, **told(error), expected=expected)


def expect_parts(outcome, names):
    """Return what came back as a tuple. Fail unless it has one part for each of names, such as "name, value"."""
    expect_that(outcome is not None, "nothing comes back: the function returns None", expected=f"({names})",
                why="A function gives its caller what follows `return`.")
    count = names.count(",") + 1
    expect_that(isinstance(outcome, (tuple, list)) and len(outcome) == count, f"what comes back is not ({names})",
                came_back=repr(outcome), expected=f"({names})",
                why=f"The caller takes it apart: `{names} = …`.")
    return tuple(outcome)


def expect_type(outcome, kind, what, why="The functions that go on with it count on that type.", **rows):
    """Fail unless outcome is of the type kind; what is its name in the sentence."""
    expect_that(outcome is not None, "nothing comes back: the function returns None", **rows,
                expected=f"{what}, of type {kind.__name__}", why="A function gives its caller what follows `return`.")
    expect_that(type(outcome) is kind, f"{what} is of type {type(outcome).__name__}, and should be {kind.__name__}",
                **rows, came_back=repr(outcome), expected=kind.__name__, why=why)


def trying(command):
    """Return the row that says how to try it by hand."""
    return {"try it": f"python chapters/ch02_request.py, then: {command}"}


@pytest.mark.step("2.1")
class TestParseRequestLine:
    def test_method_target_and_version_come_back_as_str(self):
        parts = expect_parts(ch02.parse_request_line(b"GET /a?b HTTP/1.1"), "method, target, version")
        for part, name in zip(parts, ("the method", "the target", "the version"), strict=True):
            expect_type(part, str, name, "All three are ASCII, and PEP 3333 wants native strings: decode them.")
        expect_same(parts, ("GET", "/a?b", "HTTP/1.1"), problem="the three parts are not those of the line",
                    why="The method, the target and the version stand in this order (RFC 9112 section 3).")

    @each("what, method", {
        "lower case": b"get", "both cases": b"Get", "a method of WebDAV": b"PROPFIND",
        "signs that a token may have": b"M-SEARCH.2!",
    })
    def test_any_token_is_a_method_and_keeps_its_case(self, what, method):
        line = method + b" / HTTP/1.1"
        expect_value(lambda: ch02.parse_request_line(line)[0], method.decode(),
                     f"the method is not handed on as it was sent: {what}",
                     "Methods are case-sensitive, and which ones a page has is its own matter (RFC 9110 section 9.1).")

    @each("what, target", {
        "percent-encoded": b"/a%20b?c=%2F&d", "a whole URL": b"http://example.org/?a", "all of the server": b"*",
        "two slashes": b"//a/b", "capital letters": b"/A/b?C",
    })
    def test_the_target_is_handed_on_as_it_was_sent(self, what, target):
        expect_value(lambda: ch02.parse_request_line(b"GET " + target + b" HTTP/1.1")[1], target.decode(),
                     f"the target is not handed on as it was sent: {what}",
                     "What a target means is the next question, and step 2.4 answers it (RFC 9112 section 3.2).")

    @pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1", "HTTP/1.2"])
    def test_every_version_1_is_accepted(self, version):
        line = f"GET / {version}".encode()
        expect_value(lambda: ch02.parse_request_line(line)[2], version, f"{version} is not accepted as it is",
                     "A server of HTTP/1.1 understands every request of HTTP/1 (RFC 9110 section 2.5).")

    @each("what, line", {
        "a method and a target only": b"GET /", "a method only": b"GET", "an empty line": b"",
        "a space within the target": b"GET /a b HTTP/1.1",
    })
    def test_a_line_without_three_parts_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_request_line(line), 400, f"accepted: {what}",
                       "A request line has a method, a target and a version (RFC 9112 section 3).")

    @each("what, line", {
        "two spaces": b"GET  / HTTP/1.1", "two spaces before the version": b"GET /  HTTP/1.1",
        "a tab for a space": b"GET\t/\tHTTP/1.1", "a space at the beginning": b" GET / HTTP/1.1",
        "a space at the end": b"GET / HTTP/1.1 ", "a vertical tab for a space": b"GET / \x0bHTTP/1.1",
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
        expect_refused(lambda: ch02.parse_request_line(method + b" / HTTP/1.1"), 400, f"accepted: {what}",
                       "A method is a token, all of it; so fullmatch, not match (RFC 9110 sections 5.6.2 and 9.1).")

    @each("what, target", {
        "a NUL in the target": b"/a\x00b", "a bare LF in the target": b"/a\nX:b", "a bare CR in the target": b"/a\rb",
        "DEL in the target": b"/\x7f", "a target in UTF-8": "/你".encode(), "a target in latin-1": b"/\xe9",
        "an LF at the end of the target": b"/\n",
    })
    def test_a_target_with_bytes_that_are_not_visible_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_request_line(b"GET " + target + b" HTTP/1.1"), 400, f"accepted: {what}",
                       "A client percent-encodes such bytes; raw ones end up in logs and headers as line ends "
                       "(RFC 9112 section 3.2).")

    @each("what, version", {
        "a version in lower case": b"http/1.1", "a version without a minor number": b"HTTP/1",
        "a version with two digits": b"HTTP/1.10", "a version without a dot": b"HTTP/11",
        "another protocol": b"SIP/2.0", "letters behind the version": b"HTTP/1.1x",
        "letters for digits": b"HTTP/x.y", "a sign in the version": b"HTTP/+1.1",
        "an LF behind the version": b"HTTP/1.1\n", "a superscript two": b"HTTP/1.\xb2",
        "something else than a dot": b"HTTP/1x1",
    })
    def test_a_malformed_version_is_refused(self, what, version):
        expect_refused(lambda: ch02.parse_request_line(b"GET / " + version), 400, f"accepted: {what}",
                       "The version is `HTTP/`, a digit, a dot and a digit, in capitals (RFC 9112 section 2.3).")

    def test_the_longest_line_that_is_allowed_is_accepted(self):
        target = b"/" + b"a" * (ch02.MAX_LINE - len(b"GET / HTTP/1.1"))
        outcome = outcome_of(lambda: ch02.parse_request_line(b"GET " + target + b" HTTP/1.1"))
        expect_that(not isinstance(outcome, Exception), "a line of MAX_LINE bytes is refused",
                    **told(outcome), expected="the three parts: only a longer line is too long",
                    why="RFC 9112 section 3 asks for at least 8000 bytes; a limit that is one off cuts one of them.")

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
        expect_value(lambda: ch02.parse_request_line(longest + b" / HTTP/1.1")[0], longest.decode(),
                     "a method of MAX_METHOD bytes is refused", "Only a longer method is too long.")
        expect_refused(lambda: ch02.parse_request_line(longest + b"A / HTTP/1.1"), 501,
                       "accepted: a method of MAX_METHOD + 1 bytes",
                       "No page will ever have such a method (RFC 9112 section 3; RFC 9110 section 15.6.2).")

    @pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/0.9", "HTTP/3.0"])
    def test_another_major_version_is_refused_with_505(self, version):
        expect_refused(lambda: ch02.parse_request_line(f"GET / {version}".encode()), 505, f"accepted: {version}",
                       "Only versions with the same major number are alike on the wire (RFC 9110 section 15.6.6).")

    @each("what, line_and_status", {
        "malformed before too long a method": (b"A" * 30 + b" / HTTP/x", 400),
        "malformed before the wrong version": (b"G(T / HTTP/2.0", 400),
        "too long a method before the wrong version": (b"A" * 30 + b" / HTTP/2.0", 501),
    })
    def test_the_first_reason_in_order_gives_the_status(self, what, line_and_status):
        line, status = line_and_status
        expect_refused(lambda: ch02.parse_request_line(line), status, f"accepted: {what}",
                       "What is no request line at all has no version or method to judge: 400 comes before the others.")


@pytest.mark.step("2.2")
class TestParseField:
    def test_name_and_value_come_back_as_str(self):
        parts = expect_parts(ch02.parse_field(b"accept: text/html"), "name, value")
        expect_type(parts[0], str, "the name", "PEP 3333 wants native strings: decode it.")
        expect_type(parts[1], str, "the value", "PEP 3333 wants native strings: decode it.")
        expect_same(parts, ("accept", "text/html"), problem="name and value are not those of the line",
                    why="The name stands before the colon, the value behind it (RFC 9112 section 5).")

    def test_the_name_comes_back_in_lower_case(self):
        expect_value(lambda: ch02.parse_field(b"Content-TYPE: a")[0], "content-type", "the name is not in lower case",
                     "Clients write `Host`, `host` and `HOST`, and mean one field (RFC 9110 section 5.1).")

    def test_the_value_keeps_its_case(self):
        expect_value(lambda: ch02.parse_field(b"a: Secret-Token")[1], "Secret-Token", "the value has lost its capitals",
                     "Only names are case-insensitive; a password is not (RFC 9110 section 5.5).")

    @each("what, value", {"a port": "127.0.0.1:8000", "a URL": "http://a/b:c", "colon and space": "a: b: c"})
    def test_the_value_may_have_colons(self, what, value):
        expect_value(lambda: tuple(ch02.parse_field(f"a: {value}".encode())), ("a", value),
                     f"a value with a colon in it is not read: {what}",
                     "The first colon ends the name; all others belong to the value (RFC 9112 section 5).")

    @each("what, line", {
        "no space": b"a:b", "one space": b"a: b", "several spaces": b"a:   b", "a tab": b"a:\tb",
        "spaces at the end": b"a: b  ", "a tab at the end": b"a: b \t",
    })
    def test_spaces_and_tabs_around_the_value_do_not_belong_to_it(self, what, line):
        expect_value(lambda: tuple(ch02.parse_field(line)), ("a", "b"),
                     f"white space around the value is not treated as optional: {what}",
                     "A client may put any number of spaces and tabs around a value, and none (RFC 9112 section 5.1).")

    def test_spaces_and_tabs_within_the_value_stay(self):
        expect_value(lambda: ch02.parse_field(b"a: b  c\td")[1], "b  c\td", "white space within the value has changed",
                     "Between other characters a space or a tab is part of the value (RFC 9110 section 5.5).")

    @each("what, line", {"nothing behind the colon": b"a:", "spaces only": b"a:   "})
    def test_the_value_may_be_empty(self, what, line):
        expect_value(lambda: tuple(ch02.parse_field(line)), ("a", ""), f"an empty value is not read: {what}",
                     "A field without a value is a field (RFC 9110 section 5.5).")

    @each("what, value", {
        "latin-1": b"caf\xe9", "UTF-8": "你".encode(), "no encoding at all": bytes(range(0x80, 0x100)),
    })
    def test_every_byte_of_the_value_is_a_character_of_latin_1(self, what, value):
        expect_value(lambda: ch02.parse_field(b"a: (" + value + b")")[1], "(" + value.decode("latin-1") + ")",
                     f"a value with bytes above 127 is not decoded as latin-1: {what}",
                     "Nobody knows what encoding the client meant; latin-1 loses nothing, and it is what WSGI wants "
                     "(PEP 3333, section Unicode Issues).")

    @each("what, value", {
        "a no-break space": b"b\xa0", "a next-line character": b"\x85b", "letters": b"XXL",
    })
    def test_only_spaces_and_tabs_are_taken_off_the_value(self, what, value):
        expect_value(lambda: ch02.parse_field(b"a: " + value)[1], value.decode("latin-1"),
                     f"more than spaces and tabs was taken off the value: {what}",
                     "str.strip() takes off all that Unicode calls white space; HTTP knows two kinds "
                     "(RFC 9110 section 5.6.3).")

    @each("what, line", {
        "a space before the colon": b"Content-Length : 5", "a tab before the colon": b"Content-Length\t: 5",
    })
    def test_a_space_before_the_colon_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_field(line), 400, f"accepted: {what}",
                       "One program ignores this field, another takes it, and they see different bodies "
                       "(RFC 9112 section 5.1).",
                       **trying("curl -i -H 'X-Try : 1' http://127.0.0.1:8000/"))

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
        "a vertical tab before the name": b"\x0bHost: a", "an LF behind the name": b"Host\n: a",
    })
    def test_a_name_that_is_no_token_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_field(line), 400, f"accepted: {what}",
                       "A name is a token, all of it (RFC 9110 section 5.1).")

    @each("what, value", {
        "a NUL in the value": b"a\x00b", "a bare LF in the value": b"a\nContent-Length: 5",
        "a bare CR in the value": b"a\rb", "DEL in the value": b"a\x7f", "an escape character": b"\x1b[31m",
        "a CR at the end of the value": b"a\r", "an LF at the end of the value": b"a\n",
        "a vertical tab before the value": b"\x0bchunked", "a form feed behind the value": b"5\x0c",
        "a separator behind the value": b"5\x1f",
    })
    def test_a_control_character_in_the_value_is_refused(self, what, value):
        expect_refused(lambda: ch02.parse_field(b"a: " + value), 400, f"accepted: {what}",
                       "To one program a control character ends the line, to another it does not, and they see "
                       "different fields (RFC 9110 section 5.5).")

    def test_a_line_of_exactly_max_line_bytes_is_accepted(self):
        value = "v" * (ch02.MAX_LINE - 3)
        expect_value(lambda: tuple(ch02.parse_field(f"a: {value}".encode())), ("a", value),
                     "a line of MAX_LINE bytes is refused", "Only a longer line is too long.")

    def test_a_line_that_is_too_long_is_refused_with_431(self):
        expect_refused(lambda: ch02.parse_field(b"a: " + b"v" * (ch02.MAX_LINE - 2)), 431,
                       "accepted: a line of MAX_LINE + 1 bytes",
                       "Without a limit one client fills the memory of all (RFC 6585 section 5).")


@pytest.mark.step("2.3")
class TestParseFields:
    def test_a_list_of_pairs_in_the_order_of_the_lines_comes_back(self):
        fields = ch02.parse_fields([b"Host: a", b"User-Agent: (b/2)", b"A: 1"], "HTTP/1.1")
        expect_type(fields, list, "what comes back", "It is gone through again and again, in order.")
        self.expect_pairs(fields, [("host", "a"), ("user-agent", "(b/2)"), ("a", "1")],
                          "the fields are not those of the lines", "Order can matter (RFC 9110 section 5.3).")

    def expect_pairs(self, fields, expected, problem, why):
        """Fail unless fields are the expected pairs; the pairs may be lists too."""
        pairs = [tuple(field) if isinstance(field, list) else field for field in fields]
        expect_same(pairs, expected, why, problem=problem)

    def test_repeated_fields_stay_separate(self):
        lines = [b"Host: a", b"Cookie: b=1", b"cookie: c=2", b"Cookie: b=1"]
        self.expect_pairs(ch02.parse_fields(lines, "HTTP/1.1"),
                          [("host", "a"), ("cookie", "b=1"), ("cookie", "c=2"), ("cookie", "b=1")],
                          "repeated fields do not all come back, one by one",
                          "Cookies are joined in another way than most fields, and two lengths are an attack: whoever "
                          "reads them decides (RFC 9110 section 5.3).")

    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.2"])
    def test_a_request_without_host_is_refused(self, version):
        expect_refused(lambda: ch02.parse_fields([b"Accept: a"], version), 400, f"accepted: {version} without Host",
                       "Several sites share one address, and Host names the one that is meant (RFC 9112 section 3.2).",
                       **(trying("curl -i -H 'Host:' http://127.0.0.1:8000/") if version == "HTTP/1.1" else {}))

    def test_a_request_without_any_field_is_refused(self):
        expect_refused(lambda: ch02.parse_fields([], "HTTP/1.1"), 400, "accepted: no field at all",
                       "Host may not be missing in HTTP/1.1 (RFC 9112 section 3.2).")

    @each("what, lines", {"one other field": [b"Accept: a"], "no field at all": []})
    def test_http_1_0_needs_no_host(self, what, lines):
        outcome = outcome_of(lambda: ch02.parse_fields(lines, "HTTP/1.0"))
        expect_that(isinstance(outcome, list), f"HTTP/1.0 without Host is refused: {what}", **told(outcome),
                    expected="a list of the fields", why="Host came with HTTP/1.1 (RFC 9112 section 3.2).")
        self.expect_pairs(outcome, [("accept", "a")] if lines else [], "the fields are not those of the lines",
                          "Without Host, all other fields are read as ever.")

    def test_a_host_field_with_an_empty_value_is_a_host_field(self):
        outcome = outcome_of(lambda: ch02.parse_fields([b"Host:"], "HTTP/1.1"))
        expect_that(isinstance(outcome, list), "a Host field with an empty value is refused", **told(outcome),
                    expected="[('host', '')]",
                    why="Fields are counted, not values: a client that asks for no site in particular sends Host empty "
                        "(RFC 9112 section 3.2).")

    @each("what, lines", {
        "two Host fields": [b"Host: a", b"Host: b"], "two equal Host fields": [b"Host: a", b"Host: a"],
        "Host and HOST": [b"Host: a", b"Accept: c", b"HOST: b"], "an empty Host and another": [b"Host:", b"Host: b"],
    })
    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_two_host_fields_are_refused(self, what, lines, version):
        expect_refused(lambda: ch02.parse_fields(lines, version), 400, f"accepted: {what}, {version}",
                       "One program believes the first, another the last, and they serve different sites "
                       "(RFC 9112 section 3.2).",
                       **trying(rf"printf 'GET / {version}\r\nHost: a\r\nHost: b\r\n\r\n' | "
                                r"curl -s telnet://127.0.0.1:8000"))

    def test_max_fields_lines_are_accepted(self):
        lines = [b"Host: a"] + [b"a: b"] * (ch02.MAX_FIELDS - 1)
        outcome = outcome_of(lambda: ch02.parse_fields(lines, "HTTP/1.1"))
        expect_that(isinstance(outcome, list) and len(outcome) == ch02.MAX_FIELDS,
                    "a head with MAX_FIELDS lines is not read whole", came_back=self.counted(outcome),
                    expected=f"{ch02.MAX_FIELDS} fields", why="Only more lines are too many.")

    def counted(self, outcome):
        """Return an outcome in a few words."""
        return f"{len(outcome)} fields" if isinstance(outcome, list) else told(outcome)["came back"]

    def test_more_lines_are_refused_with_431(self):
        lines = [b"Host: a"] + [b"a: b"] * ch02.MAX_FIELDS
        expect_refused(lambda: ch02.parse_fields(lines, "HTTP/1.1"), 431, "accepted: MAX_FIELDS + 1 lines",
                       "Without a limit one client keeps the server busy for all others (RFC 6585 section 5).")

    @each("what, line_and_status", {
        "a space before a colon": (b"A : b", 400), "a folded line": (b" b", 400),
        "a line that is too long": (b"a:" + b"b" * 10_000, 431),
    })
    def test_what_parse_field_raises_comes_out(self, what, line_and_status):
        line, status = line_and_status
        expect_refused(lambda: ch02.parse_fields([b"Host: a", line], "HTTP/1.1"), status, f"accepted: {what}",
                       "One bad line makes the whole head bad: leaving it out is how attacks get through "
                       "(RFC 9112 section 5).")

    @each("what, value", {
        "a name": "example.org", "a name and a port": "example.org:81", "an underscore in a name": "my_app:8000",
        "an IPv4 address": "127.0.0.1:8000", "an IPv6 address": "[::1]:8000", "a port without digits": "a:",
    })
    def test_a_host_perhaps_with_a_port_is_accepted(self, what, value):
        outcome = outcome_of(lambda: ch02.parse_fields([f"Host: {value}".encode()], "HTTP/1.1"))
        expect_that(isinstance(outcome, list), f"a good Host is refused: {what}", **told(outcome),
                    expected=f"[('host', {value!r})]",
                    why="Host is a name or an address, and perhaps a colon and a port (RFC 9110 section 7.2).")

    @each("what, value", {
        "a path in Host": "a/b", "a user in Host": "me@a", "two hosts in one field": "a, b", "a space in Host": "a b",
        "a port alone": ":81", "no number for a port": "a:b", "no Latin letters": "你好",
    })
    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_a_host_field_that_names_no_host_is_refused(self, what, value, version):
        expect_refused(lambda: ch02.parse_fields([f"Host: {value}".encode()], version), 400,
                       f"accepted: {what}, {version}",
                       "Each program would find its own host in it, and some put it into the links of a page "
                       "(RFC 9112 section 3.2).")


@pytest.mark.step("2.4")
class TestParseTarget:
    def test_authority_path_and_query_come_back(self):
        authority, path, query = expect_parts(ch02.parse_target("/a?b=c"), "authority, path, query")
        expect_that(authority is None, "the authority of a path is not None", came_back=repr(authority),
                    expected="None", why="Only a whole URL names a host (RFC 9112 section 3.2.1).")
        expect_type(path, bytes, "the path", "Decoded bytes may be in any encoding: they stay bytes.")
        expect_type(query, str, "the query", "It is still encoded, and so it is ASCII.")
        expect_same((path, query), (b"/a", "b=c"), problem="path and query are not those of the target",
                    why="The first `?` stands between path and query (RFC 9112 section 3.2.1).")

    def expect_target(self, target, expected, problem, why):
        expect_value(lambda: tuple(ch02.parse_target(target)), expected, problem, why)

    @each("what, target", {"no question mark": "/a", "nothing behind it": "/a?"})
    def test_a_target_without_a_query_has_an_empty_one(self, what, target):
        self.expect_target(target, (None, b"/a", ""), f"a target without a query is not read: {what}",
                           "QUERY_STRING may be empty, and is never None (PEP 3333, section environ Variables).")

    @each("what, query", {
        "a second question mark": "b?c", "a slash": "b=/c", "a whole URL": "u=http://b/c",
        "percent and plus": "b=%2F+%20",
    })
    def test_the_query_is_all_behind_the_first_question_mark_as_it_was_sent(self, what, query):
        self.expect_target(f"/a?{query}", (None, b"/a", query), f"the query is not what was sent: {what}",
                           "The application decodes the query: only it knows where `&` and `=` mean something "
                           "(RFC 3986 section 3.4).")

    @each("what, target_and_path", {
        "a space": ("/a%20b", b"/a b"), "UTF-8": ("/%E4%BD%A0", "/你".encode()), "small letters": ("/%e4", b"/\xe4"),
        "an encoded slash": ("/a%2Fb", b"/a/b"), "an encoded question mark": ("/a%3Fb", b"/a?b"),
        "no UTF-8": ("/%FF%FE", b"/\xff\xfe"),
    })
    def test_the_path_is_percent_decoded_to_bytes(self, what, target_and_path):
        target, path = target_and_path
        self.expect_target(target, (None, path, ""), f"the path is not decoded as it should be: {what}",
                           "PATH_INFO is the decoded path, and a byte is a byte in whatever encoding "
                           "(RFC 3986 section 2.1).")

    def test_the_query_is_split_off_before_the_path_is_decoded(self):
        self.expect_target("/a%3Fb?c%3Fd", (None, b"/a?b", "c%3Fd"), "the path was decoded before it was split off",
                           "An encoded question mark is a character of the path (RFC 3986 section 2.2).")

    @each("what, target_and_path", {
        "an encoded percent sign": ("/%2541", b"/%41"), "an encoded slash": ("/%252F", b"/%2F"),
    })
    def test_the_path_is_decoded_once(self, what, target_and_path):
        target, path = target_and_path
        self.expect_target(target, (None, path, ""), f"the path is not decoded exactly once: {what}",
                           "Who decodes twice opens what a check on the first result has closed "
                           "(RFC 3986 section 2.4).")

    @each("what, target", {
        "at the end": "/100%", "before no hex digits": "/%zz", "before one digit": "/%4", "doubled": "/%%",
    })
    def test_a_stray_percent_sign_stays(self, what, target):
        self.expect_target(target, (None, target.encode(), ""), f"a stray percent sign is not left alone: {what}",
                           "It is no URL by the book, but people type it, and it can be read in one way only.")

    @each("what, target", {
        "plus": "/a+b", "semicolon": "/a;b=c", "colon": "/a:b", "dots": "/a/../b", "a URL": "/http://a/b",
    })
    def test_other_characters_of_the_path_stay(self, what, target):
        self.expect_target(target, (None, target.encode(), ""), f"the path has been changed: {what}",
                           "In a path they stand for themselves: `+` means a space in forms only "
                           "(RFC 3986 section 3.3).")

    @each("what, target_and_path", {
        "two slashes": ("//a/b", b"//a/b"), "two slashes and a query": ("//a?b", b"//a"),
        "three slashes": ("///a", b"///a"), "slashes only": ("//", b"//"),
    })
    def test_a_target_that_begins_with_two_slashes_is_all_path(self, what, target_and_path):
        target, path = target_and_path
        query = target.partition("?")[2]
        self.expect_target(target, (None, path, query), f"what follows the slashes was taken for a host: {what}",
                           "In a page `//a/b` names the host a, in a request it does not: urlsplit does not know which "
                           "it reads (RFC 9112 section 3.2.1).")

    @each("what, scheme", {"http": "http", "https": "https", "capitals": "HTTP", "both cases": "hTTpS"})
    def test_a_whole_url_has_an_authority(self, what, scheme):
        self.expect_target(f"{scheme}://example.org:81/a%20b?page=2", ("example.org:81", b"/a b", "page=2"),
                           f"a whole URL is not read: {what}",
                           "A server accepts what clients send to proxies, and schemes have no case "
                           "(RFC 9112 section 3.2.2; RFC 3986 section 3.1).")

    @each("what, rest_and_parts", {
        "nothing behind the host": ("", (b"/", "")), "a query behind the host": ("?a=/b", (b"/", "a=/b")),
        "two slashes": ("//a/b", (b"//a/b", "")), "a colon in the path": ("/a:b", (b"/a:b", "")),
        "a URL in the query": ("/?u=http://a/", (b"/", "u=http://a/")),
    })
    def test_the_authority_ends_where_path_or_query_begins(self, what, rest_and_parts):
        rest, parts = rest_and_parts
        self.expect_target(f"http://example.org{rest}", ("example.org", *parts),
                           f"the parts of a whole URL are not told apart: {what}",
                           "A host ends at `/`, at `?` or with the target; a path that is missing is `/` "
                           "(RFC 9112 section 3.2.1; RFC 3986 section 3.2).")

    @each("what, target", {
        "the target of OPTIONS *": "*", "the target of CONNECT": "example.org:443", "no slash at the beginning": "a/b",
        "a query only": "?a", "an empty target": "", "another scheme": "ftp://example.org/a",
        "one slash behind the scheme": "http:/a", "no slash behind the scheme": "http:a",
    })
    def test_every_other_target_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "This server has pages at paths, and nothing else to address (RFC 9112 section 3.2).")

    @each("what, authority", {
        "a name": "example.org", "an underscore in a name": "my_app", "an IPv4 address": "127.0.0.1:8000",
        "an IPv6 address": "[::1]:8000", "a port without digits": "a:", "capitals": "Example.ORG",
    })
    def test_the_authority_is_handed_on_as_it_was_sent(self, what, authority):
        self.expect_target(f"http://{authority}/a", (authority, b"/a", ""), f"a whole URL is not read: {what}",
                           "It takes the place of Host, as it is (RFC 9112 section 3.2.2).")

    @each("what, target", {
        "a URL without a host": "http:///a", "a scheme only": "http://", "a scheme and a query": "https://?a",
        "a port without a host": "http://:81/", "a port without a host, and no path": "http://:81",
    })
    def test_a_url_that_names_no_host_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "An http URL without a host is invalid, and nobody can tell which site is meant "
                       "(RFC 9110 section 4.2.1).")

    @each("what, target", {
        "a user before the host": "http://me@a/", "a user and a password": "http://a:80@b/", "no host": "http://me@/",
    })
    def test_a_url_with_a_user_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "What stands before `@` is no host, and is most often there to deceive: it is to be treated as "
                       "an error (RFC 9110 section 4.2.4).")

    @each("what, target", {
        "half an IPv6 address": "http://[/", "no number for a port": "http://a:b/", "two ports": "http://a:1:2/",
        "a backslash": "http://a\\b/",
    })
    def test_a_strange_host_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: {what}",
                       "It is no host and no port, and each program would find something else in it "
                       "(RFC 3986 section 3.2).")

    @each("what, target", {
        "in a path": "/a#b", "at the end": "/a#", "in a query": "/a?b#c", "in a whole URL": "http://a/b#c",
        "behind a host": "http://a#b", "in the query of a whole URL": "http://a/?b#c",
    })
    def test_a_number_sign_is_refused(self, what, target):
        expect_refused(lambda: ch02.parse_target(target), 400, f"accepted: a `#` {what}",
                       "A client keeps what stands behind `#`. Of one that sends it, some programs drop it and others "
                       "look for a page with that name (RFC 9112 section 3.2).")

    def test_an_encoded_number_sign_is_a_character_of_the_path(self):
        self.expect_target("/a%23b?c%23", (None, b"/a#b", "c%23"), "an encoded `#` is not read",
                           "`%23` is how a name with this sign in it is asked for (RFC 3986 section 2.2).")


@pytest.mark.step("2.5")
class TestBodyLength:
    def test_the_length_comes_back_as_int(self):
        length = ch02.body_length(["5"])
        expect_type(length, int, "the length")
        expect_same(length, 5, problem="the length is another number", why="RFC 9110 section 8.6.")

    def test_no_field_means_no_body(self):
        expect_value(lambda: ch02.body_length([]), 0, "no Content-Length does not mean 0",
                     "A request without Content-Length and without chunks has no body (RFC 9112 section 6.3).")

    @each("what, value", {"0": "0", "zeros in front": "007", "ten": "10"})
    def test_all_digits_count(self, what, value):
        expect_value(lambda: ch02.body_length([value]), int(value), f"a length of digits is not read: {what}",
                     "A length is one or more decimal digits (RFC 9110 section 8.6).")

    @each("what, values", {"two lengths": ["5", "6"], "the same length twice": ["5", "5"], "0 beside 5": ["0", "5"]})
    def test_two_fields_are_refused(self, what, values):
        expect_refused(lambda: ch02.body_length(values), 400, f"accepted: {what}",
                       "One program takes the first length, another the last, and they see different bodies "
                       "(RFC 9112 section 6.3).",
                       **trying("curl -i -d hello -H 'Content-Length: 5' "
                                "-H 'cONTENT-LENGTH: 6' http://127.0.0.1:8000/echo"))

    @each("what, value", {
        "a plus sign": "+5", "a minus sign": "-5", "an underscore": "5_0", "a list": "5, 5", "an empty value": "",
        "hexadecimal": "0x5", "a point": "5.0", "a word": "five", "a space in front": " 5", "a space behind": "5 ",
        "a no-break space": "5\xa0", "an LF behind": "5\n", "a superscript two": "²", "digits and a superscript": "5³",
        "an Arabic three": "٣",
    })
    def test_what_is_not_all_ascii_digits_is_refused(self, what, value):
        expect_refused(lambda: ch02.body_length([value]), 400, f"accepted: {what}",
                       "int() reads more than HTTP writes, isdigit() and isdecimal() know more digits than ten, and "
                       "another program may read another length (RFC 9110 section 8.6).")

    def test_a_body_of_max_body_bytes_is_accepted(self):
        limit = ch02.MAX_BODY
        expect_value(lambda: ch02.body_length([str(limit)]), limit, "a body of MAX_BODY bytes is refused",
                     "Only a larger one is too large.")

    @each("what, digits", {
        "MAX_BODY + 1": lambda limit: str(limit + 1), "a number of 25 digits": lambda limit: "9" * 25,
    })
    def test_a_body_that_is_too_large_is_refused_with_413(self, what, digits):
        expect_refused(lambda: ch02.body_length([digits(ch02.MAX_BODY)]), 413, f"accepted: {what}",
                       "A body is kept in memory, and one client may not have all of it (RFC 9110 section 15.5.14).")

    def test_a_number_of_5000_digits_is_refused_with_413(self):
        expect_refused(lambda: ch02.body_length(["9" * 5000]), 413, "accepted: a number of 5000 digits",
                       "int() refuses a str of more than 4300 digits with a ValueError; look at how long it is first "
                       "(the documentation of int, section Integer string conversion length limitation).")

    def test_many_zeros_in_front_are_no_large_number(self):
        expect_value(lambda: ch02.body_length(["0" * 20 + "5"]), 5,
                     "a length of digits is not read: many zeros in front",
                     "It is the number that is limited, not how it is written (RFC 9110 section 8.6).")
        expect_value(lambda: ch02.body_length(["0" * 5000 + "5"]), 5,
                     "a length of digits is not read: 5000 zeros in front",
                     "int() refuses more than 4300 digits, zeros too: take them off, count, and give it what is left.")

    def test_zeros_in_front_hide_no_large_number(self):
        limit = ch02.MAX_BODY
        expect_refused(lambda: ch02.body_length(["0" * 5_000 + str(limit + 1)]), 413,
                       "accepted: MAX_BODY + 1 behind 5000 zeros",
                       "The number is limited, not how it is written (RFC 9110 section 8.6).")


def reader_of(data=b"", *, received=b"", delivery="whole", continue_expected=False):
    """Return a Reader on a client that sends data (bytes, or a list of blocks and exceptions) and hangs up."""
    return ch02.Reader(Connection(data, delivery=delivery), received, continue_expected)


def step_of(reader, name):
    """Return a method of a Reader; a diagnosis shows the call."""
    return noted(getattr(reader, name), f"reader.{name}")


def told_reader(reader, **rows):
    """Return the rows that show what a Reader has to read, each in a line."""
    client = repr(reader.connection)
    client = client if len(client) <= 160 else f"{client[:80]} … {client[-40:]}"
    return {"with head": shown_bytes(bytes(reader.received), 60), "sent": client, **rows}


def received_by(reader):
    """Return the number of times that a Reader has received."""
    return [event[0] for event in reader.connection.events].count("recv")


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.step("2.6")
class TestReceiveMore:
    def test_what_comes_is_put_at_the_end_of_what_was_received(self):
        reader = reader_of(b"cd", received=b"ab")
        rows = told_reader(reader)
        step_of(reader, "receive_more")()
        expect_same(bytes(reader.received), b"abcd", **rows,
                    problem="self.received is not what was there and behind it what came",
                    why="Bytes are read in the order in which the client sent them.")

    def test_it_receives_once(self):
        reader = reader_of([b"a", b"b", b"c"])
        rows = told_reader(reader)
        step_of(reader, "receive_more")()
        expect_same(received_by(reader), 1, problem="recv was not called once", **rows,
                    why="Who asks for more than is needed waits for a client that has sent everything already.")

    def test_it_asks_for_recv_size_bytes(self):
        reader = reader_of(b"abc")
        step_of(reader, "receive_more")()
        sizes = [size for what, size in reader.connection.events if what == "recv"]
        expect_same(sizes, [ch02.RECV_SIZE],
                    problem="recv was not asked for RECV_SIZE bytes",
                    why="One byte at a time would be a thousand calls where one is enough.")

    @each("what, data", {"at once": [], "after some bytes": [b"ab"]})
    def test_a_client_that_has_hung_up_is_gone(self, what, data):
        reader = reader_of(data, received=b"x")
        rows = told_reader(reader)
        for _ in data:
            reader.receive_more()
        expect_error(step_of(reader, "receive_more"), ch02.ClientGone, f"a client that hung up goes unnoticed: {what}",
                     "recv returns b'' when nothing will ever come; a caller that waits for more would go round for "
                     "ever (RFC 9112 section 8).", **rows)

    def test_a_reset_is_not_swallowed(self):
        reader = reader_of([ConnectionResetError("reset")])
        rows = told_reader(reader)
        expect_error(step_of(reader, "receive_more"), ConnectionError, "a reset goes unnoticed",
                     "Who called can't go on without the bytes (RFC 9112 section 8).", **rows)

    @pytest.mark.clause(115)
    def test_nothing_is_sent_to_a_client_that_expects_nothing(self):
        reader = reader_of(b"abc")
        step_of(reader, "receive_more")()
        expect_same(reader.connection.sent, b"", problem="a client that did not ask for it is sent something",
                    why="An old client takes 100 Continue for the response (RFC 9110 section 10.1.1).")

    @pytest.mark.clause(115, 116)
    def test_a_client_that_expects_it_is_told_to_continue_first(self):
        reader = reader_of(b"abc", continue_expected=True)
        rows = told_reader(reader)
        step_of(reader, "receive_more")()
        sent, events = reader.connection.sent, reader.connection.events
        expect_that(sent, "100 Continue is not sent to a client that waits for it", **rows,
                    expected=repr(CONTINUE), why="The client keeps its body back until it is told to send it: both "
                    "would wait for each other (RFC 9110 section 10.1.1).",
                    **trying("curl -v -H 'Expect: 100-continue' -d hello http://127.0.0.1:8000/echo"))
        expect_same(sent, CONTINUE, problem="what you send is not 100 Continue, whole and once", **rows,
                    why="It is a response of its own: status line, no field, blank line; and send may take three bytes "
                        "only, so sendall (RFC 9110 section 15.2.1).")
        expect_that(events[0][0] == "send", "100 Continue is sent after receiving", **rows,
                    why="The client sends nothing before it has read it (RFC 9110 section 10.1.1).")

    @pytest.mark.clause(115)
    def test_it_is_told_once(self):
        reader = reader_of([b"a", b"b", b"c"], continue_expected=True)
        rows = told_reader(reader)
        for _ in range(3):
            step_of(reader, "receive_more")()
        expect_same(reader.connection.sent, CONTINUE, problem="100 Continue is sent again and again", **rows,
                    why="A client that has been told goes on sending; what else comes it takes for the response "
                        "(RFC 9110 section 10.1.1).")


@pytest.mark.step("2.7")
class TestReadExactly:
    def test_so_many_bytes_come_back_as_bytes(self):
        reader = reader_of(received=b"hello")
        rows = told_reader(reader)
        data = value_of(lambda: step_of(reader, "read_exactly")(5), "what was received already can't be read",
                        "Nothing need come from the client: the bytes are there.", expected="b'hello'", **rows)
        expect_type(data, bytes, "what was read", "A bytearray can be changed by whoever has it, and is no bytes.",
                    **rows)
        expect_same(data, b"hello", problem="other bytes come back than were received", **rows,
                    why="The body is what the client sent.")

    def read(self, reader, count):
        """Return what read_exactly returns, a bytearray as bytes: that it is none is the business of one check."""
        data = step_of(reader, "read_exactly")(count)
        return bytes(data) if isinstance(data, bytearray) else data

    def test_what_is_behind_stays(self):
        reader = reader_of(received=b"hello world")
        rows = told_reader(reader)
        expect_value(lambda: self.read(reader, 5), b"hello", "more comes back than was asked for",
                     "What is behind the body is not of the body.", **rows)
        expect_value(lambda: self.read(reader, 1), b" ",
                     "the second reading does not go on where the first ended",
                     "What was read is taken away, and what is behind it is still to be read.", **rows,
                     called="reader.read_exactly(5), then reader.read_exactly(1)")
        expect_same(bytes(reader.received), b"world", **rows,
                    problem="what was received behind the bytes is not in self.received",
                    why="The next reading finds its bytes there.")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_all_bytes_come_however_they_arrive(self, delivery):
        body = bytes(range(256)) + b"\r\n\r\n"
        reader = reader_of(body[100:], received=body[:100], delivery=delivery)
        expect_value(lambda: self.read(reader, len(body)), body,
                     "the bytes that come back are not all that were asked for",
                     "recv gives what has arrived, which may be one byte; it is asked again until there are enough "
                     "(RFC 9112 section 6.2).", **told_reader(reader))

    def test_a_client_that_stops_half_way_is_gone(self):
        reader = reader_of(b"hel")
        rows = told_reader(reader)
        expect_error(lambda: step_of(reader, "read_exactly")(5), ch02.ClientGone,
                     "a body that is too short is taken for whole",
                     "Half an upload is no upload (RFC 9112 section 8).", **rows)

    @each("what, received", {"exactly enough": b"hello", "more than enough": b"hello world"})
    def test_nothing_is_received_when_there_is_enough(self, what, received):
        reader = reader_of(b"more", received=received)
        rows = told_reader(reader)
        step_of(reader, "read_exactly")(5)
        expect_same(received_by(reader), 0, problem=f"it receives although there is {what}", **rows,
                    why="A client that has sent everything waits for the answer, and you would wait for the client.")

    def test_it_receives_until_there_is_enough_and_no_longer(self):
        reader = reader_of([b"ab", b"cd", b"ef"])
        rows = told_reader(reader)
        step_of(reader, "read_exactly")(4)
        expect_same(received_by(reader), 2, problem="it receives once more than it must, or less", **rows,
                    why="A client that has sent everything waits for the answer, and you would wait for the client.")
        expect_same(bytes(reader.received), b"", problem="bytes that were read are still in self.received", **rows,
                    why="The next reading would find them again.")

    def test_no_bytes_are_read_without_receiving(self):
        reader = reader_of(b"more")
        expect_value(lambda: self.read(reader, 0), b"", "0 bytes are not b''",
                     "Most requests have no body.", **told_reader(reader))
        expect_same(received_by(reader), 0, problem="it receives although no byte is wanted",
                    why="A client without a body waits for the answer already.")

    @pytest.mark.clause(115)
    def test_a_client_that_waits_is_told_to_continue(self):
        reader = reader_of([b"ab", b"cd"], continue_expected=True)
        rows = told_reader(reader)
        step_of(reader, "read_exactly")(4)
        expect_same(reader.connection.sent, CONTINUE, problem="the client is not told to continue, once", **rows,
                    why="receive_more does that: who calls recv past it leaves the client waiting "
                        "(RFC 9110 section 10.1.1).")


@pytest.mark.step("2.8")
class TestParseChunkSize:
    def test_the_size_comes_back_as_int(self):
        size = ch02.parse_chunk_size(b"5")
        expect_type(size, int, "the size")
        expect_same(size, 5, problem="the size is another number", why="RFC 9112 section 7.1.")

    @each("what, line", {
        "1a": b"1a", "capitals": b"1A", "10 is sixteen": b"10", "a letter": b"f", "zeros": b"000", "0": b"0",
    })
    def test_the_digits_are_hexadecimal(self, what, line):
        expect_value(lambda: ch02.parse_chunk_size(line), int(line, 16), f"the size is not read as hexadecimal: {what}",
                     "Chunk sizes are hexadecimal, in either case; Content-Length is decimal (RFC 9112 section 7.1).")

    @each("what, line", {
        "a name and a value": b"5;name=value", "a name": b"5;name", "nothing behind the semicolon": b"5;",
        "a space before the semicolon": b"5 ;a", "a tab before it": b"5\t; a", "quotes and semicolons": b'5;a="b;c";d',
        "bytes above 127": b"5;\xff",
    })
    def test_an_extension_is_ignored(self, what, line):
        expect_value(lambda: ch02.parse_chunk_size(line), 5, f"a size with an extension is not read: {what}",
                     "A server ignores extensions that it does not know, and you know none (RFC 9112 section 7.1.1).")

    @each("what, line", {
        "no digit": b"", "an extension only": b";a", "a 0x prefix": b"0x5", "a plus sign": b"+5", "a minus sign": b"-5",
        "an underscore": b"1_0", "two numbers": b"5 5", "a comma": b"5,", "no hex digit": b"5g",
        "a superscript two": b"\xb2",
    })
    def test_all_but_hexadecimal_digits_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_chunk_size(line), 400, f"accepted: {what}",
                       "A size is hexadecimal digits and nothing else; int(…, 16) takes signs, underscores and 0x as "
                       "well (RFC 9112 section 7.1).")

    @each("what, line", {
        "a space in front": b" 5", "a space behind": b"5 ", "a tab behind": b"5\t", "an LF behind": b"5\n",
        "a CR behind": b"5\r", "an LF in front": b"\n5", "a vertical tab": b"5\x0b;a", "a form feed": b"5\x0c;a",
    })
    def test_white_space_but_spaces_and_tabs_before_a_semicolon_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_chunk_size(line), 400, f"accepted: {what}",
                       "White space may stand before a semicolon only, and is spaces and tabs; \\s, strip() and int() "
                       "know more kinds (RFC 9112 section 7.1.1).")

    @each("what, line", {
        "an LF in the extension": b"5;a\n0", "a CR in the extension": b"5;a\r", "an LF behind the semicolon": b"5;\n",
        "a NUL in the extension": b"5;\x00",
    })
    def test_a_control_character_in_an_extension_is_refused(self, what, line):
        expect_refused(lambda: ch02.parse_chunk_size(line), 400, f"accepted: {what}",
                       "To one program an LF ends the line, to another it is part of the extension, and they see "
                       "different chunks (RFC 9112 section 7.1.1).")

    def test_16_digits_are_accepted_and_17_refused(self):
        why = "A size that fits into 64 bits is more than anyone sends; a longer one overflows in other programs " \
              "(RFC 9112 section 7.1)."
        expect_value(lambda: ch02.parse_chunk_size(b"f" * 16), 2 ** 64 - 1, "16 digits are refused", why)
        expect_value(lambda: ch02.parse_chunk_size(b"0" * 15 + b"5"), 5, "16 digits are refused", why)
        expect_refused(lambda: ch02.parse_chunk_size(b"f" * 17), 400, "accepted: 17 digits", why)
        expect_refused(lambda: ch02.parse_chunk_size(b"0" * 16 + b"5"), 400, "accepted: 17 digits, zeros in front", why)


def body_in_chunks(*chunks):
    """Return bytes in chunked coding."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


@pytest.mark.step("2.9")
class TestReadChunked:
    CALLED = {"called": "read_chunked(reader)"}

    def expect_body(self, reader, body, problem, why):
        rows = told_reader(reader) | self.CALLED
        expect_value(lambda: ch02.read_chunked(reader), body, problem, why, **rows)

    def expect_bad(self, reader, status, problem, why):
        rows = told_reader(reader) | self.CALLED
        expect_refused(lambda: ch02.read_chunked(reader), status, problem, why, **rows)

    @pytest.mark.clause(119)
    def test_the_bytes_of_a_chunk_come_back(self):
        reader = reader_of(body_in_chunks(b"hello"))
        rows = told_reader(reader) | self.CALLED
        body = value_of(lambda: ch02.read_chunked(reader), "a good body is not read",
                        "A chunk is its size, CRLF, so many bytes, CRLF (RFC 9112 section 7.1).", **rows)
        expect_type(body, bytes, "the body", **rows)
        expect_same(body, b"hello", problem="the body is not what the chunk holds", **rows,
                    why="Sizes and line ends are for the way only (RFC 9112 section 7.1).")

    @pytest.mark.clause(119)
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_chunks_are_joined_however_they_arrive(self, delivery):
        reader = reader_of(body_in_chunks(b"hello", b" ", b"world, how are you today?"), delivery=delivery)
        self.expect_body(reader, b"hello world, how are you today?", "the body is not all chunks joined",
                         "Chunks and what recv gives have nothing to do with each other (RFC 9112 section 7.1).")

    def test_a_body_without_chunks_is_empty(self):
        self.expect_body(reader_of(b"0\r\n\r\n"), b"", "an empty body is not b''", "RFC 9112 section 7.1.")

    @each("what, chunk", {
        "line ends": b"a\r\nb\r\n\r\nc", "what looks like the end": b"0\r\n\r\n", "all bytes": bytes(range(256)),
    })
    def test_a_chunk_may_hold_any_bytes(self, what, chunk):
        self.expect_body(reader_of(body_in_chunks(chunk, b"x"), delivery="one byte at a time"), chunk + b"x",
                         f"a chunk is not read by its size: {what}",
                         "Only the size tells where a chunk ends: a picture may hold a CRLF (RFC 9112 section 7.1).")

    def test_extensions_and_zeros_in_front_are_no_matter(self):
        self.expect_body(reader_of(b"005;a=b\r\nhello\r\n00;c\r\n\r\n"), b"hello",
                         "sizes are not read with parse_chunk_size", "RFC 9112 section 7.1.1.")

    @each("what, trailers", {"no trailer": b"", "one trailer": b"A: b\r\n", "two trailers": b"A: b\r\nC: d\r\n"})
    def test_trailers_are_read_and_ignored(self, what, trailers):
        reader = reader_of(b"5\r\nhello\r\n0\r\n" + trailers + b"\r\nNEXT")
        self.expect_body(reader, b"hello", f"the body is not read as it should be: {what}",
                         "Fields behind the last chunk are no part of the body (RFC 9112 section 7.1.2).")
        expect_same(bytes(reader.received), b"NEXT", problem=f"the reading does not end behind the empty line: {what}",
                    why="The body ends with the empty line behind the last chunk and its trailers; what comes then is "
                        "not yours (RFC 9112 section 7.1).", **self.CALLED, sent=repr(reader.connection))

    @each("what, data", {
        "two other bytes behind a chunk": b"5\r\nhelloXX0\r\n\r\n",
        "a longer chunk than its size": b"4\r\nhello\r\n0\r\n\r\n",
        "a shorter chunk than its size": b"7\r\nhello\r\n0\r\n\r\n",
        "a bare LF behind a chunk": b"5\r\nhello\n0\r\n\r\n",
        "no line end behind a chunk": b"5\r\nhello0\r\n\r\n", "LF CR behind a chunk": b"5\r\nhello\n\r0\r\n\r\n",
    })
    def test_a_chunk_must_end_where_its_size_says(self, what, data):
        self.expect_bad(reader_of(data), 400, f"accepted: {what}",
                        "Two bytes are not CRLF because CRLF should stand there; a program that looks sees another "
                        "body (RFC 9112 section 7.1).")

    def test_what_stands_where_crlf_should_is_refused_at_once(self):
        why = "Two bytes tell: who waits for a line waits for a client that has sent all it has."
        early = Diagnosis("more is received although two bytes behind the chunk are no CRLF", why=why, **self.CALLED)
        self.expect_bad(reader_of([early], received=b"5\r\nhelloXX"), 400, "accepted: two other bytes", why)

    @each("what, size", {"a plus sign": b"+5", "a 0x prefix": b"0x5", "a space behind": b"5 ", "no digit": b""})
    def test_a_bad_size_is_refused(self, what, size):
        self.expect_bad(reader_of(size + b"\r\nhello\r\n0\r\n\r\n"), 400, f"accepted: {what}",
                        "Another program may read another size, and with it another body (RFC 9112 section 7.1).")

    @each("what, data", {
        "before the first size": b"", "within a size": b"5", "within a chunk": b"5\r\nhel",
        "before a chunk's CRLF": b"5\r\nhello", "before the last chunk": b"5\r\nhello\r\n",
        "before the empty line": b"5\r\nhello\r\n0\r\n", "within the trailers": b"0\r\nA: b\r\n",
    })
    def test_a_client_that_stops_half_way_is_gone(self, what, data):
        reader = reader_of(data)
        expect_error(lambda: ch02.read_chunked(reader), ch02.ClientGone,
                     f"a body that is not whole is taken for whole: the client hangs up {what}",
                     "Only the last chunk and the empty line behind it say that all has come (RFC 9112 section 8).",
                     **told_reader(reader) | self.CALLED)

    def test_a_body_of_max_body_bytes_is_accepted(self):
        half = b"x" * (ch02.MAX_BODY // 2)
        reader = reader_of(received=body_in_chunks(half, half))
        outcome = outcome_of(lambda: ch02.read_chunked(reader))
        expect_that(isinstance(outcome, bytes) and len(outcome) == ch02.MAX_BODY,
                    "a body of MAX_BODY bytes is not read", **self.CALLED,
                    came_back=f"{len(outcome)} bytes" if isinstance(outcome, bytes) else repr(outcome),
                    expected=f"{ch02.MAX_BODY} bytes", why="Only a larger one is too large.")

    @each("what, data", {
        "one chunk that is too large": lambda limit: b"%x\r\n" % (limit + 1),
        "chunks that are too large together": lambda limit: body_in_chunks(b"x" * limit)[:-5] + b"1\r\n",
        "two chunks of one size": lambda limit: body_in_chunks(b"x" * limit)[:-5] + b"%x\r\n" % limit,
        "a chunk of 16 hex digits": lambda limit: b"f" * 16 + b"\r\n",
    })
    def test_a_body_that_is_too_large_is_refused_before_its_chunk_is_read(self, what, data):
        why = "The size is known before the bytes come; who reads them first has filled the memory already " \
              "(RFC 9110 section 15.5.14)."
        rows = {"received": shown_bytes(data(ch02.MAX_BODY))} | self.CALLED
        early = Diagnosis(f"bytes are received although there are too many: {what}", why=why, **rows)
        reader = reader_of([early], received=data(ch02.MAX_BODY))
        expect_refused(lambda: ch02.read_chunked(reader), 413, f"accepted: {what}", why, **rows)

    def test_max_fields_trailers_are_accepted_and_one_more_is_not(self):
        count = ch02.MAX_FIELDS
        self.expect_body(reader_of(received=b"0\r\n" + b"a: b\r\n" * count + b"\r\n"), b"",
                         "a body with MAX_FIELDS trailer lines is refused", "Only more are too many.")
        self.expect_bad(reader_of(received=b"0\r\n" + b"a: b\r\n" * (count + 1) + b"\r\n"), 431,
                        "accepted: MAX_FIELDS + 1 trailer lines",
                        "A client could send trailers for ever (RFC 6585 section 5).")

    def test_too_many_trailers_are_refused_before_more_of_them_come(self):
        why = "A client could send trailers for ever: count them as they come (RFC 6585 section 5)."
        early = Diagnosis("trailers are received although there are too many", why=why, **self.CALLED)
        reader = reader_of([early], received=b"0\r\n" + b"a: b\r\n" * (2 * ch02.MAX_FIELDS))
        self.expect_bad(reader, 431, "accepted: trailer lines without an end", why)


def request_with(*fields, version="HTTP/1.1", method="POST"):
    """Return a Request of /echo with these header fields, (name, value) pairs."""
    return ch02.Request(method, "/echo", version, [("host", "a"), *fields], b"/echo", "")


def length(value):
    return ("content-length", value)


def coding(value):
    return ("transfer-encoding", value)


@pytest.mark.step("2.10")
class TestReadBody:
    ANY_METHOD = ("The fields of the head alone say whether there is a body: one that you leave unread, another "
                  "program reads as a request (RFC 9112 sections 6.3 and 11.2).")

    def rows(self, reader, request):
        return told_reader(reader) | {"called": "read_body(reader, request)",
                                      "fields": f"{request.fields}, {request.method}, {request.version}"}

    def expect_body(self, reader, request, body, problem, why):
        rows = self.rows(reader, request)
        expect_value(lambda: ch02.read_body(reader, request), body, problem, why, **rows)

    def expect_bad(self, request, status, problem, why, data=b"5\r\nhello\r\n0\r\n\r\n"):
        reader = reader_of(data)
        rows = self.rows(reader, request)
        expect_refused(lambda: ch02.read_body(reader, request), status, problem, why, **rows)

    def test_the_body_is_as_long_as_content_length_says(self):
        reader, request = reader_of(b"hello world"), request_with(length("5"))
        rows = self.rows(reader, request)
        body = ch02.read_body(reader, request)
        expect_type(body, bytes, "the body", **rows)
        expect_same(body, b"hello", problem="the body is not as long as Content-Length says", **rows,
                    why="What comes behind it is not this request's (RFC 9112 section 6.2).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_the_body_is_read_however_it_arrives(self, delivery):
        body = b"\x00\xff\r\n\r\n" + "你好".encode()
        reader = reader_of(body[3:], received=body[:3], delivery=delivery)
        self.expect_body(reader, request_with(length(str(len(body)))), body, "the body is not read whole",
                         "Some of it may have come with the head, the rest comes as it likes (RFC 9112 section 6.2).")

    def test_a_request_without_a_length_has_no_body(self):
        reader, request = reader_of(b"more"), request_with()
        self.expect_body(reader, request, b"", "a request without a length has a body",
                         "Without Content-Length and chunks there is none (RFC 9112 section 6.3).")
        expect_same(received_by(reader), 0, problem="it receives although there is no body",
                    **self.rows(reader, request),
                    why="A client without a body waits for the answer already: both would wait for each other.")

    @pytest.mark.clause(119)
    @each("what, fields", {
        "chunked": [coding("chunked")], "Chunked": [coding("Chunked")], "in capitals": [coding("CHUNKED")],
        "spaces and tabs around it": [coding(" \tchunked ")],
    })
    def test_a_chunked_body_is_decoded(self, what, fields):
        self.expect_body(reader_of(b"5\r\nhello\r\n0\r\n\r\n"), request_with(*fields), b"hello",
                         f"a chunked body is not decoded: {what}",
                         "The names of codings have no case (RFC 9112 section 7).")

    def test_another_1_x_has_chunks_too(self):
        self.expect_body(reader_of(b"5\r\nhello\r\n0\r\n\r\n"), request_with(coding("chunked"), version="HTTP/1.2"),
                         b"hello", "chunks in HTTP/1.2 are refused",
                         "Only HTTP/1.0 is too old for them (RFC 9112 section 6.1).")

    @each("what, fields", {
        "Content-Length and chunks": [length("5"), coding("chunked")],
        "chunks and Content-Length": [coding("chunked"), length("5")],
        "Content-Length 0 and chunks": [length("0"), coding("chunked")],
        "no length at all, and chunks": [length(""), coding("chunked")],
    })
    def test_two_ways_to_tell_the_length_are_refused(self, what, fields):
        self.expect_bad(request_with(*fields), 400, f"accepted: {what}",
                        "One program counts, another reads chunks, and they see different bodies "
                        "(RFC 9112 sections 6.1 and 11.2).")

    def test_chunks_in_http_1_0_are_refused(self):
        self.expect_bad(request_with(coding("chunked"), version="HTTP/1.0"), 400, "accepted: chunks in HTTP/1.0",
                        "HTTP/1.0 knows no chunks: a program in front of yours may have passed them on unseen "
                        "(RFC 9112 section 6.1).")

    @each("what, fields", {
        "gzip alone": [coding("gzip")], "gzip behind chunked": [coding("chunked, gzip")],
        "gzip in a field behind chunked": [coding("chunked"), coding("gzip")], "identity": [coding("identity")],
        "xchunked": [coding("xchunked")], "Xchunked": [coding("Xchunked")], "chunkedfoo": [coding("chunkedfoo")],
        "an empty field": [coding("")], "a no-break space before chunked": [coding("\xa0chunked")],
        "nothing behind a comma": [coding("chunked,")],
    })
    def test_a_last_coding_other_than_chunked_is_refused(self, what, fields):
        self.expect_bad(request_with(*fields), 400, f"accepted: {what}",
                        "Only chunks say where the body of a request ends: everything else is a guess "
                        "(RFC 9112 section 6.3).")

    @each("what, fields", {
        "gzip, chunked": [coding("gzip, chunked")], "without the space": [coding("gzip,Chunked")],
        "over two fields": [coding("gzip"), coding("chunked")], "three codings": [coding("a, b, chunked")],
        "chunked twice": [coding("chunked, chunked")], "nothing before a comma": [coding(", chunked")],
        "an empty field before chunked": [coding(""), coding("chunked")],
    })
    def test_codings_before_chunked_are_refused_with_501(self, what, fields):
        self.expect_bad(request_with(*fields), 501, f"accepted: {what}",
                        "The request is right, and this server can't decode it (RFC 9112 section 6.1).")

    @each("what, fields_and_status", {
        "two lengths": ([length("5"), length("5")], 400), "a signed length": ([length("+5")], 400),
        "too large a length": ([length("9" * 20)], 413), "a bad chunk": ([coding("chunked")], 400),
    })
    def test_what_body_length_and_read_chunked_raise_comes_out(self, what, fields_and_status):
        fields, status = fields_and_status
        self.expect_bad(request_with(*fields), status, f"accepted: {what}",
                        "What they refuse could be read in two ways (RFC 9112 section 6.3).",
                        data=b"0x5\r\nhello\r\n0\r\n\r\n")

    @each("what, fields", {"Content-Length": [length("6")], "chunks": [coding("chunked")]})
    def test_a_client_that_stops_half_way_is_gone(self, what, fields):
        reader, request = reader_of(b"6\r\nab"), request_with(*fields)
        expect_error(lambda: ch02.read_body(reader, request), ch02.ClientGone,
                     f"a body that is not whole is taken for whole: {what}", "Half an upload is no upload "
                     "(RFC 9112 section 8).", **self.rows(reader, request))

    def test_http_1_0_has_bodies_too(self):
        self.expect_body(reader_of(b"hello"), request_with(length("5"), version="HTTP/1.0"), b"hello",
                         "the body of an HTTP/1.0 request is not read", "Content-Length is as old as that (RFC 1945).")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
    @each("what, sent", {"Content-Length": (length("5"), b"hello"),
                         "chunks": (coding("chunked"), b"5\r\nhello\r\n0\r\n\r\n")})
    def test_the_method_does_not_tell_whether_there_is_a_body(self, method, what, sent):
        field, data = sent
        self.expect_body(reader_of(data), request_with(field, method=method), b"hello",
                         f"the body of a {method} is not read: {what}", self.ANY_METHOD)

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @each("what, fields", {
        "Content-Length and chunks": [length("5"), coding("chunked")], "two lengths": [length("5"), length("6")],
        "a signed length": [length("+5")], "xchunked": [coding("xchunked")],
    })
    def test_what_is_refused_is_refused_for_each_method(self, method, what, fields):
        self.expect_bad(request_with(*fields, method=method), 400, f"accepted in a {method}: {what}", self.ANY_METHOD)


def request_of(method="GET", path=b"/", **more):
    """Return a Request without a body."""
    return ch02.Request(method, path.decode("latin-1"), "HTTP/1.1", [("host", "a")], path, "", **more)


def answer_to(request, problem="a request is not answered",
              why="A client gets a whole response, whatever it asks for."):
    """Return the learner's answer to a request, read strictly. Fail with problem if an exception comes out instead."""
    try:
        response = ch02.answer(request)
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:  # the harness looks for the line in this step: the last one may be right
        raise Diagnosis(problem, **told(error), expected="a response", why=why)
    expect_type(response, bytes, "the response", why)
    return read_answer(response)


def expect_status(answer, status, problem, why, **rows):
    """Fail unless a response has this status."""
    expect_that(answer.status == status, problem, why, **rows, came_back=f"{answer.status} {answer.reason}",
                expected=str(status))


@pytest.mark.step("2.11")
class TestAnswer:
    def test_the_page_at_the_root_comes_back_as_a_response(self):
        response = answer_to(request_of())
        expect_status(response, 200, "there is a page at /, and it is not the answer", "PAGES says so.")
        expect_same(response.body, ch02.HOME.encode(), problem="the body is not the page that stands in PAGES",
                    why="The page's function makes the answer.")

    def test_the_function_of_the_page_is_called_with_the_request(self, monkeypatch):
        asked = []
        monkeypatch.setitem(ch02.PAGES, b"/new", (("PUT",), lambda *request: asked.append(request) or b"its answer"))
        request = request_of("PUT", b"/new")
        expect_value(lambda: ch02.answer(request), b"its answer", "a page that was put into PAGES does not answer",
                     "A table grows by a line; code that names each path has to be written anew.",
                     PAGES="{…, b'/new': (('PUT',), a function)}")
        expect_that(asked == [(request,)], "the page's function was not called once, with the request", came_back=asked,
                    expected=[(request,)], why="It makes the answer from what the client said.")

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "BREW", "get"])
    def test_any_stands_for_all_methods(self, method):
        problem = f"/echo has ANY method, and refuses {method}"
        why = "ANY is None, and no method can be looked for in it: where PAGES says ANY, each one is right."
        expect_status(answer_to(request_of(method, b"/echo"), problem, why), 200, problem, why,
                      **trying(f"curl -i -X {method} http://127.0.0.1:8000/echo"))

    def test_echo_says_what_was_parsed(self):
        said = json.loads(answer_to(request_of("POST", b"/echo", body=b"\xff")).body)
        expect_same((said["method"], base64.b64decode(said["body_base64"])), ("POST", b"\xff"),
                    problem="the echo is not of this request", why="show_echo shows the request that it is given.")

    @each("what, path", {
        "no such page": b"/nowhere", "a page's path and a slash": b"/echo/", "a path below a page": b"/echo/a",
        "a page's path in capitals": b"/ECHO", "a path that begins like a page's": b"/echoes", "two slashes": b"//",
        "bytes that are no UTF-8": b"/\xff",
    })
    def test_a_path_that_is_not_there_gets_404(self, what, path):
        problem = f"a path that is not in PAGES does not get 404: {what}"
        expect_status(answer_to(request_of(path=path), problem), 404, problem,
                      "404 says that there is nothing at this path (RFC 9110 section 15.5.5).",
                      **trying(f"curl -i http://127.0.0.1:8000{quote(path)}"))

    def test_a_path_that_is_not_there_gets_404_with_any_method(self):
        problem = "the method is looked at before the path"
        expect_status(answer_to(request_of("POST", b"/nowhere"), problem), 404, problem,
                      "Where nothing is, no method is wrong (RFC 9110 section 15.5.5).")

    @pytest.mark.parametrize("method", ["POST", "DELETE", "get", "GE", "G", "HEADS"])
    def test_a_method_that_the_page_does_not_have_gets_405(self, method):
        problem = f"/ has GET and HEAD only, and {method} does not get 405"
        why = "405 comes as a response; the extra_fields of error_response are a list of (name, value) pairs."
        expect_status(answer_to(request_of(method), problem, why), 405, problem,
                      "405 says: the page is there, and can't do that (RFC 9110 section 15.5.6).",
                      **trying(f"curl -i -X {method} http://127.0.0.1:8000/"))

    def test_405_names_the_methods_that_the_page_has(self):
        allow = answer_to(request_of("POST")).values("Allow")
        why = "405 comes with an Allow field, and a client looks there for what it may do (RFC 9110 section 10.2.1)."
        expect_that(allow, "405 comes without an Allow field", expected="Allow: GET, HEAD", why=why)
        named = sorted(method.strip() for method in ",".join(allow).split(","))
        expect_that(named == ["GET", "HEAD"], "Allow does not name the methods that the page has",
                    came_back=f"Allow: {', '.join(allow)}", expected="Allow: GET, HEAD", why=why)

    def test_allow_belongs_to_the_page(self, monkeypatch):
        monkeypatch.setitem(ch02.PAGES, b"/new", (("PUT",), lambda request: b""))
        allow = answer_to(request_of("GET", b"/new")).values("Allow")
        expect_same(allow, ["PUT"], problem="Allow names other methods than the page has", why="Each page has its own.",
                    PAGES="{…, b'/new': (('PUT',), a function)}")

    @pytest.mark.parametrize("method, path", [("GET", b"/nowhere"), ("POST", b"/")], ids=["404", "405"])
    def test_an_error_says_in_words_what_is_wrong(self, method, path):
        response = answer_to(request_of(method, path))
        expect_that(response.body.strip() and response.reason, "the error has no text, or no reason phrase",
                    came_back=shown_bytes(response.body), why="A person reads it: error_response writes both.")
        expect_same(response.values("Content-Type"), ["text/plain; charset=utf-8"],
                    problem="the error is no plain text",
                    why="As HTML, a text from a request could bring a script along.")


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def post(*lines, body=b"", target=b"/echo", version=b"HTTP/1.1", method=b"POST"):
    """Return a request (bytes) with these field lines behind Host."""
    head = [method + b" " + target + b" " + version, b"Host: a", *lines]
    return b"\r\n".join(head) + BLANK_LINE + body


def sent_to(client):
    """Let the learner's handle answer a client (a Connection), and return the bytes that it sends."""
    value_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)),
             "an exception comes out of handle, and the client gets no answer",
             "The server survives it, and the client is left with an empty reply.", sent=client)
    return client.sent


def answer_for(data, *, delivery="whole", head_only=False):
    """Return the response to the request data (bytes), read strictly."""
    client = Connection(data, delivery=delivery)
    sent = sent_to(client)
    expect_that(sent, "nothing was sent to the client", sent=client,
                why="A client that gets no bytes can only report an empty reply.")
    expect_that(len(sent) > client.takes, f"only the first {len(sent)} bytes of the answer were sent", sent=client,
                came_back=repr(sent), expected="the whole answer: use sendall",
                why="send takes what there is room for, returns how much that was, and leaves the rest to you.")
    return read_answer(sent, head_only=head_only)


def echo_of(data, delivery="whole"):
    """Return what /echo says of the request data (bytes): a dict."""
    response = answer_for(data, delivery=delivery)
    expect_status(response, 200, "the request is not answered by /echo", "It is a good request.",
                  sent=shown_bytes(data), text=shown_bytes(response.body))
    return json.loads(response.body)


@pytest.mark.step("2.12")
class TestHandle:
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_page_is_sent_whole_however_the_request_arrives(self, delivery):
        response = answer_for(GET, delivery=delivery)
        expect_status(response, 200, "GET / is not answered with its page", "There is a page at /.", sent=repr(GET))
        expect_same(response.body, ch02.HOME.encode(), problem="the body is not the page",
                    why="What answer returns is the response.")

    def test_the_connection_is_closed_after_the_answer(self):
        client = Connection(GET)
        sent_to(client)
        expect_that(client.closed, "the connection stays open after the answer", sent=client,
                    why="The response says `Connection: close`, and the client waits for it (RFC 9112 section 9.6).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_what_the_client_said_arrives_whole(self, delivery):
        body = bytes(range(256)) + b"\r\n\r\n"
        said = echo_of(post(b"Content-Length: %d" % len(body), body=body, target=b"/echo?a=%20"), delivery)
        expect_same((said["method"], said["target"], said["query"], said["version"]),
                    ("POST", "/echo?a=%20", "a=%20", "HTTP/1.1"), problem="the request is not what the client said",
                    why="All steps of this chapter are at work here.")
        expect_same(base64.b64decode(said["body_base64"]), body, problem="the body is not what the client sent",
                    why="Bodies are bytes: a picture survives only if nobody decodes it.")

    @pytest.mark.clause(119)
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_chunked_body_arrives_whole(self, delivery):
        said = echo_of(post(b"Transfer-Encoding: chunked", body=body_in_chunks(b"hello", b" world")), delivery)
        expect_same(said["body"], "hello world", problem="the body is not what the client sent in chunks",
                    why="Chunks are for the way only (RFC 9112 section 7.1).")

    @each("what, data_and_host", {
        "a whole URL": (post(target=b"http://example.org:81/echo"), "example.org:81"),
        "an empty line in front": (b"\r\n" + post(), "a"),
    })
    def test_what_a_client_may_send_is_understood(self, what, data_and_host):
        data, host = data_and_host
        said = echo_of(data)
        expect_same([value for name, value in said["fields"] if name == "host"], [host],
                    problem=f"the host is not the one that is meant: {what}", sent=repr(data),
                    why="RFC 9112 sections 2.2 and 3.2.2.")

    @each("what, data_and_status", {
        "no request line": (b"hello\r\n\r\n", 400),
        "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
        "no such page": (b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        "no such method": (post(target=b"/"), 405),
        "a length that is too large": (post(b"Content-Length: 99999999"), 413),
        "a target that is too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        "an expectation that nobody knows": (post(b"Expect: a-miracle"), 417),
        "too many fields": (post(*[b"a: b"] * 200), 431),
        "a head without an end": (b"GET / HTTP/1.1\r\nHost: a\r\nb: " + b"c" * 70_000, 431),
        "a coding that nobody knows": (post(b"Transfer-Encoding: gzip, chunked"), 501),
        "another version": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    })
    def test_a_bad_request_is_answered_with_its_status(self, what, data_and_status):
        data, status = data_and_status
        response = answer_for(data)
        expect_status(response, status, f"the answer has another status: {what}",
                      "BadRequest carries the status that the client is told (RFC 9110 section 15).",
                      sent=shown_bytes(data))
        expect_that(response.body.strip(), "the error has no text", sent=shown_bytes(data),
                    came_back=repr(response.body), why="The message of BadRequest says to a person what is wrong.")

    @each("what, data", {
        "Content-Length and chunks": post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\nGET /"),
        "two lengths": post(b"Content-Length: 5", b"Content-Length: 6", body=b"hello!"),
        "a list of lengths": post(b"Content-Length: 5, 5", body=b"hello"),
        "a signed length": post(b"Content-Length: +5", body=b"hello"),
        "a length with a space in its name": post(b"Content-Length : 5", body=b"hello"),
        "a length behind a bare LF": post(b"A: b\nContent-Length: 5", body=b"hello"),
        "a length behind a bare CR": post(b"A: b\rContent-Length: 5", body=b"hello"),
        "a folded coding": post(b"Transfer-Encoding:", b" chunked", body=b"0\r\n\r\n"),
        "a coding behind a vertical tab": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
        "a coding behind a no-break space": post(b"Transfer-Encoding: \xa0chunked", body=b"0\r\n\r\n"),
        "another coding behind chunked": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
        "chunks in HTTP/1.0": post(b"Transfer-Encoding: chunked", version=b"HTTP/1.0", body=b"0\r\n\r\n"),
        "a size with 0x": post(b"Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"),
        "a size with a sign": post(b"Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
        "a size with a space": post(b"Transfer-Encoding: chunked", body=b"5 \r\nhello\r\n0\r\n\r\n"),
        "a size with an underscore": post(b"Transfer-Encoding: chunked", body=b"0_5\r\nhello\r\n0\r\n\r\n"),
        "a size before a bare LF": post(b"Transfer-Encoding: chunked", body=b"5\nhello\r\n0\r\n\r\n"),
        "a bare LF in an extension": post(b"Transfer-Encoding: chunked", body=b"5;\nhello\r\nhello\r\n0\r\n\r\n"),
        "other bytes behind a chunk": post(b"Transfer-Encoding: chunked", body=b"5\r\nhelloXX0\r\n\r\n"),
        "two hosts": post(b"Host: b"),
        "a tab in the request line": b"POST\t/echo\tHTTP/1.1\r\nHost: a\r\n\r\n",
    })
    def test_what_two_programs_could_read_in_two_ways_is_refused(self, what, data):
        expect_status(answer_for(data), 400, f"the answer has another status: {what}",
                      "Two programs that read one request in two ways let a second request slip past the first of them "
                      "(RFC 9112 section 11.2).", sent=shown_bytes(data))

    @each("what, target", {"a page": b"/", "no such page": b"/nowhere"})
    def test_the_answer_to_head_is_that_to_get_without_the_body(self, what, target):
        get, head = (answer_for(method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n", head_only=method == b"HEAD")
                     for method in (b"GET", b"HEAD"))
        expect_status(head, get.status, f"HEAD is answered with another status than GET: {what}",
                      "It asks for the same.")
        expect_same(head.values("Content-Length"), get.values("Content-Length"),
                    problem=f"HEAD tells another length than GET: {what}",
                    why="The client asks with HEAD how large the page is (RFC 9110 section 9.3.2).",
                    **trying("curl -I http://127.0.0.1:8000/"))

    def test_head_has_no_body_where_any_method_is_right(self):
        head = answer_for(post(method=b"HEAD"), head_only=True)
        expect_status(head, 200, "HEAD /echo is not answered", "/echo has ANY method.")
        expect_that(head.values("Content-Length") not in ([], ["0"]), "HEAD tells no length",
                    came_back=f"Content-Length: {head.values('Content-Length')}",
                    why="The client asks with HEAD how large the page is (RFC 9110 section 9.3.2).")

    def test_only_head_goes_without_a_body(self):
        sent = sent_to(Connection(post(method=b"head")))
        expect_that(sent.partition(BLANK_LINE)[2], "another request is answered as if it were HEAD",
                    came_back=shown_bytes(sent), expected="a response with a body",
                    why="Methods are case-sensitive (RFC 9110 section 9.1).")

    @pytest.mark.clause(115, 116)
    def test_a_client_that_waits_is_told_to_continue_and_then_answered(self):
        client = Connection([post(b"Content-Length: 5", b"Expect: 100-continue"), b"hel", b"lo"])
        sent = sent_to(client)
        expect_that(sent.startswith(CONTINUE), "the client waits for 100 Continue, and does not get it first",
                    came_back=shown_bytes(sent), expected=repr(CONTINUE), sent=client,
                    why="It keeps its body back until then (RFC 9110 section 10.1.1).",
                    **trying("curl -v -H 'Expect: 100-continue' -d hello http://127.0.0.1:8000/echo"))
        said = json.loads(read_answer(sent.removeprefix(CONTINUE)).body)
        expect_same(said["body"], "hello", problem="the body is not what the client sent", sent=client,
                    why="After 100 Continue the body comes as ever.")

    @pytest.mark.clause(115, 117)
    @each("what, data", {
        "the body has come already": post(b"Content-Length: 5", b"Expect: 100-continue", body=b"hello"),
        "there is no body": post(b"Expect: 100-continue"),
        "HTTP/1.0": post(b"Content-Length: 5", b"Expect: 100-continue", version=b"HTTP/1.0", body=b"hello"),
    })
    def test_a_client_that_does_not_wait_gets_the_answer_alone(self, what, data):
        expect_status(answer_for(data), 200, f"100 Continue is sent, or the request refused: {what}",
                      "The client expects one response (RFC 9110 section 10.1.1).", sent=shown_bytes(data))

    @each("what, blocks", {
        "at once": [], "within the request line": [b"GET / HT"], "within the head": [b"GET / HTTP/1.1\r\nHost: a\r\n"],
        "within the body": [post(b"Content-Length: 5", body=b"hel")],
        "within a chunk": [post(b"Transfer-Encoding: chunked", body=b"5\r\nhel")],
        "with a reset": [b"GET /", ConnectionResetError("reset")],
        "with a reset in the body": [post(b"Content-Length: 5"), ConnectionResetError("reset")],
    })
    def test_a_client_that_leaves_gets_nothing_and_is_no_error(self, what, blocks):
        client = Connection(blocks)
        outcome = outcome_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)))
        expect_that(not isinstance(outcome, Exception), f"a client that leaves is an error of yours: {what}",
                    sent=client, **told(outcome), expected="handle returns as if all were well",
                    why="Clients leave all day long, and a traceback for each buries the real errors.")
        expect_same(client.sent, b"", problem=f"a client that has left is sent something: {what}", sent=repr(client),
                    why="Nobody is there to read it, and half a request has no answer (RFC 9112 section 8).")
        expect_that(client.closed, f"the connection of a client that has left stays open: {what}", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    @pytest.mark.parametrize("request_bytes", [GET, b"GET / HTTP/2.0\r\n\r\n"], ids=["a page", "a refusal"])
    @pytest.mark.parametrize("breaks", [0, 20])
    def test_a_client_that_leaves_during_the_answer_is_no_error(self, breaks, request_bytes):
        client = Connection(request_bytes, breaks=breaks)
        outcome = outcome_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)))
        expect_that(not isinstance(outcome, Exception), "a client that leaves during the answer is an error of yours",
                    **told(outcome), expected="handle returns as if all were well", sent=client,
                    why="A person has pressed Stop: sendall raises BrokenPipeError, a ConnectionError. An `except` "
                        "does not catch what is raised in another `except` of the same `try`.")
        expect_that(client.closed, "the connection of a client that has left stays open", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    def test_what_the_client_still_sends_is_read_before_closing(self):
        client = Connection([post(b"Content-Length: 99999999"), b"a", b"b"])
        sent_to(client)
        expect_that(client.sent, "nothing was sent to the client", sent=client,
                    why="A body that is too large is answered with 413.")
        expect_that(not client.blocks, "the connection is closed while bytes of the client lie unread", sent=client,
                    expected="hang_up(connection) in place of connection.close()",
                    why="Closing then sends a reset, and the reset can overtake the answer (RFC 9112 section 9.6).")

    @each("what, error", {"an error in a page": ZeroDivisionError(), "Ctrl-C in a page": KeyboardInterrupt()})
    def test_the_connection_is_closed_on_every_path(self, monkeypatch, what, error):
        def fail(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/broken", (None, fail))
        client = Connection(b"GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
        with contextlib.suppress(type(error)):
            ch02.handle(client, ("127.0.0.1", 50_000))
        expect_that(client.closed, f"the connection stays open after {what}", sent=client,
                    why="What stands behind a line that raises is not run; `finally` is.")

    @pytest.mark.parametrize("error", [KeyError("a bug"), ValueError("a bug"), FileNotFoundError("a bug")],
                             ids=lambda error: type(error).__name__)
    def test_a_bug_is_let_out_after_the_connection_is_closed(self, monkeypatch, error):
        def show(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/", (ch02.ANY, show))
        client = Connection(GET)
        raised = outcome_of(lambda: ch02.handle(client, ("127.0.0.1", 50_000)))
        rows = {"raised": f"{error!r}, by the function of the page", "sent": client}
        expect_that(raised is error, "handle swallows an unexpected error", **rows, came_back=shown_bytes(client.sent),
                    why="Only what you expect is handled here: an error that nobody sees is a bug that nobody finds.")
        expect_that(client.closed, "the connection is still open after an unexpected error", **rows,
                    why="`finally` closes on every path.")

    def test_ctrl_c_gets_out(self):
        client = Connection([KeyboardInterrupt()])
        with contextlib.suppress(KeyboardInterrupt):
            ch02.handle(client, ("127.0.0.1", 50_000))
            raise Diagnosis("KeyboardInterrupt is swallowed", sent=repr(client), expected="it comes out of handle",
                            why="Ctrl-C is how a person ends a server: `except Exception` leaves it alone, a bare "
                                "`except` does not.")

    @pytest.mark.program
    def test_the_program_answers_requests(self):
        import requests

        with chapter_program("ch02_request") as program, requests.Session() as session:
            session.trust_env = False  # no proxy between us
            url = f"http://127.0.0.1:{program.port()}"
            page = session.get(f"{url}/", timeout=5)
            expect_same((page.status_code, page.text), (200, ch02.HOME), problem="requests.get does not get the page",
                        why="The program serves what handle answers.")
            said = session.post(f"{url}/echo?page=2", data={"who": "你好"}, timeout=5).json()
            expect_same((said["method"], said["query"], said["body"]), ("POST", "page=2", "who=%E4%BD%A0%E5%A5%BD"),
                        problem="requests.post does not get its echo", why="The program serves what handle answers.")
            said = session.put(f"{url}/echo", data=iter([b"in ", b"chunks"]), timeout=5).json()
            expect_same(said["body"], "in chunks", problem="a chunked upload of requests is not understood",
                        why="requests sends chunks where it does not know how long a body is.")

    @pytest.mark.program
    def test_the_program_refuses_and_goes_on(self):
        with chapter_program("ch02_request") as program:
            port = program.port()
            for data, status in [(b"hello\r\n\r\n", 400), (post(b"Content-Length: 9999999", body=b"a" * 100_000), 413),
                                 (GET, 200)]:
                expect_status(read_answer(exchange(port, data, end=True)), status, "the answer has another status",
                              "A bad request ends its own connection and nothing else.", sent=shown_bytes(data))

    @pytest.mark.program
    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
    def test_the_program_ends_cleanly(self, how):
        with chapter_program("ch02_request") as program:
            program.port()
            status = program.interrupt(how)
            expect_same((status, program.stderr), (0, ""), problem=f"the program does not end cleanly on {how.name}",
                        why="A server is ended this way every day: no traceback, exit status 0.")

    @pytest.mark.program
    def test_a_port_that_is_taken_is_told_in_a_sentence(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            bind = f"127.0.0.1:{other.getsockname()[1]}"
            with chapter_program("ch02_request", bind=bind) as program:
                program.wait_for(lambda: not program.running_readers())
                if "not started" in program.stderr:
                    raise program.explained()
                lines = program.stderr.strip().splitlines()
                expect_that(len(lines) == 1 and "Traceback" not in lines[0],
                            "a port that is taken is not told in a sentence", came_back=program.last_lines(),
                            expected=f"one line about {bind}",
                            why="The person who started it wants to know what to do, not where in Python it happened.")
