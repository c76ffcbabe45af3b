"""Broken servers: each breaks some clauses, as somebody might who has read none of the contract."""
import sys

from dev.bank.server_variants import around, instead

# The call.


@around("the application is called and not looked into")
def looks_for_a_name(app):
    """To name the application in the log."""
    print(getattr(app, "__name__", "nameless"))
    return app


@around("a request is one call")
def tries_it_first(app):
    """To see whether it works."""
    def twice(environ, start_response):
        app(dict(environ), lambda *arguments: lambda block: None)
        return app(environ, start_response)

    return twice


@around("the arguments are positional")
def calls_by_name(app):
    """Names are clearer."""
    return lambda environ, start_response: app(environ=environ, start_response=start_response)


@around("the same application answers request after request")
def serves_once(app):
    """One request was all that was tried."""
    requests = []

    def once(environ, start_response):
        requests.append(environ)
        if len(requests) <= 2:  # the first is only to see that it runs
            return app(environ, start_response)
        start_response("503 Service Unavailable", [])
        return []

    return once


@around("an exception of the application is logged and ends nothing",
        "an exception before the head is answered with an error")
def hides_errors(app):
    """Nobody likes to see errors."""
    def quiet(environ, start_response):
        try:
            return [*app(environ, start_response)]
        except Exception:
            start_response("200 OK", [], sys.exc_info())
            return []

    return quiet


@instead("ch01_socket", "serve", "without multithread no other thread calls at the same time")
def serves_in_threads(listener, handle):
    """Threads are faster."""
    import threading

    while True:
        threading.Thread(target=handle, args=listener.accept(), daemon=True).start()


@around("run once says whether there is a second call")
def says_run_once(app):
    """Each request is served once."""
    return lambda environ, start_response: app({**environ, "wsgi.run_once": True}, start_response)


@instead("ch01_socket", "serve", "multiprocess says whether another process may call")
def serves_in_processes(listener, handle):
    """A process for each client, as in the old days."""
    while True:
        client = listener.accept()
        if os.fork() == 0:
            handle(*client)
            os._exit(0)
        client[0].close()


# The environ.


@around("environ is a plain dict", "the variables of cgi are there", "the variables of wsgi are there")
def gives_something_like_a_dict(app):
    """A dict that does more."""
    class Environ(dict):
        pass

    missing = ("SERVER_PROTOCOL", *(f"wsgi.{name}" for name in ("input", "errors", "run_once", "multithread",
                                                                "multiprocess")))
    return lambda environ, start_response: app(
        Environ({name: environ[name] for name in environ if name not in missing}), start_response)


@around("request method is the clients", "script name is empty at the root",
        "query string is what follows the question mark", "without a query query string is empty or missing",
        "content type is the field", "content length is the field",
        "without the field content length is empty or missing", "server port is the port",
        "server protocol is the version that the client used", "a field of the request is there as http variable",
        "a field that was not sent is not there", "remote addr is the clients address", "what is not known is left out",
        "wsgi version is the tuple 1 0", "url scheme is http")
def fills_in_the_environ_carelessly(app):
    """Each of these has been seen."""
    def careless(environ, start_response):
        fixed = {
            "REQUEST_METHOD": environ["REQUEST_METHOD"].lower(), "SCRIPT_NAME": "/app", "SERVER_PORT": "8000",
            "QUERY_STRING": "?" + environ["QUERY_STRING"], "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "0",
            "SERVER_PROTOCOL": "HTTP/1.2", "HTTP_ACCEPT": "*/*", "REMOTE_ADDR": "localhost", "REMOTE_USER": "",
            "AUTH_TYPE": "", "REMOTE_IDENT": "",
            "wsgi.version": (3, 3), "wsgi.url_scheme": "https",
        }
        own = {name: environ[name] for name in environ if not name.startswith("HTTP_X")}
        return app({**own, **fixed}, start_response)

    return careless


@around("the variables of cgi are str", "the servers name and port are strings that are not empty")
def gives_the_port_as_a_number(app):
    """A port is a number."""
    return lambda environ, start_response: app({**environ, "SERVER_PORT": 8000, "SERVER_NAME": ""}, start_response)


@around("path info is the decoded path without the query")
def leaves_the_path_encoded(app):
    """The application may decode it."""
    def encoded(environ, start_response):
        from urllib.parse import quote

        path = quote(environ["PATH_INFO"], encoding="latin-1").rstrip("/")
        return app({**environ, "PATH_INFO": path}, start_response)

    return encoded


