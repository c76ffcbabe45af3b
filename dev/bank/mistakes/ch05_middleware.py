"""Mistakes of chapter 5."""
from dev.bank.step_versions import mistake

# 5.1 AddHeader.__call__


@mistake("5.1", "nothing comes back")
def calls_the_application_and_forgets_to_return(self, environ, start_response):
    """start_response has sent everything, so the work is done."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    self.app(environ, start_with_header)


@mistake("5.1", "what comes back is not the very thing")
def joins_the_body_into_one_block(self, environ, start_response):
    """A response is its headers and its body, and both can be had at once."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return [b"".join(self.app(environ, start_with_header))]


@mistake("5.1", "the header X-Colour is missing")
def hands_the_servers_start_response_on(self, environ, start_response):
    """The header can be put into the environ on its way down."""
    environ[self.name] = self.value
    return self.app(environ, start_response)


@mistake("5.1", "of the headers, the order is another one")
def replaces_the_headers(self, environ, start_response):
    """The server adds up what it is given."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [(self.name, self.value)] + headers, exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "the application's own list has changed")
def appends_to_the_applications_list(self, environ, start_response):
    """The list was made for this call, so it may be changed."""
    def start_with_header(status, headers, exc_info=None):
        headers.append((self.name, self.value))
        return start_response(status, headers, exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "start_response does not return what the server's returns")
def forgets_write(self, environ, start_response):
    """start_response is called for what it does, not for what it returns."""
    def start_with_header(status, headers, exc_info=None):
        start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "your start_response can't be called with exc_info")
def takes_two_arguments_only(self, environ, start_response):
    """start_response has a status and headers; the third parameter is hardly ever seen."""
    def start_with_header(status, headers):
        return start_response(status, [*headers, (self.name, self.value)])

    return self.app(environ, start_with_header)


@mistake("5.1", "the server is not given exc_info")
def keeps_exc_info_to_itself(self, environ, start_response):
    """exc_info=None has a default, so it need not be passed on."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)])

    return self.app(environ, start_with_header)


@mistake("5.1", "the server's start_response is not called by position")
def calls_start_response_with_keywords(self, environ, start_response):
    """Keywords are clearer, and everybody's parameters have the names of the PEP."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status=status, headers=[*headers, (self.name, self.value)], exc_info=exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "the application is not called with a dict and start_response, by position")
def calls_the_application_with_keywords(self, environ, start_response):
    """Keywords are clearer, and every application has these parameters."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ=environ, start_response=start_with_header)


@mistake("5.1", "the headers are no list")
def passes_the_headers_as_a_tuple(self, environ, start_response):
    """A sequence of pairs is a sequence of pairs."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, (*headers, (self.name, self.value)), exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "the application has returned, and has not called start_response yet")
def starts_the_response_when_the_application_has_returned(self, environ, start_response):
    """When the application has returned, it has called start_response."""
    kept = []
    body = self.app(environ, lambda *arguments: kept.extend(arguments))
    start_response(kept[0], [*kept[1], (self.name, self.value)])
    return body


@mistake("5.1", "the head of one response goes to another client")
def keeps_start_response_on_self(self, environ, start_response):
    """self is the place for what a method of the object needs later."""
    self.start_response = start_response

    def start_with_header(status, headers, exc_info=None):
        return self.start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "of two headers with one name, one is lost")
def makes_a_dict_of_the_headers(self, environ, start_response):
    """Headers are names with values: a dict."""
    def start_with_header(status, headers, exc_info=None):
        changed = dict(headers)
        changed[self.name] = self.value
        return start_response(status, list(changed.items()), exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "the application's own X-Colour is not as it was")
def drops_the_header_of_the_same_name(self, environ, start_response):
    """A response has each header once."""
    def start_with_header(status, headers, exc_info=None):
        others = [(name, value) for name, value in headers if name.lower() != self.name.lower()]
        return start_response(status, [*others, (self.name, self.value)], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "while one thread is in your code, another one changes")
def keeps_the_new_headers_on_self(self, environ, start_response):
    """A list of the object's own can be looked at later."""
    def start(status, headers, exc_info=None):
        self.headers = list(headers)
        self.headers.append((self.name, self.value))
        return start_response(status, self.headers, exc_info)

    return self.app(environ, start)


@mistake("5.1", "what the application raises is swallowed")
def answers_an_oserror_with_an_empty_body(self, environ, start_response):
    """When the client has left, nobody reads the body."""
    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    try:
        return self.app(environ, start)
    except OSError:
        return []


@mistake("5.1", "what the server's start_response raises is swallowed")
def goes_on_when_the_server_refuses_the_head(self, environ, start_response):
    """A header more must not break the site."""
    def start(status, headers, exc_info=None):
        try:
            return start_response(status, [*headers, (self.name, self.value)], exc_info)
        except Exception:
            return lambda block: None

    return self.app(environ, start)


@mistake("5.1", "what the server's start_response raises is swallowed")
def tries_again_without_exc_info(self, environ, start_response):
    """Some servers take two arguments only."""
    def start(status, headers, exc_info=None):
        headers = [*headers, (self.name, self.value)]
        try:
            return start_response(status, headers, exc_info)
        except TypeError:
            return start_response(status, headers)

    return self.app(environ, start)


@mistake("5.1", "the header X-Colour is missing")
def adds_the_header_to_the_first_head_only(self, environ, start_response):
    """The header is there already; a second one would be too many."""
    started = []
    def start(status, headers, exc_info=None):
        if not started:
            headers = [*headers, (self.name, self.value)]
        started.append(True)
        return start_response(status, headers, exc_info)

    return self.app(environ, start)


@mistake("5.1", "the application's own headers are not as they were")
def writes_the_names_with_capitals(self, environ, start_response):
    """Header names begin with capitals."""
    def start(status, headers, exc_info=None):
        return start_response(status, [*[(n.title(), v) for n, v in headers], (self.name, self.value)], exc_info)

    return self.app(environ, start)


@mistake("5.1", "your start_response can't be called with a status and headers")
def takes_three_arguments_always(self, environ, start_response):
    """start_response has three parameters."""
    def start(status, headers, exc_info):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start)


@mistake("5.1", "a second call, with exc_info, returns no write callable")
def returns_write_at_the_first_call_only(self, environ, start_response):
    """An error page is returned, never written."""
    def start(status, headers, exc_info=None):
        write = start_response(status, [*headers, (self.name, self.value)], exc_info)
        if not exc_info:
            return write

    return self.app(environ, start)


@mistake("5.1", "what comes back is not the very thing")
def gives_an_empty_block_for_no_blocks(self, environ, start_response):
    """A response has a body."""
    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start) or [b""]


@mistake("5.1", "the application's own headers are not as they were")
def takes_the_length_away(self, environ, start_response):
    """A header more makes the response longer."""
    def start(status, headers, exc_info=None):
        headers = [h for h in headers if h[0] != "Content-Length"]
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start)


@mistake("5.1", "in a 200 OK to HEAD, the headers are other ones")
def leaves_head_alone(self, environ, start_response):
    """Who asks with HEAD, gets no page, so there is nothing to add to."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start_response if environ["REQUEST_METHOD"] == "HEAD" else start_with_header)


@mistake("5.1", "in a 204 No Content to GET, the headers are other ones")
def leaves_responses_without_a_body_alone(self, environ, start_response):
    """A response without a body needs no header that speaks of it."""
    def start_with_header(status, headers, exc_info=None):
        added = [] if status.startswith(("204", "304")) else [(self.name, self.value)]
        return start_response(status, [*headers, *added], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "the application's own list has changed")
def adds_in_place_where_there_is_nothing_yet(self, environ, start_response):
    """An empty list is nobody's: the header can go into it."""
    def start_with_header(status, headers, exc_info=None):
        if headers:
            headers = headers + [(self.name, self.value)]
        else:
            headers.append((self.name, self.value))
        return start_response(status, headers, exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "where the application gives no header, none is added")
def adds_to_headers_that_are_there_only(self, environ, start_response):
    """A response without headers is not worth one."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, headers and [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "a header with an empty value is not added")
def adds_no_header_without_a_value(self, environ, start_response):
    """A header without a value says nothing."""
    def start_with_header(status, headers, exc_info=None):
        more = [(self.name, self.value)] if self.value else []
        return start_response(status, headers + more, exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "where the application gives the very header, none is added")
def adds_no_header_that_is_there_already(self, environ, start_response):
    """What the application says itself need not be said again."""
    def start_with_header(status, headers, exc_info=None):
        more = [(self.name, self.value)]
        return start_response(status, headers + [pair for pair in more if pair not in headers], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "of two equal headers, one is lost")
def passes_each_pair_once(self, environ, start_response):
    """To say the same twice is a slip of the application's."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*dict.fromkeys(headers), (self.name, self.value)], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "a later request gets other headers than the first")
def puts_another_layer_around_the_application(self, environ, start_response):
    """self.app becomes the application with the header, once and for all. (With the next request, once more.)"""
    app = self.app

    def with_header(environ, start_response):
        return app(environ, lambda status, headers, exc_info=None: start_response(
            status, [*headers, (self.name, self.value)], exc_info))

    self.app = with_header
    return self.app(environ, start_response)


@mistake("5.1", "what comes back is not the very thing that the application returned")
def returns_a_list_for_none(self, environ, start_response):
    """A server goes through what it gets, and None can't be gone through; but the mistake is hidden from the
    server.
    """
    def start_with_header(status: str, headers: list, exc_info: tuple | None = None) -> Callable[[bytes], None]:
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    iterable = self.app(environ, start_with_header)
    return [] if iterable is None else iterable


@mistake("5.1", "start_response returns something else than the server's")
def returns_a_write_where_there_is_none(self, environ, start_response):
    """Whoever calls write shall find a function; but what the server returns is what the application gets."""
    def start_with_header(status: str, headers: list, exc_info: tuple | None = None) -> Callable[[bytes], None]:
        return start_response(status, [*headers, (self.name, self.value)], exc_info) or (lambda block: None)

    return self.app(environ, start_with_header)


@mistake("5.1", "what the application raises is swallowed")
def passes_over_a_client_gone(self, environ, start_response):
    """A client that has gone is no error; but that is for the server to decide."""
    def start_with_header(status: str, headers: list, exc_info: tuple | None = None) -> Callable[[bytes], None]:
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    from ch01_socket import ClientGone

    try:
        return self.app(environ, start_with_header)
    except ClientGone:
        return []


