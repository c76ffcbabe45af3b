"""Responses: the characters of a head, its lengths, and what becomes of the objects that the application hands over."""
import pytest

from wsgi_contract.preconditions import require_write
from wsgi_contract.raw_client import RawClient

http = pytest.mark.http
SHORTLY = 0.7  # seconds to look for the end of a server that must not end; some notice only now and then


@pytest.mark.clause(132)
def test_a_character_of_the_head_is_one_byte(client: RawClient) -> None:
    exchange = client.ask("/latin-1").answered()
    values, phrase = exchange.values("X-Probe"), exchange.head[0][13:]
    is_right = values == ["\xe9\xff"] and (phrase == "Caf\xe9\xff" or phrase.isascii())  # another phrase says no less
    exchange.require(is_right, "a character of the head is not one byte", fact=ascii((values, phrase)),
                     expected="the bytes E9 and FF, in the phrase as well",
                     why="A native string carries bytes, each as one character (PEP 3333, Unicode Issues).")


@http("RFC 9110 section 8.6")
def test_no_response_has_two_lengths(client: RawClient) -> None:
    exchange = client.ask("/two-lengths").called()
    lengths = exchange.values("Content-Length")
    exchange.require(len(lengths) < 2, "a response has two lengths", fact=f"Content-Length {lengths}",
                     expected="an error of the server's own, or one length",
                     why="Nobody knows which one counts (RFC 9110 section 8.6).")


@http("RFC 9110 section 8.6")
@pytest.mark.parametrize("kind", ["a-word", "digits-of-unicode"])
def test_no_response_has_a_length_that_is_no_number(client: RawClient, kind: str) -> None:
    exchange = client.ask(f"/bad/length-{kind}").called()
    wrong = [value for value in exchange.values("Content-Length") if not (value.isascii() and value.isdigit())]
    exchange.require(not wrong, "a length is sent that is no number", fact=f"Content-Length {ascii(wrong)}",
                     expected="an error of the server's own, or no such length",
                     why="The client cannot tell where the body ends (RFC 9110 section 8.6).")


@pytest.mark.clause(23)
def test_a_response_without_a_body_has_its_fields(client: RawClient) -> None:
    exchange = client.ask("/no-content").answered(204)
    found = exchange.values("Allow"), exchange.values("X-Probe")
    exchange.require(found == (["GET"], ["here"]), "fields of a response with status 204 are lost", fact=repr(found),
                     expected="Allow and X-Probe, as the application gave them",
                     why="Only what is about a body has no meaning there (PEP 3333, Other HTTP Features).")


@pytest.mark.clause(74)
def test_a_falsy_iterable_is_sent_and_closed(client: RawClient) -> None:
    exchange = client.ask("/falsy").answered()
    exchange.require(exchange.body == b"one two",
                     "the blocks of an iterable are not sent that is not true", expected="b'one two'",
                     why="Whether it is true says nothing of its blocks (PEP 3333, Specification Details).")
    exchange.require(exchange.event("closed"), "an iterable is not closed that is not true",
                     fact="0 calls of close()", expected="1 call",
                     why="It has a close(), so it is called (PEP 3333, Specification Details).")


@pytest.mark.clause(106)
def test_write_raises_nothing_up_to_content_length(client: RawClient) -> None:
    require_write(client)
    exchange = client.ask("/write-exactly")
    raised = [exchange.reported(name)["raised"] for name in ("wrote some", "wrote the rest")]
    exchange.require(raised == [None, None] and exchange.body == b"." * 1_000, "write() takes less than it should",
                     fact=f"raised: {raised}", expected="1000 bytes, and no exception",
                     why="What was announced may be written (PEP 3333, Handling the Content-Length Header).")


@pytest.mark.clause(110)
@pytest.mark.disputed("asking once more lets a generator come to its end: the clause may mean those that go on")
def test_no_block_is_asked_for_after_the_last_byte(client: RawClient) -> None:
    exchange = client.ask("/complete").answered()
    exchange.require(not exchange.count("asked for more"), "a block is asked for that cannot be sent",
                     fact="the iteration goes on", expected="an end, once Content-Length is reached",
                     why="The next block may take minutes to make, or never come (PEP 3333, Handling the "
                         "Content-Length Header).")


@pytest.mark.clause(101)
def test_exc_info_is_kept_no_longer_than_the_call(client: RawClient) -> None:
    exchange = client.ask("/held-error").answered(503)
    exchange.presume(exchange.body in (b"gone", b"held"), "the answer of the application does not arrive whole")
    exchange.require(exchange.body == b"gone", "the server holds exc_info after start_response has returned",
                     fact="the exception is alive", expected="nothing refers to it",
                     why="With its traceback it holds all that the application had in hand (PEP 3333, The "
                         "start_response() Callable).")


@pytest.mark.clause(21)
def test_an_application_that_exits_ends_nothing_but_its_own_request(client: RawClient) -> None:
    exchange = client.ask("/leave").called()
    exchange.require(exchange.ended != "open", "after sys.exit() in an application the client waits for ever",
                     expected="an error, or an end of the connection",
                     why="It is an error like any other: nobody will answer later (PEP 3333, Error Handling).")
    exchange.require(exchange.status is None or exchange.status >= 500, "an application that exits is served",
                     expected="an error, or an end of the connection",
                     why="It has given no response (PEP 3333, Error Handling).")
    client.server.has_ended(SHORTLY)
    client.require_service("after sys.exit() in an application the server answers no more",
                           "One request must not end the others (PEP 3333, Error Handling).",
                           expected="an answer to the next request")
