"""Readers of the learner's on clients of these checks, for steps 2.6, 2.7 and 2.9."""
from tests.ch02_request.common import ch02
from tests.expect import expect_returned, kind_of, shown_value
from workshop.checking.diagnosis import Diagnosis, expect_that, shown_bytes
from workshop.checking.endless_loops import report_trouble
from workshop.checking.transport import Connection, Narrow
from workshop.checking.tree import noted

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CALLED = {"called": "read_chunked(reader)"}
RECEIVED, TIMES, SENT = "self.received", "calls of recv", "sent to the client"  # what is looked at afterwards


class OnlyBytes(Narrow, Connection):
    """A client of whose connection only recv and sendall may be used; send is left to other checks."""

    allowed = ("recv", "send", "sendall", "accept")  # a Connection has an accept of its own

    @staticmethod
    def refuse(name):
        """Tell the learner that a Reader uses more of the connection than it may."""
        report_trouble(Diagnosis(f"{name} of the connection is used, and not recv and sendall alone",
                                 expected="self.connection.recv(RECV_SIZE) and self.connection.sendall(…)",
                                 why="In chapter 4 the connection is an object of yours that has these two, and "
                                     "little else."))


def reader_of(data=b"", *, received=b"", delivery="whole", continue_expected=False):
    """Return a Reader on a client that sends data (bytes, or a list of blocks and exceptions) and hangs up."""
    return ch02.Reader(OnlyBytes(data, delivery=delivery), received, continue_expected)


def step_of(reader, name):
    """Return a method of a Reader; a diagnosis shows the call."""
    return noted(getattr(reader, name), f"reader.{name}")


def received_of(reader, wanted, **rows):
    """Return self.received of a Reader as bytes, which should be wanted. Fail if it is no bytearray any more."""
    received = reader.received
    expect_that(type(received) is bytearray, f"self.received is {kind_of(received)}, not a bytearray", **rows,
                afterwards=f"{RECEIVED}: {shown_value(received)}",
                expected=f"{RECEIVED}: {shown_value(bytearray(wanted))}",
                why="It is a bytearray from __init__ on, and stays one: what comes is put at its end, what is read is "
                    "taken off its front, and bytes and str allow neither.")
    return bytes(received)


def rows_of(reader):
    """Return the rows that show what a Reader has to read, each in a line."""
    client = repr(reader.connection)
    client = client if len(client) <= 160 else f"{client[:80]} … {client[-40:]}"
    waits = "waits for 100 Continue: self.continue_expected is True" if reader.continue_expected else None
    return {"with head": shown_bytes(bytes(reader.received), 60), "sent": client, "the client": waits}


def received_by(reader):
    """Return the number of times that a Reader has received."""
    return [event[0] for event in reader.connection.events].count("recv")


def body_in_chunks(*chunks):
    """Return bytes in chunked coding."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def expect_joined(reader, body, problem, why, *, refused, **rows):
    """Fail with problem unless read_chunked returns body. refused and rows are those of expect_returned."""
    rows |= rows_of(reader) | CALLED
    expect_returned(lambda: ch02.read_chunked(reader), body, problem, why, refused=refused, **rows)
