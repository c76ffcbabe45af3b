"""The teacher's pages are made from the bank of mistakes and the notebooks."""
import pytest

from dev.mistake_pages import page
from workshop.course.steps import ROOT, stems


@pytest.mark.parametrize("stem", stems())
def test_a_page_is_as_it_is_made(stem):
    text = (ROOT / "teaching" / "mistakes" / f"{stem}.md").read_text(encoding="utf-8")
    assert text == page(stem), "python -m dev regenerate writes the pages anew"
