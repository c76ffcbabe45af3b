"""Exchanges in memory, for the checks of what becomes of an application's messages."""
import inspect

from tests.ch07_asgi.loops import Reader, Writer, finished
from tests.expect import shown_error
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import LearnersChapter, as_argument, calls, deepest_place, shown

ch02 = LearnersChapter("ch02_request")
ch07 = LearnersChapter("ch07_asgi")
SECRET = "the secret is 12345"  # what the applications of these checks say when they fail


class NoError(BaseException):
    """An exception of an application's own that is no Exception."""


def exchange_for(method="GET", version="HTTP/1.1"):
    """Return an Exchange for a request without a body; its connection is in memory, and is to be kept."""
    request = ch02.Request(method, "/", version, [("host", "127.0.0.1:8000")], b"/", "")
    return ch07.Exchange(ch07.Streams(Reader(), Writer()), request, True)


def begun(*headers, status="200 OK", **parts):
    """Return an Exchange whose response has begun with this status and these headers; parts are those of exchange_for.
    """
    exchange = exchange_for(**parts)
    exchange.response.started, exchange.response.status, exchange.response.headers = True, status, list(headers)
    return exchange


def sent_by(exchange):
    """Return the bytes that were sent to the client of an Exchange."""
    return exchange.streams.writer.sent


def body_of(exchange):
    """Return the bytes that were sent behind the head, chunks and all."""
    return sent_by(exchange).partition(b"\r\n\r\n")[2]


def note(call):
    """Note a call of the learner's, as a text, for the diagnosis."""
    calls.append(call)


def start(exchange, **parts):
    """Begin the response of an Exchange with a message of these parts."""
    start_with(exchange, {"type": "http.response.start"} | parts)


def start_with(exchange, message):
    """Begin the response of an Exchange with a message."""
    note(f"exchange.start({shown(message, 300)})")
    expect_no_coroutine(exchange.start(message), "start")


def add(exchange, **parts):
    """Have an Exchange send what a message of these parts has."""
    add_message(exchange, {"type": "http.response.body"} | parts)


def add_message(exchange, message):
    """Have an Exchange send what a message has."""
    response = exchange.response
    note(f"exchange.add({shown(message)})\n# {response.method}, {response.version}, status {response.status!r}, "
         f"headers {response.headers}, {'the head has gone' if response.head_sent else 'no head has gone'}")
    expect_no_coroutine(exchange.add(message), "add")


def expect_no_coroutine(came_back, name):
    """Fail if a method that is no coroutine gives one."""
    if inspect.iscoroutine(came_back):
        came_back.close()
        raise Diagnosis(f"{name} gives a coroutine", came_back=repr(came_back), expected="None", why="send calls it "
                        "and does not await it: begin its definition with `def`. Nothing in it waits.")


def comes_out(coroutine, called):
    """Return the exception that comes out of a coroutine of the learner's when it is awaited, or None."""
    async def watched():
        try:
            await coroutine
        except NotImplementedError:
            raise
        except BaseException as error:
            return error

    coroutine = coroutine_of(coroutine, called)
    return finished(watched(), called=called)


def coroutine_of(value, called):
    """Return what a call of the learner's gives, if that is a coroutine. Raises Diagnosis for all else."""
    if not inspect.iscoroutine(value):
        finished(value, called=called)
    return value


# Applications, and what they do to an Exchange without its send.


def begins(exchange):
    """Begin the response, as a message http.response.start does."""
    exchange.response.started, exchange.response.status = True, "200 OK"
    exchange.response.headers = [("Set-Cookie", "session=7")]


def sends_its_head(exchange):
    """Send a head and a chunk."""
    begins(exchange)
    exchange.response.head_sent, exchange.response.framing, exchange.response.sent = True, ch02.CHUNKED, 5
    exchange.streams.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")


def answers(exchange):
    """Send a whole response."""
    sends_its_head(exchange)
    exchange.streams.sendall(b"0\r\n\r\n")
    exchange.response.whole, exchange.taking = True, None
    exchange.ended.set()


def loses_its_client(exchange):
    """Have the client leave."""
    exchange.disconnect()


def app_that(exchange, *deeds, error=None):
    """Return an application which does these deeds to exchange, and then returns, or raises error."""
    async def app(scope, receive, send):
        for deed in deeds:
            deed(exchange)
        if error:
            raise error

    does = [*(deed.__name__.replace("_", " ") for deed in deeds), f"raises {error!r}" if error else "returns"]
    app.__name__ = f"an application that {', then '.join(does)}"
    return app


def came_out(exchange, app, scope=None):
    """Return the exception that comes out of exchange.run, or None."""
    note(f"await exchange.run({as_argument(app)}, scope)")
    return comes_out(exchange.run(app, scope or {"type": "http"}), "exchange.run(app, scope)")


def run_through(exchange, app, case, scope=None):
    """Await exchange.run; fail if anything comes out of it, and unless self.ended is set then."""
    error = came_out(exchange, app, scope)
    if error:
        raise Diagnosis(f"{type(error).__name__} comes out of run ({case})", came_out=shown_error(error), place=
                        deepest_place(error.__traceback__), why="One call that fails must not end the server: only "
                        "asyncio.CancelledError is let out, with which the server itself ends a call.")
    expect_set(exchange, case)


def expect_set(exchange, case):
    """Fail unless self.ended is set after a call of the application."""
    expect_that(exchange.ended.is_set(), f"self.ended is not set ({case})", why="The server waits for it, and with it "
                "this client: whatever becomes of the call, there will be no more of the response.")
