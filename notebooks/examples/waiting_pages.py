"""Pages that wait for a tenth of a second, as for a database: with WSGI, and with ASGI."""
import asyncio
import time

SECONDS = 0.1
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]}
BODY = {"type": "http.response.body", "body": b"waited"}


def threaded(environ, start_response):
    time.sleep(SECONDS)
    start_response("200 OK", [("Content-Length", "6")])
    return [b"waited"]


async def awaited(scope, receive, send):
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    await asyncio.sleep(SECONDS)
    await send(START)
    await send(BODY)
