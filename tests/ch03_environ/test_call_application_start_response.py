"""Step 3.9 · call_application: start_response is called again, or too late"""
import pytest

from tests.ch03_environ.applications import Trouble, Written, call, call_anyhow, exc_info_of
from tests.ch03_environ.common import TEXT
from tests.expect import expect_raised, expect_value
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import shown

BEGUN = [("Content-Type", "text/html"), ("Content-Length", "1000"), ("X-First", "yes")]
SORRY = [("Content-Type", "text/plain"), ("Content-Length", "5")]


def recovers(environ, start_response):
    """An application that starts a response, and another one after an error."""
    start_response("200 OK", list(BEGUN))
    start_response("500 Internal Server Error", list(SORRY), exc_info_of(Trouble("no database")))
    return [b"sorry"]


def recovers_half_way(environ, start_response):
    """An application whose body fails after its first block."""
    start_response("200 OK", list(BEGUN))
    yield b"half a page"
    start_response("500 Internal Server Error", list(SORRY), exc_info_of(Trouble("no database")))
    yield b"sorry"


def recovers_after_writing(environ, start_response):
    """An application that has written some of its body when it fails."""
    start_response("200 OK", list(BEGUN))(b"half a page")
    start_response("500 Internal Server Error", list(SORRY), exc_info_of(Trouble("no database")))
    return [b"sorry"]


REPLACES = ("With exc_info, a call takes the place of the one before, whatever the application has given by then: here "
            'nothing has been sent (PEP 3333, section "The start_response() Callable").')


def calls_twice(*exc_info):
    """Return an application that calls start_response twice, the second time with this behind status and headers."""
    def application(environ, start_response):
        start_response("200 OK", [*TEXT])
        start_response("404 Not Found", [*TEXT], *exc_info)
        return [b"hello"]

    return application


@pytest.mark.step("3.9")
class TestCallApplication:
    @pytest.mark.clause(80, 97)
    def test_start_response_with_exc_info_replaces_what_was_kept(self):
        why = ("The application has begun a page, meets an error and starts again; nothing has been sent yet, so the "
               'error page takes the place of the other, whole (PEP 3333, section "The start_response() Callable").')
        status, headers, body = call(recovers, problem="a second start_response is refused though it has exc_info",
                                     exc_info="(class, exception, traceback), the tuple of sys.exc_info()", why=why)
        expect_value(status, "500 Internal Server Error", why, likely={
            "a second start_response with exc_info changes nothing": "200 OK",
        }, problem="the status is neither that of the first nor of the second call")
        expect_value(headers, SORRY, why, likely={
            "the headers of the second start_response are added to those of the first": BEGUN + SORRY,
            "the second start_response replaces the status, but not the headers": BEGUN,
        }, problem="the headers of the first start_response are not replaced as a whole")
        expect_same(body, b"sorry", why, problem="the body is not that of the error page")

    @pytest.mark.clause(80)
    def test_the_first_call_may_have_exc_info_too(self):
        def application(environ, start_response):
            start_response("500 Internal Server Error", [*TEXT], exc_info_of(Trouble()))
            return [b"sorry"]

        why = ("An application that fails before its first call goes the same way "
               '(PEP 3333, section "The start_response() Callable").')
        came_back = call(application, problem="a first start_response with exc_info is refused", why=why)
        expect_value(came_back, ("500 Internal Server Error", TEXT, b"sorry"), why,
                     problem="the response is another one")

    @pytest.mark.clause(81)
    def test_the_second_call_returns_write_too(self):
        app = Written(again=True)
        came_back = call(app)
        why = 'start_response returns write, always (PEP 3333, section "The start_response() Callable").'
        expect_that(callable(app.write), f"with exc_info, start_response returns {shown(app.write)}, not write", why)
        expect_same(came_back[2], b"one two three", why, problem="what is written after the second call is lost")

    @pytest.mark.clause(93)
    @pytest.mark.parametrize("exc_info", [(), (None,)], ids=["two arguments", "exc_info None"])
    def test_a_second_start_response_without_exc_info_is_refused(self, exc_info):
        expect_raised(AssertionError, lambda: call_anyhow(calls_twice(*exc_info)),
                      problem="a second start_response without exc_info is accepted",
                      why="It is a mistake in the application, which would go unnoticed: one of its two heads would be "
                          'lost (PEP 3333, section "The start_response() Callable").')

    @pytest.mark.clause(93)
    def test_a_call_without_exc_info_after_one_with_it_is_refused(self):
        def application(environ, start_response):
            start_response("200 OK", [*TEXT])
            start_response("500 Internal Server Error", [*TEXT], exc_info_of(Trouble()))
            start_response("404 Not Found", [*TEXT])
            return [b"hello"]

        expect_raised(AssertionError, lambda: call_anyhow(application),
                      problem="after a call with exc_info, one without it is accepted",
                      why='Only the first call needs no exc_info (PEP 3333, section "The start_response() Callable").')

    @pytest.mark.parametrize("app", [recovers_half_way, recovers_after_writing], ids=["yielded", "written"])
    @pytest.mark.clause(97)
    def test_an_error_page_takes_the_place_of_the_body_so_far(self, app):
        body = call(app, problem="start_response with exc_info is refused once a part of the body is there",
                    why=REPLACES)[2]
        expect_same(body, b"sorry", problem="the error page stands behind half of the other page",
                    why="The client would take the bytes of the page that failed for a part of the error page, and "
                        "its Content-Length counts only what comes after.")
