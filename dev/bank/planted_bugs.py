"""Planted bugs: defects of real servers, each put into the reference as a small change that few would notice.

Most stood in servers of today; some were dangerous. Each names the checks that must notice it, and these name the
clause of PEP 3333 or the section of an RFC that it breaks.
"""
from dev.bank.server_variants import around, instead, replaced

SOCKET, REQUEST, ENVIRON, RESPONSE = "ch01_socket", "ch02_request", "ch03_environ", "ch04_response"

# Bodies in chunks.

MALFORMED = "chunks that are malformed are no body"
replaced("an empty chunk size is 0", REQUEST, '([0-9A-Fa-f]{1,16})([ \\t]*;.*)?", line)',
         '([0-9A-Fa-f]{0,16})([ \\t]*;.*)?", line or b"0")', MALFORMED)
replaced("a chunk size ends at the first other character", REQUEST, '([0-9A-Fa-f]{1,16})([ \\t]*;.*)?", line)',
         '([0-9A-Fa-f]{1,16})(.*)", line)', MALFORMED)
replaced("a chunk size in capitals ends early", REQUEST, '([0-9A-Fa-f]{1,16})([ \\t]*;.*)?", line)',
         '([0-9a-f]{1,16})(.*)", line)', "chunks of any spelling are decoded")
replaced("bytes behind a chunk are skipped", REQUEST, 'if reader.read_exactly(2) != b"\\r\\n":',
         "if reader.read_line() is None:", MALFORMED)
replaced("two bytes behind a chunk are anything", REQUEST, 'if reader.read_exactly(2) != b"\\r\\n":',
         "if len(reader.read_exactly(2)) != 2:", MALFORMED)


@instead(REQUEST, "parse_chunk_size", MALFORMED)
def takes_a_line_feed_for_a_part_of_an_extension(line):
    """What is in an extension does not matter."""
    size, _, extension = line.partition(b";")
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size.rstrip(b" \t")):
        raise BadRequest(400, "a chunk does not begin with its size in hexadecimal digits")
    return int(size, 16)


UNCERTAIN = "a body whose end is uncertain is refused"
replaced("white space of Unicode around a coding", REQUEST, 'coding.strip(" \\t").lower()', "coding.strip().lower()",
         UNCERTAIN)
replaced("an empty transfer encoding is none", REQUEST, "    if not encodings:\n",
         '    if not "".join(encodings).strip():\n', UNCERTAIN)
replaced("other codings are passed over", REQUEST, "if len(codings) > 1:", "if len(codings) > 99:", UNCERTAIN)
replaced("chunks in HTTP 1.0", REQUEST, 'if lengths or request.version == "HTTP/1.0" or codings',
         "if lengths or codings", "chunks in http 1 0 are faulty")


@instead(REQUEST, "read_body", "trailers are no fields of the head")
def takes_trailers_for_fields(reader, request):
    """A field is a field."""
    framing = body_framing(request)
    if isinstance(framing, int):
        return reader.read_exactly(framing)
    body = b""
    while size := parse_chunk_size(reader.read_line()):
        body += reader.read_exactly(size)
        reader.read_exactly(2)
    while line := reader.read_line():
        request.fields.append(parse_field(line))
    return body

replaced("an extension is no number", REQUEST, '([0-9A-Fa-f]{1,16})([ \\t]*;.*)?", line)',
         '([0-9A-Fa-f]{1,16})()", line)', "chunk extensions and trailers are passed over")

# Fields.

replaced("a line feed in a value", REQUEST, "if CONTROL.search(value):",
         'if CONTROL.search(value.replace(b"\\n", b"")):',
         "a line end in a value does not reach the application")
replaced("a no-break space before the colon", REQUEST, "    if not colon or not TOKEN.fullmatch(name):",
         '    name = name.strip(b"\\xa0")\n    if not colon or not TOKEN.fullmatch(name):',
         "a no break space is part of the name")
replaced("white space of Unicode around a value", REQUEST, 'value = value.strip(b" \\t")',
         'value = value.decode("latin-1").strip().encode("latin-1")', "the spaces around a value are left out")
replaced("a value keeps the spaces around it", REQUEST, 'value = value.strip(b" \\t")', "value = value[1:]",
         "the spaces around a value are left out")
