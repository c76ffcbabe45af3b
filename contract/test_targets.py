"""The request line: a path, as it is once decoded, a host, and a version."""
import pytest

from contract.problem import NotOffered
from contract.raw_client import RawClient
from contract.shown_environ import environ_of, url_from

http = pytest.mark.http


@pytest.mark.clause(40)
def test_the_path_is_decoded_once(client: RawClient) -> None:
    exchange = client.ask("/environ/%2541")
    path = environ_of(exchange).value("PATH_INFO")
    exchange.require(path == "/environ/%41", "the path is not decoded once", fact=f"PATH_INFO is {path!r}",
                     expected="'/environ/%41'",
                     why="Decoded twice, a path gets past whoever has looked at it (PEP 3333, environ Variables).")


@http("RFC 9112 section 3.2.1")
@pytest.mark.parametrize("path", ["/environ//a", "/environ/a//"])
def test_slashes_in_a_path_stay_as_they_are(client: RawClient, path: str) -> None:
    exchange = client.ask(path)
    found = environ_of(exchange).value("PATH_INFO")
    exchange.require(found == path, "the path is another one", fact=f"PATH_INFO is {found!r}", expected=repr(path),
                     why="A segment may be empty (RFC 9112 section 3.2.1).")


@http("RFC 9112 section 3.2.1")
def test_what_begins_with_two_slashes_is_a_path(client: RawClient) -> None:
    exchange = client.ask("//environ/a")
    found = environ_of(exchange).value("PATH_INFO")
    exchange.require(found in ("//environ/a", "/environ/a"), "a path is taken for something else",
                     fact=f"PATH_INFO is {found!r}", expected="'//environ/a'",
                     why="What begins with a slash is a path, and no host (RFC 9112 section 3.2.1).")


@http("RFC 9112 section 3.2.1")
@pytest.mark.disputed("a server may take slashes in front for one: a page that redirects there would lead to a host")
def test_two_slashes_in_front_stay_as_they_are(client: RawClient) -> None:
    exchange = client.ask("//environ/a")
    if exchange.status != 200:
        raise NotOffered("a path that begins with two slashes is refused")
    found = environ_of(exchange).value("PATH_INFO")
    exchange.require(found == "//environ/a", "the path is another one", fact=f"PATH_INFO is {found!r}",
                     expected="'//environ/a'", why="A segment may be empty (RFC 9112 section 3.2.1).")


@http("RFC 9112 section 3.2.2")
def test_the_host_of_an_absolute_target_is_the_host(client: RawClient) -> None:
    lines = ["GET http://probe.example/environ HTTP/1.1", "Host: other.example", "Connection: close"]
    exchange = client.say(lines)
    if exchange.status in (400, 421):
        return  # it serves this host and no other
    url = url_from(environ_of(exchange))
    exchange.require(url.startswith("http://probe.example/"), "the host of an absolute target is ignored",
                     fact=url.replace(client.host, "HOST"), expected="http://probe.example/environ",
                     why="It takes the place of the Host field: what is in front of the server goes by it "
                         "(RFC 9112 section 3.2.2).")


@http("RFC 9110 section 15.6.6")
@pytest.mark.parametrize("version", ["2.0", "3.0"])
def test_another_major_version_is_not_served(client: RawClient, version: str) -> None:
    exchange = client.ask("/ignore", version=version)
    exchange.require(exchange.body != b"ignored", f"a request in HTTP/{version} is served",
                     expected="status 400 or 505, or an end of the connection",
                     why="What it means is not known: a major version has a syntax of its own "
                         "(RFC 9110 sections 2.5 and 15.6.6).")
