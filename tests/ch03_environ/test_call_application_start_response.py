"""Step 3.10 · call_application: start_response is called again, late, too late, or never"""
import pytest

from tests.ch03_environ.applications import Blocks, Trouble, call, call_anyhow, exc_info_of
from tests.ch03_environ.common import TEXT
from tests.expect import expect_raised, expect_value

BEGUN = [("Content-Type", "text/html"), ("Content-Length", "1000")]
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


def calls_twice(environ, start_response):
    """An application that calls start_response twice, the second time without exc_info."""
    start_response("200 OK", [*TEXT])
    start_response("404 Not Found", [*TEXT])
    return [b"hello"]

# How it comes that nothing of the first page is left, whatever the application has given of it.
FORGOTTEN = {
    recovers: ": whatever the application has given by then, nothing has been sent",
    recovers_half_way: ", and can empty no other list: add each block that the application yields to collected.blocks, "
                       "as soon as it comes",
    recovers_after_writing: ", and what was written is in there: join the blocks when the application has come to its "
                            "end",
}

TOO_EARLY = "status and headers are those of the first start_response"


@pytest.mark.step("3.10")
class TestCallApplication:
    @pytest.mark.clause(80, 97)
    @pytest.mark.parametrize("app", [recovers, recovers_half_way, recovers_after_writing],
                             ids=["at once", "yielded", "written"])
    def test_an_error_page_takes_the_place_of_the_page_that_failed(self, app):
        why = (f"With exc_info, start_response empties collected.blocks{FORGOTTEN[app]} "
               '(PEP 3333, section "The start_response() Callable").')
        came_back = call(app, problem="an application that starts an error page, with exc_info, is not served", why=why)
        expect_value(came_back, ("500 Internal Server Error", SORRY, b"sorry"), why, likely={
            "the error page comes after half of the other page":
                ("500 Internal Server Error", SORRY, b"half a pagesorry"),
            TOO_EARLY: ("200 OK", BEGUN, b"sorry"),
        }, whys={
            TOO_EARLY: "With exc_info, start_response replaces collected.status and collected.headers, and it can be "
                       "called as late as with the last block: read both when the application has come to its end "
                       '(PEP 3333, section "The start_response() Callable").',
        }, problem="the response is not the error page")

    @pytest.mark.clause(93)
    def test_a_second_call_that_is_refused_ends_the_application(self):
        expect_raised(AssertionError, lambda: call_anyhow(calls_twice),
                      problem="an application that calls start_response twice, without exc_info, is accepted",
                      why="start_response raises AssertionError, and what comes out of the application is let out "
                          '(PEP 3333, section "The start_response() Callable").')

    @pytest.mark.clause(77)
    def test_start_response_may_come_late_and_without_a_block(self):
        def application(environ, start_response):
            start_response("204 No Content", [])
            yield from []

        why = ("Going through the iterable is what runs a generator, also if it gives no block (PEP 3333, section "
               '"Specification Details").')
        came_back = call(application, why=why,
                         problem="a late start_response, without a block, is not served")
        expect_value(came_back, ("204 No Content", [], b""), why, problem="a response without a block is another one")

    @pytest.mark.parametrize("blocks", [[b"hello"], [], [b"", b"hello"]], ids=["a block", "no block", "two blocks"])
    def test_a_response_without_headers_is_a_response(self, blocks):
        def application(environ, start_response):
            start_response("200 OK", [])
            return blocks

        why = ("An empty list of headers is what the application has said. Only a status that is still None tells that "
               "start_response was not called.")
        came_back = call(application, problem="start_response was called with an empty list of headers, and that "
                                              "counts as not called", why=why)
        expect_value(came_back, ("200 OK", [], b"".join(blocks)), why,
                     problem="a response without headers is another one")

    @pytest.mark.clause(77)
    @pytest.mark.parametrize("before", [[b""], [b"", b"", b""]], ids=["one", "several"])
    @pytest.mark.parametrize("after", [[b"hello"], [b"", b"hello"], []], ids=["a block", "two blocks", "no block"])
    def test_empty_blocks_may_come_before_start_response(self, before, after):
        def application(environ, start_response):
            yield from before
            start_response("200 OK", [*TEXT])
            yield from after

        why = ("An empty block says `not yet`, as middleware does that waits for more; nothing of it is sent, so it "
               'needs no head (PEP 3333, section "Middleware Handling of Block Boundaries").')
        came_back = call(application, problem="an empty block before start_response is refused", why=why,
                         sent=f"the blocks {before}, then start_response, then the blocks {after}")
        expect_value(came_back, ("200 OK", TEXT, b"".join(after)), why,
                     problem="with an empty block before start_response, the response is another one")

    @pytest.mark.clause(77)
    def test_start_response_may_come_late_from_an_iterable_that_counts_as_empty(self):
        class Late(Blocks):
            also = "; its len is 0, and its __iter__ calls start_response('204 No Content', [])"

            def __iter__(self):
                self.start_response("204 No Content", [])
                return super().__iter__()

            def __len__(self):
                return 0

        def application(environ, start_response):
            late.start_response = start_response
            return late

        late, why = Late(), ("What counts as empty may be late too: only going through it calls start_response "
                             '(PEP 3333, section "Specification Details").')
        came_back = call(application, problem="an application whose iterable has a len of 0 is not served", why=why)
        expect_value(came_back, ("204 No Content", [], b""), why, problem="a response without a block is another one")

    @pytest.mark.clause(77)
    @pytest.mark.parametrize("blocks", [[b"half a page"], [b"", b"half a page"], [b"\n"]],
                             ids=["at once", "after an empty one", "a line end"])
    def test_a_block_before_start_response_is_refused(self, blocks):
        def application(environ, start_response):
            yield from blocks
            start_response("200 OK", [*TEXT])
            yield b"hello"

        expect_raised(AssertionError, lambda: call_anyhow(application),
                      problem="a block that comes before start_response is accepted",
                      why="Status and headers go out ahead of the body, so they must be there with its first block at "
                          'the latest (PEP 3333, section "Specification Details").')

    @pytest.mark.parametrize("blocks", [[b"hello"], []], ids=["a block", "no block"])
    def test_an_application_that_never_calls_start_response_is_refused(self, blocks):
        def application(environ, start_response):
            return blocks

        expect_raised(AssertionError, lambda: call_anyhow(application),
                      problem="an application that never calls start_response is accepted",
                      why="There would be a response without a status; gunicorn sends `HTTP/1.1 None` "
                          '(PEP 3333, section "Specification Details").')

    @pytest.mark.parametrize("blocks", [[b"hello"], []], ids=["a block", "no block"])
    def test_an_empty_status_is_a_status(self, blocks):
        def application(environ, start_response):
            start_response("", [*TEXT])
            return blocks

        why = ("start_response was called, and '' is what it was given: it counts as false, as None does. Ask whether "
               "the status is None.")
        came_back = call(application, problem="an application whose status is empty is not served", why=why)
        expect_value(came_back, ("", TEXT, b"".join(blocks)), why, problem="an empty status is not what comes back")
