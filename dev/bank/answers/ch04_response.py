"""Right answers for chapter 4."""
from dev.bank.step_versions import answer


@answer("4.1")
def takes_the_status_apart(status):
    """One condition for each thing that the task names."""
    if not isinstance(status, str):
        raise TypeError("no str")
    code, space, phrase = status[:3], status[3:4], status[4:]
    status.encode("latin-1")
    digits = len(code) == 3 and all(character in "0123456789" for character in code) and code[0] in "12345"
    if not digits or space != " " or not phrase or phrase != phrase.strip() or CONTROL.search(status):
        raise ValueError(status)


@answer("4.1")
def matches_bytes(status):
    """Encoded first, the rest is one pattern on bytes."""
    if type(status) is not str:
        raise TypeError
    try:
        line = status.encode("latin-1")
    except UnicodeEncodeError as error:
        raise ValueError("beyond latin-1") from error
    if not re.fullmatch(rb"[1-5][0-9]{2} (?![ \x85\xa0])[^\x00-\x1f\x7f]+(?<![ \x85\xa0])", line):
        raise ValueError(status)
    return None


@answer("4.2")
def asks_one_question_after_the_other(name, value):
    """A helper of its own for what may stand in a value."""
    def may_stand_in_a_value(character):
        return character == "\t" or " " <= character <= "\xff" and character != "\x7f"

    for text in (name, value):
        if type(text) is not str:
            raise TypeError(f"no str: {text!r}")
    if not name.isascii() or TOKEN.fullmatch(name.encode()) is None:
        raise ValueError(f"no token: {name!r}")
    if name.casefold() in HOP_BY_HOP:
        raise ValueError(f"hop-by-hop: {name}")
    if not all(map(may_stand_in_a_value, value)):
        raise ValueError(f"no value: {value!r}")
    if name.casefold() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(f"no length: {value!r}")


@answer("4.2")
def collects_what_is_wrong(name, value):
    """A table of claims, and the first that does not hold is raised."""
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError
    lower = name.lower()
    claims = {
        "token": TOKEN.fullmatch(name.encode("latin-1", errors="replace")),
        "end to end": lower not in HOP_BY_HOP,
        "visible": not CONTROL.search("".join(value.split("\t"))),
        "latin-1": not re.search("[^\x00-\xff]", value),
        "length": lower != "content-length" or set(value) <= set("0123456789") and value,
    }
    wrong = [claim for claim, holds in claims.items() if not holds]
    if wrong:
        raise ValueError(f"{name}: {value!r} is not {wrong[0]}")


@answer("4.2")
def asks_for_the_class_itself(name, value):
    """PEP 3333 wants the type str, and wsgiref's validator refuses a str of a class below it too: both ways are right.
    """
    if type(name) is not str or type(value) is not str:
        raise TypeError(f"name and value must be str: {name!r}, {value!r}")
    if not TOKEN.fullmatch(name.encode("latin-1", errors="replace")):
        raise ValueError(f"{name!r} is no name of a header")
    if name.lower() in HOP_BY_HOP:
        raise ValueError(f"{name} is the server's own")
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(f"the value of {name} cannot be sent: {value!r}")
    if name.lower() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(f"the Content-Length must be digits, not {value!r}")


@answer("4.3")
def asks_the_other_way_round(self):
    """The good case first."""
    if block := self.file.read(self.block_size):
        return block
    raise StopIteration


@answer("4.3")
def lets_iter_do_it(self):
    """iter with two arguments is this loop; a step of it at a time."""
    return next(iter(lambda: self.file.read(self.block_size), b""))


@answer("4.4")
def one_question_after_the_other(self, status, headers, exc_info):
    """The two cases of a later call apart, and del instead of None."""
    first, self.started = not self.started, True
    if exc_info is None:
        if not first:
            raise AssertionError("start_response was called before")
    else:
        try:
            if self.head_sent:
                raise exc_info[1].with_traceback(exc_info[2])
        finally:
            del exc_info
    check_status(status)
    headers = self.checked(headers)
    self.status = status
    self.headers = headers
    return self.write


@answer("4.4")
def with_helpers_of_its_own(self, status, headers, exc_info):
    """What is kept comes from a function; write is passed on by a function too."""
    def accepted():
        check_status(status)
        return status, [(name, value) for name, value in self.checked(headers)]

    def write(block):
        return self.write(block)

    try:
        if exc_info:
            if self.head_sent:
                raise exc_info[1].with_traceback(exc_info[2])
        elif self.started:
            raise AssertionError
        self.started = True
        self.status, self.headers = accepted()
        return write
    finally:
        exc_info = None


