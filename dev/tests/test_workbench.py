"""The notebooks' own tools: what you save counts in the next cell, and a check tells it without a new kernel."""
import nbformat
import pytest

from dev import PROJECT
from dev.execution import outputs_of
from dev.rehearsal import watched
from dev.sandbox import noted, own, temporary

SETUP = """
from pathlib import Path
from workbench import ROOT, check, tree
import ch01_socket, ch02_request
from ch01_socket import build_response as mine

def edit(stem, old, new):
    path = tree() / f"{stem}.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new), encoding="utf-8")
"""


def shown(*cells, solved=()):
    """Run cells after SETUP in a kernel, and return what each shows (a str) and the seconds that it took."""
    notebook = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate([SETUP, *cells])])
    with temporary(*solved) as sandbox:
        run = watched(notebook, "edits", sandbox.root, twice=False)
    return [(outputs_of(cell), run.cells[cell.id]["seconds"]) for cell in run.notebook.cells[1:]]


def edited(old, new, stem="ch01_socket"):
    return f"edit({stem!r}, {old!r}, {new!r})"


def written(text):
    return f'(tree() / "ch01_socket.py").write_text({text!r}, encoding="utf-8") and None'


def test_a_check_tells_what_was_saved_without_a_new_kernel():
    stub = 'raise NotImplementedError("step 1.1: write build_response")'
    (first, _), _, (wrong, _), _, (right, _), (again, _), _, (borrowed, _) = shown(
        'check("1.1")', edited(stub, 'return "hello"'), 'check("1.1")', written(own()["ch01_socket"]), 'check("1.1")',
        'check("1.1")', written(noted("ch01_socket")), 'check("1.1")')
    assert right == again
    assert "○ 1.1" in first and "✘ 1.1" in wrong and "hello" in wrong and "✔ 1.1" in right and "≡ 1.1" in borrowed


def test_what_is_saved_counts_in_the_next_cell():
    names = "print(ch01_socket.build_response('')[:8], mine('')[:8], ch02_request.error_response(400, '')[:8])"
    extra = "print(hasattr(ch01_socket, 'extra'))"
    texts = [text for text, _ in shown(
        names, edited('"HTTP/1.1 ', '"HTTP/9.9 '), names,
        edited("def hang_up(", "extra = 1\n\ndef hang_up("), extra, edited("extra = 1", ""), extra,
        solved=PROJECT.by_stem)]
    assert texts == [f"{b'HTTP/1.1'} {b'HTTP/1.1'} {b'HTTP/1.1'}\n", "", f"{b'HTTP/9.9'} {b'HTTP/9.9'} {b'HTTP/9.9'}\n",
                     "", "True\n", "", "False\n"]


def test_a_check_takes_the_number_of_a_chapter_and_asks_for_quotes_around_that_of_a_step():
    (step, _), (chapter, _) = shown("check(1.1)", "check(1)")
    assert 'Write a step in quotes, check("1.1")' in step and "○ 1.1" in chapter and "○ 1.5" in chapter


@pytest.mark.parametrize("moment", ["while the cell runs", "right after the cell"])
def test_the_first_save_after_an_import_counts_whenever_it_comes(moment):
    save = edited("import argparse", "import argparse\nsaved = 1", "ch04_response")
    if moment == "right after the cell":
        events = "get_ipython().events"
        save = f"def save(*_):\n    {events}.unregister('post_run_cell', save)\n    {save}\n" \
               f"{events}.register('post_run_cell', save)"
    texts = [text for text, _ in shown(f"import ch04_response\n{save}", "print(ch04_response.saved)",
                                       solved=PROJECT.by_stem)]
    assert texts == ["", "1\n"]


@pytest.mark.parametrize("broken, said", [
    ("def read_head(:", "SyntaxError: invalid syntax"),
    ("nothing\ndef read_head(", "NameError: name 'nothing' is not defined"),
    ("raise SystemExit(3)\ndef read_head(", "SystemExit: 3"),
])
def test_a_file_that_cannot_be_run_is_named_before_each_cell_until_it_is_mended(broken, said):
    use = "print(ch01_socket.build_response('')[:8])"
    texts = [text for text, _ in shown(
        edited("def read_head(", broken), use, use, edited(broken, "def read_head("), use, solved=PROJECT.by_stem)]
    assert all(said in text and "chapters/ch01_socket.py:" in text and "HTTP/1.1" in text for text in texts[1:3])
    assert texts[4] == f"{b'HTTP/1.1'}\n"
