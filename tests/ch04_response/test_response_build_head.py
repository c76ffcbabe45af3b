"""Step 4.6 · Response.build_head"""
import re
import time
from email.utils import formatdate, parsedate_to_datetime

import pytest

from tests.ch04_response.common import BODILESS, ch04, head_of, request_for, response_to
from tests.expect import difference, expect_value
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged, shown_bytes
from workshop.checking.transport import Connection
from workshop.checking.tree import chapter_anew
from wsgi_contract.answer import BLANK_LINE, read_answer


@pytest.mark.step("4.6")
class TestBuildHead:
    def answer(self, *framing, **parts):
        """Return the head that build_head makes, as an Answer."""
        return read_answer(head_of(*framing, **parts), head_only=True)

    def test_it_begins_with_the_status_line(self):
        head = head_of(status="404 Not Found")
        expect_that(b"\r\n" in head, "the lines do not end with CRLF", came_back=shown_bytes(head),
                    why="A line of the head ends with CR and LF (RFC 9112 section 2.1).")
        expect_same(head.partition(b"\r\n")[0], b"HTTP/1.1 404 Not Found",
                    problem="the first line is not the status line",
                    why="A client reads the version, a space and the application's status there (RFC 9112 section 4).")

    def test_it_ends_with_the_blank_line(self):
        head = head_of(headers=[("X-A", "1")])
        problem = "there is a blank line within the head" if BLANK_LINE in head else "the head has no blank line"
        expect_that(head.endswith(BLANK_LINE) and head.count(BLANK_LINE) == 1, problem, came_back=shown_bytes(head),
                    why="Everything behind the first blank line is the body (RFC 9112 section 2.1).")

    def test_the_status_line_says_1_1_whatever_the_client_speaks(self):
        head = head_of("UNTIL_CLOSE", request=request_for(version="HTTP/1.0"))
        expect_value(head.partition(b" ")[0], b"HTTP/1.1", problem="the status line begins with another version",
                     likely={"the status line repeats the version of the client": b"HTTP/1.0"},
                     why="A server says which version it speaks itself (RFC 9112 section 2.3).")

    @pytest.mark.clause(23)
    def test_the_application_s_headers_are_sent_as_they_are(self):
        headers = [("Set-Cookie", "a=1"), ("X-A", ""), ("Set-Cookie", "b=2"), ("ETag", '"7"'), ("x-b", "1"),
                   ("Set-Cookie", "a=1")]
        response = response_to(headers=headers)
        response.framing = ch04.CHUNKED
        fields = read_answer(response.build_head(), head_only=True).fields
        expect_unchanged("self.headers", response.headers, headers, problem="build_head changes self.headers",
                         why="They are the application's: what the server adds goes into the head alone.")
        given = [field for field in fields if field[0].lower() in {name.lower() for name, _ in headers}]
        expect_same(given, headers, fields=fields, problem="of the application's headers, "
                                                           f"{difference(given, headers)}",
                    why="Names and values go out as they are, and a field may come twice, with another value or "
                        "the same: each cookie is a Set-Cookie field (RFC 6265 section 3).")

    @pytest.mark.parametrize("framing, known_length", [("CHUNKED", None), ("LENGTH", 5), ("UNTIL_CLOSE", None),
                                                       ("NO_BODY", None)])
    @pytest.mark.parametrize("status", ["200 OK", "204 No Content"])
    @pytest.mark.parametrize("headers", [[], [("X-A", "1")], [("Content-Length", "5"), ("Date", "now")]],
                             ids=["none", "one", "a length and a date"])
    def test_the_headers_that_are_kept_stay_as_they_are(self, headers, status, framing, known_length):
        response = response_to(status=status, headers=headers)
        response.framing, response.known_length = getattr(ch04, framing), known_length
        response.build_head()
        expect_same(response.headers, headers, problem="build_head changes self.headers", framing=framing,
                    why="They are the application's: what the server adds or leaves out, it adds to the head alone, or "
                        "leaves out of it alone.")

    @pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
    @pytest.mark.parametrize("framing, known_length", [("CHUNKED", None), ("LENGTH", 5), ("UNTIL_CLOSE", None),
                                                       ("NO_BODY", None)])
    def test_it_says_that_the_connection_closes_whatever_the_framing(self, framing, known_length, version):
        head = head_of(framing, request_for(version=version), known_length)
        expect_same(read_answer(head, head_only=True).values("Connection"), ["close"], framing=framing,
                    problem="the head does not say Connection: close, once", head=shown_bytes(head),
                    why="The server closes after each response, however the body ends, and says so to every client "
                        "(RFC 9112 section 9.6).")

    @pytest.mark.clause(135)
    def test_values_are_latin_1(self):
        head = head_of(headers=[("X-Name", "é")])
        expect_that(b"X-Name: \xe9\r\n" in head, "the head is not encoded as latin-1", came_back=shown_bytes(head),
                    expected=repr(b"X-Name: \xe9\r\n"),
                    why="Each character of a native string stands for one byte (PEP 3333, Unicode Issues).")

    @pytest.mark.clause(135)
    def test_the_status_is_latin_1(self):
        head = head_of(status="200 Très bien")
        expect_that(head.startswith(b"HTTP/1.1 200 Tr\xe8s bien\r\n"), "the status is not encoded as latin-1",
                    came_back=shown_bytes(head), expected=repr(b"HTTP/1.1 200 Tr\xe8s bien\r\n"),
                    why="All of the head is latin-1, its first line too (PEP 3333, Unicode Issues).")

    @pytest.mark.clause(19)
    def test_date_is_now(self):
        dates = self.answer().values("Date")
        expect_that(len(dates) == 1, "there is not one Date field", came_back=dates,
                    why="A server with a clock says when it answered (RFC 9110 section 6.6.1).")
        pattern = r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
        expect_that(re.fullmatch(pattern, dates[0]), "Date has another form", came_back=dates[0],
                    expected="Fri, 20 Nov 2026 10:09:08 GMT",
                    why="Dates in HTTP have this form only (RFC 9110 section 5.6.7).")
        expect_that(abs(parsedate_to_datetime(dates[0]).timestamp() - time.time()) < 60, "Date is not now",
                    came_back=dates[0], why="Caches compute the age of a page from it (RFC 9110 section 6.6.1).")

    @pytest.mark.clause(19)
    def test_each_head_has_a_date_of_its_own(self, last_week):
        chapter, dates = chapter_anew("ch04_response", "Response"), []
        for _ in range(2):
            response = chapter.Response(Connection(), request_for())
            response.started, response.status, response.framing = True, "200 OK", chapter.CHUNKED
            dates += read_answer(response.build_head(), head_only=True).values("Date")[:1]
            last_week.clear()
        expect_that(dates[1:] and abs(parsedate_to_datetime(dates[1]).timestamp() - time.time()) < 60,
                    "the Date of an earlier response is used again", came_back=f"{dates} in two heads",
                    called="build_head of two responses; in between, a week goes by for time.time",
                    why="A server runs for weeks: Date is the moment in which this head is made, and not the one of an "
                        "import or of another response (RFC 9110 section 6.6.1).")

    @pytest.mark.clause(19)
    def test_date_is_now_wherever_the_clock_is(self, eight_hours_ahead):
        dates = self.answer().values("Date")
        near = dates and abs(parsedate_to_datetime(dates[0]).timestamp() - time.time()) < 3_600
        expect_that(near, "Date is not now where local time is not UTC", came_back=dates,
                    expected=formatdate(usegmt=True),
                    why="It ends with GMT, and this clock is eight hours ahead: `formatdate(usegmt=True)` looks at "
                        "the time in UTC; time.localtime is what the wall says (RFC 9110 section 5.6.7).")

    @pytest.mark.parametrize("request_method, status", [*BODILESS, ("GET", "100 Continue"), ("GET", "500 Oh Dear")])
    @pytest.mark.clause(19)
    def test_date_and_server_are_in_every_head(self, request_method, status):
        answer = self.answer("NO_BODY", request=request_for(request_method), status=status)
        missing = [name for name in ("Date", "Server", "Connection") if len(answer.values(name)) != 1]
        expect_that(not missing, f"there is not one {' and one '.join(missing)} in a {status} to {request_method}",
                    came_back=answer.fields, expected="one Date, one Server, and one Connection",
                    why="Neither method nor status decides about these: every head has them (RFC 9110 sections 6.6.1 "
                        "and 10.2.4, RFC 9112 section 9.6).")

    @pytest.mark.clause(19)
    def test_server_is_named(self):
        expect_same(self.answer().values("Server"), [ch04.SERVER], problem="there is no Server field with SERVER in it",
                    why="It names the software that answers (RFC 9110 section 10.2.4).")

    @pytest.mark.parametrize("name, value", [
        ("Date", "Mon, 02 Nov 2026 00:00:00 GMT"), ("date", "Mon, 02 Nov 2026 00:00:00 GMT"), ("Server", "Flask"),
        ("SERVER", "Flask"), ("Server", ""), ("Date", ""), ("dATE", "now"), ("sERVER", "Flask")])
    @pytest.mark.clause(20)
    def test_what_the_application_gave_is_not_added_again(self, name, value):
        values = self.answer(headers=[(name, value)]).values(name)
        expect_same(values, [value], problem=f"there is a second {name.title()} beside the application's" if values[1:]
                    else f"the application's {name.title()} is not in the head",
                    why="The server adds what is missing. Names are the same in any case, and an empty value is a "
                        "value: `self.header` returns None if there is none (PEP 3333, The start_response() Callable).")

    def test_the_connection_is_to_be_closed(self):
        expect_same(self.answer().values("Connection"), ["close"],
                    problem="the head does not say Connection: close, once",
                    why="Otherwise an HTTP/1.1 client waits for another response (RFC 9112 section 9.6).")
