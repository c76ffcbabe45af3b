"""Roads: their data adds up, `begin` opens their steps and borrows the rest, and they can be played to the end.

The first tests of the command start it; those that follow call what it calls.
"""
import argparse
import contextlib
import errno
import json
import subprocess
import sys
import time

import pytest

from dev import PROJECT
from dev.road_notebooks import notebook_of, sections_of, short_roads
from dev.runner import Job, reports
from dev.sandbox import own, reference, starters
from workshop.checking.current_verdicts import verdicts_by_text
from workshop.course import notebooks, roads
from workshop.course.borrowed_steps import FOUND, LENT, with_note
from workshop.course.definitions import replace, text_of
from workshop.course.project import Project
from workshop.course.source import replace_bodies
from workshop.course.step_states import State
from workshop.files import replacing
from workshop.machine.containment import end_group, own_group
from workshop.machine.trouble import Trouble
from workshop.pages.report import current_number, ending, hours, total
from workshop.verbs import begin, catch_up

ROADS = roads.roads(PROJECT)
SHORT = {road.name: road for road in short_roads()}


@pytest.fixture
def mine(fresh_sandbox):
    return fresh_sandbox("my workshop, 你好 ü")


def works(ended):
    assert ended.returncode == 0 and not ended.stderr, ended.stdout + ended.stderr
    return ended.stdout


# The data.


def test_there_are_four_roads_the_shortest_first():
    assert list(ROADS) == ["taste", "afternoon", "day", "whole"]
    assert ROADS["whole"].steps == tuple(PROJECT.course)


@pytest.mark.parametrize("name", SHORT)
def test_the_minutes_of_a_road_are_those_that_it_promises(name):
    road = SHORT[name]
    assert sum(leg.whole_minutes for leg in road.legs) == road.minutes
    assert sum(minutes for leg in road.legs for minutes in leg.write.values()) <= road.exercises


@pytest.mark.parametrize("name", SHORT)
def test_who_is_alone_has_the_minutes_of_the_docstrings(name):
    road = SHORT[name]
    steps = sum(PROJECT.step(number).minutes for number in road.steps)
    assert 0 <= road.alone - steps - sum(leg.minutes for leg in road.legs if leg.notebook) < roads.HALF_HOUR


@pytest.mark.parametrize("name", SHORT)
def test_the_sections_of_a_leg_can_be_read_in_its_minutes(name):
    """To the minute; what stands around a step is read in the minutes of the step."""
    for leg in SHORT[name].legs:
        found = sections_of(notebooks.read(PROJECT, leg.notebook)["cells"]) if leg.notebook else {}
        reading = sum(notebooks.minutes_to_read(found[heading]) for heading in leg.headings)
        assert round(reading) <= leg.minutes, leg.title


@pytest.mark.parametrize("name", SHORT)
def test_a_road_leads_from_the_bytes_to_the_mounted_apps_in_the_order_of_the_chapters(name):
    road = SHORT[name]
    written = [number for leg in road.legs for number in leg.write]
    assert written == list(road.steps) and written[0] == "1.1" and written[-1] == PROJECT.course[-1]
    stems = [leg.notebook for leg in road.legs if leg.notebook]
    assert stems == sorted(stems) and {*stems, "ch02_request"} == {
        chapter.stem for chapter in PROJECT.chapters if not chapter.is_encore}


@pytest.mark.parametrize("old, new, said", [
    ("minutes = 210", "minuets = 210", "[road] has minuets, which means nothing"),
    ("minutes = 210", "minutes = many", "invalid literal"),
    ("title = An afternoon\n", "", "'title'"),
    ("[road]", "road", "no section headers"),
    ("write = 1.1 ", "write = 1.6 ", "There is no step 1.6"),
    ("write = 1.1 8", "write = 1.1", "not enough values"),
])
def test_a_road_that_cannot_be_read_is_refused_in_a_sentence(old, new, said, mine):
    path = mine.root / "teaching" / "roads" / "afternoon.ini"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Trouble) as trouble:
        roads.roads(Project(mine.root))
    assert said in str(trouble.value)


