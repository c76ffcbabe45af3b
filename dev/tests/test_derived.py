"""What is derived is as it is made: `python -m dev regenerate --check`, part by part; and that command itself."""
import pytest

from dev import PROJECT, regenerate
from dev.__main__ import main
from dev.regenerate import PARTS, Part
from workshop.course.project import Project


@pytest.mark.derived
@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_as_it_is_made(name):
    part = PARTS[name]
    found = [part.shown(path, *pair) for path, pair in part.differences().items()]
    assert not found, "\n".join([*found, f"python -m dev regenerate {name} writes it anew; read the difference first"])


@pytest.fixture
def part(tmp_path, monkeypatch):
    """A part of three files, of which one is right, one is stale and one is missing; a fourth is left over."""
    (tmp_path / "right.txt").write_text("right, at 10:09\n", encoding="utf-8")
    (tmp_path / "stale.txt").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "old.txt").write_text("of a thing that is gone\n", encoding="utf-8")
    made = {"right.txt": "right, at 12:34\n", "stale.txt": "one\nthree\n", "missing.txt": "new\n"}
    monkeypatch.setattr(regenerate, "PROJECT", Project(tmp_path))
    monkeypatch.setitem(PARTS, "sample", Part(
        "a sample", lambda: {tmp_path / name: text for name, text in made.items()}, "*.txt",
        comparable=lambda text: text.partition(", at ")[0]))
    return made


def contents(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_check_shows_what_differs_and_the_command_that_mends_it_and_writes_nothing(part, tmp_path, capsys):
    before = contents(tmp_path)
    assert main(["regenerate", "--check", "sample"]) == 1
    said = capsys.readouterr().out
    assert "-two\n+three\n" in said and "+new\n" in said and "old.txt is left over" in said and "right" not in said
    assert said.endswith("python -m dev regenerate sample\n") and contents(tmp_path) == before


def test_what_differs_is_written_and_what_is_left_over_goes(part, tmp_path, capsys):
    assert main(["regenerate", "sample"]) == 0 and "right" not in capsys.readouterr().out
    assert contents(tmp_path) == part | {"right.txt": "right, at 10:09\n"}
    assert main(["regenerate", "--check", "sample"]) == 0 and "sample" in capsys.readouterr().out


def test_a_part_that_there_is_none_of_is_told_in_a_sentence(capsys):
    assert main(["regenerate", "pistures"]) == 1
    assert "pistures is no part: they are starters, mistakes, " in " ".join(capsys.readouterr().err.split())


def test_a_long_difference_is_cut(tmp_path):
    said = PARTS["readme"].shown(PROJECT.root / "README.md", "\n".join(map(str, range(1000))), "x" * 1000)
    assert len(said.splitlines()) == regenerate.SHOWN + 1 and said.endswith("more lines")
