"""Layers that add a header, each with a bug, and applications that show it."""
import sys

TEXT = [("Content-Type", "text/plain")]


def appending(inner):
    def layer(environ, start_response):
        def start(status, headers, exc_info=None):
            headers.append(("X-Colour", "red"))
            return start_response(status, headers, exc_info)
        return inner(environ, start)
    return layer


def waiting(inner):
    def layer(environ, start_response):
        kept = []
        body = inner(environ, lambda *given: kept.extend(given))
        start_response(kept[0], [*kept[1], ("X-Colour", "red")])
        return body
    return layer


class Keeping:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        self.start_response = start_response
        return self.app(environ, self.passing)

    def passing(self, status, headers, exc_info=None):
        headers = [*headers, ("X-Colour", "red")]
        return self.start_response(status, headers, exc_info)


def forgetful(inner):
    def layer(environ, start_response):
        def start(status, headers):
            start_response(status, [*headers, ("X-Colour", "red")])
        return inner(environ, start)
    return layer


def late_tea(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"tea"


def writer(environ, start_response):
    write = start_response("200 OK", TEXT)
    write(b"written")
    return []


def corrector(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise RuntimeError("no tea")
    except RuntimeError:
        start_response("404 Not Found", TEXT, sys.exc_info())
    return [b"no tea"]
