"""The environ: which variables a server gives, of what type, with what in them."""
import re
from urllib.parse import unquote

import pytest

from wsgi_contract.check_ids import slug
from wsgi_contract.raw_client import RawClient
from wsgi_contract.shown_environ import environ_of, facts_of, url_from
from wsgi_contract.wire import Exchange

WHY = "PEP 3333, environ Variables"
CGI = ["REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME",
       "SERVER_PORT", "SERVER_PROTOCOL"]
OF_CGI = re.compile(  # RFC 3875 section 4.1
    "AUTH_TYPE|CONTENT_(LENGTH|TYPE)|GATEWAY_INTERFACE|PATH_(INFO|TRANSLATED)|QUERY_STRING|REMOTE_(ADDR|HOST|IDENT|"
    "USER)|REQUEST_METHOD|SCRIPT_NAME|SERVER_(NAME|PORT|PROTOCOL|SOFTWARE)|HTTP_.*")
OF_APACHE = re.compile("REMOTE_PORT|REQUEST_URI|SCRIPT_FILENAME|SERVER_ADDR|DOCUMENT_ROOT|HTTPS|SSL_.*")
OF_WSGI = {"version", "url_scheme", "input", "errors", "multithread", "multiprocess", "run_once", "file_wrapper"}


def require_value(exchange: Exchange, name: str, expected: str, why: str) -> None:
    """Fail unless a variable has this value (a str); "" stands for a missing one too."""
    value = environ_of(exchange).value(name)
    exchange.require(value == expected, f"{name} is not what the client sent", fact=f"{name} is {value!r}",
                     expected=repr(expected), why=f"{why} ({WHY}).")


def asked_for(client: RawClient, target: str) -> Exchange:
    """Return the Exchange in which a client asks for this target, which names no report: the environ is the answer."""
    return client.say([f"GET {target} HTTP/1.1", "Host: {host}", "Connection: close"])


@pytest.mark.clause(36)
def test_environ_is_a_plain_dict(client: RawClient) -> None:
    exchange = client.ask("/environ")
    kind = facts_of(exchange)["type"]
    exchange.require(facts_of(exchange)["exactly a dict"], "environ is no plain dict", fact=f"it is a {kind}",
                     why="Applications change it in every way that dict has (PEP 3333, Specification Details).")


@pytest.mark.clause(37)
def test_the_variables_of_cgi_are_there(client: RawClient) -> None:
    exchange = client.ask("/environ", method="POST", query="a=b", fields=["Content-Type: text/plain"], body=b"hello")
    missing = [name for name in CGI if name != "SCRIPT_NAME" and name not in environ_of(exchange)]
    exchange.require(not missing, "variables are missing", fact=f"no {', '.join(missing)}",
                     why=f"Only an empty one may be left out ({WHY}).")


@pytest.mark.clause(38)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"], ids=slug)
def test_request_method_is_the_clients(client: RawClient, method: str) -> None:
    require_value(client.ask("/environ", method=method, body=b""), "REQUEST_METHOD", method,
                  "The application chooses by it what to do")


@pytest.mark.clause(39)
def test_script_name_is_empty_at_the_root(client: RawClient) -> None:
    require_value(client.ask("/environ/a"), "SCRIPT_NAME", "", "The application is mounted below nothing")


@pytest.mark.clause(40)
@pytest.mark.parametrize("target, path", [
    ("/", "/"), ("/environ/a%20b/", "/environ/a b/"), ("/environ/a+b", "/environ/a+b")],
    ids=["root", "space", "plus"])
def test_path_info_is_the_decoded_path_without_the_query(client: RawClient, target: str, path: str) -> None:
    require_value(asked_for(client, f"{target}?x=1"), "PATH_INFO", path, "Applications look up their pages by it")


@pytest.mark.clause(41)
def test_query_string_is_what_follows_the_question_mark(client: RawClient) -> None:
    require_value(client.ask("/environ", query="a=%20b&c?d=/"), "QUERY_STRING", "a=%20b&c?d=/",
                  "It is passed on as it came")


@pytest.mark.clause(41)
def test_without_a_query_query_string_is_empty_or_missing(client: RawClient) -> None:
    require_value(client.ask("/environ"), "QUERY_STRING", "", "There is no question mark in the target")


@pytest.mark.clause(42)
def test_content_type_is_the_field(client: RawClient) -> None:
    exchange = client.ask("/environ", method="POST", fields=["Content-Type: text/x-probe; a=b"], body=b"hello")
    require_value(exchange, "CONTENT_TYPE", "text/x-probe; a=b", "The application reads the body by it")


@pytest.mark.clause(42)
def test_without_the_field_content_type_is_empty_or_missing(client: RawClient) -> None:
    require_value(client.ask("/environ"), "CONTENT_TYPE", "", "The client has named no type")


@pytest.mark.clause(43)
def test_content_length_is_the_field(client: RawClient) -> None:
    require_value(client.ask("/environ", method="POST", body=b"hello"), "CONTENT_LENGTH", "5",
                  "The application reads so many bytes")


