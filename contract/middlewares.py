"""The middleware whose duties are checked, and an application to stand below it that notes what is done to it."""
import contextlib
import io
import tempfile

from werkzeug.middleware.dispatcher import DispatcherMiddleware as RealDispatcher
from werkzeug.middleware.lint import LintMiddleware
from werkzeug.middleware.profiler import ProfilerMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.middleware.shared_data import SharedDataMiddleware

from contract.applications import Subject, ch05
from contract.observer import Call, environ

HEADERS = (("Content-Type", "text/plain; charset=utf-8"),)
BLOCKS = (b"one $\n", b"two $\n", b"", b"three $\n", b"four $\n")
EMPTY = tempfile.gettempdir() + "/there-is-no-such-folder"


def below_a_mount(dispatcher):
    """Return how a dispatcher wraps an application: it is mounted below /, and everywhere else as well."""
    return lambda app: dispatcher(app, {"/elsewhere": app})


def chapter_5(make, *steps):
    return Subject(make, "ch05_middleware", steps)


SUBJECTS = {
    "ch05 AddHeader": chapter_5(lambda app: ch05.AddHeader(app, "X-Added", "yes"), "5.1"),
    "ch05 ReplaceText": chapter_5(lambda app: ch05.ReplaceText(app, b"$", b"euro"), "5.2", "5.3", "5.4"),
    "ch05 ErrorPage": chapter_5(lambda app: ch05.ErrorPage(app), "5.2", "5.5", "5.6"),
    "ch05 DispatcherMiddleware": chapter_5(below_a_mount(lambda *words: ch05.DispatcherMiddleware(*words)),
                                           "5.7", "5.8"),
    "werkzeug DispatcherMiddleware": Subject(below_a_mount(RealDispatcher)),
    "werkzeug ProxyFix": Subject(ProxyFix),
    "werkzeug SharedDataMiddleware": Subject(lambda app: SharedDataMiddleware(app, {"/shared": EMPTY})),
    "werkzeug LintMiddleware": Subject(LintMiddleware),
    "werkzeug ProfilerMiddleware": Subject(lambda app: ProfilerMiddleware(app, stream=io.StringIO())),
}


class Below:
    """An application that answers with blocks; those that are exceptions it raises. It notes how it is called."""

    def __init__(self, *blocks, late=False, writes=(), has_close=True, headers=HEADERS):
        self.blocks, self.late, self.writes, self.headers = blocks or BLOCKS, late, writes, list(headers)
        self.has_close = has_close
        self.arguments = self.named = None  # of the call
        self.write = None  # what start_response returned
        self.bodies = []  # an Iterable for each call

    def __call__(self, *arguments, **named):
        self.arguments, self.named = arguments, named
        environ, start_response = arguments
        self.started = lambda: start_response("200 OK", list(self.headers))
        if not self.late:
            self.write = self.started()
        for block in self.writes:
            self.write(block)
        self.bodies.append((Closing if self.has_close else Iterable)(self))
        return self.bodies[-1]

    @property
    def body(self):
        """What the last call returned."""
        return self.bodies[-1]


class Iterable:
    """The iterable of an application below. Its iterator is another object, whose close() is nobody's business."""

    def __init__(self, app):
        self.app, self.given, self.closed = app, 0, 0

    def __iter__(self):
        if self.app.late:
            self.app.write = self.app.started()
        for block in self.app.blocks:
            self.given += 1
            if isinstance(block, BaseException):
                raise block
            yield block


class Closing(Iterable):
    """One with close(), which counts."""

    def close(self):
        self.closed += 1


def called(middleware, app, **variables):
    """Return the Call of middleware (a Subject's make) around app, begun and not yet iterated."""
    return Call(middleware(app), environ(**variables)).begin()


@contextlib.contextmanager
def closing(call):
    """Close what a Call returned when the block ends."""
    try:
        yield call
    finally:
        call.close()
