"""A plugin for pytest: what becomes of a check. It is passed, failed with a diagnosis, or not started.

A check belongs to a step. While the step's function is the starter's, the check is "not started" and is not run. A
check that meets a stub of another step is "not started" too, and says which step it waits for. When a chapter's file
cannot be imported at all, its first check reports that, and the others are "not checked".
"""
import ast
import functools
import gc
import re
import sys
import textwrap
from collections.abc import Generator
from typing import Any

import pytest

from workshop.checking import tree
from workshop.checking.diagnosis import (
    COLUMNS,
    INDENT,
    NOTHING_OUT,
    Diagnosis,
    first_and_last_lines,
    fitting,
    without_addresses,
    without_insides,
)
from workshop.checking.endless_loops import troubles
from workshop.checking.raise_and_yield import raised_again_at, returns_in_finally_at, yields_at
from workshop.checking.tracebacks import own_frames
from workshop.checking.tree import (
    STUB,
    Broken,
    Unreadable,
    calls,
    current_steps,
    deepest_place,
    endings,
    learner_frames,
    path_of,
    project,
    raised_as,
    relative,
    safe_text,
    stubs_met,
)
from workshop.checking.type_words import NOTHING
from workshop.course.project import Step, order
from workshop.course.source import nodes_of
from workshop.machine.invocation import command, for_shell, python_as_typed

WORDS = {  # outcome: category in pytest's closing line, letter, word
    "failed": ("failed", "F", "FAILED"),
    "also wrong": ("also wrong", "F", "FAILED"),
    "not started": ("not started", "○", ("NOT STARTED", {"yellow": True})),
    "not checked": ("not checked", "-", ("NOT CHECKED", {"yellow": True})),
}
SENTENCES = (  # exceptions whose names explain little at first: what the problem is, and why it matters
    (SystemExit, "your code ends the program (SystemExit)", "A server keeps running, whatever one client sends."),
    (MemoryError, "your code asks for more memory than a check may have",
     "A server has many clients: what one of them sends must not fill the memory of all."),
    (RecursionError, "your code calls itself without end (RecursionError)",
     "Look at the function on that line: what would make it return, and does that ever happen?"),
    (EOFError, "your code waits for the keyboard (EOFError)",
     "A server has no keyboard: what it needs comes from its arguments and its connection."),
)
NAMES = ("begin_file", "body_length", "build_scope", "exc_info", "handle_request", "hang_up", "head_once", "MAX_HEAD",
         "page_head", "parse_chunk_size", "parse_field", "raw_path", "receive_more", "serve_client", "SO_REUSEADDR",
         "start_response", "take_line")
# What the name of a check cannot spell, and how the sentence made from it has it.
SPELT = {" s ": "'s ", "script name": "SCRIPT_NAME", "path info": "PATH_INFO", "what error page": "what error_page",
         "answer with has": "answer_with has", "of environ of": "of environ_of",
         "what next request": "what next_request", "what is kept tells": "what is_kept tells",
         **{name.replace("_", " "): name for name in NAMES}}
WHYS = {  # of other exceptions, by their names
    "UnboundLocalError": "A name that is assigned to in a function is the function's own, and on that line it has no "
                         "value yet. If another one is meant: `self.` names one of the object; `nonlocal` in an inner "
                         "function, that of the function around it (or keep the value in a list, and change that).",
}
NO_ERROR = "Nothing should be raised here: look at what your code does on that line."
# Of this run: what was reported once. Of a step, how its failed checks have ended; files that cannot be imported.
reported_already: dict[str, set[str]] = {}
broken_files: set[str] = set()
ACCESS_LOG = re.compile(r'\S+ - - \[[^]]*\] ".*" (\d{3}|-) (\d+|-) \d+\.\d{3}\n')  # of step 4.12
PRINTED = {"Captured stdout call": "printed by your code", "Captured stderr call": "printed by your code on stderr"}


class NotStarted(pytest.skip.Exception):  # type: ignore[name-defined,misc,unused-ignore]
    """The step of a check, or one that it needs, is not written yet.

    It is one of pytest's own, for which pytest draws no traceback, which takes longer than most checks.
    """


