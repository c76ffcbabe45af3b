"""Pages of the probe: what a server does with the objects that an application hands over, and with large bodies."""
import gc
import hashlib
import os
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from probe_parts import PLAIN, Environ, StartResponse, answer, page, second_part

Report = Any  # the probe's line to the checks
DATA = bytes(range(256)) * 12_000  # 3 MB: no buffer of the system takes it whole


# Bodies of requests.


@page
def digest(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Read the body, as long as it is said to be, and answer with its length and its SHA-256."""
    stream, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    body = stream.read(int(length)) if length else stream.read()
    return answer(start_response, f"{len(body)} {hashlib.sha256(body).hexdigest()}")


@page
def reported_read(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Read the body; report how much came, and what the application knows of its length."""
    report.tell("reads")
    try:
        length = environ.get("CONTENT_LENGTH") or ""
        size = len(environ["wsgi.input"].read(int(length or 1_000)))
        report.tell("read", raised=None, size=size, announced=length)
    except Exception as error:
        report.tell("read", raised=type(error).__name__)
    return answer(start_response, "read")


# Iterables and exceptions.


class FalsyBlocks:
    """An iterable with blocks in it that is not true, and has a close()."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"one ", b"two"])

    def close(self) -> None:
        """Report that it was called."""
        self.report.tell("closed")


@page
def falsy(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return an iterable that is not true."""
    start_response("200 OK", [PLAIN])
    return FalsyBlocks(report)


@page
def complete(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return an iterator that reports when it is asked for more than Content-Length says."""
    def blocks() -> Iterator[bytes]:
        yield b"hel"
        yield b"lo"
        report.tell("asked for more")

    start_response("200 OK", [PLAIN, ("Content-Length", "5")])
    return blocks()


class HeldError(Exception):
    """An error that somebody may hold."""


def failed_start(start_response: StartResponse) -> "weakref.ref[HeldError]":
    """Call start_response in an error handler; return a weak reference to the error."""
    try:
        raise HeldError("the probe fails")
    except HeldError as error:
        start_response("503 Replaced", [PLAIN], sys.exc_info())
        return weakref.ref(error)


@page
def held_error(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Answer with whether an error is alive that was given to start_response."""
    start_response("200 OK", [PLAIN])
    error = failed_start(start_response)
    gc.collect()
    return [b"gone" if error() is None else b"held"]


@page
def leave(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """End, as sys.exit() does."""
    raise SystemExit("the probe was asked to leave")


# Heads.


@page
def latin_1(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Send a head with characters beyond ASCII."""
    start_response("200 Caf\xe9", [PLAIN, ("X-Probe", "\xe9\xff"), ("Content-Length", "7")])
    return [b"latin-1"]


@page
def two_lengths(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Announce two lengths."""
    start_response("200 OK", [PLAIN, ("Content-Length", "5"), ("Content-Length", "6")])
    return [b"hello!"]


# Files of the system, opened as applications open them.


def opened(data: bytes, position: int = 0) -> IO[bytes]:
    """Return a file with this data, as open(path, "rb") returns it; it is removed when it is closed."""
    handle, path = tempfile.mkstemp(prefix="probe-")
    with open(handle, "wb") as file:
        file.write(data)
    flags = getattr(os, "O_TEMPORARY", 0)  # Windows removes it by itself
    found = open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags))
    if not flags:
        os.unlink(path)
    found.seek(position)
    return found


OPENED: dict[str, tuple[Callable[[], IO[bytes]], str, list[tuple[str, str]]]] = {
    "whole": (lambda: opened(b"0123456789"), "200 OK", []),
    "large": (lambda: opened(DATA), "200 OK", []),
    "position": (lambda: opened(b"0123456789", 6), "200 OK", []),
    "end": (lambda: opened(b"0123456789", 10), "200 OK", []),
    "length": (lambda: opened(b"0123456789"), "200 OK", [("Content-Length", "4")]),
    "position-and-length": (lambda: opened(b"0123456789", 3), "200 OK", [("Content-Length", "4")]),
    "no-length": (lambda: opened(b"0123456789"), "200 OK", [("Content-Length", "0")]),
    "304": (lambda: opened(b"0123456789"), "304 Not Modified", []),
    "204": (lambda: opened(b"0123456789"), "204 No Content", []),
}  # name -> the file, the status and the headers


@page
def opened_file(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return one of OPENED in the server's wsgi.file_wrapper; without one, say so."""
    wrap = environ.get("wsgi.file_wrapper")
    report.tell("wrapper", offered=wrap is not None)
    if wrap is None:
        return answer(start_response, "not offered")
    make, status, headers = OPENED[second_part(environ)]
    start_response(status, [PLAIN, *headers])
    return wrap(make())
