"""The body: blocks and when they are sent, write(), close(), and Content-Length."""
import pytest

from wsgi_contract.answer import DATE
from wsgi_contract.preconditions import first_block, require_blocks_at_once
from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import Exchange

DETAILS, BUFFERING = "PEP 3333, Specification Details", "PEP 3333, Buffering and Streaming"
WRITE, LENGTH = "PEP 3333, The write() Callable", "PEP 3333, Handling the Content-Length Header"


def require_body(exchange: Exchange, body: bytes, problem: str, why: str) -> None:
    """Fail unless the answer has this body (bytes)."""
    exchange.answered().require(exchange.body == body, problem, expected=f"body {body!r}", why=f"{why}.")


# The head.


@pytest.mark.clause(19)
def test_a_date_is_added(client: RawClient) -> None:
    exchange = client.ask("/ignore").answered()
    dates = exchange.values("Date")
    exchange.require(len(dates) == 1 and DATE.fullmatch(dates[0]),
                     "the response has no Date", fact=f"{len(dates)} Date fields",
                     why="A server adds what HTTP asks for and the application left out (PEP 3333, The "
                         "start_response() Callable; RFC 9110 section 6.6.1).")


def counts(exchange: Exchange) -> str:
    """Return how often each of some fields is there, in words."""
    names = ("Content-Length", "Date", "Content-Type", "Transfer-Encoding")
    return ", ".join(f"{len(exchange.values(name))} {name}" for name in names)


@pytest.mark.clause(20)
@pytest.mark.parametrize("case", ["lower", "upper", "mixed"])
def test_the_applications_headers_are_known_in_any_case(client: RawClient, case: str) -> None:
    usual, exchange = (client.ask(f"/spelling/{name}").answered() for name in ("usual", case))
    exchange.require(counts(exchange) == counts(usual) and exchange.body == b"hello",
                     f"headers that are spelt in {case} case are not recognized", fact=counts(exchange),
                     expected=counts(usual),
                     why="The names of fields are the same in any case (PEP 3333, The start_response() Callable).")


@pytest.mark.clause(23)
def test_the_applications_headers_and_body_arrive_as_they_are(client: RawClient) -> None:
    exchange = client.ask("/plain").called()
    exchange.presume(exchange.status and exchange.status < 500,
                     f"the answer of the application does not arrive: {exchange.in_short()}")
    own = {"Content-Type": ["text/x-probe"], "Content-Length": ["5"], "Set-Cookie": ["a=1", "b=2"],
           "ETag": ['"probe"'], "X-Probe": ["one, two"], "Content-Encoding": ["x-probe"],
           "Last-Modified": ["Fri, 20 Nov 2026 10:09:08 GMT"]}
    changed = sorted(name for name in own if exchange.values(name) != own[name])
    exchange.require(exchange.status == 418 and not changed and exchange.body == b"hello",
                     "the server changes the response", fact=f"changed: {', '.join(changed) or exchange.summary()}",
                     why="Only the application knows what its response means (PEP 3333, Other HTTP Features).")


# Blocks on their way.


@pytest.mark.clause(17)
def test_bytes_arrive_as_they_are(client: RawClient) -> None:
    require_body(client.ask("/binary"), bytes(range(256)) + b"\n\r\r\n\n\r", "the bytes of the body are changed",
                 f"A picture is broken by a single line end ({DETAILS})")


@pytest.mark.clause(107)
def test_a_block_is_sent_before_the_next_is_asked_for(client: RawClient) -> None:
    in_time = client.server.remembered("blocks at once", lambda: first_block(client))
    exchange = client.exchanges[-1] if client.exchanges else client.ask("/ignore")
    exchange.require(in_time, "a block is held back until the application goes on", fact="nothing comes",
                     expected="b'first', while the application waits",
                     why=f"The next block may take minutes to make ({BUFFERING}).")


@pytest.mark.clause(108)
def test_all_blocks_arrive(client: RawClient) -> None:
    exchange = client.begin("/slow")
    exchange.reported("waits")
    require_body(exchange.go_on().read_all(), b"firstsecond", "a block is lost", f"Each is sent whole ({BUFFERING})")


