"""Right answers for chapter 2."""
from dev.bank.step_versions import answer

# 2.1


@answer("2.1")
def matches_the_line_with_one_pattern(line):
    """One regular expression says what a request line is; groups give the parts."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "too long")
    pattern = rb"(?P<method>%s) (?P<target>%s) HTTP/(?P<major>[0-9])\.[0-9]"
    match = re.fullmatch(pattern % (TOKEN.pattern, VISIBLE.pattern), line)
    if match is None:
        raise BadRequest(400, "this is no request line")
    if len(match["method"]) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if match["major"] != b"1":
        raise BadRequest(505, f"not HTTP/1 but {match['major']!r}")
    return tuple(part.decode("ascii") for part in line.split(b" "))


@answer("2.1")
def works_on_str_and_returns_a_list(line):
    """latin-1 decodes every byte, so text is as good as bytes; a list is taken apart like a tuple."""
    def check(condition, status, message):
        if not condition:
            raise BadRequest(status, message)

    text = line.decode("latin-1")
    check(len(text) <= MAX_LINE, 414, "too long")
    parts = text.split(" ")
    check(len(parts) == 3, 400, "three parts")
    method, target, version = parts
    check(TOKEN.fullmatch(method.encode("latin-1")), 400, "method")
    check(VISIBLE.fullmatch(target.encode("latin-1")), 400, "target")
    check(len(version) == 8 and version[:5] == "HTTP/" and version[6] == ".", 400, "version")
    check(version[5] in "0123456789" and version[7] in "0123456789", 400, "version")
    check(len(method) <= MAX_METHOD, 501, "method")
    check(version[5] == "1", 505, "version")
    return parts


@answer("2.1")
def partitions_from_both_ends(line):
    """The first space ends the method, the last one begins the version; a space between them is none of VISIBLE."""
    if MAX_LINE < len(line):
        raise BadRequest(414, "URI Too Long")
    method, _, rest = line.partition(b" ")
    target, _, version = rest.rpartition(b" ")
    well_formed = TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(b"HTTP/[0-9][.][0-9]", version)
    for status, wrong in ((400, not well_formed), (501, len(method) > MAX_METHOD), (505, version[5:6] != b"1")):
        if wrong:
            raise BadRequest(status, REASONS[status])
    return method.decode(), target.decode(), version.decode()


# 2.2


@answer("2.2")
def finds_the_colon_by_its_position(line):
    """index tells where the colon is, and slices do the rest."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    try:
        colon = line.index(b":")
    except ValueError:
        raise BadRequest(400, "no colon")
    if TOKEN.fullmatch(line[:colon]) is None:
        raise BadRequest(400, "the name is no token")
    value = line[colon + 1:].lstrip(b" \t").rstrip(b" \t")
    if CONTROL.search(value) is not None:
        raise BadRequest(400, "a control character")
    return str(line[:colon], "ascii").lower(), str(value, "latin-1")


@answer("2.2")
def matches_the_field_with_one_pattern(line):
    """One regular expression says what a field line is."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    match = re.fullmatch(rb"([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*", line, re.ASCII)
    if not match:
        raise BadRequest(400, "no field line")
    name, value = match.groups()
    return name.lower().decode(), value.decode("iso-8859-1")


@answer("2.2")
def decodes_first_and_splits_once(line):
    """latin-1 decodes every byte; split with a limit leaves the other colons alone."""
    text = line.decode("latin-1")
    if len(text) > MAX_LINE:
        raise BadRequest(431, "too long")
    parts = text.split(":", 1)
    if len(parts) < 2 or not TOKEN.fullmatch(parts[0].encode("latin-1")):
        raise BadRequest(400, "a bad name")
    name, value = parts
    if any(ord(c) < 32 and c != "\t" or ord(c) == 127 for c in value):
        raise BadRequest(400, "a bad value")
    return [name.lower(), value.strip(" \t")]


# 2.3


@answer("2.3")
def counts_in_a_loop(lines, version):
    """A loop collects and counts in one go."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields, hosts = [], 0
    for line in lines:
        name, value = parse_field(line)
        if name == "host":
            hosts += 1
        fields.append((name, value))
    if hosts > 1:
        raise BadRequest(400, "more than one Host")
    if not hosts and version != "HTTP/1.0":
        raise BadRequest(400, "no Host")
    if not HOST.fullmatch(dict(fields).get("host") or "a"):
        raise BadRequest(400, "a bad Host")
    return fields


