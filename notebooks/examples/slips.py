"""Applications with a slip: each keeps all rules of PEP 3333 but one."""

PLAIN = [("Content-Type", "text/plain")]


def first(environ, start_response):
    start_response("200 OK", PLAIN)
    return "Hello"


def second(environ, start_response):
    start_response("200 OK", PLAIN)
    return b"Hello"


def third(environ, start_response):
    start_response(status="200 OK", response_headers=PLAIN)
    return [b"Hello"]


def fourth(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"),
                              ("Content-Length", 5)])
    return [b"Hello"]


def boolean(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"half a page"
    try:
        yield b"%d" % (1 / 0)
    except ZeroDivisionError:
        start_response("500 Sorry", [("Content-Type", "text/plain")], True)
        yield b"sorry"


def twice(environ, start_response):
    start_response("200 OK", [])
    start_response("404 Not Found", [])
    return []
