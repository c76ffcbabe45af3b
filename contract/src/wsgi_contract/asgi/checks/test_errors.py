"""A client that has gone, events that are wrong, and an application that fails."""
import pytest

from wsgi_contract.asgi.asgi_questions import optional, scope_of
from wsgi_contract.asgi.checks.test_receive import left
from wsgi_contract.problem import Departure, NotOffered, NotSeen
from wsgi_contract.raw_client import RawClient
from wsgi_contract.wire import LAST_CHUNK, Exchange

ERRORS, GONE = "(ASGI 3.0, Error Handling)", "(HTTP, Disconnected Client)"
FAILURE = "the probe fails"
PATIENTLY = 3  # seconds: some servers look once a second whether a call has ended
SENT = ("sent", "sent body", "sent more", "tried")


def raised_in(exchange: Exchange) -> list[dict[str, object]]:
    """Return what send has raised after the client had left. Raises NotSeen if the application did not come so far."""
    if not exchange.event("went on"):
        raise NotSeen("the application is not told that the client has left, or send does not return")
    events = [event for line in exchange.reports.lines_of(exchange.token, 0) for event in line.events]
    return [event for event in events if event["event"] in SENT and event["raised"]]


@pytest.mark.asgi("A48")
@pytest.mark.parametrize("page", ["leaves", "leaves-while-it-streams"], ids=["before", "within"])
def test_send_raises_an_os_error_once_the_client_has_gone(asgi_client: RawClient, page: str) -> None:
    _, scope = scope_of(asgi_client)
    version = optional(optional(scope, "asgi"), "spec_version")
    if version < "2.4":
        raise NotOffered(f"the server announces version {version}, in which nothing is said of it")
    exchange = left(asgi_client, f"/{page}")
    exchange.require(raised_in(exchange), "send raises nothing", fact="nothing is raised",
                     why=f"So an application learns that nobody reads what it makes {GONE}.")


@pytest.mark.asgi("A49")
@pytest.mark.parametrize("page", ["leaves", "leaves-while-it-streams"], ids=["before", "within"])
def test_what_send_raises_once_the_client_has_gone_is_an_os_error(asgi_client: RawClient, page: str) -> None:
    exchange = left(asgi_client, f"/{page}")
    others = [event["raised"] for event in raised_in(exchange) if not event["is_os_error"]]
    exchange.require(not others, "send raises something else than an OSError", fact=f"{others}",
                     why=f"Applications catch OSError {GONE}; where none is raised, send does nothing {ERRORS}.")


@pytest.mark.asgi("A50")
def test_what_send_has_raised_is_not_logged(asgi_client: RawClient) -> None:
    program = asgi_client.server.place.program
    if program is None:
        raise NotOffered("nobody can see the log of a server that ran already")
    before = program.printed_so_far()
    raised = raised_in(left(asgi_client, "/leaves/raises"))
    if not raised:
        raise NotOffered("send raises nothing")
    asgi_client.ask("/raises/before")  # that is logged, and not before the other
    program.wait_for(lambda: program.printed_so_far().count(FAILURE) > before.count(FAILURE), PATIENTLY)
    name = f"{raised[0]['raised']}:"
    if program.printed_so_far().count(name) > before.count(name):
        raise Departure("the OSError is logged as an error", "a traceback", output=program.last_lines(),
                        why=f"The server should not log what it has raised itself {GONE}.")


WRONG = {"unknown-type": "A51", "no-type": "A51", "no-status": "A52", "text-header": "A53", "text-body": "A53",
         "text-status": "A53", "body-first": "A54", "start-twice": "A54"}
CASES = [pytest.param(name, marks=pytest.mark.asgi(number), id=name) for name, number in WRONG.items()]


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_event_raises_an_exception(asgi_client: RawClient, name: str) -> None:
    exchange = asgi_client.begin(f"/sends-wrong/{name}").called()
    found = exchange.event("sent wrong")
    exchange.presume(found, "send does not return")
    exchange.require(found and found["raised"], "send raises nothing", fact="nothing is raised",
                     why=f"For an event that is invalid, send raises an exception {ERRORS}.")


@pytest.mark.asgi("A55")
def test_further_keys_raise_nothing(asgi_client: RawClient) -> None:
    exchange = asgi_client.ask("/sends/more-keys").called()
    exchange.require(exchange.status == 200 and exchange.body == b"hello", "further keys are refused",
                     why=f"They allow new versions that break nothing {ERRORS}.")


# An application that fails.


def require_end(exchange: Exchange, what: str) -> None:
    """Fail unless the client has an answer that is an error, or the end of the connection."""
    exchange.require(exchange.ended != "open" or (exchange.is_answered and (exchange.status or 0) >= 500),
                     f"the client waits in vain after {what}", fact=f"{exchange.summary()}",
                     why=f"The server ends the call and its connection {ERRORS}.")


def require_cut(exchange: Exchange, what: str) -> None:
    """Fail unless the connection has ended, and what came is not a whole answer."""
    exchange.presume(exchange.status == 200 or exchange.ended == "reset", "the part of the response does not arrive")
    exchange.require(exchange.ended in ("closed", "reset"), f"the connection stays open after {what}",
                     fact="the connection stays open", why=f"The server ends the connection {ERRORS}.")
    whole = exchange.is_answered or not (exchange.values("Content-Length") or exchange.values("Transfer-Encoding"))
    exchange.require(not whole or exchange.ended == "reset", "the response looks whole",
                     fact="the last chunk is sent" if LAST_CHUNK in exchange.final else "no length is told",
                     why=f"The server ends the call and its connection {ERRORS}: half a response is no whole one.")


@pytest.mark.http("RFC 9110 section 15.6.1")
@pytest.mark.parametrize("page", ["raises", "returns"])
def test_an_application_that_gives_no_answer_is_an_error_500(asgi_client: RawClient, page: str) -> None:
    exchange = asgi_client.begin(f"/{page}/before", keep=True)
    exchange.reported(page)
    exchange.read_answer(PATIENTLY).require(exchange.status == 500, "the client is not told that the server has failed",
                                   why="500 says that the server met something unexpected (RFC 9110 section 15.6.1).")


@pytest.mark.asgi("A58")
@pytest.mark.parametrize("when", ["before", "within"])
def test_an_application_that_returns_too_early_leaves_nobody_waiting(asgi_client: RawClient, when: str) -> None:
    exchange = asgi_client.begin(f"/returns/{when}", keep=True)
    exchange.reported("returns")
    exchange.read_answer(PATIENTLY)
    if when == "before":
        require_end(exchange, "an early end")
    else:
        require_cut(exchange, "an early end")


@pytest.mark.asgi("A56")
@pytest.mark.parametrize("when", ["before", "after-start"])
def test_after_an_exception_before_the_response_nobody_waits(asgi_client: RawClient, when: str) -> None:
    exchange = asgi_client.begin(f"/raises/{when}", keep=True)
    exchange.reported("raises")
    require_end(exchange.read_answer(PATIENTLY), "an exception")


@pytest.mark.asgi("A57")
@pytest.mark.parametrize("when", ["within", "within-a-length"])
def test_an_exception_within_a_response_shows(asgi_client: RawClient, when: str) -> None:
    exchange = asgi_client.begin(f"/raises/{when}", keep=True)
    exchange.reported("raises")
    require_cut(exchange.read_answer(PATIENTLY), "an exception")