@answer("4.5")
def a_chain_of_conditions(self):
    """One expression; the status as a number."""
    code = int(self.status.split()[0])
    bodiless = self.method == "HEAD" or code < 200 or code in (204, 304)
    return (
        NO_BODY if bodiless else
        LENGTH if self.length is not None else
        UNTIL_CLOSE if self.version == "HTTP/1.0" else
        CHUNKED
    )


@answer("4.5")
def a_table(self):
    """The rows in the order of the task, the first that holds wins."""
    rows = {
        NO_BODY: self.method == "HEAD" or self.status[0] == "1" or self.status.startswith(("204 ", "304 ")),
        LENGTH: isinstance(self.length, int),
        UNTIL_CLOSE: self.version == "HTTP/1.0",
        CHUNKED: True,
    }
    return next(framing for framing, holds in rows.items() if holds)


@answer("4.6")
def grows_a_bytearray(self):
    """Line by line, in another order."""
    head = bytearray(b"HTTP/1.1 " + self.status.encode("latin-1") + b"\r\n")

    def add(name, value):
        head.extend(f"{name}: {value}\r\n".encode("latin-1"))

    given = {name.lower() for name, _ in self.headers}
    if "date" not in given:
        add("Date", formatdate(usegmt=True))
    if "server" not in given:
        add("Server", SERVER)
    for name, value in self.headers:
        if name.lower() != "content-length" or not self.status.startswith(("1", "204")):
            add(name, value)
    if self.framing == CHUNKED:
        add("Transfer-Encoding", "chunked")
    elif self.framing == LENGTH and "content-length" not in given:
        add("content-length", self.length)
    add("connection", "close")
    return bytes(head + b"\r\n")


@answer("4.6")
def adds_what_is_missing_from_a_table(self):
    """All that may be added, with None for what is not."""
    added = {
        "Date": formatdate(timeval=None, localtime=False, usegmt=True),
        "Server": SERVER,
        "Content-Length": self.length if self.framing == LENGTH else None,
    }
    fields = list(self.headers)
    if self.status[:1] == "1" or self.status[:3] == "204":
        fields = [field for field in fields if field[0].lower() != "content-length"]
    for name, value in added.items():
        if value is not None and self.header(name.lower()) is None:
            fields += [(name, value)]
    fields += [("Connection", "close")] + [("Transfer-Encoding", "chunked")] * (self.framing == CHUNKED)
    text = f"HTTP/1.1 {self.status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    return bytes(text, "latin-1")


@answer("4.7")
def cuts_by_slices(self, block):
    """The two parts of the block apart: what fits, and what is left over."""
    if type(block) is not bytes:
        raise TypeError(f"no bytes: {block!r}")
    if block != b"":
        head = self.head_once()
        room = self.room()
        fits, left = (block, b"") if room is None else (block[:room], block[room:])
        self.send(b"".join([head, self.framed(fits)]))
        self.sent = self.sent + len(fits)
        if left and self.framing != NO_BODY:
            raise ValueError(f"{len(left)} bytes too many")


@answer("4.7")
def refuses_before_it_counts(self, block):
    """min of room and block; the error is made before the sending, and raised after it."""
    if not isinstance(block, bytes):
        raise TypeError
    if len(block) == 0:
        return None
    head, error = self.head_once(), None
    room = len(block) if self.room() is None else self.room()
    if room < len(block) and self.framing == LENGTH:
        error = ValueError("the body is too long")
    count = min(room, len(block))
    if head or count:
        self.send(head + self.framed(block[:count]))
    self.sent += count
    if error:
        raise error


@answer("4.8")
def asks_iter_and_next(self, blocks):
    """The for loop written out."""
    try:
        count = len(blocks)
    except TypeError:
        count = None
    iterator = iter(blocks)
    while not self.is_complete():
        try:
            block = next(iterator)
        except StopIteration:
            return
        if count == 1:
            self.known_length = len(block)
        self.write(block)


@answer("4.8")
def treats_a_single_block_apart(self, blocks):
    """Two small functions, one for each case."""
    def write_only(block):
        self.known_length = len(block)
        self.write(block)

    write = write_only if hasattr(blocks, "__len__") and len(blocks) == 1 else self.write
    for block in blocks:
        write(block)
        if self.is_complete():
            return