@around("the url can be put together again")
def has_a_host_of_its_own(app):
    """The server knows its name."""
    return lambda environ, start_response: app({**environ, "HTTP_HOST": "localhost"}, start_response)


@around("names in capitals are left to cgi")
def adds_a_variable_in_capitals(app):
    """CGI has them in capitals too."""
    return lambda environ, start_response: app({**environ, "REQUEST_ID": "1"}, start_response)


@around("a byte of the path is a character up to ff", "no variable has characters beyond latin 1")
def decodes_the_path_as_utf_8(app):
    """Paths are UTF-8 these days."""
    def decoded(environ, start_response):
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        return app({**environ, "PATH_INFO": path}, start_response)

    return decoded


# The streams.


@around("what is read is bytes", "readline takes a size",
        "the body can be read in each way", "what is read is the bytes of the body")
def gives_a_stream_of_its_own(app):
    """A stream is read with read()."""
    class Stream:
        def __init__(self, stream):
            self.read = lambda *size: stream.read(*size).decode("latin-1")
            self.readline = lambda: stream.readline()

    return lambda environ, start_response: app(
        {**environ, "wsgi.input": Stream(environ["wsgi.input"])}, start_response)


@around("errors takes text", "errors takes any characters")
def gives_a_log_of_its_own(app):
    """write is all that anybody uses of a log."""
    class Log:
        def write(self, data):
            data.decode("ascii")

    return lambda environ, start_response: app({**environ, "wsgi.errors": Log()}, start_response)


@instead("ch02_request", "Reader.read_exactly", "a body that arrives late is read whole",
         "a client that expects 100 continue is served")
def takes_what_has_come(self, count):
    """The body comes along with the head. (Mostly.)"""
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@instead("ch02_request", "expects_continue", "a client that expects 100 continue is served",
         "an http 1 0 client is served without")
def refuses_expectations(request):
    """Nobody uses them."""
    if request.values("expect"):
        raise BadRequest(417, "expect nothing")
    return False


@instead("ch02_request", "read_body", "a chunked body is decoded", "two lengths are refused")
def knows_only_content_length(reader, request):
    """Every client sends a length."""
    return reader.read_exactly(int((request.values("content-length") or ["0"])[0].split(",")[0]))


@instead("ch02_request", "parse_chunk_size", "a chunk size that is no hexadecimal number is refused")
def finds_digits_somewhere(line):
    """What is no digit does no harm."""
    return int(re.sub(rb"[^0-9A-Fa-f]", b"", line) or b"5", 16)


@instead("ch02_request", "parse_request_line", "a malformed request line is refused")
def finds_a_target_somewhere(line):
    """Something in it will be the target."""
    parts = line.decode("latin-1").split()
    return parts[0], next((part for part in parts if part.startswith("/")), "/"), "HTTP/1.1"


# start_response.


@around("it takes two arguments and an optional third")
def takes_two_arguments(app):
    """status and headers."""
    return lambda environ, start_response: app(environ, lambda status, headers: start_response(status, headers))


@around("it returns a callable that takes bytes")
def returns_no_write(app):
    """write is obsolete: nothing is as good."""
    def without(environ, start_response):
        return app(environ, lambda *arguments: start_response(*arguments) and None)

    return without


@around("the first write sends the head",
        "what is written is a body of its own", "what is yielded comes behind what was written")
def returns_a_write_that_does_nothing(app):
    """write is obsolete."""
    def without(environ, start_response):
        def start(*arguments):
            start_response(*arguments)
            return lambda block: None

        return app(environ, start)

    return without


@around("it may be called when the first block is asked for")
def wants_the_head_at_once(app):
    """An application that has returned has called start_response."""
    def hurried(environ, start_response):
        calls = []
        iterable = app(environ, lambda *arguments: calls.append(arguments) or start_response(*arguments))
        assert calls, "start_response was not called"
        return iterable

    return hurried


@instead("ch04_response", "Response.start_response", "it sends nothing",
         "an application that fails right after it has sent nothing", "an empty block sends nothing",
         "a second call without exc info is refused", "a second call is refused even if the first was",
         "when the head has gone exc info raises", "with exc info the new head replaces all of the old",
         "a wrong head is refused while the application runs", "a hop by hop header is refused")
