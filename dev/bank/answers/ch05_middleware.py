"""Right answers for chapter 5."""
from dev.bank.step_versions import answer

# 5.1 AddHeader.__call__


@answer("5.1")
def passes_on_whatever_arguments_there_are(self, environ, start_response):
    """A lambda and a star do; the server's default for exc_info is as good as ours."""
    return self.app(environ, lambda status, headers, *rest: start_response(
        status, headers + [(self.name, self.value)], *rest))


@answer("5.1")
def copies_the_list_and_appends(self, environ, start_response):
    """A copy may be changed; exc_info is passed on only where there is one."""
    def wrapped(status, response_headers, exc_info=None):
        headers = list(response_headers)
        headers.append((self.name, self.value))
        if exc_info:
            try:
                return start_response(status, headers, exc_info)
            finally:
                exc_info = None
        return start_response(status, headers)

    return self.app(dict(environ), wrapped)


@answer("5.1")
def makes_a_small_object_for_each_request(self, environ, start_response):
    """A class with __call__ instead of a function within a function."""
    class Start:
        def __init__(self, extra):
            self.extra = extra

        def __call__(self, status, headers, exc_info=None, /):
            return start_response(status, [*headers, self.extra], exc_info)

    return self.app(environ, Start((self.name, self.value)))


@answer("5.1")
def gives_a_partial(self, environ, start_response):
    """functools.partial brings the header along."""
    def start(extra, status, headers, exc_info=None):
        arguments = (status, [*headers, extra]) + ((exc_info,) if exc_info else ())
        return start_response(*arguments)

    return self.app(environ, functools.partial(start, (self.name, self.value)))


# 5.2 BodyWrapper.close


@answer("5.2")
def asks_with_a_default(self):
    """getattr with a default asks and gets at once."""
    close = getattr(self.iterable, "close", None)
    if close is not None:
        close()


@answer("5.2")
def falls_back_on_doing_nothing(self):
    """What can't be closed is closed by a function that does nothing."""
    return getattr(self.iterable, "close", lambda: None)()


@answer("5.2")
def asks_and_catches(self):
    """It is easier to ask forgiveness, as long as only the look-up is within the try."""
    try:
        close = self.iterable.close
    except AttributeError:
        return
    close()


@answer("5.2")
def lets_go_of_the_blocks(self):
    """The blocks are not needed any more."""
    self.blocks = iter(())
    if hasattr(self.iterable, "close"):
        self.iterable.close()


# 5.3 ReplacedBody.start_response


@answer("5.3")
def builds_the_list_in_a_loop(self, status, headers, exc_info=None):
    """One header after the other; a function with a name is the write callable."""
    self.is_text = is_plain_text(headers)
    kept = []
    for name, value in headers:
        if not (self.is_text and name.casefold() == "content-length"):
            kept.append((name, value))
    server_write = self.server_start_response(status, kept, exc_info)

    def write(block):
        return server_write(self.replaced(block))

    return write


@answer("5.3")
def tells_the_server_first(self, status, headers, exc_info=None):
    """is_text is set once the server has agreed; without exc_info the server gets two arguments."""
    headers, is_text = list(headers), is_plain_text(headers)
    if is_text:
        headers = [*filter(lambda pair: pair[0].upper() != "CONTENT-LENGTH", headers)]
    arguments = (status, headers, exc_info) if exc_info else (status, headers)
    server_write = self.server_start_response(*arguments)
    self.is_text = is_text
    return lambda data: server_write(self.replaced(data))


@answer("5.3")
def takes_the_length_out_from_behind(self, status, headers, exc_info=None):
    """From behind, what is left keeps its places."""
    headers = [*headers]
    self.is_text = is_plain_text(headers)
    for position in range(len(headers) - 1, -1, -1):
        if self.is_text and headers[position][0].lower() == "content-length":
            headers.pop(position)
    write = self.server_start_response(status, headers, exc_info)
    def through(block):
        write(self.replaced(block))

    return through


@answer("5.3")
def pushes_blocks_through_two_stations(self, status, headers, exc_info):
    """A small class whose method is the write; it holds self.replaced and the server's write from the beginning."""
    import itertools

    class Pipe:
        def __init__(self, *stations):
            self.stations = stations

        def push(self, block):
            functools.reduce(lambda thing, station: station(thing), self.stations, block)

    self.is_text = is_plain_text(headers)
    stays = (not (self.is_text and name.casefold() == "content-length") for name, _ in headers)
    kept = list(itertools.compress(headers, stays))
    return Pipe(self.replaced, self.server_start_response(status, kept, exc_info)).push


