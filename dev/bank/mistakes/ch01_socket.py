"""Mistakes of chapter 1."""
from dev.bank.step_versions import mistake

# 1.1 build_response


@mistake("1.1", "build_response returns None")
def prints_the_response(body, status, content_type, extra_fields):
    """To see something is to have it: what a function prints is not what it returns."""
    content = body.encode()
    print(f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n\r\n{body}")


@mistake("1.1", "build_response returns a str")
def returns_text(body, status, content_type, extra_fields):
    """HTTP looks like text, so a str seems right; many example servers encode it only when they send it."""
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(body.encode())}", "Connection: close"]
    return "\r\n".join([*head, *(f"{name}: {value}" for name, value in extra_fields), "", body])


@mistake("1.1", "a line of the head does not end with CRLF")
def ends_lines_with_a_newline_alone(body, status, content_type, extra_fields):
    """A line ends with a newline, as in every text file; and many clients put up with it."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "there is no blank line between head and body")
def forgets_the_blank_line(body, status, content_type, extra_fields):
    """The line end of the last field is taken for the blank line."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return ("\r\n".join(head) + "\r\n").encode() + content


@mistake("1.1", "the first line is not the status line")
def answers_with_http_1_0(body, status, content_type, extra_fields):
    """Many example servers say HTTP/1.0, and browsers show the page all the same."""
    content = body.encode()
    head = [f"HTTP/1.0 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "the first line is not the status line")
def begins_with_the_newline_of_its_triple_quotes(body, status, content_type, extra_fields):
    """A text in triple quotes looks better with its first line below the quotes, which is a line end too many."""
    import textwrap

    head = textwrap.dedent(f"""
        HTTP/1.1 {status}
        Date: {formatdate(usegmt=True)}
        Content-Type: {content_type}; charset=utf-8
        Content-Length: {len(body.encode())}
        Connection: close
        """)
    head += "".join(f"{name}: {value}\n" for name, value in extra_fields) + "\n"
    return head.replace("\n", "\r\n").encode() + body.encode()


@mistake("1.1", "the first line is not the status line")
def always_says_200_OK(body, status, content_type, extra_fields):
    """The happy path is written first, and the parameter is forgotten."""
    content = body.encode()
    head = ["HTTP/1.1 200 OK", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "a line of the head is no header field")
def writes_a_list_into_the_head(body, status, content_type, extra_fields):
    """An f-string takes everything, a list of pairs too."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close", f"{list(extra_fields)}"]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "there is a line end after the body")
def ends_the_body_with_a_line_end_too(body, status, content_type, extra_fields):
    """Everything in HTTP ends with CRLF, so the body is thought to do so."""
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(body.encode())}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", body, ""]).encode()


@mistake("1.1", "there is more than one blank line before the body")
def puts_two_blank_lines_before_the_body(body, status, content_type, extra_fields):
    """Each line is written with its CRLF, and the blank line with both of its own."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "".join(line + "\r\n" for line in head).encode() + BLANK_LINE + content


@mistake("1.1", "what follows the blank line is not the body in UTF-8")
def changes_the_line_ends_of_the_page(body, status, content_type, extra_fields):
    """HTTP ends its lines with CRLF, so all of the response is put right in one go, the page included."""
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(body.encode())}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\n".join([*head, "", body]).replace("\n", "\r\n").encode()


@mistake("1.1", "what follows the blank line is not the body in UTF-8")
def replaces_what_is_not_ascii(body, status, content_type, extra_fields):
    """The head is ASCII, so the body is encoded with it, and errors="replace" makes the error go away."""
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(body)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", body]).encode("ascii", "replace")


@mistake("1.1", "Content-Length counts characters")
def content_length_counts_characters(body, status, content_type, extra_fields):
    """len(body) is how long the body is; many examples write it so, and for English pages it works."""
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(body)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", body]).encode()


@mistake("1.1", "Content-Length is wrong")
def content_length_counts_the_head_as_well(body, status, content_type, extra_fields):
    """The length of the content is taken for the length of all that is sent."""
    def build(length):
        head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}",
                f"Content-Type: {content_type}; charset=utf-8", f"Content-Length: {length}", "Connection: close",
                *(f"{name}: {value}" for name, value in extra_fields)]
        return "\r\n".join([*head, "", body]).encode()

    return build(len(build(100)))


@mistake("1.1", "there is no Content-Length field")
def leaves_content_length_out_of_an_empty_response(body, status, content_type, extra_fields):
    """Where there is nothing, there is nothing to count; but `if content` leaves the client without an end."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            "Connection: close", *(f"{name}: {value}" for name, value in extra_fields)]
    if content:
        head.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "Content-Type does not tell the charset")
def does_not_tell_the_charset(body, status, content_type, extra_fields):
    """UTF-8 goes without saying, nowadays; in HTTP it does not."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "Content-Type is wrong")
def says_that_every_page_is_html(body, status, content_type, extra_fields):
    """The happy path is written first, and the parameter is forgotten."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "there is no Connection field")
def does_not_say_that_the_connection_closes(body, status, content_type, extra_fields):
    """The client will notice that the connection is closed; examples say nothing either, but they are HTTP/1.0."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "the Date is not now")
def dates_every_page_to_the_same_saturday(body, status, content_type, extra_fields):
    """A Date is a line like the others: it was copied from an example, with the day on which that was written."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", "Date: Sat, 27 Jun 2026 13:00:00 GMT",
            f"Content-Type: {content_type}; charset=utf-8", f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "the Date does not end in GMT")
def writes_the_date_as_mail_does(body, status, content_type, extra_fields):
    """formatdate() writes a date of the Internet; but mail ends it in -0000 where HTTP wants GMT."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate()}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "the Date is local time")
def calls_local_time_gmt(body, status, content_type, extra_fields):
    """strftime writes the form that is asked for, GMT included; it does not change the time."""
    content = body.encode()
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.localtime())
    head = [f"HTTP/1.1 {status}", f"Date: {date}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "of the extra fields, one is lost")
def keeps_one_field_of_each_name(body, status, content_type, extra_fields):
    """Headers are a dict, as in requests; but a response may set two cookies."""
    content = body.encode()
    fields = {"Date": formatdate(usegmt=True), "Content-Type": f"{content_type}; charset=utf-8",
              "Content-Length": len(content), "Connection": "close", **dict(extra_fields)}
    head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(head).encode() + content


@mistake("1.1", "build_response changes the list")
def adds_to_the_list_of_the_caller(body, status, content_type, extra_fields):
    """`+=` looks like `a = a + b`, and for a tuple it is; a list is changed in place."""
    content = body.encode()
    extra_fields += (("Date", formatdate(usegmt=True)), ("Content-Type", f"{content_type}; charset=utf-8"),
                     ("Content-Length", len(content)), ("Connection", "close"))
    head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in extra_fields), "", ""]
    return "\r\n".join(head).encode() + content


@mistake("1.1", "the Date of an earlier response is used again")
def makes_the_date_once(body, status, content_type, extra_fields):
    """The time is asked for where the constants are, at the top of the file, or with the first response."""
    content = body.encode()
    date = globals().setdefault("DATE", formatdate(usegmt=True))
    head = [f"HTTP/1.1 {status}", f"Date: {date}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "the Date of an earlier response is used again")
def keeps_the_date_for_five_seconds(body, status, content_type, extra_fields):
    """Making a date takes time, and it has no parts of a second: one made a moment ago will do."""
    made, date = getattr(build_response, "last_date", (None, ""))
    if made is None or time.monotonic() - made > 5:
        date = formatdate(usegmt=True)
        build_response.last_date = time.monotonic(), date
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {date}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "of the extra fields, one is changed")
def writes_the_names_of_extra_fields_with_capitals(body, status, content_type, extra_fields):
    """A name looks better with its usual capitals; but what the caller gives is the caller's own."""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name.title()}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "what follows the blank line is not the body in UTF-8")
