"""Step 3.10 · call_application"""
import pytest

from tests.ch03_environ.applications import Positional, Written, call, function, returning
from tests.ch03_environ.common import ALL_BYTES, TEXT, environ_from_outside
from tests.expect import expect_value
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import shown


def generator(environ, start_response):
    start_response("200 OK", [*TEXT])
    yield from [b"one ", b"two"]


NOT_WRITTEN = "a body that the application gives to write can't be put together"
WRITE = 'write takes bytes, one block, and adds it to the body (PEP 3333, section "The write() Callable").'


class Kinds:
    """Applications of the other kinds."""

    def __init__(self, environ=None, start_response=None):
        self.start_response = start_response

    def method(self, environ, start_response):
        return function(environ, start_response)

    __call__ = method

    def __iter__(self):
        return generator({}, self.start_response)


@pytest.mark.step("3.10")
class TestCallApplication:
    def test_it_returns_status_headers_and_body(self):
        expect_value(call(function), ("200 OK", TEXT, b"one two"), likely={
            "the body is only the last block": ("200 OK", TEXT, b"two"),
            "the body is only the first block": ("200 OK", TEXT, b"one "),
            "the body is empty": ("200 OK", TEXT, b""),
        }, problem="status, headers and body are not those of the application",
            why="What the application says is what the client gets.")

    @pytest.mark.clause(20)
    def test_status_and_headers_come_back_as_they_were_given(self):
        def application(environ, start_response):
            start_response("404 Nobody's Page", list(headers))
            return [b"hello"]

        headers = [("Set-Cookie", "a=1"), ("ETag", '"X"'), ("Set-Cookie", "b=2"), ("x-shop", "Books")]
        status, came_back, _ = call(application)
        why = "A client gets what the application says, in its words; a name may come twice, as Set-Cookie does."
        expect_value(status, "404 Nobody's Page", why, problem="the status is not the one that was given")
        expect_value(came_back, headers, why, likely={
            "of headers with the same name, only the last is kept": list(dict(headers).items()),
            "of headers with the same name, only the first is kept": [headers[0], headers[1], headers[3]],
            "the headers come back in another order": sorted(headers),
        }, problem="the headers are not those that were given")

    def test_two_calls_have_nothing_in_common(self):
        call(Written(), problem=NOT_WRITTEN, why=WRITE)
        expect_value(call(function), ("200 OK", TEXT, b"one two"),
                     problem="something of one request is left over in the next",
                     why="What was kept belongs to one request: the next visitor may be another person.")

    @pytest.mark.clause(15)
    def test_the_application_is_called_by_position(self):
        app = Positional()
        call(app)
        arguments, named = app.calls[0]
        expect_that(not named, "the application is called with keywords", came_back=", ".join(named),
                    why="The names of its two parameters are its own affair: with other ones it raises TypeError "
                        '(PEP 3333, section "Specification Details").')

    @pytest.mark.clause(14)
    def test_the_application_is_called_once(self):
        app = Positional()
        call(app)
        expect_that(len(app.calls) == 1, f"the application is called {len(app.calls)} times for one request",
                    "An application that takes an order would take it twice (PEP 3333, section \"The Server/Gateway "
                    'Side").')

    @pytest.mark.clause(36)
    def test_the_application_gets_the_environ(self):
        app = Positional()
        environ = environ_from_outside(HTTP_X_SHOP="books")
        call(app, dict(environ))
        expect_value(app.calls[0][0][0], environ, problem="the application gets another environ",
                     why="All that it knows of the request is in there.")

    @pytest.mark.clause(36)
    def test_the_environ_is_no_copy(self):
        app, environ = Positional(), environ_from_outside()
        call(app, environ)
        expect_that(app.calls[0][0][0] is environ, "the application gets a copy of the environ",
                    "What the application puts into its environ, such as the name of a user, is there for whoever made "
                    'it and looks afterwards: hand on the very dict (PEP 3333, section "Specification Details").',
                    expected="app(environ, start_response)")

    @pytest.mark.clause(13)
    @pytest.mark.parametrize("app", [
        pytest.param(function, id="a function"),
        pytest.param(generator, id="a generator function"),
        pytest.param(Kinds().method, id="a bound method"),
        pytest.param(Kinds, id="a class"),
        pytest.param(Kinds(), id="an instance"),
    ])
    def test_every_kind_of_application_is_served(self, app):
        why = ("A server only calls the application, and goes through what it gets: start_response may come as late as "
               'with the first block (PEP 3333, section "Specification Details").')
        late = app in (generator, Kinds)
        came_back = call(app, problem="an application that calls start_response with its first block is not served"
                         if late else "an application of this kind is not served", why=why)
        expect_value(came_back, ("200 OK", TEXT, b"one two"), why, problem="this kind of application is not served")

    @pytest.mark.clause(13)
    def test_an_iterable_need_not_have_an_iter(self):
        class Numbered:
            told = "an object with a __getitem__, which gives b'one ' and b'two' for 0 and 1, and without an __iter__"

            def __getitem__(self, number):
                return [b"one ", b"two"][number]

        why = "A `for` loop can go through it, and iter() can: that makes it an iterable. Ask for no method of it."
        came_back = call(returning(Numbered()), problem="an iterable without an __iter__ is not served", why=why)
        expect_value(came_back[2], b"one two", why, problem="the blocks of an iterable without an __iter__ are lost")

    @pytest.mark.clause(12)
    def test_the_application_may_empty_its_environ(self):
        def application(environ, start_response):
            environ.clear()
            return function(environ, start_response)

        why = 'The environ is the application\'s to change (PEP 3333, section "Specification Details").'
        call(application, problem="an application that empties its environ is not served", why=why)

    @pytest.mark.parametrize("method", ["HEAD", "POST"])
    def test_the_method_decides_nothing(self, method):
        came_back = call(function, environ_from_outside(REQUEST_METHOD=method))
        expect_value(came_back, ("200 OK", TEXT, b"one two"), likely={
            f"for {method} the body is empty": ("200 OK", TEXT, b""),
        }, problem=f"for {method} another response comes back", sent=f"REQUEST_METHOD {method!r}",
            why="All that the application gives comes back. What HEAD leaves out is the affair of respond, in step "
                "3.12: it needs the length of the body first (RFC 9110 section 9.3.2).")

    @pytest.mark.clause(81, 103, 104)
    def test_what_is_written_comes_before_the_blocks(self):
        app = Written()
        came_back = call(app, problem=NOT_WRITTEN, why=WRITE)
        why = ("start_response returns `write`, for applications that push their body out piece by piece; what their "
               'iterable gives comes after it (PEP 3333, section "The write() Callable").')
        expect_that(callable(app.write), f"start_response returns {shown(app.write)}, not write", why)
        expect_value(came_back[2], b"one two three", why, likely={
            "what is written is lost": b"three",
            "what is written comes after the blocks": b"threeone two ",
            "of what is written only the last is kept": b"two three",
        }, problem="the body is not what was written and then the blocks")

    @pytest.mark.clause(81)
    @pytest.mark.parametrize("blocks", [[b"ha", b"ha", b"!"], [b"one", b"", b"two"], [b"\n", b"one", b" ", b"two \n"]],
                             ids=["equal", "empty", "white space"])
    def test_each_block_is_added_whatever_came_before(self, blocks):
        expect_value(call(returning(blocks))[2], b"".join(blocks), blocks=str(blocks), likely={
            "a block that is equal to one before it is not added": b"".join(dict.fromkeys(blocks)),
            "the body ends at an empty block": b"one",
            "blocks of white space are lost": b"onetwo \n", "white space at the ends of the body is lost": b"one two",
        } if len({*blocks}) < 3 or b"" in blocks else {}, problem="the body is not all blocks, one after the other",
            why="Each block is a part of the body; an empty one says `not yet`, and does not end it.")

    @pytest.mark.clause(81)
    def test_a_block_of_a_subclass_of_bytes_is_a_block(self):
        block = type("Block", (bytes,), {})(b"one")
        why = "An instance of a subclass is bytes too: add each block, and let `b''.join` look at it."
        came_back = call(returning([block]), problem="a block of a subclass of bytes is refused", why=why,
                         blocks="[Block(b'one')], and Block is a subclass of bytes")
        expect_value(came_back[2], b"one", why, problem="a block of a subclass of bytes is lost")

    @pytest.mark.clause(81, 134)
    def test_all_256_bytes_come_back_as_they_are(self):
        blocks = [ALL_BYTES[:100], b"", ALL_BYTES[100:]]
        why = 'A body may be a picture: it is bytes, from end to end (PEP 3333, section "A Note On String Types").'
        came_back = call(returning(blocks), problem="a body that is not UTF-8 is not served", why=why)
        expect_value(came_back[2], ALL_BYTES, why, problem="bytes of the body are changed or lost")

    def test_a_call_within_a_call_has_nothing_in_common_with_it(self):
        def outer(environ, start_response):
            write = start_response("404 Not Found", [*TEXT])
            write(b"outer, ")
            return [call(function)[2], b", outer"]

        why = "An application may call another one in the same way: that is how chapter 5 stacks them."
        came_back = call(outer, problem="an application can't call another one", why=why)
        expect_value(came_back, ("404 Not Found", TEXT, b"outer, one two, outer"), why,
                     problem="a call within a call changes the outer one")
