"""Pages for the teacher, in teaching/mistakes: the mistakes by step, what learners read, and what to ask them."""
from pathlib import Path

from dev import PROJECT
from dev.bank.step_versions import Version, all_versions
from workshop.course.notebook_hints import hints_in
from workshop.course.project import Chapter, Step

INTRODUCTION = """\
# {title}

The mistakes that people make, step by step: what they write, the thought behind it, and what the checks say first. Ask
before you tell: the question is the step's first hint in the notebook.
"""
HEADINGS = ("mistake", "the thought behind it", "what the learner reads first")


def files() -> dict[Path, str]:
    """Return the pages of all chapters."""
    folder = PROJECT.root / "teaching" / "mistakes"
    return {folder / f"{chapter.stem}.md": page(chapter) for chapter in PROJECT.chapters}


def page(chapter: Chapter) -> str:
    """Return the page of a chapter."""
    hints = hints_in(chapter)
    mistakes = [version for version in all_versions() if version.kind == "mistakes"]
    sections = [section(step, [wrong for wrong in mistakes if wrong.step.number == step.number],
                        hints.get(step.number, [])) for step in chapter.steps]
    title = f"Chapter {chapter.number} · {chapter.question}"
    return "\n".join([INTRODUCTION.format(title=title), *sections])


def section(step: Step, mistakes: list[Version], hints: list[str]) -> str:
    """Return the part of a page that is about one step."""
    question = f"Ask: {' '.join(hints[0].split())}\n\n" if hints else ""
    rows = [HEADINGS, ["---"] * 3, *(
        (version.words, cell(version.reason), cell(f"{version.told} …")) for version in mistakes)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"## Step {step.number} · `{step.name}`\n\n{question}{table}\n"


def cell(text: str) -> str:
    """Return a text as a cell of a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())
