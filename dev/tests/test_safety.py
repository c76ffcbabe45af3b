"""Nothing that the learner wrote is lost: not by errors, not by a kill at any moment, not by two commands at once."""
import builtins
import contextlib
import ctypes
import errno
import itertools
import os
import random
import subprocess
import sys
import time

import pytest

from dev import PROJECT
from workshop.files import change, copies, replacing
from workshop.machine.containment import contained_environment
from workshop.machine.trouble import Trouble

OLD, NEW = b"old: \xe4\xbd\xa0\r\n" * 500, b"new: \xe5\xa5\xbd\n" * 700
OTHER = b"of another chapter\n" * 100


@pytest.fixture
def folder(tmp_path):
    """A folder of the learner's, whose copies and lock are in it too."""
    place = tmp_path / "mine, 你 ü"
    (place / "chapters").mkdir(parents=True)
    return place


@pytest.fixture
def files(folder):
    """Two files with OLD and OTHER in them, by their names."""
    found = {"one": folder / "chapters" / "ch01_one.py", "two": folder / "chapters" / "ch02_two.py"}
    found["one"].write_bytes(OLD)
    found["two"].write_bytes(OTHER)
    return found


def to_new(files):
    """The change that all tests make: both files get NEW."""
    return {files["one"]: (OLD, NEW), files["two"]: (OTHER, NEW)}


def contents(files):
    return [path.read_bytes() for path in files.values()]


def saved_contents(folder):
    return [path.read_bytes() for path in (folder / copies.SAVED).glob("[0-9]*/ch*.py")]


def names_in(folder):
    return sorted(path.name for path in (folder / "chapters").iterdir())


def test_files_are_changed_after_they_were_saved(files, folder):
    saved = change.make(folder, "reset 1", to_new(files))
    assert contents(files) == [NEW, NEW] and sorted(saved_contents(folder)) == sorted([OLD, OTHER])
    assert saved.content() == {files["one"]: OLD, files["two"]: OTHER}
    assert copies.all_copies(folder) == [saved] and saved.command == "reset 1" and saved.number == 1
    assert names_in(folder) == ["ch01_one.py", "ch02_two.py"]


def test_a_change_that_changes_nothing_saves_nothing(files, folder):
    assert change.make(folder, "reset 1", {files["one"]: (OLD, OLD)}) is None
    assert copies.all_copies(folder) == []


def test_a_file_can_come_and_go(folder):
    path = folder / "chapters" / "ch03.py"
    first = change.make(folder, "catch-up 4", {path: (None, NEW)})
    assert path.read_bytes() == NEW and first.content() == {path: None}
    change.make(folder, "undo 1", {path: (NEW, None)})
    assert not path.exists() and saved_contents(folder) == [NEW]


# Errors.


