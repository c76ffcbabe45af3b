"""The hooks by which a plugin for pytest adds to the contract: servers of its own, what to do next, and subjects.

A plugin is a module that defines some of these functions. The contract loads those that the pyproject.toml of the
current folder, or of the next folder above that has one, names:

    [tool.wsgi-contract]
    plugins = ["my_package.contract_plugin"]
"""
# mypy: disable-error-code="empty-body"
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # every session of pytest reads this file, also where nothing is checked
    from wsgi_contract.clauses import ClauseNumber
    from wsgi_contract.subjects import Subject
    from wsgi_contract.under_test import OwnServer


@pytest.hookspec
def pytest_contract_servers() -> "Mapping[str, OwnServer]":
    """Return servers that can be named on the command line, beside the real ones."""


@pytest.hookspec(firstresult=True)
def pytest_contract_default_server() -> str | None:
    """Return the name of the server to check where the command line names none."""


@pytest.hookspec
def pytest_contract_asgi_servers() -> "Mapping[str, OwnServer]":
    """Return servers of ASGI that can be named on the command line, beside the real ones."""


@pytest.hookspec(firstresult=True)
def pytest_contract_default_asgi_server() -> str | None:
    """Return the name of the server of ASGI to check where the command line names none."""


@pytest.hookspec
def pytest_contract_rows(server: str, clauses: "tuple[ClauseNumber, ...]") -> Mapping[str, str]:
    """Return rows (a name of ten letters at most, a text) to show where a server departs from clauses."""


@pytest.hookspec
def pytest_contract_next(server: str, clause: "ClauseNumber") -> Iterable[str]:
    """Return lines that say how to keep a clause, which is the next that a server should keep."""


@pytest.hookspec
def pytest_contract_subjects(kind: str) -> "Mapping[str, Subject]":
    """Return applications or middleware (the kind says which) whose duties to check, by a name to show."""