def test_a_heading_that_its_chapter_does_not_have_is_refused():
    leg = roads.Leg("Odd", "ch01_socket", ("No such heading",), 5, "show", "alone", {})
    road = roads.Road("odd", "Odd", "nobody", 5, 5, 5, (), [leg])
    with pytest.raises(Trouble, match="no section 'No such heading'"):
        notebook_of(road)


def test_the_choice_in_the_first_notebook_has_all_roads_and_their_hours():
    cells = {cell["id"]: notebooks.text_of(cell) for cell in notebooks.read(PROJECT, notebooks.START)["cells"]}
    rows = [line for line in cells["roads"].splitlines() if line.startswith("| [")]
    assert [row.split(" | ")[1] for row in rows] == [hours(road.alone) for road in ROADS.values()]
    assert [name in row or name == "whole" for name, row in zip(ROADS, rows, strict=True)] == [True] * len(ROADS)


# The command.


def test_begin_opens_the_steps_of_the_road_and_borrows_the_others(mine):
    road = ROADS["afternoon"]
    said = works(mine.run("begin", "afternoon"))
    assert f"○ to write: {road.steps[0]}, " in said and f"{len(PROJECT.course) - len(road.steps)} steps" in said
    assert roads.begun(Project(mine.root)) == road
    states = {number: verdict.state for number, verdict in verdicts_by_text(Project(mine.root)).items()}
    assert {number for number, state in states.items() if state == State.NOT_STARTED} == {*road.steps, *PROJECT.encore}
    assert states.keys() == set(PROJECT.steps) and set(states.values()) == {State.NOT_STARTED, State.BORROWED}
    shown = works(mine.run())
    assert f"Next: {road.steps[0]} " in shown and f"{len(road.steps)} not started" in shown


def test_what_you_have_written_stays_yours_right_or_wrong(mine):
    mine.solve("ch01_socket", read_head="return b'', b''\n")
    before = mine.text("ch01_socket")
    said = works(mine.run("begin", "afternoon"))
    assert "Written by you, right or wrong: 1.1, 1.2, 1.3, 1.4, 1.5" in said and "✔" not in said
    assert mine.text("ch01_socket") == before


def test_begin_whole_opens_what_was_borrowed(mine):
    works(mine.call("begin", "afternoon"))
    mine.write("ch01_socket", replace(mine.text("ch01_socket"), {
        "build_response": text_of(own()["ch01_socket"], "build_response")}))
    said = works(mine.call("begin", "whole"))
    assert "Written by you, right or wrong: 1.1\n" in said and "borrowed" not in said
    assert "pass" in text_of(mine.text("ch01_socket"), "build_response")
    for stem, starter in starters().items():
        assert replace(mine.text(stem), {"build_response": text_of(starter, "build_response")}
                       if stem == "ch01_socket" else {}) == starter


def test_what_you_type_is_yours_even_if_it_is_the_references_and_a_deleted_comment_makes_nothing_yours(mine):
    works(mine.call("begin", "taste"))
    name, number = "DispatcherMiddleware.__call__", "5.8"
    mine.write("ch05_middleware", replace(mine.text("ch05_middleware"), {
        name: text_of(reference()["ch05_middleware"], name)}))
    mine.write("ch05_middleware", FOUND.sub("", mine.text("ch05_middleware")))
    answer = json.loads(mine.call("check", number, "5.7", "5.2", "--json").stdout)["steps"]
    assert {one: step["state"] for one, step in answer.items()} == {
        "5.8": "yours", "5.7": "borrowed", "5.2": "borrowed"}
    assert f"{number}\n" not in (mine.root / ".workshop" / LENT).read_text(encoding="utf-8")


def test_a_long_step_that_was_typed_as_the_reference_has_it_is_not_taken_away(mine):
    name, stem = "cgi_variables", "ch03_environ"
    typed = replace(mine.text(stem), {name: text_of(reference()[stem], name)})
    mine.write(stem, typed)
    works(mine.call("begin", "taste"))
    works(mine.call("begin", "whole"))
    assert mine.text(stem) == typed


