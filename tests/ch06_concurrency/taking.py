"""Generators of the learner's that take bytes, driven as the loop drives them, for steps 6.1 to 6.3."""
import io
from collections.abc import Generator

from tests.expect import kind_of, shown_value
from workshop.checking.diagnosis import Diagnosis, expect_same, expect_that, shown_bytes
from workshop.checking.endless_loops import report_trouble
from workshop.checking.tree import LearnersChapter, deepest_place, place

ch06 = LearnersChapter("ch06_concurrency")
WAITS = ("next() is called again when more bytes have come. A client that has sent all waits for the answer: nothing "
         "more comes, and both wait for ever.")
IN_PLACE = ("Whoever calls you has this bytearray, and takes what follows from it. `received = …` gives your name "
            "another object, and leaves theirs as it is: `del received[:count]` changes it.")
FOLLOWS = "What follows is not yours: it is the body, or the next request of the same client (RFC 9112 section 9.3.2)."
AGAIN = "What was taken is gone from received: whoever takes what follows begins at its front."
VIEW = ("A memoryview of a bytearray holds it at its length: no byte can be put into it or taken off. End it first, "
        "with `with memoryview(…) as view`, or take a copy: bytes(received[:count]).")
NO_NEXT = ("`return` ends a generator, and gives its value. Another generator is run with `yield from`, which pauses "
           "where that pauses, and gives what it returns: next() raises StopIteration there (PEP 479, PEP 380).")


class Received(bytearray):
    """What has come of a client. It ends a loop that looks at it again and again without a pause."""

    looks = 0  # since the last pause
    place = staticmethod(lambda: None)  # the line of the learner's that runs, if it can be told

    def __repr__(self):
        return f"bytearray({bytes(self)!r})"

    def look(self):
        """Count a look at it, of which there may be several for each byte."""
        self.looks += 1
        if self.looks > 20_000 + 8 * bytearray.__len__(self):
            report_trouble(Diagnosis(
                "your code looks at received again and again, and does not pause", received=shown_value(self),
                place=self.place(),
                why="Nothing comes while your code runs: whoever calls next() puts more bytes into received when it "
                    "pauses. `yield` is the pause, and stands in the loop; `yield from` pauses where another generator "
                    "does."))


def counted(name):
    """Return the method of a bytearray with this name, which counts as a look at it."""
    method = getattr(bytearray, name)

    def look(self, *arguments):
        self.look()
        return method(self, *arguments)

    return look


for name in ("__len__", "__getitem__", "__contains__", "find", "index", "rfind", "count", "partition", "split",
             "startswith", "endswith"):
    setattr(Received, name, counted(name))


class Pause:
    """What comes of a generator that does not end."""

    def __repr__(self):
        return "a pause: next() returns None"


PAUSE = Pause()


class Body(io.BytesIO):
    """A file for a body, which a diagnosis shows as `body`."""

    def __repr__(self):
        return "body"

    def content(self):
        """Return all bytes in it."""
        return self.getvalue()


def told(blocks):
    """Return blocks as a diagnosis shows them, one after the other."""
    texts = [shown_bytes(bytes(block), 60) for block in blocks]
    return ", then ".join(texts if len(texts) <= 8 else [*texts[:4], f"{len(texts) - 6} more", *texts[-2:]])


