"""Chapter 4 · What does gunicorn's sync worker do with what the app returns?

It sends each block as it comes, holds the head back until there is a block, decides how the client will know where
the body ends, and keeps its word to the app when things go wrong. In this chapter you write that loop,
and with it a server that you start as you start gunicorn:

    python chapters/ch04_response.py ch03_environ:function_app --bind 127.0.0.1:8000

Left out: what gunicorn has around its workers (a master process that starts, watches and replaces them), and TLS.
Chapter 6 takes up many clients at once, threads, and a second request on the same connection.
"""
import argparse
import importlib
import io
import os
import re
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sized
from email.utils import formatdate
from typing import Any, BinaryIO, cast

from ch01_socket import BLANK_LINE, Address, ClientGone, bind_address, hang_up, refuse_unwritten, run
from ch02_request import CHUNKED, REASONS, TOKEN, BadRequest, Request, error_response, read_request
from ch03_environ import HOP_BY_HOP, WSGIApplication, build_environ

SERVER = "wsgi-from-a-socket"
REQUEST_SECONDS = 10  # that a client may take for its whole request
SEND_SECONDS = 30  # that a client may take to accept one block
BLOCK_SIZE = 8_192  # bytes that FileWrapper reads at a time

# How the client will know where the body ends (RFC 9112 section 6.3), besides CHUNKED.
NO_BODY = "no body"
LENGTH = "Content-Length"
UNTIL_CLOSE = "until the connection closes"

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # characters of latin-1 without controls, but for the tab


# What an application may say.


def check_status(status: str) -> None:
    """Step 4.1 · about 20 minutes

    Return None if status is what an application may give start_response.

        >>> check_status("404 Not Found")
        >>> check_status("404")
        Traceback (most recent call last):
        ValueError: ...

    It is three ASCII digits, the first from 1 to 5, one space, and a phrase. The phrase has at least one character, and
    neither begins nor ends with white space, as str.strip knows it.

        TypeError   it is no str
        ValueError  it has another form, a control character (CONTROL finds them), or a character beyond latin-1

    PEP 3333, sections "The start_response() Callable" and "Unicode Issues"; RFC 9112 section 4.
    """
    raise NotImplementedError("step 4.1: write check_status")


def check_header(name: str, value: str) -> None:
    """Step 4.2 · about 20 minutes

    Return None if name and value are what an application may put into its response headers.

        >>> check_header("Location", "/books")
        >>> check_header("Connection", "close")
        Traceback (most recent call last):
        ValueError: ...

        TypeError   name or value is no str
        ValueError  the name is no TOKEN, which is a pattern for bytes: encode the name as latin-1, errors="replace"
                    the name is in HOP_BY_HOP, in upper or lower case
                    the value has a control character that is no tab, or characters beyond latin-1 (see FIELD_VALUE)
                    the name is Content-Length, in upper or lower case, and the value is empty, or not ASCII digits

    PEP 3333, sections "The start_response() Callable" and "Other HTTP Features"; RFC 9110 section 5.5.
    """
    raise NotImplementedError("step 4.2: write check_header")


