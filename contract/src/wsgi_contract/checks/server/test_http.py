"""What HTTP itself asks of a server so that the contract can hold. None of this is counted as a clause of PEP 3333."""
from typing import Any

import pytest

from wsgi_contract.check_ids import slug
from wsgi_contract.preconditions import bears_two_at_once, require_blocks_at_once, require_bodies, require_chunks
from wsgi_contract.raw_client import RawClient
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import BRIEFLY, Exchange

http = pytest.mark.http


# Responses without a body.


@http("RFC 9110 section 9.3.2")
@pytest.mark.parametrize("path", ["/environ", "/no-length/blocks", "/write-only/nothing"], ids=slug)
def test_a_response_to_head_has_no_body(client: RawClient, path: str) -> None:
    client.ask(path).answered()
    exchange = client.ask(path, method="HEAD").called()
    exchange.require(exchange.status == 200, "what is answered to GET is not answered to HEAD",
                     why="The two differ in nothing but the body (RFC 9110 section 9.3.2).")
    exchange.require(not exchange.body, "a response to HEAD has a body", fact="a body behind the head",
                     why="The client takes it for the next response (RFC 9110 section 9.3.2).")


@http("RFC 9110 section 6.4.1")
@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_none(client: RawClient, status: int) -> None:
    exchange = client.ask(f"/status/{status}").answered(status)
    exchange.require(not exchange.body, f"a response with status {status} has a body",
                     why="It ends with its head, and the client takes what follows for the next response "
                         "(RFC 9112 section 6.3).")


@http("RFC 9110 section 8.6")
def test_status_204_has_no_content_length(client: RawClient) -> None:
    exchange = client.ask("/status/204-length").answered(204)
    exchange.require(not exchange.values("Content-Length"), "a response with status 204 has a Content-Length",
                     fact=f"Content-Length {exchange.values('Content-Length')}",
                     why="There can't be a body, so its length is not told (RFC 9110 section 8.6).")


@http("RFC 9112 section 6.1")
def test_status_204_has_no_transfer_encoding(client: RawClient) -> None:
    exchange = client.ask("/status/204").answered(204)
    exchange.require(not exchange.values("Transfer-Encoding"),
                     "a response with status 204 announces chunks", fact="Transfer-Encoding: chunked",
                     why="A client that goes by it waits for a body (RFC 9112 section 6.1).")


# How responses are framed.


@http("RFC 9112 section 6.3")
@pytest.mark.parametrize("path", ["/no-length/blocks", "/no-length/none", "/write", "/environ"], ids=slug)
@pytest.mark.parametrize("version", ["1.0", "1.1"], ids=slug)
def test_a_response_can_be_read_to_its_end(client: RawClient, path: str, version: str) -> None:
    exchange = client.ask(path, version=version).answered()
    exchange.answer()
    is_framed = exchange.values("Content-Length") or exchange.values("Transfer-Encoding")
    exchange.require(is_framed or exchange.ended == "closed", "a response has no end", fact=exchange.ended,
                     why="Where no length is told, the end of the connection is that of the body "
                         "(RFC 9112 section 6.3).")


@http("RFC 9112 section 8")
def test_a_body_that_breaks_off_does_not_look_whole(client: RawClient) -> None:
    require_blocks_at_once(client)
    exchange = client.begin("/break-off")
    exchange.reported("waits")
    exchange.read_while_it_waits(lambda received: b"first" in received)
    exchange.go_on().read_all().answered()
    chunked = exchange.values("Transfer-Encoding")
    exchange.require(not (chunked and exchange.received.endswith(b"0\r\n\r\n")),
                     "a body that broke off is ended as if whole", fact="the last chunk is sent",
                     why="The client must be able to tell that something is missing (RFC 9112 section 8).")


