"""Mistakes of chapter 2."""
from dev.bank.step_versions import mistake

# 2.1


@mistake("2.1", "the method is bytes, not a str")
def leaves_the_parts_as_bytes(line):
    """The line is bytes, so its parts may well stay bytes."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    method, target, version = line.split(b" ")
    return method, target, version


@mistake("2.1", "the method is not handed on as it was sent")
def puts_the_method_into_capitals(line):
    """Methods are written in capitals, so `get` must mean `GET` (gunicorn did so before 22.0.0)."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode().upper(), target.decode(), version.decode()


@mistake("2.1", "ValueError is raised instead of BadRequest")
def unpacks_without_counting(line):
    """Three names on the left take three parts, and there are always three."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    method, target, version = line.split(b" ")
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "accepted: two spaces")
def splits_at_any_white_space(line):
    """split() without an argument is more forgiving, and forgiving is friendly."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split()
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "accepted: a method with a bracket")
def matches_only_the_beginning_of_the_method(line):
    """match looks at the whole of a string."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.match(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode("latin-1"), target.decode(), version.decode()


@mistake("2.1", "a method is refused (lower case): your code raises BadRequest 501")
def knows_a_list_of_methods(line):
    """There are eight methods, and all else is a mistake of the client's."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if method not in (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE"):
        raise BadRequest(501, "no such method")
    if not (VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "UnicodeDecodeError is raised instead of BadRequest")
def decodes_before_it_looks(line):
    """Text is easier to look at than bytes, so it is decoded first."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.decode("ascii").split(" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method.encode()) and VISIBLE.fullmatch(target.encode())
            and re.fullmatch(r"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith("HTTP/1."):
        raise BadRequest(505, "another version")
    return method, target, version


@mistake("2.1", "accepted: an LF after the version")
def ends_the_pattern_with_a_dollar(line):
    """`$` in a pattern stands for the end of the string; it stands for the place before a last LF too."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.match(rb"^HTTP/\d\.\d$", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode().strip()


@mistake("2.1", "HTTP/1.2 is refused: your code raises BadRequest 505")
def knows_two_versions_only(line):
    """1.0 and 1.1 are all the versions there are, so a third one is not supported."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if version not in (b"HTTP/1.0", b"HTTP/1.1"):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "refused with status 400, and 414 is the right one")
def looks_at_the_length_last(line):
    """First it is made sure that it is a request line at all; how long it is can be seen after that."""
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "accepted: HTTP/2.0")
def takes_every_version(line):
    """A newer version is a better one, and can be answered like the old one."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "a line of MAX_LINE bytes is refused")
def leaves_no_room_for_the_last_byte(line):
    """At the limit is over the limit."""
    if len(line) >= MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "accepted: a NUL in the target")
def looks_at_the_first_byte_of_the_target(line):
    """A target that begins with a slash is a good one."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.match(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode("latin-1"), version.decode()


@mistake("2.1", "refused with status 505, and 501 is the right one")
def looks_at_the_version_before_the_method(line):
    """In which order reasons are found is no matter."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "accepted: an empty target")
def looks_for_bytes_that_are_not_visible(line):
    """Nothing is found in the target that may not be there; in an empty one there is nothing to find."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not TOKEN.fullmatch(method) or re.search(rb"[^\x21-\x7e]", target):
        raise BadRequest(400, "malformed")
    if not re.fullmatch(rb"HTTP/\d\.\d", version):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "too long a method")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "BadRequest has no message")
def refuses_without_a_word(line):
    """The status says it all, to a program; the client's person is sent an empty page."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "the status of BadRequest is a str, not an int")
def gives_the_status_as_text(line):
    """A status is text in the response, so it is made text here already."""
    if len(line) > MAX_LINE:
        raise BadRequest("414", "too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest("400", "malformed")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest("400", "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest("501", "too long")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest("505", "version")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "the status of BadRequest is a str, not an int")
def gives_the_message_first(line):
    """Exceptions take their message first; this one takes the status."""
    if len(line) > MAX_LINE:
        raise BadRequest("too long", 414)
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest("malformed", 400)
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest("malformed", 400)
    if len(method) > MAX_METHOD:
        raise BadRequest("too long", 501)
    if not version.startswith(b"HTTP/1."):
        raise BadRequest("version", 505)
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "HTTP/1.9 is refused: your code raises BadRequest 505")
def knows_the_versions_that_there_are(line):
    """There is no version 1.3, so it is refused; the rule speaks of the number before the dot alone."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "malformed")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "too long a method")
    if version not in (b"HTTP/1.0", b"HTTP/1.1", b"HTTP/1.2"):
        raise BadRequest(505, "another version")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "the parts are what repr shows of bytes")
def turns_bytes_into_text_with_str(line):
    """str() makes a str of everything; of bytes it makes what one would type."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "malformed")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "too long a method")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return str(method), str(target), str(version)


@mistake("2.1", "the target is not handed on as it was sent: percent-encoded")
def decodes_the_target_too(line):
    """What is encoded is decoded as soon as it is seen; the query is decoded with it, and the path twice."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "malformed")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "too long a method")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode("ascii"), unquote_to_bytes(target).decode("latin-1"), version.decode("ascii")


@mistake("2.1", "accepted: HTTP/2.1")
def refuses_the_versions_that_there_are(line):
    """0.9, 2 and 3 are the other versions that exist; what does not exist is let through."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, f"the request line is longer than {MAX_LINE} bytes")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "a request line is a method, a target and a version with one space between them")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, f"no method here is longer than {MAX_METHOD} bytes")
    if version in (b"HTTP/0.9", b"HTTP/2.0", b"HTTP/3.0"):
        raise BadRequest(505, "this server speaks no other HTTP than 1.x")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "a method is refused (all other signs of a token): your code raises BadRequest 400")
def has_a_pattern_of_its_own_for_a_method(line):
    """Letters, digits and a few signs are all that a method was ever seen with."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, f"the request line is longer than {MAX_LINE} bytes")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "a request line is a method, a target and a version with one space between them")
    method, target, version = parts
    if not (re.fullmatch(rb"[A-Za-z0-9.!_-]+", method) and VISIBLE.fullmatch(target)
            and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, f"no method here is longer than {MAX_METHOD} bytes")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "this server speaks no other HTTP than 1.x")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "accepted: a line end at the beginning")
def lists_what_no_method_may_have(line):
    """What came to mind is forbidden; all else may pass."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, f"the request line is longer than {MAX_LINE} bytes")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "a request line is a method, a target and a version with one space between them")
    method, target, version = parts
    if not (re.fullmatch(rb"[^(:\"\x00\x80-\xff]+", method) and VISIBLE.fullmatch(target)
            and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, f"no method here is longer than {MAX_METHOD} bytes")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "this server speaks no other HTTP than 1.x")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "a target is refused (all that is visible): your code raises BadRequest 400")
def has_a_pattern_of_its_own_for_a_target(line):
    """These are the signs that URLs were seen with."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, f"the request line is longer than {MAX_LINE} bytes")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "a request line is a method, a target and a version with one space between them")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and re.fullmatch(rb"[A-Za-z0-9/%?=&.:*-]+", target)
            and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, f"no method here is longer than {MAX_METHOD} bytes")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "this server speaks no other HTTP than 1.x")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "accepted: b'\\x01' in the target")
def lists_what_no_target_may_have(line):
    """NUL, line ends, DEL and what is not ASCII came to mind; there are thirty more."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, f"the request line is longer than {MAX_LINE} bytes")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "a request line is a method, a target and a version with one space between them")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and re.fullmatch(rb"[^\x00\r\n\x7f-\xff]+", target)
            and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, f"no method here is longer than {MAX_METHOD} bytes")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "this server speaks no other HTTP than 1.x")
    return method.decode("ascii"), target.decode("ascii"), version.decode("ascii")


@mistake("2.1", "refused with status 505, and 400 is the right one")
def asks_for_the_major_version_before_the_form(line):
    """What does not begin with HTTP/1. is another version."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "there are not three parts")
    method, target, version = parts
    if not TOKEN.fullmatch(method) or not VISIBLE.fullmatch(target) or not re.fullmatch(rb"HTTP/.\.[0-9]", version):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if version[5:6] != b"1":
        raise BadRequest(505, "this server speaks HTTP/1.x")
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "accepted: a superscript two")
def asks_the_decoded_version_for_digits(line):
    """isdigit() tells whether a character is a digit, and that is what the task says of the version."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts[0], parts[1], parts[2].decode("latin-1")
    begin, dot = version[:5], version[6:7]
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and begin == "HTTP/" and dot == "."
            and len(version) == 8 and version[5].isdigit() and version[7].isdigit()):
        raise BadRequest(400, "malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if version[5] != "1":
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version


@mistake("2.1", "accepted: a line end at the beginning")
def passes_over_empty_lines(line):
    """A server ignores an empty line before the request. (parse_head has done that; this is one line.)"""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "too long")
    parts = line.lstrip(b"\r\n").split(b" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]) or not VISIBLE.fullmatch(parts[1]):
        raise BadRequest(400, "malformed")
    if not re.fullmatch(rb"HTTP/[0-9]\.[0-9]", parts[2]):
        raise BadRequest(400, "no version")
    if len(parts[0]) > MAX_METHOD:
        raise BadRequest(501, "method")
    if parts[2][5:6] != b"1":
        raise BadRequest(505, "version")
    return tuple(part.decode() for part in parts)


@mistake("2.1", "the target is not handed on as it was sent: a URL in capitals")
def puts_the_scheme_into_lower_case(line):
    """Schemes are compared without regard to case: in lower case they are easier to find afterwards."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "there are not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "the request line is malformed")
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    if version[5:6] != b"1":
        raise BadRequest(505, "the version is another one")
    scheme, colon, rest = target.partition(b"://")
    target = scheme.lower() + colon + rest if scheme.lower() in (b"http", b"https") else target
    return method.decode(), target.decode(), version.decode()


@mistake("2.1", "refused with status 501, and 400 is the right one")
def looks_at_the_length_of_the_method_first(line):
    """The method comes first in the line, so all that can be said of it is said first."""
    if len(line) > MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    method = line.split(b" ")[0]
    if len(method) > MAX_METHOD:
        raise BadRequest(501, "the method is too long")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise BadRequest(400, "not three parts")
    method, target, version = parts
    if not (TOKEN.fullmatch(method) and VISIBLE.fullmatch(target) and re.fullmatch(rb"HTTP/\d\.\d", version)):
        raise BadRequest(400, "malformed")
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505, "another version")
    return method.decode(), target.decode(), version.decode()


# 2.2


@mistake("2.2", "nothing comes back")
def prints_the_field(line):
    """To print a result is to give it to whoever asked."""
    name, _, value = line.partition(b":")
    print(name.decode().lower(), value.decode("latin-1").strip(" \t"))


@mistake("2.2", "a value with a colon in it is not read")
def splits_at_every_colon(line):
    """A line has one colon, so it splits into two parts."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, value = line.split(b":")
    value = value.strip(b" \t")
    if not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "white space around the value is not optional (no space): your code raises BadRequest 400")
def splits_at_colon_and_space(line):
    """Every header field that one sees has a space after its colon."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b": ")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "the name is not in lower case")
def keeps_the_case_of_the_name(line):
    """The name is what the client wrote."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode(), value.decode("latin-1")


@mistake("2.2", "the value has lost its capitals")
def puts_the_whole_line_into_lower_case(line):
    """Header fields have no case, so the line is put into lower case before it is split."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.lower().partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode(), value.decode("latin-1")


@mistake("2.2", "accepted: a space before the colon")
def takes_the_space_before_the_colon_off(line):
    """White space around a name means nothing; it can go (waitress let it pass before 1.4.0, #273)."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    name, value = name.rstrip(b" \t"), value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "bytes above 127 are not read (latin-1): your code raises UnicodeDecodeError")
def decodes_the_value_as_utf_8(line):
    """Everything is UTF-8 these days."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("utf-8")


@mistake("2.2", "more than spaces and tabs was taken off the value")
def strips_the_decoded_value(line):
    """strip() takes off spaces; that str.strip() knows a no-break space as well is not in view."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1").strip()


@mistake("2.2", "accepted: a CR at the end of the value")
def strips_control_characters_before_it_looks_for_them(line):
    """strip() takes off spaces (a vertical tab before `chunked` was waitress's CVE-2019-16789)."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    value = value.strip()
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "accepted: a NUL in the value")
def looks_for_line_ends_only(line):
    """Only CR and LF are dangerous in a value."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or b"\r" in value or b"\n" in value:
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "accepted: a NUL in the value")
def matches_a_control_character_at_the_beginning(line):
    """match looks for a pattern in the whole of a value."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.match(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "accepted: a line that begins with a space")
def strips_the_line_first(line):
    """White space around a line means nothing; a folded line once did."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    name, colon, value = line.strip(b" \t").partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "an empty value is refused (nothing after the colon): your code raises BadRequest 400")
def refuses_an_empty_value(line):
    """A field without a value says nothing, so it must be an error."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, _, value = line.partition(b":")
    value = value.strip(b" \t")
    if not value or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "nothing comes back")
def has_a_return_in_one_branch_only(line):
    """What is not refused is fine, and needs no more words."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "a bad field line")
    if CONTROL.search(value):
        return name.decode().lower(), value.decode("latin-1").strip(" \t")


@mistake("2.2", "accepted: an empty name")
def takes_any_name(line):
    """What stands before the colon is a name."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or name[:1] in (b" ", b"\t") or name.endswith((b" ", b"\t")) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode("latin-1").lower(), value.decode("latin-1")


@mistake("2.2", "accepted: a line of MAX_LINE + 1 bytes")
def has_no_limit_for_a_line(line):
    """read_head has a limit already."""
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), value.decode("latin-1")


@mistake("2.2", "a pair of spaces within the value is not left alone")
def joins_the_words_of_the_value(line):
    """Any amount of white space is one space."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "a field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a folded line")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise BadRequest(400, "a bad field line")
    return name.decode().lower(), " ".join(value.decode("latin-1").split())


@mistake("2.2", "refused with status 400, and 431 is the right one")
def looks_at_the_length_of_a_field_last(line):
    """First it is made sure that it is a field; that takes longest for the line that is longest."""
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "no field")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a control character")
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "accepted: spaces that are too many")
def limits_the_value_and_not_the_line(line):
    """The value is what is kept, so its length counts; spaces and names come in any number then."""
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "no field")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a control character")
    if len(name + b": " + value) > MAX_LINE:
        raise BadRequest(431, "too long")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "a name that is a TOKEN is refused (digits): your code raises BadRequest 400")