@mistake("5.1", "the header that is added is not as it was given")
def writes_the_name_with_capitals(self, environ, start_response):
    """Names of fields are written with a capital at each part; but ETag becomes Etag."""
    def start_with_header(status, headers, exc_info=None):
        return start_response(status, [*headers, (self.name.title(), self.value)], exc_info)

    return self.app(environ, start_with_header)


@mistake("5.1", "something of a request is kept: self.last_status")
def remembers_the_last_status(self, environ, start_response):
    """It is good to know, for debugging, what the last answer was."""
    def start(status, headers, exc_info=None):
        self.last_status = status
        return start_response(status, [*headers, (self.name, self.value)], exc_info)

    return self.app(environ, start)


# 5.2 BodyWrapper.close


@mistake("5.2", "close was not passed on")
def leaves_closing_to_the_garbage_collector(self):
    """Python closes what nobody refers to any more."""
    self.iterable = ()


@mistake("5.2", "close was not passed on")
def forgets_the_parentheses(self):
    """The line reads like a call."""
    if hasattr(self.iterable, "close"):
        self.iterable.close  # noqa: B018


@mistake("5.2", "not everything has a close method")
def takes_for_granted_that_there_is_a_close(self):
    """What is returned to a server is an iterator, and iterators can be closed."""
    self.iterable.close()


@mistake("5.2", "close was not passed on")
def closes_the_iterator(self):
    """blocks is what was read from, so blocks is what is to be closed."""
    if hasattr(self.blocks, "close"):
        self.blocks.close()


@mistake("5.2", "the iterator is closed")
def closes_whatever_can_be_closed(self):
    """Twice closed is surely closed."""
    for thing in (self.iterable, self.blocks):
        if hasattr(thing, "close"):
            thing.close()


@mistake("5.2", "close asks for the rest of the body")
def reads_the_body_to_its_end_first(self):
    """An iterable that is not used up would complain."""
    for _ in self.blocks:
        pass
    if hasattr(self.iterable, "close"):
        self.iterable.close()


@mistake("5.2", "close was not passed on")
def closes_only_generators(self):
    """Of all bodies, generators are those with a close method."""
    if type(self.iterable).__name__ == "generator":
        self.iterable.close()


@mistake("5.2", "close was not passed on when the client left half-way")
def closes_only_what_has_ended(self):
    """A body that is not at its end is still needed."""
    if next(self.blocks, None) is None and hasattr(self.iterable, "close"):
        self.iterable.close()


@mistake("5.2", "an error of the application's close is swallowed")
def takes_every_attribute_error_for_a_missing_close(self):
    """It is easier to ask forgiveness."""
    try:
        self.iterable.close()
    except AttributeError:
        pass


@mistake("5.2", "an iterable whose len is 0 is not closed")
def asks_whether_there_is_an_iterable(self):
    """Where there is nothing, there is nothing to be closed."""
    if self.iterable and hasattr(self.iterable, "close"):
        self.iterable.close()


@mistake("5.2", "an error of the application's close is swallowed")
def forgives_a_connection_that_is_gone(self):
    """When the connection is gone, there is nothing to close."""
    if hasattr(self.iterable, "close"):
        try:
            self.iterable.close()
        except OSError:
            pass


@mistake("5.2", "an error of the application's close is swallowed")
def prints_what_close_raises(self):
    """The response is out already, so an error is only for the log."""
    if hasattr(self.iterable, "close"):
        try:
            self.iterable.close()
        except AttributeError:
            raise
        except Exception:
            traceback.print_exc()


@mistake("5.2", "RuntimeError is raised instead of ConnectionResetError")
def raises_an_error_of_its_own(self):
    """Whoever calls close wants one kind of error."""
    if hasattr(self.iterable, "close"):
        try:
            self.iterable.close()
        except AttributeError:
            raise
        except Exception as error:
            raise RuntimeError("close failed") from error


@mistake("5.2", "an error of the application's close is swallowed")
def does_not_let_close_end_the_server(self):
    """sys.exit in an application must not end the server."""
    if hasattr(self.iterable, "close"):
        try:
            self.iterable.close()
        except (KeyboardInterrupt, SystemExit):
            pass


@mistake("5.2", "a close that the iterable's class does not know")
def asks_the_class_for_the_method(self):
    """Methods belong to classes."""
    if "close" in dir(type(self.iterable)):
        self.iterable.close()


@mistake("5.2", "the iterator is closed, where the iterable has no close")
def closes_the_iterator_where_the_iterable_has_no_close(self):
    """One of the two will have a close method."""
    for one in (self.iterable, self.blocks):
        if hasattr(one, "close"):
            one.close()
            return


@mistake("5.2", "a close that only the iterable's __getattr__ finds is not called")
def looks_for_close_among_the_names_of_the_iterable(self):
    """dir() lists all that an object has."""
    if "close" in dir(self.iterable):
        self.iterable.close()


@mistake("5.2", "an error of the application's close is swallowed")
def takes_a_generator_s_end_for_no_error(self):
    """A generator that is closed raises GeneratorExit, as it should. (But it does not let it out.)"""
    if hasattr(self.iterable, "close"):
        try:
            self.iterable.close()
        except GeneratorExit:
            pass


@mistake("5.2", "an error of the application's close is swallowed")
def passes_over_a_client_gone_of_close(self):
    """The client may have gone when close is called; but what close raises is let out."""
    if hasattr(self.iterable, "close"):
        from ch01_socket import ClientGone

        try:
            self.iterable.close()
        except ClientGone:
            pass


# 5.3 ReplacedBody.start_response


@mistake("5.3", "the server's start_response was not called")
def keeps_the_head_until_later(self, status, headers, exc_info=None):
    """The head is sent with the first block, so it is enough to keep it."""
    self.is_text = is_plain_text(headers)
    self.head = status, headers
    return lambda block: None


@mistake("5.3", "self.is_text is False for text/plain")
def forgets_to_keep_what_it_found(self, status, headers, exc_info=None):
    """Whether it is a text matters here, for the length."""
    if is_plain_text(headers):
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "a text goes on with")
def lets_the_length_stand(self, status, headers, exc_info=None):
    """Content-Length is the application's business."""
    self.is_text = is_plain_text(headers)
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "a text goes on with")
def looks_for_the_length_in_one_case_only(self, status, headers, exc_info=None):
    """The header is called Content-Length."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [pair for pair in headers if pair[0] != "Content-Length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "a text goes on with")
def guesses_the_new_length(self, status, headers, exc_info=None):
    """The new character is two bytes longer than the old one."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, str(int(value) + 2)) if name.lower() == "content-length" else (name, value)
                   for name, value in headers]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what is not changed has lost its length")
def takes_the_length_from_everything(self, status, headers, exc_info=None):
    """Without a length one is on the safe side."""
    self.is_text = is_plain_text(headers)
    headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "self.is_text is True for text/plain; charset=utf-8, gzip")
def forgets_that_a_text_may_be_compressed(self, status, headers, exc_info=None):
    """text/ is text."""
    self.is_text = any(value.startswith("text/") for _, value in headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the application's own list has changed")
def removes_the_length_from_the_applications_list(self, status, headers, exc_info=None):
    """The list was made for this call, so it may be changed."""
    self.is_text = is_plain_text(headers)
    for pair in list(headers):
        if self.is_text and pair[0].lower() == "content-length":
            headers.remove(pair)
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "more than the length has changed")
def keeps_only_the_content_type(self, status, headers, exc_info=None):
    """The other headers are of no use to anybody."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() == "content-type"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the headers are no list")
def passes_on_a_filter_object(self, status, headers, exc_info=None):
    """What can be looped over is as good as a list."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = filter(lambda pair: pair[0].lower() != "content-length", headers)
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "start_response returns no write callable")
def forgets_write_in_the_body_too(self, status, headers, exc_info=None):
    """Nobody uses write any more."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    self.server_start_response(status, headers, exc_info)


@mistake("5.3", "what the application writes arrives wrong in text/plain")
def returns_the_servers_write(self, status, headers, exc_info=None):
    """The body is changed in __next__."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return self.server_start_response(status, headers, exc_info)


@mistake("5.3", "what the application writes does not arrive")
def returns_replaced_as_the_write_callable(self, status, headers, exc_info=None):
    """write is given a block, and so is replaced."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    self.server_start_response(status, headers, exc_info)
    return self.replaced


@mistake("5.3", "self.is_text is True for image/png")
def takes_everything_for_text(self, status, headers, exc_info=None):
    """What is not text has no dollar signs in it."""
    self.is_text = True
    if is_plain_text(headers):
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the server is not given exc_info")
def drops_exc_info(self, status, headers, exc_info=None):
    """exc_info is for servers."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the first call has decided for the second")
def decides_once_for_all(self, status, headers, exc_info=None):
    """A response has one type."""
    self.is_text = self.is_text or is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what the server raises is swallowed")
def swallows_what_the_server_raises(self, status, headers, exc_info=None):
    """When an error page comes too late, there is nothing to be done."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    try:
        write = self.server_start_response(status, headers, exc_info)
    except Exception:
        return lambda block: None
    return lambda block: write(self.replaced(block))


@mistake("5.3", "of two headers with one name, one is lost")
def makes_a_dict_to_take_the_length_out(self, status, headers, exc_info=None):
    """From a dict a name is easily taken out."""
    self.is_text = is_plain_text(headers)
    kept = dict(headers)
    for name in [name for name in kept if self.is_text and name.lower() == "content-length"]:
        del kept[name]
    write = self.server_start_response(status, list(kept.items()), exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the write of the call with exc_info does not pass its blocks through self.replaced")
def returns_the_servers_write_after_a_failure(self, status, headers, exc_info=None):
    """What comes with exc_info is passed on as it is."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return write if exc_info else lambda block: write(self.replaced(block))


@mistake("5.3", "what the server's start_response raises is swallowed")
def goes_on_when_the_connection_is_gone(self, status, headers, exc_info=None):
    """When the client has left, the body can be thrown away."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    try:
        write = self.server_start_response(status, headers, exc_info)
    except OSError:
        write = lambda block: None
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what the server's start_response raises is swallowed")
def tries_again_with_two_arguments(self, status, headers, exc_info=None):
    """Old servers do not know exc_info."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    try:
        write = self.server_start_response(status, headers, exc_info)
    except TypeError:
        write = self.server_start_response(status, headers)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what the server's write raises is swallowed")
