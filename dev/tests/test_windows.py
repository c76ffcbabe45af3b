"""What is done on Windows alone, as far as it can be tried elsewhere: with stand-ins for what only Windows has."""
import ast
import asyncio
import ctypes
import inspect
import signal
import socket
import threading
import time
from types import SimpleNamespace

import nbformat
import pytest

from dev import PROJECT
from tests.ch07_asgi.loops import JumpingLoop
from workshop.checking.plugins import deadline
from workshop.lesson.attempts import attempt
from workshop.lesson.connections import two_ends
from workshop.lesson.coroutines import two_streams
from workshop.machine import windows_jobs
from workshop.machine.processes import stay_with
from workshop.machine.windows_jobs import CONTAINED, BasicLimits, ExtendedLimits, WindowsJob

WINDOWS = SimpleNamespace(platform="win32")


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_the_limits_of_a_job_lie_where_windows_looks_for_them():
    """As winnt.h has JOBOBJECT_BASIC_LIMIT_INFORMATION and JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""
    assert ctypes.sizeof(BasicLimits) == 64 and BasicLimits.LimitFlags.offset == 16
    assert ctypes.sizeof(ExtendedLimits) == 144 and ExtendedLimits.JobMemoryLimit.offset == 120


class Kernel:
    """Stands in for kernel32: notes what is called, with numbers for handles and with the limits as they are."""

    def __init__(self):
        self.called = []

    def __getattr__(self, name):
        def call(*arguments):
            self.called.append((name, *(getattr(argument, "value", argument) for argument in arguments)))
            return 7

        call.restype = None
        return self.__dict__.setdefault(name, call)


@pytest.fixture
def kernel(monkeypatch):
    made = Kernel()
    monkeypatch.setattr(windows_jobs, "sys", WINDOWS)
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: made, raising=False)
    monkeypatch.setattr(ctypes, "byref", lambda limits: limits)
    return made


def test_a_process_is_put_into_a_job_that_is_limited_and_ends_with_us(kernel):
    WindowsJob(SimpleNamespace(_handle=42), CONTAINED)
    (created, *_), (limited, job, kind, limits, size), (assigned, *handles) = kernel.called
    assert [created, limited, assigned] == ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"]
    assert handles == [7, 42] and job == 7 and kind == 9 and size == ctypes.sizeof(ExtendedLimits)
    assert limits.Basic.LimitFlags == 0x2000 | 0x0200, "all end when the job is closed; their memory has a limit"
    assert limits.JobMemoryLimit == 900 << 20
    assert kernel.CreateJobObjectW.restype == ctypes.c_void_p, "a handle has 64 bits"


def test_the_end_of_a_job_is_the_end_of_all_in_it_once(kernel):
    job = WindowsJob(SimpleNamespace(_handle=42), CONTAINED)
    kernel.called.clear()
    job.end()
    job.end()
    assert kernel.called == [("TerminateJobObject", 7, 1), ("CloseHandle", 7)]


def test_a_program_that_the_command_stays_with_is_in_a_job_alone_until_it_has_ended(kernel):
    """What it starts is not: a browser that Jupyter has opened stays open."""
    process = SimpleNamespace(_handle=42, returncode=None, kill=None)
    process.wait = lambda limit: kernel.called.append(("wait",)) or setattr(process, "returncode", 3)
    assert stay_with(process) == 3
    assert [name for name, *_ in kernel.called] == [
        "CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject", "wait", "TerminateJobObject",
        "CloseHandle"]
    limits = kernel.called[1][3]
    assert limits.Basic.LimitFlags == 0x2000 | 0x1000, "it ends when the job is closed; its children are not in it"


@pytest.mark.skipif(windows_jobs.sys.platform == "win32", reason="here something is done")
def test_elsewhere_nothing_is_done():
    job = WindowsJob(SimpleNamespace(), CONTAINED)
    job.end()
    assert job.handle is None


@pytest.mark.parametrize("system", ["win32", "linux"])
def test_the_main_thread_is_interrupted_from_another_one(system, monkeypatch):
    monkeypatch.setattr(deadline, "sys", SimpleNamespace(platform=system))
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    begun: list[bool] = []  # a list, and no Event: an exception in the midst of one breaks it

    def interrupt():
        while not begun:
            time.sleep(0.001)
        deadline.interrupt_main_thread()

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            begun.append(True)
            end = time.monotonic() + 10
            while time.monotonic() < end:
                pass
    finally:
        signal.signal(signal.SIGINT, usual)
        thread.join()


@pytest.mark.parametrize("can_be_asked", [True, False])
def test_where_nobody_can_ask_code_that_goes_on_after_an_interruption_says_where_it_is(
        can_be_asked, monkeypatch, tmp_path):
    item = SimpleNamespace(config=SimpleNamespace(getoption=lambda name: 5), get_closest_marker=lambda name: None)
    interruptions = []
    monkeypatch.setattr(deadline, "interrupt_main_thread", lambda: interruptions.append(True))
    monkeypatch.setattr(deadline, "CAN_BE_ASKED", can_be_asked)
    watch = deadline.Deadline(item)
    watch.may_extend = False
    with open(tmp_path / "words", "w", encoding="utf-8") as words:
        monkeypatch.setattr(deadline, "last_words", words)
        for seconds, interrupted, printed in [(4, 0, False), (5.1, 1, False), (5.2, 1, False), (6.2, 1, True),
                                              (6.3, 1, True)]:
            watch.begun = deadline.monotonic() - seconds
            watch.look()
            assert (len(interruptions), watch.printed) == (interrupted, printed), seconds
    said = (tmp_path / "words").read_text(encoding="utf-8")
    assert said.count("Current thread") == (0 if can_be_asked else 1)
    assert ("test_windows.py" in said) is not can_be_asked


class GreedySocket(socket.socket):
    """A socket as Winsock has it: a block of any size is taken whole, unless two are waiting; the third is refused."""

    waiting = 0

    def send(self, data, *flags):
        if len(data) < 100_000:
            return super().send(data, *flags)
        if self.waiting == 2:
            raise BlockingIOError("a non-blocking socket operation could not be completed immediately")
        self.waiting += 1
        return len(data)

    def sendall(self, data, *flags):
        self.send(data, *flags)


@pytest.mark.parametrize("stem, cell, shown", [
    ("ch06_concurrency", "see-sendall", ["BlockingIOError"]),
    ("ch07_asgi", "see-pressure", ["more than ten million: True", "drain still waits"]),
])
def test_a_cell_shows_full_buffers_also_where_the_system_takes_a_block_of_any_size(
        stem, cell, shown, monkeypatch, capsys):
    """Microsoft's article on "small data segments over TCP with Winsock" has the rule."""
    monkeypatch.setattr(socket, "socket", GreedySocket)
    notebook = nbformat.read(PROJECT.root / "notebooks" / f"{stem}.ipynb", as_version=4)
    source = next(one.source for one in notebook.cells if one.id == cell)
    code = compile(source, cell, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    waits = eval(code, {"attempt": attempt, "two_ends": two_ends, "two_streams": two_streams, "asyncio": asyncio})
    if inspect.iscoroutine(waits):
        asyncio.run(waits)
    printed = capsys.readouterr().out
    assert [line for line in shown if line in printed] == shown, printed


def test_no_cell_asks_the_c_library_for_the_words_of_an_error():
    """That of Windows has none for sockets: os.strerror(10054) is "Unknown error". The exception has them: strerror."""
    paths = sorted((PROJECT.root / "notebooks").glob("*.ipynb"))
    asking = [f"{path.stem}: {cell.id}" for path in paths for cell in nbformat.read(path, as_version=4).cells
              if "os.strerror" in cell.source]
    assert paths and not asking


def test_the_loop_of_the_checks_is_exact_also_where_a_tick_of_the_clock_takes_16_milliseconds(monkeypatch):
    """So it is on Windows before Python 3.13; asyncio wakes early whoever is due before the next tick."""
    monkeypatch.setattr(time, "get_clock_info", lambda name: SimpleNamespace(resolution=1 / 64))
    loop, woke = JumpingLoop(), []
    begin = loop.time()
    loop.call_later(0.001, lambda: woke.append(loop.time() - begin))
    loop.call_soon(loop.call_soon, list)  # the loop has something to do before
    loop.run_until_complete(asyncio.sleep(1))
    loop.close()
    assert woke == [pytest.approx(0.001)]