def knows_letters_and_hyphens_only(line):
    """Names look like Content-Type; a token may have digits and fifteen signs as well."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "folded")
    name, colon, value = line.partition(b":")
    if not colon or not re.fullmatch(rb"[A-Za-z-]+", name):
        raise BadRequest(400, "no field")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "the name is another one")
def writes_names_with_underscores(line):
    """WSGI wants underscores; that is a question for the environ, and it hides a name that was sent so."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "folded")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "no field")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a control character")
    return name.decode("ascii").lower().replace("-", "_"), value.decode("latin-1")


@mistake("2.2", "a tab within the value is refused: your code raises BadRequest 400")
def takes_the_tab_for_a_control_character(line):
    """The tab is a control character of ASCII; in a value HTTP allows it."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "folded")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "no field")
    value = value.strip(b" \t")
    if re.search(rb"[\x00-\x1f\x7f]", value):
        raise BadRequest(400, "a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "accepted: DEL in the value")
def knows_three_control_characters(line):
    """NUL, CR and LF are the ones that attacks use; a terminal obeys the others."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "folded")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "no field")
    value = value.strip(b" \t")
    if re.search(rb"[\x00\r\n]", value):
        raise BadRequest(400, "a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "a value with a colon in it is not read: a colon in front")
def strips_colons_too(line):
    """One strip takes off all that stands between name and value; an IPv6 address begins with colons."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, f"a field line is longer than {MAX_LINE} bytes")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a field line begins with white space")
    name, colon, value = line.partition(b":")
    value = value.lstrip(b": \t")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "a field line is a name, a colon and a value, without a space before the colon")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a field value has a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "accepted: b'\\x01' in the value, before the value")
def lists_control_characters(line):
    """All that one has heard of; there are 32 of them, and DEL."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, f"a field line is longer than {MAX_LINE} bytes")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a field line begins with white space")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "a field line is a name, a colon and a value, without a space before the colon")
    value = value.strip(b" \t")
    if re.search(rb"[\x00\n\r\x7f\x1b\x0b\x0c\x1f]", value):
        raise BadRequest(400, "a field value has a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "accepted: b'\\x01' in the name")
def lists_what_no_name_may_have(line):
    """Spaces, brackets and what is not ASCII came to mind; all else may pass."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, f"a field line is longer than {MAX_LINE} bytes")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a field line begins with white space")
    name, colon, value = line.partition(b":")
    if not colon or not name or re.search(rb"[(\s\x00\x80-\xff]", name):
        raise BadRequest(400, "a field line is a name, a colon and a value, without a space before the colon")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a field value has a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "a value with a colon in it is not read: a URL")
def takes_the_name_out_wherever_it_stands(line):
    """What is left without the name is the value; but a value may have the name in it."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, f"a field line is longer than {MAX_LINE} bytes")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "a field line begins with white space")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "a field line is a name, a colon and a value, without a space before the colon")
    value = line.replace(name, b"").replace(b":", b"", 1).strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "a field value has a control character")
    return name.decode("ascii").lower(), value.decode("latin-1")


@mistake("2.2", "accepted: a space before the colon, and no value")
def forgives_a_space_where_there_is_no_value(line):
    """A field without a value says nothing, so nothing in it can do harm. (Its name is read all the same.)"""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "too long")
    if line[:1] in (b" ", b"\t"):
        raise BadRequest(400, "folded")
    name, colon, value = line.partition(b":")
    if not value.strip():
        name = name.rstrip(b" \t")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value.strip(b" \t")):
        raise BadRequest(400, "no field")
    return name.decode().lower(), value.strip(b" \t").decode("latin-1")


@mistake("2.2", "the value of Host is not as it was sent")
def puts_the_host_into_lower_case(line):
    """The names of hosts are compared without regard to case, so Host is put into lower case with its name."""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "the field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "the field line is folded")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "the field line has no colon, or no good name")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "the value has a control character")
    name = name.lower()
    return name.decode(), (value.lower() if name == b"host" else value).decode("latin-1")


@mistake("2.2", "the value of Content-Type is not as it was sent")
def takes_quotes_off_the_value(line):
    """Quotes stand around what is quoted and are no part of it. (They may stand around a part of the value only.)"""
    if len(line) > MAX_LINE:
        raise BadRequest(431, "the field line is too long")
    if line.startswith((b" ", b"\t")):
        raise BadRequest(400, "the field line is folded")
    name, colon, value = line.partition(b":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(400, "the field line has no colon, or no good name")
    value = value.strip(b" \t")
    if CONTROL.search(value):
        raise BadRequest(400, "the value has a control character")
    return name.decode().lower(), value.strip(b'"').decode("latin-1")


# 2.3


@mistake("2.3", "what comes back is a dict, not a list")
def returns_a_dict(lines, version):
    """Fields have names and values, and that is what a dict is for."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = dict(parse_field(line) for line in lines)
    if "host" not in fields and version != "HTTP/1.0":
        raise BadRequest(400, "no Host")
    return fields


@mistake("2.3", "repeated fields do not all come back")
def keeps_the_last_of_repeated_fields(lines, version):
    """A name that comes again replaces what came before, as in a dict."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [name for name, _ in fields].count("host")
    if hosts > 1 or (hosts == 0 and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    return list(dict(fields).items())


@mistake("2.3", "repeated fields do not all come back")
def joins_repeated_fields(lines, version):
    """RFC 9110 lets a recipient join repeated fields with commas, so it may happen here."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields, hosts = {}, 0
    for name, value in map(parse_field, lines):
        hosts += name == "host"
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    if hosts > 1 or (hosts == 0 and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    return list(fields.items())


@mistake("2.3", "HTTP/1.0 without Host is refused")
def wants_host_in_every_version(lines, version):
    """Every request has a Host."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    if [name for name, _ in fields].count("host") != 1:
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: two Host fields")
def looks_whether_there_is_a_host(lines, version):
    """Host may not be missing; that it may come twice is not in view."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    if version != "HTTP/1.0" and "host" not in dict(fields):
        raise BadRequest(400, "no Host")
    return fields


@mistake("2.3", "accepted: two Host fields, HTTP/1.0")
def counts_hosts_in_http_1_1_only(lines, version):
    """HTTP/1.0 has no rules for Host, so there two are no fault."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    if version != "HTTP/1.0" and [name for name, _ in fields].count("host") != 1:
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "a Host field with an empty value is refused")
def looks_at_the_value_of_host(lines, version):
    """A Host without a value is no Host."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (version != "HTTP/1.0" and not any(hosts)):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: HTTP/1.2 without Host")
def wants_host_in_http_1_1_only(lines, version):
    """Host came with 1.1, so it is asked for where the version is 1.1."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [name for name, _ in fields].count("host")
    if hosts > 1 or (hosts == 0 and version == "HTTP/1.1"):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: a space before a colon")
def leaves_bad_lines_out(lines, version):
    """What can't be read is left out: be liberal in what you accept."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = []
    for line in lines:
        try:
            fields.append(parse_field(line))
        except BadRequest:
            continue
    hosts = [name for name, _ in fields].count("host")
    if hosts > 1 or (hosts == 0 and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "a head with MAX_FIELDS lines is not read whole")
def stops_one_field_too_early(lines, version):
    """At the limit is over the limit."""
    if len(lines) >= MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [name for name, _ in fields].count("host")
    if hosts > 1 or (hosts == 0 and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: MAX_FIELDS + 1 lines")
def counts_no_fields(lines, version):
    """read_head has a limit already."""
    fields = [parse_field(line) for line in lines]
    hosts = [name for name, _ in fields].count("host")
    if hosts > 1 or (hosts == 0 and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: no field at all")
def looks_for_host_among_fields_that_are_there(lines, version):
    """A head without fields has nothing to look at."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [name for name, _ in fields].count("host")
    if fields and (hosts > 1 or (hosts == 0 and version != "HTTP/1.0")):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: a path in Host, HTTP/1.1")
def does_not_look_at_the_value_of_host(lines, version):
    """What a Host says is the application's affair."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [name for name, _ in fields].count("host")
    if hosts > 1 or (hosts == 0 and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    return fields


@mistake("2.3", "accepted: a path in Host, HTTP/1.1")
def matches_the_beginning_of_host(lines, version):
    """match looks at the whole of a string."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    if any(hosts) and not HOST.match(hosts[0]):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "a Host field with an empty value is refused")
def takes_an_empty_host_for_a_bad_one(lines, version):
    """A Host that is empty names no host."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    if hosts and not HOST.fullmatch(hosts[0]):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "parse_fields changes the list that it is given")
def takes_the_lines_off_the_list(lines, version):
    """pop gives one line after the other, and leaves the caller with an empty list."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    fields = []
    while lines:
        fields.append(parse_field(lines.pop(0)))
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "the fields are not those of the lines")
def takes_the_lines_off_from_the_end(lines, version):
    """pop takes the last, and so all fields come in reverse."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    fields = []
    while lines:
        fields.append(parse_field(lines.pop()))
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "parse_fields changes the list that it is given")
def puts_the_fields_where_the_lines_were(lines, version):
    """The lines are needed no more, so their list is used again; it is the caller's."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    for place, line in enumerate(lines):
        lines[place] = parse_field(line)
    fields = lines
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "a head after others is refused: your code raises BadRequest 400")
def keeps_one_list_for_all_heads(lines, version):
    """A list outside of the function, or as the default of a parameter, is made once."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    fields = globals().setdefault("FIELDS", [])
    fields += [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "the fields are not those of the lines")
def puts_host_first(lines, version):
    """Host is the most important field, so it is put in front; the order is the client's."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    fields.sort(key=lambda field: field[0] != "host")
    return fields


@mistake("2.3", "refused with status 400, and 431 is the right one")
def counts_the_lines_last(lines, version):
    """All lines are parsed before they are counted: the work is done that the limit is to prevent."""
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    return fields


@mistake("2.3", "refused with status 400, and 431 is the right one")
def gives_every_bad_field_status_400(lines, version):
    """A bad field is a bad request; that parse_field knew better is lost."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many")
    try:
        fields = [parse_field(line) for line in lines]
    except BadRequest as error:
        raise BadRequest(400, str(error))
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "not one Host")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "no host")
    return fields


@mistake("2.3", "parse_fields changes the list that it is given: too many lines, which are refused")
def cuts_the_lines_that_are_too_many(lines, version):
    """The head is refused anyway; the list belongs to whoever gave it all the same."""
    if len(lines) > MAX_FIELDS:
        del lines[MAX_FIELDS:]
        raise BadRequest(431, f"more than {MAX_FIELDS} header fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, f"{len(hosts)} Host fields where there must be one")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "parse_fields changes the list that it is given: Host is not the first")
def moves_host_to_the_front_of_the_lines(lines, version):
    """sort has no result, and so the list itself is sorted; where Host comes first, nobody sees it."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, f"more than {MAX_FIELDS} header fields")
    fields = [parse_field(line) for line in lines]
    lines.sort(key=lambda line: not line.lower().startswith(b"host"))
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, f"{len(hosts)} Host fields where there must be one")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "the fields are not those of the lines")
def leaves_out_fields_with_an_empty_value(lines, version):
    """A field without a value seems to say nothing."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, f"more than {MAX_FIELDS} header fields")
    fields = [parse_field(line) for line in lines]
    fields = [(name, value) for name, value in fields if value or name == "host"]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, f"{len(hosts)} Host fields where there must be one")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "a Host field with an empty value is refused, HTTP/1.0")
def knows_no_host_in_http_1_0(lines, version):
    """Host came with HTTP/1.1; but older clients send it, too."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, f"more than {MAX_FIELDS} header fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if hosts and version == "HTTP/1.0":
        raise BadRequest(400, "HTTP/1.0 has no Host")
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, f"{len(hosts)} Host fields where there must be one")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "a second Host is found, where the other field is x-forwarded-host")
def takes_every_name_with_host_in_it_for_host(lines, version):
    """Host may be written in several ways, and all have `host` in them."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if "host" in name]
    if len(hosts) > 1 or not hosts and version != "HTTP/1.0":
        raise BadRequest(400, "there must be one Host field")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "accepted: Host with")
def takes_a_blank_host_for_an_empty_one(lines, version):
    """A value of white space says nothing, so it is empty."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or not hosts and version != "HTTP/1.0":
        raise BadRequest(400, "there must be one Host field")
    if not all(not host.strip() or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "another BadRequest comes out than that of parse_field: too long")
def tells_of_a_bad_field_in_words_of_its_own(lines, version):
    """The caller is to know that it is a field that is bad; and the client does not read any more what is wrong
    with it.
    """
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, f"more than {MAX_FIELDS} header fields")
    try:
        fields = [parse_field(line) for line in lines]
    except BadRequest as error:
        raise BadRequest(error.status, "there is a bad field")
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, f"{len(hosts)} Host fields where there must be one")
    if not all(host == "" or HOST.fullmatch(host) for host in hosts):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.3", "the value of Host is another one: Shop.Example")
def compares_hosts_in_lower_case(lines, version):
    """Whoever looks for a site by its name finds it more easily if all names are in lower case."""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines]
    fields = [(name, value.lower() if name == "host" else value) for name, value in fields]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    if hosts and hosts[0] and not HOST.fullmatch(hosts[0]):
        raise BadRequest(400, "Host is no host")
    return fields


# 2.4


@mistake("2.3", "accepted: an empty line")
def leaves_out_empty_lines(lines, version):
    """A line without anything says nothing. (It is no field, and parse_field refuses it.)"""
    if len(lines) > MAX_FIELDS:
        raise BadRequest(431, "too many fields")
    fields = [parse_field(line) for line in lines if line]
    hosts = [value for name, value in fields if name == "host"]
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise BadRequest(400, "there must be one Host")
    if hosts and hosts[0] and not HOST.fullmatch(hosts[0]):
        raise BadRequest(400, "Host names no host")
    return fields


@mistake("2.4", "what comes back is not (authority, path, query)")
def returns_path_and_query_only(target):
    """Requests to a server have a path and a query, and nothing else."""
    path, _, query = target.partition("?")
    return unquote_to_bytes(path), query


