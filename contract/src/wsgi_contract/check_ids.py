"""The id of each check: what lists of expected departures and reports know it by. It stays for ever.

An id is the name of the check's function and, behind a slash, the id of its input: `close-is-called-once/late`. A
check that gets a better name keeps its id with a mark: `pytest.mark.known_as("close-is-called-once")`. RELEASED has the
ids of all checks that were ever in a release, one a line; what is in it never leaves it.
"""
import re
from pathlib import Path

import pytest

from wsgi_contract.pytest_options import KINDS

RELEASED = Path(__file__).with_name("released_ids.txt")
WORDS = "[a-z0-9]+(-[a-z0-9]+)*"
FORM = re.compile(f"{WORDS}(/{WORDS})?")


def id_of(item: pytest.Item) -> str:
    """Return the id of a check; the subject that it was given, a middleware or an application, is no part of it."""
    mark = item.get_closest_marker("known_as")
    name = mark.args[0] if mark else slug(item.name.partition("[")[0].removeprefix("test_"))
    given = input_of(item)
    return f"{name}/{given}" if given else name


def input_of(item: pytest.Item) -> str:
    """Return the id of a check's input, "" if it has none."""
    given = item.name.partition("[")[2].removesuffix("]")
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for kind in parameters.keys() & set(KINDS):
        given = given.removeprefix(str(parameters[kind])).removeprefix("-")
    return given


def slug(text: str) -> str:
    """Return a text as it stands in an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def released() -> set[str]:
    """Return the ids of all checks that were in a release."""
    return set(RELEASED.read_text(encoding="utf-8").split())
