"""Files that are sent, in steps 4.9, 4.10 and 4.13, and connections that send them."""
import errno
import io

from tests.ch04_response.common import ch04, response_to
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.endless_loops import report_trouble
from workshop.checking.exchange import receive_all
from workshop.checking.transport import PATIENCE, Connection

TEXT = b"The file has forty bytes, and some more."
ON_DISK = "40 bytes, on disk"  # what the fixture file is


class FileConnection(Connection):
    """A connection that sends files as a socket does, and notes what it was asked to copy."""

    def __init__(self, *, leaves=False, **options):
        super().__init__(**options)
        self.leaves = leaves  # whether the client leaves when its file comes
        self.copied = []  # (offset, count)

    def sendfile(self, file, offset=0, count=None):
        if self.leaves:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        if count is not None and count <= 0:
            raise ValueError(f"count must be a positive integer (got {count!r})")
        self.copied.append((offset, count))
        file.seek(offset)
        data, before = file.read(-1 if count is None else count), len(self.sent)
        try:
            self.sendall(data)
        finally:  # the file stands behind what was sent, also when that was not all
            file.seek(offset + len(self.sent) - before)
        return len(data)


class Patience:
    """A file that does not wait for the end of an endless loop: it reports that it is read on and on after its end."""

    after_end = 0

    def read(self, size=-1):
        block = super().read(size)
        self.after_end = 0 if block else self.after_end + 1
        if self.after_end > PATIENCE:
            report_trouble(Diagnosis(f"the file was read {self.after_end} times after its read had returned b''",
                                     why="b'' is the end of a file: a loop that does not look at it never ends."))
        return block


class DiskFile(Patience, io.BufferedReader):
    """A file on disk, as `open` returns it."""


class MemoryFile(Patience, io.BytesIO):
    """A file in memory."""


class OnlyRead:
    """An object that has nothing of a file but its read."""

    def __init__(self):
        self.read = MemoryFile(TEXT).read


def received(pair, file, request=None, **parts):
    """Return all bytes that a client receives through real sockets when file is written."""
    server, client = pair
    response = response_to(request, connection=server, **parts)
    response.write_file(ch04.FileWrapper(file))
    server.close()
    return receive_all(client)


def response_with(file, request=None, connection=None, **parts):
    """Return the Response to which file was written."""
    response = response_to(request, connection=connection or FileConnection(), **parts)
    response.write_file(ch04.FileWrapper(file))
    return response