replaced("the last of repeated fields counts", ENVIRON,
         "variables[key] = variables[key] + separator + value if key in variables else value",
         "variables[key] = value", "fields that are repeated are joined in their order")
replaced("the first of repeated fields counts", ENVIRON,
         "variables[key] = variables[key] + separator + value if key in variables else value",
         "variables.setdefault(key, value)", "fields that are repeated are joined in their order")
replaced("repeated fields are joined without a comma", ENVIRON, 'if name == "cookie" else ", "',
         'if name == "cookie" else " "', "fields that are repeated are joined in their order")
replaced("an empty value is dropped", ENVIRON, 'or "_" in name:', 'or "_" in name or not value:',
         "a field with an empty value is there")
replaced("names with an underscore", ENVIRON, ' or "_" in name:', ":",
         "a name with an underscore is another name")
replaced("Content_Length is Content-Length", ENVIRON,
         'if request.values("content-length") or request.values("transfer-encoding"):',
         'if request.values("content_length"):\n        variables["CONTENT_LENGTH"] = '
         'request.values("content_length")[0]\n'
         '    if request.values("content-length") or request.values("transfer-encoding"):',
         "a name with an underscore is another name")

# Targets.

replaced("a path is decoded twice", REQUEST, "return authority, unquote_to_bytes(location), query",
         "return authority, unquote_to_bytes(unquote_to_bytes(location)), query", "the path is decoded once")
replaced("slashes are collapsed", REQUEST, "return authority, unquote_to_bytes(location), query",
         'return authority, unquote_to_bytes(re.sub("//+", "/", location)), query',
         "slashes in a path stay as they are", "two slashes in front stay as they are")
replaced("two slashes begin a host", REQUEST, 'if "#" in target or',
         'if location.startswith("//"):\n        location = "/" + location[2:].partition("/")[2]\n'
         '    if "#" in target or', "what begins with two slashes is a path")
replaced("the host of an absolute target is ignored", REQUEST, "    if authority is not None:\n",
         "    if authority is not None and not fields:\n", "the host of an absolute target is the host")
replaced("HTTP 2.0 is HTTP 1.1", REQUEST, 'if not version.startswith(b"HTTP/1."):',
         'if version.startswith(b"HTTP/9."):', "another major version is not served")

# Requests in pieces, and several at a time.


@instead(SOCKET, "read_head", "a head may come in several segments")
def takes_one_segment_for_the_head(connection, limit=65_536):
    """A head is small."""
    received = connection.recv(RECV_SIZE)
    if not received:
        raise ClientGone("the client hung up")
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@instead(SOCKET, "read_head", "a field may be long", "a target may be long")
def takes_512_bytes_for_the_head(connection, limit=65_536):
    """A head is small."""
    received = b""
    while BLANK_LINE not in received and len(received) < 512:
        block = connection.recv(512 - len(received))
        if not block:
            raise ClientGone("the client hung up")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@instead(SOCKET, "read_head", "a field may be long", "a target may be long")
def takes_4_kib_for_the_head(connection, limit=65_536):
    """A head has a page of memory at the most."""
    received = b""
    while BLANK_LINE not in received and len(received) < 4_096:
        block = connection.recv(4_096 - len(received))
        if not block:
            raise ClientGone("the client hung up")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@instead(RESPONSE, "make_handle", "requests in one segment are all answered")
def loses_the_second_request(app):
    """The next request comes when this one is answered."""
    class Kept(Response):
        def build_head(self):
            return super().build_head().replace(b"Connection: close\r\n", b"")

    def handle(connection, client_address):
        try:
            while request := receive_request(connection):
                environ = build_environ(request, connection.getsockname(), client_address)
                answer_with(app, environ, Kept(connection, request), request, client_address)
                if "close" in request.values("connection"):
                    break
        finally:
            hang_up(connection)

    return handle


