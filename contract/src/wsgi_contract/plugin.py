"""A plugin for pytest: the options, and what is said of a run of the contract. It leaves all other tests alone.

    pytest --pyargs wsgi_contract.checks.server --contract-server waitress
    pytest --pyargs wsgi_contract.checks.server --contract-server 'gunicorn --bind 127.0.0.1:{port} {app}'

What the checks of a running server and those of duties need is in a conftest.py beside each of them.
"""
import sys
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract.current_run import RUN
from wsgi_contract.pytest_options import ALL, ASGI, KINDS, MARKERS, PREFIX

SETTINGS = "pyproject.toml"
WORDS = {  # state: category in pytest's closing line, letter, word
    "departs": ("known to depart", "d", ("DEPARTS", {"yellow": True})),
    "not offered": ("not offered", "-", ("NOT OFFERED", {"yellow": True})),
    "could not be looked at": ("not looked at", "?", ("NOT LOOKED AT", {"yellow": True})),
    "new": ("failed", "F", "FAILED"),
    "also new": ("also wrong", "F", "FAILED"),
    "not started": ("not started", "○", ("NOT STARTED", {"yellow": True})),
    "not checked": ("not checked", "-", ("NOT CHECKED", {"yellow": True})),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what is checked, and how."""
    group = parser.getgroup("wsgi-contract", "checks of WSGI servers, middleware and applications")
    for kind, what in (*zip(KINDS, KINDS, strict=True), (ASGI, "server of ASGI")):
        group.addoption(f"{PREFIX}{kind}", metavar="NAME", help=f"the {what} to check")
    for name, about in ALL.items():
        group.addoption(f"{PREFIX}{name}", **about)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare what plugins may add."""
    from wsgi_contract import hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of checks, and load the plugins that the settings of the current folder name."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    for name in plugins_in(config.invocation_params.dir):
        config.pluginmanager.import_plugin(name)
    for kind in KINDS[1:]:
        if config.getoption(f"contract_{kind}"):
            from wsgi_contract.duty_run import run_of

            run_of(config, kind)  # what can't be found is told before anything is collected


def plugins_in(folder: Path) -> list[str]:
    """Return the plugins that the settings of a folder, or of the next above it that has any, name.

    They stand in pyproject.toml, in the table tool.wsgi-contract.
    """
    path = next(filter(Path.is_file, (parent / SETTINGS for parent in [folder, *folder.parents])), None)
    if path is None or "wsgi-contract" not in (text := path.read_text(encoding="utf-8")):
        return []
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # pytest needs it there too
    return tomllib.loads(text).get("tool", {}).get("wsgi-contract", {}).get("plugins", [])


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: Any) -> Any:
    """Return the words for a state of the contract's own."""
    return WORDS.get(getattr(report, "contract_state", ""))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the record and the reports that were asked for. A server that is still to be written has not passed."""
    run = session.config.stash.get(RUN, None)
    if run is None:
        return
    from wsgi_contract.report_files import write_reports

    run.write_record()
    write_reports(run)
    if exitstatus == pytest.ExitCode.OK and run.fails_without_news:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the score."""
    run = config.stash.get(RUN, None)
    if run and (run.outcomes or run.missing):
        terminalreporter.section("contract")
        for line in run.closing_lines():
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was started."""
    if run := config.stash.get(RUN, None):
        run.close()
