"""Mistakes of chapter 7."""
from dev.bank.step_versions import mistake


@mistake("7.1", "coroutine 'send' was never awaited")
async def forgets_to_await(scope, receive, send):
    """send(message) sends the message. (It makes a coroutine, and runs nothing of it.)"""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    send({"type": "http.response.start", "status": 200, "headers": headers})
    send({"type": "http.response.body", "body": body})


@mistake("7.1", "send is not awaited for one message after the other")
async def gathers_both_messages(scope, receive, send):
    """asyncio.gather does several things at once, and that is what asyncio is for."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await asyncio.gather(send({"type": "http.response.start", "status": 200, "headers": headers}),
                         send({"type": "http.response.body", "body": body}))


@mistake("7.1", "send is not awaited for one message after the other")
async def leaves_the_sending_to_tasks(scope, receive, send):
    """create_task sends in the background, and the application need not wait. (Its call is the whole answer.)"""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    asyncio.create_task(send({"type": "http.response.start", "status": 200, "headers": headers}))
    asyncio.create_task(send({"type": "http.response.body", "body": body}))


@mistake("7.1", "content-length counts characters, not bytes")
async def counts_characters(scope, receive, send):
    """The length of the text is the length of the body."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    text = f"hello from {scope['path']}\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


@mistake("7.1", "a header of the start message is no pair of bytes")
async def writes_headers_as_in_wsgi(scope, receive, send):
    """Headers are pairs of str, as start_response has them."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "the headers of the start message are a dict, not a list")
async def writes_headers_as_a_dict(scope, receive, send):
    """Headers have names and values, so they are a dict. (A name may come twice.)"""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = {b"content-type": b"text/plain; charset=utf-8", b"content-length": b"%d" % len(body)}
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "a name of a header is not in lower case")
async def writes_names_as_http_1_does(scope, receive, send):
    """Content-Type is how one writes it, and names are the same in any case."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "the body is a str")
async def sends_the_text_itself(scope, receive, send):
    """The server knows the charset from the header, and encodes the text."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    text = f"hello from {scope['path']}\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text.encode()))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


@mistake("7.1", "the status is no int")
async def sends_the_status_with_its_phrase(scope, receive, send):
    """A status is \"200 OK\", as in WSGI."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": "200 OK", "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "the body message says that more follows")
async def says_that_there_is_more_body(scope, receive, send):
    """more_body says that there is a body."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})


@mistake("7.1", "the body is not sent")
async def puts_the_body_into_the_start(scope, receive, send):
    """One message has all that there is to say."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers, "body": body})


@mistake("7.1", "one dict is sent twice, changed in between")
async def changes_the_message_that_it_has_sent(scope, receive, send):
    """What has been sent is sent, so its dict can be used again."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    message = {"type": "http.response.start", "status": 200, "headers": headers}
    await send(message)
    message.update(type="http.response.body", body=body)
    await send(message)


@mistake("7.1", "KeyError is raised instead of ValueError: 'path'")
async def knows_requests_only(scope, receive, send):
    """A server calls an application for requests."""
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "AssertionError is raised instead of ValueError")
async def asserts_that_it_is_a_request(scope, receive, send):
    """uvicorn's first example begins with this assert. (Python leaves it out with -O.)"""
    assert scope["type"] == "http"
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "hello has an answer for a scope of the type 'lifespan'")
async def returns_where_it_has_nothing(scope, receive, send):
    """For what is no request there is nothing to do. (A server takes that for an answer.)"""
    if scope["type"] != "http":
        return
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "something is sent for a scope of the type 'lifespan'")
async def asks_for_the_type_too_late(scope, receive, send):
    """The start is the same for all; only the body needs a path."""
    body = f"hello from {scope.get('path')}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "hello has an answer for a scope of the type 'websocket'")
async def refuses_what_it_has_heard_of(scope, receive, send):
    """Lifespan is what a server asks for beside requests."""
    if scope["type"] == "lifespan":
        raise ValueError(scope["type"])
    body = f"hello from {scope.get('path')}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "hello awaits receive")
