"""Right answers for chapter 6."""
from dev.bank.step_versions import answer


@answer("6.1")
def asks_for_the_place_and_catches(received):
    """index raises ValueError where find returns -1."""
    while True:
        try:
            end = received.index(b"\r\n\r\n")
            break
        except ValueError:
            if len(received) >= MAX_HEAD + 4:
                raise HeadTooLarge("no blank line") from None
        yield
    if end > MAX_HEAD:
        raise HeadTooLarge("a long head")
    head = bytes(received[:end])
    received[:end + 4] = b""
    return head


@answer("6.1")
def takes_it_apart_with_partition(received):
    """What follows the blank line takes the place of all that was there."""
    while BLANK_LINE not in received[:MAX_HEAD + 4]:
        if len(received) > MAX_HEAD + 3:
            raise HeadTooLarge(f"{len(received)} bytes")
        yield None
    head, _, follows = bytes(received).partition(BLANK_LINE)
    received[:] = follows
    return head


@answer("6.1")
def searches_each_byte_once(received):
    """From three bytes before the new ones on."""
    searched = 0
    while (end := received.find(BLANK_LINE, max(searched - 3, 0))) == -1:
        searched = len(received)
        if searched >= MAX_HEAD + len(BLANK_LINE):
            raise HeadTooLarge
        yield
    if end > MAX_HEAD:
        raise HeadTooLarge
    with memoryview(received) as view:
        head = view[:end].tobytes()
    del received[:end + len(BLANK_LINE)]
    return head


@answer("6.1")
def keeps_what_has_come_itself(received):
    """What has come goes into a bytearray of its own, and what is not the head goes back."""
    mine = bytearray()
    while True:
        mine += received
        received.clear()
        head, blank, follows = mine.partition(BLANK_LINE)
        if len(head) > MAX_HEAD and blank or not blank and len(mine) >= MAX_HEAD + 4:
            received += mine
            raise HeadTooLarge("too long")
        if blank:
            received += follows
            return bytes(head)
        yield


@answer("6.1")
def returns_a_generator_that_refuses_at_the_first_byte(received):
    """A head is too long when no blank line can begin within MAX_HEAD any more. The function itself has no `yield`."""
    def may_begin():
        begins = range(max(len(received) - 3, 0), min(len(received), MAX_HEAD) + 1)
        return any(BLANK_LINE.startswith(received[begin:]) for begin in begins)

    def taking():
        while (end := received.find(BLANK_LINE)) < 0:
            if not may_begin():
                raise HeadTooLarge("certain already")
            yield
        if end > MAX_HEAD:
            raise HeadTooLarge("too long")
        head = bytes(received[:end])
        del received[:end + 4]
        return head

    return taking()


@answer("6.2")
def writes_a_view_and_ends_it(received, count, body):
    """A memoryview copies nothing, and is ended before bytes are taken off."""
    left = count
    while left > 0:
        size = min(left, len(received))
        with memoryview(received) as view, view[:size] as part:
            body.write(part)
        del received[:size]
        left -= size
        if left > 0:
            yield


@answer("6.2")
def moves_one_byte_after_the_other(received, count, body):
    """Slow, and right."""
    for _ in range(count):
        while not received:
            yield
        body.write(bytes([received.pop(0)]))


@answer("6.2")
def believes_what_write_returns(received, count, body):
    """write returns how many bytes it has taken."""
    while True:
        written = body.write(received[:count])
        del received[:written]
        count -= written
        if count == 0:
            return "moved"
        yield


@answer("6.2")
def empties_received_and_puts_back_what_is_too_much(received, count, body):
    """All that has come is taken, and the rest goes back."""
    moved = 0
    while moved < count:
        block = bytes(received)
        received.clear()
        mine, rest = block[:count - moved], block[count - moved:]
        received.extend(rest)
        if mine:
            body.write(mine)
        moved += len(mine)
        if moved == count:
            break
        yield


@answer("6.2")
def is_an_object_with_the_methods_of_a_generator(received, count, body):
    """What has send, throw, close and __next__ is a generator."""
    from collections.abc import Generator

    class Moving(Generator):
        missing = count

        def send(self, value):
            block = bytes(received[:self.missing])
            del received[:self.missing]
            body.write(block)
            self.missing -= len(block)
            if not self.missing:
                raise StopIteration

        def throw(self, kind, value=None, trace=None):
            raise kind

    return Moving()


