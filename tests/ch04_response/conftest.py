"""Fixtures of several files of this chapter."""
import io
import socket
import sys

import pytest

from tests.ch04_response.files import TEXT, DiskFile
from tests.ch04_response.modules import MODULES
from workshop.checking.programs import SECONDS


@pytest.fixture
def file(tmp_path):
    """A file with TEXT in it, open and at its beginning."""
    (tmp_path / "page.txt").write_bytes(TEXT)
    with DiskFile(io.FileIO(tmp_path / "page.txt")) as opened:
        yield opened


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
