"""Step 4.12 · access_line"""
import re
import time

import pytest

from tests.ch04_response.common import CLIENT, ch04, request_for
from tests.expect import a_value
from workshop.checking.diagnosis import expect_that

STARTED = time.gmtime(1_795_169_348)  # 20 November 2026, 10:09:08

LINE = re.compile(r'(\S+) - - \[(.+?)\] "(.*)" (\S+) (\S+) (\S+)')
FIELDS = {  # of a line -> where each comes from
    "the client's host": "client_address[0]", "the moment": "started, which is in UTC",
    "the request line": "the request's method, target and version", "the status": "response.status, its first three "
    "characters", "the number of bytes": "response.sent, which write and write_file count (`-` for 0)",
    "the time taken": "seconds, with three decimals",
}


def first_wrong(line, expected):
    """Return of the first field in which a line is not as expected what is wrong, and where it comes from.

    None if the line as a whole has another form.
    """
    parts = LINE.fullmatch(str(line))
    for (field, source), came, wanted in zip(FIELDS.items(), parts.groups() if parts else (),
                                             LINE.fullmatch(expected).groups(), strict=False):
        if came != wanted:
            return f"{field} is {came}, and should be {wanted}", f"It is {source}."


@pytest.mark.step("4.12")
class TestAccessLine:
    def response_to(self, request, status="200 OK", sent=65, started=True, head_sent=None):
        """Return a Response whose head has gone, if it has a status and head_sent says nothing else."""
        response = ch04.Response(None, request)
        response.started, response.status, response.sent = started, status, sent
        response.head_sent = bool(status) if head_sent is None else head_sent
        response.headers = [("Content-Length", "1000")]
        return response

    def line(self, request=None, seconds=0.0031, client=CLIENT, **parts):
        """Return what access_line makes of a request and its response. parts are those of response_to."""
        request = request or request_for(target="/a?b")
        line = ch04.access_line(client, request, self.response_to(request, **parts), STARTED, seconds)
        expect_that(line is not None, "nothing is returned", expected="str",
                    why="answer_with prints what access_line returns.")
        return line

    def expect_line(self, line, expected, problem, why="Tools that read logs know this format."):
        """Fail unless line is expected. Both are shown as they are: backslashes are what this is about."""
        expect_that(line == expected, problem, came_back=line, expected=expected, why=why)

    def test_it_has_the_common_log_format(self):
        line = self.line()
        expect_that(not str(line).endswith("\n"), "the line ends with a line break", came_back=repr(line),
                    why="print adds one.")
        expected = '127.0.0.1 - - [20/Nov/2026:10:09:08 +0000] "GET /a?b HTTP/1.1" 200 65 0.003'
        self.expect_line(line, expected, *(first_wrong(line, expected) or ["the line is not in the common log format"]))

    def test_the_moment_is_that_of_each_call(self):
        lines, request = [], request_for()
        for moment in (0, 86_400):
            response = self.response_to(request)
            lines.append(ch04.access_line(CLIENT, request, response, time.gmtime(moment), 0.0031))
        self.expect_line(" ".join(re.findall(r"\[.*?\]", "".join(lines))),
                         "[01/Jan/1970:00:00:00 +0000] [02/Jan/1970:00:00:00 +0000]",
                         "of two requests, one a day after the other, a line has another moment",
                         "started says when the request began: each line has its own.")

    def test_the_moment_is_in_utc_wherever_the_clock_is(self, eight_hours_ahead):
        moment = re.findall(r"\[.*?\]", self.line())
        self.expect_line(" ".join(moment), "[20/Nov/2026:10:09:08 +0000]",
                         "where local time is not UTC, the moment is another one",
                         "started is in UTC already, and the line says `+0000`; this clock is eight hours ahead. Give "
                         "started to time.strftime as it is: time.mktime takes it for local time.")

    def test_it_begins_with_the_client_s_host(self):
        self.expect_line(self.line(client=("192.0.2.7", 1234)).partition(" ")[0], "192.0.2.7",
                         "the line does not begin with the client's host", "It tells who has asked.")

    def test_nothing_is_printed(self, capsys):
        self.line()
        printed = capsys.readouterr()
        expect_that(not printed.out + printed.err, "access_line prints", came_back=printed.out + printed.err,
                    expected="the line is returned", why="answer_with prints it: it would be in the log twice.")

    @pytest.mark.parametrize("method", ["DELETE", "get"])
    def test_method_target_and_version_are_the_client_s(self, method):
        self.expect_line(self.line(request_for(method, "HTTP/1.0")).partition('"')[2],
                         f'{method} / HTTP/1.0" 200 65 0.003', "the request line is not the client's",
                         "The log tells what was sent: `get` is another method than GET, and a log is where one sees "
                         "that somebody sends it (RFC 9110 section 9.1).")

    @pytest.mark.parametrize("target", ["/a%20b", "/%61?", "http://shop.example/a?b", "*"])
    def test_the_target_is_written_as_it_was_sent(self, target):
        self.expect_line(self.line(request_for(target=target)).partition("] ")[2],
                         f'"GET {target} HTTP/1.1" 200 65 0.003', "the target is not written as it was sent",
                         "request.target has it so. request.path is percent-decoded, and a target that is put together "
                         "of it and of request.query may be another one.")

    def test_the_status_is_three_digits(self):
        self.expect_line(self.line(status="404 Not Found").partition('" ')[2], "404 65 0.003",
                         "the status is not three digits alone")

    def test_no_bytes_are_written_as_a_dash(self):
        self.expect_line(self.line(status="304 Not Modified", sent=0).partition('" ')[2], "304 - 0.003",
                         "where the head has gone, and nothing of a body, the bytes are not written as -",
                         "Ask whether response.sent is 0, and nothing else: a 304 has a head, and no body.")

    @pytest.mark.parametrize("started", [False, True], ids=["not started", "a start that was refused"])
    def test_no_status_is_written_as_a_dash(self, started):
        problem = "a response without a status is not written as -"
        why = ("Ask whether response.status is None, and nothing else. "
               "response.started is True too where start_response has refused what it was given." if started else
               "The application may fail before it calls start_response: there is no status then, and yet a line.")
        with a_value('"GET /a?b HTTP/1.1" - - 0.003', why, refused=problem):
            line = self.line(status=None, sent=0, started=started)
        self.expect_line(line.partition("] ")[2], '"GET /a?b HTTP/1.1" - - 0.003', problem, why)

    @pytest.mark.parametrize("started, head_sent, sent, case", [
        (False, True, 29, "start_response was never called, and send_error has answered with a 500"),
        (True, False, 0, "start_response was called, and then Ctrl-C came before a head was sent"),
    ], ids=["not started", "no head"])
    def test_a_status_is_told_however_it_came(self, started, head_sent, sent, case):
        line = self.line(status="500 Internal Server Error", sent=sent, started=started, head_sent=head_sent)
        self.expect_line(line.partition('" ')[2], f"500 {sent or '-'} 0.003", f"the status is not told: {case}",
                         "Ask whether response.status is None, and nothing else: response.started and "
                         "response.head_sent answer other questions.")

    @pytest.mark.parametrize("seconds, text", [(0, "0.000"), (0.0005678, "0.001"), (12.5, "12.500"), (99.99, "99.990")])
    def test_the_time_taken_has_three_decimals(self, seconds, text):
        written = self.line(seconds=seconds).rpartition(" ")[2]
        how = "rounded to" if re.fullmatch(r"\d+\.\d{3}", written) else "written with"
        self.expect_line(written, text, f"the seconds are not {how} three decimals",
                         "A format such as `:.3f` rounds, and writes three decimals always; a number that is rounded "
                         "does not keep the zeros at its end.")

    @pytest.mark.parametrize("target, shown", [
        ('/" 200 1 0.000', r'/\" 200 1 0.000'), ("/\\", r"/\\"), ('/\\"', r'/\\\"'),
        ('/"a"b"', r'/\"a\"b\"'), ("/\\a\\b", r"/\\a\\b"),
    ], ids=["a quote", "a backslash", "both", "three quotes", "two backslashes"])
    def test_quotes_and_backslashes_in_the_target_are_escaped(self, target, shown):
        line = self.line(request_for(target=target))
        self.expect_line(line.partition("] ")[2], f'"GET {shown} HTTP/1.1" 200 65 0.003',
                         "a quote or a backslash in the target is not escaped, once",
                         "The client chooses the target: a quote in it could end the quotation, and a backslash could "
                         "escape the quote that ends it. What you add is not escaped again.")
