"""Right answers for chapter 3."""
from dev.bank.step_versions import answer


@answer("3.1")
def adds_the_content_variables_by_a_table(request, server_address, client_address):
    """The fields that may be missing are gone through in a loop."""
    host, port = server_address
    lengths = {"content-length": len(request.body), "transfer-encoding": len(request.body)}
    environ = dict(REQUEST_METHOD=request.method, SCRIPT_NAME="", QUERY_STRING=request.query, SERVER_NAME=host,
                   SERVER_PORT=f"{port}", SERVER_PROTOCOL=request.version, REMOTE_ADDR=client_address[0])
    environ["PATH_INFO"] = "".join(map(chr, request.path))
    for name, value in request.fields:
        if name == "content-type":
            environ.setdefault("CONTENT_TYPE", value)
        elif name in lengths:
            environ["CONTENT_LENGTH"] = str(lengths[name])
    return environ


@answer("3.1")
def throws_out_what_is_none(request, server_address, client_address):
    """All variables are written down, and those without a value taken out again; a few more are there."""
    has_body = any(name in ("content-length", "transfer-encoding") for name, _ in request.fields)
    variables = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": str(request.path, "iso-8859-1"),
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": next(iter(request.values("content-type")), None),
        "CONTENT_LENGTH": str(len(request.body)) if has_body else None,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
        "REMOTE_PORT": str(client_address[1]),
    }
    return {name: value for name, value in variables.items() if value is not None}


@answer("3.2")
def collects_lists_and_joins_them_in_the_end(fields):
    """A list for each name, joined when all values are there."""
    values = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    for name in {"content-type", "content-length", *HOP_BY_HOP}:
        values.pop(name, None)
    return {
        f"HTTP_{name.upper()}".replace("-", "_"): ("; " if name == "cookie" else ", ").join(several)
        for name, several in values.items() if "_" not in name
    }


@answer("3.2")
def goes_through_the_names_once(fields):
    """A comprehension over the names in their order, each with all its values."""
    separators = {"cookie": "; "}
    unwanted = HOP_BY_HOP.union(["content-type", "content-length"])
    names = [name for name in dict.fromkeys(name for name, _ in fields) if name not in unwanted and "_" not in name]
    table = str.maketrans("abcdefghijklmnopqrstuvwxyz-", "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
    return {
        "HTTP_" + name.translate(table): separators.get(name, ", ").join(v for n, v in fields if n == name)
        for name in names
    }


@answer("3.3")
def wraps_the_input_in_a_buffered_reader(body):
    """A BufferedReader over the bytes, and a dict made with a prefix."""
    names = {"version": (1, 0), "url_scheme": "http", "input": io.BufferedReader(io.BytesIO(body)),
             "errors": sys.stderr, "multithread": False, "multiprocess": False, "run_once": False}
    return {f"wsgi.{name}": value for name, value in names.items()}


@answer("3.3")
def writes_an_input_of_its_own(body):
    """A class with the four methods of PEP 3333, and a stream for errors that passes text on to stderr."""
    class Input:
        def __init__(self, data):
            self.stream = io.BytesIO(data)
            self.read, self.readline, self.readlines = self.stream.read, self.stream.readline, self.stream.readlines

        def __iter__(self):
            return iter(self.stream)

    class Errors(io.TextIOBase):
        def write(self, text):
            return sys.stderr.write(text)

    false = dict.fromkeys(["wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once"], False)
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(body), "wsgi.errors": Errors(),
            **false}


@answer("3.4")
def returns_an_iterator_over_the_page(environ, start_response):
    """Any iterable will do."""
    status, headers = page_head()
    start_response(status, headers, None)
    return iter(PAGE)


@answer("3.4")
def returns_the_page_as_one_block(environ, start_response):
    """A tuple with one block."""
    start_response(*page_head())
    return (b"".join(PAGE),)


@answer("3.5")
def yields_in_a_loop(environ, start_response):
    """A loop in place of yield from."""
    status, headers = page_head()
    start_response(status, headers)
    for position in range(len(PAGE)):
        yield PAGE[position]


@answer("3.5")
def starts_the_response_with_the_first_block(environ, start_response):
    """The head comes when the first block is about to."""
    started = False
    for block in PAGE:
        if not started:
            start_response(*page_head())
            started = True
        yield block


@answer("3.6")
def hands_over_to_function_app(self, environ, start_response):
    """The page is that of step 3.4; all that is left to do is to count."""
    self.visits = self.visits + 1
    return function_app(environ, start_response)


