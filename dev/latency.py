"""How long a learner waits: from saving a file until `watch` has printed the verdict.

    python -m dev latency [STEP …]      20 saves of each step (1.1 and 2.3): median, least, most

After that it says how much of a processor a hint takes, beside a Python that does nothing.

A copy of the repository is watched, with the reference in it. Its file is saved as editors do it, by renaming, right
and wrong in turn, once the process that waits for the next save is ready. No test: it wants a quiet machine.
"""
import argparse
import os
import queue
import statistics
import subprocess
import sys
import threading
import time

from dev import PROJECT
from dev.sandbox import Sandbox, temporary
from workshop.course.project import Step
from workshop.machine.containment import end_group, own_group

SAVES = 20
PAUSE = 2.5  # seconds between a verdict and the next save; a process gets ready in a quarter of that
WRONG = "return None"


class Watching:
    """`watch` on a step of a repository, and the lines that it prints."""

    def __init__(self, repository: Sandbox, *words: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "workshop", "watch", *words], cwd=repository.root,
                                        env=repository.environment(), stdin=subprocess.DEVNULL, text=True,
                                        stdout=subprocess.PIPE, encoding="utf-8", **own_group())
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        """Take in what is printed, until the process ends."""
        for line in self.process.stdout or ():
            self.lines.put(line)

    def wait_for(self, sign: str, seconds: float = 30) -> list[str]:
        """Wait until a line begins with a sign; return the lines until then. Raises queue.Empty."""
        lines: list[str] = []
        end = time.monotonic() + seconds
        while not (lines and lines[-1].startswith(sign)):
            lines.append(self.lines.get(timeout=max(end - time.monotonic(), 0.01)))
        return lines

    def end(self) -> None:
        """End `watch` and all that it has started."""
        end_group(self.process)


def save(repository: Sandbox, stem: str, **bodies: str) -> None:
    """Save a chapter, as the reference has it but for some bodies, under a new name first."""
    path = repository.path(stem)
    path.with_suffix(".new").write_text(repository.solved(stem, **bodies), encoding="utf-8")
    os.replace(path.with_suffix(".new"), path)


def latencies(step: Step, saves: int = SAVES) -> list[float]:
    """Return the seconds that the verdicts on a step took."""
    with temporary(*list(PROJECT.by_stem)) as repository:
        watching = Watching(repository, step.number)
        try:
            watching.wait_for(f"✔ {step.number} ")
            return [waited(watching, repository, step, count % 2 == 0) for count in range(saves)]
        finally:
            watching.end()


def waited(watching: Watching, repository: Sandbox, step: Step, wrong: bool) -> float:
    """Save a step, wrong or right, and return the seconds until the verdict is printed."""
    time.sleep(PAUSE)
    begun = time.perf_counter()
    save(repository, step.path.stem, **({step.name: WRONG} if wrong else {}))
    watching.wait_for("✘ " if wrong else f"✔ {step.number} ")
    return time.perf_counter() - begun


def processor_seconds(*words: str) -> float:
    """Run this Python with some words and return the seconds it had of a processor; the bytecode is there."""
    before = os.times()
    subprocess.run([sys.executable, *words], cwd=PROJECT.root, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def hint_line() -> str:
    """Return a line on what a hint costs: both are run in turn, so that other work weighs on both."""
    pairs = [(processor_seconds("-m", "workshop", "hint", "1.1", "--task"), processor_seconds("-c", "pass"))
             for _ in range(SAVES)]
    hint, alone = (statistics.median(seconds) * 1000 for seconds in zip(*pairs, strict=True))
    return f"hint: median {hint:.0f} ms of a processor; Python that does nothing: {alone:.0f} ms"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which steps may be named."""
    parser.add_argument("steps", nargs="*", metavar="N.M", default=["1.1", "2.3"], help="steps; else 1.1 and 2.3")


def run(arguments: argparse.Namespace) -> int:
    """Measure some steps and a hint, and print a line for each."""
    for step in map(PROJECT.step, arguments.steps):
        found = latencies(step)
        print(f"{step.number}: median {statistics.median(found) * 1000:.0f} ms, least {min(found) * 1000:.0f}, "
              f"most {max(found) * 1000:.0f}, of {len(found)} saves", flush=True)
    print(hint_line())
    return 0