async def receives_the_request_first(scope, receive, send):
    """First the request is received, and then it is answered."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    await receive()
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "the line end is missing")
async def forgets_the_line_end(scope, receive, send):
    """A text is a text."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "the body is another one")
async def takes_the_path_below_the_mount(scope, receive, send):
    """root_path is where the application is mounted, so its path is what follows. (PATH_INFO is that, in WSGI.)"""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    body = f"hello from {path}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "the content-type has no charset")
async def leaves_out_the_charset(scope, receive, send):
    """UTF-8 is what everybody uses."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@mistake("7.1", "hello({'type': 'http', 'path': '/'}, receive, send) never ends")
async def waits_until_the_client_leaves(scope, receive, send):
    """An application stays as long as its client."""
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    body = f"hello from {scope['path']}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    await asyncio.Event().wait()


@mistake("7.2", "the path is decoded as latin-1, which WSGI does")
def decodes_the_path_as_wsgi_does(request, server_address, client_address):
    """PATH_INFO is latin-1, so the path is, too."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("latin-1"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "your code raises UnicodeDecodeError")
def takes_each_path_for_utf_8(request, server_address, client_address):
    """Paths are UTF-8 today. (Any client can send another one, and must not make the server fail.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode(),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "what is no UTF-8 is left out of the path")
def leaves_out_what_is_no_utf_8(request, server_address, client_address):
    """What cannot be decoded is of no use. (Two paths may become the same.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "ignore"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "the path is still percent-encoded")
def takes_the_path_of_the_target(request, server_address, client_address):
    """The target has the path, up to the question mark."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.target.partition("?")[0],
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "the path is bytes")
def leaves_the_path_in_bytes(request, server_address, client_address):
    """All else in a scope is bytes."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path,
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "the path is another one")
def decodes_the_path_a_second_time(request, server_address, client_address):
    """A path in a URL is percent-encoded, so it is decoded here. (That was done when the request was taken apart.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": unquote_to_bytes(request.path).decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "raw_path is decoded")
def takes_the_bytes_of_the_path(request, server_address, client_address):
    """The path as bytes is what request.path has."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": request.path,
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "raw_path has the query, too")
def takes_the_whole_target(request, server_address, client_address):
    """raw means as it was sent: that is the target."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": request.target.encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "raw_path is another one")
def does_not_know_urls_in_the_target(request, server_address, client_address):
    """A target is a path and a query. (It may be a URL, and a proxy sends it so.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": request.target.split("?")[0].encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "scope['query_string'] is another one")
def leaves_the_query_a_str(request, server_address, client_address):
    """The query is text, as in request.query."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query,
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "query_string is another one")
def decodes_the_query(request, server_address, client_address):
    """Who reads the query wants the characters. (Where an & was sent as %26, it separates now.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": unquote_to_bytes(request.query),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "http_version has `HTTP/` in front")
def takes_the_version_as_it_is(request, server_address, client_address):
    """The version is HTTP/1.1."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version,
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "http_version is another one")
def writes_the_version_of_the_server(request, server_address, client_address):
    """This server speaks HTTP/1.1."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": "1.1",
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "the method is not in capitals")
def takes_the_method_as_it_came(request, server_address, client_address):
    """GET is in capitals already. (What a client sends is its own affair.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method,
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "of the headers, one is lost")
def takes_headers_for_a_dict(request, server_address, client_address):
    """A header has a name and a value: dict, and items. (Of two cookies one is left.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in dict(request.fields).items()],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "of the headers, some are changed")
def joins_what_has_one_name(request, server_address, client_address):
    """Fields of one name are one, joined with a comma, as in an environ."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), ", ".join(request.values(name)).encode("latin-1"))
                    for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "of the headers, some are lost")
def leaves_out_what_is_hop_by_hop(request, server_address, client_address):
    """Fields of the connection are the server's, as in http_variables."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields
                    if name not in HOP_BY_HOP],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "of the headers, the order is another one")
