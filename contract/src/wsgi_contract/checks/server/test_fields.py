"""The fields of a request: what is a name, what is a value, and what becomes of several."""
import re
from collections.abc import Sequence

import pytest

from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import ShownEnviron, environ_of
from wsgi_contract.wire import Exchange

http = pytest.mark.http


def with_fields(client: RawClient, *fields: str) -> tuple[Exchange, ShownEnviron]:
    """Return the Exchange of a request with some fields, and the environ; an empty one if the request is refused."""
    exchange = client.ask("/environ", fields=fields)
    return exchange, ShownEnviron() if exchange.status == 400 else environ_of(exchange)


def require_variable(exchange: Exchange, value: str, expected: Sequence[str], problem: str, why: str) -> None:
    """Fail unless the value of a variable is one of those expected."""
    exchange.require(value in expected, problem, fact=f"it is {value!r}", why=why,
                     expected=" or ".join(map(repr, expected)))


@http("RFC 9110 section 5.5")
def test_a_line_end_in_a_value_does_not_reach_the_application(client: RawClient) -> None:
    exchange, environ = with_fields(client, "X-Probe: a\nX-Other: b")
    exchange.require("\n" not in environ.value("HTTP_X_PROBE"), "a line end in a value is passed on",
                     fact="LF is in the environ", expected="status 400, a space in its place, or two fields",
                     why="What comes after the server may take it for the end of a line (RFC 9110 section 5.5).")


@http("RFC 9112 section 5.1")
def test_a_no_break_space_is_part_of_the_name(client: RawClient) -> None:
    exchange, environ = with_fields(client, "X-Probe\xa0: a")
    exchange.require("HTTP_X_PROBE" not in environ, "a name with a no-break space is taken for the name without",
                     fact="HTTP_X_PROBE is there", expected="status 400, or no such variable",
                     why="A program in front sees another name, and lets it pass (RFC 9112 section 5.1).")


@http("RFC 9112 section 5.1")
@pytest.mark.parametrize("sent, value", [("XaX", "XaX"), (" \t a \t ", "a"), (" \xa0a\xa0", "\xa0a\xa0")],
                         ids=["none", "spaces", "no-break-spaces"])
def test_the_spaces_around_a_value_are_left_out(client: RawClient, sent: str, value: str) -> None:
    exchange, environ = with_fields(client, f"X-Probe:{sent}")
    require_variable(exchange, environ.value("HTTP_X_PROBE"), [value], "a value is not what stands between spaces",
                     "Spaces and tabs around a value are no part of it, and nothing else is left out "
                     "(RFC 9112 section 5.1).")


@http("RFC 9110 section 5.3")
def test_fields_that_are_repeated_are_joined_in_their_order(client: RawClient) -> None:
    exchange, environ = with_fields(client, "X-Probe: one", "X-Other: other", "x-probe: two")
    value = environ.value("HTTP_X_PROBE")
    exchange.require(re.fullmatch("one,[ \t]*two", value), "repeated fields do not become one value",
                     fact=f"it is {value!r}", expected="'one,two', perhaps with a space",
                     why="They are one list, with commas between (RFC 9110 section 5.3).")


@pytest.mark.clause(46)
def test_a_field_with_an_empty_value_is_there(client: RawClient) -> None:
    exchange, environ = with_fields(client, "X-Probe:")
    exchange.require(environ["HTTP_X_PROBE"] == ["str", ""], "a field with an empty value is missing",
                     fact="HTTP_X_PROBE is missing", expected="HTTP_X_PROBE ''",
                     why="A variable is there exactly if the field is (PEP 3333, environ Variables).")


@http("RFC 9110 section 5.1")
@pytest.mark.parametrize("fields, variable, expected", [
    (["X-Probe: right", "X_Probe: wrong"], "HTTP_X_PROBE", ["right", ""]),
    (["X_Probe: wrong", "X-Probe: right"], "HTTP_X_PROBE", ["right", ""]),
    (["Content_Length: 5"], "CONTENT_LENGTH", ["", "0"]),
], ids=["behind", "in-front", "content-length"])
def test_a_name_with_an_underscore_is_another_name(client: RawClient, fields: list[str], variable: str,
                                                   expected: list[str]) -> None:
    exchange, environ = with_fields(client, *fields)
    require_variable(exchange, environ.value(variable), expected, "a name with _ is taken for the name with -",
                     "A program in front lets one pass and guards the other: clients would choose what it has set "
                     "(RFC 9110 section 5.1).")
