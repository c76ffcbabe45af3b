"""Mistakes of chapter 4."""
from dev.bank.step_versions import mistake


@mistake("4.1", "a malformed status is let through: no phrase")
def looks_at_the_first_three_characters_only(status):
    """The code is what matters; the phrase is for people."""
    if not isinstance(status, str):
        raise TypeError(status)
    if not (status[:3].isascii() and status[:3].isdigit() and status[0] in "12345") or CONTROL.search(status):
        raise ValueError(status)
    status.encode("latin-1")


@mistake("4.1", "a malformed status is let through: an empty phrase")
def splits_at_the_space(status):
    """What stands on both sides of the space is all there is to check."""
    if not isinstance(status, str):
        raise TypeError(status)
    code, phrase = status.split(" ", 1)
    if not re.fullmatch("[1-5][0-9][0-9]", code) or phrase.startswith(" ") or CONTROL.search(phrase):
        raise ValueError(status)
    phrase.encode("latin-1")


@mistake("4.1", "a status with a control character is let through: LF at the end")
def dollar_matches_before_a_line_break(status):
    """`$` is the end of the text. (It also matches before a line break there.)"""
    if not isinstance(status, str):
        raise TypeError(status)
    if not re.match(r"[1-5][0-9][0-9] \S(.*\S)?$", status) or re.search("[\x00-\x09\x0b-\x1f\x7f]", status):
        raise ValueError(status)
    status.encode("latin-1")


@mistake("4.1", "ValueError is raised instead of TypeError: 200")
def turns_everything_into_str(status):
    """str() makes the right type of it, so the type can't be wrong."""
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", str(status)) or CONTROL.search(str(status)):
        raise ValueError(status)


@mistake("4.1", "a status that is no str is let through")
def takes_a_number_for_a_status(status):
    """A code alone is a status too, as in Flask."""
    if isinstance(status, int):
        return
    if not isinstance(status, str):
        raise TypeError(status)
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) or CONTROL.search(status) or max(status) > "\xff":
        raise ValueError(status)


@mistake("4.1", "something is returned where None says that all is well")
def returns_whether_it_is_right(status):
    """A check says True or False, and the caller decides."""
    return isinstance(status, str) and re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) is not None


@mistake("4.1", "a status with characters beyond latin-1 is let through")
def takes_any_character_for_the_phrase(status):
    """Python 3 has Unicode, and so has HTTP."""
    if not isinstance(status, str):
        raise TypeError(status)
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) or CONTROL.search(status):
        raise ValueError(status)


@mistake("4.1", "a status with characters beyond latin-1 is let through")
def leaves_out_what_latin_1_lacks(status):
    """What can't be sent is left out, and the rest is a right status. (The application never learns that.)"""
    if not isinstance(status, str):
        raise TypeError("status must be str")
    status = status.encode("latin-1", "ignore").decode("latin-1")
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) or CONTROL.search(status):
        raise ValueError(status)


@mistake("4.1", "a right status is refused")
def asks_whether_all_can_be_printed(status):
    """What can't be printed is a control character. (To isprintable, a no-break space can't be printed.)"""
    if not isinstance(status, str):
        raise TypeError(status)
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) or not status.isprintable() or max(status) > "\xff":
        raise ValueError(status)


@mistake("4.1", "a status with a control character is let through: '\\x01'")
def lists_the_control_characters_that_it_knows(status):
    """Line breaks, tabs, NUL, escape and DEL are the control characters."""
    if not isinstance(status, str):
        raise TypeError(status)
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) or set(status) & set("\r\n\t\0\x1b\x7f"):
        raise ValueError(status)
    status.encode("latin-1")


@mistake("4.1", "a status with characters beyond latin-1 is let through")
def counts_latin_1_to_256(status):
    """Latin-1 has 256 characters. (The last has the number 255.)"""
    if not isinstance(status, str):
        raise TypeError(status)
    if not re.fullmatch(r"[1-5][0-9][0-9] \S(.*\S)?", status) or CONTROL.search(status):
        raise ValueError(status)
    if any(ord(character) > 256 for character in status):
        raise ValueError(status)


@mistake("4.1", "a malformed status is let through: a no-break space behind")
def knows_one_kind_of_white_space(status):
    """White space in a status line is the space, and CONTROL finds the tab. (latin-1 has two kinds more.)"""
    if not isinstance(status, str):
        raise TypeError("a status is a str")
    if CONTROL.search(status) or any(character > "\xff" for character in status):
        raise ValueError(f"characters that no status has: {status!r}")
    match = re.fullmatch("[1-5][0-9]{2} (.+)", status)
    if match is None or match[1] != match[1].strip(" "):
        raise ValueError(f"no status: {status!r}")


@mistake("4.2", "a value with a control character is let through: CR alone")
def looks_for_crlf_only(name, value):
    """A line of the head ends with CRLF; a CR or LF alone does no harm. (Many clients take either for the end.)"""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if "\r\n" in value or "\n" in value or max(value, default="") > "\xff":
        raise ValueError(value)
    if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):
        raise ValueError(value)


@mistake("4.2", "a value with a control character is let through: CR LF and another line")
def looks_at_names_only(name, value):
    """A value is a text, and any text will do. (wsgiref and werkzeug 3.1.9's server send line breaks in it on.)"""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    value.encode("latin-1")
    if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):
        raise ValueError(value)


@mistake("4.2", "a header that is no pair of str is let through: ('Content-Length', 30)")
def takes_numbers_for_values(name, value):
    """('Content-Length', 30) has a number in it; as in the notes that this tutorial began with, it is turned to str."""
    name, value = str(name), str(value)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or max(value, default="") > "\xff":
        raise ValueError(value)


@mistake("4.2", "a hop-by-hop field is let through: Connection")
def compares_names_in_lower_case_only(name, value):
    """HOP_BY_HOP is in lower case, so that is how the names come."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name in HOP_BY_HOP:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or max(value, default="") > "\xff":
        raise ValueError(value)


@mistake("4.2", "a right header is refused")
def refuses_every_control_character(name, value):
    """A tab is a control character, and those are not allowed."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if CONTROL.search(value) or max(value, default="") > "\xff":
        raise ValueError(value)


@mistake("4.2", "a right header is refused")
def takes_max_of_an_empty_value(name, value):
    """A header without a value makes no sense, so there is always a largest character."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or max(value) > "\xff":
        raise ValueError(value)


@mistake("4.2", "a Content-Length that is no whole number is let through: '+5'")
def lets_int_judge_the_length(name, value):
    """What int() takes is a number."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or max(value, default="") > "\xff":
        raise ValueError(value)
    if name.lower() == "content-length":
        int(value)


@mistake("4.2", "a name that is no token is let through: 'X-A\\r\\nX-B'")
def matches_the_beginning_of_the_name(name, value):
    """`match` tells whether the name matches. (It tells whether it begins with a match.)"""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.match(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP or " " in name or ":" in name:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or max(value, default="") > "\xff":
        raise ValueError(value)


@mistake("4.2", "a name that is no token is let through: ''")
def looks_at_the_types_only(name, value):
    """What an application says is right; it only has to be text."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)


@mistake("4.2", "a right header is refused")
def takes_letters_only_for_a_name(name, value):
    """A name is a word."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not name.isalpha() or name.lower() in HOP_BY_HOP or CONTROL.search(value):
        raise ValueError(name)


@mistake("4.2", "a hop-by-hop field is let through: connection")
def knows_names_as_they_are_usually_written(name, value):
    """Everybody writes Connection with a capital letter."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name in {known.title() for known in HOP_BY_HOP}:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or max(value, default="") > "\xff":
        raise ValueError(value)


@mistake("4.2", "a name that is no token is let through: 'X-名-1'")
def leaves_out_of_the_name_what_latin_1_lacks(name, value):
    """errors="ignore" is another way not to fail. (Then the name that is checked is not the one that is sent.)"""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "ignore")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(value)
    if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):
        raise ValueError(value)


@mistake("4.2", "a hop-by-hop field is let through: Connection")
def refuses_what_would_do_harm(name, value):
    """A Connection: close does no harm, only some values do."""
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")):
        raise ValueError(name)
    if name.lower() in HOP_BY_HOP and value.lower() in ("keep-alive", "chunked", "upgrade"):
        raise ValueError(name)
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(value)
    if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):
        raise ValueError(value)


@mistake("4.2", "a content-length written Content-length is not looked at")
def knows_content_length_in_three_spellings(name, value):
    """These are the ways in which people write it."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(value)
    if name in ("Content-Length", "content-length", "CONTENT-LENGTH") and not re.fullmatch("[0-9]+", value):
        raise ValueError(value)


@mistake("4.2", "a hop-by-hop field is let through: connecTION")
def knows_hop_by_hop_fields_in_three_spellings(name, value):
    """In lower case, in capitals, and each word with a capital: nobody writes them otherwise."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    spellings = {way(known) for known in HOP_BY_HOP for way in (str.lower, str.upper, str.title)}
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name in spellings:
        raise ValueError(name)
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(value)
    if name.lower() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(value)


@mistake("4.2", "a value with a control character is let through: '\\x01'")
def knows_some_control_characters(name, value):
    """Line breaks, NUL, escape and DEL are what does harm."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if set(value) & set("\r\n\0\x1b\x7f") or max(value, default="") > "\xff":
        raise ValueError(value)
    if name.lower() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(value)


@mistake("4.2", "a right header is refused")
def takes_what_can_be_printed_only(name, value):
    """A header is text for people. (The bytes of UTF-8, as characters of latin-1, are not.)"""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if not value.replace("\t", " ").isprintable() or max(value, default="") > "\xff":
        raise ValueError(value)
    if name.lower() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(value)


@mistake("4.2", "a right header is refused")
def wants_no_blanks_at_the_ends(name, value):
    """The rule of the status is that of values too."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if not FIELD_VALUE.fullmatch(value) or value != value.strip(" "):
        raise ValueError(value)
    if name.lower() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(value)


@mistake("4.2", "a right header is refused")
def compares_a_length_with_its_int(name, value):
    """Written again, a right number is the same."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(value)
    if name.lower() == "content-length" and str(int(value)) != value:
        raise ValueError(value)


@mistake("4.2", "a value with characters beyond latin-1 is let through")
def looks_at_the_first_character(name, value):
    """A text is in one script."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError(name)
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(name)
    if CONTROL.search(value.replace("\t", " ")) or value[:1] > "\xff":
        raise ValueError(value)
    if name.lower() == "content-length" and not re.fullmatch("[0-9]+", value):
        raise ValueError(value)


@mistake("4.2", "a value with a control character is let through: LF at the end")
def strips_the_value_before_it_looks(name, value):
    """Blanks at the ends do no harm, so what is between them is looked at."""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError("no pair of str")
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or not FIELD_VALUE.fullmatch(value.strip()):
        raise ValueError("not to be sent")
    if name.lower() in HOP_BY_HOP:
        raise ValueError("hop by hop")
    if name.lower() == "content-length" and not (value.isascii() and value.isdigit()):
        raise ValueError("no length")


@mistake("4.2", "a Content-Length that is no whole number is let through: '\\xa05'")
def passes_over_white_space_that_is_no_space(name, value):
    """Whatever stands around the number, the number is there. (Another program may read no number.)"""
    if not (isinstance(name, str) and isinstance(value, str)):
        raise TypeError("a header is a pair of str")
    if not TOKEN.fullmatch(name.encode("latin-1", "replace")) or name.lower() in HOP_BY_HOP:
        raise ValueError(f"no header of an application: {name!r}")
    if not FIELD_VALUE.fullmatch(value):
        raise ValueError(f"no value: {value!r}")
    if name.lower() == "content-length" and not re.fullmatch("[\\x80-\\xa0]*[0-9]+[\\x80-\\xa0]*", value):
        raise ValueError(f"no number: {value!r}")


@mistake("4.3", "nothing is returned")
def forgets_the_return(self):
    """Reading is all there is to do."""
    if not self.file.read(self.block_size):
        raise StopIteration


@mistake("4.3", "the iteration goes on after the end of the file")
def never_stops(self):
    """At its end the file gives b"", and the loop will see that."""
    return self.file.read(self.block_size)


@mistake("4.3", "the block is larger than block_size")
def reads_the_file_whole(self):
    """One read gives the whole file, and the rest of the code gets simpler."""
    block = self.file.read()
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "a block that is shorter than block_size is taken for the last")
def stops_at_a_short_block(self):
    """When fewer bytes come than were asked for, the file has ended."""
    block = b"" if getattr(self, "ended", False) else self.file.read(self.block_size)
    self.ended = len(block) < self.block_size
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the file is not read from where it stands")
def begins_at_the_beginning(self):
    """A file is sent from its beginning."""
    if not hasattr(self, "begun"):
        self.begun = self.file.seek(0)
    block = self.file.read(self.block_size)
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the block is a generator, not bytes")
def yields_the_blocks(self):
    """A loop over blocks is a generator, as everywhere."""
    while block := self.file.read(self.block_size):
        yield block


@mistake("4.3", "several reads are made for one block")
def fills_each_block(self):
    """A block has block_size bytes, so it is filled up first."""
    block = b""
    while len(block) < self.block_size:
        more = self.file.read(self.block_size - len(block))
        if not more:
            break
        block += more
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the file is closed at its end")
def closes_the_file_at_its_end(self):
    """Nobody needs a file that has been read."""
    block = self.file.read(self.block_size)
    if not block:
        self.file.close()
        raise StopIteration
    return block


@mistake("4.3", "StopIteration is raised instead of ConnectionResetError")
def takes_a_failure_for_the_end(self):
    """When nothing more can be read, the iteration is at its end."""
    try:
        block = self.file.read(self.block_size)
    except OSError:
        raise StopIteration
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the iteration does not come to its end")
def raises_eof_error(self):
    """The end of a file is called EOFError."""
    block = self.file.read(self.block_size)
    if not block:
        raise EOFError
    return block


@mistake("4.3", "after its end the iteration begins again")
def puts_the_file_back_to_its_beginning(self):
    """Whoever reads the file next finds it as it was."""
    block = self.file.read(self.block_size)
    if not block:
        if hasattr(self.file, "seek"):
            self.file.seek(0)
        raise StopIteration
    return block


@mistake("4.3", "the block is not what the file's read gives")
def reads_lines(self):
    """A file is read line by line, as a `for` loop does it."""
    block = self.file.readline(self.block_size) if hasattr(self.file, "readline") else self.file.read(self.block_size)
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the file is closed when its read raises ConnectionResetError")
def closes_a_file_that_fails(self):
    """A file that can't be read is of no use any more."""
    try:
        block = self.file.read(self.block_size)
    except Exception:
        if hasattr(self, "close"):
            self.close()
        raise
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "a block of white space ends the iteration, or is changed")
def ends_at_a_block_of_white_space(self):
    """A block without a visible character has nothing in it. (A file may have a page of empty lines.)"""
    block = self.file.read(self.block_size)
    if not block.strip():
        raise StopIteration
    return block


