"""Step 1.1 · build_response: its Date field"""
import re
import time
from datetime import datetime
from email.utils import formatdate, parsedate_to_datetime

import pytest

from tests.ch01_socket.common import build, field_of
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import chapter_anew

DAY, MONTH = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
IMF_FIXDATE = re.compile(rf"{DAY}, \d\d {MONTH} \d{{4}} \d\d:\d\d:\d\d GMT")


def date_of(response):
    """Return the value of Date, which must have the form that servers write."""
    why = "There is one form in which servers write dates, and it ends in GMT (RFC 9110 section 5.6.7)."
    date = field_of(response, "Date", why)
    problem = "the Date has another form" if date.endswith(" GMT") else "the Date does not end in GMT"
    expect_that(IMF_FIXDATE.fullmatch(date), problem, why, came_back=repr(date),
                expected="such as 'Fri, 20 Nov 2026 10:09:08 GMT'")
    return date


def expect_now(date):
    """Fail unless a date tells the time of now, give or take five seconds."""
    ahead = parsedate_to_datetime(date).timestamp() - time.time()
    zone = datetime.now().astimezone().utcoffset().total_seconds()
    problem = "the Date is local time, and says GMT" if zone and abs(ahead - zone) < 5 else "the Date is not now"
    expect_that(abs(ahead) < 5, problem, came_back=date, expected=formatdate(usegmt=True),
                why="Caches work out from Date how old a page is: with a wrong one they keep it for too long, or not "
                    "at all (RFC 9110 section 6.6.1).")


@pytest.mark.step("1.1")
class TestBuildResponse:
    def test_the_date_is_written_as_http_writes_dates(self):
        date_of(build())

    def test_the_date_is_now(self):
        expect_now(date_of(build()))

    def test_each_response_has_a_date_of_its_own(self, last_week):
        build_response = chapter_anew("ch01_socket", "build_response").build_response
        build_response("hello")
        last_week.clear()
        try:
            expect_now(date_of(build_response("hello")))
        except Diagnosis as error:
            raise Diagnosis("the Date of an earlier response is used again", came_back=error.rows["came back"],
                            called="build_response('hello'), twice; in between, a week goes by for time.time",
                            expected=error.rows["expected"], why="A server runs for weeks. Make the Date in each call, "
                            "and keep none, not even for seconds: now is the moment in which this response is made, "
                            "and not the one of an import or of another client (RFC 9110 section 6.6.1).")

    def test_the_date_is_greenwich_time_wherever_the_server_stands(self, eight_hours_ahead):
        expect_now(date_of(build()))
