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


@mistake("7.1", "hello_app({'type': 'http', 'path': '/'}, receive, send) never ends")
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


@mistake("7.3", "take does not return what the generator returns")
async def runs_through_it_with_for(self, taking, seconds):
    """`for` runs a generator to its end. (It throws away what the generator returns.)"""
    end = time.monotonic() + seconds
    for _ in taking:
        await self.receive_more(end - time.monotonic())


@mistake("7.3", "take does not return what the generator returns")
async def gives_next_a_default(self, taking, seconds):
    """With a default next raises nothing, and the default says that it is over."""
    end = time.monotonic() + seconds
    while (value := next(taking, "all")) != "all":
        await self.receive_more(end - time.monotonic())
    return value


@mistake("7.3", "StopIteration comes out of the coroutine")
async def lets_the_end_out(self, taking, seconds):
    """The end of the generator ends the loop, too. (A coroutine must not raise StopIteration: that is its own end.)"""
    end = time.monotonic() + seconds
    while True:
        next(taking)
        await self.receive_more(end - time.monotonic())


@mistake("7.3", "coroutine 'receive_more' was never awaited")
async def forgets_await(self, taking, seconds):
    """receive_more is called as in chapter 2."""
    end = time.monotonic() + seconds
    while True:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        self.receive_more(end - time.monotonic())


@mistake("7.3", "more bytes are awaited, although the generator has not paused")
async def awaits_before_it_takes(self, taking, seconds):
    """First there must be something that can be taken."""
    end = time.monotonic() + seconds
    while True:
        await self.receive_more(end - time.monotonic())
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value


@mistake("7.3", "what is there already is not taken, where no time is left")
async def looks_at_the_clock_first(self, taking, seconds):
    """Where no time is left, nothing is done any more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        await self.receive_more(end - time.monotonic())
    raise TimeoutError("the time is over")


@mistake("7.3", "the time begins anew with each pause")
async def gives_all_the_seconds_each_time(self, taking, seconds):
    """seconds are for receive_more, which takes them."""
    while True:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        await self.receive_more(seconds)


@mistake("7.3", "time that passes in the generator is not counted")
async def counts_the_waiting_alone(self, taking, seconds):
    """The seconds are for waiting: what a wait has taken is taken away from them."""
    while True:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        begin = time.monotonic()
        await self.receive_more(seconds)
        seconds -= time.monotonic() - begin


@mistake("7.3", "parts of a second are cut off")
async def gives_whole_seconds(self, taking, seconds):
    """Nobody needs parts of a second."""
    end = time.monotonic() + seconds
    while True:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        await self.receive_more(int(end - time.monotonic()))


@mistake("7.3", "receive_more is given another time")
async def gives_the_moment_of_the_end(self, taking, seconds):
    """The end is a moment, and receive_more awaits it. (It takes a number of seconds from now.)"""
    end = time.monotonic() + seconds
    while True:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        await self.receive_more(end)


@mistake("7.3", "the time ends too early or too late")
async def gives_a_second_at_least(self, taking, seconds):
    """A negative time would make no sense, so there is always a second more."""
    end = time.monotonic() + seconds
    while True:
        try:
            next(taking)
        except StopIteration as stop:
            return stop.value
        await self.receive_more(max(end - time.monotonic(), 1))


@mistake("7.3", "what the generator raises is not let out: HeadTooLarge")
async def takes_every_exception_for_the_end(self, taking, seconds):
    """The generator ends with an exception, so an exception is its end."""
    end = time.monotonic() + seconds
    while True:
        try:
            next(taking)
        except Exception as stop:
            return getattr(stop, "value", None)
        await self.receive_more(end - time.monotonic())


@mistake("7.3", "what receive_more raises is not let out: ClientGone")
async def ends_quietly_when_the_client_has_gone(self, taking, seconds):
    """Nobody is there who could send more: that is the end."""
    end = time.monotonic() + seconds
    while True:
        try:
            next(taking)
            await self.receive_more(end - time.monotonic())
        except StopIteration as stop:
            return stop.value
        except ClientGone:
            return None


@mistake("7.3", "no TimeoutError comes out")
async def gives_up_without_a_word(self, taking, seconds):
    """When the time is over, there is no value."""
    end = time.monotonic() + seconds
    with contextlib.suppress(TimeoutError):
        while True:
            try:
                next(taking)
            except StopIteration as stop:
                return stop.value
            await self.receive_more(end - time.monotonic())


@mistake("7.4", "the connection is not closed in three steps")
async def closes_at_once(self):
    """The connection is to be closed: close() does it."""
    self.writer.close()


@mistake("7.4", "the connection is not closed in three steps")
async def does_not_say_that_this_was_all(self):
    """close() says it, too. (But the client waits for it before it hangs up.)"""
    try:
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()


@mistake("7.4", "the connection is not closed in three steps")
async def closes_and_then_reads(self):
    """What is closed can't get new bytes, and the rest is soon read."""
    try:
        self.writer.write_eof()
        self.writer.close()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        self.writer.close()


@mistake("7.4", "the connection is not closed in three steps")
async def only_waits_a_while(self):
    """A second is enough for every client."""
    try:
        self.writer.write_eof()
        await asyncio.sleep(LINGER)
    except OSError:
        pass
    finally:
        self.writer.close()


@mistake("7.4", "time.sleep is called in a coroutine")
async def sleeps_a_while(self):
    """A second is enough for every client. (In it, no other client is served.)"""
    try:
        self.writer.write_eof()
        time.sleep(LINGER)
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()


@mistake("7.4", "coroutine 'wait_for' was never awaited")
async def forgets_await_before_wait_for(self):
    """wait_for waits, as its name says."""
    try:
        self.writer.write_eof()
        asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()


@mistake("7.4", "what still comes is kept")
async def receives_more_until_the_end(self):
    """There is a method that reads, and it raises ClientGone at the end."""
    try:
        self.writer.write_eof()
        end = time.monotonic() + LINGER
        while True:
            await self.receive_more(end - time.monotonic())
    except OSError:
        pass
    finally:
        self.writer.close()


