"""What is borrowed is known by comparison with the reference; of a few lines, which may be alike, a comment decides."""
import ast
import subprocess
import sys

import pytest

from dev import PROJECT
from dev.sandbox import Sandbox, own, reference
from workshop.course import definitions
from workshop.course.borrowed_steps import BY_CHANCE, FOUND, borrowed_in, with_note, without_notes
from workshop.course.source import body_of, nodes_of
from workshop.course.step_states import State, counts

LONG, SHORT = PROJECT.step("1.2"), PROJECT.step("5.2")  # a body of many lines, and one of a few


def is_borrowed(step, text):
    """Tell whether a step is borrowed in its chapter where its function has this text."""
    return step.number in borrowed_in(step.chapter, definitions.replace(step.chapter.starter, {step.name: text}))


def taken(step):
    return definitions.text_of(step.chapter.reference, step.name)


def test_of_the_reference_every_step_with_more_than_a_few_statements_is_borrowed():
    for chapter in PROJECT.chapters:
        counts = {step.number: sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(
            body_of(chapter.reference, step.name)))) for step in chapter.steps}
        assert borrowed_in(chapter, chapter.reference) == [
            number for number in chapter.numbers if counts[number] > BY_CHANCE]
        assert borrowed_in(chapter, chapter.starter) == borrowed_in(chapter, own()[chapter.stem]) == []


@pytest.mark.parametrize("change", [
    lambda text: text.replace("    received =", "    # all mine\n\n    received ="),
    lambda text: text.replace("received = b\"\"", "received = (\n        b''\n    )"),
    lambda text: text.replace("Step 1.2", "My step 1.2"),
    lambda text: with_note(text, "1.2"),
])
def test_neither_comments_nor_line_breaks_nor_the_task_make_it_ones_own(change):
    assert change(taken(LONG)) != taken(LONG) and is_borrowed(LONG, change(taken(LONG)))


def test_other_code_is_ones_own_even_below_a_comment_that_says_it_is_not():
    for step in (LONG, SHORT):
        for text in (taken(step), with_note(taken(step), step.number)):
            assert not is_borrowed(step, f"{text}    pass\n")


def test_of_a_few_lines_the_comment_decides():
    assert not is_borrowed(SHORT, taken(SHORT)) and is_borrowed(SHORT, with_note(taken(SHORT), SHORT.number))
    assert not is_borrowed(SHORT, with_note(taken(SHORT), "5.3")), "it is the comment of another step"


@pytest.mark.parametrize("text", ["", "def f(:\n", "x = '\0'"])
def test_in_what_is_no_python_or_has_no_steps_nothing_is_borrowed(text):
    assert borrowed_in(LONG.chapter, text) == []


@pytest.mark.parametrize("stem", PROJECT.by_stem)
def test_the_comment_stands_after_the_task_and_can_be_taken_out_again(stem):
    for step in PROJECT.by_stem[stem].steps:
        text = with_note(taken(step), step.number)
        node, = nodes_of(text).values()
        assert FOUND.match(text.splitlines()[node.body[0].end_lineno])[1] == step.number
        assert without_notes(text) == taken(step)


@pytest.mark.parametrize("states, said", [
    ([State.YOURS] * 3, "3 yours of 3 steps"), ([State.NOT_STARTED], "1 not started of 1 step"), ([], " of 0 steps"),
    ([State.NOT_STARTED, *[State.BORROWED] * 3, State.NOT_STARTED], "3 borrowed, 2 not started of 5 steps"),
    (list(State), "1 yours, 1 borrowed, 1 wrong, 1 waiting, 1 not started of 5 steps"),
])
def test_only_states_that_there_are_are_counted(states, said):
    assert counts(states) == said


@pytest.mark.parametrize("asked, status, said", [
    ("2.22", 4, "There is no step 2.22: those of chapter 2 go from 2.1 to 2.12."),
    ("1.1, 1.2", 0, "2 yours of 2 steps"), ("1", 0, "5 yours of 5 steps"), ("1.1,", 0, "1 yours of 1 step"),
])
def test_pytest_says_which_steps_there_are_not(asked, status, said):
    command = [sys.executable, "-m", "pytest", "-o", "pythonpath=solutions", f"--only-steps={asked}", "tests"]
    ended = subprocess.run(command, cwd=PROJECT.root, capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == status and said in ended.stdout + ended.stderr


def test_pytest_says_so_too_and_never_of_the_reference_itself(tmp_path):
    repository = Sandbox(tmp_path)
    repository.borrow("ch01_socket")
    for folder, said in {"chapters": "1 yours, 4 borrowed of 5 steps", "solutions": "5 yours of 5 steps"}.items():
        command = [sys.executable, "-m", "pytest", "-o", f"pythonpath={folder}", "tests/ch01_socket"]
        ended = subprocess.run(command, cwd=repository.root, env=repository.environment(), capture_output=True,
                               text=True, encoding="utf-8")
        assert ended.returncode == 0 and said in ended.stdout
    assert repository.text("ch01_socket") == reference()["ch01_socket"]