@answer("6.3")
def counts_down(received, body, limit):
    """How much room there is, and how many trailers may come."""
    room, lines = limit, MAX_FIELDS
    while True:
        size = parse_chunk_size((yield from take_line(received)))
        if not size:
            break
        if size > room:
            raise BadRequest(413, "too much")
        room -= size
        yield from take_bytes(received, size, body)
        while len(received) < 2:
            yield
        if not received.startswith(b"\r\n"):
            raise BadRequest(400, "no CRLF")
        del received[:2]
    while (yield from take_line(received)) != b"":
        lines -= 1
        if lines < 0:
            raise BadRequest(431, "too many")


@answer("6.3")
def refuses_at_the_first_wrong_byte(received, body, limit):
    """A helper takes byte by byte what stands after a chunk."""
    def byte():
        while not received:
            yield
        return received.pop(0)

    sizes = []
    while size := parse_chunk_size((yield from take_line(received))):
        sizes.append(size)
        if sum(sizes) > limit:
            raise BadRequest(413, f"{sum(sizes)} bytes")
        yield from take_bytes(received, size, body)
        if (yield from byte()) != 13 or (yield from byte()) != 10:
            raise BadRequest(400, "a chunk without its end")
    trailers = []
    while (yield from take_line(received)):
        trailers.append("one more")
        if len(trailers) > MAX_FIELDS:
            raise BadRequest(431, "too many trailers")


@answer("6.3")
def moves_the_bytes_itself(received, body, limit):
    """The file knows how many bytes it has, and take_bytes is not needed."""
    while left := parse_chunk_size((yield from take_line(received))):
        if body.tell() + left > limit:
            raise BadRequest(413, "the body is too large")
        while left or len(received) < 2:
            block = bytes(received[:left])
            del received[:left]
            body.write(block)
            left -= len(block)
            if left or len(received) < 2:
                yield
        if received[:2] != b"\r\n":
            raise BadRequest(400, "CRLF is missing")
        received[:2] = b""
    trailers = -1
    while trailers < MAX_FIELDS and (yield from take_line(received)):
        trailers += 1
    if trailers == MAX_FIELDS:
        raise BadRequest(431, "more trailers than may be")


@answer("6.4")
def one_row_after_the_other(request):
    """The table of the task, row by row, with a set of options."""
    options = set()
    for value in request.values("connection"):
        for option in value.lower().split(","):
            options.add(option.strip(" \t"))
    if "close" in options:
        return False
    if request.version != "HTTP/1.0":
        return True
    return "keep-alive" in options


@answer("6.4")
def matches_whole_options(request):
    """A pattern that has the commas, or the ends, on both sides."""
    import re
    text = ",".join(value for name, value in request.fields if name == "connection")

    def says(option):
        return re.search(rf"(?:^|,)[ \t]*{option}[ \t]*(?:,|\Z)", text, re.IGNORECASE) is not None

    return not says("close") and (says("keep-alive") or request.version != "HTTP/1.0")


@answer("6.4")
def counts_what_is_left_between_the_commas(request):
    """What stands around options is removed with translate and partition, character by character."""
    def options_of(text):
        while text:
            option, _, text = text.partition(",")
            while option[:1] in (" ", "\t") and option:
                option = option[1:]
            while option[-1:] in (" ", "\t") and option:
                option = option[:-1]
            yield option.casefold()

    options = [option for value in request.values("connection") for option in options_of(value)]
    if options.count("close"):
        return False
    return bool(request.version > "HTTP/1.0" or options.count("keep-alive"))


@answer("6.4")
def asks_with_any(request):
    """Two questions of one kind."""
    def says(wanted):
        return any(option.strip("\t ").lower() == wanted
                   for value in request.values("connection") for option in value.split(","))

    if request.version == "HTTP/1.0":
        return says("keep-alive") and not says("close")
    return not says("close")


# 6.5 KeepAliveResponse.build_head


@answer("6.5")
def takes_the_head_apart_at_its_lines(self):
    """The lines as bytes; the one that is the server's is another one."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    status_line, *lines = super().build_head().split(b"\r\n")
    if self.keep_alive:
        lines[lines.index(b"Connection: close")] = b"Connection: keep-alive"
    return b"\r\n".join([status_line, *lines])


@answer("6.5")
def partitions_at_the_line(self):
    """What is before, and what is behind; the line's CRLFs tell it from values."""
    self.keep_alive = self.keep_alive and self.framing != UNTIL_CLOSE
    before, line, behind = super().build_head().rpartition(b"\r\nConnection: close\r\n")
    if self.keep_alive:
        line = line.replace(b"close", b"keep-alive")
    return before + line + behind


