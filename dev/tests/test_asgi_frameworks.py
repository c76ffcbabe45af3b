"""The server of chapter 7 with frameworks that others wrote, and uvicorn and hypercorn beside it, answer by answer.

The site (dev/frameworks) is Starlette, with FastAPI, Quart and the shop of chapter 5 mounted in it. Each server gets
the same bytes. What differs, but for what a server may choose, stands in KNOWN with the reason, and nothing else does.
"""
import contextlib
import http.client
import os
import re
import signal
import socket
import sys

import pytest
import requests

from dev import PROJECT
from dev.frameworks.raw_messages import MESSAGES
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.exchange import exchange, receive_all
from workshop.machine.servers import ASGI_SERVERS
from wsgi_contract.answer import BLANK_LINE, read_answer
from wsgi_contract.asgi.asgi_programs import hypercorn, uvicorn
from wsgi_contract.launching import PATIENCE, Program, environment

pytestmark = pytest.mark.program
SITE = "dev.frameworks.framework_site:app"
OURS = ASGI_SERVERS["reference-7"]
SERVERS = {
    "reference": OURS.words(SITE, PROJECT.solutions),
    "uvicorn": uvicorn("--loop", "asyncio")(SITE, PROJECT.solutions),
    "hypercorn": hypercorn("--workers", "0")(SITE, PROJECT.solutions),
}
OTHERS = {"uvicorn", "hypercorn"}
SECONDS = 20  # that anything may take; what is right takes a moment
CHOSEN = {"date", "server", "connection", "transfer-encoding"}  # fields that are the server's to choose
SIGNED = re.compile(r"(_session=)[^;]*")  # a cookie has the time in it
CONTINUE = b"HTTP/1.1 100"


# What is sent, by a name for each request. All ask the server to close the connection.


def request(method, target, *fields, body=b"", version="1.1", host="Host: here:8000"):
    head = [f"{method} {target} HTTP/{version}", host, "Connection: close", *fields]
    return "\r\n".join([*filter(None, head), "", ""]).encode("latin-1") + body


def posted(target, body, *fields, method="POST"):
    return request(method, target, f"Content-Length: {len(body)}", *fields, body=body)


def in_chunks(target, *blocks, fields=(), trailer=b""):
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(block), block) for block in blocks)
    return request("POST", target, CHUNKED, *fields, body=b"%b0\r\n%b\r\n" % (chunks, trailer))


CHUNKED, FORM = "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded"
BODY = bytes(range(256)) * 1_000
UPLOAD = (b'--cut\r\nContent-Disposition: form-data; name="name"\r\n\r\ntea\r\n--cut\r\n'
          b'Content-Disposition: form-data; name="file"; filename="tea.bin"\r\n\r\n' + BODY + b"\r\n--cut--\r\n")
