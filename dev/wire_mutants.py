"""The changes that mutants.py makes in the steps, made in the server of chapter 4 and put to the contract's checks.

    ../mutants/bin/python -m dev wire                       every change in a step that the server uses
    ../mutants/bin/python -m dev wire --sample 150          as many of them, spread over all steps
    ../mutants/bin/python -m dev wire 4.7                   those in some steps

The checks must notice a change that a client or an application can see, or it stands in equivalents.py with the reason
why they don't. The server runs in a thread of a worker process, so that one that goes round and round can be ended.
"""
import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from dev import PROJECT
from dev.bank.step_versions import Version
from dev.equivalents import EQUIVALENT, NOT_ON_THE_WIRE
from dev.mutants import explanation, mutants_of
from dev.runner import reports
from dev.sandbox import Sources, reference
from workshop.course.step_uses import needed_by, sources_of
from workshop.machine.trouble import Trouble

SERVER = "4.15"  # the step whose function serves a client: what it needs is the server


@dataclass(frozen=True)
class WireJob:
    """A server to put to the checks, up to the first that notices something."""

    sources: Callable[[], Sources]

    def order(self, folder: str) -> str:
        """Return the order, once the tree is in folder, as a line of JSON."""
        return json.dumps(folder)


def steps_of_the_server() -> list[str]:
    """Return the numbers of the steps that the server of chapter 4 uses."""
    needed = needed_by(SERVER, sources_of(PROJECT, PROJECT.solutions))
    return [number for number in PROJECT.steps if number in needed or number == SERVER]


def sampled(mutants: list[Version], count: int | None) -> list[Version]:
    """Return so many mutants, spread evenly over all, or all."""
    wanted = min(count or len(mutants), len(mutants))
    return [mutants[len(mutants) * place // wanted] for place in range(wanted)]


def beyond_the_wire(mutant: Version) -> str | None:
    """Return why the contract need not notice a mutant, or None."""
    return next((why for step, lines, why in NOT_ON_THE_WIRE
                 if re.fullmatch(step, mutant.step.number) and re.search(lines, mutant.reason, re.MULTILINE)), None)


def refuse_failing_reference() -> None:
    """Raise Trouble if the contract's checks notice something of the reference itself, or if they cannot run."""
    report = reports([WireJob(reference)], "wire-worker")[0]
    if report.get("noticed", "The process of the checks has ended.") is not None:
        raise Trouble("The reference itself fails here, so nothing can be learnt of changes in it. Is this a machine "
                      f"at rest, and has {sys.executable} all that requirements.txt and requirements-dev.txt name?\n\n"
                      f"{report.get('noticed', 'The process of the checks has ended.')}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which steps may be named, and how many changes are made."""
    parser.add_argument("steps", nargs="*", metavar="N.M", help="of these steps only")
    parser.add_argument("--sample", type=int, metavar="N", help="of all changes only so many")


def run(arguments: argparse.Namespace) -> int:
    """Put mutants to the contract; print those it does not notice, and the score; return 1 if one is not explained.

    Raises Trouble.
    """
    numbers = [number for number in steps_of_the_server() if not arguments.steps or number in arguments.steps]
    refuse_failing_reference()
    mutants = sampled([mutant for number in numbers for mutant in mutants_of(PROJECT.steps[number])], arguments.sample)
    done = reports([WireJob(mutant.sources) for mutant in mutants], "wire-worker")
    left = [mutant for mutant, report in zip(mutants, done, strict=True) if report.get("noticed", True) is None]
    reasons = [explanation(mutant) or beyond_the_wire(mutant) for mutant in left]
    for mutant in [mutant for mutant, reason in zip(left, reasons, strict=True) if reason is None]:
        print(f"--- not noticed: step {mutant.step.number} {mutant.step.name} ({mutant.name})\n{mutant.reason}\n")
    counts = Counter(reason in EQUIVALENT for reason in reasons if reason)
    print(f"{len(mutants) - len(left)} of {len(mutants)} mutants were noticed, {counts[True]} are equivalent, "
          f"{counts[False]} are none of the contract's, {reasons.count(None)} were not noticed")
    return int(None in reasons)
