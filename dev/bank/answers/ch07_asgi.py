"""Right answers for chapter 7."""
from dev.bank.step_versions import answer


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
        await self.wire.drained()
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
        return await self.wire.drained()
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
        await self.wire.drained()
