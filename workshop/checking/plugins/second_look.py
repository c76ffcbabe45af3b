"""A plugin for pytest: an exception that no check expects is told with what the learner's code has to do with it.

The check is run again, on the learner's chapters and on the reference. Where a function returns a value of another type
than the reference's, the check could not go on with that. A check that breaks with the reference too breaks by itself,
or something of Python's own is changed.
"""
import ast
import contextlib
import re
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

import pytest

from workshop.checking import tree
from workshop.checking.diagnosis import Diagnosis, without_insides
from workshop.checking.ended_processes import CHANGED
from workshop.checking.endless_loops import troubles
from workshop.checking.plugins.deadline import GUARD, Deadline
from workshop.checking.plugins.outcomes import (
    NotChecked,
    NotStarted,
    as_diagnosis,
    learner_step,
    reported_already,
    stem_of,
    step_number,
    stub_of,
    text_of,
)
from workshop.checking.tree import calls, endings, is_raised_on_purpose, learner_frames, path_of, project
from workshop.checking.type_words import Returned, article, told
from workshop.course.source import FunctionNode, nodes_of, read_source

TYPE = "The check goes on with what comes back, and so do later steps: they count on its type."
NO_FURTHER = "the check cannot go on with what your code gives it"
OTHER = "Something that your code returns, hands on or keeps is not of the type that it should be."
OWN = "This `raise` is your own, and {}: look at what leads to that line."
CALLED = "A function that is called on that line raises it, and {}: look at what that function is given."
REFUSES, OTHERWISE = "in this call there is nothing to refuse", "it is not what is wanted here"
SIGNATURE = re.compile(r"([\w.]+)\(\) (?:takes|got|missing) ")


@dataclass
class SecondLook:
    """What a check did with the reference."""

    error: BaseException | None  # what it ended with
    calls: list[str]
    endings: dict[int, Returned | str]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    try:
        return (yield)
    except (Diagnosis, NotStarted, NotChecked):
        raise
    except Exception as error:
        diagnosis = explained(item, error) if step_number(item) else None
        if diagnosis is None:
            raise
        raise diagnosis


def explained(item: pytest.Item, error: Exception) -> Diagnosis | None:
    """Return the Diagnosis for an exception that a check ended with; None if it says enough by itself."""
    if not learner_frames(error.__traceback__):
        return other_parameters(item, error) or other_value(item, error)
    if is_raised_on_purpose(error.__traceback__) and not (isinstance(error, NotImplementedError) and stub_of(error)):
        return own_raise(item, error)
    return None


# Once more.


def second_look(item: pytest.Item, reference: bool = True) -> SecondLook:
    """Run a check again, on the reference or on the learner's. What it notes is not mixed with what it noted before."""
    noted_before = calls[:], dict(endings), troubles[:]
    calls.clear()
    endings.clear()
    error: BaseException | None = None
    try:
        with reference_in_place() if reference else contextlib.nullcontext(), method_noted(item), \
                GUARD.over(Deadline(item)):
            item.runtest()
    except BaseException as raised:
        error = troubles[-1] if len(troubles) > len(noted_before[2]) else raised
    look = SecondLook(error, calls[:], dict(endings))
    calls[:], troubles[:] = noted_before[0], noted_before[2]
    endings.clear()
    endings.update(noted_before[1])
    return look


@contextlib.contextmanager
def method_noted(item: pytest.Item) -> Iterator[None]:
    """Have each call of a step's method noted during the with statement; calls of functions are noted at all times."""
    owner, _, name = tree.reference_steps(stem_of(item))[step_number(item)].name.rpartition(".")
    kind = getattr(tree.load(stem_of(item)), owner, None) if owner else None
    method = vars(kind).get(name) if isinstance(kind, type) else None
    if not isinstance(method, FunctionType):
        yield
        return
    setattr(kind, name, noted_method(method, f"{owner}.{name}"))
    try:
        yield
    finally:
        setattr(kind, name, method)


def noted_method(method: FunctionType, name: str) -> Callable[..., Any]:
    """Return a method that leaves a note of each call, without the object."""
    return lambda self, *arguments, **named: tree.noted(partial(method, self), name)(*arguments, **named)


