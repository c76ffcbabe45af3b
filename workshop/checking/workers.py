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
from workshop.course.project import Project
from workshop.course.source import line_at
from workshop.machine.containment import Contained
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import width
from wsgi_contract.launching import python_is_slow

START = 60.0  # seconds for a process to get ready, on a busy machine
SLOW_GRACE = 10.0  # more seconds for a process that is silent for too long, where Python itself is slow
POLL = 0.004  # seconds between two looks at the journal
NOT_COPIED = ("__pycache__", ".git", ".ipynb_checkpoints")
Entry = dict[str, Any]  # of the journal: see plugins/journal.py


class Worker:
    """A process that waits for its job (see job.py).

    It works on a copy of the chapters, made when the job begins: code that deletes or rewrites its own file does so
    there, and what you save meanwhile is the next job's. Its current folder is another one, and empty; the journal is
    in neither of them.
    """

    def __init__(self, project: Project, python: str, source: Path, numbers: Sequence[str], seconds: float,
                 columns: int | None = None) -> None:
        self.project, self.source, self.numbers = project, source, list(numbers)
        self.folder = tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True)
        own = Path(self.folder.name).resolve()
        self.journal, self.copy, self.current = own / "journal", own / "chapters", own / "current"
        self.copy.mkdir()
        self.current.mkdir()
        self.journal.touch()
        self.opened = open(self.journal, "rb", buffering=0)
        self.count, self.spoilt = 0, False  # entries that were read, and whether others are missing or no entries
        command = [python, "-m", job.__name__, str(self.copy), str(seconds), *self.places()]
        self.contained = Contained(command, project.root, COLUMNS=str(columns or width()))
        self.silent_since, self.limit, self.asked = time.monotonic(), START, False

    def places(self) -> list[str]:
        """Return the files and folders of the checks, as they are named in the project's folder."""
        return [self.project.relative(path) for number, part in self.project.by_chapter(self.numbers).items()
                for path in self.project.chapter(number).checks_of(part)]

    def entries(self, numbers: list[str], grace: float, stop: threading.Event) -> Iterator[Entry]:
        """Check steps and yield the journal's entries as they come, until the run is over, or is to stop."""
        copy_chapters(self.source, self.copy, self.project)
        folders = {"journal": self.journal, "current": self.current, "copy": self.copy, "original": self.original}
        self.contained.say(json.dumps({"steps": numbers, **{name: str(path) for name, path in folders.items()}}))
        self.silent_since, place = time.monotonic(), 0
        while True:
            running = self.contained.is_running()  # asked before reading, so that its last words are read
            found, place = self.read_from(place)
            for entry in found:
                self.note(entry, grace)
                yield {name: self.shown(value) for name, value in entry.items()}
                if "end" in entry:
                    return
            if not running or self.spoilt or stop.is_set():
                return
            if self.is_out_of_time():
                return self.contained.ask_where()
            time.sleep(0 if found else POLL)

    @property
    def original(self) -> Path:
        """The folder that is shown in place of the copy; of one that is not the project's, files alone are shown."""
        return self.source if self.source.is_relative_to(self.project.root) else Path()

    def shown(self, value: Any) -> Any:
        """Return a value of an entry with the places in the copy as those in the learner's files."""
        if not isinstance(value, str):
            return value
        own = f"{self.project.relative(self.original)}/" if self.original.parts else ""
        return value.replace(f"{self.copy}{os.sep}", own).replace(str(self.copy), self.project.relative(self.source))

    def where(self) -> str | None:
        """Return `path:line  text` of the learner's line in a traceback that the process has left, or None."""
        for path, line in re.findall(r'File "(.*?)", line (\d+) in ', self.contained.printed.text()):
            if Path(path).parent == self.copy:
                return f"{self.shown(path)}:{line}  {line_at(self.source / Path(path).name, int(line))}".rstrip()
        return None

    def read_from(self, place: int) -> tuple[list[Entry], int]:
        """Return the entries in the journal from a place (in bytes) on, and the place after them.

        It was opened before the learner's code ran: what it held can be read even if its name is taken away.
        """
        self.opened.seek(place)
        whole = self.opened.read().rpartition(b"\n")[0]
        lines = whole.splitlines()
        found = self.sound(lines)
        self.spoilt |= not self.is_whole(place)
        return found, place + len(whole) + bool(lines)

    def is_whole(self, place: int) -> bool:
        """Tell whether the journal is still the file that was opened, and no shorter than what was read of it."""
        own = os.fstat(self.opened.fileno())
        try:
            return os.path.samestat(own, os.stat(self.journal)) and own.st_size >= place
        except OSError:
            return False

    def sound(self, lines: list[bytes]) -> list[Entry]:
        """Return the entries that lines of the journal hold, up to the first that is none or not the next one."""
        found: list[Entry] = []
        for line in lines:
            try:
                entry = json.loads(line)
                self.spoilt |= entry["number"] != self.count + 1
            except (ValueError, TypeError, LookupError):
                self.spoilt = True
            if self.spoilt:
                break
            found.append(entry)
            self.count += 1
        return found

    def note(self, entry: Entry, grace: float) -> None:
        """Take down that the process is alive, and how long it may be silent now."""
        self.silent_since, self.asked = time.monotonic(), False
        self.limit = entry.get("limit", START) + grace

    def is_out_of_time(self) -> bool:
        """Tell whether the process is silent for too long. Where Python itself is slow it has more time, once.

        It ends its own checks when they take too long: this is for code that lets it not, and takes longer to tell.
        """
        if not self.timed_out() or self.asked:
            return self.timed_out()
        self.asked = True
        if python_is_slow():
            self.limit = time.monotonic() - self.silent_since + SLOW_GRACE
        return False  # what it has said meanwhile is read first

    def timed_out(self) -> bool:
        return time.monotonic() - self.silent_since > self.limit

    def end(self) -> int | None:
        """End the process and whatever it has started; return its exit status."""
        status = self.contained.end()
        self.opened.close()
        self.folder.cleanup()
        return status


def copy_chapters(source: Path, copy: Path, project: Project) -> None:
    """Copy what is in a folder of a project to another; what vanishes meanwhile, as an editor's own files do, is not
    missed. Raises Trouble if a chapter cannot be copied.
    """
    with contextlib.suppress(FileNotFoundError):
        for path in source.iterdir():
            try:
                copy_one(path, copy / path.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                if path.stem in project.by_stem:
                    raise Trouble(f"{project.relative(path)} cannot be copied for the checks ({error.strerror}). Give "
                                  "yourself the permission to read it, or make room on the disk; then check again.")


def copy_one(path: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it. Raises OSError."""
    if path.is_dir() and path.name not in NOT_COPIED:
        shutil.copytree(path, target)
    elif path.is_file():
        shutil.copyfile(path, target)
