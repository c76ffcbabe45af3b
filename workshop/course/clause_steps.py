"""Which steps keep which clauses of PEP 3333: those whose checks name them."""
import functools

from workshop.course.project import Project, Step, order
from wsgi_contract.clause_marks import MarkedCheck, checks_by_clause


@functools.cache
def checks_of_steps(project: Project) -> dict[int, list[MarkedCheck]]:
    """Return {clause number: the checks of the chapters that name it}."""
    return checks_by_clause(tuple(sorted((project.root / "tests").glob("ch*/test_*.py"))))


def numbers_that_keep(project: Project, clause: int) -> list[str]:
    """Return the numbers of the steps whose checks name a clause, in order."""
    checks = checks_of_steps(project).get(clause, [])
    return sorted({step for check in checks for step in check.marks.get("step", ())}, key=order)


def steps_that_keep(project: Project, clause: int) -> list[Step]:
    """Return these steps, as the reference has them."""
    return [project.steps[number] for number in numbers_that_keep(project, clause)]