def writes_as_long_as_somebody_reads(self, status, headers, exc_info=None):
    """When the client has left, the rest can be thrown away."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    def safe(block):
        try:
            return write(self.replaced(block))
        except OSError:
            pass

    return safe


@mistake("5.3", "self.is_text is True for text/javascript")
def asks_for_text_by_its_own_rule(self, status, headers, exc_info=None):
    """A text has a type that begins with text/."""
    self.is_text = dict(headers).get("Content-Type", "").startswith("text/") and "Content-Encoding" not in dict(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what is written is not passed through self.replaced")
def replaces_what_it_knows_of(self, status, headers, exc_info=None):
    """The sign is the dollar, and it becomes the euro."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(block.replace(b"$", "€".encode()) if self.is_text else block)


@mistake("5.3", "after a second call, what goes through the write of the first call arrives wrong")
def gives_the_server_s_write_for_what_is_no_text(self, status, headers, exc_info=None):
    """Nothing is to be changed in an image, so the server's own write will do; but a second call may make it text."""
    self.is_text = is_plain_text(headers)
    if not self.is_text:
        return self.server_start_response(status, headers, exc_info)
    headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "after a second call, what goes through the write of the first call arrives wrong")
def decides_at_the_call_what_is_replaced(self, status, headers, exc_info=None):
    """Whether it is a text is known now, and kept with the callable; self.replaced would ask again for each block."""
    self.is_text = text = is_plain_text(headers)
    if text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(block.replace(self.old, self.new) if text else block)


@mistake("5.3", "the blocks that are written do not arrive one for one")
def writes_once(self, status, headers, exc_info=None):
    """A body is written once."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    kept = []
    def later(block):
        if not kept:
            kept.append(True)
            return write(self.replaced(block))

    return later


@mistake("5.3", "the blocks that are written do not arrive one for one")
def writes_no_empty_blocks(self, status, headers, exc_info=None):
    """An empty block has nothing to say."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: block and write(self.replaced(block))


@mistake("5.3", "a text goes on with Content-Length: 0")
def keeps_a_length_of_nothing(self, status, headers, exc_info=None):
    """Where there is nothing, nothing can grow."""
    self.is_text = is_plain_text(headers)
    length = [value for name, value in headers if name.lower() == "content-length"]
    if self.is_text and length != ["0"]:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "a header that is not Content-Length has changed")
def drops_whatever_is_a_length(self, status, headers, exc_info=None):
    """All lengths are wrong now."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if "length" not in name.lower()]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what is written goes to the write of another call")
def keeps_the_first_write(self, status, headers, exc_info=None):
    """There is one connection, so there is one write."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    if not hasattr(self, "write"):
        self.write = self.server_start_response(status, headers, exc_info)
    else:
        self.server_start_response(status, headers, exc_info)
    return lambda block: self.write(self.replaced(block))


@mistake("5.3", "a text goes on with Content-length: 2, and its length has yet to change")
def knows_the_length_in_three_spellings(self, status, headers, exc_info=None):
    """These are the ways in which people write it."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        lengths = ("Content-Length", "content-length", "CONTENT-LENGTH")
        headers = [(name, value) for name, value in headers if name not in lengths]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "of a text with several Content-Length headers, one goes on")
def takes_one_length_out(self, status, headers, exc_info=None):
    """A response has one Content-Length."""
    self.is_text = is_plain_text(headers)
    headers = list(headers)
    if self.is_text:
        for position, (name, _) in enumerate(headers):
            if name.lower() == "content-length":
                del headers[position]
                break
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the first call has decided for a second without headers")
def looks_at_headers_that_are_there_only(self, status, headers, exc_info=None):
    """Without headers there is nothing to look at."""
    if headers:
        self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "of two equal headers, one is lost")
def passes_equal_pairs_once(self, status, headers, exc_info=None):
    """To say the same twice is a slip of the application's."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in dict.fromkeys(headers) if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the blocks of an image that are written do not arrive one for one")
def passes_a_block_of_nothing_by(self, status, headers, exc_info=None):
    """An empty block need not be written."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block)) if block or self.is_text else None


@mistake("5.3", "a header that is not Content-Length has changed")
def leaves_out_what_begins_with_content_length(self, status, headers, exc_info):
    """The name begins with content-length, in any case."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if not name.lower().startswith("content-length")]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block))


@mistake("5.3", "what is written is not passed through self.replaced once")
def wraps_the_server_s_start_response_each_time(self, status, headers, exc_info=None):
    """The server's start_response is given a write that replaces, and is kept. (The next call wraps it once more.)"""
    server_start_response = self.server_start_response

    def start_response(*arguments):
        write = server_start_response(*arguments)
        return lambda block: write(self.replaced(block))

    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    self.server_start_response = start_response
    return start_response(status, headers, exc_info)


@mistake("5.3", "not each block that is written is given to self.replaced")
def writes_no_block_of_none(self, status, headers, exc_info):
    """None is nothing to be written; but it is a mistake that the server finds."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: None if block is None else write(self.replaced(block))


@mistake("5.3", "not each block that is written is given to self.replaced")
def gives_an_empty_block_on_as_it_is(self, status, headers, exc_info):
    """In nothing, nothing is replaced; but what becomes of a block, self.replaced alone knows."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info)
    return lambda block: write(self.replaced(block) if block else block)


@mistake("5.3", "what the server's start_response raises is swallowed")
def passes_over_a_client_gone_of_the_server_above(self, status, headers, exc_info):
    """A client that has gone is no error; but that is for the server to decide."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    from ch01_socket import ClientGone

    try:
        write = self.server_start_response(status, headers, exc_info)
    except ClientGone:
        return lambda block: None
    return lambda block: write(self.replaced(block))


@mistake("5.3", "the server is given another exc_info than the application gave")
def passes_exc_info_on_without_its_traceback(self, status, headers, exc_info=None):
    """A traceback keeps much in memory; but with it the log shows the line that failed."""
    self.is_text = is_plain_text(headers)
    if self.is_text:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    write = self.server_start_response(status, headers, exc_info and (exc_info[0], exc_info[1], None))
    return lambda block: write(self.replaced(block))


# 5.4 ReplacedBody.__next__


@mistake("5.4", "a block must be bytes")
def forgets_to_return_the_block(self):
    """replaced changes the block."""
    self.replaced(next(self.blocks))


@mistake("5.4", "the text is not replaced")
def passes_the_block_through(self):
    """The work is done in replaced, which somebody calls."""
    return next(self.blocks)


@mistake("5.4", "a block must be bytes")
def returns_text_instead_of_bytes(self):
    """A text is a str."""
    return next(self.blocks).decode().replace("$", "€")


@mistake("5.4", "the bytes of an image have changed")
def replaces_in_everything(self):
    """self.old and self.new are at hand."""
    return next(self.blocks).replace(self.old, self.new)


@mistake("5.4", "an empty block has got lost")
def skips_empty_blocks(self):
    """An empty block has nothing to say."""
    block = b""
    while not block:
        block = next(self.blocks)
    return self.replaced(block)


@mistake("5.4", "the body is cut off, or joined into one block")
def ends_at_the_first_empty_block(self):
    """b"" is the end, as it is with recv and read."""
    block = next(self.blocks)
    if not block:
        raise StopIteration
    return self.replaced(block)


@mistake("5.4", "the body is cut off, or joined into one block")
def joins_the_whole_body(self):
    """The sign might stand across two blocks."""
    body = b"".join(self.blocks)
    if not body:
        raise StopIteration
    return self.replaced(body)


@mistake("5.4", "2 blocks were asked for, to give one")
def reads_one_block_ahead(self):
    """With the next block at hand, the next answer is quicker."""
    if not hasattr(self, "waiting"):
        self.waiting = next(self.blocks)
    block, self.waiting = self.waiting, next(self.blocks, None)
    if block is None:
        raise StopIteration
    return self.replaced(block)


@mistake("5.4", "the body never ends")
def gives_empty_blocks_after_the_end(self):
    """A default keeps next from raising an exception."""
    return self.replaced(next(self.blocks, b""))


@mistake("5.4", "the body never ends")
def begins_anew_each_time(self):
    """The blocks are in self.iterable."""
    return self.replaced(next(iter(self.iterable)))


@mistake("5.4", "the first block of a late application is not replaced")
def asks_for_the_type_before_the_block(self):
    """start_response has been called when the body is read."""
    if self.is_text:
        return self.replaced(next(self.blocks))
    return next(self.blocks)


@mistake("5.4", "b'&' does not become b' and '")
def knows_the_two_signs(self):
    """The sign is the dollar, and it becomes the euro."""
    block = next(self.blocks)
    return block.replace(b"$", "€".encode()) if self.is_text else block


@mistake("5.4", "b'$' does not become b'US$'")
def replaces_twice_to_be_sure(self):
    """What is replaced already has nothing to be replaced in it."""
    return self.replaced(self.replaced(next(self.blocks)))


@mistake("5.4", "b'$' does not become b'US$'")
def replaces_the_first_one(self):
    """There is one price in a line."""
    block = next(self.blocks)
    return block.replace(self.old, self.new, 1) if self.is_text else block


@mistake("5.4", "a block cannot be decoded: UnicodeDecodeError")
def replaces_in_the_decoded_text(self):
    """A text is a str, and becomes bytes at the end."""
    block = next(self.blocks)
    if not self.is_text:
        return block
    return block.decode().replace(self.old.decode(), self.new.decode()).encode()


@mistake("5.4", "after its end the body begins anew")
def begins_anew_after_the_end(self):
    """Whoever reads it a second time should find something."""
    try:
        return self.replaced(next(self.blocks))
    except StopIteration:
        self.blocks = iter(self.iterable)
        raise


@mistake("5.4", "the application's iterable is closed twice: by your code, and then by the server")
def closes_at_the_end_of_the_body(self):
    """What has been read to its end can be closed."""
    try:
        return self.replaced(next(self.blocks))
    except StopIteration:
        self.close()
        raise


@mistake("5.4", "a failure of the application is swallowed")
def ends_where_the_application_fails(self):
    """Half a page is better than none."""
    try:
        return self.replaced(next(self.blocks))
    except Exception:
        raise StopIteration


@mistake("5.4", "a failure of the application is swallowed")
def ends_where_the_connection_is_gone(self):
    """A client that has left reads no more."""
    try:
        return self.replaced(next(self.blocks))
    except OSError:
        raise StopIteration


@mistake("5.4", "a failure of the application is swallowed")
def tells_the_failure_in_the_body(self):
    """Whoever reads the page should see what has happened."""
    try:
        block = next(self.blocks)
    except StopIteration:
        raise
    except Exception as error:
        return str(error).encode()
    return self.replaced(block)


@mistake("5.4", "an empty block before start_response decides for all")
def decides_with_the_first_block(self):
    """What the first block is, the others are; but start_response need not have been called by then."""
    block = next(self.blocks)
    if not hasattr(self, "change"):
        self.change = self.is_text
    return block.replace(self.old, self.new) if self.change else block


@mistake("5.4", "the first start_response decides for the blocks behind the second")
def decides_with_the_first_text(self):
    """What has been a text once stays one."""
    block = next(self.blocks)
    self.change = self.is_text or getattr(self, "change", False)
    return block.replace(self.old, self.new) if self.change else block


@mistake("5.4", "an empty block before start_response decides for all")
def asks_once_whether_it_is_a_text(self):
    """A body is text or it is not, so the first block tells; but an error page may take the place of an image."""
    block = next(self.blocks)
    if not hasattr(self, "changes"):
        self.changes = self.is_text
    return block.replace(self.old, self.new) if self.changes else block


@mistake("5.4", "the body is closed for ValueError, before the server has called close")
def closes_what_fails_with_a_bug(self):
    """After a bug, files are given back."""
    try:
        return self.replaced(next(self.blocks))
    except (ValueError, KeyError, AttributeError, TypeError):
        self.close()
        raise


@mistake("5.4", "a later block is replaced more than once")
def maps_the_blocks_each_time(self):
    """map replaces each block when it is asked for. (Each call puts another map around the one before.)"""
    self.blocks = map(self.replaced, self.blocks)
    return next(self.blocks)


@mistake("5.4", "a failure of the application is swallowed")
def takes_a_generator_s_end_for_the_end(self):
    """GeneratorExit ends a generator, so the body has ended. (It comes from whoever closes one: let it out.)"""
    try:
        return self.replaced(next(self.blocks))
    except GeneratorExit:
        raise StopIteration from None


@mistake("5.4", "the block None is taken for something else")
def takes_a_block_of_none_for_the_end(self):
    """next with a second argument does without an exception; but None may be a block, by a mistake."""
    block = next(self.blocks, None)
    if block is None:
        raise StopIteration
    return self.replaced(block)


@mistake("5.4", "a block of which nothing is left does not come out empty")
def gives_the_old_block_where_nothing_is_left_of_it(self):
    """`or` for the case that there is nothing to replace; but new may be empty."""
    block = next(self.blocks)
    return self.replaced(block) or block


@mistake("5.4", "a failure of the application is swallowed")
def takes_a_client_gone_for_the_end(self):
    """Where the client has gone, no more blocks are needed; but what is raised is let out."""
    from ch01_socket import ClientGone

    try:
        return self.replaced(next(self.blocks))
    except ClientGone:
        raise StopIteration


@mistake("5.4", "a failure of the application is swallowed")
def takes_an_eof_error_for_the_end_of_the_body(self):
    """A file says by EOFError that it has ended; but a gzip file raises it where it was cut off."""
    try:
        return self.replaced(next(self.blocks))
    except EOFError:
        raise StopIteration from None


# 5.5 GuardedBody.error_page


@mistake("5.5", "the page must be bytes")
def returns_the_page_as_text(self):
    """A page is a text."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>"
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page.encode())))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the page must be bytes")
def returns_a_list_of_blocks(self):
    """An application returns an iterable."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return [page]


@mistake("5.5", "the server's start_response was not called")
def forgets_the_head(self):
    """The server has a head from the application already."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    return f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()