class FileWrapper:
    """The server's own iterable for files, which applications find in environ as wsgi.file_wrapper."""

    def __init__(self, file: BinaryIO, block_size: int = BLOCK_SIZE) -> None:
        self.file = file
        self.block_size = block_size
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Step 4.3 · about 5 minutes

        Return the next block of the file: what one self.file.read gives for self.block_size.

            >>> list(FileWrapper(io.BytesIO(b"hello, world"), 5))
            [b'hello', b', wor', b'ld']

        The first empty block ends the iteration with StopIteration. A file is read from where it stands, and stays
        open. What read raises is let out: do not catch it.
        PEP 3333, section "Optional Platform-Specific File Handling".
        """
        raise NotImplementedError("step 4.3: write FileWrapper.__next__")

    def remaining(self) -> int | None:
        """Return how many bytes there are from where the file stands to its end, or None if that cannot be known.

        Only what the built-in open returns for a file on disk can tell. A file in a tar archive has no fileno; that of
        a gzip file is the fileno of a file with other bytes in it.
        """
        raw = self.file.raw if isinstance(self.file, io.BufferedReader) else self.file
        if not isinstance(raw, io.FileIO) or not raw.seekable():
            return None
        return max(os.fstat(self.file.fileno()).st_size - self.file.tell(), 0)


class Response:
    """One response on its way to the client: the application fills it, the server sends it.

    The examples of its methods begin with

        >>> server, client = socket.socketpair()
        >>> response = Response(server, Request("GET", "/", "HTTP/1.1", [], b"/", ""))
    """

    def __init__(self, connection: socket.socket, request: Request) -> None:
        """Make the response that answers request over connection."""
        self.connection = connection
        self.method = request.method
        self.version = request.version
        self.started = False  # whether start_response was called, even if the call was refused
        self.status: str | None = None  # "200 OK", once start_response has accepted it
        self.headers: list[tuple[str, str]] = []  # of the application
        self.known_length: int | None = None  # bytes in the body, if the server can tell; an announced length wins
        self.framing: str | None = None  # NO_BODY, LENGTH, CHUNKED or UNTIL_CLOSE, once the head is built
        self.limit: int | None = None  # bytes that the body may have, once the head is built; None for any number
        self.head_sent = False
        self.sent = 0  # bytes of the body

    def header(self, name: str) -> str | None:
        """Return the application's value for the header with this lower-case name, or None."""
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return None

    @property
    def length(self) -> int | None:
        """The number of bytes in the body: what the application announced, else what the server knows, else None."""
        announced = self.header("content-length")
        return self.known_length if announced is None else int(announced)

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: tuple | None = None
    ) -> Callable[[bytes], None]:
        """Step 4.4 · about 35 minutes

        Keep status and headers, send nothing, and return self.write. The application calls it.

            >>> write = response.start_response("200 OK", [("X-Shop", "books")])
            >>> response.status, response.headers
            ('200 OK', [('X-Shop', 'books')])

        Set self.started, also if the call is refused. `check_status(status)` and `self.checked(headers)` raise what is
        wrong: let them, and leave self.status and self.headers as they are. Otherwise set both, self.headers to the
        copy that `checked` returns. A later call with exc_info (what sys.exc_info() returns) replaces all of the old.

            AssertionError                           a later call without exc_info, also if the first was refused
            exc_info[1].with_traceback(exc_info[2])  with exc_info, if self.head_sent, even for a wrong status or header

        Keep no reference to exc_info: set it to None in a finally clause.
        PEP 3333, section "The start_response() Callable".
        """
        raise NotImplementedError("step 4.4: write Response.start_response")

    def checked(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return a copy of headers. Raises TypeError or ValueError if they are not what an application may send."""
        if type(headers) is not list:
            raise TypeError(f"the headers must be a list, not {headers!r}")
        for item in headers:
            if type(item) is not tuple or len(item) != 2:
                raise TypeError(f"a header must be a tuple (name, value), not {item!r}")
            check_header(*item)
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        if len(lengths) > 1:
            raise ValueError(f"a response has one Content-Length, not {lengths} (RFC 9110 sections 5.3 and 8.6)")
        return list(headers)

    def choose_framing(self) -> str:
        """Step 4.5 · about 15 minutes

        Return how the client will know where the body ends, the first of these that fits:

            NO_BODY      the request is HEAD, or the status is 1xx, 204 or 304
            LENGTH       self.length is not None
            UNTIL_CLOSE  the client speaks HTTP/1.0 (self.version), which has no chunks
            CHUNKED      in all other cases

            >>> write = response.start_response("304 Not Modified", [("Content-Length", "5")])
            >>> response.choose_framing()
            'no body'

        RFC 9112 section 6.3; PEP 3333, section "Handling the Content-Length Header".
        """
        raise NotImplementedError("step 4.5: write Response.choose_framing")

    def build_head(self) -> bytes:
        r"""Step 4.6 · about 20 minutes

        Return the head, encoded as latin-1, with its blank line. Its first line has `HTTP/1.1`, whatever the client
        speaks.

            >>> write = response.start_response("200 OK", [("X-Shop", "books")])
            >>> response.build_head()
            b'HTTP/1.1 200 OK\r\nX-Shop: books\r\nDate: ...\r\nConnection: close\r\n\r\n'

        The application's headers come in their order, for 1xx and 204 without its Content-Length. With them come:

            Date, Server       unless the application gave them: now (`formatdate(usegmt=True)`), and SERVER
            Connection         close
            Content-Length     self.length, if self.framing is LENGTH and the application gave none
            Transfer-Encoding  chunked, if self.framing is CHUNKED

        `self.header("date")` tells what the application gave. self.headers stays as it is.
        RFC 9110 sections 6.6.1, 8.6 and 10.2.4; RFC 9112 sections 2.3, 4 and 6.1.
        """
        raise NotImplementedError("step 4.6: write Response.build_head")

    def head_once(self) -> bytes:
        """Return the head when it is first asked for, and b"" ever after.

        Raises AssertionError if the application has not called start_response.
        """
        if self.status is None:
            raise AssertionError("the application did not call start_response")
        if self.head_sent:
            return b""
        self.framing = self.choose_framing()
        self.limit = {NO_BODY: 0, LENGTH: self.length}.get(self.framing)
        self.head_sent = True
        return self.build_head()

    def room(self) -> int | None:
        """Return how many bytes of body may still be sent, or None if there is no limit."""
        return None if self.limit is None else self.limit - self.sent

    def framed(self, block: bytes) -> bytes:
        """Return block as it goes over the wire: as a chunk, if the framing is CHUNKED."""
        return b"%x\r\n%b\r\n" % (len(block), block) if block and self.framing == CHUNKED else block

    def send(self, data: bytes) -> None:
        """Send all of data. Raises ClientGone if the client has left, or does not take it in SEND_SECONDS."""
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise ClientGone(str(error)) from error

    def write(self, block: bytes) -> None:
        r"""Step 4.7 · about 30 minutes

        Send a block of the body; return when it has been sent.

            >>> write = response.start_response("200 OK", [])
            >>> write(b"")
            >>> write(b"hello")
            >>> client.recv(1_000)
            b'HTTP/1.1 200 OK...\r\n\r\n5\r\nhello\r\n'

        An empty block sends nothing, not even the head. Otherwise:

        1. `self.head_once()` returns the head, and chooses the framing.
        2. Of the block, `self.room()` bytes fit. With one `self.send`, send the head and what fits, as `self.framed`
           returns it.
        3. Count those bytes of the block in self.sent.

        With NO_BODY the block is dropped, and that is no error. Leave the connection open, whatever happens.

            TypeError                  block is not bytes; before anything else
            ValueError                 more bytes than are left of the announced length; raised after sending what fits
            from head_once and send    let out

        PEP 3333, sections "The write() Callable" and "Handling the Content-Length Header".
        """
        raise NotImplementedError("step 4.7: write Response.write")

    def is_complete(self) -> bool:
        """Tell whether nothing more may be sent, whatever else the application has."""
        return self.head_sent and self.room() == 0

    def write_blocks(self, blocks: Iterable[bytes]) -> None:
        r"""Step 4.8 · about 15 minutes

        Write each block of an iterable, and ask for no further one as soon as `self.is_complete()`.

            >>> write = response.start_response("200 OK", [])
            >>> response.write_blocks([b"hello"])
            >>> client.recv(1_000)
            b'HTTP/1.1 200 OK...\r\nContent-Length: 5\r\n\r\nhello'

        Each is sent before the next is asked for. If `len(blocks)` is 1, set self.known_length to the length of that
        block, before it is written. Not everything has a len: ask `isinstance(blocks, Sized)`. Loop over the iterable
        once, and close nothing. What the iterable and `self.write` raise is let out.
        PEP 3333, sections "Buffering and Streaming" and "Handling the Content-Length Header".
        """
        raise NotImplementedError("step 4.8: write Response.write_blocks")

    def begin_file(self, wrapper: FileWrapper) -> int | None:
        """Step 4.9 · about 20 minutes

        Send the head for a file whose length is known. Return how many bytes of the file the system copies after it, or
        None if write_blocks must do the rest (after HEAD, it drops the body).

            >>> write = response.start_response("200 OK", [("Content-Length", "8")])
            >>> response.begin_file(FileWrapper(open(sys.executable, "rb")))
            8

        If `wrapper.remaining()` is None or 0, return None and send nothing. Otherwise:

        1. Set self.known_length to it, and `self.send` what `self.head_once()` returns.
        2. If self.framing is not LENGTH, return None.
        3. Return as many as remain, at most `self.room()`. That may be 0.

        Raise nothing if the file is longer or shorter than announced. Close nothing. What head_once and send raise is
        let out.
        PEP 3333, section "Optional Platform-Specific File Handling".
        """
        raise NotImplementedError("step 4.9: write Response.begin_file")

    def write_file(self, wrapper: FileWrapper) -> None:
        """Step 4.10 · about 15 minutes

        Send the file of a FileWrapper, from where it stands to its end or to the announced length.

            >>> write = response.start_response("200 OK", [("Content-Length", "8")])
            >>> response.write_file(FileWrapper(open(sys.executable, "rb")))
            >>> response.sent
            8

        `self.begin_file(wrapper)` begins, and tells how to go on:

            None             `self.write_blocks(wrapper)`
            a count above 0  `self.send_file(wrapper.file, count)`: the system copies, and send_file counts
            0                there is nothing more to send

        Leave file and connection open, and don't end the response. What is raised on the way is let out.
        PEP 3333, section "Optional Platform-Specific File Handling"; `socket.sendfile` in Python's documentation.
        """
        raise NotImplementedError("step 4.10: write Response.write_file")

    def send_file(self, file: BinaryIO, count: int) -> None:
        """Send count bytes (above 0) of file from where it stands, and count them. Raises ClientGone."""
        begin = file.tell()
        try:
            self.connection.sendfile(file, begin, count)
        except OSError as error:
            raise ClientGone(str(error)) from error
        finally:
            self.sent += file.tell() - begin  # sendfile leaves the file where the copy ended, also when it fails

    def close(self) -> None:
        r"""Step 4.11 · about 20 minutes

        End the response when the application has nothing more to give.

            >>> write = response.start_response("200 OK", [])
            >>> response.close()
            >>> client.recv(1_000)
            b'HTTP/1.1 200 OK...\r\nContent-Length: 0\r\n\r\n'

        1. If no head was sent, the body is empty: set self.known_length to 0 and send `self.head_once()`.
        2. If the framing is CHUNKED, send the last chunk, b"0\r\n\r\n".
        3. If it is LENGTH and fewer bytes were sent than self.length, say so on stderr, with both numbers. Send nothing
           more, and raise nothing for it.

        What head_once and send raise is let out. Leave the connection open, whatever happens.
        RFC 9112 section 7.1; PEP 3333, section "Handling the Content-Length Header".
        """
        raise NotImplementedError("step 4.11: write Response.close")

    def send_error(self) -> None:
        """Answer 500 with nothing of the application's in it, if the head has not been sent."""
        if self.head_sent:
            return
        message = b"the server has made an error\n"
        self.status = "500 Internal Server Error"
        self.headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(message)))]
        try:
            self.write(message)
        except ClientGone:
            pass


