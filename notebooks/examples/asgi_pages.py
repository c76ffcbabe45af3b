"""Applications of ASGI: what they receive, when they end, and what they do before the first request."""
import asyncio

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
HELLO = {"type": "http.response.body", "body": b"hello"}
TOLD = {"type": "http.response.start", "status": 200}


async def counts(scope, receive, send):
    message = await receive()
    size = len(message["body"])
    await send(TOLD)
    await send({"type": "http.response.body", "body": b"%d bytes" % size})


async def says_nothing(scope, receive, send):
    await send(TOLD)


async def fails_late(scope, receive, send):
    await send(TOLD)
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise KeyError("price")


async def thorough(scope, receive, send):
    await send(START)
    await send(HELLO)
    await asyncio.sleep(0.3)
    print("a letter is sent")


async def with_stock(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        print("the stock is opened")
        scope["state"]["stock"] = {"tea": 4}
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("the stock is closed")
        await send({"type": "lifespan.shutdown.complete"})
    else:
        print("tea costs", scope["state"]["stock"]["tea"])
        await send(START)
        await send(HELLO)


async def without_key(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "set SECRET first"})
