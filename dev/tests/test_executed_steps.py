"""A mistake is reported in its own step, or in one that uses it, and nowhere else: no check runs what its step does not
use.

This holds for every mistake that there can be, because up to the first call of a step that is wrong, all is as in the
reference. Checks that start a program are left out: a program uses all steps up to its own.
"""
import json
import subprocess
import sys

import pytest

from dev import PROJECT
from workshop.course.step_uses import needed_by, sources_of
from workshop.machine.containment import contained_environment

OPTIONS = ("-p", "dev.executed_steps", "-p", "no:cacheprovider", "-o", "pythonpath=solutions", "--assert=plain",
           "--check-seconds=60", "-m", "not program", "-q")


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """{number of a step: {id of a check: the numbers of the steps that it runs}}"""
    file = tmp_path_factory.mktemp("executed") / "steps.json"
    done = subprocess.run([sys.executable, "-m", "pytest", *OPTIONS, f"--executed-steps={file}", "tests"],
                          cwd=PROJECT.root, env=contained_environment(), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-2000:]
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", PROJECT.steps)
def test_no_check_runs_a_step_that_its_step_does_not_use(number, executed):
    known = needed_by(number, sources_of(PROJECT, PROJECT.solutions)) | {number}
    others = {check: sorted(set(steps) - known) for check, steps in executed[number].items() if set(steps) - known}
    assert not others


@pytest.mark.parametrize("number", PROJECT.steps)
def test_some_check_runs_its_step(number, executed):
    assert any(number in steps for steps in executed[number].values())