# The loop.


def access_line(
    client_address: Address, request: Request, response: Response, started: time.struct_time, seconds: float
) -> str:
    r"""Step 4.12 · about 15 minutes

    Return one line for the access log, in the common log format with the time taken after it. Nothing is printed.

        >>> request = Request("GET", "/a?b", "HTTP/1.1", [], b"/a", "b")
        >>> access_line(("127.0.0.1", 50000), request, Response(None, request), time.gmtime(0), 0.0034)
        '127.0.0.1 - - [01/Jan/1970:00:00:00 +0000] "GET /a?b HTTP/1.1" - - 0.003'

    After the request come the code of response.status (`-` if that is None), response.sent (`-` for 0), and seconds,
    with three decimals. started is in UTC: `time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)`. In the target, write
    `\"` for a `"`, and `\\` for a backslash.
    The format is that of Apache's mod_log_config, "Common Log Format".
    """
    raise NotImplementedError("step 4.12: write access_line")


def answer_with(
    app: WSGIApplication, environ: dict[str, Any], response: Response, request: Request, client_address: Address
) -> None:
    """Step 4.13 · about 35 minutes

    Call app for a request and send its response, in gunicorn's order.

    1. Before the call, take `time.gmtime()` for started, and `time.monotonic()`: seconds are counted from there.
    2. Call app, by position, with environ and response.start_response.
    3. Send what it returned: write_file if it is a FileWrapper (isinstance), else write_blocks. Then response.close().
    4. At the end, in every case, print access_line to stderr. Then call `close` of what app returned, if it has one.

    What app, or the sending, raises:

        ClientGone         no error, the client has left: do only point 4
        KeyboardInterrupt  do only point 4; it is let out
        anything else      print the traceback to stderr; `response.send_error()` answers, if no head has gone.
                           SystemExit too, which is no Exception

    What the iterable's close raises is let out. The connection stays open.
    PEP 3333, sections "The Server/Gateway Side" and "Error Handling"; gunicorn/workers/sync.py, handle_request.
    """
    raise NotImplementedError("step 4.13: write answer_with")


