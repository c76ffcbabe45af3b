"""Mistakes of chapter 7."""
from dev.bank.step_versions import mistake


@mistake("7.11", "the task is not in self.idle alone while next_request is awaited")
async def leaves_the_task_in_both_sets(self, wire, task):
    """The task is busy from its first request on: nobody takes it out again. (The stop waits for it.)"""
    kept = True
    while kept and not self.stopping:
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "the task is not in self.idle alone while next_request is awaited")
async def notes_the_waiting_after_it(self, wire, task):
    """First the request, and then who has it. (While the task waits, it is in no set.)"""
    kept = True
    while kept and not self.stopping:
        request = await wire.next_request()
        self.busy.add(task)
        kept = await self.answer(wire, request)
        self.busy.discard(task)
        self.idle.add(task)


@mistake("7.11", "the task is not in self.busy alone while answer is awaited")
async def stays_idle_while_it_answers(self, wire, task):
    """One set is enough to find the connections that may be ended. (The answer is cut off then.)"""
    kept = True
    self.idle.add(task)
    while kept and not self.stopping:
        request = await wire.next_request()
        self.busy.add(task)
        kept = await self.answer(wire, request)
        self.busy.discard(task)


@mistake("7.11", "coroutine 'Server.answer' was never awaited")
async def forgets_to_await_the_answer(self, wire, task):
    """answer is called, so it is done. (A coroutine that was called has not begun, and counts as true.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = self.answer(wire, request)


@mistake("7.11", "a connection that is kept is not gone on with")
async def answers_one_request(self, wire, task):
    """One connection, one request, as in chapter 4."""
    self.idle.add(task)
    request = await wire.next_request()
    self.idle.discard(task)
    self.busy.add(task)
    await self.answer(wire, request)


@mistake("7.11", "another request is awaited, though answer has returned False")
async def goes_on_until_the_client_leaves(self, wire, task):
    """The client says when it has enough: it hangs up. (It waits for the server to do so.)"""
    while not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        await self.answer(wire, request)


@mistake("7.11", "another request is awaited, though self.stopping has become true")
async def asks_at_the_beginning_whether_it_stops(self, wire, task):
    """Whether the server stops is asked once, where the connection begins."""
    kept = not self.stopping
    while kept:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "a request that came while the server was being stopped is not the last one answered")
async def throws_away_a_request_that_came_late(self, wire, task):
    """Who stops takes nothing more on. (But this request was sent in good faith, and is here.)"""
    kept = True
    while kept:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        if self.stopping:
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request) and not self.stopping


@mistake("7.11", "ConnectionResetError, raised by next_request, is not let out")
async def takes_a_client_that_leaves_for_the_end(self, wire, task):
    """A client that has left is the end of the loop, and no error."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await wire.next_request()
        except OSError:
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "BadRequest, raised by next_request, is not let out")
async def refuses_a_bad_request_itself(self, wire, task):
    """A bad request is answered where it is met. (handle does it, for all of them.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await wire.next_request()
        except BadRequest as error:
            wire.refuse(error.status, str(error))
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "CancelledError, raised by next_request, is not let out")
async def ends_quietly_when_it_is_cancelled(self, wire, task):
    """A task that is cancelled returns, and that is all. (Its caller takes it for one that has come to its end.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await wire.next_request()
        except asyncio.CancelledError:
            break
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "self.idle or self.busy is another set than before")
async def makes_new_sets(self, wire, task):
    """`self.busy - {task}` is the set without the task. (It is a new one, and others hold the old one.)"""
    kept = True
    while kept and not self.stopping:
        self.idle, self.busy = self.idle | {task}, self.busy - {task}
        request = await wire.next_request()
        self.idle, self.busy = self.idle - {task}, self.busy | {task}
        kept = await self.answer(wire, request)


