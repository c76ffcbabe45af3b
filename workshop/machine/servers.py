"""The servers that an application can be served by: the learner's own, the reference, and real ones to compare with.

Each runs as a program on a free port of 127.0.0.1 and tells its URL in what it prints. Adding a server is one entry in
SERVERS, which says how it starts. Whether it is installed is known without importing it.
"""
import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
ANYWHERE = "127.0.0.1:0"
POSIX = os.name != "nt"
THREADS = ("--worker-class=gthread", "--threads=4")

LOAD = """
import importlib, sys
module, _, name = sys.argv[1].partition(":")
application = getattr(importlib.import_module(module), name)
"""
WAITRESS = LOAD + """
from waitress import create_server
server = create_server(application, host="127.0.0.1", port=0)
print(f"http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
"""
WSGIREF = LOAD + """
import socket
from wsgiref.simple_server import make_server
socket.getfqdn = str  # wsgiref asks for the name of 127.0.0.1, and a name server may take its time
server = make_server("127.0.0.1", 0, application)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
WERKZEUG = LOAD + """
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, application)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
CHEROOT = LOAD + """
from cheroot.wsgi import Server
server = Server(("127.0.0.1", 0), application)
server.prepare()
print("http://{}:{}".format(*server.bind_addr), flush=True)
server.serve()
"""


def gunicorn(*options):
    """Return how gunicorn starts with these options, one worker in all cases."""
    words = ["-m", "gunicorn", "--no-control-socket", "--bind", ANYWHERE, *options]
    return lambda application, tree: [*words, application]


def of_tree(application, tree):
    """Return how chapter 4's server of a tree (a folder) starts."""
    return [str(tree / "ch04_response.py"), application, "--bind", ANYWHERE]


@dataclass(frozen=True)
class Server:
    """How one server starts."""

    title: str  # as it is called in a sentence
    words: Callable  # (an application as MODULE:APP, the learner's tree as a Path) -> what follows `python`
    package: str | None = None  # that it is in; None for those of this repository
    runs_here: bool = True  # whether there is a version for this system

    @property
    def is_installed(self):
        """Tell whether it can be started here."""
        return self.runs_here and (self.package is None or importlib.util.find_spec(self.package) is not None)

    @property
    def version(self):
        """The version (str) that is installed, or "" for those of this repository."""
        if self.package in (None, "wsgiref"):
            return platform.python_version() if self.package else ""
        return importlib.metadata.version(self.package)


SERVERS = {
    "yours": Server("your server", of_tree),
    "reference": Server("the reference", lambda application, tree: of_tree(application, SOLUTIONS)),
    "gunicorn": Server("gunicorn", gunicorn(), "gunicorn", POSIX),
    "gunicorn-gthread": Server("gunicorn with threads", gunicorn(*THREADS), "gunicorn", POSIX),
    "waitress": Server("waitress", lambda application, tree: ["-c", WAITRESS, application], "waitress"),
    "wsgiref": Server("wsgiref", lambda application, tree: ["-c", WSGIREF, application], "wsgiref"),
    "werkzeug": Server("werkzeug's server", lambda application, tree: ["-c", WERKZEUG, application], "werkzeug"),
    "cheroot": Server("cheroot", lambda application, tree: ["-c", CHEROOT, application], "cheroot"),
}  # by the name that one gives on the command line