def handle_request(app: WSGIApplication, request: Request, connection: socket.socket, client_address: Address) -> None:
    """Answer request over connection with app."""
    environ = build_environ(request, connection.getsockname(), client_address) | {"wsgi.file_wrapper": FileWrapper}
    answer_with(app, environ, Response(connection, request), request, client_address)


# The program.


class Deadline:
    """A connection whose client must have sent everything within some seconds, however slowly it sends."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self.connection = connection
        self.end = time.monotonic() + seconds

    def recv(self, size: int) -> bytes:
        """Step 4.14 · about 15 minutes

        Receive up to size bytes from self.connection, but wait no longer than until self.end (`time.monotonic()`).

            >>> server, client = socket.socketpair()
            >>> client.sendall(b"GET")
            >>> Deadline(server, seconds=10).recv(1_000)
            b'GET'

        Set the socket's own time limit, with `settimeout`, to what is left until self.end: that limit begins anew with
        each recv.

            TimeoutError        nothing comes in time; or no time is left, and then the socket is not asked
            from the socket     let out, and the socket stays open

        `socket.settimeout` in Python's documentation; RFC 9110 section 15.5.9 (Request Timeout).
        """
        raise NotImplementedError("step 4.14: write Deadline.recv")

    def sendall(self, data: bytes) -> None:
        """Send data as the connection itself does; Expect: 100-continue is answered with it."""
        self.connection.sendall(data)


def refuse(connection: socket.socket, status: int, message: str) -> None:
    """Tell the log and the client why its request is not handled."""
    print(f"a request was refused: {status} {REASONS[status]}: {message}", file=sys.stderr)
    connection.settimeout(SEND_SECONDS)
    connection.sendall(error_response(status, message))


def receive_request(connection: socket.socket) -> Request | None:
    """Return the Request of a client, or None if the client left or was refused (for being too slow, for example)."""
    try:
        try:
            # read_request calls only recv and sendall. A Deadline has both, so cast tells mypy to take it for a socket.
            return read_request(cast(socket.socket, Deadline(connection, REQUEST_SECONDS)))
        except BadRequest as error:
            refuse(connection, error.status, str(error))
        except TimeoutError:
            refuse(connection, 408, f"the request was not whole after {REQUEST_SECONDS} seconds")
    except (ConnectionError, TimeoutError):
        pass
    return None


def make_handle(app: WSGIApplication) -> Callable[[socket.socket, Address], None]:
    """Step 4.15 · about 15 minutes

    Return a function `handle(connection, client_address)`, for `serve` of chapter 1, that answers one client with app.

    1. `receive_request(connection)` gives the request. If it gives None, there is nothing left to do.
    2. Set the connection's time limit to SEND_SECONDS, before the request is handled.
    3. `handle_request` answers it.

    In every case, `hang_up` closes the connection, also when receive_request or handle_request raises something: what
    they raise is let out.
    gunicorn/workers/sync.py, handle; RFC 9112 section 9.6 (closing).
    """
    raise NotImplementedError("step 4.15: write make_handle")


class NotAnApplication(ValueError):
    """What was asked for cannot be served; the message is one sentence for the person at the keyboard."""


def place_of(error: BaseException) -> str:
    """Return where an exception comes from, `file.py:12`, in the code that raised it."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def load_application(name: str) -> WSGIApplication:
    """Step 4.16 · about 25 minutes

    Return the application that a name stands for, such as the object app of the module demo for "demo:app".

        >>> load_application("ch03_environ:function_app").__name__
        'function_app'

    `importlib.import_module` imports a module by its name, also one in a package ("shop.wsgi"). In these cases
    raise NotAnApplication, with one sentence that has the name, or the part of it that is wrong:

        there is no colon, or nothing before or after it
        there is no such module
        the import raises any exception, SystemExit too; or the module's own `__getattr__` does, when getattr asks for
            the object: the sentence says what was raised, and where
        the module has no object of exactly that name: `site.app` and `app()` are not names
        the object is not callable

    `why_not(module_name, attribute, error)` returns the sentence for an exception that the import or getattr raised.
    KeyboardInterrupt is let out.
    gunicorn/util.py, import_app; PEP 3333, section "The Application/Framework Side".
    """
    raise NotImplementedError("step 4.16: write load_application")