@contextlib.contextmanager
def reference_in_place() -> Iterator[None]:
    """Have the checks find the reference's chapters during the with statement."""
    stems, texts = list(project().by_stem), dict(tree.texts)
    own = {stem: sys.modules.pop(stem) for stem in stems if stem in sys.modules}
    try:
        with tree.on_path(project().solutions):
            yield
    finally:
        for stem in stems:
            sys.modules.pop(stem, None)
        sys.modules.update(own)
        tree.texts.update(texts)
        tree.current_steps.cache_clear()  # it may know the reference's


# What is told.


def other_value(item: pytest.Item, error: Exception) -> Diagnosis:
    """Return the Diagnosis for an exception of the check itself: it names the value that is of another type."""
    said = f"{type(error).__name__}: {without_insides(text_of(error))}"
    if item.get_closest_marker("program"):
        return Diagnosis(NO_FURTHER, **{"python says": said}, why=OTHER)
    mine, look = second_look(item, reference=False), second_look(item)
    for place in sorted(mine.endings.keys() & look.endings.keys()):
        own, reference = mine.endings[place], look.endings[place]
        if isinstance(own, tuple) and isinstance(reference, tuple) and not own[0].is_like(reference[0]):
            return other_type(mine.calls[place], own, reference)
    if isinstance(look.error, Exception) and not isinstance(look.error, Diagnosis) and type(look.error) is type(error):
        return Diagnosis(f"the check itself breaks: {said}", why=CHANGED)
    return Diagnosis(NO_FURTHER, **{"python says": said}, why=OTHER)


def other_type(called: str, own: Returned, reference: Returned) -> Diagnosis:
    """Return the Diagnosis for a call that has returned a value of another type than the reference does."""
    name, (shape, _), (wanted, _) = called.partition("(")[0], own, reference
    problem = f"{name} returns {article(shape.kind)}, not {article(wanted.kind)}"
    if shape.kind is wanted.kind:
        problem = f"{name} returns {shape}, not {wanted}"
    return Diagnosis(problem, called=called, came_back=told(own), expected=told(reference), why=TYPE)


def other_parameters(item: pytest.Item, error: Exception) -> Diagnosis | None:
    """Return the Diagnosis for a call that does not fit the parameters of a learner's function; None for all else."""
    match = SIGNATURE.match(str(error)) if isinstance(error, TypeError) else None
    own, reference = ({}, {}) if not match else (
        nodes_of(read_source(path)) for path in (path_of(stem_of(item)), reference_path(item)))
    name = match[1] if match else ""
    if name not in own or name not in reference or parameters(own[name]) == parameters(reference[name]):
        return None
    return Diagnosis(f"{name} has other parameters than in the starter", came_back=parameters(own[name]),
                     expected=parameters(reference[name]), place=tree.place_of_definition(stem_of(item), name),
                     why="The checks, and later chapters, call it with the arguments that the task names.")


def reference_path(item: pytest.Item) -> Any:
    return project().by_stem[stem_of(item)].path_in(project().solutions)


def parameters(node: FunctionNode) -> str:
    """Return the names of a function's parameters and their defaults, as `(body, status='200 OK')`."""
    names = ast.parse(f"def f({ast.unparse(node.args)}): pass").body[0]
    for part in ast.walk(names):
        if isinstance(part, ast.arg):
            part.annotation = None
    return f"({ast.unparse(names.args)})"  # type: ignore[attr-defined]


def own_raise(item: pytest.Item, error: Exception) -> Diagnosis | None:
    """Return the Diagnosis for a learner's own `raise` where nothing should be raised, with what is wanted instead."""
    diagnosis = as_diagnosis(error, learner_step(item))
    if diagnosis is None or item.get_closest_marker("program"):
        return diagnosis
    place = len(calls) - 1
    look = second_look(item) if step_number(item) not in reported_already else SecondLook(None, [], {})
    ending = look.endings.get(place) if look.calls[:place + 1] == calls else None
    wanted = told(ending) if isinstance(ending, tuple) else f"raise {ending.partition(':')[0]}" if ending else None
    del diagnosis.rows["why"]
    why = CALLED if diagnosis.rows.get("raised at") else OWN
    diagnosis.rows |= {"expected": wanted, "why": why.format(REFUSES if isinstance(ending, tuple) else OTHERWISE)}
    return diagnosis
