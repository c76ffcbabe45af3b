"""The request line: a path, as it is once decoded, a host, and a version."""
import pytest

from wsgi_contract.problem import NotOffered
from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of, url_from

http = pytest.mark.http


@pytest.mark.clause(40)
def test_the_path_is_decoded_once(client: RawClient) -> None:
    exchange = client.ask("/environ/%2541")
    path = environ_of(exchange).value("PATH_INFO")
    exchange.require(path == exchange.target("/environ/%41"), "the path is not decoded once",
                     fact=f"it ends with {path[-4:]!r}", expected="'/environ/%41'",
                     why="Decoded twice, a path gets past whoever has looked at it (PEP 3333, environ Variables).")


@http("RFC 9112 section 3.2.1")
@pytest.mark.parametrize("path", ["/environ//a", "/environ/a//"], ids=["inside", "at-the-end"])
def test_slashes_in_a_path_stay_as_they_are(client: RawClient, path: str) -> None:
    exchange = client.ask(path)
    exchange.require(exchange.status == 200, "the path is refused", expected="status 200",
                     why="A segment may be empty (RFC 9112 section 3.2.1).")
    found = environ_of(exchange).value("PATH_INFO")
    exchange.require(found == exchange.target(path), "the path is another one", expected=repr(path),
                     fact=f"it ends with {found.rpartition('environ')[2]!r}",
                     why="A segment may be empty (RFC 9112 section 3.2.1).")


@http("RFC 9112 section 3.2.1")
def test_what_begins_with_two_slashes_is_a_path(client: RawClient) -> None:
    exchange = client.say(["GET //environ/two HTTP/1.1", "Host: {host}", "Connection: close"])
    exchange.require(exchange.status == 200, "the path is refused", expected="status 200",
                     why="What begins with a slash is a path (RFC 9112 section 3.2.1).")
    found = environ_of(exchange).value("PATH_INFO")
    exchange.require(found in ("//environ/two", "/environ/two"), "a path is taken for something else",
                     fact="the path is cut", expected="'//environ/two'",
                     why="What begins with a slash is a path, and no host (RFC 9112 section 3.2.1).")


@http("RFC 9112 section 3.2.1")
@pytest.mark.disputed("a server may take slashes in front for one: a page that redirects there would lead to a host")
def test_two_slashes_in_front_stay_as_they_are(client: RawClient) -> None:
    exchange = client.say(["GET //environ/two HTTP/1.1", "Host: {host}", "Connection: close"])
    if exchange.status != 200:
        raise NotOffered("a path that begins with two slashes is refused")
    found = environ_of(exchange).value("PATH_INFO")
    exchange.require(found.startswith("//"), "the path is another one", fact="it begins with one slash",
                     expected="'//environ'", why="A segment may be empty (RFC 9112 section 3.2.1).")


@http("RFC 9112 section 3.2.2")
def test_the_host_of_an_absolute_target_is_the_host(client: RawClient) -> None:
    lines = ["GET http://probe.example{target} HTTP/1.1", "Host: other.example", "Connection: close"]
    exchange = client.say(lines, path="/environ")
    if exchange.status in (400, 421):
        return  # it serves this host and no other
    url = url_from(environ_of(exchange))
    exchange.require(url.startswith("http://probe.example/"), "the host of an absolute target is ignored",
                     fact=f"the URL begins with {url[:url.find('/', 8) + 1]!r}", expected="'http://probe.example/'",
                     why="It takes the place of the Host field: what is in front of the server goes by it "
                         "(RFC 9112 section 3.2.2).")


@http("RFC 9110 section 15.6.6")
@pytest.mark.parametrize("version", ["2.0", "3.0"], ids=["2", "3"])
def test_another_major_version_is_not_served(client: RawClient, version: str) -> None:
    exchange = client.ask("/ignore", version=version)
    exchange.require(exchange.body != b"ignored", f"a request in HTTP/{version} is served",
                     expected="status 400 or 505, or an end of the connection",
                     why="What it means is not known: a major version has a syntax of its own "
                         "(RFC 9110 sections 2.5 and 15.6.6).")
