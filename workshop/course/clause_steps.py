"""Which steps keep which clauses of PEP 3333: those whose checks name them."""
import functools

from contract.clause_marks import MarkedCheck, checks_by_clause
from workshop.course.steps import ROOT, Step, all_steps, order


@functools.cache
def checks_of_steps() -> dict[int, list[MarkedCheck]]:
    """Return {clause number: the checks of the chapters that name it}."""
    return checks_by_clause(tuple(sorted((ROOT / "tests").glob("ch*/test_*.py"))))


def numbers_that_keep(clause: int) -> list[str]:
    """Return the numbers of the steps whose checks name a clause, in order."""
    checks = checks_of_steps().get(clause, [])
    return sorted({step for check in checks for step in check.marks.get("step", ())}, key=order)


def steps_that_keep(clause: int) -> list[Step]:
    """Return these steps, as the reference has them."""
    steps = all_steps()
    return [steps[number] for number in numbers_that_keep(clause)]