@mistake("7.4", "all that comes is read into the memory at once")
async def reads_all_at_once(self):
    """read() reads until the end: that is all that is wanted."""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.reader.read(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()


@mistake("7.4", "a client that stays is not closed after LINGER seconds")
async def waits_for_every_client(self):
    """When a client has its answer, it hangs up."""
    try:
        self.writer.write_eof()
        await self.read_the_rest()
    except OSError:
        pass
    finally:
        self.writer.close()


@mistake("7.4", "a client that stays is not closed after LINGER seconds")
async def lingers_anew_with_each_block(self):
    """The time limit belongs to the read that may take long."""
    try:
        self.writer.write_eof()
        while await asyncio.wait_for(self.reader.read(RECV_SIZE), LINGER):
            pass
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()


@mistake("7.4", "hang_up raises something where the client stays")
async def catches_what_a_socket_raises_alone(self):
    """Whoever leaves resets the connection, or its pipe is broken."""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except ConnectionError:
        pass
    finally:
        self.writer.close()


@mistake("7.4", "hang_up waits for the connection after it has closed it")
async def waits_until_it_is_closed(self):
    """After close() comes wait_closed(), as in the examples of Python's documentation."""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


@mistake("7.4", "RuntimeError is swallowed, raised by write_eof")
async def catches_every_exception(self):
    """The connection is closed anyway: what goes wrong here is no matter."""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except Exception:
        pass
    finally:
        self.writer.close()


@mistake("7.4", "RuntimeError is swallowed, raised by write_eof")
async def returns_in_finally(self):
    """After close there is nothing more to do. (`return` in `finally` throws the exception away.)"""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        self.writer.close()
        return  # noqa: B012


@mistake("7.4", "the connection is still open after write_eof has raised RuntimeError")
async def closes_where_all_is_well(self):
    """What comes after the `try` is done in every case. (Not if an exception is let out.)"""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError):
        pass
    self.writer.close()


@mistake("7.4", "CancelledError is swallowed")
async def takes_a_cancelled_task_for_a_late_client(self):
    """wait_for cancels what takes too long, so CancelledError is what comes of it."""
    try:
        self.writer.write_eof()
        await asyncio.wait_for(self.read_the_rest(), LINGER)
    except (OSError, asyncio.TimeoutError, asyncio.CancelledError):
        pass
    finally:
        self.writer.close()


@mistake("7.5", "coroutine 'Exchange.next_part' was never awaited")
async def hands_the_coroutine_on(self):
    """What next_part gives is what is returned."""
    try:
        if self.taking:
            return self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "the messages are not the parts of the body")
async def gathers_the_whole_body(self):
    """An application wants a body, and not its parts."""
    try:
        if self.taking:
            message = await self.next_part()
            while message["more_body"]:
                part = await self.next_part()
                message = part | {"body": message["body"] + part["body"]}
            return message
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "the body is not given once the response has ended")
async def looks_at_the_end_first(self):
    """Where the response has ended, there is nothing more to say but that."""
    if self.ended.is_set():
        return {"type": "http.disconnect"}
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "next_part is called after the body")
async def asks_for_a_part_each_time(self):
    """next_part knows best what comes next."""
    try:
        return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "after the body it does not wait for self.ended")
async def says_at_once_that_it_is_over(self):
    """After the body nothing comes any more."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    return {"type": "http.disconnect"}


@mistake("7.5", "coroutine 'Event.wait' was never awaited")
async def forgets_to_await_the_event(self):
    """wait waits, as that of threading does."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "your coroutine never ends: it goes round and round")
async def asks_again_and_again(self):
    """sleep(0) lets the others run until the end has come. (It keeps the processor busy all the time.)"""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    while not self.ended.is_set():
        await asyncio.sleep(0)
    return {"type": "http.disconnect"}


@mistake("7.5", "it does not return when self.ended is set")
async def asks_now_and_then(self):
    """Every tenth of a second is often enough."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    while not self.ended.is_set():
        await asyncio.sleep(0.1)
    return {"type": "http.disconnect"}


@mistake("7.5", "after the body, time alone ends the waiting")
async def waits_with_a_limit(self):
    """Whatever waits needs a time limit."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(self.ended.wait(), REQUEST_SECONDS)
    return {"type": "http.disconnect"}


@mistake("7.5", "receive returns None, not a dict")
async def tells_the_end_once(self):
    """The event has done its work, and is cleared."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    if self.ended.is_set() and not self.gone:
        return None
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "BadRequest is let out")
async def raises_the_refusal_too(self):
    """The application is to know what is wrong with the body."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
        raise
    except OSError:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "the BadRequest is not kept in self.refusal")
async def treats_all_failures_alike(self):
    """Whatever goes wrong, the client is not served any more."""
    try:
        if self.taking:
            return await self.next_part()
    except (BadRequest, OSError):
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "ClientGone is kept in self.refusal")
async def keeps_every_failure(self):
    """What goes wrong is kept, so that the server can tell it."""
    try:
        if self.taking:
            return await self.next_part()
    except (BadRequest, OSError) as error:
        self.refusal = error
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "TimeoutError is let out, raised by next_part")
async def knows_only_clients_that_hang_up(self):
    """The client has gone: that is ClientGone."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except ClientGone:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "the exchange is not disconnected, after a BadRequest")
async def waits_for_the_answer_to_a_lost_client(self):
    """The client has gone; the end comes when the application has answered. (It waits for receive to tell it.)"""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.taking = None
    except OSError:
        self.taking = None
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "RuntimeError is swallowed, raised by next_part")
async def takes_every_error_for_a_lost_client(self):
    """Whatever goes wrong while the client sends, it is the client's doing."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except Exception:
        self.disconnect()
    await self.ended.wait()
    return {"type": "http.disconnect"}


@mistake("7.5", "CancelledError is swallowed, after the body")
async def turns_a_cancelled_task_into_a_disconnect(self):
    """Who is cancelled while it waits for the end has come to the end."""
    try:
        if self.taking:
            return await self.next_part()
        await self.ended.wait()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except (OSError, asyncio.CancelledError):
        self.disconnect()
    return {"type": "http.disconnect"}


@mistake("7.5", "the client counts as gone, though its response has ended well")
async def disconnects_whoever_is_told_of_the_end(self):
    """Where the application is told that the client has gone, the exchange is to know it too."""
    try:
        if self.taking:
            return await self.next_part()
    except BadRequest as error:
        self.refusal = error
        self.disconnect()
    except OSError:
        self.disconnect()
    await self.ended.wait()
    self.disconnect()
    return {"type": "http.disconnect"}