@pytest.mark.clause(108)
def test_a_large_block_is_sent_whole_while_the_application_waits(client: RawClient) -> None:
    require_blocks_at_once(client)
    exchange = client.begin("/slow-large")
    whole = exchange.read_while_it_waits(lambda received: len(received) > 4_000_000)
    exchange.called().require(whole, "a large block is not sent whole", fact="some of it is held back",
                              why=f"Sending goes on while the application makes the next ({BUFFERING}).")
    exchange.go_on().read_all()
    exchange.require(exchange.body.endswith(b".second"), "the block after a large one is lost",
                     why=f"Each is sent whole ({BUFFERING}).")


@pytest.mark.clause(103)
def test_what_is_written_is_sent_while_the_application_goes_on(client: RawClient) -> None:
    exchange = client.begin("/slow-write")
    exchange.reported("waits")
    in_time = exchange.read_while_it_waits(lambda received: b"first" in received)
    exchange.require(in_time, "what is written is held back until the application goes on", fact="nothing comes",
                     expected="b'first', while the application waits",
                     why=f"write() sends, or has somebody else send, before it returns ({WRITE}).")
    require_body(exchange.go_on().read_all(), b"firstsecond", "a block is lost", f"Each is sent whole ({WRITE})")


@pytest.mark.clause(103)
@pytest.mark.parametrize("how", ["nothing", "empty-block"])
def test_what_is_written_is_a_body_of_its_own(client: RawClient, how: str) -> None:
    require_body(client.ask(f"/write-only/{how}"), b"written", "a body that is only written does not arrive",
                 f"Writing is as good as yielding ({WRITE})")


@pytest.mark.clause(104)
def test_what_is_yielded_comes_behind_what_was_written(client: RawClient) -> None:
    require_body(client.ask("/write"), b"1 2 3 4", "written and yielded blocks do not arrive in this order",
                 f"An application may do both ({WRITE})")


# close().


@pytest.mark.parametrize("how", [
    pytest.param("well", marks=pytest.mark.clause(74)),
    pytest.param("empty", marks=pytest.mark.clause(74)),
    pytest.param("late", marks=pytest.mark.clause(75)),
    pytest.param("at-once", marks=pytest.mark.clause(75)),
])
def test_close_is_called_once(client: RawClient, how: str) -> None:
    exchange = client.ask(f"/close/{how}").called()
    count = exchange.count("closed")
    exchange.require(count == 1, "close() of the iterable is not called once", fact=f"{count} calls of close()",
                     expected="1 call",
                     why=f"An application frees there what it holds ({DETAILS}).")


@pytest.mark.clause(75)
def test_close_is_called_when_the_iteration_can_not_begin(client: RawClient) -> None:
    exchange = client.ask("/refuse-to-iterate").called()
    exchange.require(exchange.event("closed"), "close() of the iterable is not called", fact="0 calls of close()",
                     why=f"The iterable was returned, so it is to be closed ({DETAILS}).")


@pytest.mark.clause(76)
def test_close_is_called_when_the_client_leaves(client: RawClient) -> None:
    exchange = client.begin("/close/never")
    many = exchange.read_until(lambda received: len(received) > 100_000)
    exchange.called().presume(many, "the blocks do not arrive")
    exchange.leave()
    exchange.require(exchange.event("closed"), "close() is not called when the client has left",
                     fact="0 calls of close()", why=f"Clients leave all the time ({DETAILS}).")


@pytest.mark.clause(79)
def test_nothing_else_is_asked_of_the_iterable(client: RawClient) -> None:
    exchange = client.ask("/attributes")
    others = sorted(set(exchange.reported("asked")["names"]) - {"close"})
    exchange.require(not others, "the server asks for other attributes of the iterable", fact=", ".join(others),
                     why=f"An attribute with the name that it knows may be something else here ({DETAILS}).")


# How long the body is.


