"""Each check of a running server fails for what it is about: it is put to broken servers, in threads."""
import os

import pytest

from dev import unfailed_checks
from dev.bank.server_variants import all_variants
from dev.sandbox import reference
from dev.thread_server import cases, findings
from dev.unfailed_checks import failures, never_red
from wsgi_contract.clause_marks import MarkedCheck, checks_in
from wsgi_contract.time_limits import LIMITS

VARIANTS = {variant.name: variant for variant in all_variants()
            if hasattr(os, "fork") or "processes" not in variant.name}


@pytest.fixture
def impatient(monkeypatch):
    """A broken server may never answer: two seconds are enough to see that."""
    monkeypatch.setattr(LIMITS, "wait", 2)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("name", VARIANTS)
def test_the_checks_notice_what_is_broken(name, impatient):
    found = failures(VARIANTS[name])
    missed = set(VARIANTS[name].claims) - found.keys()
    assert not missed, f"not noticed: {missed}; noticed: {found}"


def test_the_checks_notice_nothing_of_the_reference():
    assert not dict(findings(reference(), cases()))


def test_what_must_notice_is_there():
    claims = {case.check.claim for case in cases()}
    assert not [(name, claim) for name, variant in VARIANTS.items() for claim in variant.claims if claim not in claims]


def test_every_check_has_failed_once():
    assert not never_red()


def test_a_check_that_is_renamed_has_failed_all_the_same(monkeypatch):
    one = next(check for check in checks_in() if check.is_black_box and check.id not in unfailed_checks.recorded())
    renamed = MarkedCheck(one.path, one.name, one.marks | {"known_as": ("an-old-name",)}, is_black_box=True)
    monkeypatch.setattr(unfailed_checks, "checks_in", lambda: [renamed])
    assert renamed.id == "an-old-name" and not never_red()
