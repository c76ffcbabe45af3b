"""A check of a running server is watched: a server that ends during a check is no finding of that check."""
import contextlib
from collections.abc import Iterator

from wsgi_contract.problem import Diagnosis, NoMoreAnswers, NotSeen, shown_bytes
from wsgi_contract.raw_client import RawClient
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import BRIEFLY


@contextlib.contextmanager
def watched(client: RawClient) -> Iterator[None]:
    """Start the server for the check that runs within, and look afterwards whether it still runs.

    Raises NotSeen if the server has ended, and what make_ready raises.
    """
    client.server.make_ready()
    try:
        yield
    except NoMoreAnswers:
        raise  # that is what the check is about
    except (Diagnosis, NotSeen):
        refuse_ended(client, BRIEFLY)  # whatever was found is no wonder then; it may be about to end
        raise
    if client.server.starts > 1:  # it ends now and then: perhaps it is about to
        client.still_serves(LIMITS.pause)
    refuse_ended(client)


def refuse_ended(client: RawClient, seconds: float = 0) -> None:
    """Raise NotSeen if the server has ended, or ends within some seconds."""
    program = client.server.place.program
    if program and client.server.has_ended(seconds):
        raise NotSeen("the server has ended: it was there before this check",
                      sent=shown_bytes(b"".join(exchange.sent for exchange in client.exchanges[-1:])),
                      status=program.process.returncode, output=program.last_lines())