@mistake("2.4", "what follows the slashes is taken for a host: two slashes")
def trusts_urlsplit(target):
    """urlsplit takes URLs apart, and a target is a URL (werkzeug #822, gunicorn #297)."""
    from urllib.parse import urlsplit
    location, question, _ = target.partition("?")
    parts = urlsplit(location)
    absolute = parts.scheme in ("http", "https")
    if absolute and not parts.netloc or not absolute and not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    path = parts.path or "/"
    return parts.netloc or None, unquote_to_bytes(path), target.partition("?")[2]


@mistake("2.4", "the path is not decoded as it should be: an encoded question mark")
def decodes_before_it_splits(target):
    """The target is percent-encoded, so it is decoded first and taken apart then."""
    authority = None
    location, _, query = unquote_to_bytes(target).partition(b"?")
    if location.lower().startswith((b"http://", b"https://")):
        authority, _, path = location.partition(b"://")[2].partition(b"/")
        authority, location = authority.decode("latin-1"), b"/" + path
    if authority == "" or not location.startswith(b"/"):
        raise BadRequest(400, "a bad target")
    return authority, location, target.partition("?")[2]


@mistake("2.4", "the path is not decoded exactly once: an encoded percent sign")
def decodes_until_nothing_changes(target):
    """What is encoded twice is meant to be decoded twice."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    path, before = unquote_to_bytes(location), None
    while path != before:
        path, before = unquote_to_bytes(path), path
    return authority, path, query


@mistake("2.4", "the path is a str, not bytes")
def decodes_to_str(target):
    """unquote gives text, and text is what one wants."""
    from urllib.parse import unquote
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote(location), query


@mistake("2.4", "the path is not decoded as it should be: a byte that is no UTF-8")
def decodes_as_utf_8_and_encodes_again(target):
    """Paths are UTF-8, so decoding and encoding them changes nothing."""
    from urllib.parse import unquote
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote(location).encode(), query


@mistake("2.4", "the path has been changed: plus")
def takes_plus_for_a_space(target):
    """`+` means a space in a URL; it does so in forms, after the `?`."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location.replace("+", " ")), query


@mistake("2.4", "the query is not what was sent: percent and plus")
def decodes_the_query(target):
    """Path and query are both encoded, so both are decoded."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), unquote_to_bytes(query).decode("latin-1")


@mistake("2.4", "the query is not what was sent: a second question mark")
def splits_at_the_last_question_mark(target):
    """A target has one question mark, so it is no matter from which side it is looked for."""
    authority = None
    location, mark, query = target.rpartition("?")
    if not mark:
        location, query = target, ""
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is not read (capitals): your code raises BadRequest 400")
def knows_schemes_in_lower_case_only(target):
    """Everybody writes `http`."""
    authority = None
    location, _, query = target.partition("?")
    if location.startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is not read (http): your code raises BadRequest 400")
def knows_paths_only(target):
    """A browser sends a path; whole URLs are for proxies."""
    if not target.startswith("/"):
        raise BadRequest(400, "a bad target")
    path, _, query = target.partition("?")
    return None, unquote_to_bytes(path), query


@mistake("2.4", "the query is not what was sent: a whole URL")
def looks_for_a_scheme_anywhere(target):
    """Where `://` stands, there is a whole URL."""
    authority = None
    location, query = target, ""
    if "://" in target:
        authority, _, location = target.partition("://")[2].partition("/")
        location = "/" + location
    location, _, query = location.partition("?")
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "ValueError is raised instead of BadRequest")
def lets_the_errors_of_urlsplit_out(target):
    """urlsplit takes apart whatever it is given."""
    from urllib.parse import urlsplit
    if "#" in target:
        raise BadRequest(400, "a bad target")
    if target.startswith("/"):
        path, _, query = target.partition("?")
        return None, unquote_to_bytes(path), query
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc):
        raise BadRequest(400, "a bad target")
    return parts.netloc, unquote_to_bytes(parts.path or "/"), parts.query


@mistake("2.4", "accepted: a URL without a host")
def does_not_miss_the_host(target):
    """What stands between the slashes is the host, whatever it is."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a stray percent sign is not read (at the end): your code raises ValueError")
def decodes_by_hand(target):
    """After a percent sign there are two hex digits."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    first, *rest = location.split("%")
    return authority, first.encode() + b"".join(bytes([int(s[:2], 16)]) + s[2:].encode() for s in rest), query


@mistake("2.4", "a whole URL is taken apart wrongly: a query after the host")
def ends_the_host_at_a_slash_only(target):
    """After the host there is a slash."""
    authority = None
    if target.lower().startswith(("http://", "https://")):
        authority, _, path = target.partition("://")[2].partition("/")
        target = "/" + path
    location, _, query = target.partition("?")
    if authority == "" or authority and authority[0] == "?" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is not read (a slash in the query): your code raises BadRequest 400")
def looks_for_a_slash_first(target):
    """The host ends at a slash, or else at a question mark: so they are looked for in that order."""
    if "#" in target:
        raise BadRequest(400, "a number sign")
    authority = None
    if target.lower().startswith(("http://", "https://")):
        rest = target.partition("://")[2]
        end = next((rest.index(mark) for mark in "/?" if mark in rest), len(rest))
        authority, target = rest[:end], rest[end:]
        if not HOST.fullmatch(authority):
            raise BadRequest(400, "no host")
    elif not target.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    path, _, query = target.partition("?")
    return authority, unquote_to_bytes(path or "/"), query


@mistake("2.4", "a target without a query is not read: no question mark")
def returns_none_for_no_query(target):
    """What is not there is None."""
    authority = None
    location, mark, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query if mark else None


@mistake("2.4", "accepted: a port without a host")
def takes_what_is_not_empty_for_a_host(target):
    """Between the slashes stands the host, unless nothing stands there."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if authority == "" or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "accepted: a user before the host")
def leaves_the_user_before_the_host(target):
    """A URL may have a user in it, and urlsplit has one in netloc too."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    if authority is not None and authority[:1] in ("", ":"):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "accepted: half an IPv6 address")
def looks_for_signs_that_no_host_may_have(target):
    """A host is what is not empty, begins with no colon and has no `@`."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    if authority is not None and (authority[:1] in ("", ":") or "@" in authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "accepted: a `#` in a path")
def leaves_the_number_sign_in_the_path(target):
    """A client keeps what stands after `#`, so there never is one."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if not location.startswith("/") or authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "accepted: a `#` in a query")
def looks_for_the_number_sign_in_the_path_only(target):
    """The query is for the application, with all that is in it."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in location or not location.startswith("/") or authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "a bad target")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "an encoded `#` is refused: your code raises BadRequest 400")
def looks_for_the_number_sign_in_the_decoded_path(target):
    """A `#` is a `#`, however it is written."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    path = unquote_to_bytes(location)
    if "#" in target or b"#" in path or not location.startswith("/"):
        raise BadRequest(400, "a bad target")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, path, query


@mistake("2.4", "the authority is not handed on as it was sent: a percent sign")
def decodes_the_authority_too(target):
    """Where there are percent signs, there is something to decode; a name that is sent so is looked up so."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
        authority = unquote_to_bytes(authority).decode("latin-1")
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "the authority is not handed on as it was sent: the usual port")
def leaves_the_usual_port_out(target):
    """Port 80 goes without saying; but what the client said is what the application is told."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
        authority = authority.removesuffix(":80")
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "the authority is not handed on as it was sent: capitals")
def puts_the_authority_into_lower_case(target):
    """Hosts have no case, so one is chosen; others compare as they like."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
        authority = authority.lower()
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "refused with status 404, and 400 is the right one")
def finds_no_page_for_what_is_no_path(target):
    """What is no path leads to no page; but nobody has looked for one yet."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(404, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is taken apart wrongly: two slashes")
def makes_one_slash_of_two(target):
    """Two slashes look like a slip; the path of a URL may begin with them."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path.lstrip("/")
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "the path has been changed: dots")
def resolves_the_dots_of_the_path(target):
    """normpath tidies a path up, as for files; clients do that before they send it."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    import posixpath
    path = unquote_to_bytes(location)
    return authority, posixpath.normpath(path) if b"/." in path else path, query


@mistake("2.4", "the path has been changed: a slash at the end")
def takes_off_the_slash_at_the_end(target):
    """`/a/` and `/a` look like one page; for an application they are two, and it may redirect between them."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "neither a path nor a URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location.rstrip("/") or "/"), query


@mistake("2.4", "accepted: a scheme that begins like http")
def takes_all_that_begins_with_http(target):
    """`http` covers https as well, and httpx with it."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith("http") and "://" in location:
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "the target is neither a path nor an http URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "the target names no host, or more than a host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "accepted: a scheme that ends like http")
def looks_how_the_scheme_ends(target):
    """The pattern is searched for, and not matched from the beginning to the end."""
    authority = None
    location, _, query = target.partition("?")
    if re.match(r"(?i)[a-z]*https?://", location):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "the target is neither a path nor an http URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "the target names no host, or more than a host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is not read (both cases): your code raises BadRequest 400")
def lists_spellings_of_the_scheme(target):
    """Small letters, capitals, and one capital: what else would anyone write?"""
    authority = None
    location, _, query = target.partition("?")
    if location.startswith(("http://", "https://", "HTTP://", "HTTPS://", "Http://", "Https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "the target is neither a path nor an http URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "the target names no host, or more than a host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is taken apart wrongly: the host again, in path and query")
def takes_the_host_out_wherever_it_stands(target):
    """What is left without the host is path and query; but a path may have the host in it."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path.replace(authority, "")
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "the target is neither a path nor an http URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "the target names no host, or more than a host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a whole URL is taken apart wrongly: a URL in the path")
def looks_for_the_host_behind_the_last_scheme(target):
    """rpartition and partition are the same where the separator comes once."""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.rpartition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "the target is neither a path nor an http URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "the target names no host")
    return authority, unquote_to_bytes(location), query


@mistake("2.4", "a slash in front is lost: two slashes")
def makes_one_slash_of_those_in_front(target):
    """With one slash in front, nobody can take what follows for a host."""
    if "#" in target:
        raise BadRequest(400, "a fragment")
    if target.startswith("/"):
        path, _, query = target.partition("?")
        return None, unquote_to_bytes("/" + path.lstrip("/")), query
    match = re.fullmatch(r"https?://([^/?]*)([^?]*)\??(.*)", target, re.IGNORECASE | re.DOTALL)
    if not match or not HOST.fullmatch(match[1]):
        raise BadRequest(400, "neither a path nor a URL")
    return match[1], unquote_to_bytes(match[2] or "/"), match[3]


@mistake("2.4", "a path with a whole URL in its query is refused: your code raises BadRequest 400")
def looks_for_the_scheme_before_it_looks_for_the_slash(target):
    """What has `://` in it is a URL, and a URL begins with its scheme."""
    if "#" in target:
        raise BadRequest(400, "a fragment")
    authority, rest = None, target
    if "://" in target:
        scheme, _, rest = target.partition("://")
        authority = re.match("[^/?]*", rest)[0]
        rest = rest[len(authority):]
        if scheme.lower() not in ("http", "https") or not HOST.fullmatch(authority):
            raise BadRequest(400, "another scheme, or no host")
        rest = rest if rest.startswith("/") else "/" + rest
    if not rest.startswith("/"):
        raise BadRequest(400, "no path")
    path, _, query = rest.partition("?")
    return authority, unquote_to_bytes(path), query


@mistake("2.4", "the path is not decoded as it should be: spaces at both ends")
def tidies_the_path(target):
    """Nobody means a blank at the end of a path. (It came as %20: somebody wrote it.)"""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "no path")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "no host")
    return authority, unquote_to_bytes(location).strip(), query


@mistake("2.4", "the path has been changed: one dot")
def leaves_out_what_means_this_folder(target):
    """`/a/./b` and `/a/b` are one place, as in a shell. (Here it is for the application to say so.)"""
    authority = None
    location, _, query = target.partition("?")
    if location.lower().startswith(("http://", "https://")):
        authority, _, path = location.partition("://")[2].partition("/")
        location = "/" + path
    if "#" in target or not location.startswith("/"):
        raise BadRequest(400, "the target is neither a path nor an http URL")
    if authority is not None and not HOST.fullmatch(authority):
        raise BadRequest(400, "the target names no host, or more than a host")
    return authority, unquote_to_bytes(location.replace("/./", "/")), query


# 2.5


@mistake("2.5", "the length is a str, not an int")
def returns_the_text_of_the_length(values, limit):
    """What looks like a number is a number."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    return values[0]


@mistake("2.5", "no Content-Length is refused: your code raises BadRequest 400")
def forgets_that_there_may_be_no_field(values, limit):
    """Every request says how long its body is."""
    if len(values) != 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "accepted: two lengths")
def takes_the_first_length(values, limit):
    """If it is told twice, the first one counts (as in wsgiref, measured on CPython 3.11.7)."""
    if not values:
        return 0
    if not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "accepted: two lengths")
def takes_the_last_length(values, limit):
    """What comes later counts, as in a dict (as in werkzeug 3.1.9's development server, measured)."""
    if not values:
        return 0
    if not (values[-1].isascii() and values[-1].isdigit()):
        raise BadRequest(400, "no number")
    digits = values[-1].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "accepted: the same length twice")
def lets_equal_lengths_pass(values, limit):
    """Two lengths that are equal contradict nobody."""
    if not values:
        return 0
    if len(set(values)) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "accepted: a plus sign")
def lets_int_judge(values, limit):
    """int() raises ValueError for all that is no number (waitress's CVE-2022-24761, werkzeug #2716)."""
    if not values:
        return 0
    if len(values) > 1:
        raise BadRequest(400, "two lengths")
    try:
        length = int(values[0])
    except ValueError:
        raise BadRequest(413 if len(values[0]) > 4000 else 400, "a bad length")
    if length < 0:
        raise BadRequest(400, "a negative length")
    if length > limit:
        raise BadRequest(413, "too large")
    return length


