"""Generators that pause where bytes are missing, and what goes on with one."""


def go_on(taking):
    """Go on with a generator, and return what it returns; "it pauses" if it does not end."""
    try:
        next(taking)
        return "it pauses"
    except StopIteration as end:
        return end.value


def whole_line(received):
    while b"\n" not in received:
        yield
    return bytes(received)


def two_lines(received):
    first = yield from taken_line(received)
    second = yield from taken_line(received)
    return first, second


def taken_line(received):
    while (end := received.find(b"\n")) < 0:
        yield
    line = bytes(received[:end])
    del received[:end + 1]
    return line


def kept_line(received):
    while b"\n" not in received:
        yield
    line, _, received = received.partition(b"\n")
    return bytes(line)