class Taking:
    """A generator of the learner's, made by the function with this name, which is called with received and arguments.

    blocks are what comes: the first is in received when the function is called.
    """

    def __init__(self, name, blocks, *arguments, **named):
        self.name, self.blocks, self.came = name, list(blocks[1:]), blocks[0]
        self.received = Received(blocks[0])
        self.rows = {"sent": told(blocks)}
        self.generator = getattr(ch06, name)(self.received, *arguments, **named)
        kind, self.received.place = kind_of(self.generator), self.place
        expect_that(isinstance(self.generator, Generator), f"{name} returns {kind}, not a generator", **self.rows,
                    came_back=shown_value(self.generator), expected="a generator, which next() runs",
                    why="`yield` in a function makes a generator function of it: a call returns a generator, which "
                        "next() runs up to the next `yield`. What it gives at its end follows `return`.")

    def pauses(self):
        """Run the generator until it pauses or ends; tell whether it pauses. What it returns is in self.value then."""
        self.received.looks = 0
        try:
            given = next(self.generator)
        except StopIteration as end:
            self.value = end.value
            return False
        except BufferError as error:
            raise Diagnosis("your code raises BufferError: a memoryview still holds received", **self.rows,
                            place=deepest_place(error.__traceback__), why=VIEW)
        except RuntimeError as error:
            if isinstance(error.__cause__, StopIteration):
                raise Diagnosis("StopIteration is raised within the generator: Python makes a RuntimeError of it",
                                **self.rows, place=deepest_place(error.__cause__.__traceback__), why=NO_NEXT)
            raise
        expect_that(given is None, f"{self.name} yields {kind_of(given)} where it should pause", **self.rows,
                    came_back=f"from next(): {shown_value(given)}", expected="from next(): None",
                    place=self.place(), why="A bare `yield` pauses, and gives None: more bytes are needed. What a "
                                            "generator gives at its end follows `return`.")
        return True

    def put(self, block):
        """Put a block at the end of received."""
        self.came += block
        try:
            self.received.extend(block)
        except BufferError:
            raise Diagnosis(f"nothing can be put into received while {self.name} pauses", **self.rows, came_out=
                            "BufferError: Existing exports of data: object cannot be re-sized", why=VIEW,
                            place=self.place())

    def begin(self):
        """Run the generator to its first pause, and put the next block into received."""
        self.expect_paused(f"{self.name} ends before all has come", WAITS)
        self.put(self.blocks.pop(0))
        return self

    def last(self, at_pause=lambda: None):
        """Run the generator, and put one of blocks into received at each pause. Return what it returns, or PAUSE.

        PAUSE says that it pauses although all has come. at_pause is called at each pause.
        """
        while self.pauses():
            at_pause()
            if not self.blocks:
                return PAUSE
            self.put(self.blocks.pop(0))
        return self.value

    def run(self, at_pause=lambda: None, refused="", why=""):
        """As last. Fail if the generator pauses although all has come, or ends before.

        refused says what that means for the case at hand, and why why it matters there.
        """
        value = self.last(at_pause)
        lead = f"{refused}: {self.name}" if refused else self.name
        expect_that(value is not PAUSE, f"{lead} pauses although all has come", f"{why} {WAITS}".strip(),
                    **self.rows, afterwards=f"received: {shown_value(self.received)}", place=self.place())
        expect_that(not self.blocks, f"{lead} ends before all has come", **self.rows, came_back=shown_value(value),
                    still=f"to come: {told(self.blocks)}",
                    why="A block ends anywhere: what has come says nothing of what is still to come. Pause until all "
                        "that you take is there.")
        return value

    def place(self):
        """Return the line at which the generator is, None if that cannot be told."""
        frame = getattr(self.generator, "gi_frame", None)
        return place(frame.f_code.co_filename, frame.f_lineno) if frame else None

    def expect_paused(self, problem, why):
        """Fail with problem if the generator ends here, and does not pause."""
        expect_that(self.pauses(), problem, why, **self.rows, expected=repr(PAUSE),
                    came_back=f"the end, with {shown_value(getattr(self, 'value', None))}")

    def expect_left(self, expected, why=FOLLOWS, what="what was taken"):
        """Fail unless received holds what is expected."""
        now = bytes(self.received)
        if now == self.came:
            problem, why = f"received is not changed: it still holds {what}", IN_PLACE
        elif now.endswith(expected):
            problem, why = f"some of {what} is still in received", AGAIN
        else:
            problem = f"received has lost what follows {what}" if expected.endswith(now) else \
                "received holds other bytes than those that follow"
        expect_same(bytearray(now), bytearray(expected), why, problem=problem, of="received", **self.rows)


def in_chunks(*chunks, trailers=b""):
    """Return bytes in chunked coding."""
    sizes = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
    return b"".join([*sizes, b"0\r\n", trailers, b"\r\n"])
