"""What the checks of several files of this chapter share."""
import re
import types
from urllib.parse import unquote_to_bytes

import pytest

from tests.expect import blaming
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.transport import Connection
from workshop.checking.tree import LearnersChapter, calls, noted, shown
from wsgi_contract.answer import BLANK_LINE

ch02 = LearnersChapter("ch02_request")
ch04 = LearnersChapter("ch04_response")
CLIENT = ("127.0.0.1", 50_000)
GET = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"
NOTHING = {"nothing is returned": None}  # see expect_value
BODILESS = [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")]  # method and status
CONTROL_CHARACTERS = {
    "CR LF and another line": "\r\nSet-Cookie: role=admin",
    "LF alone": "\nSet-Cookie: role=admin",
    "CR alone": "\rSet-Cookie: role=admin",
    "LF at the end": "\n",
    "NUL": "\0",
    "DEL": "\x7f",
    "escape": "\x1b[2J",
}
EVERY_CONTROL = "".join(map(chr, [*range(32), 127]))
INJECTION = ("CR or LF ends the line of the head: what follows is read as another line, written by whoever chose the "
             "text (PEP 3333, The start_response() Callable).")
# Two of the ways in which an LF at the end is overlooked.
AT_THE_END = "Look at all of it, as it is sent, its end too (`$` in a pattern, for example, also matches before an " \
             "LF at the end, and strip() takes it away)"
LINE_ENDS = {  # of CONTROL_CHARACTERS -> why each is refused
    "CR LF and another line": INJECTION, "LF alone": INJECTION, "CR alone": INJECTION,
    "LF at the end": f"The LF ends the line of the head. {AT_THE_END} (PEP 3333, The start_response() Callable).",
}


class ApplicationFails(Exception):
    """What goes wrong in the applications of these checks."""


class Noted:
    """An object of the learner's; calls of its methods are noted for the diagnosis, as Chapter notes functions.

    told makes of the object what stands below a call: what its method finds in it.
    """

    def __init__(self, thing, name, told):
        vars(self).update(_thing=thing, _name=name, _told=told)

    def __getattr__(self, attribute):
        value = getattr(self._thing, attribute)
        if not isinstance(value, types.MethodType):
            return value

        def call(*arguments, **named):
            place, found = len(calls), self._told(self._thing)
            try:
                return noted(value, f"{self._name}.{attribute}")(*arguments, **named)
            finally:
                calls[place] += f"\n# {found}"

        return call

    def __setattr__(self, attribute, value):
        setattr(self._thing, attribute, value)


def told(response):
    """Return what a Response knows when one of its methods is called: its request, and what is not as in a new one."""
    new = {"started": bool(response.status), "status": None, "headers": [], "known_length": None, "framing": None,
           "head_sent": False, "sent": 0}
    parts = {"method": response.method, "version": response.version}
    parts |= {name: value for name, kept in new.items() if (value := getattr(response, name, kept)) != kept}
    return f"a Response with {', '.join(f'{name}={shown(value)}' for name, value in parts.items())}"


def request_for(method="GET", version="HTTP/1.1", target="/"):
    """Return a Request such as read_request of chapter 2 returns; its texts are new ones, as they are there."""
    path, _, query = re.sub("^http://[^/]*", "", target).partition("?")
    return ch02.Request("".join(method), target, version, [("host", "127.0.0.1:8000")], unquote_to_bytes(path), query)


def response_to(request=None, *, connection=None, status="200 OK", headers=()):
    """Return a Response as it is when start_response has accepted status and headers."""
    response = ch04.Response(connection or Connection(), request or request_for())
    response.started, response.status, response.headers = True, status, list(headers)
    return Noted(response, "response", told)


def lengthy(number):
    """Return headers with this Content-Length."""
    return [("Content-Length", str(number))]


def head_in(sent):
    """Return the head in the bytes that were sent, its blank line included."""
    return sent.partition(BLANK_LINE)[0] + BLANK_LINE


FRAMINGS = {
    "chunks": ({}, "200 OK", []),
    "a length": ({}, "200 OK", lengthy(10)),
    "until close": ({"version": "HTTP/1.0"}, "200 OK", []),
    "a length, for HTTP/1.0": ({"version": "HTTP/1.0"}, "200 OK", lengthy(10)),
    "no body, for HEAD": ({"method": "HEAD"}, "200 OK", lengthy(10)),
    "no body, for 304": ({}, "304 Not Modified", []),
}  # how the body ends -> parts of the request, the status, the headers
each_framing = pytest.mark.parametrize("framing", FRAMINGS)


def framed_response(framing, connection=None):
    """Return a Response whose body ends as framing, one of FRAMINGS, says."""
    parts, status, headers = FRAMINGS[framing]
    return response_to(request_for(**parts), connection=connection, status=status, headers=headers)


def expect_left_open(connection, who, case):
    """Fail if a connection was closed, or one direction of it; who is the function that may have done it."""
    expect_that(not connection.closed and ("shutdown",) not in connection.events,
                f"{who} closes the connection ({case})", expected="the connection stays open",
                why="`hang_up` closes it, in the handle that make_handle returns, and makes sure that the client "
                    "receives all. Whoever closes before may take the end of the response from the client.")


def body_in(sent):
    """Return what stands behind the head in the bytes that were sent, chunks and all."""
    return sent.partition(BLANK_LINE)[2]


def watched_blocks(connection, blocks, seen):
    """Yield blocks; note in the list seen, each time one is asked for, the body that was sent until then."""
    for block in blocks:
        seen.append(body_in(connection.sent))
        yield block
    seen.append(body_in(connection.sent))


def expect_asked(seen, expected, problem, why, **rows):
    """Fail with problem unless the bodies that watched_blocks has noted in seen are those expected."""
    came_back, wanted = [[f"with {body!r} sent" for body in bodies] for bodies in (seen, expected)]
    expect_that(seen == expected, problem, why, **rows, came_back=f"a block was asked for {', '.join(came_back)}",
                expected=f"a block is asked for {', '.join(wanted)}")


OLD = ("200 OK", [("Content-Type", "text/html"), ("Content-Length", "1000"), ("Set-Cookie", "a=1")])
NEW = ("500 Oh Dear", [("Content-Type", "text/plain")])
WRONG_CALLS = {  # of start_response: the exception, the status and the headers
    "a malformed status": (ValueError, "200", [("A", "1")]),
    "a status that is no str": (TypeError, 200, [("A", "1")]),
    "headers that are no list": (TypeError, "200 OK", (("A", "1"),)),
    "a header that is no tuple": (TypeError, "200 OK", [["A", "1"]]),
    "a header without a name": (ValueError, "200 OK", [("A", "1"), ("", "1")]),
    "a value that is an int": (TypeError, "200 OK", [("Content-Length", 30)]),
    "a value with CR LF": (ValueError, "302 Found", [("Location", "/\r\nSet-Cookie: role=admin")]),
    "a Transfer-Encoding": (ValueError, "200 OK", [("Transfer-Encoding", "chunked")]),
    "two lengths": (ValueError, "200 OK", [("Content-Length", "5"), ("X-A", "1"), ("content-length", "7")]),
    "an empty status": (ValueError, "", [("A", "1")]),
    "None for a status": (TypeError, None, [("A", "1")]),
    "None for headers": (TypeError, "200 OK", None),
    "an empty tuple for headers": (TypeError, "200 OK", ()),
}


def fresh_response():
    """Return a Response for which start_response was not called."""
    return Noted(ch04.Response(Connection(), request_for()), "response", told)


def state_of(response):
    """Return what start_response keeps."""
    return response.status, response.headers


def written(*blocks, connection=None, request=None, **parts):
    """Return a Response to which blocks were written."""
    response = response_to(request, connection=connection, **parts)
    for block in blocks:
        response.write(block)
    return response


def all_fits():
    """Tell a learner, of a ValueError in the with statement, that none of the body is too much."""
    return blaming("a body that is as long as announced is an error", expected="nothing is raised",
                   why="Only what goes beyond the Content-Length is an error: count the bytes of the block, without "
                       "the head and the sizes of chunks.")


def expect_accepted(call, why, *, problem):
    """Fail with problem if call() refuses what it should accept, or returns anything but None."""
    with blaming(problem, why, expected="None"):
        came_back = call()
    expect_same(came_back, None, why, problem="something is returned where None says that all is well")


def head_of(framing="CHUNKED", request=None, known_length=None, **parts):
    """Return the head that build_head makes, as bytes."""
    response = response_to(request, **parts)
    response.framing, response.known_length = getattr(ch04, framing), known_length
    head = response.build_head()
    expect_that(head is not None, "nothing is returned", expected="bytes",
                why="head_once sends what build_head returns.")
    expect_that(isinstance(head, bytes), "the head is not bytes", came_back=repr(head),
                why="Sockets take bytes; the head is encoded as latin-1.")
    return head
