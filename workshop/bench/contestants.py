"""The servers under measurement, each a program of its own that is ended with all that it has started."""
import contextlib
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from workshop.bench.load import asks_well
from workshop.bench.modes import Mode
from workshop.machine.containment import TAG, end_group, end_tagged, own_group
from workshop.machine.servers import SERVERS
from workshop.machine.virtual_environment import plain_environment
from wsgi_contract.real_servers import REAL_SERVERS, ServerProgram, gunicorn

SERVED = Path(__file__).parent / "served"
APPLICATION = "hello:application"
START_SECONDS = 15  # for a server to print its URL, and to answer
PAUSE = 0.01  # seconds between two looks at what it has printed
URL = re.compile(r"http://127\.0\.0\.1:(\d+)")

LOGGING = {
    "gunicorn-log": ServerProgram("gunicorn with an access log", gunicorn("--access-logfile", "-"), "gunicorn"),
} if "gunicorn" in SERVERS else {}  # it does what the reference does: a line for each request
BESIDE = {name: REAL_SERVERS[name] for name in ("granian",) if REAL_SERVERS[name].is_installed}  # the workshop has none
LIMIT = "limit"
CONTESTANTS = SERVERS | LOGGING | BESIDE | {
    LIMIT: ServerProgram("a loop that answers fixed bytes", lambda application, tree: [str(SERVED / "limit.py")]),
}


class CannotServe(Exception):
    """A server can't be measured; the message is one sentence that says why."""


class Contestant:
    """A server that runs. What it prints goes into a file in a folder, so that nobody has to read it."""

    def __init__(self, name: str, folder: Path, root: Path) -> None:
        self.name, self.tag = name, secrets.token_hex(8)
        self.path = folder / f"{name}.txt"
        self.output = open(self.path, "ab")
        tree = root / "chapters"
        self.process = subprocess.Popen(
            [sys.executable, *CONTESTANTS[name].words(APPLICATION, tree)], cwd=root, env=environment(self.tag, tree),
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, **own_group())

    def wait_until_it_serves(self) -> None:
        """Note the server's port and have it answer once. Raises CannotServe."""
        end = time.monotonic() + START_SECONDS
        while not (found := URL.search(self.printed())):
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotServe(why_not(self.printed()))
            time.sleep(PAUSE)
        self.port = int(found[1])
        while not asks_well(self.port):  # some print their URL before the process that serves has begun
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotServe("it does not answer a request with what the application gave")
            time.sleep(PAUSE)

    def printed(self) -> str:
        """Return what the server has printed."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    def forget_what_was_printed(self) -> None:
        """Make room: some servers print a line for each request."""
        os.truncate(self.path, 0)

    def end(self) -> None:
        """End it and all that it has started."""
        end_group(self.process)
        end_tagged(self.tag)
        self.output.close()


def why_not(printed: str) -> str:
    """Return the sentence for a server that printed this and no URL."""
    if stub := re.search(r"not started: (step .*)", printed):
        return f"{stub[1]} is still to be written"
    lines = printed.strip().splitlines() or ["it printed nothing"]
    return f"it does not start ({lines[-1].strip()})"


def environment(tag: str, tree: Path) -> dict[str, str]:
    """Return the environment variables of a server. An unbuffered one would write each line in two parts."""
    path = os.pathsep.join(map(str, (SERVED, tree)))
    variables = plain_environment(**{TAG: tag}, PYTHONPATH=path, PYTHONIOENCODING="utf-8", NO_COLOR="1")
    variables.pop("PYTHONUNBUFFERED", None)
    return variables


class Contest:
    """All servers that run, by name; and those that are left out, with the sentence that says why."""

    def __init__(self, folder: Path, root: Path, left_out: dict[str, str]) -> None:
        self.folder, self.root = folder, root
        self.running: dict[str, Contestant] = {}
        self.left_out = left_out

    def start(self, name: str) -> None:
        """Start a server (a name in CONTESTANTS), or note why that can't be done."""
        if not CONTESTANTS[name].is_installed:
            self.left_out[name] = f"the package {CONTESTANTS[name].package} is not installed"
            return
        self.running[name] = server = Contestant(name, self.folder, self.root)
        try:
            server.wait_until_it_serves()
        except CannotServe as error:
            self.running.pop(name).end()
            self.left_out[name] = str(error)

    def made_ready(self, name: str, mode: Mode) -> Contestant | None:
        """Return a server once it answers in a mode, started anew if it does not; None if that does not help."""
        server = self.running.get(name)
        if server and not asks_well(server.port, mode):
            server.end()
            self.start(name)
        return self.running.get(name)

    def end(self) -> None:
        """End all that runs."""
        for server in self.running.values():
            server.end()


@contextlib.contextmanager
def contest(names: Iterable[str], folder: Path, root: Path, left_out: dict[str, str]) -> Iterator[Contest]:
    """Have the servers with these names run, from a repository (root); left_out is where the others are noted."""
    everyone = Contest(folder, root, left_out)
    try:
        for name in names:
            everyone.start(name)
        yield everyone
    finally:
        everyone.end()
