"""Right answers for chapter 6."""
from dev.bank.step_versions import answer


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
