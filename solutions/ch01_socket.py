"""Chapter 1 · What does a web server actually send?

Bytes, and fewer than you may think. In this chapter you write a server that answers every request with one page.

The usual first server is a few lines long, and works on the day it is written. The notebook shows one that has seven
bugs, and lets you find them. You write the same few lines without the bugs.

    python3 chapters/ch01_socket.py          then open http://127.0.0.1:8000

Left out: what the client asked for (chapter 2), and clients that send slowly, or nothing at all (chapter 4). One client
is served at a time, without a time limit. A browser may open a second connection and send nothing on it: until the
browser closes it, everybody else waits.
"""
import argparse
import inspect
import os
import re
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TextIO

BLANK_LINE = b"\r\n\r\n"  # the end of the last line of the head, and one more line end
MAX_HEAD = 65_536  # bytes
RECV_SIZE = 4_096  # bytes asked for at a time
LINGER = 1  # second that hang_up gives a client to finish
PAGE = "<!doctype html>\n<html><body><h1>Hello, 你好</h1></body></html>\n"

Address = tuple[str, int]  # host and port


class HeadTooLarge(ValueError):
    """The head that a client sends is longer than it may be."""

    def __init__(self, message: str = "the head is too large") -> None:
        super().__init__(message)


class ClientGone(ConnectionError):
    """The client hung up before its request was whole, or before it had its answer."""


def build_response(
    body: str, status: str = "200 OK", content_type: str = "text/html", extra_fields: Iterable[tuple[str, str]] = ()
) -> bytes:
    """Step 1.1 · about 15 minutes

    Return a whole HTTP response: status line, header fields, blank line, body.

    >>> response = build_response("你好", "404 Not Found")
    >>> response.startswith(b"HTTP/1.1 404 Not Found\\r\\n")
    True
    >>> response.endswith(b"\\r\\n\\r\\n" + "你好".encode("utf-8"))
    True

    Every line of the head ends with CRLF, and one more CRLF ends the head. The head is ASCII; body is sent as UTF-8.
    A field is a line `Name: value`; in any order:

        Date             the time of the call: `Fri, 20 Nov 2026 10:09:08 GMT` (`formatdate(usegmt=True)`)
        Content-Type     content_type, followed by `; charset=utf-8`
        Content-Length   how many bytes the encoded body has: here 6
        Connection       close
        extra_fields     (name, value) pairs: a line each, in their order, as they are. No pair has one of the names
                         above. Go through them once: they may be an iterator. Do not change a list of them

    RFC 9112 sections 2.1, 4 and 5; RFC 9110 sections 6.6.1 (Date) and 8.6 (Content-Length).
    """
    content = body.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in extra_fields),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


def read_head(connection: socket.socket, limit: int = MAX_HEAD) -> tuple[bytes, bytes]:
    """Step 1.2 · about 30 minutes

    Receive from connection until BLANK_LINE has come; return the head, and what was received after it.

    >>> client, connection = socket.socketpair()  # both sockets of one connection
    >>> client.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nbody")
    >>> read_head(connection)
    (b'GET / HTTP/1.1\\r\\nHost: a', b'body')

    Both come back as they were sent, without the blank line between them. Use only recv of the connection.

    `connection.recv(RECV_SIZE)` gives between 1 and RECV_SIZE bytes, as they happen to arrive: the blank line may come
    in two halves. It gives `b""` when the client has hung up, and would give it for ever.

    What recv raises is let out: do not catch it. Raises
        ClientGone    if the client hangs up before the blank line
        HeadTooLarge  if the head is longer than limit bytes, as soon as the number of bytes shows it: receive no more
    RFC 9112 sections 2.1 and 8; RFC 6585 section 5 (heads that are too large).
    """
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


