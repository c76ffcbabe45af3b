"""Chapters 1 and 2: what goes over the wire between a client and a server, and when."""
from functools import partial

from dev.pictures.sequence import sequence

CLIENT_AND_SERVER = {"client": "client", "server": "server"}

# One connection from accept to close, as `handle` and `hang_up` of chapter 1 have it.
EXCHANGE = (
    "ch01_exchange", "One request, one response, one connection",
    "A client and a server exchange bytes over one TCP connection.",
    CLIENT_AND_SERVER, (
        ("server", "does", "waits in `accept()`"),
        ("client", "calls", "server", "connect"),
        ("server", "does", "has a connection"),
        ("client", "sends", "server", "`GET / HTTP/1.1\\r\\n`", "`Host: 127.0.0.1:80`"),
        ("server", "does", "`recv()` again: there is", "no blank line yet"),
        ("client", "sends", "server", "`00\\r\\n\\r\\n`"),
        ("server", "does", "the head is whole"),
        ("server", "sends", "client", "status line, header fields,", "blank line, body"),
        ("server", "closes", "client", "`shutdown(SHUT_WR)`:", "that was all"),
        ("client", "closes", "server", "closes too: `recv()`", 'returns `b""`'),
        ("server", "does", "`close()`, and then", "`accept()` again"),
    ), 270,
)

# Where the body is when the head is there, without and with Expect, as `Reader` of chapter 2 has it.
BODY = (
    "ch02_body", "The head, and the body later",
    "Two ways in which a client sends the ten bytes of who=你好 to a server.",
    CLIENT_AND_SERVER, (
        ("", "scene", "1 · the body comes when it comes"),
        ("client", "sends", "server", "`POST /echo HTTP/1.1\\r\\n`", "`…Content-Length: 10\\r\\n\\r\\n`",
         "and 6 bytes of the body"),
        ("server", "does", "the head is whole,", "4 bytes of the body are", "missing: `recv()` again"),
        ("client", "sends", "server", "4 bytes"),
        ("server", "does", "10 bytes: `who=你好`"),
        ("server", "sends", "client", "`HTTP/1.1 200 OK\\r\\n…`"),
        ("", "scene", "2 · the client asks first"),
        ("client", "sends", "server", "`POST /echo HTTP/1.1\\r\\n`", "`…Content-Length: 10\\r\\n`",
         "`Expect: 100-continue\\r\\n\\r\\n`"),
        ("client", "does", "waits"),
        ("server", "does", "the head is whole,", "the body not too large", "(if it were: `413` now)"),
        ("server", "sends", "client", "`HTTP/1.1 100 Continue\\r\\n\\r\\n`"),
        ("client", "sends", "server", "10 bytes: `who=你好`"),
        ("server", "sends", "client", "`HTTP/1.1 200 OK\\r\\n…`"),
    ), 270,
)

PICTURES = [partial(sequence, *table) for table in (EXCHANGE, BODY)]