def strips_the_body(body, status, content_type, extra_fields):
    """White space at the ends is tidied away; in a page that is indented, or in a file, it is content."""
    content = body.strip(" ").encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "your code raises TypeError: not enough arguments for format string")
def fills_in_the_whole_response_with_percent(body, status, content_type, extra_fields):
    """The body is put into the form before the form is filled in, and has percent signs of its own."""
    extra = "".join(f"{name}: {value}\r\n" for name, value in extra_fields)
    form = (f"HTTP/1.1 {status}\r\nDate: {formatdate(usegmt=True)}\r\nContent-Type: {content_type}; charset=utf-8\r\n"
            f"Content-Length: %d\r\nConnection: close\r\n{extra}\r\n{body}")
    return (form % len(body.encode())).encode()


@mistake("1.1", "a line of the head does not end with CRLF")
def ends_extra_fields_with_a_newline_alone(body, status, content_type, extra_fields):
    """The fields that every response has are right; those that are added later end as lines of text do."""
    content = body.encode()
    head = (f"HTTP/1.1 {status}\r\nDate: {formatdate(usegmt=True)}\r\nContent-Type: {content_type}; charset=utf-8\r\n"
            f"Content-Length: {len(content)}\r\nConnection: close\r\n")
    for name, value in extra_fields:
        head += f"{name}: {value}\n"
    return head.encode() + b"\r\n" + content


@mistake("1.1", "what follows the blank line is not the body in UTF-8")
def sends_PAGE_whatever_the_body(body, status, content_type, extra_fields):
    """There is one page, so it is PAGE that is sent; body is a parameter that seems to be of no use."""
    content = PAGE.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "Content-Type does not tell the charset")
def tells_the_charset_of_text_only(body, status, content_type, extra_fields):
    """Only text has a charset, and JSON is no text/…; but a client is to know how body is encoded."""
    content = body.encode()
    charset = "; charset=utf-8" if content_type.startswith("text/") else ""
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}{charset}",
            f"Content-Length: {len(content)}", "Connection: close",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "Connection says something else than close")
def closes_after_good_answers_only(body, status, content_type, extra_fields):
    """After a page the client is done; after an error it may try again, on the same connection, it seems."""
    content = body.encode()
    connection = "close" if status.startswith("200") else "keep-alive"
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", f"Connection: {connection}",
            *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


@mistake("1.1", "of the extra fields, the order is another one")
def sorts_the_fields(body, status, content_type, extra_fields):
    """A sorted head is easier to read; but who gives a list has chosen an order."""
    content = body.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in sorted(extra_fields)),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "of the extra fields, one is lost")
def leaves_out_pairs_that_are_equal(body, status, content_type, extra_fields):
    """What was said once need not be said again; but which lines there are is for the caller to decide."""
    content = body.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in dict.fromkeys(extra_fields)),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "of the extra fields, one is lost")
def leaves_out_fields_without_a_value(body, status, content_type, extra_fields):
    """`if value` is meant to skip what is missing; an empty value is one that is there."""
    content = body.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in extra_fields if value),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "Content-Type does not tell the charset")
def knows_the_types_that_are_text(body, status, content_type, extra_fields):
    """Text has a charset, and JSON, and that seems to be the list; SVG is text as well."""
    content = body.encode("utf-8")
    is_text = content_type.startswith(("text/", "application/json"))
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}" + "; charset=utf-8" * is_text,
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in extra_fields),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "Connection says something else than close")
def closes_after_the_answers_that_it_knows(body, status, content_type, extra_fields):
    """Page and no page are the two answers that were thought of."""
    content = body.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close" if status[:3] in ("200", "404") else "Connection: keep-alive",
        *(f"{name}: {value}" for name, value in extra_fields),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "the first line is not the status line")
def looks_the_reason_phrase_up(body, status, content_type, extra_fields):
    """The library knows the phrase that belongs to each code; but status is given whole, with the caller's words."""
    from http import HTTPStatus

    content = body.encode("utf-8")
    code = int(status[:3])
    head = [
        f"HTTP/1.1 {code} {HTTPStatus(code).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in extra_fields),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "the value of an extra field is not sent as it is")
def tidies_the_values_of_extra_fields(body, status, content_type, extra_fields):
    """Blanks around a value mean nothing to HTTP. (The caller wrote them, and the task says: as they are.)"""
    content = body.encode()
    fields = {"Date": formatdate(usegmt=True), "Content-Type": f"{content_type}; charset=utf-8",
              "Content-Length": len(content), "Connection": "close"}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    lines += [f"{name}: {value.strip()}" for name, value in extra_fields]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


@mistake("1.1", "of the extra fields in a generator, one is lost")
def looks_first_whether_there_is_a_field(body, status, content_type, extra_fields):
    """Nothing is added where there is nothing; but of a generator, any() takes what it looks at."""
    content = body.encode("utf-8")
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", f"Content-Type: {content_type}; charset=utf-8",
            f"Content-Length: {len(content)}", "Connection: close"]
    if any(extra_fields):
        head += [f"{name}: {value}" for name, value in extra_fields]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "extra fields in a generator are an error")
def asks_for_each_field_by_its_number(body, status, content_type, extra_fields):
    """What holds pairs is thought of as a list, which has a len and an index."""
    content = body.encode("utf-8")
    head = [
        f"HTTP/1.1 {status}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{extra_fields[number][0]}: {extra_fields[number][1]}" for number in range(len(extra_fields))),
    ]
    return "\r\n".join(head).encode("latin-1") + BLANK_LINE + content


@mistake("1.1", "Content-Type is wrong")
def puts_the_type_into_lower_case(body, status, content_type, extra_fields):
    """Types are compared without regard to case, so they may as well be sent in lower case. (A parameter is not.)"""
    content = body.encode()
    head = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}",
            f"Content-Type: {content_type.lower()}; charset=utf-8", f"Content-Length: {len(content)}",
            "Connection: close", *(f"{name}: {value}" for name, value in extra_fields)]
    return "\r\n".join([*head, "", ""]).encode() + content


# 1.2 read_head


