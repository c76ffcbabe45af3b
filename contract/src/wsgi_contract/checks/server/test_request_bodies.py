"""Bodies of requests: big ones, slow ones, and odd sizes to read."""
import hashlib
import itertools

import pytest

from wsgi_contract.checks.server.test_streams import require_end, require_read
from wsgi_contract.preconditions import CHUNKED, require_chunks
from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import BRIEFLY

BODY = b"one\ntwo\nthree"
STREAMS = "PEP 3333, Input and Error Streams"
BIG = bytes(range(256)) * 3_900  # a little less than 1 MB
REFUSED = (411, 413, 501)  # a server need not take such a body


@pytest.mark.clause(134)
def test_what_is_read_is_bytes(client: RawClient) -> None:
    exchange = client.ask("/read/five", method="POST", body=b"hello").answered()
    exchange.require(exchange.body.startswith(b"[b'"), "what is read is no bytes", expected="bytes",
                     why="A body may be a picture (PEP 3333, A Note On String Types).")


@pytest.mark.clause(62)
def test_read_of_0_bytes_gives_none_and_takes_none(client: RawClient) -> None:
    require_read(client.begin("/read/zero", method="POST", body=BODY), [b"", BODY],
                 "read(0) gives something, or takes it", "It is read as a file is")


@pytest.mark.clause(66)
def test_read_of_less_than_0_bytes_gives_the_rest(client: RawClient) -> None:
    require_end(client)
    require_read(client.begin("/read/less-than-zero", method="POST", body=BODY, keep=True), [BODY, b""],
                 "read(-1) does not give the rest", "It is read as a file is")


def in_chunks(body: bytes) -> bytes:
    """Return a body in chunks of many sizes."""
    sizes, chunks, begin = itertools.cycle([1, 10, 255, 4_096, 70_000]), [], 0
    while begin < len(body):
        part = body[begin:begin + next(sizes)]
        chunks.append(b"%x\r\n%b\r\n" % (len(part), part))
        begin += len(part)
    return b"".join([*chunks, b"0\r\n\r\n"])


@pytest.mark.clause(55)
@pytest.mark.parametrize("kind", ["length", "chunks"])
def test_a_big_body_is_read_whole(client: RawClient, kind: str) -> None:
    fields, body = {"length": ([], BIG), "chunks": (CHUNKED, in_chunks(BIG))}[kind]
    if kind == "chunks":
        require_chunks(client)
    exchange = client.ask("/digest", method="POST", fields=fields, body=body)
    if exchange.status in REFUSED:
        raise NotOffered(f"the server takes no such body: {exchange.status}")
    exchange.called()
    expected = f"{len(BIG)} {hashlib.sha256(BIG).hexdigest()}".encode()
    exchange.require(exchange.body == expected, "a big body is not what the client sent", expected=repr(expected),
                     why=f"A file that is sent in is broken by one byte ({STREAMS}).")


@pytest.mark.clause(55)
@pytest.mark.parametrize("kind", ["length", "chunks"])
def test_a_body_may_come_byte_by_byte(client: RawClient, kind: str) -> None:
    fields, body = {"length": ([f"Content-Length: {len(BODY)}"], BODY),
                    "chunks": (CHUNKED, b"3\r\none\r\nA\r\n\ntwo\nthree\r\n0\r\n\r\n")}[kind]
    if kind == "chunks":
        require_chunks(client)
    exchange = client.begin("/read/thirteen", method="POST", fields=fields)
    exchange.event("reads", BRIEFLY)  # by now a server has read what is there
    exchange.send(body[:1]).read_until(bool, BRIEFLY)
    for position in range(1, len(body)):
        exchange.send(body[position:position + 1])
    require_read(exchange, [BODY], "a slow body is not read whole", "Bytes arrive as the network has them")