@mistake("7.11", "another task has gone from its set")
async def empties_the_sets(self, wire, task):
    """Nobody is idle any more, so the set is empty. (There are other connections.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.clear()
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "Python gives up on a connection that is kept for long: RecursionError")
async def calls_itself_for_the_next_request(self, wire, task):
    """The rest of the connection is a connection, too. (One that is kept for long is too deep for Python.)"""
    self.busy.discard(task)
    self.idle.add(task)
    request = await wire.next_request()
    self.idle.discard(task)
    self.busy.add(task)
    if await self.answer(wire, request) and not self.stopping:
        await self.converse(wire, task)


@mistake("7.11", "RuntimeError, raised by answer, is not let out")
async def prints_what_goes_wrong_in_an_answer(self, wire, task):
    """A server goes on, whatever one answer raises."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        try:
            kept = await self.answer(wire, request)
        except (OSError, BadRequest, asyncio.CancelledError, KeyboardInterrupt):
            raise
        except Exception:
            traceback.print_exc()
            return


@mistake("7.11", "something is done to the connection itself")
async def hangs_up_at_the_end(self, wire, task):
    """A connection that is not kept is closed."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)
    await wire.hang_up()


@mistake("7.12", "run is not a task of its own")
async def awaits_the_application(self, wire, request):
    """Calling the application is what the server is there for: await it. (And what it does after its answer, too.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    async with self.watching(wire, exchange):
        await exchange.run(self.app, scope)
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "answer waits until the application has ended")
async def awaits_the_task(self, wire, request):
    """A task that was begun is awaited, lest something of it is lost."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.note(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
        await call
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "answer waits until the application has ended")
async def gathers_both(self, wire, request):
    """gather runs several things at the same time. (And ends with the last of them.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    async with self.watching(wire, exchange):
        call = asyncio.create_task(exchange.run(self.app, scope))
        self.note(call)
        await asyncio.gather(call, exchange.ended.wait())
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of the call is not in self.busy, before the end")
async def keeps_no_task(self, wire, request):
    """create_task has the task run, and no more is needed. (asyncio holds it weakly.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    asyncio.create_task(exchange.run(self.app, scope))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of a call that has ended is still there")
async def keeps_the_task_for_ever(self, wire, request):
    """The set holds the task, so that nobody takes it away."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.busy.add(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of the call is not in self.busy, after the answer")
async def lets_the_task_go_with_the_answer(self, wire, request):
    """The call belongs to the answer: with that it is out of the set."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.busy.add(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    self.busy.discard(call)
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the call of the application does not come to its end after the answer")
async def cancels_the_call_after_the_answer(self, wire, request):
    """The answer is whole, so the application has nothing left to do."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.note(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    call.cancel()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "coroutine 'Exchange.run' was never awaited")
async def begins_no_task(self, wire, request):
    """run is called, and so it runs. (It runs where it is awaited, or as a task.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    exchange.run(self.app, scope)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: the server stops")
async def does_not_ask_whether_it_stops(self, wire, request):
    """What the client wants is what counts."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request))
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: Connection: close")
async def keeps_all_connections(self, wire, request):
    """HTTP/1.1 keeps connections."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: HTTP/1.1")
async def mistakes_the_end_for_the_beginning(self, wire, request):
    """The third argument says whether the server stops."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the state is no copy")
async def hands_out_the_state_itself(self, wire, request):
    """The state is the application's, and so are its requests."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": self.lifespan.state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "a value in the state is a copy too")
async def copies_all_that_is_in_the_state(self, wire, request):
    """A copy should share nothing with the first. (A connection to a database cannot be copied.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    import copy

    state = copy.deepcopy(self.lifespan.state)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "what one request puts into its state is found by others")