@mistake("4.3", "an object that has only `read` is an error")
def asks_whether_the_file_is_closed(self):
    """A file that was closed has no more blocks; but to an application, a file is anything that has a read."""
    if self.file.closed:
        raise StopIteration
    block = self.file.read(self.block_size)
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "StopIteration is raised instead of ClientGone")
def takes_a_client_gone_for_the_end(self):
    """Where the client has gone, no more blocks are needed; but it is the file's read that raises it."""
    try:
        block = self.file.read(self.block_size)
    except ClientGone:
        block = b""
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "one block is not one read of block_size")
def reads_a_byte_at_least(self):
    """No block has less than a byte; but a block_size of -1 asks for all."""
    block = self.file.read(max(self.block_size, 1))
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "StopIteration is raised instead of EOFError")
def takes_an_eof_error_for_the_end(self):
    """EOFError says that a file has ended; but a gzip file raises it where it should go on."""
    try:
        block = self.file.read(self.block_size)
    except EOFError:
        raise StopIteration from None
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the blocks are not what the file's read gives")
def asks_read1_where_there_is_one(self):
    """read1 does not wait for a whole block; but the file's own read may give other bytes."""
    read = getattr(self.file, "read1", self.file.read)
    block = read(self.block_size)
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "the iteration does not go by what read gives")
def asks_for_no_more_than_remains(self):
    """What remains of a file is known; but not of a file in /proc, whose size is 0."""
    left = self.remaining()
    block = self.file.read(self.block_size if left is None else min(self.block_size, left))
    if not block:
        raise StopIteration
    return block


@mistake("4.3", "what comes back is bytes, and not what read gives")
def makes_bytes_of_a_block(self):
    """A body is made of bytes, so a bytearray is made bytes; but then a mistake of the file's goes unnoticed."""
    block = self.file.read(self.block_size)
    if not block:
        raise StopIteration
    return bytes(block)


@mistake("4.3", "StopIteration is raised instead of ValueError")
def ends_where_the_file_is_closed(self):
    """A closed file has no more blocks. (Its read says that something is wrong, and that is let out.)"""
    if getattr(self.file, "closed", False):
        raise StopIteration
    block = self.file.read(self.block_size)
    if not block:
        raise StopIteration
    return block


@mistake("4.4", "the traceback does not lead to the application any more")
def raises_the_exception_alone(self, status, headers, exc_info=None):
    """An exception carries its traceback with it."""
    try:
        if exc_info and self.head_sent:
            raise exc_info[1]
        if self.started and not exc_info:
            raise AssertionError("start_response was called before, and without exc_info now")
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
        return self.write
    finally:
        exc_info = None


@mistake("4.4", "start_response does not return write")
def forgets_to_return_write(self, status, headers, exc_info):
    """Nobody uses write any more."""
    if self.started and not exc_info:
        raise AssertionError
    self.started = True
    check_status(status)
    self.status, self.headers = status, self.checked(headers)


@mistake("4.4", "start_response sends the head at once")
def sends_the_head_at_once(self, status, headers, exc_info):
    """start_response starts the response: what else should it do."""
    if self.started and not exc_info:
        raise AssertionError
    self.started = True
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    self.send(self.head_once())
    return self.write


@mistake("4.4", "old headers are still there after a call with exc_info")
def adds_the_new_headers_to_the_old(self, status, headers, exc_info):
    """A second call adds to the first. (gunicorn 27.0.1: two Content-Length fields in one response.)"""
    try:
        if self.started and not exc_info:
            raise AssertionError
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.headers + self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "old headers are still there after a call with exc_info")
def keeps_the_length_of_the_page_that_failed(self, status, headers, exc_info):
    """A length that is known is known. (waitress 3.0.2 sends the error page with the length of the page before.)"""
    try:
        if self.started and not exc_info:
            raise AssertionError("called twice")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        length = [pair for pair in self.headers if pair[0].lower() == "content-length"]
        self.status, self.headers = status, self.checked(headers) + length
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "a second call without exc_info is accepted")
def the_last_call_wins(self, status, headers, exc_info):
    """The application may change its mind until the head has gone."""
    try:
        if self.head_sent and exc_info:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "after a first call that was refused, a second without exc_info is accepted")
def counts_the_call_only_if_it_is_right(self, status, headers, exc_info):
    """A call that was refused has not happened."""
    try:
        if self.started and not exc_info:
            raise AssertionError
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
        self.started = True
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "your code raises AssertionError")
def refuses_every_second_call(self, status, headers, exc_info):
    """exc_info is optional, so it can be left for later."""
    if self.started:
        raise AssertionError("start_response was called twice")
    self.started = True
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.4", "the application's error is not raised again after the head has gone")
def takes_exc_info_for_a_boolean(self, status, headers, exc_info):
    """exc_info says that an error is to be shown, as in the notes that this tutorial began with."""
    if self.started and not exc_info:
        raise AssertionError
    self.started = True
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.4", "a reference to exc_info is kept")
def keeps_exc_info(self, status, headers, exc_info):
    """Leaving the function lets go of its variables. (Not if a traceback holds its frame.)"""
    if self.started and not exc_info:
        raise AssertionError
    if self.head_sent:
        raise exc_info[1].with_traceback(exc_info[2])
    self.started = True
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.4", "self.headers is the application's own list, and no copy")
def keeps_the_application_s_list(self, status, headers, exc_info):
    """`checked` has checked the list, so it can be kept."""
    try:
        if self.started and not exc_info:
            raise AssertionError
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.checked(headers)
        self.status, self.headers = status, headers
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "something is kept of a call that was refused")
def keeps_the_status_before_it_looks_at_the_headers(self, status, headers, exc_info):
    """One thing after the other: the status is done, now for the headers."""
    try:
        if self.started and not exc_info:
            raise AssertionError
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status = status
        self.headers = self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "start_response accepts a malformed status")
def checks_nothing(self, status, headers, exc_info):
    """The checks are for later."""
    try:
        if self.started and not exc_info:
            raise AssertionError
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        self.status, self.headers = status, list(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "a reference to exc_info is kept")
def keeps_exc_info_for_later(self, status, headers, exc_info):
    """Whoever writes the log may want to know."""
    if self.started and not exc_info:
        raise AssertionError
    if self.head_sent:
        raise exc_info[1].with_traceback(exc_info[2])
    self.started, self.exc_info = True, exc_info
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.4", "self.headers is not what the application gave")
def keeps_names_in_lower_case(self, status, headers, exc_info):
    """Names are the same in any case, so one case is enough. (The client is to have them as the application wrote.)"""
    if self.started and not exc_info:
        raise AssertionError
    if self.head_sent:
        raise exc_info[1].with_traceback(exc_info[2])
    self.started = True
    check_status(status)
    self.status, self.headers = status, [(name.lower(), value) for name, value in self.checked(headers)]
    return self.write


@mistake("4.4", "your code raises AssertionError")
def takes_exc_info_for_a_second_call(self, status, headers, exc_info):
    """exc_info comes with a second call only. (A page that fails early has no first one.)"""
    if bool(exc_info) != self.started:
        raise AssertionError("exc_info and no first call, or the other way round")
    if self.head_sent:
        raise exc_info[1].with_traceback(exc_info[2])
    self.started = True
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.4", "ValueError is raised instead of ApplicationFails: the status must be a code from 100 to 599, a space")
def checks_before_it_asks_whether_it_is_too_late(self, status, headers, exc_info=None):
    """First of all it has to be right what the application says."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second time")
        self.started = True
        check_status(status)
        headers = self.checked(headers)
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status, self.headers = status, headers
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "start_response does not return write when it is called with exc_info")
def returns_write_from_the_first_call_only(self, status, headers, exc_info):
    """The application has write already."""
    try:
        if exc_info:
            if self.head_sent:
                raise exc_info[1].with_traceback(exc_info[2])
            self.started = True
            check_status(status)
            self.status, self.headers = status, self.checked(headers)
            return
        if self.started:
            raise AssertionError
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
        return self.write
    finally:
        exc_info = None


@mistake("4.4", "another exception is raised than the application's")
def makes_the_exception_anew(self, status, headers, exc_info):
    """exc_info[0] is the class and the arguments are known: that makes the same exception."""
    try:
        if self.started and not exc_info:
            raise AssertionError("called again")
        if self.head_sent:
            raise exc_info[0](*exc_info[1].args)
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "a call with exc_info that is refused changes status or headers")
def clears_the_old_before_it_checks_the_new(self, status, headers, exc_info):
    """The new call replaces the old, so the old is cleared first."""
    try:
        if exc_info and self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info:
            self.status, self.headers = None, []
        elif self.started:
            raise AssertionError("called again")
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "something is kept of a call that was refused")
def keeps_the_headers_before_it_looks_at_the_status(self, status, headers, exc_info):
    """Each is kept as soon as it has been checked."""
    try:
        if self.started and not exc_info:
            raise AssertionError("called again")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        self.headers = self.checked(headers)
        check_status(status)
        self.status = status
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "old headers are still there after a call with exc_info")
def keeps_old_headers_where_there_are_no_new_ones(self, status, headers, exc_info=None):
    """Without headers there is nothing to replace the old ones with."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers) or self.headers
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "self.headers is the application's own list, and no copy")
def copies_a_list_that_has_something_in_it(self, status, headers, exc_info=None):
    """In an empty list there is nothing to check."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers) if headers else headers
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "after a first call that was refused, a second without exc_info is accepted")
def notes_a_call_that_is_refused_for_one_reason(self, status, headers, exc_info=None):
    """What is refused is a ValueError."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
        self.started = True
    except ValueError:
        self.started = True
        raise
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "something is kept of a call that was refused")
def takes_a_status_back_for_one_reason(self, status, headers, exc_info=None):
    """A header that is refused is a ValueError: then the old status comes back."""
    before = self.status
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status = status
        self.headers = self.checked(headers)
    except ValueError:
        self.status = before
        raise
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "after a first call that was refused, one with exc_info is refused too")
def refuses_all_after_a_call_that_was_refused(self, status, headers, exc_info=None):
    """Who has called wrongly once has lost the right to a second call."""
    try:
        if self.started and (not exc_info or self.status is None):
            raise AssertionError("a second call")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "after a first call with exc_info, a second without it is accepted")
def counts_calls_without_exc_info(self, status, headers, exc_info=None):
    """A call with exc_info is no call of its own: it replaces another."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = self.started or not exc_info
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "TypeError is raised instead of ApplicationFails: the headers must be a list, not (('A', '1'),)")
def looks_at_the_headers_before_the_head(self, status, headers, exc_info=None):
    """The first call or not, the headers must be right."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        self.started = True
        headers = self.checked(headers)
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        check_status(status)
        self.status, self.headers = status, headers
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "self.headers is not the list that the application gave")
def keeps_the_headers_as_a_dict_would(self, status, headers, exc_info=None):
    """A header has one value."""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, list(dict(self.checked(headers)).items())
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "the write of one response writes into another")
def keeps_one_write_for_all(self, status, headers, exc_info):
    """write is always the same, so it is looked up once."""
    try:
        if self.started and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    finally:
        exc_info = None
    return globals().setdefault("WRITE", self.write)


@mistake("4.4", "a reference to exc_info is kept")
def forgets_exc_info_after_an_exception_alone(self, status, headers, exc_info):
    """What is raised is an Exception, and `except` is the place for what is to be done then."""
    try:
        if self.started and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers)
    except Exception:
        exc_info = None
        raise
    return self.write


@mistake("4.4", "self.started is false after a call in which SystemExit was raised")
def notes_the_start_when_it_is_refused(self, status, headers, exc_info=None):
    """A call is accepted, or refused with TypeError or ValueError: both are noted. (A third thing can be raised.)"""
    try:
        if self.started and not exc_info:
            raise AssertionError("a second call")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        try:
            check_status(status)
            self.status, self.headers = status, self.checked(headers)
        except Exception:
            self.started = True
            raise
        self.started = True
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "start_response accepts None for headers")
def takes_none_for_no_headers(self, status, headers, exc_info):
    """An application without headers may give None; but that is a mistake, which checked tells it."""
    try:
        if self.started and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
        self.status, self.headers = status, self.checked(headers or [])
    finally:
        exc_info = None
    return self.write


@mistake("4.4", "a reference to exc_info is kept where the call is refused: a malformed status")
def forgets_exc_info_only_where_it_raises_it(self, status, headers, exc_info=None):
    """The reference is in the traceback of what is raised; but check_status and self.checked raise something too."""
    later, self.started = self.started, True
    if exc_info is None and later:
        raise AssertionError("start_response was called before, and there is no exc_info")
    if exc_info is not None and self.head_sent:
        try:
            raise exc_info[1].with_traceback(exc_info[2])
        finally:
            exc_info = None
    check_status(status)
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.4", "a reference to exc_info is kept where the call is refused: headers that are no list")
def forgets_exc_info_after_the_status(self, status, headers, exc_info=None):
    """The status is looked at within the try, and the headers after it."""
    try:
        if self.started and not exc_info:
            raise AssertionError("start_response was called a second time without exc_info")
        if self.head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started = True
        check_status(status)
    except BaseException:
        exc_info = None
        raise
    self.status, self.headers = status, self.checked(headers)
    return self.write


@mistake("4.5", "a length of 0 is taken for no length")
def takes_0_for_no_length(self):
    """`if self.length` asks whether there is a length."""
    if self.method == "HEAD" or re.match("1|204|304", self.status):
        return NO_BODY
    if self.length:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "an HTTP/1.0 client is sent chunks")
def sends_chunks_to_everybody(self):
    """Every client knows chunks today."""
    if self.method == "HEAD" or re.match("1|204|304", self.status):
        return NO_BODY
    return CHUNKED if self.length is None else LENGTH


@mistake("4.5", "a response with status 201 Created gets no body")
def looks_for_a_1_anywhere(self):
    """`in` tells whether the status is one of them."""
    if self.method == "HEAD" or "1" in self.status or "204" in self.status or "304" in self.status:
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response to HEAD gets a body")
def looks_at_the_length_first(self):
    """A length is a length, whoever asks. (waitress 3.0.2, wsgiref and werkzeug 3.1.9 send the body of HEAD.)"""
    if self.length is not None:
        return LENGTH
    if self.method == "HEAD" or re.match("1|204|304", self.status):
        return NO_BODY
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response with status 204 No Content gets a body")
def thinks_of_head_alone(self):
    """Who answers 204 or 304 returns no body anyway. (Where one does, wsgiref and werkzeug 3.1.9's server send it.)"""
    if self.method == "HEAD":
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "the length is not used for an HTTP/1.0 client")
def looks_at_the_version_before_the_length(self):
    """HTTP/1.0 closes the connection in the end anyway."""
    if self.method == "HEAD" or re.match("1|204|304", self.status):
        return NO_BODY
    if self.version == "HTTP/1.0":
        return UNTIL_CLOSE
    return LENGTH if self.length is not None else CHUNKED


@mistake("4.5", "a response without a length is not chunked")
def leaves_every_end_to_the_connection(self):
    """The connection is closed in the end, and that always works."""
    return UNTIL_CLOSE


