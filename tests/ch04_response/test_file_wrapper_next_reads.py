"""Step 4.3 · FileWrapper.__next__: the file's read alone decides, and gives what comes out"""
import io

import pytest

from tests.ch04_response.common import ch04
from tests.ch04_response.files import DiskFile, MemoryFile
from tests.expect import a_value, kind_of
from workshop.checking.diagnosis import expect_same, expect_that


class ReadsInCapitals(MemoryFile):
    """A file with a read of its own; all its other methods give the bytes as they lie in memory."""

    def read(self, size=-1):
        return super().read(size).upper()


class TellsNoSize(DiskFile):
    """A file on disk of which the system says that it has 0 bytes, and whose read gives some, as those in /proc."""

    def __init__(self, path, text):
        path.write_bytes(b"")
        super().__init__(io.FileIO(path))
        self.text = io.BytesIO(text)

    def read(self, size=-1):
        return self.text.read(size)


@pytest.mark.step("4.3")
class TestNext:
    def blocks_of(self, file, size):
        """Return the first three blocks of a FileWrapper; None stands for the end."""
        wrapper = ch04.FileWrapper(file, size)
        return [next(wrapper, None) for _ in range(3)]

    @pytest.mark.parametrize("size", [4, -1])
    def test_no_other_method_than_read_is_asked_for_a_block(self, size):
        expected = [b"ABCD", b"EF", None] if size == 4 else [b"ABCDEF", None, None]
        expect_same(self.blocks_of(ReadsInCapitals(b"abcdef"), size), expected, of="the first blocks (None: the end)",
                    problem="the blocks are not what the file's read gives", called=f"list(FileWrapper(file, {size}))",
                    file="b'abcdef' in memory; its read gives the letters as capitals",
                    why="An application may give a file with a read of its own, which unpacks or counts. What read1, "
                        "readline or getvalue give is something else: ask self.file.read, and nothing else.")

    def test_the_size_of_a_file_does_not_decide_where_it_ends(self, tmp_path):
        with TellsNoSize(tmp_path / "status", b"abcdef") as file:
            expect_same(self.blocks_of(file, 4), [b"abcd", b"ef", None], of="the first blocks (None: the end)",
                        problem="the iteration does not go by what read gives", called="list(FileWrapper(file, 4))",
                        file="on disk; the system says that it has 0 bytes, and its read gives b'abcdef'",
                        why="A file in /proc has the size 0, and another may grow while it is sent. Only an empty "
                            "block is the end: leave `remaining()` to those who have to know a length before.")

    @pytest.mark.parametrize("block", [bytearray(b"abcd"), memoryview(b"abcd"), "abcd", 4],
                             ids=["bytearray", "memoryview", "str", "int"])
    def test_what_read_gives_comes_out_as_it_is(self, block):
        file, why = MemoryFile(b""), ("What is no bytes is a mistake of the file's: `write` refuses it, and the log "
                                      "says so. Return what read has given, as it is.")
        file.read = lambda size=-1: block
        rows = {"called": "next(FileWrapper(file, 4))", "read": f"file.read gives {kind_of(block)}"}
        with a_value("the very object that read gives", why, refused="what read gives is not returned", **rows):
            came_back = next(ch04.FileWrapper(file, 4), None)
        expect_that(came_back is block, f"what comes back is {kind_of(came_back)}, and not what read gives", why,
                    **rows, came_back=repr(came_back), expected="the very object that read gives")
