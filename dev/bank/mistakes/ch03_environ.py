"""Mistakes of chapter 3."""
from dev.bank.step_versions import mistake

# 3.1 cgi_variables


@mistake("3.1", "cgi_variables returns None, not a dict")
def fills_a_dict_of_variables_and_does_not_return_it(request, server_address, client_address):
    """Whoever calls the function will find the dict that it has filled."""
    variables = {"REQUEST_METHOD": request.method}
    variables["SCRIPT_NAME"] = ""


@mistake("3.1", "CONTENT-TYPE and CONTENT-LENGTH should be")
def names_the_content_variables_with_a_hyphen(request, server_address, client_address):
    """CGI writes these two as HTTP writes the fields: some introductions to WSGI show them so."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT-TYPE": types[0]} if types else {}),
        **({"CONTENT-LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "SERVER_PORT is an int, not a str")
def gives_the_port_as_a_number(request, server_address, client_address):
    """A port is a number, and a dict takes any value."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": server_address[1], "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "CONTENT_LENGTH is an int, not a str")
def gives_the_content_length_as_a_number(request, server_address, client_address):
    """A length is a number."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": len(request.body)} if lengths else {}),
    }


@mistake("3.1", "PATH_INFO is bytes, not a str")
def gives_the_path_as_bytes(request, server_address, client_address):
    """A path is bytes in a Request, so it stays bytes."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path,
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "SCRIPT_NAME is missing")
def leaves_out_the_script_name_because_it_is_empty(request, server_address, client_address):
    """What is empty may be left out, so nobody will miss it: wsgiref.validate and many applications do."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "QUERY_STRING is missing")
def leaves_out_the_query_that_is_empty(request, server_address, client_address):
    """What is empty is left out, as CONTENT_TYPE is."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        **({"QUERY_STRING": request.query} if request.query else {}),
        "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "PATH_INFO is decoded as UTF-8")
def decodes_the_path_as_utf_8(request, server_address, client_address):
    """A path is text, and text is UTF-8."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("utf-8", "replace"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "PATH_INFO is the target, with the query in it")
def gives_the_target_as_the_path(request, server_address, client_address):
    """What the client asked for stands in the request line."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.target,
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "PATH_INFO is still percent-encoded")
def gives_the_path_without_decoding_it(request, server_address, client_address):
    """The path is what stands before the question mark."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.target.partition("?")[0],
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "PATH_INFO is how Python shows bytes")
def makes_text_of_the_path_with_str(request, server_address, client_address):
    """str() makes a str of anything."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": str(request.path),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "QUERY_STRING is decoded")
def decodes_the_query(request, server_address, client_address):
    """What is percent-encoded must be decoded, the query like the path."""
    from urllib.parse import unquote

    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": unquote(request.query), "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "SERVER_NAME is the whole Host field")
def takes_the_server_name_from_the_host_field(request, server_address, client_address):
    """The server is called as the client calls it."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": request.values("host")[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "SERVER_PROTOCOL is not the client's version")
def gives_its_own_protocol_version(request, server_address, client_address):
    """SERVER_PROTOCOL is what the server speaks."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "REMOTE_ADDR is the server's own address")
def gives_the_address_of_the_server_as_the_clients(request, server_address, client_address):
    """One address is as good as the other; on one machine both are 127.0.0.1."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": server_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "CONTENT_TYPE is two values joined")
def joins_content_types(request, server_address, client_address):
    """Repeated fields are joined with a comma."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": ", ".join(types)} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "CONTENT_LENGTH is copied from the field")
def copies_the_content_length_field(request, server_address, client_address):
    """The length is what the client said it is."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": lengths[0]} if request.values("content-length") else {}),
    }


@mistake("3.1", "CONTENT_LENGTH is missing where the client sent 0")
def leaves_out_the_length_of_an_empty_body(request, server_address, client_address):
    """No bytes, no body, no length."""
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if request.body else {}),
    }


@mistake("3.1", "CONTENT_TYPE is there, and the client sent none")
def has_an_empty_content_type_where_there_is_none(request, server_address, client_address):
    """Keys that have no value are the empty string: some introductions to WSGI show them so."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        "CONTENT_TYPE": (request.values("content-type") or [""])[0],
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "CONTENT_LENGTH is there, and the client sent none")
def always_has_a_content_length(request, server_address, client_address):
    """A body always has a length, be it 0."""
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        "CONTENT_LENGTH": str(len(request.body)),
    }


@mistake("3.1", "REQUEST_METHOD is another one")
def takes_every_request_for_get(request, server_address, client_address):
    """A page is got."""
    lengths = request.values("content-length") + request.values("transfer-encoding")
    types = request.values("content-type")
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
        **({"CONTENT_TYPE": types[0]} if types else {}),
        **({"CONTENT_LENGTH": str(len(request.body))} if lengths else {}),
    }


@mistake("3.1", "REQUEST_METHOD is put into upper case")
def gives_the_method_in_upper_case(request, server_address, client_address):
    """Methods are written in capitals, and applications compare with GET and POST."""
    variables = {
        "REQUEST_METHOD": request.method.upper(),
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "the path is percent-decoded a second time")
def decodes_the_path_a_second_time(request, server_address, client_address):
    """What is percent-encoded in a URL must be decoded; so is whatever a % is left in."""
    from urllib.parse import unquote

    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path.decode("latin-1"), encoding="latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "PATH_INFO comes from the target, which may be a whole URL")
def decodes_the_path_of_the_target(request, server_address, client_address):
    """The target is what the client asked for: what stands before its ? is the path."""
    from urllib.parse import unquote

    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.target.partition("?")[0], encoding="latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "a slash of the path is lost")
def takes_the_last_slash_away(request, server_address, client_address):
    """Flask redirects from /a to /a/ anyway: for users both are one page."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1").rstrip("/") or "/",
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "QUERY_STRING is the target where there is no query")
def splits_the_target_at_each_question_mark(request, server_address, client_address):
    """What split makes of the target has the query as its last part."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.target.split("?")[-1],
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "QUERY_STRING ends at its own question mark")
def takes_what_stands_between_two_question_marks(request, server_address, client_address):
    """The second part of what split makes of the target is the query."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": (request.target.split("?") + [""])[1],
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "SERVER_NAME is fixed, not that of server_address")
def writes_the_server_name_into_the_code(request, server_address, client_address):
    """This server runs on this machine, which is 127.0.0.1."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_TYPE is put into lower case")
def gives_the_content_type_in_lower_case(request, server_address, client_address):
    """A media type does not tell upper from lower case; a boundary after it does."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0].lower()
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_LENGTH is missing for a body that came in chunks")
def leaves_out_the_length_of_empty_chunks(request, server_address, client_address):
    """Chunks that hold nothing are no body."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding") and request.body:
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_LENGTH is missing where Transfer-Encoding is `Chunked`")
def asks_for_the_word_chunked(request, server_address, client_address):
    """Transfer-Encoding is `chunked`, or there are no chunks; but Chunked is the same word."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or "chunked" in request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "two requests share one dict")
def fills_one_dict_for_all_requests(request, server_address, client_address):
    """One dict is enough for a server, and saves making the names anew."""
    variables = globals().setdefault("VARIABLES", {})
    variables |= {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "the request is changed")
def takes_the_content_fields_out_of_the_request(request, server_address, client_address):
    """A field that has a variable of its own is dealt with, and http_variables must not see it."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    request.fields[:] = [field for field in request.fields if not field[0].startswith("content-")]
    return variables


@mistake("3.1", "CONTENT_TYPE is a list, not a str")
def gives_the_list_of_content_types(request, server_address, client_address):
    """`values` gives the value."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "your code raises IndexError: list index out of range")
def counts_on_a_content_type(request, server_address, client_address):
    """Every request has a Content-Type."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "a backslash in the path is taken for an escape of Python's")
def decodes_escapes_of_python_in_the_path(request, server_address, client_address):
    """A path has escapes, and there is a codec of that name."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("unicode_escape"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_TYPE is not empty, and the client's field is")
def says_octet_stream_where_the_type_is_empty(request, server_address, client_address):
    """A body of no known type is application/octet-stream."""
    variables = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0] or "application/octet-stream"
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "for HEAD, CONTENT_LENGTH is another one than for GET")
def leaves_out_the_length_for_methods_without_a_body(request, server_address, client_address):
    """HEAD and DELETE have no body, so they have no length."""
    variables = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_PROTOCOL": request.version, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    has_body = request.values("content-length") or request.values("transfer-encoding")
    if has_body and request.method not in ("HEAD", "DELETE"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_TYPE is left out, and the client sent an empty one")
def leaves_out_an_empty_content_type(request, server_address, client_address):
    """An empty value is no value. (PEP 3333 lets a server choose; the step has chosen.)"""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if any(request.values("content-type")):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_TYPE is the value of the second field where the first is empty")
def takes_the_first_content_type_that_says_something(request, server_address, client_address):
    """An empty field says nothing, so the next one counts."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = next(filter(None, request.values("content-type")), "")
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "two requests that are equal share one dict")
def keeps_the_variables_of_equal_requests(request, server_address, client_address):
    """The same request has the same variables: they need to be made only once."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return globals().setdefault("CACHE", {}).setdefault(repr(request), variables)


@mistake("3.1", "PATH_INFO begins with a slash that is not in the path")
def begins_every_path_with_a_slash(request, server_address, client_address):
    """A path begins with a slash. (That of `OPTIONS *` does not.)"""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/" + request.path.decode("latin-1").removeprefix("/"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "QUERY_STRING has lost the question mark that it begins with")
def takes_question_marks_off_request_query(request, server_address, client_address):
    """The question mark is no part of the query. (request.query is without it; a second one belongs to the query.)"""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query.lstrip("?"),
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "REMOTE_ADDR is another one if the client sends x-forwarded-for")
def believes_x_forwarded_for(request, server_address, client_address):
    """Behind a proxy, the address of the client is in X-Forwarded-For. (Any client can write it.)"""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": (request.values("x-forwarded-for") or [client_address[0]])[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "CONTENT_LENGTH is missing where Transfer-Encoding is there and empty")
def asks_whether_the_transfer_encoding_is_true(request, server_address, client_address):
    """A field without a value is no field."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or any(request.values("transfer-encoding")):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "the request is changed")
def writes_the_length_of_the_chunks_into_the_request(request, server_address, client_address):
    """The chunks are put together, so the request has a Content-Length now."""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if request.values("content-type"):
        variables["CONTENT_TYPE"] = request.values("content-type")[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    if request.values("transfer-encoding"):
        request.fields.append(("content-length", str(len(request.body))))
    return variables


@mistake("3.1", "white space at the ends of the path is lost")
def tidies_what_the_client_sent(request, server_address, client_address):
    """Blanks at the ends of a text are rarely meant. (Those of a path came as %20, and are a part of it.)"""
    variables = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1").strip(),
        "QUERY_STRING": request.query.strip(), "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "SERVER_PROTOCOL": request.version, "REMOTE_ADDR": client_address[0],
    }
    if kinds := request.values("content-type"):
        variables["CONTENT_TYPE"] = kinds[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "the byte A0 at the end of the value is lost")
def strips_the_content_type(request, server_address, client_address):
    """White space around a value is no part of it. (parse_field has taken off HTTP's; str knows more kinds.)"""
    variables = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query, "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]), "SERVER_PROTOCOL": request.version, "REMOTE_ADDR": client_address[0],
    }
    if kinds := request.values("content-type"):
        variables["CONTENT_TYPE"] = kinds[0].strip()
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.1", "SERVER_NAME is not the host of server_address as it is")
def names_a_host_that_can_be_reached(request, server_address, client_address):
    """Nobody can open http://0.0.0.0: so loopback is put in its place. (A guess; the client may be elsewhere.)"""
    variables = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0].replace("0.0.0.0", "127.0.0.1"),
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    if kinds := request.values("content-type"):
        variables["CONTENT_TYPE"] = kinds[0]
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


# 3.2 http_variables


@mistake("3.1", "a variable of os.environ is among them")
def begins_with_the_environment_of_the_process(request, server_address, client_address):
    """A CGI program has its variables in os.environ. (A server's own environment is no affair of its applications.)"""
    import os
    variables = dict(os.environ)
    variables |= {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server_address[0],
        "SERVER_PORT": str(server_address[1]),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": client_address[0],
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        variables.pop(name, None)
    for value in request.values("content-type")[:1]:
        variables["CONTENT_TYPE"] = value
    if request.values("content-length") or request.values("transfer-encoding"):
        variables["CONTENT_LENGTH"] = str(len(request.body))
    return variables


@mistake("3.2", "an empty value before another one is lost")
def takes_an_empty_value_for_no_value(fields):
    """`variables.get(key)` tells whether there is something to join to. (An empty value is false, too.)"""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = f"{variables[key]}{separator}{value}" if variables.get(key) else value
    return variables


@mistake("3.2", "the cookies are joined with a comma")
def compares_with_is(fields):
    """`is` reads well, and works in the interpreter. (It asks whether both are one object, not one text.)"""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        cookie = "cookie"
        separator = "; " if name is cookie else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "http_variables returns a list, not a dict")
def returns_pairs_in_place_of_a_dict(fields):
    """A list of pairs is as good as a dict."""
    return [("HTTP_" + name.upper().replace("-", "_"), value) for name, value in fields]


@mistake("3.2", "http_variables returns a defaultdict, not a dict")
def returns_a_defaultdict(fields):
    """A defaultdict is a dict; and the environ becomes one with it."""
    from collections import defaultdict

    values = defaultdict(list)
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            values["HTTP_" + name.upper().replace("-", "_")].append(value)
    for key in values:
        values[key] = ("; " if key == "HTTP_COOKIE" else ", ").join(values[key])
    return values


@mistake("3.2", "the hyphen is still in the name")
def leaves_the_hyphens_in_the_names(fields):
    """HTTP_ and upper case is all that there is to it."""
    return {"HTTP_" + name.upper(): value for name, value in fields}


