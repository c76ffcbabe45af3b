"""The slides, polls and handout: complete, in order, legible from the back of a room, and without a network."""
import ast
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from dev import PROJECT, handout, polls, slides
from dev.debriefs import debrief
from dev.glossary import ALSO_PLAIN, BOLD, terms
from dev.road_notebooks import STEP, cells_named, cells_on, notebook_of, numbers_of, printed, short_roads
from dev.slides import page, pointing, vote_choices
from dev.slides.blocks import FOLD, HEADING, ITEMS, Block, blocks_in, blocks_of, items_in, plain, terms_in
from dev.slides.deck import BELOW_TITLE, decks, reference, without_docstring
from dev.slides.fitting import (
    CODE_SIZES,
    HEIGHT,
    ITEM,
    TEXT_SIZES,
    WIDTH,
    Listing,
    Sizes,
    Text,
    sentences,
    sizes_for,
    whole_height,
)
from dev.slides.introductions import THERE_ALREADY, introduced
from dev.slides.last_slides import card_lines
from dev.slides.pictures import drawing
from dev.slides.questions import BUG, NO_ANSWER, PREDICTION, Question, with_questions
from dev.slides.road_votes import votes_of
from dev.slides.signatures import arguments_of
from dev.slides.slide import ANSWER, ASK, BREAK, DRAWING, EXERCISE, LEG, QUESTION, SOLVED, TERMS, WORDS, Slide
from workshop.course import notebooks
from workshop.course.notebooks import text_of
from workshop.course.source import body_of, nodes_of
from workshop.course.step_uses import needed_by, sources_of
from workshop.machine.trouble import Trouble
from workshop.terminal.marks import MARKS

ROADS = {road.name: road for road in short_roads()}
DECKS = decks()
NOTEBOOKS = {name: notebook_of(road) for name, road in ROADS.items()}
PAGES = {**slides.files(), **handout.files()}
LOADS = {"src", "srcset", "data", "action", "poster", "background", "style"}  # attributes that may name another file
NAMED = re.compile(r"\bcells? (\d+)(?: (?:to|and) (\d+))?")
CHECK = re.compile(r'^check\("([\d.]+)"\)', re.MULTILINE)
WELCOME = "python3 -m workshop serve --tree solutions"
SOURCES = sources_of(PROJECT, PROJECT.solutions)
each_road = pytest.mark.parametrize("name", ROADS)


class Reader(HTMLParser):
    """What a page would load, and which of its elements are open at the end."""

    def __init__(self):
        super().__init__()
        self.loaded, self.open = [], []

    def handle_starttag(self, tag, attributes):
        self.open += [] if tag in ("meta", "link", "br", "hr", "img", "path", "rect", "line", "circle") else [tag]
        self.loaded += [tag] if tag in ("link", "img", "iframe", "object", "embed", "video", "audio", "base") else []
        self.loaded += [value for key, value in attributes if key in LOADS and key != "style" or
                        key.endswith("href") and not (value or "").startswith("#") or
                        key == "style" and "url(" in (value or "")]

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open = self.open[:-1] if self.open[-1:] == [tag] else self.open

    def handle_endtag(self, tag):
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag):]


def text_of_slide(slide):
    return "\n".join([slide.title, *(piece.words for piece in slide.pieces if isinstance(piece, Text))])


# Complete, and in order.


@each_road
def test_each_step_of_a_road_has_its_exercise_slide(name):
    found = [slide for slide in DECKS[name] if slide.kind == EXERCISE]
    assert tuple(slide.step.number for slide in found) == tuple(
        number for leg in ROADS[name].legs for number in leg.write)
    for slide in found:
        said = page.content_of(slide)
        assert f"python3 -m workshop check {slide.step.number}<" in said and slide.step.name in said
        assert f"{slide.minutes} minutes" in said and slide.minutes in [
            leg.write.get(slide.step.number) for leg in ROADS[name].legs]
        assert ASK in [note.kind for note in slide.notes]
        assert all(wrong.words in " ".join(slide.said) for wrong, _ in debrief(slide.step).mistakes)


@each_road
def test_the_answer_to_each_question_is_on_the_next_slide(name):
    kinds = [slide.kind for slide in DECKS[name]]
    assert all(kinds[count + 1] == ANSWER for count, kind in enumerate(kinds) if kind == QUESTION)
    assert all(kinds[count - 1] in (QUESTION, ANSWER) for count, kind in enumerate(kinds) if kind == ANSWER)


