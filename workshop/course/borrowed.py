"""Functions that were filled in from the reference: a comment in each says so, for as long as it stands there."""
import ast
import re

NOTE = "# borrowed from the reference: step {}. Delete this line when the function is yours."
FOUND = re.compile(r"^[ \t]*# borrowed from the reference: step (\d+\.\d+)", re.MULTILINE)


def with_note(text, number):
    """Return the text of a function, indented from column 0, with the note as the first line behind its docstring."""
    lines = text.splitlines(keepends=True)
    lines.insert(ast.parse(text).body[0].body[0].end_lineno, f"    {NOTE.format(number)}\n")
    return "".join(lines)


def without_notes(text):
    """Return a text without the lines of all notes."""
    return "".join(line for line in text.splitlines(keepends=True) if not FOUND.match(line))


def in_text(text):
    """Return the numbers of the steps that a chapter's text (str) has borrowed, in its order; it may be no Python."""
    return FOUND.findall(text)
