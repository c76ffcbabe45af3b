"""The hints for a step: they stand in the notebook of its chapter, folded beside the exercise.

How many of them a learner has been shown is kept in .workshop; where that cannot be written, each call begins with the
first.
"""
import contextlib
import json
import re

from workshop.course import notebooks
from workshop.course.project import Chapter, Project, Step
from workshop.files import replacing

SHOWN = "hints.json"  # {"2.3": how many hints of the step were shown}
HINT = re.compile(r"<details><summary>Hint (\d+) for step (\d+\.\d+)</summary>\s*(.*?)\s*</details>", re.DOTALL)


def hints_in(chapter: Chapter) -> dict[str, list[str]]:
    """Return {step number: [hint, …]}, in the order of the hints' own numbers; nothing if there is no notebook.

    Raises Trouble.
    """
    found: dict[str, dict[int, str]] = {}
    for cell in notebooks.cells_of(chapter):
        for count, number, text in HINT.findall(notebooks.text_of(cell)):
            found.setdefault(number, {})[int(count)] = text
    return {number: [texts[count] for count in sorted(texts)] for number, texts in found.items()}


def hints_for(step: Step) -> list[str]:
    """Return the hints for a step, as Markdown."""
    return hints_in(step.chapter).get(step.number, [])


def shown_before(project: Project) -> dict[str, int]:
    """Return how many hints of each step were shown; nothing where that cannot be read."""
    with contextlib.suppress(OSError, ValueError):
        shown = json.loads((project.kept / SHOWN).read_text(encoding="utf-8"))
        if isinstance(shown, dict) and all(type(count) is int and count >= 0 for count in shown.values()):
            return shown
    return {}


def remember(project: Project, shown: dict[str, int]) -> None:
    """Keep how many hints were shown, where it can be kept."""
    with contextlib.suppress(OSError):
        project.kept.mkdir(exist_ok=True)
        replacing.replace(project.kept / SHOWN, json.dumps(shown).encode())