# 5.4 ReplacedBody.__next__


@answer("5.4")
def takes_one_turn_of_a_loop(self):
    """A for loop that returns in its first turn is a next that ends by itself."""
    for block in self.blocks:
        return self.replaced(block)
    raise StopIteration


@answer("5.4")
def calls_the_iterators_own_method(self):
    """next(x) is x.__next__(); join makes bytes of bytes."""
    block = self.blocks.__next__()
    return b"".join([self.replaced(block)])


@answer("5.4")
def replaces_without_the_given_function(self):
    """The same replacement, byte by byte, once the block is there."""
    block = next(self.blocks)
    if not self.is_text:
        return block
    return self.new.join(block.split(self.old))


# 5.5 GuardedBody.error_page


@answer("5.5")
def formats_the_exception_itself(self):
    """From sys.exc_info, with format_exception; the page is joined from bytes."""
    exc_info = sys.exc_info()
    lines = traceback.format_exception(*exc_info)
    self.environ["wsgi.errors"].writelines(lines)
    self.environ["wsgi.errors"].flush()
    page = b"<title>500</title><pre>" + html.escape("".join(lines), quote=False).encode("utf-8") + b"</pre>"
    headers = [("Content-Length", f"{len(page)}"), ("Content-Type", "text/html; charset=utf-8")]
    try:
        self.server_start_response("500 Internal Server Error", headers, exc_info)
    finally:
        exc_info = None
    return page


@answer("5.5")
def lets_print_exc_write_the_log(self):
    """traceback.print_exc takes a file; Cache-Control is one header more."""
    traceback.print_exc(file=self.environ["wsgi.errors"])
    escaped = html.escape(traceback.format_exc())
    page = "\n".join(["<!doctype html>", "<html><body><h1>Oh no</h1><pre>", escaped, "</pre></body></html>"]).encode()
    self.server_start_response("500 Internal Server Error", [
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(page))),
        ("Cache-Control", "no-store"),
    ], sys.exc_info())
    return page


@answer("5.5")
def writes_the_charset_in_capitals(self):
    """Upper and lower case do not differ in the name of a charset."""
    text = traceback.format_exc()
    log = self.environ["wsgi.errors"]
    log.write(text)
    log.flush()
    page = ("<html><body><pre>" + html.escape(text) + "</pre>\n").encode("utf8")
    self.server_start_response("500 Internal Server Error", [
        ("Content-Length", str(len(page))), ("Content-Type", "text/html; charset=UTF-8")], sys.exc_info())
    return page


@answer("5.5")
def writes_letters_beyond_ascii_by_their_numbers(self):
    """ASCII is UTF-8 too, and a browser shows &#33590; as the letter; print writes the log."""
    seen = traceback.format_exc()
    print(seen, end="", file=self.environ["wsgi.errors"])
    page = b"".join([
        b"<!doctype html><html lang='en'><meta charset='utf-8'><title>Oops</title><body><pre>",
        *(html.escape(line).encode("ascii", "xmlcharrefreplace") for line in seen.splitlines(keepends=True)),
        b"</pre></body></html>",
    ])
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": f"{len(page):d}"}
    self.server_start_response("500 Internal Server Error", list(fields.items()), sys.exc_info())
    return page


# 5.6 GuardedBody.__next__


@answer("5.6")
def asks_for_the_end_with_a_default(self):
    """A default of its own tells the end from a block; so there is no StopIteration to let through."""
    end = object()
    try:
        block = next(self.blocks, end)
    except Exception:
        self.blocks = iter([])
        return self.error_page()
    if block is end:
        raise StopIteration
    return block


@answer("5.6")
def takes_one_turn_of_a_loop_within_try(self):
    """A for loop ends by itself; what is raised in it is a failure."""
    try:
        for block in self.blocks:
            return block
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page
    raise StopIteration


@answer("5.6")
def tells_the_end_from_a_failure_by_its_type(self):
    """One except clause, and a look at what was caught."""
    try:
        return next(self.blocks)
    except Exception as error:
        if isinstance(error, StopIteration):
            raise
        self.blocks = iter("")
        return self.error_page()


# 5.7 find_mount


