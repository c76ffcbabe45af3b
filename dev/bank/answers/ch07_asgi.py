"""Right answers for chapter 7."""
from dev.bank.step_versions import answer


@answer("7.11")
async def leaves_the_loop_from_its_middle(self, wire, task):
    """A loop without a condition, and what is done in the sets in `finally`."""
    while True:
        self.idle.add(task)
        try:
            request = await wire.next_request()
        finally:
            self.idle.discard(task)
        self.busy.add(task)
        try:
            if not await self.answer(wire, request) or self.stopping:
                return
        finally:
            self.busy.discard(task)


@answer("7.11")
async def moves_the_task_with_a_helper(self, wire, task):
    """A helper that moves the task from one set to the other, in place."""
    def move(before, after):
        before -= {task}
        after |= {task}

    move(self.busy, self.idle)
    request = await wire.next_request()
    move(self.idle, self.busy)
    while await self.answer(wire, request):
        if self.stopping:
            break
        move(self.busy, self.idle)
        request = await wire.next_request()
        move(self.idle, self.busy)


@answer("7.11")
async def enters_the_sets_by_with_statements(self, wire, task):
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
            waiting = asyncio.ensure_future(wire.next_request())
            request = await waiting
        with within(self.busy):
            goes_on = bool(await self.answer(wire=wire, request=request))
        goes_on = goes_on and self.stopping is False


@answer("7.12")
async def watches_by_itself(self, wire, request):
    """What watching and note do is written out."""
    moment, clock = time.gmtime(), time.perf_counter()
    keep_alive = not self.stopping and wants_keep_alive(request)
    exchange = Exchange(wire=wire, request=request, keep_alive=keep_alive)
    scope = {**build_scope(request, wire.server_address, wire.client_address)}
    scope["state"] = self.lifespan.state.copy()
    call = asyncio.ensure_future(exchange.run(self.app, scope))
    self.busy.add(call)
    call.add_done_callback(lambda done: self.busy.remove(done))
    wire.when_lost = exchange.disconnect
    try:
        await exchange.ended.wait()
    finally:
        wire.when_lost = None
        line = access_line(wire.client_address, request, exchange.response, moment, time.perf_counter() - clock)
        sys.stderr.write(line + "\n")
    if exchange.refusal is not None and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@answer("7.12")
async def begins_the_task_within_the_watch(self, wire, request):
    """The state goes in front of the scope, and the task is begun where the connection is watched already."""
    import copy

    exchange = Exchange(wire, request, False if self.stopping else wants_keep_alive(request))
    began = time.gmtime()
    loop = asyncio.get_running_loop()
    since = loop.time()
    async with self.watching(wire, exchange):
        scope = {"state": copy.copy(self.lifespan.state),
                 **build_scope(request, server_address=wire.server_address, client_address=wire.client_address)}
        self.note(loop.create_task(exchange.run(self.app, scope), name="a call"))
        await asyncio.wait({asyncio.create_task(exchange.ended.wait())})
    print(access_line(wire.client_address, request, exchange.response, began, loop.time() - since), file=sys.stderr)
    refused = exchange.refusal
    match (refused, exchange.response.head_sent):
        case (BadRequest(), False):
            raise refused
    return exchange.is_kept()


@answer("7.12")
async def leaves_the_line_to_an_exit_stack(self, wire, request):
    """What comes at the end is said at the beginning."""
    started, begin = time.gmtime(), time.monotonic()

    def log():
        seconds = time.monotonic() - begin
        print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)

    exchange = Exchange(wire, request, all([wants_keep_alive(request), not self.stopping]))
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(log)
        await stack.enter_async_context(self.watching(wire, exchange))
        scope = build_scope(request, wire.server_address, wire.client_address)
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
