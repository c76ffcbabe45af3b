"""`reset` and `undo`, said in a copy of the workshop: no git repository, spaces and other letters in its path.

The command itself is run in the first test, and where it matters that it is a process of its own.
"""
import concurrent.futures
import json
import os

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox

STEM = "ch02_request"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Sandbox(tmp_path_factory.mktemp("reset") / "my workshop, 你好 ü")


@pytest.fixture
def mine(place):
    """A workshop in which chapter 2 is solved."""
    place.solve(STEM)
    return place


def works(ended):
    assert ended.returncode == 0 and not ended.stderr, ended.stderr
    return ended.stdout


def refused(ended):
    """Return what a command says that has done nothing."""
    assert ended.returncode == 1 and "Traceback" not in ended.stderr and not ended.stdout
    return " ".join(ended.stderr.split())


def test_a_step_is_reset_and_undone_and_brought_back_by_the_number_that_undo_names(mine):
    solved = mine.text(STEM)
    said = works(mine.run("reset", "2.3"))
    assert "To have it back: python3 -m workshop undo\n" in said
    assert [step.number for step in steps_of_copy(mine) if not step.started] == ["2.3"]
    copy = said.split("saved: ")[1].split("\n")[0] if "saved: " in said else said.split("saved:\n")[1].split("\n")[0]
    assert (mine.root / copy).read_text(encoding="utf-8") == solved
    reset = mine.text(STEM)
    said = works(mine.run("undo"))
    assert mine.text(STEM) == solved and "python3 -m workshop undo --list" in said
    works(mine.run("undo", said.split("To go back to that: python3 -m workshop undo ")[1].split("\n")[0]))
    assert mine.text(STEM) == reset


def steps_of_copy(mine):
    return PROJECT.by_stem[STEM].steps_in(mine.text(STEM), mine.path(STEM))


def test_several_steps_and_chapters_are_reset_at_once_and_undone_at_once(mine):
    mine.solve("ch03_environ")
    before = mine.text(STEM), mine.text("ch03_environ")
    works(mine.call("reset", "2.3", "2.6", "3"))
    assert [step.number for step in steps_of_copy(mine) if not step.started] == ["2.3", "2.6"]
    assert mine.text("ch03_environ") == PROJECT.by_stem["ch03_environ"].starter
    works(mine.call("undo"))
    assert (mine.text(STEM), mine.text("ch03_environ")) == before


@pytest.fixture
def steps(tmp_path):
    """A workshop with chapters 1 and 2 solved, and its texts after no, one, two and three commands, by their count."""
    fresh = Sandbox(tmp_path / "mine")
    fresh.solve("ch01_socket", STEM)
    found = [(fresh.text("ch01_socket"), fresh.text(STEM))]
    for number in ("2.1", "1.2", "2.3"):
        works(fresh.call("reset", number))
        found.append((fresh.text("ch01_socket"), fresh.text(STEM)))
    return fresh, found


def now(mine):
    return mine.text("ch01_socket"), mine.text(STEM)


FURTHER = "To go one command further back, before `reset "


def test_undo_tells_of_the_chapters_and_not_of_what_the_workshop_keeps(mine):
    works(mine.run("catch-up", "2"))
    said = works(mine.run("undo"))
    assert "chapters/ch01_socket.py is as it was" in said and "lent" not in said


def test_each_undo_goes_one_command_further_back_until_there_is_no_more(steps):
    mine, found = steps
    for before in (2, 1, 0):
        said = works(mine.call("undo"))
        assert now(mine) == found[before] and (FURTHER in said) == (before > 0)
    said = refused(mine.call("undo"))
    assert "There is nothing more to undo" in said and "undo --list" in said and now(mine) == found[0]


