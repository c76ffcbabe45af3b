"""Mutation testing: small changes that nobody thought of, in every step of the reference, one at a time.

The checks of the step must notice each. The changes are made by cosmic-ray's operators; install it for this.

    pip install cosmic-ray
    python -m tests.repository.mutants               all steps: the survivors, and the score
    python -m tests.repository.mutants 2.2 2.3       some steps
"""
import difflib
import sys
import textwrap

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from tests.repository.runner import reports
from tests.repository.versions import Version, job_of
from workshop.bodies import body_of
from workshop.steps import all_steps

FRAME = "def step():\n"
OPERATORS = [name for name in operator_names() if "Variable" not in name]  # those that need no settings


def mutants_of(step):
    """Yield a Version for each change that an operator can make to the body of a step."""
    body = body_of(step.path.read_text(encoding="utf-8"), step.name)
    code = FRAME + textwrap.indent(body, "    ")
    seen = {code}
    for name in OPERATORS:
        operator = get_operator(name)()
        for occurrence in range(code.count("\n") * 20):
            mutated = mutate_code(code, operator, occurrence)
            if mutated is None:
                break
            if mutated not in seen:
                seen.add(mutated)
                changed = textwrap.dedent(mutated.removeprefix(FRAME))
                yield Version("mistakes", step, name.partition("/")[2], difference(body, changed), "", changed)


def difference(before, after):
    """Return the lines that differ, the old ones behind `-` and the new ones behind `+`."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if line[:3] not in ("---", "+++") and not line.startswith("@@"))


def survived(version, report):
    """Tell whether the checks of its step say nothing of a mutant."""
    return report.get(version.step.number, {}).get("state") == "done"


def main(numbers):
    """Run the mutants of the steps with these numbers, or of all, and print the survivors and the score."""
    mutants = [mutant for number, step in all_steps().items() if not numbers or number in numbers
               for mutant in mutants_of(step)]
    left = [mutant for mutant, report in zip(mutants, reports([job_of(mutant) for mutant in mutants]), strict=True)
            if survived(mutant, report)]
    for mutant in left:
        print(f"--- survived: step {mutant.step.number} {mutant.step.name}\n{mutant.reason}\n")
    print(f"{len(mutants) - len(left)} of {len(mutants)} mutants were noticed")


if __name__ == "__main__":
    main(sys.argv[1:])