@mistake("4.5", "a response with status 404 Not Found gets no body")
def shortens_the_pattern(self):
    """204 and 304 both end with 04."""
    if self.method == "HEAD" or re.match("1|.04", self.status):
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response with status 204 Deleted gets a body")
def compares_the_whole_status(self):
    """204 is called No Content, and 304 Not Modified. (The phrase is the application's choice.)"""
    if self.method == "HEAD" or self.status.startswith("1") or self.status in ("204 No Content", "304 Not Modified"):
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response with status 204 Deleted gets a body")
def looks_at_the_phrase(self):
    """The phrase says it: no content, not modified."""
    phrases = ("No Content", "Not Modified")
    if self.method == "HEAD" or self.status.startswith("1") or any(phrase in self.status for phrase in phrases):
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response with status 205 Reset Content gets no body")
def takes_205_for_a_status_without_a_body(self):
    """Reset Content sounds as if there were none. (Its length is 0, and that is announced.)"""
    if self.method == "HEAD" or self.status.startswith(("1", "204", "205", "304")):
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response to head gets no body")
def takes_head_in_lower_case_for_head(self):
    """Names in HTTP are the same in any case. (Those of fields are; a method is not.)"""
    if self.method.upper() == "HEAD" or self.status.startswith(("1", "204", "304")):
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a Content-Length of the application is not used")
def looks_for_content_length_in_two_spellings(self):
    """These are the two ways in which people write it."""
    if self.method == "HEAD" or self.status.startswith(("1", "204", "304")):
        return NO_BODY
    names = dict(self.headers)
    if "Content-Length" in names or "content-length" in names or self.known_length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "where no body may be, the version or self.known_length decides before that")
def asks_for_the_version_first(self):
    """An HTTP/1.0 client knows two ways only."""
    if self.version == "HTTP/1.0" and self.length is None:
        return UNTIL_CLOSE
    if self.method == "HEAD" or self.status.startswith(("1", "204", "304")):
        return NO_BODY
    return LENGTH if self.length is not None else CHUNKED


@mistake("4.5", "where no body may be, the version or self.known_length decides before that")
def asks_for_the_known_length_first(self):
    """What the server knows for certain comes first."""
    if self.known_length is not None:
        return LENGTH
    if self.method == "HEAD" or self.status.startswith(("1", "204", "304")):
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.5", "a response with status 304 Not Modified to POST gets a body")
def knows_304_as_an_answer_to_get(self):
    """304 says that a page has not changed, and GET asks for pages. (The status alone decides.)"""
    if self.method == "HEAD" or self.status[0] == "1" or self.status[:3] == "204":
        return NO_BODY
    if self.method == "GET" and self.status[:3] == "304":
        return NO_BODY
    if self.length is not None:
        return LENGTH
    return UNTIL_CLOSE if self.version == "HTTP/1.0" else CHUNKED


@mistake("4.6", "the lines do not end with CRLF")
def ends_lines_with_lf(self):
    """A line ends with a line break."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Server", SERVER), ("Connection", "close")]
    return "\n".join([f"HTTP/1.1 {self.status}", *map(": ".join, fields), "", ""]).encode("latin-1")


@mistake("4.6", "the head has no blank line")
def forgets_the_blank_line(self):
    """Each line ends with CRLF, and that is all."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Server", SERVER), ("Connection", "close")]
    return "".join(f"{line}\r\n" for line in [f"HTTP/1.1 {self.status}", *map(": ".join, fields)]).encode("latin-1")


@mistake("4.6", "the head is not bytes")
def returns_text(self):
    """Whoever sends it can encode it."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Server", SERVER), ("Connection", "close")]
    return "\r\n".join([f"HTTP/1.1 {self.status}", *map(": ".join, fields)]) + "\r\n\r\n"


@mistake("4.6", "of the application's headers, some are lost")
def keeps_the_headers_in_a_dict(self):
    """A dict takes care of what is there already."""
    fields = {"Date": formatdate(usegmt=True), "Server": SERVER, **dict(self.headers), "Connection": "close"}
    if self.framing == CHUNKED:
        fields["Transfer-Encoding"] = "chunked"
    if self.framing == LENGTH:
        fields["Content-Length"] = str(self.length)
    lines = [f"HTTP/1.1 {self.status}", *map(": ".join, fields.items())]
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a second Date beside the application's")
def adds_its_own_date_in_any_case(self):
    """The server knows what time it is."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Server", SERVER), ("Connection", "close")]
    if self.framing == CHUNKED:
        fields.append(("Transfer-Encoding", "chunked"))
    lines = [f"HTTP/1.1 {self.status}", *map(": ".join, fields)]
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a second Date beside the application's")
def compares_names_as_they_are_written(self):
    """The application writes Date as everybody does."""
    names = [name for name, _ in self.headers]
    added = {"Date": formatdate(usegmt=True), "Server": SERVER, "Connection": "close"}
    fields = [*self.headers, *((name, value) for name, value in added.items() if name not in names)]
    if self.framing == LENGTH and "Content-Length" not in names:
        fields.append(("Content-Length", str(self.length)))
    if self.framing == CHUNKED:
        fields.append(("Transfer-Encoding", "chunked"))
    lines = [f"HTTP/1.1 {self.status}", *map(": ".join, fields)]
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a second Server beside the application's")
def takes_an_empty_value_for_none(self):
    """`if not self.header(…)` tells that there is none. (An empty value is false, too.)"""
    without_length = re.match("1|204", self.status)
    fields = [pair for pair in self.headers if not (without_length and pair[0].lower() == "content-length")]
    if not self.header("date"):
        fields.append(("Date", formatdate(usegmt=True)))
    if not self.header("server"):
        fields.append(("Server", SERVER))
    fields.append(("Connection", "close"))
    if self.framing == LENGTH and self.header("content-length") is None:
        fields.append(("Content-Length", str(self.length)))
    if self.framing == CHUNKED:
        fields.append(("Transfer-Encoding", "chunked"))
    lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the status line repeats the version of the client")
def answers_in_the_client_s_version(self):
    """A client that speaks HTTP/1.0 is answered with HTTP/1.0."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Server", SERVER), ("Connection", "close")]
    return "\r\n".join([f"{self.version} {self.status}", *map(": ".join, fields)]).encode("latin-1") + BLANK_LINE


@mistake("4.6", "Date is not now")
def has_the_date_of_the_notes(self):
    """The date is part of the text of the head, as in the notes that this tutorial began with."""
    fields = [*self.headers, ("Date", "Tue, 27 Jun 2028 13:00:00 GMT"), ("Server", SERVER), ("Connection", "close")]
    return "\r\n".join([f"HTTP/1.1 {self.status}", *map(": ".join, fields)]).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a Content-Length in a response with status 204 No Content")
def sends_the_length_of_nothing(self):
    """What the application announces is sent."""
    fields = list(self.headers)
    for name, value in {"Date": formatdate(usegmt=True), "Server": SERVER}.items():
        if self.header(name.lower()) is None:
            fields.append((name, value))
    fields.append(("Connection", "close"))
    if self.framing == LENGTH and self.header("content-length") is None:
        fields.append(("Content-Length", str(self.length)))
    if self.framing == CHUNKED:
        fields.append(("Transfer-Encoding", "chunked"))
    return "\r\n".join([f"HTTP/1.1 {self.status}", *map(": ".join, fields)]).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the head is not encoded as latin-1")
def encodes_the_head_as_utf_8(self):
    """Text is UTF-8 today."""
    fields = [*self.headers, ("Date", formatdate(usegmt=True)), ("Server", SERVER), ("Connection", "close")]
    if self.framing == CHUNKED:
        fields.append(("Transfer-Encoding", "chunked"))
    return "\r\n".join([f"HTTP/1.1 {self.status}", *map(": ".join, fields)]).encode() + BLANK_LINE


@mistake("4.6", "self.known_length is told although self.framing is NO_BODY")
def tells_every_length_that_it_knows(self):
    """A length that is known is told."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.length is not None and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "Content-Length does not tell self.length")
def takes_a_known_length_of_0_for_none(self):
    """No length, no field."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.length and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "build_head changes self.headers")
def adds_to_the_list_of_the_headers(self):
    """self.headers are the headers of the response, so what is added goes in there."""
    lines = self.headers
    if self.status.startswith(("1", "204")):
        lines[:] = [(name, value) for name, value in lines if name.lower() != "content-length"]
    if self.header("date") is None:
        lines.append(("Date", formatdate(usegmt=True)))
    if self.header("server") is None:
        lines.append(("Server", SERVER))
    lines.append(("Connection", "close"))
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(("Content-Length", str(self.length)))
    if self.framing == CHUNKED:
        lines.append(("Transfer-Encoding", "chunked"))
    return "\r\n".join([f"HTTP/1.1 {self.status}", *(f"{n}: {v}" for n, v in lines)]).encode("latin-1") + BLANK_LINE


@mistake("4.6", "of the application's headers, some are changed")
def writes_names_as_they_are_usually_written(self):
    """Names are written with capitals."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name.title()}: {value.strip()}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a Content-Length in a response with status 204 Deleted")
def knows_two_statuses_by_their_phrases(self):
    """These two have no length."""
    fields = self.headers
    if self.status in ("100 Continue", "204 No Content"):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "build_head changes self.headers")
def takes_the_length_out_of_the_headers(self):
    """For 1xx and 204 the length goes, so it is taken away where it is."""
    if self.status.startswith(("1", "204")):
        for item in [item for item in self.headers if item[0].lower() == "content-length"]:
            self.headers.remove(item)
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in self.headers]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "build_head changes self.headers")
def adds_the_length_to_the_headers(self):
    """The length that the server knows is a header like the others."""
    if self.framing == LENGTH and self.header("content-length") is None:
        self.headers.append(("Content-Length", str(self.length)))
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a second Date beside the application's")
def takes_an_empty_date_for_none(self):
    """A Date without a date is none."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if not self.header("date"):
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a Content-Length in a response with status 204 No Content")
def leaves_the_length_out_in_two_spellings(self):
    """These are the two ways in which people write it."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name not in ("Content-Length", "content-length")]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a second Date beside the application's")
def looks_for_names_in_three_spellings(self):
    """Names come as people write them."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    names = {name for name, value in self.headers}
    if not names & {"Date", "date", "DATE"}:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if not names & {"Server", "server", "SERVER"}:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and not names & {"Content-Length", "content-length", "CONTENT-LENGTH"}:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "of the application's headers, one is lost")
def sends_two_equal_headers_once(self):
    """To say the same twice is a mistake of the application's."""
    fields = dict.fromkeys(self.headers)
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the application's Content-Length is lost in a response with status 200 as good as 204")
def looks_for_204_anywhere_in_the_status(self):
    """204 is in the status of a 204."""
    fields = self.headers
    if self.status.startswith("1") or "204" in self.status:
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the status is not encoded as latin-1")
def encodes_the_status_as_utf_8(self):
    """The status is text for people, in any script."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"{name}: {value}" for name, value in fields]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return f"HTTP/1.1 {self.status}\r\n".encode() + "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a Content-Length beside chunks")
def announces_every_length_that_is_known(self):
    """What the server knows of the length helps the client, however the body is sent."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.choose_framing() == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "X-Content-Length is left out of a response with status")
def leaves_out_every_name_with_content_length_in_it(self):
    """The length has one name, in upper or lower case: whatever has it in it is meant."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if "content-length" not in name.lower()]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the head does not say Connection: close, once")
def keeps_the_connection_where_the_length_is_known(self):
    """With a length, the client knows where the next response begins; but this server closes after each."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: keep-alive" if self.framing == LENGTH else "Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the head does not say Connection: close, once")
def leaves_connection_out_for_http_1_0(self):
    """HTTP/1.0 closes after each response anyway; but a client may have asked for keep-alive."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    if self.version != "HTTP/1.0":
        lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is a Content-Length in a response with status 204 No Content")
def keeps_the_length_for_head_always(self):
    """To HEAD, a Content-Length says how long the body would be; but a 204 has none to GET either."""
    fields = self.headers
    if self.method != "HEAD" and self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "Date is not now where local time is not UTC")
def tells_local_time_as_gmt(self):
    """strftime makes the form that HTTP wants; but without a second argument it tells local time."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None:
        lines.append(f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S GMT')}")
    if self.header("server") is None:
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "there is not one Date and one Server in a 304 Not Modified to GET")
def tells_neither_date_nor_server_with_a_304(self):
    """After a 304 the client keeps the fields that it has; but the Date is that of this response."""
    fields = self.headers
    if self.status.startswith(("1", "204")):
        fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {self.status}", *[f"{name}: {value}" for name, value in fields]]
    if self.header("date") is None and not self.status.startswith("304"):
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if self.header("server") is None and not self.status.startswith("304"):
        lines.append(f"Server: {SERVER}")
    lines.append("Connection: close")
    if self.framing == LENGTH and self.header("content-length") is None:
        lines.append(f"Content-Length: {self.length}")
    if self.framing == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    return "\r\n".join(lines).encode("latin-1") + BLANK_LINE


@mistake("4.6", "the Date of an earlier response is used again")
def keeps_the_date_of_the_first_head(self):
    """To format a date takes time, so that is done once. (A server runs for weeks.)"""
    if not hasattr(Response, "date"):
        Response.date = formatdate(usegmt=True)
    headers = list(self.headers)
    if self.status[0] == "1" or self.status[:3] == "204":
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    if self.header("date") is None:
        headers.append(("Date", Response.date))
    if self.header("server") is None:
        headers.append(("Server", SERVER))
    headers.append(("Connection", "close"))
    if self.framing == LENGTH and self.header("content-length") is None:
        headers.append(("Content-Length", str(self.length)))
    if self.framing == CHUNKED:
        headers.append(("Transfer-Encoding", CHUNKED))
    lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


@mistake("4.7", "only the first 3 bytes of the response were sent")
def sends_once_and_hopes(self, block):
    """send sends what it is given."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        self.connection.send(self.head_once() + self.framed(block[:self.room()]))


@mistake("4.7", "the block is sent without a head")
def leaves_the_head_to_somebody_else(self, block):
    """The head was sent with start_response."""
    if not isinstance(block, bytes):
        raise TypeError
    self.send(block)


@mistake("4.7", "an empty block sends the head")
def sends_the_head_with_an_empty_block(self, block):
    """The first block brings the head. (gunicorn 27.0.1, wsgiref and werkzeug 3.1.9 do so with a yielded b"".)"""
    if not isinstance(block, bytes):
        raise TypeError
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError


@mistake("4.7", "a str is accepted as a block of the body")
def encodes_text_for_the_application(self, block):
    """The server is friendly and makes bytes of it."""
    if isinstance(block, str):
        block = block.encode()
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError


@mistake("4.7", "a str is accepted as a block of the body")
def looks_whether_it_is_empty_first(self, block):
    """Nothing to send, nothing to check."""
    if not block:
        return
    if not isinstance(block, bytes):
        raise TypeError
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError


@mistake("4.7", "self.sent is not the number of bytes of the body")
def counts_chunks_and_head(self, block):
    """sent counts what was sent."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head = self.head_once()
        data = head + self.framed(block[:self.room()])
        self.send(data)
        self.sent += len(data)
        if self.framing == LENGTH and len(block) > self.length:
            raise ValueError


@mistake("4.7", "the body is not cut at its Content-Length")
def sends_whatever_comes(self, block):
    """The application knows how much it has announced. (wsgiref and werkzeug 3.1.9's server send it all.)"""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        self.send(self.head_once() + self.framed(block if self.framing != NO_BODY else b""))
        self.sent += len(block) if self.framing != NO_BODY else 0


@mistake("4.7", "a block beyond the Content-Length is no error")
def cuts_in_silence(self, block):
    """What is too much is cut off, and all is well."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head = self.head_once()
        fitting = block[:self.room()]
        self.send(head + self.framed(fitting))
        self.sent += len(fitting)


@mistake("4.7", "a block is sent after the last byte of the body")
def takes_no_room_for_no_limit(self, block):
    """`if self.room()` asks whether there is a limit."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head = self.head_once()
        fitting = block[:self.room()] if self.room() or self.framing == NO_BODY else block
        self.send(head + self.framed(fitting))
        self.sent += len(fitting)
        if self.framing == LENGTH and self.sent > self.length or len(fitting) < len(block) and self.framing == LENGTH:
            raise ValueError