ODD_TARGET = "/told/caf%C3%A9/a%2Fb%20c?q=%C3%A9+x&q=2&empty="
FRAMEWORKS = {"Starlette": "", "FastAPI": "/fastapi", "Quart": "/quart"}
PAGES = {
    "a page": lambda at: request("GET", f"{at}/"),
    "its head": lambda at: request("HEAD", f"{at}/"),
    "by 1.0": lambda at: request("GET", f"{at}/", version="1.0"),
    "fields": lambda at: request("GET", at + ODD_TARGET, "X-One: 1", "X-Two: 2", "x-one: 3", "Cookie: one=1; two=2"),
    "a body": lambda at: posted(f"{at}/told/all", BODY),
    "another method": lambda at: posted(f"{at}/told/all", b"five!", method="PUT"),
    "chunks": lambda at: in_chunks(f"{at}/told/all", BODY, b"x", BODY),
    "a trailer": lambda at: in_chunks(f"{at}/told/all", b"x", trailer=b"X-One: 1\r\n"),
    "no body": lambda at: posted(f"{at}/told/all", b""),
    "a file": lambda at: posted(f"{at}/upload", UPLOAD, "Content-Type: multipart/form-data; boundary=cut"),
    "a stream": lambda at: request("GET", f"{at}/parts"),
    "its head alone": lambda at: request("HEAD", f"{at}/parts"),
    "a stream by 1.0": lambda at: request("GET", f"{at}/parts", version="1.0"),
    "an error": lambda at: request("GET", f"{at}/boom"),
    "an error in the middle": lambda at: request("GET", f"{at}/half"),
    "nowhere": lambda at: request("GET", f"{at}/nowhere"),
    "a method it has not": lambda at: request("DELETE", f"{at}/"),
    "options": lambda at: request("OPTIONS", f"{at}/"),
    "a redirect": lambda at: request("GET", f"{at}/old"),
    "no content": lambda at: request("GET", f"{at}/empty"),
    "late work begins": lambda at: request("GET", f"{at}/begin"),
    "late work is done": lambda at: request("GET", f"{at}/ask"),
}
SHOP = {
    "the shop": request("GET", "/shop/"),
    "the shop's head": request("HEAD", "/shop/"),
    "the shop by 1.0": request("GET", "/shop/", version="1.0"),
    "the admin": request("GET", "/shop/admin/"),
    "the basket": posted("/shop/basket", b"item=tea", FORM),
    "the basket in chunks": in_chunks("/shop/basket", b"item=", b"tea", fields=[FORM]),
    "a broken page": request("GET", "/shop/broken"),
    "nowhere in the shop": request("GET", "/shop/nowhere"),
    "the shop without a slash": request("GET", "/shop"),
}
HEADS = {
    "an absolute target": request("GET", "http://here:8000/raw/x?a=1"),
    "two slashes": request("GET", "/raw//x"),
    "dots": request("GET", "/raw/../raw/./x"),
    "a bad percent sign": request("GET", "/raw/%2"),
    "no UTF-8": request("GET", "/raw/%FF"),
    "two question marks": request("GET", "/raw/x?a=b?c=%20+"),
    "a fragment": request("GET", "/raw/x?a#b"),
    "an asterisk": request("OPTIONS", "*"),
    "no slash": request("GET", "raw/x"),
    "small letters": request("get", "/raw/x"),
    "a method of its own": request("BREW", "/raw/x"),
    "version 1.9": request("GET", "/raw/x", version="1.9"),
    "version 2.0": request("GET", "/raw/x", version="2.0"),
    "no host": request("GET", "/raw/x", host=""),
    "two hosts": request("GET", "/raw/x", "Host: there"),
    "a folded field": request("GET", "/raw/x", "X-One: a\r\n b"),
    "a name with a space": request("GET", "/raw/x", "X One: a"),
    "many fields": request("GET", "/raw/x", *(f"X-{number}: 1" for number in range(200))),
    "a long target": request("GET", f"/raw/{'x' * 9_000}"),
    "no request": b"nonsense\r\n\r\n",
    "two framings": in_chunks("/raw/x", b"x", fields=["Content-Length: 3"]),
    "two lengths": request("POST", "/raw/x", "Content-Length: 3", "Content-Length: 4", body=b"four"),
    "the same length twice": request("POST", "/raw/x", "Content-Length: 4", "Content-Length: 4", body=b"four"),
    "no chunk": request("POST", "/told/x", CHUNKED, body=b"no chunk\r\n"),
    "an odd coding": request("POST", "/told/x", "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    "an odd expectation": posted("/told/x", b"five!", "Expect: tea"),
}
REQUESTS = {
    **{f"{name}: {page}": make(at) for name, at in FRAMEWORKS.items() for page, make in PAGES.items()}, **SHOP, **HEADS,
    **{f"messages: {name}": request("GET", f"/raw/{name}") for name in MESSAGES},
    **{f"messages by HEAD: {name}": request("HEAD", f"/raw/{name}") for name in ("length", "no-length", "no-end")},
    **{f"messages by 1.0: {name}": request("GET", f"/raw/{name}", version="1.0") for name in ("no-length-in-parts",)},
}
# What a server answers by itself, in words of its own: only the status is compared.
OWN_WORDS = {"messages: nothing", "messages: line-end", "no host", "two hosts", "a name with a space", "no request",
             "two lengths", "no chunk", "an odd coding"}

# Who differs from the reference, for which requests, and why. "Right" is who keeps the sentence of the RFC named.

KNOWN = [
    (OTHERS, ["Quart: no content"],
     "Quart gives a Content-Length with 204, and the others send it. The reference is right: RFC 9110 section 8.6."),
    (OTHERS, ["messages: no-length", "messages: only-types", "messages: no-headers", "messages: chunked-by-hand"],
     "The reference knows the length of a body in one message, and tells it. All are right: RFC 9112 section 6.3."),
    (OTHERS, ["messages: too-long"],
     "The reference sends as much as was announced, the others nothing after the head; all end the connection."),
    (OTHERS, ["messages: starts-twice", "messages: odd-type"],
     "The reference has not sent the head yet, and answers 500. The others sent it at once. ASGI has nothing on it."),
    ({"uvicorn"}, ["messages: line-end"],
     "uvicorn ends the connection without an answer. The others are right to answer 500: RFC 9110 section 15.6.1."),
    (OTHERS, ["an absolute target"],
     "The others take it for a path. The reference is right: RFC 9112 section 3.2.2, a server MUST accept it."),
    (OTHERS, ["an asterisk", "no slash", "a fragment"],
     "The reference refuses what is no path. RFC 9112 section 3.2 lets it; `OPTIONS *` it has not, nor has ASGI."),
    ({"uvicorn"}, ["small letters"],
     "uvicorn gives the method as it came. The others are right by ASGI, where it is uppercased."),
    (OTHERS, ["version 2.0"], "The reference is right to refuse another major version: RFC 9110 section 15.6.6."),
    (OTHERS, ["a folded field", "two framings", "the same length twice"],
     "h11 takes these, the reference refuses them. RFC 9112 sections 5.2 and 6.3, RFC 9110 section 8.6 allow both."),
    (OTHERS, ["many fields", "a long target"], "Limits are the server's own. The reference has gunicorn's."),
    ({"uvicorn"}, ["an odd coding"],
     "uvicorn answers 400, the others 501, which RFC 9112 section 6.1 says that a server SHOULD."),
    (OTHERS, ["an odd expectation"], "The reference answers 417, which RFC 9110 section 10.1.1 lets a server do."),
]
DIFFERENT = {name: servers for servers, names, _ in KNOWN for name in names}


# How answers are read.


def serving(server):
    """Return a server with the site, as a program for a `with` block."""
    settings = environment(PYTHONPATH=os.pathsep.join(map(str, [PROJECT.solutions, PROJECT.root])), PYTHONHASHSEED="0")
    return Program([sys.executable, *SERVERS[server]], PROJECT.root, settings)


@pytest.fixture(scope="module")
def programs():
    """All servers, each with the site: programs by name. They start at the same time."""
    with contextlib.ExitStack() as stack:
        yield {server: stack.enter_context(serving(server)) for server in SERVERS}


@pytest.fixture(params=SERVERS)
def program(request, programs):
    return programs[request.param]


def told(data, sent):
    """Return what a client makes of all that a server has sent: status, fields and body, or what is wrong with it."""
    while data.startswith(CONTINUE):
        data = data.partition(BLANK_LINE)[2]
    try:
        answer = read_answer(data, head_only=sent.startswith(b"HEAD"))
    except Diagnosis as problem:
        head, _, body = data.partition(BLANK_LINE)
        return str(problem).splitlines()[0], head.split(b" ")[1:2], body
    fields = [(name.lower(), SIGNED.sub(r"\1", value)) for name, value in answer.fields if name.lower() not in CHOSEN]
    return answer.status, fields, answer.body


def answer_of(program, name):
    """Return what told() makes of the answer to a request, or its status alone where the words are a server's own."""
    sent = REQUESTS[name]
    answer = told(exchange(program.port(), sent), sent)
    return answer[0] if name in OWN_WORDS else answer


# Answer by answer.


@pytest.mark.parametrize("name", REQUESTS)
def test_servers_give_the_same_answer_but_for_what_is_known(name, programs):
    answers = {server: answer_of(program, name) for server, program in programs.items()}
    differing = {server for server in OTHERS if answers[server] != answers["reference"]}
    assert differing == DIFFERENT.get(name, set()), answers


# What takes more than a request and its answer.


@pytest.fixture
def connect(program):
    """A function that connects a client with one of the servers; all are closed in the end."""
    with contextlib.ExitStack() as clients:
        yield lambda: clients.enter_context(socket.create_connection(("127.0.0.1", program.port()), timeout=SECONDS))


def test_a_client_that_expects_it_is_told_to_go_on(connect):
    client = connect()
    sent = posted("/told/all", b"five!", "Expect: 100-continue")
    client.sendall(sent[:-5])
    assert client.recv(len(CONTINUE)) == CONTINUE
    client.sendall(sent[-5:])
    assert told(CONTINUE + receive_all(client), sent)[0] == 200


def test_a_browser_fills_its_basket(program):
    site = f"http://127.0.0.1:{program.port()}"
    with requests.Session() as browser:
        browser.trust_env = False
        for _ in range(3):
            page = browser.post(f"{site}/shop/basket", data={"item": "tea"}, timeout=SECONDS)
        assert "In your basket: 3" in page.text and page.url == f"{site}/shop/"


SEVERAL = [
    ("GET", "/", None), ("POST", "/told/all", BODY), ("GET", "/parts", None), ("POST", "/quart/told/all", iter([BODY])),
    ("GET", "/shop/", None), ("PUT", "/fastapi/told/all", b"five!"), ("GET", "/shop/admin/", None),
]


def test_one_connection_is_for_frameworks_and_shop(program):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", program.port(), SECONDS)) as connection:
        connection.connect()
        connection.auto_open = False  # and no other one
        for method, path, body in SEVERAL:
            connection.request(method, path, body)
            answer = connection.getresponse()
            assert answer.status == 200 and answer.read()


@pytest.mark.parametrize("at", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_an_endless_page_ends_when_its_client_leaves(connect, at):
    client = connect()
    client.sendall(request("GET", f"{at}/endless"))
    assert client.recv(12) == b"HTTP/1.1 200"
    client.close()
    other, sent = connect(), request("GET", f"{at}/left")
    other.sendall(sent)
    assert b"left" in told(receive_all(other), sent)[2]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
def test_a_server_that_is_stopped_tells_the_application():
    with serving("reference") as program:
        answer_of(program, "Starlette: a page")
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(PATIENCE) == 0
        program.wait_for(lambda: not program.running_readers())
        assert program.output[1:] == [f"{name} is closed\n" for name in ("Quart", "FastAPI", "Starlette")]


def test_the_example_of_a_framework_and_the_shop_is_one_site():
    notebooks = PROJECT.root / "notebooks"
    words = [sys.executable, *OURS.words("examples.starlette_site:app", PROJECT.solutions)]
    with Program(words, notebooks, environment()) as program:
        sent = {path: request("GET", path) for path in ("/", "/shop/", "/shop/admin/")}
        pages = [told(exchange(program.port(), data), data)[2].decode() for data in sent.values()]
    assert pages[0] == "hello from Starlette at /\n"
    assert "<h1>Shop</h1>" in pages[1] and "<h1>Admin</h1>" in pages[2]