@answer("2.3")
def looks_at_the_hosts_alone(lines, version):
    """The fewest Hosts that there may be depend on the version."""
    if MAX_FIELDS < len(lines):
        raise BadRequest(431, "too many fields")
    fields = list(map(parse_field, lines))
    hosts = [field[1] for field in fields if field[0] == "host"]
    fewest = 0 if version == "HTTP/1.0" else 1
    if not fewest <= len(hosts) <= 1 or any(hosts) and HOST.fullmatch(hosts[0]) is None:
        raise BadRequest(400, "Host")
    return fields


# 2.4


@answer("2.4")
def takes_the_target_apart_with_a_pattern(target):
    """One regular expression knows both forms."""
    match = re.fullmatch(rf"(?:https?://({HOST.pattern}))?(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?", target, re.I)
    if not match or not (match[1] or match["path"]):
        raise BadRequest(400, "a bad target")
    return match[1], unquote_to_bytes(match["path"] or "/"), match["query"] or ""


@answer("2.4")
def uses_urlsplit_where_there_is_a_scheme(target):
    """urlsplit is right about whole URLs, and is not asked about paths."""
    from urllib.parse import urlsplit
    if "#" in target:
        raise BadRequest(400, "a fragment")
    if target.startswith("/"):
        path, _, query = target.partition("?")
        return None, unquote_to_bytes(path), query
    try:
        parts = urlsplit(target)
    except ValueError:
        raise BadRequest(400, "no URL")
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc):
        raise BadRequest(400, "a bad target")
    return parts.netloc, unquote_to_bytes(parts.path or "/"), parts.query


@answer("2.4")
def finds_where_the_authority_ends(target):
    """A whole URL without scheme and authority is a target in origin form."""
    scheme, mark, rest = target.partition("://")
    authority = None
    if mark and scheme.lower() in {"http", "https"}:
        end = min(place for place in (rest.find("/"), rest.find("?"), len(rest)) if place >= 0)
        authority, target = rest[:end], rest[end:]
        target = target if target.startswith("/") else "/" + target
    if target[:1] != "/" or target.count("#") or authority is not None and HOST.fullmatch(authority) is None:
        raise BadRequest(400, "a bad target")
    path, query = target.split("?", 1) if "?" in target else (target, "")
    return [authority, unquote_to_bytes(path), query]


# 2.5


@answer("2.5")
def matches_digits(values, limit):
    """A pattern says what a number is; the zeros in front are no part of how large it is."""
    if values == []:
        return 0
    if len(values) != 1:
        raise BadRequest(400, "more than one length")
    match = re.fullmatch("0*([0-9]*)", values[0])
    if not match or not values[0]:
        raise BadRequest(400, "no number")
    digits = match[1] or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@answer("2.5")
def catches_what_int_can_not_read(values, limit):
    """The ValueError of int() can only mean too many digits, once it is sure that there are only digits."""
    match values:
        case []:
            return 0
        case [text] if text and set(text) <= set("0123456789"):
            try:
                length = int(text.lstrip("0") or "0")
            except ValueError:
                raise BadRequest(413, "too many digits")
        case _:
            raise BadRequest(400, "a bad length")
    if length > limit:
        raise BadRequest(413, "too large")
    return length


# 2.6


@answer("2.6")
def makes_a_new_buffer(self):
    """The buffer need not stay the same object, and the word to go on may be forgotten after it was said."""
    if self.continue_expected:
        self.connection.sendall(b"\r\n".join([b"HTTP/1.1 100 Continue", b"", b""]))
    self.continue_expected = False
    data = self.connection.recv(RECV_SIZE)
    if data == b"":
        raise ClientGone
    self.received = self.received + data


