"""Applications that are answered, in steps 4.13 and 4.15, and the log that tells of it."""
import asyncio
import re
import sys
from wsgiref.util import setup_testing_defaults

from tests.ch04_response.common import CLIENT, ch04, request_for
from tests.ch04_response.files import FileConnection
from tests.expect import Own, expect_silence
from workshop.checking.diagnosis import Diagnosis, expect_same
from workshop.checking.tree import as_argument, calls, deepest_place, shown


class NoException(BaseException):
    """An exception of an application's own that is no Exception."""


def named(name, app):
    """Return an application (a function) as it is shown in a call: `<name>`."""
    app.__name__ = name
    return app


def app_returning(iterable, status="200 OK", headers=()):
    """Return an application that answers with iterable."""
    def app(environ, start_response):
        start_response(status, list(headers))
        return iterable

    with_headers = f" with {list(headers)}" if headers else ""
    return named(f"an app that starts {status!r}{with_headers} and returns {iterable!r}", app)


def app_noting(environs):
    """Return an application that puts its environ into a list."""
    def app(environ, start_response):
        environs.append(environ)
        return app_returning([b"noted"])(environ, start_response)

    return named("an app that returns [b'noted']", app)


def app_raising(error):
    """Return an application that fails before it has begun."""
    def app(environ, start_response):
        raise error if isinstance(error, type) else error.with_traceback(None)  # it is raised in other checks too

    return named(f"an app that raises {getattr(error, '__name__', repr(error))} when it is called", app)


def app_raising_ours(name):
    """Return an application that raises an exception of the tutorial's own, by its name, when it is called."""
    def app(environ, start_response):
        raise Own(name)("the secret is 12345")

    return named(f"an app that raises {name} when it is called", app)


def late_app(environ, start_response):
    """An application that is late with start_response, as every generator function is."""
    start_response("200 OK", [("X-Late", "yes")])
    yield b"hello, "
    yield b"world"


class Page:
    """What an application returns: blocks, an end that may fail, and a note in events for all that is done with it."""

    def __init__(self, events, blocks=(b"hello", b"world"), error=None):
        self.events, self.blocks, self.error = events, blocks, error

    def __repr__(self):
        end = f", which then raises {self.error!r}" if self.error else ""
        raised = getattr(vars(self).get("close"), "raises", None)  # where a check has put another close there
        close = f"a close that raises {raised!r}" if raised else "a close"
        return f"<an iterable of {shown(self.blocks)} with {close}{end}>"

    def __iter__(self):
        for block in self.blocks:
            self.events.append(("asked",))
            yield block
        if self.error:
            raise self.error

    def close(self):
        self.events.append(("iterable closed",))


def environ_for(request):
    """Return an environ for an application, of the checks' own making."""
    environ = {"REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.target, "QUERY_STRING": "",
               "SERVER_PROTOCOL": request.version, "wsgi.errors": sys.stderr, "wsgi.file_wrapper": ch04.FileWrapper}
    setup_testing_defaults(environ)
    return environ


def answered(app, request=None, connection=None, environ=None):
    """Have answer_with answer a request with app, and return the response."""
    request = request or request_for()
    response = ch04.Response(connection or FileConnection(), request)
    answer_with, place = ch04.answer_with, len(calls)
    try:
        answer_with(app, environ or environ_for(request), response, request, CLIENT)
    finally:
        calls[place] = f"answer_with({as_argument(app)}, environ, response, {as_argument(request)}, {CLIENT})"
    return response


def handled(app, request=None, connection=None):
    """Have answer_with answer a request with app, and return the connection."""
    return answered(app, request, connection).connection


def handled_in_spite_of(case, app, connection=None):
    """Return the connection of a request that goes wrong. Raises Diagnosis if what is raised on the way is let out."""
    try:
        return handled(app, connection=connection)
    except UnboundLocalError as error:
        raise Diagnosis(f"a name has no value after an error ({case})", came_out=str(error),
                        place=deepest_place(error.__traceback__),
                        why="The error has come before the line that gives it one. Give it a value before the `try`, "
                            "such as None.")
    except ch04.ClientGone as error:
        raise Diagnosis("ClientGone is let out", came_out=str(error), place=deepest_place(error.__traceback__),
                        why="A client that left is no error: there is nobody to answer, and the next one is waiting.")
    except (Exception, SystemExit, asyncio.CancelledError, GeneratorExit, NoException) as error:
        if case in NO_FAILURES:
            raise
        no_exception = "" if isinstance(error, Exception) else f" {type(error).__name__} is a BaseException only."
        raise Diagnosis(f"an error of the application is let out ({case})", came_out=repr(error),
                        place=deepest_place(error.__traceback__), why=LET_OUT + no_exception)


NO_FAILURES = ("success", "a client that leaves")  # cases in which the application does not fail
LET_OUT = ("One page that fails must not end the server: print the traceback, let `response.send_error()` answer, and "
           "return. Only KeyboardInterrupt is let out (PEP 3333, Error Handling).")
LOG_LINE = re.compile(r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "(.*)" (\d{3}|-) (\d+|-) '
                      r'(\d+\.\d{3})')


def log_lines(text):
    """Return the matches of the access log's lines in what was printed on stderr."""
    return [match for line in text.splitlines() if (match := LOG_LINE.fullmatch(line))]


def expect_in_log(printed, status, size, case):
    """Fail unless the access log in what was printed has one line, with this status and this number of bytes."""
    came_back = [line.group(2, 3) for line in log_lines(printed)]
    problem = f"the access log tells another response than the {status} ({case})"
    why = "Errors too are requests that were answered: each has its line, in a `finally`, whatever was raised."
    if came_back == [("-", "-")]:
        problem = f"the access line is written before send_error has answered: it has - in place of {status} ({case})"
        why = "Answer first, and then write the line. (An `except` and a `finally` of one `try`, for example, are " \
              "run in this order.)"
    elif len(came_back) != 1:
        problem = f"the {status} has {len(came_back) or 'no'} lines in the access log, not one ({case})"
    expect_same(came_back, [(status, size)], why, problem=problem, stderr=printed)


def expect_log_alone(printed, usual, case, why):
    """As expect_silence, beside the lines of the access log."""
    beside = ["\n".join(line for line in text.splitlines() if not log_lines(line)) for text in printed]
    expect_silence(beside, usual, f"{case}, beside the access log", why, expected="the line of the access log alone")