@mistake("7.6", "not what the message says is done, and drained awaited after it")
async def awaits_before_it_sends(self, message):
    """First there must be room for what is sent."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        await self.streams.drained()
        do(message)
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "coroutine 'drained' was never awaited")
async def calls_drained_only(self, message):
    """drained is called, and the client takes what was sent."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "not what the message says is done, and drained awaited after it")
async def awaits_the_client_for_the_body_alone(self, message):
    """A head is small: it needs no waiting."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    try:
        if message["type"] == "http.response.start":
            self.start(message)
        elif message["type"] == "http.response.body":
            self.add(message)
            await self.streams.drained()
        else:
            raise ValueError(message["type"])
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "send does not return when the client has taken what was sent")
async def leaves_the_waiting_to_a_task(self, message):
    """The application need not wait: a task does it. (So nothing holds the application up.)"""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        task = asyncio.create_task(self.streams.drained())
        await asyncio.sleep(0)
        if task.done():
            task.result()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "KeyError is raised instead of ValueError")
async def looks_the_type_up_in_a_dict(self, message):
    """A type that is not in the dict raises by itself."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}[message["type"]]
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "another type is not refused")
async def takes_all_else_for_a_body(self, message):
    """There are two types of messages: what is not the one is the other."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    try:
        if message["type"] == "http.response.start":
            self.start(message)
        else:
            self.add(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "another type is not refused")
async def looks_at_the_last_word(self, message):
    """The last word of the type says what to do."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"start": self.start, "body": self.add}.get(message["type"].rpartition(".")[2])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "the ValueError does not name the type")
async def does_not_say_which_type(self, message):
    """ValueError says enough."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError("this is no type of a message")
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "nothing is raised, although the client has gone")
async def drops_what_nobody_reads(self, message):
    """The client has gone, and so nothing is to be done."""
    if self.gone:
        return
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "ValueError is raised instead of OSError")
async def looks_at_the_type_first(self, message):
    """A wrong message is wrong in every case."""
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "after a disconnect no OSError is raised")
async def looks_at_the_end_before_the_client(self, message):
    """Two questions, and their order is no matter. (A disconnect sets self.ended, too.)"""
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    if self.gone:
        raise ClientGone("the client has gone")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "nothing is raised, although the response has ended")
async def sends_after_the_end(self, message):
    """The response itself refuses what comes too late."""
    if self.gone:
        raise ClientGone("the client has gone")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None and not self.ended.is_set():
        raise ValueError(message["type"])
    try:
        if do:
            do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "OSError is raised instead of RuntimeError")
async def says_of_an_ended_response_that_the_client_has_gone(self, message):
    """In both cases nobody reads what is sent."""
    if self.gone or self.ended.is_set():
        raise OSError("nobody reads it")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "after the last part, drained is not awaited")
async def awaits_nothing_after_the_last_part(self, message):
    """What was the last part need not be held up: nothing follows."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        if not self.ended.is_set():
            await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "ClientGone is swallowed, raised by start")
async def notes_that_the_client_has_gone(self, message):
    """The next send raises OSError: that is early enough."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except ClientGone:
        self.disconnect()


@mistake("7.6", "the exchange is not disconnected after ClientGone, raised by start")
async def expects_clientgone_of_drained_alone(self, message):
    """start and add put bytes into memory: the client is met in drained."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    do(message)
    try:
        await self.streams.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "the exchange is disconnected after AssertionError, raised by start")
async def disconnects_after_every_error(self, message):
    """Whatever goes wrong, this exchange is over."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except Exception:
        self.disconnect()
        raise


@mistake("7.6", "the exchange is disconnected after ConnectionResetError, raised by start")
async def takes_every_oserror_for_a_lost_client(self, message):
    """ClientGone is an OSError, and so are all others of the connection."""
    if self.gone:
        raise ClientGone("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.streams.drained()
    except OSError:
        self.disconnect()
        raise


@mistake("7.7", "a value with a byte above 127 is refused")
def decodes_everything_as_utf_8(self, message):
    """Bytes are text in UTF-8, as decode() has it by default. (Header values are bytes of any kind.)"""
    headers = [(name.decode(), value.decode()) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a value is decoded as UTF-8")
def decodes_with_replacements(self, message):
    """What is no UTF-8 cannot be read anyway, so a replacement does for it."""
    headers = [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the headers are not those of the message")
def makes_a_str_of_bytes_with_str(self, message):
    """str() makes a str of anything. (Of bytes, it makes what repr shows.)"""
    headers = [(str(name), str(value)) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the header CONNECTION is not left out, alone")
def counts_on_names_in_lower_case(self, message):
    """ASGI says that names are in lower case, so they are. (It asks applications for it, and not all do so.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [pair for pair in headers if pair[0] not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a message without headers is refused")
def counts_on_headers_in_the_message(self, message):
    """Every response has headers, so the key is there."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a status is refused: 299")
def asks_the_standard_library_for_the_phrase(self, message):
    """http.HTTPStatus knows all codes. (It raises ValueError for those that nobody has named.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    status = http.HTTPStatus(message["status"])
    self.response.start_response(f"{status.value} {status.phrase}", headers)


@mistake("7.7", "the status is an int, not a str")
def hands_on_the_code_alone(self, message):
    """A status is a number in ASGI, and it is handed on as it came."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(message["status"], headers)


@mistake("7.7", "start sends something")
def sends_the_head_with_the_start(self, message):
    """The start of a response is its head, so it can go. (Its length is not known yet, nor whether all goes well.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)
    if self.response.status:
        self.response.send(self.response.head_once())


@mistake("7.7", "the message is changed")
def takes_headers_out_of_the_message(self, message):
    """What is not allowed is removed where it stands. (The application may send the same list with each answer.)"""
    headers = list(message.get("headers", []))
    if "headers" in message:
        message["headers"] = [pair for pair in headers if pair[0].decode("latin-1").lower() not in HOP_BY_HOP]
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the headers are not those of the message")
def keeps_headers_in_a_dict(self, message):
    """A dict of names and values is how one thinks of headers. (Set-Cookie is there twice.)"""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message.get("headers", [])}
    allowed = [(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "the headers are no tuples of two str")
def makes_lists_of_the_pairs(self, message):
    """A pair is a list with two in it."""
    headers = [[part.decode("latin-1") for part in pair] for pair in message.get("headers", [])]
    headers = [pair for pair in headers if pair[0].lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "the headers are a filter, not a list")
def hands_on_a_filter(self, message):
    """filter() chooses. (It is no list, and start_response takes nothing else.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    allowed = filter(lambda pair: pair[0].lower() not in HOP_BY_HOP, headers)
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "a second start is no error")
def does_not_mind_a_second_start(self, message):
    """The response has begun, and that is all that is wanted."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    if not self.response.started:
        self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a header of the application's is left out or changed")
def looks_for_parts_of_names(self, message):
    """`in` finds the names. (In a text it finds parts of it: `te` is in `date`.)"""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
    allowed = [(name, value) for name, value in headers if not any(f"{word}-" in name.lower() + "-"
                                                                   for word in HOP_BY_HOP - {"te"})
               and name.lower() != "te"]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "a header is written in another case")
def writes_all_names_in_lower_case(self, message):
    """In lower case they can be compared, and in ASGI they are so anyway."""
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message.get("headers", [])]
    headers = [(name, value) for name, value in headers if name not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", headers)


@mistake("7.7", "a status that is no int is accepted")
def makes_an_int_of_the_status(self, message):
    """Be liberal in what you accept: some application may send a str."""
    status = int(message["status"])
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ())]
    allowed = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{status} {phrase(status)}", allowed)