@instead(REQUEST, "Reader.read_exactly", "half a body is not served as the whole")
def takes_what_came_before_the_end(self, count):
    """The client has said all that it had to say."""
    try:
        while len(self.received) < count:
            self.receive_more()
    except ClientGone:
        pass
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@instead(REQUEST, "Reader.read_exactly", "a read waits for the body that was asked for")
def takes_what_comes_first_after_100(self, count):
    """The client was asked for its body, and here it is."""
    receives_once = self.continue_expected
    while len(self.received) < count:
        self.receive_more()
        if receives_once:
            break
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@instead(REQUEST, "read_chunked", "half a body is not served as the whole")
def ends_with_the_last_chunk_that_came(reader):
    """Chunks end where no more come."""
    body = b""
    try:
        while size := parse_chunk_size(reader.read_line()):
            body += reader.read_exactly(size)
            reader.read_exactly(2)
        reader.read_line()
    except ClientGone:
        pass
    return body


@instead(SOCKET, "hang_up", "an answer is not lost because bytes of the request lie unread")
def hangs_up_at_once(connection):
    """That was all."""
    connection.close()


replaced("the connection ends without a word", RESPONSE, 'lines.append("Connection: close")', "pass",
         "who closes the connection says so")
replaced("an expectation is compared with case", REQUEST, "expectations = [value.lower() for",
         "expectations = [value for", "an expectation is known in any case")
replaced("a body has 64 KiB at the most", REQUEST, "while len(self.received) < count:",
         "while len(self.received) < min(count, 65_536):", "a big body is read whole")
replaced("a body is what one recv gives", REQUEST, "while len(self.received) < count:",
         "if len(self.received) < count:", "a body may come byte by byte", "a big body is read whole")

# Reading.


@around("read of 0 bytes gives none and takes none")
def reads_all_for_zero(app):
    """0 is no size."""
    return with_read(app, lambda stream, size=None: stream.read(size or -1))


@around("read of less than 0 bytes gives the rest")
def reads_nothing_for_less(app):
    """There are no bytes below 0."""
    return with_read(app, lambda stream, size=None: stream.read() if size is None else stream.read(max(size, 0)))


@around("read without a size gives the rest")
def reads_a_block_without_a_size(app):
    """A block is what one gets."""
    return with_read(app, lambda stream, size=8: stream.read(size))


@around("a stream that is used up gives nothing")
def begins_anew(app):
    """Who reads on wants to read it again."""
    ended = []  # each stream, as often as it has given nothing

    def read(stream, *size):
        data = stream.read(*size)
        ended.extend([] if data else [stream])
        if ended.count(stream) == 2:
            stream.seek(0)
        return data

    return with_read(app, read)


@around("variables of the servers own are in lower case with a prefix")
def names_a_variable_after_itself(app):
    """The server has a name."""
    return lambda environ, start_response: app({**environ, "MyServer.peer": "127.0.0.1"}, start_response)


replaced("what comes behind a request is its body", REQUEST, "    if not values:\n        return 0\n",
         "    if not values:\n        return -1\n", "what comes along with a request is not its body")

# Responses.

replaced("a value is sent as UTF-8", RESPONSE, '"\\r\\n".join(lines).encode("latin-1")',
         '"\\r\\n".join(lines).encode("utf-8")', "a character of the head is one byte")
replaced("two lengths of the application", RESPONSE, "if len(lengths) > 1:", "if len(lengths) > 9:",
         "no response has two lengths")
replaced("a file is sent to HEAD", RESPONSE, "return min(remaining, self.room()) if self.framing == LENGTH else None",
         "return remaining", "a file is not sent where there is no body")
replaced("a file is sent beyond the length", RESPONSE,
         "return min(remaining, self.room()) if self.framing == LENGTH else None",
         "return remaining if self.framing == LENGTH else None", "a file of the system is sent to the content length")
replaced("sendfile sends nothing", RESPONSE, "self.connection.sendfile(file, begin, count)", "file.seek(begin + count)",
         "a file of the system is sent")
replaced("sendfile sends from the beginning", RESPONSE, "self.connection.sendfile(file, begin, count)",
         "self.connection.sendfile(file, 0, count)", "a file of the system is sent")
replaced("sendfile stops where the system does", RESPONSE, "self.connection.sendfile(file, begin, count)",
         "self.connection.sendfile(file, begin, min(count, 65_536)) and file.seek(0, 2)",
         "a file of the system is sent")
replaced("a file that is at its end is sent from there", RESPONSE,
         "        if not remaining:\n            return None\n",
         "        if remaining is None:\n            return None\n        remaining = remaining or 10\n",
         "a response with a file can be read to its end")
