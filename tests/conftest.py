"""Settings of pytest for the checks, and a fixture of several chapters. The work is done in `workshop/checking`."""
import time

import pytest

from workshop.checking.plugins import NAMES

pytest_plugins = NAMES


@pytest.fixture
def eight_hours_ahead(monkeypatch):
    """Local time in a zone eight hours ahead of UTC, on systems where that can be set."""
    apply = getattr(time, "tzset", lambda: None)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "AHEAD-8")
        apply()
        yield
    apply()
