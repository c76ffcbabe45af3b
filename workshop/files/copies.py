"""Saved copies of the learner's files: a folder for each command that has changed some, numbered in their order.

`.workshop/saved/0007/` has the files as they were before the command, and about.json: it names the command, the time
and all files, and says which were not there before. A folder gets its name when all is in it: one that has a number is
whole.
"""
import contextlib
import datetime
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from workshop.files import replacing
from workshop.files.paths import relative

SAVED = Path(".workshop", "saved")  # in a project's folder
ABOUT = "about.json"
UNFINISHED = "unfinished-"


@dataclass(frozen=True)
class Copies:
    """What one command has saved."""

    root: Path  # the folder of the project
    number: int
    command: str  # "reset 2.3"
    time: str  # "2026-11-20 10:09:08", on the learner's clock
    names: dict[str, str | None]  # "chapters/ch02_request.py" -> the name of its copy; None if there was no file

    @property
    def folder(self) -> Path:
        return self.root / SAVED / f"{self.number:04}"

    @property
    def place(self) -> str:
        """The folder as it is shown."""
        return f"{relative(self.folder, self.root)}/"

    def content(self) -> dict[Path, bytes | None]:
        """Return what each file held, None where there was no file. Raises OSError."""
        return {self.root / name: (self.folder / copy).read_bytes() if copy else None
                for name, copy in self.names.items()}


def save(root: Path, command: str, files: dict[Path, bytes | None]) -> Copies:
    """Save files of a project before a command changes them; None stands for no file.

    Raises OSError, and leaves nothing then.
    """
    (root / SAVED).mkdir(parents=True, exist_ok=True)
    fresh = root / SAVED / f"{UNFINISHED}{os.getpid()}"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        names = {relative(path, root): copy_into(fresh, path, data) for path, data in files.items()}
        time = datetime.datetime.now().isoformat(" ", "seconds")
        about = {"command": command, "time": time, "files": names}
        replacing.replace(fresh / ABOUT, json.dumps(about, ensure_ascii=True, indent=1).encode())
        return Copies(root, numbered(fresh), command, time, names)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def discard(copies: Copies) -> None:
    """Remove Copies that nobody needs, as far as that can be done."""
    fresh = copies.root / SAVED / f"{UNFINISHED}{os.getpid()}"
    with contextlib.suppress(OSError):
        os.rename(copies.folder, fresh)
        shutil.rmtree(fresh, ignore_errors=True)


def copy_into(folder: Path, path: Path, data: bytes | None) -> str | None:
    """Write a copy of a file's content into a folder and return its name; None if there is no content."""
    if data is None:
        return None
    replacing.replace(folder / path.name, data)
    return path.name


def numbered(fresh: Path) -> int:
    """Give a folder the next number as its name and return the number. Raises OSError."""
    saved = fresh.parent
    numbers = [int(name) for name in os.listdir(saved) if name.isascii() and name.isdigit()]
    number = max(numbers, default=0) + 1
    os.rename(fresh, saved / f"{number:04}")  # two commands at once get two numbers: a folder that holds files stays
    replacing.sync_folder(saved)
    return number


def all_copies(root: Path) -> list[Copies]:
    """Return all Copies of a project, the oldest first; folders that are not whole are left out."""
    found: list[Copies] = []
    with contextlib.suppress(OSError):
        for folder in (root / SAVED).iterdir():
            if folder.name.isascii() and folder.name.isdigit():
                found += filter(None, [read_copies(root, folder)])
    return sorted(found, key=lambda copies: copies.number)


def read_copies(root: Path, folder: Path) -> Copies | None:
    """Return the Copies in a folder, or None if there are none that can be read."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        found = Copies(root, int(folder.name), about["command"], about["time"], about["files"])
        return found if is_sound(found) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_sound(copies: Copies) -> bool:
    """Tell whether what was read are Copies, and all that they name is there."""
    if not (isinstance(copies.command, str) and isinstance(copies.time, str) and isinstance(copies.names, dict)):
        return False
    return all(copy is None or isinstance(copy, str) and (copies.folder / copy).is_file()
               for copy in copies.names.values())
