"""Mistakes of chapter 7."""
from dev.bank.step_versions import mistake


@mistake("7.7", "a value with a byte above 127 is refused")
def decodes_everything_as_utf_8(self, message):
    """Bytes are text in UTF-8, as decode() has it by default. (Header values are bytes of any kind.)"""
    headers = [(name.decode(), value.decode()) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a value is decoded as UTF-8")
def decodes_with_replacements(self, message):
    """What is no UTF-8 cannot be read anyway, so a replacement does for it."""
    headers = [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the headers are not those of the message")
def makes_a_str_of_bytes_with_str(self, message):
    """str() makes a str of anything. (Of bytes, it makes what repr shows.)"""
    headers = [(str(name), str(value)) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the header CONNECTION is not left out, alone")
def counts_on_names_in_lower_case(self, message):
    """ASGI says that names are in lower case, so they are. (It asks applications for it, and not all do so.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [pair for pair in headers if pair[0] not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a message without headers is refused")
def counts_on_headers_in_the_message(self, message):
    """Every response has headers, so the key is there."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a status is refused: 299")
def asks_the_standard_library_for_the_phrase(self, message):
    """http.HTTPStatus knows all codes. (It raises ValueError for those that nobody has named.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    status = http.HTTPStatus(message["status"])
    self.response.start_response(f"{status.value} {status.phrase}", headers)


@mistake("7.7", "the status is an int, not a str")
def hands_on_the_code_alone(self, message):
    """A status is a number in ASGI, and it is handed on as it came."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(message["status"], headers)


@mistake("7.7", "start sends something")
def sends_the_head_with_the_start(self, message):
    """The start of a response is its head, so it can go. (Its length is not known yet, nor whether all goes well.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)
    if self.response.status:
        self.response.send(self.response.head_once())


@mistake("7.7", "the message is changed")
def takes_headers_out_of_the_message(self, message):
    """What is not allowed is removed where it stands. (The application may send the same list with each answer.)"""
    headers = list(message.get("headers", []))
    if "headers" in message:
        message["headers"] = [pair for pair in headers if pair[0].decode("latin-1").lower() not in HOP_BY_HOP]
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the headers are not those of the message")
def keeps_headers_in_a_dict(self, message):
    """A dict of names and values is how one thinks of headers. (Set-Cookie is there twice.)"""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message.get("headers", [])}
    allowed = [(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "the headers are no tuples of two str")
def makes_lists_of_the_pairs(self, message):
    """A pair is a list with two in it."""
    headers = [[part.decode("latin-1") for part in pair] for pair in message.get("headers", [])]
    headers = [pair for pair in headers if pair[0].lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the headers are a filter, not a list")
def hands_on_a_filter(self, message):
    """filter() chooses. (It is no list, and start_response takes nothing else.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    allowed = filter(lambda pair: pair[0].lower() not in HOP_BY_HOP, headers)
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "a second start is no error")
def does_not_mind_a_second_start(self, message):
    """The response has begun, and that is all that is wanted."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    if not self.response.started:
        self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a header of the application's is left out or changed")
def looks_for_parts_of_names(self, message):
    """`in` finds the names. (In a text it finds parts of it: `te` is in `date`.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    allowed = [(name, value) for name, value in headers if not any(f"{word}-" in name.lower() + "-"
                                                                   for word in HOP_BY_HOP - {"te"})
               and name.lower() != "te"]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "a header is written in another case")
def writes_all_names_in_lower_case(self, message):
    """In lower case they can be compared, and in ASGI they are so anyway."""
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.8", "the head of a response that is one message does not have its length")
def knows_no_length(self, message):
    """The application has not said how long its body is, so nobody knows. (The server does: it has all of it.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "message 2 of a response is refused")
def takes_the_first_part_for_the_whole_body(self, message):
    """The length of the body is that of what comes first."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not self.response.head_sent:
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "message 1 of a response, without body, is refused")
def counts_on_a_body_in_the_message(self, message):
    """A message of the type http.response.body has a body."""
    block, more = message["body"], message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "message 1 of a response, without more_body, is refused")
def counts_on_more_body_in_the_message(self, message):
    """The application says whether more will follow."""
    block, more = message.get("body", b""), message["more_body"]
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "the head of a response that is one message does not have its length")
def expects_more_unless_told(self, message):
    """As long as nobody says that this was all, more will follow."""
    block, more = message.get("body", b""), message.get("more_body", True)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "an empty first body does not send the head")
def leaves_the_head_to_write(self, message):
    """write sends the head with the first block. (With the first that is not empty.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "an empty first body sends more than the head")
def takes_an_empty_body_for_the_end(self, message):
    """An empty body has nothing in it, so nothing follows."""
    block = message.get("body", b"")
    more = message.get("more_body", False) and block != b""
    self.response.known_length = None if message.get("more_body") else len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more and not self.ended.is_set():
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.ended is set while more is to follow")
def ends_with_each_message(self, message):
    """What the message says is done."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
    self.ended.set()


