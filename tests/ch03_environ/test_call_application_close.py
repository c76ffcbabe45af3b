"""Step 3.10 · call_application: the iterable is closed"""
import asyncio
import contextlib

import pytest

from tests.ch03_environ.applications import Blocks, Trouble, call, call_anyhow, returning
from tests.expect import FAMILIES, HANDED_ON, HandsOn, expect_value, rows_named
from workshop.checking.diagnosis import expect_same, expect_that


class End(BaseException):
    """What nobody has heard of, and what is no Exception."""


class Holding(list):
    """A list of blocks that has the close of another object as an attribute of its own."""

    def __init__(self, iterable):
        super().__init__(iterable)
        self.close = iterable.close


def expect_closed_after(iterable, events):
    """Fail unless an iterable is served and then closed."""
    call(returning(iterable), problem="an iterable with close is not served", why="Any iterable may have a close.")
    expect_events(iterable, events, "close is not called on what the application returned")


CLOSED = ("By close, and by it alone, the application learns that the request is over: it gives back files and "
          'database connections there (PEP 3333, section "Specification Details").')


def expect_events(iterable, events, missing, why=CLOSED):
    """Fail unless exactly this was done with the iterable, in this order. missing and why are for no close at all."""
    problem = missing
    if "close of the iterator" in iterable.events:
        problem, why = "close is called on the iterator, not on what the application returned", CLOSED
    elif iterable.events.count("close") > 1:
        problem = f"close is called {iterable.events.count('close')} times"
    elif "close" in iterable.events:
        problem = "close is called before the last block has been taken"
    with rows_named({"came back": "done to it"}):
        expect_value(iterable.events, events, why if problem == missing else CLOSED, problem=problem)


@pytest.mark.step("3.10")
class TestCallApplication:
    @pytest.mark.clause(74, 79)
    def test_the_iterable_is_closed_in_the_end(self):
        expect_closed_after(Blocks(b"one", b"two"), ["block", "block", "close"])

    @pytest.mark.clause(74)
    def test_an_empty_iterable_is_closed_too(self):
        expect_closed_after(Blocks(), ["close"])

    @pytest.mark.clause(74)
    @pytest.mark.parametrize("value", [
        pytest.param({"__bool__": lambda self: False, "also": "; its bool is False"}, id="whose bool is False"),
        pytest.param({"__len__": lambda self: len(self.blocks), "also": "; its len is 0"}, id="whose len is 0"),
    ])
    def test_an_iterable_that_counts_as_false_is_closed_too(self, value):
        iterable = type("Blocks", (Blocks,), value)()
        call(returning(iterable))
        expect_events(iterable, ["close"], "close is not called on an iterable that counts as false")

    @pytest.mark.clause(75)
    @pytest.mark.parametrize("error", [Trouble, *FAMILIES, AssertionError, asyncio.CancelledError, End])
    def test_the_iterable_is_closed_if_the_iteration_fails(self, error):
        iterable = Blocks(b"one", error=error())
        with contextlib.suppress(Exception, error):  # which one comes out, is another check
            call_anyhow(returning(iterable))
        name, why = error.__name__, CLOSED
        if not issubclass(error, Exception):
            why = f"{name} is no Exception, and `except Exception` does not see it: `finally` runs in every case " \
                  '(PEP 3333, section "Specification Details").'
        expect_events(iterable, ["block", "close"], f"close is not called if the iteration fails with {name}", why)

    @pytest.mark.clause(75)
    def test_the_iterable_is_closed_if_it_gives_no_iterator(self):
        class Broken(Blocks):
            also = "; its __iter__ raises Trouble('no database')"

            def __iter__(self):
                raise Trouble("no database")

        iterable = Broken()
        with contextlib.suppress(Exception):
            call_anyhow(returning(iterable))
        expect_events(iterable, ["close"], "close is not called if the iterable's `__iter__` fails",
                      "A `for` asks for an iterator first, and that may fail too: all of it stands in the `try` "
                      '(PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74)
    def test_close_is_called_once_though_it_fails(self):
        class Closing(Blocks):
            also = ", which raises Trouble('no database')"

            def close(self):
                super().close()
                raise Trouble("no database")

        iterable = Closing(b"one")
        with contextlib.suppress(Exception):
            call_anyhow(returning(iterable))
        expect_events(iterable, ["block", "close"], "close is not called on what the application returned")

    @pytest.mark.clause(74)
    @pytest.mark.parametrize("blocks", [[b"one"], []], ids=["a block", "no block"])
    def test_the_iterable_is_closed_if_start_response_was_never_called(self, blocks):
        def application(environ, start_response):
            return iterable

        iterable = Blocks(*blocks)
        with contextlib.suppress(Exception):
            call_anyhow(application)
        expect_events(iterable, ["block"] * len(blocks) + ["close"], "close is not called if start_response never was",
                      'What the application opened would stay open (PEP 3333, section "Specification Details").')

    @pytest.mark.clause(74)
    @pytest.mark.parametrize("told, kind", [
        pytest.param(HANDED_ON, HandsOn, id="of another object"),
        pytest.param("an object that has its close as an attribute of its own, not from its class", Holding,
                     id="of the object alone"),
    ])
    def test_close_is_found_wherever_an_attribute_is(self, told, kind):
        iterable = Blocks(b"one")
        call(returning(kind(iterable)))
        expect_that("close" in iterable.events, "a close that the iterable's class does not have is not called",
                    returned=told, came_back=f"done to it: {iterable.events}",
                    expected=f"done to it: {['block', 'close']}",
                    why=f"hasattr finds it, as it finds each attribute; dir(), vars() or the class may not. {CLOSED}")

    @pytest.mark.clause(74)
    def test_an_iterable_without_close_is_served(self):
        why = 'Most applications return a list, which has no close (PEP 3333, section "Specification Details").'
        came_back = call(returning((b"one ", b"two")), problem="an iterable without close is not served", why=why)
        expect_same(came_back[2], b"one two", why, problem="the body is another one")

