"""Responses: the characters of a head, its lengths, and what becomes of the objects that the application hands over."""
import pytest

from wsgi_contract.raw_client import RawClient

http = pytest.mark.http
SHORTLY = 0.7  # seconds to look for the end of a server that must not end


@pytest.mark.clause(132)
def test_a_character_of_the_head_is_one_byte(client: RawClient) -> None:
    exchange = client.ask("/latin-1").answered()
    values, phrase = exchange.values("X-Probe"), exchange.head[0][13:]
    is_right = values == ["\xe9\xff"] and (phrase == "Caf\xe9" or phrase.isascii())  # another phrase says no less
    exchange.require(is_right, "a character of the head is not one byte", fact=ascii((values, phrase)),
                     expected="the bytes E9 and FF, and E9 in the phrase",
                     why="A native string carries bytes, each as one character (PEP 3333, Unicode Issues).")


@http("RFC 9110 section 8.6")
def test_no_response_has_two_lengths(client: RawClient) -> None:
    exchange = client.ask("/two-lengths").called()
    lengths = exchange.values("Content-Length")
    exchange.require(len(lengths) < 2, "a response has two lengths", fact=f"Content-Length {lengths}",
                     expected="an error of the server's own, or one length",
                     why="Nobody knows which one counts (RFC 9110 section 8.6).")


@pytest.mark.clause(74)
def test_a_falsy_iterable_is_sent_and_closed(client: RawClient) -> None:
    exchange = client.ask("/falsy").answered()
    exchange.require(exchange.body == b"one two",
                     "the blocks of an iterable are not sent that is not true", expected="b'one two'",
                     why="Whether it is true says nothing of its blocks (PEP 3333, Specification Details).")
    exchange.require(exchange.event("closed"), "an iterable is not closed that is not true",
                     fact="0 calls of close()", expected="1 call",
                     why="It has a close(), so it is called (PEP 3333, Specification Details).")


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
    client.server.has_ended(SHORTLY)  # some look only now and then whether they are to end
    exchange.require(client.still_serves(), "after sys.exit() in an application the server answers no more",
                     fact="no more answers",
                     why="One request must not end the others (PEP 3333, Error Handling).")
