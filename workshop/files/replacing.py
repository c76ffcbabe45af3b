"""Replacing files so that, whatever happens, the old file or the new one is there, and whole.

The new content is written beside the file, brought to the disk, and then takes the old one's name in one step, which is
how the system's documentation of rename (POSIX) and MoveFileEx (Windows) describes os.replace. A file that is a link
stays one: what it points at is replaced.
"""
import contextlib
import os
import stat
import sys
import time
from pathlib import Path

PATIENCE = 1.0  # seconds in which a file that somebody else holds is tried again
MARK = ".workshop-new"  # the end of the name of a file that is being written; one that is found was left by a kill


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, or None if there is none. Raises OSError."""
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return None


def write_beside(path: Path, data: bytes) -> Path:
    """Write data to a new file in the folder of path, with path's permissions; return its path. Raises OSError.

    Where path is a link, the folder is that of what it points at.
    """
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name}.{os.getpid()}{MARK}")
    try:
        with open(fresh, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        keep_permissions(target, fresh)
    except BaseException:
        remove(fresh)
        raise
    return fresh


def keep_permissions(old: Path, fresh: Path) -> None:
    """Give a file the permissions and, where we may, the owner of another one, if that exists."""
    with contextlib.suppress(FileNotFoundError):
        status = os.stat(old)
        with contextlib.suppress(OSError, AttributeError):
            os.chown(fresh, status.st_uid, status.st_gid)
        os.chmod(fresh, stat.S_IMODE(status.st_mode))


def put(fresh: Path, path: Path) -> None:
    """Let a file written beside path take its place. Raises OSError."""
    target = Path(os.path.realpath(path))
    end = time.monotonic() + PATIENCE
    while True:
        try:
            os.replace(fresh, target)
            break
        except PermissionError:  # on Windows a virus scanner or an indexer may hold the old file for a moment
            if sys.platform != "win32" or time.monotonic() > end:
                raise
            time.sleep(0.02)
    sync_folder(target.parent)


def replace(path: Path, data: bytes | None) -> None:
    """Let a file hold data, in one step; None removes it. Raises OSError, and then it is as before."""
    if data is None:
        os.unlink(os.path.realpath(path))
        return
    fresh = write_beside(path, data)
    try:
        put(fresh, path)
    finally:
        remove(fresh)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file if it is there and can be removed."""
    with contextlib.suppress(OSError):
        os.unlink(path)


def clear_left_over(path: Path) -> None:
    """Remove what a command that was killed has left beside path; only for whoever has the files to themselves."""
    target = Path(os.path.realpath(path))
    with contextlib.suppress(OSError):
        for name in os.listdir(target.parent):
            if name.startswith(f".{target.name}.") and name.endswith(MARK):
                remove(target.parent / name)


def is_protected(path: Path) -> bool:
    """Tell whether a file's owner has taken the permission to write away from everyone."""
    try:
        return not stat.S_IMODE(os.stat(path).st_mode) & 0o222
    except OSError:
        return False
