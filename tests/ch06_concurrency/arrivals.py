"""What the checks of steps 6.4 to 6.6 share: requests that arrive, and clients that they come from."""
import contextlib

from tests.expect import kind_of, shown_error, shown_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import Connection, Narrow
from workshop.checking.tree import LearnersChapter, calls, deepest_place, noted

ch02 = LearnersChapter("ch02_request")
ch04 = LearnersChapter("ch04_response")
ch06 = LearnersChapter("ch06_concurrency")
CLIENT = ("127.0.0.1", 50_000)
WHOLE = "A request is whole with its blank line, and the body that its head announces: whoever waits for more bytes " \
        "waits for ever, as the client waits for its answer."


def asking(*options, version="HTTP/1.1", method="GET", more=()):
    """Return a Request with a Connection field for each of options, and more fields."""
    fields = [("host", "a"), *(("connection", value) for value in options), *more]
    return ch02.Request(method, "/", version, fields, b"/", "")


def head_of(request):
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
                                     "client.received: take_calls takes it from there, and pauses when it is used "
                                     "up."))


def arriving():
    """Return a Client that has sent nothing yet."""
    return ch06.Client(Unheard(), CLIENT)


class Calls:
    """How a diagnosis names the generator of a Client."""

    def __repr__(self):
        return "client.calls"


def resume(client, block=b""):
    """Put a block into client.received, and return what next(client.calls) gives then. Fail if that is the end."""
    client.received += block
    place, before = len(calls), shown_bytes(bytes(client.received), 120)
    try:
        return noted(lambda _: next(client.calls), "next")(Calls())
    except StopIteration as error:
        raise Diagnosis("take_calls has come to its end", came_out="StopIteration", place=deepest_place(
            error.__traceback__), expected="None where more bytes are needed, or a Call",
            why="It takes one request after the other, without end: a connection that is kept has a next one.")
    except TypeError:
        expect_that(hasattr(client.calls, "__next__"), f"take_calls gives {kind_of(client.calls)}, not a generator",
                    why="client.calls is what take_calls returns: a function with `yield` in it returns a generator, "
                        "which goes on from where it has paused.")
        raise
    finally:
        calls[place] += f"\n# client.received was {before}"


def expect_pause(client, problem, why, *, block=b"", **rows):
    """Fail with problem unless next(client.calls) gives None, after a block has come."""
    came_back = resume(client, block)
    expect_that(came_back is None, problem, why, came_back=told(came_back), expected="None: more bytes are needed",
                **rows)


def expect_call(client, why=WHOLE, *, block=b"", problem="there is no Call for a request that is whole", **rows):
    """Return the Call that next(client.calls) gives, after a block has come. Fail with problem if it gives None."""
    came_back = resume(client, block)
    expect_that(came_back is not None, problem, why, came_back="None", expected="a Call", **rows)
    expect_that(isinstance(came_back, ch06.Call), f"{kind_of(came_back)} is given, not a Call", came_back=told(came_back),
                expected="a Call, which self.take_call returns", **rows,
                why="`yield from` a generator passes on where it pauses, and has the value that it returns: that is "
                    "what is to be yielded.")
    return came_back


def told(thing):
    """Return a Call or another value as a row shows it."""
    request = getattr(thing, "request", None)
    return f"a Call for {request.method} {request.target}" if request else shown_value(thing)


def expect_moment(client, clock, seconds, idle, when, why):
    """Fail unless a client is late in so many seconds, and is idle or not. when is for example "after the head"."""
    left, state = client.deadline - clock.now, {True: "idle", False: "not idle"}
    expect_that(bool(client.idle) is idle, f"the client is {state[not idle]} {when}", why,
                afterwards=f"client.idle: {client.idle!r}", expected=f"client.idle: {idle}")
    expect_that(left == seconds, f"the client is late in {left:g} seconds {when}, and not in {seconds:g}", why,
                afterwards=f"client.deadline: {left:g} seconds from now",
                expected=f"client.deadline: {seconds:g} seconds from now")


def expect_left(client, rest, why, **rows):
    """Fail unless client.received holds these bytes."""
    expect_same(bytes(client.received), rest, why, of="client.received",
                problem="what follows the request is not all there", **rows)


def expect_closed(file, when, why):
    """Fail unless a file is closed. when is for example "after next() was called again"."""
    expect_that(file.closed, f"the file with the body is still open {when}", why, afterwards="file.closed: False",
                expected="file.closed: True")


@contextlib.contextmanager
def ending(what):
    """Make a Diagnosis of an exception that comes out of the with statement, in which client.calls is closed."""
    try:
        yield
    except (NotImplementedError, Diagnosis):
        raise
    except Exception as error:
        raise Diagnosis(f"client.calls.close() raises {type(error).__name__} {what}", came_out=shown_error(error),
                        place=deepest_place(error.__traceback__), expected="nothing is raised",
                        why="close() raises GeneratorExit where the generator has paused: let it out, and yield "
                            "nothing more.")