@answer("2.6")
def sends_in_a_loop_of_its_own(self):
    """send in a loop does what sendall does."""
    waiting = b"HTTP/1.1 100 Continue\r\n\r\n" if self.continue_expected else b""
    self.continue_expected = False
    while waiting:
        waiting = waiting[self.connection.send(waiting):]
    if data := self.connection.recv(RECV_SIZE):
        self.received.extend(data)
    else:
        raise ClientGone("end of file")


# 2.7


@answer("2.7")
def splits_the_buffer(self, count):
    """The two halves of the buffer are what is read and what stays."""
    while count > len(self.received):
        self.receive_more()
    data, self.received = self.received[:count], self.received[count:]
    return bytes(data)


@answer("2.7")
def calls_itself_again(self, count):
    """Where there are too few bytes, receiving and reading again is the answer."""
    missing = count - len(self.received)
    while missing > 0:
        before = len(self.received)
        self.receive_more()
        missing -= len(self.received) - before
    view = memoryview(self.received)[:count]
    data = view.tobytes()
    view.release()
    self.received[:count] = b""
    return data


# 2.8


@answer("2.8")
def looks_at_each_character(line):
    """string.hexdigits knows the digits."""
    import string
    size, semicolon, _ = line.partition(b";")
    if semicolon:
        size = size.rstrip(b" \t")
    digits = size.decode("latin-1")
    if not 1 <= len(digits) <= 16 or any(digit not in string.hexdigits for digit in digits) or CONTROL.search(line):
        raise BadRequest(400, "a bad chunk size")
    return int(digits, 16)


@answer("2.8")
def adds_the_digits_up(line):
    """No int(…, 16): each digit is looked up, and counts sixteen times the one after it."""
    match = re.match(rb"[0-9a-f]*", line, re.IGNORECASE)
    digits, rest = match[0], line[match.end():]
    if not digits or len(digits) > 16 or CONTROL.search(rest) or rest and not rest.lstrip(b"\t ").startswith(b";"):
        raise BadRequest(400, "a bad chunk size")
    size = 0
    for digit in digits.lower():
        size = size * 16 + b"0123456789abcdef".index(digit)
    return size


# 2.9


@answer("2.9")
def collects_chunks_in_a_list(reader):
    """A list of chunks, joined at the end, and an endless loop that is left at size 0."""
    chunks, total = [], 0
    while True:
        size = parse_chunk_size(reader.read_line())
        if size == 0:
            break
        total += size
        if total > MAX_BODY:
            raise BadRequest(413, "too large")
        chunk = reader.read_exactly(size + 2)
        if not chunk.endswith(b"\r\n"):
            raise BadRequest(400, "no CRLF")
        chunks.append(chunk[:-2])
    trailers = 0
    while reader.read_line() != b"":
        trailers += 1
        if trailers > MAX_FIELDS:
            raise BadRequest(431, "too many trailers")
    return b"".join(chunks)


@answer("2.9")
def reads_chunks_in_a_generator(reader):
    """A generator gives the chunks, and join asks for them."""
    def chunks(room):
        for size in iter(lambda: parse_chunk_size(reader.read_line()), 0):
            room -= size
            if room < 0:
                raise BadRequest(413, "too large")
            yield reader.read_exactly(size)
            if reader.read_exactly(2) != b"\r\n":
                raise BadRequest(400, "no CRLF")

    body = b"".join(chunks(MAX_BODY))
    if sum(1 for _, line in zip(range(MAX_FIELDS + 1), iter(reader.read_line, b""), strict=False)) > MAX_FIELDS:
        raise BadRequest(431, "too many trailers")
    return body


# 2.10