@answer("6.5")
def substitutes_with_a_pattern(self):
    """A pattern that begins where a line does."""
    import re
    if self.framing is UNTIL_CLOSE:
        self.keep_alive = False
    elif self.keep_alive:
        return re.sub(rb"(?m)(?<=\r\n)Connection: close(?=\r\n)", b"Connection: keep-alive", super().build_head())
    return super().build_head()


@answer("6.5")
def changes_text(self):
    """latin-1 has a character for each byte: text is as good as bytes, if it is split at CRLF only."""
    match self.framing:
        case "until the connection closes":
            self.keep_alive = False
    lines = super().build_head().decode("latin-1").split("\r\n")
    changed = [f"Connection: {'keep-alive' if self.keep_alive else 'close'}" if line == "Connection: close" else line
               for line in lines[1:]]
    return "\r\n".join(lines[:1] + changed).encode("latin-1")


# 6.6 Client.take_calls


@answer("6.6")
def drives_the_generators_by_hand(self):
    """What `yield from` does, with next and StopIteration, and what `with` does, with try."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, True)
        while len(self.received) == 0:
            yield
        self.wait(REQUEST_SECONDS)
        head = take_request(self.received)
        while True:
            try:
                next(head)
            except StopIteration as end:
                request = end.value
                break
            yield
        file = tempfile.SpooledTemporaryFile(max_size=MAX_BODY)
        try:
            taking, call = self.take_call(request, file), None
            while call is None:
                try:
                    next(taking)
                except StopIteration as end:
                    call = end.value
                else:
                    yield
            yield call
        finally:
            file.close()


@answer("6.6")
def has_a_generator_for_each_request(self):
    """One request is a generator of its own, and there is no end of them."""
    def arrival():
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while True:
            if self.received:
                break
            yield None

    def one():
        yield from arrival()
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with contextlib.closing(tempfile.SpooledTemporaryFile(MAX_BODY)) as body:
            call = yield from self.take_call(request, body)
            yield call

    while True:
        yield from one()


@answer("6.6")
def returns_a_generator(self):
    """take_calls is no generator function itself, and returns a generator; an ExitStack closes the file."""
    def requests():
        for _ in iter(int, 1):  # without end
            with contextlib.ExitStack() as stack:
                self.wait(KEEP_ALIVE_SECONDS, idle=True)
                while not self.received:
                    yield
                self.wait(REQUEST_SECONDS, False)
                request = yield from take_request(self.received)
                file = stack.enter_context(tempfile.SpooledTemporaryFile(MAX_BODY))
                yield (yield from self.take_call(request, file))

    return requests()


@answer("6.6")
def takes_the_head_and_the_body_without_methods_of_its_own(self):
    """What take_request and wait do, written where it is needed."""
    while True:
        self.deadline, self.idle = time.monotonic() + KEEP_ALIVE_SECONDS, True
        while not self.received:
            yield None
        self.deadline, self.idle = time.monotonic() + REQUEST_SECONDS, False
        try:
            head = yield from take_head(self.received)
        except HeadTooLarge as error:
            raise head_too_large(bytes(self.received)) from error
        file = None
        try:
            request = parse_head(head)
            file = tempfile.SpooledTemporaryFile(MAX_BODY, "w+b")
            call = yield from self.take_call(request, file)
            yield call
        finally:
            if file is not None:
                file.close()


@answer("6.7")
def with_an_exit_stack(self, call):
    """What is to be done at the end is said at the beginning; and a server that is stopping is asked twice."""
    client = call.client
    keeps = [wants_keep_alive(call.request), not self.stopping]
    response = KeepAliveResponse(client.connection, call.request, all(keeps), self)
    with contextlib.ExitStack() as stack:
        stack.callback(client.connection.settimeout, 0)
        client.connection.settimeout(SEND_SECONDS)
        try:
            answer_with(self.app, environ_of(call, response), response, call.request, client.address)
        except BaseException as error:
            traceback.print_exception(type(error), error, error.__traceback__)
            return False
    return response.whole and response.keep_alive


@answer("6.7")
def with_a_function_that_answers(self, call):
    """Answering apart from the time limit; a flag that only the last line sets, and the text of the traceback."""
    connection = call.client.connection

    def answered():
        keep_alive = wants_keep_alive(call.request)
        response = KeepAliveResponse(connection, call.request, keep_alive=keep_alive, server=self)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return True if response.whole and response.keep_alive else False

    connection.settimeout(SEND_SECONDS)
    kept = False
    try:
        kept = answered()
    except:  # noqa: E722
        sys.stderr.write(traceback.format_exc())
    connection.setblocking(False)
    return kept


@answer("6.7")
def with_else(self, call):
    """The `else` of a `try` is for what comes when nothing was raised."""
    request, client = call.request, call.client
    response = KeepAliveResponse(client.connection, request, wants_keep_alive(request))
    response.server = self
    environ = environ_of(call, response)
    client.connection.setblocking(True)
    client.connection.settimeout(SEND_SECONDS)
    try:
        answer_with(self.app, environ, response, request, client.address)
    except BaseException as error:
        print("".join(traceback.format_exception(type(error), error, error.__traceback__)), file=sys.stderr, end="")
        kept = False
    else:
        kept = all([response.whole, response.keep_alive])
    finally:
        client.connection.settimeout(0.0)
    return kept


@answer("6.7")
def takes_the_limit_in_a_context(self, call):
    """A context manager of its own for the time limit."""
    @contextlib.contextmanager
    def limited(connection):
        connection.settimeout(SEND_SECONDS)
        try:
            yield connection
        finally:
            connection.setblocking(False)

    with limited(call.client.connection) as connection:
        try:
            response = KeepAliveResponse(connection, call.request, wants_keep_alive(call.request), server=self)
            answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
            return response.keep_alive and response.whole
        except BaseException:
            traceback.print_exc()
    return False


@answer("6.8")
def the_try_around_all_but_answering(self, client):
    """while with the call that next gives; `else` for what comes after a next that has raised nothing."""
    kept = True
    while kept:
        try:
            call = next(client.calls)
        except BadRequest as bad:
            self.refuse(client, status=bad.status, message=str(bad))
            break
        else:
            if call is None:
                break
            kept = self.call(call)
    if not kept:
        self.leave(client)


@answer("6.8")
def one_request_and_then_the_rest(self, client):
    """What is left to do after an answer is to serve the client: a function that calls itself."""
    try:
        call = client.calls.send(None)
    except BadRequest as error:
        self.refuse(client, error.status, f"{error}")
        return
    if call is not None:
        if self.call(call):
            return self.serve_client(client)
        self.leave(client)


@answer("6.8")
def with_a_function_for_the_next_call(self, client):
    """iter with two arguments calls a function until it gives None."""
    def next_call():
        try:
            return next(client.calls)
        except BadRequest as error:
            refused.append(error)

    refused = []
    for call in iter(next_call, None):
        if self.call(call) is False:
            self.leave(client)
            return
    for error in refused:
        self.refuse(client, error.status, str(error))


@answer("6.8")
def with_a_for_loop(self, client):
    """What is raised within the loop is told from what next raises by a flag."""
    answering = False
    try:
        for call in client.calls:
            if call is None:
                return
            answering = True
            if not self.call(call):
                self.leave(client)
                return
            answering = False
    except BadRequest as error:
        if answering:
            raise
        bad = error
    self.refuse(client, bad.status, str(bad))


@answer("6.9")
def asks_the_error_for_its_kind(self, client):
    """One `except`, and isinstance in it."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except OSError as error:
        block = None if isinstance(error, BlockingIOError) else b""
    if block is None:
        return
    if block == b"":
        self.drop(client)
        return
    if client.leaving:
        return
    client.received.extend(block)
    self.serve_client(client)