def test_a_short_step_that_was_filled_in_is_opened_again_though_its_comment_is_gone(mine):
    works(mine.call("begin", "taste"))
    mine.write("ch05_middleware", FOUND.sub("", mine.text("ch05_middleware")))
    assert "as the reference has it" not in works(mine.call("diff", "5.2"))
    said = works(mine.call("begin", "whole"))
    assert "yours" not in said and mine.text("ch05_middleware") == starters()["ch05_middleware"]


def test_undo_brings_back_the_files_and_the_road(mine):
    works(mine.call("begin", "afternoon"))
    works(mine.call("begin", "taste"))
    works(mine.call("undo"))
    assert roads.begun(Project(mine.root)).name == "afternoon"
    works(mine.call("undo"))
    assert roads.begun(Project(mine.root)).name == "whole"
    assert {stem: mine.text(stem) for stem in PROJECT.by_stem} == starters()


def test_begin_twice_changes_nothing(mine):
    works(mine.call("begin", "taste"))
    assert "nothing has changed" in works(mine.call("begin", "taste"))


def test_begin_without_a_name_shows_the_roads(mine):
    said = works(mine.call("begin"))
    assert "> whole" in said and all(road.whom.split()[0] in said for road in ROADS.values())
    assert mine.say("begin", "nowhere")[0] == 1 and "taste, afternoon, day, whole" in mine.say("begin", "nowhere")[1]


def test_an_unknown_road_that_is_remembered_counts_as_the_whole(mine):
    kept = roads.file_of_begun(Project(mine.root))
    kept.parent.mkdir(exist_ok=True)
    for content in (b"gone\n", b"\xff\xfe"):
        kept.write_bytes(content)
        assert roads.begun(Project(mine.root)).name == "whole"


def test_a_step_that_is_reset_is_open_though_it_is_off_the_road(mine):
    works(mine.call("begin", "taste"))
    works(mine.call("reset", "2.1"))
    assert "2.1 parse_request_line" not in works(mine.call()).partition("Next: ")[2]  # the road comes first
    steps = ROADS["taste"].steps
    for stem, text in filled(steps, steps).items():
        mine.write(stem, replace(text, {"parse_request_line": text_of(starters()[stem], "parse_request_line")}
                                 if stem == "ch02_request" else {}))
    assert "Next: 2.1 parse_request_line" in works(mine.call())


# Nothing is lost.

OWN = "# mine, 你好\n"


def all_kept(mine):
    """Return whether what the learner wrote is in a chapter or in a saved copy."""
    saved = [path.read_bytes() for path in mine.root.glob(".workshop/saved/[0-9]*/ch01_socket.py")]
    return any(OWN.encode() in text for text in [mine.path("ch01_socket").read_bytes(), *saved])


@pytest.mark.parametrize("words", [("begin", "afternoon"), ("catch-up", "3.9")],
                         ids=" ".join)
def test_a_command_that_is_killed_loses_nothing_and_can_be_run_again(words, mine):
    """At moments spread over its run: each file is the old one or the new one, and what was written is kept."""
    mine.write("ch01_socket", mine.text("ch01_socket") + OWN)
    before = {stem: mine.text(stem) for stem in PROJECT.by_stem}
    begun = time.monotonic()
    works(mine.run(*words))
    whole = time.monotonic() - begun
    after = {stem: mine.text(stem) for stem in PROJECT.by_stem}
    for part in (0.6, 0.9, 1.0):
        for stem, text in before.items():
            mine.write(stem, text)
        process = subprocess.Popen([sys.executable, "-m", "workshop", *words], cwd=mine.root, env=mine.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **own_group())
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(whole * part)
        end_group(process)
        assert all(mine.text(stem) in (before[stem], after[stem]) for stem in before) and all_kept(mine), part
    works(mine.run(*words))
    assert {stem: mine.text(stem) for stem in after} == after and all_kept(mine)