class NotChecked(Exception):
    """A check that is not worth running: the text says why."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workshop")
    group.addoption("--run-starters", action="store_true",
                    help="run checks whose step is not started too, to see them fail")


def step_number(item: pytest.Item) -> str:
    """Return the number of the step that a check belongs to, "" if it belongs to none."""
    marker = item.get_closest_marker("step")
    return marker.args[0] if marker else ""


def stem_of(item: pytest.Item) -> str:
    """Return the stem of the chapter that a check belongs to: that of the folder that its file is in."""
    return item.path.parent.name


def learner_step(item: pytest.Item) -> Step | None:
    """Return the Step of a check as the learner's file has it, or None where the file or the step cannot be found."""
    return current_steps(stem_of(item)).get(step_number(item))


def sentence(step: Step) -> str:
    """Return how a step that is not started is reported: `step 2.3 parse_fields, chapters/ch02_request.py:41`."""
    return f"step {step.number} {step.name}, {step.place}"


def not_started(number: str) -> NotStarted:
    """Return what to raise where a check meets a step, by its number, that is not written."""
    step = current_steps(project().chapter_of(number).stem).get(number)
    return NotStarted(sentence(step) if step else f"step {number}")


def pytest_sessionstart() -> None:
    reported_already.clear()
    broken_files.clear()
    tree.forget()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse checks that belong to no step, for nobody would read of them; sort the others by their steps' numbers."""
    for item in items:
        if re.match(r"ch\d\d_", stem_of(item)) and step_number(item) not in tree.reference_steps(stem_of(item)):
            raise pytest.UsageError(f"{item.nodeid} needs a mark with a step of its chapter: pytest.mark.step('2.3')")
    elsewhere = [item for item in items if does_not_apply(item)]
    items[:] = sorted((item for item in items if item not in elsewhere),
                      key=lambda item: order(step_number(item) or "0"))
    if elsewhere:
        elsewhere[0].config.hook.pytest_deselected(items=elsewhere)


def pytest_collection_finish() -> None:
    """Leave what is there by now out of all later searches for garbage: some checks search again and again."""
    gc.collect()
    gc.freeze()