@each_road
def test_each_folded_answer_of_the_notebook_has_a_question_on_the_slides_and_in_the_poll(name):
    folds = [block for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == "markdown"
             for block in blocks_in(text_of(cell)) if block.kind == FOLD and not NO_ANSWER.match(block.head)]
    assert len(folds) == sum(slide.kind == QUESTION for slide in DECKS[name]) > 0
    sheet, _, answers = polls.sheet(ROADS[name]).partition("## Answers")
    assert len(folds) == len(re.findall(r"(?m)^\*\*\d+\. ", sheet)) == len(re.findall(r"(?m)^\*\*\d+\.\*\*", answers))


@each_road
def test_each_break_has_a_slide_but_for_the_slack_at_the_end(name):
    breaks = [leg.title for leg in ROADS[name].legs[:-1] if leg.who == "break"]
    assert [slide.title for slide in DECKS[name] if slide.kind == BREAK] == breaks


@each_road
def test_what_a_teacher_says_stands_in_the_notes(name):
    notes = " ".join(note for slide in DECKS[name] for note in slide.said)
    assert not [leg.title for leg in ROADS[name].legs[:-1] if leg.say not in notes]


@each_road
def test_what_is_said_of_a_step_that_is_solved_is_a_note_to_its_code_behind_its_exercise(name):
    """Always a note: the slide has the code alone."""
    assert not [slide for slide in DECKS[name] if slide.kind == SOLVED and slide.texts]
    for slide, after in pairwise(DECKS[name]):
        if slide.kind == EXERCISE:
            assert after.kind == SOLVED and debrief(slide.step).say in after.said
            assert reference(slide.step).lines[0] == next(
                piece for piece in after.pieces if isinstance(piece, Listing)).lines[0]


# What a vote is about.

EXAMPLE = re.compile(r'from examples\.\w+ import (.+)|"examples\.\w+:(\w+)"')


def code_on(slides):
    """Return the code on slides."""
    return "\n".join(line for slide in slides for piece in slide.pieces if isinstance(piece, Listing)
                     for _, line in piece.lines)


def questions_with_place(name):
    """Return the questions of a road, each with the place of its slide among the others."""
    places = [place for place, slide in enumerate(DECKS[name]) if slide.kind == QUESTION]
    return list(zip(places, [vote for some in votes_of(ROADS[name]).values() for vote in some], strict=True))


@each_road
def test_all_code_that_a_question_is_about_stands_on_its_slide_or_on_the_one_before(name):
    """What its cells take from the examples, and functions of cells before that it names or uses."""
    before = ""
    for place, vote in questions_with_place(name):
        runs = "\n".join(block.text for block in vote.question.runs)
        taken = {one.strip() for found in EXAMPLE.findall(runs) for one in f"{found[0]},{found[1]}".split(",")} - {""}
        given = set(re.findall(r"(?m)^(?:def|class) (\w+)", cells_before(name, vote)))
        taken |= {one for one in given if re.search(rf"\b{one}\(|\({one}\b", runs) or f"`{one}`" in vote.question.text}
        seen = code_on(DECKS[name][place - 1:place + 1])
        missing = [one for one in taken if not re.search(rf"\b(?:def|class) {one}\b|\b{one} = ", seen + before)]
        assert not missing, (vote.name, missing)


def cells_before(name, vote):
    """Return the code of the cells that come before a question in its part of the notebook, but for those it has."""
    found, own = "", {block.cell for block in vote.question.runs}
    for cell in NOTEBOOKS[name]["cells"]:
        if cell["id"].startswith("leg-"):
            found = ""
        if cell["id"] == vote.question.name:
            return found
        found += text_of(cell) + "\n" if cell["cell_type"] == "code" and cell["id"] not in own else ""
    return found


@each_road
def test_the_code_of_a_vote_does_not_tell_its_answer(name):
    """No handler of an exception says in words what has come; where several speak, they are what is asked for."""
    for _, vote in questions_with_place(name):
        for block in vote.question.runs:
            nodes = ast.walk(ast.parse(block.text))
            handlers = [ast.unparse(one) for one in nodes if isinstance(one, ast.ExceptHandler)]
            told = [one for one in handlers if re.search(r"print\('[^']*'\)", one)]
            assert not told or sum("print('" in one for one in handlers) > 1, (vote.name, block.cell)


@each_road
def test_what_the_votes_of_a_road_are_about_is_in_its_poll_too(name):
    sheet = polls.sheet(ROADS[name])
    assert all(block.text in sheet for _, vote in questions_with_place(name) for block in vote.question.also)


