"""Pages for the teacher, in teaching/mistakes: the mistakes by step, what learners read, and what to ask them."""
from pathlib import Path

from dev.bank.versions import Version, all_versions
from workshop.course import notebooks
from workshop.course.steps import ROOT, Step, question_of, stems, steps_of

INTRODUCTION = """\
# {title}

The mistakes that people make, step by step: what they write, the thought behind it, and what the checks say first. Ask
before you tell: the question is the step's first hint in the notebook.
"""
HEADINGS = ("mistake", "the thought behind it", "what the learner reads first")


def files() -> dict[Path, str]:
    """Return the pages of all chapters."""
    return {ROOT / "teaching" / "mistakes" / f"{stem}.md": page(number, stem) for number, stem in enumerate(stems(), 1)}


def page(number: int, stem: str) -> str:
    """Return the page of a chapter."""
    hints = notebooks.hints()
    mistakes = [version for version in all_versions() if version.kind == "mistakes"]
    sections = [section(step, [wrong for wrong in mistakes if wrong.step.number == step.number],
                        hints.get(step.number, [])) for step in steps_of(stem)]
    title = f"Chapter {number} · {question_of(stem)}"
    return "\n".join([INTRODUCTION.format(title=title), *sections])


def section(step: Step, mistakes: list[Version], hints: list[str]) -> str:
    """Return the part of a page that is about one step."""
    question = f"Ask: {' '.join(hints[0].split())}\n\n" if hints else ""
    rows = [HEADINGS, ["---"] * 3, *(
        (version.name.replace("_", " "), cell(version.reason), cell(f"{version.told} …")) for version in mistakes)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"## Step {step.number} · `{step.name}`\n\n{question}{table}\n"


def cell(text: str) -> str:
    """Return a text as a cell of a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())
