"""Step 3.9 · call_application"""
import contextlib
import sys

import pytest

from tests.ch03_environ.common import (
    ALL_BYTES,
    TEXT,
    Positional,
    Trouble,
    blaming,
    call,
    call_anyhow,
    environ_from_outside,
    expect_value,
    function,
)
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that
from workshop.checking.tree import shown


def expect_out(error_class, call, problem, why):
    """Fail with problem unless call() ends with an exception of error_class."""
    with blaming(f"another exception comes out than {error_class.__name__}", why):
        try:
            came_back = call()
        except Diagnosis:  # an AssertionError of ours
            raise
        except error_class:
            return
    raise Diagnosis(problem, **{"came back": shown(came_back), "expected": error_class.__name__}, why=why)


class Blocks:
    """What an application returns: an iterable that is not its own iterator, and takes down what is done with it."""

    def __init__(self, *blocks, error=None):
        self.blocks = blocks
        self.error = error  # raised behind the last block
        self.events = []

    def __iter__(self):
        return Cursor(self)

    def close(self):
        self.events.append("close")


class Cursor:
    """The iterator of Blocks. It has a close of its own, which is nobody's business."""

    def __init__(self, iterable):
        self.iterable = iterable
        self.left = list(iterable.blocks)

    def __iter__(self):
        return self

    def __next__(self):
        if self.left:
            self.iterable.events.append("block")
            return self.left.pop(0)
        raise self.iterable.error or StopIteration

    def close(self):
        self.iterable.events.append("close of the iterator")


def returning(iterable):
    """Return an application that starts a response and returns iterable."""
    def application(environ, start_response):
        start_response("200 OK", TEXT)
        return iterable

    return application


def generator(environ, start_response):
    start_response("200 OK", TEXT)
    yield from [b"one ", b"two"]


class Kinds:
    """Applications of the other kinds."""

    def __init__(self, environ=None, start_response=None):
        self.start_response = start_response

    def method(self, environ, start_response):
        return function(environ, start_response)

    __call__ = method

    def __iter__(self):
        return generator({}, self.start_response)


class Written:
    """An application that gives its body to write, and more of it in its iterable."""

    def __init__(self, *, again=False):
        self.again = again  # whether to take the write of a second start_response
        self.write = None

    def __call__(self, environ, start_response):
        self.write = start_response("200 OK", TEXT)
        if self.again:
            self.write = start_response("404 Not Found", TEXT, exc_info_of(Trouble()))
        if callable(self.write):
            self.write(b"one ")
            self.write(b"two ")
        return [b"three"]


def exc_info_of(error):
    """Return what sys.exc_info() returns where error is being handled."""
    try:
        raise error
    except type(error):
        return sys.exc_info()


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


def calls_twice(*exc_info):
    """Return an application that calls start_response twice, the second time with this behind status and headers."""
    def application(environ, start_response):
        start_response("200 OK", TEXT)
        start_response("404 Not Found", TEXT, *exc_info)
        return [b"hello"]

    return application


