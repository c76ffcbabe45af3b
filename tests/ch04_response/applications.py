"""Applications that handle_request is called with, in steps 4.12 and 4.14, and the log that it writes."""
import re

from tests.ch04_response.common import CLIENT, ch04, request_for
from tests.ch04_response.files import FileConnection


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


def late_app(environ, start_response):
    """An application that is late with start_response, as every generator function is."""
    start_response("200 OK", [("X-Late", "yes")])
    yield b"hello, "
    yield b"world"


class Page:
    """What an application returns: blocks, an end that may fail, and a note in events for all that is done with it."""

    def __init__(self, events, blocks=(b"hello", b"world"), error=None):
        self.events, self.blocks, self.error = events, blocks, error

    def __iter__(self):
        for block in self.blocks:
            self.events.append(("asked",))
            yield block
        if self.error:
            raise self.error

    def close(self):
        self.events.append(("iterable closed",))


def handled(app, request=None, connection=None):
    """Have handle_request answer a request with app, and return the connection."""
    connection = connection or FileConnection()
    ch04.handle_request(app, request or request_for(), connection, CLIENT)
    return connection


LOG_LINE = re.compile(r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "(.*)" (\d{3}|-) (\d+|-) '
                      r'(\d+\.\d{3})')


def log_lines(text):
    """Return the matches of the access log's lines in what was printed on stderr."""
    return [match for line in text.splitlines() if (match := LOG_LINE.fullmatch(line))]
