"""What a teacher has on paper: votes that are chosen, places that are found, debriefs of each step, an honest hour."""
import re
from collections import Counter
from itertools import combinations

import pytest

from dev import PROJECT, debriefs, preparation, run_sheets
from dev.road_notebooks import heading_in, notebook_of, numbers_of, short_roads
from dev.slides import page
from dev.slides.deck import deck, decks
from dev.slides.fitting import Text
from dev.slides.introductions import THERE_ALREADY
from dev.slides.last_slides import added
from dev.slides.road_votes import votes_of, votes_on
from dev.slides.slide import (
    ANSWER,
    ASK,
    DRAWING,
    EXERCISE,
    FOR_THE_ROOM,
    LEG,
    QUESTION,
    SAID,
    TERMS,
    TO_RUN,
    WORDS,
    Slide,
    SlideNote,
)
from workshop.course import classroom
from workshop.course.notebooks import CELLS_A_MINUTE, WORDS_A_MINUTE, minutes_for, words_in
from workshop.course.roads import Leg
from workshop.course.schedule import schedule
from workshop.machine.trouble import Trouble
from workshop.pages import class_table
from workshop.terminal.marks import MARKS

ROADS = {road.name: road for road in short_roads()}
DECKS = decks()
SHEETS = {name: run_sheets.page(road, DECKS[name]) for name, road in ROADS.items()}
NOTEBOOKS = {name: notebook_of(road) for name, road in ROADS.items()}
ROWS = {name: run_sheets.rows(road, DECKS[name]) for name, road in ROADS.items()}
HOUR = 60
SHOWING = 2  # minutes to show a step instead
WRITING = 2.5  # minutes for the smallest step and its check
WORDS_SAID = 45  # words of a debrief: two sentences or three
each_road = pytest.mark.parametrize("name", ROADS)


# Votes.


@each_road
def test_each_part_votes_once_or_twice_and_has_what_to_say(name):
    votes = votes_of(ROADS[name])
    for leg in ROADS[name].legs:
        kept = [vote for vote in votes[leg.title] if vote.kept]
        assert len(kept) == len(leg.votes) == len(set(leg.votes)) and bool(leg.notebook) <= len(kept) <= 2, leg.title
        assert not leg.notebook or leg.say and bool(leg.late) == bool(leg.write), leg.title


@each_road
def test_no_two_questions_have_one_name_or_number(name):
    votes = [vote for some in votes_of(ROADS[name]).values() for vote in some]
    assert len({vote.question.name for vote in votes}) == len(votes)
    assert [vote.number for vote in votes] == list(range(1, len(votes) + 1))


def test_a_vote_on_a_question_that_there_is_not_is_refused():
    leg = Leg("Odd", "ch01_socket", (), 5, "show", "alone", {}, votes=("no-such-cell",))
    with pytest.raises(Trouble, match="Odd has no question in the cell ch01-no-such-cell"):
        list(votes_on(leg, 0))


@each_road
def test_what_goes_wrong_if_two_layers_change_places_is_answered_for_each(name):
    [vote] = [vote for some in votes_of(ROADS[name]).values() for vote in some
              if vote.question.name == "ch05-places"]
    answer = " ".join(block.text for block in vote.question.answer)
    layers = ("AddHeader", "ErrorPage", "ReplaceText")
    assert all(f"`{one}` and `{other}`" in answer for one, other in combinations(layers, 2))
    assert "`DispatcherMiddleware` and any other" in answer and all(f"`{layer}`" in answer for layer in layers)


# The run-sheet.


@each_road
def test_where_something_stands_is_one_place_of_the_notebook(name):
    """Each heading of a row is there once, and its cells stand between it and the next heading."""
    numbers = numbers_of(ROADS[name])
    found, heading = {}, ""
    for cell in NOTEBOOKS[name]["cells"]:
        heading = match[2] if (match := heading_in(cell)) else heading
        found.setdefault(heading, []).extend([numbers[cell["id"]]] if cell["id"] in numbers else [])
    headings = Counter(match[2] for cell in NOTEBOOKS[name]["cells"] if (match := heading_in(cell)))
    for row in ROWS[name]:
        for title, cells in row.sections.items():
            [whole] = [one for one in headings if one == title or one.startswith((f"{title} ·", f"{title},"))]
            assert headings[whole] == 1 and found[whole] == cells, title