@mistake("7.7", "headers that a generator gives are not those of the message")
def goes_through_the_headers_twice(self, message):
    """Two short lines, one for the names and one for the values."""
    pairs = message.get("headers", ())
    names = [name.decode("latin-1") for name, _ in pairs]
    values = [value.decode("latin-1") for _, value in pairs]
    allowed = [(name, value) for name, value in zip(names, values, strict=False) if name.lower() not in HOP_BY_HOP]
    self.response.start_response(f"{message['status']} {phrase(message['status'])}", allowed)


@mistake("7.7", "what start_response refuses is tried again, with something else")
def begins_without_headers_that_are_refused(self, message):
    """A page without its headers is better than no page. (It is another page, and nobody learns of the mistake.)"""
    status = f"{message['status']} {phrase(message['status'])}"
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ())]
    headers = [(name, value) for name, value in pairs if name.lower() not in HOP_BY_HOP]
    try:
        self.response.start_response(status, headers)
    except ValueError:
        self.response.started = False
        self.response.start_response(status, [])


@mistake("7.8", "the head of a response that is one message does not have its length")
def knows_no_length(self, message):
    """The application has not said how long its body is, so nobody knows. (The server does: it has all of it.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.response.known_length is set, though more is to follow")
def takes_the_first_part_for_the_whole_body(self, message):
    """The length of the body is that of what comes first."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not self.response.head_sent:
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "message 1 of a response, without body, is refused")
def counts_on_a_body_in_the_message(self, message):
    """A message of the type http.response.body has a body."""
    block, more = message["body"], message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "message 1 of a response, without more_body, is refused")
def counts_on_more_body_in_the_message(self, message):
    """The application says whether more will follow."""
    block, more = message.get("body", b""), message["more_body"]
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "the head of a response that is one message does not have its length")
def expects_more_unless_told(self, message):
    """As long as nobody says that this was all, more will follow."""
    block, more = message.get("body", b""), message.get("more_body", True)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "an empty first body does not send the head")
def leaves_the_head_to_write(self, message):
    """write sends the head with the first block. (With the first that is not empty.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "an empty first body sends more than the head")
def takes_an_empty_body_for_the_end(self, message):
    """An empty body has nothing in it, so nothing follows."""
    block = message.get("body", b"")
    more = message.get("more_body", False) and block != b""
    self.response.known_length = None if message.get("more_body") else len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more and not self.ended.is_set():
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.ended is set while more is to follow")
def ends_with_each_message(self, message):
    """What the message says is done."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
    self.ended.set()


@mistake("7.8", "self.ended is set before self.response.head_once is called")
def says_that_it_has_ended_first(self, message):
    """With this message the response ends. (Not yet: it has to be sent.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    if not more and self.response.status:
        self.ended.set()
    try:
        self.response.send(self.response.head_once())
        self.response.write(block)
    except BaseException:
        self.ended.clear()
        raise
    if not more:
        self.response.close()


@mistake("7.8", "self.ended is not set after the only message")
def tells_nobody_of_the_end(self, message):
    """The response is closed, and that is the end of it."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()


@mistake("7.8", "the parts are not sent as chunks, each once and in order")
def does_not_close_the_response(self, message):
    """All blocks are written, so all is sent. (But for the last chunk.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.ended.set()


@mistake("7.8", "the head of a response in parts does not say that chunks come")
def collects_the_parts(self, message):
    """With all parts in hand the length is known, and no chunks are needed. (The client waits, and memory fills.)"""
    self.parts = getattr(self, "parts", b"") + message.get("body", b"")
    if not message.get("more_body", False):
        self.response.known_length = len(self.parts)
        self.response.send(self.response.head_once())
        self.response.write(self.parts)
        self.response.close()
        self.ended.set()


@mistake("7.8", "the parts are not sent as chunks, each once and in order")
def sends_the_parts_as_they_are(self, message):
    """The body is bytes, and bytes are sent."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.send(block)
    self.response.sent += len(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "a body that is too long is no error")