def test_after_an_undo_that_was_undone_the_commands_are_gone_back_through_again(steps):
    mine, found = steps
    works(mine.call("undo"))  # saves copies 4
    works(mine.call("undo"))  # and 5
    assert FURTHER in works(mine.call("undo", "4")) and now(mine) == (found[1][0], found[3][1])
    works(mine.call("undo"))
    assert now(mine) == (found[1][0], found[2][1])
    works(mine.call("reset", "2.6"))
    works(mine.call("undo"))
    assert now(mine) == (found[1][0], found[2][1]), "a new command is the first to be undone"


def test_an_undo_by_number_undoes_what_came_later_in_the_same_files_and_nothing_else(steps):
    mine, found = steps
    assert FURTHER in works(mine.call("undo", "1")), "1.2 is still reset"
    assert now(mine) == (found[2][0], found[0][1])
    assert FURTHER not in works(mine.call("undo")) and now(mine) == found[0]
    assert "There is nothing more to undo" in refused(mine.call("undo"))


def test_copies_that_are_as_the_files_are_are_passed_over(steps):
    mine, found = steps
    mine.write(STEM, found[2][1])
    said = works(mine.call("undo", "3"))
    assert "Nothing to do" in said and "undo --list" in said and now(mine) == found[2]
    assert FURTHER in works(mine.call("undo")) and now(mine) == found[1]
    assert FURTHER not in works(mine.call("undo")) and now(mine) == found[0]
    assert "There is nothing more to undo" in refused(mine.call("undo"))


def test_copies_that_are_damaged_keep_no_others_from_being_brought_back(steps):
    mine, found = steps
    for number, about in {8: {"files": ["a"]}, 9: {"files": {"chapters/ch02_request.py": "gone.py"}}}.items():
        folder = mine.root / ".workshop" / "saved" / f"{number:04}"
        folder.mkdir()
        whole = {"command": "reset 2", "time": "2026-11-20 10:09:08", **about}
        (folder / "about.json").write_text(json.dumps(whole), encoding="utf-8")
    works(mine.call("undo"))
    assert now(mine) == found[2]


def test_what_is_at_its_starter_is_left_alone(mine):
    works(mine.call("reset", "2"))
    assert "Nothing to do" in works(mine.call("reset", "2")) and "Nothing to do" in works(mine.call("reset", "2.3"))


def test_what_the_learner_added_stays(mine):
    mine.change(STEM, "def parse_fields(", "# a note\ndef helper():\n    return 1\n\n\ndef parse_fields(")
    works(mine.call("reset", "2.3"))
    assert "# a note\ndef helper():\n    return 1\n" in mine.text(STEM)


@pytest.mark.parametrize("old, new, said", [
    ("def parse_fields(", "def parse_felds(", "parse_felds has its name back"),
    ("def parse_fields(", "def parse_fields():\n    pass\n\n\ndef parse_fields(", "was there 2 times"),
    ("def parse_fields(", "async def parse_fields(", ""),
])
def test_a_step_that_is_renamed_or_there_twice_is_there_once_with_its_name(old, new, said, mine):
    mine.change(STEM, old, new)
    assert said in works(mine.call("reset", "2.3"))
    assert [step.number for step in steps_of_copy(mine) if not step.started] == ["2.3"]
    assert mine.text(STEM).count("def parse_fields(") == 1 and mine.text(STEM).count("Step 2.3") == 1


@pytest.mark.parametrize("number", [step.number for step in PROJECT.by_stem[STEM].steps])
def test_a_step_that_was_deleted_is_there_again(number, mine):
    from workshop.course import definitions

    name = PROJECT.steps[number].name
    text = mine.text(STEM)
    place = definitions.places(text)[name][-1]
    mine.write(STEM, definitions.edited(definitions.lines_of(text), [(place.begin, place.end, "")]))
    assert "was missing and is back" in works(mine.call("reset", number))
    assert [step.number for step in steps_of_copy(mine) if not step.started] == [number]


def test_a_class_that_was_deleted_is_there_again_with_its_methods(mine):
    head, _, rest = mine.text(STEM).partition("class Reader:")
    mine.write(STEM, head + rest[rest.index("\ndef "):])
    assert "Reader was missing and is back" in works(mine.call("reset", "2.7"))
    assert {step.name for step in steps_of_copy(mine)} == {step.name for step in PROJECT.by_stem[STEM].steps}


