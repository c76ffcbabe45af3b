"""Whether the contract's checks notice what they are for: they are run on broken servers.

    python -m dev unseen                          list the checks that no broken server and no record has ever failed
    python -m dev unseen NAME …                 run the checks that must notice a broken server on it
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from dev import PROJECT, command
from dev.bank.broken import Variant, broken
from dev.sandbox import fill
from workshop.checking.tree import on_path
from workshop.machine.containment import contained_environment
from workshop.machine.trouble import Trouble
from wsgi_contract.check_ids import slug
from wsgi_contract.clause_marks import checks_in
from wsgi_contract.real_servers import REAL_SERVERS
from wsgi_contract.scoring import DEPARTS
from wsgi_contract.server_records import record_of


def never_red() -> list[str]:
    """Return the claims of checks that neither a variant nor a record of a server has failed."""
    recorded = {id.partition("/")[0] for server in REAL_SERVERS for id in record_of(server).departs}
    proved = {slug(claim) for variant in broken for claim in variant.claims}
    return [check.claim for check in checks_in() if check.is_black_box and check.id not in recorded | proved]


def failed_in(folder: Path, at_a_time: int = 2) -> dict[str, dict[str, str]]:
    """Return {variant's name: {claim: fact}} of the checks that fail, without their inputs; reports go to folder."""
    names = [variant.name for variant in broken]
    commands = [command("unseen", *names[start::at_a_time], "--reports", str(folder)) for start in range(at_a_time)]
    runs = [subprocess.Popen(words, cwd=PROJECT.root, stdout=subprocess.DEVNULL, env=contained_environment())
            for words in commands]
    for run in runs:
        run.wait()
    return {name: failures_in(folder / f"{name}.json") for name in names}


def failures_in(path: Path) -> dict[str, str]:
    """Return {claim: fact} of the checks that failed by a report."""
    checks = json.loads(path.read_text(encoding="utf-8"))["checks"] if path.exists() else []
    return {check["claim"].partition(" [")[0]: check["fact"] for check in checks if check["state"] == DEPARTS}


def run_variant(variant: Variant, folder: Path | None) -> None:
    """Put a variant to the checks that must notice it; the report goes to a folder, if there is one."""
    from wsgi_contract.command_line import IN_SHORT, run_pytest

    checks = [f"{check.path}::{check.name}" for check in checks_in()
              if check.is_black_box and check.claim in variant.claims]
    report = [f"--contract-json={folder / variant.name}.json"] if folder else []
    with tempfile.TemporaryDirectory(prefix="tree-") as tree, on_path(tree):
        fill(tree, variant.sources())
        run_pytest([*IN_SHORT, *checks, "--contract-server=yours", *report])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which broken servers may be run."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="run these broken servers (see dev/bank/broken.py)")
    parser.add_argument("--reports", metavar="FOLDER", type=Path, help="write what is found of each into a folder")


def run(arguments: argparse.Namespace) -> int:
    """Run the broken servers that are named; without any, print the checks that have never failed. Raises Trouble."""
    variants = {variant.name: variant for variant in broken}
    if unknown := set(arguments.names) - variants.keys():
        raise Trouble(f"There is no broken server {min(unknown)}: they are in dev/bank/broken.py.")
    for name in arguments.names:
        run_variant(variants[name], arguments.reports)
    unseen = [] if arguments.names else never_red()
    if not arguments.names:
        print("\n".join(unseen) or "every check has failed once")
    return 1 if unseen else 0