def sends_the_head_at_once(self, status, headers, exc_info=None):
    """What is done is done."""
    self.started = True
    if not self.head_sent:
        self.status, self.headers = status, list(headers)
        self.send(self.head_once())
    return self.write


@instead("ch04_response", "Response.start_response", "what it raises is the applications own exception",
         "nothing can be injected into the head")
def raises_an_error_of_its_own(self, status, headers, exc_info=None):
    """The application is told that it is too late."""
    if self.started and (not exc_info or self.head_sent):
        raise AssertionError("too late")
    self.started, self.status, self.headers = True, status, list(headers)
    return self.write


@around("characters beyond latin 1 are never sent")
def replaces_characters(app):
    """A question mark is better than an error."""
    def replaced(environ, start_response):
        def plain(text):
            return text.encode("latin-1", "replace").decode("latin-1") if isinstance(text, str) else text

        def start(status, headers, *more):
            return start_response(plain(status), [(plain(name), plain(value)) for name, value in headers], *more)

        return app(environ, start)

    return replaced


# The head.


@instead("ch04_response", "Response.build_head", "a date is added")
def adds_nothing(self):
    """The application knows what it wants to send."""
    fields = [*self.headers, ("Connection", "close")]
    fields += [("Content-Length", str(self.length))] if self.header("content-length") is None and self.length else []
    lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@instead("ch04_response", "Response.header", "the applications headers are known in any case")
def compares_names_as_they_are_usually_spelt(self, name):
    """Everybody writes Content-Length."""
    return next((value for key, value in self.headers if key == name.title()), None)


