"""A sandbox that was used is as it was made, or it says that it is not."""
import os

import pytest

from dev.sandbox import Sandbox, starters


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Sandbox(tmp_path_factory.mktemp("sandbox") / "mine")


def everything(place):
    """Return what each file of a sandbox holds, and its folders, by path."""
    return {path: path.read_bytes() if path.is_file() else b"" for path in place.root.rglob("*")}


@pytest.mark.skipif(os.name == "nt", reason="there, not everybody may make links")
def test_what_has_come_is_taken_away_and_the_starters_are_back(place):
    before = everything(place)
    place.solve("ch01_socket")
    place.path("ch02_request").unlink()
    (place.root / "chapters" / "notes").mkdir()
    (place.root / ".workshop" / "saved").mkdir(parents=True)
    (place.root / ".workshop" / "saved" / "1").write_text("kept", encoding="utf-8")
    (place.root / "workshop" / "json.py").touch()
    (place.root / "there").symlink_to(place.root / "tests", target_is_directory=True)
    assert everything(place) != before and place.renew() and everything(place) == before
    assert place.text("ch02_request") == starters()["ch02_request"]


@pytest.mark.parametrize("change", [
    lambda path: path.write_bytes(path.read_bytes()), lambda path: path.write_bytes(b""), lambda path: path.unlink(),
    lambda path: path.chmod(0o444),
], ids=["written anew", "emptied", "gone", "read only"])
@pytest.mark.parametrize("name", ["workshop/__main__.py", "tests/ch01_socket/test_serve.py", "README.md"])
def test_a_file_that_was_changed_is_told(change, name, tmp_path):
    place = Sandbox(tmp_path)
    assert place.renew()
    change(place.root / name)
    assert not place.renew()
