"""Mistakes of chapter 6."""
from dev.bank.step_versions import mistake


@mistake("6.7", "the connection's time limit is not SEND_SECONDS while the application runs")
def leaves_the_connection_non_blocking(self, call):
    """The loop never waits, so nothing in it may. (Then a large page is cut off where the buffer of the socket is full:
    sendall raises BlockingIOError.)
    """
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False


@mistake("6.7", "the connection's time limit is not SEND_SECONDS while the application runs")
def sends_without_a_limit(self, call):
    """setblocking(True) is the opposite of setblocking(False)."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.setblocking(True)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the connection is not non-blocking again afterwards (Ctrl-C is pressed)")
def is_non_blocking_again_after_success_only(self, call):
    """When the answer is sent, the connection goes back to the loop."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    call.client.connection.settimeout(SEND_SECONDS)
    try:
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
    except BaseException:
        traceback.print_exc()
        return False
    call.client.connection.setblocking(False)
    return response.whole and response.keep_alive


@mistake("6.7", "KeyboardInterrupt is let out")
def catches_exceptions_only(self, call):
    """`except Exception` is every error."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except Exception:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the client is told that it is kept where the server is stopping")
def does_not_ask_whether_the_server_is_stopping(self, call):
    """The client says whether it wants to be kept."""
    keep_alive = wants_keep_alive(call.request) and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "the client is told that it is kept where its body is awaited")
def keeps_a_client_whose_body_is_awaited(self, call):
    """A body is a body, wherever it comes from. (If the application does not read it, the client may send it all the
    same, and it is read as the next request.)
    """
    keep_alive = wants_keep_alive(call.request) and not self.stopping
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "False is not returned where a page for HTTP/1.0 has no length")
def returns_what_was_known_before(self, call):
    """Whether the client is kept is known before it is answered."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "False is not returned where the page is shorter than its Content-Length")
def does_not_ask_whether_the_response_is_whole(self, call):
    """keep_alive says whether the connection is kept."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "False is not returned after ValueError, raised by the close of the page")
def asks_the_response_alone(self, call):
    """The response knows how it went. (Not that the close of the page has raised something.)"""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    call.client.connection.settimeout(SEND_SECONDS)
    try:
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
    except BaseException:
        traceback.print_exc()
    finally:
        call.client.connection.setblocking(False)
    return response.whole and response.keep_alive


@mistake("6.7", "the client is not told that it is kept")
def answers_with_the_response_of_chapter_4(self, call):
    """A response is a Response."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = Response(call.client.connection, call.request)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "CONTENT_LENGTH in environ is not as environ_of has it")
def builds_the_environ_of_chapter_4(self, call):
    """build_environ makes an environ; the body goes where wsgi.input is."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    client = call.client
    response = KeepAliveResponse(client.connection, call.request, keep_alive)
    environ = build_environ(call.request, client.server_address, client.address)
    environ |= {"wsgi.input": call.body, "wsgi.input_terminated": True, "wsgi.file_wrapper": FileWrapper}
    try:
        client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ, response, call.request, client.address)
        return response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        client.connection.setblocking(False)


@mistake("6.7", "there is no traceback on stderr of ValueError, raised by the close of the page")
def swallows_what_is_raised(self, call):
    """answer_with has printed the traceback. (Not of what the close of the page raises.)"""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException:
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "there is no traceback on stderr of ClientGone, raised by the close of the page")
def takes_client_gone_for_no_error(self, call):
    """A client that has left is no error. (answer_with knows that itself: here it comes from the page's close.)"""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException as error:
        if type(error).__name__ != "ClientGone":
            traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "more is done to the connection than sending")
