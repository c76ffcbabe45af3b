"""What the checks of steps 6.4 to 6.6 share: requests that arrive, and clients that they come from."""
import contextlib

import pytest

from tests.expect import kind_of, shown_error, shown_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import Connection, Narrow
from workshop.checking.tree import LearnersChapter, calls, deepest_place

ch02 = LearnersChapter("ch02_request")
ch04 = LearnersChapter("ch04_response")
ch06 = LearnersChapter("ch06_concurrency")
GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKS = b"POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
EXPECTING = b"PUT /b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n%b\r\n\r\n"
WHOLE = ("A request is whole with its blank line, and the body that its head announces: None would say that more bytes "
         "are needed, and the client waits for its answer. (What self.take_call returns is the value of `yield from`: "
         "yield that.)")
NOT_MORE = ("What follows belongs to the next request: the client may send it without waiting for the answer (RFC 9112 "
            "section 9.3.2).")
LET_OUT = "serve_client answers a BadRequest; all else is a fault of the server's, and whoever swallows it hides it."
each_body = pytest.mark.parametrize("data", [POST, CHUNKS], ids=["length", "chunks"])


def asking(*options, version="HTTP/1.1", method="GET", more=()):
    """Return a Request with a Connection field for each of options, and more fields; its texts are new ones."""
    fields = [("host", "a"), *(("connection", "".join(value)) for value in options), *more]
    return ch02.Request(method, "/", "".join(version), fields, b"/", "")


def shown_head(request):
    """Return the row that shows the head of a Request."""
    return "\n".join([f"{request.method} {request.target} {request.version}",
                      *(f"{name}: {value!r}" for name, value in request.fields)])


class Unheard(Narrow, Connection):
    """The connection of a Client whose bytes come from the check: nobody else may receive."""

    allowed = ("getsockname", "getpeername", "fileno")

    @staticmethod
    def refuse(name):
        """Tell the learner that take_calls uses the connection."""
        report_trouble(Diagnosis(f"{name} of the connection is used", expected="self.received alone is looked at",
                                 why="The loop receives, for all clients at once, and puts what has come into "
                                     "client.received: take_calls takes it from there, and pauses when more is "
                                     "needed."))


def arriving():
    """Return a Client that has sent nothing yet."""
    return ch06.Client(Unheard(), ("127.0.0.1", 50_000))


def resume(client, block=b"", *, swallowed=None):
    """Put a block into client.received, and return what next(client.calls) gives then. Fail if that is the end.

    swallowed says what is swallowed where there is an end.
    """
    client.received += block
    calls.append(f"next(client.calls)\n# client.received: {shown_bytes(bytes(client.received), 120)}")
    try:
        return next(client.calls)
    except StopIteration as error:
        raise Diagnosis(swallowed or "take_calls has come to its end", came_out="StopIteration",
                        place=deepest_place(error.__traceback__),
                        expected="what is raised" if swallowed else "None where more bytes are needed, or a Call",
                        why=LET_OUT if swallowed else "It takes one request after the other, without end: a connection "
                                                      "that is kept has a next one.")
    except TypeError:
        expect_that(hasattr(client.calls, "__next__"), f"take_calls gives {kind_of(client.calls)}, not a generator",
                    why="client.calls is what take_calls returns: a function with `yield` in it returns a generator, "
                        "which goes on from where it has paused.")
        raise


def told(thing):
    """Return a Call or another value as a row shows it."""
    request = getattr(thing, "request", None)
    return f"a Call for {request.method} {request.target}" if request else shown_value(thing)


def expect_no_call(client, block=b""):
    """Fail unless next(client.calls) gives None, after a block has come with which the request is not whole."""
    came_back = resume(client, block)
    if came_back is None:
        return
    expect_is_call(came_back, "None: more bytes are needed")
    raise Diagnosis("there is a Call where the request is not whole", came_back=told(came_back),
                    expected="None: more bytes are needed",
                    why="The application can answer when all of the request is there; until then the loop goes on to "
                        "other clients.")