@answer("3.6")
def counts_and_hands_over_to_generator_app(self, environ, start_response):
    """The visit counts in the call; the page itself may start late."""
    self.visits += 1
    return generator_app(environ, start_response)


@answer("3.7")
def returns_the_iterator_of_the_list(self):
    """__iter__ need not be a generator function: it calls start_response at once, and returns an iterator."""
    status, headers = page_head()
    self.start_response(status, headers)
    return iter(PAGE)


@answer("3.7")
def hands_over_to_generator_app(self):
    """Another application does the work."""
    return generator_app(self.environ, self.start_response)


@answer("3.8")
def counts_the_joined_body(self, environ, start_response):
    """The body in one block, with its length."""
    body = b"".join(self.blocks)
    headers = [("content-length", f"{len(body)}"), ("content-type", "text/plain; charset=utf-8")]
    start_response("200 OK", headers)
    return [body]


@answer("3.8")
def yields_the_blocks_of_the_greeting(self, environ, start_response):
    """A generator method, with the length from map."""
    start_response("200 OK", [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(sum(map(len, self.blocks)))),
    ])
    for block in self.blocks:
        yield bytes(block)


@answer("3.9")
def makes_new_lists(self, status, headers, exc_info=None):
    """A copy of the headers, a new list of blocks, and a write that looks where the blocks are now."""
    assert self.status is None or exc_info is not None, "start_response was called twice"
    self.status, self.headers, self.blocks = status, [*headers], []

    def write(block):
        self.blocks += [bytes(block)]

    return write


@answer("3.9")
def hands_out_one_write_for_all_calls(self, status, headers, exc_info=None):
    """An object to call, made in the first call, and a flag for whether there was one."""
    class Write:
        def __init__(self, collected):
            self.collected = collected

        def __call__(self, block):
            self.collected.blocks.append(block)
            return len(block)

    if hasattr(self, "write") and exc_info is None:
        raise AssertionError("start_response may be called again after an error only")
    self.write = getattr(self, "write", None) or Write(self)
    self.status, self.headers[:] = status, headers
    del self.blocks[:]
    return self.write


@answer("3.9")
def goes_on_from_the_error(self, status, headers, exc_info=None):
    """The two cases apart, with the traceback let go of, as PEP 3333 advises."""
    match self.status, exc_info:
        case None, _:
            pass
        case _, (_, _, _):
            exc_info = None
        case _:
            raise AssertionError("a second call")
    self.status = status
    self.headers = list(headers)
    self.blocks.clear()
    return lambda block: self.blocks.append(block)


@answer("3.10")
def closes_with_contextlib(app, environ):
    """A with statement in place of try and finally."""
    from contextlib import closing, nullcontext

    collected = Collected()
    iterable = app(environ, collected.start_response)
    with closing(iterable) if hasattr(iterable, "close") else nullcontext():
        for block in iterable:
            assert collected.status is not None or not block, "a block before start_response"
            collected.blocks += [block]
    assert collected.status is not None, "no start_response"
    return collected.status, collected.headers, b"".join(collected.blocks)


@answer("3.10")
def asks_in_a_generator(app, environ):
    """A generator lets the blocks through that come in time; an exit stack closes."""
    from contextlib import ExitStack

    said = Collected()

    def in_time(blocks):
        for block in blocks:
            if said.status is None and len(block):
                raise AssertionError("a block has come before its head")
            yield block

    with ExitStack() as stack:
        iterable = app(environ, said.start_response)
        if close := getattr(iterable, "close", None):
            stack.callback(close)
        said.blocks.extend(in_time(iterable))
    if said.status is None:
        raise AssertionError("there is no head")
    return said.status, said.headers, b"".join(said.blocks)


@answer("3.10")
def keeps_state_in_nonlocal_variables(app, environ):
    """A start_response of its own, with names of the enclosing function."""
    status = headers = None
    body = bytearray()

    def start_response(new_status, new_headers, exc_info=None):
        nonlocal status, headers
        assert status is None or exc_info is not None, "start_response was called twice"
        status, headers = new_status, list(new_headers)
        body.clear()
        return body.extend

    iterable = app(environ, start_response)
    try:
        for block in iterable:
            assert status is not None or not block, "a block before start_response"
            body += block
    finally:
        getattr(iterable, "close", bool)()
    if status is None:
        raise AssertionError("no start_response")
    return status, headers, bytes(body)


