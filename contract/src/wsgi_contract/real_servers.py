"""Real servers: how each starts with an application, as a program on a free port of 127.0.0.1 that prints its URL.

A server more is one entry in REAL_SERVERS. Whether it is installed is known without importing it.
"""
import importlib.metadata
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wsgi_contract import server_starts as start
from wsgi_contract.shell_words import POSIX

ANYWHERE = "127.0.0.1:0"
STANDARD = "wsgiref"  # comes with Python
THREADS = ("--worker-class=gthread", "--threads=4")


def gunicorn(*options: str) -> Callable[[str, Path], list[str]]:
    """Return how gunicorn starts with these options, one worker in all cases."""
    words = ["-m", "gunicorn", "--no-control-socket", "--bind", ANYWHERE, *options]
    return lambda application, folder: [*words, application]


def in_python(code: str) -> Callable[[str, Path], list[str]]:
    """Return how a server starts that some code runs."""
    return lambda application, folder: ["-c", code, application]


def hypercorn(application: str, folder: Path) -> list[str]:
    """Return how hypercorn starts with an application that it need not look at to know that it is one of WSGI."""
    return ["-m", "hypercorn", "--bind", ANYWHERE, f"wsgi:{application}"]


@dataclass(frozen=True)
class ServerProgram:
    """How one server starts."""

    title: str  # as it is called in a sentence
    words: Callable[[str, Path], list[str]]  # (MODULE:APP, folder of what is not installed) -> what follows `python`
    package: str | None = None  # that it is in; None for one that is a file in the folder
    runs_here: bool = True  # whether there is a version for this system
    adapter: str | None = None  # another package, which makes WSGI of what the server speaks

    @property
    def packages(self) -> list[str]:
        """The packages that pip has to install."""
        return [name for name in (self.package, self.adapter) if name and name != STANDARD]

    @property
    def is_installed(self) -> bool:
        """Tell whether it can be started here."""
        return self.runs_here and all(map(version_of, self.packages))

    @property
    def version(self) -> str:
        """The version that is installed, or "" for one that has none."""
        if self.package == STANDARD:
            return platform.python_version()
        others = [f"{name} {version_of(name)}" for name in self.packages[1:]]
        return ", ".join([*map(version_of, self.packages[:1]), *others])


def version_of(package: str) -> str:
    """Return the version of a package, or "" if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


REAL_SERVERS = {
    "gunicorn": ServerProgram("gunicorn", gunicorn(), "gunicorn", POSIX),
    "gunicorn-gthread": ServerProgram("gunicorn with threads", gunicorn(*THREADS), "gunicorn", POSIX),
    "waitress": ServerProgram("waitress", in_python(start.WAITRESS), "waitress"),
    "wsgiref": ServerProgram("wsgiref", in_python(start.WSGIREF), STANDARD),
    "werkzeug": ServerProgram("werkzeug's server", in_python(start.WERKZEUG), "werkzeug"),
    "cheroot": ServerProgram("cheroot", in_python(start.CHEROOT), "cheroot"),
    "gevent": ServerProgram("gevent's server", in_python(start.GEVENT), "gevent"),
    "eventlet": ServerProgram("eventlet's server", in_python(start.EVENTLET), "eventlet"),
    "bjoern": ServerProgram("bjoern", in_python(start.BJOERN), "bjoern", POSIX),
    "tornado": ServerProgram("tornado", in_python(start.TORNADO), "tornado"),
    "twisted": ServerProgram("Twisted", in_python(start.TWISTED), "twisted"),
    "granian": ServerProgram("granian", in_python(start.GRANIAN), "granian"),
    "uvicorn": ServerProgram("uvicorn with a2wsgi", in_python(start.UVICORN), "uvicorn", adapter="a2wsgi"),
    "hypercorn": ServerProgram("hypercorn", hypercorn, "hypercorn"),
    "cherrypy": ServerProgram("CherryPy", in_python(start.CHERRYPY), "cherrypy"),
    "django": ServerProgram("Django's runserver", in_python(start.DJANGO), "django"),
    "uwsgi": ServerProgram("uWSGI", in_python(start.UWSGI), "uwsgi", POSIX),
}  # by the name that one gives on the command line
