"""Changes to the learner's files, in the one way in which commands make them.

First the files are saved; if they can't be, nothing is done. Then all new content is written beside the files, and if
they still are as they were read, it takes their places. What the learner wrote is in the file or in a saved copy at
every moment. One command at a time makes changes: the others wait for it.
"""
import contextlib
import errno
import os
import time

from workshop.course.steps import ROOT, relative
from workshop.files import copies, replacing
from workshop.machine.trouble import Trouble

LOCK = ROOT / ".workshop" / "lock"
PATIENCE = 10  # seconds to wait for another command

# What stops a change, by the error's number, and what to do about it.
REASONS = (
    ((errno.ENOSPC, getattr(errno, "EDQUOT", None)), "the disk is full: make room"),
    ((errno.EACCES, errno.EPERM, errno.EROFS), "it can't be written: give yourself the permission to, or move the "
                                               "workshop into a folder of your own"),
    ((errno.ENOENT, errno.ENOTDIR, errno.ELOOP), "its folder, or what it links to, isn't there: put that right"),
)


@contextlib.contextmanager
def alone(patience=None):
    """Have the learner's files to yourself, or wait for who has. Raises Trouble after so many seconds.

    The system ends a lock when its process ends, however it does. Where no lock can be had (some network disks), the
    comparison before each replacement is what is left.
    """
    with contextlib.ExitStack() as stack:
        file = None
        with contextlib.suppress(OSError):
            LOCK.parent.mkdir(exist_ok=True)
            file = stack.enter_context(open(LOCK, "a+b"))
        if file:
            wait_for_lock(file, PATIENCE if patience is None else patience)
        yield


def wait_for_lock(file, patience):
    end = time.monotonic() + patience
    while is_taken(file):
        if time.monotonic() > end:
            raise Trouble("Another workshop command is changing your files: wait until it is done, and run this one "
                          "again. Nothing has been changed.")
        time.sleep(0.02)


def is_taken(file):
    """Lock a file; return True if somebody else has it. False also where the system has no locks."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)
    return False


def make(command, files):
    """Change files for a command (str), saving what they were; return the Copies, or None if nothing changes.

    files is {path: (bytes before, bytes after)}, None standing for no file. To be called with the files to yourself.
    Raises Trouble, and then all files are as they were.
    """
    files = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
    if not files:
        return None
    refuse_others_changes(files)
    saved = attempt(copies.SAVED, copies.save, command, {path: before for path, (before, _) in files.items()})
    fresh = {}
    try:
        for path, (_, after) in files.items():
            replacing.clear_left_over(path)
            fresh[path] = None if after is None else attempt(path, replacing.write_beside, path, after)
        refuse_others_changes(files)
        put_all(files, fresh)
    finally:
        for path in filter(None, fresh.values()):
            replacing.remove(path)
    return saved


def refuse_others_changes(files):
    """Raise Trouble if a file is not what it was when it was read, or is protected."""
    for path, (before, _) in files.items():
        if attempt(path, replacing.read, path) != before:
            raise Trouble(f"{relative(path)} was changed by another program just now: save it there, and run the same "
                          "command again. Nothing has been changed.")
        if replacing.is_protected(path):
            raise Trouble(f"{relative(path)} is protected against writing: if you mean it, lift that, and run the "
                          "same command again. Nothing has been changed.")


def put_all(files, fresh):
    """Let the new files take their places; if one of them can't, the others get their old content back."""
    try:
        for path in files:
            attempt(path, put_one, path, fresh[path])
    except BaseException:
        for path, (before, after) in files.items():
            with contextlib.suppress(OSError):
                if replacing.read(path) == after:
                    replacing.replace(path, before)
        raise


def put_one(path, fresh):
    if fresh is None:
        replacing.replace(path, None)
    else:
        replacing.put(fresh, path)


def attempt(path, function, *arguments):
    """Return what a function that works on path returns. Raises Trouble in place of OSError."""
    try:
        return function(*arguments)
    except OSError as error:
        reasons = (reason for numbers, reason in REASONS if error.errno in numbers)
        reason = next(reasons, f"{error.strerror or error}")
        raise Trouble(f"{relative(path)}: {reason}, and run the same command again. Nothing has been changed.")
