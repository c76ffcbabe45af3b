"""Four applications that fail, each at another moment, and two layers that answer in their place."""
import sys

TEXT = [("Content-Type", "text/plain")]


def before(environ, start_response):
    raise ValueError("no tea")


def after(environ, start_response):
    start_response("200 OK", TEXT)
    raise ValueError("no tea")


def first_block(environ, start_response):
    start_response("200 OK", TEXT)
    raise ValueError("no tea")
    yield  # never reached: it makes this a generator function


def second_block(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"tea: "
    raise ValueError("no price")


def careless(inner):
    def layer(environ, start_response):
        try:
            return inner(environ, start_response)
        except Exception:
            start_response("500 Internal Server Error", TEXT)
            return [b"sorry"]
    return layer


def apologising(inner):
    def layer(environ, start_response):
        try:
            yield from inner(environ, start_response)
        except Exception:
            start_response("500 Internal Server Error", TEXT,
                           sys.exc_info())
            yield b"sorry"
    return layer


APPLICATIONS = [before, after, first_block, second_block]
head_gone = apologising(second_block)