def does_not_mind_a_body_that_is_too_long(self, message):
    """The client gets what was announced, so all is well."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    with contextlib.suppress(ValueError):
        self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.ended is set after an error")
def ends_in_every_case(self, message):
    """Whoever waits for the end is not to wait for ever. (run sees to that; before, it answers 500.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    try:
        self.response.send(self.response.head_once())
        self.response.write(block)
        if not more:
            self.response.close()
    finally:
        if not more:
            self.ended.set()


@mistake("7.8", "the message is changed")
def takes_the_body_out_of_the_message(self, message):
    """pop gives what is there, or else a default, as get does."""
    block, more = message.pop("body", b""), message.pop("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "self.ended is another object than before")
def makes_an_event_of_its_own(self, message):
    """A new event for a new end."""
    block, more = message.get("body", b""), message.get("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended = asyncio.Event()
        self.ended.set()


@mistake("7.8", "the message is changed")
def fills_in_what_is_missing(self, message):
    """setdefault has value and default in one word."""
    block, more = message.setdefault("body", b""), message.setdefault("more_body", False)
    if not (more or self.response.head_sent):
        self.response.known_length = len(block)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.9", "SystemExit comes out of run (an application that raises SystemExit)")
async def takes_every_exception_for_an_exception(self, app, scope):
    """except Exception catches all exceptions. (But for those that are no Exception, such as that of sys.exit.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except Exception:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "KeyboardInterrupt comes out of run (an application that raises KeyboardInterrupt)")
async def lets_ctrl_c_out_as_in_chapter_4(self, app, scope):
    """In chapter 4, KeyboardInterrupt was let out. (Here a signal sets an event, and no Ctrl-C is raised anywhere.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "nothing is answered (an application that raises ConnectionResetError)")
async def takes_every_os_error_for_the_client(self, app, scope):
    """send raises OSError when the client has gone. (The application's database may raise one, too.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set() and not self.gone:
            raise RuntimeError("no end")
    except (asyncio.CancelledError):
        raise
    except OSError:
        pass
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "nothing is answered (an application that returns before its head)")
async def does_not_mind_a_missing_end(self, app, scope):
    """Who returns without an error has made none."""
    try:
        await app(scope, self.receive, self.send)
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "a traceback is printed where no exception is handled")
async def fails_without_an_exception(self, app, scope):
    """fail does what has to be done. (It prints the exception that is handled, and here there is none.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            self.fail()
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "a call that is cancelled does not let CancelledError out")
async def catches_everything(self, app, scope):
    """Whatever is raised is an error. (CancelledError too is a BaseException.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except BaseException as error:
        if not (self.gone or isinstance(error, asyncio.CancelledError)):
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "a call that is cancelled does not let CancelledError out")
async def returns_in_finally_too(self, app, scope):
    """At the end comes a return. (In `finally`, it drops what is raised.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()
        return  # noqa: B012


@mistake("7.9", "self.ended is not set (the call is cancelled)")
async def ends_only_what_is_not_cancelled(self, app, scope):
    """After the try, all errors are dealt with. (But CancelledError does not come there.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    self.ended.set()


@mistake("7.9", "something is sent besides the application's own (the call is cancelled)")
async def answers_what_is_cancelled(self, app, scope):
    """A call that is ended has failed, and its client is told. (The server itself ends it, and the connection too.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except BaseException as error:
        if not self.gone:
            self.fail()
        if isinstance(error, asyncio.CancelledError):
            raise
    finally:
        self.ended.set()


@mistake("7.9", "something is printed where the client has gone")
async def prints_what_comes_of_a_client_that_leaves(self, app, scope):
    """An exception is an error, and errors are printed. (send raises one where the client has gone: see 7.6.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "the connection is not kept where the error comes after a whole answer")
async def answers_500_in_every_case(self, app, scope):
    """send_error looks itself whether the head has gone. (But it gives the connection up.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            traceback.print_exc()
            self.response.send_error()
    finally:
        self.ended.set()


@mistake("7.9", "nothing is answered (an application that fails in its call)")
async def says_that_it_has_ended_before_it_fails(self, app, scope):
    """First the others go on, and then comes the rest. (fail asks for self.ended: an answer that has ended has no 500.)
    """
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        self.ended.set()
        raise
    except BaseException:
        self.ended.set()
        if not self.gone:
            self.fail()


@mistake("7.9", "an application that returns a future is an error")
async def makes_a_task_of_the_call(self, app, scope):
    """Each call is a task. (create_task takes coroutines alone, and SystemExit in a task ends the loop.)"""
    try:
        await asyncio.create_task(app(scope, self.receive, self.send))
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "coroutine 'app' was never awaited")
async def forgets_to_await_too(self, app, scope):
    """An application is called with three arguments, and that is the call."""
    try:
        app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "coroutine 'app' was never awaited")
async def runs_the_coroutine_itself(self, app, scope):
    """asyncio.run runs a coroutine. (In a loop of its own, and there can be one in a thread.)"""
    try:
        asyncio.run(app(scope, self.receive, self.send))
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "run returns before the application does")
async def awaits_the_end_of_the_response(self, app, scope):
    """When the response has ended, all is done."""
    call = asyncio.ensure_future(app(scope, self.receive, self.send))
    ended = asyncio.ensure_future(self.ended.wait())
    try:
        await asyncio.wait([call, ended], return_when=asyncio.FIRST_COMPLETED)
        if call.done():
            call.result()
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        call.cancel()
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        ended.cancel()
        self.ended.set()


@mistake("7.9", "the application is not called with three arguments, by position")
async def calls_the_application_with_keywords(self, app, scope):
    """Names make a call clearer. (An application may name its parameters as it likes.)"""
    try:
        await app(scope=scope, receive=self.receive, send=self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "the traceback is printed more than once")
async def prints_and_fails(self, app, scope):
    """The traceback is printed, and then fail answers. (It prints too.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.ended.is_set():
            raise RuntimeError("no end")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            traceback.print_exc()
            self.fail()
    finally:
        self.ended.set()


@mistake("7.9", "something is printed (an answer that has ended, and has fewer bytes than it has promised)")
async def asks_whether_the_answer_is_whole(self, app, scope):
    """An answer is right when all of it has gone. (One that has ended too early is an end as well.)"""
    try:
        await app(scope, self.receive, self.send)
        if not self.response.whole:
            raise RuntimeError("the application has returned, and its response is not whole")
    except asyncio.CancelledError:
        raise
    except BaseException:
        if not self.gone:
            self.fail()
    finally:
        self.ended.set()


@mistake("7.10", "the application is not called once for both events")
async def begins_a_call_with_each_event(self, event):
    """An event is a call, as a request is one."""
    self.call = asyncio.create_task(self.run())
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "lifespan.tell(…) never ends")
async def awaits_the_call(self, event):
    """A coroutine is awaited. (This one lasts as long as the server.)"""
    if self.call is None:
        self.call = await self.run()
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "lifespan.tell(…) never ends")
async def asks_for_the_answer_before_it_tells(self, event):
    """The application may already have said something."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    answer = await self.answers.get()
    await self.events.put({"type": f"lifespan.{event}"})
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "coroutine 'Queue.put' was never awaited")
async def forgets_to_await_put(self, event):
    """put puts. (It is a coroutine: a call alone does nothing.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "tell returns before the application has answered")
async def awaits_no_answer(self, event):
    """The application has been told, and that is what tell is for."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    await asyncio.sleep(0)
    if self.answers.empty():
        return
    answer = self.answers.get_nowait()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "tell raises QueueEmpty")
async def takes_an_answer_without_waiting(self, event):
    """What was put can be got. (The application has not run yet.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    self.events.put_nowait({"type": f"lifespan.{event}"})
    answer = self.answers.get_nowait()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "lifespan.tell(…) never ends")
async def tells_a_call_that_has_ended(self, event):
    """To each event there is an answer. (Where nobody is there any more, there is none.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "an application whose call has ended is called again")
async def begins_again_what_has_ended(self, event):
    """Somebody must be there to be told."""
    if self.call is None or self.call.done():
        self.call = asyncio.create_task(self.run())
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "tell raises KeyError")
async def counts_on_a_message(self, event):
    """Who fails says why. (It may: message is optional.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer["message"])


@mistake("7.10", "LifespanFailed does not have the message of the answer")
async def has_none_for_a_message(self, event):
    """get gives the message, or None. (And str(LifespanFailed(None)) is 'None'.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message"))


@mistake("7.10", "LifespanFailed is raised (an application that answers nothing, and whose call ends)")
async def takes_all_but_complete_for_a_failure(self, event):
    """What is not complete has failed. (Most applications know nothing of lifespan, and raise.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] in ("lifespan.raised", f"lifespan.{event}.failed"):
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "LifespanFailed is raised (the answer lifespan.shutdown.failed to startup)")
async def looks_at_the_end_of_the_type(self, event):
    """What ends with failed has failed. (Also where something else was asked.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"].endswith(".failed"):
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "nothing is raised for the answer lifespan.shutdown.failed")
async def knows_the_failure_of_startup_alone(self, event):
    """At shutdown it is too late for a failure."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == "lifespan.startup.failed" and event == "startup":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "the application does not receive the two events as they should be")
async def tells_the_bare_event(self, event):
    """The event has a name, and that is its type."""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
    if self.call.done():
        return
    await self.events.put({"type": event})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.10", "LifespanFailed is not raised where the application fails at once, and returns")
async def lets_the_call_run_first(self, event):
    """The task is given a moment, so that done() is right. (Then an answer may be there that nobody takes.)"""
    if self.call is None:
        self.call = asyncio.create_task(self.run())
        await asyncio.sleep(0)
    if self.call.done():
        return
    await self.events.put({"type": f"lifespan.{event}"})
    answer = await self.answers.get()
    if answer["type"] == f"lifespan.{event}.failed":
        raise LifespanFailed(answer.get("message", ""))


@mistake("7.11", "the task is not in self.idle alone while next_request is awaited")
async def leaves_the_task_in_both_sets(self, streams, task):
    """The task is busy from its first request on: nobody takes it out again. (The stop waits for it.)"""
    kept = True
    while kept and not self.stopping:
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.11", "the task is not in self.idle alone while next_request is awaited")
async def notes_the_waiting_after_it(self, streams, task):
    """First the request, and then who has it. (While the task waits, it is in no set.)"""
    kept = True
    while kept and not self.stopping:
        request = await streams.next_request()
        self.busy.add(task)
        kept = await self.answer(streams, request)
        self.busy.discard(task)
        self.idle.add(task)


@mistake("7.11", "the task is not in self.busy alone while answer is awaited")
async def stays_idle_while_it_answers(self, streams, task):
    """One set is enough to find the connections that may be ended. (The answer is cut off then.)"""
    kept = True
    self.idle.add(task)
    while kept and not self.stopping:
        request = await streams.next_request()
        self.busy.add(task)
        kept = await self.answer(streams, request)
        self.busy.discard(task)


@mistake("7.11", "coroutine 'AsyncServer.answer' was never awaited")
async def forgets_to_await_the_answer(self, streams, task):
    """answer is called, so it is done. (A coroutine that was called has not begun, and counts as true.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = self.answer(streams, request)


@mistake("7.11", "a connection that is kept is not gone on with")
async def answers_one_request(self, streams, task):
    """One connection, one request, as in chapter 4."""
    self.idle.add(task)
    request = await streams.next_request()
    self.idle.discard(task)
    self.busy.add(task)
    await self.answer(streams, request)


@mistake("7.11", "another request is awaited, though answer has returned False")
async def goes_on_until_the_client_leaves(self, streams, task):
    """The client says when it has enough: it hangs up. (It waits for the server to do so.)"""
    while not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        await self.answer(streams, request)


@mistake("7.11", "another request is awaited, though self.stopping has become true")
async def asks_at_the_beginning_whether_it_stops(self, streams, task):
    """Whether the server stops is asked once, where the connection begins."""
    kept = not self.stopping
    while kept:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.11", "a request that came while the server was being stopped is not the last one answered")
async def throws_away_a_request_that_came_late(self, streams, task):
    """Who stops takes nothing more on. (But this request was sent in good faith, and is here.)"""
    kept = True
    while kept:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        if self.stopping:
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request) and not self.stopping


@mistake("7.11", "ConnectionResetError, raised by next_request, is not let out")
async def takes_a_client_that_leaves_for_the_end(self, streams, task):
    """A client that has left is the end of the loop, and no error."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await streams.next_request()
        except OSError:
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.11", "BadRequest, raised by next_request, is not let out")
async def refuses_a_bad_request_itself(self, streams, task):
    """A bad request is answered where it is met. (handle does it, for all of them.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await streams.next_request()
        except BadRequest as error:
            streams.refuse(error.status, str(error))
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.11", "CancelledError, raised by next_request, is not let out")
async def ends_quietly_when_it_is_cancelled(self, streams, task):
    """A task that is cancelled returns, and that is all. (Its caller takes it for one that has come to its end.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await streams.next_request()
        except asyncio.CancelledError:
            break
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.11", "self.idle or self.busy is another set than before")
async def makes_new_sets(self, streams, task):
    """`self.busy - {task}` is the set without the task. (It is a new one, and others hold the old one.)"""
    kept = True
    while kept and not self.stopping:
        self.idle, self.busy = self.idle | {task}, self.busy - {task}
        request = await streams.next_request()
        self.idle, self.busy = self.idle - {task}, self.busy | {task}
        kept = await self.answer(streams, request)


@mistake("7.11", "another task has gone from its set")
async def empties_the_sets(self, streams, task):
    """Nobody is idle any more, so the set is empty. (There are other connections.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.clear()
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.11", "Python gives up on a connection that is kept for long: RecursionError")
async def calls_itself_for_the_next_request(self, streams, task):
    """The rest of the connection is a connection, too. (One that is kept for long is too deep for Python.)"""
    self.busy.discard(task)
    self.idle.add(task)
    request = await streams.next_request()
    self.idle.discard(task)
    self.busy.add(task)
    if await self.answer(streams, request) and not self.stopping:
        await self.converse(streams, task)


@mistake("7.11", "RuntimeError, raised by answer, is not let out")
async def prints_what_goes_wrong_in_an_answer(self, streams, task):
    """A server goes on, whatever one answer raises."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        try:
            kept = await self.answer(streams, request)
        except (OSError, BadRequest, asyncio.CancelledError, KeyboardInterrupt):
            raise
        except Exception:
            traceback.print_exc()
            return


@mistake("7.11", "something is done to the connection itself")
async def hangs_up_at_the_end(self, streams, task):
    """A connection that is not kept is closed."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)
    await streams.hang_up()


@mistake("7.11", "another task than the one that was given is put into self.idle")
async def asks_asyncio_for_the_task(self, streams, task):
    """asyncio knows which task this is. (converse was told so already.)"""
    task = asyncio.current_task()
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await streams.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(streams, request)


@mistake("7.12", "run is not a task of its own")
async def awaits_the_application(self, streams, request):
    """Calling the application is what the server is there for: await it. (And what it does after its answer, too.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    async with self.watching(streams, exchange):
        await exchange.run(self.app, scope)
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "answer waits until the application has ended")
async def awaits_the_task(self, streams, request):
    """A task that was begun is awaited, lest something of it is lost."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.note(call)
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
        await call
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "answer waits until the application has ended")
async def gathers_both(self, streams, request):
    """gather runs several things at the same time. (And ends with the last of them.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    async with self.watching(streams, exchange):
        call = asyncio.create_task(exchange.run(self.app, scope))
        self.note(call)
        await asyncio.gather(call, exchange.ended.wait())
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of the call is not in self.busy, before the end")
async def keeps_no_task(self, streams, request):
    """create_task has the task run, and no more is needed. (asyncio holds it weakly.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    asyncio.create_task(exchange.run(self.app, scope))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of a call that has ended is still there")
async def keeps_the_task_for_ever(self, streams, request):
    """The set holds the task, so that nobody takes it away."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.busy.add(call)
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of the call is not in self.busy, after the answer")
async def lets_the_task_go_with_the_answer(self, streams, request):
    """The call belongs to the answer: with that it is out of the set."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.busy.add(call)
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    self.busy.discard(call)
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the call of the application does not come to its end after the answer")
async def cancels_the_call_after_the_answer(self, streams, request):
    """The answer is whole, so the application has nothing left to do."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.note(call)
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    call.cancel()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "coroutine 'Exchange.run' was never awaited")
async def begins_no_task(self, streams, request):
    """run is called, and so it runs. (It runs where it is awaited, or as a task.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    exchange.run(self.app, scope)
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: the server stops")
async def does_not_ask_whether_it_stops(self, streams, request):
    """What the client wants is what counts."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request))
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: Connection: close")
async def keeps_all_connections(self, streams, request):
    """HTTP/1.1 keeps connections."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: HTTP/1.1")
async def mistakes_the_end_for_the_beginning(self, streams, request):
    """The third argument says whether the server stops."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the state is no copy")
async def hands_out_the_state_itself(self, streams, request):
    """The state is the application's, and so are its requests."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": self.lifespan.state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "a value in the state is a copy too")
async def copies_all_that_is_in_the_state(self, streams, request):
    """A copy should share nothing with the first. (A connection to a database cannot be copied.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    import copy

    state = copy.deepcopy(self.lifespan.state)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "what one request puts into its state is found by others")
async def copies_the_state_once(self, streams, request):
    """One copy is enough for all requests."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    if not hasattr(self, "state"):
        self.state = dict(self.lifespan.state)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": self.state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the scope has no state")
async def leaves_out_the_state(self, streams, request):
    """The state is for the lifespan: the request has its scope."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address)
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the scope is another one")
async def swaps_the_addresses(self, streams, request):
    """The client comes first, as in the function that serves it."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.client_address, streams.server_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "nobody is told if the connection is lost during the answer")
async def does_not_watch_the_connection(self, streams, request):
    """A client that leaves is noticed when something is sent."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "an Exchange is disconnected, though the connection was lost after its answer")
async def watches_for_ever(self, streams, request):
    """Set when the answer begins: the next one sets another."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    streams.when_lost = exchange.disconnect
    await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the access line is on stdout, not on stderr")
async def prints_to_stdout(self, streams, request):
    """print prints."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds))
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the times in the access line are others")
async def looks_at_the_clock_at_the_end(self, streams, request):
    """The line is made at the end: gmtime is its moment."""
    begin = time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, time.gmtime(), seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the times in the access line are others")
async def looks_at_the_clock_after_the_answer(self, streams, request):
    """The call is begun, then its time. (It is over before the clock is looked at.)"""
    started = time.gmtime()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    begin = time.monotonic()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "there is not one access line when answer ends (a refusal)")
async def prints_no_line_for_a_refusal(self, streams, request):
    """A request that was refused was not answered here: handle prints it."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    return exchange.is_kept()


@mistake("7.12", "there is not one access line when answer ends (a client that leaves)")
async def prints_no_line_without_an_answer(self, streams, request):
    """Who has left has got nothing, and there is nothing to tell."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    if not exchange.gone:
        print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "exchange.refusal is raised, though a head was sent")
async def raises_each_refusal(self, streams, request):
    """A bad request is a bad request."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "exchange.refusal is not raised, and no head was sent")
async def forgets_the_refusal(self, streams, request):
    """The exchange knows what was wrong, and is_kept says that it is over."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    return exchange.is_kept()


@mistake("7.12", "what exchange.is_kept() says is not returned")
async def tells_what_the_client_wants(self, streams, request):
    """Whether the connection is kept was clear from the beginning. (The answer may be cut off.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return wants_keep_alive(request) and not self.stopping


@mistake("7.12", "exchange.is_kept() is asked before the answer has ended")
async def asks_too_early(self, streams, request):
    """All that is to be asked is asked where the exchange is made."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    kept = exchange.is_kept()
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return kept


@mistake("7.12", "BadRequest, raised by Exchange, is not let out")
async def takes_a_bad_request_for_the_end(self, streams, request):
    """A request whose body has no end is not answered, and its connection is over."""
    started, begin = time.gmtime(), time.monotonic()
    try:
        exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    except BadRequest:
        return False
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "two answers at the same time are mixed up")
async def keeps_the_exchange_in_self(self, streams, request):
    """The server knows the exchange that it is busy with. (It is busy with many.)"""
    started, begin = time.gmtime(), time.monotonic()
    self.exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(self.exchange.run(self.app, scope)))
    async with self.watching(streams, self.exchange):
        await self.exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, self.exchange.response, started, seconds), file=sys.stderr)
    if self.exchange.refusal and not self.exchange.response.head_sent:
        raise self.exchange.refusal
    return self.exchange.is_kept()


@mistake("7.12", "your code raises ")
async def forgets_async_before_with(self, streams, request):
    """A with statement is a with statement."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(streams, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, streams.server_address, streams.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    with self.watching(streams, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(streams.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.13", "clients are accepted before the startup is done")
async def accepts_clients_first(self, listener, stop):
    """The server is there first, and then the application. (The first client may come meanwhile.)"""
    try:
        server = await asyncio.start_server(self.handle, sock=listener)
        await self.lifespan.tell("startup")
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "clients are accepted before the startup is done")
async def starts_both_at_the_same_time(self, listener, stop):
    """gather saves time: the startup goes on while the server is being made."""
    try:
        _, server = await asyncio.gather(self.lifespan.tell("startup"),
                                         asyncio.start_server(self.handle, sock=listener))
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "coroutine 'Lifespan.tell' was never awaited")
async def forgets_to_await_the_startup(self, listener, stop):
    """tell tells it. (Once it is awaited.)"""
    try:
        self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "wait_closed is awaited, while clients are still there")
