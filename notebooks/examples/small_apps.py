"""The smallest applications: one that greets, one that is fine, one that fails, and one that writes to the log."""


def greet(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello, ", environ["PATH_INFO"].encode("latin-1")]


def fine(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine"]


def failing(environ, start_response):
    raise ValueError("the password is 1234")


def logging(environ, start_response):
    print("a note for the log", file=environ["wsgi.errors"])
    start_response("204 No Content", [])
    return []