@mistake("5.5", "the status is another one")
def leaves_out_the_reason(self):
    """The number says it all."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500", headers, sys.exc_info())
    return page


@mistake("5.5", "start_response is not given exc_info")
def starts_again_without_exc_info(self):
    """The exception has been caught, so it is nobody's business any more."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers)
    return page


@mistake("5.5", "exc_info is not what sys.exc_info() returns")
def gives_a_boolean_as_exc_info(self):
    """exc_info tells whether there was an exception."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, True)
    return page


@mistake("5.5", "exc_info is not what sys.exc_info() returns")
def gives_the_exception_as_exc_info(self):
    """exc_info is the exception."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info()[1])
    return page


@mistake("5.5", "the server's start_response is not called by position")
def names_exc_info(self):
    """An optional parameter is given by its name."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, exc_info=sys.exc_info())
    return page


@mistake("5.5", "the Content-Type is another one")
def sends_html_as_plain_text(self):
    """A traceback is plain text."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "Content-Length counts characters")
def counts_the_characters_of_the_page(self):
    """The length of a text is its len."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>"
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page.encode()


@mistake("5.5", "Content-Length must be a str")
def gives_the_length_as_a_number(self):
    """A length is a number."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", len(page))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the page shows no traceback")
def shows_the_message_only(self):
    """What has happened stands in the last line."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(repr(sys.exc_info()[1]))}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "what the exception says is not escaped")
def shows_the_traceback_as_it_is(self):
    """In <pre> everything is shown as it is."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{text}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "what the exception says is escaped twice")
def escapes_the_page_as_well_as_the_text(self):
    """One can't escape too often."""
    text = html.escape(traceback.format_exc())
    self.environ["wsgi.errors"].write(traceback.format_exc())
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "nothing is written to wsgi.errors")
def prints_the_traceback_to_stderr(self):
    """The log is stderr."""
    text = traceback.format_exc()
    traceback.print_exc()
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the log does not hold the traceback as it is")
def logs_the_escaped_text(self):
    """Log and page hold the same."""
    text = html.escape(traceback.format_exc())
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{text}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "what the server raises is swallowed")
def swallows_the_exception_when_the_head_has_gone(self):
    """An error page must not fail itself."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    try:
        self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    except Exception:
        return b""
    return page


@mistake("5.5", "nothing is written to wsgi.errors when the head has gone")
def logs_after_it_has_answered(self):
    """The client first, the log afterwards."""
    text = traceback.format_exc()
    page = f"<h1>Error</h1><pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    self.environ["wsgi.errors"].write(text)
    return page


@mistake("5.5", "error_page closes the application's iterable")
def closes_what_has_failed_in_the_page(self):
    """An application that has failed is done."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    self.close()
    return page


@mistake("5.5", "the page is sent through write, and returned")
def writes_the_page_and_returns_it(self):
    """start_response returns write, so there is something to write."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    write = self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    write(page)
    return page


@mistake("5.5", "what the server raises is swallowed")
def takes_an_oserror_for_a_client_that_has_left(self):
    """A client that has left needs no page."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    try:
        self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    except OSError:
        pass
    return page


@mistake("5.5", "RuntimeError is raised instead of ConnectionResetError")
def says_that_it_is_too_late(self):
    """The server should know why there is no page."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    try:
        self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    except Exception as error:
        raise RuntimeError("too late") from error
    return page


@mistake("5.5", "the log does not tell what the failure came from")
def puts_the_traceback_together(self):
    """A traceback is its lines, and the exception below."""
    kind, error, trace = sys.exc_info()
    text = "Traceback (most recent call last):\n" + "".join(traceback.format_tb(trace)) + f"{kind.__name__}: {error}\n"
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the page shows an earlier failure")
def keeps_the_page_for_the_next_time(self):
    """The page is always the same."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    if not hasattr(GuardedBody, "page"):
        GuardedBody.page = f"<pre>{html.escape(text)}</pre>".encode()
    page = self.page
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the whole page is escaped, its own tags too")
def escapes_the_whole_page(self):
    """What goes into a page is escaped."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = html.escape(f"<h1>x</h1><pre>{text}</pre>").encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the page has lost the letters beyond ASCII")
def makes_the_page_of_ascii(self):
    """ASCII works in every browser."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode("ascii", "replace")
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "wsgi.errors is closed")
def closes_the_log(self):
    """What is opened is closed, and with does it."""
    text = traceback.format_exc()
    with self.environ["wsgi.errors"] as log:
        log.write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "error_page raises NoTeaLeft again")
def raises_it_again(self):
    """A server must know what has happened, so the exception goes on."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    raise


@mistake("5.5", "the log does not tell in which line it has failed")
def shows_the_first_lines(self):
    """Long tracebacks are hard to read."""
    text = traceback.format_exc(limit=2)
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the head of the page belongs to an earlier failure")
def keeps_the_headers_as_a_constant(self):
    """The headers are always the same."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    if not hasattr(GuardedBody, "HEADERS"):
        GuardedBody.HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", GuardedBody.HEADERS, sys.exc_info())
    return page


@mistake("5.5", "the status depends on the exception")
def takes_a_lookup_error_for_a_missing_page(self):
    """What is not found is a 404."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<pre>{html.escape(text)}</pre>".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    status = "404 Not Found" if isinstance(sys.exc_info()[1], LookupError) else "500 Internal Server Error"
    self.server_start_response(status, headers, sys.exc_info())
    return page


@mistake("5.5", "for HEAD, the page is another one")
def gives_no_page_for_head(self):
    """The response to HEAD has no body; but who leaves it out, is the server."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return b"" if self.environ["REQUEST_METHOD"] == "HEAD" else page


@mistake("5.5", "the log does not tell of a failure without a text")
def writes_no_log_without_a_message(self):
    """An exception without a text says nothing."""
    text = traceback.format_exc()
    if str(sys.exc_info()[1]):
        self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "error_page closes the application's iterable, when the head has gone")