@pytest.mark.parametrize("module, words", [(begin, {"road": "afternoon"}), (catch_up, {"what": "2"})])
def test_a_full_disk_is_told_and_changes_nothing(module, words, mine, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    mine.write("ch01_socket", mine.text("ch01_socket") + OWN)
    before = {path: path.read_bytes() for path in (mine.root / "chapters").iterdir()}
    monkeypatch.setattr(replacing, "write_beside", full)
    with pytest.raises(Trouble, match="disk is full"):
        module.run(argparse.Namespace(**words), Project(mine.root))
    assert {path: path.read_bytes() for path in (mine.root / "chapters").iterdir()} == before
    assert roads.begun(Project(mine.root)).name == "whole"


def test_catch_up_stays_on_the_road(mine):
    works(mine.call("begin", "afternoon"))
    works(mine.call("catch-up", "3.4"))
    assert roads.begun(Project(mine.root)).name == "afternoon"
    said = works(mine.call())
    assert "Next: 3.4 function_app" in said


# The play.


def filled(steps, written):
    """Return the sources of a learner on a road with steps, who has written some; begin has borrowed all others."""
    sources = {}
    for chapter in PROJECT.chapters:
        texts = {step.name: text_of(own()[chapter.stem], step.name) if step.number in written
                 else text_of(chapter.starter, step.name) if step.number in steps
                 else with_note(text_of(chapter.reference, step.name), step.number) for step in chapter.steps}
        sources[chapter.stem] = replace(reference()[chapter.stem], texts)
    return sources


def jobs_of(steps):
    """Return the Jobs of a learner who writes steps in their order: each checked alone, and programs at the end.

    A step that waited for a later one of the road would show in between.
    """
    written = [steps[:count + 1] for count in range(len(steps))]
    return [*(Job(lambda done=done: filled(steps, done), [done[-1]], programs=False) for done in written),
            Job(lambda: filled(steps, steps), last_of_chapters(steps))]


def last_of_chapters(steps):
    """Return the last of some steps in each chapter: a chapter's programs need all that come before."""
    return list({PROJECT.steps[number].path: number for number in steps}.values())


@pytest.mark.parametrize("name", SHORT)
def test_a_road_can_be_played_in_its_order(name):
    """Each step passes when it is written, and the last ones with their programs; the next is the road's next."""
    steps = SHORT[name].steps
    *each, last = reports(jobs_of(steps))
    for count, report in enumerate(each, 1):
        done = steps[:count]
        assert report[done[-1]]["state"] == State.YOURS, (done[-1], report[done[-1]]["reason"])
        states = dict.fromkeys(PROJECT.course, State.BORROWED) | dict.fromkeys(steps, State.NOT_STARTED)
        states |= dict.fromkeys(done, State.YOURS)
        assert current_number(SHORT[name], states) == next(iter(steps[count:]), None)
    assert [last[number]["state"] for number in last_of_chapters(steps)] == [State.YOURS] * len(last)


@pytest.mark.parametrize("name", SHORT)
def test_at_the_end_of_a_road_its_words_say_whose_the_server_is(name):
    road = SHORT[name]
    states = {number: State.YOURS if number in road.steps else State.BORROWED for number in PROJECT.course}
    states |= dict.fromkeys(PROJECT.encore, State.NOT_STARTED)
    said = " ".join(ending(PROJECT, road, states).split())
    assert f"{len(road.steps)} steps yours, {len(PROJECT.course) - len(road.steps)} borrowed" in said
    assert "built it all" not in said and "begin whole" in said
    assert "built it all" in ending(PROJECT, road, dict.fromkeys(PROJECT.steps, State.YOURS))


# An encore: a chapter that the course is done without.


def test_the_steps_of_an_encore_are_on_no_road():
    encores = [chapter for chapter in PROJECT.chapters if chapter.is_encore]
    assert encores == PROJECT.chapters[-len(encores):] and {*PROJECT.encore} == {
        number for chapter in encores for number in chapter.numbers}
    assert sorted([*PROJECT.course, *PROJECT.encore]) == sorted(PROJECT.steps)
    for road in ROADS.values():
        assert road.encore == tuple(PROJECT.encore) and not {*road.steps} & {*PROJECT.encore}, road.name


def test_who_has_done_the_course_is_told_so_and_that_an_encore_waits_until_it_is_begun():
    whole, first = ROADS["whole"], PROJECT.encore[0]
    states = dict.fromkeys(PROJECT.course, State.YOURS) | dict.fromkeys(PROJECT.encore, State.NOT_STARTED)
    assert whole.due(states).keys() == set(PROJECT.course) and current_number(whole, whole.due(states)) is None
    assert total(whole, whole.due(states)) == f"{len(PROJECT.course)} yours of {len(PROJECT.course)} steps."
    waits = f"An encore waits: notebooks/{PROJECT.steps[first].chapter.stem}.ipynb."
    for some, said in (({}, "You have built it all."), ({"1.2": State.BORROWED}, "All steps pass.")):
        assert f"{said}" in (told := " ".join(ending(PROJECT, whole, states | some).split())) and waits in told
    assert "encore" not in ending(PROJECT, SHORT["taste"], states | {"5.10": State.BORROWED})
    begun = states | {first: State.WRONG}
    chapter = PROJECT.steps[first].chapter
    assert {*whole.due(begun)} == {*PROJECT.course, *chapter.numbers}
    assert current_number(whole, whole.due(begun)) == first
    assert "encore" not in ending(PROJECT, whole, begun)
    assert f" of {len(PROJECT.course)} steps. Encore: 1 wrong, " in total(whole, whole.due(begun))
    done = begun | dict.fromkeys(chapter.numbers, State.YOURS)
    following = PROJECT.chapters[PROJECT.chapters.index(chapter) + 1]
    assert f"An encore waits: notebooks/{following.stem}.ipynb." in " ".join(ending(PROJECT, whole, done).split())
    assert "encore" not in ending(PROJECT, whole, dict.fromkeys(PROJECT.steps, State.YOURS))


def test_an_encore_that_is_asked_for_alone_is_gone_on_with_and_a_step_of_the_course_comes_first():
    whole = ROADS["whole"]
    states = dict.fromkeys(PROJECT.course, State.YOURS) | dict.fromkeys(PROJECT.encore, State.NOT_STARTED)
    assert current_number(whole, whole.due(states, PROJECT.encore)) == PROJECT.encore[0]
    assert current_number(whole, whole.due(states, list(PROJECT.steps))) is None
    states |= {"5.10": State.NOT_STARTED, PROJECT.encore[0]: State.WRONG}
    assert current_number(whole, whole.due(states)) == "5.10"


def test_begin_leaves_an_encore_as_it_is_and_with_the_whole_opens_what_is_borrowed_of_it(mine):
    stem, name = PROJECT.steps[PROJECT.encore[0]].chapter.stem, PROJECT.steps[PROJECT.encore[0]].name
    filled = replace(mine.text(stem), {name: with_note(text_of(reference()[stem], name), PROJECT.encore[0])})
    mine.write(stem, filled)
    assert PROJECT.encore[0] not in works(mine.call("begin", "taste")) and mine.text(stem) == filled
    assert PROJECT.encore[0] in works(mine.call("begin", "whole")) and mine.text(stem) == starters()[stem]


def test_begin_says_of_an_encore_that_it_opens_what_stays_as_you_wrote_it(mine):
    borrowed, written = (PROJECT.steps[number] for number in PROJECT.encore[:2])
    stem = borrowed.chapter.stem
    text = replace(mine.text(stem), {borrowed.name: with_note(text_of(reference()[stem], borrowed.name),
                                                              borrowed.number)})
    mine.write(stem, replace_bodies(text, {written.name: "return None"}))
    assert f"Written by you, right or wrong: {written.number}\n" in works(mine.call("begin", "whole"))