@answer("3.11")
def goes_by_the_text_of_pep_3333(environ):
    """Step by step, as the PEP writes it."""
    url = environ["wsgi.url_scheme"] + "://"
    if environ.get("HTTP_HOST"):
        url += environ["HTTP_HOST"]
    else:
        url += environ["SERVER_NAME"]
        if (environ["wsgi.url_scheme"], environ["SERVER_PORT"]) not in (("http", "80"), ("https", "443")):
            url += ":" + environ["SERVER_PORT"]
    for name in ("SCRIPT_NAME", "PATH_INFO"):
        url += quote(environ.get(name, "").encode("latin-1"))
    if environ.get("QUERY_STRING"):
        url += "?" + environ["QUERY_STRING"]
    return url


@answer("3.11")
def unsplits_five_parts(environ):
    """urlunsplit puts a URL together from its parts."""
    from urllib.parse import urlunsplit

    scheme, host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST")
    if not host:
        port = environ["SERVER_PORT"]
        host = environ["SERVER_NAME"] + f":{port}" * (port != DEFAULT_PORTS[scheme])
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="iso-8859-1")
    return urlunsplit((scheme, host, path, environ.get("QUERY_STRING", ""), ""))


@answer("3.12")
def sends_no_body_with_a_204_either(app, request, server_address, client_address):
    """A client reads no body after a 204 or a 304: whatever such an application gives, nobody sees it."""
    bodiless = request.method == "HEAD"
    try:
        environ = build_environ(request, server_address, client_address)
        status, headers, body = call_application(app, environ)
        response = response_bytes(status, headers, body)
        bodiless = bodiless or status.startswith(("204", "304"))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if bodiless else response


@answer("3.12")
def has_two_ways_to_a_response(app, request, server_address, client_address):
    """A helper for the good case, and sys.stderr for the bad one."""
    def good():
        return response_bytes(*call_application(app, build_environ(request, server_address, client_address)))

    try:
        response = good()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        sys.stderr.write("".join(traceback.format_exception(type(error), error, error.__traceback__)))
        response = error_response(500, "something is wrong here; it has been written down")
    if request.method == "HEAD":
        return response.split(BLANK_LINE)[0] + BLANK_LINE
    return response


@answer("3.12")
def chooses_the_ending_first(app, request, server_address, client_address):
    """What HEAD does to a response is a function, chosen by the method; the traceback goes through logging."""
    import logging

    end = without_body if request.method == "HEAD" else bytes
    try:
        status, headers, body = call_application(app, build_environ(request, server_address, client_address))
        return end(response_bytes(status, headers, body))
    except KeyboardInterrupt:
        raise
    except BaseException:
        handler = logging.StreamHandler(sys.stderr)
        record = logging.LogRecord("server", logging.ERROR, "", 0, "the application failed", (), sys.exc_info())
        handler.emit(record)
        return end(error_response(500, ""))


@answer("3.12")
def logs_with_the_logging_module(app, request, server_address, client_address):
    """logging.exception prints to stderr as well, and KeyboardInterrupt is told from the others by its class."""
    import logging

    response = error_response(500, "Something went wrong. Please try again later.")
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        logging.exception("the application has failed")
    return {"HEAD": without_body}.get(request.method, bytes)(response)


@answer("3.13")
def closes_with_an_exit_stack(app):
    """contextlib for the two things that must happen, and sendall in both branches."""
    import contextlib

    def handle(connection, client_address):
        with contextlib.ExitStack() as stack:
            stack.callback(hang_up, connection)
            stack.enter_context(contextlib.suppress(ConnectionError))
            try:
                request = read_request(connection)
            except BadRequest as error:
                connection.sendall(error_response(error.status, f"{error}"))
            else:
                connection.sendall(respond(app, request, connection.getsockname(), client_address))

    return handle


@answer("3.13")
def is_made_of_a_partial(app):
    """A function of three arguments, with the first filled in; bytes are sent with send, in a loop."""
    import functools

    def response_to(app, connection, client_address):
        try:
            return respond(app, read_request(connection), connection.getsockname(), client_address)
        except BadRequest as error:
            return error_response(error.status, str(error))

    def handle(app, connection, client_address):
        try:
            response = response_to(app, connection, client_address)
            while response:
                response = response[connection.send(response):]
        except (BrokenPipeError, ConnectionError):
            pass
        finally:
            hang_up(connection)

    return functools.partial(handle, app)