@mistake("2.5", "ValueError is raised instead of BadRequest")
def asks_isdigit_alone(values, limit):
    """isdigit() is true for digits, that is 0 to 9."""
    if not values:
        return 0
    if len(values) > 1 or not values[0].isdigit():
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "ValueError is raised instead of BadRequest")
def forgets_that_int_has_a_limit(values, limit):
    """int() reads numbers of any length; since Python 3.10.7 it does not."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "accepted: a space in front")
def strips_the_value(values, limit):
    """A space around a number can do no harm."""
    if not values:
        return 0
    value = values[0].strip()
    if len(values) > 1 or not (value.isascii() and value.isdigit()):
        raise BadRequest(400, "a bad length")
    if len(value) > 18 or int(value) > limit:
        raise BadRequest(413, "too large")
    return int(value)


@mistake("2.5", "a length of digits is refused (zeros in front): your code raises BadRequest 400")
def compares_with_the_number_written_again(values, limit):
    """A number is well written if it is written as Python writes it."""
    if not values:
        return 0
    if len(values) > 1 or not values[0].isdecimal() or len(values[0]) < 4000 and values[0] != str(int(values[0])):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "accepted: an LF after it")
def ends_the_pattern_with_a_dollar_sign(values, limit):
    """`$` stands for the end of the value."""
    if not values:
        return 0
    if len(values) > 1 or not re.match(r"^[0-9]+$", values[0]):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "accepted: MAX_BODY + 1")
def has_no_limit(values, limit):
    """How large a body is is the client's affair."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "a body of MAX_BODY bytes is refused")
def stops_one_byte_too_early(values, limit):
    """At the limit is over the limit."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if len(values[0]) > 18 or int(values[0]) >= limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "a length of digits is refused (5000 zeros in front): your code raises ValueError")
def counts_without_the_zeros_and_reads_with_them(values, limit):
    """Zeros in front count for nothing. (To int they do.)"""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    if len(values[0].lstrip("0")) > len(str(limit)) or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.5", "a length of digits is refused (5000 zeros in front): your code raises BadRequest 413")
def takes_every_error_of_int_for_a_large_number(values, limit):
    """The ValueError of int() can only mean too many digits, once it is sure that there are only digits."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "a bad length")
    try:
        length = int(values[0])
    except ValueError:
        raise BadRequest(413, "too many digits")
    if length > limit:
        raise BadRequest(413, "too large")
    return length


@mistake("2.5", "accepted: an empty value")
def takes_an_empty_value_for_no_body(values, limit):
    """Nothing is as good as 0; but a field without a number is not what a good client sends."""
    if not values or values == [""]:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "refused with status 413, and 400 is the right one")
def looks_for_a_large_length_first(values, limit):
    """Each length is compared with the limit, and only then are they counted."""
    if not values:
        return 0
    if any(len(value.lstrip("0")) > 7 for value in values if re.fullmatch("[0-9]+", value)):
        raise BadRequest(413, "too large")
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "a length of digits is refused (0): your code raises ValueError")
def takes_all_zeros_off(values, limit):
    """lstrip takes the last zero too, and int() reads no empty text."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0")
    if len(digits) > 18 or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "refused with status 400, and 413 is the right one")
def takes_what_int_does_not_read_for_no_number(values, limit):
    """What int() cannot read is thought to be no number; it is one, and far too large."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 4300:
        raise BadRequest(400, "not a number")
    if int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "the length is a float, not an int")
def reads_the_length_as_a_float(values, limit):
    """float() reads any number of digits; and a slice wants an int."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or float(digits) > limit:
        raise BadRequest(413, "too large")
    return float(digits)


@mistake("2.5", "accepted: MAX_BODY + 1")
def cuts_the_length_down_to_the_limit(values, limit):
    """No more than limit is read, whatever is announced; the rest is taken for the next request."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 7:
        raise BadRequest(413, "too large")
    return min(int(digits), limit)


@mistake("2.5", "a body of limit bytes is refused, where limit is more than MAX_BODY")
def knows_one_limit_for_all(values, limit):
    """MAX_BODY is the limit of this server; but who calls may have another."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > min(limit, MAX_BODY):
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "accepted: limit + 1, where limit is less than MAX_BODY")
def forgets_the_limit_that_it_is_given(values, limit):
    """A limit is there already, MAX_BODY."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > MAX_BODY:
        raise BadRequest(413, "too large")
    return int(digits)


# 2.6


@mistake("2.6", "self.received is not what was there and after it what came")
def forgets_what_was_there(self):
    """What was received is what recv has just returned."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received = bytearray(block)


@mistake("2.6", "recv was called")
def receives_until_a_block_is_full(self):
    """receive_more should give as much as it can, so it goes on until there is a whole block."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    start = len(self.received)
    while len(self.received) - start < RECV_SIZE:
        self.received += self.connection.recv(RECV_SIZE)


@mistake("2.6", "recv was not called once")
def receives_twice(self):
    """To ask twice brings the body sooner."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received += block + self.connection.recv(RECV_SIZE)


@mistake("2.6", "a client that hung up goes unnoticed")
def takes_the_empty_block_for_nothing_yet(self):
    """b'' means that nothing has arrived yet."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    self.received += self.connection.recv(RECV_SIZE)


@mistake("2.6", "100 Continue is not sent to a client that waits for it")
def never_says_continue(self):
    """The client will send its body after a while anyway (bottle #844: two seconds are lost with each large upload)."""
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "100 Continue is sent after receiving")
def says_continue_after_receiving(self):
    """The answer comes after what was received."""
    block = self.connection.recv(RECV_SIZE)
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "100 Continue is sent again and again")
def says_continue_each_time(self):
    """As long as the client expects it, it is told (gevent #93; werkzeug 3.1.9's development server says it twice)."""
    if self.continue_expected:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "only the first bytes of 100 Continue are sent")
def says_continue_with_send(self):
    """Twenty-five bytes are so few that send takes them all."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "the blank line after 100 Continue is missing")
def says_continue_without_the_blank_line(self):
    """A response without fields has no head to end."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "a client that did not ask for it is sent something")
def says_continue_to_everybody(self):
    """To tell a client to go on can do no harm."""
    self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "recv was not asked for RECV_SIZE bytes")
def asks_for_1024_bytes(self):
    """1024 is what every example asks for."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(1024)
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "a reset goes unnoticed")
def swallows_a_reset(self):
    """A connection that breaks gives no more bytes, and that is no error."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        block = self.connection.recv(RECV_SIZE)
    except ConnectionError:
        return
    if not block:
        raise ClientGone("gone")
    self.received += block


@mistake("2.6", "self.received is bytes, not a bytearray")
def makes_bytes_of_what_was_received(self):
    """bytes and bytes make bytes; read_exactly can take nothing off them."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received = bytes(self.received) + block


@mistake("2.6", "self.received is a str, not a bytearray")
def decodes_what_it_received(self):
    """A body is text, as in a form; pictures are not, and nobody downstream expects a str."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received = self.received.decode("latin-1") + block.decode("latin-1")


@mistake("2.6", "recv is called once more after a block of RECV_SIZE bytes")
def receives_until_a_block_is_short(self):
    """A full block means that more is there, a short one that all has come; a body of just that size has none."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    while block and len(block) % RECV_SIZE == 0:
        block += self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "ClientGone is raised instead of ConnectionResetError")
def takes_every_os_error_for_a_client_that_hung_up(self):
    """Sockets raise OSError, so that is what is caught; a time limit looks like a hang-up then."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        block = self.connection.recv(RECV_SIZE)
    except OSError as error:
        raise ClientGone(str(error))
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "ClientGone is raised instead of ConnectionResetError")
def takes_a_reset_for_a_client_that_hung_up(self):
    """A reset is one way of hanging up, and ClientGone a ConnectionError; but the caller can't tell the two apart."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        block = self.connection.recv(RECV_SIZE)
    except ConnectionError as error:
        raise ClientGone("the connection broke") from error
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_what_sendall_raises(self):
    """A client that can't be told to go on has left; but which error said so, nobody hears."""
    if self.continue_expected:
        self.continue_expected = False
        try:
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        except OSError as error:
            raise ClientGone("left before it was told to go on") from error
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "an error of sendall goes unnoticed")
def drops_the_errors_of_100_continue(self):
    """Whether the client was told does not seem to matter; but it has left."""
    if self.continue_expected:
        self.continue_expected = False
        try:
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        except OSError:
            pass
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "what you send is not 100 Continue")
def makes_100_continue_with_build_response(self):
    """build_response makes responses, and this is one; with a body's length that stands for nothing."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(build_response("", "100 Continue"))
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "100 Continue is not sent to a client that waits for it")
def tells_only_clients_of_which_nothing_has_come(self):
    """Whoever has sent something does not wait; a client may wait after its first bytes, too."""
    if self.continue_expected and not self.received:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "a client that hung up goes unnoticed: at once, where bytes (b'x') are there already")
def forgives_a_client_that_has_sent_something(self):
    """There is something to work with, so no error is raised; read_exactly then asks for ever."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block and not self.received:
        raise ClientGone("hung up")
    self.received += block


@mistake("2.6", "a client that was told to go on and hung up goes unnoticed")
def waits_on_after_100_continue(self):
    """The client was told a moment ago, so it must still be there."""
    told = self.continue_expected
    if told:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block and not told:
        raise ClientGone("the client hung up before the end of its body")
    self.received += block


@mistake("2.6", "ClientGone is raised instead of ConnectionResetError")
def takes_an_error_after_some_bytes_for_the_end(self):
    """Some of the body was there, so the client has merely stopped; which error it was is lost."""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        block = self.connection.recv(RECV_SIZE)
    except OSError:
        if not self.received:
            raise
        block = b""
    if not block:
        raise ClientGone("the client hung up before the end of its body")
    self.received += block


@mistake("2.6", "100 Continue is sent again after")
def puts_the_flag_down_when_the_body_has_come(self):
    """The client has continued when its bytes are there: until then it is expected to."""
    if self.continue_expected:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("the client hung up before its body was whole")
    self.continue_expected = False
    self.received += block


@mistake("2.6", "a block of white space is taken for the end")
def takes_white_space_for_nothing(self):
    """What has no text in it is empty. (A body is no text: b'' alone is the end.)"""
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    block = self.connection.recv(RECV_SIZE)
    if not block.strip():
        raise ClientGone("the client hung up")
    self.received += block


@mistake("2.6", "settimeout of the connection is used, and not recv and sendall alone")
def sets_a_time_limit_of_its_own(self):
    """A client that sends nothing keeps all others waiting. But in chapter 4 the connection is a Deadline, which
    has no settimeout.
    """
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    self.connection.settimeout(10)
    block = self.connection.recv(RECV_SIZE)
    if not block:
        raise ClientGone("the client hung up before the end of its body")
    self.received += block


@mistake("2.6", "ClientGone, raised by recv, does not come out")
def takes_a_client_gone_of_recv_for_the_end(self):
    """ClientGone says that the client has hung up, as b'' does: so both are made into one, and the first is lost.
    """
    if self.continue_expected:
        self.continue_expected = False
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        block = self.connection.recv(RECV_SIZE)
    except ClientGone:
        block = b""
    if not block:
        raise ClientGone("the client hung up before the end of its body")
    self.received += block


@mistake("2.6", "100 Continue is sent again to a client that has hung up: at once")
def remembers_it_when_something_has_come(self):
    """The client has heard of it once a block has come, or recv has failed. (b'' is a third way in which it ends.)"""
    if self.continue_expected:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        block = self.connection.recv(RECV_SIZE)
    except BaseException:
        self.continue_expected = False
        raise
    if not block:
        raise ClientGone("the client hung up before the end of its body")
    self.continue_expected = False
    self.received += block


# 2.7


@mistake("2.7", "what was read is a bytearray, not bytes")
def returns_a_bytearray(self, count):
    """A bytearray is as good as bytes."""
    while len(self.received) < count:
        self.receive_more()
    data = self.received[:count]
    del self.received[:count]
    return data


@mistake("2.7", "the second reading does not go on where the first ended")
def leaves_what_was_read(self, count):
    """To look at bytes is to read them."""
    while len(self.received) < count:
        self.receive_more()
    return bytes(self.received[:count])


@mistake("2.7", "what is after the first reading can't be read: your code raises ClientGone")
def throws_the_rest_away(self, count):
    """What is after the bytes belongs to nobody."""
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    self.received.clear()
    return data


@mistake("2.7", "more comes back than was asked for")
def returns_all_that_is_there(self, count):
    """Enough is enough, and more is better."""
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received)
    self.received.clear()
    return data


@mistake("2.7", "the bytes that come back are not all that were asked for")
def receives_once(self, count):
    """recv waits until the body is there."""
    if len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "the bytes that come back are not all that were asked for")
def asks_recv_for_the_rest(self, count):
    """recv(n) gives n bytes."""
    data = bytes(self.received[:count])
    del self.received[:count]
    if len(data) < count:
        data += self.connection.recv(count - len(data))
    return data


@mistake("2.7", "a body that is too short is taken for whole")
def ends_quietly_when_the_client_is_gone(self, count):
    """What has come is better than nothing."""
    try:
        while len(self.received) < count:
            self.receive_more()
    except ClientGone:
        pass
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "recv was called")
def tries_again_when_the_client_is_gone(self, count):
    """A client that is gone may come back."""
    while len(self.received) < count:
        try:
            self.receive_more()
        except ClientGone:
            continue
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "what was received already can't be read")
def receives_before_it_looks(self, count):
    """To read from a client is to receive, so that comes first."""
    self.receive_more()
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "it receives although there is exactly enough")
def receives_until_there_is_more_than_enough(self, count):
    """`<=` or `<` is a matter of taste."""
    while len(self.received) <= count:
        try:
            self.receive_more()
        except ClientGone:
            if len(self.received) < count:
                raise
            break
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "the client is not told to continue, once")
def calls_recv_itself(self, count):
    """receive_more does nothing but call recv."""
    while len(self.received) < count:
        block = self.connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("gone")
        self.received += block
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "0 bytes are not b''")
def counts_up_to_the_first_block(self, count):
    """A client that is read from has something to say."""
    while not self.received or len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count]) or bytes(self.received)
    del self.received[:len(data)]
    return data


@mistake("2.7", "your code does not end")
def takes_off_one_byte_at_a_time(self, count):
    """pop(0) takes the first byte off; each time all the others move up, a million times a million bytes."""
    data = b""
    while len(data) < count:
        if not self.received:
            self.receive_more()
        data += bytes([self.received.pop(0)])
    return data


@mistake("2.7", "self.received is bytes, not a bytearray")
def leaves_bytes_behind(self, count):
    """What is left is cut out of bytes, and bytes it stays: `del` on it raises TypeError later, in another method."""
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received)
    self.received = data[count:]
    return data[:count]


@mistake("2.7", "what was read is a memoryview, not bytes")
def returns_a_view(self, count):
    """A view copies nothing; but it is no bytes, and whoever compares or decodes it finds out."""
    while len(self.received) < count:
        self.receive_more()
    data = memoryview(bytes(self.received[:count]))
    del self.received[:count]
    return data


