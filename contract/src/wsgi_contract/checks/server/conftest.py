"""What the checks of a running server have in common: the server, a client of it, and what becomes of their reports."""
from collections.abc import Iterator
from pathlib import Path

import pytest

from wsgi_contract.contract_run import ServerRun
from wsgi_contract.raw_client import RawClient
from wsgi_contract.server_hooks import (  # noqa: F401  # pytest finds them here
    begin_run,
    client_of,
    pytest_collection_finish,
    pytest_runtest_call,
    pytest_runtest_makereport,
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin the run of the checks that were asked for."""
    begin_run(ServerRun, Path(__file__).parent, config, items)


@pytest.fixture
def client(pytestconfig: pytest.Config) -> Iterator[RawClient]:
    """A client of the server under test."""
    yield from client_of(pytestconfig)
