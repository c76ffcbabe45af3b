"""The tests run as where there is no terminal: pytest-xdist, for one, says how wide it would be.

The files that take longest begin first, so that no processor waits at the end for one of them.
"""
import os
from collections.abc import Callable

import pytest

from dev.sandbox import Sandbox
from wsgi_contract.pytest_options import MARKERS

LONGEST = ("notebooks", "contract", "contract_alone", "hostile", "asgi_contract", "versions", "catch_up", "check",
           "roads", "broken_servers", "starters", "contract_fair", "watch", "class", "readme", "recorded",
           "executed_steps", "definitions", "reset", "workbench", "borrowed", "slow_machine")

for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)


def pytest_configure(config: pytest.Config) -> None:
    """Know the marks of the contract's checks, which some tests import."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the files that take longest first."""
    places = {f"test_{name}": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


def chosen(request: pytest.FixtureRequest, parameter: str = "name") -> list[str]:
    """Return the values of a parameter in the chosen tests that use a fixture, so that it makes no more than these."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)
             and item.module is request.module and request.fixturename in item.fixturenames]
    return list(dict.fromkeys(item.callspec.params[parameter] for item in items if hasattr(item, "callspec")))


@pytest.fixture(scope="session")
def sandboxes() -> dict[str, Sandbox]:
    """The sandboxes that tests leave to other tests, by the names of their folders."""
    return {}


@pytest.fixture
def fresh_sandbox(sandboxes: dict[str, Sandbox], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Sandbox]:
    """A function that returns a sandbox as it was just made, in a folder of this name.

    To make one takes as long as some commands in it. So it may be that of an earlier test, put in order again; one in
    which a test has changed more than chapters and what commands keep is given up.
    """
    def give(name: str) -> Sandbox:
        if name not in sandboxes or not sandboxes[name].renew():
            sandboxes[name] = Sandbox(tmp_path_factory.mktemp("sandbox") / name)
        return sandboxes[name]

    return give
