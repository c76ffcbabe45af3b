"""Broken servers of ASGI: each is the reference of chapter 7 with a small change, and breaks a clause.

`broken` takes the names of the checks that must notice it, the thought behind it, and pairs of old and new text.
"""
from dev.bank.server_variants import Variant, exchanging

CHAPTER = "ch07_asgi"
ASGI_VARIANTS: dict[str, Variant] = {}  # by their thoughts


def broken(thought: str, claims: str | list[str], *pairs: tuple[str, str], stem: str = CHAPTER) -> None:
    """Note a broken server."""
    names = tuple([claims] if isinstance(claims, str) else claims)
    ASGI_VARIANTS[thought] = Variant(thought, names, exchanging(thought, stem, *pairs))


# The call.

AWAITED = "await app(scope, self.receive, self.send)"
BEGUN = "self.note(asyncio.create_task(exchange.run(self.app, scope)))"
SERVER = "class AsyncServer:"
FOREVER = "await asyncio.Event().wait()"

broken(
    "names are clearer",
    "the arguments come by position",
    (AWAITED, "await app(scope, receive=self.receive, send=self.send)"),
)
broken(
    "the protocol in capitals",
    "the scope is a dict of type http",
    ('"type": "http",\n        "asgi"', '"type": "HTTP",\n        "asgi"'),
)
broken(
    "nobody asks for a version",
    "the scope has the version of asgi",
    ('"asgi": dict(VERSIONS),\n        "http', '"asgi": {},\n        "http'),
)
broken(
    "a version of tomorrow", "the spec version is one that there was", ('"spec_version": "2.4"', '"spec_version": "3"')
)
broken(
    "one dict for all",
    "the next request of a connection has a scope of its own",
    ('"asgi": dict(VERSIONS),\n        "http', '"asgi": VERSIONS,\n        "http'),
)
broken(
    "one after the other",
    "two requests wait at the same time",
    (BEGUN, BEGUN.replace("exchange.run(self.app, scope)", "one_at_a_time(exchange.run(self.app, scope))")),
    (
        SERVER,
        """TURN = []


async def one_at_a_time(call):
    TURN or TURN.append(asyncio.Lock())
    async with TURN[0]:
        await call


class AsyncServer:""",
    ),
)
broken(
    "a loop of one's own",
    "asyncio runs the application",
    (AWAITED, "await driven(app(scope, self.receive, self.send))"),
    ("await asyncio.wait_for(self.writer.drain(), SEND_SECONDS)", "await self.writer.drain()"),  # wants a task
    (
        SERVER,
        """def driven(call):
    loop, done = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def go_on(waited=None):
        try:
            waited = call.send(None)
        except StopIteration:
            done.done() or done.set_result(None)
        except BaseException as error:
            done.done() or done.set_exception(error)
        else:
            loop.call_soon(go_on) if waited is None else waited.add_done_callback(go_on)

    loop.call_soon(go_on)
    return done


class AsyncServer:""",
    ),
)
broken(
    "who has answered is done",
    "the call lasts longer than the response",
    (BEGUN, f"call = {BEGUN[10:-1]}"),
    (
        "await exchange.ended.wait()\n",
        """await exchange.ended.wait()
        for _ in range(5):  # wait_for may swallow one
            call.cancel()
            await asyncio.sleep(0)
""",
    ),
)

# The scope.

