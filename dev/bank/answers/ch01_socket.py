"""Right answers for chapter 1."""
from dev.bank.step_versions import answer

# 1.1 build_response


@answer("1.1")
def fills_a_form_in_triple_quotes(body, status, content_type, extra_fields):
    """The head is one text with holes; its line ends are put right before the body is there."""
    content = bytes(body, "utf-8")
    extra = "".join(f"\n{name}: {value}" for name, value in extra_fields)
    head = inspect.cleandoc(f"""
        HTTP/1.1 {status}
        Content-Type: {content_type}; charset=utf-8
        Content-Length: {len(content)}
        Date: {time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())}
        Connection: close""") + extra + "\n\n"
    return head.replace("\n", "\r\n").encode("ascii") + content


@answer("1.1")
def writes_pairs_into_bytes(body, status, content_type, extra_fields):
    """All fields are pairs in one list, the date is made by datetime, and everything is bytes from the beginning."""
    from datetime import datetime, timezone
    from email.utils import format_datetime

    content = body.encode()
    fields = [("connection", "Close"), ("content-length", len(content)),
              ("content-type", f"{content_type};charset=UTF-8"),
              ("date", format_datetime(datetime.now(timezone.utc), usegmt=True)), *extra_fields]
    response = bytearray(b"HTTP/1.1 %b\r\n" % status.encode())
    for name, value in fields:
        response += f"{name}: {value}\r\n".encode()
    return bytes(response + b"\r\n" + content)


@answer("1.1")
def leaves_out_its_own_field_where_there_is_an_extra_one(body, status, content_type, extra_fields):
    """What the caller says of a field counts; the task promises that no extra field has one of these names."""
    content, extra = body.encode(), list(extra_fields)
    given = {name.lower() for name, _ in extra}
    own = [("Date", formatdate(usegmt=True)), ("Content-Type", f"{content_type}; charset=utf-8"),
           ("Content-Length", str(len(content))), ("Connection", "close")]
    fields = [field for field in own if field[0].lower() not in given] + extra
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + content


# 1.2 read_head


@answer("1.2")
def collects_in_a_bytearray_and_looks_for_the_position(connection, limit):
    """find tells where the blank line is; a bytearray grows in place."""
    received = bytearray()
    while (end := received.find(b"\r\n\r\n")) < 0:
        if len(received) >= limit + 4:
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if block == b"":
            raise ClientGone
        received.extend(block)
    if end > limit:
        raise HeadTooLarge
    return bytes(received[:end]), bytes(received[end + 4:])


@answer("1.2")
def takes_one_byte_at_a_time(connection, limit):
    """Never a byte too many: slow, and nothing is ever left over."""
    head = b""
    for byte in iter(lambda: connection.recv(1), b""):
        head += byte
        if head.endswith(BLANK_LINE):
            return head[:-4], b""
        if len(head) > limit and not BLANK_LINE.startswith(head[limit:]):
            raise HeadTooLarge("certain before four more bytes have come")
    raise ClientGone


@answer("1.2")
def asks_a_helper_for_blocks(connection, limit):
    """A generator gives what has been received so far; the last bytes are looked at again, and no more."""
    def so_far():
        received = b""
        while block := connection.recv(min(RECV_SIZE, 1024)):
            received += block
            yield received, received.find(BLANK_LINE, max(0, len(received) - len(block) - 3))
        raise ClientGone("hung up")

    for received, end in so_far():
        if end > limit or (end < 0 and len(received) > limit + 3):
            raise HeadTooLarge
        if end >= 0:
            return received[:end], received[end + 4:]


# 1.3 handle


@answer("1.3")
def closes_by_an_exit_stack(connection, client_address):
    """The way out is fixed before anything is done, and a loop around send sends everything."""
    import contextlib

    with contextlib.ExitStack() as stack:
        stack.callback(hang_up, connection)
        stack.enter_context(contextlib.suppress(ConnectionError))
        try:
            read_head(connection)
            left = build_response(PAGE)
        except HeadTooLarge:
            left = build_response("Too much.", status="431 Request Header Fields Too Large")
        while left:
            left = left[connection.send(left):]


