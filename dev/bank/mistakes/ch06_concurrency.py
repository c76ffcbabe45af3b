"""Mistakes of chapter 6."""
from dev.bank.step_versions import mistake

# 6.4 wants_keep_alive


@mistake("6.4", "it is kept where the client wants it closed: Close")
def compares_options_as_they_are_written(request):
    """Clients write the options in lower case, as the RFC does."""
    options = [option.strip(" \t") for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: close before others")
def compares_the_whole_value(request):
    """The field says close or keep-alive, one of the two. (It is a list.)"""
    values = [value.strip(" \t").lower() for value in request.values("connection")]
    return "close" not in values and (request.version != "HTTP/1.0" or "keep-alive" in values)


@mistake("6.4", "it is closed where the client wants it kept: not-close")
def looks_for_close_anywhere_in_the_text(request):
    """`in` finds a word in a text. (It finds it within other words too.)"""
    text = ",".join(request.values("connection")).lower()
    return "close" not in text and (request.version != "HTTP/1.0" or "keep-alive" in text)


@mistake("6.4", "it is closed where the client wants it kept: closed")
def looks_for_the_beginnings_of_words(request):
    r"""`\b` is where a word begins; what follows is a part of it, so the end needs no look."""
    import re
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    closes = any(re.match(r"close", option) for option in options)
    return not closes and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: not-close")
def takes_a_hyphen_for_the_end_of_a_word(request):
    r"""`\b` is at both ends of a word. (A hyphen is no letter, so it is there within an option too.)"""
    import re
    text = ",".join(request.values("connection")).lower()
    return not re.search(r"\bclose\b", text) and (request.version != "HTTP/1.0" or bool(
        re.search(r"\bkeep-alive\b", text)))


@mistake("6.4", "it is kept where the client wants it closed: close in the last field")
def looks_at_the_first_field(request):
    """There is one Connection field, as of each field that counts."""
    values = request.values("connection")
    options = [option.strip(" \t").lower() for option in (values[0] if values else "").split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: close in the first field")
def makes_a_dict_of_the_fields(request):
    """A dict finds a field by its name. (It keeps the last one.)"""
    options = [option.strip(" \t").lower() for option in dict(request.fields).get("connection", "").split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: close in the first field")
def joins_the_fields_with_nothing_between(request):
    """One text of all fields, and then the options in it. (The last of one field and the first of the next melt.)"""
    options = [option.strip(" \t").lower() for option in "".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: HTTP/1.1, no Connection field")
def keeps_only_who_asks_for_it(request):
    """A connection is kept if the client says keep-alive. (That was so before HTTP/1.1.)"""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and "keep-alive" in options


@mistake("6.4", "it is kept where the client wants it closed: HTTP/1.0, no Connection field")
def forgets_http_1_0(request):
    """Whoever does not say close wants more."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options


@mistake("6.4", "it is closed where the client wants it kept: HTTP/1.2, no Connection field")
def knows_two_versions(request):
    """HTTP/1.1 is the version that keeps connections."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version == "HTTP/1.1" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: HTTP/1.0, keep-alive before close")
def asks_for_keep_alive_first(request):
    """Whoever says keep-alive is sure of it."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    if request.version == "HTTP/1.0":
        return "keep-alive" in options
    return "close" not in options


@mistake("6.4", "it is kept where the client wants it closed: spaces and tabs around it")
def splits_at_a_comma_and_a_space(request):
    """Lists are written with a comma and a space. (The space may be missing, or there may be more of it.)"""
    options = ",".join(request.values("connection")).lower().replace(", ", ",").split(",")
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: a space and no comma")
def splits_at_white_space_too(request):
    """Commas and spaces stand between the options."""
    options = ",".join(request.values("connection")).lower().replace(",", " ").split()
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: a no-break space")
def strips_all_white_space(request):
    """strip() takes the white space away, whichever it is. (latin-1 has more of it than HTTP.)"""
    options = [option.strip().lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "wants_keep_alive returns None, not a bool")
def forgets_the_last_row(request):
    """What is not said is false: None is as good as False."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    if "close" in options:
        return False
    if request.version != "HTTP/1.0" or "keep-alive" in options:
        return True


@mistake("6.4", "wants_keep_alive changes the request")
def puts_the_fields_into_lower_case(request):
    """All of the fields in lower case are easier to compare."""
    request.fields = [(name, value.lower()) for name, value in request.fields]
    options = [option.strip(" \t") for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: HTTP/1.1, close in a field proxy-connection")
def takes_every_field_with_connection_in_its_name(request):
    """Proxy-Connection is the same for proxies. (It is no field of any RFC, and a proxy passes it on.)"""
    values = [value for name, value in request.fields if name.endswith("connection")]
    options = [option.strip(" \t").lower() for option in ",".join(values).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


# 6.5 KeepAliveResponse.build_head


@mistake("6.5", "the words `Connection: close` are changed elsewhere too")
def replaces_the_words_wherever_they_are(self):
    """The head has these words once, in the server's own line. (An application may have them in a value.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"Connection: close", b"Connection: keep-alive") if self.keep_alive else head


@mistake("6.5", "the head is not that of chapter 4, but for the line `Connection`")
def replaces_the_first_of_the_words(self):
    """The first time that they come is the line. (The application's headers stand before it.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"Connection: close", b"Connection: keep-alive", 1) if self.keep_alive else head


@mistake("6.5", "the words `Connection: close` are changed elsewhere too")
def replaces_what_ends_a_line(self):
    """With CRLF behind it, it is a whole line. (A line has a beginning, too.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"Connection: close\r\n", b"Connection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: close`")
def says_what_chapter_4_says(self):
    """self.keep_alive is for the server; what the head says, chapter 4 knows."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    return super().build_head()


@mistake("6.5", "the head says both, close and keep-alive")
def adds_a_line_of_its_own(self):
    """The head gets one more line, which says that the connection is kept."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    line = b"\r\nConnection: close\r\n"
    head = super().build_head()
    return head.replace(line, line + b"Connection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says nothing of the connection")
def leaves_the_line_out(self):
    """HTTP/1.1 keeps connections without a word. (A client with HTTP/1.0 waits for the word.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: keep-alive`")
def forgets_to_ask_keep_alive(self):
    """The class is for connections that are kept."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
        return super().build_head()
    return super().build_head().replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")


@mistake("6.5", "the head says `Connection: keep-alive`")
def forgets_until_close(self):
    """What keep_alive says, the head says."""
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: keep-alive`")
def looks_at_the_framing_when_the_head_is_built(self):
    """The head first, and then what follows from it."""
    head = super().build_head()
    if self.keep_alive:
        head = head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    return head


@mistake("6.5", "self.keep_alive is not False after a head with UNTIL_CLOSE")
def says_close_and_keeps_it(self):
    """The client knows from the head that the connection is closed. (The server looks at self.keep_alive.)"""
    head = super().build_head()
    if not self.keep_alive or self.framing == UNTIL_CLOSE:
        return head
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")


@mistake("6.5", "the head says `Connection: close`")
def takes_http_1_0_for_until_close(self):
    """Only HTTP/1.0 has bodies until the end. (It has bodies with a length too.)"""
    if self.version == "HTTP/1.0":
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: close`")
def keeps_only_with_a_length(self):
    """Without a length nobody knows where the body ends. (Chunks tell it, and so does a head without a body.)"""
    if self.framing != LENGTH:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "build_head changes self.keep_alive")
def sets_keep_alive_by_the_framing(self):
    """The framing says whether the connection can be kept, so it says what self.keep_alive is."""
    kept = self.keep_alive and self.framing != UNTIL_CLOSE
    self.keep_alive = self.framing != UNTIL_CLOSE
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if kept else head


@mistake("6.5", "build_head returns a str, not bytes")
def decodes_the_head(self):
    """A head is text."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head().decode("latin-1")
    return head.replace("\r\nConnection: close\r\n", "\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "a value is changed")
def takes_the_text_apart_at_its_lines(self):
    """splitlines gives the lines. (Of a str, it splits at more than CRLF: latin-1 has NEL, \\x85.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    if not self.keep_alive:
        return head
    lines = ["Connection: keep-alive" if line == "Connection: close" else line
             for line in head.decode("latin-1").splitlines()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n"


@mistake("6.5", "your code raises UnicodeDecodeError")
def takes_the_head_for_utf_8(self):
    """bytes are decoded with decode()."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head().decode()
    if self.keep_alive:
        head = head.replace("\r\nConnection: close\r\n", "\r\nConnection: keep-alive\r\n")
    return head.encode()


@mistake("6.5", "the head is not that of chapter 4, but for the line `Connection`")
def builds_it_without_chapter_4(self):
    """A head is quickly built."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    lines = [f"HTTP/1.1 {self.status}", *map(": ".join, self.headers)]
    lines.append(f"Connection: {'keep-alive' if self.keep_alive else 'close'}")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("6.5", "the head is not that of chapter 4, but for the line `Connection`")
def gives_the_application_a_header(self):
    """self.headers are what goes into the head: what is to be said is put there."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    if self.keep_alive:
        self.headers.append(("Connection", "keep-alive"))
    return super().build_head().replace(b"\r\nConnection: close\r\n", b"\r\n" if self.keep_alive else
                                        b"\r\nConnection: close\r\n")


# 6.6 Client.take_calls


@mistake("6.6", "take_calls has come to its end")
def takes_one_request(self):
    """A request comes, and is taken."""
    self.wait(KEEP_ALIVE_SECONDS, idle=True)
    while not self.received:
        yield None
    self.wait(REQUEST_SECONDS)
    request = yield from self.take_request_head()
    with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
        yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is not idle, and should be: it has been silent for 5 seconds")
def pauses_once_only(self):
    """If nothing has come, pause; after it something has. (Whoever calls next() does not promise that.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        if not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "there is no Call for a request that is whole")
def pauses_before_it_looks(self):
    """First wait for the client, then take what has come. (What has come with the request before is there already.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        yield None
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "there is no Call for a request that is whole")
def yields_no_call(self):
    """`yield from` yields what there is. (Its value is the Call, which is not yielded.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield from self.take_call(request, file)


@mistake("6.6", "next(client.calls) gives a generator, not a Call")
def yields_the_generator(self):
    """self.take_call returns a Call, and that is yielded. (It is a generator: nothing has run.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield self.take_call(request, file)


@mistake("6.6", "take_calls gives a Call, not a generator")
def returns_a_call(self):
    """A Call is what the caller wants, so return one."""
    def last_of(generator):
        try:
            while True:
                next(generator)
        except StopIteration as end:
            return end.value

    self.received += b"GET / HTTP/1.0\r\n\r\n"
    return last_of(self.take_call(last_of(self.take_request_head()), io.BytesIO()))


@mistake("6.6", "the client is late in 15 seconds, and not in 10: it has been silent for 5 seconds")
def begins_anew_with_each_pause(self):
    """Whenever it waits, it waits for so many seconds. (Whoever wakes it for nothing keeps the client for ever.)"""
    while True:
        while not self.received:
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is late in 10 seconds, and not in 9: 1 s after the first byte of its head")
def gives_each_part_of_the_head_new_time(self):
    """As long as something comes, the client is there. (A byte every nine seconds holds a connection for ever: that is
    the attack of the slowloris.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        taking = self.take_request_head()
        while True:
            self.wait(REQUEST_SECONDS)
            try:
                yield next(taking)
            except StopIteration as end:
                request = end.value
                break
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is late in 12 seconds, and not in 15: while nothing has come")
def waits_once_the_answer_is_given(self):
    """__init__ has begun to wait for the first request; the others are waited for when the one before is done."""
    while True:
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))
        self.wait(KEEP_ALIVE_SECONDS, idle=True)


@mistake("6.6", "the client is idle, and should not be: while its request is answered")
def is_idle_as_soon_as_the_request_is_whole(self):
    """The request is there: nothing more is waited for."""
    self.wait(KEEP_ALIVE_SECONDS, idle=True)
    while True:
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            call = yield from self.take_call(request, file)
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            yield call


@mistake("6.6", "the client is not idle, and should be: after a Call")
def waits_once_for_all_requests(self):
    """What is said before the loop holds for the loop."""
    self.wait(KEEP_ALIVE_SECONDS, idle=True)
    while True:
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is idle, and should not be: after the first byte of its head")
def forgets_that_a_request_has_begun(self):
    """The client has its time from the beginning."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is late in 15 seconds, and not in 10: after the first byte of its head")
def mistakes_one_time_for_the_other(self):
    """A client is waited for as long as it is waited for."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.idle = False
        self.wait(KEEP_ALIVE_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the file is closed when the Call is given")
def closes_before_it_yields(self):
    """The body is in the file, so it can be closed."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            call = yield from self.take_call(request, file)
        yield call


@mistake("6.6", "the file with the body is still open after next() was called again")
def closes_no_file(self):
    """Files are closed when nobody has them any more."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        yield (yield from self.take_call(request, tempfile.SpooledTemporaryFile(MAX_BODY)))


@mistake("6.6", "the file with the body is still open after client.calls.close(), while the request was answered")
def closes_the_file_only_when_all_goes_well(self):
    """After the answer the file is closed. (A client may leave before, and a body may end in the middle.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        yield (yield from self.take_call(request, file))
        file.close()


@mistake("6.6", "the file with the body is still open after client.calls.close(), within the body")
def closes_the_file_of_a_whole_request_only(self):
    """From when the body is in it, the file must be closed. (It is open before.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        call = yield from self.take_call(request, file)
        try:
            yield call
        finally:
            file.close()


@mistake("6.6", "the file with the body is still open after a chunk was refused")
def closes_the_file_when_the_client_has_left(self):
    """close() raises GeneratorExit: that is when the file must be closed. (A BadRequest ends it as well.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        try:
            yield (yield from self.take_call(request, file))
        except GeneratorExit:
            file.close()
            raise
        file.close()


@mistake("6.6", "the body is not in a tempfile.SpooledTemporaryFile")
def keeps_bodies_in_memory(self):
    """io.BytesIO is a file too. (It never goes to disk: a few uploads fill the memory.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with io.BytesIO() as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the file goes to disk above another size")
def gives_the_file_no_size(self):
    """A SpooledTemporaryFile knows when to go to disk. (Without max_size it never does.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile() as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "two requests have the same file")
def opens_one_file_for_all_requests(self):
    """One file for each client is enough, if it is emptied."""
    with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
        while True:
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            while not self.received:
                yield None
            self.wait(REQUEST_SECONDS)
            request = yield from self.take_request_head()
            yield (yield from self.take_call(request, file))
            file.seek(0)
            file.truncate()


@mistake("6.6", "a BadRequest is swallowed")
def answers_a_bad_request_with_a_pause(self):
    """What can't be read is left out, and the next request may be better. (Nobody knows where it begins.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        try:
            request = yield from self.take_request_head()
            with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
                yield (yield from self.take_call(request, file))
        except BadRequest:
            self.received.clear()
            yield None


@mistake("6.6", "a BadRequest is swallowed, and take_calls comes to its end")
def ends_with_a_bad_request(self):
    """After a bad request there is no next one: return. (Then nobody answers it.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        try:
            request = yield from self.take_request_head()
            with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
                yield (yield from self.take_call(request, file))
        except BadRequest:
            return


@mistake("6.6", "client.calls.close() raises RuntimeError, while its request is answered")
def goes_on_after_every_exception(self):
    """Whatever happens with one request, the next one is taken. (close() raises GeneratorExit, and that is the end.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            try:
                yield (yield from self.take_call(request, file))
            except GeneratorExit:
                continue


@mistake("6.6", "the ConnectionResetError of the file's write is swallowed")
def takes_a_full_disk_for_a_client_that_has_left(self):
    """OSError means that the client is gone."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            try:
                call = yield from self.take_call(request, file)
            except OSError:
                return
            yield call


@mistake("6.6", "what follows the request is taken too")
def empties_received_after_each_call(self):
    """The request is taken, so received is empty. (What the client has sent ahead is in it too.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            call = yield from self.take_call(request, file)
            self.received.clear()
            yield call


@mistake("6.6", "recv of the connection is used")
def receives_itself(self):
    """Where nothing has come, receive."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            self.received += self.connection.recv(65_536)
        self.wait(REQUEST_SECONDS)
        request = yield from self.take_request_head()
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))