def expect_is_call(came_back, expected):
    """Fail unless what next(client.calls) has given, and is not None, is a Call."""
    expect_that(isinstance(came_back, ch06.Call), f"next(client.calls) gives {kind_of(came_back)}, not a Call",
                came_back=told(came_back), expected=expected,
                why="`yield from` a generator passes on where it pauses, and has the value that it returns. The Call "
                    "that self.take_call returns is what is to be yielded.")


def expect_next_call(client, block=b"", why=WHOLE):
    """Return the Call that next(client.calls) gives, after a block has come with which the request is whole."""
    came_back = resume(client, block)
    expect_that(came_back is not None, "there is no Call for a request that is whole", why, came_back="None",
                expected="a Call")
    expect_is_call(came_back, "a Call")
    expect_that(not came_back.body.closed, "the file is closed when the Call is given",
                afterwards="file.closed: True", expected="file.closed: False",
                why="The application is to read it: it is of use until next() is called again.")
    return came_back


def expect_call_for(data, call):
    """Fail unless a Call is that for a request, data, as bytes."""
    method, target, *_ = data.decode().split()
    expect_same((call.request.method, call.request.target), (method, target), of="method and target of call.request",
                problem="the Call is not for the next request",
                why="Requests are taken, and answered, in the order in which they come (RFC 9112 section 9.3.2).")


def expect_waiting(client, clock, seconds, idle, when, why):
    """Fail unless a client is late in so many seconds, and is idle or not. when is for example "after the head"."""
    left = client.deadline - clock.now
    wrong = "the client is not idle, and should be" if idle else "the client is idle, and should not be"
    expect_that(bool(client.idle) is idle, f"{wrong}: {when}", why, afterwards=f"client.idle: {client.idle!r}",
                expected=f"client.idle: {idle}")
    expect_that(left == seconds, f"the client is late in {left:g} seconds, and not in {seconds:g}: {when}", why,
                afterwards=f"client.deadline: {left:g} seconds from now",
                expected=f"client.deadline: {seconds:g} seconds from now")


def expect_rest(client, rest, why=NOT_MORE):
    """Fail unless client.received holds the bytes that follow a request."""
    received = bytes(client.received)
    problem = "what follows the request is taken too" if len(received) < len(rest) else "the request is not all taken"
    expect_same(received, rest, why, of="client.received", problem=problem)


def expect_bad_request(client, status, block):
    """Fail unless next(client.calls) raises BadRequest with this status, after a block has come."""
    expected = f"BadRequest with status {status} comes out of next(client.calls)"
    try:
        came_back = resume(client, block, swallowed="a BadRequest is swallowed, and take_calls comes to its end")
    except ch02.BadRequest as error:
        expect_same(error.status, status, problem="BadRequest has another status", of="error.status", why=LET_OUT)
        return
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        raise Diagnosis(f"{type(error).__name__} is raised instead of BadRequest", came_out=shown_error(error),
                        expected=expected, place=deepest_place(error.__traceback__), why=LET_OUT)
    raise Diagnosis("a BadRequest is swallowed", came_back=told(came_back), expected=expected, why=LET_OUT)


def expect_file_closed(file, when):
    """Fail unless a file is closed. when is for example "after next() was called again"."""
    expect_that(file.closed, f"the file with the body is still open {when}", afterwards="file.closed: False",
                expected="file.closed: True",
                why="Close the file as soon as it is of no use: with each one that stays open, memory is lost, or a "
                    "file descriptor and a file on disk.")


@contextlib.contextmanager
def ending(where):
    """Make a Diagnosis of an exception that comes out of the with statement, in which client.calls is closed."""
    try:
        yield
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        raise Diagnosis(f"client.calls.close() raises {type(error).__name__}, {where}", came_out=shown_error(error),
                        place=deepest_place(error.__traceback__), expected="nothing is raised",
                        why="close() raises GeneratorExit where the generator has paused: let it out, and yield "
                            "nothing more.")
