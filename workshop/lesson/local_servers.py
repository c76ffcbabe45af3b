"""Servers for a few cells: each runs as a program of its own on a free port, and ends with its `with` block."""
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.programs import Program, running
from workshop.lesson.places import PROJECT, tree
from workshop.machine.servers import SERVERS


class LocalServer:
    """A server that is running."""

    def __init__(self, running_program: Program) -> None:
        self.port = running_program.port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running_program = running_program

    def log(self, containing: str = "") -> str:
        """Return what the server has printed on stderr; waits until something in it has containing."""
        self.running_program.wait_for(lambda: containing in self.running_program.stderr, 2)
        return self.running_program.stderr


@contextlib.contextmanager
def program(stem: str, *arguments: str, folder: str | Path | None = None) -> Iterator[LocalServer]:
    """Run a chapter's file (or that in folder) as a program."""
    file = Path(folder or tree()) / f"{stem}.py"
    with running([sys.executable, str(file), *arguments, "--bind", "127.0.0.1:0"]) as running_program:
        yield LocalServer(running_program)


@contextlib.contextmanager
def server_from(code: str, *arguments: str) -> Iterator[LocalServer]:
    """Run Python code that serves on port 0 and prints its URL."""
    with running([sys.executable, "-u", "-c", code, *arguments], PYTHONPATH=path_with()) as running_program:
        yield LocalServer(running_program)


@contextlib.contextmanager
def real_server(name: str, code: str) -> Iterator[LocalServer]:
    """Run the application `app` of some Python code under one of SERVERS."""
    with tempfile.TemporaryDirectory(prefix="lesson-", ignore_cleanup_errors=True) as folder:
        Path(folder, "served_code.py").write_text(code, encoding="utf-8")
        command = [sys.executable, *SERVERS[name].words("served_code:app", tree())]
        with running(command, PYTHONPATH=path_with(folder)) as running_program:
            yield LocalServer(running_program)


def path_with(*folders: str) -> str:
    """Return the path on which a program finds the chapters, this repository, and what is in more folders."""
    return os.pathsep.join(filter(None, [*folders, str(tree()), str(PROJECT.root), os.environ.get("PYTHONPATH")]))
