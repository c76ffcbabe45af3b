"""Chapters 3 to 5: who calls whom between the server, the middleware and the application."""
from functools import partial

from dev.pictures.sequence import sequence

ALL_THREE = {"client": "client", "server": "server", "application": "application"}

# The call of an application, as `call_application` and `respond` of chapter 3 have it.
CALL = (
    "ch03_call", "One call of an application",
    "A server turns a request into a call of an application, and collects the response.",
    ALL_THREE, (
        ("client", "sends", "server", "request"),
        ("server", "does", "builds the", "environ"),
        ("server", "calls", "application", "`app(environ,`", "`start_response)`"),
        ("application", "calls", "server",
         "`start_response(`", "`status, headers)`,", "now or with the", "first block"),
        ("server", "does", "keeps both,", "sends nothing"),
        ("server", "returns", "application", "returns `write`"),
        ("application", "returns", "server", "an iterable"),
        ("server", "calls", "application", "next block?"),
        ("application", "returns", "server", "bytes"),
        ("server", "does", "and so on,", "to the last"),
        ("server", "calls", "application", "`close()`, if the", "iterable has it"),
        ("server", "sends", "client", "status, headers,", "all blocks"),
    ),
)

# A response that goes well, as `answer_with` and `Response` of chapter 4 have it.
LOOP = (
    "ch04_loop", "The response loop",
    "The server sends each block as the application gives it. Its function answer_with and its object response"
    " share the work; boxes with 'to the client' are bytes on the wire.",
    {"server": "server", "response": "server", "application": "application"}, (
        ("server", "calls", "application", "`app(environ, response.start_response)`"),
        ("application", "calls", "response", "`start_response(`", "`status, headers)`"),
        ("response", "does", "keeps both, sends nothing"),
        ("response", "returns", "application", "`write`"),
        ("application", "returns", "server", "an iterable"),
        ("server", "calls", "response", "`write_blocks(`", "`iterable)`"),
        ("response", "calls", "application", "next block?"),
        ("application", "returns", "response", '`b""`'),
        ("response", "does", "empty: sends nothing"),
        ("response", "calls", "application", "next block?"),
        ("application", "returns", "response", '`b"Hello, "`'),
        ("response", "emits", "to the client: head + block"),
        ("response", "calls", "application", "next block?"),
        ("application", "returns", "response", '`b"world"`'),
        ("response", "emits", "to the client: block"),
        ("response", "calls", "application", "next block?"),
        ("application", "returns", "response", "no more"),
        ("server", "calls", "response", "`close()`"),
        ("response", "emits", "to the client: last chunk, if chunked"),
        ("server", "does", "access log"),
        ("server", "calls", "application", "`iterable.close()`"),
    ),
)

# A response that goes wrong, as `answer_with` and `Response.send_error` of chapter 4 have it.
ERROR = (
    "ch04_error", "An error before and after the head has gone",
    "What the server can still do depends on whether the head has gone.",
    ALL_THREE, (
        ("", "scene", "1 · before the head has gone"),
        ("server", "calls", "application", "next block?"),
        ("application", "raises", "server", "an exception"),
        ("server", "suffers", "traceback in the log"),
        ("server", "sends", "client", "`500 Internal`", "`Server Error`"),
        ("server", "does", "access log"),
        ("server", "calls", "application", "`iterable.close()`"),
        ("", "scene", "2 · after it"),
        ("server", "calls", "application", "next block?"),
        ("application", "returns", "server", "bytes"),
        ("server", "sends", "client", "head `200 OK`", "and this block"),
        ("server", "calls", "application", "next block?"),
        ("application", "raises", "server", "an exception"),
        ("server", "suffers", "traceback in the log;", "too late for a 500"),
        ("server", "does", "access log"),
        ("server", "calls", "application", "`iterable.close()`"),
        ("server", "cuts", "client", "the connection", "ends"),
        ("client", "suffers", "the body has", "no proper end"),
    ),
)

# A call through `ReplaceText` of chapter 5.
LAYERS = (
    "ch05_layers", "A call through middleware",
    "ReplaceText, which makes the dollar sign a euro sign, stands between a server and an application: calls go"
    " in, start_response and the blocks come out.",
    {"server": "server", "ReplaceText": "middleware", "application": "application"}, (
        ("server", "calls", "ReplaceText", "`app(environ,`", "`start_response)`"),
        ("ReplaceText", "calls", "application", "`app(environ, …)`", "with its own", "`start_response`"),
        ("application", "calls", "ReplaceText", "`start_response(…)`", "`Content-Length: 2`"),
        ("ReplaceText", "calls", "server", "`start_response(…)`", "without that length"),
        ("server", "returns", "ReplaceText", "`write`"),
        ("ReplaceText", "returns", "application", "a `write` of its own"),
        ("application", "returns", "ReplaceText", "an iterable"),
        ("ReplaceText", "returns", "server", "its own iterable"),
        ("server", "calls", "ReplaceText", "next block?"),
        ("ReplaceText", "calls", "application", "next block?"),
        ("application", "returns", "ReplaceText", "`$4`: 2 bytes"),
        ("ReplaceText", "returns", "server", "`€4`: 4 bytes"),
        ("server", "calls", "ReplaceText", "`close()`"),
        ("ReplaceText", "calls", "application", "`close()`"),
    ),
)

PICTURES = [partial(sequence, *table) for table in (CALL, LOOP, ERROR, LAYERS)]