def hang_up(connection: socket.socket) -> None:
    """Close connection so that the client still receives what was sent to it.

    A socket that is closed while bytes of the client lie unread sends a reset, and the client may lose the response.
    So say "that was all" first, read what is left for LINGER seconds at most, and close (RFC 9112 section 9.6).
    """
    end = time.monotonic() + LINGER
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LINGER)
        while connection.recv(RECV_SIZE) and (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
    except OSError:
        pass
    finally:
        connection.close()


def handle(connection: socket.socket, client_address: Address) -> None:
    """Step 1.3 · about 25 minutes

    Answer one client: read the head of its request, send PAGE as a response, and close the connection.

    >>> client, connection = socket.socketpair()
    >>> client.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    >>> handle(connection, ("127.0.0.1", 50_000))
    >>> client.recv(15)
    b'HTTP/1.1 200 OK'

    `send` may take only the first few bytes of what you give it; `sendall` goes on until all are sent. Whatever
    happens, `hang_up` closes the connection. client_address is not needed yet.

    What to do when a call in handle raises:
        HeadTooLarge     send `431 Request Header Fields Too Large`, with a body that says so
        ConnectionError  the client has left (ClientGone is one): send and print nothing more, and return
        all else         let it out: serve, in step 1.5, deals with it
    RFC 9112 section 9.6 (closing); RFC 6585 section 5 (status 431).
    """
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


def open_listener(host: str = "127.0.0.1", port: int = 8000) -> socket.socket:
    """Step 1.4 · about 15 minutes

    Return a TCP socket that listens on host and port; port 0 lets the system choose a free one.

    >>> listener = open_listener(port=0)
    >>> listener.getsockname()[0]
    '127.0.0.1'
    >>> listener.close()

    host is given to bind as it is: an empty one stands for all addresses. The socket has no time limit, and the usual
    backlog of `listen()`: clients queue for the server.

    Set SO_REUSEADDR before you bind, so that the port can be used again at once. Not on Windows, where os.name is "nt":
    there the option lets two servers share a port.

    Raises OSError, as bind or listen raises it, if the address cannot be used; the socket that you made is closed.
    The `socket` module's documentation and Linux's `man 7 socket` describe SO_REUSEADDR.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


def serve(listener: socket.socket, handle: Callable[[socket.socket, Address], None]) -> None:
    """Step 1.5 · about 25 minutes

    Accept one client after the other, and call `handle(connection, client_address)` with what accept returns.

    >>> def greet(connection, client_address):
    ...     connection.sendall(b"hello")
    ...     raise KeyboardInterrupt  # as Ctrl-C does
    >>> listener = open_listener(port=0)
    >>> client = socket.create_connection(listener.getsockname())
    >>> serve(listener, greet)
    >>> client.recv(5)
    b'hello'

    Use only accept and close of the listener, and no `with` on it. Whatever ends serve, the listener is closed.

    What to do when accept or handle raises:
        KeyboardInterrupt  by accept or handle: return, and print nothing
        ConnectionError    by accept: print nothing, and go on with the next client
        all else           by accept: let it out
        Exception          by handle: print the traceback to stderr (`traceback.print_exc()`), and go on
        SystemExit         by handle: let it out
    The `socket` module's documentation describes accept; PEP 475 says what signals do to it.
    """
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


# The program around the steps. Chapters 2 to 5 run with the same few functions and another handle.


def steps_needed_by(*things: Any) -> Iterator[FunctionType]:
    """Of things (functions or classes), yield the chapters' own, and those that these refer to by name."""
    waiting = list(things)
    seen: list[Any] = []
    while waiting:
        thing = waiting.pop()
        if not (inspect.isroutine(thing) or inspect.isclass(thing)):
            continue  # an application, say: it is called, and never looked into
        thing = inspect.unwrap(thing)
        if thing in seen or not re.match(r"ch\d\d_|__main__", getattr(thing, "__module__", None) or ""):
            continue
        seen.append(thing)
        if inspect.isclass(thing):
            waiting += vars(thing).values()
        elif inspect.isfunction(thing):
            yield thing
            waiting += [thing.__globals__.get(name) for name in names_in(thing.__code__)]


def names_in(code: CodeType) -> tuple[str, ...]:
    """Return the names that a code object refers to, those of functions inside it included."""
    inner = (names_in(constant) for constant in code.co_consts if inspect.iscode(constant))
    return code.co_names + sum(inner, ())


def is_stub(function: Any) -> bool:
    """Tell whether a function is not written yet: all that its body does is raise NotImplementedError."""
    return inspect.isfunction(function) and function.__code__.co_names == ("NotImplementedError",)


def refuse_unwritten(*things: Any) -> None:
    """End the program with one sentence if a step that `things` need is still to be written."""
    stubs = [function for function in steps_needed_by(open_listener, serve, *things) if is_stub(function)]
    neighbours = [function for stub in stubs for function in stub.__globals__.values() if is_stub(function)]
    for stub in sorted(stubs + neighbours, key=step_number):
        place = f"{'/'.join(Path(stub.__code__.co_filename).parts[-2:])}:{stub.__code__.co_firstlineno}"
        sys.exit(f"not started: step {'.'.join(map(str, step_number(stub)))} {stub.__qualname__}, {place}")


def step_number(function: FunctionType) -> tuple[int, ...]:
    """Return the number in a step's docstring, `Step N.M · …`, as a tuple that sorts: (1, 2)."""
    return tuple(int(part) for part in re.match(r"Step (\d+)\.(\d+)", function.__doc__).groups())


def bind_address(text: str) -> Address:
    """Return the address of `HOST:PORT`; an empty host is all addresses. Raises ArgumentTypeError with a sentence."""
    host, colon, port = text.rpartition(":")
    if not (colon and text.isascii() and port.isdigit() and int(port) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8000")
    if ":" in host:
        raise argparse.ArgumentTypeError(f"{host} is an IPv6 address, and this server has IPv4 only, such as 127.0.0.1")
    return host, int(port)


class Log:
    """stderr, for a server that goes on when nobody reads it any more, as after `… 2>&1 | head`."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        try:
            return self.stream.write(text)
        except OSError:
            return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        try:
            self.stream.flush()
        except OSError:
            pass


def run(
    handle: Callable, bind: Address = ("127.0.0.1", 8000), needs: Iterable[Any] = (), serve: Callable = serve
) -> None:
    """Serve with `handle` at `bind` until Ctrl-C, or the signal SIGTERM; print the URL once it can be opened.

    serve is called with the listener and handle. Raises SystemExit with a sentence if the address cannot be used.
    """
    refuse_unwritten(handle, *needs)
    sys.stderr = Log(sys.stderr)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if os.name == "nt":  # accept() hears Ctrl-C only when the next client comes: let it end the program there
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        listener = open_listener(*bind)
    except OSError as error:
        sys.exit(f"can't listen on {bind[0]}:{bind[1]} ({error.strerror}): stop the other server or choose another "
                 f"port, such as --bind {bind[0]}:0")
    try:
        print("http://{}:{}".format(*listener.getsockname()), flush=True)
        serve(listener, handle)
    except KeyboardInterrupt:
        listener.close()


def main(handle: Callable[[socket.socket, Address], None], description: str) -> None:
    """Run handle as a program with the option --bind."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--bind", type=bind_address, default="127.0.0.1:8000", metavar="HOST:PORT")
    run(handle, parser.parse_args().bind)


if __name__ == "__main__":
    main(handle, "A server that answers every request with one page.")