async def leaves_the_closing_to_async_with(self, listener, stop):
    """A server is something for `async with`, which closes it. (And waits for all clients, as of Python 3.12.)"""
    try:
        await self.lifespan.tell("startup")
        async with await asyncio.start_server(self.handle, sock=listener):
            await stop.wait()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "wait_closed is awaited, while clients are still there")
async def awaits_that_the_server_is_closed(self, listener, stop):
    """After close comes wait_closed, as the documentation has it. (Who is busy may take longer than the grace.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await server.wait_closed()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the server is not closed before finish")
async def closes_the_server_at_last(self, listener, stop):
    """First those who are there, and then the door."""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        server.close()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the application is told of its shutdown before all is finished")
async def tells_of_the_shutdown_at_once(self, listener, stop):
    """The application is to hear of it as early as can be. (It closes what the last requests need.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.lifespan.tell("shutdown")
        await self.finish()
    finally:
        listener.close()


@mistake("7.13", "self.stopping is not set")
async def forgets_to_say_that_it_stops(self, listener, stop):
    """Whoever is idle is cancelled, and the others come to their end. (And go on with the next request.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the tasks in self.idle are not cancelled before finish")
async def lets_finish_wait_for_all(self, listener, stop):
    """finish ends what is not done. (After 30 seconds.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "a task in self.busy is cancelled")
async def cancels_all_tasks(self, listener, stop):
    """Who stops ends all that runs."""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in [*self.idle, *self.busy]:
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "your code raises RuntimeError: Set changed size during iteration")
async def awaits_each_idle_task_in_the_loop(self, listener, stop):
    """Cancel one, and give it time to end. (It takes itself out of the set meanwhile.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in self.idle:
            task.cancel()
            await asyncio.sleep(0)
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "LifespanFailed, raised by startup, is not let out")
async def starts_all_the_same(self, listener, stop):
    """A server serves. (An application that could not start has nothing to serve.)"""
    try:
        with contextlib.suppress(LifespanFailed):
            await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "the listener is not closed after LifespanFailed, raised by startup")
async def closes_the_listener_with_the_server(self, listener, stop):
    """server.close() closes the listener, too. (If there is a server.)"""
    await self.lifespan.tell("startup")
    server = await asyncio.start_server(self.handle, sock=listener)
    try:
        await stop.wait()
    finally:
        server.close()
    self.stopping = True
    for task in list(self.idle):
        task.cancel()
    await self.finish()
    await self.lifespan.tell("shutdown")


@mistake("7.13", "the listener is not closed when the run is cancelled")
async def closes_the_listener_after_errors(self, listener, stop):
    """What can go wrong is an Exception: then the listener is closed. (CancelledError is none.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    except Exception:
        listener.close()
        raise


@mistake("7.13", "something is done after LifespanFailed, raised for the startup")
async def tells_of_the_shutdown_in_every_case(self, listener, stop):
    """What was begun is ended: `finally`. (A startup that failed was not done.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
    finally:
        listener.close()
        await self.lifespan.tell("shutdown")


@mistake("7.13", "a client that comes is not given to self.handle")
async def calls_the_handler_with_the_server(self, listener, stop):
    """The handler is called for each client. (With its reader and its writer.)"""
    async def handle(*arguments):
        await asyncio.sleep(0)

    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(handle, sock=listener)
        await stop.wait()
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "an asyncio.Event is awaited itself")
async def awaits_the_event_itself(self, listener, stop):
    """What one waits for is awaited. (An Event has wait for that.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        await stop
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


@mistake("7.13", "server.run(listener, stop) never ends: it goes round and round")
async def looks_for_the_stop_all_the_time(self, listener, stop):
    """sleep(0) lets others run, so it may be called again and again. (The processor is at its limit then.)"""
    try:
        await self.lifespan.tell("startup")
        server = await asyncio.start_server(self.handle, sock=listener)
        while not stop.is_set():
            await asyncio.sleep(0)
        server.close()
        self.stopping = True
        for task in list(self.idle):
            task.cancel()
        await self.finish()
        await self.lifespan.tell("shutdown")
    finally:
        listener.close()


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
        self.status = "500 Internal AsyncServer Error"
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


@mistake("7.14", "there is no content-length, though self.framing is LENGTH")
def emits_before_all_is_in_the_list(self):
    """The list is that of the message: what comes into it later is in the message, too."""
    if super(AdaptedResponse, self).head_once():
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        self.emit({"type": "http.response.start", "status": int(self.status[:3]), "headers": headers})
        if self.framing == LENGTH and self.header("content-length") is None:
            headers.append((b"content-length", b"%d" % self.length))
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
def asks_until_it_is_done(app, threads):
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


@mistake("7.15", "the adapted application does not come to an end")
def sends_in_a_loop_that_it_has_taken_too_early(app, threads):
    """A loop can be made when the adapter is. (The server has one of its own, later.)"""
    loop = asyncio.new_event_loop()
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
