"""Step 3.1 · cgi_variables"""
import contextlib
import copy

import pytest

from tests.ch03_environ.common import (
    CLIENT,
    NI_HAO,
    SERVER,
    cgi,
    cgi_variable,
    ch03,
    environ_from_outside,
    request,
    show_to_wsgiref,
)
from tests.expect import expect_type, expect_value
from workshop.checking.diagnosis import expect_that, expect_unchanged
from workshop.checking.tree import shown

STR = {
    list: "request.values gives a list of all values that were sent, of one too. The variable is the first of them, a "
          'str (PEP 3333, section "environ Variables").',
    bytes: "Every CGI variable is a str; bytes become one with .decode('latin-1') (PEP 3333, section \"Unicode "
           'Issues").',
}  # why a variable is a str, by the type that it has
LISTENS = ("A server may listen on any address and port: server_address is the pair of its host and its port "
           '(PEP 3333, section "environ Variables").')
OF_THE_PATH = ("request.path is the path, without the query and decoded already; request.target is all that the client "
               'sent (PEP 3333, section "environ Variables").')
SEE_ENVIRON = {"try it": "python chapters/ch03_environ.py, then open http://127.0.0.1:8000/你好?page=2"}


@pytest.mark.step("3.1")
class TestCgiVariables:
    FORM = [("content-type", "text/plain"), ("content-length", "5")]

    @pytest.mark.clause(36)
    def test_it_returns_a_plain_dict(self):
        cgi()

    def test_the_environment_of_the_server_s_process_has_no_part_in_them(self, monkeypatch):
        monkeypatch.setenv("SHOP_PASSWORD", "secret")
        expect_that("SHOP_PASSWORD" not in cgi(), "a variable of os.environ is among them", came_back="SHOP_PASSWORD",
                    os_environ="has SHOP_PASSWORD, for this check", expected="nothing of os.environ",
                    why="What the server's own process has in its environment is for no application: an error page "
                        "that shows the environ would show the server's passwords.")

    def test_two_requests_have_nothing_in_common(self):
        first = cgi(fields=self.FORM, body=b"hello")
        second = cgi(path=b"/second")
        left_over = first.get("PATH_INFO") == "/second" or second.get("CONTENT_TYPE") == "text/plain"
        expect_that(first is not second and not left_over, "two requests share one dict",
                    came_back=f"{shown(first)} of the first\n{shown(second)} of the second",
                    why="Each request has a dict of its own: the next client must not get what this one sent.")

    def test_a_request_that_comes_twice_gets_two_dicts(self):
        first, second = cgi(fields=self.FORM, body=b"hello"), cgi(fields=self.FORM, body=b"hello")
        expect_that(first is not second, "two requests that are equal share one dict",
                    "Each request has a dict of its own, also if another one has said the same: build_environ and the "
                    "application may change it.")

    def test_the_names_are_written_with_underscores(self):
        hyphened = [name for name in cgi(fields=self.FORM, body=b"hello") if "-" in name]
        expect_that(not hyphened, f"{' and '.join(hyphened)} should be written with an underscore",
                    "An application looks for CONTENT_TYPE and CONTENT_LENGTH; it does not find what is there under "
                    'another name (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(51)
    def test_every_value_is_a_str(self):
        for name, value in cgi(fields=self.FORM, body=b"hello").items():
            expect_type(value, str, f"{name} is", STR.get(
                type(value), 'Every CGI variable is a str, numbers too (PEP 3333, section "environ Variables").'))

    @pytest.mark.clause(37, 38, 44)
    @pytest.mark.parametrize("name", ["REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME",
                                      "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR"])
    def test_the_variable_is_there_whatever_the_request(self, name):
        cgi_variable(name)

    @pytest.mark.clause(38)
    @pytest.mark.parametrize("method", ["PUT", "get", "BREW"])
    def test_the_method_is_the_client_s(self, method):
        expect_value(cgi_variable("REQUEST_METHOD", method=method), method, likely={
            "REQUEST_METHOD is put into upper case": method.upper(),
        }, problem="REQUEST_METHOD is another one",
            why="An application does what the method says: it is the client's, letter by letter, and `get` is not GET "
                "(RFC 9110 section 9.1).")

    @pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
    def test_the_method_decides_nothing_else(self, method):
        sent = {"fields": self.FORM, "body": b"hello", "path": b"/a", "query": "page=2"}
        for_get, came_back = cgi(**sent), cgi(method=method, **sent)
        others = [name for name in sorted(for_get | came_back)
                  if name != "REQUEST_METHOD" and for_get.get(name) != came_back.get(name)]
        came_back, expected = ({name: variables.get(name, "missing") for name in others}
                               for variables in (came_back, for_get))
        expect_value(came_back, expected, sent=f"a {method} request",
                     problem=f"for {method}, {' and '.join(others)} is another one than for GET",
                     why="What the client sent is there, whatever its method: an application decides what it makes of "
                         'it (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(39)
    def test_the_script_name_is_empty(self):
        expect_value(cgi_variable("SCRIPT_NAME", path=b"/a/b"), "", problem="SCRIPT_NAME is not empty",
                     why="SCRIPT_NAME and PATH_INFO together are the path of the URL, and this server has all of it in "
                         'PATH_INFO (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(40, 132)
    def test_each_byte_of_the_path_becomes_one_character(self):
        path = b"/a b/" + NI_HAO
        target = "/a%20b/%E4%BD%A0%E5%A5%BD?page=2"
        came_back = cgi_variable("PATH_INFO", path=path, query="page=2", target=target)
        expect_value(came_back, path.decode("latin-1"), path=str(path), **SEE_ENVIRON, likely={
            "PATH_INFO is decoded as UTF-8": "/a b/你好",
            "PATH_INFO is the target, with the query in it": target,
            "PATH_INFO is still percent-encoded": target.partition("?")[0],
            "PATH_INFO is how Python shows bytes, with b'…' around": str(path),
        }, problem="PATH_INFO is another one", whys={
            "PATH_INFO is the target, with the query in it": OF_THE_PATH,
            "PATH_INFO is still percent-encoded": OF_THE_PATH,
            "PATH_INFO is how Python shows bytes, with b'…' around":
                "str() of bytes writes them down as Python shows them; .decode('latin-1') makes each byte a character "
                '(PEP 3333, section "Unicode Issues").',
        }, why="An application takes the bytes back with .encode('latin-1') and decodes them as it likes: so each "
               'character stands for one byte (PEP 3333, section "Unicode Issues").')

    @pytest.mark.clause(41)
    def test_the_query_is_not_decoded(self):
        query = "who=%E4%BD%A0+a%26b"
        came_back = cgi_variable("QUERY_STRING", query=query, target="/?" + query)
        expect_value(came_back, query, **SEE_ENVIRON, likely={
            "QUERY_STRING begins with the question mark": "?" + query,
            "QUERY_STRING is decoded": "who=你+a&b",
            "QUERY_STRING is decoded, and each + a space": "who=你 a&b",
            "QUERY_STRING is the whole target": "/?" + query,
        }, problem="QUERY_STRING is another one",
            why="It is what follows `?`, as it came: once it is decoded, nobody can tell the `&` that separates from "
                'the `%26` in a value (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(44)
    def test_server_name_and_port_are_where_the_server_listens(self):
        why = ("The Host field is what the client claims, and has a variable of its own; these two say where the "
               'server is (PEP 3333, section "environ Variables").')
        address = ("198.51.100.3", 4711)
        expect_value(cgi_variable("SERVER_NAME", server=address), "198.51.100.3", why, likely={
            "SERVER_NAME is fixed, not that of server_address": "127.0.0.1",
            "SERVER_NAME comes from the Host field": "example.org",
            "SERVER_NAME is the whole Host field": "example.org:81",
            "SERVER_NAME has the port in it": "198.51.100.3:4711",
            "SERVER_NAME is the client's address": CLIENT[0],
        }, problem="SERVER_NAME is another one", whys={
            "SERVER_NAME is fixed, not that of server_address": LISTENS, "SERVER_NAME has the port in it": LISTENS,
            "SERVER_NAME is the client's address": LISTENS,
        })
        expect_value(cgi_variable("SERVER_PORT", server=address), "4711", why, likely={
            "SERVER_PORT comes from the Host field": "81",
            "SERVER_PORT is the client's port": "50000",
            "SERVER_PORT is fixed, not that of server_address": "8000",
        }, problem="SERVER_PORT is not the port that the server listens on", whys={
            "SERVER_PORT is the client's port": LISTENS, "SERVER_PORT is fixed, not that of server_address": LISTENS,
        })

    @pytest.mark.clause(44)
    def test_the_port_is_there_if_it_is_the_default_of_http_too(self):
        expect_value(cgi_variable("SERVER_PORT", server=("198.51.100.3", 80)), "80", LISTENS,
                     problem="SERVER_PORT is not the port that the server listens on")

    @pytest.mark.clause(45)
    @pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.2"])
    def test_the_protocol_is_the_version_that_the_client_used(self, version):
        expect_value(cgi_variable("SERVER_PROTOCOL", version=version), version,
                     problem="SERVER_PROTOCOL is not the client's version",
                     why="It is the version of the request, in spite of its name: an HTTP/1.0 client must not be "
                         'answered as one of HTTP/1.1 (PEP 3333, section "environ Variables").')

    @pytest.mark.clause(47)
    def test_the_remote_address_is_the_client_s_host(self):
        expect_value(cgi_variable("REMOTE_ADDR"), CLIENT[0], likely={
            "REMOTE_ADDR is the server's own address": SERVER[0],
            "REMOTE_ADDR has the port in it": "192.0.2.9:50000",
        }, problem="REMOTE_ADDR is another one",
            why="Logs and limits go by it: it is the client's IP address and nothing else (RFC 3875 section 4.1.8).")

    @pytest.mark.parametrize(("name", "value"), [
        pytest.param(name, value, id=name) for name, value in {
            "x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7", "x-forwarded-host": "evil.example",
            "x-forwarded-port": "8443", "x-script-name": "/shop", "x-forwarded-prefix": "/shop",
            "x-http-method-override": "DELETE", "x-original-url": "/admin?a=1", "x-rewrite-url": "/admin?a=1",
        }.items()
    ])
    def test_no_other_field_counts(self, name, value):
        without, came_back = cgi(), cgi(fields=[(name, value)])
        others = [key for key in sorted(without | came_back) if without.get(key) != came_back.get(key)]
        expect_value({key: came_back.get(key, "missing") for key in others},
                     {key: without.get(key, "missing") for key in others}, sent=f"{name}: {value}",
                     problem=f"{' and '.join(others)} is another one if the client sends {name}",
                     why="Any client can send such a field, and say what it likes. Of all fields, Content-Type, "
                         "Content-Length and Transfer-Encoding count here, and no other.")

    @pytest.mark.parametrize("fields", [
        FORM, [], [("content-type", "a/b"), ("content-type", "a/b")], [("transfer-encoding", "chunked")],
        [("content-type", ""), ("x-empty", "")],
    ], ids=["a form", "no fields", "equal fields", "chunks", "empty values"])
    def test_the_request_stays_as_it_is(self, fields):
        asked = request(fields=fields, body=b"hello" if fields else b"")
        before = copy.deepcopy(asked)
        with contextlib.suppress(LookupError):  # other checks tell of a field that is looked for in vain
            ch03.cgi_variables(asked, SERVER, CLIENT)
        expect_unchanged("request", asked, before, problem="the request is changed",
                         why="Others read it after you: build_environ its fields and its body, respond its method.")

    @pytest.mark.clause(36, 37, 51)
    def test_wsgiref_accepts_them(self):
        variables = cgi(method="POST", fields=self.FORM, body=b"hello", path=b"/" + NI_HAO)
        show_to_wsgiref({key: value for key, value in environ_from_outside().items() if "." in key} | variables)

    @pytest.mark.clause(44, 47)
    @pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "::1", "fe80::A", "Shop.Example", ""])
    def test_the_hosts_of_both_addresses_stay_as_they_are(self, host):
        why = "The addresses are what the system knows of the connection: a name or another spelling in their place " \
              "is a guess."
        for name, address in {"SERVER_NAME": "server", "REMOTE_ADDR": "client"}.items():
            expect_value(cgi_variable(name, **{address: (host, 4711)}), host, why,
                         problem=f"{name} is not the host of {address}_address as it is")
