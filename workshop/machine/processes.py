"""Other programs: run one behind a live line, or stay with one until it ends."""
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from workshop.machine.streams import is_terminal
from workshop.machine.windows_jobs import ALONE, WindowsJob

GRACE = 10  # seconds to end in, once asked to


class LiveLine:
    """A line that says for how long and what: rewritten in place in a terminal, printed now and then elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.started = time.monotonic()
        self.in_place = is_terminal(stream)
        self.pause = 0.2 if self.in_place else 5.0
        self.width = shutil.get_terminal_size().columns - 1

    def show(self, text: str) -> None:
        """Show the seconds so far and text, as much of it as fits."""
        text = f"{time.monotonic() - self.started:5.0f} s  {text}"[: self.width]
        self.write("\r" + text.ljust(self.width) if self.in_place else text + "\n")

    def clear(self) -> None:
        """Leave an empty line in a terminal, so that nothing stale stays on screen."""
        if self.in_place:
            self.write("\r" + " " * self.width + "\r")

    def write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def run_behind_live_line(command: Sequence[str], shorten: Callable[[str], str], live_line: LiveLine,
                         **options: Any) -> tuple[int | None, str]:
    """Run a program behind a live line; return its exit status and all its output.

    shorten(line) returns what to show of a line of output, "" for nothing; options are more of Popen's.
    Raises OSError when the program cannot be started.
    """
    lines: list[str] = []
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace", **options,
    )
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        report_until_end(process, lines, shorten, live_line)
    finally:
        end(process)
        reader.join()
    return process.returncode, "".join(lines)


def report_until_end(process: subprocess.Popen[str], lines: list[str], shorten: Callable[[str], str],
                     live_line: LiveLine) -> None:
    while process.poll() is None:
        try:
            process.wait(live_line.pause)
        except subprocess.TimeoutExpired:
            news = next(filter(None, map(shorten, reversed(lines))), "At work")
            live_line.show(news)
    live_line.clear()


def end(process: subprocess.Popen[str]) -> None:
    """End a process if it still runs."""
    if process.poll() is None:
        process.terminate()
    process.wait()


def stay_with(process: subprocess.Popen[Any], request: int = signal.SIGTERM, patience: float | None = None) -> int:
    """Wait until a process has ended and return its exit status. Raises KeyboardInterrupt, but not before the end.

    Ctrl-C in a terminal reaches the process as well as us: it has `patience` seconds to end in its own way. Where there
    is no terminal the signal was for us alone. If the process still runs then, it gets a signal, the request; at last
    it is killed. On Windows it ends with us, too, where the Task Manager ends us and nobody is asked.
    """
    job = WindowsJob(process, ALONE)
    if patience is None:
        patience = GRACE if is_terminal(sys.stdin) else 0
    limit = interrupt = None
    ways = [process.kill, lambda: process.send_signal(request)]
    while process.returncode is None:
        try:
            process.wait(limit)
        except KeyboardInterrupt as asked:
            limit, interrupt = patience, asked
        except subprocess.TimeoutExpired:
            ways[-1]()
            ways, limit = ways[:1], GRACE
    job.end()
    if interrupt:
        raise interrupt
    return process.returncode
