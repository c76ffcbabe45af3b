"""Changes in the reference that no check can notice: what the function does is still what its task asks for.

A key is a step and a piece of a changed line, which the line as it was does not have; or, of lines that were left out,
a piece of the first. A change that passes is explained if a key fits it; mutants.py tells keys that are needed no more.
"""
FREE_TEXT = "what a response or a log tells people, beyond what the task names, is free"
ONE_OBJECT = "the constants of the chapters, empty texts and single latin-1 characters are each one object in CPython"
SMALLEST = "of the four framings Content-Length is the smallest text"
NO_OLDER = "parse_request_line lets only HTTP/1.x in, and no text of that form is smaller than HTTP/1.0"
ONLY_ON_WINDOWS = "os.name is `posix` or `nt`: a difference shows on Windows only, where a check of this step sees it"
NO_STR = "re.fullmatch raises TypeError for what is no str"
ONE_CHARACTER = "a single character is larger than `\\xffXX` just when it is larger than `\\xff`"
NO_TOKEN = "a name that begins with white space is no TOKEN, and is refused with the same status"
ONE_VALUE = "at this point the list has exactly one value"
APART = "neither statement needs, or changes, what the other one looks at"
ONE_STATUS = "both refuse with the same class and status: which of the two does does not show"
ORDER_FREE = "the task leaves the order of these headers free"
ALONE = "nobody else holds the object: whether it is changed or replaced does not show"
A_VERSION = "a version has eight characters: what begins or ends with HTTP/1.0, or has it in it, is HTTP/1.0"
NO_BLANKS = "nothing with white space around it gets here"
ASCII_ONLY = "only ASCII gets here, and what is compared with it is ASCII"
LATIN_1_ONLY = "start_response has refused all that latin-1 has no byte for"
UNCHANGED = "nothing has changed what is looked at since it was kept"
NO_NONE = "a variable of CGI is a str, and never None"
NO_SUBCLASS = "whether an object of a class below str or bytes is one is free: PEP 3333 asks for the class itself"
NOT_RAISED = "what has moved raises nothing that the handlers catch"
HANDLED_INSIDE = "the inner handler has caught it before, and what it lets out the outer one does not catch"
NO_FAILURE = "an error that is no Exception is no `address that cannot be used`"
NEWLY_DATED = "one that was kept differs from a new one in its Date alone"
SINCE_3_11 = "asyncio.TimeoutError is TimeoutError since Python 3.11, an OSError: a check sees the difference in 3.10"
EMPTY_STATUS = "a status is never empty: check_status refuses it"

EQUIVALENT = {
    ("1.3", "{error}\\nXX"): FREE_TEXT,
    ("1.3", "text/plainXX"): "the task names no type for the body that says what was wrong",
    ("1.4", 'os.name > "nt"'): ONLY_ON_WINDOWS,
    ("1.4", 'os.name is not "nt"'): ONLY_ON_WINDOWS,
    ("1.4", "SO_REUSEADDR, 2"): "every number but 0 sets the option",
    ("2.2", "if line.startswith("): NO_TOKEN,
    ("2.2", 'raise BadRequest(400, "a field line begins'): NO_TOKEN,
    ("2.2", 'b" XX"'): NO_TOKEN,
    ("2.2", 'b"\\tXX"'): NO_TOKEN,
    ("2.3", 'host <= ""'): "no text is smaller than the empty one",
    ("2.3", 'host is ""'): ONE_OBJECT,
    ("2.3", 'version > "HTTP/1.0"'): NO_OLDER,
    ("2.5", "len(values) != 1"): "an empty list has been dealt with before",
    ("2.5", "values[ -1]"): ONE_VALUE,
    ("2.5", '"0XX"'): "only digits are left to take off",
    ("2.9", "MAX_FIELDS | 1"): "MAX_FIELDS is an even number",
    ("2.9", "MAX_FIELDS ^ 1"): "MAX_FIELDS is an even number",
    ("2.10", 'version <= "HTTP/1.0"'): NO_OLDER,
    ("2.10", "len(codings) != 1"): "split returns at least one",
    ("2.11", "methods != ANY"): "ANY is None, and no tuple equals it",
    ("2.11", "pageXX"): FREE_TEXT,
    ("2.11", "methodXX"): FREE_TEXT,
    ("3.12", "errorXX"): FREE_TEXT,
    ("4.1", "if not isinstance(status, str)"): NO_STR,
    ("4.1", "raise TypeError("): NO_STR,
    ("4.1", "\\xffXX"): ONE_CHARACTER,
    ("4.5", 'version <= "HTTP/1.0"'): NO_OLDER,
    ("4.6", "framing <= LENGTH"): SMALLEST,
    ("4.6", "framing is LENGTH"): ONE_OBJECT,
    ("4.6", "framing is CHUNKED"): ONE_OBJECT,
    ("4.7", "framing <= LENGTH"): SMALLEST,
    ("4.7", "framing is LENGTH"): ONE_OBJECT,
    ("4.7", "len(fitting) != len(block)"): "a part is never longer than the whole",
    ("4.8", "len(blocks) <= 1"): "where there is no block, the loop does nothing",
    ("4.9", "framing <= LENGTH"): SMALLEST,
    ("4.9", "framing is LENGTH"): ONE_OBJECT,
    ("4.11", "framing <= LENGTH"): SMALLEST,
    ("4.11", "framing is CHUNKED"): ONE_OBJECT,
    ("4.11", "framing is LENGTH"): ONE_OBJECT,
    ("4.11", "self.sent != self.length"): "write never sends more than was announced",
    ("4.11", "XX{self"): FREE_TEXT,
    ("4.13", "monotonic() % begin"): "the same as the difference, unless the machine was started a moment ago",
    ("5.5", "<pre>XX"): FREE_TEXT,
    ("5.5", "\\nXX"): FREE_TEXT,
    ("5.7", 'character is "/"'): ONE_OBJECT,
    ("5.9", "_sessionXX"): "the task asks for two names, not for certain ones",
    ("6.4", 'version > "HTTP/1.0"'): NO_OLDER,
    ("6.5", "framing >= UNTIL_CLOSE"): "of the four framings `until the connection closes` is the largest text",
    ("6.5", "framing is UNTIL_CLOSE"): ONE_OBJECT,
}

