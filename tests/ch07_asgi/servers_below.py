"""What the checks of the server's methods share: an AsyncServer with its other methods scripted, and calls of it."""
import asyncio
import inspect
import traceback

import pytest

from tests.ch07_asgi.loops import expect_event_waited, finished
from tests.expect import families
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.tree import LearnersChapter, calls

ch02 = LearnersChapter("ch02_request")
ch07 = LearnersChapter("ch07_asgi")
# What a method of the server may be given to let out, as marks of checks.
each_raised_below = pytest.mark.parametrize(
    "kind", KINDS := families("HeadTooLarge", "NotAnApplication", ours="ch07_asgi", more=(asyncio.CancelledError,)),
    ids=[kind.__name__ for kind in KINDS])


async def silent(scope, receive, send):
    """An application that does nothing."""


def request_to(target="/", version="HTTP/1.1", fields=()):
    """Return a Request such as next_request of a Streams returns."""
    path, _, query = target.partition("?")
    return ch02.Request("GET", target, version, [("host", "127.0.0.1:8000"), *fields], path.encode(), query)


def server_below(app=silent, **methods):
    """Return the learner's AsyncServer, with other methods in place of some of its own."""
    for name, method in methods.items():
        method.__name__, method.__qualname__ = name, f"AsyncServer.{name}"
    return type("AsyncServer", (ch07.AsyncServer,), methods)(app)


async def caught(coroutine, called):
    """Await what a call of the learner's method has given; return its value and None, or None and what it raises."""
    if not inspect.isawaitable(coroutine):
        raise Diagnosis(f"{called} gives nothing that can be awaited", came_back=repr(coroutine),
                        expected="a coroutine, which `async def` makes",
                        why="The server awaits what it returns: begin its definition with `async def`.")
    try:
        return await coroutine, None
    except (NotImplementedError, Diagnosis):
        raise
    except BaseException as error:
        if isinstance(error, TypeError):
            expect_event_waited(error)
        traceback.clear_frames(error.__traceback__)  # a coroutine there that was never awaited is told then
        return None, error


def played(scene, called):
    """Return what the coroutine scene returns, in which the learner's method is called as the text called says."""
    calls.append(called)
    return finished(scene, called=called)


def seconds():
    """Return the time of the loop that runs."""
    return asyncio.get_running_loop().time()