async def copies_the_state_once(self, wire, request):
    """One copy is enough for all requests."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    if not hasattr(self, "state"):
        self.state = dict(self.lifespan.state)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": self.state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the scope has no state")
async def leaves_out_the_state(self, wire, request):
    """The state is for the lifespan: the request has its scope."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address)
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the scope is another one")
async def swaps_the_addresses(self, wire, request):
    """The client comes first, as in the function that serves it."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.client_address, wire.server_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "nobody is told if the connection is lost during the answer")
async def does_not_watch_the_connection(self, wire, request):
    """A client that leaves is noticed when something is sent."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "an Exchange is disconnected, though the connection was lost after its answer")
async def watches_for_ever(self, wire, request):
    """Set when the answer begins: the next one sets another."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    wire.when_lost = exchange.disconnect
    await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the access line is on stdout, not on stderr")
async def prints_to_stdout(self, wire, request):
    """print prints."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds))
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the times in the access line are others")
async def looks_at_the_clock_at_the_end(self, wire, request):
    """The line is made at the end: gmtime is its moment."""
    begin = time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, time.gmtime(), seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the times in the access line are others")
async def looks_at_the_clock_after_the_answer(self, wire, request):
    """The call is begun, then its time. (It is over before the clock is looked at.)"""
    started = time.gmtime()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    begin = time.monotonic()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "there is not one access line when answer ends (a refusal)")
async def prints_no_line_for_a_refusal(self, wire, request):
    """A request that was refused was not answered here: handle prints it."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    return exchange.is_kept()


@mistake("7.12", "there is not one access line when answer ends (a client that leaves)")
async def prints_no_line_without_an_answer(self, wire, request):
    """Who has left has got nothing, and there is nothing to tell."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    if not exchange.gone:
        print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "exchange.refusal is raised, though a head was sent")
async def raises_each_refusal(self, wire, request):
    """A bad request is a bad request."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "exchange.refusal is not raised, and no head was sent")
async def forgets_the_refusal(self, wire, request):
    """The exchange knows what was wrong, and is_kept says that it is over."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    return exchange.is_kept()


@mistake("7.12", "what exchange.is_kept() says is not returned")
async def tells_what_the_client_wants(self, wire, request):
    """Whether the connection is kept was clear from the beginning. (The answer may be cut off.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return wants_keep_alive(request) and not self.stopping


@mistake("7.12", "exchange.is_kept() is asked before the answer has ended")
async def asks_too_early(self, wire, request):
    """All that is to be asked is asked where the exchange is made."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    kept = exchange.is_kept()
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return kept


@mistake("7.12", "BadRequest, raised by Exchange, is not let out")
async def takes_a_bad_request_for_the_end(self, wire, request):
    """A request whose body has no end is not answered, and its connection is over."""
    started, begin = time.gmtime(), time.monotonic()
    try:
        exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    except BadRequest:
        return False
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "two answers at the same time are mixed up")
async def keeps_the_exchange_in_self(self, wire, request):
    """The server knows the exchange that it is busy with. (It is busy with many.)"""
    started, begin = time.gmtime(), time.monotonic()
    self.exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(self.exchange.run(self.app, scope)))
    async with self.watching(wire, self.exchange):
        await self.exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, self.exchange.response, started, seconds), file=sys.stderr)
    if self.exchange.refusal and not self.exchange.response.head_sent:
        raise self.exchange.refusal
    return self.exchange.is_kept()


