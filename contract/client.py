"""The client of one check: each request goes over a connection of its own, and all are closed in the end."""
from contract.wire import BLANK_LINE, Departure


class Client:
    """Asks the server under test."""

    def __init__(self, served):
        self.served = served
        self.exchanges = []

    def connect(self):
        """Return an Exchange over which nothing was sent yet. Raises Departure if the server takes no connection."""
        try:
            self.exchanges.append(self.served.begin())
        except OSError as error:
            raise Departure("the server takes no connection", type(error).__name__, "A server keeps listening.")
        return self.exchanges[-1]

    def request(self, exchange, path, *, method="GET", version="1.1", fields=(), body=None, query="", keep=False):
        """Return a request (bytes) for an Exchange. Without keep, the server is asked to close the connection.

        A body (bytes) is announced with its length, unless fields say otherwise.
        """
        lines = [f"{method} {exchange.target(path, query)} HTTP/{version}", f"Host: {self.host}", *fields]
        lines += [] if keep else ["Connection: close"]
        announced = any(line.lower().startswith(("content-length:", "transfer-encoding:")) for line in fields)
        lines += [f"Content-Length: {len(body)}"] if body is not None and not announced else []
        return "\r\n".join(lines).encode("latin-1") + BLANK_LINE + (body or b"")

    def begin(self, path, **options):
        """Send a request (see there) and return its Exchange."""
        exchange = self.connect()
        return exchange.send(self.request(exchange, path, **options))

    def ask(self, path, **options):
        """Send a request and return its Exchange once all has come back."""
        return self.begin(path, **options).read_all()

    def say(self, lines, body=b"", *, path="/ignore", hang_up=False):
        """Send the lines of a head as they are, and a body; return the Exchange once all has come back.

        lines are str, in which {target} and {host} are filled in. hang_up tells to hang up one's own side then.
        """
        exchange = self.connect()
        head = "\r\n".join(lines).replace("{target}", exchange.target(path)).replace("{host}", self.host)
        exchange.send(head.encode("latin-1") + BLANK_LINE + body)
        return (exchange.hang_up() if hang_up else exchange).read_all()

    @property
    def host(self):
        """The value of the Host field."""
        return f"127.0.0.1:{self.served.port}"

    def still_waits(self):
        """Tell whether an exchange was given up because nothing more came: the server may hang."""
        return any(exchange.ended == "open" for exchange in self.exchanges)

    def close(self):
        for exchange in self.exchanges:
            exchange.close()
        self.served.witness.forget()
