"""Where even a Python that only imports takes long, checks and what they wait for have more time; elsewhere not."""
import contextlib
import os
import socket
import sys
import threading
from types import SimpleNamespace

import pytest
import requests

from dev import PROJECT
from workshop.checking import exchange, programs, workers
from workshop.checking.exchange import receive_all
from workshop.checking.plugins import deadline
from wsgi_contract import launching
from wsgi_contract.launching import Program, environment
from wsgi_contract.problem import Diagnosis

LATE = "import time; time.sleep(1); print('http://127.0.0.1:1', flush=True); time.sleep(60)"
NEVER, ALWAYS = float("inf"), 0.0


@pytest.fixture(autouse=True)
def load(monkeypatch):
    """The system's loads, as a list that a test may change: nothing else wants to run."""
    loads = [0.0, 0.0, 0.0]
    monkeypatch.setattr(os, "getloadavg", lambda: loads, raising=False)
    return loads


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


@pytest.mark.parametrize("slow, comes", [(ALWAYS, True), (NEVER, False)])
def test_what_a_program_prints_is_waited_for_where_the_machine_is_slow(late, slow, comes, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", slow)
    assert late.wait_patiently(lambda: bool(late.output)) == comes


def test_each_check_waits_so_for_what_a_program_prints():
    files = {path.name: path.read_text("utf-8") for path in (PROJECT.root / "tests").rglob("test_*.py")}
    assert [name for name, text in files.items() if "program.wait_for(" in text] == []


def test_where_much_else_runs_the_machine_is_slow_whatever_one_import_takes(load, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", NEVER)
    assert not launching.machine_is_slow()
    load[0] = 100.0
    assert launching.machine_is_slow()


def test_where_the_load_is_not_known_an_import_decides(monkeypatch):
    monkeypatch.delattr(os, "getloadavg", raising=False)
    monkeypatch.setattr(launching, "SLOW", NEVER)
    assert not launching.machine_is_slow()


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


@pytest.mark.parametrize("slow, moments", [(NEVER, [4.9, 5.1, 5.2]), (ALWAYS, [4.9, 5.1, 5.2, 19.9, 20.1])])
def test_a_check_that_starts_no_program_has_more_where_the_machine_is_slow(slow, moments, clock, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", slow)
    looked_at(Item(program=False), clock, *moments)
    assert clock.interrupted == moments[-1:] and clock.announced[0] == 5 * deadline.SLOWER


def test_a_machine_that_cannot_be_asked_is_not_slow(clock, monkeypatch):
    monkeypatch.setattr(deadline, "machine_is_slow", lambda: 1 / 0)
    looked_at(Item(program=True), clock, deadline.PROGRAM + 0.1, deadline.PROGRAM + 0.2)
    assert clock.interrupted == [deadline.PROGRAM + 0.2]


# What is waited for.


def programmed(code):
    """Run code as a learner's program."""
    begin = "import os, signal, sys, time\n"
    return programs.running([sys.executable, "-c", f"{begin}{code}"])


def test_a_program_that_prints_no_more_is_about_to_end():
    with programmed("os.close(1)\nos.close(2)\ntime.sleep(1)\nos._exit(3)") as program:
        program.wait_for(lambda: False)
        assert program.fate() == "has ended with status 3"


@pytest.mark.skipif(sys.platform == "win32", reason="a subprocess on Windows can't be sent Ctrl-C alone")
@pytest.mark.parametrize("slow, ends", [(ALWAYS, True), (NEVER, False)])
def test_the_end_of_a_program_is_waited_for_where_the_machine_is_slow(slow, ends, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", slow)
    monkeypatch.setattr(programs, "SECONDS", 0.1)
    code = ("def end(*_):\n    time.sleep(1)\n    sys.exit(0)\n"
            "signal.signal(signal.SIGINT, end)\nprint('ready', flush=True)\ntime.sleep(60)")
    with programmed(code) as program:
        assert program.wait_for(lambda: program.output)
        with contextlib.nullcontext() if ends else pytest.raises(Diagnosis, match="still runs"):
            assert program.interrupt() == 0


@pytest.mark.parametrize("slow, comes", [(ALWAYS, True), (NEVER, False)])
def test_an_answer_is_waited_for_where_the_machine_is_slow(slow, comes, monkeypatch):
    monkeypatch.setattr(launching, "SLOW", slow)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0.1)
        timer = threading.Timer(1, lambda: (theirs.sendall(b"late"), theirs.shutdown(socket.SHUT_WR)))
        timer.start()
        with contextlib.nullcontext() if comes else pytest.raises(Diagnosis, match="still open"):
            assert receive_all(ours) == b"late"
        timer.join()


class LateAnswer:
    """Asked for its answer, it is in time only where more than the usual seconds are given."""

    def __call__(self, seconds):
        if seconds <= exchange.SECONDS:
            raise requests.ReadTimeout("no answer yet")
        return "the answer"


def test_a_client_asks_again_where_the_machine_is_slow(monkeypatch):
    monkeypatch.setattr(launching, "SLOW", ALWAYS)
    with programmed("time.sleep(60)") as program:
        assert program.answer(LateAnswer()) == "the answer"


def test_elsewhere_it_is_told_that_the_program_gives_no_answer(monkeypatch):
    monkeypatch.setattr(launching, "SLOW", NEVER)
    with programmed("time.sleep(60)") as program:
        with pytest.raises(Diagnosis, match="gives a client no whole answer"):
            program.answer(LateAnswer())


def test_a_client_that_is_refused_asks_once(monkeypatch):
    monkeypatch.setattr(launching, "SLOW", ALWAYS)
    asked = []
    with programmed("time.sleep(60)") as program, pytest.raises(Diagnosis, match="no whole answer"):
        program.answer(lambda seconds: asked.append(seconds) or socket.create_connection(("127.0.0.1", 1), 1))
    assert asked == [exchange.SECONDS]


@pytest.mark.parametrize("slow, refused", [(True, False), (False, True)])
def test_code_is_not_called_slow_where_the_machine_is(slow, refused, monkeypatch):
    monkeypatch.setattr(deadline, "machine_is_slow", lambda: slow)
    monkeypatch.setattr(deadline, "step_number", lambda item: "1.1")
    monkeypatch.setitem(deadline.used, "1.1", 99.0)
    monkeypatch.setattr(deadline, "endless_steps", set())
    with pytest.raises(Diagnosis, match="your code is slow") if refused else contextlib.nullcontext():
        deadline.refuse_more(Item(program=False))


@pytest.mark.parametrize("slow, told", [(NEVER, [False, True, True]), (ALWAYS, [False, False, True])])
def test_a_process_of_checks_may_be_silent_for_longer_where_python_is_slow_once(slow, told, monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(launching, "SLOW", slow)
    monkeypatch.setattr(workers, "time", SimpleNamespace(monotonic=lambda: clock.now))
    worker = object.__new__(workers.Worker)
    worker.note({"limit": 2.0}, 2.0)
    found = []
    for clock.now in (4.1, 4.1 + workers.SLOW_GRACE - 0.1, 4.1 + workers.SLOW_GRACE + 0.1):
        found.append(worker.is_out_of_time())  # the first time it is asked for, what has come is read again
    assert found == told
    worker.note({"limit": 2.0}, 2.0)
    assert not worker.is_out_of_time(), "the next check has its own time"


@pytest.mark.parametrize("moments", [[7.0] * 9, [10.0 * count for count in range(9)]], ids=["stands", "leaps"])
def test_whether_python_is_slow_is_measured_with_the_clock_that_checks_do_not_change(moments, monkeypatch):
    clock = iter(moments)
    monkeypatch.setattr(launching.time, "monotonic", lambda: next(clock))
    for slow, expected in ((60.0, False), (0.001, True)):
        monkeypatch.setattr(launching, "SLOW", slow)
        assert launching.python_is_slow() == expected