@mistake("4.7", "the body is not cut at its Content-Length")
def asks_for_the_room_before_the_head(self, block):
    """The order of the two lines does not matter. (The framing is chosen with the head.)"""
    if not isinstance(block, bytes):
        raise TypeError
    if not block:
        return
    fitting = block[:self.room()]
    self.send(self.head_once() + self.framed(fitting if self.framing != NO_BODY else b""))
    self.sent += len(fitting) if self.framing != NO_BODY else 0
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError


@mistake("4.7", "a block that is to be dropped is an error")
def takes_the_body_of_head_for_too_long(self, block):
    """What does not fit is an error."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head = self.head_once()
        fitting = block[:self.room()]
        self.send(head + self.framed(fitting))
        self.sent += len(fitting)
        if len(fitting) < len(block):
            raise ValueError("too long")


@mistake("4.7", "BrokenPipeError is raised instead of ClientGone")
def uses_the_connection_itself(self, block):
    """sendall does the same as self.send."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head = self.head_once()
        fitting = block[:self.room()]
        self.connection.sendall(head + self.framed(fitting))
        self.sent += len(fitting)
        if self.framing == LENGTH and len(fitting) < len(block):
            raise ValueError


@mistake("4.7", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_all_that_send_raises(self, block):
    """Whatever goes wrong while a block is sent, the client is to blame; a bug is told nowhere then."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head = self.head_once()
        fitting = block[:self.room()]
        try:
            self.send(head + self.framed(fitting))
        except Exception as error:
            raise ClientGone(str(error)) from error
        self.sent += len(fitting)
        if self.framing == LENGTH and len(fitting) < len(block):
            raise ValueError


@mistake("4.7", "the blocks are not cut at the Content-Length")
def gives_each_block_the_whole_length(self, block):
    """The limit is what a block may have; that less is left after each of them is not thought of."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        head, fitting = self.head_once(), block[:self.limit]
        if self.room() == 0:
            fitting = b""
        self.send(head + self.framed(fitting))
        self.sent += len(fitting)
        if self.framing == LENGTH and (self.sent > self.length or len(fitting) < len(block)):
            raise ValueError


@mistake("4.7", "head and first block are not sent together")
def sends_head_and_block_apart(self, block):
    """First the head, then the block."""
    if not isinstance(block, bytes):
        raise TypeError
    if block:
        self.send(self.head_once())
        fitting = block[:self.room()]
        self.send(self.framed(fitting))
        self.sent += len(fitting)
        if self.framing == LENGTH and len(fitting) < len(block):
            raise ValueError


@mistake("4.7", "self.sent counts bytes that could not be sent")
def counts_before_it_sends(self, block):
    """The number is known as soon as the block is cut."""
    if not isinstance(block, bytes):
        raise TypeError(block)
    if block:
        head = self.head_once()
        fitting = block[:self.room()]
        self.sent += len(fitting)
        self.send(head + self.framed(fitting))
        if self.framing == LENGTH and len(fitting) < len(block):
            raise ValueError("too much")


@mistake("4.7", "a bytearray is accepted as a block of the body")
def takes_a_bytearray_for_bytes(self, block):
    """A bytearray is bytes that can be changed: sockets take both."""
    if not isinstance(block, (bytes, bytearray)):
        raise TypeError(f"the body is made of bytes, not {type(block).__name__}")
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "nothing is sent, not even the head")
def sends_nothing_where_nothing_fits(self, block):
    """Where no byte may be sent, there is nothing to send."""
    if not isinstance(block, bytes):
        raise TypeError(f"the body is made of bytes, not {type(block).__name__}")
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    if fitting:
        self.send(head + self.framed(fitting))
        self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "a body that is as long as announced is an error")
def cuts_the_chunk_not_the_block(self, block):
    """What is sent is what counts. (The size of the chunk is no part of the body.)"""
    if not isinstance(block, bytes):
        raise TypeError("no bytes")
    if not block:
        return
    head = self.head_once()
    framed = self.framed(block)
    self.send(head + framed[:self.room()])
    self.sent += len(framed[:self.room()])
    if self.framing == LENGTH and len(framed[:self.room()]) < len(block):
        raise ValueError("too long")


@mistake("4.7", "a block is accepted although start_response was never called")
def makes_a_status_up(self, block):
    """Without a status, all is well: 200 OK."""
    if not isinstance(block, bytes):
        raise TypeError("no bytes")
    if not block:
        return
    if self.status is None:
        self.status = "200 OK"
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "str is accepted as a block of the body where no body may be")
def drops_what_is_no_bytes_where_no_body_may_be(self, block):
    """What is dropped may be anything."""
    if self.framing == NO_BODY:
        return
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "self.head_sent is true, and the block was refused before it was sent")
def takes_the_head_before_it_looks_at_the_block(self, block):
    """The head is needed in any case."""
    if isinstance(block, bytes) and not block:
        return
    head = self.head_once()
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "an empty block before start_response is an error")
def wants_a_status_for_an_empty_block_too(self, block):
    """Without start_response nothing can be written."""
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if self.status is None:
        raise AssertionError("start_response was not called")
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "AssertionError is raised instead of TypeError: start_response was not called")
def wants_a_status_before_it_looks_at_the_block(self, block):
    """Without start_response nothing can be written, whatever it is."""
    if self.status is None and block != b"":
        raise AssertionError("start_response was not called")
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "an empty block after the last byte of the body is an error")
def refuses_any_block_after_the_last_byte(self, block):
    """When the body is complete, no block may come."""
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if self.framing == LENGTH and self.room() == 0:
        raise ValueError("the body is complete")
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "an empty block sends something")
def makes_a_chunk_of_an_empty_block(self, block):
    """Behind the head a block is a chunk, whatever its size. (An empty chunk is the last one.)"""
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if not block and not self.head_sent:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + (b"%x\r\n%b\r\n" % (len(fitting), fitting) if self.framing == CHUNKED else fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "self.sent counts bytes that could not be sent (ConnectionResetError)")
def takes_the_count_back_for_one_error(self, block):
    """When the client has left, the bytes are not counted."""
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.sent += len(fitting)
    try:
        self.send(head + self.framed(fitting))
    except ClientGone:
        self.sent -= len(fitting)
        raise
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("too long")


@mistake("4.7", "a block that is to be dropped is an error")
def compares_with_the_announced_length_for_head_too(self, block):
    """Longer than announced is longer than announced."""
    if not isinstance(block, bytes):
        raise TypeError(type(block).__name__)
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.length is not None and self.sent + len(block) - len(fitting) > self.length:
        raise ValueError("too long")


@mistake("4.7", "a block of white space is taken for an empty one")
def takes_white_space_for_an_empty_block(self, block):
    """A block of blanks has nothing in it. (Empty is b'' alone.)"""
    if not isinstance(block, bytes):
        raise TypeError("the body is made of bytes")
    if not block.strip():
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError("the body is longer than its Content-Length")


@mistake("4.7", "write closes the connection (three blocks, framing: no body, for HEAD)")
def closes_where_no_body_may_be(self, block):
    """Nothing follows the head of such a response; but others may still use the connection."""
    if not isinstance(block, bytes):
        raise TypeError(f"the body is made of bytes, not {type(block).__name__}")
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == NO_BODY:
        self.connection.close()
    if self.framing == LENGTH and len(fitting) < len(block):
        raise ValueError(f"the body is longer than its Content-Length, {self.length}")


@mistake("4.7", "write closes the connection (three blocks, framing: a length)")
def shuts_down_behind_a_body_that_is_too_long(self, block):
    """Not a byte more shall go out; but that is hang_up's to do."""
    if not isinstance(block, bytes):
        raise TypeError(f"the body is made of bytes, not {type(block).__name__}")
    if not block:
        return
    head = self.head_once()
    fitting = block[:self.room()]
    self.send(head + self.framed(fitting))
    self.sent += len(fitting)
    if self.framing == LENGTH and len(fitting) < len(block):
        self.connection.shutdown(socket.SHUT_WR)
        raise ValueError(f"the body is longer than its Content-Length, {self.length}")


@mistake("4.8", "a block is not sent before the next is asked for")
def joins_the_blocks(self, blocks):
    """One long body is simpler than many short ones."""
    self.write(b"".join(blocks))


@mistake("4.8", "a block is not sent before the next is asked for")
def makes_a_list_first(self, blocks):
    """A list has a len, so everything gets easier."""
    blocks = list(blocks)
    if len(blocks) == 1:
        self.known_length = len(blocks[0])
    for block in blocks:
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "an iterable of blocks is an error")
def expects_everything_to_have_a_len(self, blocks):
    """An iterable is a list."""
    for block in blocks:
        if len(blocks) == 1:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "the length of a single block is not announced")
def sends_a_single_block_as_a_chunk(self, blocks):
    """Chunks always work."""
    for block in blocks:
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "self.known_length is set for several blocks")
def takes_the_first_block_for_the_body(self, blocks):
    """What has a len has a length."""
    for block in blocks:
        if hasattr(blocks, "__len__") and self.known_length is None:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "more blocks are asked for after the last byte of the body")
def asks_whether_it_is_complete_before_it_writes(self, blocks):
    """First look, then write."""
    only_one = hasattr(blocks, "__len__") and len(blocks) == 1
    for block in blocks:
        if self.is_complete():
            break
        if only_one:
            self.known_length = len(block)
        self.write(block)


@mistake("4.8", "a single block is an error")
def asks_for_the_first_item(self, blocks):
    """What has a len has items."""
    if hasattr(blocks, "__len__") and len(blocks) == 1:
        self.known_length = len(blocks[0])
    for block in blocks:
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "blocks behind an empty one are lost")
def stops_at_an_empty_block(self, blocks):
    """An empty block is the end, as with recv and read."""
    only_one = hasattr(blocks, "__len__") and len(blocks) == 1
    for block in blocks:
        if not block:
            break
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "the length of the body is told twice")
def adds_a_header_of_its_own(self, blocks):
    """Content-Length is a header, so it belongs among the headers."""
    for block in blocks:
        if hasattr(blocks, "__len__") and len(blocks) == 1:
            self.known_length = len(block)
            self.headers.append(("Content-Length", str(len(block))))
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "something is sent although there is no block")
def sends_the_head_in_the_end(self, blocks):
    """After the loop the head has to be there."""
    only_one = hasattr(blocks, "__len__") and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break
    self.send(self.head_once())


@mistake("4.8", "a body that is too long is no error")
def keeps_the_error_to_itself(self, blocks):
    """write has sent what fits; its error only says that this was the end."""
    only_one = hasattr(blocks, "__len__") and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        try:
            self.write(block)
        except ValueError:
            break
        if self.is_complete():
            break


@mistake("4.8", "a block that is not bytes is no error")
def skips_what_is_not_bytes(self, blocks):
    """What can't be sent is skipped, and the rest of the page comes."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        try:
            self.write(block)
        except TypeError:
            continue
        if self.is_complete():
            break


@mistake("4.8", "it goes unnoticed that the client has left")
def returns_when_the_client_has_left(self, blocks):
    """When the client has left there is nothing left to do."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        try:
            self.write(block)
        except ClientGone:
            return
        if self.is_complete():
            break


@mistake("4.8", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_all_that_write_raises(self, blocks):
    """What can't be written can't be received; but the error of an application is one that its log has to show."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        try:
            self.write(block)
        except (TypeError, ValueError):
            raise
        except Exception as error:
            raise ClientGone(str(error)) from error
        if self.is_complete():
            break


@mistake("4.8", "write_blocks calls close() of the iterable")
def closes_the_blocks(self, blocks):
    """Who loops over the blocks also closes them."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    try:
        for block in blocks:
            if only_one:
                self.known_length = len(block)
            self.write(block)
            if self.is_complete():
                break
    finally:
        if hasattr(blocks, "close"):
            blocks.close()


@mistake("4.8", "an error of the iterable is swallowed")
def takes_every_error_for_the_last_block(self, blocks):
    """next raises at the end, so whatever it raises is the end."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    iterator = iter(blocks)
    while True:
        try:
            block = next(iterator)
        except Exception:
            break
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "a single block is not sent")
def takes_the_first_block_away(self, blocks):
    """The length is looked up before the loop. (An iterator gives its block once.)"""
    if isinstance(blocks, Sized) and len(blocks) == 1:
        self.known_length = len(next(iter(blocks)))
    for block in blocks:
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "a body that is too long is no error")
def asks_for_no_block_where_0_is_announced(self, blocks):
    """A body of no bytes has no blocks."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    if self.length == 0:
        return
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "write_blocks calls close() of the iterable after the last byte")
def closes_what_it_does_not_need_any_more(self, blocks):
    """When no further block is needed, nobody else will close it."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            if hasattr(blocks, "close"):
                blocks.close()
            break


@mistake("4.8", "write_blocks calls close() of the iterable after an error of write")
def closes_what_has_failed(self, blocks):
    """After an error the application's files are given back at once."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    try:
        for block in blocks:
            if only_one:
                self.known_length = len(block)
            self.write(block)
            if self.is_complete():
                break
    except Exception:
        if hasattr(blocks, "close"):
            blocks.close()
        raise


@mistake("4.8", "self.known_length is set for several blocks, to the length of all of them")
def adds_up_all_blocks(self, blocks):
    """What has a len is a list, and the lengths of its blocks can be added up before the head goes."""
    if hasattr(blocks, "__len__"):
        blocks = list(blocks)
        self.known_length = sum(map(len, blocks))
    for block in blocks:
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "the blocks of an iterable that counts as false are not sent")
def returns_at_once_for_what_counts_as_false(self, blocks):
    """An empty list has no blocks; but other iterables count as false and have some."""
    if not blocks:
        return
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "self.known_length is not 0 where the only block is empty")
def knows_no_length_of_an_empty_block(self, blocks):
    """Nothing is known of a body without a byte; but 0 is its length."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one and block:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "write_blocks closes the connection (three blocks, framing: a length)")
def closes_the_connection_when_all_is_sent(self, blocks):
    """Nothing more may be sent; but it is hang_up that closes, when the request is in the log."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            self.connection.close()
            break


@mistake("4.8", "write_blocks closes a generator that has more to give")
def closes_the_iterator_when_all_is_sent(self, blocks):
    """The iterator is its own, so it ends it; but a generator is its own iterator, and answer_with closes it."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    iterator = iter(blocks)
    for block in iterator:
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            if hasattr(iterator, "close"):
                iterator.close()
            break


@mistake("4.8", "an error of the iterable is swallowed")
def takes_a_client_gone_of_the_iterable_for_the_end(self, blocks):
    """ClientGone is no error; but it is let out, for answer_with to know."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    iterator = iter(blocks)
    while not self.is_complete():
        try:
            block = next(iterator)
        except (StopIteration, ClientGone):
            break
        if only_one:
            self.known_length = len(block)
        self.write(block)


