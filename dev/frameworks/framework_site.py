"""One application of ASGI: Starlette, and mounted in it FastAPI, Quart, the shop of chapter 5, and raw messages.

The three frameworks have the same pages. A server is pointed at `app`, with the solutions on the import path.
"""
import asyncio
import contextlib
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import fastapi
import quart
from fastapi import FastAPI
from quart import Quart
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from ch05_middleware import application
from ch07_asgi import Receive, Scope, Send, asgi_from_wsgi
from dev.frameworks.raw_messages import MESSAGES, body, start

SECONDS = 20  # that anything may take; what is right takes a moment
TOLD = {b"x-one", b"x-two", b"cookie", b"content-length", b"transfer-encoding"}  # fields of a request


class Work:
    """Work of one framework's pages that goes on after an answer, or until a client leaves."""

    def __init__(self) -> None:
        self.asked, self.done, self.left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def late(self) -> None:
        """Wait until somebody asks, and be done then."""
        await self.asked.wait()
        self.done.set()

    async def ask(self) -> str:
        """Let what is late go on, and await that it is done."""
        self.asked.set()
        await asyncio.wait_for(self.done.wait(), SECONDS)
        return "done"

    async def endless(self) -> AsyncIterator[bytes]:
        """Give blocks for ever, and note that nobody wants them any more."""
        try:
            while True:
                yield bytes(50_000)
                await asyncio.sleep(0)
        finally:
            self.left.set()

    async def await_leaving(self) -> str:
        """Await that the client of the endless blocks has left, and that the page knows it."""
        await asyncio.wait_for(self.left.wait(), SECONDS)
        return "left"


async def four_parts() -> AsyncIterator[bytes]:
    for number in range(4):
        yield b"part %d\n" % number
        await asyncio.sleep(0)


async def half_a_body() -> AsyncIterator[bytes]:
    yield b"half"
    raise RuntimeError("on purpose, in the middle")


def told(scope: Any, query: Any, cookies: Any, data: bytes) -> dict[str, Any]:
    """Return what a page tells of a request: of its scope, and of what a framework makes of it."""
    names = ("method", "path", "root_path", "http_version", "scheme")
    fields = [f"{name.decode()}: {value.decode('latin-1')}" for name, value in scope["headers"] if name in TOLD]
    return {**{name: scope[name] for name in names}, "raw_path": scope["raw_path"].decode(), "fields": fields,
            "query": query, "cookies": dict(cookies), "body": [len(data), zlib.crc32(data)]}