@mistake("2.7", "TimeoutError, raised by receive_more, does not come out")
def takes_a_time_limit_for_the_end_of_the_body(self, count):
    """Nothing comes any more, so what is there is the body; it is half of one."""
    try:
        while len(self.received) < count:
            self.receive_more()
    except TimeoutError:
        pass
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_every_os_error(self, count):
    """The body won't come, whatever the reason; the reason is gone with it."""
    try:
        while len(self.received) < count:
            self.receive_more()
    except OSError as error:
        raise ClientGone(str(error))
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "BadRequest is raised instead of ClientGone")
def takes_a_client_that_left_for_a_bad_request(self, count):
    """Half a body is a bad request, and is answered; but nobody is there to read the answer."""
    try:
        while len(self.received) < count:
            self.receive_more()
    except ClientGone:
        raise BadRequest(400, "half a body")
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "the bytes that come back are not all that were asked for")
def counts_the_blocks_it_needs(self, count):
    """So many bytes are so many blocks; but a block may be as short as one byte."""
    for _ in range(count // RECV_SIZE + 1):
        if len(self.received) < count:
            self.receive_more()
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "bytes after those that were asked for are lost: a block brings more than what is missing")
def takes_count_bytes_each_time(self, count):
    """What comes is moved over, count bytes of it at most; but when some are there, fewer are missing than count."""
    data = bytearray()
    while len(data) < count:
        if not self.received:
            self.receive_more()
        data += self.received[:count]
        del self.received[:count]
    return bytes(data[:count])


@mistake("2.7", "bytes after those that were asked for are lost: a block brings more than what is missing")
def empties_the_buffer_if_it_had_to_receive(self, count):
    """What was received for this reading has been used up by it; but a block may bring more than was wanted."""
    if len(self.received) >= count:
        data = bytes(self.received[:count])
        del self.received[:count]
        return data
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    self.received = bytearray()
    return data


@mistake("2.7", "0 bytes are not b'' where some are there")
def takes_0_for_all(self, count):
    """`or` puts in what is meant where no number is given; 0 is a number that is given."""
    count = count or len(self.received)
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "what was received is not in self.received after 0 bytes were read")
def begins_anew_after_an_empty_body(self, count):
    """There is no body, so what is there is taken to be left from before."""
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    del self.received[:count or None]
    return data


@mistake("2.7", "a body that is too short is taken for whole")
def takes_nothing_for_an_empty_body(self, count):
    """Not a byte has come, so the body is thought to be empty; its length says something else."""
    while len(self.received) < count:
        try:
            self.receive_more()
        except ClientGone:
            if self.received:
                raise
            return b""
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "bytes after those that were asked for are lost: what follows is equal to what is read")
def strips_what_it_has_read(self, count):
    """lstrip takes off all bytes that are among those given, and not those bytes once."""
    while len(self.received) < count:
        self.receive_more()
    data = bytes(self.received[:count])
    self.received = self.received.lstrip(data)
    return data


@mistake("2.7", "ClientGone, raised by receive_more, does not come out")
def raises_client_gone_anew(self, count):
    """The text is to say how much is missing; but what receive_more raises is another exception then."""
    while len(self.received) < count:
        try:
            self.receive_more()
        except ClientGone:
            raise ClientGone(f"{count - len(self.received)} bytes are missing")
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "fewer bytes come back than were asked for, where they fill many blocks")
def waits_for_ten_blocks_at_most(self, count):
    """A limit for what is kept in memory; but the bytes that were asked for are more."""
    while len(self.received) < min(count, 10 * RECV_SIZE):
        self.receive_more()
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


@mistake("2.7", "the connection is used, and not self.receive_more()")
def receives_by_itself(self, count):
    """The few lines of receive_more are written out once more, and there are two places to mend from then on."""
    while len(self.received) < count:
        if self.continue_expected:
            self.continue_expected = False
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        block = self.connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the end of its body")
        self.received += block
    data = bytes(self.received[:count])
    del self.received[:count]
    return data


# 2.8


@mistake("2.8", "a size in hexadecimal digits is refused (1a): your code raises BadRequest 400")
def reads_decimal(line):
    """Content-Length is decimal, so chunk sizes are too."""
    match = re.fullmatch(rb"([0-9]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "a bad size")
    return int(match[1])


@mistake("2.8", "accepted: a 0x prefix")
def lets_int_judge_the_size(line):
    """int(…, 16) raises ValueError for all that is no size (waitress's CVE-2022-24761, tornado before 6.3.3)."""
    size = line.partition(b";")[0]
    if len(size) > 16 or b"\n" in line:
        raise BadRequest(400, "a bad size")
    try:
        return int(size, 16)
    except ValueError:
        raise BadRequest(400, "a bad size")


@mistake("2.8", "a size with an extension is refused (a name and a value): your code raises BadRequest 400")
def knows_no_extensions(line):
    """A line with a size has a size in it."""
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", line):
        raise BadRequest(400, "a bad size")
    return int(line, 16)


@mistake("2.8", "accepted: a space in front")
def strips_the_size(line):
    """White space around a number can do no harm."""
    size = line.partition(b";")[0].strip(b" \t")
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size) or CONTROL.search(line):
        raise BadRequest(400, "a bad size")
    return int(size, 16)


@mistake("2.8", "a size in hexadecimal digits is refused (capitals): your code raises BadRequest 400")
def knows_small_letters_only(line):
    """Hexadecimal digits are 0 to 9 and a to f."""
    match = re.fullmatch(rb"([0-9a-f]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "a bad size")
    return int(match[1], 16)


@mistake("2.8", "accepted: an LF in the extension")
def does_not_look_into_extensions(line):
    """What is ignored need not be looked at (Falcon's CVE-2023-38697)."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line, re.DOTALL)
    if not match:
        raise BadRequest(400, "a bad size")
    return int(match[1], 16)


@mistake("2.8", "accepted: a CR in the extension")
def lets_the_dot_judge_extensions(line):
    """`.` in a pattern stops at the end of a line; it does at an LF, and lets a CR and all else pass."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match:
        raise BadRequest(400, "a bad size")
    return int(match[1], 16)


@mistake("2.8", "accepted: an LF after it")
def ends_the_pattern_of_the_size_with_a_dollar(line):
    """`$` stands for the end of the line."""
    match = re.match(rb"^([0-9A-Fa-f]{1,16})([ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?$", line)
    if not match:
        raise BadRequest(400, "a bad size")
    return int(match[1], 16)


@mistake("2.8", "ValueError is raised instead of BadRequest")
def does_not_expect_a_line_with_nothing_in_it(line):
    """There is always a digit."""
    size = line.partition(b";")[0].rstrip(b" \t") if b";" in line else line
    if len(size) > 16 or CONTROL.search(line) or re.search(rb"[^0-9A-Fa-f]", size):
        raise BadRequest(400, "a bad size")
    return int(size, 16)


@mistake("2.8", "accepted: 17 digits")
def takes_sizes_of_any_length(line):
    """Python's numbers have no end."""
    match = re.fullmatch(rb"([0-9A-Fa-f]+)([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "a bad size")
    return int(match[1], 16)


@mistake("2.8", "the size is bytes, not an int")
def returns_the_digits(line):
    """The size is what stands before the semicolon."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "a bad size")
    return match[1]


@mistake("2.8", "a size with an extension is refused (a tab in it): your code raises BadRequest 400")
def takes_the_tab_in_an_extension_for_a_control_character(line):
    """The tab is a control character of ASCII; CONTROL leaves it out, as HTTP allows it."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;[^\x00-\x1f\x7f]*)?", line)
    if not match:
        raise BadRequest(400, "no size")
    return int(match[1], 16)


@mistake("2.8", "a size with an extension is refused (spaces and tabs before it): your code raises BadRequest 400")
def allows_one_space_before_the_semicolon(line):
    """One space is what people write; the rule says any number, and tabs."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]?;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "no size")
    return int(match[1], 16)


@mistake("2.8", "accepted: a space after it")
def takes_spaces_off_before_a_semicolon_that_is_not_there(line):
    """The size is what stands before the semicolon, without spaces; they are taken off where there is none, too."""
    size, _, extension = line.partition(b";")
    size = size.rstrip(b" \t")
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size) or CONTROL.search(extension):
        raise BadRequest(400, "no size")
    return int(size, 16)


@mistake("2.8", "accepted: 17 digits, zeros in front")
def does_not_count_zeros_in_front(line):
    """As with Content-Length, zeros in front change nothing; here the digits are limited, and not the number."""
    match = re.fullmatch(rb"0*([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "no size")
    return int(match[1], 16)


@mistake("2.8", "16 digits are refused")
def looks_at_the_limit_of_the_body_here(line):
    """A chunk larger than a body may be is refused at once; read_chunked does that, with what has come before."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "no size")
    if int(match[1], 16) > MAX_BODY:
        raise BadRequest(413, "too large")
    return int(match[1], 16)


@mistake("2.8", "a size with an extension is refused (bytes above 127): your code raises UnicodeDecodeError")
def knows_ascii_extensions_only(line):
    """The line is decoded first, as ASCII; an extension may hold other bytes, in quotes."""
    match = re.fullmatch(r"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line.decode("ascii"))
    if not match or CONTROL.search(line):
        raise BadRequest(400, "no size")
    return int(match[1], 16)


@mistake("2.8", "a size with an extension is refused (a name and a value): your code raises BadRequest 501")
def refuses_extensions_as_not_implemented(line):
    """An extension that nobody knows is not implemented; but it is to be ignored."""
    if b";" in line:
        raise BadRequest(501, "no extensions")
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "no size")
    return int(match[1], 16)


@mistake("2.8", "accepted: DEL in the extension")
def lists_control_characters_in_extensions(line):
    """NUL and the line ends came to mind."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match or re.search(rb"[\x00\r\n\x0b\x0c]", line):
        raise BadRequest(400, "a chunk does not begin with its size in hexadecimal digits")
    return int(match[1], 16)


@mistake("2.8", "a size with an extension is refused (a long one): your code raises BadRequest 400")
def counts_the_extension_as_digits(line):
    """Sixteen digits are the most, and the line is measured in place of the digits."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if len(line) > 16 or not match or CONTROL.search(line):
        raise BadRequest(400, "a chunk does not begin with its size in hexadecimal digits")
    return int(match[1], 16)


@mistake("2.8", "a size of 0 with an extension is refused: your code raises BadRequest 400")
def wants_no_extension_at_the_end(line):
    """The last chunk is b`0` and nothing else, in every example."""
    match = re.fullmatch(rb"([0-9A-Fa-f]{1,16})([ \t]*;.*)?", line)
    if not match or CONTROL.search(line):
        raise BadRequest(400, "a chunk does not begin with its size in hexadecimal digits")
    size = int(match[1], 16)
    if size == 0 and match[2]:
        raise BadRequest(400, "an extension of the last chunk")
    return size


@mistake("2.8", "accepted: a space in front, and an extension")
def strips_both_sides_where_a_semicolon_follows(line):
    """Where a semicolon follows, white space is allowed, and strip takes it off. (In front of the size, too.)"""
    size, semicolon, extension = line.partition(b";")
    if semicolon:
        size = size.strip(b" \t")
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size) or CONTROL.search(extension):
        raise BadRequest(400, "the size of a chunk is malformed")
    return int(size, 16)


# 2.9


@mistake("2.9", "the body is a bytearray, not bytes")
def returns_the_bytearray(reader):
    """A bytearray is as good as bytes."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        body += reader.read_exactly(size)
        reader.read_exactly(2)
    while reader.read_line():
        pass
    return body


@mistake("2.9", "the body is not what the chunk holds")
def keeps_the_line_end_of_a_chunk(reader):
    """A chunk is what stands between two sizes."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        body += reader.read_exactly(size + 2)
    while reader.read_line():
        pass
    return bytes(body)


@mistake("2.9", "a good body is not read")
def forgets_the_line_end_of_a_chunk(reader):
    """After so many bytes comes the next size."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
    while reader.read_line():
        pass
    return bytes(body)


@mistake("2.9", "the body is not all chunks joined")
def reads_one_chunk(reader):
    """A body comes in a chunk."""
    size = parse_chunk_size(reader.read_line())
    body = reader.read_exactly(size)
    reader.read_exactly(2)
    while reader.read_line():
        pass
    return body


@mistake("2.9", "a chunk is not read (line ends): your code raises BadRequest 400")
def reads_chunks_as_lines(reader):
    """A size is a line, and a chunk is a line."""
    body = bytearray()
    while parse_chunk_size(reader.read_line()):
        body += reader.read_line()
    while reader.read_line():
        pass
    return bytes(body)


@mistake("2.9", "the reading stops before the line with nothing in it: no trailer")
def leaves_the_last_line(reader):
    """A size of 0 ends the body, so there is nothing more to read."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
    return bytes(body)


@mistake("2.9", "the body is not read (one trailer): your code raises BadRequest 400")
def takes_trailers_for_an_error(reader):
    """After the last chunk comes CRLF, and nothing else."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
    if reader.read_exactly(2) != b"\r\n":
        raise BadRequest(400, "no CRLF after the last chunk")
    return bytes(body)


@mistake("2.9", "accepted: two other bytes after a chunk")
def does_not_look_at_the_line_end(reader):
    """Two bytes are left out, and they are CRLF (h11 before 0.16, CVE-2025-43859)."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        reader.read_exactly(2)
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "bytes are received although there are too many: one chunk")
def reads_a_chunk_before_it_looks(reader):
    """How large a body is can be told when it is there."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
        if len(body) > MAX_BODY:
            raise BadRequest(413, "too large")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "bytes are received although there are too many: chunks that are too large together")
def limits_each_chunk_and_not_the_body(reader):
    """No chunk is too large, so the body is not."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "accepted: MAX_FIELDS + 1 trailer lines")
def reads_trailers_without_end(reader):
    """There are no trailers, or a few."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
    while reader.read_line():
        pass
    return bytes(body)


@mistake("2.9", "a body that is not whole is taken for whole")
def keeps_what_it_has_when_the_client_is_gone(reader):
    """What has come is better than nothing."""
    body = bytearray()
    try:
        while size := parse_chunk_size(reader.read_line()):
            if len(body) + size > MAX_BODY:
                raise BadRequest(413, "too large")
            body += reader.read_exactly(size)
            if reader.read_exactly(2) != b"\r\n":
                raise BadRequest(400, "no CRLF")
        for _ in range(MAX_FIELDS + 1):
            if not reader.read_line():
                return bytes(body)
    except ClientGone:
        return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "an extension after the size of a chunk, and the body is not read: your code raises ValueError")
def reads_sizes_itself(reader):
    """int(…, 16) is all it takes to read a size."""
    body = bytearray()
    while size := int(reader.read_line(), 16):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "more is received although two bytes after the chunk are no CRLF")
def reads_a_line_where_two_bytes_stand(reader):
    """After a chunk stands the end of a line, so the rest of the line is empty."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_line() != b"":
            raise BadRequest(400, "no CRLF")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "trailers are received although there are too many")
