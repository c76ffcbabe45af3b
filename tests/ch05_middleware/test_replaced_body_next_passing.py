"""Step 5.4 · ReplacedBody.__next__: any block, any end, any exception"""
import sys

import pytest

from tests.ch05_middleware.common import BLOCKS, CLOSE, PNG, START, TEXT, blaming_slips, ch05, environ, taken
from tests.ch05_middleware.sides import ODD, App, Body, NoTeaLeft, Server, euros, out_of_tea
from tests.ch05_middleware.told import note
from tests.expect import each_family, expect_let_out
from workshop.checking.diagnosis import expect_same, expect_that


@pytest.mark.step("5.4")
class TestReplacedBodyNext:
    def replaced(self, blocks, old, new):
        """Return the blocks of a text in which old becomes new."""
        app = App(blocks)
        note(f"ReplaceText(app, {old!r}, {new!r})(environ, start_response)", app)
        return taken(ch05.ReplaceText(app, old, new)(environ(), Server().start_response))

    @pytest.mark.parametrize("old, new, changed", [
        pytest.param(b"&", b" and ", b"$1 and $2", id="another character"),
        pytest.param(b"$", b"US$", b"US$1&US$2", id="a new text with the old character in it"),
        pytest.param(b"$", b"", b"1&2", id="nothing"),
    ])
    def test_old_becomes_new_once_wherever_it_stands(self, old, new, changed):
        expect_same(self.replaced([b"$1&$2"], old, new), [changed],
                    problem=f"{old!r} does not become {new!r}, once, wherever it stands",
                    why="ReplaceText(app, old, new) is told what becomes what: self.replaced knows. Call it once.")

    def test_each_of_three_blocks_is_replaced_once(self):
        expect_same(self.replaced([b"$1", b"$2", b"$3"], b"$", b"US$"), [b"US$1", b"US$2", b"US$3"],
                    problem="a later block is replaced more than once",
                    why="b'US$' has a $ in it: whoever replaces what was replaced already makes b'USUS$'. No call of "
                        "__next__ changes what the next one works with: self.blocks stays the iterator that it is.")

    @pytest.mark.clause(25, 97)
    @pytest.mark.parametrize("first, second, changed", [
        pytest.param(PNG, TEXT, "€1".encode(), id="an image, then a text"),
        pytest.param(TEXT, PNG, b"$1", id="a text, then an image"),
    ])
    def test_a_block_goes_by_the_last_call_of_start_response(self, first, second, changed):
        def app(environ, start_response):
            start_response("200 OK", [first])
            yield b""
            try:
                out_of_tea()
            except NoTeaLeft:
                start_response("500 Internal Server Error", [second], sys.exc_info())
            yield b"$1"

        note(f"ReplaceText(app, b'$', '€'.encode())(environ, start_response); first is {first}, second {second}", app)
        came_back = taken(ch05.ReplaceText(app, b"$", "€".encode())(environ(), Server().start_response))
        expect_same(came_back, [b"", changed], problem="the first call of start_response decides for the second",
                    why="self.replaced looks for each block whether it is of a text: a second call with exc_info, "
                        f"before the head has gone, may make it one ({START}).")

    @pytest.mark.parametrize("blocks", [
        pytest.param([b"\xe8\x8c", b"\xb6: $4"], id="within a character"),
        pytest.param([b"caf\xe9: $4"], id="in another charset"),
        pytest.param([b" $4 \r\n", b"\n"], id="with blanks at its ends"),
    ])
    def test_the_other_bytes_stay_whatever_they_are(self, blocks):
        why = "A block may end within a character, or be in another charset, so it may be no str: leave it bytes."
        with blaming_slips("a block cannot be decoded", why):
            came_back = self.replaced(blocks, b"$", b"USD")
        expect_same(came_back, [block.replace(b"$", b"USD") for block in blocks], why,
                    problem="bytes have changed that are no dollar sign")

    @pytest.mark.clause(25)
    def test_after_its_end_the_body_stays_at_its_end(self):
        body = euros(App([b"$1"]))(environ(), Server().start_response)
        came_back = [taken(body), taken(body)]
        expect_same(came_back, [["€1".encode()], []], problem="after its end the body begins anew",
                    why="An iterator that has raised StopIteration does so each time it is asked again.")

    @pytest.mark.clause(35)
    @pytest.mark.parametrize("blocks", [[b"$1"], [b"$1", OSError("the disk is gone")]], ids=["its end", "a failure"])
    def test_nothing_is_closed_before_the_server_closes(self, blocks):
        source = Body(*blocks)
        body = euros(App(source))(environ(), Server().start_response)
        try:
            taken(body)
        except OSError:
            pass
        expect_that(source.closed == 0, "the body is closed before the server has called close",
                    came_back=f"{source.closed} calls of its close", expected="none yet",
                    why=f"The server calls your close in any case; then it would be the second time ({CLOSE}).")

    @pytest.mark.parametrize("block", [b"$", b"$$", b""])
    def test_a_block_of_which_nothing_is_left_comes_out_empty(self, block):
        came_back = self.replaced([block, b"$1"], b"$", b"")
        expect_same(came_back, [b"", b"1"], problem="a block of which nothing is left does not come out empty",
                    blocks=f"{block!r} and b'$1'", why="What self.replaced returns goes out, be it empty: an empty "
                    f"block says `not yet` ({BLOCKS}).")

    @each_family(ours="ch04_response", more=[EOFError])
    def test_what_the_application_raises_reaches_the_server(self, kind):
        error = kind("no tea left")
        source = Body(error)
        body = euros(App(source, headers=[TEXT]))(environ(), Server().start_response)
        expect_let_out(error, lambda: next(body, None), "a failure of the application is swallowed",
                       f"The server logs it, and tells the client that the body is not whole ({CLOSE}).")
        expect_that(source.closed == 0, f"the body is closed for {kind.__name__}, before the server has called close",
                    came_back=f"{source.closed} calls of its close", expected="none yet",
                    why=f"The server calls your close in any case; then it would be the second time ({CLOSE}).")

    @pytest.mark.parametrize("headers", [TEXT, PNG], ids=["a text", "an image"])
    @pytest.mark.parametrize("block", [block for block in ODD if block != b""], ids=repr)
    def test_what_is_no_block_is_neither_the_end_nor_passed_over(self, block, headers):
        body = euros(App([block, b"tea"], headers=[headers]))(environ(), Server().start_response)
        came_back = "StopIteration"
        try:
            came_back = next(body)
        except StopIteration:
            pass
        except (AttributeError, TypeError):
            return  # what self.replaced raises is let out
        expect_that(came_back is block, f"the block {block!r} is taken for something else",
                    came_back=repr(came_back), expected=f"what self.replaced does with {block!r}",
                    why="None and what else is no block are the application's mistakes: self.replaced or the server "
                        f"finds them, and only StopIteration is the end ({BLOCKS}).")
