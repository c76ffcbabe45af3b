"""Mutation testing: small changes that nobody thought of, in every step of the reference, one at a time.

The checks of the step must notice each, or it must stand in equivalents.py with the reason why nothing can. Most
changes are made by cosmic-ray's operators; install it for this, best in an environment of its own:

    python3 -m venv ../mutants
    ../mutants/bin/pip install -r requirements.txt -r requirements-dev.txt -c constraints.txt cosmic-ray
    ../mutants/bin/python -m dev mutants             all steps: the survivors, and the score
    ../mutants/bin/python -m dev mutants 2.2 2.3     some steps

What cosmic-ray lacks is added here: a statement is left out, a str or bytes is another one, None is returned; and the
slips, by which people go wrong (see dev/slips). The exit status is 1 if a change passes that is not explained, or if an
explanation explains nothing.
"""
import argparse
import ast
import difflib
import textwrap
from collections import Counter
from collections.abc import Iterator

from dev import PROJECT
from dev.bank.step_versions import Version, job_of, passes, refuse_failing_reference
from dev.equivalents import EQUIVALENT, EQUIVALENT_SLIPS
from dev.runner import Report, reports
from dev.slips import slips_of
from workshop.course.project import Step
from workshop.course.source import body_of
from workshop.machine.trouble import Trouble

try:
    import parso
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names
except ImportError:
    raise Trouble("Mutants need cosmic-ray, which is not here: python -m pip install cosmic-ray, best in an "
                  "environment of its own, as dev/mutants.py says.")

FRAME = "def step():\n"
OPERATORS = [name for name in operator_names() if "Variable" not in name]  # those that need no settings
STATEMENTS = ("simple_stmt", "if_stmt", "for_stmt", "while_stmt", "try_stmt", "with_stmt")


def mutants_of(step: Step) -> Iterator[Version]:
    """Yield a Version for each change that an operator can make to the body of a step."""
    code = FRAME + textwrap.indent(body_of(step.path.read_text(encoding="utf-8"), step.name), "    ")
    changes = [(code, *change) for change in (*cosmic_changes(code), *own_changes(parso.parse(code)))]
    changes += [(plain(code), *change) for change in slips_of(code)]
    seen = {"", plain(code)}
    for before, name, mutated in changes:
        if plain(mutated) not in seen:
            seen.add(plain(mutated))
            old, new = (textwrap.dedent(text.removeprefix(FRAME)) for text in (before, mutated))
            yield Version("mistakes", step, name, difference(old, new), "", new)


def plain(code: str) -> str:
    """Return a code as ast.unparse writes it, or "" for what is no Python: two changes may make the same of it."""
    try:
        return ast.unparse(ast.parse(code)) + "\n"
    except SyntaxError:
        return ""


def cosmic_changes(code: str) -> Iterator[tuple[str, str]]:
    """Yield (operator, changed code) for each change that an operator of cosmic-ray makes."""
    for name in OPERATORS:
        operator = get_operator(name)()
        for occurrence in range(code.count("\n") * 20):
            try:
                mutated = mutate_code(code, operator, occurrence)
            except AttributeError:  # an exception with a dot in its name, within a tuple: cosmic-ray knows plain names
                continue
            if mutated is None:
                break
            yield name.partition("/")[2], mutated


def own_changes(module: parso.tree.BaseNode) -> Iterator[tuple[str, str]]:
    """Yield (operator, changed code) for each change of ours in a parsed module."""
    function = module.children[0]
    for node in descendants(function.children[-1]):
        if node.type in STATEMENTS:
            yield "LeaveOut", with_text(module, node, "pass\n")
        if node.type == "return_stmt":
            yield "ReturnNone", with_text(module, node, "return None")
        if node.type in ("string", "fstring_string") and not is_message(node):
            text = node.get_code(include_prefix=False)
            end = len(text) - (node.type == "string")  # before the closing quotation mark
            yield "OtherText", with_text(module, node, f"{text[:end]}XX{text[end:]}")


