"""Settings of pytest for the checks, and a fixture of several chapters. The work is done in `workshop/checking`."""
import time

import pytest

from workshop.checking.plugins import NAMES
from workshop.course.project import Project
from workshop.machine.interpreter import refuse_without_packages

refuse_without_packages(Project.here().root)  # before any module of checks is imported that needs them
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


@pytest.fixture
def last_week(monkeypatch):
    """Have Python's clock tell the time of a week ago, until the list that is returned is emptied."""
    ago = [7 * 24 * 3_600]
    for name in ("gmtime", "localtime"):
        real = getattr(time, name)
        monkeypatch.setattr(time, name, lambda seconds=None, real=real:
                            real(time.time() if seconds is None else seconds))
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() - sum(ago))
    return ago
