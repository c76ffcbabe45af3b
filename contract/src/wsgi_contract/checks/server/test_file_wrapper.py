"""wsgi.file_wrapper, which a server need not offer."""
import pytest

from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import Exchange

WHY = "PEP 3333, Optional Platform-Specific File Handling"
DIGITS = b"0123456789"


def served_file(client: RawClient, name: str) -> Exchange:
    """Return the Exchange in which the application returns a file. Raises NotOffered where there is no wrapper."""
    exchange = client.ask(f"/file/{name}")
    if not exchange.reported("wrapper")["offered"]:
        raise NotOffered("the server has no wsgi.file_wrapper")
    return exchange


def require_file(exchange: Exchange, body: bytes, problem: str, why: str) -> None:
    """Fail unless the answer has status 200 and this body (bytes)."""
    exchange.require(exchange.status == 200 and exchange.body == body, problem, expected=f"status 200, body {body!r}",
                     why=f"{why} ({WHY}).")


@pytest.mark.clause(123)
@pytest.mark.parametrize("name", ["disk", "block-size"])
def test_it_takes_a_file_and_an_optional_size(client: RawClient, name: str) -> None:
    require_file(served_file(client, name), DIGITS, "the file is not sent", "The size of blocks may be left out")


@pytest.mark.clause(124)
@pytest.mark.parametrize("name", ["memory", "bare", "iterable"])
def test_it_returns_an_iterable_for_anything_that_can_be_read(client: RawClient, name: str) -> None:
    require_file(served_file(client, name), DIGITS, "what is no file of the system is not sent",
                 "An object with read() is enough")


@pytest.mark.clause(125)
def test_nothing_is_sent_before_it_is_returned(client: RawClient) -> None:
    require_file(served_file(client, "discarded").answered(), b"another body", "a file is sent that was not returned",
                 "The application may return something else in the end")


@pytest.mark.clause(127)
def test_close_closes_the_file(client: RawClient) -> None:
    exchange = served_file(client, "closing").answered()
    exchange.require(exchange.event("file closed"), "the file is not closed", fact="close() is not called",
                     why=f"Only the server knows when it has been sent ({WHY}).")


@pytest.mark.clause(129)
def test_a_file_is_sent_from_where_it_stands(client: RawClient) -> None:
    require_file(served_file(client, "position").answered(), b"6789", "the file is not sent from where it stands",
                 "The application may want to send its end only")


@pytest.mark.clause(129)
def test_a_file_is_sent_to_the_content_length(client: RawClient) -> None:
    require_file(served_file(client, "length").answered(), b"0123", "the file is sent beyond its Content-Length",
                 "The application has said how much of it is meant")
