"""Applications that send a file: the one that they stand in."""
from flask import Flask, send_file


def skips(environ, start_response):
    file = open(__file__, "rb")
    file.seek(10)
    wrapper = environ["wsgi.file_wrapper"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return wrapper(file)


def reads(environ, start_response):
    file = open(__file__, "rb")
    file.read(10)
    wrapper = environ["wsgi.file_wrapper"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return wrapper(file)


site = Flask("files")


@site.get("/")
def whole():
    return send_file(__file__, "text/plain")
