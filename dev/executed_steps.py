"""A plugin for pytest: which steps each check runs, written as JSON into the file that the option names.

    pytest -p dev.executed_steps --executed-steps FILE -o pythonpath=solutions tests

A mistake in a step shows only where its function runs. So a check of another step that never runs it cannot report it.
What a check starts as a program of its own is not seen, nor what a fixture or a cache keeps from an earlier check.
"""
import functools
import gc
import json
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from dev import PROJECT
from workshop.checking.plugins.outcomes import step_number


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption("--executed-steps", type=Path, required=True, metavar="FILE")


def pytest_configure(config: pytest.Config) -> None:
    """Note what the checks run."""
    config.pluginmanager.register(Executed(config.getoption("--executed-steps")))


class Executed:
    """The steps that run while a check is set up, called and torn down, by its step and its id."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.places = {(step.path.name, step.line): number for number, step in PROJECT.steps.items()}
        self.checks: dict[str, dict[str, list[str]]] = {}
        self.step_of = functools.cache(self.step_at)

    def step_at(self, code: CodeType) -> str | None:
        """Return the number of the step whose code this is, if it is one's. (Annotations are code, too, in 3.14.)"""
        if code.co_name == "__annotate__":
            return None
        return self.places.get((Path(code.co_filename).name, code.co_firstlineno))

    def profile(self, now: set[str], frame: FrameType, event: str, argument: Any) -> None:
        """Put a step whose function is called into now: see sys.setprofile."""
        if event == "call" and (number := self.step_of(frame.f_code)):
            now.add(number)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Watch all threads that a check begins, and its own.

        What an earlier check has left does not count: its threads have a set of their own, and its generators are not
        collected now.
        """
        now: set[str] = set()
        profile = functools.partial(self.profile, now)
        gc.collect(1)
        gc.disable()
        threading.setprofile(profile)
        sys.setprofile(profile)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            gc.enable()
            self.checks.setdefault(step_number(item), {})[item.nodeid] = sorted(now)

    def pytest_sessionfinish(self) -> None:
        """Write down what was seen."""
        self.file.write_text(json.dumps(self.checks), encoding="utf-8")