@pytest.mark.step("3.9")
class TestCallApplication:
    def test_it_returns_status_headers_and_body(self):
        expect_value(call(function), ("200 OK", TEXT, b"one two"), likely={
            "the body is only the last block": ("200 OK", TEXT, b"two"),
            "the body is only the first block": ("200 OK", TEXT, b"one "),
            "the body is empty": ("200 OK", TEXT, b""),
        }, problem="status, headers and body are not those of the application",
            why="What the application says is what the client gets.")

    def test_two_calls_have_nothing_in_common(self):
        call(Written())
        expect_value(call(function), ("200 OK", TEXT, b"one two"),
                     problem="something of one request is left over in the next",
                     why="What was kept belongs to one request: the next visitor may be another person.")

    @pytest.mark.clause(15)
    def test_the_application_is_called_by_position(self):
        app = Positional()
        call(app)
        arguments, named = app.calls[0]
        expect_that(not named, "the application is called with keywords", came_back=", ".join(named),
                    why="The names of its two parameters are its own affair: with other ones it raises TypeError "
                        '(PEP 3333, section "Specification Details").')

    @pytest.mark.clause(14)
    def test_the_application_is_called_once(self):
        app = Positional()
        call(app)
        expect_that(len(app.calls) == 1, f"the application is called {len(app.calls)} times for one request",
                    "An application that takes an order would take it twice (PEP 3333, section \"The Server/Gateway "
                    'Side").')

    @pytest.mark.clause(36)
    def test_the_application_gets_the_environ(self):
        app = Positional()
        environ = environ_from_outside(HTTP_X_SHOP="books")
        call(app, dict(environ))
        expect_value(app.calls[0][0][0], environ, problem="the application gets another environ",
                     why="All that it knows of the request is in there.")

    @pytest.mark.clause(13)
    @pytest.mark.parametrize("app", [
        pytest.param(function, id="a function"),
        pytest.param(generator, id="a generator function"),
        pytest.param(Kinds().method, id="a bound method"),
        pytest.param(Kinds, id="a class"),
        pytest.param(Kinds(), id="an instance"),
    ])
    def test_every_kind_of_application_is_served(self, app):
        why = ("A server only calls the application, and goes through what it gets: start_response may come as late as "
               'with the first block (PEP 3333, section "Specification Details").')
        with blaming("an application that calls start_response with its first block is not served"
                     if app in (generator, Kinds) else "an application of this kind is not served", why):
            came_back = call(app)
        expect_value(came_back, ("200 OK", TEXT, b"one two"), why, problem="this kind of application is not served")

    @pytest.mark.clause(77)
    def test_start_response_may_come_late_and_without_a_block(self):
        def application(environ, start_response):
            start_response("204 No Content", [])
            yield from []

        why = ("Going through the iterable is what runs a generator, also if it gives no block (PEP 3333, section "
               '"Specification Details").')
        with blaming("a late start_response is not waited for where there is no block", why):
            came_back = call(application)
        expect_value(came_back, ("204 No Content", [], b""), why, problem="a response without a block is another one")

    @pytest.mark.clause(12)
    def test_the_application_may_empty_its_environ(self):
        def application(environ, start_response):
            environ.clear()
            return function(environ, start_response)

        why = 'The environ is the application\'s to change (PEP 3333, section "Specification Details").'
        with blaming("an application that empties its environ is not served", why):
            call(application)

    @pytest.mark.clause(81, 103, 104)
    def test_what_is_written_comes_before_the_blocks(self):
        app = Written()
        came_back = call(app)
        why = ("start_response returns `write`, for applications that push their body out piece by piece; what their "
               'iterable gives comes behind it (PEP 3333, section "The write() Callable").')
        expect_that(callable(app.write), f"start_response returns {shown(app.write)}, not write", why)
        expect_value(came_back[2], b"one two three", why, likely={
            "what is written is lost": b"three",
            "what is written comes behind the blocks": b"threeone two ",
            "of what is written only the last is kept": b"two three",
        }, problem="the body is not what was written and then the blocks")

    @pytest.mark.clause(81, 134)
    def test_all_256_bytes_come_back_as_they_are(self):
        blocks = [ALL_BYTES[:100], b"", ALL_BYTES[100:]]
        why = 'A body may be a picture: it is bytes, from end to end (PEP 3333, section "A Note On String Types").'
        with blaming("a body that is not UTF-8 is not served", why):
            came_back = call(returning(blocks))
        expect_value(came_back[2], ALL_BYTES, why, problem="bytes of the body are changed or lost")

    @pytest.mark.clause(80, 97)
    def test_start_response_with_exc_info_replaces_what_was_kept(self):
        why = ("The application has begun a page, meets an error and starts again; nothing has been sent yet, so the "
               'error page takes the place of the other, whole (PEP 3333, section "The start_response() Callable").')
        with blaming("a second start_response is refused though it has exc_info", why,
                     exc_info="(class, exception, traceback), the tuple of sys.exc_info()"):
            status, headers, body = call(recovers)
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
            start_response("500 Internal Server Error", TEXT, exc_info_of(Trouble()))
            return [b"sorry"]

        why = ("An application that fails before its first call goes the same way "
               '(PEP 3333, section "The start_response() Callable").')
        with blaming("a first start_response with exc_info is refused", why):
            came_back = call(application)
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
        expect_out(AssertionError, lambda: call_anyhow(calls_twice(*exc_info)),
                   problem="a second start_response without exc_info is accepted",
                   why="It is a mistake in the application, which would go unnoticed: one of its two heads would be "
                       'lost (PEP 3333, section "The start_response() Callable").')

    @pytest.mark.parametrize("blocks", [[b"hello"], []], ids=["a block", "no block"])
    def test_an_application_that_never_calls_start_response_is_refused(self, blocks):
        expect_out(AssertionError, lambda: call_anyhow(lambda environ, start_response: blocks),
                   problem="an application that never calls start_response is accepted",
                   why="There would be a response without a status; gunicorn sends `HTTP/1.1 None` "
                       '(PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74, 79)
    def test_the_iterable_is_closed_in_the_end(self):
        self.expect_closed(Blocks(b"one", b"two"), ["block", "block", "close"])

    @pytest.mark.clause(74)
    def test_an_empty_iterable_is_closed_too(self):
        self.expect_closed(Blocks(), ["close"])

    @pytest.mark.clause(75)
    def test_the_iterable_is_closed_if_the_iteration_fails(self):
        iterable = Blocks(b"one", error=Trouble())
        with contextlib.suppress(Trouble):
            call(returning(iterable))
        self.expect_events(iterable, ["block", "close"], "close is not called if the iteration fails")

    @pytest.mark.clause(74)
    def test_the_iterable_is_closed_if_start_response_was_never_called(self):
        iterable = Blocks(b"one")
        with contextlib.suppress(AssertionError):
            call_anyhow(lambda environ, start_response: iterable)
        expect_that("close" in iterable.events, "close is not called if start_response never was",
                    'What the application opened would stay open (PEP 3333, section "Specification Details").')

    def expect_closed(self, iterable, events):
        with blaming("an iterable with close is not served", "Any iterable may have a close."):
            call(returning(iterable))
        self.expect_events(iterable, events, "close is not called on what the application returned")

    def expect_events(self, iterable, events, missing):
        """Fail unless exactly this was done with the iterable, in this order."""
        problem = missing
        if "close of the iterator" in iterable.events:
            problem = "close is called on the iterator, not on what the application returned"
        elif iterable.events.count("close") > 1:
            problem = f"close is called {iterable.events.count('close')} times"
        elif "close" in iterable.events:
            problem = "close is called before the last block has been taken"
        expect_value(iterable.events, events, problem=problem,
                     why="By close, and by it alone, the application learns that the request is over: it gives back "
                         'files and database connections there (PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74)
    def test_an_iterable_without_close_is_served(self):
        why = 'Most applications return a list, which has no close (PEP 3333, section "Specification Details").'
        with blaming("an iterable without close is not served", why):
            came_back = call(returning((b"one ", b"two")))
        expect_same(came_back[2], b"one two", why, problem="the body is another one")

    @pytest.mark.clause(21)
    def test_an_error_of_the_application_comes_out(self):
        def application(environ, start_response):
            raise Trouble("no database")

        expect_out(Trouble, lambda: call_anyhow(application),
                   problem="an error of the application is swallowed",
                   why="Who calls decides what the client is told: step 3.11 answers 500.")

    @pytest.mark.clause(21)
    def test_an_error_during_the_iteration_comes_out(self):
        iterable = Blocks(b"one", error=Trouble("no database"))
        expect_out(Trouble, lambda: call_anyhow(returning(iterable)),
                   problem="an error during the iteration is swallowed",
                   why="Half a body would be sent as if it were whole: step 3.11 answers 500 instead.")

    def test_a_call_within_a_call_has_nothing_in_common_with_it(self):
        def outer(environ, start_response):
            write = start_response("404 Not Found", TEXT)
            write(b"outer, ")
            return [call(function)[2], b", outer"]

        why = "An application may call another one in the same way: that is how chapter 5 stacks them."
        with blaming("an application can't call another one", why):
            came_back = call(outer)
        expect_value(came_back, ("404 Not Found", TEXT, b"outer, one two, outer"), why,
                     problem="a call within a call changes the outer one")

    @pytest.mark.parametrize("app", [recovers_half_way, recovers_after_writing], ids=["yielded", "written"])
    @pytest.mark.clause(97)
    def test_an_error_page_takes_the_place_of_the_body_so_far(self, app):
        body = call(app)[2]
        expect_same(body, b"sorry", problem="the error page stands behind half of the other page",
                    why="The client would take the bytes of the page that failed for a part of the error page, and "
                        "its Content-Length counts only what comes after.")

    @pytest.mark.clause(93)
    def test_a_second_start_response_that_is_refused_changes_nothing(self):
        def application(environ, start_response):
            start_response("200 OK", TEXT)
            with contextlib.suppress(AssertionError):
                start_response("404 Not Found", [])
            return [b"hello"]

        expect_value(call_anyhow(application), ("200 OK", TEXT, b"hello"),
                     problem="a second start_response that is refused replaces what was kept",
                     why="An application may catch the error and carry on with what it said first.")

    @pytest.mark.clause(77)
    def test_a_block_before_start_response_is_refused(self):
        def application(environ, start_response):
            yield b"half a page"
            start_response("200 OK", TEXT)
            yield b"hello"

        expect_out(AssertionError, lambda: call_anyhow(application),
                   problem="a block that comes before start_response is accepted",
                   why="Status and headers go out ahead of the body, so they must be there with its first block at the "
                       'latest (PEP 3333, section "Specification Details").')

    @pytest.mark.clause(21)
    def test_an_error_in_close_comes_out(self):
        class Closing(list):
            def close(self):
                raise AttributeError("a bug in close")

        expect_out(AttributeError, lambda: call_anyhow(returning(Closing([b"one"]))),
                   problem="an error in the iterable's close is swallowed",
                   why="Whether there is a close is asked before, with hasattr or getattr: `except AttributeError` "
                       "also takes those that are raised in it.")