SCOPE = {  # claim -> what is in build_scope, and what is there instead
    "http version is the requests 1.0": ('request.version.removeprefix("HTTP/")', '"1.1"'),
    "http version is the requests 1.1": ('request.version.removeprefix("HTTP/")', "request.version"),
    "the method is in capitals put": ("request.method.upper()", "request.method"),
    "the method is in capitals PUT": ("request.method.upper()", "request.method.lower()"),
    "the scheme is http": ('"scheme": "http"', '"scheme": "https"'),
    "the path is decoded once letters": ('request.path.decode("utf-8", "replace")', 'request.path.decode("latin-1")'),
    "the path is decoded once once": (
        'request.path.decode("utf-8", "replace")',
        'unquote_to_bytes(request.path).decode("utf-8", "replace")',
    ),
    "the path is decoded once slashes": (
        'request.path.decode("utf-8", "replace")',
        'request.path.decode("utf-8", "replace").replace("//", "/")',
    ),
    "the path is decoded once query": (
        'request.path.decode("utf-8", "replace")',
        "unquote_to_bytes(request.target).decode()",
    ),
    "the path is decoded once plus": (
        'request.path.decode("utf-8", "replace")',
        'request.path.decode("utf-8", "replace").replace("+", " ")',
    ),
    "the raw path is as it was sent None": ('"raw_path": raw_path(request.target)', '"raw_path": request.path'),
    "the raw path is as it was sent a=1": (
        '"raw_path": raw_path(request.target)',
        '"raw_path": request.target.encode("latin-1")',
    ),
    "the query string is as it was sent encoded": (
        'request.query.encode("latin-1")',
        "unquote_to_bytes(request.query)",
    ),
    "the query string is as it was sent two-marks": (
        'request.query.encode("latin-1")',
        'request.target.rpartition("?")[2].encode("latin-1")',
    ),
    "the query string is as it was sent none": (
        'request.query.encode("latin-1")',
        'request.query.encode("latin-1") or None',
    ),
    "the query string is as it was sent empty": ('request.query.encode("latin-1")', "request.query"),
    "root path is empty at the root": ('"root_path": ""', '"root_path": "/"'),
    "headers are pairs of bytes": ('(name.encode("latin-1"), value.encode("latin-1")) for', "(name, value) for"),
    "the names of headers are in lower case": (
        '(name.encode("latin-1"), value',
        '(name.title().encode("latin-1"), value',
    ),
    "a header that comes twice is there twice X-Probe": (
        '[(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields]',
        'list({name.encode("latin-1"): value.encode("latin-1") for name, value in request.fields}.items())',
    ),
    "a header that comes twice is there twice Cookie": (
        '[(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields]',
        '[(name.encode("latin-1"), "; ".join(request.values(name)).encode("latin-1"))'
        " for name, value in request.fields]",
    ),
    "the value of a header is as it was sent": (
        'value.encode("latin-1")) for name, value in request.fields',
        "value.encode()) for name, value in request.fields",
    ),
    "client is the clients address": (
        '"client": client_address',
        '"client": (client_address[0], str(client_address[1]))',
    ),
    "server is where the server listens": ('"server": server_address', '"server": ("localhost", 80)'),
    "extensions are a dict of dicts": ('"server": server_address', '"extensions": [], "server": server_address'),
}
for claim, pair in SCOPE.items():
    broken(f"not so: {claim}", claim, pair)

# receive.

LISTENED = "await self.ended.wait()\n        return"
EVENT = '"more_body": self.taking is not None}'
LAST_WAIT = "if body or not self.taking:"

