"""Whether the contract's checks notice what they are for: broken servers are put to them (see server_variants.py).

    python -m dev unfailed                      list the checks that no broken server and no record has ever failed
    python -m dev unfailed NAME …               what the checks say that must notice a broken server
    python -m dev unfailed --all NAME …         what all checks say of it
"""
import argparse

from dev.bank.server_variants import Variant, all_variants
from dev.thread_server import cases, findings
from workshop.machine.trouble import Trouble
from wsgi_contract.clause_marks import checks_in
from wsgi_contract.real_servers import REAL_SERVERS
from wsgi_contract.server_records import record_of


def recorded() -> set[str]:
    """Return the ids, without inputs, of checks that a server is known to fail."""
    return {id.partition("/")[0] for server in REAL_SERVERS for id in record_of(server).departs}


def never_red() -> list[str]:
    """Return the claims of checks that neither a variant nor a record of a server has failed."""
    known = recorded()
    proved = {claim for variant in all_variants() for claim in variant.claims}
    return [check.claim for check in checks_in()
            if check.is_black_box and check.id not in known and check.claim not in proved]


def failures(variant: Variant, everything: bool = False) -> dict[str, str]:
    """Return {claim: fact} of the checks that notice a variant: among those that must, or among all."""
    return dict(findings(variant.sources(), cases(None if everything else variant.claims)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which broken servers may be run."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="run these broken servers (see dev/bank)")
    parser.add_argument("--all", action="store_true", help="put them to all checks, not to those alone that must see")


def run(arguments: argparse.Namespace) -> int:
    """Run the broken servers that are named; without any, print the checks that have never failed. Raises Trouble."""
    variants = {variant.name: variant for variant in all_variants()}
    if unknown := set(arguments.names) - variants.keys():
        raise Trouble(f"There is no broken server {min(unknown)!r}: "
                      "they are in dev/bank, broken_servers.py and planted_bugs.py.")
    if not arguments.names:
        unfailed = never_red()
        print("\n".join(unfailed) or "every check has failed once")
        return 1 if unfailed else 0
    return sum(show(variants[name], arguments.all) for name in arguments.names)


def show(variant: Variant, everything: bool) -> int:
    """Print what the checks say of a variant; return 1 if one of those says nothing that must notice it."""
    found = failures(variant, everything)
    print(f"--- {variant.name}")
    print("\n".join(f"{claim}: {fact}" for claim, fact in found.items()))
    missed = set(variant.claims) - found.keys()
    print("".join(f"NOT NOTICED: {claim}\n" for claim in sorted(missed)), end="")
    return int(bool(missed))
