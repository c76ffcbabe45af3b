"""Step 3.9 · Collected.start_response: it is called again"""
import pytest

from tests.ch03_environ.applications import Trouble, exc_info_of
from tests.ch03_environ.collecting import Talk
from tests.ch03_environ.common import TEXT
from tests.expect import blaming, expect_raised, expect_value
from workshop.checking.diagnosis import expect_same, expect_that, expect_unchanged
from workshop.checking.tree import shown

BEGUN = [("Content-Type", "text/html"), ("Content-Length", "1000"), ("X-First", "yes")]
SORRY = [("Content-Type", "text/plain"), ("Content-Length", "5")]
REPLACES = ("The application has begun a page, meets an error and starts again; nothing has been sent yet, so the "
            'error page takes the place of the other, whole (PEP 3333, section "The start_response() Callable").')


def begun(*written, headers=BEGUN):
    """Return the Talk of an application that has started a page and written some of it, and the page's write."""
    talk = Talk()
    write = talk.start("200 OK", headers, name="first")
    if written:
        talk.write(write, *written, name="first")
    return talk, write


def start_again(talk, status="500 Internal Server Error", headers=SORRY):
    """Have an application start its error page; fail if that is refused. Return the page's write."""
    with blaming("a second start_response is refused though it has exc_info", REPLACES,
                 exc_info="(class, exception, traceback), the tuple of sys.exc_info()"):
        return talk.start(status, headers, exc_info_of(Trouble("no database")), name="second")


def start_once_too_often(talk, problem, why, *exc_info):
    """Fail unless a start_response without exc_info, or with this one, raises AssertionError."""
    expect_raised(AssertionError, lambda: talk.start("404 Not Found", [], *exc_info, name="again"), problem, why)


