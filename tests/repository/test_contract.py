"""The contract: every clause is checked or says why not, the pages are made from the clauses, and servers are known."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract import page
from tests.contract.clauses import CLAUSES, MAY, MUST, MUST_NOT, SHOULD, SHOULD_NOT
from tests.contract.marks import all_checks, checks_by_clause
from tests.contract.records import FOLDER, record_of
from tests.harness.program import environment
from tests.repository.broken import broken, failed_in, never_red
from workshop.servers import SERVERS
from workshop.steps import ROOT

EACH = pytest.mark.parametrize("clause", CLAUSES.values(), ids=lambda clause: str(clause.number))
RUNNING = [name for name in SERVERS if name != "yours"]
AT_A_TIME = 2
VARIANTS = {variant.name: variant for variant in broken if hasattr(os, "fork") or "processes" not in variant.name}


# The clauses.


def test_the_clauses_are_numbered_without_a_gap():
    assert list(CLAUSES) == list(range(1, 140))
    assert {clause.level for clause in CLAUSES.values()} == {MUST, MUST_NOT, SHOULD, SHOULD_NOT, MAY}


@EACH
def test_a_clause_has_a_check_of_a_running_server_or_says_why_not(clause):
    black_box = [check for check in checks_by_clause().get(clause.number, []) if check.is_black_box]
    assert bool(black_box) != bool(clause.why_not), f"checks: {[check.name for check in black_box]}"


def test_a_check_names_clauses_that_exist():
    unknown = {number: [check.name for check in checks] for number, checks in checks_by_clause().items()
               if number not in CLAUSES}
    assert not unknown


def test_a_check_of_a_running_server_holds_clauses_or_a_rule_of_http_and_not_both():
    wrong = [check.name for check in all_checks() if check.is_black_box and bool(check.clauses) == bool(check.rules)]
    assert not wrong
    assert all(re.fullmatch(r"RFC \d{4} section [\d.]+", rule) for check in all_checks() for rule in check.rules)


def test_the_marks_are_read_as_pytest_has_them():
    found = {}
    for claim, (clauses, rule, _) in page.collected().items():
        marks = found.setdefault(claim.partition(" [")[0], [set(), set()])
        marks[0].update(clauses)
        marks[1].update({rule} - {None})
    read = {check.claim: [set(check.clauses), set(check.rules)] for check in all_checks() if check.is_black_box}
    assert read == found


# The pages.


@pytest.mark.parametrize("name", page.PAGES)
def test_a_page_is_as_it_is_made(name):
    text = (page.HERE / name).read_text(encoding="utf-8")
    assert text == page.PAGES[name](), "python -m tests.contract.page writes the pages anew"


def test_records_are_of_servers_and_checks_that_exist():
    assert {path.stem for path in FOLDER.iterdir()} <= set(RUNNING) - {"reference"}
    for name in RUNNING:
        record = record_of(name)
        assert {*record["departs"], *record["lacks"]} <= set(page.collected())


@pytest.mark.parametrize("name", [name for name in RUNNING if SERVERS[name].package not in (None, "wsgiref")])
def test_a_record_is_of_the_version_that_is_locked(name):
    locked = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    assert record_of(name)["version"] == locked[SERVERS[name].package]


# The servers.


def contract(server):
    """Run the contract on a server and return pytest's process."""
    return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(page.HERE),
                           f"--server={server}"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
                          env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"))


@pytest.fixture(scope="module")
def runs():
    """The runs of all servers, a few at a time, by name."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {name: pool.submit(contract, name) for name in RUNNING}


@pytest.mark.parametrize("name", RUNNING)
def test_a_server_does_what_is_known_of_it(name, runs):
    run = runs[name].result()
    if "is not installed" in run.stdout:
        pytest.skip(f"{name} is not installed")
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr


def told_of_reference(runs):
    """Return the score in the closing lines of the reference's run."""
    return re.search(r"conformance: (\d+) of (\d+) .*rules of HTTP: (\d+) of (\d+)", runs["reference"].result().stdout)


def test_the_reference_keeps_every_clause(runs):
    told = told_of_reference(runs)
    assert told[1] == told[2] and told[3] == told[4]


# The checks.


@pytest.fixture(scope="module")
def failures(tmp_path_factory, runs):
    """What fails on each broken server, by its name. The real servers come first: two at a time are enough."""
    for run in runs.values():
        run.result()
    return failed_in(tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_checks_notice_what_is_broken(name, failures):
    missed = set(VARIANTS[name].claims) - failures[name].keys()
    assert not missed, f"not noticed: {missed}; noticed: {failures[name]}"


def test_every_check_has_failed_once():
    assert not never_red()