def does_not_apply(item: pytest.Item) -> bool:
    """Tell whether a check of a step says itself, by skipif, that this system lacks what it is about.

    Such a check is left out before anything is judged: one that is skipped would count as not passed.
    """
    return step_number(item) != "" and any(any(mark.args) for mark in item.iter_markers("skipif"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    calls.clear()
    endings.clear()
    stubs_met.clear()
    troubles.clear()
    step = learner_step(item)
    if step and not step.started and not item.config.getoption("run_starters"):
        raise NotStarted(sentence(step))
    if item.get_closest_marker("program"):
        tree.load(stem_of(item))  # a file that cannot be imported is reported as that, not as a program that ended


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    try:
        result = yield
    except BaseException:
        if troubles:
            raise troubles[0] from None
        raise
    if troubles:
        raise troubles[0]
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
    if not (step_number(item) and call.excinfo):
        return (yield)
    error = underlying(call.excinfo.value)
    outcome, text = judge(item, error)
    if text:  # instead of a traceback, which would take pytest longer to draw than the check to run
        setattr(item, "repr_failure", lambda excinfo: text)  # noqa: B010
    report = yield
    report.diagnosis = text
    if outcome == "failed":
        report.longrepr = text or report.longrepr
        report.sections = printed(report.sections)
        report.kind, report.brief = kind_and_brief(item, error)
    else:
        report.outcome, report.kind, report.longrepr = "skipped", outcome, (str(item.path), 0, text)
    return report


def underlying(error: BaseException) -> BaseException:
    """Return the Broken that an exception was made of, for it is no fault of the step; else the exception."""
    inner: BaseException | None = error
    while inner and not isinstance(inner, Broken):
        inner = inner.__context__
    return inner or error


def kind_and_brief(item: pytest.Item, error: BaseException) -> tuple[str, str]:
    """Return the kind of a failed check, and what is said of it in a line: nothing if others have ended as it does.

    The first one of its step in this run is reported in full.
    """
    number, likeness = step_number(item), likenesses(item, error)
    is_first, known = number not in reported_already, reported_already.setdefault(number, set())
    brief = "" if known & likeness else f"{title(item)}: {problem_of(error)}"
    known |= likeness
    return "failed" if is_first else "also wrong", brief


def likenesses(item: pytest.Item, error: BaseException) -> set[str]:
    """Return texts for how a check has ended. It ended as another one did if they have one of these in common.

    They are the problem, the exception that the learner's code has raised, and that its function has returned None.
    """
    found = {problem_of(error)}
    inner = error.__context__ if isinstance(error, Diagnosis) else error
    if inner and learner_frames(inner.__traceback__):
        found.add(raised_as(inner))
    ending = endings.get(len(calls) - 1)
    if isinstance(ending, str):
        found.add(ending)
    if ending == NOTHING and gives_something(item):
        found.add("None")
    return found


def gives_something(item: pytest.Item) -> bool:
    """Tell whether the reference's function of a check's step returns a value, by its annotation."""
    step = tree.reference_steps(stem_of(item))[step_number(item)]
    annotation = nodes_of(step.chapter.reference)[step.name].returns
    return annotation is not None and ast.unparse(annotation) != "None"


def printed(sections: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what a check has printed, (title, text) pairs, as it is shown. The access log alone is no news."""
    return [(PRINTED.get(title, title), first_and_last_lines(text)) for title, text in sections
            if ACCESS_LOG.sub("", text)]


def judge(item: pytest.Item, error: BaseException) -> tuple[str, str | None]:
    """Return (outcome, text) of an exception that a check ended with. text is None where pytest should tell."""
    if isinstance(error, NotStarted):
        return "not started", str(error)
    if stub := stub_met(error):
        return "not started", sentence(stub)
    if isinstance(error, NotChecked):
        return "not checked", str(error)
    if isinstance(error, Broken) and error.problem in broken_files:
        return "not checked", error.problem
    if isinstance(error, Broken):
        broken_files.add(error.problem)
    diagnosis = as_diagnosis(error, learner_step(item))
    return "failed", report_text(item, diagnosis) if diagnosis else None


def stub_met(error: BaseException) -> Step | None:
    """Return the first Step whose stub a check that ended with error has called, or None.

    What a stub raises may have been caught by the learner's code, and error is what came of it.
    """
    noted = [current_steps(project().chapter_of(number).stem).get(number) for number in stubs_met]
    steps = [*noted, stub_of(error) if isinstance(error, NotImplementedError) else None]
    return next((step for step in steps if step and not step.started), None)


def stub_of(error: BaseException) -> Step | None:
    """Return the Step whose stub raised NotImplementedError, or None if none did."""
    match = STUB.match(str(error))
    frames = tree.learner_frames(error.__traceback__)
    return current_steps(frames[-1][0].stem).get(match[1]) if match and frames else None


def as_diagnosis(error: BaseException, step: Step | None = None) -> Diagnosis | None:
    """Return the Diagnosis for whatever a check of a step ended with; None if that isn't of the learner's code."""
    place, deepest = deepest_place(error.__traceback__, step), deepest_place(error.__traceback__)
    if isinstance(error, Diagnosis):
        return error
    if not place:
        return None
    if isinstance(error, NotImplementedError) and stub_of(error):
        return Diagnosis("the starter's `raise NotImplementedError` is still there", place=deepest,
                         why="You have begun this step, and your code arrives at that line: take it out.")
    for kind, problem, why in SENTENCES:
        if isinstance(error, kind):
            return Diagnosis(problem, place=place, why=why)
    name, text = type(error).__name__, text_of(error)
    raised_at = deepest if deepest != place else None
    return Diagnosis(f"your code raises {name}" + (f": {text}" if text else ""), place=place, raised_at=raised_at,
                     why=WHYS.get(name, NO_ERROR))


def text_of(error: BaseException) -> str:
    """Return the text of an exception, without insides of the checks."""
    return without_insides(safe_text(error))


def to_be_typed(line: str) -> str:
    """Return a command of a diagnosis as it works in the learner's shell: `python` is that of the checks, if it can be
    named.
    """
    python = python_as_typed(sys.executable, tree.project().root)
    return for_shell(re.sub(r"^python (?=chapters/|-m )", lambda _: f"{python} ", line))


def report_text(item: pytest.Item, error: Diagnosis) -> str:
    """Return the text of a Diagnosis as the learner reads it."""
    number = step_number(item)
    step = learner_step(item) or tree.reference_steps(stem_of(item))[number]
    rows = fitting({"called": calls[-1] if calls else None, **error.rows})
    rows |= places(item, step, error, rows.pop("place", None))
    tried = rows.get("try it")
    rows |= {"try it": to_be_typed(str(tried)) if tried and can_be_tried(item) else None}
    rows |= {"hint": command("hint", number)}
    name = tree.reference_steps(stem_of(item))[number].name
    heading = f"step {number} {name}: {title(item)}"
    if isinstance(error, Unreadable):
        heading, rows["hint"] = f"{stem_of(item)}: none of its steps can be checked", None
    lines = [textwrap.fill(text, COLUMNS, subsequent_indent="  ", break_on_hyphens=False)
             for text in (heading, f"✘ {without_insides(error.problem)}")] + [""]
    lines += [row(name, own_frames(str(value))) for name, value in rows.items() if value is not None]
    return "\n".join(lines)


def places(item: pytest.Item, step: Step, error: Diagnosis, known: str | None) -> dict[str, str | None]:
    """Return the rows of a Diagnosis that lead to the learner's code; known is the place that the check has told."""
    rows: dict[str, str | None] = {"your code": known or f"{place_of(step, item)}  {step.name}"}
    if isinstance(error, Broken):
        return rows
    if known and error.__context__:  # a check did not know the step
        rows["your code"] = deepest_place(error.__context__.__traceback__, learner_step(item)) or known
        rows["let out at"] = raised_again_at(error.__context__, learner_step(item))
    if error.rows.get("came out") == NOTHING_OUT:
        rows["finally"] = returns_in_finally_at(step)
    return rows | {"yield": yields_at(step, tree.reference_steps(stem_of(item))[step.number])}


def can_be_tried(item: pytest.Item) -> bool:
    """Tell whether the chapter's program can start: it needs all steps up to the chapter's last."""
    chapter = project().by_stem.get(stem_of(item))
    return chapter is not None and all(step.started for needed in [*chapter.earlier, chapter]
                                       for step in current_steps(needed.stem).values())


def problem_of(error: BaseException) -> str:
    """Return what an exception says to a learner, in a line."""
    diagnosis = as_diagnosis(error)
    return without_insides(diagnosis.problem if diagnosis else repr(error))


def row(name: str, text: str) -> str:
    """Return one row of a diagnosis: prose is wrapped, values are not, and addresses in memory tell nobody anything."""
    text = without_addresses(text)
    if name == "why":
        text = textwrap.fill(text, min(90, COLUMNS - INDENT), break_on_hyphens=False)
    return f"  {name:<10} " + text.replace("\n", "\n" + " " * INDENT)


def place_of(step: Step, item: pytest.Item) -> str:
    """Return where the learner's version of a step stands, as far as the file can be read."""
    if learner_step(item):
        return step.place
    try:
        return relative(path_of(stem_of(item)))
    except Diagnosis:  # there is no such file
        return f"chapters/{stem_of(item)}.py"


def claim(item: pytest.Item) -> str:
    """Return what a check claims, as a sentence made from its name."""
    words = item.name.removeprefix("test_").partition("[")
    return words[0].replace("_", " ") + (f" [{words[2]}" if words[2] else "")


def title(item: pytest.Item) -> str:
    """Return what a check claims as people write it, with the names that its own name cannot spell."""
    return spelt(claim(item))


def spelt(sentence: str) -> str:
    """Return a sentence that was made from a name, with the names in it as code has them."""
    return functools.reduce(lambda text, spoken: text.replace(spoken, SPELT[spoken]), SPELT, sentence)


def pytest_report_teststatus(report: Any) -> Any:
    return WORDS.get(getattr(report, "kind", ""))
