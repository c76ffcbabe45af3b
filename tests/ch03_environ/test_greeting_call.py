"""Step 3.8 · Greeting.__call__"""
import itertools

import pytest

from tests.ch03_environ.common import NI_HAO, ch03
from tests.ch03_environ.every_application import EveryApplication, accepted_by_wsgiref
from tests.ch03_environ.visiting import expect_head, seen, visit
from tests.expect import expect_value
from workshop.checking.diagnosis import expect_that
from workshop.checking.tree import shown


@pytest.mark.step("3.8")
class TestGreetingCall(EveryApplication):
    BLOCKS = [b"Hello, ", NI_HAO, b"\n"]
    all_blocks = pytest.mark.parametrize("blocks", [
        pytest.param(BLOCKS, id="three blocks"),
        pytest.param([b"Hello"], id="one block"),
        pytest.param([b"ha", b"ha", b"!?"], id="equal blocks"),
        pytest.param([b"", b"hi", b"", b"!"], id="empty blocks among others"),
        pytest.param([b""], id="an empty block"),
        pytest.param([b"", b""], id="two empty blocks"),
        pytest.param([], id="no block"),
    ])

    KEPT = "self.blocks"
    EMPTY = ("The blocks of self.blocks are the body. (What can be gone through once, such as a generator, is used up "
             "when its bytes have been counted: a list can be gone through again.)")

    def app(self, blocks=tuple(BLOCKS)):
        self.greeting = ch03.Greeting(list(blocks))
        return seen(self.greeting, f"Greeting({list(blocks)!r})")

    def blocks_kept(self):
        return self.greeting.blocks[:]

    def header(self, name, blocks=tuple(BLOCKS)):
        """Return the value of a header that a Greeting with these blocks gives; fail if it gives none."""
        headers = expect_head(visit(self.app(blocks))[0])[1]
        values = [value for key, value in headers if key.lower() == name.lower()]
        expect_that(len(values) == 1, f"there are {len(values) or 'no'} {name} headers",
                    "A client goes by this header (RFC 9110 section 8).", came_back=shown(headers))
        return values[0]

    @all_blocks
    def test_the_status_is_200_whatever_there_is(self, blocks):
        expect_value(visit(self.app(blocks))[0][0], "200 OK", problem="the status is not 200 OK", blocks=str(blocks),
                     why="All is well, and 200 says so (RFC 9110 section 15.3.1).")

    def test_status_and_headers_are_those_of_the_page(self):
        expect_value(self.header("Content-Type"), "text/plain; charset=utf-8",
                     problem="the Content-Type is not that of text",
                     why="A browser shows text/plain as it is, and by the charset it knows what the bytes stand for "
                         "(RFC 9110 section 8.3).")

    @all_blocks
    def test_the_blocks_stay_as_they_are(self, blocks):
        visit(self.app(blocks))
        why = ("The next visitor would get another page, and the list is that of the caller, who may need it "
               "elsewhere: make a new list if you want to return another one.")
        expect_value(self.greeting.blocks, list(blocks), why, likely={
            "the empty blocks are taken out of self.blocks": list(filter(None, blocks)),
            "a block is added to self.blocks": [*blocks, b""],
        }, problem="the application changes self.blocks")

    @all_blocks
    def test_there_is_no_other_header(self, blocks):
        headers = expect_head(visit(self.app(blocks))[0])[1]
        others = [name for name, _ in headers if name.lower() not in ("content-type", "content-length")]
        expect_that(not others, f"there are other headers than Content-Type and Content-Length: {', '.join(others)}",
                    "The step asks for these two, whatever the blocks; all else is the server's affair.",
                    blocks=str(blocks), came_back=shown(headers))

    @all_blocks
    def test_the_content_length_counts_the_bytes_of_all_blocks(self, blocks):
        length = sum(map(len, blocks))
        of_page = dict(ch03.page_head()[1])["Content-Length"]
        expect_value(self.header("Content-Length", blocks), str(length), blocks=str(blocks), likely={
            "Content-Length counts the blocks, not their bytes": str(len(blocks)),
            "Content-Length counts equal blocks only once": str(sum(map(len, {*blocks}))),
            "Content-Length counts characters, not bytes": str(len(b"".join(blocks).decode())),
            "Content-Length is that of the first block": str(len(blocks[0]) if blocks else None),
            "Content-Length is that of the list's text": str(len(str(blocks))),
            "Content-Length is that of PAGE": of_page,
        } if length else {}, problem="Content-Length is not the number of bytes in the body",
            why="The client reads exactly so many bytes (RFC 9110 section 8.6).")

    def test_the_body_is_the_page(self):
        expect_value(b"".join(visit(self.app())[1]), b"".join(self.BLOCKS), problem="the body is not self.blocks",
                     likely={"the body is empty": b""}, whys={"the body is empty": self.EMPTY},
                     why="Each instance has blocks of its own.")

    @all_blocks
    def test_the_body_is_self_blocks_whatever_they_are(self, blocks):
        expect_value(b"".join(visit(self.app(blocks))[1]), b"".join(blocks), blocks=str(blocks), likely={
            "a block that is equal to one before it is left out": b"".join(dict.fromkeys(blocks)),
            "the body ends at an empty block": b"".join(itertools.takewhile(len, blocks)),
        } if any(blocks) else {}, problem="the body is not self.blocks",
            why="What the blocks hold, one after the other, is the body; an empty block does not end it.")

    def test_other_blocks_are_served_in_the_same_way(self):
        app = self.app()
        visit(app)
        self.greeting.blocks = [b"Bye"]
        head, blocks = visit(app)
        lengths = [value for key, value in expect_head(head)[1] if key.lower() == "content-length"]
        expect_value((lengths, b"".join(blocks)), (["3"], b"Bye"), likely={
            "if self.blocks are others, Content-Length is still that of the old ones":
                ([str(len(b"".join(self.BLOCKS)))], b"Bye"),
        }, problem="if self.blocks are others, the response is not theirs",
            why="The blocks stand in self.blocks alone: they are counted for each response.")

    test_wsgiref_accepts_it = accepted_by_wsgiref
