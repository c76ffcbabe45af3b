"""Step 3.9 · call_application: an application that fails"""
import pytest

from tests.ch03_environ.applications import Blocks, Trouble, call_anyhow, returning
from tests.expect import expect_raised


@pytest.mark.step("3.9")
class TestCallApplication:
    @pytest.mark.clause(21)
    def test_an_error_of_the_application_reaches_the_caller(self):
        def application(environ, start_response):
            raise Trouble("no database")

        expect_raised(Trouble, lambda: call_anyhow(application),
                      problem="an error of the application is swallowed",
                      why="The caller decides what the client is told: step 3.11 answers 500.")

    @pytest.mark.clause(21)
    def test_an_error_during_the_iteration_reaches_the_caller(self):
        iterable = Blocks(b"one", error=Trouble("no database"))
        expect_raised(Trouble, lambda: call_anyhow(returning(iterable)),
                      problem="an error during the iteration is swallowed",
                      why="Half a body would be sent as if it were whole: step 3.11 answers 500 instead.")
