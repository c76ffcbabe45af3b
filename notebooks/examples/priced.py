"""Prices in dollars, and a layer that turns them into euros: with a wrong length, and without one."""
TEXT = [("Content-Type", "text/plain; charset=utf-8")]
BODY = b"tea: $4, cup: $9."


def measured(environ, start_response):
    length = ("Content-Length", str(len(BODY)))
    start_response("200 OK", [*TEXT, length])
    return [BODY]


def in_euros(inner):
    def layer(environ, start_response):
        for block in inner(environ, start_response):
            yield block.replace(b"$", "€".encode())
    return layer


def unmeasured(environ, start_response):
    start_response("200 OK", TEXT)
    return [BODY]


with_length = in_euros(measured)
without_length = in_euros(unmeasured)
