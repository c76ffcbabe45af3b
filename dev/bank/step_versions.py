"""Other versions of the steps, put into the reference to see what the checks say of them.

A version is a function in a module of the folder `mistakes/` (wrong ones) or `answers/` (right ones); the module has
the stem of its chapter as its name. The function's name says what it does, its docstring why someone would write it
so, and its body takes the place of the step's body: it uses the parameters of the step and whatever the chapter's file
defines. A function within it is a helper of its own.

    python -m dev versions                   run all versions, show what is not as it should be, and note (in
                                             noticing_checks.json) which check is the first to notice each mistake
    python -m dev versions mistakes 2.3      what a learner reads for each mistake in a step

That a mistake is reported in no step that does not use its step, dev/tests/test_executed_steps.py proves.
"""
import argparse
import functools
import importlib
import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev import PROJECT
from dev.runner import Job, Report, reports
from dev.sandbox import Sources, reference, with_bodies
from workshop.course.project import Step
from workshop.course.source import body_of
from workshop.course.step_states import State
from workshop.course.step_uses import needed_by, sources_of
from workshop.machine.trouble import Trouble

KINDS = ("mistakes", "answers")
FOLDER = Path(__file__).parent
NOTICED = FOLDER / "noticing_checks.json"
steps = PROJECT.steps


@dataclass(frozen=True)
class Version:
    """One version of a step."""

    kind: str  # one of KINDS
    step: Step
    name: str
    reason: str
    told: str | None  # of a mistake: how the problem line of the first diagnosis begins
    body: str

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.kind} {self.step.number} {self.name}"

    @property
    def words(self) -> str:
        """Its name, as pages have it."""
        return self.name.replace("_", " ")

    def sources(self) -> Sources:
        """Return the reference with this version in it."""
        return with_bodies(reference(), self.step.path.stem, {self.step.name: self.body})

    def is_as_meant(self, report: Report) -> bool:
        """Tell whether a report says of this version what it should."""
        outcome = report.get(self.step.number, {"state": State.NOT_STARTED, "reason": ""})
        if self.kind == "answers":
            return all(passes(step) for step in [outcome, *report.values()])
        return outcome["state"] == State.WRONG and f"✘ {self.told}" in outcome["reason"]


versions: list[Version] = []


def mistake(number: str, told: str) -> Callable:
    """Note the function that follows as a mistake in the step with this number; told is what a learner reads first."""
    return lambda function: add("mistakes", number, told, function)


def answer(number: str) -> Callable:
    """Note the function that follows as a right answer for the step with this number."""
    return lambda function: add("answers", number, None, function)


def add(kind: str, number: str, told: str | None, function: Callable) -> Callable:
    """Put a function into the list of versions and return it."""
    body = body_of(text_of(function.__code__.co_filename), function.__name__)
    versions.append(Version(kind, steps[number], function.__name__, inspect.getdoc(function) or "", told, body))
    return function


@functools.lru_cache(1)
def text_of(path: str) -> str:
    """Return the text of a module of the bank."""
    return Path(path).read_text(encoding="utf-8")


def all_versions() -> list[Version]:
    """Return all versions, those of every module in the folders."""
    for kind in KINDS:
        for path in sorted((FOLDER / kind).glob("ch[0-9][0-9]_*.py")):
            importlib.import_module(f"{__package__}.{kind}.{path.stem}")
    return versions


def passes(step: dict[str, Any]) -> bool:
    """Tell whether all checks of a step pass, by what a report has of it."""
    return State(step["state"]).passes


def noticed() -> dict[str, str]:
    """Return the id of the check that was the first to notice each mistake, by its key, when last all were run."""
    return json.loads(NOTICED.read_text(encoding="utf-8")) if NOTICED.exists() else {}


def note_noticed(chosen: list[Version], done: list[Report]) -> None:
    """Write down which checks have noticed mistakes first, by the reports of versions."""
    found = {version.key: check for version, report in zip(chosen, done, strict=True)
             for check, result in report.get(version.step.number, {"checks": {}})["checks"].items()
             if result["outcome"] == "failed"}
    NOTICED.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8", newline="\n")


def job_of(version: Version) -> Job:
    """Return the Job that a version is put to, in the reference.

    For a mistake it is the checks of its step, up to the first that fails: nothing before the step can notice it
    (test_starters.py proves that no step needs a later one). For an answer it is the checks of its step, and of those
    of its chapter that use it, but for those that start a program.
    """
    if version.kind == "mistakes":
        return Job(version.sources, [version.step.number], only_first=True)
    own = version.step.number
    users = [number for number in version.step.chapter.numbers if own in {number} | used()[number]]
    return Job(version.sources, users, programs=False)


