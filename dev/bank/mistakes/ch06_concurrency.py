"""Mistakes of chapter 6."""
from dev.bank.step_versions import mistake


@mistake("6.1", "take_head returns bytes, not a generator")
def returns_none_while_the_head_is_not_there(received):
    """None says that there is no head yet, and the caller calls again."""
    end = received.find(BLANK_LINE)
    if end < 0:
        if len(received) > MAX_HEAD + 3:
            raise HeadTooLarge("too long")
        return None
    if end > MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "the head is not taken (one byte at a time): take_head ends before all has come")
def pauses_once(received):
    """When next() is called again, more has come: that is the rest."""
    if received.find(BLANK_LINE) < 0:
        yield
    end = received.find(BLANK_LINE)
    if end > MAX_HEAD or end < 0 and len(received) >= MAX_HEAD + 4:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "take_head yields bytes where it should pause")
def yields_the_head(received):
    """A generator gives what it has with `yield`."""
    while BLANK_LINE not in received:
        if len(received) >= MAX_HEAD + 4:
            raise HeadTooLarge("too long")
        yield
    end = received.index(BLANK_LINE)
    if end > MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    yield head


@mistake("6.1", "received is not changed: it still holds the head and its blank line")
def assigns_what_follows(received):
    """After `received = …`, received is what follows."""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    received = received[end + 4:]
    return head


@mistake("6.1", "the head is a bytearray, not bytes")
def returns_a_part_of_the_bytearray(received):
    """A bytearray is as good as bytes."""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = received[:end]
    del received[:end + 4]
    return head


@mistake("6.1", "a head that has come is not taken: take_head pauses although all has come")
def pauses_before_it_looks(received):
    """First bytes must come, then one looks. (Some have often come before: with the last request.)"""
    end = -1
    while end < 0:
        yield
        end = received.find(BLANK_LINE)
        if end > MAX_HEAD or end < 0 and len(received) >= MAX_HEAD + 4:
            raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "StopIteration is raised within the generator: Python makes a RuntimeError of it")
def raises_stop_iteration(received):
    """A generator ends with StopIteration, and that carries its value. (Since PEP 479 it must not be raised in one.)"""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    raise StopIteration(head)


@mistake("6.1", "your code looks at received again and again, and does not pause")
def pauses_in_the_wrong_place(received):
    """While there is no blank line, one waits; then one lets the others run."""
    while BLANK_LINE not in received:
        pass
    end = received.index(BLANK_LINE)
    if end > MAX_HEAD:
        yield
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "a blank line in two blocks is not seen: take_head pauses although all has come")
def looks_at_the_end_of_what_has_come(received):
    """The blank line is the last that a client sends."""
    while not received.endswith(BLANK_LINE) and len(received) < MAX_HEAD + 4:
        yield
    end = received.find(BLANK_LINE)
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "some of the head and its blank line is still in received")
def leaves_the_blank_line(received):
    """The head is taken, and the blank line does not belong to it."""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end]
    return head


@mistake("6.1", "received has lost what follows the head and its blank line")
def clears_what_has_come(received):
    """The request was taken: received is empty for the next one. (The next one may have come with it.)"""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    received.clear()
    return head


@mistake("6.1", "the head does not end at the first blank line")
def takes_the_last_blank_line(received):
    """rpartition gives what is before the blank line, and what is after it."""
    while BLANK_LINE not in received and len(received) < MAX_HEAD + 4:
        yield
    head, blank, follows = received.rpartition(BLANK_LINE)
    if not blank or len(head) > MAX_HEAD:
        raise HeadTooLarge("too long")
    received[:] = follows
    return bytes(head)


@mistake("6.1", "the head is not taken (one byte at a time): take_head pauses although all has come")
def looks_at_new_bytes_only(received):
    """What was searched once need not be searched again. (The blank line may have begun there.)"""
    searched = 0
    while (end := received.find(BLANK_LINE, searched)) < 0 and len(received) < MAX_HEAD + 4:
        searched = len(received)
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "what follows the head counts as the head: your code raises HeadTooLarge")
def limits_all_that_has_come(received):
    """What is longer than MAX_HEAD is too long, whatever it is."""
    while BLANK_LINE not in received and len(received) < MAX_HEAD + 4:
        yield
    if len(received) > MAX_HEAD + 4:
        raise HeadTooLarge("too long")
    head, _, follows = received.partition(BLANK_LINE)
    received[:] = follows
    return bytes(head)


@mistake("6.1", "a head of MAX_HEAD + 1 bytes is accepted")
def limits_a_head_without_its_end_only(received):
    """While one waits, memory may fill: the limit is for that."""
    while (end := received.find(BLANK_LINE)) < 0:
        if len(received) >= MAX_HEAD + 4:
            raise HeadTooLarge("too long")
        yield
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "MAX_HEAD + 4 bytes without a blank line do not raise HeadTooLarge")
def limits_a_whole_head_only(received):
    """How long a head is can be told when it is there."""
    while (end := received.find(BLANK_LINE)) < 0:
        yield
    if end > MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "a head of MAX_HEAD bytes is refused: your code raises HeadTooLarge")
def forgets_the_blank_line_in_the_limit(received):
    """More than MAX_HEAD bytes without a blank line are too many. (Up to three of them may belong to that line.)"""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) <= MAX_HEAD:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "HeadTooLarge is raised, and received is not as it was")
def throws_away_what_is_too_long(received):
    """What is refused is of no use any more."""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        yield
    head = bytes(received[:max(end, 0)])
    del received[:end + 4 if end >= 0 else len(received)]
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    return head


@mistake("6.1", "an empty head is not taken")
def waits_for_a_head_of_some_bytes(received):
    """find gives the place of the blank line, or nothing: 0 is nothing."""
    while (end := received.find(BLANK_LINE)) <= 0 and len(received) < MAX_HEAD + 4:
        yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "nothing can be put into received while take_head pauses")
def holds_a_view_of_what_has_come(received):
    """A memoryview copies nothing."""
    with memoryview(received) as view:
        while (end := bytes(view).find(BLANK_LINE)) < 0 and len(view) < MAX_HEAD + 4:
            yield
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


@mistake("6.1", "two clients at once: the heads are mixed up")
def keeps_what_it_has_at_the_function(received):
    """What has come before a pause is kept where the next turn finds it. (All generators find it there.)"""
    take_head.kept = b""
    while True:
        take_head.kept += bytes(received)
        received.clear()
        end = take_head.kept.find(BLANK_LINE)
        if end >= 0 or len(take_head.kept) >= MAX_HEAD + 4:
            break
        yield
    if not 0 <= end <= MAX_HEAD:
        received[:] = take_head.kept
        raise HeadTooLarge("too long")
    received[:] = take_head.kept[end + 4:]
    return take_head.kept[:end]


@mistake("6.1", "a generator that pauses cannot be closed")
def goes_on_whatever_happens_in_a_pause(received):
    """Nothing can be raised by a `yield`. (A generator that is closed ends there, with GeneratorExit.)"""
    while (end := received.find(BLANK_LINE)) < 0 and len(received) < MAX_HEAD + 4:
        try:
            yield
        except BaseException:
            continue
    if not 0 <= end <= MAX_HEAD:
        raise HeadTooLarge("too long")
    head = bytes(received[:end])
    del received[:end + 4]
    return head


# 6.2


@mistake("6.2", "take_bytes returns a bool, not a generator")
def tells_whether_all_has_come(received, count, body):
    """False says that bytes are missing, and the caller calls again."""
    if len(received) < count:
        return False
    body.write(bytes(received[:count]))
    del received[:count]
    return True


@mistake("6.2", "it pauses, and the file does not have what has come")
def waits_until_all_has_come(received, count, body):
    """A body is moved when it is whole, as read_exactly of chapter 2 does. (It may be larger than memory.)"""
    while len(received) < count:
        yield
    body.write(bytes(received[:count]))
    del received[:count]


@mistake("6.2", "the file has more than count bytes")
def moves_all_that_has_come(received, count, body):
    """What comes while a body is taken is the body."""
    while count > 0:
        body.write(bytes(received))
        count -= len(received)
        received.clear()
        if count > 0:
            yield


@mistake("6.2", "received is not changed: it still holds what was moved")
def assigns_what_is_left(received, count, body):
    """After `received = …`, received is what is left."""
    while count:
        block, received = bytes(received[:count]), received[count:]
        body.write(block)
        count -= len(block)
        if count:
            yield


