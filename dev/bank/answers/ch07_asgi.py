"""Right answers for chapter 7."""
from dev.bank.step_versions import answer


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