@pytest.mark.clause(43)
def test_without_the_field_content_length_is_empty_or_missing(client: RawClient) -> None:
    require_value(client.ask("/environ"), "CONTENT_LENGTH", "", "There is no body")


@pytest.mark.clause(44)
@pytest.mark.parametrize("name", ["SERVER_NAME", "SERVER_PORT"], ids=slug)
def test_the_servers_name_and_port_are_strings_that_are_not_empty(client: RawClient, name: str) -> None:
    exchange = client.ask("/environ", version="1.0")
    kind, value = environ_of(exchange)[name]
    shown = str(value).replace(str(client.server.port), "PORT")
    exchange.require(kind == "str" and value, f"{name} is missing, empty or no string", fact=f"{kind}: {shown}",
                     why=f"Where there is no Host, a URL can be made from nothing else ({WHY}).")


@pytest.mark.clause(44)
def test_server_port_is_the_port(client: RawClient) -> None:
    exchange = client.ask("/environ")
    value = environ_of(exchange).value("SERVER_PORT")
    exchange.require(value == str(client.server.port), "SERVER_PORT is another port", fact="it is another one",
                     expected=client.server.port, why=f"A URL with another port leads elsewhere ({WHY}).")


@pytest.mark.clause(45)
@pytest.mark.parametrize("version", ["1.0", "1.1"], ids=slug)
def test_server_protocol_is_the_version_that_the_client_used(client: RawClient, version: str) -> None:
    require_value(client.ask("/environ", version=version), "SERVER_PROTOCOL", f"HTTP/{version}",
                  "It is the version of the request, not what the server can do")


@pytest.mark.clause(46)
def test_a_field_of_the_request_is_there_as_http_variable(client: RawClient) -> None:
    exchange = client.ask("/environ", fields=["X-Probe-One: a b", "user-AGENT: probe/1"])
    require_value(exchange, "HTTP_X_PROBE_ONE", "a b", "An application reads fields there")
    require_value(exchange, "HTTP_USER_AGENT", "probe/1", "An application reads fields there")


@pytest.mark.clause(46)
def test_a_field_that_was_not_sent_is_not_there(client: RawClient) -> None:
    exchange = client.ask("/environ")
    extra = sorted(name for name in environ_of(exchange) if name.startswith("HTTP_")
                   and name not in ("HTTP_HOST", "HTTP_CONNECTION")
                   and name not in facts_of(exchange)["of the process"])
    exchange.require(not extra, "there are variables of fields that were not sent", fact=", ".join(extra),
                     why=f"A variable is there exactly if the field is ({WHY}).")


@pytest.mark.clause(47)
def test_remote_addr_is_the_clients_address(client: RawClient) -> None:
    exchange = client.ask("/environ")
    require_value(exchange, "REMOTE_ADDR", exchange.client_host, "The application may want to know who asks")


@pytest.mark.clause(50)
@pytest.mark.parametrize("name", ["REMOTE_USER", "AUTH_TYPE", "REMOTE_IDENT"], ids=slug)
def test_what_is_not_known_is_left_out(client: RawClient, name: str) -> None:
    exchange = client.ask("/environ")
    kind, value = environ_of(exchange)[name]
    exchange.require(kind is None, f"{name} is there, and nobody has logged in", fact=f"{name} is {value!r}",
                     why=f"Missing variables are left out of the dict ({WHY}).")


def require_str(exchange: Exchange, names: re.Pattern[str]) -> None:
    """Fail unless the variables whose names match are str."""
    kinds = {name: kind for name, (kind, _) in sorted(environ_of(exchange).items()) if names.fullmatch(name)}
    wrong = [f"{name} is {kind}" for name, kind in kinds.items() if kind != "str"]
    exchange.require(not wrong, "variables are no str", fact=", ".join(wrong),
                     why=f"Any other type breaks the contract ({WHY}).")


@pytest.mark.clause(51)
def test_the_variables_of_cgi_are_str(client: RawClient) -> None:
    fields = ["Content-Type: text/plain", "X-Probe: 1"]
    require_str(client.ask("/environ", method="POST", fields=fields, body=b"hello"), OF_CGI)


@pytest.mark.clause(51)
@pytest.mark.disputed("CGI does not have the variables that Apache has added to it")
def test_the_variables_of_apache_are_str(client: RawClient) -> None:
    require_str(client.ask("/environ"), OF_APACHE)


@pytest.mark.clause(53)
def test_wsgi_version_is_the_tuple_1_0(client: RawClient) -> None:
    exchange = client.ask("/environ")
    kind, value = environ_of(exchange)["wsgi.version"]
    exchange.require((kind, value) == ("tuple", "(1, 0)"), "wsgi.version is not (1, 0)", fact=f"{kind} {value}",
                     why=f"It is the version of WSGI, not the server's ({WHY}).")


@pytest.mark.clause(54)
def test_url_scheme_is_http(client: RawClient) -> None:
    require_value(client.ask("/environ"), "wsgi.url_scheme", "http", "There is no TLS on this connection")