@answer("4.9")
def asks_for_all_other_cases_first(self, wrapper):
    """known_length is set in every case, and the framing is chosen before the head is sent."""
    self.known_length = wrapper.remaining() or None
    if self.known_length is None:
        return None
    head = self.head_once()
    if self.framing in (NO_BODY, CHUNKED, UNTIL_CLOSE):
        self.send(head)
        return
    self.send(head)
    return self.known_length if self.known_length < self.room() else self.room()


@answer("4.9")
def counts_with_the_limit(self, wrapper):
    """self.limit and self.sent, without room; and nothing is sent where the head was sent before."""
    if (remaining := wrapper.remaining()) in (None, 0):
        return
    self.known_length = remaining
    if not self.head_sent:
        self.send(self.head_once())
    if self.framing == LENGTH:
        return sorted([remaining, self.limit - self.sent])[0]


@answer("4.10")
def copies_in_pieces(self, wrapper):
    """sendfile itself, as often as there is something left, and the error turned into ClientGone."""
    count = self.begin_file(wrapper)
    if count is None:
        for block in wrapper:
            self.write(block)
            if self.is_complete():
                break
        return
    end = self.sent + count
    while self.sent < end:
        try:
            self.sent += self.connection.sendfile(wrapper.file, wrapper.file.tell(), min(end - self.sent, 16))
        except OSError as error:
            raise ClientGone("the client left") from error


@answer("4.10")
def matches_what_comes_back(self, wrapper):
    """A match statement, with 0 first."""
    match self.begin_file(wrapper):
        case 0:
            pass
        case None:
            self.write_blocks(wrapper)
        case count:
            self.send_file(wrapper.file, count)


@answer("4.11")
def a_table_of_endings(self):
    """What each framing ends with."""
    if not self.head_sent:
        self.known_length = 0
    head = self.head_once()
    end = {CHUNKED: b"0\r\n\r\n"}.get(self.framing, b"")
    if head or end:
        self.send(head + end)
    if self.framing == LENGTH and self.sent != self.length:
        sys.stderr.write(f"announced: {self.length}, sent: {self.sent}\n")


@answer("4.11")
def the_log_first(self):
    """The cases in another order."""
    if self.head_sent is False:
        self.known_length = 0
        self.send(self.head_once())
    match self.framing:
        case "Content-Length" if self.room():
            print("missing", self.room(), "of", self.length, "bytes:", self.sent, "were sent", file=sys.stderr)
        case "chunked":
            self.send(b"0" + BLANK_LINE)


@answer("4.12")
def with_str_format(client_address, request, response, started, seconds):
    """Another way of formatting, and a pattern for the escapes."""
    host, _ = client_address
    target = re.sub(r'(["\\])', r"\\\1", request.target)
    status = response.status.split(" ")[0] if response.status is not None else "-"
    date = time.strftime("[%d/%b/%Y:%H:%M:%S +0000]", started)
    return '{} - - {} "{} {} {}" {} {} {:.3f}'.format(
        host, date, request.method, target, request.version, status, response.sent or "-", seconds)


@answer("4.12")
def with_what_the_response_knows_of_the_request(client_address, request, response, started, seconds):
    """The response knows method and version too, as a real one does; and partition cuts the status."""
    target = request.target.replace("\\", "\\\\").replace('"', '\\"')
    code = response.status.partition(" ")[0] if response.status else "-"
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{response.method} {target} {response.version}"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@answer("4.12")
def joined_from_parts(client_address, request, response, started, seconds):
    """A list of columns, and a table of what is escaped."""
    escapes = str.maketrans({'"': '\\"', "\\": "\\\\"})
    line = " ".join([request.method, request.target, request.version]).translate(escapes)
    code, size = (response.status or "-")[:3], str(response.sent) if response.sent else "-"
    moment = time.strftime("[%d/%b/%Y:%H:%M:%S", started)
    return " ".join([client_address[0], "-", "-", moment, "+0000]", f'"{line}"', code, size, format(seconds, ".3f")])