replaced("the last chunk behind an empty file comes twice", RESPONSE, "            self.known_length = 0\n", "",
         "a response with a file can be read to its end",
         also=(('self.send(b"0\\r\\n\\r\\n")', 'self.send(b"0\\r\\n\\r\\n" if self.sent else b"0\\r\\n\\r\\n" * 2)'),))
replaced("the length of a file is that of all of it", RESPONSE, "self.known_length = remaining\n",
         "self.known_length = os.fstat(wrapper.file.fileno()).st_size\n",
         "a response with a file can be read to its end")
replaced("what fits is taken for too much", RESPONSE,
         "if self.framing == LENGTH and len(fitting) < len(block):", "if self.framing == LENGTH and self.room() == 0:",
         "write raises nothing up to content length")
replaced("a block more is asked for", RESPONSE, "            if self.is_complete():\n                break\n", "",
         "no block is asked for after the last byte")
replaced("a falsy iterable is not closed", RESPONSE, 'if hasattr(iterable, "close"):',
         'if iterable and hasattr(iterable, "close"):', "a falsy iterable is sent and closed")
replaced("a falsy iterable is not sent", RESPONSE, "        send(iterable)\n", "        send(iterable or [])\n",
         "a falsy iterable is sent and closed")


@instead(RESPONSE, "Response.start_response", "exc info is kept no longer than the call")
def keeps_exc_info(self, status, headers, exc_info=None):
    """For the log."""
    if self.started and not exc_info:
        raise AssertionError("start_response was called a second time without exc_info")
    if self.head_sent:
        raise exc_info[1].with_traceback(exc_info[2])
    self.started = True
    check_status(status)
    self.status, self.headers, self.error = status, self.checked(headers), exc_info
    return self.write


replaced("SystemExit ends the server", RESPONSE,
         "    except KeyboardInterrupt:\n        raise\n    except BaseException:", "    except Exception:",
         "an application that exits ends nothing but its own request")

# Refusals.

replaced("a refusal has another length", SOCKET, 'f"Content-Length: {len(content)}"',
         'f"Content-Length: {len(content) - 1}"', "a refusal can be read to its end")
replaced("a refusal does not say that it is the end", SOCKET, '        "Connection: close",\n', "",
         "a refusal says that the connection ends")
replaced("a refusal has no Date", SOCKET, '        f"Date: {formatdate(usegmt=True)}",\n', "",
         "a refusal has a date")
replaced("a request line may have other characters", REQUEST,
         "if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and",
         "if not (version.startswith(b'HTTP/') or", "a request line that none may send is refused")
replaced("a fragment belongs to the path", REQUEST, 'if "#" in target or not', "if not",
         "a fragment is no part of a target")
replaced("a URL may be without a host", REQUEST, "if authority is not None and not HOST.fullmatch(authority):",
         "if authority and not HOST.fullmatch(authority):", "an absolute target without a host is refused")
replaced("a Host may be anything", REQUEST, 'if not all(host == "" or HOST.fullmatch(host) for host in hosts):',
         "if not all(host.isprintable() for host in hosts):", "a host that is none is refused")
replaced("a Host may not be empty", REQUEST, 'if not all(host == "" or HOST.fullmatch(host) for host in hosts):',
         "if not all(HOST.fullmatch(host) for host in hosts):", "a request may have no host where there is none")
replaced("HTTP 1.0 needs a Host", REQUEST, 'if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):',
         "if len(hosts) != 1:", "a request may have no host where there is none")
replaced("everybody is told to continue", REQUEST, "        if self.continue_expected:\n", "        if True:\n",
         "an http 1 0 client whose body is late gets no 100")
replaced("a length of the application may be a word", RESPONSE,
         'if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):',
         'if name.lower() == "content-length" and not value.isalnum():', "no response has a length that is no number",
         also=(("if announced is None else int(announced)",
                "if not (announced and announced.isdecimal()) else int(announced)"),))
replaced("a length of the application is looked at late", RESPONSE,
         'if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):',
         "if False:", "a wrong head is refused while the application runs")
replaced("a response without a body has no fields", RESPONSE,
         "fields = [(name, value) for name, value in fields if", "fields = [field for field in [] if",
         "a response without a body has its fields")
replaced("a client that has left is waited for", SOCKET, "        if not block:\n",
         "        if not block and received:\n",
         "a client that leaves holds nobody up")
