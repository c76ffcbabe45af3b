"""Changes in the reference that no check can notice: what the function does is still what its task asks for.

A key is a step and a piece of a changed line, which the line as it was does not have; or, of lines that were left out,
a piece of the first. A change that passes is explained if a key fits it; mutants.py tells keys that are needed no more.
"""
FREE_TEXT = "what a response or a log tells people, beyond what the task names, is free"
ONE_OBJECT = "the constants of the chapters, empty texts and single latin-1 characters are each one object in CPython"
SMALLEST = "of the four framings Content-Length is the smallest text"
NO_OLDER = "parse_request_line lets only HTTP/1.x in, and no text of that form is smaller than HTTP/1.0"
ONLY_ON_WINDOWS = "os.name is `posix` or `nt`: a difference shows on Windows only, where a check of this step sees it"
ONE_NAME = "two names differ as well if one of them is Flask's own"
NO_STR = "re.fullmatch raises TypeError for what is no str"
ONE_CHARACTER = "a single character is larger than `\\xffXX` just when it is larger than `\\xff`"
NO_TOKEN = "a name that begins with white space is no TOKEN, and is refused with the same status"
ONE_VALUE = "at this point the list has exactly one value"

EQUIVALENT = {
    ("1.3", "{error}\\nXX"): FREE_TEXT,
    ("1.3", "text/plainXX"): "the task names no type for the body that says what was wrong",
    ("1.4", 'os.name > "nt"'): ONLY_ON_WINDOWS,
    ("1.4", 'os.name >= "nt"'): ONLY_ON_WINDOWS,
    ("1.4", 'os.name is not "nt"'): ONLY_ON_WINDOWS,
    ("1.4", 'os.name != "ntXX"'): ONLY_ON_WINDOWS,
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
    ("5.9", 'config["SESSION_COOKIE_NAME"]'): ONE_NAME,
    ("5.9", "SESSION_COOKIE_NAMEXX"): ONE_NAME,
    ("5.9", "_sessionXX"): "the task asks for two names, not for certain ones",
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
