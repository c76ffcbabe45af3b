"""What a learner is shown is what is written down in `feedback/`, to the letter."""
import pytest

from dev.feedback import CASES, FOLDER, texts


@pytest.fixture(scope="module")
def printed():
    """What each case prints, by name."""
    return texts()


@pytest.mark.parametrize("name", CASES)
def test_the_feedback_is_as_written_down(name, printed):
    golden = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert printed[name] == golden, "python -m dev regenerate writes it anew; read the difference first"


@pytest.mark.parametrize("name", CASES)
def test_no_traceback_is_shown(name, printed):
    assert "Traceback" not in printed[name] and "/tests/" not in printed[name]


def test_every_text_belongs_to_a_case():
    assert {path.stem for path in FOLDER.iterdir()} == set(CASES)
