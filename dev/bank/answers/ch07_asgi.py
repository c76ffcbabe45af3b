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


@answer("7.2")
def as_an_ordered_dict(request, server_address, client_address):
    """An OrderedDict is a dict, and has an order to rely on."""
    import collections
    import copy

    return collections.OrderedDict(
        server=server_address,
        client=client_address,
        type="http",
        scheme="http",
        root_path="",
        asgi=copy.deepcopy(VERSIONS),
        http_version=request.version.removeprefix("HTTP/"),
        method=request.method.upper(),
        path=request.path.decode(errors="replace"),
        raw_path=raw_path(request.target),
        query_string=request.query.encode("latin-1"),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
    )


@answer("7.3")
async def runs_a_generator_around_the_generator(self, taking, seconds):
    """`yield from` gives the value, and `for` runs through what is around it."""
    values = []

    def kept():
        values.append((yield from taking))

    begin = time.monotonic()
    for _ in kept():
        await self.receive_more(seconds - (time.monotonic() - begin))
    return values[0]


@answer("7.3")
async def raises_timeouterror_itself(self, taking, seconds):
    """send(None) is next, and where no time is left nobody is asked."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    try:
        while True:
            taking.send(None)
            left = end - clock()
            if left <= 0:
                raise TimeoutError(f"not all has come in {seconds} seconds")
            await self.receive_more(left)
    except StopIteration as stop:
        return stop.value


@answer("7.3")
async def counts_the_seconds_down(self, taking, seconds):
    """A helper tells whether the generator has ended; what is left gets less with each round."""
    def step():
        try:
            return False, next(taking)
        except StopIteration as stop:
            return True, stop.value

    last = time.monotonic()
    ended, value = step()
    while not ended:
        now = time.monotonic()
        seconds, last = seconds - (now - last), now
        await self.receive_more(max(seconds, 0))
        ended, value = step()
    return value


@answer("7.3")
async def has_an_inner_coroutine(self, taking, seconds):
    """All is done by a coroutine within, which gives the value in a tuple."""
    end = time.monotonic() + seconds

    async def all_of_it():
        while True:
            try:
                next(taking)
            except StopIteration as stop:
                return (stop.value,)
            await self.receive_more(end - time.monotonic())

    return (await all_of_it())[0]


@answer("7.4")
async def suppresses_and_closes_by_with(self):
    """`with` statements do what `except` and `finally` do."""
    with contextlib.closing(self.writer), contextlib.suppress(OSError, asyncio.TimeoutError):
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), timeout=LINGER)


@answer("7.4")
async def reads_also_where_the_client_cannot_be_told(self):
    """Each of the two may fail for itself; and a socket that cannot say the end is not asked to."""
    try:
        try:
            if self.writer.can_write_eof():
                self.writer.write_eof()
        except OSError:
            pass
        try:
            await asyncio.wait_for(self.read_the_rest(), LINGER)
        except (OSError, asyncio.TimeoutError):
            pass
    finally:
        self.writer.close()


@answer("7.4")
async def waits_for_a_task(self):
    """asyncio.wait has a time limit, and raises nothing."""
    reading = None
    try:
        self.writer.write_eof()
        reading = asyncio.create_task(self.read_the_rest())
        await asyncio.wait({reading}, timeout=LINGER)
        if reading.done():
            reading.result()
    except OSError:
        pass
    except Exception as error:
        if not isinstance(error, asyncio.TimeoutError):
            raise
    finally:
        if reading:
            reading.cancel()
        self.writer.close()


@answer("7.5")
async def asks_what_it_was_afterwards(self):
    """One `except` for both, and the disconnect at the end."""
    if self.taking is not None:
        try:
            return await self.next_part()
        except (OSError, BadRequest) as error:
            if isinstance(error, BadRequest):
                self.refusal = error
            self.disconnect()
    while not self.ended.is_set():
        await self.ended.wait()
    return dict(type="http.disconnect")


@answer("7.5")
async def has_a_helper_for_the_body(self):
    """A helper gives a part, or None; what is not a part is the end."""
    async def part():
        try:
            return await self.next_part() if self.taking is not None else None
        except BadRequest as refusal:
            self.refusal = refusal
        except OSError:
            pass
        return self.disconnect()

    message = await part()
    if message is None:
        await self.ended.wait()
        message = {"type": "http.disconnect"}
    return message


@answer("7.5")
async def awaits_the_end_first_where_there_is_no_body(self):
    """The cases in the other order."""
    while True:
        if self.taking is None:
            await self.ended.wait()
            return {"type": "http.disconnect"}
        try:
            return await self.next_part()
        except BadRequest as error:
            self.disconnect()
            self.refusal = error
        except OSError:
            self.disconnect()


@answer("7.6")
async def asks_with_if_and_elif(self, message):
    """A branch for each type; all in one `try`."""
    if self.gone:
        raise ClientGone("nobody reads it")
    if self.ended.is_set():
        raise RuntimeError("nothing comes after the end")
    kind = message["type"]
    try:
        if kind == "http.response.start":
            self.start(message)
        elif kind == "http.response.body":
            self.add(message)
        else:
            raise ValueError(f"what is {kind}?")
        await self.streams.drained()
    except ClientGone as error:
        self.disconnect()
        raise error


@answer("7.6")
async def matches_the_message(self, message):
    """`match` takes the message apart."""
    match self.gone, self.ended.is_set(), message:
        case True, _, _:
            raise BrokenPipeError("the client has gone")
        case _, True, _:
            raise RuntimeError("the response has ended")
        case _, _, {"type": "http.response.start"}:
            do = self.start
        case _, _, {"type": "http.response.body"}:
            do = self.add
        case _:
            raise ValueError(repr(message))
    try:
        do(message)
        return await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@answer("7.6")
async def has_a_context_for_lost_clients(self, message):
    """A context manager notes what is lost in it."""
    @contextlib.contextmanager
    def noting_the_loss():
        try:
            yield
        except ClientGone:
            self.disconnect()
            raise

    if self.gone or self.ended.is_set():
        raise OSError("gone") if self.gone else RuntimeError("ended")
    kinds = ("http.response.start", "http.response.body")
    if message["type"] not in kinds:
        raise ValueError(f"{message['type']} is none of {kinds}")
    with noting_the_loss():
        (self.start, self.add)[kinds.index(message["type"])](message)
    with noting_the_loss():
        await self.streams.drained()


@answer("7.7")
def chooses_among_the_bytes(self, message):
    """The names are compared as bytes, and then decoded."""
    theirs = {name.encode() for name in HOP_BY_HOP}
    pairs = [pair for pair in message.get("headers") or [] if bytes(pair[0]).lower() not in theirs]
    code = message["status"]
    self.response.start_response(
        status=str(int(code)) + " " + phrase(code),
        headers=[tuple(part.decode("iso-8859-1") for part in pair) for pair in pairs],
    )


@answer("7.7")
def takes_one_header_after_the_other(self, message):
    """A loop, and a list that grows; what start_response returns is returned, which nobody asks for."""
    headers = []
    if "headers" in message:
        for name, value in message["headers"]:
            name = str(name, "latin-1")
            if name.casefold() in HOP_BY_HOP:
                continue
            headers.append((name, str(value, "latin-1")))
    return self.response.start_response("{} {}".format(code := message["status"], phrase(code)), headers)


@answer("7.7")
def maps_and_filters(self, message):
    """Bytes of latin-1 are the first characters of Unicode."""
    def text(part):
        return "".join(map(chr, part))

    decoded = ((text(name), text(value)) for name, value in message.get("headers", {}))
    allowed = filter(lambda pair: not {pair[0].lower()} & HOP_BY_HOP, decoded)
    self.response.start_response(" ".join([f"{message['status']}", phrase(message["status"])]), [*allowed])


@answer("7.8")
def asks_for_the_head_only_where_write_does_not(self, message):
    """write sends the head along with a block; only before an empty one it must go by itself."""
    response, block = self.response, message.get("body") or b""
    last = not message.get("more_body")
    if last:
        response.known_length = len(block)
    if block:
        response.write(block)
    else:
        response.send(response.head_once())
    if last:
        response.close()
        self.ended.set()


@answer("7.8")
def has_the_end_in_a_function(self, message):
    """What follows and what does not, as two ways."""
    def send(block):
        head = self.response.head_once()
        if head:
            self.response.send(head)
        self.response.write(block)

    match message:
        case {"more_body": True}:
            send(message.get("body", b""))
        case _:
            block = message.get("body", b"")
            if not self.response.head_sent:
                self.response.known_length = len(block)
            send(block)
            self.response.close()
            self.ended.set()


@answer("7.8")
def returns_early_while_more_is_to_follow(self, message):
    """The defaults first, and what the message has over them."""
    message = {"body": b"", "more_body": False, **message}
    whole = not message["more_body"] and self.response.framing is None
    self.response.known_length = len(message["body"]) if whole else None
    self.response.send(self.response.head_once())
    self.response.write(message["body"])
    if message["more_body"]:
        return
    self.response.close()
    self.ended.set()


@answer("7.9")
async def asks_what_was_raised(self, app, scope):
    """One except for all, which asks for the class."""
    try:
        called = app(scope, self.receive, self.send)
        await called
        assert self.ended.is_set(), "the answer has no end"
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError):
            self.ended.set()
            raise
        if self.gone:
            return
        if self.ended.is_set():
            traceback.print_exc()
        else:
            self.fail()
    self.ended.set()


@answer("7.9")
async def has_a_stack_for_the_end(self, app, scope):
    """What comes at the end is said at the beginning."""
    async def whole_call():
        await app(scope, self.receive, self.send)
        if not (self.ended.is_set() or self.gone):
            raise EOFError(f"no end of the answer to {scope!r}")

    with contextlib.ExitStack() as stack:
        stack.callback(self.ended.set)
        try:
            await whole_call()
        except asyncio.CancelledError as cancelled:
            raise cancelled
        except BaseException:
            self.gone or self.fail()


@answer("7.9")
async def prints_and_answers_by_itself(self, app, scope):
    """Without fail: the traceback goes to stderr as a text, and the answer is send_error's."""
    try:
        try:
            await app(scope, self.receive, self.send)
        finally:
            early = not self.ended.is_set()
        if early:
            raise RuntimeError("the application has returned too early")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            sys.stderr.write(traceback.format_exc())
            if early:
                self.response.send_error()
    finally:
        self.ended.set()


