"""A layer that prints what passes through it, and two applications to put inside of it."""
TEXT = [("Content-Type", "text/plain")]


class Traced:
    """A layer that prints when it is called, when it returns, and each start_response."""

    def __init__(self, name, app):
        self.name, self.app = name, app

    def __call__(self, environ, start_response):
        print(self.name, "is called")

        def passing(status, headers, exc_info=None):
            print(self.name, "start_response", status)
            return start_response(status, headers, exc_info)

        inner = self.app(environ, passing)
        print(self.name, "returns")
        return TracedBlocks(self.name, inner)


class TracedBlocks:
    """The iterable of a Traced layer: it prints each block, and close."""

    def __init__(self, name, inner):
        self.name, self.inner = name, inner
        self.iterator = iter(inner)

    def __iter__(self):
        return self

    def __next__(self):
        block = next(self.iterator)
        print(self.name, "block", block)
        return block

    def close(self):
        print(self.name, "close")
        if hasattr(self.inner, "close"):
            self.inner.close()


def list_app(environ, start_response):
    print("      app")
    start_response("200 OK", TEXT)
    return [b"tea", b"cup"]


def late_app(environ, start_response):
    print("      app")
    start_response("200 OK", TEXT)
    yield b"tea"
    yield b"cup"
