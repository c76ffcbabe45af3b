"""Right answers for chapter 7."""
from dev.bank.step_versions import answer


@answer("7.1")
async def joins_bytes(scope, receive, send):
    """Bytes from the beginning, a message in a name of its own, and pairs that are lists."""
    kind = scope["type"]
    if kind == "http":
        body = b"hello from %b\n" % scope["path"].encode("utf-8")
        start = dict(type="http.response.start", status=http.HTTPStatus.OK)
        start["headers"] = [[b"content-length", str(len(body)).encode("ascii")],
                            [b"content-type", b"text/plain; charset=utf-8"]]
        await send(start)
        await send(dict(type="http.response.body", body=body, more_body=False))
    else:
        raise ValueError(f"no answer for {kind!r}")


@answer("7.1")
async def loops_over_the_messages(scope, receive, send):
    """The messages are made first, and sent in a loop."""
    if scope.get("type") not in ("http",):
        raise ValueError
    text = "hello from " + scope["path"] + "\n"
    fields = {"content-type": "text/plain; charset=utf-8", "content-length": len(text.encode())}
    headers = [(name.encode(), f"{value}".encode()) for name, value in fields.items()]
    for message in ({"type": "http.response.start", "status": 200, "headers": headers},
                    {"type": "http.response.body", "body": text.encode()}):
        await send(message)


@answer("7.1")
async def awaits_tasks(scope, receive, send):
    """Each message is a task, and is awaited before the next is begun."""
    if scope["type"] != "http":
        raise UnicodeError("a ValueError, too")
    body = "hello from {path}\n".format(path=scope["path"]).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await asyncio.create_task(send({"type": "http.response.start", "status": 200, "headers": headers}))
    await asyncio.wait_for(send({"type": "http.response.body", "body": body}), 60)


@answer("7.2")
def fills_a_dict_step_by_step(request, server_address, client_address):
    """One thing after the other, with dict and str methods of another kind."""
    scope = dict.fromkeys(["type", "scheme"], "http")
    scope["asgi"] = {**VERSIONS}
    scope["method"], scope["http_version"] = request.method.upper(), request.version.split("/")[1]
    scope["path"] = str(request.path, "utf-8", errors="replace")
    scope["raw_path"], scope["root_path"] = raw_path(request.target), ""
    scope["query_string"] = bytes(request.query, "latin-1")
    scope["headers"] = list()
    for name, value in request.fields:
        scope["headers"].append((bytes(name, "latin-1"), bytes(value, "latin-1")))
    scope.update(server=tuple(server_address), client=tuple(client_address))
    return scope


@answer("7.2")
def has_a_helper_for_bytes(request, server_address, client_address):
    """A helper makes bytes, headers are lists of two, and addresses are lists, which ASGI allows."""
    def raw(text):
        return text.encode("iso-8859-1")

    return dict(
        type="http", asgi=VERSIONS.copy(), http_version=request.version[len("HTTP/"):], scheme="http",
        method=raw(request.method).upper().decode(), path=request.path.decode(errors="replace"),
        raw_path=raw_path(request.target),
        query_string=raw(request.query), root_path="", headers=[[*map(raw, pair)] for pair in request.fields],
        server=list(server_address), client=list(client_address),
    )


@answer("7.2")
def unquotes_the_path_itself(request, server_address, client_address):
    """The path comes from raw_path, and the scope from two dicts that are joined."""
    from urllib.parse import unquote

    raw = raw_path(request.target)
    fixed = {"type": "http", "scheme": "http", "root_path": "", "asgi": dict(VERSIONS.items())}
    return fixed | {
        "http_version": request.version.partition("/")[-1],
        "method": request.method.upper(),
        "path": unquote(raw.decode("latin-1"), encoding="utf-8", errors="replace"),
        "raw_path": raw,
        "query_string": b"".join(b"%c" % ord(character) for character in request.query),
        "headers": [tuple(part.encode("latin-1") for part in field) for field in request.fields],
        "server": server_address,
        "client": client_address,
    }