@mistake("1.2", "read_head returns bytes, not a pair")
def returns_the_head_alone(connection, limit):
    """The head is what was asked for; what else was received seems to be of no interest."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    return received.partition(BLANK_LINE)[0]


@mistake("1.2", "the head is a str")
def decodes_what_it_receives(connection, limit):
    """A head is text, and text is str; the body in the same block may be a picture."""
    received = ""
    while "\r\n\r\n" not in received:
        received += connection.recv(RECV_SIZE).decode()
    head, _, rest = received.partition("\r\n\r\n")
    return head, rest


@mistake("1.2", "the head still has line ends after it")
def takes_an_example_for_the_specification(connection, limit):
    """An old example waits for \\n\\n or \\n\\r\\n, and finds the second in \\r\\n\\r\\n: one byte late, by luck."""
    received = b""
    while b"\n\n" not in received and b"\n\r\n" not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(b"\n\r\n")
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for")
def waits_for_two_newlines(connection, limit):
    """A blank line is \\n\\n, as in every text file; HTTP never sends that, and the server waits for ever."""
    received = b""
    while b"\n\n" not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(b"\n\n")
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for")
def reads_until_the_client_hangs_up(connection, limit):
    """Reading a socket is like reading a file, to its end; but a client that waits for its answer does not hang up."""
    received = b""
    while block := connection.recv(RECV_SIZE):
        received += block
    head, blank, rest = received.partition(BLANK_LINE)
    if not blank:
        raise ClientGone
    return head, rest


@mistake("1.2", "the head ends before the blank line")
def takes_one_recv_for_the_whole_request(connection, limit):
    """A request is one message, so one recv(1024) gets it; on the same machine it mostly does."""
    received = connection.recv(1024)
    if not received:
        raise ClientGone
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for")
def looks_for_the_blank_line_in_each_block(connection, limit):
    """Each block is looked at when it comes; a blank line that comes in two halves is in none of them."""
    blocks = []
    while not blocks or BLANK_LINE not in blocks[-1]:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        blocks.append(block)
    head, _, rest = b"".join(blocks).partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for")
def expects_the_blank_line_at_the_very_end(connection, limit):
    """A GET ends with its blank line; a POST goes on after it, perhaps in the same block."""
    received = b""
    while not received.endswith(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    return received[:-4], b""


@mistake("1.2", "after the blank line more bytes are asked for")
def takes_a_short_block_for_the_last(connection, limit):
    """A block that is smaller than asked for is thought to be the last one, and a full one never to be."""
    received = b""
    while BLANK_LINE not in received or len(received) % RECV_SIZE:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "bytes after the blank line are lost")
def throws_away_what_came_after(connection, limit):
    """What stands after the head is received later, it seems; but what recv has given once is gone."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    return received.partition(BLANK_LINE)[0], b""


@mistake("1.2", "the head still has line ends after it")
def keeps_the_blank_line(connection, limit):
    """The blank line belongs to the head, in the words of the RFC; here it is left out."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    end = received.index(BLANK_LINE) + 4
    return received[:end], received[end:]


@mistake("1.2", "your code raises ValueError: too many values to unpack")
def splits_at_every_blank_line(connection, limit):
    """split gives head and body, as long as the body has no blank line of its own."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, rest = received.split(BLANK_LINE)
    return head, rest


@mistake("1.2", "a blank line in the body is taken for the end of the head")
def splits_at_the_last_blank_line(connection, limit):
    """rpartition and partition differ by a letter, and for a short request by nothing."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.rpartition(BLANK_LINE)
    return head, rest


@mistake("1.2", "the head ends at a blank line of another kind")
def accepts_two_newlines_as_well(connection, limit):
    """Be liberal in what you accept, the saying goes; a proxy that is stricter sees another request."""
    received = b""
    while not (match := re.search(rb"\r\n\r\n|\n\n", received)):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    return received[:match.start()], received[match.end():]


@mistake("1.2", "recv was called")
def loops_for_ever_when_the_client_hangs_up(connection, limit):
    """recv waits until there is something, so there is no need to look at what it returns; most examples do not."""
    received = b""
    while BLANK_LINE not in received:
        received += connection.recv(RECV_SIZE)
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "the client hung up before the blank line, and read_head returns all the same")
def takes_half_a_head_for_a_whole_one(connection, limit):
    """`break` ends the loop, and what has been received is returned, whatever it is."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            break
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "ValueError is raised instead of ClientGone")
def raises_another_error_when_the_client_hangs_up(connection, limit):
    """An error is an error; but whoever calls tells them apart by their class."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ValueError("the client hung up")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "the connection was reset, and read_head returns all the same")
def takes_a_reset_for_an_end(connection, limit):
    """A try around recv keeps the server alive, and hides that nobody is there."""
    received = b""
    while BLANK_LINE not in received:
        try:
            block = connection.recv(RECV_SIZE)
        except OSError:
            return received, b""
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "ClientGone is raised instead of ConnectionResetError")
def counts_a_reset_as_gone(connection, limit):
    """A reset is one way of hanging up, and ClientGone a ConnectionError; but a log can't tell the two apart then."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        try:
            block = connection.recv(RECV_SIZE)
        except ConnectionError as error:
            raise ClientGone("the connection broke before the blank line") from error
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "ClientGone is raised instead of ConnectionResetError")
def asks_for_the_number_of_a_reset(connection, limit):
    """Only what the system counts as a broken connection becomes ClientGone; it is still another error than recv's."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        try:
            block = connection.recv(RECV_SIZE)
        except OSError as error:
            if error.errno not in (104, 54, 10054):
                raise
            block = b""
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "read_head closes the connection")
def closes_what_it_has_read_from(connection, limit):
    """One who opens closes, and one who reads to the end, too, as with a file; but the answer has to go out."""
    received = b""
    with connection:
        while BLANK_LINE not in received:
            block = connection.recv(RECV_SIZE)
            if not block:
                raise ClientGone
            received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "limit is 44, and a head of 45 bytes is read")
def looks_at_MAX_HEAD_instead_of_limit(connection, limit):
    """limit is MAX_HEAD, unless someone gives another one; nobody does in this chapter."""
    received = b""
    while BLANK_LINE not in received and len(received) < MAX_HEAD + 4:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > MAX_HEAD:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "limit is 44, and a head of 44 bytes is refused")
def counts_the_blank_line_as_head(connection, limit):
    """What has been received is compared with the limit, the four bytes of the blank line included."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
        if len(received) > limit:
            raise HeadTooLarge
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "more bytes are asked for although the head is too long already")
def waits_for_exactly_so_many_bytes(connection, limit):
    """Bytes add up, so their number comes by the limit. (It may jump over it, with a block of many.)"""
    received = b""
    while BLANK_LINE not in received and len(received) != limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"more than {limit} bytes")
    return head, rest


@mistake("1.2", "bytes of the body are counted as bytes of the head")
def counts_the_body_as_head(connection, limit):
    """What has been received is compared with the limit, and the body may come in the same block."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
        if len(received) > limit + 4:
            raise HeadTooLarge
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "more bytes are asked for although the head is too long already")
def looks_at_the_limit_at_the_end(connection, limit):
    """The length is known when everything is there; a client that never ends never gets so far."""
    received = b""
    while BLANK_LINE not in received:
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "limit is 44, and a head of 45 bytes is read")
def looks_at_the_limit_only_while_it_reads(connection, limit):
    """The loop ends at the limit; but a head that comes in one block is over it at once, blank line and all."""
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + 4:
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest


@mistake("1.2", "ClientGone is raised instead of ConnectionResetError")
def takes_every_os_error_for_a_client_that_is_gone(connection, limit):
    """Sockets raise OSError, so that is what is caught; a time limit and a broken machine look like a hang-up then."""
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        try:
            block = connection.recv(RECV_SIZE)
        except OSError as error:
            raise ClientGone(str(error))
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "ClientGone is raised instead of TimeoutError")
def tries_again_after_a_time_limit(connection, limit):
    """Nothing came in time, so it is asked once more: a time limit that somebody has set has no effect."""
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        try:
            block = connection.recv(RECV_SIZE)
        except TimeoutError:
            continue
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "ClientGone is raised instead of ConnectionResetError")
def takes_whatever_is_raised_for_a_client_that_is_gone(connection, limit):
    """A bare `except` names nothing, and catches Ctrl-C and every bug too."""
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        try:
            block = connection.recv(RECV_SIZE)
        except:  # noqa: E722
            raise ClientGone
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "read_head uses makefile of the connection")
def reads_lines_from_a_file_of_the_connection(connection, limit):
    """makefile gives lines, and lines end heads; what the file object has read ahead is lost with it."""
    file = connection.makefile("rb")
    head = b""
    for line in iter(file.readline, b"\r\n"):
        if not line:
            raise ClientGone
        head += line
        if len(head) > limit + 2:
            raise HeadTooLarge
    return head.removesuffix(b"\r\n"), b""


@mistake("1.2", "read_head uses settimeout of the connection")
def sets_a_time_limit_of_its_own(connection, limit):
    """No client may keep the server waiting, so a time limit is set here, on a connection that is the caller's."""
    connection.settimeout(5)
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "bytes of one client are found in the head of the next")
def keeps_its_buffer_outside_of_the_function(connection, limit):
    """One buffer for all calls is made once, and is still full of the client that hung up."""
    received = globals().setdefault("RECEIVED", bytearray())
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = bytes(received).partition(BLANK_LINE)
    received.clear()
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "the head has lost bytes at one of its ends")
def strips_the_head(connection, limit):
    """strip() takes the line ends off, and whatever else the client sent there."""
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head.strip(), rest