def closes_what_is_not_kept(self, call):
    """Whoever is not kept is sent away."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    kept = False
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        kept = response.whole and response.keep_alive
    except BaseException:
        traceback.print_exc()
    finally:
        call.client.connection.setblocking(False)
        if not kept:
            call.client.connection.close()
    return kept


@mistake("6.7", "there is no traceback on stderr of ValueError, raised by the close of the page")
def prints_the_text_of_the_error(self, call):
    """An error says what is wrong. (Not where: whoever repairs the application needs that.)"""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except BaseException as error:
        print(error, file=sys.stderr)
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.7", "SystemExit is let out")
def knows_ctrl_c_by_name(self, call):
    """Ctrl-C is the one thing that is no Exception."""
    keep_alive = wants_keep_alive(call.request) and not self.stopping and not isinstance(call.body, AwaitedBody)
    response = KeepAliveResponse(call.client.connection, call.request, keep_alive)
    try:
        call.client.connection.settimeout(SEND_SECONDS)
        answer_with(self.app, environ_of(call), response, call.request, call.client.address)
        return response.whole and response.keep_alive
    except (Exception, KeyboardInterrupt):
        traceback.print_exc()
        return False
    finally:
        call.client.connection.setblocking(False)


@mistake("6.8", "after an answer the client is not asked for its next request, and left alone then")
def answers_one_request(self, client):
    """A client sends a request and waits for its answer."""
    try:
        call = next(client.calls)
        if call and not self.call(call):
            self.leave(client)
    except BadRequest as error:
        self.refuse(client, error.status, str(error))


@mistake("6.8", "a request is not answered before the next is asked for")
def collects_the_calls_first(self, client):
    """First what there is to do, then do it. (Asking for the next Call closes the body of the one before.)"""
    calls = []
    try:
        while call := next(client.calls):
            calls.append(call)
    except BadRequest as error:
        return self.refuse(client, error.status, str(error))
    for call in calls:
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "requests are answered after one that the client is not kept for")
def answers_all_and_leaves_then(self, client):
    """Each request gets its answer; the last one tells whether the client is kept."""
    kept = True
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            break
        kept = self.call(call) and kept
    if not kept:
        self.leave(client)


@mistake("6.8", "a client that is not kept is asked for a further request")
def asks_before_it_knows_whether_the_client_is_kept(self, client):
    """The next Call is fetched at the end of the loop, where the first was before it."""
    try:
        call = next(client.calls)
        while call:
            kept = self.call(call)
            call = next(client.calls)
            if not kept:
                return self.leave(client)
    except BadRequest as error:
        self.refuse(client, error.status, str(error))


@mistake("6.8", "something is done for a client whose request is not whole")
def leaves_when_there_is_nothing_to_do(self, client):
    """When all is answered, leave is taken."""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call or not self.call(call):
            return self.leave(client)


@mistake("6.8", "next(client.calls) is called again after it has raised BadRequest")
def asks_on_after_a_bad_request(self, client):
    """A bad request is refused, and the next one may be better. (A generator that has raised something is at its end,
    and nobody knows where the next request would begin.)
    """
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            self.refuse(client, error.status, str(error))
            continue
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "LeadLost of self.call is swallowed")
def returns_where_the_lead_is_lost(self, client):
    """A thread that has lost the lead has nothing more to do for this client. (It must leave the loop, too.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            return
        try:
            kept = self.call(call)
        except LeadLost:
            return
        if not kept:
            return self.leave(client)


@mistake("6.8", "BadRequest of self.call is swallowed")
def puts_all_into_the_try(self, client):
    """A bad request is refused, whoever raises it."""
    try:
        while call := next(client.calls):
            if not self.call(call):
                return self.leave(client)
    except BadRequest as error:
        self.refuse(client, error.status, str(error))


@mistake("6.8", "a bad request is not refused with the status and the text of its BadRequest, and nothing else done")
def leaves_a_client_that_is_refused(self, client):
    """A client that is refused is left. (refuse does that itself.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            self.refuse(client, error.status, str(error))
            return self.leave(client)
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "a bad request is not refused with the status and the text of its BadRequest, and nothing else done")
def refuses_with_the_exception_itself(self, client):
    """The exception is its message."""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, error)
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "ValueError of next(client.calls) is swallowed")
def refuses_for_any_error(self, client):
    """Whatever is raised while a request is read is the client's mistake."""
    while True:
        try:
            call = next(client.calls)
        except Exception as error:
            return self.refuse(client, getattr(error, "status", 400), str(error))
        if not call:
            return
        if not self.call(call):
            return self.leave(client)


@mistake("6.8", "a client that is not kept is not left with self.leave(client), once, and nothing else")
def drops_who_is_not_kept(self, client):
    """Who is not kept is dropped. (drop closes at once: a reset may take the end of the answer from the client.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            return
        if not self.call(call):
            return self.drop(client)


@mistake("6.8", "a request that is whole is not answered with self.call")
def answers_itself(self, client):
    """answer answers. (Without call no other thread can take the lead.)"""
    while True:
        try:
            call = next(client.calls)
        except BadRequest as error:
            return self.refuse(client, error.status, str(error))
        if not call:
            return
        if not self.answer(call):
            return self.leave(client)


@mistake("6.8", "something is done after self.call has raised LeadLost")
def takes_leave_in_finally(self, client):
    """`finally` is run in every case: so a client that is not kept is always left."""
    kept = True
    try:
        while kept and (call := next(client.calls)):
            kept = False
            kept = self.call(call)
    except BadRequest as error:
        if not kept:
            raise
        return self.refuse(client, error.status, str(error))
    finally:
        if not kept:
            self.leave(client)


@mistake("6.9", "recv is not called once")
def receives_until_nothing_is_left(self, client):
    """All that has come is received. (A client that sends fast keeps all others waiting.)"""
    while True:
        try:
            block = client.connection.recv(RECV_SIZE)
        except BlockingIOError:
            return
        except OSError:
            block = b""
        if not block:
            return self.drop(client)
        if not client.leaving:
            client.received += block
            self.serve_client(client)


@mistake("6.9", "something is done where nothing has come (BlockingIOError)")
def takes_nothing_for_an_end(self, client):
    """An OSError is the end of a connection. (BlockingIOError is an OSError too.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv raises TimeoutError)")
def knows_connection_errors_only(self, client):
    """When a client is gone, that is a ConnectionError. (TimeoutError and others are no ConnectionError.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except ConnectionError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv returns b'')")
def takes_no_bytes_for_nothing(self, client):
    """Where no bytes have come, there is nothing to do. (b"" is the end, and a socket at its end is readable for ever.)
    """
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        return self.drop(client)
    if block and not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv returns b'')")
def asks_first_whether_the_client_is_leaving(self, client):
    """What a client that is leaving still sends is of no interest. (That it hangs up is: it is dropped then.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        return self.drop(client)
    if client.leaving:
        return
    if not block:
        return self.drop(client)
    client.received += block
    self.serve_client(client)


@mistake("6.9", "client.received is another bytearray than before")
def makes_a_new_bytearray(self, client):
    """a = a + b is a += b. (Not for a bytearray: the first makes a new one, and client.calls looks into the old one.)
    """
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received = client.received + block
        self.serve_client(client)


@mistake("6.9", "client.received is not what was there, and after it what came")
def replaces_what_was_there(self, client):
    """What has come is what was received."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received[:] = block
        self.serve_client(client)


@mistake("6.9", "BlockingIOError of serve_client is swallowed")
def tries_all_at_once(self, client):
    """One `try` around all of it."""
    try:
        block = client.connection.recv(RECV_SIZE)
        if not block:
            self.drop(client)
        elif not client.leaving:
            client.received += block
            self.serve_client(client)
    except BlockingIOError:
        pass
    except OSError:
        self.drop(client)


@mistake("6.9", "something is done for the bytes of a client that is leaving")
def serves_a_client_that_is_leaving(self, client):
    """Bytes are bytes: serve_client will know what to do with them."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        return self.drop(client)
    client.received += block
    self.serve_client(client)


@mistake("6.9", "client.deadline or client.idle is changed")
def gives_time_for_each_byte(self, client):
    """A client that sends something is not late. (With a byte every few seconds it keeps its connection for ever: that
    is what the attack Slowloris does.)
    """
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.wait(REQUEST_SECONDS)
        client.received += block
        self.serve_client(client)


@mistake("6.9", "recv is not asked for RECV_SIZE bytes")
def receives_whole_heads(self, client):
    """A head has MAX_HEAD bytes at most, so that is what to ask for."""
    try:
        block = client.connection.recv(MAX_HEAD)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "client.received does not have the new bytes in it when serve_client is called, once")
def serves_before_it_adds_the_bytes(self, client):
    """What was there is older, and comes first."""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        self.serve_client(client)
        client.received += block


@mistake("6.9", "the connection is not non-blocking when recv is called, and afterwards")
def waits_for_the_client(self, client):
    """A recv needs a time limit. (The loop calls hear where something has come; all others wait while it waits.)"""
    client.connection.settimeout(REQUEST_SECONDS)
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.drop(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)


@mistake("6.9", "a client that has hung up is not dropped, once (recv returns b'')")
def takes_leave_of_who_has_hung_up(self, client):
    """Who goes is taken leave of. (leave waits for a client to hang up, and this one has done so.)"""
    try:
        block = client.connection.recv(RECV_SIZE)
    except BlockingIOError:
        return
    except OSError:
        block = b""
    if not block:
        self.leave(client)
    elif not client.leaving:
        client.received += block
        self.serve_client(client)