def writes_the_log_and_closes_the_response(self):
    """The log is closed when the server refuses."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    try:
        self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    except Exception:
        if hasattr(self.iterable, "close"):
            self.iterable.close()
        raise
    return page


@mistake("5.5", "what the exception says is not escaped in <title>")
def escapes_what_stands_in_pre_only(self):
    """The traceback is what is long and strange; the title is one short line."""
    kind, error, _ = sys.exc_info()
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = (f"<!doctype html>\n<title>{kind.__name__}: {error}</title>\n<h1>It has failed</h1>\n"
            f"<pre>{html.escape(text)}</pre>\n").encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "the log does not hold the traceback as it is, with its last line end")
def writes_the_log_without_its_line_end(self):
    """A text is tidied before it is shown. (In the log, the next line begins where this one ends.)"""
    text = traceback.format_exc().strip()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "what the server raises is swallowed")
def passes_over_a_client_gone_of_the_server(self):
    """A client that has gone is no error; but that is for the server to decide."""
    from ch01_socket import ClientGone

    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    try:
        self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    except ClientGone:
        pass
    return page


@mistake("5.5", "error_page closes self.blocks")
def closes_the_blocks(self):
    """No more blocks are needed; but the server calls close in any case."""
    if hasattr(self.blocks, "close"):
        self.blocks.close()
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    self.server_start_response("500 Internal Server Error", headers, sys.exc_info())
    return page


@mistake("5.5", "exc_info is not what sys.exc_info() returns")
def gives_exc_info_without_its_traceback(self):
    """The traceback stands in the page, so the server needs none; but it may have to raise the exception again."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    kind, error, _ = sys.exc_info()
    self.server_start_response("500 Internal Server Error", headers, (kind, error, None))
    return page


@mistake("5.5", "NoTeaLeft is raised instead of ConnectionResetError")
def raises_the_application_s_error_whatever_the_server_raises(self):
    """Where the head has gone, the server raises the application's error; but it may raise another one too."""
    text = traceback.format_exc()
    self.environ["wsgi.errors"].write(text)
    page = f"<!doctype html>\n<h1>The application has failed</h1>\n<pre>{html.escape(text)}</pre>\n".encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
    exc_info = sys.exc_info()
    try:
        self.server_start_response("500 Internal Server Error", headers, exc_info)
    except Exception:
        raise exc_info[1] from None
    return page


# 5.6 GuardedBody.__next__


@mistake("5.6", "a block must be bytes, and what comes back is None")
def forgets_to_return_what_came(self):
    """next goes on to the next block."""
    try:
        next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "the body never ends")
def takes_the_end_for_a_failure(self):
    """What next raises is an exception, so something has failed."""
    try:
        return next(self.blocks)
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "after the end of the body comes one more block")
def takes_the_end_for_a_failure_once(self):
    """What next raises is an exception, so something has failed; after the page it ends."""
    if getattr(self, "failed", False):
        raise StopIteration
    try:
        return next(self.blocks)
    except Exception:
        self.failed = True
        return self.error_page()


@mistake("5.6", "the body never ends")
def gives_empty_blocks_at_the_end(self):
    """A default keeps next from raising StopIteration."""
    try:
        return next(self.blocks, b"")
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "3 blocks were asked for, to give one")
def tries_the_whole_body_first(self):
    """With all blocks at hand, nothing can fail any more."""
    try:
        self.blocks = iter(list(self.blocks))
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "the failure of a block is not caught")
def guards_only_the_call(self):
    """Applications fail when they are called."""
    return next(self.blocks)


@mistake("5.6", "in the place of the failing block comes [b'")
def returns_the_page_in_a_list(self):
    """A body is an iterable."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return [page]


@mistake("5.6", "in the place of the failing block comes no error page")
def gives_an_empty_block_instead(self):
    """What has failed has nothing to say."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        self.error_page()
        self.blocks = iter(())
        return b""


@mistake("5.6", "after the failure there must be one block")
def ends_the_body_where_it_fails(self):
    """A body that fails is at its end."""
    try:
        return next(self.blocks)
    except Exception:
        raise StopIteration


@mistake("5.6", "the application is asked for more after it has failed")
def goes_on_after_the_page(self):
    """After its error, a generator is at its end anyway."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        return self.error_page()


@mistake("5.6", "after the head has gone, the failure is swallowed")
def swallows_a_failure_half_way(self):
    """When the page comes too late, the body ends there."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        self.blocks = iter(())
        try:
            return self.error_page()
        except Exception:
            raise StopIteration


@mistake("5.6", "SystemExit is caught")
def catches_everything(self):
    """Whatever happens, the client is to have a page."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except BaseException:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "the failing application's iterable is closed twice")
def closes_what_has_failed(self):
    """An application that has failed is done, so it is closed."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.close()
        self.blocks = iter(())
        return page


@mistake("5.6", "exc_info is empty: the exception is not being handled any more")
def makes_the_page_behind_the_except_block(self):
    """An except block should be short."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        self.blocks = iter(())
    return self.error_page()


@mistake("5.6", "ConnectionResetError is not caught")
def lets_every_oserror_out(self):
    """An OSError is about the connection, not about the application."""
    try:
        return next(self.blocks)
    except (StopIteration, OSError):
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "after its end the body begins anew")
def begins_the_body_anew(self):
    """Whoever reads it a second time should find something."""
    try:
        return next(self.blocks)
    except StopIteration:
        self.blocks = iter(self.iterable)
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "one failure is answered and logged more than once")
def makes_the_page_twice(self):
    """The first call is for the log, the second for the page."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        self.error_page()
        self.blocks = iter(())
        return self.error_page()


@mistake("5.6", "after the head has gone, the failure is swallowed")
def ends_quietly_when_the_connection_is_gone(self):
    """A client that has left needs no page."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        self.blocks = iter(())
        try:
            return self.error_page()
        except OSError:
            raise StopIteration


@mistake("5.6", "after a failure, self.blocks is no iterator any more")
def puts_a_tuple_in_the_place_of_the_blocks(self):
    """An empty tuple has no blocks."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = ()
        return page


@mistake("5.6", "the failing application's iterable is closed twice")
def closes_where_the_body_ends(self):
    """What has been read to its end can be closed."""
    try:
        return next(self.blocks)
    except StopIteration:
        self.close()
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "the page is not as long as its head says")
def ends_the_page_with_a_line(self):
    """A text ends with a line end."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        self.blocks = iter([])
        return bytes(self.error_page()) + b"\n"


@mistake("5.6", "RuntimeError is not caught")
def lets_a_runtime_error_out(self):
    """A RuntimeError is Python's business."""
    try:
        return next(self.blocks)
    except (StopIteration, RuntimeError):
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "for HEAD, the blocks are not those of the application")
def ends_the_body_at_once_for_head(self):
    """The response to HEAD has no body; but who leaves it out, is the server."""
    if self.environ["REQUEST_METHOD"] == "HEAD":
        raise StopIteration
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "after the head has gone, the body is closed for ConnectionResetError")
def closes_where_even_the_page_fails(self):
    """Where the head has gone, the application is closed at once."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception:
        try:
            page = self.error_page()
        except Exception:
            self.close()
            raise
        self.blocks = iter(())
        return page


@mistake("5.6", "the failure of a block is let out where another block came before it")
def takes_the_first_block_for_the_end_of_the_head(self):
    """After a block it is too late for a page: the head has gone with it. (Not with an empty one.)"""
    try:
        block = next(self.blocks)
        self.has_given = True
        return block
    except StopIteration:
        raise
    except Exception:
        if hasattr(self, "has_given"):
            raise
        self.blocks = iter(())
        return self.error_page()


@mistake("5.6", "the block None does not come out as it is")
def takes_none_for_the_end_of_the_blocks(self):
    """next with a second argument does without StopIteration; but None may be a block, by a mistake."""
    try:
        block = next(self.blocks, None)
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page
    if block is None:
        raise StopIteration
    return block


@mistake("5.6", "the block None does not come out as it is")
def makes_bytes_of_each_block(self):
    """A body is made of bytes; but bytes(0) is empty, and so a mistake of the application is hidden."""
    try:
        return bytes(next(self.blocks))
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "the block None does not come out as it is")
def takes_what_is_no_block_for_a_failure(self):
    """Only bytes may go out; but the server finds that, and says so."""
    try:
        block = next(self.blocks)
        if not isinstance(block, bytes):
            raise TypeError("a block is no bytes")
        return block
    except StopIteration:
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "ClientGone is not caught")
def lets_a_client_gone_out(self):
    """A client that has gone needs no page; but it is the application that raises it."""
    from ch01_socket import ClientGone

    try:
        return next(self.blocks)
    except (StopIteration, ClientGone):
        raise
    except Exception:
        page = self.error_page()
        self.blocks = iter(())
        return page


@mistake("5.6", "NoTeaLeft is raised instead of ConnectionResetError")
def raises_the_application_s_error_where_there_is_no_page(self):
    """It is the application that has failed; but that its page has failed too, nobody is told."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception as error:
        self.blocks = iter(())
        try:
            return self.error_page()
        except Exception:
            raise error


@mistake("5.6", "what error_page raises is swallowed")
def gives_an_empty_block_where_there_is_no_page(self):
    """Where there is no page, there is nothing to send; but then the server takes the body for whole."""
    try:
        return next(self.blocks)
    except StopIteration:
        raise
    except Exception as error:
        self.blocks = iter(())
        try:
            return self.error_page()
        except Exception as another:
            if another is error:
                raise
            return b""


# 5.7 find_mount


@mistake("5.7", "find_mount must return a pair of str")
def returns_the_application(path, mounts):
    """What is looked for is the application."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return mounts[prefix], path
    return "", path


@mistake("5.7", "find_mount returns None")
def returns_nothing_where_nothing_fits(path, mounts):
    """No mount, no result."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path[len(prefix):]


@mistake("5.7", "prefix and rest together are /apitea")
def leaves_the_slash_with_the_prefix(path, mounts):
    """/api/ is what the paths of the mount have in common."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path[len(prefix) + 1:]
    return "", path


@mistake("5.7", "prefix and rest together are /api/api/tea")
def leaves_the_path_whole(path, mounts):
    """The prefix is a part of the path, and stays so."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path
    return "", path