@each_road
def test_each_vote_says_on_its_slide_or_in_its_note_and_in_the_poll_how_one_votes(name):
    sheet = polls.sheet(ROADS[name])
    for place, vote in questions_with_place(name):
        slide = DECKS[name][place]
        assert bool(vote.ballot.how) == vote.kept, vote.name
        assert not vote.kept or vote.ballot.how in [*slide.texts, *slide.said], vote.name
        assert not vote.kept or f"{vote.question.text}\n\n*{vote.ballot.how}*\n" in sheet, vote.name


@each_road
def test_the_answer_to_a_vote_by_hands_has_its_letter(name):
    sheet, answers = polls.sheet(ROADS[name]), {slide.small for slide in DECKS[name]}
    letters = {vote.number: vote.ballot.right for _, vote in questions_with_place(name) if "Hands" in vote.ballot.how}
    assert letters and all(f"Answer {number} · {right}" in answers for number, right in letters.items())
    assert all(f"**{number}.** **{right}.** " in sheet for number, right in letters.items())


def test_a_vote_without_a_word_on_how_it_is_voted_is_refused():
    with pytest.raises(Trouble, match="vote_choices.ini does not say how to vote on ch01-songs"):
        vote_choices.ballot_for("ch01-songs")
    with pytest.raises(Trouble, match="a vote with 7 choices; 6 are the most"):
        vote_choices.ballot_with(tuple("1234567"))
    for choices in [("yes", "no"), ("* yes", "* no")]:
        with pytest.raises(Trouble, match=f"a vote with {''.join(choices).count('*')} right choices"):
            vote_choices.ballot_with(choices)
    assert vote_choices.ballot_with(("yes", "* no")) == vote_choices.Ballot("Hands. A: yes; B: no.", "B")
    assert vote_choices.ballot_with(()) == vote_choices.ON_PAPER
    assert set(vote_choices.ballots()) == {vote.question.name for road in ROADS.values()
                                      for some in votes_of(road).values() for vote in some if vote.kept}


@each_road
def test_what_a_vote_asks_about_stands_on_its_own_slide(name):
    """The functions that the sentence with the question mark names, where the code of the question defines them."""
    for place, vote in questions_with_place(name):
        question = vote.question
        asking = [one for one in sentences(question.text) if one.endswith("?")][-1:]
        defined = re.findall(r"(?m)^ *\d* *def (\w+)", "\n".join(one.text for one in (*question.code, *question.also)))
        names = set(re.findall(r"`(\w+)`", " ".join(asking))) & set(defined)
        seen = code_on([DECKS[name][place]])
        assert not vote.kept or all(f"def {one}(" in seen for one in names), (vote.name, names)


@each_road
def test_each_list_of_the_notebook_stands_on_a_slide(name):
    """Those that belong to no step and to no answer, but for terms: no announcement has nothing below it."""
    shown = {text for slide in DECKS[name] for text in slide.texts}
    for leg in ROADS[name].legs:
        steps = False
        for one in blocks_of(cells_on(leg)[1:]):
            steps = bool(STEP.match(one.text)) if one.kind == HEADING else steps
            items = items_in(one.text) if one.kind == ITEMS and not steps and not terms_in(one.text) else []
            lost = [item for item in items if item not in shown]
            assert not lost, (leg.title, lost)


@each_road
def test_no_question_takes_the_words_above_a_list_away_from_it(name):
    lists = [(block.text, after.kind) for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == "markdown"
             for block, after in pairwise(blocks_in(text_of(cell)))]
    announced = [plain(text) for text, kind in lists if kind == ITEMS]
    for _, vote in questions_with_place(name):
        assert not [text for text in announced if text in vote.question.text], vote.question.text


# One order: the notebook's, on slides and in their notes.


def cells_in(notes):
    """Return the numbers of the cells that notes name."""
    found = [(int(first), int(last or first)) for note in notes for first, last in NAMED.findall(note)]
    return [number for first, last in found for number in range(first, last + 1)]


@each_road
def test_the_notes_name_each_cell_once_and_in_order(name):
    named = cells_in(note for slide in DECKS[name] for note in slide.said)
    assert named == list(numbers_of(ROADS[name]).values())


