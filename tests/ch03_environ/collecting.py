"""What an application says to a Collected, in step 3.9, and what has been kept of it."""
import contextlib

from tests.ch03_environ.common import ch03
from tests.expect import expect_type, shown_error
from workshop.checking.diagnosis import Diagnosis, expect_that
from workshop.checking.tree import calls, deepest_place, shown

WRITE = ('start_response returns `write`, for applications that push their body out piece by piece '
         '(PEP 3333, section "The write() Callable").')


class Talk:
    """An application's calls of one Collected; a diagnosis shows all of them."""

    def __init__(self):
        self.lines = ["collected = Collected()"]
        self.given = []  # (a list of headers as it was given, a copy of it as it was then), for each call
        self.collected = ch03.Collected()

    def note(self, line):
        """Have a diagnosis show one more line."""
        self.lines.append(line)
        calls.append("\n".join(self.lines))

    def start(self, status, headers, *exc_info, name="write"):
        """Call start_response, and return what it returns, whatever it is; name is how a diagnosis calls that."""
        more = "".join(", None" if value is None else ", sys.exc_info()" for value in exc_info)
        self.note(f"{name} = collected.start_response({status!r}, {headers!r}{more})")
        self.given.append((list(headers), list(headers)))
        if len(self.lines) > 2:
            return self.collected.start_response(status, self.given[-1][0], *exc_info)
        with self.first_call(" with exc_info" * any(exc_info)):
            return self.collected.start_response(status, self.given[-1][0], *exc_info)

    @contextlib.contextmanager
    def first_call(self, how):
        """Make a Diagnosis of an AssertionError that comes out of the with statement."""
        try:
            yield
        except AssertionError as error:
            raise Diagnosis(f"the first start_response of a new Collected{how} is refused",
                            came_out=shown_error(error), place=deepest_place(error.__traceback__),
                            why="Only a later call of the same request can be one too many: each request has a "
                                'Collected of its own (PEP 3333, section "The start_response() Callable").')

    def write(self, write, *blocks, name="write"):
        """Give blocks to what start_response returned; fail if it cannot be called."""
        expect_that(callable(write), f"start_response returns {shown(write)}, not write", WRITE)
        for block in blocks:
            self.note(f"{name}({shown(block)})")
            write(block)

    def add(self, block):
        """Add a block of the application's iterable, as call_application does."""
        self.note(f"collected.blocks.append({shown(block)})")
        self.collected.blocks.append(block)

    def kept(self):
        """Return (status, headers, body) as they are kept; fail if one of them is of another type."""
        why = "call_application, the next step, reads all three there."
        status = expect_type(self.collected.status, str, "self.status is", why)
        headers = expect_type(self.collected.headers, list, "self.headers is", why)
        return status, headers, self.body()

    def body(self):
        """Return the body as it is kept; fail if self.blocks is no list of blocks."""
        why = "write takes one block at a time, and the body is all blocks, joined."
        blocks = expect_type(self.collected.blocks, list, "self.blocks is", why)
        expect_that(all(isinstance(block, bytes) for block in blocks),
                    "self.blocks has something in it that is no block", why,
                    came_back=shown(blocks), expected="a list of bytes")
        return b"".join(blocks)