@http("RFC 9112 section 9.3")
def test_two_requests_on_one_connection_are_answered_in_order(client: RawClient) -> None:
    is_borne = bears_two_at_once(client)
    exchange = client.connect()
    exchange.presume(is_borne, "two requests in one segment end the server")
    first_one = client.request(exchange, "/environ/first", keep=True)
    exchange.send(first_one + client.request(exchange, "/environ/second")).read_all().answered()
    first, second = exchange.received.find(b"/environ/first"), exchange.received.find(b"/environ/second")
    exchange.require(first >= 0 and (exchange.answers == 1 or first < second),
                     "the answers are not those to the requests, in their order", fact="the second is not answered",
                     why="The client tells them apart by their order alone (RFC 9112 section 9.3.2).")


@http("RFC 9112 section 9.6")
def test_connection_close_is_heeded(client: RawClient) -> None:
    exchange = client.ask("/environ").answered()
    exchange.require(exchange.ended == "closed", "the connection is not closed", fact=f"it is {exchange.ended}",
                     why="The client has said that this is its last request (RFC 9112 section 9.6).")


@http("RFC 9110 section 5.3")
def test_a_date_of_the_applications_is_the_only_one(client: RawClient) -> None:
    exchange = client.ask("/spelling/usual").answered()
    dates = len(exchange.values("Date"))
    exchange.require(dates == 1, "the response has another Date beside the application's", fact=f"{dates} Date fields",
                     why="Only a list may come in several fields (RFC 9110 section 5.3).")


@http("RFC 9112 section 4")
@pytest.mark.disputed("an application that never calls start_response has broken the PEP itself")
def test_without_start_response_no_head_is_made_up(client: RawClient) -> None:
    exchange = client.ask("/no-start").called()
    exchange.require(not exchange.received or exchange.status and exchange.status >= 500,
                     "a response is sent that the application has not begun", fact=exchange.head[0],
                     expected="an error, or the end of the connection",
                     why="A head begins with a status, and there is none (RFC 9112 section 4).")


# What an application must not be able to put into the head.


@http("RFC 9110 section 5.5")
@pytest.mark.parametrize("kind", ["line-in-the-status", "line-in-a-value", "lf-in-a-value", "line-in-a-name"])
def test_nothing_can_be_injected_into_the_head(client: RawClient, kind: str) -> None:
    exchange = client.ask(f"/bad/{kind}").called()
    injected = b"\nX-Injected:" in exchange.received.partition(b"\r\n\r\n")[0]
    exchange.require(not injected, f"a header is injected: {kind.replace('-', ' ')}", fact="X-Injected: yes is sent",
                     why="Whoever chooses the value would choose headers, and the body too (RFC 9110 section 5.5).")


# Requests that can be read in two ways.


def require_refusal(exchange: Exchange, problem: str, why: str, statuses: tuple[int | None, ...] = (400,)) -> None:
    """Fail unless a request is refused with one of some statuses (None: the connection ends without any)."""
    exchange.require(exchange.status in statuses, problem,
                     expected=f"status {' or '.join(map(str, filter(None, statuses)))}", why=why)


def post(client: RawClient, body: bytes, *fields: str) -> Exchange:
    """Return the Exchange of a POST with these fields; the server may wait for more of its body than is sent."""
    require_bodies(client)
    lines = ["POST {target} HTTP/1.1", "Host: {host}", "Connection: close", *fields]
    return client.say(lines, body, seconds=LIMITS.pause)


def get(client: RawClient, *fields: str, **more: Any) -> Exchange:
    """Return the Exchange of a GET with these fields."""
    return client.say(["GET {target} HTTP/1.1", "Host: {host}", "Connection: close", *fields], **more)


@http("RFC 9112 section 6.3")
@pytest.mark.parametrize("fields", [["Content-Length: 5", "Content-Length: 6"], ["Content-Length: 5, 6"]],
                         ids=["two-fields", "one-field"])
