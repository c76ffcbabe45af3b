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

NOT_ON_THE_WIRE: dict[tuple[str, str], str] = {}