@mistake("6.2", "take_bytes pauses once more, when all count bytes are in the file")
def pauses_after_every_block(received, count, body):
    """A block was moved: now the others."""
    while count:
        block = bytes(received[:count])
        del received[:count]
        body.write(block)
        count -= len(block)
        yield


@mistake("6.2", "it pauses, and the file does not have what has come")
def pauses_before_every_block(received, count, body):
    """First bytes must come, then they are moved."""
    while count:
        yield
        block = bytes(received[:count])
        del received[:count]
        body.write(block)
        count -= len(block)


@mistake("6.2", "0 bytes are not moved")
def waits_for_a_byte_first(received, count, body):
    """If nothing is there, there is nothing to move."""
    while not received:
        yield
    while count:
        block = bytes(received[:count])
        del received[:count]
        body.write(block)
        count -= len(block)
        if count:
            yield


@mistake("6.2", "take_bytes yields an int where it should pause")
def yields_what_is_missing(received, count, body):
    """The caller wants to know how many bytes are missing."""
    while count:
        block = bytes(received[:count])
        del received[:count]
        body.write(block)
        count -= len(block)
        if count:
            yield count


@mistake("6.2", "received has lost what follows what was moved")
def clears_what_has_come_with_it(received, count, body):
    """What has come was moved, so received is empty."""
    while count:
        block = bytes(received[:count])
        received.clear()
        body.write(block)
        count -= len(block)
        if count:
            yield


@mistake("6.2", "it ends, and bytes are missing")
def takes_an_empty_block_for_the_end(received, count, body):
    """b'' is the end, as recv has it."""
    while count:
        block = bytes(received[:count])
        if not block:
            return
        del received[:count]
        body.write(block)
        count -= len(block)
        if count:
            yield


@mistake("6.2", "the bytes are not moved (one byte at a time): take_bytes ends before all has come")
def moves_two_blocks(received, count, body):
    """What has come, and after a pause the rest."""
    block = bytes(received[:count])
    del received[:len(block)]
    body.write(block)
    if len(block) < count:
        yield
        body.write(bytes(received[:count - len(block)]))
        del received[:count - len(block)]


@mistake("6.2", "the file has other bytes than were sent")
def writes_all_again(received, count, body):
    """What has come so far is written, from the beginning."""
    whole = b""
    while count:
        block = bytes(received[:count])
        del received[:count]
        whole += block
        body.write(whole)
        count -= len(block)
        if count:
            yield


@mistake("6.2", "ConnectionResetError, raised by write, does not come out")
def goes_on_when_the_disk_is_full(received, count, body):
    """A server survives a full disk. (The application is called with half a body.)"""
    while count:
        block = bytes(received[:count])
        del received[:count]
        try:
            body.write(block)
        except OSError:
            pass
        count -= len(block)
        if count:
            yield


@mistake("6.2", "your code raises BufferError: a memoryview still holds received")
def takes_off_what_a_view_holds(received, count, body):
    """A memoryview copies nothing, and write takes one. (While it is there, received keeps its length.)"""
    while count:
        view = memoryview(received)[:count]
        body.write(view)
        del received[:len(view)]
        count -= len(view)
        if count:
            yield


@mistake("6.2", "five bytes of a huge body are not moved")
def takes_the_memory_first(received, count, body):
    """All the memory that is needed is taken at once."""
    whole, begin = bytearray(count), 0
    while begin < count:
        block = bytes(received[:count - begin])
        del received[:count - begin]
        whole[begin:begin + len(block)] = block
        body.write(block)
        begin += len(block)
        if begin < count:
            yield


@mistake("6.2", "two clients at once: the bodies are mixed up")
def keeps_the_count_at_the_function(received, count, body):
    """How much is missing is kept where the next turn finds it. (All generators find it there.)"""
    take_bytes.missing = count
    while take_bytes.missing > 0:
        block = bytes(received[:take_bytes.missing])
        del received[:take_bytes.missing]
        body.write(block)
        take_bytes.missing -= len(block)
        if take_bytes.missing:
            yield


@mistake("6.2", "a file that has only write is an error")
def asks_the_file_how_much_it_has(received, count, body):
    """The file knows how many bytes are in it."""
    end = body.tell() + count
    while body.tell() < end:
        missing = end - body.tell()
        body.write(bytes(received[:missing]))
        del received[:missing]
        if body.tell() < end:
            yield


@mistake("6.2", "the file does not stand at its end")
def goes_back_to_the_beginning(received, count, body):
    """The application reads the body from its beginning. (take_body goes back, after the last chunk.)"""
    while count:
        block = bytes(received[:count])
        del received[:count]
        body.write(block)
        count -= len(block)
        if count:
            yield
    if hasattr(body, "seek"):
        body.seek(0)


# 6.3


@mistake("6.2", "a file that has only write is an error: your code raises AttributeError")
def counts_what_is_in_a_file_in_memory(received, count, body):
    """The file knows how much it has. (One in memory does; others have no getvalue.)"""
    end = len(body.getvalue()) + count
    while True:
        block = bytes(received[:end - len(body.getvalue())])
        del received[:len(block)]
        body.write(block)
        if len(body.getvalue()) >= end:
            return
        yield


@mistake("6.3", "a good body is not moved: your code raises TypeError")
def calls_take_line_without_yield_from(received, body, limit):
    """take_line returns the line. (A call of a generator function returns a generator.)"""
    total = 0
    while size := parse_chunk_size(take_line(received)):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not take_line(received):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "a good body is not moved: your code raises BadRequest 400")
def calls_take_bytes_without_yield_from(received, body, limit):
    """take_bytes moves the bytes. (A call runs none of its lines: only next() and `yield from` do.)"""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        take_bytes(received, size, body)
        if (yield from take_line(received)):
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "StopIteration is raised within the generator: Python makes a RuntimeError of it")
def asks_take_line_with_next(received, body, limit):
    """next() gives what a generator has."""
    total = 0
    while size := parse_chunk_size(next(take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, io.BytesIO())
    while next(take_line(received)):
        pass


@mistake("6.3", "your code looks at received again and again, and does not pause")
def runs_take_bytes_in_a_loop_of_its_own(received, body, limit):
    """A `for` loop runs a generator to its end. (Where it pauses, the loop goes on at once, and nothing can come.)"""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        for _ in take_bytes(received, size, body):
            pass
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "the file does not hold the bytes of the chunks alone")
def moves_the_line_end_with_the_chunk(received, body, limit):
    """A chunk is what stands between two sizes."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size + 2, body)
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "two bytes after a chunk are not CRLF, and BadRequest is not raised")
def throws_away_the_line_end_unseen(received, body, limit):
    """Two bytes are left out, and they are CRLF (h11 before 0.16, CVE-2025-43859)."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, io.BytesIO())
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "two bytes after a chunk are not CRLF, and BadRequest is not raised")
def takes_a_line_where_two_bytes_stand(received, body, limit):
    """After a chunk stands the end of a line, so the rest of the line is empty. (Without CRLF it waits for one.)"""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        if (yield from take_line(received)):
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "some of the body is still in received")
def leaves_the_last_line_of_the_body(received, body, limit):
    """A size of 0 ends the body, so there is nothing more to take."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")


@mistake("6.3", "limit is 5, and a chunk of 6 bytes is accepted")
def looks_at_the_limit_when_a_chunk_was_moved(received, body, limit):
    """How large a body is can be told when it is there."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        yield from take_bytes(received, size, body)
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "limit is 5, and chunks of 5 and 1 bytes are accepted")
def limits_each_chunk_alone(received, body, limit):
    """No chunk is too large, so the body is not."""
    while size := parse_chunk_size((yield from take_line(received))):
        if size > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "limit is 5, and a chunk of 6 bytes is accepted")
def knows_one_limit(received, body, limit):
    """A body has MAX_UPLOAD bytes at most."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > MAX_UPLOAD:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "limit is 5, and a body of 5 bytes is refused: your code raises BadRequest 413")
def refuses_a_body_of_limit_bytes(received, body, limit):
    """At the limit there is no room for more. (None need come.)"""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total >= limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "it pauses, and the file does not have what has come of a chunk")
def collects_a_chunk_first(received, body, limit):
    """A chunk is moved when it is whole. (It may be as large as a body may be, and lie in memory so long.)"""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        while len(received) < size + 2:
            yield
        if received[size:size + 2] != b"\r\n":
            raise BadRequest(400, "no CRLF")
        body.write(bytes(received[:size]))
        del received[:size + 2]
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "MAX_FIELDS + 1 trailer lines have come, and BadRequest is not raised")
def takes_trailers_without_end(received, body, limit):
    """There are no trailers, or a few."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    while (yield from take_line(received)):
        pass


