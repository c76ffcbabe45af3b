"""What the checks of several steps of this chapter share."""
import errno
import io
import re
import types

from workshop.checking.diagnosis import Diagnosis, expect_same
from workshop.checking.endless import report_trouble
from workshop.checking.transport import PATIENCE, Connection
from workshop.checking.tree import LearnersChapter, deepest_place, noted

ch02 = LearnersChapter("ch02_request")
ch04 = LearnersChapter("ch04_response")
CLIENT = ("127.0.0.1", 50_000)
BLANK_LINE = b"\r\n\r\n"


class Noted:
    """An object of the learner's; calls of its methods are noted for the diagnosis, as Chapter notes functions."""

    def __init__(self, thing, name):
        vars(self).update(_thing=thing, _name=name)

    def __getattr__(self, attribute):
        value = getattr(self._thing, attribute)
        return noted(value, f"{self._name}.{attribute}") if isinstance(value, types.MethodType) else value

    def __setattr__(self, attribute, value):
        setattr(self._thing, attribute, value)


def request_for(method="GET", version="HTTP/1.1", target="/"):
    """Return a Request such as read_request of chapter 2 returns; its texts are new ones, as they are there."""
    return ch02.Request("".join(method), target, version, [("host", "127.0.0.1:8000")], b"/", "")


def response_to(request=None, *, connection=None, status="200 OK", headers=()):
    """Return a Response as it is when start_response has accepted status and headers."""
    response = ch04.Response(connection or Connection(), request or request_for())
    response.started, response.status, response.headers = True, status, list(headers)
    return Noted(response, "response")


def body_in(sent):
    """Return what stands behind the head in the bytes that were sent, chunks and all."""
    return sent.partition(BLANK_LINE)[2]


def head_in(sent):
    """Return the head in the bytes that were sent, its blank line included."""
    return sent.partition(BLANK_LINE)[0] + BLANK_LINE


def expect_value(came_back, expected, why, *, problem, **rows):
    """Fail unless came_back is expected; that nothing was returned is told as such."""
    expect_same(came_back, expected, why, problem="nothing is returned" if came_back is None else problem, **rows)


def expect_accepted(call, why, *, problem):
    """Fail with problem if call() refuses what it should accept, or returns anything but None."""
    try:
        came_back = call()
    except (TypeError, ValueError) as error:
        raise Diagnosis(problem, **{"came back": f"{type(error).__name__}: {error}", "expected": "None"},
                        place=deepest_place(error.__traceback__), why=why)
    expect_same(came_back, None, why, problem="something is returned where None says that all is well")


def expect_refused(error, call, why, *, problem, others=(TypeError, ValueError, AssertionError, OSError), **rows):
    """Fail with problem unless call() raises error, an exception class; one of others instead is told as such."""
    try:
        came_back = call()
    except (NotImplementedError, Diagnosis):
        raise
    except error as raised:
        return raised
    except others as raised:
        raise Diagnosis(f"{type(raised).__name__} is raised instead of {error.__name__}: {raised}", **rows,
                        expected=error.__name__, place=deepest_place(raised.__traceback__), why=why)
    raise Diagnosis(problem, **rows, **{"came back": repr(came_back), "expected": error.__name__}, why=why)


CONTROL_CHARACTERS = {
    "CR LF and another line": "\r\nSet-Cookie: role=admin",
    "LF alone": "\nSet-Cookie: role=admin",
    "CR alone": "\rSet-Cookie: role=admin",
    "LF at the end": "\n",
    "NUL": "\0",
    "DEL": "\x7f",
    "escape": "\x1b[2J",
}


class ApplicationFails(Exception):
    """What goes wrong in the applications of these checks."""


