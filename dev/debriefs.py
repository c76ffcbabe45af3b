"""What a teacher says when a step is solved, and the mistakes that a room makes most, each with a question to ask.

It is written by hand, once for each step of the short roads, in teaching/debriefs.ini; the run-sheets and the slides
show it. The mistakes are those of the bank, by their names.
"""
import configparser
from dataclasses import dataclass
from functools import cache

from dev import PROJECT
from dev.bank.versions import Version, all_versions
from workshop.machine.trouble import Trouble

PATH = PROJECT.root / "teaching" / "debriefs.ini"
SAY = "say"  # the key of what is said; the others are names of mistakes


@dataclass(frozen=True)
class Debrief:
    """What a teacher needs for one step."""

    say: str
    questions: dict[str, str]  # what to ask, by the name of a mistake
    mistakes: list[Version]  # the same mistakes, in the same order


@cache
def debriefs() -> dict[str, Debrief]:
    """Return all debriefs by the numbers of their steps. Raises Trouble for a mistake that the bank does not have."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=(";",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names keep their capitals
    parser.read_string(PATH.read_text(encoding="utf-8"))
    return {number: debrief_of(number, parser[number]) for number in parser.sections()}


def debrief_of(number: str, section: configparser.SectionProxy) -> Debrief:
    """Return the debrief of a step. Raises Trouble."""
    texts = {name: " ".join(text.split()) for name, text in section.items()}
    known = {version.name.replace("_", " "): version for version in all_versions()
             if version.kind == "mistakes" and version.step.number == number}
    questions = {name: text for name, text in texts.items() if name != SAY}
    if others := questions.keys() - known.keys():
        raise Trouble(f"{PROJECT.relative(PATH)}: the bank has no mistake {min(others)!r} in step {number}.")
    return Debrief(texts[SAY], questions, [known[name] for name in questions])