@answer("6.9")
def with_else_after_recv(self, client):
    """What belongs to success stands in the `else`."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        pass
    except OSError:
        self.drop(client)
    else:
        if block and not client.leaving:
            client.received[len(client.received):] = block
            self.serve_client(client)
        elif len(block) == 0:
            self.drop(client)


@answer("6.9")
def receives_into_a_buffer(self, client):
    """recv_into, and match on the number of bytes."""
    buffer, count = bytearray(RECV_SIZE), -1
    with contextlib.suppress(BlockingIOError):
        try:
            count = client.connection.recv_into(buffer, RECV_SIZE)
        except (ConnectionError, TimeoutError, OSError) as error:
            if isinstance(error, BlockingIOError):
                raise
            count = 0
    match count, client.leaving:
        case 0, _:
            self.drop(client)
        case -1, _:
            return
        case _, False:
            client.received += buffer[:count]
            self.serve_client(client)


@answer("6.10")
def looks_at_the_class_of_the_error(self):
    """One `except`, and a question in it; the rest in `else`."""
    try:
        accepted = self.listener.accept()
    except OSError as error:
        if not isinstance(error, BlockingIOError | ConnectionError):
            sys.stderr.write(f"accept fails: {error!r}\n")
            self.rest()
    else:
        client = Client(*accepted)
        client.connection.settimeout(0)
        self.keep(client)
        if not len(self.clients) < MAX_CLIENTS:
            self.rest()
        self.hear(client)


@answer("6.10")
def accepts_in_a_helper(self):
    """A helper of its own gives the client, or None."""
    def accepted():
        with contextlib.suppress(BlockingIOError, ConnectionError):
            try:
                return self.listener.accept()
            except BlockingIOError:
                raise
            except ConnectionError:
                return None
            except OSError as error:
                self.rest()
                print("the system lets nobody in:", error, file=sys.stderr)

    if pair := accepted():
        client = Client(pair[0], pair[1])
        self.keep(client)
        client.connection.setblocking(False)
        if max(len(self.clients), MAX_CLIENTS) == len(self.clients):
            self.rest()
        self.hear(client)


@answer("6.10")
def counts_before_it_keeps(self):
    """Whether it is the last one is known before it is kept."""
    try:
        connection, address = self.listener.accept()
    except BlockingIOError:
        return
    except ConnectionError:
        return
    except OSError as error:
        print(f"[let_in] {type(error).__name__}", file=sys.stderr, flush=True)
        self.rest()
        return
    if 1 + len(self.clients) >= MAX_CLIENTS:
        self.rest()
    connection.setblocking(0)
    self.keep(client := Client(connection, address))
    return self.hear(client)


@answer("6.11")
def waits_as_for_a_request(self, client):
    """`wait` of the client sets a deadline. That it is not idle any more makes no difference where it is leaving."""
    connection = client.connection
    connection.settimeout(0.0)
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        self.drop(client)
    else:
        client.leaving = True
        client.wait(LINGER)
        self.keep(client)


@answer("6.11")
def keeps_first(self, client):
    """The order of what is only noted does not count: no other thread looks at it."""
    try:
        client.connection.shutdown(1)
    except Exception as error:
        if isinstance(error, OSError):
            return self.drop(client)
        raise
    self.keep(client)
    client.deadline = LINGER + time.monotonic()
    client.leaving = client.deadline > 0
    client.connection.setblocking(False)


@answer("6.11")
def notes_all_and_then_tries(self, client):
    """What is noted of a client that is dropped then does no harm; keep is called for those it knows not alone."""
    client.connection.setblocking(False)
    client.deadline, client.leaving = time.monotonic() + LINGER, True
    gone = False
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        gone = True
    if gone:
        self.drop(client)
    elif client not in self.clients:
        self.keep(client)


@answer("6.12")
def takes_the_pairs_apart(self):
    """All functions in a list first; the clock is looked at once."""
    functions = [key.data for key, events in self.selector.select(timeout=TICK)]
    for number in range(len(functions)):
        functions[number]()
    now = time.monotonic()
    if not now < self.next_tick:
        self.next_tick = now + TICK
        return self.tick()


@answer("6.12")
def takes_the_next_with_next(self):
    """An iterator, by hand."""
    pairs = iter(self.selector.select(TICK))
    while pair := next(pairs, None):
        pair[0].data()
    if self.next_tick - time.monotonic() <= 0:
        self.next_tick = TICK + time.monotonic()
        self.tick()


@answer("6.12")
def goes_through_a_queue(self):
    """A deque of what is due, with the tick as its last member."""
    due = deque(key.data for key, *_ in self.selector.select(TICK))
    due.append(None)
    while due:
        function = due.popleft()
        if function:
            function()
        elif (moment := time.monotonic()) >= self.next_tick:
            self.next_tick = moment + TICK
            self.tick()


@answer("6.13")
def returns_where_the_call_is_there(self, call):
    """What comes after the `with` is the case in which it is not there."""
    self.calls.append(call)
    kept = self.answer(call)
    with contextlib.suppress(ValueError):
        self.calls.remove(call)
        return kept
    self.give_back(call.client, kept)
    raise LeadLost()


@answer("6.13")
def keeps_what_it_was_in_a_variable(self, call):
    """Whether the lead is lost, in a variable; and the new call in front."""
    self.calls.insert(0, call)
    kept = self.answer(call)
    lost = False
    try:
        self.calls.remove(call)
    except ValueError:
        lost = True
    if lost:
        self.give_back(kept=kept, client=call.client)
        raise LeadLost("a call was slow")
    return kept


@answer("6.13")
def raises_in_finally(self, call):
    """The result of remove by a helper; LeadLost comes whatever give_back raises."""
    def has_lead():
        try:
            return self.calls.remove(call) is None
        except ValueError:
            return False

    self.calls += [call]
    if (kept := self.answer(call), has_lead())[1]:
        return kept
    self.give_back(call.client, kept)
    raise LeadLost from None
