"""An application that fails: at /late after its first block, on all other pages before it."""
import sys


class Body:
    def __init__(self, page):
        self.page = page

    def __iter__(self):
        if self.page == "/late":
            yield b"half "
        {}["price"]

    def close(self):
        print("close", self.page, file=sys.stderr, flush=True)


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Body(environ["PATH_INFO"])
