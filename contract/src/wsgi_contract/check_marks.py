"""What a check is about, from its marks as pytest has them."""
import pytest

from wsgi_contract.check_ids import id_of, input_of
from wsgi_contract.clauses import ClauseNumber
from wsgi_contract.pytest_options import KINDS
from wsgi_contract.scoring import ContractCheck

CLAUSE_MARKS = ("clause", "asgi")


def clauses_of(item: pytest.Item) -> tuple[ClauseNumber, ...]:
    """Return the numbers of the clauses that a check names."""
    named = {number for mark in CLAUSE_MARKS for one in item.iter_markers(mark) for number in one.args}
    return tuple(sorted(named, key=lambda number: (len(str(number)), str(number))))


def claim_of(item: pytest.Item) -> str:
    """Return what a check claims, as a sentence made from its name, with the input that it was given."""
    sentence = item.name.partition("[")[0].removeprefix("test_").replace("_", " ")
    given = input_of(item)
    return f"{sentence} [{given}]" if given else sentence


def check_of(item: pytest.Item) -> ContractCheck:
    """Return what a check is about."""
    rule = item.get_closest_marker("http")
    return ContractCheck(id_of(item), claim_of(item), clauses_of(item), rule.args[0] if rule else None,
                         item.get_closest_marker("disputed") is not None, kind_of(item))


def kind_of(item: pytest.Item | pytest.Metafunc) -> str:
    """Return what a check is about, one of KINDS, by what it is given."""
    return next((kind for kind in KINDS if kind in getattr(item, "fixturenames", ())), KINDS[0])
