"""A page that computes for a while, at /sum, and says how many sums have ended: with WSGI and with ASGI."""
ended = []


def page(path):
    if path == "/sum":
        ended.append(sum(number * number for number in range(3_000_000)))
    return b"sums: %d" % len(ended)


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
