"""Files of the system in wsgi.file_wrapper, opened as applications open them: the system may send them."""
import pytest

from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import Exchange

WHY = "PEP 3333, Optional Platform-Specific File Handling"
DIGITS = b"0123456789"
SENT = {"whole": DIGITS, "position": b"6789", "end": b"", "large": bytes(range(256)) * 12_000}
CUT = {"length": b"0123", "position-and-length": b"3456", "no-length": b""}


def file_of(client: RawClient, name: str, **options: str) -> Exchange:
    """Return the Exchange in which the application returns a file. Raises NotOffered where there is no wrapper."""
    exchange = client.ask(f"/opened-file/{name}", **options)
    if not exchange.reported("wrapper")["offered"]:
        raise NotOffered("the server has no wsgi.file_wrapper")
    return exchange


@pytest.mark.clause(129)
@pytest.mark.parametrize("name", SENT)
def test_a_file_of_the_system_is_sent(client: RawClient, name: str) -> None:
    exchange = file_of(client, name)
    body = exchange.body if exchange.status == 200 else b""
    exchange.require(exchange.status == 200 and body == SENT[name], f"a file is not sent: {name}",
                     expected=f"status 200, {len(SENT[name])} bytes",
                     fact=f"status {exchange.status}, {len(body)} bytes",
                     why=f"It is sent from where it stands to its end ({WHY}).")


@pytest.mark.http("RFC 9112 section 6.3")
@pytest.mark.parametrize("name", ["whole", "position", "end"])
def test_a_response_with_a_file_can_be_read_to_its_end(client: RawClient, name: str) -> None:
    exchange = file_of(client, name).answered()
    exchange.answer()


@pytest.mark.clause(129)
@pytest.mark.parametrize("name", CUT)
def test_a_file_of_the_system_is_sent_to_the_content_length(client: RawClient, name: str) -> None:
    exchange = file_of(client, name).answered()
    exchange.require(exchange.body == CUT[name],
                     f"a file is not sent to its Content-Length: {name}", expected=repr(CUT[name]),
                     why=f"The application has said how much of it is meant ({WHY}).")


@pytest.mark.http("RFC 9110 section 6.4.1")
@pytest.mark.parametrize("how", ["HEAD", "204", "304"], ids=str.lower)
def test_a_file_is_not_sent_where_there_is_no_body(client: RawClient, how: str) -> None:
    name, method, status = ("whole", "HEAD", 200) if how == "HEAD" else (how, "GET", int(how))
    usual = client.ask("/environ" if how == "HEAD" else f"/status/{how}", method=method).answered(status)
    usual.presume(not usual.body, "the server sends a body there in any case")
    exchange = file_of(client, name, method=method).answered(status)
    exchange.require(not exchange.body, f"a file is sent where there is no body: {how}",
                     why="The client takes it for the next response (RFC 9112 section 6.3).")