@each_road
def test_the_rows_have_all_cells_and_votes_in_the_order_of_the_notebook(name):
    cells = [number for row in ROWS[name] for numbers in row.sections.values() for number in numbers]
    assert cells == list(numbers_of(ROADS[name]).values())[1:]
    votes = [vote for some in votes_of(ROADS[name]).values() for vote in some]
    assert [vote for row in ROWS[name] for vote in row.votes] == votes
    assert [row.slot for row in ROWS[name]] == schedule(ROADS[name], PROJECT)


@each_road
def test_the_rows_name_the_slides_by_the_numbers_that_they_have(name):
    slides = DECKS[name]
    steps = {slide.step.number: number for slide, number in zip(slides, page.first_pages(slides), strict=False)
             if slide.kind == EXERCISE}
    shown = page.page_of(name, slides)
    ends = [[int(number) for number in row.slides.split(" to ")] for row in ROWS[name] if row.slides]
    assert [first for first, *_ in ends[1:]] == [last + 1 for *_, last in ends[:-1]] and ends[0][0] == 2
    for row in ROWS[name]:
        if row.slot.step:
            assert int(row.slides.split()[0]) == steps[row.slot.step]
            begin = rf'Step {row.slot.step}<(?:(?!<section).)*count">'
            assert re.search(f"{begin}{steps[row.slot.step]} /", shown, re.DOTALL)


@each_road
def test_the_run_sheet_has_for_each_step_what_to_say_and_three_mistakes_with_a_question(name):
    text = SHEETS[name]
    for number in ROADS[name].steps:
        section = text.partition(f"### {number} ")[2].partition("\n##")[0]
        debrief = debriefs.debriefs()[number]
        page_of_code = int(re.search(rf"Solved, slide (\d+): {re.escape(debrief.say)}", section)[1])
        assert f"Step {number}, solved" in pages_of(name)[page_of_code]
        assert all(f"| {question} |" in section for _, question in debrief.mistakes), number
    assert all(leg.say in text for leg in ROADS[name].legs)


def pages_of(name):
    """Return the pages of a road's slides by their numbers."""
    shown = page.page_of(name, DECKS[name]).split("<section ")[1:]
    return {int(re.search(r'class="count">(\d+) /', one)[1]): one for one in shown}


@each_road
def test_cells_for_when_there_is_time_stand_in_parentheses(name):
    spare = {block.cell for some in votes_of(ROADS[name]).values() for vote in some if not vote.kept
             for block in vote.question.runs}
    numbers = {number for cell_id, number in numbers_of(ROADS[name]).items() if cell_id in spare}
    column = [line.split(" | ")[5] for line in run_sheets.table(ROADS[name], DECKS[name]).splitlines()[2:]]
    inside = [number for cell in column for part in re.findall(r"\((cells? [^)]*)\)", cell) for number in named(part)]
    outside = [number for cell in column for number in named(re.sub(r"\(cells? [^)]*\)", "", cell))]
    assert sorted(inside) == sorted(numbers)
    assert sorted([*inside, *outside]) == list(numbers_of(ROADS[name]).values())


def named(text):
    """Return the numbers of the cells that a text names: cells 5 to 7, 9 and 12."""
    found = re.findall(r"(\d+)(?: to (\d+))?", " ".join(re.findall(r"\bcells? ((?:\d+|to|and|, | )+)", text)))
    return [number for first, last in found for number in range(int(first), int(last or first) + 1)]


@each_road
def test_the_run_sheet_says_after_which_time_a_step_is_cut_and_what_that_wins(name):
    late = SHEETS[name].partition("## When it is late")[2].partition("\n## ")[0]
    cuts = [leg.late for leg in ROADS[name].legs if leg.late]
    rows = re.findall(r"(?m)^\| (\d[\d.]+) .*? \| (\d\d):(\d\d) \| (.*) \| (\d+) \|$", late)
    assert [(step, what, int(wins)) for step, *_, what, wins in rows] == [
        (cut.step, cut.what, cut.minutes) for cut in cuts]
    begins = {slot.step: slot.at for slot in schedule(ROADS[name], PROJECT)}
    assert all(0 < 60 * int(hour) + int(minute) - begins[step] <= int(wins) for step, hour, minute, _, wins in rows)
    for leg in ROADS[name].legs:
        minutes = leg.write[leg.late.step] if leg.late else 0
        assert not leg.late or leg.late.minutes <= minutes - SHOWING or leg.late.what == "leave it out", leg.title


