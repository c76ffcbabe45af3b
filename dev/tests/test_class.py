"""A class: copies with different progress are checked and shown, and nobody's files are changed."""
import csv
import json
import re
import shutil

import pytest

from dev import PROJECT
from dev.sandbox import fill, noted, own, reference, starters, with_bodies
from workshop.checking.grading import grades
from workshop.checking.verdict import Verdict
from workshop.course.classroom import Copy, alike, copies
from workshop.course.definitions import replace, text_of
from workshop.course.roads import Cut, roads
from workshop.course.schedule import Slot, clock, schedule
from workshop.course.step_states import State
from workshop.machine.trouble import Trouble
from workshop.pages.class_table import Row, as_csv, as_json, page
from workshop.pages.report import standing
from workshop.verbs import board, teach

ENDLESS = "while True:\n    pass\n"
WRONG = ("return b''\n", "return connection.recv(RECV_SIZE), b''\n", "raise ClientGone\n", "sys.exit()\n")
FIRST = "ch01_socket"


@pytest.fixture
def mine(fresh_sandbox):
    return fresh_sandbox("mine")


@pytest.fixture
def room(tmp_path):
    """A class of 15: most have begun, some are wrong, one has an endless loop, one has borrowed; all edited a test."""
    texts = {
        **{f"begun{count}": with_begun(count) for count in range(6)},
        **{f"wrong{count}": with_bodies(with_begun(2), FIRST, {"read_head": body}) for count, body in enumerate(WRONG)},
        "endless": with_bodies(with_begun(2), FIRST, {"read_head": ENDLESS}),
        "borrowed": starters() | {FIRST: noted(FIRST)},
        "alike": with_bodies(with_begun(5), FIRST, {}), "no_python": with_begun(2) | {FIRST: "def build_response(:\n"},
        "road": starters() | {"ch05_middleware": own()["ch05_middleware"]},
    }
    for name, sources in texts.items():
        folder = tmp_path / "room" / name / "chapters"
        folder.mkdir(parents=True)
        fill(folder, sources)
        (folder.parent / "tests").mkdir()
        (folder.parent / "tests" / "conftest.py").write_text("import os; os._exit(0)  # an edited test\n")
    return tmp_path / "room"


def with_begun(count):
    """Return the sources of a learner who has written the first steps of chapter 1, so many."""
    chapter = PROJECT.by_stem[FIRST]
    return starters() | {FIRST: replace(starters()[FIRST], {
        step.name: text_of(own()[FIRST], step.name) for step in chapter.steps[:count]})}


def works(ended):
    assert ended.returncode == 0 and not ended.stderr, ended.stdout + ended.stderr
    return ended.stdout


def test_a_class_is_graded_by_this_copys_tests_and_stays_as_it_was(mine, room, tmp_path):
    before = {path: path.read_bytes() for path in room.rglob("*") if path.is_file()}
    out = tmp_path / "grades"
    said = works(mine.run("grade", *map(str, sorted(room.iterdir())), "--out", str(out)))
    names = re.findall(r"(?m)^ *\d+ of 15  (\w+):", said)
    assert len(names) == 15 and names == sorted(names)
    assert {path: path.read_bytes() for path in room.rglob("*") if path.is_file()} == before
    rows = {row["learner"]: row for row in json.loads((out / "grades.json").read_text(encoding="utf-8"))}
    for count in range(6):
        assert rows[f"begun{count}"]["counts"] == {"yours": count, "borrowed": 0, "wrong": 0, "waiting": 0,
                                                   "not started": len(PROJECT.course) - count}
    assert rows["borrowed"]["counts"]["borrowed"] == 5 and rows["borrowed"]["counts"]["yours"] == 0
    assert all(rows[f"wrong{count}"]["first_wrong"] == "1.2" for count in range(len(WRONG)))
    assert "pair" in rows["wrong0"]["problem"] and "SystemExit" in rows["wrong3"]["problem"]
    assert rows["endless"]["first_wrong"] == "1.2" and "end" in rows["endless"]["problem"]
    assert rows["no_python"]["first_wrong"] == "1.1" and "is not Python" in rows["no_python"]["problem"]
    assert rows["road"]["counts"]["yours"] + rows["road"]["counts"]["waiting"] == 10
    assert any("alike" in note for note in rows["begun5"]["notes"]) and not rows["begun1"]["notes"]
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        table = {row["learner"]: row for row in csv.DictReader(file)}
    assert table["wrong0"]["1.2"] == "wrong" and table["begun1"]["1.1"] == "yours" and len(table) == 15
    assert (out / "grades.html").read_text(encoding="utf-8").count("<tr>") == 16


