"""Real servers of ASGI: how each starts, at the root or mounted below it. See real_servers.py of the folder above."""
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from wsgi_contract.real_servers import ANYWHERE, ServerProgram, in_python
from wsgi_contract.server_starts import FREE

MOUNT = "/mounted"  # the root_path of a server that is mounted
ROOT = ("--root-path", MOUNT)
DAPHNE = """
import logging, re, sys
from daphne.cli import CommandLineInterface

class Listening(logging.Handler):
    def emit(self, record):
        if found := re.search(r"Listening on TCP address 127.0.0.1:(\\d+)", record.getMessage()):
            print(f"http://127.0.0.1:{found[1]}", flush=True)

logging.getLogger("daphne.server").addHandler(Listening())
CommandLineInterface().run(["--bind", "127.0.0.1", "--port", "0", *sys.argv[2:], sys.argv[1]])
"""
GRANIAN = FREE + """
from granian import Granian
if __name__ == "__main__":
    server = Granian(sys.argv[1], address="127.0.0.1", port=port, interface="asgi", url_path_prefix=PREFIX)
    server.on_startup(lambda: print(f"http://127.0.0.1:{port}", flush=True))
    server.serve()
"""


@dataclass(frozen=True)
class AsgiProgram(ServerProgram):
    """How one server starts, and how it does where it is mounted at MOUNT."""

    mounted_words: Callable[[str, Path], list[str]] | None = None

    @property
    def mounted(self) -> ServerProgram | None:
        """The same server, mounted; None where nobody has said how."""
        return replace(self, words=self.mounted_words) if self.mounted_words else None


def uvicorn(*options: str) -> Callable[[str, Path], list[str]]:
    """Return how uvicorn starts with these options: with h11, also where httptools is installed."""
    return lambda application, folder: ["-m", "uvicorn", "--port", "0", "--http", "h11", *options, application]


def hypercorn(*options: str) -> Callable[[str, Path], list[str]]:
    """Return how hypercorn starts with these options."""
    return lambda application, folder: ["-m", "hypercorn", "--bind", ANYWHERE, *options, application]


def daphne(*options: str) -> Callable[[str, Path], list[str]]:
    """Return how daphne starts with these options: its command, and the URL printed that it leaves to its log."""
    return lambda application, folder: ["-c", DAPHNE, application, *options]


def granian(prefix: str | None) -> Callable[[str, Path], list[str]]:
    """Return how granian starts, mounted at a prefix or at the root."""
    return in_python(GRANIAN.replace("PREFIX", repr(prefix)))


ASGI_SERVERS = {
    "uvicorn": AsgiProgram("uvicorn with h11", uvicorn(), "uvicorn", mounted_words=uvicorn(*ROOT)),
    "hypercorn": AsgiProgram("hypercorn", hypercorn(), "hypercorn", mounted_words=hypercorn(*ROOT)),
    "daphne": AsgiProgram("daphne", daphne(), "daphne", mounted_words=daphne(*ROOT)),
    "granian": AsgiProgram("granian", granian(None), "granian", mounted_words=granian(MOUNT)),
}  # by the name that one gives on the command line
