"""A starter is its solution without the bodies of the steps; and a starter passes no check."""
import re

import pytest

from dev import PROJECT
from dev.bank.step_versions import passes
from dev.runner import Job, reports
from dev.sandbox import reference, starters, with_bodies
from dev.tests.conftest import chosen
from workshop.course.project import order
from workshop.course.starters import starter_of

STEPS = PROJECT.steps


STARTERS_JOB = Job(starters, list(STEPS), run_starters=True)  # all checks, on fresh starters


def stub(step):
    """The body of a step that is not started."""
    return f'raise NotImplementedError("step {step.number}: write {step.name}")'


def alone_missing(step):
    """The checks of a step, on the reference with this one step not started."""
    return Job(lambda: with_bodies(reference(), step.path.stem, {step.name: stub(step)}), [step.number],
               run_starters=True)


def none_after(step):
    """The checks of a step, on the reference with all later steps of its chapter not started."""
    later = {other.name: stub(other) for number, other in STEPS.items()
             if other.path == step.path and order(number) > order(step.number)}
    return Job(lambda: with_bodies(reference(), step.path.stem, later), [step.number], run_starters=True)


@pytest.fixture(scope="module")
def without_it(request):
    """The reports of the reference without one step, by the number of that."""
    numbers = chosen(request, "number")
    return dict(zip(numbers, reports([alone_missing(STEPS[number]) for number in numbers]), strict=True))


@pytest.fixture(scope="module")
def without_later(request):
    """The reports of the reference without the steps after one, by the number of that."""
    numbers = chosen(request, "number")
    return dict(zip(numbers, reports([none_after(STEPS[number]) for number in numbers]), strict=True))


def test_a_starter_keeps_all_but_the_body():
    task = 'def f(a):\n    """Step 1.1 · about 5 minutes\n\n    Do."""\n'
    source = task + '    # why\n    return a\n\n\ndef g():\n    """Given."""\n    return 1\n'
    stub = '    raise NotImplementedError("step 1.1: write f")\n'
    assert starter_of(source) == source.replace("    # why\n    return a\n", stub)


def test_every_check_of_every_starter_is_not_started_for_the_right_reason():
    of_starters, = reports([STARTERS_JOB])
    assert of_starters.keys() == STEPS.keys()
    for number, step in of_starters.items():
        for check, result in step["checks"].items():
            assert result["outcome"] == "not started", f"{check}: {result}"
            named = re.match(r"step (\d+\.\d+) ", result["text"])
            assert named and order(named[1]) <= order(number), f"{check} stops at a later step: {result['text']}"


@pytest.mark.parametrize("number", STEPS)
def test_every_check_of_a_step_needs_that_step(number, without_it):
    """With the reference complete but for one step, each check of that step stops at the step's stub."""
    report = without_it[number]
    assert number in report, "the run has ended without a report"
    for check, result in report[number]["checks"].items():
        assert result["outcome"] == "not started", f"{check} does not notice that step {number} is missing: {result}"
        assert result["text"].startswith(f"step {number} "), f"{check} blames another step: {result['text']}"


@pytest.mark.parametrize("number", STEPS)
def test_a_step_does_not_need_later_steps(number, without_later):
    """Without those after it in its chapter, a step is done."""
    report = without_later[number]
    assert number in report and passes(report[number]), report