def test_a_class_on_a_road_is_graded_by_the_steps_of_the_road(mine, room, tmp_path):
    works(mine.run("grade", str(room / "begun3"), "--road", "taste", "--out", str(tmp_path / "grades")))
    steps = roads(PROJECT)["taste"].steps
    row, = json.loads((tmp_path / "grades" / "grades.json").read_text(encoding="utf-8"))
    assert row["steps"] == {number: "yours" if number == "1.1" else "not started" for number in steps}
    heading = (tmp_path / "grades" / "grades.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heading.endswith(",".join(steps)) and mine.say("grade", str(room / "begun3"), "--road", "no")[0] == 1


def test_checking_one_learner_has_an_end(room):
    found = [Copy("endless", room / "endless")]
    grade, = grades(PROJECT, found, list(PROJECT.steps), seconds=0.01)
    assert "not checked within" in grade.note


def test_a_folder_without_chapters_is_refused(tmp_path):
    with pytest.raises(Trouble, match="has no chapters"):
        copies(PROJECT, [str(tmp_path)])


def test_copies_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for place in ("a", "b"):
        (tmp_path / place / "ada").mkdir(parents=True)
        fill(tmp_path / place / "ada", starters())
    found = copies(PROJECT, [str(tmp_path / "a" / "ada"), str(tmp_path / "b" / "ada")])
    assert len({copy.name for copy in found}) == 2


def test_copies_that_are_the_same_are_mentioned_and_borrowed_steps_do_not_count(tmp_path):
    for name, sources in {"one": own(), "two": own(), "other": starters(), "borrowed": reference()}.items():
        (tmp_path / name).mkdir()
        fill(tmp_path / name, sources)
    same = alike(PROJECT, copies(PROJECT, [str(tmp_path / name) for name in ("one", "two", "other", "borrowed")]))
    assert same == {"one": ["two"], "two": ["one"], "other": [], "borrowed": []}


def test_the_board_shows_what_the_checks_have_noted(mine, tmp_path):
    road = roads(PROJECT)["afternoon"]
    mine.solve(FIRST)
    mine.remember({"1.1": Verdict("1.1", ["passed"]), "1.2": Verdict("1.2", ["failed"], "step 1.2\n✘ <no pair>\n")})
    found = [Copy("Ada <x>", mine.root)]
    since = {("Ada <x>", "1.2"): -board.LONG}
    text = board.board(PROJECT, road, found, since)
    assert "Ada &lt;x&gt;" in text and "&lt;no pair&gt;" in text and "<no pair>" not in text
    assert text.count('<td class="step ') == len(road.steps) and 'class="step yours"' in text
    assert "here for" in text and "0 of 1 have reached the end" in text
    assert f'content="{board.RENEWED}"' in text
    assert "refresh" not in board.board(PROJECT, road, found, {}, once=True)


def test_the_board_tells_what_is_written_and_was_never_checked_from_what_is_not_started(tmp_path):
    """As in chapters that are collected without .workshop."""
    (tmp_path / "chapters").mkdir()
    fill(tmp_path / "chapters", with_begun(2))
    road, found = roads(PROJECT)["afternoon"], [Copy("Ada", tmp_path)]
    text = board.board(PROJECT, road, found, {}, once=True)
    assert text.count('title="1.1 not checked yet">?<') == text.count('title="1.2 not checked yet">?<') == 1
    assert 'title="3.1 not started">○<' in text and "○ not started · ? not checked yet" in text
    assert "not checked" not in board.board(PROJECT, road, [], {}, once=True)


def test_who_has_written_all_and_checked_nothing_is_not_told_to_begin(tmp_path):
    (tmp_path / "chapters").mkdir()
    fill(tmp_path / "chapters", own())
    row = board.row_of(PROJECT, roads(PROJECT)["day"], Copy("Ada", tmp_path), {}, 0)
    assert set(row.unchecked) == set(PROJECT.steps) and not row.notes


@pytest.mark.parametrize("at, said", [
    (["1.2", "1.2", "1.1"], "Most are at 1.2: no pair (2)"),
    (["1.2", "1.1", "3.1"], ""), (["1.2", "1.2", "1.1", "1.1"], ""), (["1.2"], ""), ([], "")])
def test_the_board_says_where_most_are_only_if_more_are_there_than_anywhere_else(at, said):
    rows = [Row(str(count), {}, number, "no pair") for count, number in enumerate(at)]
    assert board.common_problem([*rows, Row("at the end", {})]) == ([said] if said else [])


def test_the_board_names_who_has_not_begun_the_road(mine):
    assert row_on_board(mine).notes == ["has to say begin day: steps of other roads are not started"]
    works(mine.run("begin", "day"))
    assert not row_on_board(mine).notes


def test_the_board_shows_what_catch_up_has_filled_in_since_the_last_check(mine):
    """The check came first: 1.1 was wrong, 1.2 not started, and the room is at 1.5 now."""
    works(mine.run("begin", "day"))
    mine.write(FIRST, with_bodies({FIRST: mine.text(FIRST)}, FIRST, {"build_response": "return b''\n"})[FIRST])
    mine.remember({"1.1": Verdict("1.1", ["failed"], "✘ nothing\n"), "1.2": Verdict("1.2", ["not started"])})
    row = row_on_board(mine)
    assert (row.at, row.problem, row.states["1.1"]) == ("1.1", "nothing", State.WRONG)
    works(mine.run("catch-up", "1.5"))
    row = row_on_board(mine)
    assert (row.at, row.problem, row.first_wrong) == ("1.5", "", "")
    assert {row.states[number] for number in ("1.1", "1.2", "1.3", "1.4")} == {State.BORROWED}


def row_on_board(mine):
    """Return the row of a learner on the board."""
    return board.row_of(PROJECT, roads(PROJECT)["day"], Copy("Bob", mine.root), {}, 0)


def test_where_one_stands_is_a_step_of_the_road_with_what_is_wrong_if_something_is():
    road = roads(PROJECT)["taste"]
    passing = dict.fromkeys(PROJECT.steps, State.YOURS)
    off_road = next(number for number in PROJECT.steps if number not in road.steps)
    verdicts = {number: Verdict(number, ["failed"], "✘ nothing\n") for number in ("1.1", off_road)}
    assert standing(road, passing | {"1.1": State.WRONG, off_road: State.WRONG}, verdicts) == ("1.1", "nothing")
    assert standing(road, passing | {"1.1": State.WAITING, off_road: State.WRONG}, verdicts) == ("1.1", "")
    assert standing(road, passing | {off_road: State.WRONG}, verdicts) == ("", "")


def test_who_has_not_started_is_at_one_place_on_the_board_and_among_the_grades(mine, room, tmp_path):
    works(mine.run("grade", str(room / "begun0"), "--road", "day", "--out", str(tmp_path / "grades")))
    shown = (tmp_path / "grades" / "grades.html").read_text(encoding="utf-8")
    at = board.row_of(PROJECT, roads(PROJECT)["day"], Copy("begun0", room / "begun0"), {}, 0).at
    assert at == "1.1" and f"<td>{at}</td>" in shown
    assert json.loads((tmp_path / "grades" / "grades.json").read_text(encoding="utf-8"))[0]["first_wrong"] == ""


def test_the_board_is_written_once_where_that_is_asked_for(mine, room):
    said = works(mine.run("board", *map(str, sorted(room.iterdir())), "--road", "afternoon", "--once"))
    shown = (mine.root / ".workshop" / "board.html").read_text(encoding="utf-8")
    assert "board.html" in said and all(path.name in shown for path in room.iterdir())


def test_share_copies_chapters_and_verdicts_and_nothing_else(mine, tmp_path):
    target = tmp_path / "shared"
    target.mkdir()
    works(mine.run("begin", "taste"))
    mine.run("check", "1.1")
    works(mine.run("share", str(target), "--name", "../Ada", "--once"))
    names = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert names == {"Ada/.workshop/verdicts.json", "Ada/.workshop/road", "Ada/.workshop/lent",
                     *(f"Ada/chapters/{stem}.py" for stem in PROJECT.by_stem)}
    shutil.rmtree(target)
    assert mine.say("share", str(target), "--name", "Ada")[0] == 1


def test_a_table_is_safe_to_open_in_a_spreadsheet():
    row = Row("=cmd()", dict.fromkeys(PROJECT.steps, State.WRONG), "1.1", "+1", ["-2"])
    text = as_csv([row], list(PROJECT.steps))
    assert "'=cmd()" in text and "'+1" in text and "'-2" in text
    assert json.loads(as_json([row]))[0]["learner"] == "=cmd()"
    assert "=cmd()" in page("Grades", [row], list(PROJECT.steps))


# The schedule.


@pytest.mark.parametrize("start, at, shown", [(0, 0, "00:00"), (13 * 60 + 30, 45, "14:15"), (23 * 60, 90, "00:30")])
def test_a_moment_is_shown_as_a_clock_shows_it(start, at, shown):
    assert clock(start, at) == shown


@pytest.mark.parametrize("text, minutes", [("13:30", 810), ("9.05", 545), ("00:00", 0)])
def test_a_time_is_understood(text, minutes):
    assert teach.minutes_of_day(text) == minutes


@pytest.mark.parametrize("text", ["24:00", "12:60", "noon", "1230", "٣:٣٠"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Exception, match="say it as 13:30"):
        teach.minutes_of_day(text)


@pytest.mark.parametrize("name", ["taste", "afternoon", "day"])
def test_a_schedule_has_no_gap_and_ends_in_time(name):
    road = roads(PROJECT)[name]
    slots = schedule(road, PROJECT)
    assert [slot.at for slot in slots[1:]] == [slot.at + slot.minutes for slot in slots[:-1]]
    assert slots[-1].at + slots[-1].minutes == road.minutes
    assert [slot.step for slot in slots if slot.step] == list(road.steps)


def test_a_step_is_cut_when_that_comes_nearer_to_the_plan():
    cut = Cut("1.1", 7, "show it")
    assert Slot(10, 12, "alone", "1.1", "1.1", cut).latest == 14  # 3 minutes late if shown then, and 4 if written
    assert Slot(10, 12, "alone", "1.1", "1.1").latest == 22


def test_teach_prints_the_times_of_the_clock(mine):
    said = works(mine.run("teach", "afternoon", "--start", "13:30"))
    assert said.splitlines()[1].startswith("13:30") and "17:00  the end" in said
    [step] = [line for line in said.splitlines() if " 1.1 build_response" in line]
    assert step.startswith("13:41") and step.endswith("(latest 13:44)")
    assert mine.say("teach", "whole")[0] == 1
