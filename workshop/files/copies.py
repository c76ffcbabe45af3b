"""Saved copies of the learner's files: a folder for each command that has changed some, numbered in their order.

In `.workshop/saved/0007/` lie the files as they were before the command, and about.json, which names the command, the
time, and all files; of one that was not there before, it says so. A folder gets its name when all is in it: one that
has a number is whole.
"""
import contextlib
import datetime
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from workshop.course.steps import ROOT, relative
from workshop.files import replacing

SAVED = ROOT / ".workshop" / "saved"
ABOUT = "about.json"
UNFINISHED = "unfinished-"


@dataclass(frozen=True)
class Copies:
    """What one command has saved."""

    folder: Path
    command: str  # "reset 2.3"
    time: str  # "2026-11-20 10:09:08", on the learner's clock
    names: dict  # "chapters/ch02_request.py" -> the name of its copy in the folder; None if there was no file

    @property
    def number(self):
        return int(self.folder.name)

    def content(self):
        """Return {path: bytes, or None where there was no file}. Raises OSError."""
        return {ROOT / name: copy and (self.folder / copy).read_bytes() for name, copy in self.names.items()}


def save(command, files):
    """Save files ({path: bytes, or None for none}) before a command (str) changes them; return the Copies.

    Raises OSError, and leaves nothing then.
    """
    SAVED.mkdir(parents=True, exist_ok=True)
    fresh = SAVED / f"{UNFINISHED}{os.getpid()}"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        names = {relative(path): copy_into(fresh, path, data) for path, data in files.items()}
        time = datetime.datetime.now().isoformat(" ", "seconds")
        about = {"command": command, "time": time, "files": names}
        replacing.replace(fresh / ABOUT, json.dumps(about, ensure_ascii=True, indent=1).encode())
        return Copies(numbered(fresh), command, time, names)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def copy_into(folder, path, data):
    """Write a copy of a file's content into a folder and return its name; None if there is no content."""
    if data is not None:
        replacing.replace(folder / Path(path).name, data)
        return Path(path).name


def numbered(fresh):
    """Give a folder the next number as its name and return its new path. Raises OSError."""
    numbers = [int(name) for name in os.listdir(SAVED) if name.isascii() and name.isdigit()]
    number = max(numbers, default=0) + 1
    folder = SAVED / f"{number:04}"
    os.rename(fresh, folder)  # Two commands at once get two numbers: a folder can't be renamed to one that holds files.
    replacing.sync_folder(SAVED)
    return folder


def everything():
    """Return all Copies, the oldest first; folders that are not whole are left out."""
    found = []
    with contextlib.suppress(OSError):
        for folder in SAVED.iterdir():
            if folder.name.isascii() and folder.name.isdigit():
                found += filter(None, [read(folder)])
    return sorted(found, key=lambda copies: copies.number)


def read(folder):
    """Return the Copies in a folder, or None if there are none that can be read."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return Copies(folder, about["command"], about["time"], about["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