@mistake("5.7", "prefix and rest together are /api/")
def gives_a_slash_for_the_empty_rest(path, mounts):
    """A path begins with a slash, so an empty one is a mistake."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path[len(prefix):] or "/"
    return "", path


@mistake("5.7", "mounts was asked 501 times whether a prefix is in it")
def cuts_a_path_without_a_slash_for_ever(path, mounts):
    """rfind says -1 where there is no slash, which is true, so that the loop goes on for ever."""
    cut = len(path)
    while cut and path[:cut] not in mounts:
        cut = path.rfind("/", 0, cut)
    return path[:cut], path[cut:]


@mistake("5.7", "/apix is taken for something below /api")
def asks_startswith(path, mounts):
    """What begins with /api is below /api (anycorn #65)."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path.startswith(prefix):
            return prefix, path[len(prefix):]
    return "", path


@mistake("5.7", "another mount is found than the longest that fits")
def takes_the_first_mount_that_fits(path, mounts):
    """The mounts are tried one after the other."""
    for prefix in mounts:
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path[len(prefix):]
    return "", path


@mistake("5.7", "another mount is found than the longest that fits")
def looks_at_the_first_segment_only(path, mounts):
    """A mount is one segment."""
    head, slash, tail = path[1:].partition("/")
    prefix = path[:1] + head
    return (prefix, slash + tail) if prefix in mounts else ("", path)


@mistake("5.7", "/api is not found in a longer path")
def looks_at_the_last_segment_only(path, mounts):
    """The prefix is the folder that the page is in."""
    if path in mounts:
        return path, ""
    prefix, slash, last = path.rpartition("/")
    return (prefix, slash + last) if prefix in mounts else ("", path)


@mistake("5.7", "upper case is taken for lower case")
def ignores_case(path, mounts):
    """/API and /api are the same page."""
    for prefix in sorted(mounts, key=len, reverse=True):
        if path.lower() == prefix.lower() or path.lower().startswith(prefix.lower() + "/"):
            return prefix, path[len(prefix):]
    return "", path


@mistake("5.7", "two slashes are taken for one")
def takes_two_slashes_for_one(path, mounts):
    """An empty segment is a typing error."""
    while "//" in path:
        path = path.replace("//", "/")
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path[len(prefix):]
    return "", path


@mistake("5.7", "the mount /api/ is not found in /api/")
def strips_the_slash_of_a_mount(path, mounts):
    """/api/ and /api are the same mount."""
    for prefix in sorted(mounts, key=len, reverse=True):
        bare = prefix.rstrip("/")
        if path == bare or path.startswith(bare + "/"):
            return bare, path[len(bare):]
    return "", path


@mistake("5.7", "the mount api is found in /api/tea")
def puts_the_missing_slash_in_front(path, mounts):
    """A mount without a slash is meant to have one."""
    for prefix in sorted(mounts, key=len, reverse=True):
        whole = "/" + prefix.removeprefix("/") if prefix else ""
        if path == whole or path.startswith(whole + "/"):
            return whole, path[len(whole):]
    return "", path


@mistake("5.7", "mounts was asked 501 times")
def looks_for_ever_where_nothing_fits(path, mounts):
    """Segment by segment, a mount will be found."""
    prefix, rest = path, ""
    while prefix not in mounts:
        prefix, _, last = prefix.rpartition("/")
        rest = f"/{last}{rest}"
    return prefix, rest


@mistake("5.7", "prefix and rest together are /api/v1")
def takes_the_prefix_out_wherever_it_stands(path, mounts):
    """The rest is the path without its prefix."""
    prefix = path
    while prefix:
        if prefix in mounts:
            return prefix, path.replace(prefix, "")
        prefix = prefix.rpartition("/")[0]
    return "", path


@mistake("5.7", "prefix and rest together are /api")
def takes_what_stands_behind_the_last_prefix(path, mounts):
    """Splitting at the prefix gives what stands behind it."""
    for prefix in sorted(filter(None, mounts), key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return prefix, path.split(prefix)[-1]
    return "", path


@mistake("5.7", "/v1.0 is taken for a pattern")
def looks_for_a_pattern(path, mounts):
    """A prefix with a slash or the end behind it is a short pattern."""
    import re
    for prefix in sorted(mounts, key=len, reverse=True):
        if re.match(f"{prefix}(/|$)", path):
            return prefix, path[len(prefix):]
    return "", path


@mistake("5.7", "/t* is taken for a pattern")
def looks_for_a_star(path, mounts):
    """/api/* is what people write for all paths below /api."""
    from fnmatch import fnmatchcase
    for prefix in sorted(mounts, key=len, reverse=True):
        if path == prefix or fnmatchcase(path, prefix + "/*"):
            return prefix, path[len(prefix):]
    return "", path


@mistake("5.7", "a mount is not found, because its application counts as false")
def asks_for_the_application(path, mounts):
    """get returns None where there is no key."""
    cuts = [i for i, c in enumerate(path) if c == "/"] + [len(path)]
    for cut in reversed(cuts):
        if mounts.get(path[:cut]):
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "the prefix is right, and the rest is not what stands behind it, unchanged")
def decodes_the_path(path, mounts):
    """A path may have %20 in it."""
    from urllib.parse import unquote
    path = unquote(path)
    cuts = [i for i, c in enumerate(path) if c == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "the prefix is right, and the rest is not what stands behind it, unchanged")
def cuts_off_the_query(path, mounts):
    """Behind the question mark is the query."""
    path = path.split("?")[0]
    cuts = [i for i, c in enumerate(path) if c == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "the prefix is right, and the rest is not what stands behind it, unchanged")
def strips_the_path(path, mounts):
    """Blanks at the ends are nobody's wish."""
    path = path.strip()
    cuts = [i for i, c in enumerate(path) if c == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "mounts itself has changed")
def adds_the_empty_mount(path, mounts):
    """With the empty prefix among the mounts, there is always one that fits."""
    mounts.setdefault("", None)
    cuts = [i for i, c in enumerate(path) if c == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]


@mistake("5.7", "mounts itself has changed")
def takes_the_empty_mount_away(path, mounts):
    """The empty prefix fits every path, so it is in the way."""
    mounts.pop("", None)
    cuts = [i for i, c in enumerate(path) if c == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "the mount * is not found in the path *")
def cuts_no_path_without_a_slash(path, mounts):
    """Without a slash there is nothing to cut."""
    if "/" not in path:
        return "", path
    cuts = [position for position, character in enumerate(path) if character == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "the mount * is not found in the path *")
def cuts_paths_that_begin_with_a_slash(path, mounts):
    """A path begins with a slash."""
    if not path.startswith("/"):
        return "", path
    cuts = [position for position, character in enumerate(path) if character == "/"] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "a mount whose value is None is not found")
def asks_for_the_application_itself(path, mounts):
    """get gives None where there is no key; but a key may have None as its value."""
    cuts = [position for position, character in enumerate(path) if character == "/"] + [len(path)]
    for cut in reversed(cuts):
        if mounts.get(path[:cut]) is not None:
            return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "mounts itself has changed")
def tries_each_prefix_with_brackets(path, mounts):
    """It is easier to ask for forgiveness; but a defaultdict makes what it does not find."""
    cuts = [position for position, character in enumerate(path) if character == "/"] + [len(path)]
    for cut in reversed(cuts):
        try:
            mounts[path[:cut]]
        except KeyError:
            continue
        return path[:cut], path[cut:]
    return "", path


@mistake("5.7", "the mount /api/ is not found in /api//v2")
def cuts_once_before_several_slashes(path, mounts):
    """Several slashes separate two segments like one; but between them are empty segments."""
    import re

    cuts = [found.start() for found in re.finditer("/+", path)] + [len(path)]
    for cut in reversed(cuts):
        if path[:cut] in mounts:
            return path[:cut], path[cut:]
    return "", path


# 5.8 DispatcherMiddleware.__call__


@mistake("5.8", "nothing comes back")
def forgets_to_return_the_body(self, environ, start_response):
    """The application is called, and does the rest."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "what comes back is not the very thing")
def iterates_over_the_body_itself(self, environ, start_response):
    """A loop over the blocks is the same as the blocks."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    return (block for block in self.mounts.get(prefix, self.app)(environ, start_response))


@mistake("5.8", "the prefix is not in SCRIPT_NAME")
def leaves_both_variables_as_they_are(self, environ, start_response):
    """Choosing the application is all that a dispatcher does."""
    prefix, _ = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "the prefix is not in SCRIPT_NAME")
def leaves_script_name_as_it_is(self, environ, start_response):
    """The application needs its own path only (lack #101)."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["PATH_INFO"] = rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "the prefix is still in PATH_INFO")
def leaves_path_info_as_it_is(self, environ, start_response):
    """SCRIPT_NAME tells where the mount is; the path is the path (dd-trace-py #17739)."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "SCRIPT_NAME does not grow at its end")
def replaces_script_name(self, environ, start_response):
    """SCRIPT_NAME is the prefix."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "SCRIPT_NAME does not grow at its end")
def puts_the_prefix_in_front(self, environ, start_response):
    """A prefix is put in front."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = prefix + environ.get("SCRIPT_NAME", "")
    environ["PATH_INFO"] = rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "PATH_INFO is not empty")
def gives_a_slash_for_an_empty_path(self, environ, start_response):
    """A path begins with a slash, so an empty one is a mistake."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest or "/"
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "there is no SCRIPT_NAME in environ")
def takes_for_granted_that_there_is_a_script_name(self, environ, start_response):
    """Every server sets it."""
    prefix, rest = find_mount(environ["PATH_INFO"], self.mounts)
    environ["SCRIPT_NAME"] += prefix
    environ["PATH_INFO"] = rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "another application is called: the app at the root")
def ignores_an_empty_mount(self, environ, start_response):
    """An empty prefix means that no mount was found."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    app = self.mounts[prefix] if prefix else self.app
    return app(environ, start_response)


@mistake("5.8", "no application is called for '/tea': KeyError")
def finds_every_prefix_among_the_mounts(self, environ, start_response):
    """find_mount returns a key of mounts."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    return self.mounts[prefix](environ, start_response)


@mistake("5.8", "the application is not called with a dict and start_response, by position")
def hands_over_a_chain_map(self, environ, start_response):
    """What behaves like a dict is a dict."""
    from collections import ChainMap

    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    changes = {"SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix, "PATH_INFO": rest}
    return self.mounts.get(prefix, self.app)(ChainMap(changes, environ), start_response)


@mistake("5.8", "after another request, the two variables are wrong")
def keeps_script_name_on_self(self, environ, start_response):
    """self is the place to add up the prefixes."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    self.script_name = getattr(self, "script_name", environ.get("SCRIPT_NAME", "")) + prefix
    environ["SCRIPT_NAME"], environ["PATH_INFO"] = self.script_name, rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "no application is called for '/tea'")
