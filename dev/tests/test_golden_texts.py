"""What a learner is shown: the golden texts, which `python -m dev regenerate --check golden` compares to the letter."""
import re

import pytest

from dev.golden_texts import CASES, FOLDER

LEAKED = re.compile(r"Traceback|/tests/|workshop/checking/|contract/\w+\.py")  # frames of the machinery


@pytest.mark.parametrize("name", CASES)
def test_no_traceback_is_shown(name):
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert not LEAKED.search(text)
