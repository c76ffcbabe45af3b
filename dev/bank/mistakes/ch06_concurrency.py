"""Mistakes of chapter 6."""
from dev.bank.step_versions import mistake

# 6.1


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


@mistake("6.2", "bytes that have come are not moved: take_bytes pauses although all has come")
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
