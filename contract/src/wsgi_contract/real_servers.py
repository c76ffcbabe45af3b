"""Real servers: how each starts with an application, as a program on a free port of 127.0.0.1 that prints its URL.

A server more is one entry in REAL_SERVERS. Whether it is installed is known without importing it.
"""
import importlib.metadata
import importlib.util
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wsgi_contract.shell_words import POSIX

ANYWHERE = "127.0.0.1:0"
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


def gunicorn(*options: str) -> Callable[[str, Path], list[str]]:
    """Return how gunicorn starts with these options, one worker in all cases."""
    words = ["-m", "gunicorn", "--no-control-socket", "--bind", ANYWHERE, *options]
    return lambda application, folder: [*words, application]


def in_python(code: str) -> Callable[[str, Path], list[str]]:
    """Return how a server starts that some code runs."""
    return lambda application, folder: ["-c", code, application]


@dataclass(frozen=True)
class ServerProgram:
    """How one server starts."""

    title: str  # as it is called in a sentence
    words: Callable[[str, Path], list[str]]  # (MODULE:APP, folder of what is not installed) -> what follows `python`
    package: str | None = None  # that it is in; None for one that is a file in the folder
    runs_here: bool = True  # whether there is a version for this system

    @property
    def is_installed(self) -> bool:
        """Tell whether it can be started here."""
        return self.runs_here and (self.package is None or importlib.util.find_spec(self.package) is not None)

    @property
    def version(self) -> str:
        """The version that is installed, or "" for one that has none."""
        if self.package in (None, "wsgiref"):
            return platform.python_version() if self.package else ""
        return importlib.metadata.version(self.package)


REAL_SERVERS = {
    "gunicorn": ServerProgram("gunicorn", gunicorn(), "gunicorn", POSIX),
    "gunicorn-gthread": ServerProgram("gunicorn with threads", gunicorn(*THREADS), "gunicorn", POSIX),
    "waitress": ServerProgram("waitress", in_python(WAITRESS), "waitress"),
    "wsgiref": ServerProgram("wsgiref", in_python(WSGIREF), "wsgiref"),
    "werkzeug": ServerProgram("werkzeug's server", in_python(WERKZEUG), "werkzeug"),
    "cheroot": ServerProgram("cheroot", in_python(CHEROOT), "cheroot"),
}  # by the name that one gives on the command line
