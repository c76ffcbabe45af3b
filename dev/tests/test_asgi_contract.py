"""The checks of ASGI: every clause has one, each was seen to fail, and what servers do is recorded."""
import json
import re
import subprocess
import sys

import jsonschema
import pytest

from dev import PROJECT
from dev.asgi_thread_server import CHAPTER, asgi_cases, departures
from dev.bank.broken_asgi_servers import ASGI_VARIANTS
from dev.bank.server_variants import exchanging
from dev.sandbox import fill, reference, starters
from dev.tests.test_contract import locked
from workshop.machine.containment import contained_environment
from wsgi_contract.asgi.asgi_clauses import CLAUSES
from wsgi_contract.asgi.asgi_programs import ASGI_SERVERS, MOUNT
from wsgi_contract.asgi.asgi_run import ASGI_RECORDS
from wsgi_contract.check_ids import slug
from wsgi_contract.clauses import MUST, SHOULD
from wsgi_contract.expectation import Expectation
from wsgi_contract.real_servers import version_of
from wsgi_contract.server_records import HERE, collected, record_of
from wsgi_contract.time_limits import LIMITS

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
OURS = "reference-7"
COMMAND = [sys.executable, "-m", "workshop", "contract", "asgi"]
STRIPPED = exchanging("a mount that takes its prefix off", CHAPTER, ('"root_path": ""', f'"root_path": "{MOUNT}"'), (
    'request.path.decode("utf-8", "replace")', f'request.path.decode("utf-8", "replace").removeprefix("{MOUNT}")'))
CLAIM_OF_MOUNT = "the path begins with root path"


def tell(*words, **more):
    """Return what the command prints, and its exit status."""
    run = subprocess.run([*COMMAND, *words], cwd=PROJECT.root, capture_output=True, text=True, encoding="utf-8",
                         env=contained_environment(**more))
    return run.stdout + run.stderr, run.returncode


def known_of_ours():
    """Return the ids, without slashes, of the checks that the reference is known to fail."""
    return {id.replace("/", "-") for id in record_of(OURS, folder=ASGI_RECORDS).departs}


# The clauses.


def test_clauses_are_numbered_without_a_gap():
    assert list(CLAUSES) == [f"A{number}" for number in range(1, len(CLAUSES) + 1)]
    assert {clause.level for clause in CLAUSES.values()} == {MUST, SHOULD}


def test_each_clause_has_a_check_and_each_check_a_clause_or_a_rule():
    checks = collected("--asgi").values()
    assert {number for check in checks if not check.disputed for number in check.clauses} == CLAUSES.keys()
    assert all(bool(check.clauses) != bool(check.rule) for check in checks)


# The records.


def test_what_is_recorded_is_of_servers_and_checks_that_exist():
    assert {path.stem for path in ASGI_RECORDS.iterdir()} == {*ASGI_SERVERS, OURS}
    assert all(Expectation.read(path).ids <= collected("--asgi").keys() for path in ASGI_RECORDS.iterdir())


@pytest.mark.parametrize("name", ASGI_SERVERS)
def test_what_is_recorded_is_of_the_version_that_is_locked(name):
    locked_versions = locked("contract/requirements-servers.txt")
    assert record_of(name, folder=ASGI_RECORDS).version == locked_versions[ASGI_SERVERS[name].package]


def test_each_departure_of_the_others_was_sent_by_hand():
    page = (PROJECT.root / "contract" / "CONFIRMED_ASGI.md").read_text("utf-8")
    sent = set(re.findall("^## (.*)", page, re.MULTILINE))
    assert sent == {id for name in ASGI_SERVERS for id in record_of(name, folder=ASGI_RECORDS).departs}


# The servers.


@pytest.mark.parametrize("name", [OURS, *ASGI_SERVERS])
def test_a_server_of_asgi_does_what_is_known_of_it(name):
    if name in ASGI_SERVERS:
        versions = locked("contract/requirements-servers.txt")
        missing = [one.package for one in ASGI_SERVERS.values() if version_of(one.package) != versions[one.package]]
        if missing:
            pytest.skip(f"{name} is checked where the versions of contract/requirements-servers.txt are installed")
    text, status = tell(name)
    assert status == 0, text[-6000:]


def test_any_command_is_checked_and_a_name_of_nothing_is_told(tmp_path):
    text, status = tell("--clause", "A3,A10", "--json", str(tmp_path / "report.json"), "--", sys.executable,
                        "solutions/ch07_asgi.py", "{app}", "--bind", "127.0.0.1:{port}")
    assert status == 0 and "conformance: 2 of 2 clauses of ASGI" in text, text
    schema = json.loads((HERE / "report.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads((tmp_path / "report.json").read_text("utf-8")), schema)
    text, status = tell("nobody")
    assert status and "is none of yours-7, reference-7, uvicorn" in text


def test_of_a_fresh_starter_the_first_missing_step_is_told(tmp_path):
    fill(tmp_path, starters())
    text, status = tell(PYTHONPATH=str(tmp_path))
    assert status == 1 and "○ step 1.1 build_response" in text and "FAILURES" not in text, text


# Broken servers, in threads.


@pytest.fixture
def impatient(monkeypatch):
    """A broken server may never answer: a second and a half is enough to see that."""
    monkeypatch.setattr(LIMITS, "wait", 1.5)


@pytest.mark.parametrize("thought", ASGI_VARIANTS)
def test_the_checks_notice_a_broken_server_of_asgi(thought, impatient):
    variant = ASGI_VARIANTS[thought]
    missed = set(variant.claims) - departures(variant.sources(), variant.claims).keys()
    assert not missed, f"not noticed: {missed}"


def test_a_mount_that_takes_its_prefix_off_is_noticed(impatient):
    assert departures(reference(), [CLAIM_OF_MOUNT], mounted=STRIPPED(reference()))


def test_the_checks_notice_nothing_of_the_reference_but_what_is_known(impatient):
    assert set(map(slug, departures(reference()))) == known_of_ours()


def test_every_check_was_seen_to_fail():
    proved = {claim for variant in ASGI_VARIANTS.values() for claim in variant.claims} | {CLAIM_OF_MOUNT}
    names = {name for name, _ in asgi_cases()}
    assert proved <= names
    assert set(map(slug, names - proved)) == known_of_ours()