# Slips (see dev/slips). A key is the steps, or "*" for all, the name of the slip, and a piece of what has changed.
EQUIVALENT_SLIPS = {
    ("*", "another_comparison", "version"): A_VERSION,
    ("*", "another_comparison", ".strip() =="): NO_BLANKS,
    ("*", "another_method", "casefold()"): ASCII_ONLY,
    ("*", "another_method", "isdecimal()"): "isascii stands beside it",
    ("*", "another_method", "isnumeric()"): "isascii stands beside it",
    ("1.1", "another_encoding", "join(head)"): "the head is ASCII",
    ("1.1 3.8 5.5", "rows_swapped", "Content-Length"): ORDER_FREE,
    ("1.2 2.6", "changed_in_place", "received += block"): ALONE,
    ("1.2", "swapped", "received += block"): "an empty block adds nothing",
    ("1.3", "tries_less", "build_response(PAGE)"): NOT_RAISED,
    ("1.3", "swapped", "build_response(PAGE)"): APART,
    ("1.3", "kept_for_all", "431"): NEWLY_DATED,
    ("1.3", "argument_left_out", "text/plain"): FREE_TEXT,
    ("1.4", "tries_more", "listener"): NOT_RAISED,
    ("1.4", "tries_less", "setsockopt"): "only bind and listen say that an address cannot be used",
    ("1.4", "argument_left_out", "AF_INET"): "SOCK_STREAM is the default",
    ("1.4", "another_comparison", "os.name"): ONLY_ON_WINDOWS,
    ("1.4", "other_class", "Exception"): NO_FAILURE,
    ("1.5", "tries_more", "handle("): HANDLED_INSIDE,
    ("2.1", "swapped", "line.split"): APART,
    ("2.1", "another_method", "rsplit"): "without a limit, split and rsplit are the same",
    ("2.1 2.2", "another_encoding", "decode('ascii"): ASCII_ONLY,
    ("2.1", "another_pattern", "[0-9]"): "in bytes, both are the ten ASCII digits",
    ("2.2", "swapped", "partition"): APART,
    ("2.2", "swapped", "strip"): "a name is looked at before the value, and a control character stays one",
    ("2.2", "another_comparison", "line == "): NO_TOKEN,
    ("2.2", "row_left_out", "line.startswith"): NO_TOKEN,
    ("2.3", "swapped", "HOST"): ONE_STATUS,
    ("2.3", "none_is_empty", "not host"): "a host is a str, and `not` is true of the empty one alone",
    ("2.3", "another_comparison", "name.lower()"): "parse_field returns names in lower case",
    ("2.4", "swapped", "target.partition"): APART,
    ("2.4", "swapped", "authority"): ONE_STATUS,
    ("2.4", "another_method", ".strip().partition"): NO_BLANKS,
    ("2.5", "swapped", "lstrip"): APART,
    ("2.6", "swapped", "self.received += block"): "an empty block adds nothing",
    ("2.6", "swapped", "sendall"): "what a second call does after an error of sendall is free",
    ("2.7", "changed_in_place", "del self.received[:count]"): ALONE,
    ("2.8", "empty_is_something", "match"): "a match is never false",
    ("2.8", "another_pattern", r"\\s"): "CONTROL finds the white space that is neither space nor tab",
    ("2.9", "changed_in_place", "body += "): ALONE,
    ("2.9", "another_comparison", "read_exactly(2)"): "of two bytes, only CRLF begins or ends with it, or has it in it",
    ("2.10", "swapped", "encodings"): APART,
    ("2.10 2.11", "looked_up_later", "request"): UNCHANGED,
    ("2.10", "another_method", "rsplit"): "without a limit, split and rsplit are the same",
    ("2.11", "kept_for_all", "404"): NEWLY_DATED,
    ("2.12", "tries_more", "method = None"): NOT_RAISED,
    ("3.1", "swapped", "CONTENT_LENGTH"): APART,
    ("3.2", "swapped", "key = 'HTTP_'"): APART,
    ("3.2", "swapped", "separator = '; '"): APART,
    ("3.2", "another_membership", ".lower()"): "fields have names in lower case",
    ("3.2", "another_comparison", ".lower()"): "fields have names in lower case",
    ("3.2", "another_method", "swapcase"): "fields have names in lower case",
    ("3.6", "changed_in_place", "self.visits += 1"): ALONE,
    ("3.8", "looked_up_later", "self.blocks"): UNCHANGED,
    ("3.9", "swapped", "self.blocks.clear()"): APART,
    ("3.9 4.4", "empty_is_something", "exc_info"): "exc_info is None, or a tuple of three",
    ("3.10", "tries_more", "collected.status"): "the iterable is closed before the error comes out, as it is anyway",
    ("3.10", "swapped", "collected.blocks.append"): "what was collected is dropped when an error comes out",
    ("3.11", "swapped", "environ.get"): APART,
    ("3.11 5.8", "missing_is_empty", " or ''"): NO_NONE,
    ("3.11 5.8", "looked_up_later", "environ"): UNCHANGED,
    ("3.12", "swapped", "error_response"): APART,
    ("3.12", "kept_for_all", "500"): NEWLY_DATED,
    ("3.12", "looked_up_later", "build_environ"): UNCHANGED,
    ("3.13", "tries_less", "respond("): "respond answers a BadRequest of the application itself",
    ("4.1 4.2", "swapped", "raise ValueError"): ONE_STATUS,
    ("4.1 4.2 4.7", "kind_exactly", "type("): NO_SUBCLASS,
    ("4.1 4.2", "kind_exactly", "__len__"): NO_STR,
    ("4.1", "another_pattern", r"\\d"): "latin-1 has no other digits than those of ASCII",
    ("4.2", "condition_left_out", "isinstance(name, str)"): NO_STR,
    ("4.2", "another_encoding", "name.encode"): "UnicodeEncodeError is a ValueError, and what is put there no TOKEN",
    ("4.2", "argument_left_out", "name.encode"): "UnicodeEncodeError is a ValueError",
    ("4.4", "tries_more", "self.write"): NOT_RAISED,
    ("4.4", "tries_less", "self."): "where it raises, exc_info is None already, or has been set to None",
    ("4.4", "swapped", "self.started = True"): "a head was sent only after start_response: self.started is true",
    ("4.4", "not_finally", "BaseException"): "a call that returns forgets its variables anyway",
    ("4.6", "swapped", "lines.append"): ORDER_FREE,
    ("4.6", "none_is_empty", "content-length"): "check_header refuses an empty Content-Length",
    ("4.6", "another_encoding", "join(lines)"): LATIN_1_ONLY,
    ("4.6", "looked_up_later", "in self.headers"): UNCHANGED,
    ("4.6", "looked_up_later", "self.known_length"): "where the application gave none, it is self.length",
    ("4.7", "changed_in_place", "self.sent += "): ALONE,
    ("4.7", "looked_up_later", "self.room()"): "self.sent, and with it the room, changes after that",
    ("4.7 4.11", "looked_up_later", "self.choose_framing()"):
        "what is known of the length after a head without it is the length of what was written last",
    ("4.8", "kind_exactly", "__len__"): "that is what Sized asks for",
    ("4.8", "looked_up_later", "self.room() == 0"): "before the head is sent, there is no limit",
    ("4.9", "looked_up_later", "wrapper.remaining()"): "a file that changes while it is looked at is nobody's subject",
    ("4.10", "guard_left_out", "if count"): "None is false",
    ("4.10", "looked_up_later", "self.begin_file(wrapper)"): "once the head has gone, it sends nothing more",
    ("4.11", "swapped", "self.framing =="): "the framing is one of the two, or neither",
    ("4.11", "looked_up_later", "if not self.framing"): "head_once sets self.framing and self.head_sent together",
    ("4.11", "looked_up_later", "self.limit"): "with LENGTH, the limit is the length",
    ("4.12", "swapped", "started"): APART,
    ("4.12", "swapped", "response.status"): APART,
    ("4.12", "empty_is_something", "response.status"): EMPTY_STATUS,
    ("4.12", "looked_up_later", "return f"): UNCHANGED,
    ("4.13", "tries_more", "started"): NOT_RAISED,
    ("4.13", "swapped", "send_error"): APART,
    ("4.13", "looked_up_later", "send(iterable)"): UNCHANGED,
    ("4.14", "looked_up_later", "self.end - time.monotonic() <= 0"): "what was left before is given to settimeout",
    ("4.15", "empty_is_something", "request"): "a Request is never false",
    ("4.16", "tries_more", "raise NotAnApplication"): "what why_not says of that refusal has its text in it",
    ("4.16", "another_method", "rpartition"): "no module can be imported by a name with a colon in it",
    ("4.16", "condition_left_out", "if not attribute"): "an import of a module without a name is refused too",
    ("4.16", "empty_is_something", "module_name is not None"): "an import of a module without a name is refused too",
    ("5.1", "not_a_copy", "headers + ["): "the headers are a list, and the sum is a new one",
    ("5.5", "swapped", "page"): APART,
    ("5.6", "swapped", "self.blocks"): "what comes after an error of error_page is free",
    ("5.7", "another_comparison", "character"): "a character is one character",
    ("5.8", "swapped", "environ['PATH_INFO'] = rest"): APART,
    ("5.8", "swapped", "app = self.mounts.get(prefix"): APART,
    ("5.9", "swapped", "admin.config['SESSION_COOKIE_NAME']"): APART,
    ("5.10", "swapped", "site = DispatcherMiddleware("): APART,
    ("6.4", "another_method", "rsplit(',')"): "without a limit, rsplit splits as split does",
    ("6.4", "looked_up_later", "request.values"): UNCHANGED,
    ("6.5", "swapped", "super().build_head()"): APART,
    ("6.5", "another_method", ", 1)"): "the line stands there once: no header may be named Connection",
    ("6.5", "looked_up_later", "self.choose_framing()"): "head_once has just set self.framing to it",
    ("6.7", "tries_more", "response = "): NOT_RAISED,
    ("6.7", "tries_less", "settimeout"): "the time limit of an open connection can be set",
    ("6.7", "tries_less", "response.whole"): NOT_RAISED,
    ("6.7", "looked_up_later", "request"): UNCHANGED,
    ("6.8", "tries_more", "if call is None"): NOT_RAISED,
    ("6.8", "kept_for_all", "self."): "what is kept is None, which leave and refuse always return",
    ("6.8", "none_is_empty", "not call"): "a Call is always true",
    ("7.3 7.5", "tries_more", "await self."): NOT_RAISED,
    ("7.4", "row_left_out", "asyncio.TimeoutError"): SINCE_3_11,
    ("7.4", "other_class", "except OSError:"): SINCE_3_11,
    ("7.4", "rows_swapped", "asyncio.TimeoutError"): "the order of classes in an `except` does not show",
    ("7.5", "empty_is_something", "self.taking"): "a generator is never false",
    ("7.5", "swapped", "self.disconnect()"): APART,
    ("7.6", "swapped", "message['type']"): "what the dict says shows only after both questions were asked",
    ("7.6", "tries_more", "raise ValueError"): NOT_RAISED,
    ("7.6", "none_is_empty", "not do"): "a method is never false",
    ("7.6", "looked_up_later", "self.start"): UNCHANGED,
    ("7.11", "swapped", "self.idle.add(task)"): APART,
    ("7.11", "swapped", "self.busy.add(task)"): APART,
    ("7.12", "swapped", "exchange = Exchange("): APART,
    ("7.12", "swapped", "scope = build_scope("): APART,
    ("7.12", "empty_is_something", "exchange.refusal"): "an exception is never false",
    ("7.12", "looked_up_later", "time.monotonic() - begin"): "nothing is awaited between the two lines",
    ("7.12", "looked_up_later", "build_scope("): "nothing is awaited between the two lines",
    ("7.13", "tries_less", "tell('shutdown')"): "the listener is closed by then",
    ("7.13", "not_finally", "except BaseException"): "where nothing is raised, the server has closed the listener",
    ("7.13", "swapped", "self.stopping = True"): APART,
    ("7.13", "not_a_copy", "self.idle"): "cancel leaves the set as it is: the tasks end later",
}

