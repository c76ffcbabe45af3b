"""Right answers for chapter 6."""
from dev.bank.step_versions import answer


@answer("6.1")
def asks_for_the_place_and_catches(received):
    """index raises ValueError where find returns -1."""
    while True:
        try:
            end = received.index(b"\r\n\r\n")
            break
        except ValueError:
            if len(received) >= MAX_HEAD + 4:
                raise HeadTooLarge("no blank line") from None
        yield
    if end > MAX_HEAD:
        raise HeadTooLarge("a long head")
    head = bytes(received[:end])
    received[:end + 4] = b""
    return head


@answer("6.1")
def takes_it_apart_with_partition(received):
    """What follows the blank line takes the place of all that was there."""
    while BLANK_LINE not in received[:MAX_HEAD + 4]:
        if len(received) > MAX_HEAD + 3:
            raise HeadTooLarge(f"{len(received)} bytes")
        yield None
    head, _, follows = bytes(received).partition(BLANK_LINE)
    received[:] = follows
    return head


@answer("6.1")
def searches_each_byte_once(received):
    """From three bytes before the new ones on."""
    searched = 0
    while (end := received.find(BLANK_LINE, max(searched - 3, 0))) == -1:
        searched = len(received)
        if searched >= MAX_HEAD + len(BLANK_LINE):
            raise HeadTooLarge
        yield
    if end > MAX_HEAD:
        raise HeadTooLarge
    with memoryview(received) as view:
        head = view[:end].tobytes()
    del received[:end + len(BLANK_LINE)]
    return head


@answer("6.1")
def keeps_what_has_come_itself(received):
    """What has come goes into a bytearray of its own, and what is not the head goes back."""
    mine = bytearray()
    while True:
        mine += received
        received.clear()
        head, blank, follows = mine.partition(BLANK_LINE)
        if len(head) > MAX_HEAD and blank or not blank and len(mine) >= MAX_HEAD + 4:
            received += mine
            raise HeadTooLarge("too long")
        if blank:
            received += follows
            return bytes(head)
        yield


@answer("6.1")
def returns_a_generator_that_refuses_at_the_first_byte(received):
    """A head is too long when no blank line can begin within MAX_HEAD any more. The function itself has no `yield`."""
    def may_begin():
        begins = range(max(len(received) - 3, 0), min(len(received), MAX_HEAD) + 1)
        return any(BLANK_LINE.startswith(received[begin:]) for begin in begins)

    def taking():
        while (end := received.find(BLANK_LINE)) < 0:
            if not may_begin():
                raise HeadTooLarge("certain already")
            yield
        if end > MAX_HEAD:
            raise HeadTooLarge("too long")
        head = bytes(received[:end])
        del received[:end + 4]
        return head

    return taking()


@answer("6.2")
def writes_a_view_and_ends_it(received, count, body):
    """A memoryview copies nothing, and is ended before bytes are taken off."""
    left = count
    while left > 0:
        size = min(left, len(received))
        with memoryview(received) as view, view[:size] as part:
            body.write(part)
        del received[:size]
        left -= size
        if left > 0:
            yield


@answer("6.2")
def moves_one_byte_after_the_other(received, count, body):
    """Slow, and right."""
    for _ in range(count):
        while not received:
            yield
        body.write(bytes([received.pop(0)]))


@answer("6.2")
def believes_what_write_returns(received, count, body):
    """write returns how many bytes it has taken."""
    while True:
        written = body.write(received[:count])
        del received[:written]
        count -= written
        if count == 0:
            return "moved"
        yield


@answer("6.2")
def empties_received_and_puts_back_what_is_too_much(received, count, body):
    """All that has come is taken, and the rest goes back."""
    moved = 0
    while moved < count:
        block = bytes(received)
        received.clear()
        mine, rest = block[:count - moved], block[count - moved:]
        received.extend(rest)
        if mine:
            body.write(mine)
        moved += len(mine)
        if moved == count:
            break
        yield


@answer("6.2")
def is_an_object_with_the_methods_of_a_generator(received, count, body):
    """What has send, throw, close and __next__ is a generator."""
    from collections.abc import Generator

    class Moving(Generator):
        missing = count

        def send(self, value):
            block = bytes(received[:self.missing])
            del received[:self.missing]
            body.write(block)
            self.missing -= len(block)
            if not self.missing:
                raise StopIteration

        def throw(self, kind, value=None, trace=None):
            raise kind

    return Moving()


@answer("6.3")
def counts_down(received, body, limit):
    """How much room there is, and how many trailers may come."""
    room, lines = limit, MAX_FIELDS
    while True:
        size = parse_chunk_size((yield from take_line(received)))
        if not size:
            break
        if size > room:
            raise BadRequest(413, "too much")
        room -= size
        yield from take_bytes(received, size, body)
        while len(received) < 2:
            yield
        if not received.startswith(b"\r\n"):
            raise BadRequest(400, "no CRLF")
        del received[:2]
    while (yield from take_line(received)) != b"":
        lines -= 1
        if lines < 0:
            raise BadRequest(431, "too many")


@answer("6.3")
def refuses_at_the_first_wrong_byte(received, body, limit):
    """A helper takes byte by byte what stands after a chunk."""
    def byte():
        while not received:
            yield
        return received.pop(0)

    sizes = []
    while size := parse_chunk_size((yield from take_line(received))):
        sizes.append(size)
        if sum(sizes) > limit:
            raise BadRequest(413, f"{sum(sizes)} bytes")
        yield from take_bytes(received, size, body)
        if (yield from byte()) != 13 or (yield from byte()) != 10:
            raise BadRequest(400, "a chunk without its end")
    trailers = []
    while (yield from take_line(received)):
        trailers.append("one more")
        if len(trailers) > MAX_FIELDS:
            raise BadRequest(431, "too many trailers")


@answer("6.3")
def moves_the_bytes_itself(received, body, limit):
    """The file knows how many bytes it has, and take_bytes is not needed."""
    while left := parse_chunk_size((yield from take_line(received))):
        if body.tell() + left > limit:
            raise BadRequest(413, "the body is too large")
        while left or len(received) < 2:
            block = bytes(received[:left])
            del received[:left]
            body.write(block)
            left -= len(block)
            if left or len(received) < 2:
                yield
        if received[:2] != b"\r\n":
            raise BadRequest(400, "CRLF is missing")
        received[:2] = b""
    trailers = -1
    while trailers < MAX_FIELDS and (yield from take_line(received)):
        trailers += 1
    if trailers == MAX_FIELDS:
        raise BadRequest(431, "more trailers than may be")