def sorts_the_headers(request, server_address, client_address):
    """The order of headers says nothing. (Of those with one name it does.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sorted(request.fields)],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "of the headers, one is changed")
def encodes_headers_as_utf_8(request, server_address, client_address):
    """encode() makes bytes. (A field's characters stand for one byte each.)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "the headers of the scope are a generator, not a list")
def gives_a_generator_of_headers(request, server_address, client_address):
    """Headers are read once."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": ((name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields),
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "a header of the scope is no pair of bytes")
def gives_the_fields_themselves(request, server_address, client_address):
    """The fields of the request are the headers."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": list(request.fields),
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "a change in one scope is in another one, too")
def gives_versions_itself(request, server_address, client_address):
    """VERSIONS never changes. (An application may change what it is given.)"""
    return {
        "type": "http",
        "asgi": VERSIONS,
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "the server is the address of the client")
def mixes_up_the_addresses(request, server_address, client_address):
    """Both are addresses."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": client_address,
        "client": server_address,
    }


@mistake("7.2", "scope['server'] is another one")
def writes_the_server_as_one_text(request, server_address, client_address):
    """An address is host:port."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": ":".join(map(str, server_address)),
        "client": client_address,
    }


@mistake("7.2", "the scope has keys that nobody looks for: body")
def puts_the_body_into_the_scope(request, server_address, client_address):
    """An application needs the body, too."""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
        "body": request.body,
    }


@mistake("7.2", "the scope has no root_path")
def leaves_out_what_is_empty(request, server_address, client_address):
    """What is empty need not be there. (A framework reads scope["root_path"].)"""
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "build_scope changes the request")
def puts_the_method_right(request, server_address, client_address):
    """Once the method is in capitals, nobody need think of it any more."""
    request.method = request.method.upper()
    return {
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    }


@mistake("7.2", "two calls return the same dict")
def keeps_the_scope(request, server_address, client_address):
    """A request has one scope, so it is made once."""
    if "scope" not in vars(build_scope):
        build_scope.scope = {}
    build_scope.scope.update({
        "type": "http",
        "asgi": dict(VERSIONS),
        "http_version": request.version.removeprefix("HTTP/"),
        "method": request.method.upper(),
        "scheme": "http",
        "path": request.path.decode("utf-8", "replace"),
        "raw_path": raw_path(request.target),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.fields],
        "server": server_address,
        "client": client_address,
    })
    return build_scope.scope


@mistake("7.14", "head_once returns something else than b\"\"")
def returns_the_head_too(self):
    """head_once of chapter 4 returns the head, so that of its child does, too. (It would be sent as part of the
    body.)"""
    head = super().head_once()
    if head:
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return head


@mistake("7.14", "head_once returns something else than b\"\"")
def returns_nothing(self):
    """The head is emitted, so there is nothing to return. (write adds it to the block.)"""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})


@mistake("7.14", "the head is emitted more than once")
def emits_it_each_time(self):
    """super() sees to it that there is one head."""
    super().head_once()
    if True:
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "the status has its phrase")
def sends_the_status_as_it_is(self):
    """self.status is the status."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": self.status, "headers": headers})
    return b""


@mistake("7.14", "your code raises ValueError: invalid literal for int()")
def takes_int_of_the_whole_status(self):
    """int() makes a number of the status."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status), "headers": headers})
    return b""


@mistake("7.14", "the status is a str")
def leaves_the_code_a_str(self):
    """The code is the first three characters."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": self.status[:3], "headers": headers})
    return b""


@mistake("7.14", "the status of the message is another one")
def looks_for_the_code_from_behind(self):
    """The digits of the status are the code. (A phrase may have some, too.)"""
    import re

    code = re.findall("[0-9]+", self.status or "0")[-1]
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(code), "headers": headers})
    return b""


@mistake("7.14", "a name is not in lower case")
def leaves_the_names_as_they_are(self):
    """Names are the same in any case."""
    if super().head_once():
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "of the application's headers, one is changed")
def puts_values_in_lower_case_too(self):
    """Headers are the same in any case. (Names are; a value is not.)"""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.lower().encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "of the application's headers, one is changed")
def encodes_values_as_utf_8(self):
    """encode() makes bytes."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode()) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "a header of the message is no pair of bytes")