@mistake("4.8", "an iterable of blocks is an error")
def calls_the_iter_of_the_iterable(self, blocks):
    """What can be gone through has an __iter__, or so it is said; but an object with a __getitem__ has none."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks.__iter__():
        if only_one:
            self.known_length = len(block)
        self.write(block)
        if self.is_complete():
            break


@mistake("4.8", "an error of the iterable is swallowed")
def takes_an_eof_error_for_the_end_of_the_blocks(self, blocks):
    """A file says by EOFError that it has ended; but a gzip file raises it where it was cut off."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    try:
        for block in blocks:
            if only_one:
                self.known_length = len(block)
            self.write(block)
            if self.is_complete():
                break
    except EOFError:
        pass


@mistake("4.8", "a block that is not bytes is no error: 5")
def makes_bytes_of_each_block(self, blocks):
    """A bytearray is as good as bytes; but bytes(5) makes a block of five bytes of a mistake."""
    only_one = isinstance(blocks, Sized) and len(blocks) == 1
    for block in blocks:
        if only_one:
            self.known_length = len(block)
        self.write(bytes(block))
        if self.is_complete():
            break


@mistake("4.9", "the file's length is known, and None is returned")
def writes_every_file_block_by_block(self, wrapper):
    """A FileWrapper is an iterable, so it can be written as one."""
    return None


@mistake("4.9", "the file's length is known, and None is returned")
def sends_the_head_before_the_length_is_known(self, wrapper):
    """First the head, then the file."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.send(self.head_once())
    self.known_length = remaining
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "the file's length is known, and None is returned")
def leaves_the_head_to_whoever_sends_the_file(self, wrapper):
    """The length is kept, and the head goes out with the first bytes. (But the framing is chosen with the head.)"""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "more of the file is to be sent than was announced")
def copies_the_whole_file_always(self, wrapper):
    """Who returns a file wants it sent."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return remaining if self.framing == LENGTH else None


@mistake("4.9", "more of the file is to be sent than the announced length leaves")
def forgets_what_was_written_before(self, wrapper):
    """As much as the head announces is sent. (Some of it may have been written already.)"""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.length) if self.framing == LENGTH else None


@mistake("4.9", "your code raises UnsupportedOperation: fileno")
def asks_every_file_for_its_size(self, wrapper):
    """Files have a number, and the system knows their size."""
    self.known_length = os.fstat(wrapper.file.fileno()).st_size - wrapper.file.tell()
    if not self.known_length:
        return None
    self.send(self.head_once())
    return min(self.known_length, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "a number is returned for a gzip file")
def counts_what_lies_behind_the_number(self, wrapper):
    """What has a fileno is a file on disk. (A gzip file has the number of the packed one.)"""
    try:
        remaining = os.fstat(wrapper.file.fileno()).st_size - wrapper.file.tell()
    except (OSError, AttributeError):
        remaining = None
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "a number is returned where no body may be")
def counts_the_file_for_head_too(self, wrapper):
    """The file is what was asked for."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return None if self.framing == CHUNKED else min(remaining, self.length - self.sent)


@mistake("4.9", "0 is returned where no body may be")
def returns_0_for_head(self, wrapper):
    """The limit is 0 then, so no byte may be sent. (True; but whoever reads 0 takes a length of 0 for announced.)"""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return None if self.room() is None else min(remaining, self.room())


@mistake("4.9", "TypeError is raised where the framing is 'chunked': '<' not supported between instances")
def expects_that_there_is_a_limit(self, wrapper):
    """The length of the file is known, so there is always a limit. (Not if write() has sent the head.)"""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.room())


@mistake("4.9", "the announced length is changed")
def corrects_the_announced_length(self, wrapper):
    """The server knows better how long the file is."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    if self.length > remaining:
        self.headers = [pair for pair in self.headers if pair[0].lower() != "content-length"]
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "nothing is sent, not even the head")
def sends_no_head_for_a_length_of_0(self, wrapper):
    """Nothing is to be sent, so nothing is sent. (The access log says 200 all the same.)"""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    if self.length == 0:
        return 0
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "None is returned where a length of 0 was announced")
def returns_none_for_0(self, wrapper):
    """0 and None are both nothing."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.room()) or None if self.framing == LENGTH else None


@mistake("4.9", "something is sent for a file without bytes")
def takes_0_for_a_length(self, wrapper):
    """A file without bytes has a length, 0."""
    remaining = wrapper.remaining()
    if remaining is None:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "an object that has only `read` is an error")
def asks_every_file_whether_it_is_seekable(self, wrapper):
    """Every file in Python has seekable."""
    remaining = wrapper.remaining() if wrapper.file.seekable() else None
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "a file that is longer than announced is an error")
def refuses_a_file_that_is_too_long(self, wrapper):
    """A body that is too long is an error in write, and so it is here."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    if self.framing != LENGTH:
        return None
    if remaining > self.room():
        raise ValueError("the file is longer than announced")
    return remaining


@mistake("4.9", "a file that is shorter than announced is an error")
def refuses_a_file_that_is_too_short(self, wrapper):
    """The response can't become what it should be: better say it at once."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    if self.length > remaining:
        raise ValueError("the file is shorter than announced")
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "the file's length is known, and None is returned")
def writes_block_by_block_for_http_1_0(self, wrapper):
    """HTTP/1.0 has no chunks, and so there's no length either."""
    remaining = wrapper.remaining()
    if not remaining or self.version == "HTTP/1.0":
        return None
    self.known_length = remaining
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "bytes of the file are sent")
def sends_the_file_at_once(self, wrapper):
    """The head is sent, and the file is there."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    if self.framing != LENGTH:
        return None
    if count := min(remaining, self.room()):
        self.send_file(wrapper.file, count)
    return count


@mistake("4.9", "the head is sent a second time")
def builds_the_head_anew(self, wrapper):
    """The head of a file tells its length, so it is built for it."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length, self.head_sent = remaining, False
    self.send(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "BrokenPipeError is raised instead of ClientGone")
def sends_the_head_with_the_connection(self, wrapper):
    """The connection has a sendall of its own."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.connection.sendall(self.head_once())
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "it goes unnoticed that start_response was not called")
def returns_none_for_what_fails(self, wrapper):
    """What cannot be announced is written block by block."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    try:
        self.send(self.head_once())
    except AssertionError:
        return None
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "a number is returned in a response that ends with the connection")
def asks_for_chunks_and_not_for_a_length(self, wrapper):
    """Only chunks can't be copied by the system."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    if self.framing in (CHUNKED, NO_BODY):
        return None
    return remaining if self.room() is None else min(remaining, self.room())


@mistake("4.9", "0 is returned where no body may be")
def asks_for_the_length_and_not_for_the_framing(self, wrapper):
    """Where the application has announced a length, there is room for so much."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    if self.framing != LENGTH and self.header("content-length") is None:
        return None
    return min(remaining, self.room())


@mistake("4.9", "ConnectionResetError, raised by self.send, does not come out")
def goes_on_block_by_block_after_an_error(self, wrapper):
    """What can't be copied is written block by block."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    try:
        self.send(self.head_once())
    except (OSError, ValueError) as error:
        if isinstance(error, ClientGone):
            raise
        return None
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "begin_file closes the file of a client that has left")
def closes_the_file_of_a_client_that_has_left(self, wrapper):
    """Nobody will read it any more."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    try:
        self.send(self.head_once())
    except ClientGone:
        wrapper.close()
        raise
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "self.known_length is set for a file that is written block by block")
def keeps_the_length_before_it_looks_at_it(self, wrapper):
    """What remains is known, so it is kept; whether it is 0 is the next question."""
    self.known_length = wrapper.remaining()
    if not self.known_length:
        return None
    self.send(self.head_once())
    return min(self.known_length, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "begin_file closes the file (framing: no body, for HEAD)")
def closes_the_file_where_no_body_may_be(self, wrapper):
    """Not a byte of the file is sent, so it is closed at once; but answer_with closes it, with the wrapper."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    if self.framing == NO_BODY:
        wrapper.file.close()
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.9", "begin_file closes the connection (framing: no body, for HEAD)")
def closes_the_connection_where_no_body_may_be(self, wrapper):
    """Nothing follows the head; but it is hang_up that closes."""
    remaining = wrapper.remaining()
    if not remaining:
        return None
    self.known_length = remaining
    self.send(self.head_once())
    if self.framing == NO_BODY:
        self.connection.close()
    return min(remaining, self.room()) if self.framing == LENGTH else None


@mistake("4.10", "the file is not sent from where it stands")
def begins_at_offset_0(self, wrapper):
    """sendfile sends a file from its beginning."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.sent += self.connection.sendfile(wrapper.file, 0, count)


@mistake("4.10", "the file does not go through the connection's sendfile")
def iterates_over_every_file(self, wrapper):
    """A FileWrapper is an iterable, so it can be treated as one."""
    self.begin_file(wrapper)
    self.write_blocks(wrapper)


@mistake("4.10", "the file is not sent up to the announced length")
def sends_the_whole_file_always(self, wrapper):
    """Who returns a file wants it sent."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, wrapper.remaining())


@mistake("4.10", "begin_file has returned 0, and sendfile is called all the same")
def asks_sendfile_for_0_bytes(self, wrapper):
    """No bytes are sent without a special case."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    else:
        self.send_file(wrapper.file, count)


@mistake("4.10", "begin_file has returned 0, and write_blocks is called all the same")
def takes_0_for_none(self, wrapper):
    """If there is no number, the file is written block by block. (0 is a number, and false.)"""
    if count := self.begin_file(wrapper):
        self.send_file(wrapper.file, count)
    else:
        self.write_blocks(wrapper)


@mistake("4.10", "nothing is sent of a file that is not on disk")
def leaves_files_in_memory_out(self, wrapper):
    """Where there is nothing to copy, there is nothing to do."""
    if count := self.begin_file(wrapper):
        self.send_file(wrapper.file, count)


@mistake("4.10", "write_file closes the file")
def closes_the_file(self, wrapper):
    """Who has read a file to its end closes it."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)
    wrapper.close()


@mistake("4.10", "BrokenPipeError is raised instead of ClientGone")
def lets_the_broken_pipe_out(self, wrapper):
    """What sendfile raises says what has happened."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.sent += self.connection.sendfile(wrapper.file, wrapper.file.tell(), count)


@mistake("4.10", "self.sent is not the number of bytes of the file")
def forgets_to_count(self, wrapper):
    """sendfile sends, and counting is write's business."""
    count = self.begin_file(wrapper)
    if count is None:
        return self.write_blocks(wrapper)
    try:
        if count:
            self.connection.sendfile(wrapper.file, wrapper.file.tell(), count)
    except OSError as error:
        raise ClientGone from error


@mistake("4.10", "self.sent is not the number of bytes of the file")
def counts_a_second_time(self, wrapper):
    """What was sent is counted."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)
        self.sent += count


@mistake("4.10", "for HEAD the whole file is read")
def reads_the_file_for_head(self, wrapper):
    """Each block is written; write knows what to drop."""
    count = self.begin_file(wrapper)
    if count is None:
        for block in wrapper:
            self.write(block)
    elif count:
        self.send_file(wrapper.file, count)


@mistake("4.10", "the wrapper is not written block by block")
def reads_what_is_no_file_on_disk_whole(self, wrapper):
    """What is in memory is in memory: one read gives it all."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks([wrapper.file.read()])
    elif count:
        self.send_file(wrapper.file, count)


@mistake("4.10", "write_file ends the response too")
def ends_the_response_after_the_file(self, wrapper):
    """After the file there is nothing more."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)
    self.close()


@mistake("4.10", "AssertionError is swallowed")
def writes_block_by_block_what_fails(self, wrapper):
    """What cannot be copied can be written."""
    try:
        count = self.begin_file(wrapper)
    except Exception:
        return
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)


@mistake("4.10", "write_file closes the file of a client that has left")
def closes_a_file_that_could_not_be_sent(self, wrapper):
    """When the client has left, the file is not needed any more."""
    try:
        count = self.begin_file(wrapper)
        if count is None:
            self.write_blocks(wrapper)
        elif count:
            self.send_file(wrapper.file, count)
    except ClientGone:
        wrapper.close()
        raise


@mistake("4.10", "write_file closes the file where nothing is to be sent")
def closes_a_file_of_which_nothing_is_sent(self, wrapper):
    """When there is nothing to send, that is all."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)
    else:
        wrapper.close()


@mistake("4.10", "for HEAD write_file closes the file")
def closes_a_file_that_is_written_in_blocks(self, wrapper):
    """The system closes what it copies; what goes block by block is closed here."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
        if hasattr(wrapper, "close"):
            wrapper.close()
    elif count:
        self.send_file(wrapper.file, count)


@mistake("4.10", "ConnectionResetError, raised by self.begin_file, does not come out")
def reports_an_error_of_the_file(self, wrapper):
    """A disk that fails is reported, and the server goes on."""
    try:
        count = self.begin_file(wrapper)
        if count is None:
            self.write_blocks(wrapper)
        elif count:
            self.send_file(wrapper.file, count)
    except (OSError, ValueError) as error:
        if isinstance(error, ClientGone):
            raise
        print(error, file=sys.stderr)


@mistake("4.10", "ValueError, raised by self.connection.sendfile, does not come out")
def copies_in_blocks_what_the_system_does_not_copy(self, wrapper):
    """Where sendfile fails, blocks do the same."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        try:
            self.send_file(wrapper.file, count)
        except (OSError, ValueError) as error:
            if isinstance(error, ClientGone):
                raise
            self.write_blocks(wrapper)


@mistake("4.10", "write_file closes the connection (the system copies; the client stays)")
def closes_the_connection_behind_the_file(self, wrapper):
    """The file is the whole body, so nothing more comes; but it is hang_up that closes."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)
        self.connection.close()


@mistake("4.10", "an object that has only `read` is an error")
def asks_where_the_file_stands(self, wrapper):
    """A file stands somewhere; but to an application, a file is anything that has a read."""
    begin = wrapper.file.tell()
    count = self.begin_file(wrapper)
    if count is None:
        wrapper.file.seek(begin)
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)


@mistake("4.10", "write_file ends the response (nothing is to be sent; the client stays)")
def ends_the_response_where_nothing_is_left_to_send(self, wrapper):
    """With nothing more to send, the response seems to be over; but answer_with ends it, once."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count == 0:
        self.close()
    else:
        self.send_file(wrapper.file, count)


@mistake("4.10", "ClientGone, raised by self.begin_file, does not come out")
def passes_over_a_client_gone_of_the_head(self, wrapper):
    """A client that has gone is no error; but answer_with has to know of it, and asks for no more."""
    try:
        count = self.begin_file(wrapper)
    except ClientGone:
        return
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)


@mistake("4.10", "self.sent does not go on from what was written before")
def sets_sent_to_the_bytes_of_the_file(self, wrapper):
    """count says how many bytes are sent; but write may have sent some before, and send_file has counted already."""
    count = self.begin_file(wrapper)
    if count is None:
        self.write_blocks(wrapper)
    elif count:
        self.send_file(wrapper.file, count)
        self.sent = count


@mistake("4.11", "nothing is sent for an empty body")
def forgets_the_head_of_an_empty_body(self):
    """Where nothing was written, there is nothing to end."""
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "the head of an empty body does not say Content-Length: 0")
def announces_chunks_for_nothing(self):
    """An empty body is a body of unknown length."""
    self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "close sends nothing behind the last block")
def leaves_the_end_to_the_connection(self):
    """The end of the connection is the end of the response."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "the last chunk has no blank line")
def forgets_the_line_after_the_last_chunk(self):
    """The last chunk is a 0 on a line of its own."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n")