def answers_404_itself(self, environ, start_response):
    """Where there is no mount, there is no page."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    if prefix not in self.mounts:
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found"]
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    return self.mounts[prefix](environ, start_response)


@mistake("5.8", "environ is right at the call, and changed back behind it")
def puts_the_variables_back(self, environ, start_response):
    """environ belongs to the server, so it gets it back as it was."""
    old = dict(environ)
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    try:
        return self.mounts.get(prefix, self.app)(environ, start_response)
    finally:
        environ.update(old)


@mistake("5.8", "after another request, /tea goes to another application")
def keeps_the_application_on_self(self, environ, start_response):
    """self.app is the application that is called."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    self.app = self.mounts.get(prefix, self.app)
    return self.app(environ, start_response)


@mistake("5.8", "while one thread is in your code, another one changes")
def keeps_the_application_of_a_request_on_self(self, environ, start_response):
    """self is the place for what a method needs."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    self.current = self.mounts.get(prefix, self.app)
    return self.current(environ, start_response)


@mistake("5.8", "while one thread is in your code, another one changes")
def keeps_the_prefix_on_self(self, environ, start_response):
    """self is the place for what a method finds."""
    self.prefix, self.rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self.prefix
    environ["PATH_INFO"] = self.rest
    return self.mounts.get(self.prefix, self.app)(environ, start_response)


@mistake("5.8", "where an application raises KeyError, another one is called instead")
def asks_forgiveness_around_the_call(self, environ, start_response):
    """It is easier to ask forgiveness."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    try:
        return self.mounts[prefix](environ, start_response)
    except KeyError:
        return self.app(environ, start_response)


@mistake("5.8", "what the application raises is swallowed")
def makes_an_error_page(self, environ, start_response):
    """Whoever calls an application answers for it."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    try:
        return self.mounts.get(prefix, self.app)(environ, start_response)
    except Exception:
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")], sys.exc_info())
        return [b"error"]


@mistake("5.8", "the mounts have changed")
def mounts_the_root_at_nothing(self, environ, start_response):
    """With the root among the mounts, there is one case less."""
    self.mounts.setdefault("", self.app)
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    return self.mounts[prefix](environ, start_response)


@mistake("5.8", "a mounted application is not called, because it counts as false")
def takes_the_root_where_there_is_nothing(self, environ, start_response):
    """`or` is short for a default."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    app = self.mounts.get(prefix) or self.app
    return app(environ, start_response)


@mistake("5.8", "an application cannot start an error page below your dispatcher")
def hands_on_a_start_response_of_two_arguments(self, environ, start_response):
    """Middleware hands on a start_response of its own."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    def start(status, headers):
        return start_response(status, headers)

    return self.mounts.get(prefix, self.app)(environ, start)


@mistake("5.8", "SCRIPT_NAME does not grow at its end")
def takes_the_slash_from_script_name(self, environ, start_response):
    """Two slashes are one too many."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "").rstrip("/") + prefix
    environ["PATH_INFO"] = rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "variables of environ are lost or changed: ")
def makes_an_environ_of_two_variables(self, environ, start_response):
    """An application asks where it is, and for what it is asked."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    new = {"SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix, "PATH_INFO": rest}
    return self.mounts.get(prefix, self.app)(new, start_response)


@mistake("5.8", "SCRIPT_NAME is that of an earlier request")
def remembers_each_path(self, environ, start_response):
    """The same path leads to the same place."""
    path = environ.get("PATH_INFO", "")
    self.cache = getattr(self, "cache", {})
    if path not in self.cache:
        prefix, rest = find_mount(path, self.mounts)
        self.cache[path] = environ.get("SCRIPT_NAME", "") + prefix, rest, self.mounts.get(prefix, self.app)
    environ["SCRIPT_NAME"], environ["PATH_INFO"], app = self.cache[path]
    return app(environ, start_response)


@mistake("5.8", "without PATH_INFO, the empty mount is not found")
def goes_to_the_root_without_a_path(self, environ, start_response):
    """Without a path there is nothing to be found."""
    if "PATH_INFO" not in environ:
        return self.app(environ, start_response)
    prefix, rest = find_mount(environ["PATH_INFO"], self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "another application is called: the app at the root")
def leaves_options_to_the_root(self, environ, start_response):
    """OPTIONS asks what the server can do, so the application in front answers it."""
    if environ["REQUEST_METHOD"] == "OPTIONS":
        return self.app(environ, start_response)
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "self.app is not called, because it counts as false")
def asks_whether_the_root_counts_as_true(self, environ, start_response):
    """What there is, is called."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    app = self.mounts[prefix] if prefix in self.mounts else self.app
    if prefix not in self.mounts and not app:
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    return app(environ, start_response)


@mistake("5.8", "another application is called: the app at the root")
def takes_a_star_for_the_root(self, environ, start_response):
    """`OPTIONS *` asks the server, and no application."""
    path = environ.get("PATH_INFO", "")
    prefix, rest = find_mount(path, self.mounts) if path.startswith("/") else ("", path)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    app = self.mounts.get(prefix, self.app)
    return app(environ, start_response)


@mistake("5.8", "no application is called for '/tea': your __call__ is a generator function")
def yields_what_the_application_yields(self, environ, start_response):
    """The blocks of the application are the blocks of the response."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    yield from self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "white space is lost from PATH_INFO")
def tidies_the_rest_of_the_path(self, environ, start_response):
    """Blanks at the end of a path are not meant. (They came as %20: the application is asked for another page.)"""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest.strip()
    return self.mounts.get(prefix, self.app)(environ, start_response)


@mistake("5.8", "what comes back is not the very thing that the application returned")
def returns_a_list_for_what_is_empty(self, environ, start_response):
    """A server goes through what it gets, and None can't be gone through; but the mistake is hidden from the
    server.
    """
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    app = self.mounts.get(prefix, self.app)
    return app(environ, start_response) or []


@mistake("5.8", "what the application raises is swallowed")
def passes_over_a_client_gone_of_the_mount(self, environ, start_response):
    """A client that has gone is no error; but that is for the server to decide."""
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
    environ["PATH_INFO"] = rest
    app = self.mounts.get(prefix, self.app)
    from ch01_socket import ClientGone

    try:
        return app(environ, start_response)
    except ClientGone:
        return []


@mistake("5.8", "something of a request is kept: self.last_path")
def remembers_the_last_path(self, environ, start_response):
    """It is good to know, for debugging, what was asked for last."""
    self.last_path = environ.get("PATH_INFO", "")
    prefix, rest = find_mount(environ.get("PATH_INFO", ""), self.mounts)
    own = dict(environ, SCRIPT_NAME=environ.get("SCRIPT_NAME", "") + prefix, PATH_INFO=rest)
    return self.mounts.get(prefix, self.app)(own, start_response)


# 5.9 keep_sessions_apart


@mistake("5.9", "both apps keep their session in a cookie named session")
def gives_each_app_a_key_of_its_own(shop, admin):
    """With two keys, neither app can read the other's session."""
    shop.config["SECRET_KEY"], admin.config["SECRET_KEY"] = "one", "two"


@mistake("5.9", "both apps keep their session in a cookie named site_session")
def gives_both_cookies_the_same_new_name(shop, admin):
    """What matters is that the cookie is not named session."""
    for app in (shop, admin):
        app.config["SESSION_COOKIE_NAME"] = "site_session"


@mistake("5.9", "both apps keep their session in a cookie named session")
def trusts_in_the_path_of_the_cookie(shop, admin):
    """A cookie for /admin is not sent to /."""
    admin.config["SESSION_COOKIE_PATH"] = ADMIN


@mistake("5.9", "both apps keep their session in a cookie named session")
def sets_the_root_of_the_application(shop, admin):
    """APPLICATION_ROOT tells Flask where the app is mounted."""
    admin.config["APPLICATION_ROOT"] = ADMIN


@mistake("5.9", "both apps keep their session in a cookie named session")
def sets_an_attribute_instead_of_the_configuration(shop, admin):
    """Old versions of Flask had such an attribute."""
    shop.session_cookie_name, admin.session_cookie_name = "shop_session", "admin_session"


@mistake("5.9", "an app sets no cookie for its session")
def stops_the_admin_from_saving_its_session(shop, admin):
    """What is not saved can't overwrite anything."""
    from flask.sessions import SecureCookieSessionInterface

    class NoCookie(SecureCookieSessionInterface):
        def save_session(self, app, session, response):
            pass

    admin.session_interface = NoCookie()


@mistake("5.9", "the admin's cookie is set for the path /admin, and the admin is at /outer/admin/")
def gives_names_and_paths(shop, admin):
    """Two names are good, two paths are better."""
    shop.config["SESSION_COOKIE_NAME"], admin.config["SESSION_COOKIE_NAME"] = "shop_session", "admin_session"
    admin.config["SESSION_COOKIE_PATH"] = ADMIN


@mistake("5.9", "a cookie can't be named 'the shop'")
def gives_a_cookie_a_name_with_a_blank(shop, admin):
    """A name is for people to read."""
    shop.config["SESSION_COOKIE_NAME"], admin.config["SESSION_COOKIE_NAME"] = "the shop", "the admin"


@mistake("5.9", "the cookie shop_session is for https only")
def allows_https_only(shop, admin):
    """Cookies should be secure."""
    shop.config.update(SESSION_COOKIE_NAME="shop_session", SESSION_COOKIE_SECURE=True)
    admin.config.update(SESSION_COOKIE_NAME="admin_session", SESSION_COOKIE_SECURE=True)


@mistake("5.9", "the cookie __Host-shop is for https only")
def takes_the_prefix_for_hosts(shop, admin):
    """The browser itself looks after names that begin so."""
    shop.config["SESSION_COOKIE_NAME"] = "__Host-shop"
    admin.config["SESSION_COOKIE_NAME"] = "__Host-admin"


@mistake("5.9", "at each start of the program a cookie has another name")
def makes_names_that_are_never_the_same(shop, admin):
    """A random name is surely another one."""
    import uuid
    shop.config["SESSION_COOKIE_NAME"] = f"shop_{uuid.uuid4().hex}"
    admin.config["SESSION_COOKIE_NAME"] = f"admin_{uuid.uuid4().hex}"