@pytest.mark.parametrize("old, new, line", [
    (b"MAX_METHOD = 20", b"MAX_METHOD = )", b"MAX_METHOD"),
    (b"MAX_METHOD = 20", b"MAX_METHOD = '\xff'", b"MAX_METHOD"),
])
def test_a_file_that_is_no_python_is_told_with_its_line_and_the_chapter_can_be_reset(old, new, line, mine):
    broken = mine.path(STEM).read_bytes().replace(old, new)
    mine.path(STEM).write_bytes(broken)
    number = 1 + broken[:broken.index(line)].count(b"\n")
    said = refused(mine.call("reset", "2.3"))
    assert f"ch02_request.py:{number} " in said and "reset 2`" in said and mine.path(STEM).read_bytes() == broken
    works(mine.call("reset", "2"))
    assert mine.text(STEM) == PROJECT.by_stem[STEM].starter
    works(mine.call("undo"))
    assert mine.path(STEM).read_bytes() == broken


def test_a_file_that_is_gone_is_made_anew_and_undone(mine):
    mine.path(STEM).unlink()
    assert "reset 2`" in refused(mine.call("reset", "2.3"))
    said = works(mine.call("reset", "2"))
    assert "there was none before" in said and "have it back" not in said and "To take that back: " in said
    said = works(mine.call("undo"))
    assert "gone" in said and "What was there until now is saved" in said and not mine.path(STEM).exists()
    said = works(mine.call("undo", said.split("undo ")[1].split("\n")[0]))
    assert mine.path(STEM).exists() and "is saved" not in said.partition("To go back")[0]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_ends_of_lines_stay_as_the_editor_made_them(mark, mine):
    mine.path(STEM).write_bytes(mark + mine.text(STEM).replace("\n", "\r\n").encode())
    before = mine.path(STEM).read_bytes()
    works(mine.call("reset", "2.3"))
    after = mine.path(STEM).read_bytes()
    assert after.count(b"\n") == after.count(b"\r\n") and after.startswith(mark + b'"""') and after != before


@pytest.mark.parametrize("words, said", [
    (["reset", "2.99"], "There is no step 2.99"), (["reset", "9"], "There is no chapter 9"),
    (["reset", "x"], "There is no chapter x"),
    (["undo", "9999"], "There are no saved copies 9999. To see all that is saved, and to bring any of it back"),
])
def test_what_is_not_there_is_told(words, said, mine):
    works(mine.call("reset", "2.1"))
    assert said in refused(mine.call(*words))


def test_the_copies_are_listed_with_their_times_and_any_can_be_brought_back(mine):
    first = mine.text(STEM)
    works(mine.call("reset", "2.1"))
    number = works(mine.call("undo", "--list")).splitlines()[-2].split()[0]
    works(mine.call("reset", "2.2"))
    listed = works(mine.call("undo", "--list", COLUMNS="60")).splitlines()
    assert all(len(line) <= 60 for line in listed)
    assert "`reset 2.2`" in "\n".join(listed[-4:])
    works(mine.call("undo", number))
    assert mine.text(STEM) == first


def test_before_anything_was_changed_there_is_nothing_to_undo(tmp_path):
    empty = Sandbox(tmp_path / "fresh")
    assert "nothing to bring back" in refused(empty.call("undo"))
    assert "no saved copies" in works(empty.call("undo", "--list"))


def test_commands_at_the_same_time_lose_nothing(mine):
    numbers = [step.number for step in PROJECT.by_stem[STEM].steps][:6]
    solved, before = mine.path(STEM).read_bytes(), len(mine.saved())
    with concurrent.futures.ThreadPoolExecutor(len(numbers)) as pool:
        for ended in pool.map(lambda number: mine.run("reset", number), numbers):
            works(ended)
    assert [step.number for step in steps_of_copy(mine) if not step.started] == numbers
    assert len(mine.saved()) == before + len(numbers) and solved in mine.saved()