def test_two_lengths_are_refused(client: RawClient, fields: list[str]) -> None:
    require_refusal(post(client, b"hello!", *fields), "a request with two lengths is served",
                    "Two programs would see two different bodies (RFC 9112 section 6.3).")


@http("RFC 9112 section 6.3")
@pytest.mark.parametrize("value", ["+5", "-5", "5x", "0x5", "5_0", ""],
                         ids=["plus", "minus", "letter", "hexadecimal", "underscore", "empty"])
def test_a_length_that_is_no_number_is_refused(client: RawClient, value: str) -> None:
    require_refusal(post(client, b"hello", f"Content-Length: {value}"),
                    f"a Content-Length is accepted that is no number: {value!r}",
                    "Where the body ends must not be a matter of taste (RFC 9112 section 6.3).")


@http("RFC 9112 section 6.1")
def test_a_length_beside_chunks_hides_no_request(client: RawClient) -> None:
    exchange = client.connect()
    lines = [f"POST {exchange.target('/ignore')} HTTP/1.1", f"Host: {client.host}", "Content-Length: 5",
             "Transfer-Encoding: chunked"]
    hidden = client.request(exchange, "/smuggled")
    exchange.send("\r\n".join(lines).encode() + b"\r\n\r\n0\r\n\r\n" + hidden)
    exchange.read_until(lambda received: exchange.answers > 1)
    is_alone = b'/smuggled"' in exchange.received and exchange.answers == 1
    exchange.require(exchange.answers <= 1 and not is_alone, "a request is served that was hidden behind two lengths",
                     fact="it is the only one that is answered" if is_alone else f"{exchange.answers} answers",
                     expected="status 400, or the end of the connection after one answer",
                     why="Some other program in front may have taken it for a body (RFC 9112 section 6.1).")


@http("RFC 9112 section 6.3")
@pytest.mark.parametrize("codings", ["gzip", "chunked, gzip", "xchunked"], ids=slug)
def test_a_transfer_coding_without_an_end_is_refused(client: RawClient, codings: str) -> None:
    require_refusal(post(client, b"0\r\n\r\n", f"Transfer-Encoding: {codings}"),
                    f"a request is served whose end nobody knows: {codings}",
                    "Only chunks say where they end (RFC 9112 section 6.3).", (400, 501))


def chunk_of_size(client: RawClient, size: str) -> Exchange:
    """Return the Exchange in which the application reads a chunk with this size (str) before it."""
    exchange = client.begin("/read/all", method="POST", fields=["Transfer-Encoding: chunked"],
                            body=f"{size}\r\nhello\r\n0\r\n\r\n".encode())
    return exchange.read_answer(LIMITS.pause)  # a server may wait for the rest of such a body


@http("RFC 9112 section 7.1")
@pytest.mark.parametrize("size", ["0x5", "+5", "5_", "", "g"], ids=["0x", "plus", "underscore", "empty", "letter"])
def test_a_chunk_size_that_is_no_hexadecimal_number_is_refused(client: RawClient, size: str) -> None:
    require_chunks(client)
    exchange = chunk_of_size(client, size)
    exchange.require(exchange.body != b"[b'hello']", f"a chunk is accepted whose size is {size!r}",
                     why="Two programs would see two different bodies (RFC 9112 section 7.1).")


@http("RFC 9112 section 7.1.1")
def test_chunk_extensions_and_trailers_are_passed_over(client: RawClient) -> None:
    require_chunks(client)
    exchange = client.ask("/read/all", method="POST", fields=["Transfer-Encoding: chunked"],
                          body=b"5;name=value\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n")
    exchange.require(exchange.body == b"[b'hello']", "chunks with an extension and a trailer are not read",
                     expected="[b'hello']", why="A recipient ignores what it does not know (RFC 9112 section 7.1.1).")


