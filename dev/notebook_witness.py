"""Goes into each Python process of a notebook that the tests run, and writes down what they must not do.

A copy of this file stands on PYTHONPATH as sitecustomize.py: so the kernel runs it, and each Python program that a cell
starts. What it sees goes, a line of JSON each, into the file that the environment variable WITNESS names.
"""
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil

HOMES = ("127.0.0.1", "::1")  # urllib3 tries the second when it is imported, to know whether there is IPv6
NOBODYS = "192.0.2.1"  # an address from RFC 5737 that no machine has: a check looks on as bind fails
PATIENCE = 0.5  # seconds, for what is just ending when a cell has run
PLACES: dict[str, Callable[..., Any]] = {
    "socket.connect": lambda _, address: address,
    "socket.bind": lambda _, address: address if address[0] != NOBODYS else None,
    "socket.sendto": lambda _, address: address,
    "socket.getaddrinfo": lambda host, *_: (host,),
    "socket.gethostbyname": lambda host: (host,),
    "socket.gethostbyaddr": lambda host: (host,),
    "socket.getnameinfo": lambda address: address,
}  # audit event -> its arguments to where it leads: a tuple, or else the name of a socket in the file system


def write(**record: Any) -> None:
    """Add a record to the file; one write each, so that processes don't mix theirs."""
    handle = os.open(os.environ["WITNESS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{json.dumps(record)}\n".encode())
    os.close(handle)


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    """The audit hook: write down each place beyond HOMES that a socket leads to, or that is looked up."""
    if event in PLACES:
        place = PLACES[event](*arguments)
        if isinstance(place, tuple) and place[0] not in HOMES:
            write(place=str(place[0]), event=event, program=sys.argv[0])


def watch(shell: Any) -> None:
    """Have a kernel write down, for each cell, the seconds that it took and what it has left open."""
    own = things()
    begun: dict[str, float] = {}
    shell.events.register("pre_run_cell", lambda info: begun.update(at=time.monotonic()))

    def after(result: Any) -> None:
        seconds = time.monotonic() - begun.get("at", time.monotonic())
        write(seconds=seconds, left=left_open(own))

    shell.events.register("post_run_cell", after)


def left_open(own: set[str]) -> list[str]:
    """Return the processes and sockets that are there and not the kernel's own, once PATIENCE is over."""
    end = time.monotonic() + PATIENCE
    while (left := things() - own) and time.monotonic() < end:
        time.sleep(0.05)
    return sorted(left)


def things() -> set[str]:
    """Return this process's children and its internet sockets, as text.

    A socket whose other end has gone does not count: requests keeps one as long as its response.
    """
    process = psutil.Process()
    sockets = [socket for socket in process.net_connections("inet") if socket.status != psutil.CONN_CLOSE_WAIT]
    return {str(child) for child in process.children(recursive=True)} | {
        f"{socket.laddr} {socket.status}" for socket in sockets}


def keep(shell: Any) -> None:
    """Remember the names that a notebook has when its first cell has run."""
    shell.witness = dict(shell.user_ns)


def forget(shell: Any) -> None:
    """Begin a section: no name is there but those that the first cell has defined."""
    for name in set(shell.user_ns) - set(shell.witness):
        if not name.startswith("_"):
            del shell.user_ns[name]
    shell.user_ns |= {name: value for name, value in shell.witness.items() if not name.startswith("_")}


if "WITNESS" in os.environ:
    sys.addaudithook(listen)
