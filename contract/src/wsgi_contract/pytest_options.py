"""The options, which the command and pytest have in common: there `--clause`, here `--contract-clause`; and the marks.

Every session of pytest reads this file, also where nothing is checked: it imports nothing of the package.
"""
import argparse
from collections.abc import Mapping
from typing import Any

PREFIX = "--contract-"  # before the name, in pytest, where others have options too
KINDS = ("server", "middleware", "application")  # what can be checked
ASGI = "asgi"  # and a server of ASGI, with checks of its own
NUMBERS = "N,…"
MUST_ONLY, EVERYTHING = "must", "all"

MARKERS = (
    "clause(*numbers): the clauses of PEP 3333 that a check holds, by their numbers in wsgi_contract/clauses.py",
    "asgi(*numbers): the clauses of ASGI that a check holds, by their numbers in wsgi_contract/asgi/asgi_clauses.py",
    "http(rule): the rule of HTTP that a check holds: RFC 9110 section 9.3.2",
    "disputed(why): a check that counts nowhere, because the PEP or ASGI can be read so",
    "known_as(id): the id of a check whose name is another by now",
)  # of checks

ABOUT_SERVERS: Mapping[str, Mapping[str, Any]] = {
    "host": {"metavar": "HOST", "default": "127.0.0.1",
             "help": "where a server listens that runs already, with --port (usual: 127.0.0.1)"},
    "port": {"metavar": "PORT", "type": int,
             "help": "check a server that runs already on this port, with the probe application (see the verb "
                     "probe)"},
    "server-version": {"metavar": "TEXT", "help": "the server's version, for the report"},
    "no-http": {"action": "store_true", "help": "leave out HTTP's own rules"},
    "start-seconds": {"metavar": "S", "type": float, "help": "how long a command may take to listen (usual: 20)"},
    "seconds": {"metavar": "S", "type": float,
                "help": "how long an answer, a block or a line in the log may take (usual: 5)"},
}  # options by their names, with what argparse and pytest take
ABOUT_CHECKS: Mapping[str, Mapping[str, Any]] = {
    "clause": {"metavar": NUMBERS, "help": "run the checks of these clauses only"},
    "level": {"choices": [MUST_ONLY, EVERYTHING], "default": EVERYTHING,
              "help": "must: leave out the checks of clauses that say SHOULD or MAY"},
    "exclude": {"metavar": "ID,…", "action": "append", "default": [],
                "help": "leave out checks by their ids; * stands for any characters"},
    "expected": {"metavar": "FILE", "help": "the departures that are known: others are news, and so is one that has "
                                            "been mended"},
    "record": {"action": "store_true", "help": "write what departs into the file of --expected, or, for a server "
                                               "with a record, into that"},
    "all": {"action": "store_true", "help": "print every diagnosis in full, known departures too"},
    "json": {"metavar": "FILE", "help": "write a report as JSON; report.schema.json in the package describes it"},
    "junit": {"metavar": "FILE", "help": "write a report as JUnit XML, with clauses and ids as properties"},
    "badge": {"metavar": "FILE", "help": "write the score as a picture, SVG"},
}
ABOUT_DUTIES: Mapping[str, Mapping[str, Any]] = {
    "environ": {"metavar": "NAME=VALUE", "action": "append", "default": [],
                "help": "give each request this variable of the environ, a str"},
    "header": {"metavar": "NAME:VALUE", "action": "append", "default": [],
               "help": "give each request this header, such as 'Accept-Encoding: gzip'"},
}
ALL = {**ABOUT_SERVERS, **ABOUT_CHECKS, **ABOUT_DUTIES}


def attribute(name: str) -> str:
    """Return the name under which argparse keeps an option."""
    return name.replace("-", "_")


def as_pytest_options(arguments: argparse.Namespace) -> list[str]:
    """Return the options of the command as words for pytest."""
    words = []
    for name, about in ALL.items():
        value = getattr(arguments, attribute(name), None)
        if value is True:
            words.append(f"{PREFIX}{name}")
        elif about.get("action") == "append":
            words += [f"{PREFIX}{name}={one}" for one in value or ()]
        elif value not in (None, False):
            words.append(f"{PREFIX}{name}={value}")
    return words