@http("RFC 9112 section 9.3")
def test_a_body_that_was_not_read_is_not_the_next_request(client: RawClient) -> None:
    is_borne = bears_two_at_once(client)
    exchange = client.connect()
    exchange.presume(is_borne, "two requests in one segment end the server")
    hidden = client.request(exchange, "/smuggled", keep=True)
    both = client.request(exchange, "/ignore", method="POST", body=hidden, keep=True)
    exchange.send(both + client.request(exchange, "/environ/last")).read_all().answered()
    exchange.require(b"/smuggled" not in exchange.received, "the body of a request is served as a request",
                     fact="what was in a body is answered",
                     why="What is in a body is not for the server (RFC 9112 section 9.3).")


# Heads.


@http("RFC 9112 section 5.1")
def test_a_space_before_the_colon_is_refused(client: RawClient) -> None:
    require_refusal(get(client, "X-Probe : 1"), "a field with a space before the colon is accepted",
                    "Another program may read another name (RFC 9112 section 5.1).")


@http("RFC 9112 section 5.2")
def test_a_folded_line_is_refused_or_joined(client: RawClient) -> None:
    exchange = get(client, "X-Probe: a", " X-Folded: b", path="/environ")
    own, end = b"HTTP_X_FOLDED" in exchange.body, b"\\r" in exchange.body
    exchange.require(exchange.status == 400 or not (own or end),
                     "a folded line is a field of its own, or brings its line end along",
                     fact="HTTP_X_FOLDED" if own else "a line end in the value",
                     expected="status 400, or the lines joined by a space",
                     why="A server refuses it, or replaces it by a space (RFC 9112 section 5.2).")


@http("RFC 9112 section 3.2")
@pytest.mark.parametrize("hosts", [[], ["Host: a", "Host: b"]], ids=["none", "two"])
def test_a_request_has_one_host(client: RawClient, hosts: list[str]) -> None:
    require_refusal(client.say(["GET {target} HTTP/1.1", "Connection: close", *hosts]),
                    f"a request with {len(hosts)} Host fields is served",
                    "It is not certain whom it is meant for (RFC 9112 section 3.2).")


@http("RFC 9110 section 5.5")
@pytest.mark.parametrize("character", ["\x00", "\r"], ids=["nul", "cr"])
def test_a_control_character_in_a_value_does_not_reach_the_application(client: RawClient, character: str) -> None:
    exchange = get(client, f"X-Probe: a{character}b", path="/environ")
    shown = {"\x00": b"\\u0000", "\r": b"\\r"}[character]
    exchange.require(exchange.status == 400 or shown not in exchange.body, "a control character is passed on",
                     fact="it is in the environ", expected="status 400, or a space in its place",
                     why="What comes after the server may take it for the end of a line (RFC 9110 section 5.5).")


@http("RFC 9112 section 3")
@pytest.mark.parametrize("line", ["GET", "{target} GET HTTP/1.1", "GET {target} FTP/1.1"],
                         ids=["method-alone", "target-first", "another-protocol"])
def test_a_malformed_request_line_is_refused(client: RawClient, line: str) -> None:
    exchange = client.say([line, "Host: {host}", "Connection: close"])
    statuses = (400, 405, 501, 505, None)
    exchange.require(exchange.status in statuses and not exchange.event("called", BRIEFLY),
                     f"a malformed request line is served: {line}", expected="status 400",
                     why="Programs that guess guess differently (RFC 9112 section 3).")


@http("RFC 9112 section 3.2.2")
def test_a_target_in_absolute_form_is_understood(client: RawClient) -> None:
    exchange = client.say([f"GET http://{client.host}{{target}} HTTP/1.1", "Host: {host}", "Connection: close"],
                          path="/environ/absolute")
    exchange.require(f'"PATH_INFO": ["str", "{exchange.target("/environ/absolute")}"]'.encode() in exchange.body,
                     "an absolute target is not understood",
                     fact=exchange.head[0] + ", another PATH_INFO", expected="PATH_INFO /environ/absolute",
                     why="Every server must accept it (RFC 9112 section 3.2.2).")
