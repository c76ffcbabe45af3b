"""An observer on the server's side of an application: it calls as a server calls, and notes all that comes.

Nothing is refused while the application runs, so that it can't hide what it does wrong: the checks look afterwards.
"""
import io
import sys
from wsgiref.util import setup_testing_defaults

MANY = 1000  # blocks, more than which no check waits for
STREAM = {"input": {"read", "readline", "readlines", "__iter__"}, "errors": {"write", "writelines", "flush"}}


class Stream:
    """wsgi.input or wsgi.errors with what PEP 3333 gives them, and a note of all else that is looked for."""

    def __init__(self, kind, file):
        self.noted = {"others": [], "asked": 0}
        self.kind, self.file = kind, file

    def __getattr__(self, name):
        if name not in STREAM[self.kind]:
            self.noted["others"].append(name)
            raise AttributeError(name)
        return getattr(self.file, name)

    def __iter__(self):
        return iter(self.file)


class Input(Stream):
    """wsgi.input; it counts the bytes that are asked for."""

    def __init__(self, body):
        super().__init__("input", io.BytesIO(body))

    def read(self, size=-1):
        self.noted["asked"] += max(size, 0)
        return self.file.read(size)


def environ(path="/", body=b"", **variables):
    """Return an environ (a new dict) such as a server makes, with an input that has body (bytes)."""
    made = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1", **variables}
    if body:
        made |= {"CONTENT_LENGTH": str(len(body))}
    setup_testing_defaults(made)
    return made | {"wsgi.input": Input(body), "wsgi.errors": Stream("errors", io.StringIO())}


class Call:
    """One call of an application, and what it did."""

    def __init__(self, app, variables, *, head_sent=False):
        self.app, self.environ = app, variables
        self.streams = variables["wsgi.input"], variables["wsgi.errors"]  # the environ is the application's to change
        self.starts = []  # (positional arguments, named arguments, whether an exception was being handled)
        self.written, self.blocks = [], []
        self.written_while_iterating = 0
        self.started_with_first_block = True
        self.head_sent, self.refused = head_sent, None  # the exception that start_response raised again
        self.iterable = self.error = None
        self.is_iterating = False

    def start_response(self, *arguments, **named):
        self.starts.append((arguments, named, sys.exc_info()[1] is not None))
        if self.head_sent and is_exc_info(self.exc_info()):
            self.refused = self.exc_info()[1]
            raise self.refused
        if len(self.starts) > 1 and not self.exc_info():
            raise AssertionError("start_response was called a second time without exc_info")
        return self.write

    def write(self, block):
        self.written.append(block)
        self.written_while_iterating += self.is_iterating

    def given(self, start=-1):
        """Return what a call of start_response, the last one, was given, as a dict of parameters."""
        arguments, named, _ = self.starts[start] if self.starts else ((), {}, False)
        return dict(zip(("status", "headers", "exc_info"), arguments, strict=False)) | named

    def exc_info(self):
        """Return the exc_info of the last call of start_response, or None."""
        return self.given().get("exc_info")

    def begin(self):
        """Call the application, and return this; what it raises is kept."""
        try:
            self.iterable = self.app(self.environ, self.start_response)
        except Exception as error:
            self.error = error
        return self

    def take(self, count=MANY):
        """Take up to count blocks of what the application returned, and return this."""
        if self.error is None:
            try:
                self.take_on(count)
            except Exception as error:
                self.error = error
        return self

    def take_on(self, count):
        self.is_iterating = True
        self.iterator = getattr(self, "iterator", None) or iter(self.iterable)
        while count and (block := next(self.iterator, self)) is not self:
            self.started_with_first_block &= bool(self.starts)
            self.blocks.append(block)
            count -= 1
        self.is_iterating = False

    def close(self):
        """Close the iterable, if it can be closed, and return this; what is raised first is kept."""
        try:
            if hasattr(self.iterable, "close"):
                self.iterable.close()
        except Exception as error:
            self.error = self.error or error
        return self

    def shown(self):
        """Return the call as it is told: the request, and what of its variables matters."""
        variables = self.environ
        return f"app(environ, start_response) for {variables.get('REQUEST_METHOD')} {variables.get('PATH_INFO')!r}"


def is_exc_info(value):
    """Tell whether value is what sys.exc_info() returns while an exception is handled."""
    return isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException)


def whole(app, variables, **more):
    """Call app, take all that it gives, close it, and return the Call."""
    return Call(app, variables, **more).begin().take().close()