@instead("ch04_response", "Response.build_head", "a date of the applications is the only one")
def always_adds_a_date(self):
    """The server's clock is right."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Connection", "close")]
    lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@around("the applications headers and body arrive as they are")
def improves_the_headers(app):
    """A type without a charset is a mistake."""
    def improved(environ, start_response):
        def start(status, headers, *more):
            more_of = {"content-type": "; charset=utf-8"}
            headers = [(name, value + more_of.get(name.lower(), "")) for name, value in headers]
            return start_response(status, headers, *more)

        return app(environ, start)

    return improved


# The body.


@around("bytes arrive as they are")
def mends_line_ends(app):
    """HTTP has CRLF."""
    return lambda environ, start_response: (
        block.replace(b"\n", b"\r\n") for block in app(environ, start_response))


@around("a large block is sent whole while the application waits")
def keeps_what_is_too_much(app):
    """A block is at most so long; the rest goes with the next."""
    def kept(environ, start_response):
        iterable = app(environ, start_response)
        return blocks(iterable) if environ["PATH_INFO"].endswith("/slow-large") else iterable

    def blocks(iterable):
        rest = b""
        for block in iterable:
            yield (rest + block)[:1_000_000]
            rest = (rest + block)[1_000_000:]
        yield rest

    return kept


@around("all blocks arrive")
def loses_the_last_block(app):
    """Who waits for it?"""
    def cut(environ, start_response):
        iterable = app(environ, start_response)
        is_slow = environ["PATH_INFO"].endswith("/slow")
        return (block for block in iterable if block != b"second") if is_slow else iterable

    return cut


@around("a block is sent before the next is asked for", "close is called once",
        "close is called when the iteration can not begin", "the iteration stops when content length is reached")
def joins_the_blocks(app):
    """One block is simpler than many."""
    return lambda environ, start_response: iter([b"".join(app(environ, start_response))])


@around("what is written is sent while the application goes on")
def keeps_what_is_written(app):
    """What is written goes out with the rest."""
    def kept(environ, start_response):
        written = []

        def start(*arguments):
            start_response(*arguments)
            return written.append

        iterable = app(environ, start)
        return [*written, *iterable]

    return kept


@around("close is called when the client leaves")
def forgets_to_close(app):
    """Python closes things by itself."""
    return lambda environ, start_response: (block for block in app(environ, start_response))


@around("nothing else is asked of the iterable")
def looks_for_a_file(app):
    """Files can be sent faster."""
    def looking(environ, start_response):
        iterable = app(environ, start_response)
        hasattr(iterable, "fileno")
        return iterable

    return looking


@instead("ch04_response", "Response.write_blocks", "an iterable with a length is sent whole")
def takes_the_first_block_for_all(self, blocks):
    """A list is sent at once."""
    for block in blocks:
        self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@instead("ch04_response", "Response.write_blocks", "an iterable with a length is sent whole",
         "without a length the client still knows the end")
def counts_blocks_for_bytes(self, blocks):
    """len() is the length."""
    self.known_length = len(blocks) if hasattr(blocks, "__len__") else None
    for block in blocks:
        self.write(block)


@around("a length from the only block counts what was written")
def counts_the_only_block(app):
    """A list of one block tells the length."""
    def counted(environ, start_response):
        calls, written = [], []
        iterable = app(environ, lambda *arguments: calls.append(arguments) or written.append)
        status, headers = calls[-1][:2]
        if written and hasattr(iterable, "__len__") and len(iterable) == 1:
            headers = [*headers, ("Content-Length", str(len(iterable[0])))]
        put = start_response(status, headers)
        for block in written:
            put(block)
        return iterable

    return counted


@instead("ch04_response", "Response.framed", "without a length the client still knows the end",
         "chunks are as http has them", "a response can be read to its end")
def announces_chunks_and_sends_none(self, block):
    """Chunks are announced, so that is that."""
    return block


@instead("ch04_response", "Response.choose_framing", "an http 1 0 client gets no chunks",
         "status 204 has no transfer encoding", "a response to head has no body",
         "a status without a body has none")
def always_sends_chunks(self):
    """Chunks suit every body."""
    return CHUNKED


@instead("ch04_response", "Response.close", "at the end the head is sent in any case")
def ends_without_a_head(self):
    """The head goes with the first block."""
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")


@instead("ch04_response", "Response.send_error", "a body that breaks off does not look whole")
def ends_properly_after_an_error(self):
    """A response needs its last chunk."""
    if self.head_sent and self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")


# Connections.


@instead("ch01_socket", "hang_up", "connection close is heeded")
def keeps_connections(connection):
    """The client may want to ask for more."""
    globals().setdefault("kept", []).append(connection)


@instead("ch04_response", "make_handle", "a body that was not read is not the next request")
def leaves_the_body_where_it_is(app):
    """Who does not read the body does not want it."""
    from ch01_socket import read_head
    from ch02_request import Reader, parse_head, read_body

    def handle(connection, client_address):
        head, rest = read_head(connection)
        while head:
            request = parse_head(head)
            if b"/read" in request.path:
                request.body = read_body(Reader(connection, rest), request)
            handle_request(app, request, connection, client_address)
            head, _, rest = rest.partition(BLANK_LINE)
        hang_up(connection)

    return handle


@instead("ch04_response", "make_handle", "two requests on one connection are answered in order")
def answers_the_latest_first(app):
    """What came last is the freshest."""
    from ch02_request import parse_head

    def handle(connection, client_address):
        received = b""
        while b"close" not in received and (block := connection.recv(65_536)):
            received += block
        for head in reversed(received.split(BLANK_LINE)[:-1]):
            handle_request(app, parse_head(head), connection, client_address)
        hang_up(connection)

    return handle


# Files.


@around("it takes a file and an optional size", "a file is sent from where it stands")
def wraps_a_file_only(app):
    """A file, from its beginning."""
    def wrap(file):
        file.seek(0)
        return iter([file.read()])

    return lambda environ, start_response: app({**environ, "wsgi.file_wrapper": wrap}, start_response)


@around("it takes a file and an optional size", "it returns an iterable for anything that can be read")
def wants_a_file_of_the_system(app):
    """A file has a number."""
    def wrap(file, size):
        return iter([file.read()]) if file.fileno() else None

    return lambda environ, start_response: app({**environ, "wsgi.file_wrapper": wrap}, start_response)


@around("close closes the file")
def leaves_the_file_open(app):
    """Python closes files by itself."""
    def wrap(file, size=8192):
        return iter(lambda: file.read(size), b"")

    return lambda environ, start_response: app({**environ, "wsgi.file_wrapper": wrap}, start_response)


@around("nothing is sent before it is returned")
def sends_the_file_at_once(app):
    """What is wrapped is to be sent."""
    def hurried(environ, start_response):
        put = []

        def start(*arguments):
            put.append(start_response(*arguments))
            return put[0]

        def wrap(file, size=None):
            put[0](file.read())
            return [b""]

        return app({**environ, "wsgi.file_wrapper": wrap}, start)

    return hurried


@instead("ch04_response", "Response.write_file", "a file is sent to the content length")
def sends_the_whole_file(self, wrapper):
    """A file is sent whole."""
    self.send(self.head_once() + wrapper.file.read())
