"""A worker of wire_mutants.py: it puts one server after the other to the contract's checks."""
import argparse
import contextlib
import json
import os
import sys
import threading
from pathlib import Path

from dev.runner import LAST, Report
from dev.sandbox import Sources
from dev.thread_server import CheckCall, cases, findings
from wsgi_contract.scoring import DEPARTS, UNSEEN
from wsgi_contract.time_limits import LIMITS

PATIENCE = 1  # second to wait for what never comes from many a server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may follow: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Read orders, each the folder of a tree, and answer with what noticed its server first; return 0.

    Where a thread of a server still runs, the answer is the last one.
    """
    LIMITS.wait = PATIENCE
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    all_cases = cases()
    for line in sys.stdin:
        sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(json.loads(line)).glob("*.py"))}
        report: Report = {"noticed": noticed(sources, all_cases)}
        still_runs = threading.active_count() > 1
        answers.write(json.dumps(report | {LAST: True} if still_runs else report) + "\n")
        answers.flush()
        if still_runs:
            os._exit(0)
    return 0


def noticed(sources: Sources, chosen: list[CheckCall]) -> tuple[str, str] | None:
    """Return (claim, fact) of the first check that notices something of a server, or None."""
    try:
        with contextlib.closing(findings(sources, chosen, (DEPARTS, UNSEEN))) as found:
            return next(found, None)
    except Exception as error:  # it cannot be imported, or serves nothing
        return "the server serves", repr(error)
