"""Requests whose fields say where the body ends, for step 2.10."""
from tests.ch02_request.common import ch02

ANY_METHOD = ("The fields of the head alone say whether there is a body: another program reads as a request what you "
              "leave unread (RFC 9112 sections 6.3 and 11.2).")


def length(value):
    return ("content-length", value)


def coding(value):
    return ("transfer-encoding", value)


def request_with(*fields, version="HTTP/1.1", method="POST"):
    """Return a Request of /echo with these header fields, (name, value) pairs."""
    return ch02.Request(method, "/echo", version, [("host", "a"), *fields], b"/echo", "")


def rows_of_request(request, *limits):
    """Return the rows that show what body_framing is called with: a request, and perhaps a limit."""
    return {"called": f"body_framing({', '.join(['request', *map(str, limits)])})",
            "fields": f"{request.fields}, {request.method}, {request.version}"}