# Of wire_mutants.py: what the contract has no check for, though a check of a step may have one.
LIMIT = "how much is too much is for a server to say"
WHICH_STATUS = "which status refuses a request, or whether the connection just ends, is for a server to say"
FAILS_THEN = "the line behind it fails then, and the connection ends as it does for a refusal, or the answer is 500 too"
LOG = "what stands in the log is for a server to say"
TIME = "how long a client may take is for a server to say, and no check waits for so long"
AS_GOOD = "the client can tell the end of the body in another way, which is as good"
COOKIES = "no client sends two Cookie fields (RFC 6265 section 5.4)"
CONTINUED = "a client must bear a 100 that it did not wait for, and one that does not come (RFC 9110 section 10.1.1)"
REFUSED_STILL = "it is refused all the same, for another reason"
MAY_BE_THERE = "PEP 3333 lets a server give this variable, or leave it out"
NOT_REFUTED = "that another may call at the same time cannot be refuted from outside"
OPTIONAL = "HTTP does not ask for this field, or for what is in it"
SAME_BYTES = "the system sends the file, or the server does, block by block: the bytes are the same"
NOT_FINAL = "an application has no use for a status below 200: it is no answer"

NOT_ON_THE_WIRE = (
    (r".*", r"^-.*(\bMAX_\w+|\blimit\b)", LIMIT),
    (r".*", r"^\+.*BadRequest\( \d", WHICH_STATUS),
    (r"1\.1", "content_type|extra_fields", OPTIONAL),
    (r"2\.1", r"len\(parts\)|a request line is a method", FAILS_THEN),
    (r"2\.4", "https://XX", "https has no place on a connection without TLS"),
    (r"2\.6", "continue_expected|100 Continue", CONTINUED),
    (r"2\.8", r"^-if not match or CONTROL\.search\(line\):\n\+if not match and",
     "a CR in an extension, which is passed over, may be taken for a space (RFC 9112 section 2.2)"),
    (r"2\.8", "does not begin with its size", FAILS_THEN),
    (r"2\.10", "codings", REFUSED_STILL),
    (r"2\.10", "return CHUNKED", "what is no number is read as chunks"),
    (r"3\.1", "content-type", "a client sends one Content-Type, and not two (RFC 9110 section 5.3)"),
    (r"3\.1", "transfer-encoding", MAY_BE_THERE),
    (r"3\.2", "separator", COOKIES),
    (r"3\.2", "HOP_BY_HOP", MAY_BE_THERE),
    (r"3\.3", "multithread|multiprocess", NOT_REFUTED),
    (r"4\.2", r"isinstance\(name, str\)|must be a str|is a pair of str|replaceXX", FAILS_THEN),
    (r"4\.4", "exc_info = None", "what is held then is a circle, which Python's collector takes away"),
    (r"4\.5", "UNTIL_CLOSE", AS_GOOD),
    (r"4\.[56]", "1XX", NOT_FINAL),
    (r"4\.6", "(?i)server", OPTIONAL),
    (r"4\.6", "content-length|Content-Length", AS_GOOD),
    (r"4\.7", "framing >= LENGTH", AS_GOOD),
    (r"4\.7", "isinstance|must be bytes|is made of bytes", FAILS_THEN),
    (r"4\.8", "only_one|known_length", AS_GOOD),
    (r"4\.9", ".*", SAME_BYTES),
    (r"4\.11", "known_length = 0", AS_GOOD),
    (r"4\.11", r"self\.sent|print", LOG),
    (r"4\.12", ".*", LOG),
    (r"4\.13", "access_line", LOG),
    (r"4\.13", "(?m)^-    raise$", "no client can send a Ctrl-C"),
    (r"4\.14|4\.15", r"left|timeout|SECONDS|in time", TIME),
)  # step, what is in the lines that differ, why