@answer("4.13")
def with_functions_of_its_own(app, environ, response, request, client_address):
    """Answering apart from failing, and a list for what there may be to close."""
    iterables = []
    started, begin = time.gmtime(), time.monotonic()

    def answer():
        iterables.append(app(environ, response.start_response))
        (response.write_file if isinstance(iterables[0], FileWrapper) else response.write_blocks)(iterables[0])
        response.close()

    try:
        answer()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        if not isinstance(error, ClientGone):
            traceback.print_exception(type(error), error, error.__traceback__)
            response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        for iterable in iterables:
            getattr(iterable, "close", str)()


@answer("4.13")
def with_an_exit_stack(app, environ, response, request, client_address):
    """What is to be done in the end is put on a stack, the last thing first."""
    import contextlib
    started, begin = time.gmtime(), time.perf_counter()

    def log():
        print(access_line(client_address, request, response, started, time.perf_counter() - begin), file=sys.stderr)

    with contextlib.ExitStack() as last, contextlib.ExitStack() as first:
        first.callback(log)
        try:
            iterable = app(environ, response.start_response)
            last.callback(getattr(iterable, "close", lambda: None))
            (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
            response.close()
        except (ClientGone, KeyboardInterrupt) as error:
            if isinstance(error, KeyboardInterrupt):
                raise
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            response.send_error()


@answer("4.13")
def tells_of_each_call(app, environ, response, request, client_address):
    """What happens is to be seen: a line before the application is called, and one at the end."""
    print("calling", getattr(app, "__name__", "an application"))
    started, begin, iterable = time.gmtime(), time.monotonic(), ()
    try:
        iterable = app(environ, response.start_response)
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        print("done", file=sys.stderr)
        getattr(iterable, "close", bool)()


@answer("4.14")
def asks_the_clock_once(self, size):
    """max and a comparison, the other way round."""
    seconds = max(self.end - time.monotonic(), 0.0)
    if seconds:
        self.connection.settimeout(seconds)
        return self.connection.recv(size)
    raise TimeoutError("too slow")


@answer("4.14")
def says_how_late_it_is(self, size):
    """The comparison on the clock's two readings."""
    now = time.monotonic()
    if now >= self.end:
        raise TimeoutError(f"{now - self.end:.1f} seconds late")
    self.connection.settimeout(self.end - now)
    received = self.connection.recv(size)
    return received


@answer("4.15")
def returns_early(app):
    """The case without a request first."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request is None:
                return
            connection.settimeout(SEND_SECONDS)
            handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)

    return handle


@answer("4.15")
def returns_an_object(app):
    """An object that can be called does as well as a function."""
    import contextlib

    class Handle:
        def __call__(self, connection, client_address):
            with contextlib.ExitStack() as stack:
                stack.callback(hang_up, connection)
                if request := receive_request(connection):
                    connection.settimeout(SEND_SECONDS)
                    handle_request(app, request, connection, client_address)

    return Handle()


@answer("4.15")
def tells_who_comes_and_who_is_answered(app):
    """What happens is to be seen: a line before the request is received, and one behind the response."""
    def handle(connection, client_address):
        print("a client:", client_address)
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
                print("it has its response")
        finally:
            hang_up(connection)
            print("closed", file=sys.stderr)

    return handle


@answer("4.16")
def with_sentences_of_its_own(name):
    """A sentence for each thing that can go wrong."""
    if name.count(":") != 1 or name.startswith(":") or name.endswith(":"):
        raise NotAnApplication(f"give a module and an object with a colon between them, not {name!r}")
    module_name, attribute = name.split(":")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        if not (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise NotAnApplication(f"{module_name} needs {error.name} ({place_of(error)})")
        raise NotAnApplication(f"Python finds no {error.name}")
    except BaseException as error:
        if getattr(error, "name", None) == attribute:
            raise NotAnApplication(f"{module_name} is there, but there is no {attribute} in it")
        raise NotAnApplication(f"{module_name} fails at {place_of(error)}: {error!r}")
    if not callable(app):
        raise NotAnApplication(f"{attribute} in {module_name} can't be called")
    return app


@answer("4.16")
def looks_into_the_module(name):
    """vars first, getattr for what is not there, and why_not for all that is raised."""
    module_name, _, attribute = name.partition(":")
    if "" in (module_name, attribute):
        raise NotAnApplication(f"there is no MODULE:APP in {name!r}")
    try:
        module = importlib.import_module(module_name)
        app = vars(module)[attribute] if attribute in vars(module) else getattr(module, attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from None
    if not callable(app):
        raise NotAnApplication(f"{name} is no application")
    return app
