"""The servers that an application can be served by: the learner's own, the reference, and some of the contract's.

Each runs as a program on a free port of 127.0.0.1 and tells its URL in what it prints.
"""
from pathlib import Path

from wsgi_contract.real_servers import ANYWHERE, REAL_SERVERS, ServerProgram

REAL = ("gunicorn", "gunicorn-gthread", "waitress", "wsgiref", "werkzeug", "cheroot")  # as the workshop installs them
SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


FOR_ONE, FOR_MANY = "ch04_response", "ch06_concurrency"  # the chapters that have a server for one client, and for many
ADAPTED = "ch07_asgi"  # the chapter whose server takes applications of WSGI through an adapter
YOURS = {"yours": FOR_ONE, "yours-6": FOR_MANY, "yours-7": ADAPTED}  # the learner's, and their chapters


def of_tree(application: str, tree: Path, stem: str = FOR_ONE, *options: str) -> list[str]:
    """Return how the server of a tree starts, usually chapter 4's."""
    return [str(tree / f"{stem}.py"), application, "--bind", ANYWHERE, *options]


SERVERS = {
    "yours": ServerProgram("your server", of_tree),
    "reference": ServerProgram("the reference", lambda app, tree: of_tree(app, SOLUTIONS)),
    "yours-6": ServerProgram("your server of chapter 6", lambda app, tree: of_tree(app, tree, FOR_MANY)),
    "reference-6": ServerProgram("the reference of chapter 6", lambda app, tree: of_tree(app, SOLUTIONS, FOR_MANY)),
    "yours-7": ServerProgram("your server of chapter 7", lambda app, tree: of_tree(app, tree, ADAPTED, "--wsgi")),
    "reference-7": ServerProgram("the reference of chapter 7",
                                 lambda app, tree: of_tree(app, SOLUTIONS, ADAPTED, "--wsgi")),
} | {name: REAL_SERVERS[name] for name in REAL}  # by the name that one gives on the command line
ASGI_SERVERS = {
    "yours-7": ServerProgram("your server of chapter 7", lambda app, tree: of_tree(app, tree, ADAPTED)),
    "reference-7": ServerProgram("the reference of chapter 7", lambda app, tree: of_tree(app, SOLUTIONS, ADAPTED)),
}  # the same for applications of ASGI