@mistake("6.3", "MAX_FIELDS + 1 trailer lines have come, and BadRequest is not raised")
def counts_trailers_at_their_end(received, body, limit):
    """How many they are is known at the end."""
    total, trailers = 0, []
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    while line := (yield from take_line(received)):
        trailers.append(line)
    if len(trailers) > MAX_FIELDS:
        raise BadRequest(431, "too many trailers")


@mistake("6.3", "a body with MAX_FIELDS trailer lines is refused: your code raises BadRequest 431")
def forgets_the_line_after_the_trailers(received, body, limit):
    """There are MAX_FIELDS lines at most. (One line more, with nothing in it, ends them.)"""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "take_chunks yields an int where it should pause")
def yields_each_size(received, body, limit):
    """Whoever calls wants to know how far it is."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
        yield size
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "a size with zeros or an extension is not read")
def looks_for_a_line_with_0(received, body, limit):
    """The last chunk is a line with 0. (It may be 000, and have an extension.)"""
    total = 0
    while (line := (yield from take_line(received))) != b"0":
        size = parse_chunk_size(line)
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "another BadRequest comes out than that of take_line or parse_chunk_size")
def raises_a_message_of_its_own(received, body, limit):
    """Whatever is wrong with a body in chunks is told in one sentence."""
    total = 0
    try:
        while size := parse_chunk_size((yield from take_line(received))):
            total += size
            if total > limit:
                raise BadRequest(413, "too large")
            yield from take_bytes(received, size, body)
            yield from take_bytes(received, 2, end := io.BytesIO())
            if end.getvalue() != b"\r\n":
                raise BadRequest(400, "no CRLF")
        for _ in range(MAX_FIELDS + 1):
            if not (yield from take_line(received)):
                return
    except BadRequest as error:
        raise BadRequest(error.status, "the chunks of the body are malformed")
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "OSError is raised instead of ConnectionResetError")
def makes_its_own_error_of_a_full_disk(received, body, limit):
    """Whatever is wrong with the file is one error."""
    total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        total += size
        if total > limit:
            raise BadRequest(413, "too large")
        try:
            yield from take_bytes(received, size, body)
        except OSError as error:
            raise OSError("the body cannot be written") from error
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.3", "two clients at once (a body is not moved): your code raises BadRequest 413")
def counts_all_bodies_together(received, body, limit):
    """The length so far is kept where the next turn finds it. (All generators find it there.)"""
    take_chunks.total = 0
    while size := parse_chunk_size((yield from take_line(received))):
        take_chunks.total += size
        if take_chunks.total > limit:
            raise BadRequest(413, "too large")
        yield from take_bytes(received, size, body)
        yield from take_bytes(received, 2, end := io.BytesIO())
        if end.getvalue() != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not (yield from take_line(received)):
            return
    raise BadRequest(431, "too many trailers")


@mistake("6.4", "it is kept where the client wants it closed: Close")
def compares_options_as_they_are_written(request):
    """Clients write the options in lower case, as the RFC does."""
    options = [option.strip(" \t") for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: close before others")
def compares_the_whole_value(request):
    """The field says close or keep-alive, one of the two. (It is a list.)"""
    values = [value.strip(" \t").lower() for value in request.values("connection")]
    return "close" not in values and (request.version != "HTTP/1.0" or "keep-alive" in values)


@mistake("6.4", "it is closed where the client wants it kept: not-close")
def looks_for_close_anywhere_in_the_text(request):
    """`in` finds a word in a text. (It finds it within other words too.)"""
    text = ",".join(request.values("connection")).lower()
    return "close" not in text and (request.version != "HTTP/1.0" or "keep-alive" in text)


@mistake("6.4", "it is closed where the client wants it kept: closed")
def looks_for_the_beginnings_of_words(request):
    r"""`\b` is where a word begins; what follows is a part of it, so the end needs no look."""
    import re
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    closes = any(re.match(r"close", option) for option in options)
    return not closes and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: not-close")
def takes_a_hyphen_for_the_end_of_a_word(request):
    r"""`\b` is at both ends of a word. (A hyphen is no letter, so it is there within an option too.)"""
    import re
    text = ",".join(request.values("connection")).lower()
    return not re.search(r"\bclose\b", text) and (request.version != "HTTP/1.0" or bool(
        re.search(r"\bkeep-alive\b", text)))


@mistake("6.4", "it is kept where the client wants it closed: close in the last field")
def looks_at_the_first_field(request):
    """There is one Connection field, as of each field that counts."""
    values = request.values("connection")
    options = [option.strip(" \t").lower() for option in (values[0] if values else "").split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: close in the first field")
def makes_a_dict_of_the_fields(request):
    """A dict finds a field by its name. (It keeps the last one.)"""
    options = [option.strip(" \t").lower() for option in dict(request.fields).get("connection", "").split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: close in the first field")
def joins_the_fields_with_nothing_between(request):
    """One text of all fields, and then the options in it. (The last of one field and the first of the next melt.)"""
    options = [option.strip(" \t").lower() for option in "".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: HTTP/1.1, no Connection field")
def keeps_only_who_asks_for_it(request):
    """A connection is kept if the client says keep-alive. (That was so before HTTP/1.1.)"""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and "keep-alive" in options


@mistake("6.4", "it is kept where the client wants it closed: HTTP/1.0, no Connection field")
def forgets_http_1_0(request):
    """Whoever does not say close wants more."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options


@mistake("6.4", "it is closed where the client wants it kept: HTTP/1.2, no Connection field")
def knows_two_versions(request):
    """HTTP/1.1 is the version that keeps connections."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version == "HTTP/1.1" or "keep-alive" in options)


@mistake("6.4", "it is kept where the client wants it closed: HTTP/1.0, keep-alive before close")
def asks_for_keep_alive_first(request):
    """Whoever says keep-alive is sure of it."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    if request.version == "HTTP/1.0":
        return "keep-alive" in options
    return "close" not in options


@mistake("6.4", "it is kept where the client wants it closed: spaces and tabs around it")
def splits_at_a_comma_and_a_space(request):
    """Lists are written with a comma and a space. (The space may be missing, or there may be more of it.)"""
    options = ",".join(request.values("connection")).lower().replace(", ", ",").split(",")
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: a space and no comma")
def splits_at_white_space_too(request):
    """Commas and spaces stand between the options."""
    options = ",".join(request.values("connection")).lower().replace(",", " ").split()
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: a no-break space")
def strips_all_white_space(request):
    """strip() takes the white space away, whichever it is. (latin-1 has more of it than HTTP.)"""
    options = [option.strip().lower() for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "wants_keep_alive returns None, not a bool")
def forgets_the_last_row(request):
    """What is not said is false: None is as good as False."""
    options = [option.strip(" \t").lower() for option in ",".join(request.values("connection")).split(",")]
    if "close" in options:
        return False
    if request.version != "HTTP/1.0" or "keep-alive" in options:
        return True