@pytest.mark.step("3.9")
class TestCollectedStartResponse:
    @pytest.mark.clause(80, 97)
    def test_with_exc_info_it_replaces_status_and_headers(self):
        talk, _ = begun()
        start_again(talk)
        status, headers, _ = talk.kept()
        expect_value(status, "500 Internal Server Error", REPLACES, likely={
            "a second start_response with exc_info changes nothing": "200 OK",
        }, problem="the status is neither that of the first nor of the second call")
        expect_value(headers, SORRY, REPLACES, likely={
            "the headers of the second start_response are added to those of the first": BEGUN + SORRY,
            "the second start_response replaces the status, but not the headers": BEGUN,
        }, problem="the headers of the first start_response are not replaced as a whole")

    def test_the_lists_of_headers_stay_as_they_were_given(self):
        talk, _ = begun()
        start_again(talk)
        start_again(talk, headers=[])
        for now, before in talk.given:
            expect_unchanged("its list", now, before, problem="a list of headers has changed",
                             why="It is the application's, which may use it for the next request, too: keep another "
                                 "list, and leave the one that was there as it is.")

    def test_the_same_list_may_come_again(self):
        talk, _ = begun(headers=TEXT)
        same = talk.given[0][0]
        talk.note("collected.start_response('500 Internal Server Error', the same list, sys.exc_info())")
        talk.collected.start_response("500 Internal Server Error", same, exc_info_of(Trouble("no database")))
        expect_value(talk.kept()[1], TEXT, REPLACES, problem="where the same list of headers comes again, others are "
                     "kept")

    @pytest.mark.clause(97)
    @pytest.mark.parametrize("how", ["written", "yielded"])
    def test_with_exc_info_it_empties_the_body(self, how):
        talk, _ = begun(*[b"half a page"] * (how == "written"))
        if how == "yielded":
            talk.add(b"half a page")
        start_again(talk)
        expect_same(talk.body(), b"", problem="half of the page that failed is still in self.blocks",
                    why="The client would take its bytes for a part of the error page.")

    @pytest.mark.clause(81)
    def test_with_exc_info_it_returns_write_too(self):
        talk, _ = begun()
        write = start_again(talk)
        why = 'start_response returns write, always (PEP 3333, section "The start_response() Callable").'
        expect_that(callable(write), f"with exc_info, start_response returns {shown(write)}, not write", why)
        talk.write(write, b"sorry", name="second")
        expect_same(talk.body(), b"sorry", why, problem="what is written after the second call is lost")

    @pytest.mark.clause(97)
    def test_an_error_page_may_fail_in_its_turn(self):
        talk, _ = begun()
        talk.write(start_again(talk), b"sor")
        start_again(talk, "503 Service Unavailable", [])
        expect_value(talk.kept(), ("503 Service Unavailable", [], b""), REPLACES,
                     problem="a third call, with exc_info as well, does not replace what was kept")

    @pytest.mark.clause(81, 103)
    def test_the_write_of_the_first_call_still_adds_to_the_body_after_exc_info(self):
        talk, first = begun(b"half a page")
        second = start_again(talk)
        talk.write(first, b"sorry, ", name="first")
        talk.write(second, b"bye, ", name="second")
        talk.write(first, b"bye", name="first")
        lost = "what is written by the write of the first call is lost after exc_info"
        expect_value(talk.body(), b"sorry, bye, bye", likely={lost: b"bye, "}, whys={
            lost: "The first write adds to the list that self.blocks was when it was made, and `self.blocks = []`, for "
                  "example, puts a new list in its place. Empty the same list, or let write look self.blocks up each "
                  'time it is called (PEP 3333, section "The write() Callable").',
        }, problem="after exc_info, write does not add to the body of the error page",
            why="There is one body, and an application may have kept the write that it was given first "
                '(PEP 3333, section "The write() Callable").')

    @pytest.mark.clause(93)
    @pytest.mark.parametrize("exc_info", [(), (None,)], ids=["two arguments", "exc_info None"])
    @pytest.mark.parametrize("headers", [TEXT, []], ids=["after headers", "after no headers"])
    def test_without_exc_info_a_second_call_is_refused(self, headers, exc_info):
        talk, _ = begun(headers=headers)
        problem, why = "a second start_response without exc_info is accepted", ""
        if not headers:
            problem += ", where the first had no headers"
            why = "An empty list counts as false, and is a list of headers all the same: ask whether self.status is " \
                  "None. "
        start_once_too_often(talk, problem,
                             f"{why}It is a mistake in the application, which would go unnoticed: one of its two heads "
                             'would be lost (PEP 3333, section "The start_response() Callable").', *exc_info)

    @pytest.mark.clause(93)
    def test_an_empty_status_counts_as_a_first_call(self):
        talk = Talk()
        talk.start("", TEXT, name="first")
        start_once_too_often(talk, "a second start_response without exc_info is accepted, after an empty status",
                             "It is the second call, whatever the first has said. '' counts as false, as None does: "
                             "ask whether self.status is None.")

    @pytest.mark.clause(93)
    def test_without_exc_info_a_call_after_one_with_it_is_refused(self):
        talk, _ = begun()
        start_again(talk)
        start_once_too_often(talk, "after a call with exc_info, one without it is accepted",
                       'Only the first call needs no exc_info (PEP 3333, section "The start_response() Callable").')

    @pytest.mark.clause(93)
    def test_a_call_that_is_refused_changes_nothing(self):
        talk, write = begun(b"one ", headers=TEXT)
        start_once_too_often(talk, "a second start_response without exc_info is accepted",
                             "One of two heads would be lost.")
        why = "An application may catch the error and carry on with what it said first."
        status, headers, body = talk.kept()
        expect_value((status, headers), ("200 OK", TEXT), why,
                     problem="a second start_response that is refused replaces what was kept")
        expect_same(body, b"one ", why, problem="a second start_response that is refused throws away the body so far")
        talk.write(write, b"two", name="first")
        expect_same(talk.body(), b"one two", why, problem="after a refusal, what is written is lost")