@mistake("3.2", "the name does not begin with HTTP_")
def forgets_the_prefix(fields):
    """A field's variable has the name of the field."""
    return {name.upper().replace("-", "_"): value for name, value in fields}


@mistake("3.2", "x-forwarded-for does not become HTTP_X_FORWARDED_FOR")
def turns_the_first_hyphen_only(fields):
    """The third argument of replace is how many, and one is enough for user-agent."""
    return {"HTTP_" + name.upper().replace("-", "_", 1): value for name, value in fields}


@mistake("3.2", "only the last of the repeated fields is kept")
def keeps_the_last_of_repeated_fields(fields):
    """A dict comprehension says it in one line."""
    return {"HTTP_" + name.upper().replace("-", "_"): value for name, value in fields
            if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name}


@mistake("3.2", "only the first of the repeated fields is kept")
def keeps_the_first_of_repeated_fields(fields):
    """Who comes first, is served first."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            variables.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
    return variables


@mistake("3.2", "the repeated fields are joined without a space")
def joins_repeated_fields_without_a_space(fields):
    """A list in HTTP is separated by commas; gunicorn and the CGI of old join so."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables


@mistake("3.2", "the cookies are joined with a comma")
def joins_cookies_with_a_comma(fields):
    """Cookies are fields like others."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            variables[key] = f"{variables[key]}, {value}" if key in variables else value
    return variables


@mistake("3.2", "another field is joined as if it were cookie")
def takes_every_name_with_cookie_in_it_for_cookie(fields):
    """Whatever has cookie in its name is a cookie."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if "COOKIE" in key else ", "
            variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "HTTP_CONTENT_TYPE is there: this field is CONTENT_TYPE")
def has_http_content_type_as_well(fields):
    """Every field gets a variable that begins with HTTP_."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if name == "cookie" else ", "
            variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the field content-encoding is left out")
def leaves_out_all_fields_that_begin_with_content(fields):
    """The content fields have variables of their own."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP and not name.startswith("content-") and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if name == "cookie" else ", "
            variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the field connection is given on to the application")
def gives_hop_by_hop_fields_on(fields):
    """The application gets all that the client said; what it does with it, is its affair."""
    variables = {}
    for name, value in fields:
        if name not in ("content-type", "content-length") and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if name == "cookie" else ", "
            variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "x_user is joined to x-user")
def takes_an_underscore_for_a_hyphen(fields):
    """Both are HTTP_X_USER, so they are the same field; wsgiref merges them."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"}:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if name == "cookie" else ", "
            variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "a field with an empty value is left out")
def leaves_out_fields_with_an_empty_value(fields):
    """A field without a value says nothing."""
    variables = {}
    for name, value in fields:
        if value and name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if name == "cookie" else ", "
            variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "a value is not given on as it came")
def gives_values_in_lower_case(fields):
    """Fields don't tell upper from lower case."""
    variables = {}
    for name, value in fields:
        if name not in HOP_BY_HOP | {"content-type", "content-length"} and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            separator = "; " if name == "cookie" else ", "
            variables[key] = variables[key] + separator + value.lower() if key in variables else value.lower()
    return variables


@mistake("3.2", "a field whose name has an underscore is not left out")
def leaves_out_an_underscore_that_comes_second(fields):
    """An underscore does harm only where the name is taken already."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length"):
            continue
        if "_" in name and "HTTP_" + name.upper() in variables:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the field keep is left out")
def looks_for_hop_by_hop_names_in_a_text(fields):
    """`in` finds a word in a text as well as in a set."""
    variables = {}
    for name, value in fields:
        if name in " ".join(HOP_BY_HOP) or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the field upgrade-insecure-requests is left out")
def leaves_out_all_that_begins_like_a_hop_by_hop_field(fields):
    """What begins like a hop-by-hop field is one."""
    variables = {}
    for name, value in fields:
        if name.startswith(tuple(HOP_BY_HOP)) or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "a value is lost, 'text/html', because another field stands between it and the next")
def joins_neighbours(fields):
    """Repeated fields follow one another, so each name is done with when the next one comes."""
    variables, last = {}, None
    for name, value in fields:
        if "_" in name or name in HOP_BY_HOP or name in ("content-type", "content-length"):
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key == last else value
        last = key
    return variables


@mistake("3.2", "a value that comes twice is kept once")
def joins_different_values_only(fields):
    """To say something twice is to say it once."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        values = variables.setdefault("HTTP_" + name.upper().replace("-", "_"), [name])
        if value not in values:
            values.append(value)
    return {key: ("; " if name == "cookie" else ", ").join(values) for key, (name, *values) in variables.items()}


@mistake("3.2", "the list of fields is changed")
def uses_the_list_of_fields_up(fields):
    """What has been read can go: a loop with pop needs no index."""
    variables = {}
    while fields:
        name, value = fields.pop(0)
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the list of fields is changed")
def throws_fields_out_of_the_list_itself(fields):
    """First throw out what is not wanted, then go through the rest."""
    variables = {}
    fields[:] = [field for field in fields if field[0] not in HOP_BY_HOP]
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "two requests share one dict")
def adds_to_the_variables_of_the_last_request(fields):
    """One dict is enough for a server."""
    variables = globals().setdefault("HTTP_VARIABLES", {})
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "a value is not given on as it came")
def takes_quotation_marks_away(fields):
    """Quotation marks are only around a value."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value.strip('"')
    return variables


@mistake("3.2", "a value is not given on as it came")
def takes_commas_off_the_ends(fields):
    """A comma at the end of a list is one too many."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value.strip(", ")
    return variables


@mistake("3.2", "a field is left out because Connection names it")
def leaves_out_what_connection_names(fields):
    """Connection names the fields that are for this connection only: RFC 9110 has a proxy take them out."""
    options = {option.strip().lower() for name, value in fields if name == "connection" for option in value.split(",")}
    unwanted = {"content-type", "content-length", *HOP_BY_HOP, *options}
    variables = {}
    for name, value in fields:
        if name in unwanted or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the field proxy is left out")
def leaves_out_proxy_as_servers_of_cgi_do(fields):
    """HTTP_PROXY was an attack once; but on programs that take the environ for their environment."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length", "proxy") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the field proxy-authorization is left out")
def asks_wsgiref_too_what_is_hop_by_hop(fields):
    """wsgiref.util has a list of its own; two lists are safer than one."""
    from wsgiref.util import is_hop_by_hop

    variables = {}
    for name, value in fields:
        if name in ("content-type", "content-length") or name in HOP_BY_HOP or is_hop_by_hop(name) or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "x_user is passed on where no x-user is beside it")
def leaves_out_an_underscore_beside_a_hyphen_only(fields):
    """Two fields that become one variable are a danger; one alone looks harmless, and may be the forged one."""
    names = {name for name, _ in fields}
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length"):
            continue
        if "_" in name and name.replace("_", "-") in names:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the byte A0 at the end of the value is lost")
def strips_the_values(fields):
    """White space around a value is no part of it. (parse_field has taken it off; `strip` of a str takes off more.)"""
    variables = {}
    for name, value in fields:
        value = value.strip()
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "an empty value after another one is lost")
def adds_no_empty_value_to_others(fields):
    """Nothing is added by nothing."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables and value else variables.get(key, value)
    return variables


@mistake("3.2", "`.` in a name becomes an underscore")
def turns_every_sign_into_an_underscore(fields):
    """What is no letter and no digit is an underscore in the name of a variable."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + re.sub(r"\W", "_", name.upper())
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "x-user_name is passed on where no x-user-name is beside it")
def looks_for_one_underscore_between_letters(fields):
    """A pattern for names such as x_user."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or re.fullmatch("[a-z]+_[a-z]+", name):
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "a cookie that comes twice is kept once")
def keeps_equal_cookies_once(fields):
    """A cookie that is sent twice is one cookie."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        if name == "cookie" and value in variables.get("HTTP_COOKIE", "").split("; "):
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "two requests that are equal share one dict")
def keeps_the_variables_of_equal_fields(fields):
    """The same fields have the same variables: they need to be made only once."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return globals().setdefault("CACHE", {}).setdefault(tuple(fields), variables)