def leaves_the_headers_str(self):
    """self.headers is a list of pairs already."""
    if super().head_once():
        headers = [(name.lower(), value) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "of the application's headers, some are lost")
def makes_a_dict_of_the_headers(self):
    """A dict has each name once, in lower case. (Of three cookies one is left.)"""
    if super().head_once():
        headers = {name.lower().encode("latin-1"): value.encode("latin-1") for name, value in self.headers}
        headers = list(headers.items())
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "there is no content-length, though self.framing is LENGTH")
def leaves_the_length_to_the_server(self):
    """The framing is the server's."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "there is no content-length, though self.framing is LENGTH")
def asks_whether_the_length_is_true(self):
    """If there is a length, it is told. (0 is one, and is false.)"""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.length and self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "a content-length is added to a 200 OK for HEAD")
def adds_any_length_that_is_known(self):
    """A length that is known is told, whatever the method and the status are."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.length is not None and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "content-length comes twice")
def does_not_ask_what_the_application_gave(self):
    """With LENGTH, a content-length is sent."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "content-length comes twice")
def looks_for_one_spelling(self):
    """The name is Content-Length."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and "Content-Length" not in dict(self.headers):
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "content-length is another one")
def replaces_the_length_of_the_application(self):
    """What the server knows is more sure. (The application's word counts, and write keeps to it.)"""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers
                   if name.lower() != "content-length"]
        if self.framing == LENGTH:
            headers.append((b"content-length", b"%d" % (self.known_length or self.length)))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "a header of the message is no pair of bytes")
