"""A plugin for pytest: the verdict on each step, in the closing lines and, if asked for, in a JSON file."""
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from workshop.checking.plugins.outcomes import step_number
from workshop.checking.tree import path_of, project
from workshop.checking.verdict import Verdict, Verdicts, blame
from workshop.course.borrowed_steps import is_borrowed
from workshop.course.project import order
from workshop.course.step_states import State, counts
from workshop.course.step_uses import sources_of
from workshop.machine.trouble import Trouble


class Progress:
    """The outcomes of this run's checks, by step."""

    def __init__(self) -> None:
        self.found: Verdicts = {}
        self.checks: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)  # step -> id: (outcome, text)
        self.items: dict[str, pytest.Item] = {}  # check's id -> the check
        self.skipped = 0  # checks that did not run, for whatever reason

    def note(self, report: Any) -> None:
        """Take down the report of one phase of one check."""
        item = self.items.get(report.nodeid)
        number = item and step_number(item)
        self.skipped += report.skipped
        if item and number and (report.when == "call" or not report.passed):
            outcome, text = getattr(report, "kind", report.outcome), getattr(report, "diagnosis", None)
            self.checks[number][report.nodeid] = outcome, text
            self.found.setdefault(number, Verdict(number)).add(
                outcome, text or "", getattr(report, "brief", ""), item.get_closest_marker("program") is not None)

    def verdicts(self) -> Verdicts:
        """Return the verdicts on the steps that were checked, in order."""
        folder = path_of(project().chapters[0].stem).parent
        blame(self.found, lambda: sources_of(project(), folder))
        for number, verdict in self.found.items():
            verdict.borrowed = verdict.state.passes and is_borrowed(number, project(), folder)
        return {number: self.found[number] for number in sorted(self.found, key=order)}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workshop")
    group.addoption("--only-steps", metavar="N.M,…", help="run the checks of these steps only")
    group.addoption("--strict-steps", action="store_true", help="fail if any check was skipped or not started")
    group.addoption("--steps-report", metavar="FILE", help="write the outcome of each check, by step, as JSON")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the checks of steps that were not asked for."""
    if asked := config.getoption("only_steps"):
        numbers = numbers_of(asked)
        left_out = [item for item in items if step_number(item) not in numbers]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def numbers_of(asked: str) -> list[str]:
    """Return the numbers of the steps that --only-steps asks for: steps, chapters or all, with commas between them."""
    try:
        return project().numbers_for(filter(None, map(str.strip, asked.split(","))))
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble))


def pytest_configure(config: pytest.Config) -> None:
    config.stash[KEY] = Progress()
    config.pluginmanager.register(Reporter(config.stash[KEY]), "workshop-progress")


KEY = pytest.StashKey[Progress]()


class Reporter:
    """Hands each report on to the Progress of its run."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.progress.items = {item.nodeid: item for item in items}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.progress.note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    progress = session.config.stash[KEY]
    unfinished = any(not verdict.state.passes for verdict in progress.found.values())
    strict = session.config.getoption("strict_steps") and progress.skipped
    if exitstatus == pytest.ExitCode.OK and (unfinished or strict):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if path := session.config.getoption("steps_report"):
        Path(path).write_text(json.dumps(as_json(progress), ensure_ascii=False, indent=1), encoding="utf-8")


def as_json(progress: Progress) -> dict[str, Any]:
    """Return the progress as plain dicts: {"2.3": {"state": …, "reason": …, "checks": {id: outcome}}}."""
    return {number: {"state": verdict.state, "reason": verdict.text,
                     "checks": {check: {"outcome": outcome, "text": text}
                                for check, (outcome, text) in progress.checks[number].items()}}
            for number, verdict in progress.verdicts().items()}


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    progress = config.stash[KEY]
    if not progress.found:
        return
    terminalreporter.section("steps")
    verdicts = progress.verdicts()
    for verdict in verdicts.values():
        if not verdict.state.passes:
            terminalreporter.write_line(line_of(verdict))
        for line in verdict.also:
            terminalreporter.write_line(f"    also {line}")
    if config.getoption("strict_steps") and progress.skipped:
        terminalreporter.write_line(f"{progress.skipped} checks did not run, and --strict-steps allows none")
    following = next((f"; next: {number}" for number, verdict in verdicts.items() if not verdict.state.passes), "")
    terminalreporter.write_line(f"{counts(verdict.state for verdict in verdicts.values())}{following}")


def line_of(verdict: Verdict) -> str:
    """Return the closing line of a step that does not pass."""
    heading = f"step {verdict.number} {project().steps[verdict.number].name}"
    if verdict.state == State.WRONG:
        perhaps = f", perhaps only because {verdict.because} is wrong" if verdict.because else ""
        return f"✘ wrong: {heading}, {verdict.failed} of {len(verdict.outcomes)} checks{perhaps}"
    if verdict.state == State.WAITING:
        return f"◊ waits: {heading} needs {verdict.text}"
    return f"○ not started: {verdict.text}"