@mistake("6.4", "wants_keep_alive changes the request")
def puts_the_fields_into_lower_case(request):
    """All of the fields in lower case are easier to compare."""
    request.fields = [(name, value.lower()) for name, value in request.fields]
    options = [option.strip(" \t") for option in ",".join(request.values("connection")).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


@mistake("6.4", "it is closed where the client wants it kept: HTTP/1.1, close in a field proxy-connection")
def takes_every_field_with_connection_in_its_name(request):
    """Proxy-Connection is the same for proxies. (It is no field of any RFC, and a proxy passes it on.)"""
    values = [value for name, value in request.fields if name.endswith("connection")]
    options = [option.strip(" \t").lower() for option in ",".join(values).split(",")]
    return "close" not in options and (request.version != "HTTP/1.0" or "keep-alive" in options)


# 6.5 KeepAliveResponse.build_head


@mistake("6.5", "the words `Connection: close` are changed elsewhere too")
def replaces_the_words_wherever_they_are(self):
    """The head has these words once, in the server's own line. (An application may have them in a value.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"Connection: close", b"Connection: keep-alive") if self.keep_alive else head


@mistake("6.5", "the head is not that of chapter 4, but for the line `Connection`")
def replaces_the_first_of_the_words(self):
    """The first time that they come is the line. (The application's headers stand before it.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"Connection: close", b"Connection: keep-alive", 1) if self.keep_alive else head


@mistake("6.5", "the words `Connection: close` are changed elsewhere too")
def replaces_what_ends_a_line(self):
    """With CRLF behind it, it is a whole line. (A line has a beginning, too.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"Connection: close\r\n", b"Connection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: close`")
def says_what_chapter_4_says(self):
    """self.keep_alive is for the server; what the head says, chapter 4 knows."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    return super().build_head()


@mistake("6.5", "the head says both, close and keep-alive")
def adds_a_line_of_its_own(self):
    """The head gets one more line, which says that the connection is kept."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    line = b"\r\nConnection: close\r\n"
    head = super().build_head()
    return head.replace(line, line + b"Connection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says nothing of the connection")
def leaves_the_line_out(self):
    """HTTP/1.1 keeps connections without a word. (A client with HTTP/1.0 waits for the word.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: keep-alive`")
def forgets_to_ask_keep_alive(self):
    """The class is for connections that are kept."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
        return super().build_head()
    return super().build_head().replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")


@mistake("6.5", "the head says `Connection: keep-alive`")
def forgets_until_close(self):
    """What keep_alive says, the head says."""
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: keep-alive`")
def looks_at_the_framing_when_the_head_is_built(self):
    """The head first, and then what follows from it."""
    head = super().build_head()
    if self.keep_alive:
        head = head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    return head


@mistake("6.5", "self.keep_alive is not False after a head with UNTIL_CLOSE")
def says_close_and_keeps_it(self):
    """The client knows from the head that the connection is closed. (The server looks at self.keep_alive.)"""
    head = super().build_head()
    if not self.keep_alive or self.framing == UNTIL_CLOSE:
        return head
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n")


@mistake("6.5", "the head says `Connection: close`")
def takes_http_1_0_for_until_close(self):
    """Only HTTP/1.0 has bodies until the end. (It has bodies with a length too.)"""
    if self.version == "HTTP/1.0":
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "the head says `Connection: close`")
def keeps_only_with_a_length(self):
    """Without a length nobody knows where the body ends. (Chunks tell it, and so does a head without a body.)"""
    if self.framing != LENGTH:
        self.keep_alive = False
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "build_head changes self.keep_alive")
def sets_keep_alive_by_the_framing(self):
    """The framing says whether the connection can be kept, so it says what self.keep_alive is."""
    kept = self.keep_alive and self.framing != UNTIL_CLOSE
    self.keep_alive = self.framing != UNTIL_CLOSE
    head = super().build_head()
    return head.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: keep-alive\r\n") if kept else head


@mistake("6.5", "build_head returns a str, not bytes")
def decodes_the_head(self):
    """A head is text."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head().decode("latin-1")
    return head.replace("\r\nConnection: close\r\n", "\r\nConnection: keep-alive\r\n") if self.keep_alive else head


@mistake("6.5", "a value is changed")
def takes_the_text_apart_at_its_lines(self):
    """splitlines gives the lines. (Of a str, it splits at more than CRLF: latin-1 has NEL, \\x85.)"""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head()
    if not self.keep_alive:
        return head
    lines = ["Connection: keep-alive" if line == "Connection: close" else line
             for line in head.decode("latin-1").splitlines()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n"


@mistake("6.5", "your code raises UnicodeDecodeError")
def takes_the_head_for_utf_8(self):
    """bytes are decoded with decode()."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    head = super().build_head().decode()
    if self.keep_alive:
        head = head.replace("\r\nConnection: close\r\n", "\r\nConnection: keep-alive\r\n")
    return head.encode()


@mistake("6.5", "the head is not that of chapter 4, but for the line `Connection`")
def builds_it_without_chapter_4(self):
    """A head is quickly built."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    lines = [f"HTTP/1.1 {self.status}", *map(": ".join, self.headers)]
    lines.append(f"Connection: {'keep-alive' if self.keep_alive else 'close'}")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("6.5", "the head is not that of chapter 4, but for the line `Connection`")
def gives_the_application_a_header(self):
    """self.headers are what goes into the head: what is to be said is put there."""
    if self.framing == UNTIL_CLOSE:
        self.keep_alive = False
    if self.keep_alive:
        self.headers.append(("Connection", "keep-alive"))
    return super().build_head().replace(b"\r\nConnection: close\r\n", b"\r\n" if self.keep_alive else
                                        b"\r\nConnection: close\r\n")


# 6.6 Client.take_calls


@mistake("6.6", "take_calls has come to its end")
def takes_one_request(self):
    """A request comes, and is taken."""
    self.wait(KEEP_ALIVE_SECONDS, idle=True)
    while not self.received:
        yield None
    self.wait(REQUEST_SECONDS)
    request = yield from take_request(self.received)
    with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
        yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is not idle, and should be: it has been silent for 5 seconds")
def pauses_once_only(self):
    """If nothing has come, pause; after it something has. (Whoever calls next() does not promise that.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        if not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "there is no Call for a request that is whole")
def waits_before_it_takes(self):
    """First wait for the client, then take what has come. (What has come with the request before is there already.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        yield None
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "there is no Call for a request that is whole")
def yields_no_call(self):
    """`yield from` yields what there is. (Its value is the Call, which is not yielded.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield from self.take_call(request, file)


@mistake("6.6", "next(client.calls) gives a generator, not a Call")
def yields_the_generator(self):
    """self.take_call returns a Call, and that is yielded. (It is a generator: nothing has run.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield self.take_call(request, file)


@mistake("6.6", "take_calls gives a Call, not a generator")
def returns_a_call(self):
    """A Call is what the caller wants, so return one."""
    def last_of(generator):
        try:
            while True:
                next(generator)
        except StopIteration as end:
            return end.value

    self.received += b"GET / HTTP/1.0\r\n\r\n"
    return last_of(self.take_call(last_of(take_request(self.received)), io.BytesIO()))


@mistake("6.6", "the client is late in 15 seconds, and not in 10: it has been silent for 5 seconds")
def begins_anew_with_each_pause(self):
    """Whenever it waits, it waits for so many seconds. (Whoever wakes it for nothing keeps the client for ever.)"""
    while True:
        while not self.received:
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is late in 10 seconds, and not in 9: 1 s after the first byte of its head")
def gives_each_part_of_the_head_new_time(self):
    """As long as something comes, the client is there. (A byte every nine seconds holds a connection for ever: that is
    the attack of the slowloris.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        taking = take_request(self.received)
        while True:
            self.wait(REQUEST_SECONDS)
            try:
                yield next(taking)
            except StopIteration as end:
                request = end.value
                break
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is late in 12 seconds, and not in 15: while nothing has come")
def waits_once_the_answer_is_given(self):
    """__init__ has begun to wait for the first request; the others are waited for when the one before is done."""
    while True:
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))
        self.wait(KEEP_ALIVE_SECONDS, idle=True)


@mistake("6.6", "the client is idle, and should not be: while its request is answered")
def is_idle_as_soon_as_the_request_is_whole(self):
    """The request is there: nothing more is waited for."""
    self.wait(KEEP_ALIVE_SECONDS, idle=True)
    while True:
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            call = yield from self.take_call(request, file)
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            yield call


@mistake("6.6", "the client is not idle, and should be: after a Call")
def waits_once_for_all_requests(self):
    """What is said before the loop holds for the loop."""
    self.wait(KEEP_ALIVE_SECONDS, idle=True)
    while True:
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is idle, and should not be: after the first byte of its head")
def forgets_that_a_request_has_begun(self):
    """The client has its time from the beginning."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the client is late in 15 seconds, and not in 10: after the first byte of its head")
def mistakes_one_time_for_the_other(self):
    """A client is waited for as long as it is waited for."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.idle = False
        self.wait(KEEP_ALIVE_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the file is closed when the Call is given")
def closes_before_it_yields(self):
    """The body is in the file, so it can be closed."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            call = yield from self.take_call(request, file)
        yield call


@mistake("6.6", "the file with the body is still open after next() was called again")
def closes_no_file(self):
    """Files are closed when nobody has them any more."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        yield (yield from self.take_call(request, tempfile.SpooledTemporaryFile(MAX_BODY)))


@mistake("6.6", "the file with the body is still open after client.calls.close(), while the request was answered")
def closes_the_file_only_when_all_goes_well(self):
    """After the answer the file is closed. (A client may leave before, and a body may end in the middle.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        yield (yield from self.take_call(request, file))
        file.close()


@mistake("6.6", "the file with the body is still open after client.calls.close(), within the body")
def closes_the_file_of_a_whole_request_only(self):
    """From when the body is in it, the file must be closed. (It is open before.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        call = yield from self.take_call(request, file)
        try:
            yield call
        finally:
            file.close()


@mistake("6.6", "the file with the body is still open after a chunk was refused")
def closes_the_file_when_the_client_has_left(self):
    """close() raises GeneratorExit: that is when the file must be closed. (A BadRequest ends it as well.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        try:
            yield (yield from self.take_call(request, file))
        except GeneratorExit:
            file.close()
            raise
        file.close()


@mistake("6.6", "the body is not in a tempfile.SpooledTemporaryFile")
def keeps_bodies_in_memory(self):
    """io.BytesIO is a file too. (It never goes to disk: a few uploads fill the memory.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with io.BytesIO() as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "the file goes to disk above another size")
def gives_the_file_no_size(self):
    """A SpooledTemporaryFile knows when to go to disk. (Without max_size it never does.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile() as file:
            yield (yield from self.take_call(request, file))


@mistake("6.6", "two requests have the same file")
def opens_one_file_for_all_requests(self):
    """One file for each client is enough, if it is emptied."""
    with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
        while True:
            self.wait(KEEP_ALIVE_SECONDS, idle=True)
            while not self.received:
                yield None
            self.wait(REQUEST_SECONDS)
            request = yield from take_request(self.received)
            yield (yield from self.take_call(request, file))
            file.seek(0)
            file.truncate()


@mistake("6.6", "a BadRequest is swallowed")
def answers_a_bad_request_with_a_pause(self):
    """What can't be read is left out, and the next request may be better. (Nobody knows where it begins.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        try:
            request = yield from take_request(self.received)
            with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
                yield (yield from self.take_call(request, file))
        except BadRequest:
            self.received.clear()
            yield None


@mistake("6.6", "a BadRequest is swallowed, and take_calls comes to its end")
def ends_with_a_bad_request(self):
    """After a bad request there is no next one: return. (Then nobody answers it.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        try:
            request = yield from take_request(self.received)
            with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
                yield (yield from self.take_call(request, file))
        except BadRequest:
            return


@mistake("6.6", "client.calls.close() raises RuntimeError, while its request is answered")
def goes_on_after_every_exception(self):
    """Whatever happens with one request, the next one is taken. (close() raises GeneratorExit, and that is the end.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            try:
                yield (yield from self.take_call(request, file))
            except GeneratorExit:
                continue


@mistake("6.6", "what follows the request is taken too")
def empties_received_after_each_call(self):
    """The request is taken, so received is empty. (What the client has sent ahead is in it too.)"""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            yield None
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            call = yield from self.take_call(request, file)
            self.received.clear()
            yield call


@mistake("6.6", "recv of the connection is used")
def receives_itself(self):
    """Where nothing has come, receive."""
    while True:
        self.wait(KEEP_ALIVE_SECONDS, idle=True)
        while not self.received:
            self.received += self.connection.recv(65_536)
        self.wait(REQUEST_SECONDS)
        request = yield from take_request(self.received)
        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            yield (yield from self.take_call(request, file))


@mistake("6.7", "the connection's time limit is not SEND_SECONDS while the application runs")
def leaves_the_connection_non_blocking(self, call):
    """The loop never waits, so nothing in it may. (Then a large page is cut off where the buffer of the socket is full:
    sendall raises BlockingIOError.)
    """
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False


@mistake("6.7", "the connection's time limit is not SEND_SECONDS while the application runs")
def sends_without_a_limit(self, call):
    """setblocking(True) is the opposite of setblocking(False)."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.setblocking(True)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the connection is not non-blocking again afterwards (Ctrl-C is pressed)")
def is_non_blocking_again_after_success_only(self, call):
    """When the answer is sent, the connection goes back to the loop."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    call.client.connection.settimeout(SEND_SECONDS)
    try:
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
    except BaseException:
        traceback.print_exc()
        return False
    call.client.connection.setblocking(False)
    return response.whole and response.keep_alive


@mistake("6.7", "KeyboardInterrupt is let out")
def catches_exceptions_only(self, call):
    """`except Exception` is every error."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except Exception:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the client is told that it is kept where the server is stopping")
def does_not_ask_whether_the_server_is_stopping(self, call):
    """The client says whether it wants to be kept."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request))
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the client is told that it is kept where the server is stopped while the application runs")
def asks_before_the_call_alone(self, call):
    """Whether the server is stopping is asked where the answer begins. (A call may take long, and a stop comes.)"""
    keep_alive = wants_keep_alive(call.request) and not self.stopping
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "False is not returned where a page for HTTP/1.0 has no length")
def returns_what_was_known_before(self, call):
    """Whether the client is kept is known before it is answered."""
    keep_alive = wants_keep_alive(call.request)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive, self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "False is not returned where the page is shorter than its Content-Length")
def does_not_ask_whether_the_response_is_whole(self, call):
    """keep_alive says whether the connection is kept."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "False is not returned after ValueError, raised by the close of the page")
def asks_the_response_alone(self, call):
    """The response knows how it went. (Not that the close of the page has raised something.)"""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    call.client.connection.settimeout(SEND_SECONDS)
    try:
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
    except BaseException:
        traceback.print_exc()
    finally:
        call.client.connection.setblocking(False)
    return response.whole and response.keep_alive


@mistake("6.7", "the client is not told that it is kept")
def answers_with_the_response_of_chapter_4(self, call):
    """A response is a Response."""
    keep_alive = wants_keep_alive(call.request)
    response = Response(call.client.connection, call.request)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the client is told that it is kept where its body is awaited")
def gives_environ_of_a_response_of_its_own(self, call):
    """environ_of wants a response, and any will do. (It tells that one that the connection is not kept.)"""
    connection, request = call.client.connection, call.request
    response = KeepAliveResponse(connection, request, wants_keep_alive(request), self)
    try:
        connection.settimeout(SEND_SECONDS)
        environ = environ_of(call, KeepAliveResponse(connection, request, False))
        answer_with(self.app, environ, response, request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        connection.setblocking(False)


@mistake("6.7", "CONTENT_LENGTH in environ is not as environ_of has it")
def builds_the_environ_of_chapter_4(self, call):
    """build_environ makes an environ; the body goes where wsgi.input is."""
    keep_alive = wants_keep_alive(call.request)
    client = call.client
    response = KeepAliveResponse(client.connection, call.request, keep_alive, self)
    environ = build_environ(call.request, client.server_address, client.address)
    environ |= {"wsgi.input": call.body, "wsgi.input_terminated": True, "wsgi.file_wrapper": FileWrapper}
    try:
        client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ, response, call.request, client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        client.connection.setblocking(False)


@mistake("6.7", "there is no traceback on stderr of ValueError, raised by the close of the page")
def swallows_what_is_raised(self, call):
    """answer_with has printed the traceback. (Not of what the close of the page raises.)"""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "there is no traceback on stderr of ClientGone, raised by the close of the page")
def takes_client_gone_for_no_error(self, call):
    """A client that has left is no error. (answer_with knows that itself: here it comes from the page's close.)"""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException as error:
        if type(error).__name__ != "ClientGone":
            traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "more is done to the connection than sending")
def closes_what_is_not_kept(self, call):
    """Whoever is not kept is sent away."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    kept = False
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        kept = response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
    finally:
        call.client.connection.setblocking(False)
        if not kept:
            call.client.connection.close()
    return kept


@mistake("6.7", "there is no traceback on stderr of ValueError, raised by the close of the page")
def prints_the_text_of_the_error(self, call):
    """An error says what is wrong. (Not where: whoever repairs the application needs that.)"""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException as error:
        print(error, file=sys.stderr)
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "SystemExit is let out")
def knows_ctrl_c_by_name(self, call):
    """Ctrl-C is the one thing that is no Exception."""
    response = KeepAliveResponse(call.client.connection, call.request, wants_keep_alive(call.request), self)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call, response), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except (Exception, KeyboardInterrupt):
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.8", "after an answer the client is not asked for its next request, and left alone then")
def answers_one_request(self, client):
    """A client sends a request and waits for its answer."""
    try:
        call = next(client.calls)
        if call and not self.call(call):
            self.leave(client)
    except BadRequest as error:
        self.refuse(client, error.status, str(error))


@mistake("6.8", "a request is not answered before the next is asked for")
def collects_the_calls_first(self, client):
    """First what there is to do, then do it. (Asking for the next Call closes the body of the one before.)"""
    calls = []
    try:
        while call := next(client.calls):
            calls.append(call)
    except BadRequest as error:
        return self.refuse(client, error.status, str(error))
    for call in calls:
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "requests are answered after one that the client is not kept for")
def answers_all_and_leaves_then(self, client):
    """Each request gets its answer; the last one tells whether the client is kept."""
    kept = True
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            break
        kept = self.call(call) and kept
    if not kept:
        self.leave(client)


@mistake("6.8", "a client that is not kept is asked for a further request")
def asks_before_it_knows_whether_the_client_is_kept(self, client):
    """The next Call is fetched at the end of the loop, where the first was before it."""
    try:
        call = next(client.calls)
        while call:
            kept = self.call(call)
            call = next(client.calls)
            if not kept:
                return self.leave(client)
    except BadRequest as error:
        self.refuse(client, error.status, str(error))


@mistake("6.8", "something is done for a client whose request is not whole")
def leaves_when_there_is_nothing_to_do(self, client):
    """When all is answered, leave is taken."""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call or not self.call(call):
            return self.leave(client)


@mistake("6.8", "next(client.calls) is called again after it has raised BadRequest")
def asks_on_after_a_bad_request(self, client):
    """A bad request is refused, and the next one may be better. (A generator that has raised something is at its end,
    and nobody knows where the next request would begin.)
    """
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            self.refuse(client, error.status, str(error))
            continue
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "LeadLost of self.call is swallowed")
def returns_where_the_lead_is_lost(self, client):
    """A thread that has lost the lead has nothing more to do for this client. (It must leave the loop, too.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            return
        try:
            kept = self.call(call)
        except LeadLost:
            return
        if not kept:
            return self.leave(client)


@mistake("6.8", "BadRequest of self.call is swallowed")
def puts_all_into_the_try(self, client):
    """A bad request is refused, whoever raises it."""
    try:
        while call := next(client.calls):
            if not self.call(call):
                return self.leave(client)
    except BadRequest as error:
        self.refuse(client, error.status, str(error))


@mistake("6.8", "a bad request is not refused with the status and the text of its BadRequest, and nothing else done")
def leaves_a_client_that_is_refused(self, client):
    """A client that is refused is left. (refuse does that itself.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            self.refuse(client, error.status, str(error))
            return self.leave(client)
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "a bad request is not refused with the status and the text of its BadRequest, and nothing else done")
def refuses_with_the_exception_itself(self, client):
    """The exception is its message."""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, error)
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "ValueError of next(client.calls) is swallowed")
def refuses_for_any_error(self, client):
    """Whatever is raised while a request is read is the client's mistake."""
    while True:
        try:
            call = next(client.calls)
        except Exception as error:
            return self.refuse(client, getattr(error, "status", 400), str(error))
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "a client that is not kept is not left with self.leave(client), once, and nothing else")
def drops_who_is_not_kept(self, client):
    """Who is not kept is dropped. (drop closes at once: a reset may take the end of the answer from the client.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            return
        if not self.call(call):
            return self.drop(client)


@mistake("6.8", "a request that is whole is not answered with self.call")
def answers_itself(self, client):
    """answer answers. (Without call no other thread can take the lead.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            return
        if not self.answer(call):
            return self.leave(client)


@mistake("6.8", "something is done after self.call has raised LeadLost")
def takes_leave_in_finally(self, client):
    """`finally` is run in every case: so a client that is not kept is always left."""
    kept = True
    try:
        while kept and (call := next(client.calls)):
            kept = False
            kept = self.call(call)
    except BadRequest as error:
        if not kept:
            raise
        return self.refuse(client, error.status, str(error))
    finally:
        if not kept:
            self.leave(client)


@mistake("6.9", "recv is not called once")
def receives_until_nothing_is_left(self, client):
    """All that has come is received. (A client that sends fast keeps all others waiting.)"""
    while True:
        try:
            block = client.connection.recv(RECV_SIZE)
        except BlockingIOError:
            return
        except OSError:
            block = b""
        if not block:
            return self.drop(client)
        if not client.leaving:
            client.received += block
            self.serve_client(client)


@mistake("6.9", "something is done where nothing has come (BlockingIOError)")
def takes_nothing_for_an_end(self, client):
    """An OSError is the end of a connection. (BlockingIOError is an OSError too.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv raises TimeoutError)")
def knows_connection_errors_only(self, client):
    """When a client is gone, that is a ConnectionError. (TimeoutError and others are no ConnectionError.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except ConnectionError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv returns b'')")
def takes_no_bytes_for_nothing(self, client):
    """Where no bytes have come, there is nothing to do. (b"" is the end, and a socket at its end is readable for ever.)
    """
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        return self.drop(client)
    if block and not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv returns b'')")
def asks_first_whether_the_client_is_leaving(self, client):
    """What a client that is leaving still sends is of no interest. (That it hangs up is: it is dropped then.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        return self.drop(client)
    if client.leaving:
        return
    if not block:
        return self.drop(client)
    client.received += block
    self.serve_client(client)


@mistake("6.9", "client.received is another bytearray than before")
def makes_a_new_bytearray(self, client):
    """a = a + b is a += b. (Not for a bytearray: the first makes a new one, and client.calls looks into the old one.)
    """
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received = client.received + block
        self.serve_client(client)


@mistake("6.9", "client.received is not what was there, and after it what came")
def replaces_what_was_there(self, client):
    """What has come is what was received."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received[:] = block
        self.serve_client(client)


@mistake("6.9", "BlockingIOError of serve_client is swallowed")
def tries_all_at_once(self, client):
    """One `try` around all of it."""
    try:
        block = client.connection.recv(RECV_SIZE)
        if not block:
            self.drop(client)
        elif not client.leaving:
            client.received += block
            self.serve_client(client)
    except BlockingIOError:
        pass
    except OSError:
        self.drop(client)


@mistake("6.9", "something is done for the bytes of a client that is leaving")
def serves_a_client_that_is_leaving(self, client):
    """Bytes are bytes: serve_client will know what to do with them."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        return self.drop(client)
    client.received += block
    self.serve_client(client)


@mistake("6.9", "client.deadline or client.idle is changed")
def gives_time_for_each_byte(self, client):
    """A client that sends something is not late. (With a byte every few seconds it keeps its connection for ever: that
    is what the attack Slowloris does.)
    """
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.wait(REQUEST_SECONDS)
        client.received += block
        self.serve_client(client)


@mistake("6.9", "recv is not asked for RECV_SIZE bytes")
def receives_whole_heads(self, client):
    """A head has MAX_HEAD bytes at most, so that is what to ask for."""
    try:
        block = client.connection.recv(MAX_HEAD)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "client.received does not have the new bytes in it when serve_client is called, once")
def serves_before_it_adds_the_bytes(self, client):
    """What was there is older, and comes first."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        self.serve_client(client)
        client.received += block


@mistake("6.9", "the connection is not non-blocking when recv is called, and afterwards")
def waits_for_the_client(self, client):
    """A recv needs a time limit. (The loop calls hear where something has come; all others wait while it waits.)"""
    client.connection.settimeout(REQUEST_SECONDS)
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv returns b'')")
def takes_leave_of_who_has_hung_up(self, client):
    """Who goes is taken leave of. (leave waits for a client to hang up, and this one has done so.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.leave(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.10", "the connection is blocking when it is heard")
def takes_the_connection_for_non_blocking(self):
    """The listener is non-blocking, so what it accepts is too. (On Linux it is not: each connection is set anew.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "the client is not kept and then heard")
def hears_before_it_keeps(self):
    """First what it has sent, then listen for more. (A client that hear has dropped is listened to then.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.hear(client)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()


@mistake("6.10", "self.hear(client) is called 0 times, not once")
def waits_for_the_loop_to_hear(self):
    """The loop says when the client has sent something. (It has mostly sent it already: that is another turn.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    self.keep(Client(connection, address))
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()


@mistake("6.10", "not one of two clients is accepted")
def lets_in_all_who_wait(self):
    """Who is there already need not wait for another turn. (Those who are in wait meanwhile, and MAX_CLIENTS too.)"""
    while True:
        try:
            connection, address = self.listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError as error:
            print(f"no new clients until the next tick: {error}", file=sys.stderr)
            return self.rest()
        connection.setblocking(False)
        client = Client(connection, address)
        self.keep(client)
        if len(self.clients) >= MAX_CLIENTS:
            self.rest()
        self.hear(client)


@mistake("6.10", "self.rest() is not called where self.clients has more than MAX_CLIENTS")
def expects_exactly_the_maximum(self):
    """Clients come one at a time, so the number is reached exactly. (One that was away may have come back before.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) == MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "self.rest() is not called where self.clients has MAX_CLIENTS now")
def lets_in_one_too_many(self):
    """MAX_CLIENTS are allowed, so it rests when there are more."""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) > MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "self.rest() is called after self.hear")
def rests_when_all_is_done(self):
    """First the client that is there, then the question whether there is room for another one."""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    self.hear(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()


@mistake("6.10", "self.hear is not called where there is no room for one client more")
def hears_where_there_is_room_for_more(self):
    """Rest, or hear: there is no room, so this client waits too. (It has been let in, and has sent its request.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    else:
        self.hear(client)


@mistake("6.10", "something is done for a client that has left")
def knows_blocking_io_error_alone(self):
    """Nobody there is BlockingIOError; all else is an error. (A client that has left comes as ConnectionError.)"""
    try:
        connection, address = self.listener.accept()
    except BlockingIOError:
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "OSError comes out of let_in")
def does_not_expect_to_run_out_of_descriptors(self):
    """accept fails only where the client has left. (With ten thousand clients, the system has no more to give.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "self.rest() is not called when accept fails")
def passes_over_every_error_of_accept(self):
    """Whatever it is, the loop will call again. (It does so at once, and does nothing else: a loop that makes heat.)"""
    try:
        connection, address = self.listener.accept()
    except OSError as error:
        if not isinstance(error, (BlockingIOError, ConnectionError)):
            print(f"no new client: {error}", file=sys.stderr)
        return
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "a traceback is printed")
def prints_a_traceback_of_accept(self):
    """An error is an error, and a traceback tells most. (It tells nothing here that the text does not, each second.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError:
        traceback.print_exc()
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "it is printed to stdout")
def prints_where_print_prints(self):
    """print prints the line. (It is a line of the log, which is stderr.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}")
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.10", "ConnectionResetError, raised by hear, is not let out")
def tries_all_of_it(self):
    """One `try` around all that has to do with the client. (Then an error of hear looks like one of accept.)"""
    try:
        connection, address = self.listener.accept()
        connection.setblocking(False)
        client = Client(connection, address)
        self.keep(client)
        if len(self.clients) >= MAX_CLIENTS:
            self.rest()
        self.hear(client)
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        self.rest()


@mistake("6.10", "LeadLost, raised by hear, is not let out")
def returns_when_the_lead_is_lost(self):
    """Where the lead is lost there is nothing more to do, so it returns. (To `turn`, which goes on with the loop.)"""
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    try:
        self.hear(client)
    except LeadLost:
        return


@mistake("6.10", "the client is in self.clients before self.keep is called")
def notes_the_client_itself(self):
    """self.clients has all clients, so the new one is added. (keep takes it for one that it knows, and does nothing.)
    """
    try:
        connection, address = self.listener.accept()
    except (BlockingIOError, ConnectionError):
        return
    except OSError as error:
        print(f"no new clients until the next tick: {error}", file=sys.stderr)
        return self.rest()
    connection.setblocking(False)
    client = Client(connection, address)
    self.clients.add(client)
    self.keep(client)
    if len(self.clients) >= MAX_CLIENTS:
        self.rest()
    self.hear(client)


@mistake("6.11", "the connection is closed at once")
def hangs_up_as_before(self, client):
    """hang_up of chapter 1 says that this was all, waits and closes. (All other clients wait with it.)"""
    from ch01_socket import hang_up
    self.forget(client)
    hang_up(client.connection)


@mistake("6.11", "the connection is not shut down")
def closes_at_once(self, client):
    """The last answer is sent, so the connection can be closed. (A reset may overtake it.)"""
    self.drop(client)


@mistake("6.11", "the connection is not shut down with SHUT_WR, once")
def ends_both_directions(self, client):
    """Nothing more is sent, and nothing more is wanted. (What still comes is answered with a reset.)"""
    try:
        client.connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "the connection is not non-blocking")
def takes_the_connection_for_non_blocking_still(self, client):
    """let_in has made it non-blocking. (refuse of chapter 4 has given it a time limit since.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "the connection is not non-blocking")
def gives_the_connection_a_time_limit(self, client):
    """LINGER seconds are the time limit, as in hang_up. (The loop would wait so long for this one client.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.settimeout(LINGER)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "client.leaving is not set")
def notes_the_deadline_alone(self, client):
    """The deadline ends it. (Until then, another request of the client is answered, after the end.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.deadline = time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "client.deadline is not LINGER seconds from now")
def takes_a_number_of_seconds_for_a_moment(self, client):
    """The client has LINGER seconds. (A deadline is a moment: this one passed when the machine started.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, LINGER
    self.keep(client)


@mistake("6.11", "client.deadline is not LINGER seconds from now")
def lets_it_stay_longer(self, client):
    """LINGER seconds more than it had. (Its request had ten seconds, of which nine may be left.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving = True
    client.deadline += LINGER
    self.keep(client)


@mistake("6.11", "client.deadline is not LINGER seconds from now")
def reads_another_clock(self, client):
    """time.time() tells the time. (Deadlines are moments of time.monotonic(): this one is decades away.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.time() + LINGER
    self.keep(client)


@mistake("6.11", "self.keep(client) is not called")
def takes_the_client_for_kept(self, client):
    """The loop listens to it already. (Not if another thread has served it: then nobody ever closes it.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER


@mistake("6.11", "self.keep(client) is not called")
def listens_no_longer(self, client):
    """It has got its last answer, so the loop need not listen to it. (Its connection stays open for ever.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.forget(client)


@mistake("6.11", "OSError comes out of leave")
def expects_shutdown_to_work(self, client):
    """shutdown only says something to the system. (If the client is gone already, it raises OSError.)"""
    client.connection.shutdown(socket.SHUT_WR)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "OSError comes out of leave")
def knows_connection_error_alone(self, client):
    """A client that is gone is a ConnectionError. (shutdown mostly says ENOTCONN, which has no class of its own.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except ConnectionError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "self.drop(client) is not all that is called where shutdown raises OSError")
def goes_on_after_an_error(self, client):
    """If it is gone, the loop will notice that. (It is listened to, with a deadline, though it was told before.)"""
    with contextlib.suppress(OSError):
        client.connection.shutdown(socket.SHUT_WR)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "self.drop(client) is not all that is called where shutdown raises OSError")
def drops_and_keeps(self, client):
    """Drop it, and the rest does no harm. (keep has the loop listen to a connection that is closed.)"""
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        self.drop(client)
    self.keep(client)


@mistake("6.11", "ValueError is not let out")
def takes_every_exception_for_a_client_that_is_gone(self, client):
    """Whatever shutdown raises, the client is of no use any more."""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except Exception:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, time.monotonic() + LINGER
    self.keep(client)


@mistake("6.11", "client.deadline is not set")
def shortens_the_deadline_only(self, client):
    """A deadline can only come nearer. (One that has passed drops the client before it has its answer.)"""
    try:
        client.connection.shutdown(socket.SHUT_WR)
    except OSError:
        return self.drop(client)
    client.connection.setblocking(False)
    client.leaving, client.deadline = True, min(client.deadline, time.monotonic() + LINGER)
    self.keep(client)


@mistake("6.12", "select has no time limit")
def waits_without_end(self):
    """select waits until a socket has something. (If none has, clients that are late stay for ever.)"""
    for key, _ in self.selector.select():
        key.data()
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "the time limit of select is not TICK")
def does_not_wait_at_all(self):
    """The loop never waits, so select must not. (It turns as fast as it can, for nothing.)"""
    for key, _ in self.selector.select(0):
        key.data()
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "select is called again and again in one turn")
def turns_for_ever(self):
    """A loop is `while True`. (`work` has it already, and asks there whether the server is stopped.)"""
    while True:
        for key, _ in self.selector.select(TICK):
            key.data()
        if time.monotonic() >= self.next_tick:
            self.next_tick = time.monotonic() + TICK
            self.tick()


@mistake("6.12", "key.data is called with arguments")
def hands_on_the_socket(self):
    """The function must know which socket has something, as in the example of the documentation of `selectors`."""
    for key, mask in self.selector.select(TICK):
        key.data(key.fileobj, mask)
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "not all of the functions are called")
def serves_the_first_alone(self):
    """One at a time; the others come in the next turn. (The first may have something in each turn.)"""
    for key, _ in self.selector.select(TICK)[:1]:
        key.data()
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "the functions are not called once each, in the order of the pairs")
def takes_pairs_from_the_end(self):
    """pop takes one after the other out of the list. (From its end.)"""
    pairs = self.selector.select(TICK)
    while pairs:
        pairs.pop()[0].data()
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "something is called in a turn without any socket")
def ticks_in_every_turn(self):
    """select waits a TICK, so each turn is one. (Only if no socket has anything.)"""
    for key, _ in self.selector.select(TICK):
        key.data()
    self.next_tick = time.monotonic() + TICK
    self.tick()


