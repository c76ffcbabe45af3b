"""The bank of versions: each mistake is told as what it is, and each right answer passes."""
from collections import Counter

import pytest

from dev.bank import step_versions
from dev.bank.step_versions import all_versions, describe, reports_of, steps
from dev.sandbox import reference, with_bodies
from dev.tests.conftest import chosen
from workshop.machine.trouble import Trouble

VERSIONS = {version.key: version for version in all_versions()}
LEAST = {"mistakes": 3, "answers": 2}


@pytest.fixture(scope="module")
def outcomes(request):
    """The report of each version that was chosen, by its name."""
    names = chosen(request)
    return dict(zip(names, reports_of([VERSIONS[name] for name in names], quick=True), strict=True))


@pytest.mark.parametrize("name", VERSIONS)
def test_the_checks_say_of_a_version_what_they_should(name, outcomes):
    assert VERSIONS[name].is_as_meant(outcomes[name]), "\n" + describe(VERSIONS[name], outcomes[name])


@pytest.mark.parametrize("kind", LEAST)
def test_every_step_has_enough_versions(kind):
    counts = Counter(version.step.number for version in VERSIONS.values() if version.kind == kind)
    few = {number: counts[number] for number in steps if counts[number] < LEAST[kind]}
    assert not few, f"steps with too few {kind}: {few}"


def test_nothing_is_said_of_versions_where_the_reference_itself_fails(monkeypatch):
    """So it is where a package is missing: each mistake and each mutant would be noticed, for a wrong reason."""
    step_versions.refuse_failing_reference(["1.1"])
    broken = with_bodies(reference(), "ch01_socket", {"build_response": "    import no_such_package\n"})
    monkeypatch.setattr(step_versions, "reference", lambda: broken)
    with pytest.raises(Trouble, match="fails at step 1.1 here(.|\n)*no_such_package"):
        step_versions.refuse_failing_reference(["1.1"])


def test_no_two_versions_of_a_step_have_one_name():
    assert len(VERSIONS) == len(all_versions())
