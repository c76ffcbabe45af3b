"""The command wsgi-contract: it runs the checks with pytest, with settings of its own.

    wsgi-contract check waitress                          a server with a name
    wsgi-contract check -- python3 server.py {port} {app} any other
    wsgi-contract check --port 8000                       one that runs already, with the probe application
    wsgi-contract middleware MODULE:NAME
    wsgi-contract application MODULE:NAME
    wsgi-contract asgi uvicorn                            a server of ASGI, named as with check
"""
import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract import __version__, plugin
from wsgi_contract.pytest_options import (
    ABOUT_CHECKS,
    ABOUT_DUTIES,
    ABOUT_SERVERS,
    ASGI,
    PREFIX,
    as_pytest_options,
)
from wsgi_contract.shell_words import as_command, typed

CHECKS = Path(__file__).parent / "checks"
ASGI_CHECKS = Path(__file__).parent / "asgi" / "checks"
FOLDERS = {"server": CHECKS / "server", "middleware": CHECKS / "duties" / "test_middleware.py",
           "application": CHECKS / "duties" / "test_application.py",
           ASGI: ASGI_CHECKS}  # by the kind of what is checked
USUAL = "check"  # what is done where nothing is asked for
SETTINGS = ("-c", str(CHECKS / "pytest.ini"), "-p", plugin.__name__, "-p", "no:cacheprovider",
            "--import-mode=append", "--assert=plain")
IN_SHORT = ("-q", "--no-header", "-rN", "--tb=short")
COMMAND = """\
A command that starts the server, behind `--`. In it {port} stands for the port of 127.0.0.1 to listen on, {app} for the
application to serve, which Python finds, and {file} for the file that it is in."""
PROBE = """\
The probe is the application that a server is checked with. Serve it at the root, as

    {application}

or, where your server wants a file, {file}

Python finds it if this package is installed there; the file needs nothing beside the standard library, so it can also
be copied. It connects to the suite on the address that each request names, to report what happens inside.
Then, with the server on port 8000:

    {command} check --port 8000

For a server of ASGI it is wsgi_contract.probe.coroutine_probe:application (coroutine_probe.py, which needs the other
file beside it), and `{command} asgi --port 8000`.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = argparse.ArgumentParser(prog=typed(), description="Checks WSGI servers, middleware and applications "
                                    "against PEP 3333, and servers against what it takes from HTTP.")
    whole.add_argument("--version", action="version", version=f"wsgi-contract {__version__}")
    verbs = whole.add_subparsers(title="what to do", metavar="VERB", required=True)
    for name, (function, summary, add) in VERBS.items():
        verb = verbs.add_parser(name, help=summary, description=summary)
        verb.set_defaults(run=function, kind="server" if name == USUAL else name)
        add(verb)
    return whole


def add_options(verb: argparse.ArgumentParser, *tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Declare options."""
    for name, about in (item for table in tables for item in table.items()):
        verb.add_argument(f"--{name}", **about)


def add_for_servers(verb: argparse.ArgumentParser) -> None:
    """Declare what may follow `check`."""
    verb.epilog = COMMAND
    verb.usage = "%(prog)s [options] [NAME | -- COMMAND …]"
    verb.add_argument("name", metavar="NAME", nargs="?", help="a server with a name: `list --servers` has them "
                                                              "(of ASGI: `list --servers --asgi`)")
    add_options(verb, ABOUT_SERVERS, ABOUT_CHECKS)


def add_for_duties(verb: argparse.ArgumentParser) -> None:
    """Declare what may follow `middleware` and `application`."""
    verb.add_argument("name", metavar="MODULE:NAME", nargs="?",
                      help="looked up from the current folder; without it, those that this suite or a plugin knows")
    add_options(verb, ABOUT_DUTIES, ABOUT_CHECKS)


def add_for_list(verb: argparse.ArgumentParser) -> None:
    """Declare what may follow `list`."""
    verb.add_argument("--servers", action="store_true", help="list the servers that have a name, instead")
    verb.add_argument("--asgi", action="store_true", help="list what is for servers of ASGI")
    verb.add_argument("--as-json", action="store_true", help="print all that is known of each check, as JSON")


def check(arguments: argparse.Namespace) -> int:
    """Run the checks, and return the exit status: 0 if nothing is new, 1 if something is."""
    name = arguments.name or as_command(arguments.command)
    chosen = [f"{PREFIX}{arguments.kind}={name}"] if name else []
    return run_pytest([*IN_SHORT, str(FOLDERS[arguments.kind]), *chosen, *as_pytest_options(arguments)])


def run_pytest(words: Sequence[str], *plugins: object) -> int:
    """Run pytest with the suite's settings alone, and return its exit status."""
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.append(os.getcwd())  # plugins, middleware and applications are found there
    return int(pytest.main([*SETTINGS, *words], list(plugins)))


class Collected:
    """A plugin for pytest that prints the checks that were found."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Print the checks."""
        from wsgi_contract.check_marks import check_of

        found = {check.id: check for check in map(check_of, session.items)}
        if self.as_json:
            print(json.dumps([vars(check) for check in found.values()], ensure_ascii=False))
        else:
            print("\n".join(f"{check.id:<90} {check.source}" for check in found.values()))


def list_checks(arguments: argparse.Namespace) -> int:
    """Print the ids of all checks, or the names of servers; return 0."""
    from wsgi_contract.asgi.asgi_programs import ASGI_SERVERS
    from wsgi_contract.real_servers import REAL_SERVERS

    if arguments.servers:
        servers = ASGI_SERVERS if arguments.asgi else REAL_SERVERS
        print("\n".join(f"{name:<20} {server.title}" for name, server in servers.items()))
        return 0
    folder = str(ASGI_CHECKS if arguments.asgi else CHECKS)
    return run_pytest([folder, "--collect-only", "-p", "no:terminal"], Collected(arguments.as_json))


def show_probe(arguments: argparse.Namespace) -> int:
    """Print how the probe is mounted, and return 0."""
    from wsgi_contract import probe
    from wsgi_contract.under_test import PROBE_FILE

    print(PROBE.format(application=f"{probe.__name__}:application", file=PROBE_FILE, command=typed()))
    return 0


Verb = tuple[Callable[[argparse.Namespace], int], str, Callable[[argparse.ArgumentParser], None]]
VERBS: Mapping[str, Verb] = {
    "check": (check, "check a server", add_for_servers),
    ASGI: (check, "check a server of ASGI", add_for_servers),
    "middleware": (check, "check the duties of a middleware, NAME(app)", add_for_duties),
    "application": (check, "check the duties of an application", add_for_duties),
    "list": (list_checks, "list the checks by their ids, with their clauses", add_for_list),
    "probe": (show_probe, "say how the probe application is mounted in a server that runs already", lambda verb: None),
}


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """Return what a command line says; a command stands behind `--`. Ends with status 2 where it can't be."""
    own, command = list(words), []
    if "--" in own:
        place = own.index("--")
        own, command = own[:place], own[place + 1:]
    if not own or own[0] not in VERBS and own[0] not in ("-h", "--help", "--version"):
        own = [USUAL, *own]
    arguments = parser().parse_args(own)
    if command and (arguments.kind not in ("server", ASGI) or arguments.name):
        parser().error("a command is given to `check`, in place of NAME")
    arguments.command = command
    return arguments


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words of a command line ask for, and return the exit status."""
    if hasattr(signal, "SIGTERM"):  # whoever ends the suite ends what it has started
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = parsed(sys.argv[1:] if words is None else words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal may lack characters of what a server sent
    return arguments.run(arguments)