# What is said at the beginning, and of each step.


def guide():
    """Return the guide in one line."""
    return " ".join(preparation.GUIDE.read_text(encoding="utf-8").split())


@each_road
def test_cell_1_is_run_first_and_the_guide_the_first_slide_and_the_first_row_say_it(name):
    """`lab` opens another notebook."""
    title, sheet = DECKS[name][0], run_sheets.table(ROADS[name], DECKS[name])
    said = f"Open `notebooks/{name}.ipynb`, and run cell 1"
    assert f"{said}." in title.said and f"{said}." in title.texts and "not the road" in " ".join(title.said)
    assert f"| {said} |" in next(line for line in sheet.splitlines() if line.startswith("| 00:00"))
    assert "not the road: everybody opens `notebooks/afternoon.ipynb`, and runs cell 1 before any other" in guide()


@each_road
def test_the_first_hint_comes_half_way(name):
    asks = [note.words for slide in DECKS[name] for note in slide.notes if note.kind == ASK]
    assert len(asks) == len(ROADS[name].steps) and all(ask.startswith("Half-way, ask: ") for ask in asks)
    assert SHEETS[name].count("\nHalf-way, ask: ") == len(asks) and "\nAsk: " not in SHEETS[name]
    assert "Half of the minutes are silent; then comes the first hint, the *Half-way, ask* of the notes." in guide()


@each_road
def test_there_is_one_rule_for_the_end_of_a_step(name):
    rule = "ends on time, or earlier when most have ✔."
    assert guide().count(rule) == " ".join(SHEETS[name].split()).count(rule) == 1
    assert "ends when" not in guide() and "whoever has it" not in SHEETS[name]


def test_the_guide_says_how_a_learner_works_and_what_the_marks_mean():
    assert "finds the function, replaces its `raise` line, saves, and runs the check again" in guide()
    assert all(f"{mark} {state}" in guide() for state, mark in MARKS.items())
    assert f"what is filled in is {MARKS['borrowed']}" in guide()


def test_the_guide_has_the_commands_that_the_preparation_needs():
    text = preparation.GUIDE.read_text(encoding="utf-8")
    block = text.partition("<!-- end of preparation -->")[2].partition("\n## ")[0]
    for words in ("serve --tree solutions", "teach afternoon --start 13:30", "board .", "catch-up all", "undo"):
        assert f"    python3 -m workshop {words} " in block


def test_the_guide_says_what_is_so_of_cells_copies_and_what_everybody_does_together():
    numbers = {3: "three"}
    assert "Never run a cell that a question is about before people have said what they expect" in guide()
    assert f"share the code of {numbers[classroom.SAME]} steps or more; short steps do not count" in guide()
    assert "in a part, all run the cell at the same time" in guide()
    assert "as `?`" in guide() and class_table.UNCHECKED.startswith("? ")


@each_road
def test_the_last_part_helps_who_lacks_a_step_and_says_what_is_dropped_when_it_is_late(name):
    assert "Whoever lacks a step says `catch-up all` first (`undo` takes it back)." in ROADS[name].legs[-1].say
    assert "In the last part, drop the cell behind the vote first" in " ".join(SHEETS[name].split())
    part, site = ROWS[name][-2:]
    cells = [number for numbers in part.sections.values() for number in numbers if number not in part.spare]
    assert len(cells) == 2 and sum(vote.kept for vote in part.votes) == 1 and site.slot.what == "Your site"


# The end.


@each_road
def test_the_end_has_the_site_whose_it_is_the_handout_and_the_card(name):
    end, slides = ROADS[name].legs[-1], DECKS[name]
    last = slides[max(count for count, slide in enumerate(slides) if slide.kind == LEG):]
    texts = [text for slide in last for text in slide.texts]
    assert "workshop serve" in end.bridge and "handout.html" in end.say and end.minutes >= HOUR / 12
    assert f"{len(ROADS[name].steps)} functions are yours" in " ".join(texts)
    assert all(any(f"`{PROJECT.steps[number].name}`" in text for text in texts) for number in ROADS[name].steps)
    guide = preparation.GUIDE.read_text(encoding="utf-8")
    card = [text for slide in last if "before you go" in slide.title for text in slide.texts]
    assert len(card) == 3 and all(f"- {line}\n" in guide for line in card)