@answer("7.14")
def returns_early(self):
    """The case in which nothing is due first."""
    due = super().head_once()
    if not due:
        return due
    given = [name.lower() for name, _ in self.headers]
    pairs = [(name.lower(), value) for name, value in self.headers]
    if self.framing == LENGTH and "content-length" not in given:
        pairs.insert(0, ("content-length", f"{self.length}"))
    code, _, _ = self.status.partition(" ")
    self.emit(dict(type="http.response.start", status=int(code),
                   headers=[tuple(text.encode("latin-1") for text in pair) for pair in pairs]))
    return b""


@answer("7.14")
def asks_before_and_after(self):
    """head_sent tells whether the head is due; pairs are lists, and a generator makes them."""
    was_sent = self.head_sent
    AdaptedResponse.__mro__[1].head_once(self)
    if was_sent:
        return b""

    def pairs():
        for name, value in self.headers:
            yield [name.encode("latin-1").lower(), value.encode("latin-1")]
        if self.framing == LENGTH and self.header("content-length") is None:
            yield [b"content-length", str(self.known_length).encode()]

    self.emit({"type": "http.response.start", "status": http.HTTPStatus.OK if self.status[:4] == "200 " else
               int(self.status.split()[0]), "headers": list(pairs())})
    return b""


@answer("7.14")
def slices_the_length_away(self):
    """A table of what may be added, and a slice of it."""
    if head := super().head_once():
        added = [(b"content-length", b"%d" % (self.length or 0))]
        given = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        wanted = self.framing == LENGTH and not any(name == b"content-length" for name, _ in given)
        message = {"type": "http.response.start", "status": int(head[9:12])}
        message["headers"] = given + added[:wanted]
        self.emit(message)
    return b""[:0]


@answer("7.15")
def has_a_class_for_it(app, threads):
    """An object with __call__ is an application, too."""
    class Adapted:
        def __init__(self):
            self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="wsgi")

        async def __call__(self, scope, receive, send):
            if scope["type"] != "http":
                raise ValueError("requests only")
            file = tempfile.SpooledTemporaryFile(max_size=MAX_BODY)
            try:
                await self.answer(scope, receive, send, file)
            finally:
                file.close()

        async def answer(self, scope, receive, send, file):
            if not await receive_body(receive, file):
                return
            loop = asyncio.get_running_loop()

            def emit(message):
                future = asyncio.run_coroutine_threadsafe(send(message), loop)
                error = future.exception()
                if isinstance(error, OSError):
                    raise ClientGone("the client has gone") from error
                future.result()

            await loop.run_in_executor(self.pool, lambda: call_wsgi(
                app, environ_of_scope(scope, file), AdaptedResponse(request_of(scope), emit)))

    return Adapted()


@answer("7.15")
def wraps_the_future_of_the_pool(app, threads):
    """submit and wrap_future; the pool is made with the first request, and the body is received without a helper."""
    pools = []

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError
        pools[:] = pools or [ThreadPoolExecutor(threads)]
        loop = asyncio.get_event_loop()

        def emit(message):
            try:
                return asyncio.run_coroutine_threadsafe(send(message), loop=loop).result(None)
            except OSError as gone:
                raise ClientGone from gone

        with contextlib.closing(tempfile.SpooledTemporaryFile(MAX_BODY)) as file:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                file.write(message.get("body") or b"")
                more = message.get("more_body")
            file.seek(0)
            response = AdaptedResponse(request_of(scope), emit)
            await asyncio.wrap_future(pools[0].submit(call_wsgi, app, environ_of_scope(scope, file), response))

    return adapted


@answer("7.15")
def returns_a_partial(app, threads):
    """A coroutine function with all that it needs, and a partial of it; emit has a coroutine of its own."""
    import functools

    async def deliver(send, message):
        try:
            await send(message)
        except OSError as error:
            raise ClientGone(*error.args) from error

    async def answered(pool, scope, receive, send):
        loop = asyncio.get_running_loop()
        if scope["type"] != "http":
            raise ValueError(scope)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as body:
            there = await receive_body(receive, body)
            if there:
                await loop.run_in_executor(pool, functools.partial(
                    call_wsgi, app, environ_of_scope(scope, body), AdaptedResponse(
                        request_of(scope),
                        lambda message: asyncio.run_coroutine_threadsafe(deliver(send, message), loop).result())))

    return functools.partial(answered, ThreadPoolExecutor(threads))