@answer("2.10")
def decides_by_what_is_there(request, limit):
    """Four cases: neither field, one of them, both."""
    values, lengths = request.values("transfer-encoding"), request.values("content-length")
    if values and lengths:
        raise BadRequest(400, "two lengths")
    if not values:
        return body_length(lengths, limit)
    if request.version == "HTTP/1.0":
        raise BadRequest(400, "chunks in HTTP/1.0")
    *others, last = [coding.strip(" \t") for value in values for coding in value.split(",")]
    if last.casefold() != "chunked":
        raise BadRequest(400, "not chunked")
    if others:
        raise BadRequest(501, f"can't decode {others}")
    return CHUNKED


@answer("2.10")
def matches_the_codings_with_a_pattern(request, limit):
    """The list of codings is one text, and its end tells whether it is chunked."""
    if not request.values("transfer-encoding"):
        return body_length(request.values("content-length"), limit=limit)
    text = ", ".join(request.values("transfer-encoding"))
    match = re.fullmatch(r"(.*,)?[ \t]*chunked[ \t]*", text, re.IGNORECASE)
    if request.values("content-length") or request.version == "HTTP/1.0" or match is None:
        raise BadRequest(400, "no one can tell where the body ends")
    if match[1]:
        raise BadRequest(501, "unknown codings")
    return CHUNKED


# 2.11


@answer("2.11")
def asks_with_get(request):
    """get gives None where there is no page."""
    page = PAGES.get(request.path)
    if page is None:
        return error_response(404, f"nothing at {request.target}")
    methods, show = page
    if methods is None or request.method in methods:
        return show(request)
    return error_response(405, "only " + " or ".join(methods), extra_fields=[("Allow", ", ".join(methods))])


@answer("2.11")
def asks_forgiveness(request):
    """Trying is shorter than asking; the page is called outside of the try."""
    try:
        methods, show = PAGES[request.path]
    except KeyError:
        return error_response(404, "Not Found")
    allowed = methods if methods is not ANY else (request.method,)
    if request.method not in allowed:
        return error_response(405, "Method Not Allowed", [("Allow", ",".join(sorted(allowed)))])
    return show(request)


# 2.12


@answer("2.12")
def closes_with_an_exit_stack(connection, client_address):
    """A context closes the connection, another one lets clients leave."""
    import contextlib
    with contextlib.ExitStack() as stack:
        stack.callback(hang_up, connection)
        stack.enter_context(contextlib.suppress(ConnectionError))
        last_touch = bytes
        try:
            request = read_request(connection)
            if request.method == "HEAD":
                last_touch = without_body
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(last_touch(response))


@answer("2.12")
def makes_the_response_in_a_function_of_its_own(connection, client_address):
    """One function makes the response, and the other sends it, in as many calls as it takes."""
    def response_to(connection):
        request = None
        try:
            request = read_request(connection)
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        return without_body(response) if request and request.method == "HEAD" else response

    try:
        left = memoryview(response_to(connection))
        while left:
            left = left[connection.send(left):]
    except (BrokenPipeError, ConnectionResetError, ConnectionAbortedError, ClientGone):
        return
    finally:
        hang_up(connection)


@answer("2.12")
def reads_the_rest_and_closes_itself(connection, client_address):
    """What hang_up does, written out."""
    import socket

    def answered(request):
        try:
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        return without_body(response) if request.method == "HEAD" else response

    try:
        try:
            response = answered(read_request(connection))
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        try:
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            while connection.recv(RECV_SIZE):
                pass
        except OSError:
            pass
        connection.close()


@answer("2.12")
def tells_who_comes_and_who_is_answered(connection, client_address):
    """What happens is to be seen: a line for the client, for its request and behind the answer."""
    print("a client:", client_address)
    head_only = False
    try:
        try:
            request = read_request(connection)
            print(request.method, request.target)
            head_only = request.method == "HEAD"
            response = answer(request)
        except BadRequest as error:
            print(error.status, error)
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if head_only else response)
        print("it has its answer")
    except ConnectionError:
        pass
    finally:
        hang_up(connection)
        print("closed")