def counts_the_trailers_when_all_have_come(reader):
    """How many they are is known at the end."""
    body, trailers = bytearray(), []
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF")
    while line := reader.read_line():
        trailers.append(line)
    if len(trailers) > MAX_FIELDS:
        raise BadRequest(431, "too many trailers")
    return bytes(body)


@mistake("2.9", "the body is not read (a trailer that is no field): your code raises BadRequest 400")
def parses_the_trailers(reader):
    """Trailers are fields, so they are parsed; they are to be ignored, whatever they are."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no end of a chunk")
    for _ in range(MAX_FIELDS + 1):
        line = reader.read_line()
        if not line:
            return bytes(body)
        parse_field(line)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "the body is not read as it should be: one trailer")
def puts_the_trailers_into_the_body(reader):
    """All that comes is collected, until a line with nothing in it; trailers are no part of the body."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no end of a chunk")
    for _ in range(MAX_FIELDS + 1):
        line = reader.read_line()
        if not line:
            return bytes(body)
        body += line
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_every_os_error_in_chunks(reader):
    """The body won't come, whatever the reason; the reason is gone with it."""
    body = bytearray()
    try:
        while size := parse_chunk_size(reader.read_line()):
            if len(body) + size > MAX_BODY:
                raise BadRequest(413, "too large")
            body += reader.read_exactly(size)
            if reader.read_exactly(2) != b"\r\n":
                raise BadRequest(400, "no end of a chunk")
        for _ in range(MAX_FIELDS + 1):
            if not reader.read_line():
                return bytes(body)
    except OSError as error:
        raise ClientGone(str(error))
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "ClientGone is raised instead of ConnectionResetError")
def makes_client_gone_of_a_reset_in_chunks(reader):
    """A reset is one way of hanging up; but the reader knows that one, and what it raises is let out."""
    body = bytearray()
    try:
        while size := parse_chunk_size(reader.read_line()):
            if len(body) + size > MAX_BODY:
                raise BadRequest(413, "too large")
            body += reader.read_exactly(size)
            if reader.read_exactly(2) != b"\r\n":
                raise BadRequest(400, "no end of a chunk")
        for _ in range(MAX_FIELDS + 1):
            if not reader.read_line():
                return bytes(body)
    except ConnectionError as error:
        raise ClientGone("half a body") from error
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "BadRequest is raised instead of ClientGone")
def answers_a_client_that_left_in_a_chunk(reader):
    """Half a body is a bad request; but nobody is there to read the answer."""
    body = bytearray()
    try:
        while size := parse_chunk_size(reader.read_line()):
            if len(body) + size > MAX_BODY:
                raise BadRequest(413, "too large")
            body += reader.read_exactly(size)
            if reader.read_exactly(2) != b"\r\n":
                raise BadRequest(400, "no end of a chunk")
        for _ in range(MAX_FIELDS + 1):
            if not reader.read_line():
                return bytes(body)
    except ClientGone:
        raise BadRequest(400, "half a body")
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "BadRequest is raised instead of ValueError")
def takes_its_own_refusals_for_value_errors(reader):
    """A ValueError of int() is to become a 400; BadRequest is a ValueError, and becomes one too."""
    body = bytearray()
    try:
        while size := parse_chunk_size(reader.read_line()):
            if len(body) + size > MAX_BODY:
                raise BadRequest(413, "too large")
            body += reader.read_exactly(size)
            if reader.read_exactly(2) != b"\r\n":
                raise BadRequest(400, "no end of a chunk")
        for _ in range(MAX_FIELDS + 1):
            if not reader.read_line():
                return bytes(body)
    except ValueError:
        raise BadRequest(400, "no chunks")
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "a body of MAX_BODY bytes is not read")
def refuses_the_largest_body_in_chunks(reader):
    """`>=` looks like a limit; it is the limit less one."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size >= MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no end of a chunk")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "the bytes of one body are in the next")
def keeps_one_buffer_for_all_bodies(reader):
    """A buffer outside of the function, or as the default of a parameter, is made once."""
    body = globals().setdefault("BODY", bytearray())
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no end of a chunk")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, "too many trailers")


@mistake("2.9", "accepted: a plus sign after a chunk")
def takes_a_bad_size_for_the_end(reader):
    """What is no size ends the chunks; so a body may be cut by whoever writes a wrong one."""
    body = bytearray()
    size = parse_chunk_size(reader.read_line())
    while size:
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, f"the body is larger than {MAX_BODY} bytes")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "a chunk does not end where its size says")
        try:
            size = parse_chunk_size(reader.read_line())
        except BadRequest:
            size = 0
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


@mistake("2.9", "accepted: two other bytes after the second chunk")
def looks_at_the_first_line_end_alone(reader):
    """The first chunk shows whether the client knows how to write chunks."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, f"the body is larger than {MAX_BODY} bytes")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n" and len(body) == size:
            raise BadRequest(400, "a chunk does not end where its size says")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


@mistake("2.9", "refused with status 431, and 400 is the right one")
def gives_a_long_trailer_a_status_of_its_own(reader):
    """Too long a field is 431; but read_line has said what is wrong with its line."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, f"the body is larger than {MAX_BODY} bytes")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "a chunk does not end where its size says")
    for _ in range(MAX_FIELDS + 1):
        try:
            line = reader.read_line()
        except BadRequest:
            raise BadRequest(431, "a trailer is too long") from None
        if not line:
            return bytes(body)
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


@mistake("2.9", "the reading stops before the line with nothing in it: a line of spaces and one more")
def takes_a_line_of_spaces_for_the_last(reader):
    """What strip leaves empty looks empty; there are bytes in that line."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, f"the body is larger than {MAX_BODY} bytes")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "a chunk does not end where its size says")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line().strip():
            return bytes(body)
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


@mistake("2.9", "several zeros for the size 0, and that is not taken for the end of the chunks: your code raises")
def compares_the_line_with_0(reader):
    """The last chunk is `0`, as all examples have it."""
    body, count = bytearray(), 0
    while (line := reader.read_line()) != b"0":
        size = parse_chunk_size(line)
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, "too large")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "no CRLF after a chunk")
    while reader.read_line():
        count += 1
        if count > MAX_FIELDS:
            raise BadRequest(431, "too many trailers")
    return bytes(body)


@mistake("2.9", "another BadRequest comes out than that of parse_chunk_size or read_line: a size that is none")
def tells_of_a_bad_size_in_words_of_its_own(reader):
    """The caller is to know that the chunks are bad, and does not hear any more what is wrong with them."""
    body = bytearray()
    while True:
        try:
            size = parse_chunk_size(reader.read_line())
        except BadRequest as error:
            raise BadRequest(error.status, "the chunks are malformed")
        if not size:
            break
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, f"the body is larger than {MAX_BODY} bytes")
        body += reader.read_exactly(size)
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "a chunk does not end where its size says")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


@mistake("2.9", "ClientGone, raised by recv, does not come out")
def raises_client_gone_anew_in_a_chunk(reader):
    """The text is to say where the client has left; but what the reader raises is another exception then."""
    body = bytearray()
    while size := parse_chunk_size(reader.read_line()):
        if len(body) + size > MAX_BODY:
            raise BadRequest(413, f"the body is larger than {MAX_BODY} bytes")
        try:
            body += reader.read_exactly(size)
        except ClientGone:
            raise ClientGone("the client hung up within a chunk")
        if reader.read_exactly(2) != b"\r\n":
            raise BadRequest(400, "a chunk does not end where its size says")
    for _ in range(MAX_FIELDS + 1):
        if not reader.read_line():
            return bytes(body)
    raise BadRequest(431, f"more than {MAX_FIELDS} trailer fields")


# 2.10


@mistake("2.10", "the framing is not CHUNKED: chunked")
def tells_that_nothing_is_known_of_a_length(request, limit):
    """Chunks have no length, and None is how Python says so."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")


@mistake("2.10", "the framing is not CHUNKED: Chunked")
def returns_the_coding_as_it_was_sent(request, limit):
    """The coding is compared in lower case, and returned as the client wrote it."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t") for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1].lower() != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return codings[-1]


@mistake("2.10", "the framing is a str, not an int")
def returns_the_value_of_content_length(request, limit):
    """body_length is asked whether the length is good, and what stands in the field is returned."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return lengths[0] if body_length(lengths, limit) else 0
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "chunks are refused (spaces and tabs around it): your code raises BadRequest 400")
def strips_codings_of_spaces_alone(request, limit):
    """White space is spaces."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" ").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "a request without a length has a body")
def takes_a_request_without_a_length_for_chunked(request, limit):
    """A body without a length is read to its end; but here there is no body."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if lengths and not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values or [CHUNKED]).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "a length of limit bytes is refused (more than MAX_BODY): your code raises BadRequest 413")
def keeps_the_limit_to_itself(request, limit):
    """body_length knows a limit of its own, MAX_BODY; it is not the caller's."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: a length above limit")
def cuts_the_length_to_the_limit(request, limit):
    """No more than limit is read; the rest is taken for another request."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return min(body_length(lengths, max(limit, MAX_BODY)), limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED

@mistake("2.10", "chunks are refused (Chunked): your code raises BadRequest 400")
def compares_with_case(request, limit):
    """A coding is called `chunked`."""
    lengths = request.values("content-length")
    codings = [coding.strip(" \t") for coding in ",".join(request.values("transfer-encoding")).split(",")]
    if codings == [""] and not request.values("transfer-encoding"):
        return body_length(lengths, limit)
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: Content-Length and chunks")
def lets_chunks_win(request, limit):
    """RFC 9112 lets Transfer-Encoding override Content-Length (waitress 3.0.2 and werkzeug 3.1.9 do it so)."""
    values = request.values("transfer-encoding")
    if not values:
        return body_length(request.values("content-length"), limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: Content-Length and chunks")
def lets_content_length_win(request, limit):
    """A length that is told is the length, whatever else is told (attackers call that CL.TE)."""
    if request.values("content-length"):
        return body_length(request.values("content-length"), limit)
    values = request.values("transfer-encoding")
    if not values:
        return 0
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: chunks in HTTP/1.0")
def takes_chunks_in_every_version(request, limit):
    """A body that comes in chunks is read in chunks (gunicorn before 22.0.0)."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: gzip alone")
def falls_back_on_content_length(request, limit):
    """A coding that is not `chunked` is no matter: then Content-Length counts (waitress's CVE-2019-16786)."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if [value.strip(" \t").lower() for value in values] != ["chunked"]:
        return body_length(lengths, limit)
    if lengths or request.version == "HTTP/1.0":
        raise BadRequest(400, "where does it end?")
    return CHUNKED


@mistake("2.10", "accepted: gzip after chunked")
def looks_for_chunked_anywhere(request, limit):
    """Where chunks are mentioned, there are chunks (gunicorn's CVE-2024-1135)."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    if lengths or request.version == "HTTP/1.0" or "chunked" not in ",".join(values).lower():
        raise BadRequest(400, "where does it end?")
    return CHUNKED


@mistake("2.10", "accepted: xchunked")
def looks_at_the_end_of_the_text(request, limit):
    """The last coding is what the text ends with."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    if lengths or request.version == "HTTP/1.0" or not values[-1].rstrip(" \t").lower().endswith("chunked"):
        raise BadRequest(400, "where does it end?")
    if "," in ",".join(values):
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: a no-break space before chunked")
def strips_codings_of_all_white_space(request, limit):
    """strip() takes off spaces; that str.strip() knows more of them is not in view."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip().lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: gzip in a field after chunked")
def reads_the_first_field_only(request, limit):
    """A field comes once."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in values[0].split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: an empty field")
def takes_an_empty_coding_for_none(request, limit):
    """A field without a value is no field."""
    lengths, text = request.values("content-length"), ",".join(request.values("transfer-encoding"))
    if not text:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in text.split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: gzip, chunked")
def hands_compressed_bytes_on(request, limit):
    """Chunks are decoded, and the rest is somebody else's affair."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    return CHUNKED


@mistake("2.10", "refused with status 400, and 501 is the right one")
def knows_one_status(request, limit):
    """What can't be read is a bad request."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    if lengths or request.version == "HTTP/1.0" or [value.strip(" \t").lower() for value in values] != ["chunked"]:
        raise BadRequest(400, "where does it end?")
    return CHUNKED


@mistake("2.10", "an HTTP/1.0 request is taken to have no body")
def knows_no_bodies_in_http_1_0(request, limit):
    """HTTP/1.0 is so old that it has no bodies."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit) if request.version != "HTTP/1.0" else 0
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: two lengths")
def reads_the_length_itself(request, limit):
    """int() is all it takes to read a length."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return int(lengths[0]) if lengths else 0
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "chunks in HTTP/1.2 are refused")
def knows_chunks_in_1_1_alone(request, limit):
    """Chunks belong to HTTP/1.1."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version != "HTTP/1.1" or codings[-1] != "chunked":
        raise BadRequest(400, "no certain end")
    if len(codings) > 1:
        raise BadRequest(501, "no such coding")
    return CHUNKED


@mistake("2.10", "accepted: nothing after a comma")
def leaves_empty_codings_out(request, limit):
    """Between two commas there may be nothing, and nothing is no coding."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",") if coding.strip(" \t")]
    if lengths or request.version == "HTTP/1.0" or not codings or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted: chunked twice")
def looks_whether_all_codings_are_chunked(request, limit):
    """What is chunked twice is chunked."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if set(codings) != {"chunked"}:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "refused with status 413, and 400 is the right one")
def reads_the_length_before_it_looks_for_chunks(request, limit):
    """The length is worked out at the top, so that it is at hand; and its errors come first."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    length = body_length(lengths, limit)
    if not encodings:
        return length
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "no certain end")
    if len(codings) > 1:
        raise BadRequest(501, "other codings")
    return CHUNKED


@mistake("2.10", "refused with status 501, and 400 is the right one")
def looks_for_other_codings_first(request, limit):
    """What can't be decoded is looked at first; that the end is not certain is worse."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if len(codings) > 1 and codings[-1] == "chunked":
        raise BadRequest(501, "other codings")
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "no certain end")
    return CHUNKED


