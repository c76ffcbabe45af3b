"""What is known of real servers: where a version departs from the contract, and what it did there.

A record is a JSON file in the folder records/, written by `pytest contract --server NAME --record`. Before a
departure is recorded, somebody has made sure on a raw socket that the server departs, and not the check.

wsgiref comes with Python, and its version is Python's: NAME-3.10.json is its record where 3.10 departs otherwise.
"""
import json
from pathlib import Path

FOLDER = Path(__file__).parent / "records"


def record_of(server, version=""):
    """Return the record of a server: a dict with version, departs {check: fact} and lacks [check]."""
    minor = ".".join(version.split(".")[:2])
    for path in (FOLDER / f"{server}-{minor}.json", FOLDER / f"{server}.json"):
        if path.exists():
            return json.loads(path.read_text(encoding="utf-8"))
    return {"version": "", "departs": {}, "lacks": []}


def write_record(server, version, checks):
    """Write the record of a server from the outcomes of a run ({check: Outcome})."""
    departs = {check: outcome.fact for check, outcome in sorted(checks.items()) if outcome.state == "departs"}
    lacks = sorted(check for check, outcome in checks.items() if outcome.state == "not offered")
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps({"version": version, "departs": departs, "lacks": lacks}, ensure_ascii=False, indent=1)
    (FOLDER / f"{server}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def surprise(record, check, outcome):
    """Return what is new in an outcome, a sentence, or None if it is as the record says."""
    known = record["departs"].get(check)
    if outcome.state == "departs":
        return None if known == outcome.fact else (
            f"it is known to depart otherwise: {known}" if known else "this departure is not known")
    lacked = check in record["lacks"]
    if outcome.state == "kept" and (known or lacked):
        return "the record says that it is not kept: look at the server's news, and update the record (--record)"
    if outcome.state == "not offered" and not lacked:
        return "what this check needs was offered when the server was recorded"
    return None