@answer("5.7")
def takes_segment_after_segment_away(path, mounts):
    """From the whole path to its first segment, as werkzeug does it."""
    prefix, rest = path, ""
    while prefix and prefix not in mounts:
        prefix, slash, segment = prefix.rpartition("/")
        rest = f"{slash}{segment}{rest}"
    return prefix, rest


@answer("5.7")
def tries_the_mounts_from_the_longest(path, mounts):
    """A mount fits if the path is the mount, or goes on with a slash."""
    for mount in sorted(mounts, key=len, reverse=True):
        if path == mount or path.startswith(f"{mount}/"):
            return mount, path.removeprefix(mount)
    return "", path


@answer("5.7")
def takes_the_longest_of_those_that_fit(path, mounts):
    """All that fit, and the longest of them; the slash behind the path does away with the special case."""
    fitting = [mount for mount in mounts if (path + "/").startswith(mount + "/")]
    prefix = max(fitting, key=len, default="")
    return prefix, path[len(prefix):]


@answer("5.7")
def looks_for_slashes_from_behind(path, mounts):
    """rfind goes from slash to slash."""
    cut = len(path)
    while cut >= 0:
        if path[:cut] in mounts:
            return (path[:cut], path[cut:])
        cut = path.rfind("/", 0, cut)
    return ("", path)


# 5.8 DispatcherMiddleware.__call__


@answer("5.8")
def gives_the_application_a_copy(self, environ, start_response):
    """The server's own dict stays as it is."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    shifted = {**environ, "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix, "PATH_INFO": rest}
    return self.mounts.get(prefix, self.app)(shifted, start_response)


@answer("5.8")
def leaves_the_environ_of_the_root_alone(self, environ, start_response):
    """Where no mount is found, there is nothing to shift."""
    prefix, rest = find_mount(environ.setdefault("PATH_INFO", ""), self.mounts)
    if prefix not in self.mounts:
        return self.app(environ, start_response)
    environ.update(SCRIPT_NAME=f"{environ.get('SCRIPT_NAME', '')}{prefix}", PATH_INFO=rest)
    return self.mounts[prefix](environ, start_response)


@answer("5.8")
def does_as_werkzeug_does(self, environ, start_response):
    """werkzeug's way needs no find_mount; where no mount is found, the path is whole again."""
    script, rest = environ.get("PATH_INFO", ""), ""
    while script and script not in self.mounts:
        script, slash, last = script.rpartition("/")
        rest = slash + last + rest
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + find_mount(script, self.mounts)[0]
    environ["PATH_INFO"] = rest
    return self.mounts.get(script, self.app)(environ, start_response)


# 5.9 keep_sessions_apart


@answer("5.9")
def tells_the_session_interface(shop, admin):
    """Flask asks the session interface for the name."""
    from flask.sessions import SecureCookieSessionInterface

    class Named(SecureCookieSessionInterface):
        def get_cookie_name(self, app):
            return "of_the_shop" if app is shop else "of_its_admin"

    shop.session_interface = admin.session_interface = Named()


# 5.10 build_application


@answer("5.9")
def numbers_the_cookies(shop, admin):
    """A loop over both, which gives each its number."""
    for number, app in enumerate((shop, admin)):
        app.config.update(SESSION_COOKIE_NAME=f"session-{number}")


@answer("5.10")
def wraps_layer_after_layer():
    """One name that stands for the stack so far; the euro sign in bytes."""
    stock = STOCK.copy()
    apps = make_shop(stock), make_admin(stock)
    keep_sessions_apart(*apps)
    app = DispatcherMiddleware(apps[0], mounts={ADMIN: apps[1]})
    app = ReplaceText(app, old=b"$", new=b"\xe2\x82\xac")
    app = ErrorPage(app)
    app = AddHeader(app, name="X-Content-Type-Options", value="nosniff")
    return app


@answer("5.10")
def reduces_a_list_of_layers():
    """The layers as functions, applied one after the other from the inside."""
    stock = {**STOCK}
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    layers = [
        lambda app: DispatcherMiddleware(app, {ADMIN: admin}),
        lambda app: ReplaceText(app, b"$", "\N{EURO SIGN}".encode()),
        ErrorPage,
        lambda app: AddHeader(app, "X-Content-Type-Options", "nosniff"),
    ]
    return functools.reduce(lambda app, layer: layer(app), layers, shop)
