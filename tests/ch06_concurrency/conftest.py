"""Fixtures of several files of this chapter."""
import tempfile
import time

import pytest

from tests.ch04_response.conftest import Clock
from workshop.checking.tree import load


@pytest.fixture
def clock(monkeypatch):
    """A Clock that stands still, in place of those of the time module, however one imports them."""
    clock, learners = Clock(), load("ch06_concurrency")
    monkeypatch.setattr(time, "time", clock.time)
    for module in (time, learners):
        monkeypatch.setattr(module, "monotonic", clock.monotonic, raising=False)
        monkeypatch.setattr(module, "perf_counter", clock.monotonic, raising=False)
    return clock


@pytest.fixture
def files(monkeypatch):
    """The files that were made with tempfile.SpooledTemporaryFile, in their order; write_fails may be set on the list.

    A file has `size`: that above which it goes to disk.
    """
    made = Made()

    class Noted(tempfile.SpooledTemporaryFile):
        def __init__(self, max_size=0, *more, **named):
            self.size = max_size
            made.append(self)
            super().__init__(max_size, *more, **named)

        def write(self, block):
            if made.write_fails:
                raise made.write_fails
            return super().write(block)

    for module in (load("ch06_concurrency"), tempfile):
        for name in [name for name, value in vars(module).items() if value is tempfile.SpooledTemporaryFile]:
            monkeypatch.setattr(module, name, Noted)
    yield made
    for file in made:
        file.close()


class Made(list):
    """Files, and the exception that their write raises, None for none."""

    write_fails = None
