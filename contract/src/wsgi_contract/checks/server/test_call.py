"""How a server calls the application, and what it makes of its errors."""
import pytest

from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of, facts_of
from wsgi_contract.time_limits import LIMITS

CALLS = "PEP 3333, The Server/Gateway Side"
ERRORS = "PEP 3333, Error Handling"


@pytest.mark.clause(13)
def test_the_application_is_called_and_not_looked_into(client: RawClient) -> None:
    exchange = client.ask("/environ")
    looked_at = sorted(set(facts_of(exchange)["looked at"]))
    exchange.require(not looked_at, "the server looks at attributes of the application", fact=", ".join(looked_at),
                     why="A callable is all that an application need be, of whatever kind (PEP 3333, Specification "
                         "Overview).")


@pytest.mark.clause(14)
def test_a_request_is_one_call(client: RawClient) -> None:
    exchange = client.ask("/close/well").called()
    calls = exchange.count("called")
    exchange.require(calls == 1, "one request is not one call", fact=f"{calls} calls",
                     why=f"A call may buy something: it is made once ({CALLS}).")


@pytest.mark.clause(15)
def test_the_arguments_are_positional(client: RawClient) -> None:
    exchange = client.ask("/ignore")
    event = exchange.reported("arguments")
    given = (event["positional"], event["named"])
    exchange.require(given == (2, []), "the application is not called with two positional arguments",
                     fact=f"{given[0]} positional, {given[1]} by name",
                     why="An application names its parameters as it likes (PEP 3333, Specification Details).")


@pytest.mark.clause(2)
def test_the_same_application_answers_request_after_request(client: RawClient) -> None:
    for _ in range(3):  # a plain request was answered before any check
        client.require_service("a later request is not answered", "Servers call an application again and again "
                               "(PEP 3333, The Application/Framework Side).")


@pytest.mark.clause(12)
@pytest.mark.parametrize("how, text", [("clear", b"cleared"), ("change", b"changed")], ids=["clear", "change"])
def test_an_environ_that_was_taken_apart_does_no_harm(client: RawClient, how: str, text: bytes) -> None:
    exchange = client.ask(f"/{how}").called()
    exchange.require(exchange.status == 200 and exchange.body == text, "the response suffers when environ is changed",
                     expected=f"status 200, body {text!r}",
                     why="environ is the application's to change in any way (PEP 3333, Specification Details).")


@pytest.mark.clause(21)
@pytest.mark.parametrize("path", ["/fail", "/fail-late"], ids=["at-once", "late"])
def test_an_exception_of_the_application_is_logged_and_ends_nothing(client: RawClient, path: str) -> None:
    exchange = client.connect()
    exchange.send(client.request(exchange, f"{path}/{exchange.token}")).read_all().called()
    exchange.require(exchange.ended != "open", "after an exception of the application the client waits for ever",
                     fact="the connection stays open",
                     why=f"Nobody will answer later: the connection ends, if nothing else ({ERRORS}).")
    logged = client.server.has_logged(f"the probe was asked to fail: {exchange.token}\n")
    exchange.require(logged, "an exception of the application is not in the log", fact="nothing in the log",
                     why=f"Who runs the server must be able to find out what went wrong ({ERRORS}).")
    client.require_service("after an error the server answers no more",
                           f"An error in one request must not end the others ({ERRORS}).")


@pytest.mark.clause(21)
@pytest.mark.disputed("the PEP leaves it to the server how an error is shown to the client")
def test_an_exception_before_the_head_is_answered_with_an_error(client: RawClient) -> None:
    exchange = client.ask("/fail/at-once").called()
    exchange.require(exchange.status and exchange.status >= 500, "a failed application is not answered as one",
                     expected="a status of 500 or above",
                     why=f"The client waits for an answer, and nothing was sent yet ({ERRORS}).")


def says(client: RawClient, name: str) -> bool:
    """Tell whether a variable of WSGI is true. Raises NotSeen if it is missing."""
    exchange = client.ask("/environ")
    facts = facts_of(exchange)
    exchange.presume(name in facts["variables"], f"{name} is missing")
    return name in facts["true"]


@pytest.mark.clause(58)
def test_without_multithread_no_other_thread_calls_at_the_same_time(client: RawClient) -> None:
    if says(client, "wsgi.multithread"):
        return  # that another thread may call can't be refuted
    first, second = client.begin("/wait"), client.begin("/ignore")
    own = first.reported("waits") and first.reported("called")
    meanwhile = second.event("called", LIMITS.pause)
    is_another = meanwhile and meanwhile["process"] == own["process"] and meanwhile["thread"] != own["thread"]
    first.require(not is_another, "another thread calls the application, and multithread says no",
                  fact="multithread is false",
                  why="An application that is not safe for threads looks at it (PEP 3333, environ Variables).")
    first.go_on().read_all()


@pytest.mark.clause(59)
def test_multiprocess_says_whether_another_process_may_call(client: RawClient) -> None:
    is_said = says(client, "wsgi.multiprocess")
    exchanges = [client.ask("/environ") for _ in range(3)]
    processes = {facts_of(exchange)["process"] for exchange in exchanges}
    exchanges[0].require(is_said or len(processes) == 1,
                         "other processes call the application, and multiprocess says no",
                         fact=f"multiprocess is false, {len(processes)} processes",
                         why="An application that keeps state in memory looks at it (PEP 3333, environ Variables).")


@pytest.mark.clause(60)
def test_run_once_says_whether_there_is_a_second_call(client: RawClient) -> None:
    is_said = says(client, "wsgi.run_once")
    exchanges = [client.ask("/environ") for _ in range(2)]
    again = len({facts_of(exchange)["process"] for exchange in exchanges}) == 1
    exchanges[1].require(not is_said or not again, "run_once says that there is one call, and there are two",
                         fact=f"run_once is {environ_of(exchanges[1])['wsgi.run_once'][1]}",
                         why="An application may save itself the caches of a long life (PEP 3333, environ Variables).")