@mistake("6.12", "self.tick() is not called where sockets have something")
def ticks_when_nothing_has_come(self):
    """Where sockets have something, there is more important work. (On a busy server that is always so.)"""
    pairs = self.selector.select(TICK)
    for key, _ in pairs:
        key.data()
    if not pairs and time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "self.tick() is not called once when self.next_tick is reached")
def waits_until_the_moment_has_passed(self):
    """It is late when it is later than that moment."""
    for key, _ in self.selector.select(TICK):
        key.data()
    if time.monotonic() > self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "self.next_tick is not TICK seconds from now")
def counts_from_the_tick_before(self):
    """Ticks are TICK seconds apart. (After a minute in which the machine slept there are sixty in a row.)"""
    for key, _ in self.selector.select(TICK):
        key.data()
    if time.monotonic() >= self.next_tick:
        self.next_tick += TICK
        self.tick()


@mistake("6.12", "self.next_tick is not set")
def leaves_the_moment_to_tick(self):
    """tick is called when it is due. (And in each turn after that.)"""
    for key, _ in self.selector.select(TICK):
        key.data()
    if time.monotonic() >= self.next_tick:
        self.tick()


@mistake("6.12", "self.next_tick is not set when self.tick() is called")
def sets_the_moment_after_tick(self):
    """First the work, then the next date. (If tick raises, or takes long, there is none, or another one.)"""
    for key, _ in self.selector.select(TICK):
        key.data()
    if time.monotonic() >= self.next_tick:
        self.tick()
        self.next_tick = time.monotonic() + TICK