@each_road
def test_the_cells_of_a_question_are_run_while_it_is_shown_and_its_number_is_that_of_the_poll(name):
    asked = [slide for slide in DECKS[name] if slide.kind == QUESTION]
    votes = [vote for some in votes_of(ROADS[name]).values() for vote in some]
    numbers = numbers_of(ROADS[name])
    sheet = polls.sheet(ROADS[name])
    for count, (slide, vote) in enumerate(zip(asked, votes, strict=True), 1):
        cells = [numbers[block.cell] for block in vote.question.runs]
        assert cells_in(slide.said) == cells_in(slide.said[-1:]) == cells == cells_in([slide.small])
        assert vote.number == count and slide.small.startswith(f"{vote.name} · ") and slide.spare != vote.kept
        assert f"**{count}. {'Vote' if vote.kept else 'If there is time'} · {vote.question.kind}" in sheet


@each_road
def test_a_cell_that_needs_a_step_comes_after_its_check(name):
    checked = set()
    for cell in NOTEBOOKS[name]["cells"]:
        text = text_of(cell)
        if cell["cell_type"] == "code" and (check := CHECK.search(text)):
            checked.add(check[1])
        elif cell["cell_type"] == "code":
            assert not (steps_in(text) & set(ROADS[name].steps)) - checked, cell["id"]
    assert checked == set(ROADS[name].steps)


def steps_in(text):
    """Return the numbers of the steps that a cell needs: of those it names, and all behind the server of the end."""
    used = {number for stem, attribute in re.findall(r"\b(ch\d\d_\w+)\.(\w+)", text) for number, step in
            PROJECT.steps.items() if step.path.stem == stem and attribute in step.name.split(".")}
    return set().union(*(needed_by(number, SOURCES) for number in used), used,
                       PROJECT.steps if re.search(r"\bSTACK\b(?! =)", text) else ())


# Nothing that is needed stands on a slide that may be left out.


@each_road
def test_a_slide_for_when_there_is_time_has_no_cell_but_that_of_its_question(name):
    cells = {number for slide in DECKS[name] if slide.spare and slide.kind == QUESTION
             for number in cells_in([slide.small])}
    said = cells_in(note for slide in DECKS[name] if slide.spare for note in slide.said)
    assert set(said) == cells and len(said) == len(cells)


def told_before(slides, place):
    """Return what stands on the slides before a place that are always shown, or is said with them."""
    return "\n".join(text for slide in slides[:place] if not slide.spare for text in [
        text_of_slide(slide), *slide.said, *("\n".join(line for _, line in piece.lines)
                                            for piece in slide.pieces if isinstance(piece, Listing))])


@each_road
def test_the_names_that_a_step_mentions_are_shown_before_it(name):
    """Those of classes, constants and functions that the chapters so far have, but for its own and for examples."""
    for place, slide in enumerate(DECKS[name]):
        if slide.step:
            task = re.sub(r"(?m)^ *(>>>|\.\.\.).*$", "", slide.step.task)
            task = re.split(r"\n(?:PEP|RFC) ", task)[0]
            chapters = [slide.step.chapter, *slide.step.chapter.earlier]
            given = {one for chapter in chapters for one in re.findall(
                r"(?m)^(?:def |class )?(\w*_\w+|[A-Z]\w+)(?= = |\(|:)", chapter.reference)}
            needed = given & set(re.findall(r"\w+", task)) - set(slide.step.name.split("."))
            missing = needed - set(re.findall(r"\w+", told_before(DECKS[name], place)))
            assert not missing, (slide.step.number, missing)


@each_road
def test_the_terms_that_a_step_or_a_slide_uses_are_explained_on_slides_that_are_always_shown(name):
    """Before the step; and before the end of the part that names one, which may be shown first."""
    slides, glossary = DECKS[name], terms()
    for place, slide in enumerate(slides):
        task = [slide.step.task.partition("\nPEP ")[0]] if slide.step else []
        used = task or [*text_of_slide(slide).split("\n"), *slide.said]
        end = place if slide.step else next((after for after in range(place + 1, len(slides))
                                             if slides[after].kind in (LEG, BREAK)), len(slides))
        told = told_before(slides, end)
        for term in glossary if not slide.spare else ():
            if term.name not in ALSO_PLAIN and any(term.pattern.search(text) for text in used):
                assert re.search(rf"(?i)\*\*`?{re.escape(term.name)}`?\*\*", told), (place + 1, term.name)


