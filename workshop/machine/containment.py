"""Running what a learner wrote in a process that can be ended with all that it has started.

Whatever such a process does, it has no keyboard, what it prints takes a bounded room, and at the end its group is
killed. Children that have left the group are found by a tag in their environment, where the system shows that of other
processes (Linux, macOS); on Windows a Job Object holds them all.
"""
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from workshop.machine.virtual_environment import plain_environment
from workshop.machine.windows_jobs import CONTAINED, WindowsJob
from wsgi_contract.process_groups import end_group, own_group

TAG = "WORKSHOP_RUN"  # the variable that a process and its children have, with a value of its own for each
EXIT_CALLED = "os._exit was called"  # what a process prints when it ends so, before the place
exit_now = os._exit  # as it is before the learner's code, and what tells of its call, take its place
# What makes a process that is prepared for it print where it is, and end; after SIGABRT macOS may show a dialog.
ASK_WHERE: signal.Signals | None = getattr(signal, "SIGUSR1", None)
KEPT = 10_000  # bytes of what is printed, from its beginning and from its end each
ROUNDS = 20  # in which processes that start others are looked for again
SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "1",  # bytecode hides an edit of the same length within the same second
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUNBUFFERED": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # plugins cost more time than the checks
    "NO_COLOR": "1",
}


class Ends:
    """The beginning and the end of a stream of bytes: memory for KEPT of each, however long it is."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept, self.size = kept, 0
        self.first = self.last = b""

    def add(self, data: bytes) -> None:
        room = self.kept - len(self.first)
        self.first += data[:room]
        self.last = (self.last + data[room:])[-self.kept:] if data[room:] else self.last
        self.size += len(data)

    def text(self) -> str:
        """Return what was kept, with a word on what was not."""
        left_out = self.size - len(self.first) - len(self.last)
        gap = f"\n… {left_out} bytes left out …\n".encode() if left_out else b""
        return (self.first + gap + self.last).decode("utf-8", "replace")


class Contained:
    """A process that runs a command in a folder, with more in its environment; end() ends all that it has started."""

    def __init__(self, command: Sequence[str], folder: Path, **more: str) -> None:
        self.tag = secrets.token_hex(8)
        self.printed = Ends()
        self.process = subprocess.Popen(
            command, cwd=folder, env=contained_environment(**{TAG: self.tag}, **more), bufsize=0, **own_group(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.job = WindowsJob(self.process, CONTAINED)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while self.process.stdout and (data := self.process.stdout.read(65_536)):
                self.printed.add(data)

    def say(self, line: str) -> None:
        """Give the process a line to read; it can read no other. Nothing happens if it has ended."""
        with contextlib.suppress(OSError, ValueError):
            if self.process.stdin:
                self.process.stdin.write(line.encode() + b"\n")
                self.process.stdin.close()

    def is_running(self) -> bool:
        return self.process.poll() is None

    def ask_where(self, seconds: float = 1) -> None:
        """End the process in a way that makes Python print where it was, where the system has one."""
        if ASK_WHERE:
            self.process.send_signal(ASK_WHERE)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)

    def end(self) -> int | None:
        """End the process and all that it has started; return its exit status."""
        end_group(self.process)
        self.job.end()
        end_tagged(self.tag)
        self.reader.join(1)
        streams = [self.process.stdin] if self.reader.is_alive() else [self.process.stdin, self.process.stdout]
        for stream in filter(None, streams):
            with contextlib.suppress(OSError):
                stream.close()
        return self.process.returncode


def contained_environment(**more: str) -> dict[str, str]:
    """Return the environment variables of a contained process."""
    return {**plain_environment(), **SETTINGS, **more}


def end_tagged(tag: str) -> None:
    """End all processes that have this tag, and those that they start meanwhile."""
    for _ in range(ROUNDS):
        found = tagged(tag)
        for number in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)
        if not found:
            break


def tagged(tag: str) -> list[int]:
    """Return the ids of the processes that have a tag in their environment."""
    return FINDERS.get(sys.platform, lambda setting: [])(f"{TAG}={tag}")


def tagged_in_proc(setting: str) -> list[int]:
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            if folder.name.isdigit() and setting.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def tagged_in_ps(setting: str, lister: Sequence[str] = ("ps", "-axwwE", "-o", "pid=,command=")) -> list[int]:
    with contextlib.suppress(OSError):
        lines = subprocess.run(lister, capture_output=True, text=True, errors="replace").stdout.splitlines()
        return [int(line.split()[0]) for line in lines if setting in line]
    return []


FINDERS: dict[str, Callable[[str], list[int]]] = {"linux": tagged_in_proc, "darwin": tagged_in_ps}
