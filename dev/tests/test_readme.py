"""What the README says is so."""
import re

import pytest

from dev import PROJECT
from dev.readme import README, with_table

TEXT = README.read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"\b(?:chapters|solutions|tests|workshop|pictures)/[\w./-]*\w", TEXT)) - {
    "solutions/ch06_name.py", "tests/test_ch06_name.py"})  # a chapter that is an example
LINKS = sorted(set(re.findall(r"\]\((?!http)([^)]+)\)", TEXT)))


def test_the_table_is_made_from_the_chapters():
    assert with_table(TEXT) == TEXT, "run python -m dev regenerate"
    assert all(f"(chapters/{stem}.py)" in TEXT for stem in list(PROJECT.by_stem))


@pytest.mark.parametrize("path", PATHS + LINKS)
def test_what_is_named_exists(path):
    assert (PROJECT.root / path).exists()


def test_steps_that_are_named_exist():
    assert {number for number in re.findall(r"(?:hint |mistakes |steps=|,)(\d+\.\d+)", TEXT)} <= PROJECT.steps.keys()