def counts_in_str(self):
    """str() makes a text of a number."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", str(self.length)))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "head_once changes self.headers")
def adds_to_the_headers_that_are_kept(self):
    """self.headers are the headers of the response."""
    if super().head_once():
        headers = self.headers
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append(("content-length", str(self.length)))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "head_once changes self.headers")
def puts_the_kept_names_in_lower_case(self):
    """Once all names are in lower case, they are easy to compare."""
    if super().head_once():
        self.headers = [(name.lower(), value) for name, value in self.headers]
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "there are headers that the application has not given")
def takes_the_head_of_chapter_4_apart(self):
    """super() returns the whole head: its lines are the headers. (Some of them are for the connection of a server.)"""
    if head := super().head_once():
        lines = [line.partition(b": ") for line in head.split(b"\r\n")[1:-2]]
        headers = [(name.lower(), value) for name, _, value in lines]
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "the application's Content-Length is not in the message")
def leaves_out_the_length_without_a_body(self):
    """Where there is no body, there is no length. (After HEAD it says what a GET would bring.)"""
    from ch04_response import NO_BODY

    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers
                   if self.framing != NO_BODY or name.lower() != "content-length"]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "a head is made up where there is none")
def answers_for_the_application(self):
    """An application without a status has an error, and that is a 500."""
    if self.status is None:
        self.status = "500 Internal Server Error"
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "TypeError is raised instead of AssertionError")
def makes_the_message_first(self):
    """First the message is made, and then it is asked whether it is due."""
    status = int(self.status[:3])
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": status, "headers": headers})
    return b""


@mistake("7.14", "the response does not know what was announced")
def notes_itself_that_the_head_is_sent(self):
    """head_sent tells whether the head is due. (The framing and its limit are chosen in super().)"""
    if self.status is None:
        raise AssertionError("there was no start_response")
    if not self.head_sent:
        self.head_sent, self.framing = True, self.choose_framing()
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "what emit raises is lost (ClientGone)")
def suppresses_that_the_client_has_gone(self):
    """A client that leaves is no error. (But then the application goes on for nobody.)"""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        with contextlib.suppress(ClientGone):
            self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "what super().head_once() raises is lost (ValueError)")
def emits_what_it_can(self):
    """If something goes wrong, there is no head, and b"" says so."""
    try:
        due = super().head_once()
    except ValueError:
        due = b""
    if due:
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.14", "your code raises TypeError")
def adds_a_length_where_there_are_no_chunks(self):
    """The body ends with the last chunk or after its length."""
    if super().head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        if self.framing != "chunked" and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
    return b""


@mistake("7.15", "the WSGI application is called in the event loop's own thread")
def calls_it_in_the_loop(app, threads):
    """A function is called. (Until it returns, nobody else is served.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                call_wsgi(app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the WSGI application is called in the event loop's own thread")
def calls_it_in_the_argument(app, threads):
    """run_in_executor runs what it is given: the call. (That is made before, where it stands.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi(app, environ_of_scope(scope, file), response))

    return adapted


@mistake("7.15", "the WSGI application is called in the event loop's own thread")
def makes_a_coroutine_of_it(app, threads):
    """In a coroutine it does not block. (What does not await, blocks.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                async def call():
                    call_wsgi(app, environ_of_scope(scope, file), response)

                await call()

    return adapted


@mistake("7.15", "the event loop stands still while the WSGI application runs")
def waits_for_the_future_of_the_pool(app, threads):
    """submit gives a future, and result() its result. (The event loop waits in it.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                pool.submit(call_wsgi, app, environ_of_scope(scope, file), response).result()

    return adapted


@mistake("7.15", "the event loop stands still while the WSGI application runs")
def joins_a_thread_of_its_own(app, threads):
    """A thread is started and joined. (join blocks the event loop.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                thread = threading.Thread(target=call_wsgi, args=[app, environ_of_scope(scope, file), response])
                thread.start()
                thread.join()

    return adapted


@mistake("7.15", "the event loop stands still while the WSGI application runs")
def asks_again_and_again(app, threads):
    """As long as the call is not done, one asks again. (In the meantime nobody else is served.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                future = pool.submit(call_wsgi, app, environ_of_scope(scope, file), response)
                while not future.done():
                    time.sleep(0.01)
                future.result()

    return adapted


@mistake("7.15", "coroutine 'emit' was never awaited")
def makes_a_coroutine_of_emit(app, threads):
    """send is awaited, so emit is a coroutine, too. (AdaptedResponse, in its thread, calls it and awaits nothing.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        async def emit(message):
            try:
                await send(message)
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "coroutine 'receive_body' was never awaited")
def forgets_to_await_the_body(app, threads):
    """receive_body(receive, file) tells whether the client is there. (It makes a coroutine, which is always true.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the adapted application returns before its answer is whole")
def leaves_the_call_to_the_pool(app, threads):
    """run_in_executor has it run. (Whoever does not await it, goes on at once.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "emit returns before the message is sent")
def does_not_wait_for_the_result(app, threads):
    """run_coroutine_threadsafe sends the message. (Without result() all that a client does not read piles up.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop)
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "emit returns before the message is sent")
def makes_a_task_in_another_thread(app, threads):
    """create_task has the loop run it. (It is not made for other threads, and nobody waits.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                loop.call_soon_threadsafe(asyncio.ensure_future, send(message))
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "send runs in another event loop than that of the server")
def runs_send_in_a_loop_of_its_own(app, threads):
    """asyncio.run runs a coroutine, in any thread. (The connection belongs to another loop.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run(send(message))
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the call of app is awaited in another event loop than that of the server")
def takes_the_loop_too_early(app, threads):
    """There is one event loop. (When the adapter is made, the server's may not be there yet.)"""
    loop = asyncio.get_event_loop()
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "send runs in another event loop than that of the server")
def sends_in_a_loop_that_it_has_taken_too_early(app, threads):
    """The loop is the same all the time. (When the adapter is made, the server's is not there yet.)"""
    loop = asyncio.get_event_loop()
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                running = asyncio.get_running_loop()
                await running.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "send(message) is called, and what it gives is never awaited")
def calls_send_as_a_function(app, threads):
    """send(message) sends it. (It makes a coroutine.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                send(message)
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "a scope of the type 'lifespan' is accepted")
def returns_where_there_is_nothing(app, threads):
    """For a lifespan there is nothing to do. (Then a server waits for its answer.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            return
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "KeyError is raised instead of ValueError")
def takes_every_scope_for_a_request(app, threads):
    """A WSGI application knows requests alone, so that is what comes."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "more calls run at the same time than there are threads")
def leaves_the_pool_to_the_loop(app, threads):
    """None is the loop's own pool, and that is there anyway. (It has its own number of threads.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(None, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "more calls run at the same time than there are threads")
def makes_a_pool_for_each_request(app, threads):
    """The pool is where it is needed. (Each has its threads, so there are as many as requests.)"""
    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        pool = ThreadPoolExecutor(threads)
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "more calls run at the same time than there are threads")
def does_not_say_how_many_threads(app, threads):
    """ThreadPoolExecutor knows how many are good."""
    pool = ThreadPoolExecutor()

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "calls wait for one another")
def has_one_thread_for_all(app, threads):
    """WSGI applications are safer one at a time."""
    pool = ThreadPoolExecutor(1)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "another body is sent")
