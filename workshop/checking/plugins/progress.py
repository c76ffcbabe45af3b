"""A plugin for pytest: what has become of each step, told in the closing lines and, if asked for, in a JSON file."""
import json
from collections import defaultdict
from pathlib import Path

import pytest

from workshop.checking.plugins.outcomes import stem_of, step_number
from workshop.checking.tree import path_of
from workshop.checking.verdict import counts, state_of
from workshop.course.steps import all_steps, order
from workshop.course.uses import because, sources_of

OTHERS = 5  # lines for what else is wrong with a step


class Progress:
    """The outcomes of this run's checks, by step."""

    def __init__(self):
        self.outcomes = defaultdict(dict)  # step number -> {check's id: (outcome, text)}
        self.others = defaultdict(list)  # step number -> what else is wrong with it, in a line each
        self.items = {}  # check's id -> the check
        self.skipped = 0  # checks that did not run, for whatever reason

    def note(self, report):
        """Take down the report of one phase of one check."""
        number = self.number_of(report.nodeid)
        if report.skipped:
            self.skipped += 1
        if number and (report.when == "call" or not report.passed):
            outcome = getattr(report, "kind", report.outcome)
            self.outcomes[number][report.nodeid] = outcome, getattr(report, "diagnosis", None)
            if outcome == "also wrong":
                self.others[number].append(report.brief)

    def number_of(self, check):
        """Return the number of the step that a check, by its id, belongs to, or None."""
        return step_number(self.items[check]) if check in self.items else None

    def because(self, number):
        """Return the number of the first wrong step that may be all that is wrong with this one, or ""."""
        states = self.states()
        wrong = [self.items[check] for check, (outcome, _) in self.outcomes[number].items() if outcome != "passed"]
        only_programs = all(item.get_closest_marker("program") for item in wrong)
        sources = sources_of(path_of(stem_of(wrong[0])).parent)
        return because(number, [other for other in states if states[other] == "wrong"], sources, only_programs)

    def state(self, number):
        """Return what a step is: "wrong" if a check failed, "done" if all of them passed, else "not started"."""
        return state_of([outcome for outcome, _ in self.outcomes[number].values()])

    def states(self):
        """Return {step number: state} of the steps that were checked, in order."""
        return {number: self.state(number) for number in sorted(self.outcomes, key=order)}

    def reason(self, number):
        """Return the first text that a check of this step left: where it is not started, or what is wrong."""
        return next((text for _, text in self.outcomes[number].values() if text), "")


def pytest_addoption(parser):
    group = parser.getgroup("workshop")
    group.addoption("--only-steps", metavar="N.M,…", help="run the checks of these steps only")
    group.addoption("--strict-steps", action="store_true", help="fail if any check was skipped or not started")
    group.addoption("--steps-report", metavar="FILE", help="write the outcome of each check, by step, as JSON")


def pytest_collection_modifyitems(config, items):
    """Leave out the checks of steps that were not asked for."""
    if asked := config.getoption("only_steps"):
        left_out = [item for item in items if step_number(item) not in asked.split(",")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_configure(config):
    config.stash[KEY] = Progress()
    config.pluginmanager.register(Listener(config.stash[KEY]), "workshop-progress")


KEY = pytest.StashKey()


class Listener:
    """Hands each report on to the Progress of its run."""

    def __init__(self, progress):
        self.progress = progress

    def pytest_collection_modifyitems(self, items):
        self.progress.items = {item.nodeid: item for item in items}

    def pytest_runtest_logreport(self, report):
        self.progress.note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    progress = session.config.stash[KEY]
    unfinished = "not started" in progress.states().values()
    strict = session.config.getoption("strict_steps") and progress.skipped
    if exitstatus == pytest.ExitCode.OK and (unfinished or strict):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if path := session.config.getoption("steps_report"):
        Path(path).write_text(json.dumps(as_json(progress), ensure_ascii=False, indent=1), encoding="utf-8")


def as_json(progress):
    """Return the progress as plain dicts: {"2.3": {"state": …, "reason": …, "checks": {id: outcome}}}."""
    return {number: {"state": state, "reason": progress.reason(number),
                     "checks": {check: {"outcome": outcome, "text": text}
                                for check, (outcome, text) in progress.outcomes[number].items()}}
            for number, state in progress.states().items()}


def pytest_terminal_summary(terminalreporter, config):
    progress = config.stash[KEY]
    states = progress.states()
    if not states:
        return
    terminalreporter.section("steps")
    for number, state in states.items():
        if state != "done":
            terminalreporter.write_line(line_of(progress, number, state))
        for line in shortened(progress.others[number]):
            terminalreporter.write_line(f"    also {line}")
    if config.getoption("strict_steps") and progress.skipped:
        terminalreporter.write_line(f"{progress.skipped} checks did not run, and --strict-steps allows none")
    next_one = next((f"; next: {number}" for number, state in states.items() if state != "done"), "")
    terminalreporter.write_line(f"{counts(states.values())} of {len(states)} steps{next_one}")


def shortened(lines):
    """Return the first lines, and how many more there are."""
    more = len(lines) - OTHERS
    return lines[:OTHERS] + ([f"{more} more"] if more > 0 else [])


def line_of(progress, number, state):
    """Return the closing line of a step that is not done."""
    step = all_steps()[number]
    if state == "wrong":
        failed = sum(outcome != "passed" for outcome, _ in progress.outcomes[number].values())
        perhaps = f", perhaps only because {other} is wrong" if (other := progress.because(number)) else ""
        return f"✘ wrong: step {number} {step.name}, {failed} of {len(progress.outcomes[number])} checks{perhaps}"
    reason = progress.reason(number)
    own = reason.startswith(f"step {number} ")
    return f"○ not started: {reason}" if own else f"○ waits: step {number} {step.name} needs {reason}"
