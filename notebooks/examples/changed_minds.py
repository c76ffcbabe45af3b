"""Applications that announce a page, fail, and announce something else, with exc_info."""
import sys


def at_once(environ, start_response):
    start_response("200 OK", [("Content-Length", "12")])
    try:
        {}["price"]
    except KeyError:
        start_response("500 Oops", [("Content-Length", "5")], sys.exc_info())
    return [b"sorry"]


def after_empty(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b""
    try:
        {}["price"]
    except KeyError:
        start_response("500 Oops", [("Content-Length", "5")], sys.exc_info())
    yield b"sorry"
