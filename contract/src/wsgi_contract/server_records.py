"""What is known of real servers: where a version departs from the contract, and what it did there.

A record is a file in the folder records/ (see expectation.py), written by `wsgi-contract check NAME --record`. Before a
departure is recorded, make sure on a raw socket that the server departs, and not the check. CONFIRMED.md, beside the
README, has what was sent and what came back for some of them.

wsgiref comes with Python, and its version is Python's: NAME-3.10.json is its record where 3.10 departs otherwise.
"""
import functools
import json
import os
import subprocess
import sys
from pathlib import Path

from wsgi_contract.expectation import Expectation
from wsgi_contract.launching import environment
from wsgi_contract.scoring import CheckOutcome, ContractCheck

HERE = Path(__file__).parent
FOLDER = HERE / "records"


def record_of(server: str, version: str = "", folder: Path = FOLDER) -> Expectation:
    """Return the record of a server; nothing is known of a server that has no file."""
    path = path_of_record(server, version, folder)
    return Expectation.read(path) if path.exists() else Expectation()


def path_of_record(server: str, version: str = "", folder: Path = FOLDER) -> Path:
    """Return the file that a record is read from and written into: that of the version, if it has one of its own."""
    minor = ".".join(version.split(".")[:2])
    own = folder / f"{server}-{minor}.json"
    return own if own.exists() else folder / f"{server}.json"


@functools.cache
def collected(*options: str) -> dict[str, ContractCheck]:
    """Return all checks by their ids, as pytest has them: those of a running server and those of duties.

    With "--asgi" as an option, those of a server of ASGI.
    """
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    printed = subprocess.run([sys.executable, "-m", "wsgi_contract", "list", "--as-json", *options], check=True,
                             text=True, encoding="utf-8", stdout=subprocess.PIPE,
                             env=environment(PYTHONPATH=path)).stdout
    found = [ContractCheck(**entry | {"clauses": tuple(entry["clauses"])}) for entry in json.loads(printed)]
    return {check.id: check for check in found}


def recorded_outcomes(server: str, folder: Path = FOLDER, *options: str) -> dict[str, CheckOutcome]:
    """Return the outcomes of all checks of a running server, by id, as its record has them.

    Without a record all is kept. folder has the records, and options are those of collected().
    """
    record = record_of(server, folder=folder)
    return {id: CheckOutcome(check, record.state_in(id), record.departs.get(id) or record.unseen.get(id))
            for id, check in collected(*options).items() if check.kind == "server"}
