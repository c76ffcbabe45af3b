"""Step 5.3 · ReplacedBody.start_response: the write callable, and what is raised"""
import sys

import pytest

from tests.ch05_middleware.common import PNG, START, TEXT, ch05, environ
from tests.ch05_middleware.sides import ODD, App, NoTeaLeft, Server, euros, expect_arrived, out_of_tea, started
from tests.ch05_middleware.told import note
from tests.expect import each_family, expect_let_out
from workshop.checking.diagnosis import expect_that

WRITE = 'PEP 3333, section "The write() Callable"'


@pytest.mark.step("5.3")
class TestReplacedBodyStartResponse:
    @pytest.mark.clause(31, 103)
    def test_each_block_that_is_written_arrives_by_itself(self):
        app = App(writes=[b"$1", b"", b"\xe2\x82", b"\xac2"])
        _, server = started(app)
        for block in app.writes:
            app.write(block)
        expect_arrived(server.written, ["€1".encode(), b"", b"\xe2\x82", b"\xac2"],
                       problem="the blocks that are written do not arrive one for one",
                       why=f"write is called once for each block, and a block may end within a character ({WRITE}).")

    @pytest.mark.clause(31, 103)
    def test_each_block_of_an_image_that_is_written_arrives_by_itself(self):
        app = App(headers=[PNG])
        _, server = started(app)
        for block in (b"$1", b"", b"2"):
            app.write(block)
        expect_arrived(server.written, [b"$1", b"", b"2"],
                       problem="the blocks of an image that are written do not arrive one for one",
                       why=f"write is called once for each block, an empty one too, of a text or not ({WRITE}).")

    @pytest.mark.clause(31)
    def test_old_and_new_decide_what_is_written(self):
        app, server = App(writes=[b"tea&cup: $4"]), Server()
        note("ReplaceText(app, b'&', b' and ')(environ, start_response)", app)
        ch05.ReplaceText(app, b"&", b" and ")(environ(), server.start_response)
        app.write(b"tea&cup: $4")
        expect_arrived(server.written, [b"tea and cup: $4"],
                       problem="what is written is not passed through self.replaced",
                       why="ReplaceText(app, old, new) is told what becomes what: self.replaced knows.")

    @pytest.mark.clause(31, 103)
    def test_three_blocks_to_the_write_of_each_of_three_calls_are_replaced_once(self):
        app, server = App(), Server()
        note("ReplaceText(app, b'$', b'US$')(environ, start_response); start_response with exc_info, twice more", app)
        body = ch05.ReplaceText(app, b"$", b"US$")(environ(), server.start_response)
        writes = [app.write]
        for _ in range(2):
            try:
                out_of_tea()
            except NoTeaLeft:
                writes.append(body.start_response("500 Internal Server Error", [TEXT], sys.exc_info()))
        for number, write in enumerate(writes):
            for digit in b"123":
                write(b"$%d%c" % (number, digit))
        expect_arrived(server.written, [b"US$%d%d" % (number, digit) for number in range(3) for digit in (1, 2, 3)],
                       called="each of the three writes, three times",
                       problem="what is written is not passed through self.replaced once",
                       why="b'US$' has a $ in it: whoever replaces what was replaced already makes b'USUS$'. No call "
                           "adds to what the call before it has set up.")

    @pytest.mark.clause(31, 103)
    def test_each_call_goes_on_to_the_write_that_it_has_brought(self):
        def start_response(status, headers, exc_info=None):
            return lambda block: written.append((status, block))

        app, written = App(), []
        body = euros(app)(environ(), start_response)
        body.start_response("404 Not Found", [TEXT])(b"$2")
        app.write(b"$1")
        expect_arrived(written, [("404 Not Found", "€2".encode()), ("200 OK", "€1".encode())],
                       called="start_response with 200 OK; again with 404 Not Found, and b'$2' to the write that this "
                       "call returned; then b'$1' to the write of the first",
                       problem="what is written goes to the write of another call",
                       why="Each call of the server's start_response returns a write, and yours belongs to it "
                       f"({WRITE}).")

    @pytest.mark.clause(25, 80)
    @each_family(ours="ch04_response")
    def test_what_the_server_s_start_response_raises_reaches_the_caller(self, kind):
        def refusing(status, headers, exc_info=None):
            if not refused:
                refused.append(headers)
                raise error

        error, refused = kind("not with me"), []
        expect_let_out(error, lambda: euros(App())(environ(), refusing),
                       "what the server's start_response raises is swallowed",
                       f"By it the application learns that its head is refused, or has gone already ({START}).")

    @pytest.mark.clause(103)
    @each_family(ours="ch04_response")
    def test_what_the_server_s_write_raises_reaches_the_caller(self, kind):
        def broken(block):
            raise error

        app, error = App(), kind("the client has left")
        euros(app)(environ(), lambda status, headers, exc_info=None: broken)
        expect_let_out(error, lambda: app.write(b"$1"), "what the server's write raises is swallowed",
                       f"By it the application learns that nobody reads on ({WRITE}).")

    def test_each_block_that_is_written_goes_through_self_replaced_whatever_it_is(self):
        body, given, made = euros(App())(environ(), Server().start_response), [], [*reversed(ODD)]
        body.replaced = lambda block: given.append(block) or made[len(given) - 1]
        body.server_start_response = (server := Server()).start_response
        write = body.start_response("200 OK", [TEXT])  # only now, for it may look self.replaced up already
        for block in ODD:
            write(block)
        why = ("self.replaced knows what becomes of a block, an empty one too, and what it returns is written. None "
               f"and what else is no block are the application's mistakes, which the server finds ({WRITE}).")
        expect_that([*map(id, given)] == [*map(id, ODD)], "not each block that is written is given to self.replaced",
                    why, given=repr(given), expected=f"each of {ODD}", written=repr(ODD))
        expect_that([*map(id, server.written)] == [*map(id, made)], "what self.replaced returns is not what is written",
                    why, arrived=repr(server.written), expected=repr(made), written=repr(ODD))