@mistake("6.12", "self.tick() is not called though select has taken until after self.next_tick")
def looks_at_the_clock_first(self):
    """Now is when the turn begins. (select may wait for a second after that, and a function for longer.)"""
    now = time.monotonic()
    for key, _ in self.selector.select(TICK):
        key.data()
    if now >= self.next_tick:
        self.next_tick = now + TICK
        self.tick()


@mistake("6.12", "ConnectionResetError, raised by key.data, is not let out")
def goes_on_after_every_error(self):
    """One client that fails must not stop the others. (hear has caught what is the client's; the rest is a bug.)"""
    for key, _ in self.selector.select(TICK):
        try:
            key.data()
        except LeadLost:
            raise
        except Exception:
            traceback.print_exc()
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "LeadLost is not let out")
def ends_the_turn_when_the_lead_is_lost(self):
    """The loop is another thread's, so this one returns. (To `work`, which calls turn again: two run the loop.)"""
    try:
        for key, _ in self.selector.select(TICK):
            key.data()
    except LeadLost:
        return
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "more functions are called after LeadLost")
def finishes_the_turn_without_the_lead(self):
    """The sockets that have something are served first, and then it leaves. (The other thread serves them too.)"""
    lost = None
    for key, _ in self.selector.select(TICK):
        try:
            key.data()
        except LeadLost as error:
            lost = error
    if lost:
        raise lost
    if time.monotonic() >= self.next_tick:
        self.next_tick = time.monotonic() + TICK
        self.tick()