@each_road
def test_what_a_step_calls_stands_before_it_with_its_arguments(name):
    """Functions and classes of its chapter and of those before, and methods of objects that the task names."""
    for place, slide in enumerate(DECKS[name]):
        if slide.step:
            told = "\n".join(text for before in DECKS[name][:place] if before.small == f"Step {slide.step.number}, "
                             f"{THERE_ALREADY}" for text in before.texts)
            body = body_of(slide.step.chapter.reference, slide.step.name)
            sources = "\n".join(one.reference for one in (*slide.step.chapter.earlier, slide.step.chapter))
            called = {one for one in re.findall(r"(?<![.\w\"])(\w+)\(", body) if re.search(
                rf"(?m)^def {one}\(|^class {one}\b.*\n(?:(?:    .*)?\n)*?    def __init__", sources)}
            called -= {one.arg for one in nodes_of(slide.step.chapter.reference)[slide.step.name].args.args}
            called |= set(re.findall(r"\b((?:response|request|collected)\.\w+)\(", body))
            missing = [one for one in called - {slide.step.name} if f"`{one}(" not in told]
            assert not missing, (slide.step.number, missing)


def test_the_arguments_of_what_is_called_are_those_of_its_definition():
    source = ast.parse("class A:\n    def __init__(self, a, b=1): 0\n\n@dataclass\nclass B:\n    c: int\n\nclass C: 0\n"
                       "def d(e, f=None): 0\n\n@property\ndef g(self): 0").body
    assert [arguments_of(node) for node in source] == ["(a, b=1)", "(c)", "", "(e, f=None)", ""]


# Words.


def explanations(name):
    """Return the explanations of terms on slides that are always shown: (place, the term in lower case, sentence)."""
    return [(place, BOLD.search(text)[1].lower(), text) for place, slide in enumerate(DECKS[name])
            if slide.title == TERMS and not slide.spare for text in slide.texts]


@each_road
def test_a_term_is_explained_once_and_behind_those_that_its_sentence_uses(name):
    """Those that the notebooks explain first: a connection is a socket."""
    order = [term.name.lower() for term in terms()]
    told = []
    for place, term, sentence in explanations(name):
        before = terms()[:order.index(term)] if term in order else []
        shown = told_before(DECKS[name], place)
        missing = [one.name for one in before if one.pattern.search(sentence) and one.name.lower() not in told
                   and not re.search(rf"(?i)\*\*`?{re.escape(one.name)}`?\*\*", shown)]
        assert not missing and (term not in told or DECKS[name][place].notes), (term, missing)
        told.append(term)


@each_road
def test_no_term_is_explained_that_nothing_uses(name):
    """But on a slide with notes, which has it for what they say."""
    glossary = {term.name.lower(): term for term in terms()}
    everything = [text for slide in DECKS[name] if not slide.spare for text in [
        slide.title, *slide.texts, *slide.said, code_on([slide]), slide.step.task if slide.step else ""]]
    for place, term, sentence in explanations(name):
        used = term in ALSO_PLAIN or any(glossary[term].pattern.search(text) for text in everything if text != sentence)
        assert used or DECKS[name][place].notes, term


TOLD_BY_OTHERS = {"middleware", "iterator"}  # Flask's docstring and wsgiref's complaint have these words


@each_road
def test_the_words_that_cells_print_are_explained_before_the_end_of_their_part(name):
    cells = {number: cell_id for cell_id, number in numbers_of(ROADS[name]).items()}
    begins = [place for place, slide in enumerate(DECKS[name]) if slide.kind in (LEG, BREAK)]
    for place, slide in enumerate(DECKS[name]):
        told = told_before(DECKS[name], next((begin for begin in begins if begin > place), None))
        out = "" if slide.spare else "".join(printed(cells[number]) for number in cells_in(slide.said) if number > 1)
        missing = [term.name for term in terms() if not term.is_code and term.name not in ALSO_PLAIN | TOLD_BY_OTHERS
                   and re.search(rf"(?i)\b{re.escape(term.name)}", out)
                   and not re.search(rf"(?i)\*\*`?{re.escape(term.name)}`?\*\*", told)]
        assert not missing, (place + 1, missing)


# Each slide says something by itself.

REFERS_BACK = re.compile(r"(So|And|But)?,? ?\b(it|they|this|that|these|those|such|both|he|she)\b", re.IGNORECASE)


@each_road
def test_no_slide_behind_one_that_may_be_left_out_refers_to_it(name):
    for before, slide in pairwise(DECKS[name]):
        if before.spare and not slide.spare and not code_on([slide]):  # which may be what it refers to
            for text in [*slide.texts[:1], *(note.words for note in slide.notes[:1])]:
                assert not REFERS_BACK.match(text), text


