"""Applications that do what few do, and PEP 3333 allows. A server has to serve them all."""
import sys


def late(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"Hello"


def old(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"first, ")
    write(b"second, ")
    return [b"third"]


def repair(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        return [b"%d" % (1 / 0)]
    except ZeroDivisionError:
        start_response("500 Sorry", [("Content-Type", "text/plain")], sys.exc_info())
        return [b"sorry"]


def half_way(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"half a page"
    try:
        yield b"%d" % (1 / 0)
    except ZeroDivisionError:
        start_response("500 Sorry", [("Content-Type", "text/plain")], sys.exc_info())
        yield b"sorry"
