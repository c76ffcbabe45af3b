"""Exchanges in memory, for the checks of what becomes of an application's messages."""
import asyncio
import inspect

from tests.ch07_asgi.loops import Reader, Writer, finished
from workshop.checking.tree import LearnersChapter, calls, shown

ch02 = LearnersChapter("ch02_request")
ch07 = LearnersChapter("ch07_asgi")
SECRET = "the secret is 12345"  # what the applications of these checks say when they fail


class NoError(BaseException):
    """An exception of an application's own that is no Exception."""


def exchange_for(method="GET", version="HTTP/1.1"):
    """Return an Exchange for a request without a body; its connection is in memory, and is to be kept."""
    request = ch02.Request(method, "/", version, [("host", "127.0.0.1:8000")], b"/", "")
    return ch07.Exchange(ch07.Wire(Reader(), Writer()), request, True)


def begun(*headers, status="200 OK", **parts):
    """Return an Exchange whose response has begun with this status and these headers; parts are those of exchange_for.
    """
    exchange = exchange_for(**parts)
    exchange.response.started, exchange.response.status, exchange.response.headers = True, status, list(headers)
    return exchange


def sent_by(exchange):
    """Return the bytes that were sent to the client of an Exchange."""
    return exchange.wire.writer.sent


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
    exchange.start(message)


def add(exchange, **parts):
    """Have an Exchange send what a message of these parts has."""
    add_message(exchange, {"type": "http.response.body"} | parts)


def add_message(exchange, message):
    """Have an Exchange send what a message has."""
    response = exchange.response
    note(f"exchange.add({shown(message)})\n# {response.method}, {response.version}, status {response.status!r}, "
         f"headers {response.headers}, {'the head has gone' if response.head_sent else 'no head has gone'}")
    exchange.add(message)


def comes_out(coroutine, called):
    """Return the exception that comes out of a coroutine of the learner's when it is awaited, or None."""
    async def watched():
        try:
            await coroutine
        except NotImplementedError:
            raise
        except BaseException as error:
            return error

    return finished(watched() if inspect.iscoroutine(coroutine) else coroutine, called=called)


async def one_round():
    """Let everything else run until it waits."""
    await asyncio.sleep(1)
