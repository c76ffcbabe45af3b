"""Step 2.12 · handle: clients that leave"""
import builtins
import contextlib

import pytest

from tests.ch02_request.common import ADDRESS, GET, ch02, each, post, sent_to
from tests.expect import blaming, expect_silence, raising
from workshop.checking.diagnosis import expect_same, expect_that, shown_bytes
from workshop.checking.transport import Connection

SILENT = "Clients leave all day long: a line for each, let alone a traceback, buries the real errors."


@pytest.mark.step("2.12")
class TestHandle:
    @each("what, blocks", {
        "at once": [], "within the request line": [b"GET / HT"], "within the head": [b"GET / HTTP/1.1\r\nHost: a\r\n"],
        "within the body": [post(b"Content-Length: 5", body=b"hel")],
        "within a chunk": [post(b"Transfer-Encoding: chunked", body=b"5\r\nhel")],
        "with a reset": [b"GET /", ConnectionResetError("reset")],
        "with a reset in the body": [post(b"Content-Length: 5"), ConnectionResetError("reset")],
        "with an abort": [b"GET /", ConnectionAbortedError("aborted")],
    })
    def test_a_client_that_leaves_gets_nothing_and_is_no_error(self, what, blocks, capsys):
        usual = self.printed_anyway(blocks, capsys)
        client = Connection(blocks)
        with blaming(f"a client that leaves is an error of yours: {what}",
                     "Clients leave all day long, and a traceback for each buries the real errors.", sent=client,
                     expected="handle returns as if all were well"):
            ch02.handle(client, ADDRESS)
        expect_silence(capsys.readouterr(), usual, f"for a client that left: {what}", SILENT, sent=client)
        expect_same(client.sent, b"", of="sent to the client",
                    problem=f"a client that has left is sent something: {what}", sent=repr(client),
                    why="Nobody is there to read it, and half a request has no answer (RFC 9112 section 8).")
        expect_that(client.closed, f"the connection of a client that has left stays open: {what}", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    @pytest.mark.parametrize("request_bytes", [GET, b"GET / HTTP/2.0\r\n\r\n"], ids=["a page", "a refusal"])
    @pytest.mark.parametrize("breaks", [0, 20])
    def test_a_client_that_leaves_during_the_answer_is_no_error(self, breaks, request_bytes, capsys):
        usual = self.printed_for_one_that_stays(request_bytes, capsys)
        client = Connection(request_bytes, breaks=breaks)
        why = "A person has pressed Stop: sendall raises BrokenPipeError, a ConnectionError."
        if request_bytes != GET:
            why += " What sends a refusal stands in a `try` as well (an `except` does not catch what is raised in " \
                   "another `except` of the same `try`)."
        with blaming("a client that leaves during the answer is an error of yours", why, sent=client,
                     expected="handle returns as if all were well"):
            ch02.handle(client, ADDRESS)
        expect_silence(capsys.readouterr(), usual, "for a client that left during the answer", SILENT, sent=client)
        expect_that(client.closed, "the connection of a client that has left stays open", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    @pytest.mark.parametrize("kind", [ConnectionResetError, ConnectionAbortedError])
    @each("what, request_bytes", {"a page": GET, "a refusal": b"GET / HTTP/2.0\r\n\r\n"})
    def test_sending_fails_in_several_ways_when_a_client_has_left(self, what, request_bytes, kind, capsys):
        usual = self.printed_for_one_that_stays(request_bytes, capsys)
        client = Connection(request_bytes, fails=kind("raised by sendall"))
        self.expect_left(client, f"{kind.__name__}, raised by sendall, is an error of yours: {what}", usual, capsys)

    @pytest.mark.parametrize("name", ["ClientGone", "ConnectionResetError", "BrokenPipeError"])
    def test_a_connection_error_of_a_page_means_that_the_client_has_left(self, monkeypatch, name, capsys):
        kind = ch02.ClientGone if name == "ClientGone" else getattr(builtins, name)
        monkeypatch.setitem(ch02.PAGES, b"/broken", ch02.PAGES[b"/"])
        usual = self.printed_for_one_that_stays(post(target=b"/broken"), capsys)
        monkeypatch.setitem(ch02.PAGES, b"/broken", (ch02.ANY, raising(kind("raised by a page"))))
        client = Connection(post(target=b"/broken"))
        self.expect_left(client, f"{name}, raised by a page, is an error of yours", usual, capsys)
        expect_same(client.sent, b"", problem="a client that has left is sent something", sent=repr(client),
                    raised=f"{name}, by the function of the page",
                    why="ConnectionError means that nobody is there to read it, whoever raises it.")

    def printed_anyway(self, blocks, capsys):
        """Return what is printed where these blocks are read, and where handle answers a client that stays."""
        with contextlib.suppress(ConnectionError, ch02.BadRequest):
            ch02.read_request(Connection(list(blocks)))
        return self.printed_for_one_that_stays(GET, capsys)

    def printed_for_one_that_stays(self, request_bytes, capsys):
        """Return what is printed where handle answers a client that stays, and what was printed before."""
        with contextlib.suppress(Exception):  # that it fails is reported by the checks of it
            ch02.handle(Connection(request_bytes), ADDRESS)
        return capsys.readouterr()

    def expect_left(self, client, problem, usual, capsys):
        """Fail with problem unless handle returns for a client that has left, prints nothing and hangs up."""
        why = "Whatever raises it, and of whichever kind it is: ConnectionError means that the client has left."
        with blaming(problem, why, sent=client, expected="handle returns as if all were well"):
            ch02.handle(client, ADDRESS)
        expect_silence(capsys.readouterr(), usual, "for a client that left", SILENT, sent=client)
        expect_that(client.closed, "the connection of a client that has left stays open", sent=client,
                    why="A process has a few hundred sockets; each one forgotten is lost until it ends.")

    @each("what, data", {
        "a body that is too large": post(b"Content-Length: 99999999"), "a page": GET, "a HEAD": post(method=b"HEAD"),
        "no such page": post(target=b"/no"), "no request": b"hello\r\n\r\n",
        "a head that is too large": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000,
    })
    def test_what_the_client_still_sends_is_read_before_closing(self, what, data):
        client = Connection([data, b"a", b"b"])
        sent_to(client)
        expect_that(client.sent, f"nothing was sent to the client: {what}", sent=shown_bytes(data),
                    why="Every request is answered, a bad one too.")
        expect_that(not client.blocks, "the connection is closed while bytes of the client lie unread", request=what,
                    came_back=shown_bytes(client.sent), unread=shown_bytes(b"".join(client.blocks), 40),
                    expected="hang_up(connection) in place of connection.close()",
                    why="Closing then sends a reset, and the reset can overtake the answer (RFC 9112 section 9.6).")

    @each("what, error", {"an error in a page": ZeroDivisionError(), "Ctrl-C in a page": KeyboardInterrupt()})
    def test_the_connection_is_closed_on_every_path(self, monkeypatch, what, error):
        def fail(request):
            raise error

        monkeypatch.setitem(ch02.PAGES, b"/broken", (None, fail))
        client = Connection(b"GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
        with contextlib.suppress(type(error)):
            ch02.handle(client, ADDRESS)
        expect_that(client.closed, f"the connection stays open after {what}", sent=client,
                    why="What stands after a line that raises is not run; `finally` is.")
