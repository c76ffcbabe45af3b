"""A plugin for pytest, for runs with nobody at the keyboard: what the learner's code raises does not end the run."""
from collections.abc import Generator
from typing import Any

import pytest

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.tree import deepest_place


class Unattended:
    """The plugin: KeyboardInterrupt is a finding like others."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.tbstyle = "native"  # for what is no diagnosis: pytest's own tracebacks take it long to draw

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        try:
            return (yield)
        except KeyboardInterrupt as error:  # which would end the run
            raise Diagnosis("your code raises KeyboardInterrupt", place=deepest_place(error.__traceback__),
                            why="That is for the person at the keyboard, who wants to end the server.")