@mistake("7.12", "your code raises ")
async def forgets_async_before_with(self, wire, request):
    """A with statement is a with statement."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.13", "clients are accepted before the startup is done")
async def accepts_clients_first(self, listener, stop):
    """The server is there first, and then the application. (The first client may come meanwhile.)"""
    try:
        server = await asyncio.start_server(self.handle, sock=listener)
        await self.lifespan.tell("startup")
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "clients are accepted before the startup is done")
async def starts_both_at_the_same_time(self, listener, stop):
    """gather saves time: the startup goes on while the server is being made."""
    try:
        _, server = await asyncio.gather(self.lifespan.tell("startup"),
                                         asyncio.start_server(self.handle, sock=listener))
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "coroutine 'Lifespan.tell' was never awaited")
async def forgets_to_await_the_startup(self, listener, stop):
    """tell tells it. (Once it is awaited.)"""
    try:
        self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "wait_closed is awaited, while clients are still there")
async def leaves_the_closing_to_async_with(self, listener, stop):
    """A server is something for `async with`, which closes it. (And waits for all clients, as of Python 3.12.)"""
    try:
        await self.lifespan.tell("startup")
        async with await asyncio.start_server(self.handle, sock=listener):
            await stop.wait()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "wait_closed is awaited, while clients are still there")
async def awaits_that_the_server_is_closed(self, listener, stop):
    """After close comes wait_closed, as the documentation has it. (Who is busy may take longer than the grace.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await server.wait_closed()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the server is not closed before finish")
async def closes_the_server_at_last(self, listener, stop):
    """First those who are there, and then the door."""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        server.close()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the application is told of its shutdown before all is finished")
async def tells_of_the_shutdown_at_once(self, listener, stop):
    """The application is to hear of it as early as can be. (It closes what the last requests need.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.lifespan.tell("shutdown")
        await self.finish()
    finally:
        listener.close()


@mistake("7.13", "self.stopping is not set")
async def forgets_to_say_that_it_stops(self, listener, stop):
    """Whoever is idle is cancelled, and the others come to their end. (And go on with the next request.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the tasks in self.idle are not cancelled before finish")
async def lets_finish_wait_for_all(self, listener, stop):
    """finish ends what is not done. (After 30 seconds.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "a task in self.busy is cancelled")
async def cancels_all_tasks(self, listener, stop):
    """Who stops ends all that runs."""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in [*self.idle, *self.busy]:
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "your code raises RuntimeError: Set changed size during iteration")
async def awaits_each_idle_task_in_the_loop(self, listener, stop):
    """Cancel one, and give it time to end. (It takes itself out of the set meanwhile.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in self.idle:
            task.cancel()
            await asyncio.sleep(0)
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "LifespanFailed, raised by startup, is not let out")
async def starts_all_the_same(self, listener, stop):
    """A server serves. (An application that could not start has nothing to serve.)"""
    try:
        with contextlib.suppress(LifespanFailed):
            await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the listener is not closed after LifespanFailed, raised by startup")
async def closes_the_listener_with_the_server(self, listener, stop):
    """server.close() closes the listener, too. (If there is a server.)"""
    await self.lifespan.tell("startup")
    server = await asyncio.start_server(self.handle, sock=listener)
    try:
        await stop.wait()
    finally:
        server.close()
    self.stopping = True
    for task in list(self.idle):
        task.cancel()
    await self.finish()
    await self.lifespan.tell("shutdown")


@mistake("7.13", "the listener is not closed when the run is cancelled")
async def closes_the_listener_after_errors(self, listener, stop):
    """What can go wrong is an Exception: then the listener is closed. (CancelledError is none.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    except Exception:
        listener.close()
        raise


@mistake("7.13", "something is done after LifespanFailed, raised for the startup")
async def tells_of_the_shutdown_in_every_case(self, listener, stop):
    """What was begun is ended: `finally`. (A startup that failed was not done.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
    finally:
        listener.close()
        await self.lifespan.tell("shutdown")


@mistake("7.13", "a client that comes is not given to self.handle")
async def calls_the_handler_with_the_server(self, listener, stop):
    """The handler is called for each client. (With its reader and its writer.)"""
    async def handle(*arguments):
        await asyncio.sleep(0)

    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "your code raises TypeError: ")
async def awaits_the_event_itself(self, listener, stop):
    """What one waits for is awaited. (An Event has wait for that.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "server.run(listener, stop) never ends: it goes round and round")
async def looks_for_the_stop_all_the_time(self, listener, stop):
    """sleep(0) lets others run, so it may be called again and again. (The processor is at its limit then.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        while not stop.is_set():
            await asyncio.sleep(0)
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()
