"""The probe: a WSGI application that shows what the server under it does. One file; the standard library is enough.

    gunicorn wsgi_contract.probe:application

The first part of the path, `/to-PORT.TOKEN`, says where the suite listens on 127.0.0.1 (/to-PORT.HOST.TOKEN elsewhere),
and for which request: there each thing that happens inside the application (what start_response raises, when close()
is called) is reported as it happens, a line of JSON each. A page that waits goes on when a byte comes back on that
line, or the line ends. The next part chooses a page in PAGES; every other path answers with the environ, as JSON. What
stands before the first part, such as the place where an application is mounted, is passed over.
"""
import contextlib
import gc
import hashlib
import io
import json
import os
import re
import socket
import sys
import tempfile
import threading
import traceback
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

SECONDS = 20  # that the probe waits for the checks, at the most
Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
PLAIN = ("Content-Type", "text/plain")
PAGES: dict[str, Callable[..., Iterable[bytes]]] = {}  # by the name in the path; called as show_environ is
REPORTS_TO = re.compile(r"/to-(\d+)\.(?:([\w.:]+)\.)?(\d+)(?=[/?]|$)")
looked_at: list[str] = []  # attributes of the application that somebody asked for


def path_of(environ: Environ) -> str:
    """Return the path, whatever a server has made of it."""
    path = environ.get("PATH_INFO")
    return path if isinstance(path, str) else ""


class Report:
    """The line to the checks."""

    def __init__(self, environ: Environ) -> None:
        found = REPORTS_TO.search(path_of(environ))
        self.line = socket.create_connection((found[2] or "127.0.0.1", int(found[1])), SECONDS) if found else None
        self.tell("called", token=found and found[3], process=os.getpid(), thread=threading.get_native_id())

    def tell(self, event: str, **facts: Any) -> None:
        """Send an event, unless nobody listens any more."""
        if self.line:
            with contextlib.suppress(OSError):
                self.line.sendall(json.dumps({"event": event, **facts}).encode() + b"\n")

    def wait(self) -> None:
        """Say that the page waits, and go on when the checks say so."""
        self.tell("waits")
        if self.line:
            with contextlib.suppress(OSError):
                self.line.recv(1)

    def attempt(self, event: str, function: Callable[..., Any], *arguments: Any) -> None:
        """Call a function, and report what it raises."""
        try:
            function(*arguments)
        except Exception as error:
            self.tell(event, raised=type(error).__name__, text=str(error)[:200])
        else:
            self.tell(event, raised=None)


class ReportedBlocks:
    """An iterable with a close() of its own, which reports that it was called. Its iterator is another object."""

    def __init__(self, report: Report, blocks: Any) -> None:
        self.report, self.blocks = report, blocks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.blocks)

    def close(self) -> None:
        """Report that it was called."""
        self.report.tell("closed")


class SizedBlocks(ReportedBlocks):
    """A list-like iterable: it has a length, and nothing else of a list."""

    def __len__(self) -> int:
        return len(self.blocks)


