"""The bank of versions: each mistake is told as what it is, and each right answer passes."""
from collections import Counter

import pytest

from dev.bank.step_versions import all_versions, describe, elsewhere, is_told, reports_of, steps, unmoved, whole_job
from dev.runner import reports

VERSIONS = {version.key: version for version in all_versions()}
LEAST = {"mistakes": 3, "answers": 2}
# One mistake of each step, on its chapter, with one case of each check. `python -m dev versions --whole` tries all
# mistakes on all checks of all chapters, which takes minutes.
ONE_OF_EACH = {version.step.number: version for version in VERSIONS.values() if version.kind == "mistakes"}


def others_of(step):
    """Return the numbers of the steps of its chapter that do not use a step."""
    return [number for number in unmoved(step) if steps[number].path == step.path]


@pytest.fixture(scope="module")
def outcomes():
    """The report of each version, by its name, and those of the steps that do not use one with a mistake, by number."""
    done = reports_of(list(VERSIONS.values()), quick=True)
    done += reports([whole_job(one, others_of(one.step), first_cases=True) for one in ONE_OF_EACH.values()])
    return dict(zip([*VERSIONS, *ONE_OF_EACH], done, strict=True))


@pytest.mark.parametrize("name", VERSIONS)
def test_the_checks_say_of_a_version_what_they_should(name, outcomes):
    assert VERSIONS[name].is_as_meant(outcomes[name]), "\n" + describe(VERSIONS[name], outcomes[name])


@pytest.mark.parametrize("number", ONE_OF_EACH)
def test_a_mistake_is_told_in_no_step_that_does_not_use_its_step(number, outcomes):
    version, report = ONE_OF_EACH[number], outcomes[number]
    assert not is_told(report, others_of(version.step)), "\n" + elsewhere(version, report)


@pytest.mark.parametrize("kind", LEAST)
def test_every_step_has_enough_versions(kind):
    counts = Counter(version.step.number for version in VERSIONS.values() if version.kind == kind)
    few = {number: counts[number] for number in steps if counts[number] < LEAST[kind]}
    assert not few, f"steps with too few {kind}: {few}"


def test_no_two_versions_of_a_step_have_one_name():
    assert len(VERSIONS) == len(all_versions())