@pytest.mark.skipif(os.name == "nt", reason="the console of Windows has its own encodings")
def test_it_is_said_in_ascii_where_the_terminal_knows_nothing_else(mine):
    said = works(mine.run("reset", "2", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0"))
    assert said.isascii()


@pytest.mark.parametrize("number, added", [("2.2", "parse_field.calls = 0"), ("2.7", "Reader.limit = 3")])
def test_what_is_set_on_a_function_or_class_takes_no_part_in_its_reset(number, added, mine):
    mine.write(STEM, f"{mine.text(STEM)}\n\n{added}\n")
    works(mine.call("reset", number))
    assert [step.number for step in steps_of_copy(mine) if not step.started] == [number]
    assert mine.text(STEM).endswith(f"\n\n{added}\n")


@pytest.mark.parametrize("one", ["class Reader: pass", "class Reader: receive_more = None"])
def test_a_class_in_one_line_gets_its_methods_back_by_reset_and_by_catch_up(one, mine):
    head, _, rest = mine.text(STEM).partition("class Reader:")
    mine.write(STEM, f"{head}{one}\n\n{rest[rest.index(chr(10) + 'def '):]}")
    before = mine.text(STEM)
    assert "Reader was not whole and is back" in works(mine.call("reset", "2.7"))
    assert {step.name for step in steps_of_copy(mine)} == {step.name for step in PROJECT.by_stem[STEM].steps}
    mine.write(STEM, before)
    assert "put back what was missing: Reader" in works(mine.run("catch-up", "3"))




def end_of(mine, name):
    from workshop.course import definitions

    return definitions.places(mine.text(STEM))[name][-1].end


@pytest.mark.parametrize("name", ["parse_request_line", "Reader.read_exactly", "handle"])
@pytest.mark.parametrize("added", [
    "{}x = (1,\n", '{}x = """one\n', "{}x = 'one\n", "{}if x\n", "for x in (1, 2):\nprint(x)\n", "return x\n{}  y\n",
])
def test_a_step_whose_lines_alone_are_no_python_is_reset_alone(name, added, mine):
    number, = (step.number for step in PROJECT.by_stem[STEM].steps if step.name == name)
    solved, lines = mine.text(STEM), mine.text(STEM).splitlines(keepends=True)
    lines.insert(end_of(mine, name), added.format("        " if "." in name else "    "))
    mine.write(STEM, "".join(lines))
    assert f"`python3 -m workshop reset {number}` puts this one step, {name}, " in refused(mine.call("diff", number))
    assert f"reset {number}`" in refused(mine.call("reset", "2.4"))
    works(mine.call("reset", "2.4", number))
    assert sorted(step.number for step in steps_of_copy(mine) if not step.started) == sorted([number, "2.4"])
    mine.write(STEM, "".join(lines))
    works(mine.call("reset", number))
    now, given = mine.text(STEM), PROJECT.by_stem[STEM].starter
    assert [step.number for step in steps_of_copy(mine) if not step.started] == [number]
    assert set(now.splitlines()) <= set(solved.splitlines()) | set(given.splitlines())


def test_each_line_that_stays_keeps_its_own_end(mine):
    lines = mine.text(STEM).encode().splitlines()
    ends = [b"\r\n" if place % 3 else b"\n" for place in range(len(lines))]
    before = [line + end for line, end in zip(lines, ends, strict=True)]
    mine.path(STEM).write_bytes(b"".join(before))
    works(mine.call("reset", "2.3"))
    after = mine.path(STEM).read_bytes().splitlines(keepends=True)
    name = b"def parse_fields("
    head, tail = (next(place for place, line in enumerate(lines) if line.startswith(name)) for lines in (before, after))
    assert after[:tail] == before[:head] and len(after) != len(before)
    assert after[-200:] == before[-200:]
