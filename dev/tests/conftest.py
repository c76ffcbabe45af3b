"""The tests run as where there is no terminal: pytest-xdist, for one, says how wide it would be.

The files that take longest begin first, so that no processor waits at the end for one of them.
"""
import os

import pytest

from wsgi_contract.check_marks import MARKERS

LONGEST = ("versions", "hostile", "notebooks", "catch_up", "check", "roads", "starters", "watch", "contract", "reset",
           "class", "broken_servers", "workbench", "readme", "borrowed", "definitions")

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
