"""Pages for the teacher: the mistakes of each chapter by step, what learners read, and what to ask them.

    python -m dev regenerate          write `mistakes/CHAPTER.md` for each chapter
"""
import sys

from dev.bank.versions import all_versions
from workshop.course import notebooks
from workshop.course.steps import ROOT, question_of, stems, steps_of

INTRODUCTION = """\
# {title}

The mistakes that people make, step by step: what they write, the thought behind it, and what the checks say first. Ask
before you tell: the question is the step's first hint in the notebook.
"""
HEADINGS = ("mistake", "the thought behind it", "what the learner reads first")


def cell(text):
    """Return a text as a cell of a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())


def section(step, mistakes, hints):
    """Return the part of a page that is about one step."""
    question = f"Ask: {' '.join(hints[0].split())}\n\n" if hints else ""
    rows = [HEADINGS, ["---"] * 3, *(
        (version.name.replace("_", " "), cell(version.reason), cell(f"{version.told} …")) for version in mistakes)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"## Step {step.number} · `{step.name}`\n\n{question}{table}\n"


def page(stem):
    """Return the page of a chapter (str)."""
    hints = notebooks.hints()
    mistakes = [version for version in all_versions() if version.kind == "mistakes"]
    sections = [section(step, [wrong for wrong in mistakes if wrong.step.number == step.number],
                        hints.get(step.number)) for step in steps_of(stem)]
    title = f"Chapter {int(stem[2:4])} · {question_of(stem)}"
    return "\n".join([INTRODUCTION.format(title=title), *sections])


def main():
    """Write the pages of all chapters."""
    for stem in stems():
        (ROOT / "teaching" / "mistakes" / f"{stem}.md").write_text(page(stem), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
