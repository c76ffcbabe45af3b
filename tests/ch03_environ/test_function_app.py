"""Step 3.4 · function_app"""
import pytest

from tests.ch03_environ.common import ch03
from tests.ch03_environ.every_application import EveryPage, accepted_by_wsgiref
from tests.ch03_environ.visiting import seen


@pytest.mark.step("3.4")
class TestFunctionApp(EveryPage):
    def app(self):
        return seen(ch03.function_app, "function_app")

    test_wsgiref_accepts_it = accepted_by_wsgiref