@each_road
def test_a_slide_with_words_has_more_than_an_announcement_and_a_list_has_one(name):
    for slide in DECKS[name]:
        if slide.kind == WORDS and slide.title != TERMS:
            announced = [piece for piece in slide.pieces if isinstance(piece, Text) and piece.look != ITEM]
            assert len(slide.pieces) > 1 or not slide.texts[0].endswith(":"), slide.texts
            assert announced or slide.small or not slide.pieces[0].look == ITEM, slide.texts


@each_road
def test_the_helpers_that_a_slide_calls_are_explained_before_they_run_or_in_the_first_notebook(name):
    """Helpers are what the first cell imports from the workbench; code is that of slides that are always shown."""
    [imported] = re.findall(r"(?s)from workbench import \(?(.*?)(?:\)|$)", text_of(first_code(name)))
    begun = "\n".join(text_of(cell) for cell in notebooks.read(PROJECT, notebooks.START)["cells"])
    for place, slide in enumerate(DECKS[name]):
        code = "\n".join(line for piece in slide.pieces if isinstance(piece, Listing) for _, line in piece.lines)
        helpers = re.findall(r"\w*[a-z]\w*", imported)  # GET says by its name what it is
        used = {helper for helper in helpers if re.search(rf"(?<!def )\b{helper}\b[(,)]", code)}
        told = told_before(DECKS[name], place + 2)  # code that is long stands before the slide of its question
        missing = [helper for helper in used if f"`{helper}" not in told and f"{helper}(" not in begun]
        assert slide.spare or not missing, (place + 1, missing)


def first_code(name):
    return next(cell for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == "code")


def test_what_no_slide_explains_has_one_before_the_step_that_needs_it():
    step = PROJECT.steps["5.8"]
    left_out = Slide(QUESTION, "spare", (Text("A **mount** is. `find_mount`"),), spare=True)
    found = introduced([Slide(LEG, "A part"), left_out, Slide(EXERCISE, f"`{step.name}`", step=step)])
    place = found.index(left_out)
    assert {slide.title for slide in found[1:place]} == {TERMS} and found[place + 1].title == found[-1].title
    assert any(text.startswith("A **mount** is a prefix") for slide in found[1:place] for text in slide.texts)
    assert any(text.startswith("`find_mount(path, mounts)`: Split path in two") for text in found[place + 1].texts)


# Welcome, pictures, the end.


@each_road
def test_the_welcome_has_a_picture_and_the_last_slide_says_what_comes_after(name):
    welcome = ROADS[name].legs[0]
    assert f"`{WELCOME}`" in welcome.say and welcome.picture in [slide.picture for slide in DECKS[name][:4]]
    assert DECKS[name][-1].said and not [text for text in DECKS[name][-1].texts if not re.match(r"\d\. ", text)]


@each_road
def test_each_page_of_a_picture_has_what_to_point_at_in_three_sentences(name):
    for slide in DECKS[name]:
        if slide.kind == DRAWING:
            _, notes = page.pages_of(slide, {})
            assert all(any(note.words == point for note in one) for point, one in zip(slide.points, notes, strict=True))
            assert slide.spare or len(sentences(" ".join(slide.points))) == 3, slide.points


def test_a_picture_without_a_word_for_each_of_its_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pointing, "pictures", lambda: {"ch04_loop": {"1": "One.", "2": "Two."}})
    with pytest.raises(Trouble, match="pictures.ini has 2 keys for ch04_loop, which takes 3 pages"):
        pointing.points("pictures/ch04_loop.svg")


@each_road
def test_how_one_works_on_a_step_and_what_the_marks_mean_stands_before_the_first(name):
    first = next(place for place, slide in enumerate(DECKS[name]) if slide.step)
    [place] = [place for place, slide in enumerate(DECKS[name]) if slide.title == "How you work"]
    told = " ".join(DECKS[name][place].texts)
    assert first - 2 <= place < first and not DECKS[name][place].spare
    assert all(f"{mark} {state}" in told for state, mark in MARKS.items())
    words = ("`raise`", "Save", "check again", f"`catch-up` fills in is {MARKS['borrowed']}")
    assert all(one in told for one in words)


@each_road
def test_no_item_of_a_list_has_a_number_as_well(name):
    assert not [piece.words for slide in DECKS[name] for piece in slide.pieces
                if isinstance(piece, Text) and piece.look == ITEM and re.match(r"\d+\. ", piece.words)]


