"""The reports that a run can write: JSON, JUnit XML, and a badge. All three say the same."""
import json
import platform
import xml.etree.ElementTree as xml
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wsgi_contract import __version__
from wsgi_contract.badge import badge
from wsgi_contract.contract_run import ContractRun
from wsgi_contract.scoring import ALL_CLAUSES, DEPARTS, LACKS, UNSEEN, CheckOutcome, ContractCheck

FORMAT = 1  # of the JSON report: report.schema.json describes it


def json_report(run: ContractRun) -> str:
    """Return the report as JSON."""
    report = {
        "format": FORMAT,
        "suite": {"name": "wsgi-contract", "version": __version__},
        "python": platform.python_version(),
        "subject": {"kind": run.kind, "name": run.name, "title": run.title, "version": run.version},
        "void": run.void,
        "score": None if run.void else {name: asdict(score) for name, score in run.scores().items()},
        "checks": [entry(outcome) for outcome in run.outcomes.values()],
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def entry(outcome: CheckOutcome) -> dict[str, Any]:
    """Return what the report says of one check."""
    more = {name: getattr(outcome, name) for name in ("subject", "fact", "problem", "text") if getattr(outcome, name)}
    return {**about(outcome.check), "state": outcome.state, **more}


def about(check: ContractCheck) -> dict[str, Any]:
    """Return what a check is about."""
    return {"id": check.id, "claim": check.claim, "clauses": list(check.clauses), "rule": check.rule,
            "levels": sorted({ALL_CLAUSES[number].level for number in check.clauses}), "disputed": check.disputed}


def junit_report(run: ContractRun) -> str:
    """Return the report as JUnit XML. A departure is a failure only if it is news."""
    outcomes = list(run.outcomes.values())
    failed = [one for one in outcomes if one.key in run.news]
    skipped = [one for one in outcomes if one.state in (LACKS, UNSEEN) and one not in failed]
    suite = xml.Element("testsuite", name=f"wsgi-contract {run.kind}", tests=str(len(outcomes)), errors="0",
                        failures=str(len(failed)), skipped=str(len(skipped)))
    add_properties(suite, {"suite": f"wsgi-contract {__version__}", run.kind: run.title, "version": run.version,
                           "void": run.void or ""})
    for outcome in outcomes:
        add_case(suite, outcome, run.news.get(outcome.key))
    return xml.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def add_case(suite: xml.Element, outcome: CheckOutcome, news: str | None) -> None:
    """Add the outcome of a check to a suite."""
    check = outcome.check
    case = xml.SubElement(suite, "testcase", classname=check.source, name=outcome.key)
    add_properties(case, {"id": check.id, "clauses": ", ".join(map(str, check.clauses)), "rule": check.rule or "",
                          "claim": check.claim, "state": outcome.state})
    if news:
        failure = xml.SubElement(case, "failure", message=printable(outcome.problem or news))
        failure.text = printable(outcome.text or news)
    elif outcome.state in (LACKS, UNSEEN):
        xml.SubElement(case, "skipped", message=printable(f"{outcome.state} {outcome.fact or ''}".strip()))
    elif outcome.state == DEPARTS:
        xml.SubElement(case, "system-out").text = printable(outcome.text or "")


def add_properties(element: xml.Element, values: Mapping[str, str]) -> None:
    """Add properties that have a value to a suite or a case."""
    properties = xml.SubElement(element, "properties")
    for name, value in values.items():
        if value:
            xml.SubElement(properties, "property", name=name, value=printable(value))


def printable(text: str) -> str:
    """Return a text with nothing in it that XML can't have."""
    return "".join(character if character >= " " or character in "\t\n" else repr(character)[1:-1]
                   for character in text.encode("utf-8", "backslashreplace").decode("utf-8"))


WRITERS: Mapping[str, Callable[[ContractRun], str]] = {"json": json_report, "junit": junit_report, "badge": badge}


def write_reports(run: ContractRun) -> None:
    """Write the reports that the options ask for; folders are made where they are missing."""
    for name, make in WRITERS.items():
        if given := run.option(name):
            path = Path(given)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make(run), encoding="utf-8", newline="\n")