@mistake("1.2", "limit is 0, and a head of 1 byte is read")
def takes_no_limit_at_all_for_the_usual_one(connection, limit):
    """`limit or MAX_HEAD` is for a limit that is not given; 0 is one that is."""
    limit = limit or MAX_HEAD
    received = b""
    while BLANK_LINE not in received:
        if len(received) >= limit + len(BLANK_LINE):
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for: three of its four bytes came in earlier blocks")
def looks_back_two_bytes(connection, limit):
    """The blank line may begin in the block before, so the search begins a little earlier: in its middle, it seems."""
    received, end = b"", -1
    while end < 0 and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("gone")
        start = max(len(received) - 2, 0)
        received += block
        end = received.find(BLANK_LINE, start)
    if not 0 <= end <= limit:
        raise HeadTooLarge
    return received[:end], received[end + len(BLANK_LINE):]


@mistake("1.2", "limit is 44, and a head of 44 bytes is refused")
def forgets_that_half_a_blank_line_may_be_there(connection, limit):
    """No blank line, and more bytes than the limit: that looks certain, until the next block ends a blank line."""
    received = b""
    while BLANK_LINE not in received:
        if len(received) > limit:
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("gone")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge
    return head, rest


@mistake("1.2", "an empty head is not read")
def finds_no_blank_line_at_the_beginning(connection, limit):
    """find gives -1 for nothing, and 0 for the very beginning; `<= 0` takes the one for the other."""
    received = b""
    while received.find(BLANK_LINE) <= 0 and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "an empty head is not read")
def takes_an_empty_head_for_a_client_that_is_gone(connection, limit):
    """There is no head, so nobody is there; but the client has sent its blank line, and waits."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if not head:
        raise ClientGone("no head")
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "bytes above 127 do not come back as they were sent")
def decodes_for_a_moment(connection, limit):
    """Text is easier to take apart; what is no UTF-8 comes back from it as something else."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.decode("utf-8", "replace").partition("\r\n\r\n")
    head, rest = head.encode("utf-8"), rest.encode("utf-8")
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "ClientGone is raised instead of ConnectionResetError")
def takes_an_error_before_the_first_byte_for_a_client_that_is_gone(connection, limit):
    """Nothing has come, so nobody was there; which error it was is lost."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        try:
            block = connection.recv(RECV_SIZE)
        except OSError:
            if received:
                raise
            raise ClientGone("gone before the first byte") from None
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "HeadTooLarge is raised instead of ClientGone")
def finds_half_a_head_too_large(connection, limit):
    """As many bytes as the limit have come; but not one too many, and nobody is there any more."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block and len(received) >= limit:
            raise HeadTooLarge(f"no blank line within {limit} bytes")
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "the rest is not all that follows the first blank line")
def takes_the_head_out_wherever_it_stands(connection, limit):
    """replace takes all that is equal, and a second request may be equal to the first."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head = received.partition(BLANK_LINE)[0]
    rest = received.replace(head + BLANK_LINE, b"")
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for: one of its four bytes came in earlier blocks")
def looks_into_the_last_recv_size_bytes(connection, limit):
    """To look at all of it again and again is slow, and a block has RECV_SIZE bytes: but a full one leaves no room
    for the half before it.
    """
    received = b""
    while BLANK_LINE not in received[-RECV_SIZE:] and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "after the blank line more bytes are asked for: one of its four bytes came in earlier blocks")
def looks_anew_behind_a_full_block(connection, limit):
    """After a full block, it begins to look anew: a full block is thought to have no end of a line in it."""
    received, begin = b"", 0
    while received.find(BLANK_LINE, begin) < 0 and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        begin = max(len(received) - 3, 0) if len(block) < RECV_SIZE else len(received)
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "read_head closes the connection")
def closes_where_the_client_has_gone(connection, limit):
    """Nobody is there any more, so the connection seems to be of no more use; but to close it is the caller's."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            connection.close()
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


@mistake("1.2", "read_head uses shutdown of the connection, and not recv alone")
def shuts_down_where_the_head_is_too_large(connection, limit):
    """Nothing more shall come from such a client. But the caller has an object that has only a recv."""
    received = b""
    while BLANK_LINE not in received and len(received) < limit + len(BLANK_LINE):
        block = connection.recv(RECV_SIZE)
        if not block:
            raise ClientGone("the client hung up before the blank line")
        received += block
    head, _, rest = received.partition(BLANK_LINE)
    if len(head) > limit:
        connection.shutdown(socket.SHUT_RD)
        raise HeadTooLarge(f"no blank line within {limit} bytes")
    return head, rest


# 1.3 handle


@mistake("1.3", "nothing is sent to the client")
def returns_the_response_as_flask_does(connection, client_address):
    """In Flask a view returns its response, and someone else sends it; here, that someone is you."""
    try:
        read_head(connection)
        return build_response(PAGE)
    finally:
        hang_up(connection)


@mistake("1.3", "what is sent does not begin with a status line")
def sends_the_page_without_a_head(connection, client_address):
    """The page is what the browser shows, so the page is what is sent."""
    try:
        read_head(connection)
        connection.sendall(PAGE.encode())
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the body is not PAGE")
def sends_a_page_of_its_own(connection, client_address):
    """PAGE is taken for an example of what a server might send."""
    try:
        read_head(connection)
        connection.sendall(build_response("<h1>Hello</h1>"))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "only the first bytes of what is given to send are sent")
