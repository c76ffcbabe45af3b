"""Where even a Python that does nothing takes long to start, a program has more time; elsewhere it has not."""
import sys
from types import SimpleNamespace

import pytest

from contract import launching
from contract.launching import Program, environment
from contract.problem import Diagnosis
from workshop.checking.plugins import deadline

LATE = "import time; time.sleep(1); print('http://127.0.0.1:1', flush=True); time.sleep(60)"
NEVER, ALWAYS = float("inf"), 0.0


@pytest.fixture
def late(monkeypatch):
    """A program that prints its URL after more than the usual seconds."""
    monkeypatch.setattr(launching, "SECONDS", 0.1)
    monkeypatch.setattr(Program.wait_for, "__defaults__", (0.1,))
    with Program([sys.executable, "-c", LATE], ".", environment()) as program:
        yield program


def test_a_url_is_waited_for_where_the_machine_is_slow(late, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", ALWAYS)
    assert late.port() == 1


def test_it_is_not_waited_for_where_the_machine_is_not(late, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", NEVER)
    with pytest.raises(Diagnosis, match="prints no URL"):
        late.port()


class Item:
    """A check, as far as a Deadline looks at it."""

    nodeid = "a check"
    config = SimpleNamespace(getoption=lambda name: 5)

    def __init__(self, program):
        self.program = program

    def get_closest_marker(self, name):
        return self.program or None


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test sets it, and what was announced and interrupted."""
    clock = SimpleNamespace(now=0.0, announced=[], interrupted=[])
    monkeypatch.setattr(deadline, "monotonic", lambda: clock.now)
    monkeypatch.setattr(deadline, "announce", lambda limit: clock.announced.append(limit))
    monkeypatch.setattr(deadline, "interrupt_main_thread", lambda: clock.interrupted.append(clock.now))
    return clock


def looked_at(item, clock, *moments):
    """Have a Deadline over a check looked at, at some moments."""
    watch = deadline.Deadline(item)
    for clock.now in moments:
        watch.look()


def test_a_check_that_starts_a_program_has_its_seconds(clock, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", NEVER)
    looked_at(Item(program=True), clock, deadline.PROGRAM - 0.1, deadline.PROGRAM + 0.1, deadline.PROGRAM + 0.2)
    assert clock.interrupted == [deadline.PROGRAM + 0.2] and clock.announced[-1] == 0


def test_it_has_more_where_the_machine_is_slow(clock, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", ALWAYS)
    looked_at(Item(program=True), clock, deadline.PROGRAM + 0.1, deadline.SLOW_PROGRAM - 0.1)
    assert not clock.interrupted and clock.announced == [deadline.SLOW_PROGRAM]
    looked_at(Item(program=True), clock, 0, 200, 200 + deadline.SLOW_PROGRAM)
    assert clock.interrupted


def test_a_check_that_starts_no_program_has_no_more_on_any_machine(clock, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", ALWAYS)
    looked_at(Item(program=False), clock, 4.9, 5.1)
    assert clock.interrupted == [5.1] and not clock.announced


def test_a_machine_that_cannot_be_asked_is_not_slow(clock, monkeypatch):
    monkeypatch.setattr(deadline, "machine_is_slow", lambda: 1 / 0)
    looked_at(Item(program=True), clock, deadline.PROGRAM + 0.1, deadline.PROGRAM + 0.2)
    assert clock.interrupted == [deadline.PROGRAM + 0.2]