broken(
    "a bytearray will do",
    "an event is a dict of the types of asgi request",
    ('"body": body, "more', '"body": bytearray(body), "more'),
)
broken(
    "with the reason",
    "an event is a dict of the types of asgi disconnect",
    (
        'return {"type": "http.disconnect"}\n\n    async def next',
        'return {"type": "http.disconnect", "why": {1}}\n\n    async def next',
    ),
)
broken("there is always more", "a request without a body gives one event", (EVENT, '"more_body": True}'))
broken("that was all", ["the parts of a body are the body long"], (EVENT, '"more_body": False}'))
broken("the first five", "the parts of a body are the body short", ('"body": body, "more', '"body": body[:3], "more'))
broken(
    "chunks are the application's",
    "a body in chunks is decoded",
    (
        "body_framing(request, MAX_UPLOAD)",
        '24 if request.values("transfer-encoding") else body_framing(request, MAX_UPLOAD)',
    ),
)
broken("when all is there", "a part comes while the client still sends", (LAST_WAIT, "if not self.taking:"))
broken("what else could come", "receive waits while the client waits", (LISTENED, "return"))
broken(
    "nothing comes after the answer",
    ["after the response comes disconnect asked-before", "after the response comes disconnect asked-after"],
    (LISTENED, f"{FOREVER}\n        return"),
)
broken(
    "nobody looks",
    "when the client leaves comes disconnect reset",
    ("streams.when_lost = exchange.disconnect", "streams.when_lost = None"),
)
broken(
    "said once",
    ["asked again disconnect comes again answered", "asked again disconnect comes again left"],
    (LISTENED, "await self.ended.wait()\n        self.ended = asyncio.Event()\n        return"),
)
broken(
    "what has come is the body",
    [
        "a client that leaves within its body gives disconnect length",
        "a client that leaves within its body gives disconnect chunks",
    ],
    (
        "        except OSError:\n            self.disconnect()\n        await",
        '        except OSError:\n            return {"type": "http.request"}\n        await',
    ),
)
broken(
    "an end is an end",
    "a client that has closed its sending half gets its answer",
    (
        "with contextlib.suppress(OSError):\n            await self.writer.wait_closed()",
        "while not self.reader.at_eof():\n            await asyncio.sleep(0.01)",
    ),
)

# send.

BLOCK = 'block, more = message.get("body", b""), message.get("more_body", False)'
PAIRS = 'for name, value in message.get("headers", ())]'
KNOWN = "self.response.known_length = len(block)"
WRITTEN = "self.response.write(block)"
HEAD = "self.response.send(self.response.head_once())"
ALLOWED = "if name.lower() not in HOP_BY_HOP]"

broken("all is well", "the status arrives", ("f\"{message['status']} {", 'f"200 {'))
broken("in order", "headers arrive in their order", (PAIRS, 'for name, value in sorted(message.get("headers", ()))]'))
broken(
    "ASCII alone",
    "the value of a header arrives as it is",
    ('value.decode("latin-1")) ' + PAIRS[:-1], 'value.decode("ascii", "ignore")) ' + PAIRS[:-1]),
)
broken("there are always headers", "headers may be missing", ('message.get("headers", ())', 'message["headers"]'))
broken(
    "pairs have an index",
    "headers are any iterable",
    (
        '[(name.decode("latin-1"), value.decode("latin-1")) ' + PAIRS,
        '[(pair[0].decode("latin-1"), pair[1].decode("latin-1")) for pair in message.get("headers", ())]',
    ),
)
broken(
    "there is always a body",
    "the body is empty and the last where nothing else is said",
    (BLOCK, BLOCK.replace('message.get("body", b"")', 'message["body"]')),
)
broken("nothing is the end", "bodies are put together", (BLOCK, BLOCK + " and bool(block)"))
broken(
    "together is quicker",
    "a part arrives while the application waits",
    (
        WRITTEN,
        """self.kept = getattr(self, "kept", b"") + block
        if not more:
            self.response.write(self.kept)""",
    ),
)
broken(
    "the head can wait",
    "an empty first part sends the head",
    (f"{HEAD}\n        self.response.write", f"if block or not more:\n            {HEAD}\n        self.response.write"),
)
broken(
    "the server counts",
    "the applications content length is the framing",
    (KNOWN, "pass"),
    (ALLOWED, 'if name.lower() not in {*HOP_BY_HOP, "content-length"}]'),
)
broken(
    "everybody knows chunks",
    "without a content length the end can be told 1.0",
    ('return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED', "return CHUNKED"),
    stem="ch04_response",
)
broken(
    "no end",
    "without a content length the end can be told 1.1",
    ("self.response.close()\n            self.ended", "self.response.whole = True\n            self.ended"),
)
broken(
    "the application knows",
    [
        "the applications transfer encoding is ignored coding",
        "the applications transfer encoding is ignored coding-alone",
    ],
    (ALLOWED, "]"),
)
broken(
    "one more",
    "nothing is sent after the end",
    ('raise RuntimeError("the response has ended")', 'return self.streams.sendall(message.get("body", b""))'),
)
broken(
    "memory is cheap",
    "send waits for a client that does not read",
    ("await self.streams.drained()\n        except ClientGone", "pass\n        except ClientGone"),
)
broken("a body is a body", "head has no body", (WRITTEN, "self.response.send(block)"))
broken(
    "an end to everything",
    ["204 and 304 end with their head 204", "204 and 304 end with their head 304"],
    ('self.status.startswith(("1", "204", "304"))', 'self.status.startswith("1")'),
    stem="ch04_response",
)
broken(
    "that was one",
    "requests in one segment are answered in their order",
    (
        "kept = await self.answer(streams, request)",
        "kept = await self.answer(streams, request)\n            streams.received.clear()",
    ),
)
broken(
    "it will come",
    "a client that waits for 100 is told to go on",
    ('self.streams.sendall(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")', "pass"),
)
broken(
    "one is enough",
    ["a server that closes has said so plain"],
    ("kept = await self.answer(streams, request)", "kept = await self.answer(streams, request) and False"),
)