def sends_once(connection, client_address):
    """send sends; that it may send a part only, and says so, is easy to miss; most examples do not look either."""
    try:
        read_head(connection)
        connection.send(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the same bytes are sent again and again")
def sends_again_from_the_beginning(connection, client_address):
    """The bytes that were sent are counted, and each time all of them are given to send."""
    try:
        read_head(connection)
        response, sent = build_response(PAGE), 0
        while sent < len(response):
            sent += connection.send(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the answer is sent before the head has been read")
def answers_without_reading(connection, client_address):
    """All clients get the same page, so there is no need to know what they ask for."""
    try:
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "more than the head is asked for before the answer is sent")
def reads_the_body_that_a_browser_does_not_send(connection, client_address):
    """A request has a head and a body, so both are received."""
    try:
        read_head(connection)
        connection.recv(RECV_SIZE)
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the connection is still open")
def never_closes(connection, client_address):
    """The response says `Connection: close`, so someone will do it."""
    try:
        read_head(connection)
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    except HeadTooLarge as error:
        connection.sendall(build_response(str(error), "431 Request Header Fields Too Large"))


@mistake("1.3", "the connection is closed while bytes of the client lie unread")
def closes_at_once(connection, client_address):
    """close waits until all is sent, it seems; but unread bytes turn it into a reset."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(str(error), "431 Request Header Fields Too Large")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        connection.close()


@mistake("1.3", "the connection is closed while bytes of the client lie unread")
def closes_with_the_block(connection, client_address):
    """`with` closes in every case, as with a file; it closes at once, too, and hang_up finds nothing to do."""
    with connection:
        try:
            read_head(connection)
            connection.sendall(build_response(PAGE))
        except ConnectionError:
            pass
        except HeadTooLarge as error:
            connection.sendall(build_response(str(error), "431 Request Header Fields Too Large"))


@mistake("1.3", "the connection is closed while bytes of the client lie unread")
def hangs_up_after_the_page_alone(connection, client_address):
    """hang_up is for clients that are served; but the one that is refused has sent the most that nobody reads."""
    try:
        try:
            read_head(connection)
        except HeadTooLarge as error:
            connection.sendall(build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain"))
            return
        connection.sendall(build_response(PAGE))
        hang_up(connection)
    except ConnectionError:
        pass
    finally:
        connection.close()


@mistake("1.3", "the connection of a client that has left is still open")
def closes_only_after_success(connection, client_address):
    """The connection is closed in the last line, which an early return or an error never reaches."""
    try:
        read_head(connection)
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        return
    except HeadTooLarge as error:
        connection.sendall(build_response(str(error), "431 Request Header Fields Too Large"))
    hang_up(connection)


@mistake("1.3", "handle raises ClientGone")
def takes_a_client_that_left_for_an_error(connection, client_address):
    """Errors belong to the caller; but this is none, and the log fills with tracebacks that mean nothing."""
    try:
        read_head(connection)
        connection.sendall(build_response(PAGE))
    except HeadTooLarge as error:
        connection.sendall(build_response(str(error), "431 Request Header Fields Too Large"))
    finally:
        hang_up(connection)


@mistake("1.3", "handle raises ConnectionResetError")
def knows_only_one_way_of_leaving(connection, client_address):
    """ClientGone is the error that read_head raises, and what recv and sendall raise is forgotten."""
    try:
        read_head(connection)
        connection.sendall(build_response(PAGE))
    except ClientGone:
        pass
    except HeadTooLarge as error:
        connection.sendall(build_response(str(error), "431 Request Header Fields Too Large"))
    finally:
        hang_up(connection)


@mistake("1.3", "something is sent to a client that has left")
def answers_a_client_that_has_left(connection, client_address):
    """Every request gets an answer, and a bad one gets 400; but there is nobody to read it."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(str(error), "431 Request Header Fields Too Large")
        except ClientGone:
            response = build_response("half a request", "400 Bad Request")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle raises BrokenPipeError")
def protects_only_the_reading(connection, client_address):
    """The client leaves while it is read from; that it may leave while it is sent to comes as a surprise."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(str(error), "431 Request Header Fields Too Large")
        except ConnectionError:
            return
        connection.sendall(response)
    finally:
        hang_up(connection)


@mistake("1.3", "handle raises BrokenPipeError")
def sends_431_from_the_except_clause(connection, client_address):
    """The clauses of a try protect what stands in the try, and not one another."""
    try:
        read_head(connection)
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    except HeadTooLarge as error:
        connection.sendall(build_response(str(error), "431 Request Header Fields Too Large"))
    finally:
        hang_up(connection)


@mistake("1.3", "handle raises HeadTooLarge")
def tells_nothing_to_a_client_that_sends_too_much(connection, client_address):
    """A client that sends too much is to blame, so it is dropped without a word."""
    try:
        read_head(connection)
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the status is another one than 431")
def answers_a_head_that_is_too_large_with_the_page(connection, client_address):
    """`pass` goes on below the try, as if nothing had happened."""
    try:
        try:
            read_head(connection)
        except HeadTooLarge:
            pass
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "a second response follows the first")
def goes_on_after_the_431(connection, client_address):
    """The error has been answered in its except clause; that the page is sent below it all the same is not seen."""
    try:
        try:
            read_head(connection)
        except HeadTooLarge as error:
            status = "431 Request Header Fields Too Large"
            connection.sendall(build_response(f"{error}\n", status, "text/plain"))
        connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the body of the 431 has no text")
def says_nothing_but_the_status(connection, client_address):
    """The status says it all, to a program; a person sees an empty page."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge:
            response = build_response("", "431 Request Header Fields Too Large")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle does not let TimeoutError out, raised while the head is read")
def swallows_every_error(connection, client_address):
    """`except Exception: pass` keeps the server alive, and every bug with it."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(str(error), "431 Request Header Fields Too Large")
        connection.sendall(response)
    except Exception:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the connection is still open after TimeoutError")
def closes_after_the_errors_it_knows(connection, client_address):
    """Each error that comes to mind is dealt with; the one that does not come to mind leaves the connection open."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(str(error), "431 Request Header Fields Too Large")
        connection.sendall(response)
    except ConnectionError:
        pass
    hang_up(connection)


@mistake("1.3", "the connection is still open after SystemExit")
def closes_after_exceptions_only(connection, client_address):
    """`except Exception` sounds like everything; KeyboardInterrupt is none of them, and `finally` sees it."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(str(error), "431 Request Header Fields Too Large")
        connection.sendall(response)
    except ConnectionError:
        pass
    except Exception:
        hang_up(connection)
        raise
    hang_up(connection)


@mistake("1.3", "handle does not let TimeoutError out, raised while the head is read")
def takes_every_os_error_for_a_client_that_has_left(connection, client_address):
    """ConnectionError is an OSError, and so much else: a full disk or too many open files pass unseen."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except OSError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle does not let ValueError out")
def takes_every_value_error_for_a_head_that_is_too_large(connection, client_address):
    """HeadTooLarge is a ValueError; so is many a bug, and its client is told that its head is too large."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except ValueError as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle does not let TimeoutError out, raised while the answer is sent")
def lets_no_error_out_where_it_sends(connection, client_address):
    """Whatever goes wrong with an answer, nobody is there to get it; so the errors of sending are all dropped."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        try:
            connection.sendall(response)
        except OSError:
            return
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle does not let SystemExit out")
def takes_sys_exit_for_the_end_of_a_client(connection, client_address):
    """What ends is thought to be the client; it is the program that somebody wants to end."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except (ConnectionError, SystemExit):
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "RuntimeError is raised instead of TimeoutError")
def raises_another_error_in_place_of_a_bug(connection, client_address):
    """An error of its own says where it happened; serve prints that anyway, and the bug's own class is gone."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    except Exception as error:
        raise RuntimeError("handle failed") from error
    finally:
        hang_up(connection)


@mistake("1.3", "431 has another reason phrase")
def thinks_of_a_reason_phrase_of_its_own(connection, client_address):
    """The number is right, so the words are free; a program does not read them, but people look them up."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Head Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the body of the 431 is PAGE")
def sends_PAGE_with_status_431(connection, client_address):
    """Only the status differs, and what a person sees is a page that says hello."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(PAGE, "431 Request Header Fields Too Large")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "only the first bytes of what is given to send are sent")
def sends_head_and_body_one_after_the_other(connection, client_address):
    """Two sends for two parts: each of them may take only the first bytes of its part."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        head, blank, body = response.partition(BLANK_LINE)
        connection.send(head + blank)
        connection.send(body)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "a traceback is printed for a client that has left")
def prints_a_traceback_for_each_client_that_leaves(connection, client_address):
    """It was an exception, so it is printed; clients leave all day long."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        traceback.print_exc()
    finally:
        hang_up(connection)


