"""What becomes of the report that pytest makes of a check: it says what is new, and nothing else."""
from typing import Any

import pytest

from wsgi_contract.check_marks import check_of
from wsgi_contract.contract_run import ContractRun
from wsgi_contract.problem import Diagnosis, NotOffered, NotSeen
from wsgi_contract.scoring import CRASHED, DEPARTS, KEPT, LACKS, UNSEEN, CheckOutcome
from wsgi_contract.wording import in_full

STATES: dict[type, str] = {  # by what a check has raised
    type(None): KEPT, NotOffered: LACKS, NotSeen: UNSEEN, Diagnosis: DEPARTS,
}


def no_traceback(excinfo: Any, style: Any = None) -> str:
    """Return nothing: the report says what is wrong, and a traceback takes longer to draw than the check to run."""
    return ""


def state_of(error: BaseException | None) -> str:
    """Return the state of a check that has ended with an error or with none."""
    return next((state for kind, state in STATES.items() if isinstance(error, kind)), CRASHED)


def outcome_of(item: pytest.Item, error: BaseException | None, subject: str = "") -> CheckOutcome:
    """Return the outcome of a check that has ended with an error or with none."""
    check, state = check_of(item), state_of(error)
    if state in (KEPT, LACKS):
        return CheckOutcome(check, state, subject=subject)
    return CheckOutcome(check, state, getattr(error, "fact", str(error)), str(error), in_full(error, check), subject)


def judge(run: ContractRun, report: Any, error: BaseException | None, outcome: CheckOutcome) -> Any:
    """Return the report of a check that has run."""
    if news := run.note_outcome(outcome):
        return new(run, report, in_full(error, outcome.check, **run.more_rows(news, outcome)))
    return judged(report, "passed" if outcome.state in (KEPT, DEPARTS) else "skipped", outcome.state, None)


def new(run: ContractRun, report: Any, text: str) -> Any:
    """Return the report of a check that says something new: the first ones in full, the others in a line each."""
    if run.is_shown_in_full():
        return judged(report, "failed", "new", text)
    run.others.append(text.partition("\n")[0])
    return judged(report, "failed", "also new", text)


def judged(report: Any, outcome: str, state: str, text: str | None) -> Any:
    """Return report with another outcome, a state and a text."""
    report.outcome, report.contract_state = outcome, state
    report.longrepr = (str(report.fspath), 0, text or "") if outcome == "skipped" else text
    return report


def choose(run: ContractRun, config: pytest.Config, items: list[pytest.Item], own: list[pytest.Item]) -> None:
    """Leave out of items those of our own checks that the options leave out, and note the others in the run."""
    from wsgi_contract.selection import is_chosen

    checks = {item: check_of(item) for item in own}
    run.refuse_unknown_ids({check.id for check in checks.values()})
    left_out = [item for item, check in checks.items() if not is_chosen(check, run.option)]
    run.checks = {check.id: check for item, check in checks.items() if item not in left_out}
    items[:] = [item for item in items if item not in left_out]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
