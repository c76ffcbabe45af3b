"""The learner's programs, run as subprocesses on a free port. Every wait has an end, and nothing is left behind."""
import re
import signal
import subprocess
import sys
from pathlib import Path

from contract.launching import SECONDS, Program, environment
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.plugins.outcomes import NotStarted
from workshop.checking.tree import path_of, place
from workshop.course.steps import ROOT


class LearnersProgram(Program):
    """A program of the learner's that is running."""

    def explained(self):
        """Return the Diagnosis (or NotStarted) for a program that does not serve."""
        fate = self.fate()
        if stub := re.search(r"not started: (step .*)", self.stderr):
            return NotStarted(stub[1])
        return Diagnosis(f"the program {fate}; a server prints its URL and keeps running", called=self.shown(),
                         output=self.last_lines(), place=self.place(),
                         why="It is started as you would start it, on a free port.")

    def place(self):
        """Return the last line of a chapter's that a traceback on stderr names, as deepest_place does, or None."""
        frames = re.findall(r'File "(.*ch\d\d_\w+\.py)", line (\d+)', self.stderr)
        return place(frames[-1][0], int(frames[-1][1])) if frames else None

    def shown(self):
        """Return the command as one would type it."""
        words = [Path(word).relative_to(ROOT).as_posix() if Path(word).is_relative_to(ROOT) else word
                 for word in self.command[1:]]
        return " ".join(["python", *words])

    def interrupt(self, how=signal.SIGINT):
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


def running(command, *, cwd=ROOT, **more):
    """Run a command (a list) until the `with` block ends, and give the program. more is added to its environment."""
    return LearnersProgram(command, cwd, environment(**more))


def chapter_program(stem, *arguments, bind="127.0.0.1:0", **options):
    """Run a chapter's file as a program, as `running` does."""
    command = [sys.executable, str(path_of(stem)), *arguments, "--bind", bind]
    return running(command, **options)
