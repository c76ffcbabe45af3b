"""Servers for a few cells: each runs as a program of its own on a free port, and ends with its `with` block."""
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.programs import Program, running
from workshop.lesson.places import PROJECT, tree
from workshop.machine.servers import SERVERS

NOTEBOOKS = PROJECT.root / "notebooks"
EXAMPLES = NOTEBOOKS / "examples"


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
    """Run a chapter's file (or that in folder) as a program; it finds the examples."""
    file = Path(folder or tree()) / f"{stem}.py"
    words = [sys.executable, str(file), *arguments, "--bind", "127.0.0.1:0"]
    with running(words, PYTHONPATH=path_with(NOTEBOOKS)) as running_program:
        yield LocalServer(running_program)


@contextlib.contextmanager
def server_from(name: str, *arguments: str) -> Iterator[LocalServer]:
    """Run an example, notebooks/examples/NAME.py, which serves on port 0 and prints its URL."""
    words = [sys.executable, "-u", str(EXAMPLES / f"{name}.py"), *arguments]
    with running(words, PYTHONPATH=path_with(NOTEBOOKS)) as running_program:
        yield LocalServer(running_program)


@contextlib.contextmanager
def real_server(name: str, application: str) -> Iterator[LocalServer]:
    """Run an application, such as examples.greetings:late, under one of SERVERS."""
    words = [sys.executable, *SERVERS[name].words(application, tree())]
    with running(words, PYTHONPATH=path_with(NOTEBOOKS)) as running_program:
        yield LocalServer(running_program)


def path_with(*folders: Path) -> str:
    """Return the path on which a program finds the chapters, this repository, and what is in more folders."""
    own = [*folders, tree(), PROJECT.root]
    return os.pathsep.join(filter(None, [*map(str, own), os.environ.get("PYTHONPATH")]))
