"""Step 4.13 · answer_with: the access log"""
import calendar
import re
import time

import pytest

from tests.ch04_response.applications import app_returning, handled, late_app, log_lines, named
from tests.ch04_response.common import request_for
from workshop.checking.diagnosis import expect_same, expect_that


@pytest.mark.step("4.13")
class TestAnswerWith:
    @pytest.mark.parametrize("app, status, size", [
        (app_returning([b"hello"]), "200", "5"), (late_app, "200", "12"),
        (app_returning([], "304 Not Modified"), "304", "-"),
    ], ids=["a page", "chunks", "no body"])
    def test_each_request_has_one_line_in_the_access_log(self, app, status, size, capsys):
        handled(app, request_for(target="/a?b"))
        printed = capsys.readouterr()
        lines = log_lines(printed.err)
        expect_that(not log_lines(printed.out), "the access log is on stdout, not on stderr", stdout=printed.out,
                    why="The log is stderr; stdout has the URL.")
        expect_same(len(lines), 1, problem="there is not one line of the access log on stderr",
                    stderr=printed.err or "(nothing)",
                    why="Each request that was handled has its line.")
        expect_same(lines[0].group(1, 2, 3), ("GET /a?b HTTP/1.1", status, size),
                    problem="the access log tells another response", line=lines[0][0],
                    why="It tells what the client was sent.")

    def test_the_time_taken_includes_the_body(self, clock, capsys):
        def app(environ, start_response):
            clock.now += 1
            start_response("200 OK", [])
            yield b"hello"
            clock.now += 1.5

        handled(named("a generator that takes 1 second, yields b'hello', and takes 1.5 seconds more", app))
        seconds = [line[4] for line in log_lines(capsys.readouterr().err)]
        expect_that(seconds == ["2.500"], "the time taken is not that of call, body and end",
                    came_back=", ".join(seconds) or "(no line of the access log)",
                    expected="2.500, by time.monotonic()",
                    why="A generator does all its work while its blocks are asked for.")

    def test_the_moment_in_the_access_log_is_that_of_the_beginning(self, clock, capsys):
        def app(environ, start_response):
            clock.now += 100
            return app_returning([b"hello"])(environ, start_response)

        handled(named("an app that takes 100 seconds and returns [b'hello']", app))
        printed = capsys.readouterr().err
        expect_that("10:10:48" not in printed, "the moment in the access log is that of the end", stderr=printed,
                    expected="20/Nov/2026:10:09:08 +0000, when the application was called",
                    why="The line has the time taken too: with both, one knows what was going on at the same time.")

    def test_the_time_in_the_access_log_is_utc(self, eight_hours_ahead, capsys):
        handled(app_returning([b"hello"]))
        printed = capsys.readouterr().err
        moments = [time.strptime(text, "%d/%b/%Y:%H:%M:%S") for text in re.findall(r"\[(\S+) \+0000\]", printed)]
        near = moments and abs(calendar.timegm(moments[0]) - time.time()) < 3_600
        expect_that(near, "the time in the access log is not UTC",
                    stderr=printed, expected=time.strftime("about %d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
                    why="The line says `+0000`; this clock is eight hours ahead (time.gmtime is UTC, time.localtime "
                        "is what the wall says).")