@mistake("4.11", "there are bytes behind the last byte of the body")
def ends_every_body_with_a_last_chunk(self):
    """HTTP/1.1 ends with the last chunk."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    elif self.framing != NO_BODY:
        self.send(b"0\r\n\r\n")


@mistake("4.11", "a body that is too short is raised, not only reported")
def raises_for_too_few_bytes(self):
    """Too few bytes are an error, and errors are raised."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        raise ValueError("too few bytes")


@mistake("4.11", "it is printed on stdout, not on stderr")
def prints_on_stdout(self):
    """print prints."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}")


@mistake("4.11", "the log tells of a body that is whole")
def misses_the_body_of_head(self):
    """Fewer bytes than announced are too few."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.length is not None and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "close closes the connection")
def closes_the_connection(self):
    """close closes."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)
    self.connection.close()


@mistake("4.11", "the log tells of a body that is whole")
def logs_every_length(self):
    """Two numbers in the log do no harm."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "there is a body where none may be")
def asks_for_the_length_instead_of_the_framing(self):
    """What has no length has chunks."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.length is None and self.version != "HTTP/1.0":
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "close hides that start_response was never called")
def does_nothing_where_there_is_no_status(self):
    """Without a status there is no response to end."""
    if self.status is None:
        return
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "it goes unnoticed that the client has left")
def takes_a_client_that_left_for_the_end(self):
    """Who has left needs no end of the response either."""
    try:
        if not self.head_sent:
            self.known_length = 0
            self.send(self.head_once())
        if self.framing == CHUNKED:
            self.send(b"0\r\n\r\n")
    except ClientGone:
        return
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes of {self.length}", file=sys.stderr)


@mistake("4.11", "it goes unnoticed that the client has left")
def lets_the_last_chunk_fail(self):
    """All blocks have been sent, so the rest does not matter."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        try:
            self.send(b"0\r\n\r\n")
        except ClientGone:
            pass
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_all_that_ends_badly(self):
    """Whatever goes wrong at the end, the client is to blame; a bug is told nowhere then."""
    if not self.head_sent and self.status is None:
        raise AssertionError("no start_response")
    try:
        if not self.head_sent:
            self.known_length = 0
            self.send(self.head_once())
        if self.framing == CHUNKED:
            self.send(b"0\r\n\r\n")
    except Exception as error:
        raise ClientGone(str(error)) from error
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "something is sent behind a body that is too short")
def fills_up_what_is_missing(self):
    """The length was promised, and the promise is kept."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)
        self.send(b"\0" * self.room())


@mistake("4.11", "close closes the connection")
def says_that_was_all(self):
    """The response has ended, and the client is told so."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)
    self.connection.shutdown(socket.SHUT_WR)


@mistake("4.11", "BrokenPipeError is raised instead of ClientGone")
def sends_the_last_chunk_by_itself(self):
    """The connection has a sendall of its own."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.connection.sendall(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "a body that is shorter than self.known_length is not reported on stderr")
def compares_with_what_the_application_announced(self):
    """Only the application can promise too much."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    announced = self.header("content-length")
    if self.framing == LENGTH and announced is not None and self.sent < int(announced):
        print(f"the body has {self.sent} bytes, its Content-Length is {announced}", file=sys.stderr)


@mistake("4.11", "the log does not tell both numbers")
def tells_of_no_byte_in_words(self):
    """Without a byte there is no number to tell."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent or 'no'} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "the chunks have no last chunk where self.known_length was set after the head")
def asks_for_the_framing_once_more(self):
    """choose_framing tells how the body ends: it is asked where the body ends."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    framing = self.choose_framing()
    if framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    elif framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} bytes were sent, and {self.length} announced", file=sys.stderr)


@mistake("4.11", "a body of which no byte came is not reported on stderr, where the head has gone before")
def takes_no_byte_for_no_head(self):
    """Where no byte was sent, no head was sent."""
    if not self.sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "close sends nothing behind the last block")
def has_the_last_chunk_made_by_framed(self):
    """framed makes a chunk of what it is given, and the last chunk is one of no bytes."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(self.framed(b""))
    if self.framing == LENGTH and self.sent < self.length:
        print(f"{self.sent} of {self.length} bytes were sent", file=sys.stderr)


@mistake("4.11", "close closes the connection (a body of 5 bytes, framing: until close)")
def closes_the_connection_that_ends_the_body(self):
    """Where the end of the connection is the end of the body, close seems to be the one to close it."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == UNTIL_CLOSE:
        self.connection.close()
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "close closes the connection (a body of 0 bytes, framing: a length)")
def closes_the_connection_of_a_body_that_is_too_short(self):
    """So the client does not wait for what never comes; but hang_up closes, a moment later."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        self.connection.close()
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "close closes the connection (a body of 0 bytes, framing: no body, for HEAD)")
def shuts_down_behind_a_head_without_a_body(self):
    """Nothing follows such a head, and the client may know it; but hang_up says so."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == NO_BODY:
        self.connection.shutdown(socket.SHUT_WR)
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "the head of an empty body does not say Content-Length: 0, where self.known_length was set")
def keeps_a_length_that_was_known(self):
    """What is known stays known; but the block whose length it was has been refused."""
    if not self.head_sent:
        self.known_length = self.known_length or 0
        self.send(self.head_once())
    if self.framing == CHUNKED:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.11", "the chunks have no last chunk, where the head has gone and no byte has followed")
def sends_the_last_chunk_behind_others_alone(self):
    """Without a chunk, none needs to be the last; but the head has announced chunks."""
    if not self.head_sent:
        self.known_length = 0
        self.send(self.head_once())
    if self.framing == CHUNKED and self.sent:
        self.send(b"0\r\n\r\n")
    if self.framing == LENGTH and self.sent < self.length:
        print(f"the body has {self.sent} bytes, its Content-Length is {self.length}", file=sys.stderr)


@mistake("4.12", "the line ends with a line break")
def ends_with_a_line_break(client_address, request, response, started, seconds):
    """A line ends with a line break."""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}"
    return f'{client_address[0]} - - [{moment}] "{line}" {response.status[:3]} {response.sent} {seconds:.3f}\n'


@mistake("4.12", "a quote or a backslash in the target is not escaped, once")
def trusts_the_target(client_address, request, response, started, seconds):
    """A target is a path, and paths have no quotes."""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}"
    status = response.status[:3] if response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {status} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "a quote or a backslash in the target is not escaped, once")
def escapes_the_escapes(client_address, request, response, started, seconds):
    """Quotes first, then backslashes: the order does not matter."""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}".replace('"', '\\"').replace("\\", "\\\\")
    status = response.status[:3] if response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {status} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the line is not in the common log format")
def shows_the_address_as_a_pair(client_address, request, response, started, seconds):
    """The address is client_address."""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}"
    return f'{client_address} - - [{moment}] "{line}" {response.status[:3]} {response.sent} {seconds:.3f}'


@mistake("4.12", "the status is not three digits alone")
def shows_the_phrase_too(client_address, request, response, started, seconds):
    """The status is response.status. (For "200 OK" it is cut, for longer ones somebody else will see.)"""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}"
    status = response.status.removesuffix(" OK")
    return f'{client_address[0]} - - [{moment}] "{line}" {status} {response.sent} {seconds:.3f}'


@mistake("4.12", "a response without a status is not written as -")
def expects_a_status_always(client_address, request, response, started, seconds):
    """Every request is answered. (Not if the client has left.)"""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}"
    return f'{client_address[0]} - - [{moment}] "{line}" {response.status[:3]} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the line does not begin with the client's host")
def knows_only_this_machine(client_address, request, response, started, seconds):
    """All clients so far were 127.0.0.1."""
    target = request.target.replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status[:3] if response.status else "-"
    line = f"{request.method} {target} {request.version}"
    return f'127.0.0.1 - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "access_line prints")
def prints_the_line_too(client_address, request, response, started, seconds):
    """A log line is to be seen."""
    target = request.target.replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status[:3] if response.status else "-"
    line = f'{client_address[0]} - - [{moment}] "{request.method} {target} {request.version}" {code} '
    line += f'{response.sent or "-"} {seconds:.3f}'
    print(line, file=sys.stderr)
    return line


@mistake("4.12", "where the head has gone, and nothing of a body, the bytes are not written as -")
def counts_once_the_head_has_gone(client_address, request, response, started, seconds):
    """The dash says that nothing was sent; where the head has gone, it was 0 bytes of a body."""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"')
    code = response.status[:3] if response.status else "-"
    size = response.sent if response.head_sent else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {size} {seconds:.3f}'


@mistake("4.12", "a response without a status is not written as -")
def takes_a_start_for_a_status(client_address, request, response, started, seconds):
    """A response that was started has a status. (Not if start_response refused it.)"""
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line = f"{request.method} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"')
    code = response.status[:3] if response.started else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the target is not written as it was sent")
def puts_the_target_together_again(client_address, request, response, started, seconds):
    """A target is a path and a query, and the request has both."""
    target = request.path.decode("latin-1") + ("?" + request.query if request.query else "")
    target = target.replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    line, code = f"{request.method} {target} {request.version}", response.status[:3] if response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "a quote or a backslash in the target is not escaped, once")
def escapes_the_first_quote(client_address, request, response, started, seconds):
    """A target has one quote at the most."""
    line = f"{request.method} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"', 1)
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status[:3] if response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the status is not told: start_response was never called, and send_error has answered with a 500")
def tells_no_status_without_start_response(client_address, request, response, started, seconds):
    """An application that has not called start_response has no status; but send_error sets one, and sends it."""
    line = f"{request.method} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status[:3] if response.started and response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the status is not told: start_response was called, and then Ctrl-C came before a head was sent")
def tells_no_status_without_a_head(client_address, request, response, started, seconds):
    """The log tells what was sent, and no head has gone; but the task asks for response.status alone."""
    line = f"{request.method} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status[:3] if response.head_sent else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "where local time is not UTC, the moment is another one")
def takes_started_for_local_time(client_address, request, response, started, seconds):
    """The line says +0000, so the moment is turned into UTC; but it is in UTC already."""
    line = f"{request.method} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(time.mktime(started)))
    code = response.status[:3] if response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the request line is not the client's")
def writes_the_method_in_capitals(client_address, request, response, started, seconds):
    """Methods are in capitals; but `get` is another method than GET, and the log tells what was sent."""
    line = f"{request.method.upper()} {request.target} {request.version}".replace("\\", "\\\\").replace('"', '\\"')
    moment = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status[:3] if response.status else "-"
    return f'{client_address[0]} - - [{moment}] "{line}" {code} {response.sent or "-"} {seconds:.3f}'


@mistake("4.12", "the number of bytes is 1000, and should be 65")
def writes_how_long_the_body_should_be(client_address, request, response, started, seconds):
    """The common log format has the size of the response there: Content-Length."""
    target = request.target.replace("\\", "\\\\").replace('"', '\\"')
    when = time.strftime("%d/%b/%Y:%H:%M:%S +0000", started)
    code = response.status.split()[0] if response.status else "-"
    size = response.sent if response.length is None else response.length
    return (f'{client_address[0]} - - [{when}] "{request.method} {target} {request.version}" '
            f'{code} {size or "-"} {seconds:.3f}')


@mistake("4.13", "an error after the head has gone is not on stderr")
def tells_no_error_after_the_head(app, environ, response, request, client_address):
    """After the head nothing can be done for the client, so there seems to be nothing left to do at all."""
    started, begin = time.gmtime(), time.monotonic()
    iterable = None
    try:
        iterable = app(environ, response.start_response)
        if isinstance(iterable, FileWrapper):
            response.write_file(iterable)
        else:
            response.write_blocks(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        if not response.head_sent:
            traceback.print_exc()
            response.send_error()
    finally:
        seconds = time.monotonic() - begin
        print(access_line(client_address, request, response, started, seconds), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "close() of the iterable is not called after an error in the iteration")
def closes_the_iterable_after_success_only(app, environ, response, request, client_address):
    """When everything was sent, the iterable is closed."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
        if hasattr(iterable, "close"):
            iterable.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)


@mistake("4.13", "close() of the iterable is not called after success")
def closes_the_iterator(app, environ, response, request, client_address):
    """The iterator is what was iterated, so it is what is closed."""
    started, begin, blocks = time.gmtime(), time.monotonic(), None
    try:
        blocks = iter(app(environ, response.start_response))
        send = response.write_file if isinstance(blocks, FileWrapper) else response.write_blocks
        send(blocks)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(blocks, "close"):
            blocks.close()


@mistake("4.13", "the application is called with keywords")
def calls_the_application_by_keyword(app, environ, response, request, client_address):
    """Names make a call clearer."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ=environ, start_response=response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "an application that empties its environ is not answered")
def looks_into_environ_after_the_call(app, environ, response, request, client_address):
    """The file wrapper is what stands in environ. (As in gunicorn 27.0.1: who pops it gets a 500.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        is_file = isinstance(iterable, environ["wsgi.file_wrapper"])
        (response.write_file if is_file else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "nothing is answered after an error (a ConnectionError of the application's own)")
def takes_every_connection_error_for_the_client(app, environ, response, request, client_address):
    """ClientGone is a ConnectionError, and those come from the client. (Or from the application's database.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ConnectionError:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a client that leaves is reported as an error")
def takes_a_client_that_leaves_for_an_error(app, environ, response, request, client_address):
    """Whatever is raised is an error."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a body without blocks is not answered: the response is not closed")
def forgets_to_close_the_response(app, environ, response, request, client_address):
    """When the last block is sent, the response has ended."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "something is sent behind the block before the error")
def ends_the_response_after_an_error_too(app, environ, response, request, client_address):
    """Whatever happens, the response is closed in the end."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
        response.close()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the iterable is closed before the access log is written")
def logs_at_the_very_end(app, environ, response, request, client_address):
    """The log comes last."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)


@mistake("4.13", "the time taken is not that of call, body and end")
def takes_the_time_of_the_call_only(app, environ, response, request, client_address):
    """The application has done its work when it returns."""
    started, begin, seconds, iterable = time.gmtime(), time.monotonic(), 0, None
    try:
        iterable = app(environ, response.start_response)
        seconds = time.monotonic() - begin
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, seconds), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the time in the access log is not UTC")
def logs_what_the_wall_says(app, environ, response, request, client_address):
    """The time is the time. (In London in winter it even is.)"""
    started, begin, iterable = time.localtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "nothing is answered after an error (in the call)")
def leaves_errors_to_the_server(app, environ, response, request, client_address):
    """serve of chapter 1 prints the traceback already."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a name has no value after an error (in the call)")
def expects_that_there_is_an_iterable(app, environ, response, request, client_address):
    """The call of the application comes first, so its result is there in finally."""
    started, begin = time.gmtime(), time.monotonic()
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "Ctrl-C is swallowed")
def swallows_ctrl_c(app, environ, response, request, client_address):
    """`except:` catches whatever the application does."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the response is not the application's")
def writes_the_iterable_itself(app, environ, response, request, client_address):
    """What app returns is the body, and write sends the body."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        response.write(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the application is not given the environ that answer_with is")
def makes_an_environ_of_its_own(app, environ, response, request, client_address):
    """The environ is that of chapter 3."""
    environ = build_environ(request, response.connection.getsockname(), client_address)
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the response that answer_with is given is not used")
def makes_a_response_of_its_own(app, environ, response, request, client_address):
    """Each request has a Response of its own."""
    response = Response(response.connection, request)
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a FileWrapper is sent block by block, not as a file")
def treats_a_file_like_any_iterable(app, environ, response, request, client_address):
    """A FileWrapper is an iterable of blocks."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        response.write_blocks(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a block is not sent before the next is asked for")
