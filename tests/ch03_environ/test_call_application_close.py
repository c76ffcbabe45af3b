"""Step 3.9 · call_application: the iterable is closed"""
import contextlib

import pytest

from tests.ch03_environ.applications import Blocks, Trouble, call, call_anyhow, returning
from tests.expect import blaming, expect_raised, expect_value
from workshop.checking.diagnosis import expect_same, expect_that


def expect_closed_after(iterable, events):
    """Fail unless an iterable is served and then closed."""
    with blaming("an iterable with close is not served", "Any iterable may have a close."):
        call(returning(iterable))
    expect_events(iterable, events, "close is not called on what the application returned")


def expect_events(iterable, events, missing):
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


@pytest.mark.step("3.9")
class TestCallApplication:
    @pytest.mark.clause(74, 79)
    def test_the_iterable_is_closed_in_the_end(self):
        expect_closed_after(Blocks(b"one", b"two"), ["block", "block", "close"])

    @pytest.mark.clause(74)
    def test_an_empty_iterable_is_closed_too(self):
        expect_closed_after(Blocks(), ["close"])

    @pytest.mark.clause(75)
    def test_the_iterable_is_closed_if_the_iteration_fails(self):
        iterable = Blocks(b"one", error=Trouble())
        with contextlib.suppress(Trouble):
            call(returning(iterable))
        expect_events(iterable, ["block", "close"], "close is not called if the iteration fails")

    @pytest.mark.clause(74)
    def test_the_iterable_is_closed_if_start_response_was_never_called(self):
        iterable = Blocks(b"one")
        with contextlib.suppress(AssertionError):
            call_anyhow(lambda environ, start_response: iterable)
        expect_that("close" in iterable.events, "close is not called if start_response never was",
                    'What the application opened would stay open (PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74)
    def test_an_iterable_without_close_is_served(self):
        why = 'Most applications return a list, which has no close (PEP 3333, section "Specification Details").'
        with blaming("an iterable without close is not served", why):
            came_back = call(returning((b"one ", b"two")))
        expect_same(came_back[2], b"one two", why, problem="the body is another one")

    @pytest.mark.clause(21)
    def test_an_error_in_close_reaches_the_caller(self):
        class Closing(list):
            def close(self):
                raise AttributeError("a bug in close")

        expect_raised(AttributeError, lambda: call_anyhow(returning(Closing([b"one"]))),
                      problem="an error in the iterable's close is swallowed",
                      why="Whether there is a close is asked before, with hasattr or getattr: `except AttributeError` "
                          "also takes those that are raised in it.")
