"""What is given in chapter 7 around the steps: what a server says that is told to stop, and a status without words."""
import asyncio
import socket

import pytest

from dev.asgi_thread_server import CHAPTER
from dev.sandbox import reference
from dev.thread_server import modules_of

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
START = {"type": "http.response.start", "status": 200}
SECONDS = 20  # that anything may take; what is right takes a moment


@pytest.fixture(scope="module")
def ch07():
    """The module of the reference."""
    with modules_of(reference(), CHAPTER) as modules:
        yield modules[CHAPTER]


async def answer_after_stop(ch07, listener, *first):
    """Return what a client gets whose call sends the messages first, hears of the stop, and then sends the rest."""
    begun, go_on, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        for message in first:
            await send(message)
        begun.set()
        await go_on.wait()
        for message in [*([] if first else [START]), {"type": "http.response.body", "body": b"tea"}]:
            await send(message)

    server = ch07.AsyncServer(app)
    running = asyncio.create_task(server.run(listener, stop))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    writer.write(REQUEST)
    await begun.wait()
    stop.set()
    while not server.stopping:
        await asyncio.sleep(0)
    go_on.set()
    answer = await reader.read()
    writer.close()
    await running
    return answer


HEAD_GONE = [START, {"type": "http.response.body", "more_body": True}]


@pytest.mark.parametrize("first, said", [([], b"close"), (HEAD_GONE, b"keep-alive")])
def test_a_head_that_is_due_once_the_server_stops_says_close(first, said, ch07):
    listener = socket.create_server(("127.0.0.1", 0))
    answer = asyncio.run(asyncio.wait_for(answer_after_stop(ch07, listener, *first), SECONDS))
    assert b"\r\nConnection: %b\r\n" % said in answer and b"tea" in answer


@pytest.mark.parametrize("status", ["200", None, 200.0])
def test_a_status_that_is_no_int_is_refused(status, ch07):
    with pytest.raises(TypeError, match="not an int"):
        ch07.phrase(status)


@pytest.mark.parametrize("status, words", [(404, "Not Found"), (299, "Unknown")])
def test_a_status_has_its_words(status, words, ch07):
    assert ch07.phrase(status) == words