def collects_the_blocks_first(app, environ, response, request, client_address):
    """A list can be looked at as often as one likes."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable if isinstance(iterable, FileWrapper) else list(iterable))
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the access log is on stdout, not on stderr")
def prints_the_access_log_on_stdout(app, environ, response, request, client_address):
    """print prints."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin))
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the response tells what has failed")
def tells_the_client_what_has_failed(app, environ, response, request, client_address):
    """Who sees an error page wants to know what it is about."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        traceback.print_exc()
        response.status, response.headers = "500 Internal Server Error", []
        response.write_blocks([repr(error).encode()])
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "blocks are made for a client that has left")
def goes_on_for_a_client_that_has_left(app, environ, response, request, client_address):
    """A client that has left is no error, so the loop goes on."""
    import contextlib
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        if isinstance(iterable, FileWrapper):
            response.write_file(iterable)
        for block in iterable:
            with contextlib.suppress(ClientGone):
                response.write(block)
        with contextlib.suppress(ClientGone):
            response.close()
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        getattr(iterable, "close", str)()


@mistake("4.13", "nothing is answered after an error (a malformed status)")
def expects_value_errors_from_write_only(app, environ, response, request, client_address):
    """ValueError says that the body was too long, and then it has been cut already."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except (ClientGone, ValueError):
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "what the iterable's close raises is swallowed (AttributeError)")
def asks_for_forgiveness(app, environ, response, request, client_address):
    """It is easier to ask for forgiveness than for permission. (Here it forgives what happens inside close, too.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        try:
            iterable.close()
        except AttributeError:
            pass


@mistake("4.13", "what the iterable's close raises is swallowed (ConnectionResetError)")
def lets_close_fail(app, environ, response, request, client_address):
    """The response has been sent: what close says is not important."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            try:
                iterable.close()
            except Exception:
                pass


@mistake("4.13", "an error of the application is let out (sys.exit in the iteration)")
def takes_exception_for_everything(app, environ, response, request, client_address):
    """`except Exception` is every error but Ctrl-C. (SystemExit and CancelledError are not.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except Exception:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "an error of the application is let out (an error in the iteration)")
def answers_and_raises_again(app, environ, response, request, client_address):
    """Who has logged an error passes it on."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
        raise
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "ClientGone is let out")
def lets_client_gone_out(app, environ, response, request, client_address):
    """serve knows what to do with errors."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        if not hasattr(iterable, "__iter__"):
            raise TypeError("no iterable")
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the moment in the access log is that of the end")
def asks_for_the_moment_in_the_end(app, environ, response, request, client_address):
    """The line is written now."""
    iterable = None
    begin = time.monotonic()
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, time.gmtime(), time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a file that is returned is not answered")
def takes_everything_with_read_for_a_file_wrapper(app, environ, response, request, client_address):
    """What has a read is a file, and write_file sends files."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        is_file = hasattr(getattr(iterable, "file", iterable), "read")
        send = response.write_file if is_file else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "Ctrl-C is reported as an error")
def answers_ctrl_c_with_500(app, environ, response, request, client_address):
    """Whatever ends the page is answered first."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except BaseException as error:
        traceback.print_exc()
        response.send_error()
        if isinstance(error, KeyboardInterrupt):
            raise
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "Ctrl-C is swallowed")
def returns_in_finally(app, environ, response, request, client_address):
    """Without a close there is nothing left to do. (A return in finally drops what was raised.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if not hasattr(iterable, "close"):
            return  # noqa: B012
        iterable.close()


@mistake("4.13", "the connection is closed")
def closes_the_connection_too(app, environ, response, request, client_address):
    """Connection: close was announced."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()
        response.connection.close()


@mistake("4.13", "there is a body where none may be")
def answers_an_error_by_itself(app, environ, response, request, client_address):
    """error_response makes a whole 500; but it does not know that the request is HEAD, as the response does."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        if not response.head_sent:
            refusal = error_response(500, "the server has made an error")
            response.status, response.sent = "500 Internal Server Error", len(refusal.partition(BLANK_LINE)[2])
            response.connection.sendall(refusal)
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "after Ctrl-C the request is not in the access log, once")
def logs_all_but_ctrl_c(app, environ, response, request, client_address):
    """After Ctrl-C the server ends, and with it the log."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    ended = False
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        ended = True
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        if not ended:
            print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "close() of the iterable is not called after sys.exit in the iteration")
def closes_and_logs_after_an_exception_only(app, environ, response, request, client_address):
    """SystemExit is no Exception: it is answered, and that is all."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    whole = True
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except Exception:
        traceback.print_exc()
        response.send_error()
    except BaseException:
        traceback.print_exc()
        response.send_error()
        whole = False
    finally:
        if whole:
            print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close") and whole:
            iterable.close()


@mistake("4.13", "an error of the application is let out (a GeneratorExit in the iteration)")
def lists_what_is_no_exception(app, environ, response, request, client_address):
    """Besides Exception there are SystemExit and what asyncio raises. (And GeneratorExit, and others of one's own.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    import asyncio
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except (Exception, SystemExit, asyncio.CancelledError):
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "what is a FileWrapper by isinstance is sent block by block, not as a file")
def compares_the_class_of_the_iterable(app, environ, response, request, client_address):
    """type() tells what something is."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if type(iterable) is FileWrapper else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "stderr lacks the traceback and the access log")
def logs_where_the_application_logs(app, environ, response, request, client_address):
    """wsgi.errors is the server's log."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    log = environ["wsgi.errors"]
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc(file=log)
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=log)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a client that leaves at the last chunk is reported as an error")
def hears_of_the_client_while_blocks_are_sent(app, environ, response, request, client_address):
    """A client leaves while the body is sent. (Or when the last chunk is.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        try:
            send(iterable)
        except ClientGone:
            return
        response.close()
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a client that leaves at write(b'one ') in the call is reported as an error")
def hears_of_the_client_behind_the_call_only(app, environ, response, request, client_address):
    """In the call nothing is sent yet. (But by write it is.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        try:
            send(iterable)
            response.close()
        except ClientGone:
            pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "a close that the iterable's class does not know is not called, once")
def takes_the_close_of_the_class(app, environ, response, request, client_address):
    """Methods belong to the class."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(type(iterable), "close") or isinstance(iterable, FileWrapper):
            iterable.close()


@mistake("4.13", "where the application empties its environ, its FileWrapper is not sent as a file")
def looks_for_the_wrapper_in_the_environ(app, environ, response, request, client_address):
    """What the application found in its environ is what it has made its wrapper with."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        wrapper = environ.get("wsgi.file_wrapper")
        if wrapper is FileWrapper and isinstance(iterable, wrapper):
            response.write_file(iterable)
        else:
            response.write_blocks(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "something is printed for a client that leaves, beside the access log")
def notes_that_the_client_has_left(app, environ, response, request, client_address):
    """The access line does not tell that the client has left: a line more does."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone as error:
        print(f"{client_address[0]} has left: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "where the application puts another wsgi.file_wrapper into its environ, its FileWrapper is not sent")
def asks_the_environ_for_the_wrapper_if_it_is_there(app, environ, response, request, client_address):
    """The environ says which wrapper it is; FileWrapper is what is left where it was emptied."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        is_file = isinstance(iterable, environ.get("wsgi.file_wrapper", FileWrapper))
        send = response.write_file if is_file else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "something is printed for Ctrl-C, beside the access log")
def says_that_it_was_interrupted(app, environ, response, request, client_address):
    """Whoever presses Ctrl-C sees at once that it was heard."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        print("interrupted")
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the access line is written before send_error has answered: it has - in place of 500 (in the call)")
def writes_the_line_before_it_answers(app, environ, response, request, client_address):
    """The line is written whatever happens: so it stands in the innermost finally."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        try:
            iterable = app(environ, response.start_response)
            if isinstance(iterable, FileWrapper):
                response.write_file(iterable)
            else:
                response.write_blocks(iterable)
            response.close()
        finally:
            seconds = time.monotonic() - begin
            print(access_line(client_address, request, response, started, seconds), file=sys.stderr)
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "what the iterable's close raises is swallowed (GeneratorExit)")
def takes_a_generator_s_end_for_no_error(app, environ, response, request, client_address):
    """A generator that is closed raises GeneratorExit, as it should. (But it does not let it out.)"""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        (response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks)(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            try:
                iterable.close()
            except GeneratorExit:
                pass


@mistake("4.13", "answer_with closes the connection (a body of 5 bytes, framing: until close)")
def closes_what_ends_the_body(app, environ, response, request, client_address):
    """Where the end of the connection is the end of the body, it seems to be closed here."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
        if response.framing == UNTIL_CLOSE:
            response.connection.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "answer_with closes the connection (after ApplicationFails, framing: chunks)")
def closes_the_connection_where_half_a_page_was_sent(app, environ, response, request, client_address):
    """Only the end of the connection tells the client that the page is not whole; hang_up brings it."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        if response.head_sent:
            response.connection.close()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "answer_with closes the connection (the client has left, framing: chunks)")
def closes_the_connection_of_a_client_that_has_left(app, environ, response, request, client_address):
    """Nobody is there any more; but it is hang_up that closes, in every case."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        response.connection.close()
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "an error before the head is not answered with 500 (a BadRequest of the application's own)")
def answers_a_bad_request_of_the_application(app, environ, response, request, client_address):
    """BadRequest is known, and has a status; but an application's own is an error of the application: 500."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except BadRequest as error:
        response.connection.sendall(error_response(error.status, str(error)))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "an error of the application is let out (a NotAnApplication of the application's own)")
def lets_a_not_an_application_out(app, environ, response, request, client_address):
    """main turns it into a sentence; but that is over when the server runs, and here it is an error of the page."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except (KeyboardInterrupt, NotAnApplication):
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "what the iterable's close raises is swallowed (ClientGone)")
def passes_over_a_client_gone_of_close(app, environ, response, request, client_address):
    """The client may have gone when close is called; but close sends nothing to it."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            try:
                iterable.close()
            except ClientGone:
                pass


@mistake("4.13", "the access log tells what the application has put into its environ")
def logs_whom_the_environ_names(app, environ, response, request, client_address):
    """The environ has REMOTE_ADDR; but since the call it is the application's, which may have changed it."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable)
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        client_address = environ.get("REMOTE_ADDR", client_address[0]), client_address[1]
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.13", "the length of a list with one block is not announced")
def gives_an_iterator_on(app, environ, response, request, client_address):
    """To write_blocks all iterables are one, it seems; but an iterator has no len."""
    started, begin, iterable = time.gmtime(), time.monotonic(), None
    try:
        iterable = app(environ, response.start_response)
        send: Callable = response.write_file if isinstance(iterable, FileWrapper) else response.write_blocks
        send(iterable if isinstance(iterable, FileWrapper) else iter(iterable))
        response.close()
    except ClientGone:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response.send_error()
    finally:
        print(access_line(client_address, request, response, started, time.monotonic() - begin), file=sys.stderr)
        if hasattr(iterable, "close"):
            iterable.close()


@mistake("4.14", "the time limit is not what is left until self.end")
def begins_the_time_limit_anew(self, size):
    """A socket has a time limit, so each client has one."""
    if time.monotonic() >= self.end:
        raise TimeoutError
    self.connection.settimeout(REQUEST_SECONDS)
    return self.connection.recv(size)


@mistake("4.14", "the time limit is not what is left until self.end")
def takes_a_moment_for_a_duration(self, size):
    """settimeout takes the time at which it is over."""
    self.connection.settimeout(self.end)
    return self.connection.recv(size)


@mistake("4.14", "ValueError is raised instead of TimeoutError")
def lets_the_time_left_become_negative(self, size):
    """The socket knows what to do when the time is over. (It refuses a negative number with ValueError.)"""
    self.connection.settimeout(self.end - time.monotonic())
    return self.connection.recv(size)


@mistake("4.14", "there is no TimeoutError when the time is over")
def waits_a_little_longer_each_time(self, size):
    """A small positive number keeps settimeout happy, and the client has another chance."""
    self.connection.settimeout(max(self.end - time.monotonic(), 0.1))
    return self.connection.recv(size)


@mistake("4.14", "there is no TimeoutError when the time is over")
def takes_a_slow_client_for_one_that_has_left(self, size):
    """b"" ends the reading in any case."""
    left = self.end - time.monotonic()
    if left <= 0:
        return b""
    try:
        self.connection.settimeout(left)
        return self.connection.recv(size)
    except TimeoutError:
        return b""


@mistake("4.14", "nothing is returned")
def forgets_what_it_has_received(self, size):
    """The connection keeps what was received."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    self.connection.settimeout(left)
    self.connection.recv(size)


@mistake("4.14", "there is no TimeoutError when the time is over")
def takes_nothing_left_for_a_time_limit(self, size):
    """Less than nothing is left: then it is over. (A time limit of exactly 0 makes a socket that does not wait.)"""
    left = self.end - time.monotonic()
    if left < 0:
        raise TimeoutError
    self.connection.settimeout(left)
    return self.connection.recv(size)


@mistake("4.14", "there is a TimeoutError while there is time left")
def counts_in_whole_seconds(self, size):
    """A time limit is a number of seconds."""
    left = int(self.end - time.monotonic())
    if left <= 0:
        raise TimeoutError
    self.connection.settimeout(left)
    return self.connection.recv(size)


@mistake("4.14", "the connection has no time limit")
def looks_at_the_clock_only(self, size):
    """When the time is over, it is over. (But nobody looks while recv waits.)"""
    if time.monotonic() >= self.end:
        raise TimeoutError
    return self.connection.recv(size)


@mistake("4.14", "there is a TimeoutError while there is time left")
def asks_another_clock(self, size):
    """time.time() is what time it is. (self.end is a moment of another clock.)"""
    left = self.end - time.time()
    if left <= 0:
        raise TimeoutError("too late")
    self.connection.settimeout(left)
    return self.connection.recv(size)


@mistake("4.14", "the connection's ConnectionResetError is swallowed")
def takes_a_reset_for_the_end(self, size):
    """The client has left, and b"" says so."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    self.connection.settimeout(left)
    try:
        return self.connection.recv(size)
    except ConnectionError:
        return b""


@mistake("4.14", "TimeoutError is raised instead of ConnectionResetError")
def takes_every_oserror_for_a_timeout(self, size):
    """recv raises when it takes too long."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    self.connection.settimeout(left)
    try:
        return self.connection.recv(size)
    except OSError:
        raise TimeoutError("too slow")


@mistake("4.14", "recv waits until size bytes have come")
def waits_for_all_the_bytes(self, size):
    """size bytes were asked for."""
    received = b""
    while len(received) < size:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("too late")
        self.connection.settimeout(left)
        block = self.connection.recv(size - len(received))
        if not block:
            break
        received += block
    return received


@mistake("4.14", "b'' is not passed on: your code raises ClientGone")
def raises_client_gone_at_the_end(self, size):
    """b"" means that the client is gone, and there is an exception for that."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    self.connection.settimeout(left)
    block = self.connection.recv(size)
    if not block:
        raise ClientGone("left")
    return block


