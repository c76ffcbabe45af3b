"""Right answers for chapter 6."""
from dev.bank.step_versions import answer

# 6.4 wants_keep_alive


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
        head = self.take_request_head()
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
        request = yield from self.take_request_head()
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
                request = yield from self.take_request_head()
                file = stack.enter_context(tempfile.SpooledTemporaryFile(MAX_BODY))
                yield (yield from self.take_call(request, file))

    return requests()


@answer("6.6")
def takes_the_head_and_the_body_without_methods_of_its_own(self):
    """What take_request_head and wait do, written where it is needed."""
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
