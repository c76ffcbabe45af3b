"""What many checks presuppose of a server. Each is tried once, and remembered for all the checks of a run."""
from wsgi_contract.problem import NotOffered, NotSeen
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import NOT_OFFERED, Exchange

CHUNKED = ("Transfer-Encoding: chunked",)


def require_bodies(client: RawClient) -> None:
    """Return if the application can read the body of a plain POST. Raises NotSeen, or NotOffered."""
    found = client.server.remembered("a body", lambda: client.ask("/read/five", method="POST", body=b"hello"))
    refuse_unread(found, "the body of a plain POST is not read: ")


def require_chunks(client: RawClient) -> None:
    """Return if the server decodes a body in chunks that is as it should be. Raises NotOffered, or NotSeen."""
    body = b"5\r\nhello\r\n0\r\n\r\n"
    found = client.server.remembered(
        "chunks", lambda: client.ask("/read/five", method="POST", fields=CHUNKED, body=body))
    refuse_unread(found, "a body in chunks is not read: ")


def refuse_unread(exchange: Exchange, words: str) -> None:
    """Raise NotSeen unless b"hello" was read in an exchange; NotOffered if the server says that it can't do that."""
    if exchange.status in NOT_OFFERED:
        raise NotOffered(f"{words}{exchange.in_short()}")
    if exchange.body != b"[b'hello']":
        raise NotSeen(exchange.steady(words + exchange.in_short()))


def require_write(client: RawClient) -> None:
    """Return if start_response returns something that can be called. Raises NotSeen."""
    def look() -> bool:
        return bool(client.ask("/write-callable").reported("returned")["callable"])

    if not client.server.remembered("write", look):
        raise NotSeen("start_response returns no write (clause 81)")


def bears_two_at_once(client: RawClient) -> bool:
    """Tell whether the server outlives two requests in one segment; some that do not know them end."""
    def look() -> bool:
        exchange = client.connect()
        requests = client.request(exchange, "/ignore", keep=True) + client.request(exchange, "/ignore")
        exchange.send(requests).read_all()
        return client.still_serves()

    return client.server.remembered("two at once", look)


def keeps_two_apart(client: RawClient) -> bool:
    """Tell whether the server answers a request that comes in one segment with another one, as if it came alone."""
    def look() -> bool:
        exchange = client.connect()
        first, second = client.request(exchange, "/environ/first", keep=True), client.request(exchange, "/ignore")
        exchange.send(first + second).read_all()
        return b"/environ/first" in exchange.received

    return bears_two_at_once(client) and client.server.remembered("two apart", look)


def require_blocks_at_once(client: RawClient) -> None:
    """Return if a block arrives while the application waits. Raises NotSeen."""
    if not client.server.remembered("blocks at once", lambda: first_block(client)):
        raise NotSeen("blocks are held back (clause 107)")


def first_block(client: RawClient) -> bool:
    """Tell whether a first block arrives while the application waits."""
    exchange = client.begin("/slow")
    exchange.reported("waits")
    in_time = exchange.read_while_it_waits(lambda received: b"first" in received)
    exchange.go_on().read_all()
    return in_time
