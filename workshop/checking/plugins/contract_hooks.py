"""A plugin for the contract: the learner's servers and the references, the steps that keep a clause, the chapters'
applications and middleware. pyproject.toml names it.
"""
import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workshop.checking.plugins.outcomes import NotStarted, sentence
from workshop.checking.programs import running
from workshop.checking.serving import serving
from workshop.checking.tree import LearnersChapter, current_steps, path_of, project
from workshop.course.clause_steps import steps_that_keep
from workshop.course.project import Step
from workshop.machine.invocation import command
from workshop.machine.servers import ASGI_SERVERS, FOR_ONE, SERVERS, YOURS
from workshop.terminal.marks import MARKS
from wsgi_contract.problem import NotWritten
from wsgi_contract.real_servers import ServerProgram
from wsgi_contract.server_starts import LOAD
from wsgi_contract.subjects import BROKEN, Requests, Subject
from wsgi_contract.under_test import OwnServer, Started

EARLIER = LOAD + """
from ch01_socket import refuse_unwritten, run
from ch03_environ import make_handle
refuse_unwritten(make_handle)
run(make_handle(application), ("127.0.0.1", 0))
"""  # the server of chapter 3
CHAPTER_3, CHAPTER_5 = LearnersChapter("ch03_environ"), LearnersChapter("ch05_middleware")


# The servers.


def pytest_contract_default_server() -> str:
    """The learner's own server is checked."""
    return "yours"


def pytest_contract_servers() -> dict[str, OwnServer]:
    """Return the learner's servers and the references."""
    starts: dict[str, Callable[[str, Path], contextlib.AbstractContextManager[Started]]] = {
        "yours": yours,
        "reference": functools.partial(started, "reference"),
        "yours-6": functools.partial(yours_or_none, "yours-6"),
        "reference-6": functools.partial(started, "reference-6"),
        "yours-7": functools.partial(yours_or_none, "yours-7"),
        "reference-7": functools.partial(started, "reference-7"),
    }
    return {name: OwnServer(SERVERS[name].title, start) for name, start in starts.items()}


def pytest_contract_default_asgi_server() -> str:
    """The learner's server of chapter 7 is checked."""
    return "yours-7"


def pytest_contract_asgi_servers() -> dict[str, OwnServer]:
    """Return the learner's server of ASGI and the reference."""
    starts = {"yours-7": yours_or_none, "reference-7": started}
    return {name: OwnServer(ASGI_SERVERS[name].title, functools.partial(start, name, servers=ASGI_SERVERS))
            for name, start in starts.items()}


@contextlib.contextmanager
def started(name: str, application: str, folder: Path, servers: Mapping[str, ServerProgram] = SERVERS,
            ) -> Iterator[Started]:
    """Run one of the servers, the learner's or the reference's. Raises NotStarted."""
    with serving(name, application, path_of(FOR_ONE).parent, path=[str(folder)], servers=servers) as program:
        yield Started(program, program.port())


@contextlib.contextmanager
def yours_or_none(name: str, application: str, folder: Path, servers: Mapping[str, ServerProgram] = SERVERS,
                  ) -> Iterator[Started]:
    """Run a server of the learner's. Raises NotWritten."""
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(started(name, application, folder, servers))
        except NotStarted as missing:
            raise NotWritten(str(missing)) from None
        yield found


@contextlib.contextmanager
def yours(application: str, folder: Path) -> Iterator[Started]:
    """Run the learner's server: chapter 4's, or chapter 3's as long as a step of chapter 4 is missing."""
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(started("yours", application, folder))
        except NotStarted as missing:
            found = stack.enter_context(of_chapter_3(application, folder, missing))
        yield found


@contextlib.contextmanager
def of_chapter_3(application: str, folder: Path, missing: NotStarted) -> Iterator[Started]:
    """Run the learner's server of chapter 3; missing says what chapter 4 lacks. Raises NotWritten."""
    path = os.pathsep.join([str(folder), str(path_of(FOR_ONE).parent)])
    with running([sys.executable, "-c", EARLIER, application], PYTHONPATH=path) as program:
        try:
            port = program.port()
        except NotStarted as error:
            raise NotWritten(str(error)) from None
        yield Started(program, port, f"This is your server of chapter 3. Not started in chapter 4: {missing}")


# The steps.


def pytest_contract_rows(server: str, clauses: tuple[int, ...]) -> dict[str, str]:
    """Return the steps that keep clauses, and how to see a hint for the first."""
    steps = {step.number: step.name for number in clauses for step in steps_to_do(number, server)}
    if not steps:
        return {}
    names = ", ".join(f"{number} {name}" for number, name in steps.items())
    return {"steps": f"{names}; {command('hint', next(iter(steps)))}"}


def pytest_contract_next(server: str, clause: int) -> list[str]:
    """Return the steps that keep a clause, those that are not started with their mark."""
    steps = steps_to_do(clause, server)
    return [f"{'' if step.started else MARKS['not started'] + ' '}{sentence(step)}" for step in steps]


def steps_to_do(number: int, server: str) -> list[Step]:
    """Return the steps that keep a clause, as the learner's files have them: those that are not started, if any.

    They are those of the chapters that a server is made of; none if it is not the learner's.
    """
    if server not in YOURS:
        return []
    last = project().by_stem[YOURS[server]]
    stems = {chapter.stem for chapter in [*last.used, last]}
    steps = [current_steps(step.chapter.stem).get(step.number, step) for step in steps_that_keep(project(), number)
             if step.chapter.stem in stems]
    return [step for step in steps if not step.started] or steps


# Applications and middleware.


def of_steps(make: Callable[..., Any], *numbers: str, requests: Requests = MappingProxyType({})) -> Subject:
    """Return the Subject of what some steps make, all of one chapter."""
    def missing() -> str | None:
        steps = current_steps(project().step(numbers[0]).chapter.stem)
        unwritten = [steps[number] for number in numbers if number in steps and not steps[number].started]
        return f"not started: step {unwritten[0].number} {unwritten[0].name}" if unwritten else None

    return Subject(make, requests, missing)


SUBJECTS = {
    "application": {
        "ch03 function_app": of_steps(lambda: CHAPTER_3.function_app, "3.4"),
        "ch03 generator_app": of_steps(lambda: CHAPTER_3.generator_app, "3.5"),
        "ch03 Site.page": of_steps(lambda: CHAPTER_3.Site().page, "3.6"),
        "ch03 PageClass": of_steps(lambda: CHAPTER_3.PageClass, "3.7"),
        "ch03 Greeting": of_steps(lambda: CHAPTER_3.Greeting([b"hello, ", b"world\n"]), "3.8"),
        "ch05 application": of_steps(lambda: CHAPTER_5.build_application(),
                                     *(f"5.{count}" for count in range(1, 11)), requests=BROKEN),
    },
    "middleware": {
        "ch05 AddHeader": of_steps(lambda app: CHAPTER_5.AddHeader(app, "X-Added", "yes"), "5.1"),
        "ch05 ReplaceText": of_steps(lambda app: CHAPTER_5.ReplaceText(app, b"$", b"euro"), "5.2", "5.3", "5.4"),
        "ch05 ErrorPage": of_steps(lambda app: CHAPTER_5.ErrorPage(app), "5.2", "5.5", "5.6"),
        "ch05 DispatcherMiddleware": of_steps(lambda app: CHAPTER_5.DispatcherMiddleware(app, {"/elsewhere": app}),
                                              "5.7", "5.8"),
    },
}  # by their kind


def pytest_contract_subjects(kind: str) -> dict[str, Subject]:
    """Return the chapters' applications or middleware."""
    return SUBJECTS[kind]
