"""Applications that answer with what they find in their environ."""
from pprint import pformat

KNOWN = """REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING CONTENT_TYPE CONTENT_LENGTH
SERVER_NAME SERVER_PORT SERVER_PROTOCOL wsgi.version wsgi.url_scheme wsgi.input wsgi.errors
wsgi.multithread wsgi.multiprocess wsgi.run_once""".split()  # what PEP 3333 defines, beside HTTP_ variables


def show(environ, start_response):
    known = {name: value for name, value in environ.items()
             if name in KNOWN or name.startswith("HTTP_")}
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [pformat(known).encode()]


def wanted(environ, start_response):
    names = environ["PATH_INFO"][1:].split(",")
    values = [environ.get(name, "absent") for name in names]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(values).encode()]


def trusting(environ, start_response):
    length = environ["CONTENT_LENGTH"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the length is " + repr(length).encode()]


def greedy(environ, start_response):
    stream = environ["wsgi.input"]
    got = stream.read(2), stream.read(1)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(got).encode()]


def link(environ, start_response):
    host = environ["SERVER_NAME"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"http://{host}/basket".encode()]