broken(
    "no word of it",
    ["a server that closes has said so failed"],
    (
        "        self.keep_alive = False\n        super().send_error()",
        "        super().send_error()\n        self.keep_alive = False",
    ),
    stem="ch06_concurrency",
)

# Errors.

GONE = 'if self.gone:\n            raise ClientGone("the client has gone")'
NO_TYPE = """if do is None:
            raise ValueError(f"no message has the type {message['type']!r} here")"""

broken(
    "nobody is told",
    [
        "send raises an os error once the client has gone leaves",
        "send raises an os error once the client has gone leaves-while-it-streams",
    ],
    (GONE, "if self.gone:\n            return"),
)
broken(
    "another error",
    [
        "what send raises once the client has gone is an os error leaves",
        "what send raises once the client has gone is an os error leaves-while-it-streams",
    ],
    (GONE, GONE.replace("ClientGone", "RuntimeError")),
)
broken(
    "errors are logged",
    "what send has raised is not logged",
    ("if not self.gone:\n                self.fail()", "self.fail()"),
)
broken(
    "what is that", ["a wrong event raises an exception unknown-type"], (NO_TYPE, "if do is None:\n            return")
)
broken(
    "what was that",
    ["a wrong event raises an exception no-type"],
    ('.get(message["type"])', '.get(message.get("type", "http.response.start"))'),
    ("no message has the type {message['type']!r} here", "no such message"),
)
broken(
    "usually all is well",
    "a wrong event raises an exception no-status",
    ("f\"{message['status']} {phrase(message['status'])}\"", "\"%s OK\" % message.get('status', 200)"),
)
broken(
    "a status in words",
    "a wrong event raises an exception text-status",
    ("if not isinstance(status, int):", "if not isinstance(status, int | str):"),
)
broken(
    "text is welcome",
    "a wrong event raises an exception text-header",
    (
        '[(name.decode("latin-1"), value.decode("latin-1")) ' + PAIRS,
        '[(name if isinstance(name, str) else name.decode("latin-1"), '
        'value if isinstance(value, str) else value.decode("latin-1")) ' + PAIRS,
    ),
)
broken(
    "text is data",
    "a wrong event raises an exception text-body",
    (BLOCK, BLOCK + "\n        block = block.encode() if isinstance(block, str) else block"),
)
broken(
    "begun by itself",
    "a wrong event raises an exception body-first",
    (BLOCK, 'if self.response.status is None:\n            self.start({"status": 200})\n        ' + BLOCK),
)
broken(
    "the first counts",
    "a wrong event raises an exception start-twice",
    (
        'self.response.start_response(f"',
        'if self.response.status is not None:\n            return\n        self.response.start_response(f"',
    ),
)
broken(
    "nothing else",
    "further keys raise nothing",
    (
        "try:\n            do(message)",
        'assert not set(message) & {"probe"}\n        try:\n            do(message)',
    ),
)
broken(
    "only an end is an end",
    [
        "after an exception before the response nobody waits before",
        "after an exception before the response nobody waits after-start",
    ],
    ("self.response.send_error()", "return"),
    (
        "        finally:\n            self.ended.set()\n\n    def fail",
        "        else:\n            self.ended.set()\n\n    def fail",
    ),
)
broken(
    "no word",
    [
        "an application that gives no answer is an error 500 raises",
        "an application that gives no answer is an error 500 returns",
    ],
    ("self.response.send_error()", "pass"),
)
broken(
    "close is close",
    ["an exception within a response shows within"],
    ("self.response.send_error()", "self.response.close() if self.response.head_sent else self.response.send_error()"),
)
broken(
    "kept all the same",
    ["an exception within a response shows within-a-length"],
    ("self.response.send_error()", "None if self.response.head_sent else self.response.send_error()"),
    ("return self.response.whole and self.response.keep_alive and not", "return not"),
)
broken(
    "it may come yet",
    [
        "an application that returns too early leaves nobody waiting before",
        "an application that returns too early leaves nobody waiting within",
    ],
    ('raise RuntimeError("the application has returned, and its response has no end")', FOREVER),
)

