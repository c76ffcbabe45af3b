"""How long a learner waits: from saving a file until `watch` has printed the verdict.

    python -m dev latency [STEP …]      20 saves of each step (1.1 and 2.3): median, least, most

A copy of the repository is watched, with the reference in it. Its file is saved as editors do it, by renaming, right
and wrong in turn, once the process that waits for the next save is ready. No test: it wants a quiet machine.
"""
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from dev.tests.learner import Repository
from workshop.course.steps import find_step, stems
from workshop.machine.containment import end_group, own_group

SAVES = 20
PAUSE = 2.5  # seconds between a verdict and the next save; a process gets ready in a quarter of that
WRONG = "return None"


class Watching:
    """`watch` on a step of a repository, and the lines that it prints."""

    def __init__(self, repository, *words):
        self.process = subprocess.Popen([sys.executable, "-m", "workshop", "watch", *words], cwd=repository.folder,
                                        env=repository.environment(), stdin=subprocess.DEVNULL, text=True,
                                        stdout=subprocess.PIPE, encoding="utf-8", **own_group())
        self.lines = queue.SimpleQueue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout], daemon=True).start()

    def wait_for(self, sign, seconds=30):
        """Wait until a line begins with a sign (str); return the lines until then. Raises queue.Empty."""
        lines, end = [], time.monotonic() + seconds
        while not (lines and lines[-1].startswith(sign)):
            lines.append(self.lines.get(timeout=max(end - time.monotonic(), 0.01)))
        return lines

    def end(self):
        end_group(self.process)


def save(repository, stem, **bodies):
    """Save a chapter, as the reference has it but for some bodies, under a new name first."""
    path = repository.folder / "chapters" / f"{stem}.py"
    text = repository.solved(stem, **bodies)
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    os.replace(path.with_suffix(".new"), path)


def latencies(number, saves=SAVES):
    """Return the seconds (a list) that the verdicts on a step took."""
    step = find_step(number)
    with tempfile.TemporaryDirectory(prefix="latency-") as folder:
        repository = Repository(Path(folder))
        repository.solve(*stems())
        watching = Watching(repository, number)
        try:
            watching.wait_for(f"✔ {number} ")
            return [waited(watching, repository, step, count % 2 == 0) for count in range(saves)]
        finally:
            watching.end()


def waited(watching, repository, step, wrong):
    """Save a step, wrong or right, and return the seconds until the verdict is printed."""
    time.sleep(PAUSE)
    bodies = {step.name: WRONG} if wrong else {}
    begun = time.perf_counter()
    save(repository, step.path.stem, **bodies)
    watching.wait_for("✘ " if wrong else f"✔ {step.number} ")
    return time.perf_counter() - begun


def main(numbers):
    """Measure some steps and print a line for each."""
    for number in numbers or ["1.1", "2.3"]:
        found = latencies(number)
        print(f"{number}: median {statistics.median(found) * 1000:.0f} ms, least {min(found) * 1000:.0f}, "
              f"most {max(found) * 1000:.0f}, of {len(found)} saves", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