def descendants(node: parso.tree.NodeOrLeaf) -> Iterator[parso.tree.NodeOrLeaf]:
    """Yield the nodes below a node of parso."""
    for child in getattr(node, "children", ()):
        yield child
        yield from descendants(child)


def is_message(node: parso.tree.NodeOrLeaf) -> bool:
    """Tell whether a text stands in a raise statement: what an error says to people is free."""
    return node.search_ancestor("raise_stmt") is not None


def with_text(module: parso.tree.BaseNode, node: parso.tree.NodeOrLeaf, text: str) -> str:
    """Return the code of a module with a text in place of a node."""
    lines = module.get_code().splitlines(keepends=True)
    (first, begin), (last, end) = node.start_pos, node.end_pos
    return "".join(lines[:first - 1]) + lines[first - 1][:begin] + text + "".join(lines[last - 1:])[end:]


def difference(before: str, after: str) -> str:
    """Return the lines that differ, the old ones behind `-` and the new ones behind `+`."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if line[:3] not in ("---", "+++") and not line.startswith("@@"))


def survived(version: Version, report: Report) -> bool:
    """Tell whether the checks of its step say nothing of a mutant."""
    return version.step.number in report and passes(report[version.step.number])


def explanation(mutant: Version) -> tuple[str, ...] | None:
    """Return the key of EQUIVALENT, or of EQUIVALENT_SLIPS, that explains a mutant, or None."""
    return of_slip(mutant) or of_change(mutant)


def of_slip(mutant: Version) -> tuple[str, str, str] | None:
    """Return the key of EQUIVALENT_SLIPS that explains a mutant, or None."""
    return next((key for key in EQUIVALENT_SLIPS if is_about(key[0], mutant.step.number)
                 and key[1] == mutant.name and key[2] in mutant.reason), None)


def is_about(steps: str, number: str) -> bool:
    """Tell whether the steps of a key have this one among them."""
    return steps == "*" or number in steps.split()


def of_change(mutant: Version) -> tuple[str, str] | None:
    """Return the key of EQUIVALENT that explains a mutant, or None."""
    removed, added = ([line[1:] for line in mutant.reason.splitlines() if line[0] == sign] for sign in "-+")
    changed, before = (removed[0], "") if mutant.name == "LeaveOut" else ("\n".join(added), "\n".join(removed))
    return next((key for key in EQUIVALENT
                 if key[0] == mutant.step.number and key[1] in changed and key[1] not in before), None)


def all_chosen(steps: str, chosen: list[str]) -> bool:
    """Tell whether all steps of a key are among those that were chosen."""
    return {*(PROJECT.steps if steps == "*" else steps.split())} <= {*chosen}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which steps may be named."""
    parser.add_argument("steps", nargs="*", metavar="N.M", help="of these steps only")


def run(arguments: argparse.Namespace) -> int:
    """Run the mutants of steps; print survivors and score; return 1 if any is not explained, or explains nothing.

    Raises Trouble.
    """
    steps = {number: step for number, step in PROJECT.steps.items() if not arguments.steps or number in arguments.steps}
    refuse_failing_reference([*steps])
    mutants = [mutant for step in steps.values() for mutant in mutants_of(step)]
    left = [mutant for mutant, report in zip(mutants, reports([job_of(mutant) for mutant in mutants]), strict=True)
            if survived(mutant, report)]
    explained: Counter[tuple[str, ...]] = Counter(filter(None, map(explanation, left)))
    idle = [key for key in [*EQUIVALENT, *EQUIVALENT_SLIPS] if key not in explained and all_chosen(key[0], [*steps])]
    unexplained = [mutant for mutant in left if not explanation(mutant)]
    for mutant in unexplained:
        print(f"--- survived: step {mutant.step.number} {mutant.step.name} ({mutant.name})\n{mutant.reason}\n")
    for key in idle:
        print(f"--- explains nothing: step {', '.join(key)}\n")
    print(f"{len(mutants) - len(left)} of {len(mutants)} mutants were noticed, {explained.total()} are equivalent, "
          f"{len(unexplained)} survived")
    return 1 if unexplained or idle else 0
