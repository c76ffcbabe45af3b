"""The tests run as where there is no terminal: pytest-xdist, for one, says how wide it would be."""
import os

import pytest

from wsgi_contract.options import MARKERS

for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)


def pytest_configure(config: pytest.Config) -> None:
    """Know the marks of the contract's checks, which some tests import."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
