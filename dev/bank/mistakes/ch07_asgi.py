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
