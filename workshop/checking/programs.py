"""The learner's programs, run as subprocesses on a free port. Every wait has an end, and no process is left."""
import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workshop.checking.diagnosis import Diagnosis
from workshop.checking.exchange import Answer, patiently
from workshop.checking.plugins.outcomes import NotStarted
from workshop.checking.tree import path_of, place, project, relative
from wsgi_contract.launching import PATIENCE, SECONDS, Program, environment, machine_is_slow

FIRST = 200  # characters of what an exception of a client says: requests tells a long story
NO_WARNINGS = {"PYTHONWARNINGS": "ignore::SyntaxWarning"}  # `check` shows those; what a program prints is its own


class LearnersProgram(Program):
    """A program of the learner's that is running."""

    def explained(self) -> Exception:
        """Return the Diagnosis (or NotStarted) for a program that does not serve."""
        fate = self.fate()
        if stub := re.search(r"not started: (step .*)", self.stderr):
            return NotStarted(stub[1])
        return Diagnosis(f"the program {fate}; a server prints its URL and keeps running", called=self.shown(),
                         output=self.last_lines(), place=self.place(),
                         why="It is started as you would start it, on a free port.")

    def place(self) -> str | None:
        """Return the last line of a chapter's that a traceback on stderr names, as deepest_place does, or None."""
        frames = re.findall(r'File "(.*ch\d\d_\w+\.py)", line (\d+)', self.stderr)
        return place(frames[-1][0], int(frames[-1][1])) if frames else None

    def shown(self) -> str:
        """Return the command as one would type it."""
        return " ".join(["python", *map(relative, self.command[1:])])

    def answer(self, ask: Callable[[float], Answer]) -> Answer:
        """Return the answer that a client gets from the program: ask(seconds) returns it, or raises OSError.

        Where the machine is slow, ask is called again, with more seconds. Raises Diagnosis if there is no answer.
        """
        try:
            return patiently(ask)
        except OSError as error:
            ended = not self.running_readers()
            raise self.explained() if ended else Diagnosis(
                "the program gives a client no whole answer", called=self.shown(), came_back=first_line(error),
                output=self.last_lines(), place=self.place(), why="A client waits until it has all of the response.")

    def interrupt(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the program as a person would, and return its exit status. Raises Diagnosis if it goes on."""
        self.process.send_signal(how)
        if not self.has_ended_within(SECONDS) and not (machine_is_slow() and self.has_ended_within(PATIENCE)):
            raise Diagnosis(f"the program still runs {SECONDS} seconds after {how.name}", called=self.shown(),
                            why="KeyboardInterrupt is how a server is ended: nothing may swallow it.")
        for reader in self.readers:
            reader.join(SECONDS)
        return self.process.returncode

    def has_ended_within(self, seconds: float) -> bool:
        """Wait for the program's end, for some seconds; tell whether it has come."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.process.poll() is not None


def first_line(error: OSError) -> str:
    """Return what an exception is, and the beginning of what it says."""
    return f"{type(error).__name__}: {error}"[:FIRST]


def running(command: Sequence[str], *, cwd: Path | None = None, **more: str) -> LearnersProgram:
    """Run a command until the `with` block ends, and give the program. more is added to its environment."""
    return LearnersProgram(command, cwd or project().root, environment(**NO_WARNINGS | more))


def chapter_program(stem: str, *arguments: str, bind: str = "127.0.0.1:0", **options: Any) -> LearnersProgram:
    """Run a chapter's file as a program, as `running` does."""
    command = [sys.executable, str(path_of(stem)), *arguments, "--bind", bind]
    return running(command, **options)
