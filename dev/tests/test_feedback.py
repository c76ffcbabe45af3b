"""What a learner is shown: the golden texts, which `python -m dev regenerate --check golden` compares to the letter."""
import pytest

from dev.feedback import CASES, FOLDER


@pytest.mark.parametrize("name", CASES)
def test_no_traceback_is_shown(name):
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert "Traceback" not in text and "/tests/" not in text