@answer("7.10")
async def matches_the_answer(self, event):
    """Put without waiting, for the queue has room; and then a pattern."""
    self.call = self.call or asyncio.get_running_loop().create_task(self.run(), name="lifespan")
    if not self.call.done():
        self.events.put_nowait(dict(type="lifespan." + event))
        failed = f"lifespan.{event}.failed"
        match await self.answers.get():
            case {"type": kind, "message": message} if kind == failed:
                raise LifespanFailed(message)
            case {"type": kind} if kind == failed:
                raise LifespanFailed("")


@answer("7.10")
async def has_the_call_in_a_function(self, event):
    """What begins and what tells, apart; the answer is awaited in a task of its own."""
    def begin():
        if not isinstance(self.call, asyncio.Task):
            self.call = asyncio.ensure_future(self.run())
        return self.call.done()

    if begin():
        return None
    message = {"type": ".".join(["lifespan", event])}
    answering = asyncio.ensure_future(self.answers.get())
    await self.events.put(message)
    answer = await answering
    if answer.get("type") != message["type"] + ".failed":
        return None
    raise LifespanFailed(answer.get("message") or "")


@answer("7.10")
async def waits_without_a_limit(self, event):
    """wait_for with None waits as long as it takes."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    elif self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await asyncio.wait_for(self.answers.get(), None)
    _, _, result = answer["type"].partition(f"lifespan.{event}.")
    if result == "failed" and answer["type"].startswith("lifespan."):
        raise LifespanFailed(answer.setdefault("message", ""))


@answer("7.11")
async def leaves_the_loop_from_its_middle(self, streams, task):
    """A loop without a condition, and what is done in the sets in `finally`."""
    while True:
        self.idle.add(task)
        try:
            request = await streams.next_request()
        finally:
            self.idle.discard(task)
        self.busy.add(task)
        try:
            if not await self.answer(streams, request) or self.stopping:
                return
        finally:
            self.busy.discard(task)


@answer("7.11")
async def moves_the_task_with_a_helper(self, streams, task):
    """A helper that moves the task from one set to the other, in place."""
    def move(before, after):
        before -= {task}
        after |= {task}

    move(self.busy, self.idle)
    request = await streams.next_request()
    move(self.idle, self.busy)
    while await self.answer(streams, request):
        if self.stopping:
            break
        move(self.busy, self.idle)
        request = await streams.next_request()
        move(self.idle, self.busy)


@answer("7.11")
async def enters_the_sets_by_with_statements(self, streams, task):
    """Two with statements say what the task is in meanwhile."""
    @contextlib.contextmanager
    def within(tasks):
        tasks.add(task)
        yield
        tasks.remove(task)

    goes_on = not self.stopping
    while goes_on:
        self.busy.discard(task)
        with within(self.idle):
            waiting = asyncio.ensure_future(streams.next_request())
            request = await waiting
        with within(self.busy):
            goes_on = bool(await self.answer(streams=streams, request=request))
        goes_on = goes_on and self.stopping is False


@answer("7.12")
async def watches_by_itself(self, streams, request):
    """What watching and note do is written out."""
    moment, clock = time.gmtime(), time.perf_counter()
    keep_alive = not self.stopping and wants_keep_alive(request)
    exchange = Exchange(streams=streams, request=request, keep_alive=keep_alive)
    scope = {**build_scope(request, streams.server_address, streams.client_address)}
    scope["state"] = self.lifespan.state.copy()
    call = asyncio.ensure_future(exchange.run(self.app, scope))
    self.busy.add(call)
    call.add_done_callback(lambda done: self.busy.remove(done))
    streams.when_lost = exchange.disconnect
    self.open.add(exchange)
    try:
        await exchange.ended.wait()
    finally:
        self.open.discard(exchange)
        streams.when_lost = None
        line = access_line(streams.client_address, request, exchange.response, moment, time.perf_counter() - clock)
        sys.stderr.write(line + "\n")
    if exchange.refusal is not None and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@answer("7.12")
async def begins_the_task_within_the_watch(self, streams, request):
    """The state goes in front of the scope, and the task is begun where the connection is watched already."""
    import copy

    exchange = Exchange(streams, request, False if self.stopping else wants_keep_alive(request))
    began = time.gmtime()
    loop = asyncio.get_running_loop()
    since = loop.time()
    async with self.watching(streams, exchange):
        scope = {"state": copy.copy(self.lifespan.state),
                 **build_scope(request, server_address=streams.server_address, client_address=streams.client_address)}
        self.note(loop.create_task(exchange.run(self.app, scope), name="a call"))
        await asyncio.wait({asyncio.create_task(exchange.ended.wait())})
    print(access_line(streams.client_address, request, exchange.response, began, loop.time() - since), file=sys.stderr)
    refused = exchange.refusal
    match (refused, exchange.response.head_sent):
        case (BadRequest(), False):
            raise refused
    return exchange.is_kept()


@answer("7.12")
async def leaves_the_line_to_an_exit_stack(self, streams, request):
    """What comes at the end is said at the beginning."""
    started, begin = time.gmtime(), time.monotonic()

    def log():
        seconds = time.monotonic() - begin
        print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)

    exchange = Exchange(streams, request, all([wants_keep_alive(request), not self.stopping]))
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(log)
        await stack.enter_async_context(self.watching(streams, exchange))
        scope = build_scope(request, streams.server_address, streams.client_address)
        scope.update(state={**self.lifespan.state})
        call = asyncio.create_task(exchange.run(self.app, scope))
        self.note(call)
        while not exchange.ended.is_set():
            await exchange.ended.wait()
    if exchange.response.head_sent or not exchange.refusal:
        return exchange.is_kept()
    raise exchange.refusal


@answer("7.13")
async def closes_the_listener_by_with(self, listener, stop):
    """A socket is a context manager, and the server is closed by an exit stack."""
    with listener:
        await self.lifespan.tell("startup")
        async with contextlib.AsyncExitStack() as stack:
            server = await asyncio.start_server(self.handle, sock=listener, start_serving=False)
            stack.callback(server.close)
            await server.start_serving()
            await stop.wait()
        self.stopping = True
        while self.idle:
            self.idle.pop().cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")


@answer("7.13")
async def has_a_function_for_each_half(self, listener, stop):
    """What comes before the stop, and what after it; the client's task begins in a function of its own."""
    async def client(reader, writer):
        await self.handle(reader, writer)

    async def begin():
        await self.lifespan.tell("startup")
        return await asyncio.start_server(client_connected_cb=client, sock=listener, backlog=100)

    async def end(server):
        self.stopping = True
        for task in tuple(self.idle):
            task.cancel("the server stops")
        server.close()
        await self.finish()
        await server.wait_closed()
        await self.lifespan.tell("shutdown")

    with contextlib.closing(listener):
        server = await begin()
        await asyncio.create_task(stop.wait())
        await end(server)


@answer("7.13")
async def lets_the_handler_be_called_by_a_lambda(self, listener, stop):
    """Exceptions close the listener, and so does the server that has been closed."""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(lambda reader, writer: self.handle(reader, writer), None, sock=listener)
    except BaseException:
        listener.close()
        raise
    try:
        await stop.wait()
    finally:
        server.close()
        self.stopping = True
    for task in self.idle.copy():
        task.cancel()
    await self.finish()
    await self.lifespan.tell("shutdown")


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