@pytest.mark.parametrize("name", [
    pytest.param("input", marks=pytest.mark.clause(55)),
    pytest.param("errors", marks=pytest.mark.clause(56)),
    pytest.param("multithread", marks=pytest.mark.clause(58)),
    pytest.param("multiprocess", marks=pytest.mark.clause(59)),
    pytest.param("run_once", marks=pytest.mark.clause(60)),
], ids=slug)
def test_the_variables_of_wsgi_are_there(client: RawClient, name: str) -> None:
    exchange = client.ask("/environ")
    exchange.require(f"wsgi.{name}" in environ_of(exchange), f"wsgi.{name} is missing", fact="it is missing",
                     why=f"Applications count on it ({WHY}).")


def own_variables(exchange: Exchange) -> list[str]:
    """Return the variables that the server has made up."""
    shown = set(facts_of(exchange)["of the process"])
    return sorted(name for name in environ_of(exchange) if name not in shown
                  and not OF_CGI.fullmatch(name) and not OF_APACHE.fullmatch(name)
                  and not (name.startswith("wsgi.") and name[5:] in OF_WSGI))


@pytest.mark.clause(61)
def test_variables_of_the_servers_own_are_in_lower_case_with_a_prefix(client: RawClient) -> None:
    exchange = client.ask("/environ")
    odd = [name for name in own_variables(exchange)
           if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name) and not re.fullmatch("[A-Z][A-Z0-9_]*", name)]
    exchange.require(not odd, "variables of the server's own are not named as such", fact=", ".join(odd),
                     expected="lower-case letters, digits, dots and underscores, behind a prefix",
                     why=f"Names of different makers must not clash ({WHY}).")


@pytest.mark.clause(61)
@pytest.mark.disputed("they may be variables of the process, which a server may include, or those of Apache")
def test_names_in_capitals_are_left_to_cgi(client: RawClient) -> None:
    exchange = client.ask("/environ")
    odd = [name for name in own_variables(exchange) if re.fullmatch("[A-Z][A-Z0-9_]*", name)]
    exchange.require(not odd, "variables of the server's own are named as those of CGI are", fact=", ".join(odd),
                     expected="lower-case letters behind a prefix",
                     why=f"Names of different makers must not clash ({WHY}).")


@pytest.mark.clause(61)
@pytest.mark.disputed("servers have agreed on some names with wsgi. that PEP 3333 does not have")
def test_the_prefix_wsgi_is_left_to_the_pep(client: RawClient) -> None:
    exchange = client.ask("/environ")
    odd = [name for name in own_variables(exchange) if name.startswith("wsgi.")]
    exchange.require(not odd, "variables of the server's own begin with wsgi.", fact=", ".join(odd),
                     why=f"The prefix is the server's alone ({WHY}).")


@pytest.mark.clause(131)
@pytest.mark.parametrize("target", ["/", "/environ/a%20b/%E4%BD%A0?x=%20y", "/environ/%FF"],
                         ids=["root", "query", "byte-ff"])
def test_the_url_can_be_put_together_again(client: RawClient, target: str) -> None:
    exchange = asked_for(client, target)
    environ = environ_of(exchange)
    path, _, query = target.partition("?")
    found = environ.value("SCRIPT_NAME") + environ.value("PATH_INFO")
    exchange.presume(found == unquote(path, "latin-1"), "the path is not that of the request (clauses 39, 40, 132)")
    exchange.presume(environ.value("QUERY_STRING") == query, "the query is not that of the request (clause 41)")
    url = url_from(environ)
    exchange.require(url == f"http://{client.host}{target}", "the environ gives another URL",
                     fact=url.replace(client.host, "HOST"), expected=f"http://HOST{target}",
                     why="Redirects and links are made from it (PEP 3333, URL Reconstruction).")


@pytest.mark.clause(132)
@pytest.mark.parametrize("path, shown", [("/environ/%E4%BD%A0", "/environ/ä½\xa0"), ("/environ/%C3%BF", "/environ/Ã¿"),
                                         ("/environ/%FF", "/environ/ÿ")],
                         ids=["three-bytes", "two-bytes", "byte-ff"])
def test_a_byte_of_the_path_is_a_character_up_to_ff(client: RawClient, path: str, shown: str) -> None:
    value = environ_of(exchange := asked_for(client, path)).value("PATH_INFO")
    exchange.require(value == shown, "a byte of the path is not the character of its number", fact=ascii(value),
                     expected=ascii(shown),
                     why="A native string carries bytes, each as one character (PEP 3333, Unicode Issues).")


@pytest.mark.clause(132)
def test_no_variable_has_characters_beyond_latin_1(client: RawClient) -> None:
    exchange = client.ask("/environ/%E4%BD%A0", fields=["X-Probe: \xe4\xbd\xa0", "Cookie: a=\xe9"], query="%E4")
    wide = sorted(name for name, (kind, value) in environ_of(exchange).items()
                  if kind == "str" and value and max(value) > "\xff")
    exchange.require(not wide, "variables have characters beyond U+00FF",
                     fact=", ".join(wide),
                     why="Nobody could tell which bytes they stand for (PEP 3333, Unicode Issues).")
