"""Step 4.3 · FileWrapper.__next__"""
import io
import itertools

import pytest

from tests.ch04_response.common import NOTHING, ch04
from tests.ch04_response.files import TEXT, OnlyRead
from tests.expect import a_value, blaming, each_family, expect_let_out, expect_type, expect_value, raising
from workshop.checking.diagnosis import expect_same, expect_that


class ShortReads:
    """A file that gives fewer bytes than asked for, as sockets and pipes do, and notes how often it is asked."""

    def __init__(self, *blocks):
        self.blocks = list(blocks)
        self.sizes = []
        self.closed = False

    def read(self, size=-1):
        self.sizes.append(size)
        return self.blocks.pop(0) if self.blocks else b""

    def close(self):
        self.closed = True


def blocks_of(wrapper):
    """Return the blocks of a FileWrapper as a list, its first twenty at the most."""
    with a_value("StopIteration when read gives b''", refused="the iteration does not come to its end",
                 called=f"list(FileWrapper(file, {wrapper.block_size}))",
                 why="StopIteration alone tells a `for` loop that all is well, and that there is no more."):
        return list(itertools.islice(wrapper, 20))


@pytest.mark.step("4.3")
class TestNext:
    called = "next(FileWrapper(file, 4))"
    looped = "list(FileWrapper(file, 4))"
    held = "10 bytes, b'abcdefghij'"  # by the file

    @pytest.mark.clause(129)
    def test_a_block_is_what_read_gives_for_block_size(self):
        block = next(ch04.FileWrapper(io.BytesIO(b"a\nbcdefghij"), 4))
        if block is not None:
            expect_type(block, bytes, "the block is", called=self.called, expected=repr(b"a\nbc"),
                        why="Each call of __next__ returns one block, as read gives it. (With `yield` in it, for "
                            "example, each would return a new generator.)")
        expect_that(block is None or len(block) <= 4, "the block is larger than block_size", called=self.called,
                    file="11 bytes, b'a\\nbcdefghij'", came_back=repr(block), expected=repr(b"a\nbc"),
                    why="A file may be larger than memory: it is read in blocks (PEP 3333, Optional "
                        "Platform-Specific File Handling).")
        expect_value(block, b"a\nbc", likely=NOTHING, problem="the block is not what the file's read gives",
                     called=self.called, file="11 bytes, b'a\\nbcdefghij'",
                     why="The bytes of the file go out as they are, block by block.")

    @pytest.mark.clause(129)
    def test_the_first_empty_block_ends_the_iteration(self):
        file = io.BytesIO(b"abcdefghij")
        wrapper = ch04.FileWrapper(file, 4)
        blocks = blocks_of(wrapper)
        expect_that(len(blocks) < 20, "the iteration goes on after the end of the file",
                    called=self.looped, file=self.held, came_back=f"{blocks[:5]!r} …",
                    expected="StopIteration when read gives b''",
                    why="read gives b'' at the end of a file, again and again: only StopIteration ends the loop.")
        expect_same(blocks, [b"abcd", b"efgh", b"ij"], problem="the blocks are not those of the file",
                    called=self.looped, file=self.held, why="Each byte of the file is sent once, in its place.")
        expect_that(not file.closed, "the file is closed at its end", called=self.looped, file=self.held,
                    afterwards="file.closed: True", expected="file.closed: False",
                    why="`__next__` closes nothing, and does not call self.close() either, which closes the file: the "
                        "server calls that when it is done, and no one else.")
        expect_same(blocks_of(wrapper), [], problem="after its end the iteration begins again",
                    called="list(wrapper); list(wrapper)", file=self.held,
                    why="An iterator that has ended stays at its end.")

    @pytest.mark.clause(129)
    def test_a_file_is_read_from_where_it_stands(self):
        file = io.BytesIO(b"abcdefghij")
        file.seek(6)
        expect_same(blocks_of(ch04.FileWrapper(file, 4)), [b"ghij"], called=f"file.seek(6); {self.looped}",
                    problem="the file is not read from where it stands", file=self.held,
                    why="The application may have read its beginning, or want to send its end only (PEP 3333, "
                        "Optional Platform-Specific File Handling).")

    def test_a_file_without_a_byte_has_no_block(self):
        expect_same(blocks_of(ch04.FileWrapper(io.BytesIO(b""), 4)), [], problem="an empty file has a block",
                    called=self.looped, file="empty", why="The first empty block ends the iteration, be it the first "
                    "of all.")

    def test_a_short_block_does_not_end_it(self):
        blocks = blocks_of(ch04.FileWrapper(ShortReads(b"ab", b"cd", b"e"), 4))
        expect_value(blocks, [b"ab", b"cd", b"e"], called="list(FileWrapper(pipe, 4))",
                     reads="pipe.read gives b'ab', b'cd', b'e', and then b''",
                     likely={"several reads are made for one block": [b"abcd", b"e"],
                             "a block that is shorter than block_size is taken for the last": [b"ab"]},
                     problem="the blocks are not what the pipe's reads give",
                     why="Pipes and sockets give what they have, and the next bytes may come much later. Only b'' is "
                         "the end (PEP 3333, Optional Platform-Specific File Handling).")

    def test_a_block_of_white_space_does_not_end_it(self):
        blocks = blocks_of(ch04.FileWrapper(io.BytesIO(b"\n\n\n\n  ab \r\n\t"), 4))
        expect_same(blocks, [b"\n\n\n\n", b"  ab", b" \r\n\t"], called=self.looped, file=r"b'\n\n\n\n  ab \r\n\t'",
                    problem="a block of white space ends the iteration, or is changed",
                    why="Only b'' is the end: blanks and line ends are bytes of the file like others.")

    def test_an_object_that_has_only_read_is_a_file(self):
        with blaming("an object that has only `read` is an error", called="list(FileWrapper(file))", expected=
                     "what its read gives", why="A file, to an application, is anything with a read method: ask it for "
                     "nothing else (PEP 3333, Optional Platform-Specific File Handling)."):
            blocks = list(itertools.islice(ch04.FileWrapper(OnlyRead()), 20))
        expect_same(blocks, [TEXT], called="list(FileWrapper(file))", problem="the blocks are not what read gives",
                    why="One block is what one read gives.")

    @pytest.mark.parametrize("size", [4, 1, 8_192, -1])
    def test_each_block_is_one_read(self, size):
        file = ShortReads(b"abcd", b"efgh", b"ij")
        next(ch04.FileWrapper(file, size))
        expect_that(file.sizes == [size], "one block is not one read of block_size",
                    called=f"next(FileWrapper(file, {size}))",
                    came_back=f"reads of the sizes {file.sizes}", expected=f"one read, of {size}",
                    why="A read may wait, for a pipe or a slow disk: each block is asked for when its turn has come.")

    @each_family(ours="ch04_response", more=[EOFError])
    def test_what_read_raises_reaches_the_caller(self, kind):
        file, error = ShortReads(), kind("the disk fails")
        file.read = raising(error)
        expect_let_out(error, lambda: next(ch04.FileWrapper(file, 4)), "an error of the file's read is swallowed",
                       called=self.called,
                       why="The file is not sent whole. If that looks like the end of the file, nobody finds out: a "
                           "gzip file that was cut off raises EOFError, for example.")
        expect_that(not file.closed, f"the file is closed when its read raises {kind.__name__}", called=self.called,
                    afterwards="file.closed: True", expected="file.closed: False",
                    why="`__next__` closes nothing, whatever happens, and does not call self.close() either: the "
                        "server calls that in any case.")

    def test_a_file_that_is_closed_is_read_all_the_same(self):
        file, error = ShortReads(), ValueError("I/O operation on closed file.")
        file.close()
        file.read = raising(error)
        expect_let_out(error, lambda: next(ch04.FileWrapper(file, 4)), "a closed file is taken for one at its end",
                       called=self.called, file="closed; its read raises ValueError",
                       why="A file that was closed too early is not sent whole, and nobody would find out: ask "
                           "self.file.read, and nothing else.")

    @pytest.mark.clause(123, 124, 127)
    def test_a_for_loop_and_close_work_as_for_any_iterable(self):
        file = io.BytesIO(b"abcdefghij")
        wrapper = ch04.FileWrapper(file)
        expect_same(b"".join(blocks_of(wrapper)), b"abcdefghij", problem="the blocks are not those of the file",
                    called="b''.join(FileWrapper(file))", why="An application may loop over it like over any iterable.")
        wrapper.close()
        expect_that(file.closed, "close() of the wrapper does not close the file", called="FileWrapper(file).close()",
                    why="Only the wrapper knows the file (PEP 3333, Optional Platform-Specific File Handling).")