def test_a_leg_that_adds_what_there_is_not_is_refused_in_a_sentence():
    with pytest.raises(Trouble, match="adds songs: there is only owners, card"):
        added("songs", ROADS["taste"])


def test_what_the_welcome_promises_is_that_some_is_borrowed():
    for road in ROADS.values():
        assert "everybody in the room has written" not in road.legs[0].say
        assert "At the end" not in road.legs[0].say or "borrowed" in road.legs[0].say


def test_the_guide_says_how_the_minutes_of_a_room_and_of_a_person_alone_differ():
    """Alone is longer for most steps, and up to three times as long."""
    times = [PROJECT.steps[number].minutes / minutes for road in ROADS.values() for leg in road.legs
             for number, minutes in leg.write.items()]
    assert sum(one > 1 for one in times) > len(times) / 2 and 2.5 < max(times) <= 3
    assert "longer for most steps, and up to three times" in " ".join(preparation.GUIDE.read_text("utf-8").split())


def test_the_guide_says_what_to_do_for_somebody_who_forgot_to_begin():
    assert "| somebody forgot `begin` | `begin afternoon`" in preparation.GUIDE.read_text(encoding="utf-8")


# Debriefs.


def test_each_step_of_a_short_road_has_a_debrief_and_no_other_has():
    steps = {number for road in ROADS.values() for number in road.steps}
    assert debriefs.debriefs().keys() == steps
    for number, debrief in debriefs.debriefs().items():
        assert len(debrief.say.split()) <= WORDS_SAID and len(debrief.mistakes) == 3, number
        assert all("?" in question for _, question in debrief.mistakes), number


@pytest.mark.parametrize("old, new, said", [
    ("returns text = ", "returns texts = ", "the bank has no mistake 'returns texts' in step 1.1"),
    ("[1.1]\nsay = ", "[1.1]\nsays = ", "the section \\[1.1\\] has no say"),
    ("[1.2]", "[1.1]", "cannot be read: .*1.1"),
])
def test_debriefs_that_cannot_be_read_are_refused_in_a_sentence(old, new, said, tmp_path, monkeypatch):
    text = debriefs.PATH.read_text(encoding="utf-8")
    assert old in text
    monkeypatch.setattr(debriefs, "PROJECT", type("Elsewhere", (), {"relative": staticmethod(str)}))
    monkeypatch.setattr(debriefs, "PATH", tmp_path / "debriefs.ini")
    debriefs.PATH.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Trouble, match=said):
        debriefs.debriefs.__wrapped__()


@pytest.mark.parametrize("make", [deck, lambda road: run_sheets.page(road, DECKS["taste"])], ids=["slides", "sheet"])
def test_a_step_without_a_debrief_is_refused_in_a_sentence(make, monkeypatch):
    others = {number: debrief for number, debrief in debriefs.debriefs().items() if number != "1.1"}
    monkeypatch.setattr(debriefs, "debriefs", lambda: others)
    with pytest.raises(Trouble, match=r"debriefs.ini has no section \[1.1\], which a road writes"):
        make(ROADS["taste"])


# Minutes.


def minutes_needed(slides):
    """Return the minutes that a row of the run-sheet needs in a room, by its slides, with a quarter for questions.

    A vote takes one and a half, a picture half a one, a cell that is run a quarter; the rest is said, or read.
    """
    shown = [slide for slide in slides if not slide.spare]
    votes, pictures = (sum(slide.kind == kind for slide in shown) for kind in (QUESTION, DRAWING))
    others = [slide for slide in shown if slide.kind not in (QUESTION, ANSWER, EXERCISE)]
    words = [*(note.words for slide in shown for note in slide.all_notes if note.kind == SAID),
             *(text for slide in others for text in slide.texts)]
    runs = sum(note.kind == TO_RUN for slide in shown if slide.kind != QUESTION for note in slide.all_notes)
    spoken = sum(map(words_in, words)) / WORDS_A_MINUTE
    return 1.25 * (1.5 * votes + 0.5 * pictures + 0.25 * runs + spoken) + WRITING * bool(slides[0].step)


