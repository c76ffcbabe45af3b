"""Step 3.9 · Collected.start_response"""
import pytest

from tests.ch03_environ.applications import Trouble, exc_info_of
from tests.ch03_environ.collecting import WRITE, Talk
from tests.ch03_environ.common import ALL_BYTES, TEXT
from tests.expect import difference, expect_value
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.tree import shown


@pytest.mark.step("3.9")
class TestCollectedStartResponse:
    @pytest.mark.clause(20, 80)
    def test_status_and_headers_are_kept_as_they_are_given(self):
        headers = [("Set-Cookie", "a=1"), ("ETag", '"X"'), ("Set-Cookie", "b=2"), ("x-shop", "Books"),
                   ("X-Empty", ""), ("Set-Cookie", "a=1")]
        talk = Talk()
        talk.start("404 Nobody's Page", headers)
        status, kept, body = talk.kept()
        why = "A client gets what the application says, in its words; a name may come twice, as Set-Cookie does."
        expect_value(status, "404 Nobody's Page", why, problem="the status is not the one that was given")
        expect_value(kept, headers, why, likely={
            "of headers with the same name, only the last is kept": list(dict(headers).items()),
            "of headers with the same name, only the first is kept": [headers[0], headers[1], *headers[3:5]],
            "of two headers that are equal, only one is kept": headers[:5],
            "a header whose value is empty is not kept": [*headers[:4], headers[5]],
            "the headers are kept in another order": sorted(headers),
        }, problem=f"of the headers, {difference(kept, headers)}")
        expect_same(body, b"", "Status and headers are no part of the body.", problem="the body is not empty yet")

    @pytest.mark.clause(81)
    def test_it_returns_write(self):
        talk = Talk()
        write = talk.start("200 OK", TEXT)
        expect_that(callable(write), f"start_response returns {shown(write)}, not write", WRITE)

    @pytest.mark.clause(81, 103)
    def test_what_is_written_is_added_to_the_blocks(self):
        talk = Talk()
        talk.write(talk.start("200 OK", TEXT), b"one ", b"two ", b"three")
        expect_value(talk.body(), b"one two three", WRITE, likely={
            "what is written is lost": b"",
            "of what is written only the last is kept": b"three",
            "of what is written only the first is kept": b"one ",
            "what is written is kept in the wrong order": b"threetwo one ",
        }, problem="what is written is not what is kept")

    @pytest.mark.clause(81, 103)
    def test_a_block_that_is_written_twice_is_added_twice(self):
        talk = Talk()
        talk.write(talk.start("200 OK", TEXT), b"ha", b"ha", b"!")
        expect_value(talk.body(), b"haha!", WRITE, likely={
            "a block that is equal to one before it is not added": b"ha!",
        }, problem="what is written is not what is kept")

    def test_an_empty_block_is_a_block(self):
        talk = Talk()
        talk.write(talk.start("200 OK", TEXT), b"one", b"", b"two")
        expect_that(talk.body() == b"onetwo" and len(talk.collected.blocks) == 3, "an empty block is not added", WRITE,
                    came_back=f"self.blocks: {shown(talk.collected.blocks)}", expected="[b'one', b'', b'two']")

    def test_the_list_of_the_application_stays_as_it_is(self):
        headers, talk = [("X-Empty", ""), *TEXT], Talk()
        talk.collected.start_response("200 OK", headers)
        expect_value(headers, [("X-Empty", ""), *TEXT], problem="the application's own list of headers is changed",
                     why="self.headers is this list or a copy of it: the application may use its list again.")

    @pytest.mark.clause(104)
    def test_write_leaves_the_other_blocks_where_they_are(self):
        talk = Talk()
        write = talk.start("200 OK", TEXT)
        talk.write(write, b"one ")
        talk.add(b"two ")
        talk.write(write, b"three")
        expect_value(talk.body(), b"one two three", likely={
            "what is added to self.blocks is not in the body": b"one three",
        }, problem="self.blocks has not all blocks, in the order in which they came",
            why="There is one body: call_application adds the blocks of the iterable to those that were written.")

    @pytest.mark.clause(81, 134)
    def test_all_256_bytes_are_kept_as_they_are(self):
        talk = Talk()
        talk.write(talk.start("200 OK", TEXT), ALL_BYTES[:100], b"", ALL_BYTES[100:])
        expect_value(talk.body(), ALL_BYTES, problem="bytes of the body are changed or lost",
                     why='A body may be a picture: it is bytes (PEP 3333, section "A Note On String Types").')

    @pytest.mark.clause(80)
    def test_the_first_call_may_have_exc_info_too(self):
        why = ("An application that fails before its first call goes the same way "
               '(PEP 3333, section "The start_response() Callable").')
        talk = Talk()
        write = talk.start("500 Internal Server Error", TEXT, exc_info_of(Trouble()))
        talk.write(write, b"sorry")
        expect_value(talk.kept(), ("500 Internal Server Error", TEXT, b"sorry"), why,
                     problem="what a first call with exc_info says is not kept")

    def test_two_objects_have_nothing_in_common(self):
        why = "What was kept belongs to one request: the next visitor may be another person."
        first, second = Talk(), Talk()
        first.write(first.start("200 OK", TEXT), b"one")
        write = second.start("404 Not Found", [])
        second.write(write, b"two")
        expect_value(second.kept(), ("404 Not Found", [], b"two"), why,
                     problem="something that was said to one object is found in the next")
        expect_value(first.kept(), ("200 OK", TEXT, b"one"), why,
                     problem="what is said to one object changes another")