@each_road
def test_no_slide_speaks_of_this_chapter(name):
    """A road has parts, and names the long chapters by their numbers."""
    for slide in DECKS[name]:
        for text in [*slide.texts, *slide.said]:
            assert not re.search(r"(?i)\b(this|the|next|last) (chapter|section|notebook)\b", text), text


@each_road
def test_a_note_stands_on_one_page_though_a_picture_takes_several(name):
    notes = re.findall(r'(?s)<aside class="notes">(.*?)</aside>', PAGES[slides.FOLDER / f"{name}.html"])
    said = [text for note in notes for text in re.findall(r"<p>(Run cells? \d+.*?)</p>", note)]
    assert said and len(said) == len(set(said))


# Legible.


@each_road
def test_all_that_stands_on_a_slide_fits_at_the_sizes_that_are_read_from_afar(name):
    for count, slide in enumerate(DECKS[name], 1):
        room = BELOW_TITLE if slide.kind == LEG else HEIGHT
        assert whole_height(slide.pieces, slide.sizes) <= room, f"slide {count} has too much: {slide}"
        assert slide.sizes.text >= TEXT_SIZES[-1] and slide.sizes.code >= CODE_SIZES[-1]
        assert slide.kind == DRAWING or len(slide.title.strip("`")) <= 45, f"slide {count}: a long title, {slide.title}"


@each_road
def test_no_slide_has_links_comments_or_marks_of_terms(name):
    for slide in DECKS[name]:
        assert not re.search(r"\]\(|<!--|<span", text_of_slide(slide)), text_of_slide(slide)


def test_sizes_are_the_largest_that_fit():
    assert sizes_for([Text("a word")]) == Sizes(TEXT_SIZES[0], CODE_SIZES[0])
    assert sizes_for([Text("word " * 200)]) is None
    short, long = Listing(((1, "pass"),) * 8), Listing(((1, "pass"),) * 17)
    assert sizes_for([short]).code == CODE_SIZES[0] > sizes_for([long]).code


def test_a_long_line_of_code_counts_as_several():
    assert whole_height([Listing(((1, "x " * 300),))], Sizes()) > 5 * whole_height([Listing(((1, "x"),))], Sizes()) / 2
    assert WIDTH < 1280


@pytest.mark.parametrize("path", sorted({slide.picture for slides_of in DECKS.values() for slide in slides_of
                                         if slide.picture}))
def test_the_letters_of_a_picture_can_be_read_and_no_line_of_it_is_cut(path):
    picture = drawing(path)
    sizes = dict(re.findall(r"\.(w-\w+)\b[^{}]*\{[^}]*font-size:(\d+)px", picture.style))
    pieces = list(pairwise(picture.edges))
    assert pieces[0][0] == 0 and pieces[-1][1] == picture.height and len(picture.pages(True)) == len(pieces) and sizes
    for line in map(float, re.findall(r'<text [^>]*?\by="([\d.]+)"', picture.shapes)):
        assert not [edge for edge in picture.edges[1:-1] if line - 12 < edge < line + 5], (line, picture.edges)
    for top, bottom in pieces:
        scale = min(1232 / picture.width, 672 / (bottom - top))
        assert scale * min(map(int, sizes.values())) >= CODE_SIZES[-1], (top, bottom, scale)
        assert (bottom - top) / picture.width >= 672 / 1232  # else what stands below would be seen


def test_a_slide_tells_when_those_for_when_there_is_time_are_left_out():
    """Not in the overview alone."""
    assert re.search(r"(?m)^\.short \.count::before \{ content: \"", page.read("slides.css"))
    assert 'toggle("short")' in page.read("slides.js")


# Offline.


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_one_file_that_loads_nothing(path):
    reader = Reader()
    reader.feed(PAGES[path])
    assert not reader.loaded and not reader.open
    code = re.sub(r"(?s)<code.*?</code>|<p>.*?</p>", "", PAGES[path])  # without what is quoted
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", code)


@each_road
def test_pictures_are_drawn_once_and_referred_to_by_what_is_there(name):
    text = page.page_of("a road", DECKS[name])
    names = re.findall(r' id="([^"]+)"', text)
    assert len(names) == len(set(names)) and set(re.findall(r'<use href="#([^"]+)"', text)) <= set(names)


# The parts, by themselves.