@each_road
def test_what_is_voted_on_said_and_run_fits_into_the_minutes_of_its_row(name):
    rows = []
    for slide in DECKS[name]:
        if slide.minutes:
            rows.append([])
        if rows:
            rows[-1].append(slide)
    for row in rows:
        assert minutes_needed(row) <= row[0].minutes, (row[0].title, minutes_needed(row))


# The hour.


def test_an_afternoon_is_prepared_in_an_hour_and_the_guide_says_how_long_each_road_takes():
    *_, together = preparation.rows()
    minutes = dict(zip(ROADS, (int(cell.strip("*")) for cell in together[1:]), strict=True))
    assert minutes["taste"] < minutes["afternoon"] <= HOUR
    guide = preparation.GUIDE.read_text(encoding="utf-8")
    assert "<!-- preparation -->" in guide.partition(preparation.LAST_TABLE)[0]
    listed, parts = "\n".join(preparation.WHAT), ("day before", "Welcome", "teach", "board", "test", "print", "card")
    assert not [part for part in parts if part not in listed]


def test_the_minutes_are_those_of_what_is_read_turned_and_run(tmp_path, monkeypatch):
    """A guide of 2 minutes, a run-sheet of 3, notes of 4 on slides that are turned in 1, and cells of 2; no more."""
    guide, sheet, said, more = (f"{word} " * minutes * WORDS_A_MINUTE for word, minutes in (
        ("guide", 2), ("sheet", 3), ("said", 4), ("more", 9)))
    notes = (SlideNote(said.strip()), SlideNote(more, FOR_THE_ROOM), SlideNote(sheet.strip(), ASK))
    turned = [Slide(WORDS, "A part", notes=notes)] * (HOUR // preparation.SECONDS_A_SLIDE)
    slides = [*turned, Slide(WORDS, "If there is time", notes=(SlideNote(more),), spare=True),
              Slide(WORDS, "A step", (Text(more),), small=f"Step 1.1, {THERE_ALREADY}")]
    late = f"\n| mistake | told |\n| --- | --- |\n| {more} | no |\n"
    monkeypatch.setattr(preparation, "GUIDE", tmp_path / "README.md")
    preparation.GUIDE.write_text(f"{guide}\n{preparation.LAST_TABLE}\n{more}", encoding="utf-8")
    monkeypatch.setattr(preparation, "decks", lambda: {"taste": slides})
    monkeypatch.setattr(run_sheets, "page", lambda road, made: sheet + late)
    monkeypatch.setattr(preparation, "cells_of_votes", lambda road: 2 * CELLS_A_MINUTE)
    assert preparation.minutes_of(ROADS["taste"]) == [
        2, preparation.TRYING, 3, 4 + 1, preparation.COMMANDS + 2, preparation.PAPER]


def test_words_and_code_are_read_at_the_pace_of_the_notebooks():
    assert minutes_for(["word " * WORDS_A_MINUTE]) == 1
    assert minutes_for(["```python\n" + "pass\n" * 30 + "```"]) == 1.5
    assert words_in("| a | b |\n| --- | --- |\n| … | 1 |") == 3


def test_what_the_run_sheet_has_is_not_read_again_on_the_slides():
    road = ROADS["afternoon"]
    slides, sheet = DECKS[road.name], SHEETS[road.name]
    read = preparation.on_slides(slides, sheet)
    assert read and not [text for text in read if text in sheet] and len(read) == len(set(read))
    assert sum(map(words_in, read)) < sum(map(words_in, preparation.on_slides(slides, "")))
    assert any("What is printed?" in text for text in read)  # the question of a vote
    assert {note.words for slide in slides if slide.title == TERMS and not slide.spare for note in slide.notes
            if note.kind == SAID} <= set(read)


def test_what_is_turned_are_the_pages_that_are_always_shown():
    slides = DECKS["afternoon"]
    left_out = sum(slide.spare or THERE_ALREADY in slide.small for slide in slides)
    assert left_out and preparation.pages_of(slides) == page.first_pages(slides)[-1] - 1 - left_out


def test_the_tables_of_mistakes_are_for_the_room():
    read = preparation.read_before(SHEETS["afternoon"])
    assert "| mistake |" not in read and "## When it is late" in read
    assert "| at | minutes |" in read and "Solved, slide " in read
