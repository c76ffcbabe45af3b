"""Step 5.2 · BodyWrapper.close"""
import pytest

from tests.ch05_middleware.common import CLOSE, blaming_slips, ch05, environ, taken
from tests.ch05_middleware.sides import Body, Server
from tests.expect import HANDED_ON, HandsOn, each_family, expect_let_out
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import calls

NO_ITERATOR = "an object with __iter__ and close, and without __next__: no iterator"


@pytest.mark.step("5.2")
class TestBodyWrapperClose:
    def wrapped(self, iterable, told):
        """Return a BodyWrapper around an iterable; told is what it is."""
        calls.append(f"body.close()\n# self.iterable is {told}")
        wrapper = ch05.BodyWrapper()
        wrapper.iterable = iterable
        wrapper.blocks = iter(iterable)
        return wrapper

    def expect_passed_on(self, body, problem="close was not passed on to the application's iterable", why=""):
        expect_that(body.closed == 1, problem, came_back=f"{body.closed} calls of its close", expected="1 call",
                    why=f"{why}There an application gives back its files and database connections ({CLOSE}).".strip())

    @pytest.mark.clause(35, 74)
    def test_close_is_passed_on(self):
        body = Body(b"a", b"b")
        wrapper = self.wrapped(body, NO_ITERATOR)
        taken(wrapper.blocks)
        wrapper.close()
        self.expect_passed_on(body, why="What has a close method is closed, iterator or not: self.iterable.close(). "
                                  "(`contextlib.closing` alone closes nothing; the end of its `with` does.) ")

    @pytest.mark.clause(35)
    def test_an_iterable_without_close_is_left_alone(self):
        with blaming_slips("not everything has a close method", f"Most bodies are lists, which have none ({CLOSE})."):
            self.wrapped([b"a"], "a list, which has no close").close()

    @pytest.mark.clause(8, 35, 76)
    def test_close_may_come_before_the_end_of_the_body(self):
        body = Body(b"a", b"b", b"c")
        wrapper = self.wrapped(body, f"{NO_ITERATOR}; of its 3 blocks 1 was taken")
        next(wrapper.blocks)
        wrapper.close()
        self.expect_passed_on(body, "close was not passed on when the client left half-way")
        expect_that(body.given == 1, "close asks for the rest of the body",
                    came_back=f"{body.given} blocks were asked for",
                    expected="1 block", why="The client is gone, and the rest may be long, or without end "
                                            f"({CLOSE}).")

    @pytest.mark.clause(35, 74)
    def test_the_iterable_is_closed_and_not_its_iterator(self):
        body = Body(b"a")
        wrapper = self.wrapped(body, f"{NO_ITERATOR}; self.blocks is its iterator, with a close of its own")
        blocks = wrapper.blocks
        wrapper.close()
        self.expect_passed_on(body)
        expect_that(blocks.closed == 0, "the iterator is closed; the method that counts is the iterable's",
                    came_back=f"{blocks.closed} calls of the close of self.blocks", expected="none",
                    why=f"The application has returned the iterable; the iterator is the way through it ({CLOSE}).")

    @pytest.mark.clause(35, 74)
    def test_where_the_iterable_has_no_close_nothing_is_closed(self):
        class Pages:
            def __iter__(self):
                yield b"a"
                yield b"b"

        wrapper = self.wrapped(Pages(), "an object without a close; self.blocks is its iterator, a generator, which "
                                        "has one")
        blocks = wrapper.blocks
        next(blocks)
        wrapper.close()
        expect_that(next(blocks, None) == b"b", "the iterator is closed, where the iterable has no close",
                    came_back="the generator gives nothing any more", expected="it stands where it stood",
                    why="Only the method of what the application returned counts, and where it has none, there is "
                        f"nothing to close ({CLOSE}).")

    @pytest.mark.clause(35, 74)
    def test_an_empty_iterable_is_closed_too(self):
        class Empty(Body):
            def __len__(self):
                return 0

        body = Empty()
        self.wrapped(body, "an object with a close, whose len is 0").close()
        self.expect_passed_on(body, "an iterable whose len is 0 is not closed",
                              "It counts as false, and has a close all the same: ask with hasattr alone. ")

    @pytest.mark.clause(35)
    def test_a_generator_is_closed_like_any_other_iterable(self):
        def blocks():
            try:
                yield b"a"
                yield b"b"
            finally:
                ended.append(True)

        ended, generator = [], blocks()
        wrapper = self.wrapped(generator, "a generator that stands at its first yield, in a try with a finally")
        next(generator)
        wrapper.close()
        expect_that(ended, "the finally clause of a generator has not run",
                    why="A generator's close method runs it: there files are closed (PEP 342).")

    @pytest.mark.parametrize("name", ["ReplaceText", "ErrorPage"])
    @pytest.mark.clause(25, 35)
    def test_middleware_closes_what_its_application_returned(self, name):
        body = Body()
        arguments = {"ReplaceText": (b"$", b"EUR"), "ErrorPage": ()}[name]
        calls.append(f"{name}(app{''.join(f', {one!r}' for one in arguments)})(environ, start_response).close()")
        middleware = getattr(ch05, name)(lambda environ, start_response: body, *arguments)
        middleware(environ(), Server().start_response).close()
        self.expect_passed_on(body, f"{name} does not close what its application returned")

    @pytest.mark.clause(35)
    def test_close_may_be_an_attribute_of_the_object(self):
        class Blocks(list):
            closed = 0

        body, source = Blocks([b"a"]), Body()
        body.close = source.close
        self.wrapped(body, "an object that has its close as an attribute of its own, not from its class").close()
        self.expect_passed_on(source, "a close that the iterable's class does not know is not called",
                              "Ask the object with hasattr, not its class. ")

    @pytest.mark.clause(35)
    def test_close_may_be_handed_on_from_another_object(self):
        source = Body(b"a")
        self.wrapped(HandsOn(source), HANDED_ON).close()
        self.expect_passed_on(source, "a close that only the iterable's __getattr__ finds is not called",
                              "hasattr and getattr find it, as they find each attribute; dir(), vars() and the class "
                              "do not. ")

    @each_family(ours="ch04_response")
    def test_what_the_application_s_close_raises_reaches_the_caller(self, kind):
        class Broken(Body):
            def close(self):
                raise error

        error = kind("a bug in the application")
        close = self.wrapped(Broken(b"a"), f"an object whose close raises {error!r}").close
        expect_let_out(error, close, "an error of the application's close is swallowed",
                       "Nobody would find the bug, and nothing is given back: ask with hasattr, before you call, "
                       "and catch nothing.")