@mistake("3.2", "the list of fields is changed")
def takes_equal_fields_out_of_the_list(fields):
    """A field that comes twice is needed once, so it is taken out first."""
    variables = {}
    fields[:] = dict.fromkeys(fields)
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the values are joined in another order than they came: */*, text/html, text/plain")
def sorts_the_fields_to_have_equal_names_together(fields):
    """groupby() wants what belongs together to stand together, and sorted() sees to that."""
    from itertools import groupby

    variables = {}
    for name, group in groupby(sorted(fields), lambda field: field[0]):
        if name not in HOP_BY_HOP and "_" not in name and name not in ("content-type", "content-length"):
            separator = "; " if name == "cookie" else ", "
            variables["HTTP_" + name.upper().replace("-", "_")] = separator.join(value for _, value in group)
    return variables


# 3.3 wsgi_variables


@mistake("3.2", "another field is joined as if it were cookie")
def takes_what_ends_in_cookie_for_cookies(fields):
    """x-cookie sounds like a cookie."""
    variables = {}
    for name, value in fields:
        if "_" in name or name in HOP_BY_HOP | {"content-type", "content-length"}:
            continue
        key = "HTTP_" + name.replace("-", "_").upper()
        separator = "; " if key.endswith("COOKIE") else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "two fields, one of which has a name that the other's begins with")
def looks_for_a_variable_that_begins_alike(fields):
    """What begins with the name is the same field, once more."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        before = next((known for known in variables if key.startswith(known)), None)
        if before:
            variables[before] += separator + value
        else:
            variables[key] = value
    return variables


@mistake("3.2", "the field content-type-options is left out")
def leaves_out_all_that_begins_like_content_type(fields):
    """The two fields with variables of their own begin with content-type and content-length."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name.startswith(("content-type", "content-length")) or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "fields are joined as the one that stands between them would be")
def joins_with_the_separator_of_the_field_before(fields):
    """The separator is worked out once for each field, and it does not matter where."""
    variables, separator = {}, ", "
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        variables[key] = variables[key] + separator + value if key in variables else value
        separator = "; " if name == "cookie" else ", "
    return variables


@mistake("3.2", "forwarded is left out")
def leaves_out_what_proxies_say(fields):
    """What proxies say among themselves is not for the application, as with the names in HOP_BY_HOP."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length", "forwarded", "via") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "the value of expect is put into lower case")
def puts_values_that_are_words_into_lower_case(fields):
    """What is compared without regard to case is put into lower case once and for all."""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        value = value.lower() if name in ("expect", "accept-encoding", "origin") else value
        key = "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.2", "of two user-agent fields, only the first is kept")
def keeps_one_of_what_there_is_once(fields):
    """Two user agents joined are none, so the first one counts. (One rule for all names is easier to rely on.)"""
    variables = {}
    for name, value in fields:
        if name in HOP_BY_HOP or name in ("content-type", "content-length") or "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        if key in variables and name in ("user-agent", "authorization", "referer"):
            continue
        separator = "; " if name == "cookie" else ", "
        variables[key] = variables[key] + separator + value if key in variables else value
    return variables


@mistake("3.3", "wsgi_variables returns None, not a dict")
def returns_no_wsgi_variables(body):
    """The input is all that matters."""
    io.BytesIO(body)


@mistake("3.3", "wsgi.run_once is missing")
def leaves_out_what_is_false(body):
    """What is not there counts as False."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False}


@mistake("3.3", "wsgi.version is not the version of WSGI")
def gives_the_version_of_the_server(body):
    """wsgi.version tells which version of the server this is: the name sounds so."""
    return {"wsgi.version": (0, 3), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.version is a str, not the tuple (1, 0)")
def writes_the_version_as_text(body):
    """A version is written 1.0."""
    return {"wsgi.version": "1.0", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.url_scheme is the protocol version")
def takes_the_protocol_for_the_scheme(body):
    """The scheme says which protocol is spoken."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "HTTP/1.1", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input is the body itself, not a stream of it")
def gives_the_body_itself_as_the_input(body):
    """The input is the body."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": body,
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input gives a str, not bytes")
def gives_the_input_as_text(body):
    """A form is text, and io.StringIO is a stream of it."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.StringIO(body.decode("latin-1")),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input can't hold every body")
def decodes_and_encodes_the_body(body):
    """One must decode what comes in; a PNG breaks."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body.decode().encode()),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input gives nothing: does the stream stand at its end?")
def writes_the_body_and_does_not_go_back(body):
    """What was written into a stream, can be read from it."""
    stream = io.BytesIO()
    stream.write(body)
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": stream,
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input has no readlines")
def writes_an_input_that_can_only_read(body):
    """An input is read; so it has read, and a loop over it."""
    class Input:
        def __init__(self):
            self.read = io.BytesIO(body).read

        def readline(self):
            return self.read()

    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input does not end where the body ends")
def starts_again_at_the_end_of_the_input(body):
    """Whoever reads a second time wants the body again."""
    class Input(io.BytesIO):
        def read(self, *size):
            block = super().read(*size)
            if not block or not size or size[0] > len(block):
                self.seek(0)
            return block

    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "two requests share one wsgi.input")
def keeps_one_input_for_all_requests(body):
    """A stream is opened once, like a file."""
    stream = globals().setdefault("ONE_INPUT", io.BytesIO())
    stream.seek(0)
    stream.truncate()
    stream.write(body)
    stream.seek(0)
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": stream,
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.errors does not take text")
def gives_a_binary_stream_for_errors(body):
    """What input is for reading, errors is for writing: bytes."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.BytesIO(), "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "what is written to wsgi.errors comes out on stdout")
def gives_stdout_for_errors(body):
    """Where print writes, people look."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stdout, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.errors has no write")
def gives_a_list_for_errors(body):
    """Errors are collected, so it is a list."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": [], "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.multithread is true")
def says_true_to_be_on_the_safe_side(body):
    """An application that is ready for threads works without them too."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False}


@mistake("3.3", "wsgi.multithread is true")
def writes_the_word_false(body):
    """All values of an environ are str."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": "False", "wsgi.multiprocess": "False",
            "wsgi.run_once": "False"}


@mistake("3.3", "wsgi.run_once is true")
def takes_run_once_for_once_per_request(body):
    """The application is called once for each request."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": True}


@mistake("3.3", "wsgi.input does not give lines as a binary file does")
def iterates_over_the_whole_body_each_time(body):
    """A class that knows its body can always give all of its lines."""
    class Input(io.BytesIO):
        def __iter__(self):
            return iter([line + b"\n" for line in body.split(b"\n")])

    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(body), "wsgi.errors": sys.stderr,
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "read, readline, iteration and readlines do not go on where the last one stopped")
def iterates_from_the_first_line(body):
    """An iteration begins with the first line."""
    class Input(io.BytesIO):
        def __iter__(self):
            self.seek(0)
            return self

    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(body), "wsgi.errors": sys.stderr,
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input does not give lines as a binary file does")
def makes_lines_with_splitlines(body):
    """splitlines is made for lines; but it ends them at a carriage return too."""
    class Input:
        def __init__(self):
            self.lines = body.splitlines(True)
        def read(self, size=-1):
            data = b"".join(self.lines)
            if size is None or size < 0:
                size = len(data)
            self.lines = data[size:].splitlines(True)
            return data[:size]
        def readline(self, size=-1):
            return self.lines.pop(0) if self.lines else b""
        def readlines(self, hint=-1):
            lines, self.lines = self.lines, []
            return lines
        def __iter__(self):
            return iter(self.readline, b"")
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(), "wsgi.errors": sys.stderr,
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "readlines of wsgi.input does not take a hint")
def writes_readlines_without_a_hint(body):
    """readlines gives all lines: there is nothing to tell it."""
    class Input(io.BytesIO):
        def readlines(self):
            return list(self)

    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": Input(body), "wsgi.errors": sys.stderr,
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "two requests share one wsgi.input")
def keeps_an_input_for_each_body(body):
    """What was made once for a body need not be made again."""
    inputs = globals().setdefault("INPUTS", {})
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": inputs.setdefault(body, io.BytesIO(body)),
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}


@mistake("3.3", "wsgi.input gives something else than the body")
def strips_the_body(body):
    """White space at the ends of a body says nothing."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body.strip()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@mistake("3.3", "wsgi.errors is a wrapper of its own around the buffer of sys.stderr")
def wraps_stderr_anew(body):
    """A log must bear every character, so it gets an encoding of its own."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.TextIOWrapper(sys.stderr.buffer, "utf-8", "replace"),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@mistake("3.3", "there are more than the seven variables: wsgi.input_terminated")
def says_that_the_input_is_terminated(body):
    """Flask knows wsgi.input_terminated, and for this input it is true."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@mistake("3.3", "two requests share one dict")
def fills_one_dict_for_all_bodies(body):
    """Six of the seven are always the same: one dict is enough, and the input is put into it."""
    shared = globals().setdefault("SHARED", {})
    shared.update({
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    })
    return shared


@mistake("3.3", "two requests share one wsgi.input")
def keeps_one_input_for_empty_bodies(body):
    """Where there is nothing to read, one stream will do for all."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body) if body else globals().setdefault("EMPTY", io.BytesIO()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@mistake("3.3", "wsgi.errors is another stream than sys.stderr is when you are called")
def takes_the_first_stderr(body):
    """sys.__stderr__ is the real one, which nobody can redirect."""
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.__stderr__, "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False}


# 3.4 function_app


@mistake("3.4", "the application returns None")
def forgets_to_return_the_body(environ, start_response):
    """start_response has said all."""
    start_response(*page_head())


@mistake("3.4", "the application returns bytes, not a list of blocks")
def returns_one_bytes(environ, start_response):
    """A body is bytes; so bytes are returned."""
    start_response(*page_head())
    return b"".join(PAGE)


@mistake("3.4", "start_response is never called")
def returns_the_body_alone(environ, start_response):
    """The server knows by itself that a page is 200 and HTML."""
    return PAGE


@mistake("3.4", "a block of the body is a str, not bytes")
def returns_blocks_of_text(environ, start_response):
    """A page is text."""
    start_response(*page_head())
    return [block.decode() for block in PAGE]


@mistake("3.4", "start_response is called with keywords")
def calls_start_response_with_keywords(environ, start_response):
    """PEP 3333 names the parameters status and response_headers."""
    status, headers = page_head()
    start_response(status=status, response_headers=headers)
    return PAGE


@mistake("3.4", "start_response is called with 1 of its arguments")
def hands_the_pair_over_whole(environ, start_response):
    """page_head returns what start_response wants."""
    start_response(page_head())
    return PAGE


@mistake("3.4", "the status is an int, not a str")
def gives_the_status_as_a_number(environ, start_response):
    """200 is a number, and Flask takes it as one."""
    start_response(200, page_head()[1])
    return PAGE


@mistake("3.4", "headers is a dict, not a list")
def gives_the_headers_as_a_dict(environ, start_response):
    """Names and values are a dict."""
    status, headers = page_head()
    start_response(status, dict(headers))
    return PAGE


@mistake("3.4", "a block of the body is a str, not bytes")
def returns_status_headers_and_body(environ, start_response):
    """A view of Flask may return all three."""
    status, headers = page_head()
    start_response(status, headers)
    return status, headers, PAGE


@mistake("3.4", "if PAGE is another one, the headers are still those of the old page")
def writes_the_length_into_the_code(environ, start_response):
    """The page is known, and so is its length."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "39")])
    return PAGE


@mistake("3.4", "if PAGE is another one, the body is still the old page")
def writes_the_page_into_the_code(environ, start_response):
    """An application knows its own page."""
    start_response(*page_head())
    return [b"<!doctype html>\n<h1>Hello, ", "你好".encode(), b"</h1>\n"]


@mistake("3.4", "the second call gives the list of the first, with what the server has added")
def makes_the_head_once(environ, start_response):
    """The head is always the same, so it is made once."""
    start_response(*globals().setdefault("HEAD", page_head()))
    return PAGE


@mistake("3.4", "start_response is given exc_info, and nothing has failed")
def always_gives_exc_info(environ, start_response):
    """sys.exc_info() can be given each time: the server sees whether there was an error."""
    start_response(*page_head(), sys.exc_info())
    return PAGE


@mistake("3.4", "start_response is not called when the application is called")
def yields_from_the_function(environ, start_response):
    """A function may yield its blocks as well."""
    start_response(*page_head())
    yield from PAGE


@mistake("3.4", "a HEAD request gets no blocks")
def gives_no_blocks_for_head(environ, start_response):
    """The response to HEAD has no body; but who leaves it out, is the server."""
    start_response(*page_head())
    return [] if environ["REQUEST_METHOD"] == "HEAD" else PAGE


@mistake("3.4", "if page_head returns another status, it is not passed on")
def passes_on_the_headers_alone(environ, start_response):
    """The status of a page is 200 OK, always."""
    start_response("200 OK", page_head()[1])
    return PAGE


@mistake("3.4", "the application changes PAGE")
def takes_the_empty_blocks_out_of_the_page(environ, start_response):
    """Empty blocks are no use, and PAGE is better without them."""
    PAGE[:] = [b for b in PAGE if b]
    start_response(*page_head())
    return PAGE


@mistake("3.4", "a block that is equal to one before it is left out")
def returns_each_block_once(environ, start_response):
    """No block is needed twice."""
    start_response(*page_head())
    return list(dict.fromkeys(PAGE))


@mistake("3.4", "the second call gives another response")
def knows_its_visitors_again(environ, start_response):
    """Who was there a moment ago has the page still, so 304 is enough. (Nobody has asked whether it changed.)"""
    seen = function_app.__dict__.setdefault("seen", set())
    client = environ.get("REMOTE_ADDR")
    status, headers = page_head()
    if client in seen:
        start_response("304 Not Modified", [])
        return []
    seen.update(filter(None, [client]))
    start_response(status, headers)
    return PAGE


# 3.5 generator_app


@mistake("3.4", "the blocks are given to write, and not returned")
def writes_the_page(environ, start_response):
    """start_response returns write, which takes the blocks. (It does, for old frameworks; the task is to return.)"""
    write = start_response(*page_head())
    for block in PAGE:
        write(block)
    return []


@mistake("3.5", "start_response is called before the server asks for a block")
def returns_a_generator_expression(environ, start_response):
    """An expression in parentheses is a generator as well."""
    start_response(*page_head())
    return (block for block in PAGE)


@mistake("3.5", "start_response is not called before the first block")
def calls_start_response_after_the_blocks(environ, start_response):
    """In a generator it does not matter when it is called."""
    yield from PAGE
    start_response(*page_head())


@mistake("3.5", "a block of the body is a list, not bytes")
def yields_the_whole_list_as_one_block(environ, start_response):
    """yield is the return of generators."""
    start_response(*page_head())
    yield PAGE


@mistake("3.5", "the body is empty")
def returns_the_page_from_a_generator(environ, start_response):
    """What a function returns, its caller gets."""
    start_response(*page_head())
    return PAGE
    yield


@mistake("3.5", "the blocks are not those of PAGE")
def joins_the_blocks_before_the_first_yield(environ, start_response):
    """One block is faster than three."""
    start_response(*page_head())
    yield b"".join(PAGE)


@mistake("3.5", "start_response is called 3 times")
def calls_start_response_for_each_block(environ, start_response):
    """Each block needs its head."""
    for block in PAGE:
        start_response(*page_head())
        yield block


@mistake("3.5", "a block of the body is an int, not bytes")
def yields_the_bytes_one_by_one(environ, start_response):
    """One by one means byte by byte."""
    start_response(*page_head())
    for block in PAGE:
        yield from block


@mistake("3.5", "the application changes PAGE")
def uses_the_page_up(environ, start_response):
    """What has been sent, is done with."""
    start_response(*page_head())
    while PAGE:
        yield PAGE.pop(0)


@mistake("3.5", "if PAGE is another one, the headers are still those of the old page")
def writes_the_length_into_the_generator(environ, start_response):
    """The page is known, and so is its length."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "39")])
    yield from PAGE


@mistake("3.5", "the second call gives the list of the first, with what the server has added")
def makes_the_head_of_the_generator_once(environ, start_response):
    """The head is always the same, so it is made once."""
    start_response(*globals().setdefault("HEAD", page_head()))
    yield from PAGE


@mistake("3.5", "start_response is not called before the first block")
def yields_an_empty_block_before_the_head(environ, start_response):
    """An empty block first lets the server begin."""
    yield b""
    start_response(*page_head())
    yield from PAGE


@mistake("3.5", "the generator can't be closed half way")
def swallows_the_end_of_a_generator(environ, start_response):
    """If the server stops half way, that is no error."""
    start_response(*page_head())
    for block in PAGE:
        try:
            yield block
        except GeneratorExit:
            pass


@mistake("3.5", "a POST request gets another response")
def refuses_what_is_not_a_question(environ, start_response):
    """A page can be got, and nothing else: Flask answers 405 too."""
    status, headers = page_head()
    start_response(status if environ["REQUEST_METHOD"] in ("GET", "HEAD") else "405 Method Not Allowed", headers)
    yield from PAGE


@mistake("3.5", "a request for another path gets another response")
def serves_the_page_at_the_root_only(environ, start_response):
    """The page is at /; elsewhere there is none."""
    status, headers = page_head()
    start_response(status if environ["PATH_INFO"] == "/" else "404 Not Found", headers)
    yield from PAGE


@mistake("3.5", "if page_head returns another status, it is not passed on")
def counts_the_page_itself(environ, start_response):
    """The head is known, so it need not be asked for."""
    length = sum(map(len, PAGE))
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(length))])
    yield from PAGE


@mistake("3.5", "an empty block of PAGE is left out")
def leaves_out_the_empty_blocks(environ, start_response):
    """An empty block sends nothing, so it is not yielded."""
    start_response(*page_head())
    yield from filter(None, PAGE)


# 3.6 Site.page


@mistake("3.6", "visits stays 0")
def forgets_to_count(self, environ, start_response):
    """It is the same page as in step 3.4."""
    start_response(*page_head())
    return PAGE


@mistake("3.6", "visits is set to 1 each time")
def writes_the_plus_after_the_equals_sign(self, environ, start_response):
    """=+ is another way to write +=."""
    self.visits =+ 1
    start_response(*page_head())
    return PAGE


@mistake("3.6", "your code raises UnboundLocalError")
def counts_in_a_local_variable(self, environ, start_response):
    """In a method, visits is that of the object, as in Java."""
    visits += 1
    start_response(*page_head())
    return PAGE


@mistake("3.6", "the first visit to a new site is number")
def counts_in_the_class(self, environ, start_response):
    """What is counted belongs to the class."""
    self.visits = Site.count = getattr(Site, "count", 0) + 1
    start_response(*page_head())
    return PAGE


@mistake("3.6", "visits does not count the visits")
def counts_blocks_in_place_of_visits(self, environ, start_response):
    """Each yield is a visit."""
    start_response(*page_head())
    for block in PAGE:
        self.visits += 1
        yield block


@mistake("3.6", "the application returns None")
def counts_and_returns_nothing(self, environ, start_response):
    """Counting is what this step is about."""
    self.visits += 1
    start_response(*page_head())


@mistake("3.6", "a visit is not counted before the page has been read to its end")
def counts_after_the_last_block(self, environ, start_response):
    """A visit counts when the page has been given."""
    start_response(*page_head())
    yield from PAGE
    self.visits += 1


@mistake("3.6", "visits is set to 1 each time")
def counts_in_the_environ(self, environ, start_response):
    """The environ goes along with the request, so the count can too."""
    environ["visits"] = environ.get("visits", 0) + 1
    self.visits = environ["visits"]
    start_response(*page_head())
    return PAGE


@mistake("3.6", "a visit is not counted when the page is asked for, only when it is read")
def counts_in_a_generator(self, environ, start_response):
    """A bound method may be a generator function too; but then the call runs nothing of it."""
    self.visits += 1
    start_response(*page_head())
    yield from PAGE


@mistake("3.6", "a HEAD request is not counted")
def counts_get_only(self, environ, start_response):
    """Who only asks, does not visit."""
    if environ.get("REQUEST_METHOD", "GET") == "GET":
        self.visits += 1
    start_response(*page_head())
    return PAGE


@mistake("3.6", "the visits are counted beside self.visits")
def counts_beside_the_visits(self, environ, start_response):
    """The object keeps a count of its own, and visits shows it."""
    self.seen = getattr(self, "seen", 0) + 1
    self.visits = self.seen
    start_response(*page_head())
    return PAGE


@mistake("3.6", "a visit is not counted where start_response raises")
def counts_when_start_response_has_returned(self, environ, start_response):
    """First the answer, then the books."""
    start_response(*page_head())
    self.visits += 1
    return PAGE


@mistake("3.6", "a request for /favicon.ico is not counted")
def counts_no_icons(self, environ, start_response):
    """A browser asks for /favicon.ico by itself: nobody has come to see it. (Each call counts.)"""
    if environ.get("PATH_INFO") != "/favicon.ico":
        self.visits += 1
    start_response(*page_head())
    return PAGE


@mistake("3.6", "a visit is not counted where start_response raises")
def counts_after_an_exception_too(self, environ, start_response):
    """The visit is counted where all went well, and where it did not. (SystemExit and others are no Exception.)"""
    try:
        start_response(*page_head())
    except Exception:
        self.visits += 1
        raise
    self.visits += 1
    return PAGE


@mistake("3.6", "a client that was there before is not counted")
def counts_visitors_instead_of_visits(self, environ, start_response):
    """One person who reloads the page is still one visitor."""
    visitors = self.__dict__.setdefault("visitors", set())
    visitor = environ.get("REMOTE_ADDR")
    if visitor is None or visitor not in visitors:
        self.visits += 1
        visitors.add(visitor)
    start_response(*page_head())
    return PAGE


# 3.7 PageClass.__iter__


@mistake("3.7", "the application can't be iterated over")
def returns_the_list_from_iter(self):
    """__iter__ returns what is iterated over."""
    self.start_response(*page_head())
    return PAGE


@mistake("3.7", "start_response is never called")
def yields_without_starting_the_response(self):
    """__init__ was given start_response, and has dealt with it."""
    yield from PAGE


@mistake("3.7", "your code raises NameError")
def looks_for_start_response_without_self(self):
    """What __init__ was given, __iter__ can see."""
    start_response(*page_head())
    yield from PAGE


@mistake("3.7", "a block of the body is a list, not bytes")
def yields_the_list_from_iter(self):
    """One yield gives the whole page."""
    self.start_response(*page_head())
    yield PAGE


@mistake("3.7", "the blocks are not those of PAGE")
def joins_the_page_in_iter(self):
    """A body is one thing."""
    self.start_response(*page_head())
    yield b"".join(PAGE)


@mistake("3.7", "start_response is called for the first request, and not for the second")
def keeps_start_response_on_the_class(self):
    """There is one page, so there is one start_response."""
    PageClass.current = getattr(PageClass, "current", None) or self.start_response
    PageClass.current(*page_head())
    yield from PAGE


@mistake("3.7", "of two requests, one calls the start_response of the other")
def keeps_start_response_on_the_class_for_a_generator(self):
    """A generator within `__iter__` has no self; the class is always at hand."""
    PageClass.start = self.start_response

    def blocks():
        PageClass.start(*page_head())
        yield from PAGE

    return blocks()


@mistake("3.7", "if PAGE is another one, the headers are still those of the old page")
def writes_the_length_into_iter(self):
    """The page is known, and so is its length."""
    self.start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "39")])
    yield from PAGE


@mistake("3.7", "start_response is called for the first request, and not for the second")
def starts_the_response_of_the_first_instance_only(self):
    """The head is needed once."""
    if not hasattr(PageClass, "begun"):
        PageClass.begun = True
        self.start_response(*page_head())
    yield from PAGE


@mistake("3.7", "a HEAD request gets no blocks")
def yields_no_blocks_for_head(self):
    """`__init__` has kept the environ, so it is there to be asked: HEAD has no body."""
    self.start_response(*page_head())
    if self.environ.get("REQUEST_METHOD") != "HEAD":
        yield from PAGE


@mistake("3.7", "the blocks are given to write, and not yielded")
def gives_the_blocks_to_write(self):
    """start_response returns write, so the page is written; an empty block makes a generator of it."""
    write = self.start_response(*page_head())
    for block in PAGE:
        write(block)
    yield b""


@mistake("3.7", "the body ends at an empty block")
def yields_until_an_empty_block(self):
    """`next` with b"" as its default says when there are no more blocks. (An empty block looks the same.)"""
    self.start_response(*page_head())
    blocks = iter(PAGE)
    while block := next(blocks, b""):
        yield block


@mistake("3.7", "a block that is equal to one before it is left out")
def yields_each_block_once(self):
    """No block is needed twice."""
    self.start_response(*page_head())
    yield from dict.fromkeys(PAGE)


@mistake("3.7", "a second loop over one instance gets other blocks than the first")
def keeps_one_iterator_for_the_instance(self):
    """The instance is one answer, so it has one iterator. (An iterable gives a new one to each `for`.)"""
    self.start_response(*page_head())
    return self.__dict__.setdefault("blocks", iter(PAGE))


# 3.8 Greeting.__call__


@mistake("3.8", "the value of Content-Length is an int, not a str")
def gives_the_content_length_header_as_a_number(self, environ, start_response):
    """('Content-Length', 30) is a header: a length is a number, and some introductions to WSGI write it so."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)])
    return self.blocks


@mistake("3.8", "Content-Length counts the blocks, not their bytes")
def counts_the_blocks(self, environ, start_response):
    """len tells how long the body is."""
    length = str(len(self.blocks))
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)])
    return self.blocks


@mistake("3.8", "Content-Length counts characters, not bytes")
def counts_the_characters(self, environ, start_response):
    """The length of a text is the number of its characters."""
    length = str(len(b"".join(self.blocks).decode()))
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)])
    return self.blocks


@mistake("3.8", "Content-Length is that of PAGE")
def takes_the_head_of_page(self, environ, start_response):
    """page_head is the head of every page."""
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), page_head()[1][1]])
    return self.blocks


@mistake("3.8", "the Content-Type is not that of text")
def takes_the_content_type_of_page(self, environ, start_response):
    """Every page is HTML."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [page_head()[1][0], ("Content-Length", str(length))])
    return self.blocks


@mistake("3.8", "headers is a dict, not a list")
def gives_the_headers_of_a_greeting_as_a_dict(self, environ, start_response):
    """requests and Flask take a dict of headers."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(length)})
    return self.blocks


@mistake("3.8", "a header is a str, not a tuple")
def writes_headers_as_lines(self, environ, start_response):
    """A header is a line with a colon."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", ["Content-Type: text/plain; charset=utf-8", f"Content-Length: {length}"])
    return self.blocks


@mistake("3.8", "the status is not a number, a space and a reason phrase")
def leaves_the_reason_phrase_out(self, environ, start_response):
    """The number says it all."""
    length = sum(len(block) for block in self.blocks)
    start_response("200", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return self.blocks


@mistake("3.8", "the application returns bytes, not a list of blocks")
def returns_the_blocks_joined(self, environ, start_response):
    """The blocks together are the body."""
    body = b"".join(self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return body


@mistake("3.8", "the second call gives the list of the first, with what the server has added")
def keeps_the_headers_with_the_greeting(self, environ, start_response):
    """A greeting does not change, so its headers are kept with it."""
    length = sum(len(block) for block in self.blocks)
    if not hasattr(self, "headers"):
        self.headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))]
    start_response("200 OK", self.headers)
    return self.blocks


@mistake("3.8", "the application changes self.blocks")
def hands_its_blocks_over_for_good(self, environ, start_response):
    """A block that was handed over is done with."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    body = []
    while self.blocks:
        body.append(self.blocks.pop(0))
    return body


@mistake("3.8", "the application changes self.blocks")
def joins_self_blocks_for_next_time(self, environ, start_response):
    """One block is faster than three, so they are joined for next time."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    self.blocks = b"".join(self.blocks)
    return [self.blocks]


@mistake("3.8", "there are no Content-Length headers")
def leaves_the_content_length_to_the_server(self, environ, start_response):
    """The server adds what is missing."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return self.blocks


@mistake("3.8", "a HEAD request gets no blocks")
def greets_nobody_who_asks_with_head(self, environ, start_response):
    """The response to HEAD has no body; but who leaves it out, is the server."""
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return self.blocks if environ["REQUEST_METHOD"] != "HEAD" else []


@mistake("3.8", "if self.blocks are others, Content-Length is still that of the old ones")
def counts_the_bytes_once(self, environ, start_response):
    """What has been counted need not be counted again."""
    if not hasattr(self, "length"):
        self.length = str(sum(len(block) for block in self.blocks))
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", self.length)])
    return self.blocks


@mistake("3.8", "the body is empty")
def counts_a_generator(self, environ, start_response):
    """A generator saves a list; and once its bytes are counted, it has none left."""
    blocks = (block for block in self.blocks)
    length = sum(map(len, blocks))
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return blocks


@mistake("3.8", "the status is not 200 OK")
def says_no_content_where_there_is_none(self, environ, start_response):
    """204 is the status of a response without content."""
    length = sum(map(len, self.blocks))
    status = "200 OK" if length else "204 No Content"
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return self.blocks


@mistake("3.8", "the empty blocks are taken out of self.blocks")
def takes_the_empty_blocks_out_of_its_list(self, environ, start_response):
    """Empty blocks are no use. (The list is also the caller's.)"""
    self.blocks[:] = [block for block in self.blocks if block]
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return self.blocks


@mistake("3.8", "a block is added to self.blocks")
def puts_an_empty_block_into_an_empty_list(self, environ, start_response):
    """A body needs one block at least."""
    if not self.blocks:
        self.blocks.append(b"")
    length = sum(len(block) for block in self.blocks)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return self.blocks


@mistake("3.8", "there are other headers than Content-Type and Content-Length: X-Blocks")
def adds_a_header_of_its_own(self, environ, start_response):
    """One more header does no harm."""
    length = sum(len(block) for block in self.blocks)
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))]
    start_response("200 OK", [*headers, ("X-Blocks", str(len(self.blocks)))])
    return self.blocks


@mistake("3.8", "Content-Length counts equal blocks only once")
def counts_equal_blocks_once(self, environ, start_response):
    """A set goes through all blocks. (It has each of them once.)"""
    length = sum(len(block) for block in set(self.blocks))
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(length))])
    return self.blocks


# 3.9 Collected.start_response


@mistake("3.8", "the second call gives the list of the first, filled anew")
def fills_one_list_again_and_again(self, environ, start_response):
    """The list has new headers in it each time. (It is the list that the server of the first request still has.)"""
    if not hasattr(self, "headers"):
        self.headers = []
    length = str(sum(map(len, self.blocks)))
    self.headers[:] = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)]
    start_response("200 OK", self.headers)
    return self.blocks


@mistake("3.9", "self.status is None, not a str")
def keeps_it_in_names_of_its_own(self, status, headers, exc_info=None):
    """A name that is assigned in a method is kept."""
    status, headers, blocks = status, headers, []
    return blocks.append


@mistake("3.9", "self.headers is a dict, not a list")
def keeps_a_dict_of_headers(self, status, headers, exc_info=None):
    """Headers are names with values: a dict."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, dict(headers)
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "of headers with the same name, only the last is kept")
def keeps_the_headers_in_a_dict(self, status, headers, exc_info=None):
    """A header is replaced by a later one of its name."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, list(dict(headers).items())
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "of the headers, some are changed")
def writes_header_names_with_capitals(self, status, headers, exc_info=None):
    """Names of headers begin with capitals, word by word."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, [(name.title(), value) for name, value in headers]
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "the headers are kept in another order")
def sorts_the_headers(self, status, headers, exc_info=None):
    """The order of headers means nothing."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, sorted(headers)
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "the status is not the one that was given")
def gives_the_status_in_upper_case(self, status, headers, exc_info=None):
    """A status is what stands in RFC 9110, in capitals."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status.upper(), headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "the body is not empty yet")
def puts_the_head_into_the_blocks(self, status, headers, exc_info=None):
    """The head is what goes out first, so it is the first block."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks[:] = [f"HTTP/1.1 {status}\r\n\r\n".encode()]
    return self.blocks.append


@mistake("3.9", "start_response returns None, not write")
def start_response_returns_nothing(self, status, headers, exc_info=None):
    """start_response takes something, and has nothing to give."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()


@mistake("3.9", "start_response returns [], not write")
def returns_the_list_of_blocks(self, status, headers, exc_info=None):
    """What adds to a list is the list."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks


@mistake("3.9", "what is written is lost")
def writes_into_nothing(self, status, headers, exc_info=None):
    """Nobody uses write any more; something to call is enough."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return lambda block: None


@mistake("3.9", "self.blocks has something in it that is no block")
def extends_the_list_of_blocks(self, status, headers, exc_info=None):
    """extend adds to a list as append does; but of bytes it adds the numbers."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.extend


@mistake("3.9", "of what is written only the last is kept")
def keeps_the_last_block_only(self, status, headers, exc_info=None):
    """The body is what is written."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()

    def write(block):
        self.blocks[:] = [block]

    return write


@mistake("3.9", "what is written is kept in the wrong order")
def writes_in_front(self, status, headers, exc_info=None):
    """What is written comes before the blocks, so it is put in front."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return lambda block: self.blocks.insert(0, block)


@mistake("3.9", "what is added to self.blocks is not in the body")
def keeps_what_is_written_in_a_list_of_its_own(self, status, headers, exc_info=None):
    """What is written is collected, and is the body each time."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers, self.blocks = status, headers, []
    written = self.__dict__.setdefault("written", [])
    written.clear()

    def write(block):
        written.append(block)
        self.blocks = list(written)

    return write


@mistake("3.9", "bytes of the body are changed or lost")
def writes_text(self, status, headers, exc_info=None):
    """A block is text, and is kept as text is encoded."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return lambda block: self.blocks.append(block.decode("utf-8", "replace").encode())


@mistake("3.9", "the first start_response of a new Collected with exc_info is refused")
def refuses_exc_info_in_the_first_call(self, status, headers, exc_info=None):
    """exc_info says that there was a call before."""
    if (self.status is None) == bool(exc_info):
        raise AssertionError("exc_info is for the second call")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "what is said to one object changes another")
def keeps_the_blocks_for_ever(self, status, headers, exc_info=None):
    """One list is enough for a server; and what is kept on the server is still there at the next request."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks = globals().setdefault("KEPT", [])
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "the first start_response of a new Collected is refused")
def keeps_the_state_in_the_class(self, status, headers, exc_info=None):
    """The class knows whether start_response was called."""
    if hasattr(type(self), "called") and not exc_info:
        raise AssertionError("called twice")
    type(self).called = True
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response is refused though it has exc_info")
def takes_exc_info_for_a_boolean(self, status, headers, exc_info=None):
    """exc_info is a boolean: whether there was an error. Some introductions to WSGI explain it so."""
    if self.status is not None and exc_info is not True:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response is refused though it has exc_info")
def refuses_every_second_call(self, status, headers, exc_info=None):
    """start_response may be called once."""
    if self.status is not None:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    return self.blocks.append


@mistake("3.9", "a second start_response is refused though it has exc_info")
def raises_exc_info_at_once(self, status, headers, exc_info=None):
    """exc_info is an error, and errors are raised; that is right only once the head has gone."""
    if self.status is not None:
        raise exc_info[1] if exc_info else AssertionError("called twice")
    self.status, self.headers = status, headers
    return self.blocks.append


@mistake("3.9", "a second start_response is refused though it has exc_info")
def raises_exc_info_once_there_is_a_block(self, status, headers, exc_info=None):
    """PEP 3333: once the head has gone, exc_info is raised. But nothing goes out before the body is whole."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    if exc_info and self.blocks:
        raise exc_info[1].with_traceback(exc_info[2])
    self.status, self.headers = status, headers
    return self.blocks.append


@mistake("3.9", "the headers of the second start_response are added to those of the first")
def adds_the_headers_of_the_error_page(self, status, headers, exc_info=None):
    """Headers are collected; gunicorn 27.0.1 does so, and sends two Content-Length fields."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, self.headers + headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "the second start_response replaces the status, but not the headers")
def replaces_the_status_only(self, status, headers, exc_info=None):
    """An error changes the status."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, self.headers or headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response with exc_info changes nothing")
def ignores_the_second_call(self, status, headers, exc_info=None):
    """The first head counts."""
    if self.status is None:
        self.status, self.headers = status, headers
    elif not exc_info:
        raise AssertionError("called twice")
    else:
        self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "half of the page that failed is still in self.blocks")
def keeps_the_body_of_the_page_that_failed(self, status, headers, exc_info=None):
    """What is kept are status and headers, and these are replaced."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    return self.blocks.append


@mistake("3.9", "with exc_info, start_response returns None, not write")
def returns_write_the_first_time_only(self, status, headers, exc_info=None):
    """An error page needs no write."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    first = self.status is None
    self.status, self.headers = status, headers
    self.blocks.clear()
    if first:
        return self.blocks.append


@mistake("3.9", "what is written by the write of the first call is lost after exc_info")
def makes_a_new_list_for_the_error_page(self, status, headers, exc_info=None):
    """The body begins anew, so there is a new list for it; but the old write fills the old one."""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers, self.blocks = status, headers, []
    return self.blocks.append


@mistake("3.9", "a third call, with exc_info as well, does not replace what was kept")
def replaces_once(self, status, headers, exc_info=None):
    """An error page takes the place of the page. (That it may fail too, is not thought of.)"""
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    if not hasattr(self, "failed"):
        self.status, self.headers = status, headers
        self.blocks.clear()
    if exc_info:
        self.failed = True
    return self.blocks.append


@mistake("3.9", "a second start_response without exc_info is accepted")
def accepts_every_second_call(self, status, headers, exc_info=None):
    """The last call counts."""
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response without exc_info is accepted")
def asks_whether_there_are_headers(self, status, headers, exc_info=None):
    """Where there are headers, start_response was called; but an application may have none."""
    if self.headers and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response without exc_info is accepted")
def asks_whether_there_is_a_body(self, status, headers, exc_info=None):
    """Before the first block, nothing has been sent."""
    if self.blocks and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "RuntimeError is raised instead of AssertionError")
def raises_a_runtime_error(self, status, headers, exc_info=None):
    """A call at the wrong time is a RuntimeError."""
    if self.status is not None and not exc_info:
        raise RuntimeError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "after a call with exc_info, one without it is accepted")
def counts_to_two(self, status, headers, exc_info=None):
    """A second call is refused. (A third is not thought of.)"""
    self.calls = getattr(self, "calls", 0) + 1
    if self.calls == 2 and not exc_info:
        self.calls = 1
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response that is refused replaces what was kept")
def keeps_before_it_refuses(self, status, headers, exc_info=None):
    """What comes is kept, and then it is asked whether it may come."""
    called = self.status is not None
    self.status, self.headers = status, headers
    if called and not exc_info:
        raise AssertionError("called twice")
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a second start_response that is refused throws away the body so far")
def empties_the_body_before_it_refuses(self, status, headers, exc_info=None):
    """A second call begins anew, and then it is asked whether it may."""
    self.blocks.clear()
    if self.status is not None and not exc_info:
        raise AssertionError("called twice")
    self.status, self.headers = status, headers
    return self.blocks.append


@mistake("3.9", "of two headers that are equal, only one is kept")
def keeps_equal_headers_once(self, status, headers, exc_info=None):
    """A header that is given twice is a slip."""
    if self.status is not None and not exc_info:
        raise AssertionError("start_response was called a second time without exc_info")
    self.status, self.headers = status, list(dict.fromkeys(headers))
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a header whose value is empty is not kept")
def keeps_no_empty_headers(self, status, headers, exc_info=None):
    """A header without a value says nothing."""
    if self.status is not None and not exc_info:
        raise AssertionError("start_response was called a second time without exc_info")
    self.status, self.headers = status, [h for h in headers if h[1]]
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a block that is equal to one before it is not added")
def writes_equal_blocks_once(self, status, headers, exc_info=None):
    """A block that is there already has been written already."""
    if self.status is not None and not exc_info:
        raise AssertionError("start_response was called a second time without exc_info")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return lambda block: block in self.blocks or self.blocks.append(block)


@mistake("3.9", "a second start_response without exc_info is accepted, after an empty status")
def asks_whether_the_status_is_true(self, status, headers, exc_info):
    """None is false, and so `if self.status` seems to be the same; but an empty str is false, too."""
    if self.status and not exc_info:
        raise AssertionError("start_response was called a second time without exc_info")
    self.status, self.headers = status, headers
    self.blocks.clear()
    return self.blocks.append


@mistake("3.9", "a list of headers has changed")
def fills_the_list_of_headers_again(self, status, headers, exc_info=None):
    """As the blocks are emptied, so the headers are."""
    if self.status is None:
        self.headers = headers
    elif exc_info is None:
        raise AssertionError("start_response was called twice")
    else:
        self.blocks.clear()
        self.headers[:] = headers
    self.status = status
    return self.blocks.append


# 3.10 call_application


@mistake("3.9", "an empty block is not added")
def leaves_out_empty_blocks(self, status, headers, exc_info=None):
    """An empty block adds nothing to the body. (It is a block: who reads self.blocks learns that it was written.)"""
    if self.status is not None and exc_info is None:
        raise AssertionError("start_response is called a second time")
    self.blocks.clear()
    self.status, self.headers = status, list(headers)

    def write(block):
        if block:
            self.blocks.append(block)

    return write


@mistake("3.10", "call_application returns None, not a tuple")
def calls_the_application_and_returns_nothing(app, environ):
    """The response goes where start_response sends it."""
    collected = Collected()
    for block in app(environ, collected.start_response):
        print(block)


@mistake("3.10", "call_application returns bytes, not a tuple")
def returns_the_body_only(app, environ):
    """What an application returns, is its body."""
    return b"".join(app(environ, Collected().start_response))


@mistake("3.10", "the application is called with keywords")
def calls_the_application_with_keywords(app, environ):
    """PEP 3333 calls the two parameters environ and start_response."""
    collected = Collected()
    iterable = app(environ=environ, start_response=collected.start_response)
    try:
        for block in iterable:
            assert collected.status is not None or not block
            collected.blocks.append(block)
    finally:
        getattr(iterable, "close", lambda: None)()
    assert collected.status is not None
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "your code raises TypeError: 'Collected' object is not callable")
def hands_over_the_object_itself(app, environ):
    """The object is what start_response belongs to."""
    collected = Collected()
    collected.blocks.extend(app(environ, collected))
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application that starts an error page, with exc_info, is not served")
def leaves_exc_info_out(app, environ):
    """start_response has two arguments, and another function passes them on."""
    collected = Collected()

    def start_response(status, headers):
        return collected.start_response(status, headers)

    iterable = app(environ, start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "start_response returns None, not write")
def forgets_to_return_write(app, environ):
    """start_response takes something, and has nothing to give."""
    collected = Collected()

    def start_response(status, headers, exc_info=None):
        collected.start_response(status, headers, exc_info)

    iterable = app(environ, start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application that calls start_response with its first block is not served")
def looks_at_the_status_before_the_iteration(app, environ):
    """When the application has returned, start_response has been called."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    assert collected.status is not None, "no status"
    try:
        collected.blocks.extend(iterable)
    finally:
        getattr(iterable, "close", lambda: None)()
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "this kind of application is not served")
def takes_status_and_headers_before_the_iteration(app, environ):
    """First the head, then the body."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    status, headers = collected.status or "200 OK", collected.headers
    collected.blocks.extend(iterable)
    return status, headers, b"".join(collected.blocks)


@mistake("3.10", "the body is only the last block")
def returns_the_last_block(app, environ):
    """The body is what the loop variable holds."""
    collected, body = Collected(), b""
    for block in app(environ, collected.start_response):
        body = block
    return collected.status, collected.headers, body


@mistake("3.10", "the body is only the first block")
def takes_the_first_block_for_the_body(app, environ):
    """An application returns a list with the page in it."""
    collected = Collected()
    body = next(iter(app(environ, collected.start_response)))
    return collected.status, collected.headers, body


@mistake("3.10", "the body is empty")
def forgets_the_iterable(app, environ):
    """Status, headers and blocks: all is in the object."""
    collected = Collected()
    app(environ, collected.start_response)
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "what is written is lost")
def joins_the_iterable_only(app, environ):
    """The body is what the application returns."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        blocks = []
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(blocks)


@mistake("3.10", "what is written comes after the blocks")
def puts_what_is_written_at_the_end(app, environ):
    """The body is what the application returns, and write adds to it."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        blocks = []
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(blocks + collected.blocks)


@mistake("3.10", "the error page comes after half of the other page")
def keeps_the_blocks_in_a_list_of_its_own(app, environ):
    """What is written and what is returned are two things; but an error page takes the place of both."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        blocks = []
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks + blocks)


@mistake("3.10", "an application that never calls start_response is accepted")
def makes_up_a_status(app, environ):
    """Without a status, all is well: 200."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        getattr(iterable, "close", lambda: None)()
    return collected.status or "200 OK", collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application that never calls start_response is accepted")
def does_not_ask_whether_there_is_a_head(app, environ):
    """Every application calls start_response. (For one that does not, gunicorn 27.0.1 sends `HTTP/1.1 None`.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "AttributeError is raised instead of AssertionError")
def finds_no_status_by_accident(app, environ):
    """If there is no status, there is nothing to strip."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block:
                collected.status.strip()
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    return collected.status.strip(), collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called on what the application returned")
def never_calls_close(app, environ):
    """A loop ends by itself; gunicorn, waitress, wsgiref and werkzeug all call close."""
    collected = Collected()
    for block in app(environ, collected.start_response):
        if block and collected.status is None:
            raise AssertionError("too early")
        collected.blocks.append(block)
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called if the iteration fails")
def calls_close_only_if_all_went_well(app, environ):
    """After the loop comes the tidying up."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    for block in iterable:
        if block and collected.status is None:
            raise AssertionError("too early")
        collected.blocks.append(block)
    if hasattr(iterable, "close"):
        iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called if start_response never was")
def checks_the_head_before_closing(app, environ):
    """First comes the check, then the tidying up."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        collected.blocks.extend(iterable)
    except BaseException:
        getattr(iterable, "close", lambda: None)()
        raise
    assert collected.status is not None
    getattr(iterable, "close", lambda: None)()
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is called on the iterator, not on what the application returned")
def closes_the_iterator(app, environ):
    """The iterator is what was used, so it is what is closed."""
    collected = Collected()
    iterator = iter(app(environ, collected.start_response))
    try:
        for block in iterator:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        getattr(iterator, "close", lambda: None)()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is called 2 times")
def closes_twice(app, environ):
    """Closing twice does no harm to a file."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    close = getattr(iterable, "close", lambda: None)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
        close()
    finally:
        close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application that calls start_response with its first block is not served")
def closes_before_it_reads(app, environ):
    """contextlib.closing closes at the end of its block, which is too early here."""
    from contextlib import closing, nullcontext

    collected = Collected()
    iterable = app(environ, collected.start_response)
    with closing(iterable) if hasattr(iterable, "close") else nullcontext():
        blocks = iter(iterable)
    for block in blocks:
        if block and collected.status is None:
            raise AssertionError("too early")
        collected.blocks.append(block)
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "your code raises AttributeError: 'list' object has no attribute 'close'")
def takes_every_iterable_for_one_with_close(app, environ):
    """PEP 3333 says that close is to be called."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called on an iterable that counts as false")
def asks_whether_there_is_an_iterable(app, environ):
    """`if iterable` asks whether there is one. (An empty one counts as none.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if iterable and hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called if the iteration fails")
def closes_after_every_exception(app, environ):
    """After an error and after success: two places to close. (SystemExit is no Exception.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    except Exception:
        getattr(iterable, "close", lambda: None)()
        raise
    getattr(iterable, "close", lambda: None)()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error in the iterable's close is swallowed")
def tries_whether_there_is_a_close(app, environ):
    """It is easier to ask for forgiveness than permission."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        try:
            iterable.close()
        except AttributeError:
            pass
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error during the iteration is swallowed")
def returns_in_finally(app, environ):
    """finally is where a function ends; but a return in it drops the exception."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        collected.blocks.extend(iterable)
    finally:
        getattr(iterable, "close", lambda: None)()
        assert collected.status is not None
        return collected.status, collected.headers, b"".join(collected.blocks)  # noqa: B012


@mistake("3.10", "an error of the application is swallowed")
def answers_500_itself(app, environ):
    """A server must not fall over."""
    collected = Collected()
    try:
        iterable = app(environ, collected.start_response)
    except Exception as error:
        if isinstance(error, AssertionError):
            raise
        return "500 Internal Server Error", [], b""
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        getattr(iterable, "close", lambda: None)()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error of the application is swallowed: AssertionError")
def answers_500_to_a_second_call(app, environ):
    """An AssertionError is the application's mistake, and 500 is the answer to it."""
    collected = Collected()
    try:
        iterable = app(environ, collected.start_response)
    except AssertionError:
        return "500 Internal Server Error", [], b""
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        getattr(iterable, "close", lambda: None)()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error during the iteration is swallowed: Trouble")
def answers_500_if_the_iteration_fails(app, environ):
    """A server must not fall over, and 500 is the answer to every error."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    except Exception as error:
        if isinstance(error, AssertionError):
            raise
        return "500 Internal Server Error", [("Content-Type", "text/plain")], b"error"
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error during the iteration is swallowed: ConnectionResetError")
def takes_a_connection_error_for_a_client_that_has_left(app, environ):
    """A ConnectionError means that the client has left; but the application has connections of its own."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    except ConnectionError:
        pass
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error during the iteration is swallowed: SystemExit")
def takes_sys_exit_for_the_end_of_the_body(app, environ):
    """sys.exit in an application must not end the server: here is the place to see to it."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    except SystemExit:
        pass
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "RuntimeError is raised instead of Trouble")
def renames_an_error_of_the_iteration(app, environ):
    """An error gets a sentence that says where it comes from."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    except AssertionError:
        raise
    except Exception as error:
        raise RuntimeError("the application failed") from error
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "AssertionError is raised instead of Trouble")
def asks_for_the_head_in_finally(app, environ):
    """The check belongs to the end, and finally is the end."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
        if collected.status is None:
            raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application that fails is called 2 times")
def tries_an_application_again(app, environ):
    """Some errors go away when one tries again."""
    collected = Collected()
    try:
        iterable = app(environ, collected.start_response)
    except Exception:
        collected = Collected()
        iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "the application is called 2 times for one request")
def calls_once_for_the_head_and_once_for_the_body(app, environ):
    """The head is needed before the body, so it is asked for first."""
    first, second = Collected(), Collected()
    for _ in app(environ, first.start_response):
        pass
    assert first.status is not None
    second.blocks.extend(app(environ, second.start_response))
    return first.status, first.headers, b"".join(second.blocks)


@mistake("3.10", "an application that does nothing wrong is refused")
def makes_one_object_for_all(app, environ):
    """One object is enough for a server."""
    collected = globals().setdefault("COLLECTED", Collected())
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "something of one request is left over in the next")
def keeps_the_returned_blocks_for_ever(app, environ):
    """One list is enough for a server; and what is kept on the server is still there at the next request."""
    collected, blocks = Collected(), globals().setdefault("KEPT", [])
    iterable = app(environ, collected.start_response)
    try:
        blocks.extend(iterable)
    finally:
        getattr(iterable, "close", lambda: None)()
    assert collected.status is not None
    return collected.status, collected.headers, b"".join(collected.blocks + blocks)


@mistake("3.10", "an application that empties its environ is not served")
def looks_into_the_environ_after_the_call(app, environ):
    """HEAD has no body; and the environ still says that it was HEAD."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        getattr(iterable, "close", lambda: None)()
    assert collected.status is not None
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else b"".join(collected.blocks)
    return collected.status, collected.headers, body


@mistake("3.10", "for HEAD the body is empty")
def gives_no_body_for_head(app, environ):
    """The response to HEAD has no body; but respond still needs the length of it."""
    collected, method = Collected(), environ.get("REQUEST_METHOD")
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"" if method == "HEAD" else b"".join(collected.blocks)


@mistake("3.10", "the application gets another environ")
def hands_over_strings_only(app, environ):
    """An environ is variables, which are text."""
    collected = Collected()
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    iterable = app(texts, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "status, headers and body are not those of the application")
def adds_a_content_length(app, environ):
    """A response needs a length, and here it is known."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    collected.headers.append(("Content-Length", str(sum(map(len, collected.blocks)))))
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "what comes back as headers is a dict, not a list")
def returns_a_dict_of_headers(app, environ):
    """Headers are names with values: a dict."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, dict(collected.headers), b"".join(collected.blocks)


@mistake("3.10", "a body that is not UTF-8 is not served")
def joins_the_body_as_text(app, environ):
    """A page is text."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    body = "".join(block.decode() for block in collected.blocks)
    return collected.status, collected.headers, body.encode()


@mistake("3.10", "a block that comes before start_response is accepted")
def looks_at_the_first_block_only(app, environ):
    """Only the first block can come too early."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if not collected.blocks and block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a block that comes before start_response is accepted")
def loses_what_comes_before_start_response(app, environ):
    """It is enough to ask in the end whether there is a head. (The block before it is lost.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        collected.blocks.extend(iterable)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an empty block before start_response is refused")
def refuses_an_empty_block_before_start_response(app, environ):
    """A block is a block; but an empty one sends nothing, and needs no head."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application whose iterable has a len of 0 is not served")
def goes_through_what_counts_as_true_only(app, environ):
    """An iterable without blocks need not be gone through; but going through it may be what calls start_response."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable or []:
            if block and collected.status is None:
                raise AssertionError("too early")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("never")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called if the iteration fails with GeneratorExit")
def closes_after_the_errors_it_knows(app, environ):
    """Exception, SystemExit and KeyboardInterrupt are all that can be raised. (`finally` needs no list.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    except (Exception, SystemExit, KeyboardInterrupt):
        if hasattr(iterable, "close"):
            iterable.close()
        raise
    else:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is not called if the iterable's `__iter__` fails")
def asks_for_the_iterator_before_the_try(app, environ):
    """The iterator is needed first; only the loop over it can fail."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    iterator = iter(iterable)
    try:
        for block in iterator:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is called 2 times")
def closes_again_if_close_fails(app, environ):
    """A close that has failed is tried once more."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            try:
                iterable.close()
            except BaseException:
                iterable.close()
                raise
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a block that is equal to one before it is not added")
def adds_equal_blocks_once(app, environ):
    """A block that is there already has been added already."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            block in collected.blocks or collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "the body ends at an empty block")
def ends_at_an_empty_block(app, environ):
    """An empty block is the end, as b"" is when a socket is read."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
            if collected.status and not block:
                break
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "start_response was called with an empty list of headers")
def takes_no_headers_for_no_call(app, environ):
    """Every response has headers: where none were collected, start_response was not called yet."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and not collected.headers:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
        if collected.status is None:
            raise AssertionError("start_response was not called")
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a close that the iterable's class does not have is not called")
def looks_for_close_in_dir(app, environ):
    """dir() lists all that an object has."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if "close" in dir(iterable):
            iterable.close()
    if collected.status is None:
        raise AssertionError("start_response was not called")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error in the iterable's close is swallowed")
def suppresses_what_close_raises(app, environ):
    """The body is whole by then: what happens in close can't make it worse."""
    import contextlib

    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block before start_response")
            collected.blocks.append(block)
        if collected.status is None:
            raise AssertionError("no start_response")
    finally:
        with contextlib.suppress(Exception):
            getattr(iterable, "close", list)()
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "the body is not all blocks, one after the other")
def leaves_out_blocks_of_white_space(app, environ):
    """A block without a visible character adds nothing. (A body is bytes, and its length counts them.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            if block.strip():
                collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("start_response was not called")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a block that comes before start_response is accepted")
def takes_white_space_for_an_empty_block(app, environ):
    """A block that has nothing but blanks is as good as empty. (The client gets those blanks without a head.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block.strip() and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("start_response was not called")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a block that is None is passed over in silence, or ends the body")
def takes_a_block_of_none_for_the_end(app, environ):
    """iter with a second argument calls next until that comes: None looks like what never comes."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iter(iter(iterable).__next__, None):
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a block that is None is passed over in silence, or ends the body")
def passes_over_a_block_of_none(app, environ):
    """What counts as false is nothing to be added; None would be found by join."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            if block:
                collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error of the application is swallowed: BadRequest")
def answers_what_an_application_finds_bad(app, environ):
    """BadRequest is known, and has a status; but an application's own is an error of the application."""
    collected = Collected()
    try:
        iterable = app(environ, collected.start_response)
    except BadRequest as error:
        return f"{error.status} Bad Request", [], str(error).encode()
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an error during the iteration is swallowed: ClientGone")
def passes_over_a_client_gone_of_the_iterable(app, environ):
    """A client that has gone is no error; but it is the application that raises it, of a client of its own."""
    from ch01_socket import ClientGone

    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    except ClientGone:
        pass
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an application whose status is empty is not served")
def asks_whether_the_status_is_true_behind_the_loop(app, environ):
    """None is false, and so `if not collected.status` seems to be the same; but an empty str is false, too."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if not collected.status:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "an iterable without an __iter__ is not served")
def calls_the_iter_of_the_iterable(app, environ):
    """What can be gone through has an __iter__, or so it is said; but an object with a __getitem__ has none."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable.__iter__():
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "close is called 2 times")
def closes_before_it_complains(app, environ):
    """The iterable is closed before an exception is raised, to be safe, and `finally` closes it once more."""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    close = getattr(iterable, "close", lambda: None)
    try:
        for block in iterable:
            if block and collected.status is None:
                close()
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
        if collected.status is None:
            raise AssertionError("the application did not call start_response")
    finally:
        close()
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "the application gets a copy of the environ")
def hands_out_a_copy_of_the_environ(app, environ):
    """The application may change its environ, so it gets one of its own. (The caller has made it for just that.)"""
    collected = Collected()
    iterable = app(dict(environ), collected.start_response)
    try:
        for block in iterable:
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


@mistake("3.10", "a block of a subclass of bytes is refused")
def wants_bytes_and_nothing_else(app, environ):
    """A str among the blocks is to be told early: so the type of each is looked at. (isinstance takes subclasses.)"""
    collected = Collected()
    iterable = app(environ, collected.start_response)
    try:
        for block in iterable:
            if type(block) is not bytes:
                raise TypeError(f"a block is {type(block).__name__}, not bytes")
            if block and collected.status is None:
                raise AssertionError("a block came before start_response was called")
            collected.blocks.append(block)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    if collected.status is None:
        raise AssertionError("the application did not call start_response")
    return collected.status, collected.headers, b"".join(collected.blocks)


# 3.11 request_url


@mistake("3.11", "request_url returns None, not a str")
def prints_the_url(environ):
    """To show a URL is to print it."""
    print(environ["wsgi.url_scheme"] + "://" + environ["SERVER_NAME"] + environ["PATH_INFO"])


@mistake("3.11", "the port is missing")
def forgets_the_port(environ):
    """A host is a name."""
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"])
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "there is a ? though there is no query")
def always_writes_a_question_mark(environ):
    """The query stands after the question mark, also if it is empty."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + "?" + environ.get("QUERY_STRING", "")


@mistake("3.11", "the URL has SERVER_NAME in it though the client sent a Host")
def never_looks_at_the_host_field(environ):
    """The server knows its own name best, and SERVER_NAME sounds like it."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + environ["SERVER_NAME"] + port
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "the port comes twice")
def puts_the_port_after_every_host(environ):
    """A host needs a port."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"]) + port
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "SERVER_PORT is put after the Host field")
def completes_the_host_field_with_a_port(environ):
    """A Host without a port lacks one."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
    url = environ["wsgi.url_scheme"] + "://" + (host if ":" in host else host + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "your code raises KeyError: 'HTTP_HOST'")
def counts_on_the_host_field(environ):
    """Every request has a Host."""
    url = environ["wsgi.url_scheme"] + "://" + environ["HTTP_HOST"]
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "the host is not SERVER_NAME and SERVER_PORT")
def takes_an_empty_host_for_a_host(environ):
    """What is there, is there."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + environ.get("HTTP_HOST", environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "port 80 is written though it is the default of http")
def compares_the_port_with_a_number(environ):
    """80 is 80; but SERVER_PORT is a str."""
    port = "" if environ["SERVER_PORT"] in (80, 443) else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "port 443 is left out though it is not the default of http")
def takes_both_ports_for_default(environ):
    """80 and 443 are the ports that need not be written."""
    port = "" if environ["SERVER_PORT"] in ("80", "443") else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "the scheme is not wsgi.url_scheme")
def always_says_http(environ):
    """This server speaks http."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = "http://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "the characters of PATH_INFO are encoded as UTF-8")
def quotes_as_utf_8(environ):
    """quote does the right thing by itself."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""))
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "PATH_INFO is not percent-encoded")
def does_not_quote(environ):
    """PATH_INFO is the path of the URL."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "a space in the path becomes a +")
def quotes_as_forms_do(environ):
    """There is quote_plus as well, which knows more."""
    from urllib.parse import quote_plus

    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote_plus(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), safe="/", encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "the slashes of the path are percent-encoded")
def quotes_slashes_too(environ):
    """Everything is encoded, to be on the safe side."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), safe="", encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "SCRIPT_NAME is left out")
def forgets_the_script_name(environ):
    """The path is PATH_INFO."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "SCRIPT_NAME is not percent-encoded")
def does_not_quote_the_script_name(environ):
    """SCRIPT_NAME was never decoded."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += environ.get("SCRIPT_NAME", "") + quote(environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else "")


@mistake("3.11", "SCRIPT_NAME is missing: your code raises KeyError")
def counts_on_the_script_name(environ):
    """SCRIPT_NAME is always there, if only as an empty str."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ["SCRIPT_NAME"] + environ["PATH_INFO"], encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")


@mistake("3.11", "the query is not as it came")
def quotes_the_query(environ):
    """What is in a URL, is percent-encoded."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    url += quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    return url + ("?" + quote(environ["QUERY_STRING"]) if environ.get("QUERY_STRING") else "")


@mistake("3.11", "the query is missing")
def forgets_the_query(environ):
    """A URL is scheme, host and path."""
    port = "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"]
    url = environ["wsgi.url_scheme"] + "://" + (environ.get("HTTP_HOST") or environ["SERVER_NAME"] + port)
    return url + quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")


@mistake("3.11", "request_url puts HTTP_HOST into the environ")
def puts_a_host_into_the_environ(environ):
    """If there is no Host, one is put in its place; then it is there in any case."""
    scheme = environ["wsgi.url_scheme"]
    if not environ.get("HTTP_HOST"):
        default = environ["SERVER_PORT"] == DEFAULT_PORTS[scheme]
        environ["HTTP_HOST"] = environ["SERVER_NAME"] + ("" if default else ":" + environ["SERVER_PORT"])
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return scheme + "://" + environ["HTTP_HOST"] + path + (f"?{query}" if query else "")


@mistake("3.11", "request_url takes QUERY_STRING out of the environ")
def takes_the_query_out_of_the_environ(environ):
    """pop looks a value up, and has a default."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.pop("QUERY_STRING", "")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "request_url puts SCRIPT_NAME into the environ")
def makes_up_for_what_is_missing(environ):
    """Where each variable is in the environ, all of them can be read in the same way."""
    for name in ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"):
        environ.setdefault(name, "")
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else ":" + environ["SERVER_PORT"])
    url = environ["wsgi.url_scheme"] + "://" + host
    url += quote(environ["SCRIPT_NAME"] + environ["PATH_INFO"], encoding="latin-1")
    return url + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")


@mistake("3.11", "the port of the Host field is left out")
def takes_the_default_port_off_the_host_field(environ):
    """The default port is not written, wherever it comes from."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST", "").removesuffix(":" + DEFAULT_PORTS[scheme]) or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "the host comes from X-Forwarded-Host")
def believes_x_forwarded_host(environ):
    """A proxy says there which host the client wanted; but so can any client."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_X_FORWARDED_HOST") or environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "the path is not SCRIPT_NAME and PATH_INFO")
def makes_one_slash_of_two(environ):
    """Two slashes where the parts meet are one too many."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).replace("//", "/"), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "what PATH_INFO has in common with SCRIPT_NAME is taken away")
def takes_the_script_name_off_the_path(environ):
    """SCRIPT_NAME must not come twice."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    script = environ.get("SCRIPT_NAME", "")
    path = quote(script + environ.get("PATH_INFO", "").removeprefix(script), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "the host is fixed, not SERVER_NAME")
def writes_the_host_into_the_code(environ):
    """The server is 127.0.0.1."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or "127.0.0.1" + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "a path that is not UTF-8 can't be put into a URL")
def opens_the_box_as_utf_8(environ):
    """The box is opened as Flask opens it, and quote does the rest."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    path = quote(path.encode("latin-1").decode("utf-8"))
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "HTTP_X_FORWARDED_PROTO has a part in the URL")
def believes_x_forwarded_proto(environ):
    """Behind a proxy that speaks https, links must begin with https; but any client can send this field."""
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}")
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "HTTPS has a part in the URL")
def asks_https_for_the_scheme(environ):
    """CGI has HTTPS=on, and wsgiref.util.guess_scheme goes by it; wsgi.url_scheme is what the server says."""
    from wsgiref.util import guess_scheme

    scheme = guess_scheme(environ)
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}")
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "REQUEST_URI has a part in the URL")
def takes_request_uri_where_there_is_one(environ):
    """Some servers give the target as it came in REQUEST_URI: that is what the client asked for."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}")
    if "REQUEST_URI" in environ:
        return f"{scheme}://{host}{environ['REQUEST_URI']}"
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "REQUEST_METHOD has a part in the URL")
def leaves_out_the_query_of_a_form(environ):
    """What a POST sends is in its body, not in the query."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}")
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING") if environ["REQUEST_METHOD"] == "GET" else ""
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "a part of the path is lost or changed")
def cuts_off_the_parameters_of_the_path(environ):
    """What follows a semicolon is a parameter, and urlparse keeps it apart."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}")
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "").partition(";")[0],
                 encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "without a path, the URL has no query")
def forgets_the_query_where_there_is_no_path(environ):
    """Where there is no path, the host is all there is."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}")
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    if not path:
        return f"{scheme}://{host}"
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "a byte of the path that is no UTF-8 becomes %EF%BF%BD")
def replaces_what_is_no_utf_8(environ):
    """Paths are UTF-8, and errors="replace" makes the error of all others go away, with the byte that it came from."""
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[environ["wsgi.url_scheme"]] else f":{environ['SERVER_PORT']}")
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING")
    path = quote(path.encode("latin-1").decode("utf-8", "replace"))
    return f"{environ['wsgi.url_scheme']}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "HTTP_X_FORWARDED_HOST has a part in the URL where another")
def asks_x_forwarded_host_without_a_host(environ):
    """Where there is no Host, X-Forwarded-Host knows it."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ.get("HTTP_X_FORWARDED_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "REQUEST_URI has a part in the URL where another variable is missing")
def takes_request_uri_for_a_missing_path(environ):
    """If there is no PATH_INFO, many servers have REQUEST_URI."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", environ.get("REQUEST_URI", ""))
    path = quote(path, encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "a question mark that the query begins with is lost")
def takes_question_marks_off_the_query(environ):
    """The query must not begin with a question mark, for one is put before it."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query.lstrip('?')}" if query else "")


@mistake("3.11", "the slash at the end of SCRIPT_NAME is lost")
def takes_the_slash_off_the_script_name(environ):
    """SCRIPT_NAME ends without a slash, so that there are not two."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + (
        "" if environ["SERVER_PORT"] == DEFAULT_PORTS[scheme] else f":{environ['SERVER_PORT']}"
    )
    path = quote(environ.get("SCRIPT_NAME", "").rstrip("/") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


@mistake("3.11", "the path is encoded in another way than quote's")
def asks_wsgiref(environ):
    """The standard library has the rule. (It leaves `;`, `=` and `,` as they are; quote of the task does not.)"""
    from wsgiref.util import request_uri

    return request_uri(environ)


@mistake("3.11", "white space at an end of the path is lost")
def strips_the_path(environ):
    """Blanks at the ends of a path are not meant. (They came as %20.)"""
    scheme, host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST")
    if not host:
        port = environ["SERVER_PORT"]
        host = environ["SERVER_NAME"] + f":{port}" * (port != DEFAULT_PORTS[scheme])
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).strip()
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}" + quote(path, encoding="latin-1") + (f"?{query}" if query else "")


@mistake("3.11", "the path is not SCRIPT_NAME and PATH_INFO")
def makes_two_of_three_slashes(environ):
    """Two slashes may mean something, a third one is a slip of the keyboard."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST")
    if not host:
        host = environ["SERVER_NAME"]
        if environ["SERVER_PORT"] != DEFAULT_PORTS[scheme]:
            host += ":" + environ["SERVER_PORT"]
    script, path = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
    path = re.sub("///+", "//", script + path)
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{quote(path, encoding='latin-1')}" + (f"?{query}" if query else "")


@mistake("3.11", "SERVER_NAME is put into lower case")
def puts_the_server_s_name_into_lower_case(environ):
    """The names of hosts are compared without regard to case, so a URL has them in lower case."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST")
    if not host:
        host = environ["SERVER_NAME"].lower()
        if environ["SERVER_PORT"] != DEFAULT_PORTS[scheme]:
            host += ":" + environ["SERVER_PORT"]
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
    query = environ.get("QUERY_STRING")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


# 3.12 respond


@mistake("3.12", "the response is None, not bytes")
def responds_nothing(app, request, server_address, client_address):
    """call_application has done the work."""
    call_application(app, build_environ(request, server_address, client_address))


@mistake("3.12", "the response is a tuple, not bytes")
def returns_what_the_application_said(app, request, server_address, client_address):
    """status, headers and body are the response."""
    return call_application(app, build_environ(request, server_address, client_address))


@mistake("3.12", "an error of the application comes out of respond")
def has_no_answer_to_an_error(app, request, server_address, client_address):
    """Applications catch their own errors."""
    environ = build_environ(request, server_address, client_address)
    response = response_bytes(*call_application(app, environ))
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an error of the application comes out of respond")
def catches_the_errors_of_the_call_only(app, request, server_address, client_address):
    """What can fail is the application; putting its head into bytes can't."""
    try:
        said = call_application(app, build_environ(request, server_address, client_address))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    else:
        response = response_bytes(*said)
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an error of the application comes out of respond")
def lets_connection_errors_out(app, request, server_address, client_address):
    """A ConnectionError means that the client has left; but the application's database can go as well."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except ConnectionError:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an application that fails is answered with 404")
def answers_errors_with_404(app, request, server_address, client_address):
    """There is no page, so it is 404."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(404, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the 500 tells the client what the exception says")
def tells_the_client_the_error(app, request, server_address, client_address):
    """Who meets an error wants to know which."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        traceback.print_exc()
        response = error_response(500, str(error))
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the 500 shows the traceback to the client")
def shows_the_client_the_traceback(app, request, server_address, client_address):
    """As Flask's debugger does."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, traceback.format_exc())
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr says nothing of the error")
def swallows_the_traceback(app, request, server_address, client_address):
    """The client gets a 500; that will do."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr has the error, but not where it happened")
def prints_the_exception_only(app, request, server_address, client_address):
    """The exception says what happened."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the traceback goes to stdout, not to stderr")
def prints_the_traceback_on_stdout(app, request, server_address, client_address):
    """print is how a program says something."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        print(traceback.format_exc())
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "Ctrl-C is answered with a response")
def catches_everything(app, request, server_address, client_address):
    """A bare except catches all errors; and KeyboardInterrupt too."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except:  # noqa: E722
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the response to a HEAD request has a body")
def forgets_head(app, request, server_address, client_address):
    """Flask knows HEAD; but other applications, and wsgiref too, leave it to the server."""
    try:
        environ = build_environ(request, server_address, client_address)
        return response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        return error_response(500, "the server has made an error")


@mistake("3.12", "the 500 to a HEAD request has a body")
def forgets_head_where_there_is_an_error(app, request, server_address, client_address):
    """An error is answered at once."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        return error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the response to HEAD has the Content-Length 0")
def empties_the_body_of_head_too_early(app, request, server_address, client_address):
    """No body means an empty body."""
    try:
        environ = build_environ(request, server_address, client_address)
        status, headers, body = call_application(app, environ)
        return response_bytes(status, headers, b"" if request.method == "HEAD" else body)
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "respond fails for an application that empties its environ")
def asks_the_environ_for_the_method(app, request, server_address, client_address):
    """The environ says what the request was; but by now it is the application's."""
    environ = build_environ(request, server_address, client_address)
    try:
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if environ["REQUEST_METHOD"] == "HEAD" else response


@mistake("3.12", "the addresses of server and client have changed places")
def swaps_the_addresses(app, request, server_address, client_address):
    """First comes the client, who asks, then the server."""
    try:
        environ = build_environ(request, client_address, server_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the application is called 2 times for one request")
def calls_the_application_twice(app, request, server_address, client_address):
    """Once for the head and once for the body."""
    try:
        environ = build_environ(request, server_address, client_address)
        status, headers = call_application(app, environ)[:2]
        response = response_bytes(status, headers, call_application(app, environ)[2])
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the SystemExit of an application comes out of respond")
def catches_exceptions_only(app, request, server_address, client_address):
    """`except Exception` is for all errors; but sys.exit, and a task that is cancelled, raise something else."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except Exception:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the CancelledError of an application comes out of respond")
def catches_sys_exit_too(app, request, server_address, client_address):
    """Besides Exception there is SystemExit. (There is more: CancelledError, GeneratorExit.)"""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except (Exception, SystemExit):
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an application that fails is answered with 404")
def answers_a_bad_request_of_the_application(app, request, server_address, client_address):
    """BadRequest is answered with its status, as in step 2.12; but here it is an application's error."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except BadRequest as error:
        response = error_response(error.status, str(error))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "respond fails for an application that empties its environ and then fails")
def prints_the_traceback_to_wsgi_errors(app, request, server_address, client_address):
    """wsgi.errors is the log of the request; but by now the environ is the application's."""
    environ = {"wsgi.errors": sys.stderr}
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc(file=environ["wsgi.errors"])
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the 500 tells the client a name from the code")
def tells_the_client_which_application_failed(app, request, server_address, client_address):
    """Who meets an error wants to know where."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, f"{getattr(app, '__name__', 'the application')} has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the application does not get the method HEAD")
def asks_the_application_with_get(app, request, server_address, client_address):
    """HEAD is GET without a body; so the application is asked with GET."""
    try:
        head = request.method == "HEAD"
        request.method = "GET" if head else request.method
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if head else response


@mistake("3.12", "respond changes the request")
def empties_the_request(app, request, server_address, client_address):
    """What has been used can go."""
    try:
        environ = build_environ(request, server_address, client_address)
        request.body = b""
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the 500 lacks its Content-Length and its Date")
def answers_errors_with_a_status_line(app, request, server_address, client_address):
    """The status line says it all."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = b"HTTP/1.1 500 Internal Server Error\r\n\r\n"
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr says nothing of the error where the request is HEAD")
def prints_no_traceback_for_head(app, request, server_address, client_address):
    """A HEAD request is only a question; its errors are no news."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        if request.method == "GET":
            traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr says nothing of the application's own ConnectionError")
def logs_no_connection_error(app, request, server_address, client_address):
    """A ConnectionError is no error; but here it is the application's, which has lost its database."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except ConnectionError:
        response = error_response(500, "the server has made an error")
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the response to OPTIONS does not end with the body")
def leaves_out_the_body_for_options_too(app, request, server_address, client_address):
    """OPTIONS only asks what there is, as HEAD does."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method in ("HEAD", "OPTIONS") else response


@mistake("3.12", "the response to head does not end with the body")
def takes_head_in_any_case_for_head(app, request, server_address, client_address):
    """Names in HTTP are the same in any case. (Those of fields are; a method is not.)"""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method.upper() == "HEAD" else response


@mistake("3.12", "the 500 for head has no body")
def cuts_errors_for_head_in_any_case(app, request, server_address, client_address):
    """The method is compared in two places, and in one of them not as carefully."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
        return without_body(response) if request.method.upper() == "HEAD" else response
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "SystemExit is raised instead of KeyboardInterrupt")
def makes_sys_exit_of_ctrl_c(app, request, server_address, client_address):
    """Ctrl-C ends the program, and sys.exit does that."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        sys.exit(0)
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an application that fails is answered with 404")
def answers_with_the_code_of_the_exception(app, request, server_address, client_address):
    """Exceptions of Flask know their status: their code."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        traceback.print_exc()
        response = error_response(getattr(error, 'code', 500) or 500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr says nothing of the SystemExit")
def logs_no_sys_exit(app, request, server_address, client_address):
    """sys.exit is no error, so there is nothing for the log."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except SystemExit:
        response = error_response(500, "the server has made an error")
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the 500 tells the client what the exception says")
def tells_the_client_what_a_bad_request_says(app, request, server_address, client_address):
    """The message of a BadRequest is for the client. (This one is the application's.)"""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        traceback.print_exc()
        message = str(error) if isinstance(error, BadRequest) else "the server has made an error"
        response = error_response(500, message)
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr says nothing of the application's own BadRequest")
def logs_no_bad_request(app, request, server_address, client_address):
    """A BadRequest is the fault of the client, and not for the log."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        if not isinstance(sys.exc_info()[1], BadRequest):
            traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "stderr has no traceback of an error that is raised after")
def logs_what_the_application_raises_alone(app, request, server_address, client_address):
    """Only what the application raises is worth a line in the log."""
    try:
        environ = build_environ(request, server_address, client_address)

        def logged(environ, start_response):
            try:
                iterable = app(environ, start_response)
                yield from iterable
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                getattr(locals().get("iterable"), "close", bool)()

        response = response_bytes(*call_application(logged, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the End of an application comes out of respond")
def catches_the_errors_it_knows(app, request, server_address, client_address):
    """These four are all that can be raised. (BaseException is; anybody may derive from it.)"""
    import asyncio

    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except (Exception, SystemExit, GeneratorExit, asyncio.CancelledError):
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "respond changes the request")
def empties_the_body_of_a_request_that_failed(app, request, server_address, client_address):
    """After an error nobody needs the body, which may be large."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        request.body = b""
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


# 3.13 make_handle


@mistake("3.13", "the connection is closed while bytes of the client lie unread")
def closes_without_hanging_up(app):
    """close() is how a socket is closed."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            connection.close()

    return handle


@mistake("3.13", "the connection is closed while bytes of the client lie unread")
def hangs_up_after_a_page_alone(app):
    """hang_up is for clients that are served; but the one that is refused has sent the most that nobody reads."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
            except BadRequest as error:
                connection.sendall(error_response(error.status, str(error)))
                return
            connection.sendall(respond(app, request, connection.getsockname(), client_address))
            hang_up(connection)
        except ConnectionError:
            pass
        finally:
            connection.close()

    return handle


@mistake("3.13", "make_handle returns None, not a function")
def defines_handle_and_does_not_return_it(app):
    """A function that is defined, is there."""
    def handle(connection, client_address):
        connection.sendall(respond(app, read_request(connection), connection.getsockname(), client_address))


@mistake("3.13", "make_handle returns the application itself, not a handler for it")
def returns_the_application(app):
    """The application is what handles."""
    return app


@mistake("3.13", "only the first 3 bytes of the response were sent")
def sends_with_send(app):
    """send sends."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.send(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "the connection is not closed")
def does_not_close(app):
    """The client hangs up when it has its answer."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass

    return handle


@mistake("3.13", "the connection is not closed")
def closes_only_if_all_went_well(app):
    """At the end of the function comes the end of the connection."""
    def handle(connection, client_address):
        try:
            request = read_request(connection)
            response = respond(app, request, connection.getsockname(), client_address)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        except ConnectionError:
            return
        connection.sendall(response)
        hang_up(connection)

    return handle


@mistake("3.13", "the server's address is fixed, not that of the connection")
def writes_the_address_into_the_code(app):
    """The server listens on port 8000."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, ("127.0.0.1", 8000), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "the client's address is given as the server's")
def takes_the_client_for_the_server(app):
    """client_address is the only address that handle is given."""
    def handle(connection, client_address):
        try:
            try:
                response = respond(app, read_request(connection), client_address, client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a bad request makes handle fail")
def forgets_bad_requests(app):
    """Errors are what respond is for; but it is not called before there is a request."""
    def handle(connection, client_address):
        try:
            request = read_request(connection)
            connection.sendall(respond(app, request, connection.getsockname(), client_address))
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a bad request is answered with 400, not 505")
def answers_every_bad_request_with_400(app):
    """Bad Request is 400."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(400, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a bad request is answered with 500, not 400")
def answers_every_exception_with_500(app):
    """Whatever goes wrong is the server's fault."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except ValueError:
                response = error_response(500, "the server has made an error")
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a client that leaves makes handle fail")
def takes_a_client_that_leaves_for_an_error(app):
    """An exception is an exception."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "something is sent to a client that has left")
def answers_who_has_left(app):
    """Every client gets an answer."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            except ConnectionError:
                response = error_response(400, "you have left")
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a client that leaves during the answer makes handle fail")
def sends_outside_the_try(app):
    """Only reading can fail."""
    def handle(connection, client_address):
        try:
            request = read_request(connection)
            response = respond(app, request, connection.getsockname(), client_address)
        except BadRequest as error:
            response = error_response(error.status, str(error))
        except ConnectionError:
            hang_up(connection)
            return
        try:
            connection.sendall(response)
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "Ctrl-C is swallowed by handle")
def returns_from_finally(app):
    """After the connection is closed, handle is done; a return in finally drops every exception."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        finally:
            hang_up(connection)
            return  # noqa: B012

    return handle


@mistake("3.13", "two handlers serve the same application")
def keeps_the_application_in_a_global(app):
    """A server has one application."""
    globals()["APPLICATION"] = app

    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(APPLICATION, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "the answer is 400, not 200")
def reads_with_one_recv(app):
    """One recv gives one request, if it is large enough."""
    from ch02_request import parse_head

    def handle(connection, client_address):
        try:
            try:
                head, _, body = connection.recv(65_536).partition(BLANK_LINE)
                if not head:
                    return
                request = parse_head(head)
                request.body = body
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a client that leaves during the answer makes handle fail")
def sends_the_refusal_beside_the_clause_for_those_who_leave(app):
    """The clause for ConnectionError is thought to cover the clause above it too; it covers the try alone."""
    def handle(connection, client_address):
        try:
            request = read_request(connection)
            connection.sendall(respond(app, request, connection.getsockname(), client_address))
        except BadRequest as error:
            connection.sendall(error_response(error.status, str(error)))
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "handle does not let TimeoutError out, raised by sendall")
def lets_no_error_out(app):
    """Whatever goes wrong with one client is no matter of the server's."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except Exception:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.12", "HEAD gets a body from an application that empties its environ")
def asks_the_emptied_environ_with_get(app, request, server_address, client_address):
    """`get` makes the lookup safe; but by now there is nothing in the environ."""
    environ = {}
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if environ.get("REQUEST_METHOD") == "HEAD" else response


@mistake("3.12", "an error of build_environ comes out of respond")
def builds_the_environ_outside_of_the_try(app, request, server_address, client_address):
    """Only the application can fail."""
    environ = build_environ(request, server_address, client_address)
    try:
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "the 500 tells the client the name of the exception's class, Trouble")
def tells_the_client_the_class_of_the_error(app, request, server_address, client_address):
    """A name gives nothing away, it seems; it tells a stranger which database stands behind the page."""
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        traceback.print_exc()
        response = error_response(500, f"the application failed ({type(error).__name__})")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "GET is answered as HEAD where the application puts HEAD into its environ")
def asks_the_environ_first_and_the_request_where_it_is_empty(app, request, server_address, client_address):
    """The environ has the method, unless the application has emptied it: then the request has it."""
    environ = {}
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if environ.get("REQUEST_METHOD", request.method) == "HEAD" else response


@mistake("3.12", "the traceback does not go to stderr where the application has put another stream into its environ")
def prints_to_the_stream_in_the_environ(app, request, server_address, client_address):
    """wsgi.errors is the log, and the server has put sys.stderr there; but the application may have put something
    else there since.
    """
    environ = {}
    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc(file=environ.get("wsgi.errors", sys.stderr))
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an error of the application comes out of respond")
def lets_a_client_gone_of_the_application_out(app, request, server_address, client_address):
    """ClientGone means that nobody is there to be answered; but it is the application's own, and the client waits.
    """
    from ch01_socket import ClientGone

    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except (KeyboardInterrupt, ClientGone):
        raise
    except BaseException:  # SystemExit too: an application is no reason to end the server
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.12", "an application that fails is answered with 431")
def answers_a_large_head_of_the_application_with_431(app, request, server_address, client_address):
    """HeadTooLarge has a status of its own; but it is the application that raises it, and not the client that sends
    it.
    """
    from ch01_socket import HeadTooLarge

    try:
        environ = build_environ(request, server_address, client_address)
        response = response_bytes(*call_application(app, environ))
    except HeadTooLarge:
        traceback.print_exc()
        response = error_response(431, "the head is too large")
    except KeyboardInterrupt:
        raise
    except BaseException:  # SystemExit too: an application is no reason to end the server
        traceback.print_exc()
        response = error_response(500, "the server has made an error")
    return without_body(response) if request.method == "HEAD" else response


@mistake("3.13", "handle does not let TimeoutError out, raised by sendall")
def takes_every_os_error_for_a_client_that_has_left(app):
    """Sockets raise OSError; but so does a socket that the server has closed itself, by mistake."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except OSError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "handle does not let TimeoutError out, raised by sendall")
def takes_every_error_of_sending_for_a_client_that_has_left(app):
    """If sending fails, the client has left."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            try:
                connection.sendall(response)
            except OSError:
                pass
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "handle does not let TimeoutError out, raised by sendall")
def takes_a_timeout_for_a_client_that_has_left(app):
    """A client that is too slow is a client that has left. (No time limit is set here: where does it come from?)"""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "handle does not let TimeoutError out, raised by recv")
def answers_errors_of_reading_with_500(app):
    """If a request can't be read, it is 500."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            except ConnectionError:
                return
            except Exception:
                response = error_response(500, "the server has made an error")
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "handle does not let ValueError out, raised by recv")
def takes_every_value_error_for_a_bad_request(app):
    """BadRequest is a ValueError; so is all that is wrong with a request."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except ValueError as error:
                response = error_response(getattr(error, "status", 400), str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "handle does not let SystemExit out, raised by sendall")
def takes_sys_exit_for_a_client_that_has_left(app):
    """sys.exit must not end the server."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except (ConnectionError, SystemExit):
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a traceback is printed for a client that leaves")
def prints_a_traceback_for_who_has_left(app):
    """An exception belongs in the log."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            traceback.print_exc()
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a bad request is not told what is wrong with it")
def refuses_without_a_word(app):
    """The status says it all."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, "")
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "the body is not that of the application")
def answers_the_first_request_again(app):
    """What the client said is kept for later, and the first in the list is taken."""
    requests = []

    def handle(connection, client_address):
        try:
            try:
                requests.append(read_request(connection))
                request = requests[0]
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "the server's address of the first connection is kept for the second")
def asks_for_the_address_once(app):
    """The server's address does not change."""
    address = []

    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                if not address:
                    address.append(connection.getsockname())
                response = respond(app, request, address[0], client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "the connection is still open after OSError, raised by getsockname")
def asks_for_the_address_outside_of_the_try(app):
    """The address is asked for at the beginning, and that can't fail."""
    def handle(connection, client_address):
        server_address = connection.getsockname()
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, server_address, client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "make_handle fails before there is a client")
def calls_the_handler_itself(app):
    """A function that is defined is called."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        finally:
            hang_up(connection)

    return handle(None, None)


@mistake("3.13", "something is printed for a client that leaves")
def says_that_a_client_has_left(app):
    """A line is no traceback, and good to know."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            print("a client has left", file=sys.stderr)
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "a client that leaves during the answer makes handle fail")
def knows_two_ways_to_leave(app):
    """A client that leaves is a broken pipe or a reset. (On Windows it is often ConnectionAbortedError.)"""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            except ConnectionError:
                return
            try:
                connection.sendall(response)
            except (BrokenPipeError, ConnectionResetError):
                pass
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "close is called without hang_up, after a client has left")
def hangs_up_on_those_who_are_still_there(app):
    """A client that has left needs nobody who waits for it: close alone is quicker."""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            connection.close()
        finally:
            hang_up(connection)

    return handle


@mistake("3.13", "close is called without hang_up, after TimeoutError, raised by sendall")
def closes_alone_after_an_error(app):
    """Where something has gone wrong there is no answer, so no reset can overtake it. (Half of it may be sent.)"""
    def handle(connection, client_address):
        try:
            try:
                request = read_request(connection)
                response = respond(app, request, connection.getsockname(), client_address)
            except BadRequest as error:
                response = error_response(error.status, str(error))
            connection.sendall(response)
        except ConnectionError:
            pass
        except BaseException:
            connection.close()
            raise
        hang_up(connection)

    return handle