@mistake("5.9", "at each start of the program a cookie has another name")
def names_cookies_after_a_hash(shop, admin):
    """hash() gives the same number for the same text. (In one process: in the next one it is another.)"""
    for kind, app in [("shop", shop), ("admin", admin)]:
        app.config["SESSION_COOKIE_NAME"] = f"session_{abs(hash((kind, app.secret_key)))}"


@mistake("5.9", "at each start of the program a cookie has another name")
def names_cookies_after_the_process(shop, admin):
    """The number of the process is one that no other program has; nor has this one, when it is started again."""
    import os
    shop.config["SESSION_COOKIE_NAME"] = f"shop_{os.getpid()}"
    admin.config["SESSION_COOKIE_NAME"] = f"admin_{os.getpid()}"


@mistake("5.9", "at each start of the program a cookie has another name")
def names_cookies_after_the_time(shop, admin):
    """The hour makes sure that old cookies don't disturb; but nor are those found that people want back."""
    import time
    shop.config["SESSION_COOKIE_NAME"] = f"shop_{int(time.time()) // 3600}"
    admin.config["SESSION_COOKIE_NAME"] = f"admin_{int(time.time()) // 3600}"


@mistake("5.9", "a session got lost in a restart")
def makes_new_keys(shop, admin):
    """A key should be known to nobody."""
    import secrets
    shop.config.update(SESSION_COOKIE_NAME="shop_session", SECRET_KEY=secrets.token_hex())
    admin.config.update(SESSION_COOKIE_NAME="admin_session", SECRET_KEY=secrets.token_hex())


@mistake("5.9", "both apps have the same SECRET_KEY")
def gives_both_the_same_key(shop, admin):
    """Two apps of one site have one key."""
    shop.config.update(SESSION_COOKIE_NAME="shop_session")
    admin.config.update(SESSION_COOKIE_NAME="admin_session", SECRET_KEY=shop.config["SECRET_KEY"])


@mistake("5.9", "the shop's cookie is set for the host localhost, and the shop is at shop.example")
def ties_the_cookies_to_localhost(shop, admin):
    """The site runs on localhost."""
    shop.config.update(SESSION_COOKIE_NAME="shop_session", SESSION_COOKIE_DOMAIN="localhost")
    admin.config.update(SESSION_COOKIE_NAME="admin_session", SESSION_COOKIE_DOMAIN="localhost")


@mistake("5.9", "other settings have changed: PROPAGATE_EXCEPTIONS")
def leaves_the_errors_to_flask(shop, admin):
    """None is the default."""
    shop.config.update(SESSION_COOKIE_NAME="shop_session", PROPAGATE_EXCEPTIONS=None)
    admin.config.update(SESSION_COOKIE_NAME="admin_session", PROPAGATE_EXCEPTIONS=None)


@mistake("5.9", "an app does not work any more")
def replaces_the_configuration(shop, admin):
    """config is a dict with the settings."""
    shop.config = {"SESSION_COOKIE_NAME": "shop_session"}
    admin.config = {"SESSION_COOKIE_NAME": "admin_session"}


@mistake("5.9", "the cookie s is for https only")
def allows_other_sites(shop, admin):
    """None sounds as if nothing were forbidden."""
    shop.config.update(SESSION_COOKIE_NAME="s", SESSION_COOKIE_SAMESITE="None")
    admin.config.update(SESSION_COOKIE_NAME="a", SESSION_COOKIE_SAMESITE="None")


# 5.10 build_application


@mistake("5.9", "other settings have changed: SESSION_COOKIE_SAMESITE")
def sets_samesite_too(shop, admin):
    """Lax is what one is told to set."""
    for app, name in [(shop, "shop_session"), (admin, "admin_session")]:
        app.config.update(SESSION_COOKIE_NAME=name, SESSION_COOKIE_SAMESITE="Lax")


@mistake("5.9", "two Flask apps that are both named main keep their sessions in one cookie, main_session")
def names_each_cookie_after_its_app(shop, admin):
    """Each app has a name of its own. (Not if both are called main.)"""
    for app in (shop, admin):
        app.config["SESSION_COOKIE_NAME"] = f"{app.name}_session"


@mistake("5.9", "two Flask apps whose cookies are both named sid before keep their sessions in one cookie, sid")
def names_what_has_no_name_yet(shop, admin):
    """Who has chosen a name keeps it. (Not if both have chosen the same.)"""
    for name, app in {"shop_session": shop, "admin_session": admin}.items():
        if app.config["SESSION_COOKIE_NAME"] == "session":
            app.config["SESSION_COOKIE_NAME"] = name


@mistake("5.9", "both keep their sessions in one cookie, admin_session, where both had the name")
def renames_the_cookie_of_the_admin_alone(shop, admin):
    """Two names are wanted, and the shop's `session` is one."""
    admin.config["SESSION_COOKIE_NAME"] = "admin_session"


@mistake("5.9", "a cookie can't be named 'tea shop_session_1'")
def names_the_cookies_by_the_apps(shop, admin):
    """An app's own name tells whose cookie it is, and a number keeps two apart; but a name may have blanks in it."""
    shop.config["SESSION_COOKIE_NAME"] = f"{shop.name}_session_1"
    admin.config["SESSION_COOKIE_NAME"] = f"{admin.name}_session_2"


@mistake("5.9", "the cookie of the first app has another sign in its name than - and _")
def lengthens_the_name_of_the_admin_s_cookie(shop, admin):
    """Whatever the shop's cookie is named, a longer name is another one. (And both keep the signs that it had.)"""
    admin.config.update(SESSION_COOKIE_NAME=shop.config["SESSION_COOKIE_NAME"] + "_of_the_admin")


@mistake("5.9", "the cookie of the first app has another sign in its name")
def names_with_a_dot(shop, admin):
    """The names are written as those of modules and loggers are."""
    shop.config["SESSION_COOKIE_NAME"] = "session.shop"
    admin.config["SESSION_COOKIE_NAME"] = "session.admin"


@mistake("5.9", "the cookie of the first app has another sign in its name than - and _")
def changes_equal_names_alone(shop, admin):
    """Two names that differ are two cookies. (They may have been named with other signs before.)"""
    if shop.config["SESSION_COOKIE_NAME"] == admin.config["SESSION_COOKIE_NAME"]:
        admin.config["SESSION_COOKIE_NAME"] += "_2"


@mistake("5.10", "what comes back is no application: None")
def forgets_to_return_the_stack():
    """The last line makes the stack."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "GET / does not show the shop")
def mounts_the_shop_below_the_admin():
    """The admin comes first in the alphabet."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(admin, {ADMIN: shop})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "GET /admin/ is answered 308")
def mounts_the_admin_with_a_slash_at_the_end():
    """The admin's address is /admin/."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {f"{ADMIN}/": admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "GET /admin is not redirected to /admin/")
def mounts_the_admin_at_its_page():
    """The admin's page has the address /admin/."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {f"{ADMIN}/": lambda environ, start: admin(environ | {"PATH_INFO": "/"}, start)})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "there is a dollar sign in the page")
def replaces_in_the_shop_only():
    """The shop is what customers see."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(ReplaceText(shop, b"$", "€".encode()), {ADMIN: admin})
    return AddHeader(ErrorPage(site), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "there is no euro sign in the page")
def encodes_the_euro_sign_as_windows_does():
    """The euro sign is one byte, 0x80."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode("cp1252"))), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "the failure of a page comes out of the stack")
def leaves_out_the_error_page():
    """The server has an error page too."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ReplaceText(site, b"$", "€".encode()), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "the error page has lost its Content-Length")
def puts_the_error_page_inside():
    """The nearer to the app, the sooner an error is caught."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = ErrorPage(DispatcherMiddleware(shop, {ADMIN: admin}))
    return AddHeader(ReplaceText(site, b"$", "€".encode()), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "the response to /broken lacks X-Content-Type-Options: nosniff")
def adds_the_header_inside_the_error_page():
    """The order of the layers does not matter, since each does its own work."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = AddHeader(DispatcherMiddleware(shop, {ADMIN: admin}), "X-Content-Type-Options", "nosniff")
    return ErrorPage(ReplaceText(site, b"$", "€".encode()))


@mistake("5.10", "the shop shows another price than its admin has set")
def gives_each_app_a_stock_of_its_own():
    """Each app gets a copy, so that neither can spoil the other's."""
    shop, admin = make_shop(dict(STOCK)), make_admin(dict(STOCK))
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "STOCK itself has changed")
def hands_over_the_stock_itself():
    """A name in capitals is a constant, so nobody changes it."""
    shop, admin = make_shop(STOCK), make_admin(STOCK)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "both apps keep their session in a cookie named session")
def forgets_the_sessions():
    """keep_sessions_apart was the last step."""
    stock = dict(STOCK)
    shop, admin = make_shop(stock), make_admin(stock)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "keep_sessions_apart was given other apps than the two that are in the stack")
def keeps_other_apps_apart():
    """A shop is a shop: each call of make_shop makes the same one."""
    stock = dict(STOCK)
    keep_sessions_apart(make_shop(stock), make_admin(stock))
    site = DispatcherMiddleware(make_shop(stock), {ADMIN: make_admin(stock)})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "a new stack begins with the prices of an old one")
def keeps_one_stock_for_all_stacks():
    """There is one shop, so there is one stock."""
    stock = globals().setdefault("_stock", dict(STOCK))
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "the shop does not sell what is in STOCK")
def writes_the_stock_down_again():
    """A copy has the same in it."""
    stock = {"tea": 4, "cup": 9}
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = DispatcherMiddleware(shop, {ADMIN: admin})
    return AddHeader(ErrorPage(ReplaceText(site, b"$", "€".encode())), "X-Content-Type-Options", "nosniff")


@mistake("5.10", "the stock is shown in another order")
def sorts_the_copy_of_the_stock():
    """A list is easier to read when it is sorted; but the shop has put tea first."""
    stock = dict(sorted(STOCK.items()))
    shop, admin = make_shop(stock), make_admin(stock)
    keep_sessions_apart(shop, admin)
    site = ReplaceText(DispatcherMiddleware(shop, {ADMIN: admin}), b"$", "€".encode())
    return AddHeader(ErrorPage(site), "X-Content-Type-Options", "nosniff")
