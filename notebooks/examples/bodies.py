"""Applications whose bodies differ: in their blocks, and in the length that they announce."""
from wsgiref.validate import validator

from flask import Flask


def one_block(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello, world\n"]


def two_blocks(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"Hello, "
    yield b"world\n"


def no_blocks(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return []


def too_long(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"Hello, world"]


def too_short(environ, start_response):
    start_response("200 OK", [("Content-Length", "20")])
    return [b"Hello"]


flask_app = Flask("hello")


@flask_app.get("/")
def hello():
    return "Hello, world\n"


judged = validator(flask_app)
