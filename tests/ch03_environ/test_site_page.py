"""Step 3.6 · Site.page"""
import contextlib

import pytest

from tests.ch03_environ.common import ch03, environ_from_outside
from tests.ch03_environ.every_application import CLIENT_SEEN, EveryPage, accepted_by_wsgiref, other_requests
from tests.ch03_environ.visiting import StartResponse, blocks_of, seen, visit
from tests.expect import FAMILIES, expect_value, raising


@pytest.mark.step("3.6")
class TestSitePage(EveryPage):
    def app(self, site=None):
        return seen((site or ch03.Site()).page, "Site().page")

    def test_each_visit_is_counted(self):
        site = ch03.Site()
        visits = [(visit(self.app(site)), site.visits)[1] for _ in range(3)]
        expect_value(visits, [1, 2, 3], likely={
            "visits stays 0": [0, 0, 0],
            "visits is set to 1 each time": [1, 1, 1],
            "a visit is counted twice": [2, 4, 6],
            f"the first visit to a new site is number {visits[0]}": [visits[0], visits[0] + 1, visits[0] + 2],
        }, problem="visits does not count the visits",
            why="A bound method brings its object along: this is how an application keeps something between requests.")

    def test_a_visit_counts_although_nobody_reads_the_page_to_its_end(self):
        site = ch03.Site()
        next(blocks_of(self.app(site)(environ_from_outside(), StartResponse())), None)
        expect_value(site.visits, 1, of="visits",
                     problem="a visit is not counted before the page has been read to its end",
                     why="A client may leave half way, and a server need not ask for all blocks "
                         '(PEP 3333, section "Specification Details").')

    def test_a_visit_counts_when_the_page_is_asked_for(self):
        site = ch03.Site()
        self.app(site)(environ_from_outside(), StartResponse())
        expect_value(site.visits, 1, of="visits",
                     problem="a visit is not counted when the page is asked for, only when it is read",
                     why="The call is the visit, also if nobody reads what it returns. With `yield` in it, page runs "
                         "only when its first block is asked for: use `return`.")

    @pytest.mark.parametrize("kind", [AssertionError, *FAMILIES])
    def test_a_visit_counts_though_start_response_raises(self, kind):
        site = ch03.Site()
        with contextlib.suppress(kind):
            self.app(site)(environ_from_outside(), raising(kind("raised by start_response")))
        expect_value(site.visits, 1, of="visits", problem="a visit is not counted where start_response raises",
                     called=f"page, with a start_response that raises {kind.__name__}",
                     why="Each call is a visit, whatever becomes of it: count before you call what may raise.")

    def test_each_visit_of_one_client_is_counted(self):
        site = ch03.Site()
        environ, start_response = environ_from_outside(**CLIENT_SEEN), StartResponse()
        for _ in range(3):  # with the very same arguments
            list(blocks_of(self.app(site)(environ, start_response)))
        expect_value(site.visits, 3, likely={
            "a client that was there before is not counted": 1, "a client with a cookie is not counted": 0,
        }, client=CLIENT_SEEN, of="visits", problem="three visits of one client are not counted as three",
            why="Each call is a visit, whoever comes, and however often: visits, not visitors.")

    def test_one_is_added_to_the_visits_that_are_there(self):
        site = ch03.Site()
        visit(self.app(site))
        site.visits = 41
        visit(self.app(site))
        expect_value(site.visits, 42, likely={"the visits are counted beside self.visits": 2}, problem="a visit does "
                     "not add one to self.visits", why="The count stands in self.visits alone: whoever sets it, to 0 "
                     "for a new day, finds one more after the next visit.")

    @other_requests
    def test_every_request_counts(self, name, variables):
        site = ch03.Site()
        visit(self.app(site), **variables)
        expect_value(site.visits, 1, likely={f"{name} is not counted": 0}, sent=f"{name}: {variables}",
                     of="visits", problem=f"{name} is not counted once",
                     why="Each call asks for the page: the task names nothing of the environ that matters.")

    def test_each_site_counts_for_itself(self):
        first, second = ch03.Site(), ch03.Site()
        visit(self.app(first))
        visit(self.app(first))
        visit(self.app(second))
        expect_value((first.visits, second.visits), (2, 1), problem="two sites share one count",
                     why="Two applications of one class can stand side by side in a process.")

    test_wsgiref_accepts_it = accepted_by_wsgiref
