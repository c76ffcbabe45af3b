"""Layers that stand between a server and the blocks, and applications that show what becomes of them."""
from flask import Flask

TEXT = [("Content-Type", "text/plain")]

closing_app = Flask("closing")


@closing_app.get("/")
def page():
    response = closing_app.response_class("two cups")
    response.call_on_close(lambda: print("database released"))
    return response


def joining(inner):
    def layer(environ, start_response):
        return [b"".join(inner(environ, start_response))]
    return layer


def slow(environ, start_response):
    start_response("200 OK", TEXT)
    for block in [b"tea", b"cup"]:
        print("made", block)
        yield block


def passing_on(iterable):
    try:
        yield from iterable
    finally:
        print("closed what is inside")


def patient(environ, start_response):
    start_response("200 OK", TEXT)
    for _ in range(3):
        print("still working")
        yield b""
    yield b"done"


def skipping(inner):
    def layer(environ, start_response):
        blocks = inner(environ, start_response)
        return (block for block in blocks if block)
    return layer


def shouting(inner):
    def layer(environ, start_response):
        for block in inner(environ, start_response):
            yield block.upper()
    return layer
