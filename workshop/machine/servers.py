"""The servers that an application can be served by: the learner's own, the reference, and some of the contract's.

Each runs as a program on a free port of 127.0.0.1 and tells its URL in what it prints.
"""
from pathlib import Path

from wsgi_contract.real_servers import ANYWHERE, REAL_SERVERS, ServerProgram

REAL = ("gunicorn", "gunicorn-gthread", "waitress", "wsgiref", "werkzeug", "cheroot")  # as the workshop installs them
SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def of_tree(application: str, tree: Path) -> list[str]:
    """Return how chapter 4's server of a tree starts."""
    return [str(tree / "ch04_response.py"), application, "--bind", ANYWHERE]


SERVERS = {
    "yours": ServerProgram("your server", of_tree),
    "reference": ServerProgram("the reference", lambda application, tree: of_tree(application, SOLUTIONS)),
} | {name: REAL_SERVERS[name] for name in REAL}  # by the name that one gives on the command line