@mistake("4.14", "the time limit is not what is left until self.end")
def waits_at_least_a_tenth_of_a_second(self, size):
    """A time limit that is very short is none."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    self.connection.settimeout(max(left, 0.1))
    return self.connection.recv(size)


@mistake("4.14", "the connection gets a time limit that is not above 0")
def looks_at_the_clock_twice(self, size):
    """Whether there is time left is one question, and how much of it another."""
    if self.end - time.monotonic() <= 0:
        raise TimeoutError("the client did not finish its request in time")
    self.connection.settimeout(self.end - time.monotonic())
    return self.connection.recv(size)


@mistake("4.14", "the connection is closed where its recv raises TimeoutError")
def closes_the_connection_of_a_slow_client(self, size):
    """It has had its time; but it is told so, with 408, over this connection."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the client did not finish its request in time")
    self.connection.settimeout(left)
    try:
        return self.connection.recv(size)
    except TimeoutError:
        self.connection.close()
        raise


@mistake("4.14", "the connection's ClientGone is swallowed")
def takes_a_client_gone_of_the_socket_for_its_end(self, size):
    """A client that has gone has hung up, and b'' says so; but what the socket raises is let out."""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the client did not finish its request in time")
    self.connection.settimeout(left)
    try:
        return self.connection.recv(size)
    except ClientGone:
        return b""


@mistake("4.14", "the end is put off by bytes that come")
def puts_the_end_off(self, size):
    """Whoever sends something is alive, and gets as long again. (So it holds the server as long as it likes.)"""
    left = self.end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the client is too slow")
    self.connection.settimeout(left)
    data = self.connection.recv(size)
    if data:
        self.end = time.monotonic() + left
    return data


@mistake("4.15", "make_handle does not return a function")
def handles_at_once(app):
    """make_handle handles."""
    return None


@mistake("4.15", "the connection is not closed")
def closes_after_success_only(app):
    """In the end the connection is closed."""
    def handle(connection, client_address):
        request = receive_request(connection)
        if request:
            connection.settimeout(SEND_SECONDS)
            handle_request(app, request, connection, client_address)
            hang_up(connection)

    return handle


@mistake("4.15", "your code raises AttributeError: 'NoneType' object has no attribute 'method'")
def expects_a_request_always(app):
    """receive_request returns the request."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            connection.settimeout(SEND_SECONDS)
            handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)

    return handle


@mistake("4.15", "the connection's time limit is not SEND_SECONDS while the request is handled")
def keeps_the_time_limit_of_the_request(app):
    """A connection has one time limit."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)

    return handle


@mistake("4.15", "the connection is closed at once, without hang_up")
def closes_without_hanging_up(app):
    """close closes a connection."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        finally:
            connection.close()

    return handle


@mistake("4.15", "the connection is not closed after KeyboardInterrupt")
def closes_after_exceptions_only(app):
    """`except Exception` is every error."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        except Exception:
            pass
        hang_up(connection)

    return handle


@mistake("4.15", "OSError is swallowed")
def reports_errors_itself(app):
    """A server prints its errors and goes on. (serve does that.)"""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        except Exception:
            traceback.print_exc()
        finally:
            hang_up(connection)
    return handle


@mistake("4.15", "OSError is swallowed")
def takes_every_oserror_for_the_client(app):
    """Whatever a socket raises, the client has left."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        except OSError:
            pass
        finally:
            hang_up(connection)
    return handle


@mistake("4.15", "REMOTE_ADDR is not the client's address")
def remembers_the_first_client(app):
    """The list has the addresses of the clients."""
    seen = []
    def handle(connection, client_address):
        seen.append(client_address)
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, seen[0])
        finally:
            hang_up(connection)
    return handle


@mistake("4.15", "the connection is not closed after KeyboardInterrupt")
def receives_before_the_try(app):
    """receive_request deals with errors itself."""
    def handle(connection, client_address):
        request = receive_request(connection)
        if not request:
            return hang_up(connection)
        connection.settimeout(SEND_SECONDS)
        try:
            handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)
    return handle


@mistake("4.15", "the connection is closed at once, without hang_up")
def closes_with_a_with_statement(app):
    """`with` closes the connection in every case."""
    def handle(connection, client_address):
        with connection:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
                hang_up(connection)
    return handle


@mistake("4.15", "the connection is closed while bytes of the client lie unread")
def says_that_was_all_and_closes(app):
    """shutdown tells the client that the answer is whole; but unread bytes still turn close into a reset."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        finally:
            connection.shutdown(socket.SHUT_WR)
            connection.close()

    return handle


@mistake("4.15", "after RuntimeError the connection is closed at once, without hang_up")
def hangs_up_if_all_is_well(app):
    """After an error there is nothing to lose; but the page has been sent by then, and its client waits for it."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
            hang_up(connection)
        finally:
            connection.close()

    return handle


@mistake("4.15", "BadRequest is let out")
def calls_read_request(app):
    """read_request reads requests, as in chapter 3."""
    def handle(connection, client_address):
        try:
            request = read_request(connection)
            connection.settimeout(SEND_SECONDS)
            handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)
    return handle


@mistake("4.15", "the connection is not closed after SystemExit")
def closes_after_the_errors_that_it_knows(app):
    """What can be raised is an Exception, or Ctrl-C."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
        except (Exception, KeyboardInterrupt):
            hang_up(connection)
            raise
        try:
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)

    return handle


@mistake("4.15", "after KeyboardInterrupt, while the request is received, the connection is closed at once, without")
def closes_at_once_where_no_request_has_come(app):
    """Without a request there is no response that could get lost."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
        except BaseException:
            connection.close()
            raise
        try:
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)

    return handle


@mistake("4.15", "something is printed for a client without a request")
def tells_that_there_is_no_request(app):
    """Where nothing is done, a line says why."""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if not request:
                print(f"{client_address[0]} has sent no request", file=sys.stderr)
                return
            connection.settimeout(SEND_SECONDS)
            handle_request(app, request, connection, client_address)
        finally:
            hang_up(connection)

    return handle


@mistake("4.15", "the connection is not closed after GeneratorExit")
def hangs_up_after_all_that_it_knows(app):
    """Exception, SystemExit and KeyboardInterrupt are all that there is. (`finally` need not know a name.)"""
    def handle(connection, client_address):
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        except (Exception, SystemExit, KeyboardInterrupt):
            hang_up(connection)
            raise
        hang_up(connection)

    return handle


@mistake("4.15", "ClientGone is swallowed")
def passes_over_a_client_gone(app):
    """A client that has gone is no error; but it is the close of the iterable that raises it here."""
    def handle(connection: socket.socket, client_address: Address) -> None:
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        except ClientGone:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("4.15", "BadRequest is swallowed")
def refuses_a_bad_request_of_the_application(app):
    """BadRequest is for refuse, and receive_request does that; one that comes out of handle_request is a bug."""
    def handle(connection: socket.socket, client_address: Address) -> None:
        try:
            request = receive_request(connection)
            if request:
                connection.settimeout(SEND_SECONDS)
                handle_request(app, request, connection, client_address)
        except BadRequest as error:
            refuse(connection, error.status, str(error))
        finally:
            hang_up(connection)

    return handle


@mistake("4.16", "'app' is looked for in demo_package, not in demo_package.inner")
def takes_the_top_package(name):
    """__import__ imports a module. (Of `shop.wsgi` it returns `shop`.)"""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(__import__(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "ValueError is raised instead of NotAnApplication: not enough values to unpack")
def unpacks_what_split_returns(name):
    """There is a colon in it, so there are two parts."""
    module_name, attribute = name.split(":")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "RuntimeError is raised instead of NotAnApplication: no database")
def expects_import_errors_only(name):
    """What can go wrong with an import is ImportError."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "SystemExit is raised instead of NotAnApplication: set SECRET first")
def lets_the_module_exit(name):
    """Every error is an Exception. (SystemExit is not.)"""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except Exception as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "the message says something else than what is wrong: a module that needs another")
def takes_every_missing_module_for_the_one_that_was_asked_for(name):
    """ModuleNotFoundError says that there is no such module."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except ModuleNotFoundError as error:
        raise NotAnApplication(f"there is no module {module_name!r}") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "an object that can't be called is not refused with NotAnApplication")
def takes_any_object(name):
    """What is found is the application."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        return getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error


@mistake("4.16", "the message says something else than what is wrong: a module that raises")
def says_the_same_for_every_error(name):
    """If it can't be loaded, it is not there."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(f"there is no module {module_name} with {attribute}") from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "NotAnApplication is raised instead of KeyboardInterrupt")
def takes_ctrl_c_for_an_error_of_the_module(name):
    """Whatever is raised, one sentence tells it."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "ModuleNotFoundError is raised instead of NotAnApplication: No module named 'demo_nowhere'")
def lets_python_say_what_is_missing(name):
    """Python's own message is clear enough."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except ModuleNotFoundError:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "AttributeError is raised instead of NotAnApplication: module 'demo_lacks' has no attribute 'app'")
def looks_the_name_up_outside_of_try(name):
    """Only the import can fail."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        module = importlib.import_module(module_name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    app = getattr(module, attribute)
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "another object is returned")
def returns_the_module(name):
    """The module is the application."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        module = importlib.import_module(module_name)
        app = getattr(module, attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return module


@mistake("4.16", "the message does not say whether there is such an object")
def takes_none_for_a_missing_object(name):
    """What is not there is None, and None can't be called."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute, None)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is no application")
    return app


@mistake("4.16", "the message speaks of None, and no such object is there at all")
def tells_the_type_of_what_is_missing(name):
    """What is not there is None, and can't be called, which the last test tells; but the module has no None in it."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute, None)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "the message does not say whether there is such an object")
def has_a_mark_of_its_own_for_what_is_missing(name):
    """An object that nobody else has stands for what is missing; and is told of as if the module had it."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute, object())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is of the type {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "the object is called")
def makes_an_object_of_a_class(name):
    """A class is there to make objects."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is no application")
    if isinstance(app, type):
        app = app()
    return app


@mistake("4.16", "NotAnApplication is raised for a name that is right")
def wants_a_function(name):
    """An application is a function."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not hasattr(app, "__code__"):
        raise NotAnApplication(f"{name} is no application")
    return app


@mistake("4.16", "the module is run again when it is asked for again")
def imports_the_module_anew(name):
    """reload makes sure that the newest version is served."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        module = importlib.reload(importlib.import_module(module_name))
        app = getattr(module, attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is no application")
    return app


@mistake("4.16", "ValueError is raised instead of NotAnApplication: too many values to unpack")
def unpacks_what_stands_around_the_colon(name):
    """There is a colon, so there are two parts."""
    if ":" not in name or name.startswith(":") or name.endswith(":"):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    module_name, attribute = name.split(":")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "a name with two colons is not refused with NotAnApplication")
def drops_what_stands_behind_a_second_colon(name):
    """The first two parts are what counts."""
    module_name, attribute, *_ = name.split(":") + [""]
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "NotAnApplication is raised for a name that is right")
def asks_whether_the_application_counts_as_true(name):
    """What is not there is None, and what is there is true. (An object whose len is 0 is not.)"""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not app or not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "NoDatabase is raised instead of NotAnApplication: no database")
def lists_what_a_module_raises(name):
    """These are the errors that a module makes. (It may raise anything.)"""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, SyntaxError, RuntimeError, SystemExit) as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "RuntimeError is raised instead of NotAnApplication")
def expects_an_attribute_error_alone_of_getattr(name):
    """The import runs the module, and may raise anything; getattr only looks, and finds or does not find."""
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        module = importlib.import_module(module_name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    try:
        app = getattr(module, attribute)
    except AttributeError as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is not callable")
    return app


@mistake("4.16", "an object with a __call__ that its class has not is not refused")
def looks_for_call_in_the_object(name):
    """An application has a __call__: hasattr finds it."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    wanted = "__call__"
    if not hasattr(app, wanted):
        raise NotAnApplication(f"{name} is a {type(app).__name__}")
    return app


@mistake("4.16", "nothing behind the colon is not refused with NotAnApplication")
def has_a_name_for_what_is_missing(name):
    """gunicorn takes `application` where no name is given."""
    module, _, attribute = name.partition(":")
    if not module or ":" not in name:
        raise NotAnApplication(f"{name!r} is not MODULE:NAME")
    attribute = attribute or "application"
    try:
        app = getattr(importlib.import_module(module), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} can't be called")
    return app


@mistake("4.16", "the message says something else than what is wrong: a module whose __getattr__ raises")
def looks_among_the_names_of_the_module(name):
    """vars has all that a module defines, and raises nothing."""
    module_name, _, attribute = name.partition(":")
    if "" in (module_name, attribute):
        raise NotAnApplication(f"there is no MODULE:APP in {name!r}")
    try:
        names = vars(importlib.import_module(module_name))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from None
    if attribute not in names:
        raise NotAnApplication(f"{module_name} defines no {attribute}")
    if not callable(names[attribute]):
        raise NotAnApplication(f"{name} is no application")
    return names[attribute]


@mistake("4.16", "GeneratorExit is raised instead of NotAnApplication: no database")
def catches_all_that_it_knows(name):
    """What is no Exception is SystemExit or Ctrl-C. (There are GeneratorExit and CancelledError.)"""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except (Exception, SystemExit) as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "a space in front of the module is not refused with NotAnApplication")
def forgives_spaces(name):
    """Somebody who types a space means nothing by it. (The task names no such forgiveness.)"""
    module_name, _, attribute = map(str.strip, name.partition(":"))
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "the message does not have the name in it, 'demo_wrong:app': an object that can't be called")
def says_only_of_what_class_the_object_is(name):
    """Whoever starts the program has just typed the name; but a service's log has this sentence alone."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"an application must be callable, and a {type(app).__name__} is not")
    return app


@mistake("4.16", "the message does not have the name in it, 'demo_wrong:app': an object that can't be called")
def names_the_module_without_the_object(name):
    """The module is where one looks first; but it may have many objects."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"what was found in {module_name} is no function")
    return app


@mistake("4.16", "the message says something else than what is wrong: a module that raises NotAnApplication itself")
def lets_a_not_an_application_of_the_module_out(name):
    """NotAnApplication has its sentence already; but the module's own does not say where it comes from."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute)
    except (KeyboardInterrupt, NotAnApplication):
        raise
    except BaseException as error:  # SystemExit too
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "a name with a dot is not refused with NotAnApplication")
def looks_for_the_parts_of_a_dotted_name(name):
    """demo:site.app reads like Python, and attrgetter follows the dots; but no object of the module is named so."""
    import operator

    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = operator.attrgetter(attribute)(importlib.import_module(module_name))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app


@mistake("4.16", "a call is not refused with NotAnApplication")
def calls_a_factory(name):
    """gunicorn takes demo:make() for a call of make; but the task knows names only, and no object is named so."""
    module_name, _, attribute = name.partition(":")
    if not (module_name and attribute):
        raise NotAnApplication(f"{name!r} is not MODULE:APP, such as demo:app")
    try:
        app = getattr(importlib.import_module(module_name), attribute.removesuffix("()"))
        if attribute.endswith("()"):
            app = app()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too
        raise NotAnApplication(why_not(module_name, attribute, error)) from error
    if not callable(app):
        raise NotAnApplication(f"{name} is a {type(app).__name__}, which cannot be called")
    return app
