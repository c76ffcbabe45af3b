"""The teacher's pages are made from the bank of mistakes and the notebooks."""
import pytest

from tests.repository.page import page
from tests.repository.versions import FOLDER
from workshop.steps import stems


@pytest.mark.parametrize("stem", stems())
def test_a_page_is_as_it_is_made(stem):
    text = (FOLDER / "mistakes" / f"{stem}.md").read_text(encoding="utf-8")
    assert text == page(stem), "python -m tests.repository.page writes the pages anew"