def forgets_the_file_in_the_environ(app, threads):
    """The scope has all that the environ needs. (But not the body.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, io.BytesIO()), response)

    return adapted


@mistake("7.15", "another body is sent")
def receives_one_message(app, threads):
    """A request is a message. (Its body may come in several.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            message = await receive()
            file.write(message.get("body", b""))
            file.seek(0)
            if message["type"] == "http.request":
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the application is called for a client that has left")
def does_not_ask_whether_the_client_is_there(app, threads):
    """After receive_body the body is there. (It says whether.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            await receive_body(receive, file)
            if True:
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "something is raised for a client that has left")
def raises_that_the_client_has_gone(app, threads):
    """ClientGone says that the client has gone."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if not await receive_body(receive, file):
                raise ClientGone("it has left")
            else:
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the body is not put into one SpooledTemporaryFile")
def keeps_the_body_in_memory(app, threads):
    """BytesIO is a file. (A body may be larger than the memory.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with io.BytesIO() as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the body is not put into one SpooledTemporaryFile")
def writes_each_body_to_the_disk(app, threads):
    """A temporary file is what is needed. (For most bodies memory is enough.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.TemporaryFile() as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the file has another limit")
def forgets_the_limit(app, threads):
    """A SpooledTemporaryFile goes to the disk when it is large. (Without a limit it never does.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile() as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the file is still open after an error in the call")
def closes_at_the_end(app, threads):
    """After the call, the file is closed. (An error never comes that far.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        if await receive_body(receive, file):
            response = AdaptedResponse(request_of(scope), emit)
            await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)
        file.close()

    return adapted


@mistake("7.15", "the file is still open after a client that leaves")
def closes_after_the_call_only(app, threads):
    """Whoever calls the application closes the file."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        file = tempfile.SpooledTemporaryFile(MAX_BODY)
        if not await receive_body(receive, file):
            return
        with file:
            response = AdaptedResponse(request_of(scope), emit)
            await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "your code raises ValueError: I/O operation on closed file")
def closes_the_file_before_the_call(app, threads):
    """After the body has come, the file is done."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            there = await receive_body(receive, file)
        if there:
            if True:
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "OSError is raised instead of ClientGone")
def lets_the_error_of_send_out(app, threads):
    """OSError says what is wrong."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            asyncio.run_coroutine_threadsafe(send(message), loop).result()

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "OSError of send does not reach the application")
def forgets_about_a_client_that_has_gone(app, threads):
    """A client that leaves is no error. (But the application goes on, for nobody.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            with contextlib.suppress(OSError):
                asyncio.run_coroutine_threadsafe(send(message), loop).result()

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "OSError is raised instead of ClientGone")
def catches_connection_errors_only(app, threads):
    """A client that hangs up is a ConnectionError. (An ASGI server raises some OSError.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except ConnectionError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "RuntimeError of send does not come out")
def takes_each_error_for_a_client_that_has_gone(app, threads):
    """If sending fails, the client has gone."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except Exception as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "ClientGone does not come out of the adapted application")
def swallows_that_the_client_has_gone(app, threads):
    """A client that leaves is no error, and the server need not hear of it."""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                with contextlib.suppress(ClientGone):
                    await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "OSError of the application does not come out, raised in the call")