class WatchedBlocks:
    """An iterable that notes which of its attributes are asked for."""

    def __init__(self, blocks: Iterable[bytes], asked: list[str]) -> None:
        self.blocks, self.asked = blocks, asked

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("__"):
            object.__getattribute__(self, "asked").append(name)
        return object.__getattribute__(self, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(object.__getattribute__(self, "blocks"))


def page(function: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Make a function a page; its name says where: late_start is /late-start."""
    PAGES[function.__name__.replace("_", "-")] = function
    return function


def parts_of(environ: Environ) -> list[str]:
    """Return the parts of the path that choose a page and say how, two at least."""
    path = path_of(environ)
    found = REPORTS_TO.search(path)
    return [*path[found.end() if found else 0:].partition("?")[0].split("/")[1:], "", ""]


def second_part(environ: Environ) -> str:
    """Return the part of the path that says how a page is to be."""
    return parts_of(environ)[1]


def answer(start_response: StartResponse, text: str) -> list[bytes]:
    """Answer with a text."""
    body = text.encode()
    start_response("200 OK", [PLAIN, ("Content-Length", str(len(body)))])
    return [body]


def failure() -> Any:
    """Return what sys.exc_info() gives where an error is handled."""
    try:
        raise RuntimeError("the application fails")
    except RuntimeError:
        return sys.exc_info()


# What the server gives.


def described(value: object) -> list[str]:
    """Return the name of a value's type, and the value: a str as it is, all else as Python writes it."""
    return [type(value).__name__, value if isinstance(value, str) else repr(value)]


def true_ones(environ: Environ) -> list[str]:
    """Return the variables of WSGI whose value is true."""
    return sorted(name for name, value in environ.items() if str(name).startswith("wsgi.") and value)


def show_environ(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Answer with the environ and with how the application was called."""
    own = {name: os.environ[name] for name in os.environ if environ.get(name) == os.environ[name]}
    facts = {"type": described(environ)[0], "variables": {str(name): described(environ[name]) for name in environ},
             "of the process": sorted(own), "process": os.getpid(), "exactly a dict": type(environ) is dict,
             "true": true_ones(environ),
             "looked at": looked_at}
    return answer(start_response, json.dumps(facts))


READS: dict[str, Callable[[Any], list[bytes]]] = {
    "all": lambda stream: [stream.read()],
    "sizes": lambda stream: [stream.read(3), stream.read(4)],
    "five": lambda stream: [stream.read(5)],
    "past-the-end": lambda stream: [stream.read(1000), stream.read(1000)],
    "line": lambda stream: [stream.readline(), stream.readline()],
    "four-lines": lambda stream: [stream.readline(), stream.readline(), stream.readline(), stream.readline()],
    "part-of-a-line": lambda stream: [stream.readline(2), stream.readline(100)],
    "lines": lambda stream: stream.readlines(),
    "lines-with-a-hint": lambda stream: stream.readlines(1),
    "loop": lambda stream: list(stream),
    "begin-of-a-loop": lambda stream: [next(iter(stream))],
    "zero": lambda stream: [stream.read(0), stream.read(13)],
    "thirteen": lambda stream: [stream.read(13)],
    "less-than-zero": lambda stream: [stream.read(-1), stream.read()],
    "all-of-five": lambda stream: [stream.read(5), stream.read(5)],
    "empty": lambda stream: [stream.read(), stream.read(5), stream.readline(), *stream.readlines(), *stream],
    "used-up": lambda stream: [stream.read(), stream.read(), stream.read(5), stream.readline(), *stream.readlines()],
}  # name -> what is read of wsgi.input


@page
def after_reading(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Read the body, and answer with the environ as it is then."""
    environ["wsgi.input"].read()
    return show_environ(environ, start_response, report)


@page
def read(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Report what one of READS gives, and answer with it, as Python writes it."""
    report.tell("reads")
    try:
        given = READS[second_part(environ)](environ["wsgi.input"])
    except Exception as error:
        report.tell("read", raised=type(error).__name__, given=None)
        raise
    report.tell("read", raised=None, given=repr(given))
    return answer(start_response, repr(given))


WORDS: dict[str, Callable[[Any], object]] = {
    "write": lambda stream: stream.write("probe: one line\n"),
    "writelines": lambda stream: stream.writelines(["probe: one\n", "probe: two\n"]),
    "flush": lambda stream: stream.flush(),
    "unicode": lambda stream: stream.write("probe: 你好 \N{SNOWMAN} \N{PILE OF POO} \x00 \x9f\n"),
}  # name -> what is done with wsgi.errors


@page
def errors(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Write to wsgi.errors in one of the ways of WORDS, and report what that raises."""
    report.attempt("wrote", WORDS[second_part(environ)], environ["wsgi.errors"])
    return answer(start_response, "written")


@page
def wait(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Wait inside the application."""
    report.wait()
    return answer(start_response, "waited")


@page
def ignore(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Answer without a look at the body."""
    return answer(start_response, "ignored")


@page
def clear(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Take everything out of environ."""
    environ.clear()
    return answer(start_response, "cleared")


@page
def change(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Put other values into environ."""
    environ.update({name: None for name in list(environ)})
    return answer(start_response, "changed")


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


# Iterables.


@page
def close(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return an iterable that ends, fails at once, fails late, or goes on as long as anybody listens."""
    start_response("200 OK", [PLAIN])
    return ReportedBlocks(report, ENDS[second_part(environ)]())


def failing(message: str, *blocks: bytes) -> Iterator[bytes]:
    """Yield blocks, and fail."""
    yield from blocks
    raise RuntimeError(message)


ENDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "well": lambda: iter([b"one", b"two"]),
    "empty": lambda: iter([]),
    "at-once": lambda: failing("the iterable fails"),
    "late": lambda: failing("the iterable fails", b"one"),
    "never": lambda: iter([bytes(65_536)] * 2_000),
}  # name -> function that returns the iterator


@page
def refuse_to_iterate(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return an iterable whose iteration fails as it begins."""
    start_response("200 OK", [PLAIN])
    return ReportedBlocks(report, None)


@page
def sized(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return an iterable that has a length."""
    start_response("200 OK", [PLAIN])
    return SizedBlocks(report, {"one": [b"only"], "two": [b"first", b"second"]}[second_part(environ)])


@page
def attributes(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return an iterable that notes what is asked of it, and reports it at its end."""
    asked: list[str] = []

    def blocks() -> Iterator[bytes]:
        yield b"asked"
        report.tell("asked", names=asked)

    start_response("200 OK", [PLAIN])
    return WatchedBlocks(blocks(), asked)


@page
def late_start(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Call start_response when the first block is asked for, with a status that nobody takes for granted."""
    start_response("201 Created", [PLAIN, ("Content-Length", "4")])
    yield b"late"


@page
def no_start(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Never call start_response."""
    return [b"without a head"]


@page
def fail(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Fail before anything was done."""
    raise RuntimeError("the probe was asked to fail: " + second_part(environ))


@page
def fail_late(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Fail after a block was sent."""
    start_response("200 OK", [PLAIN])
    return failing("the probe was asked to fail: " + second_part(environ), b"one")


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
def write_exactly(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Write as much as Content-Length says, in two blocks."""
    put = start_response("200 OK", [PLAIN, ("Content-Length", "1000")])
    report.attempt("wrote some", put, b"." * 400)
    report.attempt("wrote the rest", put, b"." * 600)
    return []


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


# Blocks on their way.


@page
def binary(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Send every byte, and line ends of all kinds."""
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return iter([bytes(range(256)), b"\n", b"\r", b"\r\n\n\r"])


@page
def slow(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Wait for the checks between two blocks: b"first" must have arrived by then."""
    start_response("200 OK", [PLAIN])
    return with_a_wait(report, b"first", b"second")


def with_a_wait(report: Report, *blocks: bytes) -> Iterator[bytes]:
    """Yield blocks; wait for the checks before the second."""
    yield blocks[0]
    report.wait()
    yield from blocks[1:]


@page
def break_off(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Yield a block, wait until it was seen, and fail."""
    def blocks() -> Iterator[bytes]:
        yield from with_a_wait(report, b"first", b"")
        raise RuntimeError("the probe fails after a block was sent")

    start_response("200 OK", [PLAIN])
    return blocks()


@page
def slow_large(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """The same with a block that no buffer of the system takes whole."""
    start_response("200 OK", [PLAIN])
    return with_a_wait(report, b"." * 4_000_000, b"second")


@page
def write(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Write two blocks, and yield two."""
    put = start_response("200 OK", [PLAIN])
    put(b"1 ")
    put(b"2 ")
    return [b"3 ", b"4"]


@page
def write_only(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Write everything, and return an empty list, or one with an empty block."""
    start_response("200 OK", [PLAIN])(b"written")
    return [b""] * (second_part(environ) == "empty-block")


@page
def write_and_one(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Write a block, and return a list of one block."""
    start_response("200 OK", [PLAIN])(b"written, ")
    return [b"yielded"]


@page
def slow_write(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Wait for the checks after a write."""
    put = start_response("200 OK", [PLAIN])
    put(b"first")
    report.wait()
    return [b"second"]


@page
def write_too_much(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Write more than Content-Length says."""
    put = start_response("200 OK", [PLAIN, ("Content-Length", "5")])
    put(b"hello")
    report.attempt("wrote", put, b" and more")
    return []


@page
def write_callable(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Report what start_response returns."""
    put = start_response("200 OK", [PLAIN])
    report.tell("returned", callable=callable(put))
    report.attempt("wrote", put, b"hello")
    return []


@page
def too_long(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Yield more than Content-Length says."""
    def blocks() -> Iterator[bytes]:
        yield b"hello"
        yield from [b" more"] * 9
        report.tell("consumed")

    start_response("200 OK", [PLAIN, ("Content-Length", "5")])
    return blocks()


@page
def too_short(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Yield less than Content-Length says."""
    start_response("200 OK", [PLAIN, ("Content-Length", "10")])
    return [b"hello"]


@page
def no_length(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Leave out the Content-Length."""
    start_response("200 OK", [PLAIN])
    return {"blocks": lambda: iter([b"one ", b"", b"two ", b"three"]), "list": lambda: [b"one ", b"two"],
            "one": lambda: [b"only"], "none": lambda: [], "empty": lambda: [b""]}[second_part(environ)]()


# Heads.


SPELLINGS: dict[str, Callable[[str], str]] = {
    "usual": str, "lower": str.lower, "upper": str.upper, "mixed": str.swapcase,
}


@page
def spelling(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Spell the names of headers in one of SPELLINGS."""
    spell = SPELLINGS[second_part(environ)]
    headers = [("Content-Length", "5"), ("Date", "Fri, 20 Nov 2026 10:09:08 GMT"), PLAIN]
    start_response("200 OK", [(spell(name), value) for name, value in headers])
    return iter([b"hello"])


@page
def plain(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Send headers that are to arrive as they are."""
    start_response("418 I'm a teapot", [
        ("Content-Type", "text/x-probe"), ("Content-Length", "5"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
        ("ETag", '"probe"'), ("X-Probe", "one, two"), ("Content-Encoding", "x-probe"),
        ("Last-Modified", "Fri, 20 Nov 2026 10:09:08 GMT")])
    return [b"hello"]


@page
def three_arguments(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Call start_response with two arguments, and with None as the third."""
    more = {"two": (), "three": (None,)}[second_part(environ)]
    report.attempt("started", start_response, "200 OK", [PLAIN, ("Content-Length", "7")], *more)
    return [b"started"]


BAD: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "line-in-the-status": ("200 OK\r\nX-Injected: yes", [PLAIN]),
    "control-in-the-status": ("200 O\x00K", [PLAIN]),
    "line-in-a-value": ("200 OK", [PLAIN, ("X-Probe", "a\r\nX-Injected: yes")]),
    "lf-in-a-value": ("200 OK", [PLAIN, ("X-Probe", "a\nX-Injected: yes")]),
    "control-in-a-value": ("200 OK", [PLAIN, ("X-Probe", "a\x00b")]),
    "line-in-a-name": ("200 OK", [PLAIN, ("X-Injected: yes\r\nX-Probe", "a")]),
    "colon-in-a-name": ("200 OK", [PLAIN, ("X-Probe:", "a")]),
    "space-in-a-name": ("200 OK", [PLAIN, ("X Probe", "a")]),
    "beyond-latin-1": ("200 OK", [PLAIN, ("X-Probe", "你好")]),
    "beyond-latin-1-in-the-status": ("200 你好", [PLAIN]),
    "length-a-word": ("200 OK", [PLAIN, ("Content-Length", "eight")]),
    "length-digits-of-unicode": ("200 OK", [PLAIN, ("Content-Length", "\xb2")]),
    "connection": ("200 OK", [PLAIN, ("Connection", "close")]),
    "connection-in-lower-case": ("200 OK", [PLAIN, ("connection", "close")]),
    "transfer-encoding": ("200 OK", [PLAIN, ("Transfer-Encoding", "chunked")]),
    "upgrade": ("200 OK", [PLAIN, ("Upgrade", "probe")]),
}  # name -> what an application may not give to start_response


@page
def bad(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Give one of BAD to start_response; if it is refused, say so in a proper response."""
    try:
        start_response(*BAD[second_part(environ)])
    except Exception as error:
        report.tell("started", raised=type(error).__name__)
        start_response("500 Refused", [PLAIN], sys.exc_info())
        return [b"refused"]
    report.tell("started", raised=None)
    return [b"accepted"]


@page
def replace_at_once(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Wait after start_response, and then replace the head before anything was returned."""
    start_response("200 OK", [PLAIN])
    report.wait()
    report.attempt("replaced", start_response, "503 Replaced", [PLAIN, ("Content-Length", "8")], failure())
    return [b"replaced"]


@page
def replace_late(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Replace the head after an empty block was yielded."""
    def blocks() -> Iterator[bytes]:
        yield b""
        report.wait()
        report.attempt("replaced", start_response, "503 Replaced", [PLAIN, ("Content-Length", "8")], failure())
        yield b"replaced"

    start_response("200 OK", [PLAIN])
    return blocks()


@page
def replace_all(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Replace a head by one with other headers, with or without a Content-Length."""
    start_response("200 OK", [PLAIN, ("Content-Length", "1000"), ("X-Old", "1"), ("Set-Cookie", "old=1")])
    length = [("Content-Length", "8")] * (second_part(environ) == "length")
    report.attempt("replaced", start_response, "503 Replaced", [("Content-Type", "text/x-new"), *length], failure())
    return iter([b"repl", b"aced"])


@page
def raise_at_once(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Fail after start_response, before anything was returned."""
    start_response("200 OK", [PLAIN, ("X-Old", "1")])
    raise RuntimeError("the probe fails after start_response")


@page
def too_late(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Try to replace the head after a block was sent, which the checks wait for."""
    start_response("200 OK", [PLAIN])
    return replaced_too_late(start_response, report)


def replaced_too_late(start_response: StartResponse, report: Report) -> Iterator[bytes]:
    """Yield a block, wait until it was seen, and try to replace the head."""
    yield b"first"
    report.wait()
    try:
        raise RuntimeError("the probe fails after a block was sent")
    except RuntimeError as own:
        report.tell("replaced", **refused(start_response, own))
        raise


def refused(start_response: StartResponse, own: Exception) -> dict[str, Any]:
    """Return what start_response raises when it is given an exception (own), which is being handled."""
    try:
        start_response("503 Replaced", [PLAIN], sys.exc_info())
    except BaseException as error:
        names = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
        return {"raised": type(error).__name__, "same": error is own, "whole": "replaced_too_late" in names}
    return {"raised": None}


@page
def twice(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Call start_response a second time without exc_info."""
    start_response("200 OK", [PLAIN])
    report.attempt("second", start_response, "201 Created", [PLAIN])
    return [b"twice"]


@page
def twice_after_refusal(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Call start_response a second time after the first call was refused."""
    report.attempt("first", start_response, "200 OK", 5)
    report.attempt("second", start_response, "201 Created", [PLAIN])
    return [b"twice"]


@page
def latin_1(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Send a head with characters beyond ASCII."""
    start_response("200 Caf\xe9\xff", [PLAIN, ("X-Probe", "\xe9\xff"), ("Content-Length", "7")])
    return [b"latin-1"]


@page
def two_lengths(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Announce two lengths."""
    start_response("200 OK", [PLAIN, ("Content-Length", "5"), ("Content-Length", "6")])
    return [b"hello!"]


# Files.


class ReadOnlyFile:
    """A file-like object that has read() and nothing else."""

    def __init__(self, data: bytes) -> None:
        self.stream = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or all."""
        return self.stream.read(size)


class ClosingFile(ReadOnlyFile):
    """A file-like object that reports when it is closed."""

    def __init__(self, report: Report, data: bytes) -> None:
        super().__init__(data)
        self.report = report

    def close(self) -> None:
        """Report that it was called."""
        self.report.tell("file closed")


def on_disk(data: bytes, position: int = 0) -> IO[bytes]:
    """Return a file of the system with this data, open at a position."""
    file = tempfile.TemporaryFile()
    file.write(data)
    file.seek(position)
    return file


FILES: dict[str, Callable[[Any, Report], Iterable[bytes]]] = {
    "disk": lambda wrap, report: wrap(on_disk(b"0123456789")),
    "block-size": lambda wrap, report: wrap(on_disk(b"0123456789"), 4),
    "position": lambda wrap, report: wrap(on_disk(b"0123456789", 6)),
    "memory": lambda wrap, report: wrap(io.BytesIO(b"0123456789"), 4),
    "bare": lambda wrap, report: wrap(ReadOnlyFile(b"0123456789"), 4),
    "closing": lambda wrap, report: wrap(ClosingFile(report, b"0123456789"), 4),
    "length": lambda wrap, report: wrap(on_disk(b"0123456789")),
    "discarded": lambda wrap, report: [b"another", wrap(on_disk(b"0123456789")) and b" body"],
    "iterable": lambda wrap, report: iter(list(wrap(ReadOnlyFile(b"0123456789"), 4))),
}  # name -> what is returned, made with the server's wsgi.file_wrapper


@page
def file(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Return what one of FILES makes; without a file wrapper, say so."""
    wrap = environ.get("wsgi.file_wrapper")
    report.tell("wrapper", offered=wrap is not None)
    if wrap is None:
        return answer(start_response, "not offered")
    name = second_part(environ)
    start_response("200 OK", [PLAIN] + [("Content-Length", "4")] * (name == "length"))
    return FILES[name](wrap, report)


DATA = bytes(range(256)) * 12_000  # 3 MB: no buffer of the system takes it whole


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
def no_content(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Answer without a body, and with fields that are not about one."""
    start_response("204 No Content", [("Allow", "GET"), ("X-Probe", "here")])
    return []


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


# Responses without a body.


@page
def status(environ: Environ, start_response: StartResponse, report: Report) -> Iterable[bytes]:
    """Answer with a status and a body, whether the status has one or not."""
    lengths = {"204-length": [("Content-Length", "5")]}
    name = second_part(environ)
    start_response(f"{name[:3]} Probe", [PLAIN, *lengths.get(name, [])])
    return [b"hello"]


class ProbeApplication:
    """The application: an object that can be called, and notes what else is done with it."""

    def __getattribute__(self, name: str) -> Any:
        if name not in ("__class__", "__call__"):
            looked_at.append(name)
        return object.__getattribute__(self, name)

    def __call__(self, *arguments: Any, **named: Any) -> Iterable[bytes]:
        environ = arguments[0] if arguments else named["environ"]
        start_response = arguments[1] if len(arguments) > 1 else named["start_response"]
        report = Report(environ)
        report.tell("arguments", positional=len(arguments), named=sorted(named))
        return PAGES.get(parts_of(environ)[0], show_environ)(environ, start_response, report)


application = ProbeApplication()
