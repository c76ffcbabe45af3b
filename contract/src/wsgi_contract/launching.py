"""Running a server as a program: what it prints is kept, and it is ended with all that it has started.

Every wait has an end, and nothing is left behind.
"""
import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

from wsgi_contract.problem import Diagnosis
from wsgi_contract.process_groups import end_group, own_group
from wsgi_contract.shell_words import as_command

SECONDS = 8  # for a program to print its URL, or to end once it was asked to
SHORTLY = 0.2  # for the end of a program that still runs
LAST_WORDS = 2  # for what a program has printed that has ended; something that it started may keep its streams open
PATIENCE = 60  # for a URL, on a machine where everything takes long
SLOW = 1.5  # for a Python that imports IMPORTS, from which on a machine counts as slow
CROWDED = 2  # processes that want each processor
IMPORTS = "import asyncio, email, http.server, ssl, unittest"  # much of what servers import
FIRST, LAST = 200, 1_000  # lines kept of what a program prints
LONGEST = 10_000  # characters in a line; what is more is taken for another one
URL = re.compile(r"http://127\.0\.0\.1:(\d+)")
monotonic = time.monotonic  # as it is before the code under test and its checks change it
Found = TypeVar("Found")
Self = TypeVar("Self", bound="Program")


class Program:
    """A program that runs until the `with` block ends: its output so far, and its port."""

    def __init__(self, command: Sequence[str], cwd: str | Path, settings: dict[str, str]) -> None:
        self.command = command
        self.output: list[str] = []
        self.errors: list[str] = []
        self.printed = threading.Condition()
        self.ended = 0  # readers that have come to the end of their stream
        self.process = subprocess.Popen(command, cwd=cwd, env=settings, text=True, encoding="utf-8",
                                        errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **own_group())
        self.streams = list(filter(None, [self.process.stdout, self.process.stderr]))
        self.readers = list(map(self.reader, self.streams, [self.output, self.errors]))

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.end()

    def reader(self, stream: IO[str], lines: list[str]) -> threading.Thread:
        """Start a thread that keeps what the program prints: the first lines, and the last ones."""
        def read() -> None:
            for line in iter(lambda: stream.readline(LONGEST), ""):
                with self.printed:
                    lines.append(line)
                    del lines[FIRST:-LAST]
                    self.printed.notify_all()
            with self.printed:
                self.ended += 1
                self.printed.notify_all()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def printed_so_far(self) -> str:
        """Return what the program has printed."""
        return "".join([*self.output, *self.errors])

    @property
    def stderr(self) -> str:
        """What the program has printed on stderr so far."""
        return "".join(self.errors)

    def wait_for(self, find: Callable[[], Found], seconds: float = SECONDS) -> Found:
        """Return what find() returns as soon as it is true, looked at after each line; at the end as it is."""
        end = time.monotonic() + seconds
        with self.printed:
            while not (found := find()) and self.running_readers() and time.monotonic() < end:
                self.printed.wait(max(end - time.monotonic(), 0))
            return found or find()

    def wait_patiently(self, find: Callable[[], Found]) -> Found:
        """Return what find() returns, as wait_for does; where the machine is slow, a program that runs has more time.
        """
        found = self.wait_for(find)
        if not found and self.process.poll() is None and machine_is_slow():
            found = self.wait_for(find, PATIENCE)
        return found

    def running_readers(self) -> bool:
        """Tell whether more output may come."""
        return self.ended < len(self.readers)

    def port(self) -> int:
        """Return the port in the URL that the program prints. Raises what explained() returns if it prints none."""
        found = self.wait_patiently(self.url)
        if not found:
            raise self.explained()
        return int(found[1])

    def url(self) -> re.Match[str] | None:
        """Return the match of the URL in what the program has printed so far, or None."""
        return URL.search(self.printed_so_far())

    def explained(self) -> Exception:
        """Return the exception that says why a program does not serve."""
        return Diagnosis(f"the program {self.fate()}; a server prints its URL and keeps running", called=self.shown(),
                         output=self.last_lines(), why="It is started on a free port, and only the URL says which.")

    def fate(self) -> str:
        """Return what has become of a program that does not serve: no URL, or an end. All it has printed is read."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SHORTLY if self.running_readers() else SECONDS)  # who prints no more is about to end
        for reader in self.readers:
            reader.join(SHORTLY if self.process.poll() is None else LAST_WORDS)
        running = self.process.poll() is None
        return "prints no URL" if running else f"has ended with status {self.process.returncode}"

    def shown(self) -> str:
        """Return the command as one would type it."""
        return as_command(self.command)

    def last_lines(self) -> str:
        """Return the last lines that the program printed, or that there are none; without marks below code."""
        lines = [line for line in [*self.output, *self.errors] if line.strip(" ~^\n")]
        return "".join(lines[-6:]).rstrip() or "(none)"

    def end(self) -> None:
        """End the program and all that it has started, whatever they do."""
        end_group(self.process)
        for reader in self.readers:
            reader.join()
        for stream in self.streams:
            stream.close()


def machine_is_slow() -> bool:
    """Tell whether programs take long here: much else runs, or even a Python that only imports takes long.

    Where much else runs, a Python that is quick was lucky: so the number of those that want to run is asked first.
    """
    return is_crowded() or python_is_slow()


def python_is_slow() -> bool:
    """Tell whether even a Python that only imports takes long, as where a virus scanner reads its files."""
    begun = monotonic()
    try:
        subprocess.run([sys.executable, "-c", IMPORTS], stdin=subprocess.DEVNULL, timeout=min(SLOW, PATIENCE))
    except subprocess.TimeoutExpired:
        return True
    return monotonic() - begun > SLOW


def is_crowded() -> bool:
    """Tell whether more than CROWDED processes want each processor, on average of the last minute; not on Windows."""
    try:
        return os.getloadavg()[0] > CROWDED * (os.cpu_count() or 1)
    except (AttributeError, OSError):
        return False


def environment(**more: str) -> dict[str, str]:
    """Return the environment for subprocesses: no bytecode is written; output comes as it is printed, and plain."""
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    return {**os.environ, **settings, **more}
