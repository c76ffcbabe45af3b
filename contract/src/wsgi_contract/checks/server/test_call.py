"""How a server calls the application, and what it makes of its errors."""
import pytest

from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of, facts_of
from wsgi_contract.wire import BRIEFLY

CALLS = "PEP 3333, The Server/Gateway Side"


@pytest.mark.clause(13)
def test_the_application_is_called_and_not_looked_into(client: RawClient) -> None:
    exchange = client.ask("/environ")
    looked_at = sorted(set(facts_of(exchange)["looked at"]))
    exchange.require(not looked_at, "the server looks at attributes of the application", fact=", ".join(looked_at),
                     why="A callable is all that an application need be, of whatever kind (PEP 3333, Specification "
                         "Overview).")


@pytest.mark.clause(14)
def test_a_request_is_one_call(client: RawClient) -> None:
    exchange = client.ask("/close/well")
    calls = exchange.count("called")
    exchange.require(calls == 1, "one request is not one call", fact=f"{calls} calls",
                     why=f"A call may buy something: it is made once ({CALLS}).")


@pytest.mark.clause(15)
def test_the_arguments_are_positional(client: RawClient) -> None:
    exchange = client.ask("/ignore")
    event = exchange.event("arguments") or {}
    given = (event.get("positional"), event.get("named"))
    exchange.require(given == (2, []), "the application is not called with two positional arguments",
                     fact=f"{given[0]} positional, {given[1]} by name",
                     why="An application names its parameters as it likes (PEP 3333, Specification Details).")


@pytest.mark.clause(2)
def test_the_same_application_answers_request_after_request(client: RawClient) -> None:
    answers = [client.ask("/ignore") for _ in range(3)]
    for exchange in answers:
        exchange.require(exchange.body == b"ignored", "a later request is not answered",
                         why="Servers call an application again and again (PEP 3333, The Application/Framework Side).")


@pytest.mark.clause(12)
@pytest.mark.parametrize("how, text", [("clear", b"cleared"), ("change", b"changed")], ids=["clear", "change"])
def test_an_environ_that_was_taken_apart_does_no_harm(client: RawClient, how: str, text: bytes) -> None:
    exchange = client.ask(f"/{how}")
    exchange.require(exchange.status == 200 and exchange.body == text, "the response suffers when environ is changed",
                     expected=f"status 200, body {text!r}",
                     why="environ is the application's to change in any way (PEP 3333, Specification Details).")


@pytest.mark.clause(21)
@pytest.mark.parametrize("path", ["/fail", "/fail-late"], ids=["at-once", "late"])
def test_an_exception_of_the_application_is_logged_and_ends_nothing(client: RawClient, path: str) -> None:
    exchange = client.connect()
    exchange.send(client.request(exchange, f"{path}/{exchange.token}")).read_all()
    logged = client.server.has_logged(f"the probe was asked to fail: {exchange.token}\n")
    exchange.require(logged, "an exception of the application is not in the log", fact="nothing in the log",
                     why="Who runs the server must be able to find out what went wrong (PEP 3333, Error Handling).")
    after = client.ask("/ignore")
    after.require(after.body == b"ignored", "after an error the server answers no more",
                  why="An error in one request must not end the others (PEP 3333, Error Handling).")


@pytest.mark.clause(21)
def test_an_exception_before_the_head_is_answered_with_an_error(client: RawClient) -> None:
    exchange = client.ask("/fail/at-once")
    exchange.require(exchange.status and exchange.status >= 500, "a failed application is not answered as one",
                     expected="a status of 500 or above",
                     why="The client waits for an answer, and nothing was sent yet (PEP 3333, Error Handling).")


@pytest.mark.clause(58)
def test_without_multithread_no_other_thread_calls_at_the_same_time(client: RawClient) -> None:
    flag = environ_of(client.ask("/environ"))["wsgi.multithread"][1]
    if flag != "False":
        return  # that another thread may call can't be refuted
    first, second = client.begin("/wait"), client.begin("/ignore")
    first.event("waits")
    meanwhile = second.event("called", BRIEFLY)
    own = first.require(first.event("called"), "the application is not called", "Without it, nothing can be checked.")
    first.require(not meanwhile or meanwhile["process"] != own["process"],
                  "another thread calls the application, and multithread says no", fact="multithread is False",
                  why="An application that is not safe for threads looks at it (PEP 3333, environ Variables).")
    first.go_on().read_all()


@pytest.mark.clause(59)
def test_multiprocess_says_whether_another_process_may_call(client: RawClient) -> None:
    exchanges = [client.ask("/environ") for _ in range(3)]
    flag = environ_of(exchanges[0])["wsgi.multiprocess"][1]
    processes = {facts_of(exchange)["process"] for exchange in exchanges}
    exchanges[0].require(flag != "False" or len(processes) == 1,
                         "other processes call the application, and multiprocess says no",
                         fact=f"multiprocess is {flag}, {len(processes)} processes",
                         why="An application that keeps state in memory looks at it (PEP 3333, environ Variables).")


@pytest.mark.clause(60)
def test_run_once_says_whether_there_is_a_second_call(client: RawClient) -> None:
    exchanges = [client.ask("/environ") for _ in range(2)]
    flag = environ_of(exchanges[1])["wsgi.run_once"][1]
    again = len({facts_of(exchange)["process"] for exchange in exchanges}) == 1
    exchanges[1].require(flag == "False" or not again, "run_once says that there is one call, and there are two",
                         fact=f"run_once is {flag}",
                         why="An application may save itself the caches of a long life (PEP 3333, environ Variables).")