@mistake("1.3", "the response is not made anew for each client")
def makes_the_response_once(connection, client_address):
    """All clients get the same page, so the response is made once; with it the Date of the first."""
    try:
        try:
            read_head(connection)
            response = globals().setdefault("RESPONSE", build_response(PAGE))
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "a head of MAX_HEAD bytes is refused")
def has_a_limit_of_its_own(connection, client_address):
    """8 KB is what many servers allow, so it is given; the limit of this server is another one."""
    try:
        try:
            read_head(connection, 8_192)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle raises ConnectionResetError")
def knows_one_error_of_sending(connection, client_address):
    """sendall raises BrokenPipeError when the client has left, on the machine where it was tried."""
    try:
        try:
            try:
                read_head(connection)
            except ConnectionError:
                return
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except BrokenPipeError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "handle does not let TimeoutError out, raised while the 431 is sent")
def lets_no_error_out_where_it_sends_the_431(connection, client_address):
    """Such a client is not worth a traceback; but it may be a bug, or Ctrl-C."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
            try:
                connection.sendall(response)
            except OSError:
                pass
            return
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "something is printed for a client that has left")
def logs_each_client_that_has_left(connection, client_address):
    """Whoever runs a server wants to know who has left, and a line is no traceback."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large")
        connection.sendall(response)
    except ConnectionError as error:
        print(f"{client_address[0]} has left: {error}", file=sys.stderr)
    finally:
        hang_up(connection)


@mistake("1.3", "something is printed for a client that has left")
def says_so_on_stdout_where_a_client_leaves_while_it_is_answered(connection, client_address):
    """A request that never became whole is nothing; a page that did not arrive is worth a line."""
    try:
        read_head(connection)
        response = build_response(PAGE)
    except HeadTooLarge as error:
        response = build_response(f"{error}\n", "431 Request Header Fields Too Large")
    except ConnectionError:
        response = b""
    except BaseException:
        hang_up(connection)
        raise
    try:
        connection.sendall(response)
    except ConnectionError:
        print("the page did not arrive")
    finally:
        hang_up(connection)


@mistake("1.3", "only the first bytes of the 431 are sent")
def sends_the_431_once(connection, client_address):
    """A refusal is short: one send takes it all. (send takes what there is room for, however little.)"""
    try:
        try:
            read_head(connection)
        except HeadTooLarge as error:
            connection.send(build_response(f"{error}\n", "431 Request Header Fields Too Large"))
        else:
            connection.sendall(build_response(PAGE))
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "the connection is still open after GeneratorExit, raised while the head is read")
def hangs_up_after_all_that_it_knows(connection, client_address):
    """Exception, SystemExit and KeyboardInterrupt are all that there is. (`finally` need not know a name.)"""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    except (Exception, SystemExit, KeyboardInterrupt):
        hang_up(connection)
        raise
    hang_up(connection)


@mistake("1.3", "an empty head is not answered with the page")
def takes_an_empty_head_for_a_client_that_left(connection, client_address):
    """b'' is what recv gives for a client that has left, and so read_head is thought to return it, too."""
    try:
        try:
            head, _ = read_head(connection)
            if not head:
                return
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    finally:
        hang_up(connection)


@mistake("1.3", "close is called without hang_up, after a client has left")
def hangs_up_on_those_who_are_still_there(connection, client_address):
    """A client that has left needs nobody who waits for it: close alone is quicker."""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        connection.close()
    except BaseException:
        hang_up(connection)
        raise
    else:
        hang_up(connection)


@mistake("1.3", "close is called without hang_up, after TimeoutError, raised while the head is read")
def closes_alone_after_an_error(connection, client_address):
    """Where something has gone wrong there is no answer, so no reset can overtake it. (Half of it may be sent.)"""
    try:
        try:
            read_head(connection)
            response = build_response(PAGE)
        except HeadTooLarge as error:
            response = build_response(f"{error}\n", "431 Request Header Fields Too Large", "text/plain")
        connection.sendall(response)
    except ConnectionError:
        pass
    except BaseException:
        connection.close()
        raise
    hang_up(connection)


# 1.4 open_listener


@mistake("1.4", "open_listener returns None")
def forgets_to_return_the_socket(host, port):
    """The socket listens, and nobody has it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()


@mistake("1.4", "open_listener returns a tuple")
def returns_the_port_beside_the_socket(host, port):
    """The URL is wanted too, so it is returned beside the socket; getsockname tells it at any time."""
    listener = socket.create_server((host, port))
    return listener, listener.getsockname()[1]


@mistake("1.4", "the socket that comes back is closed already")
def closes_with_the_block_that_returns(host, port):
    """`with` is how resources are opened; it closes them at the end of its block, a return included."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        return listener


@mistake("1.4", "nobody can connect")
def binds_without_listening(host, port):
    """bind takes the port, and with it, one thinks, the clients."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "port 0 does not give a free port")
def takes_port_0_for_no_port(host, port):
    """0 is false, so `port or …` puts another one in its place."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port or 8000))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "it listens on another address than asked for")
def listens_on_all_addresses(host, port):
    """An empty host is what examples show; it opens the server to everyone in the network."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "the host is not looked at")
def always_listens_on_loopback(host, port):
    """127.0.0.1 is the host that everyone uses, and the parameter is forgotten."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "bind's OSError is swallowed")
def prints_that_the_address_cannot_be_had(host, port):
    """The error is shown to the person, and the program goes on with None."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        print(error)
        return None
    return listener


@mistake("1.4", "open_listener ends the whole program")
def exits_if_the_address_cannot_be_had(host, port):
    """There is nothing to be done without a port, so the function ends the program of whoever called it."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        sys.exit(str(error))
    return listener


@mistake("1.4", "bind's OSError is swallowed")
def closes_and_returns_it_all_the_same(host, port):
    """The error is dealt with: the socket is closed. (Nobody has heard of it, and a closed socket comes back.)"""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
    return listener


@mistake("1.4", "SO_REUSEADDR is not set")
def blocks_the_port_for_a_while(host, port):
    """socket, bind, listen is all that it takes, until the server is started a second time."""
    listener = socket.socket()
    try:
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "SO_REUSEADDR is set on Windows")
def sets_SO_REUSEADDR_on_every_system(host, port):
    """What is right here is right everywhere; on Windows a second server takes the port, and clients with it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "SO_REUSEADDR is set on Windows")
def asks_for_a_name_that_no_system_has(host, port):
    """Windows is called "nt" by os, "win32" by sys and "Windows" by platform; "windows" it is called by none."""
    listener = socket.socket()
    try:
        if sys.platform != "windows":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "SO_REUSEADDR is not set")
def takes_all_but_linux_for_windows(host, port):
    """There are two systems, one's own and Windows; on a Mac the port is blocked after each stop then."""
    listener = socket.socket()
    try:
        if sys.platform == "linux":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "the port can't be used again")
def sets_SO_REUSEADDR_after_bind(host, port):
    """An option is an option, whenever it is set; but bind is what looks at this one."""
    listener = socket.socket()
    try:
        listener.bind((host, port))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "a port that is taken raises no OSError")
def shares_the_port_with_another_server(host, port):
    """SO_REUSEPORT makes `Address already in use` go away for good, and two servers take each other's clients."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "the socket that can't be bound is not closed")
def leaves_the_socket_open_where_bind_fails(host, port):
    """bind raises, and the socket made a line before is forgotten."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    return listener


@mistake("1.4", "the socket has a time limit")
def gives_accept_a_time_limit(host, port):
    """Nothing may wait for ever; but with no client for a minute the server ends."""
    listener = socket.create_server((host, port))
    listener.settimeout(60)
    return listener


