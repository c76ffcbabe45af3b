"""An observer on the server's side of an application: it calls as a server calls, and notes all that comes.

Nothing is refused while the application runs, so that it can't hide what it does wrong: the checks look afterwards.
"""
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

Start = tuple[tuple[Any, ...], dict[str, Any], bool]  # arguments of start_response; whether an error is being handled
WSGIEnvironment = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
WSGIApplication = Callable[..., Iterable[bytes]]  # whatever it is called with
Middleware = Callable[[WSGIApplication], WSGIApplication]
MANY = 1000  # blocks, more than which no check waits for
STREAM = {"input": {"read", "readline", "readlines", "__iter__"}, "errors": {"write", "writelines", "flush"}}


class ObservedStream:
    """wsgi.input or wsgi.errors with what PEP 3333 gives them, and a note of all else that is looked for."""

    def __init__(self, kind: str, file: io.BytesIO | io.StringIO) -> None:
        self.others: list[str] = []  # names that were looked for
        self.asked = 0  # bytes that were asked for
        self.kind, self.file = kind, file

    def __getattr__(self, name: str) -> Any:
        if name not in STREAM[self.kind]:
            self.others.append(name)
            raise AttributeError(name)
        return getattr(self.file, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.file)


class ObservedInput(ObservedStream):
    """wsgi.input; it counts the bytes that are asked for."""

    def __init__(self, body: bytes) -> None:
        super().__init__("input", io.BytesIO(body))

    def read(self, size: int = -1) -> Any:
        """Read so many bytes, or all."""
        self.asked += max(size, 0)
        return self.file.read(size)


OWN: WSGIEnvironment = {}  # variables that whoever runs the checks gives to each request


def environ(path: str = "/", body: bytes = b"", **variables: str) -> WSGIEnvironment:
    """Return a new environ such as a server makes, with an input that has body."""
    made = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1", **variables}
    if body:
        made |= {"CONTENT_LENGTH": str(len(body))}
    setup_testing_defaults(made)
    return made | OWN | {"wsgi.input": ObservedInput(body), "wsgi.errors": ObservedStream("errors", io.StringIO())}


class ObservedCall:
    """One call of an application, and what it did."""

    def __init__(self, app: WSGIApplication, variables: WSGIEnvironment, *, head_sent: bool = False) -> None:
        self.app, self.environ = app, variables
        self.streams = variables["wsgi.input"], variables["wsgi.errors"]  # the environ is the application's to change
        self.starts: list[Start] = []
        self.written: list[Any] = []
        self.blocks: list[Any] = []
        self.written_while_iterating = 0
        self.started_with_first_block = True
        self.head_sent = head_sent
        self.refused: BaseException | None = None  # the exception that start_response raised again
        self.iterable: Any = None
        self.iterator: Iterator[Any] | None = None
        self.error: BaseException | None = None
        self.is_iterating = False

    def start_response(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        """Note a call; raise what the server must raise."""
        self.starts.append((arguments, named, sys.exc_info()[1] is not None))
        exc_info = self.exc_info()
        if self.head_sent and is_exc_info(exc_info):
            self.refused = error = exc_info[1]
            raise error
        if len(self.starts) > 1 and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        return self.write

    def write(self, block: Any) -> None:
        """Note a block."""
        self.written.append(block)
        self.written_while_iterating += self.is_iterating

    def given(self, start: int = -1) -> dict[str, Any]:
        """Return what a call of start_response, the last one, was given, by parameters."""
        arguments, named, _ = self.starts[start] if self.starts else ((), {}, False)
        return dict(zip(("status", "headers", "exc_info"), arguments, strict=False)) | named

    def exc_info(self) -> Any:
        """Return the exc_info of the last call of start_response, or None."""
        return self.given().get("exc_info")

    def begin(self) -> "ObservedCall":
        """Call the application, and return this; what it raises is kept."""
        try:
            self.iterable = self.app(self.environ, self.start_response)
        except Exception as error:
            self.error = error
        return self

    def take(self, count: int = MANY) -> "ObservedCall":
        """Take up to count blocks of what the application returned, and return this."""
        if self.error is None:
            try:
                self.take_on(count)
            except Exception as error:
                self.error = error
        return self

    def take_on(self, count: int) -> None:
        """Take up to count blocks; what is raised comes out."""
        self.is_iterating = True
        self.iterator = self.iterator or iter(self.iterable)
        while count and (block := next(self.iterator, self)) is not self:
            self.started_with_first_block &= bool(self.starts)
            self.blocks.append(block)
            count -= 1
        self.is_iterating = False

    def close(self) -> "ObservedCall":
        """Close the iterable, if it can be closed, and return this; what is raised first is kept."""
        try:
            if hasattr(self.iterable, "close"):
                self.iterable.close()
        except Exception as error:
            self.error = self.error or error
        return self

    def shown(self) -> str:
        """Return the call as a person reads it: the request, and what of its variables matters."""
        variables = self.environ
        return f"app(environ, start_response) for {variables.get('REQUEST_METHOD')} {variables.get('PATH_INFO')!r}"


def is_exc_info(value: object) -> bool:
    """Tell whether value is what sys.exc_info() returns while an exception is handled."""
    return isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException)


def whole(app: WSGIApplication, variables: WSGIEnvironment, **more: Any) -> ObservedCall:
    """Call app, take all that it gives, close it, and return the observed call."""
    return ObservedCall(app, variables, **more).begin().take().close()
