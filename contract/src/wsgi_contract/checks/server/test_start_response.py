"""start_response: when the head is sent, what is refused, and what exc_info does."""
from typing import Any

import pytest

from wsgi_contract.preconditions import require_blocks_at_once
from wsgi_contract.raw_client import RawClient
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.wire import BRIEFLY, Exchange

WHY = "PEP 3333, The start_response() Callable"


def raised_in(exchange: Exchange, event: str) -> str | None:
    """Return the name of what was raised in an event of the probe, or None. Raises NotSeen if there was no event."""
    return exchange.reported(event)["raised"]


@pytest.mark.clause(80)
@pytest.mark.parametrize("count", ["two", "three"])
def test_it_takes_two_arguments_and_an_optional_third(client: RawClient, count: str) -> None:
    exchange = client.ask(f"/three-arguments/{count}")
    raised = raised_in(exchange, "started")
    exchange.require(raised is None, f"start_response does not take {count} arguments",
                     fact=f"{raised} is raised", why=f"exc_info may be left out or be None ({WHY}).")


@pytest.mark.clause(81)
def test_it_returns_a_callable_that_takes_bytes(client: RawClient) -> None:
    exchange = client.ask("/write-callable")
    exchange.require(exchange.reported("returned")["callable"], "start_response does not return write",
                     fact="nothing that can be called", why=f"Old applications write their body with it ({WHY}).")
    raised = raised_in(exchange, "wrote")
    exchange.require(raised is None, "what start_response returns does not take bytes", fact=f"{raised} is raised",
                     why=f"Old applications need it ({WHY}).")


@pytest.mark.clause(77)
def test_it_may_be_called_when_the_first_block_is_asked_for(client: RawClient) -> None:
    exchange = client.ask("/late-start").called()
    exchange.require(exchange.status == 201 and exchange.body == b"late", "a late start_response is not accepted",
                     expected="status 201, body b'late'",
                     why="An application that is a generator calls it then (PEP 3333, Specification Details).")


def replaced_after_a_wait(client: RawClient, path: str, seconds: float = BRIEFLY) -> tuple[Exchange, bool]:
    """Return the Exchange in which the probe waits before it replaces its head, and whether the first head has gone.

    It has gone if it arrives meanwhile, or if it is what arrives in the end, because it could not be replaced. Where it
    is what arrives, and nothing says why, it may have been on its way: that is looked at again, and longer.
    """
    exchange = client.begin(path)
    exchange.reported("waits")
    arrived = exchange.read_until(bool, seconds)
    exchange.go_on().read_all()
    raised = raised_in(exchange, "replaced")
    if exchange.status == 200 and not (arrived or raised) and seconds < LIMITS.pause:
        return replaced_after_a_wait(client, path, LIMITS.pause)
    return exchange, arrived or bool(raised) and exchange.status == 200


@pytest.mark.clause(91)
def test_it_sends_nothing(client: RawClient) -> None:
    exchange, is_gone = replaced_after_a_wait(client, "/replace-at-once")
    exchange.require(not is_gone, "start_response has sent the head", fact="the first head is sent",
                     expected="nothing, before a block is there",
                     why=f"The application may still fail, and answer with an error instead ({WHY}).")


@pytest.mark.clause(91)
def test_an_application_that_fails_right_after_it_has_sent_nothing(client: RawClient) -> None:
    exchange = client.ask("/raise-at-once").called()
    exchange.require(not exchange.values("X-Old"), "the head of a response that failed is sent", fact="X-Old is sent",
                     expected="an error of the server's own",
                     why=f"Nothing was yielded, so nothing may have been sent ({WHY}).")


@pytest.mark.clause(92)
def test_an_empty_block_sends_nothing(client: RawClient) -> None:
    exchange, is_gone = replaced_after_a_wait(client, "/replace-late")
    exchange.require(not is_gone, "an empty block sends the head", fact="the first head is sent",
                     expected="nothing: after an empty block the head can still be replaced",
                     why=f"The head goes with the first block that is not empty ({WHY}).")


@pytest.mark.clause(92)
@pytest.mark.parametrize("how", ["none", "empty"])
def test_at_the_end_the_head_is_sent_in_any_case(client: RawClient, how: str) -> None:
    exchange = client.ask(f"/no-length/{how}").called()
    exchange.require(exchange.status == 200 and exchange.body == b"", "a response without blocks is not sent",
                     expected="status 200, no body", why=f"An empty body has a head too ({WHY}).")


@pytest.mark.clause(92)
def test_the_first_write_sends_the_head(client: RawClient) -> None:
    exchange = client.ask("/write-only/nothing").answered()
    exchange.require(exchange.body == b"written", "a written body is not sent", expected="body b'written'",
                     why=f"write() is as good as yielding ({WHY}).")


@pytest.mark.clause(93)
def test_a_second_call_without_exc_info_is_refused(client: RawClient) -> None:
    exchange = client.ask("/twice")
    exchange.require(raised_in(exchange, "second"), "a second start_response without exc_info is accepted",
                     fact="nothing is raised", expected="an exception",
                     why=f"Two heads are a mistake of the application ({WHY}).")


