"""What a teacher says when a step is solved, and the mistakes that a room makes most, each with a question to ask.

It is written by hand, once for each step of the short roads, in teaching/debriefs.ini; the run-sheets and the slides
show it. The mistakes are those of the bank, by their names.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dev import PROJECT
from dev.bank.step_versions import Version, all_versions
from dev.ini_files import sections_in
from workshop.course.project import Step
from workshop.machine.trouble import Trouble

PATH = PROJECT.root / "teaching" / "debriefs.ini"
SAY = "say"  # the key of what is said; the others are names of mistakes


@dataclass(frozen=True)
class Debrief:
    """What a teacher needs for one step."""

    say: str
    mistakes: tuple[tuple[Version, str], ...]  # each with what to ask


def debrief(step: Step) -> Debrief:
    """Return the debrief of a step. Raises Trouble if it has none."""
    if step.number not in debriefs():
        raise Trouble(f"{PROJECT.relative(PATH)} has no section [{step.number}], which a road writes.")
    return debriefs()[step.number]


@cache
def debriefs() -> dict[str, Debrief]:
    """Return all debriefs by the numbers of their steps. Raises Trouble if they cannot be read."""
    return {number: debrief_of(number, section) for number, section in sections_in(PATH).items()}


def debrief_of(number: str, section: Mapping[str, str]) -> Debrief:
    """Return the debrief that a section holds. Raises Trouble if it says nothing, or names what is not in the bank."""
    texts = {name: " ".join(text.split()) for name, text in section.items()}
    if SAY not in texts:
        raise Trouble(f"{PROJECT.relative(PATH)}: the section [{number}] has no {SAY}.")
    known = {version.words: version for version in all_versions()
             if version.kind == "mistakes" and version.step.number == number}
    say = texts.pop(SAY)
    if others := texts.keys() - known.keys():
        raise Trouble(f"{PROJECT.relative(PATH)}: the bank has no mistake {min(others)!r} in step {number}.")
    return Debrief(say, tuple((known[name], question) for name, question in texts.items()))