class Failing:
    """Stands in for what the system does: fails at the call with a number; after a kill, nothing works any more."""

    FUNCTIONS = ("open", "fsync", "replace", "rename", "chmod", "mkdir", "unlink", "rmdir")

    def __init__(self, monkeypatch, error, at, killing=False):
        self.calls, self.error, self.at, self.killing = itertools.count(), error, at, killing
        self.reached = False
        for name in self.FUNCTIONS:
            monkeypatch.setattr(os, name, self.around(getattr(os, name)))
        monkeypatch.setattr(replacing, "open", self.around(self.opened), raising=False)

    def opened(self, *arguments):
        file = builtins.open(*arguments)
        inner = file.write
        return Wrapped(file, lambda data: self.around(inner)(data[:len(data) // 2]) and inner(data[len(data) // 2:]))

    def around(self, function):
        def call(*arguments, **named):
            count = next(self.calls)
            if count == self.at or (self.killing and count > self.at):
                self.reached = True
                raise self.error
            return function(*arguments, **named)

        return call


class Wrapped:
    """A file whose write goes another way, and may fail half way."""

    def __init__(self, file, write):
        self.file, self.write = file, write

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()


class Killed(BaseException):
    """Stands in for the end of the process."""


MOMENTS = range(60)  # more than there are calls


def test_an_error_at_any_moment_leaves_all_files_as_they_were(files, folder, failing_at):
    reached = 0
    for at in MOMENTS:
        with failing_at(OSError(errno.ENOSPC, "No space left on device"), at) as failing:
            try:
                change.make(folder, "reset 1", to_new(files))
            except Trouble as trouble:
                assert "the disk is full" in str(trouble) and "Nothing has been changed" in str(trouble)
                assert contents(files) == [OLD, OTHER], at
            else:
                assert contents(files) == [NEW, NEW], at
        restore(files)
        reached += failing.reached
    assert 20 < reached < len(MOMENTS)


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one_and_what_was_there_in_a_copy(
        files, folder, failing_at):
    reached = 0
    for at in MOMENTS:
        with failing_at(Killed(), at, killing=True) as failing:
            try:
                change.make(folder, "reset 1", to_new(files))
            except Killed:
                pass
        assert set(contents(files)) <= {OLD, OTHER, NEW}, at
        kept = contents(files) + [data for one in copies.all_copies(folder) for data in one.content().values()]
        assert OLD in kept and OTHER in kept, at
        restore(files)
        reached += failing.reached
    assert 20 < reached < len(MOMENTS)


def restore(files):
    files["one"].write_bytes(OLD)
    files["two"].write_bytes(OTHER)


@pytest.fixture
def failing_at(monkeypatch):
    """A context in which the call with a number fails; it gives the Failing."""
    @contextlib.contextmanager
    def failing(error, at, killing=False):
        with monkeypatch.context() as patch:
            yield Failing(patch, error, at, killing)

    return failing


LOOP = """
import sys
from pathlib import Path
from workshop.files import change, copies
root = Path(sys.argv[1])
path = root / "chapters" / "ch01_one.py"
old, new = path.read_bytes(), eval(sys.argv[2])
while True:
    with change.alone(root):
        change.make(root, "reset 1", {path: (old, new)})
    old, new = new, old
    print("changed", flush=True)
"""


def test_processes_that_are_killed_leave_a_whole_file(files, folder):
    moments = random.Random(5)
    for count in range(30):
        now = files["one"].read_bytes()
        other = NEW if now == OLD else OLD
        process = subprocess.Popen([sys.executable, "-S", "-c", LOOP, str(folder), repr(other)], cwd=PROJECT.root,
                                   stdout=subprocess.PIPE, env=contained_environment())
        assert process.stdout.readline() == b"changed\n"
        time.sleep(moments.random() * 0.02)
        process.kill()
        process.wait()
        process.stdout.close()
        assert files["one"].read_bytes() in (OLD, NEW), count
    assert {data for one in copies.all_copies(folder) for data in one.content().values()} == {OLD, NEW}
    before = files["one"].read_bytes()
    change.make(folder, "reset 1", {files["one"]: (before, b"last")})
    assert names_in(folder) == ["ch01_one.py", "ch02_two.py"], "what a kill has left is cleared away"


def test_if_the_second_file_cannot_be_replaced_the_first_gets_its_old_content_back(files, monkeypatch, folder):
    put = replacing.put

    def fail_at_two(fresh, path):
        if path == files["two"]:
            raise PermissionError(errno.EACCES, "Permission denied")
        put(fresh, path)

    monkeypatch.setattr(replacing, "put", fail_at_two)
    with pytest.raises(Trouble, match="ch02_two.py: it cannot be written.*Nothing has been changed"):
        change.make(folder, "catch-up 4", to_new(files))
    assert contents(files) == [OLD, OTHER]
    assert copies.all_copies(folder) == [] == saved_contents(folder), "there is nothing to undo"


def test_if_a_file_cannot_get_its_old_content_back_its_copy_stays(files, monkeypatch, folder):
    put, calls = replacing.put, itertools.count()

    def fail_from_the_second_on(fresh, path):
        if path == files["two"] or path == files["one"] and next(calls):
            raise PermissionError(errno.EACCES, "Permission denied")
        put(fresh, path)

    monkeypatch.setattr(replacing, "put", fail_from_the_second_on)
    with pytest.raises(Trouble):
        change.make(folder, "catch-up 4", to_new(files))
    assert contents(files) == [NEW, OTHER] and OLD in saved_contents(folder)


@pytest.mark.parametrize("number, said", [
    (errno.EDQUOT, "the disk is full"), (errno.EROFS, "cannot be written"),
    (errno.EISDIR, "it is a folder, and it should be a file"),
    (errno.EIO, r"the system refuses it \(Input/output error\): put that right, and run the same command again"),
])
def test_if_saving_fails_nothing_is_done_and_one_sentence_says_why(number, said, files, monkeypatch, folder):
    def fail(*arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(copies, "save", fail)
    with pytest.raises(Trouble, match=said):
        change.make(folder, "reset 1", to_new(files))
    assert contents(files) == [OLD, OTHER]


def test_a_folder_for_copies_that_cannot_be_made_stops_the_change(files, folder):
    (folder / ".workshop").write_text("a file of this name", encoding="utf-8")
    with change.alone(folder), pytest.raises(Trouble):
        change.make(folder, "reset 1", to_new(files))
    assert contents(files) == [OLD, OTHER]


ONCE = LOOP.replace("while True:\n    with", "import resource\nLIMIT\nfor _ in [1]:\n    with")


def run_once(folder, limit, **options):
    """Make one change in a process of its own, which first runs limit (code); return the process when it has ended."""
    return subprocess.run([sys.executable, "-S", "-c", ONCE.replace("LIMIT", limit), str(folder), repr(NEW)],
                          cwd=PROJECT.root, capture_output=True, text=True, env=contained_environment(), **options)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_disk_that_takes_half_of_a_file_leaves_the_old_one(files, folder):
    ended = run_once(folder, "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))")
    assert "Nothing has been changed" in ended.stderr and ended.returncode == 1
    assert contents(files) == [OLD, OTHER] and names_in(folder) == ["ch01_one.py", "ch02_two.py"]


def obey_permissions():
    """Give up an administrator's right to write everywhere (Linux; others run tests as somebody else)."""
    drop_from_bounding_set, may_override_permissions = 24, 1
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(drop_from_bounding_set, may_override_permissions, 0, 0, 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize("closed", ["chapters", ".workshop/saved"])
def test_a_folder_that_is_read_only_is_told_in_a_sentence(closed, files, folder):
    (folder / ".workshop" / "saved").mkdir(parents=True)
    (folder / closed).chmod(0o555)
    ended = run_once(folder, "", preexec_fn=obey_permissions)
    (folder / closed).chmod(0o755)
    assert "it cannot be written" in ended.stderr and contents(files) == [OLD, OTHER]


# Others at work.


def test_a_file_that_an_editor_has_changed_since_it_was_read_is_left_alone(files, monkeypatch, folder):
    files["two"].write_bytes(b"typed just now")
    with pytest.raises(Trouble, match="changed by another program"):
        change.make(folder, "reset 1", to_new(files))
    assert contents(files) == [OLD, b"typed just now"] and copies.all_copies(folder) == []


def test_a_file_that_an_editor_changes_while_it_is_saved_is_left_alone(files, monkeypatch, folder):
    save = copies.save

    def save_and_type(*arguments):
        files["two"].write_bytes(b"typed just now")
        return save(*arguments)

    monkeypatch.setattr(copies, "save", save_and_type)
    with pytest.raises(Trouble, match="changed by another program"):
        change.make(folder, "reset 1", to_new(files))
    assert contents(files) == [OLD, b"typed just now"]


def test_a_command_waits_for_the_one_that_is_at_work(folder):
    with change.alone(folder):
        begin = time.monotonic()
        with pytest.raises(Trouble, match="Another workshop command"), change.alone(folder, patience=0.1):
            pass
        assert time.monotonic() - begin >= 0.1
    with change.alone(folder, patience=0):
        pass


def test_where_there_are_no_locks_changes_can_be_made(files, folder):
    (folder / ".workshop").mkdir()
    (folder / ".workshop" / "lock").mkdir()
    with change.alone(folder):
        change.make(folder, "reset 1", to_new(files))
    assert contents(files) == [NEW, NEW]


# Files of an odd kind.


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_permissions_are_kept(mode, files, folder):
    files["one"].chmod(mode)
    change.make(folder, "reset 1", to_new(files))
    assert files["one"].stat().st_mode & 0o777 == mode


def test_a_file_that_is_protected_is_left_alone(files, folder):
    files["two"].chmod(0o444)
    with pytest.raises(Trouble, match="protected"):
        change.make(folder, "reset 1", to_new(files))
    files["two"].chmod(0o644)
    assert contents(files) == [OLD, OTHER]


@pytest.mark.skipif(os.name == "nt", reason="links need a permission on Windows")
def test_a_link_stays_a_link_and_what_it_points_at_is_replaced(files, folder):
    elsewhere = folder / "elsewhere.py"
    os.replace(files["one"], elsewhere)
    files["one"].symlink_to(elsewhere)
    change.make(folder, "reset 1", to_new(files))
    assert files["one"].is_symlink() and elsewhere.read_bytes() == NEW and OLD in saved_contents(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need a permission on Windows")
def test_a_link_that_points_nowhere_is_told(files, folder):
    files["one"].unlink()
    files["one"].symlink_to(folder / "no" / "such.py")
    with pytest.raises(Trouble, match="is not there"):
        change.make(folder, "reset 1", {files["one"]: (None, NEW)})


# Copies.


ABOUT = '{"command": "reset 1", "time": "2026-11-20 10:09:08", "files": %s}'


def test_copies_that_are_not_whole_are_not_offered(folder):
    for name, text in {"0001": None, "0002": "{", "0003": '{"command": "x"}', "0004": "[]",
                       "0005": ABOUT % '["a"]', "0006": ABOUT % '{"a": 3}', "0007": ABOUT % '{"a": "gone"}',
                       "notes": "{}"}.items():
        (folder / copies.SAVED / name).mkdir(parents=True)
        if text:
            (folder / copies.SAVED / name / copies.ABOUT).write_text(text, encoding="utf-8")
    assert copies.all_copies(folder) == []


def test_numbers_go_on_behind_the_highest(folder, files):
    (folder / copies.SAVED / "0041").mkdir(parents=True)
    assert change.make(folder, "reset 1", to_new(files)).number == 42
