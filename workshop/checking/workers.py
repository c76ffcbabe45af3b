"""A process that is ready for one job: it runs the checks of some steps on a copy of the chapters."""
import contextlib
import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workshop.checking import job
from workshop.course.project import Chapter, Project
from workshop.course.source import line_at
from workshop.machine.containment import Contained
from workshop.terminal.line_width import width

START = 60.0  # seconds for a process to get ready, on a busy machine
POLL = 0.004  # seconds between two looks at the journal
NOT_COPIED = ("__pycache__", ".git", ".ipynb_checkpoints")
Entry = dict[str, Any]  # of the journal: see plugins/journal.py


class Worker:
    """A process that waits for its job (see job.py).

    It works on a copy of the chapters, made when the job begins: code that deletes or rewrites its own file does so
    there, and what you save meanwhile is the next job's.
    """

    def __init__(self, project: Project, python: str, source: Path, chapters: Sequence[Chapter], seconds: float,
                 columns: int | None = None) -> None:
        self.project, self.source, self.chapters = project, source, list(chapters)
        self.folder = tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True)
        self.journal = Path(self.folder.name, "journal")
        self.copy = Path(self.folder.name).resolve() / "chapters"
        self.copy.mkdir()
        stems = [chapter.stem for chapter in self.chapters]
        command = [python, "-m", job.__name__, str(self.copy), str(seconds), *stems]
        self.contained = Contained(command, project.root, COLUMNS=str(columns or width()))
        self.silent_since, self.limit = time.monotonic(), START

    def entries(self, numbers: list[str], grace: float, stop: threading.Event) -> Iterator[Entry]:
        """Check steps and yield the journal's entries as they come, until the run is over, or is to stop."""
        copy_chapters(self.source, self.copy)
        self.contained.say(json.dumps({"steps": numbers, "journal": str(self.journal)}))
        self.silent_since, place = time.monotonic(), 0
        while True:
            running = self.contained.is_running()  # asked before reading, so that its last words are read
            found, place = self.read_from(place)
            for entry in found:
                self.note(entry, grace)
                yield {name: self.shown(value) for name, value in entry.items()}
                if "end" in entry:
                    return
            if not running or stop.is_set():
                return
            if self.timed_out():
                return self.contained.ask_where()
            time.sleep(0 if found else POLL)

    def shown(self, value: Any) -> Any:
        """Return a value of an entry with the places in the copy as those in the learner's files."""
        if not isinstance(value, str):
            return value
        own = f"{self.project.relative(self.source)}/" if self.source.is_relative_to(self.project.root) else ""
        return value.replace(f"{self.copy}{os.sep}", own).replace(str(self.copy), self.project.relative(self.source))

    def where(self) -> str | None:
        """Return `path:line  text` of the learner's line in a traceback that the process has left, or None."""
        for path, line in re.findall(r'File "(.*?)", line (\d+) in ', self.contained.printed.text()):
            if Path(path).parent == self.copy:
                return f"{self.shown(path)}:{line}  {line_at(self.source / Path(path).name, int(line))}".rstrip()
        return None

    def read_from(self, place: int) -> tuple[list[Entry], int]:
        """Return the entries in the journal from a place (in bytes) on, and the place after them."""
        try:
            with open(self.journal, "rb") as file:
                file.seek(place)
                whole = file.read().rpartition(b"\n")[0]
        except OSError:
            return [], place
        lines = whole.splitlines()
        return [json.loads(line) for line in lines], place + len(whole) + bool(lines)

    def note(self, entry: Entry, grace: float) -> None:
        """Take down that the process is alive, and how long it may be silent now."""
        self.silent_since = time.monotonic()
        self.limit = entry.get("limit", START) + grace

    def timed_out(self) -> bool:
        return time.monotonic() - self.silent_since > self.limit

    def end(self) -> int | None:
        """End the process and whatever it has started; return its exit status."""
        status = self.contained.end()
        self.folder.cleanup()
        return status


def copy_chapters(source: Path, copy: Path) -> None:
    """Copy what is in a folder to another; what vanishes meanwhile, as an editor's own files do, is not missed."""
    with contextlib.suppress(OSError):
        for path in source.iterdir():
            with contextlib.suppress(OSError):
                if path.is_dir() and path.name not in NOT_COPIED:
                    shutil.copytree(path, copy / path.name)
                elif path.is_file():
                    shutil.copyfile(path, copy / path.name)