def reports_of(versions: list[Version], quick: bool = False) -> list[Report]:
    """Return the report of each version, in their order.

    Many versions are tried in one tree, which saves most of the time: answers, and in a quick run mistakes, each put to
    the one check that is known to notice it. One that is not told there as it should be is tried again, alone.
    """
    known = noticed() if quick else {}
    mistakes = gatherings([one for one in versions if one.key in known], disturb)
    answers = gatherings([one for one in versions if one.kind == "answers"], lambda one, other: one == other)
    first = reports([*(job_of_mistakes(some, known) for some in mistakes), *map(job_of_answers, answers)])
    done = {id(version): report for some, report in zip([*mistakes, *answers], first, strict=True)
            for version in some if version.is_as_meant(report)}
    alone = [version for version in versions if id(version) not in done]
    done |= zip(map(id, alone), reports([*map(job_of, alone)]), strict=True)
    return [done[id(version)] for version in versions]


def gatherings(versions: list[Version], clash: Callable[[Step, Step], bool]) -> list[list[Version]]:
    """Return lists of versions that fit into one tree: of one chapter, and no two whose steps clash."""
    gathered: dict[str, list[list[Version]]] = {}
    for version in versions:
        trees = gathered.setdefault(version.step.path.stem, [])
        fitting = (tree for tree in trees if not any(clash(version.step, other.step) for other in tree))
        tree = next(fitting, None)
        if tree is None:
            trees.append(tree := [])
        tree.append(version)
    return [tree for trees in gathered.values() for tree in trees]


def disturb(one: Step, other: Step) -> bool:
    """Tell whether a mistake in one of two steps may show in the checks of the other."""
    return one == other or one.number in used()[other.number] or other.number in used()[one.number]


@functools.cache
def used() -> dict[str, set[str]]:
    """Return the numbers of the steps that each step uses, by its number."""
    sources = sources_of(PROJECT, PROJECT.solutions)
    return {number: needed_by(number, sources) for number in steps}


def together(some: list[Version]) -> Callable[[], Sources]:
    """Return a function that returns the reference with versions in it, all of one chapter."""
    bodies = {version.step.name: version.body for version in some}
    return lambda: with_bodies(reference(), some[0].step.path.stem, bodies)


def job_of_mistakes(some: list[Version], known: dict[str, str]) -> Job:
    """Return the Job of mistakes in one tree: the check that is known to notice each, by their keys."""
    return Job(together(some), [version.step.number for version in some],
               checks=[known[version.key] for version in some])


def job_of_answers(some: list[Version]) -> Job:
    """Return the Job of answers in one tree: the checks of their chapter, but for those that start a program."""
    return Job(together(some), PROJECT.by_stem[some[0].step.path.stem].numbers, programs=False)


def refuse_failing_reference(numbers: list[str]) -> None:
    """Raise Trouble if the reference itself does not pass the checks of steps: each change in it would be noticed then.
    """
    parts = list(PROJECT.by_chapter(numbers).values())
    for part, report in zip(parts, reports([Job(reference, part) for part in parts]), strict=True):
        for number in part:
            step = report.get(number, {"state": State.WRONG, "reason": "The process of its checks has ended."})
            if not passes(step):
                raise Trouble(f"The reference itself fails at step {number} here, so nothing can be learnt of changes "
                              f"in it. Is this a machine at rest, and has {sys.executable} all that requirements.txt "
                              f"and requirements-dev.txt name?\n\n{step['reason']}")


def describe(version: Version, report: Report) -> str:
    """Return what there is to say of a version."""
    verdict = "as meant" if version.is_as_meant(report) else "NOT AS MEANT"
    wrong = [number for number, step in report.items() if not passes(step)]
    reasons = [report[number]["reason"] for number in wrong[:1 if version.kind == "mistakes" else None]]
    heading = f"--- {version.kind} {version.step.number} {version.name}: {verdict}"
    return "\n".join([f"{heading}; steps that do not pass: {', '.join(wrong) or 'none'}", *reasons, ""])


def show(chosen: list[Version], everything: bool) -> bool:
    """Run versions, and print what is not as meant, or everything; return whether all is as meant. Raises Trouble."""
    refuse_failing_reference([number for number in steps if any(number == version.step.number for version in chosen)])
    done = reports_of(chosen)
    as_meant = [version.is_as_meant(report) for version, report in zip(chosen, done, strict=True)]
    if len(chosen) == len(versions):
        note_noticed(chosen, done)
    for version, report, fine in zip(chosen, done, as_meant, strict=True):
        if everything or not fine:
            print(describe(version, report))
    print(f"{sum(as_meant)} of {len(chosen)} versions are as meant")
    return all(as_meant)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which versions may be chosen."""
    parser.add_argument("kind", nargs="?", choices=KINDS, help="show what the checks say of each version of this kind")
    parser.add_argument("steps", nargs="*", metavar="N.M", help="of these steps only")


def run(arguments: argparse.Namespace) -> int:
    """Run the versions that are asked for; return 0 if all are as they should be. Raises Trouble."""
    chosen = [version for version in all_versions() if arguments.kind in (None, version.kind)
              and (not arguments.steps or version.step.number in arguments.steps)]
    return 0 if show(chosen, everything=arguments.kind is not None) else 1
