"""Step 2.3 · parse_fields"""
import contextlib

import pytest

from tests.ch02_request.common import ch02, each, expect_refused, expect_result, expect_something, trying
from tests.expect import a_value, raised_by
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged


@pytest.mark.step("2.3")
class TestParseFields:
    def accepted(self, lines, version, problem, why, *, expected):
        """Return the list that parse_fields makes of lines. Fail with problem if they are refused."""
        with a_value(expected, why, refused=problem):
            fields = ch02.parse_fields(list(lines), version)
        expect_that(isinstance(fields, list), problem, why, came_back=repr(fields), expected=expected)
        return fields

    def expect_pairs(self, fields, expected, problem, why, **rows):
        """Fail unless fields are the expected pairs; the pairs may be lists too."""
        expect_something(fields, repr(expected))
        pairs = [tuple(field) if isinstance(field, list) else field for field in fields]
        expect_same(pairs, expected, why, problem=problem, **rows)

    def test_a_list_of_pairs_in_the_order_of_the_lines_comes_back(self):
        fields = ch02.parse_fields([b"User-Agent: (b/2)", b"Host: a", b"A: 1"], "HTTP/1.1")
        expect_result(fields, list, "what comes back", "It is gone through again and again, in order.")
        self.expect_pairs(fields, [("user-agent", "(b/2)"), ("host", "a"), ("a", "1")],
                          "the fields are not those of the lines", "Order can matter (RFC 9110 section 5.3).")

    @each("what, line", {
        "too long": b"A: " + b"a" * 9_000, "folded": b" b", "no colon": b"Host", "no token": b"A : b",
        "a control character": b"A: \x00",
    })
    def test_what_parse_field_raises_comes_out_as_it_is(self, what, line):
        error = raised_by(lambda: ch02.parse_field(line), ch02.BadRequest)
        came_out = raised_by(lambda: ch02.parse_fields([b"Host: a", line], "HTTP/1.1"), ch02.BadRequest)
        if error and came_out and error.status == came_out.status:  # all else is for other checks
            expect_same(str(came_out), str(error), of="its message",
                        problem=f"another BadRequest comes out than that of parse_field: {what}",
                        why="The client is sent its message: parse_field knows what is wrong with a line. What it "
                            "raises needs no `try`.")

    def test_each_head_has_fields_of_its_own(self):
        problem = "the fields of one head are still there for the next"
        why = "Each request is another one: begin with a new list at each call."
        before = "parse_fields, for other heads"
        for host in ("a", "b"):
            with a_value(f"[('host', {host!r})]", why, refused="a head after others is refused", before=before):
                fields = ch02.parse_fields([f"Host: {host}".encode()], "HTTP/1.1")
            self.expect_pairs(fields, [("host", host)], problem, why, before=before)

    @each("what, lines_and_version", {
        "a good head": ([b"Host: a", b"A: 1"], "HTTP/1.1"),
        "Host is not the first": ([b"B: 1", b"Host: a"], "HTTP/1.1"),
        "HTTP/1.0 without Host": ([b"A: 1"], "HTTP/1.0"), "no line": ([], "HTTP/1.0"),
        "two equal lines": ([b"Host: a", b"A: 1", b"A: 1"], "HTTP/1.1"),
        "two Hosts, which are refused": ([b"Host: a", b"Host: b"], "HTTP/1.1"),
        "a bad line, which is refused": ([b"Host: a", b" b"], "HTTP/1.1"),
        "too many lines, which are refused": ([b"Host: a"] * 200, "HTTP/1.1"),
    })
    def test_the_lines_are_left_as_they_are(self, what, lines_and_version):
        before, version = lines_and_version
        lines = list(before)
        with contextlib.suppress(ch02.BadRequest):
            ch02.parse_fields(lines, version)
        expect_unchanged("lines", lines, before, problem=f"parse_fields changes the list that it is given: {what}",
                         why="The list belongs to the caller: go through it with `for`, and put the fields into a new "
                             "one.")

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
        fields = self.accepted(lines, "HTTP/1.0", f"HTTP/1.0 without Host is refused: {what}",
                               "Host came with HTTP/1.1 (RFC 9112 section 3.2).", expected="a list of the fields")
        self.expect_pairs(fields, [("accept", "a")] if lines else [], "the fields are not those of the lines",
                          "Without Host, all other fields are read as ever.")

    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_a_host_field_with_an_empty_value_is_a_host_field(self, version):
        self.accepted([b"Host:"], version, f"a Host field with an empty value is refused, {version}",
                      "Fields are counted, not values: a client that asks for no site in particular sends Host empty; "
                      "one of HTTP/1.0 need not send it, and may (RFC 9112 section 3.2).", expected="[('host', '')]")

    @pytest.mark.parametrize("host", ["Shop.Example", "shop.example:80", "a:", "[::1]:80"])
    def test_the_value_of_host_stays_as_parse_field_returns_it(self, host):
        why = "parse_fields looks at Host, and changes nothing: the value is that of parse_field, case and port " \
            "included (RFC 9110 section 7.2)."
        fields = self.accepted([f"Host: {host}".encode()], "HTTP/1.1", f"a good Host is refused: {host}", why,
                               expected=f"[('host', {host!r})]")
        self.expect_pairs(fields, [("host", host)], f"the value of Host is another one: {host}", why)

    def test_a_field_with_an_empty_value_is_a_field(self):
        self.expect_pairs(ch02.parse_fields([b"Host: a", b"A:", b"B: 1"], "HTTP/1.1"),
                          [("host", "a"), ("a", ""), ("b", "1")], "the fields are not those of the lines",
                          "A value may be empty, and its field is there all the same (RFC 9110 section 5.5).")

    @each("what, lines", {
        "two Host fields": [b"Host: a", b"Host: b"], "two equal Host fields": [b"Host: a", b"Host: a"],
        "Host and HOST": [b"Host: a", b"Accept: c", b"HOST: b"], "an empty Host and another": [b"Host:", b"Host: b"],
    })
    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_two_host_fields_are_refused(self, what, lines, version):
        sent = "".join(line.decode() + r"\r\n" for line in lines)
        why = "One program believes the first, another the last, and they serve different sites"
        if len(set(lines)) == 1:
            why = "More than one Host field is refused, equal ones too: a client that is in order sends one"
        expect_refused(lambda: ch02.parse_fields(list(lines), version), 400, f"accepted: {what}, {version}",
                       f"{why} (RFC 9112 section 3.2).",
                       **trying(rf"printf 'GET / {version}\r\n{sent}\r\n' | curl -s telnet://127.0.0.1:8000"))

    @pytest.mark.parametrize("name", ["x-forwarded-host", "hostname", "my-host-id", "host-1"])
    def test_a_field_whose_name_is_longer_is_no_host(self, name):
        line = f"{name}: no host/at all".encode()
        why = "Only the whole name `host` is Host: what other fields mean, the application knows."
        self.accepted([b"Host: a", line], "HTTP/1.1", f"a second Host is found, where the other field is {name}", why,
                      expected=f"two fields, host and {name}")
        expect_refused(lambda: ch02.parse_fields([line], "HTTP/1.1"), 400,
                       f"accepted: HTTP/1.1 without Host, and with {name}", why)

    def test_max_fields_lines_are_accepted(self):
        lines = [b"Host: a"] + [b"a: b"] * (ch02.MAX_FIELDS - 1)
        problem, why = "a head with MAX_FIELDS lines is not read whole", "Only more lines are too many."
        expected = f"{ch02.MAX_FIELDS} fields"
        fields = self.accepted(lines, "HTTP/1.1", problem, why, expected=expected)
        expect_that(len(fields) == ch02.MAX_FIELDS, problem, why, came_back=f"{len(fields)} fields", expected=expected)

    def test_more_lines_are_refused_with_431(self):
        lines = [b"Host: a"] + [b"a: b"] * ch02.MAX_FIELDS
        expect_refused(lambda: ch02.parse_fields(lines, "HTTP/1.1"), 431, "accepted: MAX_FIELDS + 1 lines",
                       "Without a limit one client keeps the server busy for all others (RFC 6585 section 5).")

    @each("what, line_and_status", {
        "a space before a colon": (b"A : b", 400), "a folded line": (b" b", 400), "an empty line": (b"", 400),
        "a line that is too long": (b"a:" + b"b" * 10_000, 431),
    })
    def test_what_parse_field_raises_reaches_the_caller(self, what, line_and_status):
        line, status = line_and_status
        expect_refused(lambda: ch02.parse_fields([b"Host: a", line], "HTTP/1.1"), status, f"accepted: {what}",
                       "One bad line makes the whole head bad: leaving it out is how attacks get through. What "
                       "parse_field raises has the right status, and is let out as it is (RFC 9112 section 5).")

    @each("what, lines", {
        "a bad line, and too many": lambda limit: [b"Host: a", b" b"] + [b"a: b"] * limit,
        "no Host, and too many": lambda limit: [b"a: b"] * (limit + 1),
        "two Hosts, and a line that is too long": lambda limit: [b"Host: a", b"Host: b", b"a: ".ljust(9_000, b"b")],
        "no Host, and a line that is too long": lambda limit: [b"a: ".ljust(9_000, b"b")],
    })
    def test_the_first_reason_in_order_gives_the_status(self, what, lines):
        expect_refused(lambda: ch02.parse_fields(lines(ch02.MAX_FIELDS), "HTTP/1.1"), 431, f"accepted: {what}",
                       "The reasons are looked at in the order of the task: how many lines, each line, and Host last.")

    @each("what, value", {
        "a name": "example.org", "a name and a port": "example.org:81", "an underscore in a name": "my_app:8000",
        "an IPv4 address": "127.0.0.1:8000", "an IPv6 address": "[::1]:8000", "a port without digits": "a:",
    })
    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_a_host_perhaps_with_a_port_is_accepted(self, what, value, version):
        why = "Host is a name or an address, and perhaps a colon and a port (RFC 9110 section 7.2)."
        if version == "HTTP/1.0":
            why = "An HTTP/1.0 client need not send Host, and may: most of them do (RFC 9112 section 3.2)."
        self.accepted([f"Host: {value}".encode()], version, f"a good Host is refused: {what}, {version}", why,
                      expected=f"[('host', {value!r})]")

    @each("what, value", {
        "a path in Host": "a/b", "a user in Host": "me@a", "two hosts in one field": "a, b", "a space in Host": "a b",
        "a port alone": ":81", "no number for a port": "a:b", "no Latin letters": "你好",
    })
    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    def test_a_host_field_that_names_no_host_is_refused(self, what, value, version):
        expect_refused(lambda: ch02.parse_fields([f"Host: {value}".encode()], version), 400,
                       f"accepted: {what}, {version}",
                       "The whole value is a host, and `HOST.fullmatch(value)` tells whether it is. Each program "
                       "would find its own host in it, and some put it into the links of a page (RFC 9112 section "
                       "3.2).")

    @pytest.mark.parametrize("value", [b"\xa0", b"\x85", b"\xa0a", b"a\x85"], ids=repr)
    def test_a_host_field_with_a_byte_that_str_takes_for_a_space_is_refused(self, value):
        expect_refused(lambda: ch02.parse_fields([b"Host: " + value], "HTTP/1.1"), 400,
                       f"accepted: Host with {value!r}",
                       "Only an empty value is empty: in latin-1 this byte is a character, which `strip` and `isspace` "
                       "take for a space, and no host has it (RFC 9110 section 7.2).")