@pytest.mark.clause(94)
def test_a_second_call_is_refused_even_if_the_first_was(client: RawClient) -> None:
    exchange = client.ask("/twice-after-refusal")
    exchange.require(raised_in(exchange, "second"), "a second start_response is accepted because the first was refused",
                     fact="nothing is raised", expected="an exception",
                     why=f"Only an error handler may call it again, with exc_info ({WHY}).")


@pytest.mark.clause(97)
@pytest.mark.parametrize("how", ["length", "no-length"])
def test_with_exc_info_the_new_head_replaces_all_of_the_old(client: RawClient, how: str) -> None:
    exchange = client.ask(f"/replace-all/{how}")
    raised = raised_in(exchange, "replaced")
    exchange.presume(not (raised and exchange.status == 200), "start_response has sent the head (clause 91)")
    exchange.require(not raised, "nothing is sent yet, and exc_info raises", fact=f"{raised} is raised",
                     expected="the second head in place of the first",
                     why=f"The application shows its error page while it can ({WHY}).")
    old = exchange.values("X-Old") + exchange.values("Set-Cookie")
    lengths = exchange.values("Content-Length")
    exchange.require(exchange.status == 503 and not old and exchange.values("Content-Type") == ["text/x-new"],
                     "headers of the first head are still there", fact=f"status {exchange.status}, Content-Type "
                     f"{exchange.values('Content-Type')}, old headers {old}", expected="the second head alone",
                     why=f"What the first head said of its body is not so of the error page ({WHY}).")
    exchange.require(lengths in ([], ["8"]) and exchange.body == b"replaced",
                     "the length is still that of the old body",
                     fact=f"Content-Length {lengths}, body {exchange.body!r}", expected="8, or none",
                     why=f"The length belongs to the headers that were replaced ({WHY}).")


def replaced_too_late(client: RawClient) -> tuple[Exchange, dict[str, Any]]:
    """Return the Exchange in which exc_info is given after the head has arrived, and what became of that."""
    require_blocks_at_once(client)
    exchange = client.begin("/too-late")
    exchange.reported("waits")
    exchange.presume(exchange.read_until(lambda received: b"first" in received), "the head does not come")
    exchange.go_on().read_all()
    return exchange, exchange.reported("replaced")


@pytest.mark.clause(98)
def test_when_the_head_has_gone_exc_info_raises(client: RawClient) -> None:
    exchange, found = replaced_too_late(client)
    exchange.require(found["raised"], "the head has gone, and exc_info raises nothing",
                     fact="nothing is raised", expected="an exception",
                     why=f"There can't be a second head: the application must stop ({WHY}).")


@pytest.mark.clause(99)
def test_what_it_raises_is_the_applications_own_exception(client: RawClient) -> None:
    exchange, found = replaced_too_late(client)
    exchange.presume(found["raised"], "nothing is raised (clause 98)")
    exchange.require(found["same"] and found["whole"],
                     "what is raised is not the application's exception with its traceback",
                     fact=f"{found['raised']}, traceback {'whole' if found['whole'] else 'cut'}",
                     why=f"The log is to show what really went wrong ({WHY}).")


@pytest.mark.parametrize("kind", [
    pytest.param("line-in-the-status", marks=pytest.mark.clause(83, 90)),
    pytest.param("control-in-the-status", marks=pytest.mark.clause(83, 90)),
    pytest.param("line-in-a-value", marks=pytest.mark.clause(87, 90)),
    pytest.param("control-in-a-value", marks=pytest.mark.clause(87, 90)),
    pytest.param("colon-in-a-name", marks=pytest.mark.clause(86, 90)),
    pytest.param("space-in-a-name", marks=pytest.mark.clause(86, 90)),
    pytest.param("beyond-latin-1", marks=pytest.mark.clause(133, 90)),
    pytest.param("beyond-latin-1-in-the-status", marks=pytest.mark.clause(133, 90)),
    pytest.param("length-a-word", marks=pytest.mark.clause(90)),
])
def test_a_wrong_head_is_refused_while_the_application_runs(client: RawClient, kind: str) -> None:
    exchange = client.ask(f"/bad/{kind}")
    exchange.require(raised_in(exchange, "started"), f"start_response accepts a wrong head: {kind.replace('-', ' ')}",
                     expected="an exception",
                     why=f"The application can still do something about it, and its author sees where ({WHY}).")


@pytest.mark.clause(133)
@pytest.mark.parametrize("kind", ["beyond-latin-1", "beyond-latin-1-in-the-status"])
def test_characters_beyond_latin_1_are_never_sent(client: RawClient, kind: str) -> None:
    exchange = client.ask(f"/bad/{kind}").called()
    exchange.require(exchange.body != b"accepted", "a head with characters beyond U+00FF is sent",
                     expected="an error, or an end of the connection",
                     why="There is no byte for them (PEP 3333, Unicode Issues).")


@pytest.mark.clause(89)
@pytest.mark.parametrize("kind", ["connection", "connection-in-lower-case", "transfer-encoding", "upgrade"])
def test_a_hop_by_hop_header_is_refused(client: RawClient, kind: str) -> None:
    exchange = client.ask(f"/bad/{kind}")
    exchange.require(raised_in(exchange, "started"), f"start_response accepts a header about the connection: {kind}",
                     fact="nothing is raised", expected="an exception",
                     why=f"The connection is the server's: two who decide contradict one another ({WHY}).")