@mistake("2.10", "refused with status 501, and 400 is the right one")
def looks_at_the_first_coding(request, limit):
    """There are several, and that is one thing; which of them is `chunked` is another, and asked of the first."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "more than one coding")
    if codings[0] != CHUNKED:
        raise BadRequest(400, "not chunked")
    return CHUNKED


@mistake("2.10", "refused with status 501, and 400 is the right one")
def finds_chunks_in_http_1_0_not_implemented(request, limit):
    """HTTP/1.0 has no chunks, so they are not implemented; but nobody knows how the program in front reads them."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if request.version == "HTTP/1.0":
        raise BadRequest(501, "no chunks in HTTP/1.0")
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "no certain end")
    if len(codings) > 1:
        raise BadRequest(501, "other codings")
    return CHUNKED


@mistake("2.10", "body_framing changes the request")
def takes_the_coding_out_of_the_request(request, limit):
    """Once the body is decoded, the field is not true any more; but the request is what the client sent."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "no certain end")
    if len(codings) > 1:
        raise BadRequest(501, "other codings")
    request.fields = [field for field in request.fields if field[0] != "transfer-encoding"]
    return CHUNKED


@mistake("2.10", "accepted: Content-Length 0 and chunks")
def takes_a_length_of_0_for_none(request, limit):
    """A length of 0 says nothing about the body; to the program in front it says that there is none."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if body_length(lengths, limit) or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "no certain end")
    if len(codings) > 1:
        raise BadRequest(501, "other codings")
    return CHUNKED


@mistake("2.11", "nothing comes back")
def calls_the_page_and_returns_nothing(request):
    """To call the page's function is to answer."""
    methods, show = PAGES[request.path]
    show(request)


@mistake("2.11", "the response is a function, not bytes")
def returns_the_function(request):
    """What stands in the table is the answer."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show


@mistake("2.11", "a page that was put into PAGES does not answer")
def names_each_path(request):
    """There are two pages, so there are two ifs."""
    if request.path == b"/":
        if request.method not in ("GET", "HEAD"):
            return error_response(405, "no such method", [("Allow", "GET, HEAD")])
        return show_home(request)
    if request.path == b"/echo":
        return show_echo(request)
    return error_response(404, "no such page")


@mistake("2.11", "/echo has ANY method, and refuses GET")
def looks_into_any(request):
    """ANY is an empty list of methods."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if request.method not in (methods or ()):
        return error_response(405, "no such method", [("Allow", ", ".join(methods or ()))])
    return show(request)


@mistake("2.11", "a path that is not in PAGES does not get 404 (no such page): your code raises KeyError")
def does_not_miss_a_page(request):
    """The table has an entry for every path."""
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "a path that is not in PAGES does not get 404: with POST")
def looks_at_the_method_first(request):
    """A server knows some methods, and refuses the others wherever they come."""
    methods, show = PAGES.get(request.path, (("GET", "HEAD"), None))
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    if show is None:
        return error_response(404, "no such page")
    return show(request)


@mistake("2.11", "a path that is not in PAGES does not get 404: a page's path and a slash")
def forgives_a_slash_at_the_end(request):
    """A slash at the end means nothing."""
    path = request.path.rstrip(b"/") or b"/"
    if path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "405 comes without an Allow field")
def forgets_allow(request):
    """The status says it all."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method")
    return show(request)


@mistake("2.11", "Allow does not name the methods that the page has")
def joins_a_str_with_commas(request):
    """str() makes text out of a tuple."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", str(methods))])
    return show(request)


@mistake("2.11", "Allow names other methods than the page has")
def writes_allow_out(request):
    """The docstring says `GET, HEAD`."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", "GET, HEAD")])
    return show(request)


@mistake("2.11", "/ has GET and HEAD only, and get does not get 405")
def puts_the_method_into_capitals_again(request):
    """`get` is `GET`."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method.upper() not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "/ has GET and HEAD only, and GE does not get 405")
def looks_for_the_method_in_a_text(request):
    """`in` finds a method in `GET, HEAD`."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in ", ".join(methods):
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "the error is no plain text")
def answers_errors_in_html(request):
    """A browser shows HTML (and runs the script that stands in the path of a link)."""
    if request.path not in PAGES:
        return build_response(f"<h1>no page at {request.target}</h1>", "404 Not Found")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "KeyError, raised by a page, does not come out")
def takes_a_bug_of_a_page_for_no_page(request):
    """One try around looking up and calling: a KeyError of the page says that there is no such page."""
    try:
        methods, show = PAGES[request.path]
        if methods is not ANY and request.method not in methods:
            return error_response(405, "no such method", [("Allow", ", ".join(methods))])
        return show(request)
    except KeyError:
        return error_response(404, "no such page")


@mistake("2.11", "ConnectionResetError, raised by a page, does not come out")
def answers_a_bug_of_a_page_with_500(request):
    """A page that fails is a 500, and so it will be; but here the traceback is lost, and nobody hears of it."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    try:
        return show(request)
    except Exception as error:
        return error_response(500, str(error))


@mistake("2.11", "a page that fails is called again")
def asks_forgiveness_for_any_and_calls_again(request):
    """`in None` raises TypeError, and so may the page: then it is called a second time."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    try:
        if request.method not in methods:
            return error_response(405, "no such method", [("Allow", ", ".join(methods))])
        return show(request)
    except TypeError:
        return show(request)


@mistake("2.11", "the answer to HEAD has no body: a page")
def takes_the_body_off_for_head(request):
    """HEAD has no body; but errors are answers to HEAD, too, and are returned before this line."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return without_body(show(request)) if request.method == "HEAD" else show(request)


@mistake("2.11", "HEAD is taken for GET")
def takes_head_for_get(request):
    """Who has GET has HEAD; here PAGES says which methods a page has."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method.replace("HEAD", "GET") not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "/echo has ANY method, and refuses OPTIONS")
def answers_options_itself(request):
    """OPTIONS asks what is allowed, so it is answered for all pages; ANY stands for it too."""
    if request.method == "OPTIONS":
        return error_response(405, "not here", [("Allow", "GET, HEAD")])
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "a path that is not in PAGES does not get 404 (no such page): your code raises BadRequest 404")
def raises_bad_request_for_no_page(request):
    """BadRequest carries a status, so it is raised; answer is to return a response."""
    if request.path not in PAGES:
        raise BadRequest(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "the echo is not of this request")
def keeps_answers_for_the_next_time(request):
    """What was answered once is kept; but the echo of one client is sent to another."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    kept = globals().setdefault("ANSWERS", {})
    return kept.setdefault((request.path, request.method), show(request))


# 2.12


@mistake("2.12", "nothing was sent to the client")
def makes_the_answer_and_keeps_it(connection, client_address):
    """What answer returns goes to the client."""
    try:
        response = answer(read_request(connection))
    except (BadRequest, ConnectionError):
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "only the first bytes of what is given to send were sent")
def uses_send(connection, client_address):
    """send sends what it is given."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.send(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "an exception comes out of handle, and the client gets no answer")
def does_not_answer_bad_requests(connection, client_address):
    """An exception is for who calls."""
    try:
        request = read_request(connection)
        response = answer(request)
        connection.sendall(without_body(response) if request.method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the answer has another status: no Host")
def answers_every_bad_request_with_404(connection, client_address):
    """What can't be served is not found."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(400 if "request line" in str(error) else 404, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "there is a body where none may be")
def answers_head_like_get(connection, client_address):
    """HEAD is a GET."""
    try:
        try:
            response = answer(read_request(connection))
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "there is a body where none may be")
def cuts_the_body_of_pages_only(connection, client_address):
    """An error has a text, whoever asks."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        good = response.startswith(b"HTTP/1.1 200")
        connection.sendall(without_body(response) if method == "HEAD" and good else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "HEAD gets a body where the page itself refuses the request")
def cuts_the_body_inside_the_try(connection, client_address):
    """The method is known where the answer is made, so it is cut there; what a page raises passes that line by."""
    try:
        try:
            request = read_request(connection)
            response = answer(request)
            if request.method == "HEAD":
                response = without_body(response)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "a BadRequest that a page raises comes out of handle")
def answers_after_the_try(connection, client_address):
    """Only reading a request finds that it is bad; but a page may not like it either."""
    try:
        try:
            request = read_request(connection)
        except BadRequest as error:
            connection.sendall(error_response(error.status, str(error)))
            return
        response = answer(request)
        connection.sendall(without_body(response) if request.method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the connection stays open after the answer")
def leaves_the_connection_open(connection, client_address):
    """The client hangs up when it has its answer."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        hang_up(connection)


@mistake("2.12", "a client that leaves is an error of yours: at once")
def does_not_expect_clients_to_leave(connection, client_address):
    """A client waits for its answer."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    finally:
        hang_up(connection)


@mistake("2.12", "a client that leaves is an error of yours: with a reset")
def knows_client_gone_only(connection, client_address):
    """A client that has left is a ClientGone."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ClientGone:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "a client that leaves during the answer is an error of yours")
def sends_outside_of_the_try(connection, client_address):
    """Only reading can fail."""
    method = None
    try:
        request = read_request(connection)
        method = request.method
        response = answer(request)
    except BadRequest as error:
        response = error_response(error.status, str(error))
    except ConnectionError:
        hang_up(connection)
        return
    except BaseException:
        hang_up(connection)
        raise
    try:
        connection.sendall(without_body(response) if method == "HEAD" else response)
    finally:
        hang_up(connection)


@mistake("2.12", "a client that has left is sent something")
def answers_clients_that_have_left(connection, client_address):
    """Half a request is a bad request."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        except ConnectionError as error:
            response = error_response(400, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the connection is closed while bytes of the client lie unread")
def closes_at_once(connection, client_address):
    """close() ends a connection."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        connection.close()


@mistake("2.12", "the connection is closed while bytes of the client lie unread")
def hangs_up_after_a_refusal_alone(connection, client_address):
    """Of a request that could be read everything was read; but the client may have sent more than its request."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
        if not method:
            hang_up(connection)
    except ConnectionError:
        pass
    finally:
        connection.close()


@mistake("2.12", "the connection stays open after an error in a page")
def closes_after_the_try(connection, client_address):
    """The last line is always run."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    hang_up(connection)


@mistake("2.12", "handle does not let TimeoutError out")
def catches_everything(connection, client_address):
    """`except:` is for errors of every kind."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except:  # noqa: E722
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "another request is answered as if it were HEAD")
def looks_for_head_in_any_case(connection, client_address):
    """`head` is `HEAD`."""
    method = ""
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method.upper() == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "another request is answered as if it were HEAD")
def looks_how_the_method_begins(connection, client_address):
    """startswith is near enough; but a method is a whole word."""
    method = ""
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method.startswith("HEAD") else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "HEAD tells another length than GET")
def leaves_the_body_out_by_making_an_empty_one(connection, client_address):
    """A response without a body is one with an empty body."""
    try:
        try:
            request = read_request(connection)
            response = build_response("") if request.method == "HEAD" else answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the refusal has no body")
def says_nothing_in_errors(connection, client_address):
    """The status says it all."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = build_response("", f"{error.status} {REASONS[error.status]}", "text/plain")
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "an exception comes out of handle, and the client gets no answer")
def answers_with_the_exception(connection, client_address):
    """error_response takes the error."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error, error.status)
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "a client that leaves during the answer is an error of yours")
def sends_the_refusal_beside_the_clause_for_those_who_leave(connection, client_address):
    """The clause for ConnectionError is thought to cover the clause above it too; it covers the try alone."""
    method = None
    try:
        request = read_request(connection)
        method = request.method
        response = answer(request)
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except BadRequest as error:
        refusal = error_response(error.status, str(error))
        connection.sendall(without_body(refusal) if method == "HEAD" else refusal)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.5", "a length of digits is refused (many zeros in front): your code raises BadRequest 413")
def counts_the_zeros_in_front(values, limit):
    """A long number is a large number; so counting its digits saves int() from thousands of them."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "not one whole number")
    if len(values[0]) > 7 or int(values[0]) > limit:
        raise BadRequest(413, "too large")
    return int(values[0])