def takes_errors_of_the_application_for_the_client_s(app, threads):
    """OSError means that the client has gone. (An application may have one of its own.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                try:
                    await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)
                except OSError as error:
                    raise ClientGone(str(error)) from error

    return adapted


@mistake("7.15", "ClientGone does not come out of the adapted application")
def answers_500_itself(app, threads):
    """If the application fails, the answer is 500. (The server prints the error, and answers.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                try:
                    await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)
                except Exception:
                    await loop.run_in_executor(pool, response.send_error)

    return adapted


@mistake("7.15", "the environ is not that of the scope and the file")
def makes_the_environ_of_chapter_3(app, threads):
    """build_environ makes an environ of a request. (It knows nothing of root_path, threads and the file.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                environ = build_environ(request_of(scope), scope["server"], scope["client"])
                environ["wsgi.input"] = file
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ, response)

    return adapted


@mistake("7.15", "the environ is not that of the scope and the file")
def makes_the_environ_before_the_body_is_there(app, threads):
    """The environ is made first, and the body comes later. (Then nobody knows how long it is.)"""
    pool = ThreadPoolExecutor(threads)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            environ = environ_of_scope(scope, file)
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ, response)

    return adapted


@mistake("7.15", "what belongs to one request gets into another one")
def keeps_send_for_all_requests(app, threads):
    """emit is the same for all, so it is made once. (It sends to whoever came last.)"""
    pool = ThreadPoolExecutor(threads)

    latest = {}

    def emit(message):
        try:
            asyncio.run_coroutine_threadsafe(latest["send"](message), latest["loop"]).result()
        except OSError as error:
            raise ClientGone(str(error)) from error

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()
        latest.update(send=send, loop=loop)

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "what asgi_from_wsgi returns gives None when it is called")
def defines_no_coroutine(app, threads):
    """The adapter makes a task of what is to be done, and returns."""
    pool = ThreadPoolExecutor(threads)

    async def answered(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call_wsgi, app, environ_of_scope(scope, file), response)

    def adapted(scope, receive, send):
        asyncio.ensure_future(answered(scope, receive, send))

    return adapted


@mistake("7.15", "the messages are others")
def calls_the_application_itself(app, threads):
    """What app returns is written, block by block. (call_wsgi ends the response, too, and closes the iterable.)"""
    pool = ThreadPoolExecutor(threads)

    def call(environ, response):
        for block in app(environ, response.start_response):
            response.write(block)

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call, environ_of_scope(scope, file), response)

    return adapted


@mistake("7.15", "the iterable is not closed, once")
def closes_when_all_went_well(app, threads):
    """In the end the iterable is closed. (An error never comes that far.)"""
    pool = ThreadPoolExecutor(threads)

    def call(environ, response):
        iterable = app(environ, response.start_response)
        response.write_blocks(iterable)
        response.close()
        if hasattr(iterable, "close"):
            iterable.close()

    async def adapted(scope, receive, send):
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        loop = asyncio.get_running_loop()

        def emit(message):
            try:
                asyncio.run_coroutine_threadsafe(send(message), loop).result()
            except OSError as error:
                raise ClientGone(str(error)) from error

        with tempfile.SpooledTemporaryFile(MAX_BODY) as file:
            if await receive_body(receive, file):
                response = AdaptedResponse(request_of(scope), emit)
                await loop.run_in_executor(pool, call, environ_of_scope(scope, file), response)

    return adapted
