"""A page that computes for a while, at /sum, and says how many sums have ended: with WSGI and with ASGI."""
import time

ended, asked = [], []


def page(path):
    end = time.process_time() + 0.5
    while path == "/sum" and not asked and time.process_time() < end:
        sum(range(10_000))
    count = len(ended)
    (ended if path == "/sum" else asked).append(path)
    return b"sums: %d" % count


def threaded(environ, start_response):
    body = page(environ["PATH_INFO"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]


async def awaited(scope, receive, send):
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = page(scope["path"])
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": body})