@mistake("7.8", "self.ended is set before self.response.head_once is called")
def says_that_it_has_ended_first(self, message):
    """With this message the response ends. (Not yet: it has to be sent.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    if not more and self.response.status:
        self.ended.set()
    try:
        self.response.send(self.response.head_once())
        self.response.write(block)
    except BaseException:
        self.ended.clear()
        raise
    if not more:
        self.response.close()


@mistake("7.8", "self.ended is not set after the only message")
def tells_nobody_of_the_end(self, message):
    """The response is closed, and that is the end of it."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()


@mistake("7.8", "the parts are not sent as chunks, each once and in order")
def does_not_close_the_response(self, message):
    """All blocks are written, so all is sent. (But for the last chunk.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.ended.set()


@mistake("7.8", "the head of a response in parts does not say that chunks come")
def collects_the_parts(self, message):
    """With all parts in hand the length is known, and no chunks are needed. (The client waits, and memory fills.)"""
    self.parts = getattr(self, "parts", b"") + message.get("body", b"")
    if not message.get("more_body", False):
        self.response.known_length = len(self.parts)
        self.response.send(self.response.head_once())
        self.response.write(self.parts)
        self.response.close()
        self.ended.set()


@mistake("7.8", "the parts are not sent as chunks, each once and in order")
def sends_the_parts_as_they_are(self, message):
    """The body is bytes, and bytes are sent."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.send(block)
    self.response.sent += len(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "a body that is too long is no error")
def does_not_mind_a_body_that_is_too_long(self, message):
    """The client gets what was announced, so all is well."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    with contextlib.suppress(ValueError):
        self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.ended is set after an error")
def ends_in_every_case(self, message):
    """Whoever waits for the end is not to wait for ever. (run sees to that; before, it answers 500.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    try:
        self.response.send(self.response.head_once())
        self.response.write(block)
        if not more:
            self.response.close()
    finally:
        if not more:
            self.ended.set()


@mistake("7.8", "the message is changed")
def takes_the_body_out_of_the_message(self, message):
    """pop gives what is there, or else a default, as get does."""
    block, more = message.pop("body", b""), message.pop("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.ended is another object than before")
def makes_an_event_of_its_own(self, message):
    """A new event for a new end."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended = asyncio.Event()
        self.ended.set()


@mistake("7.9", "SystemExit comes out of run (an application that raises SystemExit)")
async def takes_every_exception_for_an_exception(self, app, scope):
    """except Exception catches all exceptions. (But for those that are no Exception, such as that of sys.exit.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except Exception:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "KeyboardInterrupt comes out of run (an application that raises KeyboardInterrupt)")
async def lets_ctrl_c_out_as_in_chapter_4(self, app, scope):
    """In chapter 4, KeyboardInterrupt was let out. (Here a signal sets an event, and no Ctrl-C is raised anywhere.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "nothing is answered (an application that raises ConnectionResetError)")
async def takes_every_os_error_for_the_client(self, app, scope):
    """send raises OSError when the client has gone. (The application's database may raise one, too.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set() and not self.gone:
            raise RuntimeError("no end")
    except (asyncio.CancelledError):
        raise
    except OSError:
        pass
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "nothing is answered (an application that returns before its head)")
async def does_not_mind_a_missing_end(self, app, scope):
    """Who returns without an error has made none."""
    try:
        await app(scope, self.receive, self.send)
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "a traceback is printed where no exception is handled")
async def fails_without_an_exception(self, app, scope):
    """fail does what has to be done. (It prints the exception that is handled, and here there is none.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            self.fail()
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "a call that is cancelled does not let CancelledError out")
async def catches_everything(self, app, scope):
    """Whatever is raised is an error. (CancelledError too is a BaseException.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except BaseException as error:
        if not (self.gone or isinstance(error, asyncio.CancelledError)):
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "a call that is cancelled does not let CancelledError out")
async def returns_in_finally(self, app, scope):
    """At the end comes a return. (In `finally`, it drops what is raised.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()
        return  # noqa: B012


@mistake("7.9", "self.ended is not set (the call is cancelled)")
async def ends_only_what_is_not_cancelled(self, app, scope):
    """After the try, all errors are dealt with. (But CancelledError does not come there.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    self.ended.set()


@mistake("7.9", "something is sent besides the application's own (the call is cancelled)")
async def answers_what_is_cancelled(self, app, scope):
    """A call that is ended has failed, and its client is told. (The server itself ends it, and the connection too.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except BaseException as error:
        if not self.gone:
            self.fail()
        if isinstance(error, asyncio.CancelledError):
            raise
    finally:
        self.ended.set()


@mistake("7.9", "something is printed where the client has gone")
async def prints_what_comes_of_a_client_that_leaves(self, app, scope):
    """An exception is an error, and errors are printed. (send raises one where the client has gone: see 7.6.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "the connection is not kept where the error comes after a whole answer")
async def answers_500_in_every_case(self, app, scope):
    """send_error looks itself whether the head has gone. (But it gives the connection up.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            traceback.print_exc()
            self.response.send_error()
    finally:
        self.ended.set()


@mistake("7.9", "nothing is answered (an application that fails in its call)")
async def says_that_it_has_ended_before_it_fails(self, app, scope):
    """First the others go on, and then comes the rest. (fail asks for self.ended: an answer that has ended has no 500.)
    """
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        self.ended.set()
        raise
    except BaseException:
        self.ended.set()
        if not self.gone:
            self.fail()


@mistake("7.9", "an application that returns a future is an error")
async def makes_a_task_of_the_call(self, app, scope):
    """Each call is a task. (create_task takes coroutines alone, and SystemExit in a task ends the loop.)"""
    try:
        await asyncio.create_task(app(scope, self.receive, self.send))
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "coroutine 'app' was never awaited")
async def forgets_to_await(self, app, scope):
    """An application is called with three arguments, and that is the call."""
    try:
        app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "coroutine 'app' was never awaited")
async def runs_the_coroutine_itself(self, app, scope):
    """asyncio.run runs a coroutine. (In a loop of its own, and there can be one in a thread.)"""
    try:
        asyncio.run(app(scope, self.receive, self.send))
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "run returns before the application does")
async def awaits_the_end_of_the_response(self, app, scope):
    """When the response has ended, all is done."""
    call = asyncio.ensure_future(app(scope, self.receive, self.send))
    ended = asyncio.ensure_future(self.ended.wait())
    try:
        await asyncio.wait([call, ended], return_when=asyncio.FIRST_COMPLETED)
        if call.done():
            call.result()
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        call.cancel()
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        ended.cancel()
        self.ended.set()


@mistake("7.9", "the application is not called with three arguments, by position")
async def calls_the_application_with_keywords(self, app, scope):
    """Names make a call clearer. (An application may name its parameters as it likes.)"""
    try:
        await app(scope=scope, receive=self.receive, send=self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "the traceback is printed more than once")
async def prints_and_fails(self, app, scope):
    """The traceback is printed, and then fail answers. (It prints too.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            traceback.print_exc()
            self.fail()
    finally:
        self.ended.set()


@mistake("7.10", "the application is not called once for both events")
async def begins_a_call_with_each_event(self, event):
    """An event is a call, as a request is one."""
    self.call = asyncio.create_task(self.run())
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "lifespan.tell(…) never ends")
async def awaits_the_call(self, event):
    """A coroutine is awaited. (This one lasts as long as the server.)"""
    if self.call is None:
        self.call = await self.run()
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "lifespan.tell(…) never ends")
async def asks_for_the_answer_before_it_tells(self, event):
    """The application may already have said something."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    answer = await self.answers.get()
    await self.events.put({"type": f"lifespan.{event}"})
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "coroutine 'Queue.put' was never awaited")
async def forgets_to_await_put(self, event):
    """put puts. (It is a coroutine: a call alone does nothing.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "tell returns before the application has answered")