@mistake("1.4", "the socket has a time limit")
def does_not_let_accept_wait(host, port):
    """Non-blocking sounds fast; without a loop that asks which socket is ready, accept raises an error at once."""
    listener = socket.create_server((host, port))
    listener.setblocking(False)
    return listener


@mistake("1.4", "client 2 of 100 can't connect while nobody is accepted")
def lets_nobody_queue(host, port):
    """One client is served at a time, so none need wait in the system; then all others find the door closed."""
    return socket.create_server((host, port), backlog=0)


@mistake("1.4", "the OSError is not the one that bind raises")
def raises_an_OSError_of_its_own(host, port):
    """A sentence of its own seems more helpful; but errno and strerror are gone."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} can't be used") from error
    return listener


@mistake("1.4", "a port that is taken raises no OSError")
def tries_the_next_port(host, port):
    """A port that is taken is no reason to give up, there are others; but nobody looks for the server there."""
    while True:
        try:
            return socket.create_server((host, port))
        except OSError as error:
            if error.errno != 98:
                raise
            port += 1


@mistake("1.4", "port 0 does not give a free port")
def keeps_one_listener_for_each_address(host, port):
    """What was opened once is given again, as from a cache."""
    kept = globals().setdefault("LISTENERS", {})
    if (host, port) not in kept or kept[host, port].fileno() == -1:
        kept[host, port] = socket.create_server((host, port))
    return kept[host, port]


@mistake("1.4", "the socket that can't be bound is not closed: the host is another machine")
def closes_where_the_port_is_taken_alone(host, port):
    """Only one error was seen so far, so only one is thought of."""
    import errno

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            listener.close()
        raise
    return listener


@mistake("1.4", "the socket that can't be bound is not closed: the port is for root alone")
def closes_after_the_errors_that_it_knows(host, port):
    """A port is taken, or an address is another machine's: the two errors that have names in the tutorial."""
    import errno

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EADDRNOTAVAIL):
            listener.close()
        raise
    return listener


@mistake("1.4", "client 7 of 100 can't connect while nobody is accepted")
def lets_five_clients_queue(host, port):
    """listen(5) stands in most examples: it once was the most that there could be."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(5)
    except BaseException:
        listener.close()
        raise
    return listener


@mistake("1.4", "the socket is not closed where listen fails: the port is for root alone")
def closes_it_if_bind_fails_alone(host, port):
    """bind is what looks at the address; listen has nothing to find fault with."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.listen()
    return listener


@mistake("1.4", "the host '' is not given to bind as it is")
def takes_no_host_for_this_machine(host, port):
    """An empty host looks like one that was forgotten, and loopback is the safe choice."""
    listener = socket.socket()
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host or "127.0.0.1", port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


# 1.5 serve


@mistake("1.5", "handle is called with keywords")
def calls_handle_with_keywords(listener, handle):
    """The names are those of the handle in this file, and a keyword says what is what."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection=connection, client_address=client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "handle is never called")
def accepts_and_does_not_handle(listener, handle):
    """accept is taken for the whole of serving."""
    try:
        while True:
            connection, client_address = listener.accept()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "handle is not called with two arguments")
def hands_on_the_pair(listener, handle):
    """accept returns a connection, one thinks; it returns a pair."""
    try:
        while True:
            connection = listener.accept()
            try:
                handle(connection)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "only the first client is served")
def serves_one_client(listener, handle):
    """It works in the browser, until one presses reload."""
    try:
        connection, client_address = listener.accept()
        handle(connection, client_address)
    except KeyboardInterrupt:
        pass
    except Exception:
        traceback.print_exc()
    finally:
        listener.close()


@mistake("1.5", "KeyboardInterrupt gets out of serve")
def lets_ctrl_c_out(listener, handle):
    """`finally` closes the listener, and the traceback comes on top."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    finally:
        listener.close()


@mistake("1.5", "Ctrl-C while handle works gets out of serve")
def waits_for_ctrl_c_in_accept_alone(listener, handle):
    """A server waits in accept nearly all the time, so that is where Ctrl-C comes."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except KeyboardInterrupt:
                return
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    finally:
        listener.close()


@mistake("1.5", "Ctrl-C ends the whole program")
def exits_on_ctrl_c(listener, handle):
    """Ctrl-C ends the program, so the function calls sys.exit; whoever called it has no say any more."""
    try:
        while True:
            connection, client_address = listener.accept()
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        listener.close()
        sys.exit(0)


@mistake("1.5", "accept is called again and again after Ctrl-C")
def catches_everything(listener, handle):
    """`except:` keeps the server alive whatever happens, and Ctrl-C is something that happens."""
    while True:
        try:
            connection, client_address = listener.accept()
            handle(connection, client_address)
        except:  # noqa: E722
            traceback.print_exc()


@mistake("1.5", "accept is called again and again after Ctrl-C")
def goes_on_after_ctrl_c(listener, handle):
    """KeyboardInterrupt is caught inside the loop, where catching it means going on."""
    while True:
        try:
            connection, client_address = listener.accept()
            handle(connection, client_address)
        except KeyboardInterrupt:
            print("stopped")
        except Exception:
            traceback.print_exc()


@mistake("1.5", "accept is called again and again on a listener that is closed")
def closes_the_listener_and_goes_on(listener, handle):
    """KeyboardInterrupt is caught where it comes, and the listener closed; the loop goes round with what is left."""
    while True:
        try:
            connection, client_address = listener.accept()
            handle(connection, client_address)
        except KeyboardInterrupt:
            listener.close()
        except Exception:
            traceback.print_exc()


@mistake("1.5", "one failing client stops the server")
def ends_with_the_first_client_that_fails(listener, handle):
    """handle takes care of its errors, so serve need not; until handle has a bug."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            handle(connection, client_address)
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "after a client that fails the next is not served")
def catches_outside_the_loop(listener, handle):
    """The error is caught and shown; but the loop lies inside the try, and is over."""
    try:
        while True:
            connection, client_address = listener.accept()
            handle(connection, client_address)
    except KeyboardInterrupt:
        pass
    except Exception:
        traceback.print_exc()
    finally:
        listener.close()


@mistake("1.5", "one failing client stops the server")
def takes_an_OSError_of_handle_for_one_of_accept(listener, handle):
    """One try around both: an OSError is let out, whoever raised it."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
                handle(connection, client_address)
            except ConnectionError:
                traceback.print_exc()
            except OSError:
                raise
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "a client fails, and nothing is printed")
def fails_in_silence(listener, handle):
    """`except Exception: pass` keeps the server alive, and every bug with it."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                pass
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "a client fails, and nothing is printed")
def takes_a_ConnectionError_of_handle_for_one_of_accept(listener, handle):
    """One try around both: what is meant for accept hides what handle forgot to catch."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
                handle(connection, client_address)
            except ConnectionError:
                continue
            except OSError as error:
                if error.errno == 24:
                    raise
                traceback.print_exc()
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "what goes wrong is printed to stdout")
def prints_the_error_to_stdout(listener, handle):
    """print shows it; but stdout is for what a program is asked for, and a message alone has no line number."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception as error:
                print("error:", error)
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "what is printed is no traceback")
def prints_the_message_alone(listener, handle):
    """The message says what happened, and not where."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception as error:
                print("error:", error, file=sys.stderr)
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "a client that left before it was accepted stops the server")
def takes_accept_for_safe(listener, handle):
    """accept waits, and then it returns; that the client may be gone by then is rare, and ends the server."""
    try:
        while True:
            connection, client_address = listener.accept()
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "the client before is handled twice")
def handles_the_old_connection_again(listener, handle):
    """`pass` goes on below the try, where connection still is the one of the last client."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                pass
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "an error of the listener does not come out of serve")
def goes_round_and_round_when_the_listener_is_broken(listener, handle):
    """OSError is what sockets raise, so `continue` is the answer; with too many open files it is, for ever."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except OSError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "Ctrl-C while a client is handled does not end the server")
def takes_ctrl_c_for_an_error_of_the_client(listener, handle):
    """`except BaseException` is thought to be the thorough way to write `except Exception`."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except BaseException:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "the listener is still open")
