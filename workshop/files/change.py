"""Changes to the learner's files, in the one way in which commands make them.

First the files are saved; if they cannot be, nothing is done. Then all new content is written beside the files, and if
they still are as they were read, it takes their places. What the learner wrote is in the file or in a saved copy at
every moment. One command at a time makes changes: the others wait for it.
"""
import contextlib
import errno
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

from workshop.files import copies, replacing
from workshop.files.paths import relative
from workshop.machine.trouble import Trouble

LOCK = Path(".workshop", "lock")  # in a project's folder
PATIENCE = 10.0  # seconds to wait for another command

# What stops a change, by the error's number, and what to do about it.
REASONS = (
    ((errno.ENOSPC, getattr(errno, "EDQUOT", None)), "the disk is full: make room"),
    ((errno.EACCES, errno.EPERM, errno.EROFS), "it cannot be written: give yourself the permission to, or move the "
                                               "workshop into a folder of your own"),
    ((errno.ENOENT, errno.ENOTDIR, errno.ELOOP), "its folder, or what it links to, is not there: put that right"),
    ((errno.EISDIR,), "it is a folder, and it should be a file: give that folder another name"),
)

Change = tuple[bytes | None, bytes | None]  # a file's content before and after; None stands for no file
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@contextlib.contextmanager
def alone(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Have the files of a project to yourself, or wait until another command is done with them. Raises Trouble.

    patience is how many seconds to wait.

    The system ends a lock when its process ends, however it does. Where no lock can be had (some network disks), the
    comparison before each replacement is what is left.
    """
    with contextlib.ExitStack() as stack:
        file = None
        with contextlib.suppress(OSError):
            (root / LOCK).parent.mkdir(exist_ok=True)
            file = stack.enter_context(open(root / LOCK, "a+b"))
        if file:
            wait_for_lock(file, patience)
        yield


def wait_for_lock(file: IO[bytes], patience: float) -> None:
    end = time.monotonic() + patience
    while is_taken(file):
        if time.monotonic() > end:
            raise Trouble("Another workshop command is changing your files: wait until it has ended, and run this one "
                          "again. Nothing has been changed.")
        time.sleep(0.02)


def is_taken(file: IO[bytes]) -> bool:
    """Lock a file; return True if somebody else has it. False also where the system has no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)
    return False


def make(root: Path, command: str, files: Mapping[Path, Change]) -> copies.Copies | None:
    """Change files of a project for a command, saving what they were; return the Copies, None if nothing changes.

    To be called with the files to yourself. Raises Trouble, and then all files are as they were.
    """
    files = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
    if not files:
        return None
    refuse_others_changes(root, files)
    saved = attempt(root, root / copies.SAVED, copies.save, root, command,
                    {path: before for path, (before, _) in files.items()})
    fresh: dict[Path, Path | None] = {}
    try:
        for path, (_, after) in files.items():
            replacing.clear_left_over(path)
            fresh[path] = None if after is None else attempt(root, path, replacing.write_beside, path, after)
        refuse_others_changes(root, files)
        put_all(root, files, fresh)
    except BaseException:
        if all(is_as_before(path, before) for path, (before, _) in files.items()):
            copies.discard(saved)
        raise
    finally:
        for beside in filter(None, fresh.values()):
            replacing.remove(beside)
    return saved


def is_as_before(path: Path, before: bytes | None) -> bool:
    """Tell whether a file has the content that it had before a change, and that can be known."""
    try:
        return replacing.read(path) == before
    except OSError:
        return False


def refuse_others_changes(root: Path, files: Mapping[Path, Change]) -> None:
    """Raise Trouble if a file is not what it was when it was read, or is protected."""
    for path, (before, _) in files.items():
        if attempt(root, path, replacing.read, path) != before:
            raise Trouble(f"{relative(path, root)} was changed by another program just now: save it there, and run the "
                          "same command again. Nothing has been changed.")
        if replacing.is_protected(path):
            raise Trouble(f"{relative(path, root)} is protected against writing: if you mean it, lift that, and run "
                          "the same command again. Nothing has been changed.")


def put_all(root: Path, files: Mapping[Path, Change], fresh: dict[Path, Path | None]) -> None:
    """Let the new files take their places; if one of them cannot, the others get their old content back."""
    try:
        for path in files:
            attempt(root, path, put_one, path, fresh[path])
    except BaseException:
        for path, (before, after) in files.items():
            with contextlib.suppress(OSError):
                if replacing.read(path) == after:
                    replacing.replace(path, before)
        raise


def put_one(path: Path, fresh: Path | None) -> None:
    if fresh is None:
        replacing.replace(path, None)
    else:
        replacing.put(fresh, path)


def attempt(root: Path, path: Path, function: Callable[Arguments, Result], *arguments: Arguments.args,
            **named: Arguments.kwargs) -> Result:
    """Return what a function that works on a path returns. Raises Trouble in place of OSError."""
    try:
        return function(*arguments, **named)
    except OSError as error:
        reasons = (reason for numbers, reason in REASONS if error.errno in numbers)
        reason = next(reasons, f"the system refuses it ({error.strerror or error}): put that right")
        raise Trouble(f"{relative(path, root)}: {reason}, and run the same command again. Nothing has been changed.")