@mistake("6.12", "tick is called after something was raised")
def ticks_in_every_case(self):
    """`finally`: the tick must not depend on what a client does. (After LeadLost it is another thread's.)"""
    try:
        for key, _ in self.selector.select(TICK):
            key.data()
    finally:
        if time.monotonic() >= self.next_tick:
            self.next_tick = time.monotonic() + TICK
            self.tick()


@mistake("6.13", "LeadLost is raised where this thread still has the lead")
def does_not_put_the_call_into_the_list(self, call):
    """`answer` does the work, and remove asks whether the lead is lost. (It was never in the list.)"""
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "the call is not in self.calls while it is answered")
def answers_before_it_notes_the_call(self, call):
    """The list tells which calls were answered. (It tells which one is slow, while it is answered.)"""
    kept = self.answer(call)
    self.calls.append(call)
    try:
        self.calls.remove(call)
    except ValueError:
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "another thread comes between two moments")
def looks_before_it_removes(self, call):
    """If it is there, it can be removed. (Between the two lines, another thread has removed it.)"""
    self.calls.append(call)
    kept = self.answer(call)
    if call in self.calls:
        self.calls.remove(call)
        return kept
    self.give_back(call.client, kept)
    raise LeadLost


@mistake("6.13", "another thread comes between two moments")
def looks_up_the_place_first(self, call):
    """index raises ValueError where it is not there, and del takes it out. (By then another call may be there.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        del self.calls[self.calls.index(call)]
    except ValueError:
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "the call is still in self.calls when it has ended")
def asks_and_leaves_it_there(self, call):
    """If the call is still there, the lead is too."""
    self.calls.append(call)
    kept = self.answer(call)
    if call not in self.calls:
        self.give_back(call.client, kept)
        raise LeadLost
    return kept


@mistake("6.13", "other calls do not stay in self.calls")
def takes_out_the_last_one(self, call):
    """It was appended, so it is the last. (If another thread has the lead, its call is.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.pop()
    except IndexError:
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "other calls do not stay in self.calls")
def counts_the_calls(self, call):
    """One call is in the list, or none. (One of another thread's is one too.)"""
    self.calls.append(call)
    kept = self.answer(call)
    if not self.calls:
        self.give_back(call.client, kept)
        raise LeadLost
    self.calls.clear()
    return kept