BODILESS = [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")]  # method and status


def lengthy(number):
    """Return headers with this Content-Length."""
    return [("Content-Length", str(number))]


def watched_blocks(connection, blocks, seen):
    """Yield blocks; note in the list seen, each time one is asked for, the body that was sent until then."""
    for block in blocks:
        seen.append(body_in(connection.sent))
        yield block
    seen.append(body_in(connection.sent))


class FileConnection(Connection):
    """A connection that sends files as a socket does, and notes what it was asked to copy."""

    def __init__(self, *, leaves=False, **options):
        super().__init__(**options)
        self.leaves = leaves  # whether the client leaves when its file comes
        self.copied = []  # (offset, count)

    def sendfile(self, file, offset=0, count=None):
        if self.leaves:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        if count is not None and count <= 0:
            raise ValueError(f"count must be a positive integer (got {count!r})")
        self.copied.append((offset, count))
        file.seek(offset)
        data = file.read(-1 if count is None else count)
        file.seek(offset + len(data))
        self.sendall(data)
        return len(data)


class Patience:
    """A file that does not wait for the end of an endless loop: it tells when it is read on and on after its end."""

    after_end = 0

    def read(self, size=-1):
        block = super().read(size)
        self.after_end = 0 if block else self.after_end + 1
        if self.after_end > PATIENCE:
            report_trouble(Diagnosis(f"the file was read {self.after_end} times after its read had returned b''",
                                     why="b'' is the end of a file: a loop that does not look at it never ends."))
        return block


class DiskFile(Patience, io.BufferedReader):
    """A file on disk, as `open` returns it."""


TEXT = b"The file has forty bytes, and some more."


def app_returning(iterable, status="200 OK", headers=()):
    """Return an application that answers with iterable."""
    def app(environ, start_response):
        start_response(status, list(headers))
        return iterable

    return app


def app_noting(environs):
    """Return an application that puts its environ into a list."""
    def app(environ, start_response):
        environs.append(environ)
        return app_returning([b"noted"])(environ, start_response)

    return app


def app_raising(error):
    """Return an application that fails before it has begun."""
    def app(environ, start_response):
        raise error

    return app


LOG_LINE = re.compile(r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "(.*)" (\d{3}|-) (\d+|-) '
                      r'(\d+\.\d{3})')


def log_lines(text):
    """Return the matches of the access log's lines in what was printed on stderr."""
    return [match for line in text.splitlines() if (match := LOG_LINE.fullmatch(line))]


GET = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"
MODULES = {
    "good": "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'from demo_good']\n",
    "package/__init__": "",
    "package/inner": "def app(environ, start_response):\n    pass\n",
    "raises": "\nraise RuntimeError('no database')\n",
    "misspelt": "\nimport os\nos.nowhere\n",
    "needs": "\nimport a_module_that_nobody_has\n",
    "leaves": "\nimport sys\nsys.exit('set SECRET first')\n",
    "unclosed": "\ndef app(environ, start_response:\n    pass\n",
    "lacks": "application = print\n",
    "wrong": "app = 'an application'\n",
}
NO_APPLICATIONS = {
    "no colon": ("demo_good", ["demo_good"]),
    "nothing behind the colon": ("demo_good:", ["demo_good:"]),
    "nothing before the colon": (":app", [":app"]),
    "an empty name": ("", []),
    "no such module": ("demo_nowhere:app", ["demo_nowhere"]),
    "no such package": ("demo_nowhere.wsgi:app", ["demo_nowhere"]),
    "no such module in a package": ("demo_package.nowhere:app", ["demo_package.nowhere"]),
    "a path instead of a name": ("demo_good.py:app", ["demo_good.py"]),
    "a module that raises": ("demo_raises:app", ["no database", "demo_raises.py:2"]),
    "a module with an AttributeError": ("demo_misspelt:app", ["nowhere", "demo_misspelt.py:3"]),
    "a module that needs another": ("demo_needs:app", ["a_module_that_nobody_has", "demo_needs.py:2"]),
    "a module that exits": ("demo_leaves:app", ["set SECRET first", "demo_leaves.py:3"]),
    "a module that is no Python": ("demo_unclosed:app", ["demo_unclosed.py:2"]),
    "a module without that name": ("demo_lacks:app", ["demo_lacks", "app"]),
    "an object that can't be called": ("demo_wrong:app", ["app"]),
}
