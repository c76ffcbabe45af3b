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
