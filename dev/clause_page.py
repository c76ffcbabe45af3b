"""The page teaching/steps_and_clauses.md: which step keeps which clause of PEP 3333, by the marks of its checks."""
from pathlib import Path

from dev import PROJECT
from workshop.course.clause_steps import checks_of_steps, numbers_that_keep
from workshop.course.project import Step
from wsgi_contract.clause_effects import linked
from wsgi_contract.clauses import CLAUSES, Clause
from wsgi_contract.documents import grouped
from wsgi_contract.markdown_table import cell, table

PAGE = PROJECT.root / "teaching" / "steps_and_clauses.md"
CLAUSE_ENTRIES = "../contract/pages/clauses.md"
INTRODUCTION = """\
# Which step keeps which clause

The [clauses of PEP 3333](../contract/pages/clauses.md) as the contract counts them, and the steps whose checks name
them: a learner who has done these steps keeps the clause. `python3 -m workshop contract` puts the learner's whole
server to the clauses, and says which one to keep next, with its steps.

![The clauses that each server keeps, as a column for each](../notebooks/pictures/kept_clauses.svg)

The reference keeps all that a running server shows; [servers.md](../contract/pages/servers.md) has the others in full,
and [duties.md](../contract/pages/duties.md) what middleware and applications owe. A clause without a step is a
permission, a matter of taste, or something that only the contract checks.
"""


def files() -> dict[Path, str]:
    """Return the page."""
    return {PAGE: clause_page()}


def clause_page() -> str:
    """Return the text of the page."""
    steps = [row_of_step(step) for step in PROJECT.steps.values() if clauses_of_step(step)]
    parts = [INTRODUCTION, "## Steps, with their clauses\n", table(["step", "clauses"], *steps)]
    for group, numbers in grouped(CLAUSES):
        rows = [row_of_clause(CLAUSES[number]) for number in numbers]
        parts += [f"## {group}\n", table(["", "level", "who", "what", "steps", "checks"], *rows)]
    return "\n".join(parts)


def row_of_step(step: Step) -> list[str]:
    """Return the cells of a step."""
    return [f"{step.number} `{step.name}`", ", ".join(map(str, clauses_of_step(step)))]


def clauses_of_step(step: Step) -> list[int]:
    """Return the numbers of the clauses that a step keeps."""
    return [number for number in CLAUSES if step.number in numbers_that_keep(PROJECT, number)]


def row_of_clause(clause: Clause) -> list[str]:
    """Return the cells of a clause: what it asks for, the steps that keep it, and how many of their checks name it."""
    steps = ", ".join(numbers_that_keep(PROJECT, clause.number))
    checks = len(checks_of_steps(PROJECT).get(clause.number, []))
    return [linked(clause.number, CLAUSE_ENTRIES), clause.level, clause.who, cell(clause.text), steps,
            str(checks or "")]