def cells(*texts):
    return [{"cell_type": "code" if text.startswith("run") else "markdown", "source": [text], "id": f"cell-{count}"}
            for count, text in enumerate(texts)]


def questions(*texts):
    return [one for one in with_questions(blocks_of(cells(*texts))) if isinstance(one, Question)]


def folded(answer, head="Answer"):
    return f"<details><summary>{head}</summary>\n\n{answer}\n\n</details>"


def test_a_question_stands_before_its_answer_and_the_cell_after_it_shows_it():
    [one] = questions(f"A sentence about this and that, which one reads. It is long enough.\n\nWhat comes, when you "
                      f"run the next cell of this notebook, and what does not come?\n\n{folded('Nothing.')}", "run()")
    assert one.text.startswith("What comes") and one.answer[0].text == "Nothing." and one.kind == PREDICTION
    assert [block.text for block in one.runs] == ["run()"] and [block.text for block in one.before] == [
        "A sentence about this and that, which one reads. It is long enough."]


def test_a_bug_is_asked_for_before_the_cell_that_shows_it():
    quoted = "<!-- quote a.py -->\n```python\n1  x\n2  y\n```\n<!-- end of quote -->"
    answer = folded("Line 2.", "What is wrong?")
    [one] = questions(f"**Spot the bug, 1.** What is printed?\n\n{quoted}", "run()", answer)
    assert (one.kind, one.text, one.runs[0].text, one.code[0].path) == (BUG, "What is printed?", "run()", "a.py")


def test_two_answers_about_one_cell_are_two_questions():
    first, second = questions(f"What is printed?\n\n{folded('One.')}", "run()", f"And why?\n\n{folded('Because.')}")
    assert (first.text, second.text) == ("What is printed?", "And why?") and first.runs and not second.runs


def test_two_cells_that_run_behind_a_question_belong_to_it():
    [one] = questions(f"What comes from both?\n\n{folded('Two.')}", "run(1)", "run(2)", "Then the next.")
    assert [block.text for block in one.runs] == ["run(1)", "run(2)"] and one.name == "cell-0"


def test_two_cells_that_run_behind_a_question_are_named_together():
    assert [cells_named(cells) for cells in ([5], [5, 6], [5, 6, 7], [1, 3, 5, 6, 7])] == [
        "cell 5", "cells 5 and 6", "cells 5 to 7", "cells 1, 3 and 5 to 7"]


def test_hints_and_more_are_no_questions():
    assert not questions(folded("Think.", "Hint 1 for step 1.1"), folded("More.", "More: files"))


def test_a_docstring_is_left_out_and_the_numbers_of_lines_stay():
    step = PROJECT.steps["5.8"]
    lines = step.path.read_text(encoding="utf-8").splitlines()[step.line - 1:]
    code = without_docstring(Listing(tuple(enumerate(lines[:22], step.line))))
    body = body_of(step.chapter.reference, step.name).strip().splitlines()
    assert [line.strip() for _, line in code.lines[1:]] == [line.strip() for line in body]
    assert code.lines[-1][0] == step.line + 21


def test_blocks_are_told_apart():
    kinds = [block.kind for block in blocks_in("## A\n\nB.\n\n- c\n- d\n\n| e |\n| --- |\n| f |\n\n![g](h.svg)\n\nI.")]
    assert kinds == ["heading", "prose", "items", "table", "picture", "prose"]
    assert list(blocks_in("a")) == [Block("prose", "a", tongue="text")]


def test_a_slide_says_what_it_is_given_as_text():
    slide = Slide(WORDS, "`<b>`", (Text("1. a `<i>` & b"),))
    assert "<b>" not in page.content_of(slide) and "1. a <code>&lt;i&gt;</code> &amp; b" in page.content_of(slide)


def test_the_handout_has_each_variable_of_the_environ_and_the_loop_as_the_reference_has_it():
    [text] = handout.files().values()
    assert all(f"<code>{variable}</code>" in text for variable in ("PATH_INFO", "SCRIPT_NAME", "wsgi.input"))
    words = re.sub(r"<[^>]+>", "", text)
    assert "response.send_error()" in words and "400 Bad Request" in words and text.count("<section>") == 6


def test_the_feedback_card_is_a_page_of_its_own_behind_the_handout():
    [text] = handout.files().values()
    first, card = text.split("</main>")
    assert len(card_lines()) == 3 and all(f"<p>{line}</p>" in card and line not in first for line in card_lines())
    assert re.search(r"\.card \{[^}]*break-before: page", text) and '<article class="card">' in card