@answer("1.3")
def divides_the_work(connection, client_address):
    """One helper finds the response, and answers None for a client that has left; the other one sends it."""
    def response():
        try:
            read_head(connection)
        except HeadTooLarge as error:
            return build_response(f"<p>{error}</p>", "431 Request Header Fields Too Large")
        except ConnectionError:
            return None
        return build_response(PAGE, "200 OK", "text/html")

    def send(data):
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ConnectionAbortedError):
            return

    try:
        if (data := response()) is not None:
            send(memoryview(data))
    finally:
        hang_up(connection)


@answer("1.3")
def lingers_by_itself(connection, client_address):
    """What hang_up does is written out: no more to send, read what is left, close."""
    try:
        try:
            read_head(connection)
            connection.sendall(build_response(PAGE))
        except HeadTooLarge as error:
            connection.sendall(build_response(str(error), "431 Request Header Fields Too Large", "text/plain"))
    except ConnectionError:
        return
    finally:
        try:
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(LINGER)
            while connection.recv(RECV_SIZE):
                pass
        except OSError:
            pass
        connection.close()


@answer("1.3")
def tells_who_comes_and_who_is_answered(connection, client_address):
    """What happens is to be seen: a line before the request is read, and one behind the page."""
    print("a client:", client_address)
    try:
        try:
            read_head(connection)
            connection.sendall(build_response(PAGE))
        except HeadTooLarge as error:
            connection.sendall(build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain"))
        print("it has its answer", file=sys.stderr)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)
        print("closed")


# 1.4 open_listener


@answer("1.4")
def asks_the_library(host, port):
    """create_server does all of it, Windows included."""
    return socket.create_server((host, port))


@answer("1.4")
def closes_by_an_exit_stack_unless_all_is_well(host, port):
    """pop_all takes back what was meant for the case that something fails."""
    import contextlib

    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
        listener.bind((host, port))
        listener.listen(128)
        stack.pop_all()
        return listener


@answer("1.4")
def closes_on_OSError(host, port):
    """The one error that bind and listen raise is caught, and raised again."""
    listener = socket.socket(family=socket.AF_INET, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except OSError:
        listener.close()
        raise
    else:
        return listener


@answer("1.4")
def wants_the_port_for_itself_on_windows(host, port):
    """Windows has an option of its own, which keeps others from the port; platform tells which system it is."""
    import platform

    listener = socket.socket()
    option = socket.SO_EXCLUSIVEADDRUSE if platform.system() == "Windows" else socket.SO_REUSEADDR
    try:
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


# 1.5 serve


@answer("1.5")
def closes_with_a_block(listener, handle):
    """`with` closes the listener, suppress ends on Ctrl-C, a helper looks after one client."""
    import contextlib

    def serve_one(connection, client_address):
        try:
            handle(connection, client_address)
        except Exception:
            traceback.print_exc(file=sys.stderr)

    with contextlib.closing(listener), contextlib.suppress(KeyboardInterrupt):
        while True:
            with contextlib.suppress(ConnectionError):
                client = listener.accept()
                serve_one(*client)


@answer("1.5")
def accepts_in_a_generator(listener, handle):
    """A generator gives clients; a loop handles them and prints the traceback by hand."""
    def clients():
        while True:
            try:
                yield listener.accept()
            except ConnectionError:
                pass

    try:
        for connection, address in clients():
            try:
                handle(connection, address)
            except Exception as error:
                print("".join(traceback.format_exception(type(error), error, error.__traceback__)), file=sys.stderr)
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


@answer("1.5")
def keeps_errors_of_accept_and_handle_apart(listener, handle):
    """An else clause comes after accept alone, and a flag ends the loop."""
    serving = True
    try:
        while serving:
            try:
                client = listener.accept()
            except ConnectionError:
                continue
            else:
                try:
                    handle(*client)
                except Exception:
                    sys.excepthook(*sys.exc_info())
    except KeyboardInterrupt:
        serving = False
    finally:
        listener.close()


@answer("1.5")
def tells_of_each_client(listener, handle):
    """What happens is to be seen: a line before each client, for each client, and behind it."""
    print("serving", listener, file=sys.stderr)
    try:
        while True:
            print("waiting")
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            print("a client:", client_address)
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
            print("its connection is closed", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