@mistake("2.12", "handle does not let ValueError out")
def takes_every_value_error_for_a_bad_request(connection, client_address):
    """BadRequest is a ValueError, and so is whatever else is wrong with a request."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except ValueError as error:
            response = error_response(getattr(error, "status", 400), str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.5", "accepted: an Arabic three")
def asks_whether_all_is_decimal(values, limit):
    """isdecimal refuses `²`, so it seems to know the ten digits alone."""
    if not values:
        return 0
    if len(values) > 1 or not values[0].isdecimal():
        raise BadRequest(400, "no whole number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "accepted: an Arabic three")
def takes_any_digit_of_a_pattern(values, limit):
    r"""`\d` stands for 0 to 9; in a pattern of bytes it does."""
    if not values:
        return 0
    if len(values) > 1 or not re.fullmatch(r"\d+", values[0]):
        raise BadRequest(400, "no whole number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > 18 or int(digits) > limit:
        raise BadRequest(413, "too large")
    return int(digits)


@mistake("2.5", "accepted: limit + 1, where limit is 0")
def takes_a_limit_of_0_for_none(values, limit):
    """`or` puts the usual limit where none is given; 0 is a limit that is given."""
    limit = limit or MAX_BODY
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "Content-Length is not one whole number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise BadRequest(413, f"the body is larger than {limit} bytes")
    return int(digits)


@mistake("2.5", "a length of digits is refused (zeros only): your code raises BadRequest 400")
def knows_one_way_to_write_0(values, limit):
    """0 is looked for before the zeros are taken off; 000 is nothing after that."""
    if not values:
        return 0
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "Content-Length is not one whole number")
    digits = values[0] if values[0] == "0" else values[0].lstrip("0")
    if not digits:
        raise BadRequest(400, "no number")
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise BadRequest(413, f"the body is larger than {limit} bytes")
    return int(digits)


@mistake("2.5", "accepted: nothing beside 5")
def leaves_out_empty_lengths(values, limit):
    """An empty value says nothing, so it is left out before the values are counted."""
    if not values:
        return 0
    if len(values) > 1:
        values = [value for value in values if value]
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "Content-Length is not one whole number")
    digits = values[0].lstrip("0") or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise BadRequest(413, f"the body is larger than {limit} bytes")
    return int(digits)


@mistake("2.5", "refused with status 413, and 400 is the right one")
def counts_before_it_asks_for_digits(values, limit):
    """Long values go first, so that int() has no trouble with them."""
    if not values:
        return 0
    if len(values) > 1:
        raise BadRequest(400, "more than one length")
    digits = values[0].lstrip("0")
    if len(digits) > len(str(limit)):
        raise BadRequest(413, "the body is too large")
    if not (values[0].isascii() and values[0].isdigit()):
        raise BadRequest(400, "no length")
    if int(digits or "0") > limit:
        raise BadRequest(413, "the body is too large")
    return int(digits or "0")


@mistake("2.10", "a GET is taken to have no body: Content-Length")
def reads_no_body_of_a_get(request, limit):
    """A GET has no body as a rule, and a HEAD neither."""
    if request.method in ("GET", "HEAD"):
        return 0
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    if not values:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "accepted in a GET: xchunked")
def looks_at_the_codings_of_some_methods_only(request, limit):
    """A GET comes with a length at most."""
    lengths, values = request.values("content-length"), request.values("transfer-encoding")
    codings = [coding.strip(" \t").lower() for coding in ",".join(values).split(",")]
    if not values or (request.method == "GET" and not lengths and codings[-1] != "chunked"):
        return body_length(lengths, limit)
    if lengths or request.version == "HTTP/1.0" or codings[-1] != "chunked":
        raise BadRequest(400, "where does it end?")
    if len(codings) > 1:
        raise BadRequest(501, "unknown coding")
    return CHUNKED


@mistake("2.10", "chunks are refused (one capital in it): your code raises BadRequest 400")
def lists_spellings_of_chunked(request, limit):
    """Small letters, capitals, and one capital: what else would anyone write?"""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t") for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] not in ("chunked", "Chunked", "CHUNKED"):
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "accepted: two empty fields")
def takes_two_empty_fields_for_none(request, limit):
    """any() tells whether there is a coding; there are two fields, and both are empty."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if encodings == [""]:
        raise BadRequest(400, "an empty field")
    if not any(encodings):
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "accepted: a comma alone")
def takes_a_comma_for_no_coding(request, limit):
    """Empty parts are dropped, and where no part is left there seems to be no field."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    if not ",".join(encodings).strip(" \t") or not any(encodings):
        raise BadRequest(400, "no coding")
    if not "".join(encodings).strip(" \t,"):
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "accepted: an empty field after chunked")
def leaves_out_an_empty_field_at_the_end(request, limit):
    """The last field says nothing, so the one before it is taken for the last."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit)
    if len(encodings) > 1 and not encodings[-1]:
        encodings.pop()
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "accepted: a length above limit")
def hands_a_limit_of_0_on_as_none(request, limit):
    """`if limit` asks whether there is a limit; 0 is one."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        return body_length(lengths, limit) if limit else body_length(lengths)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "body_framing changes the request: codings in two fields")
def joins_the_fields_of_the_request(request, limit):
    """The codings are one list, so they are made one field, for whoever comes next."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if len(encodings) > 1:
        others = [field for field in request.fields if field[0] != "transfer-encoding"]
        request.fields[:] = [*others, ("transfer-encoding", ", ".join(encodings))]
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "accepted: an empty length")
def takes_an_empty_length_for_no_body(request, limit):
    """Where the value is nothing there is no body, it seems; body_length would refuse it."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings and lengths == [""]:
        return 0
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "a TRACE is taken to have no body: Content-Length")
def knows_the_methods_that_have_a_body(request, limit):
    """A list of methods, with those left out that send no body by the book."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if request.method not in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        return 0
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "accepted: chunked in two fields")
def takes_equal_fields_for_one(request, limit):
    """A field that says the same again says nothing new; but it is a second coding."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    encodings = list(dict.fromkeys(encodings))
    if not encodings:
        return body_length(lengths, limit)
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.10", "another BadRequest comes out than that of body_length: a sign")
def tells_of_a_bad_length_in_words_of_its_own(request, limit):
    """The status is right, and the client does not read any more what is wrong."""
    lengths = request.values("content-length")
    encodings = request.values("transfer-encoding")
    if not encodings:
        try:
            return body_length(lengths, limit)
        except BadRequest as error:
            raise BadRequest(error.status, "Content-Length is bad")
    codings = [coding.strip(" \t").lower() for coding in ",".join(encodings).split(",")]
    if lengths or request.version == "HTTP/1.0" or codings[-1] != CHUNKED:
        raise BadRequest(400, "the end of the body can't be told for certain")
    if len(codings) > 1:
        raise BadRequest(501, "this server decodes chunked bodies and no other transfer coding")
    return CHUNKED


@mistake("2.11", "/ has GET and HEAD only, and POST does not get 405: your code raises ValueError")
def gives_one_pair_in_place_of_a_list(request):
    """There is one field, so there is one pair."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", ("Allow", ", ".join(methods)))
    return show(request)


@mistake("2.11", "/ has GET and HEAD only, and POST does not get 405: your code raises ValueError")
def gives_the_fields_in_a_dict(request):
    """Names and values make a dict; but who takes pairs gets its keys."""
    if request.path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", {"Allow": ", ".join(methods)})
    return show(request)


@mistake("2.11", "request.path is b'/echo', the target /%65cho, and the page of /echo is not the answer")
def looks_up_the_target(request):
    """The target is what the client asked for; but one page has many targets, and one path."""
    path = request.target.partition("?")[0].encode()
    if path not in PAGES:
        return error_response(404, "no such page")
    methods, show = PAGES[path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "a page that has no method at all is asked")
def takes_an_empty_tuple_for_any(request):
    """`if methods` asks whether there are methods to look for; ANY and none are both false."""
    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    if methods and request.method not in methods:
        return error_response(405, "this page has no such method", [("Allow", ", ".join(methods))])
    return show(request)


@mistake("2.11", "the page's function was called with a copy of the request")
def gives_the_page_a_copy(request):
    """A page might change its request; so it gets one of its own, and what it notes there is lost."""
    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "this page has no such method", [("Allow", ", ".join(methods))])
    import copy

    return show(copy.copy(request))


@mistake("2.11", "BadRequest, raised by a page, does not come out")
def answers_a_bad_request_of_the_page(request):
    """BadRequest is what error_response answers, whoever raises it; but handle does that, in step 2.12."""
    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "this page has no such method", [("Allow", ", ".join(methods))])
    try:
        return show(request)
    except BadRequest as error:
        return error_response(error.status, str(error))


@mistake("2.11", "a page returns b'', and something else comes back")
def answers_404_where_a_page_is_empty(request):
    """Without bytes there seems to be no page. b'' counts as false, and is what the page returns all the same."""
    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "this page has no such method", [("Allow", ", ".join(methods))])
    return show(request) or error_response(404, "there is no such page")


@mistake("2.11", "405 has no empty Allow field where the page has no method")
def leaves_out_an_empty_allow(request):
    """There is nothing to name; but 405 always has an Allow field, be it empty."""
    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "this page has no such method", [("Allow", ", ".join(methods))] if methods else [])
    return show(request)


@mistake("2.11", "the page's function is given another request than the one for HEAD")
def asks_the_page_for_get_instead_of_head(request):
    """HEAD is answered as GET is, so the page is shown a GET; then it need not know of HEAD."""
    from dataclasses import replace

    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    if methods is not ANY and request.method not in methods:
        return error_response(405, "the page does not have this method", [("Allow", ", ".join(methods))])
    return show(replace(request, method="GET") if request.method == "HEAD" else request)


@mistake("2.11", "/ has GET and HEAD only, and OPTIONS does not get 405")
def says_which_methods_a_page_has(request):
    """OPTIONS asks which methods there are, so the server says which. (Which pages have it, is in PAGES.)"""
    if request.path not in PAGES:
        return error_response(404, "there is no such page")
    methods, show = PAGES[request.path]
    allow = [] if methods is ANY else [("Allow", ", ".join(methods))]
    if allow and request.method == "OPTIONS":
        return build_response("", "200 OK", "text/plain", allow)
    if allow and request.method not in methods:
        return error_response(405, "this page has no such method", allow)
    return show(request)


@mistake("2.12", "handle does not let TimeoutError out")
def takes_every_os_error_for_a_client_that_has_left(connection, client_address):
    """Sockets raise OSError; but so does a page that can't find its file."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except OSError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "handle does not let TimeoutError out")
def takes_a_time_limit_for_a_client_that_has_left(connection, client_address):
    """A client that is too slow is as good as gone; serve would print which one it was."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except (ConnectionError, TimeoutError):
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "handle does not let SystemExit out")
def takes_sys_exit_for_a_client_that_has_left(connection, client_address):
    """What ends is thought to be the client; it is the program that somebody wants to end."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except (ConnectionError, SystemExit):
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "handle does not let TimeoutError out")
def lets_no_error_of_sending_out(connection, client_address):
    """Whatever goes wrong with an answer, nobody is there to get it; so the errors of sending are all dropped."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        try:
            connection.sendall(without_body(response) if method == "HEAD" else response)
        except OSError:
            pass
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "handle does not let TimeoutError out")
def answers_a_time_limit_with_408(connection, client_address):
    """408 is what a slow client is told; that is a later chapter's, and here serve never hears of it."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        except TimeoutError:
            response = build_response("too slow", "408 Request Timeout")
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "handle does not let TimeoutError out")
def answers_a_bug_with_500(connection, client_address):
    """A bug is a 500, and so it will be; but here the traceback is lost, and nobody hears of it."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        except ConnectionError:
            raise
        except Exception as error:
            response = error_response(500, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "after a HEAD the next client gets another body")
def remembers_the_method_of_the_last_request(connection, client_address):
    """The method is kept where a request that can't be read finds the one before."""
    try:
        try:
            request = read_request(connection)
            response = answer(request)
            globals()["METHOD"] = request.method
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if globals().get("METHOD") == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the refusal has no body")
def takes_every_refusal_for_one_of_head(connection, client_address):
    """method needs a value before the try, and HEAD is the careful one; so no refusal has a text."""
    method = "HEAD"
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the answer to a bad request does not begin with a status line")
def sends_the_words_of_a_refusal_alone(connection, client_address):
    """Status and message are all that there is to say; but a client reads a status line first."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = f"{error.status} {error}".encode()
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the answer to a bad request does not begin with a status line")
def makes_a_refusal_without_a_reason_phrase(connection, client_address):
    """build_response takes a status, and a number is one; error_response knows the words that belong to it."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = build_response(str(error), str(error.status), "text/plain")
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "the answer says something else than BadRequest does")
def says_the_same_of_every_bad_request(connection, client_address):
    """A bad request is a bad request; which of its lines is bad, the client has to guess."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, "bad request")
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "a traceback is printed for a client that left")
def prints_a_traceback_for_a_client_that_left(connection, client_address):
    """It was an exception, so it is printed; clients leave all day long."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        __import__('traceback').print_exc()
    finally:
        hang_up(connection)


@mistake("2.12", "only the first bytes of what is given to send were sent")
def sends_head_and_body_by_themselves(connection, client_address):
    """Two sends for two parts: each of them may take only the first bytes of its part."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        head, blank, body = response.partition(BLANK_LINE)
        connection.send(head + blank)
        if method != "HEAD":
            connection.send(body)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "100 Continue is sent more than once")
def sends_100_continue_itself(connection, client_address):
    """Whoever expects it is to get it; receive_more has sent it already, if the body had not come."""
    method = None
    try:
        try:
            request = read_request(connection)
            if request.values("expect"):
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "a client that leaves is an error of yours: with an abort")
def knows_three_ways_to_leave(connection, client_address):
    """A list of the errors that were seen; ConnectionError is the name for them all."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except (ClientGone, BrokenPipeError, ConnectionResetError):
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "a client that has left is sent something")
def answers_a_page_that_lost_its_client(connection, client_address):
    """The page has failed, and a page that fails is a 500; but nobody is there to read it."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except ConnectionError:
            if method is None:
                raise
            response = error_response(500, "the page has failed")
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "ClientGone, raised by a page, is an error of yours")
def lets_the_connection_errors_of_a_page_out(connection, client_address):
    """Reading and sending are what clients can break off; a page that reads from its client can notice it too."""
    method = None
    try:
        try:
            try:
                request = read_request(connection)
            except ConnectionError:
                return
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        try:
            connection.sendall(without_body(response) if method == "HEAD" else response)
        except ConnectionError:
            pass
    finally:
        hang_up(connection)


@mistake("2.12", "ConnectionResetError, raised by sendall, is an error of yours: a page")
def knows_one_error_of_sending(connection, client_address):
    """sendall raises BrokenPipeError when the client has left, on the machine where it was tried."""
    method = None
    try:
        try:
            try:
                request = read_request(connection)
                method = request.method
                response = answer(request)
            except ConnectionError:
                return
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except BrokenPipeError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "something is printed for a client that left")
def notes_each_client_that_left(connection, client_address):
    """A line in the log costs nothing, and tells how many leave."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError as error:
        print(f"{client_address[0]} has left: {error}")
    finally:
        hang_up(connection)


@mistake("2.12", "the connection is still open after GeneratorExit, raised while the request is read")
def hangs_up_after_all_that_it_knows(connection, client_address):
    """Exception, SystemExit and KeyboardInterrupt are all that there is. (`finally` need not know a name.)"""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    except (Exception, SystemExit, KeyboardInterrupt):
        hang_up(connection)
        raise
    hang_up(connection)


@mistake("2.12", "handle does not let HeadTooLarge out, raised by a page")
def answers_a_head_that_a_page_finds_too_large(connection, client_address):
    """HeadTooLarge has a status of its own; but read_request has dealt with the head, and here it is a bug of the
    page.
    """
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except HeadTooLarge as error:
            response = error_response(431, str(error))
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("2.12", "close is called without hang_up, after a client has left at once")
def hangs_up_on_those_who_are_still_there(connection, client_address):
    """A client that has left needs nobody who waits for it: close alone is quicker."""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        connection.close()
    finally:
        hang_up(connection)


@mistake("2.12", "close is called without hang_up, after TimeoutError, raised while the request is read")
def closes_alone_after_an_error(connection, client_address):
    """Where something has gone wrong there is no answer, so no reset can overtake it. (Half of it may be sent.)"""
    method = None
    try:
        try:
            request = read_request(connection)
            method = request.method
            response = answer(request)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        connection.sendall(without_body(response) if method == "HEAD" else response)
    except ConnectionError:
        pass
    except BaseException:
        connection.close()
        raise
    hang_up(connection)