class NotedStream(StreamingResponse):
    """A response of endless blocks. Starlette leaves their generator to the garbage collector, so the call notes it."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.endless())
        self.work = work

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.work.left.set()


# Starlette.

star = Work()


async def home(request: Request) -> Response:
    response = PlainTextResponse(request.state.stock, headers={"X-Shop": "open"})
    response.set_cookie("one", "1")
    response.set_cookie("two", "2", httponly=True)
    return response


async def tell(request: Request) -> Response:
    query = request.query_params.multi_items()
    return JSONResponse(told(request.scope, query, request.cookies, await request.body()) | request.path_params)


async def upload(request: Request) -> Response:
    async with request.form() as form:
        file: Any = form["file"]
        return JSONResponse([form["name"], file.filename, zlib.crc32(await file.read())])


async def begin(request: Request) -> Response:
    return PlainTextResponse("begun", background=BackgroundTask(star.late))


async def ask(request: Request) -> Response:
    return PlainTextResponse(await star.ask())


async def endless(request: Request) -> Response:
    return NotedStream(star)


async def left(request: Request) -> Response:
    return PlainTextResponse(await star.await_leaving())


async def parts(request: Request) -> Response:
    return StreamingResponse(four_parts())


async def half(request: Request) -> Response:
    return StreamingResponse(half_a_body())


async def boom(request: Request) -> Response:
    raise ValueError("on purpose")


async def old(request: Request) -> Response:
    return RedirectResponse(request.url_for("home"))


async def empty(request: Request) -> Response:
    return Response(status_code=204)


ROUTES = [
    Route("/", home), Route("/told/{part:path}", tell, methods=["GET", "POST", "PUT"]),
    Route("/upload", upload, methods=["POST"]),
    *(Route(f"/{page.__name__}", page) for page in (begin, ask, endless, left, parts, half, boom, old, empty)),
]

# FastAPI. Some of its pages are functions as Starlette's.

fast_work = Work()


@contextlib.asynccontextmanager
async def open_fastapi(app: FastAPI) -> AsyncIterator[None]:
    app.state.stock = "tea of FastAPI"
    yield
    print("FastAPI is closed", flush=True)


fast = FastAPI(lifespan=open_fastapi)
for page in (parts, half, boom, old, empty):
    fast.add_api_route(f"/{page.__name__}", page)


@fast.get("/", name="home")
async def fast_home(request: fastapi.Request, response: fastapi.Response) -> str:
    response.headers["X-Shop"] = "open"
    response.set_cookie("one", "1")
    response.set_cookie("two", "2", httponly=True)
    return f"{request.app.state.stock}, {request.state.stock} of Starlette"


@fast.api_route("/told/{part:path}", methods=["GET", "POST", "PUT"])
async def fast_tell(part: str, request: fastapi.Request, q: list[str] = fastapi.Query([])) -> dict:  # noqa: B008
    return told(request.scope, q, request.cookies, await request.body()) | {"part": part}


@fast.post("/upload")
async def fast_upload(file: fastapi.UploadFile, name: str = fastapi.Form()) -> list:
    return [name, file.filename, zlib.crc32(await file.read())]


@fast.get("/begin")
async def fast_begin(tasks: fastapi.BackgroundTasks) -> str:
    tasks.add_task(fast_work.late)
    return "begun"


@fast.get("/endless")
async def fast_endless() -> Response:
    return NotedStream(fast_work)


fast.get("/ask")(fast_work.ask)
fast.get("/left")(fast_work.await_leaving)

# Quart.

quart_work = Work()
pages = Quart("pages")


@pages.before_serving
async def open_quart() -> None:
    pages.config["stock"] = "tea of Quart"


@pages.after_serving
async def close_quart() -> None:
    print("Quart is closed", flush=True)


@pages.get("/")
async def quart_home() -> quart.Response:
    response = quart.Response(pages.config["stock"], headers={"X-Shop": "open"}, content_type="text/plain")
    response.set_cookie("one", "1")
    response.set_cookie("two", "2", httponly=True)
    return response


@pages.route("/told/<path:part>", methods=["GET", "POST", "PUT"])
async def quart_tell(part: str) -> dict:
    request = quart.request
    data: Any = await request.get_data(as_text=False)
    return told(request.scope, [*request.args.items(multi=True)], request.cookies, data) | {"part": part}


@pages.post("/upload")
async def quart_upload() -> list:
    form, files = await quart.request.form, await quart.request.files
    return [form["name"], files["file"].filename, zlib.crc32(files["file"].read())]


@pages.get("/begin")
async def quart_begin() -> str:
    pages.add_background_task(quart_work.late)
    return "begun"


@pages.get("/endless")
async def quart_endless() -> Any:
    response: Any = await quart.make_response(quart_work.endless())
    response.timeout = None  # Quart would end a body that takes a minute
    return response


@pages.get("/parts")
async def quart_parts() -> AsyncIterator[bytes]:
    return four_parts()


@pages.get("/half")
async def quart_half() -> AsyncIterator[bytes]:
    return half_a_body()


@pages.get("/boom")
async def quart_boom() -> str:
    raise ValueError("on purpose")


@pages.get("/old")
async def quart_old() -> Any:
    return quart.redirect(quart.url_for("quart_home"))


@pages.get("/empty")
async def quart_empty() -> tuple[str, int]:
    return "", 204


pages.get("/ask")(quart_work.ask)
pages.get("/left")(quart_work.await_leaving)

# Messages, and all together.


async def raw(scope: Scope, receive: Receive, send: Send) -> None:
    """Send the messages that have the name of the last segment; if there are none, tell of the scope."""
    name = scope["path"].rpartition("/")[2]
    for message in MESSAGES[name] if name in MESSAGES else messages_about(scope):
        await send(message)


def messages_about(scope: Scope) -> list[dict]:
    """Return the messages that tell of a scope."""
    names = ("method", "path", "http_version")
    values = {**{name: scope[name] for name in names}, "raw_path": scope["raw_path"].decode(), "state": scope["state"],
              "query_string": scope["query_string"].decode(), "asgi": scope["asgi"]["version"]}
    text = json.dumps(values).encode()
    return [start(200, (b"content-type", b"application/json"), (b"content-length", b"%d" % len(text))), body(text)]


@contextlib.asynccontextmanager
async def opened(app: Starlette) -> AsyncIterator[dict[str, str]]:
    """What lasts as long as the server runs. What is mounted is opened here: nobody else tells it."""
    async with fast.router.lifespan_context(fast):
        await pages.startup()
        yield {"stock": "tea"}
        await pages.shutdown()
    print("Starlette is closed", flush=True)


MOUNTED = {"/fastapi": fast, "/quart": pages, "/raw": raw, "/shop": asgi_from_wsgi(application)}
app = Starlette(routes=[*ROUTES, *(Mount(prefix, below) for prefix, below in MOUNTED.items())], lifespan=opened)
