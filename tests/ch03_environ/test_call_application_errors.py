"""Step 3.10 · call_application: an application that fails"""
import pytest

from tests.ch03_environ.applications import Blocks, Trouble, call_anyhow, returning
from tests.expect import expect_let_out, expect_raised, families
from workshop.checking.diagnosis import expect_that

ERRORS = [Trouble, AssertionError, *families(ours="ch03_environ")]


def failing_at_once(error):
    """Return an application that raises error when it is called."""
    def application(environ, start_response):
        raise error

    return application


def failing_in_close(error):
    """Return an application whose iterable raises error in its close."""
    class Closing(list):
        told = f"a list, [b'one'], with a close that raises {error!r}"

        def close(self):
            raise error

    return returning(Closing([b"one"]))


def expect_error_of(failing, error, problem, why):
    """Fail unless the error that an application raises, and no other, comes out of call_application."""
    expect_let_out(error, lambda: call_anyhow(failing(error)), f"{problem}: {type(error).__name__}", why)


@pytest.mark.step("3.10")
class TestCallApplication:
    @pytest.mark.clause(21)
    @pytest.mark.parametrize("kind", ERRORS)
    def test_an_error_of_the_application_reaches_the_caller(self, kind):
        expect_error_of(failing_at_once, kind("no database"), "an error of the application is swallowed",
                       "The caller decides what the client is told: step 3.12 answers 500.")

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("kind", ERRORS)
    def test_an_error_during_the_iteration_reaches_the_caller(self, kind):
        expect_error_of(lambda error: returning(Blocks(b"one", error=error)), kind("no database"),
                       "an error during the iteration is swallowed",
                       "Half a body would be sent as if it were whole: step 3.12 answers 500 instead.")

    @pytest.mark.parametrize("blocks", [[None], [b"one", None, b"two"]], ids=["alone", "between others"])
    def test_a_block_that_is_none_is_not_passed_over(self, blocks):
        expect_raised(Exception, lambda: call_anyhow(returning(blocks)), blocks=str(blocks),
                      problem="a block that is None is passed over in silence, or ends the body",
                      expected="an exception, such as the TypeError of b''.join: add each block, whatever it is",
                      why="None is no end, and no empty block: the application has made a mistake, and the client "
                          "would take half a page for a whole one.")

    @pytest.mark.clause(21)
    def test_an_error_before_start_response_is_called_reaches_the_caller(self):
        expect_error_of(lambda error: lambda environ, start_response: Blocks(error=error), Trouble("no database"),
                       "an error during the iteration is swallowed",
                       "The application has failed: what it raised says why, and that it did not call start_response "
                       "is only a consequence.")

    @pytest.mark.clause(21)
    @pytest.mark.parametrize("kind", ERRORS)
    def test_an_error_in_close_reaches_the_caller(self, kind):
        expect_error_of(failing_in_close, kind("no database"), "an error in the iterable's close is swallowed",
                       "What close raises comes out: nothing around it may catch that, neither an `except` nor "
                       "contextlib.suppress. Whether there is a close is asked before, with hasattr or getattr.")

    @pytest.mark.clause(14)
    def test_an_application_that_fails_is_not_called_again(self):
        calls = []

        def application(environ, start_response):
            calls.append(environ)
            raise Trouble("no database")

        expect_raised(Trouble, lambda: call_anyhow(application), "an error of the application is swallowed",
                      "The caller decides what the client is told: step 3.12 answers 500.")
        expect_that(len(calls) == 1, f"an application that fails is called {len(calls)} times",
                    "An application that takes an order, and fails after it, would take it twice "
                    '(PEP 3333, section "The Server/Gateway Side").')
