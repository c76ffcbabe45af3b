"""Fixtures of several files of this chapter."""
import io
import socket
import sys
import time

import pytest

from tests.ch04_response.files import TEXT, DiskFile
from tests.ch04_response.modules import MODULES
from workshop.checking.programs import SECONDS
from workshop.checking.tree import load


@pytest.fixture
def file(tmp_path):
    """A file with TEXT in it, open and at its beginning."""
    (tmp_path / "page.txt").write_bytes(TEXT)
    with DiskFile(io.FileIO(tmp_path / "page.txt")) as opened:
        yield opened


class Clock:
    """A clock that stands still, or goes on by the same with each look, until it is told to go on."""

    begin = 1_795_169_348  # 20 November 2026, 10:09:08

    def __init__(self):
        self.now = 50.0  # seconds, as time.monotonic has them
        self.passes = 0  # seconds from one look at it to the next
        self.real_gmtime = time.gmtime

    def monotonic(self):
        self.now += self.passes
        return self.now - self.passes

    def time(self):
        return self.begin + self.now - 50

    def gmtime(self, seconds=None):
        return self.real_gmtime(self.time() if seconds is None else seconds)


@pytest.fixture
def clock(monkeypatch):
    """A Clock in place of those of the time module, however one imports them."""
    clock, learners = Clock(), load("ch04_response")
    monkeypatch.setattr(time, "time", clock.time)
    for module in (time, learners):
        monkeypatch.setattr(module, "monotonic", clock.monotonic, raising=False)
        monkeypatch.setattr(module, "perf_counter", clock.monotonic, raising=False)
        monkeypatch.setattr(module, "gmtime", clock.gmtime, raising=False)
    return clock


@pytest.fixture
def pair():
    """Two sockets that are connected: the server's and the client's."""
    server, client = socket.socketpair()
    with server, client:
        client.settimeout(SECONDS)
        yield server, client


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the modules of MODULES in it, their names with `demo_` in front."""
    for name, source in MODULES.items():
        path = tmp_path / f"demo_{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("demo_")]:
        del sys.modules[name]