def why_not(module_name: str, attribute: str, error: BaseException) -> str:
    """Return the sentence for an error while attribute was looked up in the module."""
    if isinstance(error, ModuleNotFoundError) and f"{module_name}.".startswith(f"{error.name}."):
        return f"there is no module {error.name!r} in {os.getcwd()}"
    if isinstance(error, AttributeError) and error.name == attribute and module_name in sys.modules:
        return f"the module {module_name} has no {attribute!r}"
    return f"{module_name}:{attribute} can't be loaded: {type(error).__name__}: {error} ({place_of(error)})"


def program_arguments(description: str, app: str = "ch03_environ:function_app") -> argparse.ArgumentParser:
    """Return the parser of a program that serves MODULE:APP; app is what it serves if none is named."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("app", nargs="?", default=app, metavar="MODULE:APP")
    parser.add_argument("--bind", type=bind_address, default="127.0.0.1:8000", metavar="HOST:PORT")
    return parser


def application_named(name: str, *needs: Any) -> Any:
    """Return the application that a name stands for, looked up from the current folder too.

    End the program with one sentence if there is none, or if needs (functions or classes) refer to a step
    that is still to be written.
    """
    refuse_unwritten(load_application, *needs)
    sys.path.insert(0, os.getcwd())
    try:
        return load_application(name)
    except NotAnApplication as error:
        sys.exit(str(error))


def main() -> None:
    """Run the program: serve MODULE:APP, which is looked up from the current folder."""
    arguments = program_arguments("Serve a WSGI application.").parse_args()
    app = application_named(arguments.app, make_handle)
    run(make_handle(app), arguments.bind, needs=[app])


if __name__ == "__main__":
    main()
