"""Iterables that have something to close, and applications that return them."""
import sys


class Blocks:
    def __iter__(self):
        yield b"one "
        yield b"two"

    def close(self):
        print("closed")


class Broken:
    def __iter__(self):
        yield b"one "
        raise ValueError("no second block")

    def close(self):
        print("closed", file=sys.stderr)


def closing(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Blocks()


def broken(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Broken()
