"""What is known of real servers: where a version departs from the contract, and what it did there.

A record is a JSON file in the folder records/, written by `pytest contract --server NAME --record`. Before a
departure is recorded, somebody has made sure on a raw socket that the server departs, and not the check.

wsgiref comes with Python, and its version is Python's: NAME-3.10.json is its record where 3.10 departs otherwise.
"""
import functools
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from contract.launching import environment
from contract.scoring import DEPARTS, KEPT, LACKS, CheckOutcome

HERE = Path(__file__).parent
FOLDER = HERE / "records"


@dataclass(frozen=True)
class ServerRecord:
    """What is known of one version of a server; nothing is known of a server that has no file."""

    version: str = ""
    departs: dict[str, str] = field(default_factory=dict)  # check: what the server does
    lacks: list[str] = field(default_factory=list)  # checks of what it does not offer

    def state_in(self, check: str) -> str:
        """Return the state of a check."""
        return DEPARTS if check in self.departs else LACKS if check in self.lacks else KEPT

    def surprise(self, check: str, outcome: CheckOutcome) -> str | None:
        """Return what is new in an outcome, a sentence, or None if it is as recorded."""
        known = self.departs.get(check)
        if outcome.state == DEPARTS:
            return None if known == outcome.fact else (
                f"it is known to depart otherwise: {known}" if known else "this departure is not known")
        lacked = check in self.lacks
        if outcome.state == KEPT and (known or lacked):
            return "the record says that it is not kept: look at the server's news, and update the record (--record)"
        if outcome.state == LACKS and not lacked:
            return "what this check needs was offered when the server was recorded"
        return None


def record_of(server: str, version: str = "") -> ServerRecord:
    """Return the record of a server."""
    minor = ".".join(version.split(".")[:2])
    for path in (FOLDER / f"{server}-{minor}.json", FOLDER / f"{server}.json"):
        if path.exists():
            return ServerRecord(**json.loads(path.read_text(encoding="utf-8")))
    return ServerRecord()


def write_record(server: str, version: str, outcomes: Mapping[str, CheckOutcome]) -> None:
    """Write the record of a server from the outcomes of a run, by check."""
    departs = {check: outcome.fact or "" for check, outcome in sorted(outcomes.items()) if outcome.state == DEPARTS}
    lacks = sorted(check for check, outcome in outcomes.items() if outcome.state == LACKS)
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(asdict(ServerRecord(version, departs, lacks)), ensure_ascii=False, indent=1)
    (FOLDER / f"{server}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


@functools.cache
def collected() -> dict[str, Any]:
    """Return {check of a running server: (its clauses, its rule, whether it is disputed)}, as pytest has them."""
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        report = Path(folder, "report.json")
        subprocess.run([sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(HERE),
                        "--server=wsgiref", f"--contract-report={report}"], cwd=HERE.parent, check=True,
                       capture_output=True, env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"))
        checks = json.loads(report.read_text(encoding="utf-8"))["checks"]
    return {check: (tuple(clauses), *others) for check, (clauses, *others) in checks.items()}


def recorded_outcomes(server: str) -> dict[str, CheckOutcome]:
    """Return the outcomes of all checks on a server, as its record has them; without a record all is kept."""
    record = record_of(server)
    return {check: CheckOutcome(record.state_in(check), record.departs.get(check), *about)
            for check, about in collected().items()}