@mistake("6.13", "self.calls is another list afterwards")
def makes_a_new_list(self, call):
    """The list has the call of the thread with the lead, and nothing else."""
    self.calls = [*self.calls, call]
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "ValueError is raised instead of LeadLost")
def expects_the_call_to_be_there(self, call):
    """What was put in can be taken out. (That it cannot is how the thread learns that it has lost the lead.)"""
    self.calls.append(call)
    kept = self.answer(call)
    self.calls.remove(call)
    return kept


@mistake("6.13", "LeadLost is not raised where another thread has the lead")
def gives_back_and_returns(self, call):
    """The client is given back, and whoever called learns whether it is kept. (And serves it, as the other one does.)
    """
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        self.give_back(call.client, kept)
    return kept


@mistake("6.13", "the client is not given back")
def raises_at_once(self, call):
    """The lead is lost, and LeadLost says so. (Nobody has the client then.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        raise LeadLost from None
    return kept


@mistake("6.13", "the client is not given back")
def gives_back_those_that_are_kept(self, call):
    """A client that is not kept need not be given back. (Nobody closes its connection then.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        if kept:
            self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "more than answer and give_back is called, with the lead lost")
def takes_leave_itself(self, call):
    """A client that is not kept is left. (leave belongs to the loop, which is another thread's.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        if not kept:
            self.leave(call.client)
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "more than answer and give_back is called, with the lead lost")
def takes_the_lead_back(self, call):
    """What belongs to the loop needs the lead. (give_back is made for who has not: it waits until the lead is free.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        with self.lead:
            self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "it is not the client of the call that is given back")
def gives_back_the_call(self, call):
    """The call is what was taken out, so the call is given back."""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        self.give_back(call, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "it is not said rightly whether the client is kept")
def gives_back_every_client_as_kept(self, call):
    """A client that is given back is kept. (One that is not has to be left, by the other thread.)"""
    self.calls.append(call)
    kept = self.answer(call)
    try:
        self.calls.remove(call)
    except ValueError:
        self.give_back(call.client, True)
        raise LeadLost from None
    return kept


@mistake("6.13", "LeadLost is raised instead of ValueError")
def tries_the_answer_too(self, call):
    """One `try` for all three lines. (A ValueError of answer says nothing of the lead.)"""
    kept = False
    try:
        self.calls.append(call)
        kept = self.answer(call)
        self.calls.remove(call)
    except ValueError:
        self.give_back(call.client, kept)
        raise LeadLost from None
    return kept


@mistake("6.13", "LeadLost is raised where this thread still has the lead")
def takes_a_client_that_is_not_kept_for_a_lost_lead(self, call):
    """A client that is not kept is given back too. (There is nobody to give it back to.)"""
    self.calls.append(call)
    kept = self.answer(call)
    with contextlib.suppress(ValueError):
        self.calls.remove(call)
        if kept:
            return kept
    self.give_back(call.client, kept)
    raise LeadLost