async def awaits_no_answer(self, event):
    """The application has been told, and that is what tell is for."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    await asyncio.sleep(0)
    if self.answers.empty():
        return
    answer = self.answers.get_nowait()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "tell raises QueueEmpty")
async def takes_an_answer_without_waiting(self, event):
    """What was put can be got. (The application has not run yet.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    self.events.put_nowait({"type": f"lifespan.{event}"})
    answer = self.answers.get_nowait()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "lifespan.tell(…) never ends")
async def tells_a_call_that_has_ended(self, event):
    """To each event there is an answer. (Where nobody is there any more, there is none.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "an application whose call has ended is called again")
async def begins_again_what_has_ended(self, event):
    """Somebody must be there to be told."""
    if self.call is None or self.call.done():
        self.call = asyncio.create_task(self.run())
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "tell raises KeyError")
async def counts_on_a_message(self, event):
    """Who fails says why. (It may: message is optional.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer["message"])


@mistake("7.10", "LifespanFailed does not have the message of the answer")
async def has_none_for_a_message(self, event):
    """get gives the message, or None. (And str(LifespanFailed(None)) is 'None'.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message"))


@mistake("7.10", "LifespanFailed is raised (an application that answers nothing, and whose call ends)")
async def takes_all_but_complete_for_a_failure(self, event):
    """What is not complete has failed. (Most applications know nothing of lifespan, and raise.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] in ("lifespan.raised", f"lifespan.{event}.failed"):
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "LifespanFailed is raised (the answer lifespan.shutdown.failed to startup)")
async def looks_at_the_end_of_the_type(self, event):
    """What ends with failed has failed. (Also where something else was asked.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"].endswith(".failed"):
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "nothing is raised for the answer lifespan.shutdown.failed")
async def knows_the_failure_of_startup_alone(self, event):
    """At shutdown it is too late for a failure."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == "lifespan.startup.failed" and event == "startup":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "the application does not receive the two events as they should be")
async def tells_the_bare_event(self, event):
    """The event has a name, and that is its type."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": event})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "LifespanFailed is not raised where the application fails at once, and returns")
async def lets_the_call_run_first(self, event):
    """The task is given a moment, so that done() is right. (Then an answer may be there that nobody takes.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
        await asyncio.sleep(0)
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))