def never_closes_the_listener(listener, handle):
    """Whoever opened it may close it; and the system does, when the program ends."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass


@mistake("1.5", "the listener is still open")
def closes_the_listener_after_ctrl_c_alone(listener, handle):
    """It is closed in `except KeyboardInterrupt`, as in many examples; every other way out leaves it open."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        listener.close()


@mistake("1.5", "a client that left before it was accepted stops the server")
def knows_one_way_to_leave(listener, handle):
    """A client that leaves early is a ConnectionAbortedError."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionAbortedError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "a traceback is printed for a client that left before it was accepted")
def prints_what_accept_raises(listener, handle):
    """Whatever goes wrong is printed."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                traceback.print_exc()
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "serve does not let a sys.exit of handle out")
def takes_sys_exit_for_an_error_of_the_client(listener, handle):
    """Ctrl-C gets out, by a clause of its own; `except BaseException` then catches all else, sys.exit included."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except KeyboardInterrupt:
                raise
            except BaseException:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "serve does not let a sys.exit of handle out")
def takes_sys_exit_for_ctrl_c(listener, handle):
    """Both end the server; but sys.exit has a status, which whoever started the program wants to know."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        listener.close()


@mistake("1.5", "an error of the listener does not come out of serve")
def goes_on_after_a_time_limit_of_the_listener(listener, handle):
    """Nobody came in time, so accept is called again; serve has set no time limit."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except (ConnectionError, TimeoutError):
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "an error of the listener does not come out of serve")
def ends_quietly_when_the_listener_is_broken(listener, handle):
    """The loop ends, as it should; but nobody hears why the server has stopped."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            except OSError:
                break
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "RuntimeError is raised instead of OSError")
def raises_another_error_for_the_listener(listener, handle):
    """A sentence of its own seems more helpful; but the class and errno of the error are gone."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            except OSError as error:
                raise RuntimeError("accept failed") from error
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "the traceback of TimeoutError is not printed")
def fails_in_silence_after_a_time_limit(listener, handle):
    """A client that is too slow is no error; but that is for handle to decide, and handle has let it out."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except TimeoutError:
                pass
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "the server stops after some clients that fail")
def gives_up_after_three_errors(listener, handle):
    """So many errors mean that something is wrong; and a single client can now end the server."""
    errors = 0
    try:
        while errors < 3:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
                errors += 1
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "accept is called while a client still waits for handle")
def accepts_all_before_it_handles_any(listener, handle):
    """First all clients are collected, then they are served; but there always comes another one."""
    clients = []
    try:
        while True:
            try:
                clients.append(listener.accept())
            except ConnectionError:
                continue
    except KeyboardInterrupt:
        for connection, client_address in clients:
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    finally:
        listener.close()


@mistake("1.5", "a traceback is printed on Ctrl-C")
def prints_a_traceback_on_ctrl_c(listener, handle):
    """KeyboardInterrupt is an exception, and exceptions are printed."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        traceback.print_exc()
    finally:
        listener.close()


@mistake("1.5", "a traceback is printed on Ctrl-C in handle")
def prints_a_traceback_on_ctrl_c_in_handle(listener, handle):
    """A client was left without its answer, which is worth a traceback; the person who pressed Ctrl-C knows."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except KeyboardInterrupt:
                traceback.print_exc()
                return
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "clients that leave one after the other before they are accepted stop the server")
def accepts_a_second_time_without_a_try(listener, handle):
    """The next accept will work, so it stands in the `except`; it may fail as the first one did."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                connection, client_address = listener.accept()
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "a client that left before it was accepted stops the server")
def knows_two_errors_of_accept(listener, handle):
    """These two are what accept raises; the table has their common name."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except (ConnectionAbortedError, ConnectionResetError):
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "an error of the listener does not come out of serve")
def goes_on_where_accept_would_block(listener, handle):
    """Nobody is there, so it is asked again; and again, for ever, as fast as the machine can."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except (ConnectionError, BlockingIOError):
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "SystemExit, raised by accept, does not come out")
def ends_quietly_on_sys_exit_in_accept(listener, handle):
    """A signal that ends the program is taken for Ctrl-C; its exit status is lost."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except SystemExit:
                return
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "the listener is still open after a bug in accept")
def closes_the_listener_after_errors_that_it_knows(listener, handle):
    """Ctrl-C, sys.exit and an OSError are the ways to end that were thought of; `finally` knows them all."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        listener.close()
    except (OSError, SystemExit):
        listener.close()
        raise


@mistake("1.5", "serve uses settimeout of the listener")
def takes_the_time_limit_off_the_listener(listener, handle):
    """It is to wait for ever, and that is said once more; who opened the listener has seen to that."""
    listener.settimeout(None)
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "something is printed on Ctrl-C")
def says_goodbye(listener, handle):
    """A program that ends says so, and a word is no traceback."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        print("bye")
    finally:
        listener.close()


@mistake("1.5", "something is printed for a client that left before it was accepted")
def says_on_stdout_who_left_too_early(listener, handle):
    """stderr is for errors, and this is none: it goes to stdout."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError as error:
                print("a client has left:", error)
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "a client that left before it was accepted stops the server")
def names_each_connection_error_for_accept(listener, handle):
    """The documentation lists four classes below ConnectionError, and these are what a socket raises."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except (BrokenPipeError, ConnectionAbortedError, ConnectionRefusedError, ConnectionResetError):
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "the listener is still open after a GeneratorExit in accept")
def closes_after_all_that_it_knows(listener, handle):
    """Each end is written down: Ctrl-C, an error, sys.exit. (`finally` is on the paths that nobody has thought of.)"""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    except (Exception, SystemExit):
        listener.close()
        raise
    listener.close()


@mistake("1.5", "serve uses `with` of the listener, and not accept and close alone")
def takes_the_listener_into_a_with_statement(listener, handle):
    """A socket closes itself at the end of a `with`; an object that has accept and close alone is no context
    manager.
    """
    with listener:
        try:
            while True:
                try:
                    connection, client_address = listener.accept()
                except ConnectionError:
                    continue
                try:
                    handle(connection, client_address)
                except Exception:
                    traceback.print_exc()
        except KeyboardInterrupt:
            pass


@mistake("1.5", "the traceback of ClientGone is not printed for each client that fails")
def passes_over_a_client_gone_of_handle(listener, handle):
    """A client that has gone is no error, and handle is thought to tell serve of it; but handle has dealt with its
    own.
    """
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except ConnectionError:
                continue
            try:
                handle(connection, client_address)
            except ClientGone:
                pass
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


@mistake("1.5", "HeadTooLarge, raised by accept, does not come out")
def passes_over_a_large_head_of_accept(listener, handle):
    """All that is wrong with one client is passed over, and HeadTooLarge seems to be that, whoever raises it."""
    try:
        while True:
            try:
                connection, client_address = listener.accept()
            except (ConnectionError, HeadTooLarge):
                continue
            try:
                handle(connection, client_address)
            except Exception:
                traceback.print_exc()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