@pytest.mark.clause(73)
@pytest.mark.parametrize("how, body", [("one", b"only"), ("two", b"firstsecond")], ids=["one", "two"])
def test_an_iterable_with_a_length_is_sent_whole(client: RawClient, how: str, body: bytes) -> None:
    require_body(client.ask(f"/sized/{how}"), body, "the body is not that of the blocks",
                 f"len() says how many blocks there are, and not more ({DETAILS})")


@pytest.mark.clause(109)
def test_no_more_is_sent_than_content_length_says(client: RawClient) -> None:
    exchange = client.ask("/too-long").called()
    exchange.require(exchange.body in (b"hello", b"") or exchange.status and exchange.status >= 500,
                     "more is sent than Content-Length says", expected="b'hello'",
                     why=f"The client takes the rest for the next response ({LENGTH}).")


@pytest.mark.clause(110)
def test_the_iteration_stops_when_content_length_is_reached(client: RawClient) -> None:
    exchange = client.ask("/too-long").answered()
    exchange.require(not exchange.count("consumed"), "the iteration goes on to its end",
                     fact="all ten blocks are asked for", why=f"The iterable may have no end ({LENGTH}).")


@pytest.mark.clause(106)
def test_write_raises_beyond_content_length(client: RawClient) -> None:
    exchange = client.ask("/write-too-much")
    exchange.require(exchange.reported("wrote")["raised"], "write() takes more than Content-Length says",
                     fact="nothing is raised", why=f"The application has made a mistake, and should know ({LENGTH}).")


@pytest.mark.clause(111)
def test_after_too_few_bytes_the_connection_is_closed(client: RawClient) -> None:
    exchange = client.begin("/too-short", keep=True)
    exchange.read_until(lambda received: exchange.body == b"hello")
    exchange.answered()
    exchange.send(client.request(exchange, "/ignore")).read_until(lambda received: exchange.answers > 1)
    fact = "the next request on it is answered" if exchange.answers > 1 else "it stays open"
    exchange.require(exchange.answers == 1 and exchange.ended != "open",
                     "after too few bytes the connection stays open", fact=fact,
                     why=f"The client takes what comes next for the bytes that are missing ({LENGTH}).")


@pytest.mark.clause(112)
@pytest.mark.parametrize("how, body", [("blocks", b"one two three"), ("list", b"one two"), ("one", b"only")],
                         ids=["blocks", "list", "one"])
def test_without_a_length_the_client_still_knows_the_end(client: RawClient, how: str, body: bytes) -> None:
    require_whole(client.ask(f"/no-length/{how}"), body, "Whatever the server chooses, the body is whole")


def require_whole(exchange: Exchange, body: bytes, why: str) -> None:
    """Fail unless the answer has this body, and no other length. How chunks are spelt is another matter."""
    is_chunked = exchange.answered().values("Transfer-Encoding")
    found = exchange.body if is_chunked else exchange.answer().body
    exchange.require(found == body, "the body is not that of the blocks", expected=repr(body), why=f"{why} ({LENGTH}).")


@pytest.mark.clause(112)
def test_a_length_from_the_only_block_counts_what_was_written(client: RawClient) -> None:
    require_whole(client.ask("/write-and-one"), b"written, yielded",
                  "The only block tells the length only if write() was not used")


@pytest.mark.clause(113)
def test_chunks_are_as_http_has_them(client: RawClient) -> None:
    exchange = client.ask("/no-length/blocks").answered()
    if not exchange.values("Transfer-Encoding"):
        raise NotOffered("the server sends no chunks")
    exchange.require(exchange.answer().body == b"one two three", "the chunks are not the body",
                     why=f"A server that chunks keeps to all of HTTP ({LENGTH}).")


@pytest.mark.clause(113)
def test_an_http_1_0_client_gets_no_chunks(client: RawClient) -> None:
    exchange = client.ask("/no-length/blocks", version="1.0").answered()
    exchange.require(not exchange.values("Transfer-Encoding") and exchange.body == b"one two three",
                     "a client that speaks HTTP/1.0 gets chunks", expected="the body, ended by the connection",
                     why=f"HTTP/1.0 has no chunks ({LENGTH}).")
