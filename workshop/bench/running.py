"""The servers under measurement, each a program of its own that is ended with all that it has started."""
import contextlib
import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

from contract.real_servers import ServerProgram, gunicorn
from workshop.bench import processor
from workshop.bench.load import asks_well
from workshop.course.steps import ROOT
from workshop.machine.containment import TAG, end_group, end_tagged, own_group
from workshop.machine.environment import plain_environment
from workshop.machine.servers import SERVERS

SERVED = Path(__file__).parent / "served"
APPLICATION = "hello:application"
START_SECONDS = 15  # for a server to print its URL
PAUSE = 0.01  # seconds between two looks at what it has printed
URL = re.compile(r"http://127\.0\.0\.1:(\d+)")

LOGGING = {
    "gunicorn-log": ServerProgram("gunicorn with an access log", gunicorn("--access-logfile", "-"), "gunicorn"),
} if "gunicorn" in SERVERS else {}  # it does what the reference does: a line for each request
CONTESTANTS = SERVERS | LOGGING | {
    "limit": ServerProgram("a loop that answers fixed bytes", lambda application, tree: [str(SERVED / "limit.py")]),
}


class CannotServe(Exception):
    """A server can't be measured; the message is one sentence that says why."""


class Running:
    """A server that runs. What it prints goes into a file in a folder (a path), so that nobody has to read it."""

    def __init__(self, name, folder, tree=ROOT / "chapters"):
        self.name, self.tag = name, secrets.token_hex(8)
        self.path = Path(folder, f"{name}.txt")
        self.output = open(self.path, "ab")
        self.process = subprocess.Popen(
            [sys.executable, *CONTESTANTS[name].words(APPLICATION, tree)], cwd=ROOT, env=environment(self.tag, tree),
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, **own_group())

    def printed(self):
        """Return what the server has printed."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    def wait_until_it_serves(self):
        """Note the server's port and have it answer once. Raises CannotServe."""
        end = time.monotonic() + START_SECONDS
        while not (found := URL.search(self.printed())):
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotServe(why_not(self.printed()))
            time.sleep(PAUSE)
        self.port = int(found[1])
        if not asks_well(self.port):
            raise CannotServe("it does not answer a request with what the application gave")

    def forget_what_was_printed(self):
        """Make room: some servers print a line for each request."""
        os.truncate(self.path, 0)

    def processor_seconds(self):
        """Return how long processors have worked for it, or None."""
        return processor.seconds_of(self.process.pid)

    def end(self):
        """End it and all that it has started."""
        end_group(self.process)
        end_tagged(self.tag)
        self.output.close()


def why_not(printed):
    """Return the sentence for a server that printed this (str) and no URL."""
    if stub := re.search(r"not started: (step .*)", printed):
        return f"{stub[1]} is still to be written"
    lines = printed.strip().splitlines() or ["it printed nothing"]
    return f"it does not start ({lines[-1].strip()})"


def environment(tag, tree):
    """Return the environment variables of a server (a dict). An unbuffered one would write each line in two parts."""
    path = os.pathsep.join(map(str, (SERVED, tree)))
    variables = plain_environment(**{TAG: tag}, PYTHONPATH=path, PYTHONIOENCODING="utf-8", NO_COLOR="1")
    variables.pop("PYTHONUNBUFFERED", None)
    return variables


class Field:
    """All servers that run, by name; and those that are left out, with the sentence that says why."""

    def __init__(self, folder, left_out=None):
        self.folder = folder
        self.running, self.left_out = {}, {} if left_out is None else left_out

    def start(self, name):
        """Start a server (a name in CONTESTANTS), or note why that can't be done."""
        if not CONTESTANTS[name].is_installed:
            self.left_out[name] = f"the package {CONTESTANTS[name].package} is not installed"
            return
        self.running[name] = server = Running(name, self.folder)
        try:
            server.wait_until_it_serves()
        except CannotServe as error:
            self.leave_out(name, str(error))

    def leave_out(self, name, why):
        """End a server, and note why it is left out from now on."""
        self.running.pop(name).end()
        self.left_out[name] = why

    def made_ready(self, name):
        """Return a server once it answers, started anew if it no longer does; None if that is in vain."""
        server = self.running.get(name)
        if server and not asks_well(server.port):
            server.end()
            self.start(name)
        return self.running.get(name)

    def end(self):
        """End all that runs."""
        for server in self.running.values():
            server.end()


@contextlib.contextmanager
def field(names, folder, left_out=None):
    """Have the servers with these names run, as a Field; left_out (a dict) takes the others."""
    everyone = Field(folder, left_out)
    try:
        for name in names:
            everyone.start(name)
        yield everyone
    finally:
        everyone.end()
