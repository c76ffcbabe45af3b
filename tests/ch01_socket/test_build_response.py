"""Step 1.1 · build_response"""
import pytest

from tests.ch01_socket.common import build, field_of, fields_of, head_of, lines_of
from tests.expect import blaming, difference
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged, shown_bytes
from wsgi_contract.answer import BLANK_LINE, read_answer, read_field

BODIES = {"ascii letters": "hello", "nothing": "", "two Chinese characters": "你好", "an emoji": "\N{SNAKE}",
          "lines and a blank line": "one\ntwo\r\n\r\nthree\n", "spaces at both ends": "  a \n ",
          "signs that format uses": "100 %s {} {body}"}
bodies = pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)


@pytest.mark.step("1.1")
class TestBuildResponse:
    def test_a_response_is_bytes(self):
        build()

    def test_each_line_of_the_head_ends_with_carriage_return_and_line_feed(self):
        head_of(build())

    def test_a_blank_line_ends_the_head(self):
        head_of(build(extra_fields=[("Allow", "GET")]))

    @pytest.mark.parametrize("named, status", [
        pytest.param({}, "200 OK", id="not given"),
        pytest.param({"status": "404 Not Found"}, "404 Not Found", id="404"),
        pytest.param({"status": "200 Fine with me"}, "200 Fine with me", id="other words"),
    ])
    def test_the_first_line_is_the_status_line(self, named, status):
        expect_same(lines_of(build(**named))[0], f"HTTP/1.1 {status}".encode(),
                    problem="the first line is not the status line",
                    why="A client reads version, code and reason phrase, one space between them; code and phrase are "
                        "status, as the caller gives it (RFC 9112 section 4).")

    def test_all_other_lines_of_the_head_are_fields(self):
        response = build()
        expect_that(fields_of(response), "there are no header fields", came_back=shown_bytes(response),
                    why="Without Content-Type and Content-Length a client has to guess (RFC 9112 section 5).")

    @bodies
    def test_the_body_follows_the_blank_line_unchanged(self, body):
        response = build(body)
        content = response[len(head_of(response) + BLANK_LINE):]
        problem = "what follows the blank line is not the body in UTF-8"
        if content == b"\r\n" + body.encode():
            problem = "there is more than one blank line before the body"
        elif content in (body.encode() + b"\r\n", body.encode() + BLANK_LINE):
            problem = "there is a line end after the body"
        expect_same(content, body.encode(), problem=problem,
                    why="All bytes after the blank line are the body: line ends in it are the page's own, and nothing "
                        "stands before or after it (RFC 9112 section 6).")

    @bodies
    def test_content_length_counts_bytes(self, body):
        why = ("A client reads exactly so many bytes: with too few it cuts the page, with too many it waits for the "
               "rest (RFC 9110 section 8.6).")
        value = field_of(build(body), "Content-Length", why)
        counts_characters = len(body) != len(body.encode()) and value == str(len(body))
        problem = "Content-Length counts characters, not bytes" if counts_characters else "Content-Length is wrong"
        expect_same(value, str(len(body.encode())), why, problem=problem, body=repr(body.encode()))

    @pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/json", "text/css",
                                              "image/svg+xml", "application/vnd.Shop", "text/plain; format=Flowed"])
    def test_content_type_tells_the_charset(self, content_type):
        why = "Without its charset a browser guesses, and `你好` turns into `ä½ å¥½` (RFC 9110 section 8.3)."
        value = field_of(build(content_type=content_type), "Content-Type", why)
        problem = "Content-Type does not tell the charset"
        if "charset" in value.lower():
            problem, why = "Content-Type is wrong", "A browser goes by it: the type that the caller gives, as it " \
                                                    "is, and UTF-8 (RFC 9110 section 8.3)."
        given, _, charset = value.rpartition(";")
        expect_that((given.rstrip(), charset.strip().lower()) == (content_type, "charset=utf-8"), problem, why,
                    came_back=value, expected=f"{content_type}; charset=utf-8")

    @pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "302 Found", "500 Internal Server Error"])
    def test_the_fields_say_that_the_connection_closes(self, status):
        why = "Only `close` tells a client of HTTP/1.1 not to use the connection again (RFC 9112 section 9.3)."
        value = field_of(build(status=status), "Connection", why)
        expect_same(value.lower(), "close", why, problem="Connection says something else than close",
                    called=f"build_response('hello', {status!r})")

    @pytest.mark.parametrize(("extra", "why"), [
        pytest.param([("Allow", "GET, HEAD")], "Each pair becomes a line of the head", id="one"),
        pytest.param((("Allow", "GET"), ("x-COLOUR", "Blue; dark")), "Each pair becomes a line of the head, with name "
                     "and value as the caller wrote them", id="two"),
        pytest.param([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], "A name may come twice, as with two cookies: each "
                     "pair becomes a line of its own", id="two with the same name"),
        pytest.param([("X-B", "2"), ("X-A", "1"), ("X-C", "0")], "The lines stand in the order of the pairs, which may "
                     "matter to the client", id="three that are not sorted"),
        pytest.param([("X-A", "1"), ("X-B", "2"), ("X-A", "1")], "Each pair becomes a line of its own, also one that "
                     "is equal to another", id="two that are equal"),
        pytest.param([("X-A", ""), ("X-B", "2")], "A value may be empty, and its field is a field all the same",
                     id="one with an empty value"),
    ])
    def test_extra_fields_are_sent(self, extra, why):
        expected, names = list(extra), [name.lower() for name, _ in extra]
        lines = lines_of(build(extra_fields=type(extra)(extra)))  # a copy: another check sees to changes
        came_back = [(name, value) for name, value in map(read_field, lines[1:]) if name.lower() in names]
        expect_same(came_back, expected, problem=f"of the extra fields, {difference(came_back, expected)}",
                    why=f"{why} (RFC 9110 section 5.3).")

    def test_white_space_around_the_value_of_an_extra_field_stays(self):
        lines = lines_of(build(extra_fields=[("X-A", " b\t")]))
        expect_that(b"X-A:  b\t" in lines, "the value of an extra field is not sent as it is",
                    came_back=[line for line in lines if line.lower().startswith(b"x-a")], expected=repr(b"X-A:  b\t"),
                    why="Each pair becomes a line `Name: value`, with name and value as the caller wrote them.")

    @pytest.mark.parametrize("extra", [[("Allow", "GET")], [], [("X-B", "2"), ("X-A", "1"), ("X-B", "2")]],
                             ids=["one", "none", "three"])
    def test_the_list_of_extra_fields_is_left_as_it_is(self, extra):
        before = list(extra)
        build(extra_fields=extra)
        expect_unchanged("extra_fields", extra, before, problem="build_response changes the list that it is given",
                         why="The list belongs to the caller, whose next response would have the fields of this one, "
                             "too.")

    def test_a_client_can_read_all_of_it(self):
        answer = read_answer(build("你好", "404 Not Found", "text/plain", [("Allow", "GET")]))
        expect_same((answer.status, answer.body), (404, "你好".encode()), problem="a client reads something else",
                    why="Here the arguments come all together and by position (RFC 9112 section 2.1).")

    @pytest.mark.parametrize("what, kind", [
        pytest.param("a generator", lambda pairs: (pair for pair in pairs), id="a generator"),
        pytest.param("an iterator", iter, id="an iterator"),
        pytest.param("the items of a dict", lambda pairs: dict(pairs).items(), id="the items of a dict"),
    ])
    def test_extra_fields_may_be_any_iterable(self, what, kind):
        pairs = [("X-B", "2"), ("X-A", ""), ("X-C", "0")]
        why = ("A `for` loop can go through it, perhaps once only, and it need not have a len or an index: go through "
               "it once. `any(…)`, `list(…)` or a first loop, for example, take pairs away from a second.")
        with blaming(f"extra fields in {what} are an error", why, expected=f"lines for {pairs}"):
            response = build(extra_fields=kind(pairs))
        came_back = [(name, value) for name, value in map(read_field, lines_of(response)[1:]) if name[:2] == "X-"]
        expect_same(came_back, pairs, why, problem=f"of the extra fields in {what}, {difference(came_back, pairs)}",
                    extra_fields=f"{what}, which gives {pairs}")
