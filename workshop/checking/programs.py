"""The learner's programs, run as subprocesses on a free port. Every wait has an end, and no process is left."""
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.plugins.outcomes import NotStarted
from workshop.checking.tree import path_of, place, project, relative
from workshop.machine.containment import end_group, own_group

SECONDS = 8  # for a program to print its URL, or to end once it was asked to
OUTPUT = 20_000  # characters kept of what a program prints
Result = TypeVar("Result")
URL = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Program:
    """A program that is running: its output so far, its port, and the way to end it."""

    def __init__(self, command: Sequence[str], cwd: Path, environment: dict[str, str]) -> None:
        self.command, self.cwd = command, cwd
        self.output: list[str] = []
        self.errors: list[str] = []
        self.printed = threading.Condition()
        self.ended = 0  # readers that have come to the end of their stream
        self.process = subprocess.Popen(command, cwd=cwd, env=environment, text=True, encoding="utf-8",
                                        errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **own_group())
        self.readers = [self.reader(self.process.stdout, self.output), self.reader(self.process.stderr, self.errors)]

    def reader(self, stream: IO[str] | None, lines: list[str]) -> threading.Thread:
        """Start a thread that keeps what the program prints, up to OUTPUT characters, and reads on after that."""
        def read() -> None:
            size = 0
            for line in stream or ():
                size += len(line)
                with self.printed:
                    if size < OUTPUT:
                        lines.append(line)
                    self.printed.notify_all()
            with self.printed:
                self.ended += 1
                self.printed.notify_all()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    @property
    def stderr(self) -> str:
        """What the program has printed on stderr so far."""
        return "".join(self.errors)

    def wait_for(self, find: Callable[[], Result], seconds: float = SECONDS) -> Result:
        """Return what find() returns as soon as it is true, looked at after each line; None if it never is."""
        end = time.monotonic() + seconds
        with self.printed:
            while not (found := find()) and self.running_readers() and time.monotonic() < end:
                self.printed.wait(max(end - time.monotonic(), 0))
            return found or find()

    def running_readers(self) -> bool:
        """Tell whether more output may come."""
        return self.ended < len(self.readers)

    def port(self) -> int:
        """Return the port in the URL that the program prints. Raises Diagnosis if it prints none."""
        found = self.wait_for(lambda: URL.search("".join([*self.output, *self.errors])))
        if not found:
            raise self.explained()
        return int(found[1])

    def explained(self) -> Exception:
        """Return the Diagnosis (or NotStarted) for a program that does not serve."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2)
        for reader in self.readers:
            reader.join(0.2)
        if stub := re.search(r"not started: (step .*, )(.+)(:\d+)", self.stderr):
            return NotStarted(stub[1] + relative((self.cwd / stub[2]).resolve()) + stub[3])
        how = "prints no URL" if self.process.poll() is None else f"has ended with status {self.process.returncode}"
        return Diagnosis(f"the program {how}; a server prints its URL and keeps running", called=self.shown(),
                         output=self.last_lines(), place=self.place(),
                         why="It is started as you would start it, on a free port.")

    def place(self) -> str | None:
        """Return the last line of a chapter's that a traceback on stderr names, as deepest_place does, or None."""
        frames = re.findall(r'File "(.*ch\d\d_\w+\.py)", line (\d+)', self.stderr)
        return place(frames[-1][0], int(frames[-1][1])) if frames else None

    def shown(self) -> str:
        """Return the command as one would type it."""
        words = map(relative, self.command[1:])
        return " ".join(["python", *words])

    def last_lines(self) -> str:
        """Return the last lines that the program printed, or that there are none; without marks below code."""
        lines = [line for line in [*self.output, *self.errors] if line.strip(" ~^\n")]
        return "".join(lines[-6:]).rstrip() or "(none)"

    def interrupt(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the program as a person would, and return its exit status. Raises Diagnosis if it goes on."""
        self.process.send_signal(how)
        try:
            status = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise Diagnosis(f"the program still runs {SECONDS} seconds after {how.name}", called=self.shown(),
                            why="KeyboardInterrupt is how a server is ended: nothing may swallow it.")
        for reader in self.readers:
            reader.join(SECONDS)
        return status

    def end(self) -> None:
        """End the program and all that it has started, whatever they do."""
        end_group(self.process)
        for reader in self.readers:
            reader.join()
        for stream in filter(None, [self.process.stdout, self.process.stderr]):
            stream.close()


def environment(**more: str) -> dict[str, str]:
    """Return the environment for subprocesses: no bytecode is written; output comes as it is printed, and plain."""
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    return os.environ | settings | more


@contextlib.contextmanager
def running(command: Sequence[str], *, cwd: Path | None = None, **more: str) -> Iterator[Program]:
    """Run a command and give the Program; end it afterwards. more is added to its environment."""
    program = Program(command, cwd or project().root, environment(**more))
    try:
        yield program
    finally:
        program.end()


def chapter_program(stem: str, *arguments: str, bind: str = "127.0.0.1:0",
                    **options: Any) -> contextlib.AbstractContextManager[Program]:
    """Run a chapter's file as a program, as `running` does."""
    command = [sys.executable, str(path_of(stem)), *arguments, "--bind", bind]
    return running(command, **options)