# Lifespan.

CALLED = """await self.app({"type": "lifespan", "asgi": dict(LIFESPAN_VERSIONS), "state": self.state},
                           self.events.get, self.answers.put)"""
FAILED = 'raise LifespanFailed(answer.get("message", ""))'
TOLD = 'await self.lifespan.tell("startup")\n            '
FINISHED = 'await self.finish()\n            await self.lifespan.tell("shutdown")'

broken(
    "a scope has a type",
    "the lifespan has a scope",
    ('"type": "lifespan", "asgi": dict(LIFESPAN_VERSIONS),', '"type": "lifespan",'),
)
broken(
    "clients first",
    "no request comes before the application is ready",
    (
        TOLD + "server = await asyncio.start_server(self.handle, sock=listener)\n            ",
        "server = await asyncio.start_server(self.handle, sock=listener)\n            " + TOLD,
    ),
)
broken(
    "a thread for the lifespan",
    "requests run on the loop of the lifespan",
    (CALLED, "await self.elsewhere()"),
    (
        "    async def tell(self",
        """    async def elsewhere(self):
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        async def receive():
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.events.get(), loop))

        async def send(message):
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.answers.put(message), loop))

        scope = {"type": "lifespan", "asgi": dict(LIFESPAN_VERSIONS), "state": self.state}
        threading.Thread(target=lambda: asyncio.run(self.app(scope, receive, send)), daemon=True).start()
        await over.wait()

    async def tell(self""",
    ),
)
broken(
    "one state for all",
    "each request has a shallow copy of the state",
    ("dict(self.lifespan.state)", "self.lifespan.state"),
)
broken(
    "an error is an error",
    [
        "an application without lifespan is served raises-at-once",
        "an application without lifespan is served raises-at-startup",
    ],
    (
        'if answer["type"] == f"lifespan.{event}.failed":',
        'if answer["type"] in (f"lifespan.{event}.failed", "lifespan.raised"):',
    ),
)
broken("it will do without", ["after startup failed the server ends"], (FAILED, "return"))
broken("an end without words", ["after shutdown failed the server ends"], (FAILED, 'raise LifespanFailed("")'))
broken(
    "the other way round",
    "shutdown comes when all requests are done",
    (FINISHED, 'await self.lifespan.tell("shutdown")\n            await self.finish()'),
)
broken(
    "told and gone",
    "the server waits until the shutdown is complete",
    (
        "answer = await self.answers.get()",
        'if event == "shutdown":\n            return\n        answer = await self.answers.get()',
    ),
)
