"""Loops that wait, or do not wait, in the wrong place."""


def hears(connection):
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(100)
    return received


def asks_first(calls, call, who):
    if call in calls:
        yield  # the other thread runs here
        calls.remove(call)
        print(who, "has taken it out")
