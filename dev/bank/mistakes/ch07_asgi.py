"""Mistakes of chapter 7."""
from dev.bank.step_versions import mistake


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


@mistake("7.6", "not what the message says is done, and drained awaited after it")
async def awaits_before_it_sends(self, message):
    """First there must be room for what is sent."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        await self.wire.drained()
        do(message)
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "coroutine 'drained' was never awaited")
async def calls_drained_only(self, message):
    """drained is called, and the client takes what was sent."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "not what the message says is done, and drained awaited after it")
async def awaits_the_client_for_the_body_alone(self, message):
    """A head is small: it needs no waiting."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    try:
        if message["type"] == "http.response.start":
            self.start(message)
        elif message["type"] == "http.response.body":
            self.add(message)
            await self.wire.drained()
        else:
            raise ValueError(message["type"])
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "send does not return when the client has taken what was sent")
async def leaves_the_waiting_to_a_task(self, message):
    """The application need not wait: a task does it. (So nothing holds the application up.)"""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        task = asyncio.create_task(self.wire.drained())
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
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}[message["type"]]
    try:
        do(message)
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "another type is not refused")
async def takes_all_else_for_a_body(self, message):
    """There are two types of messages: what is not the one is the other."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    try:
        if message["type"] == "http.response.start":
            self.start(message)
        else:
            self.add(message)
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "another type is not refused")
async def looks_at_the_last_word(self, message):
    """The last word of the type says what to do."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"start": self.start, "body": self.add}.get(message["type"].rpartition(".")[2])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "the ValueError does not name the type")
async def does_not_say_which_type(self, message):
    """ValueError says enough."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError("this is no type of a message")
    try:
        do(message)
        await self.wire.drained()
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
        await self.wire.drained()
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
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    try:
        do(message)
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "after a disconnect no OSError is raised")
async def looks_at_the_end_before_the_client(self, message):
    """Two questions, and their order is no matter. (A disconnect sets self.ended, too.)"""
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    if self.gone:
        raise OSError("the client has gone")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "nothing is raised, although the response has ended")
async def sends_after_the_end(self, message):
    """The response itself refuses what comes too late."""
    if self.gone:
        raise OSError("the client has gone")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None and not self.ended.is_set():
        raise ValueError(message["type"])
    try:
        if do:
            do(message)
        await self.wire.drained()
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
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "after the last part, drained is not awaited")
async def awaits_nothing_after_the_last_part(self, message):
    """What was the last part need not be held up: nothing follows."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        if not self.ended.is_set():
            await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "ClientGone is swallowed, raised by start")
async def notes_that_the_client_has_gone(self, message):
    """The next send raises OSError: that is early enough."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.wire.drained()
    except ClientGone:
        self.disconnect()


@mistake("7.6", "the exchange is not disconnected after ClientGone, raised by start")
async def expects_clientgone_of_drained_alone(self, message):
    """start and add put bytes into memory: the client is met in drained."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    do(message)
    try:
        await self.wire.drained()
    except ClientGone:
        self.disconnect()
        raise


@mistake("7.6", "the exchange is disconnected after AssertionError, raised by start")
async def disconnects_after_every_error(self, message):
    """Whatever goes wrong, this exchange is over."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.wire.drained()
    except Exception:
        self.disconnect()
        raise


@mistake("7.6", "the exchange is disconnected after ConnectionResetError, raised by start")
async def takes_every_oserror_for_a_lost_client(self, message):
    """ClientGone is an OSError, and so are all others of the connection."""
    if self.gone:
        raise OSError("the client has gone")
    if self.ended.is_set():
        raise RuntimeError("the response has ended")
    do = {"http.response.start": self.start, "http.response.body": self.add}.get(message["type"])
    if do is None:
        raise ValueError(message["type"])
    try:
        do(message)
        await self.wire.drained()
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


@mistake("7.8", "the head of a response that is one message does not have its length")
def knows_no_length(self, message):
    """The application has not said how long its body is, so nobody knows. (The server does: it has all of it.)"""
    block, more = message.get("body", b""), message.get("more_body", False)
    self.response.send(self.response.head_once())
    self.response.write(block)
    if not more:
        self.response.close()
        self.ended.set()


@mistake("7.8", "message 2 of a response is refused")
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
async def returns_in_finally(self, app, scope):
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
async def forgets_to_await(self, app, scope):
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
async def leaves_the_task_in_both_sets(self, wire, task):
    """The task is busy from its first request on: nobody takes it out again. (The stop waits for it.)"""
    kept = True
    while kept and not self.stopping:
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "the task is not in self.idle alone while next_request is awaited")
async def notes_the_waiting_after_it(self, wire, task):
    """First the request, and then who has it. (While the task waits, it is in no set.)"""
    kept = True
    while kept and not self.stopping:
        request = await wire.next_request()
        self.busy.add(task)
        kept = await self.answer(wire, request)
        self.busy.discard(task)
        self.idle.add(task)


@mistake("7.11", "the task is not in self.busy alone while answer is awaited")
async def stays_idle_while_it_answers(self, wire, task):
    """One set is enough to find the connections that may be ended. (The answer is cut off then.)"""
    kept = True
    self.idle.add(task)
    while kept and not self.stopping:
        request = await wire.next_request()
        self.busy.add(task)
        kept = await self.answer(wire, request)
        self.busy.discard(task)


@mistake("7.11", "coroutine 'Server.answer' was never awaited")
async def forgets_to_await_the_answer(self, wire, task):
    """answer is called, so it is done. (A coroutine that was called has not begun, and counts as true.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = self.answer(wire, request)


@mistake("7.11", "a connection that is kept is not gone on with")
async def answers_one_request(self, wire, task):
    """One connection, one request, as in chapter 4."""
    self.idle.add(task)
    request = await wire.next_request()
    self.idle.discard(task)
    self.busy.add(task)
    await self.answer(wire, request)


@mistake("7.11", "another request is awaited, though answer has returned False")
async def goes_on_until_the_client_leaves(self, wire, task):
    """The client says when it has enough: it hangs up. (It waits for the server to do so.)"""
    while not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        await self.answer(wire, request)


@mistake("7.11", "another request is awaited, though self.stopping has become true")
async def asks_at_the_beginning_whether_it_stops(self, wire, task):
    """Whether the server stops is asked once, where the connection begins."""
    kept = not self.stopping
    while kept:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "a request that came while the server was being stopped is not the last one answered")
async def throws_away_a_request_that_came_late(self, wire, task):
    """Who stops takes nothing more on. (But this request was sent in good faith, and is here.)"""
    kept = True
    while kept:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        if self.stopping:
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request) and not self.stopping


@mistake("7.11", "ConnectionResetError, raised by next_request, is not let out")
async def takes_a_client_that_leaves_for_the_end(self, wire, task):
    """A client that has left is the end of the loop, and no error."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await wire.next_request()
        except OSError:
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "BadRequest, raised by next_request, is not let out")
async def refuses_a_bad_request_itself(self, wire, task):
    """A bad request is answered where it is met. (handle does it, for all of them.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await wire.next_request()
        except BadRequest as error:
            wire.refuse(error.status, str(error))
            return
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "CancelledError, raised by next_request, is not let out")
async def ends_quietly_when_it_is_cancelled(self, wire, task):
    """A task that is cancelled returns, and that is all. (Its caller takes it for one that has come to its end.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        try:
            request = await wire.next_request()
        except asyncio.CancelledError:
            break
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "self.idle or self.busy is another set than before")
async def makes_new_sets(self, wire, task):
    """`self.busy - {task}` is the set without the task. (It is a new one, and others hold the old one.)"""
    kept = True
    while kept and not self.stopping:
        self.idle, self.busy = self.idle | {task}, self.busy - {task}
        request = await wire.next_request()
        self.idle, self.busy = self.idle - {task}, self.busy | {task}
        kept = await self.answer(wire, request)


@mistake("7.11", "another task has gone from its set")
async def empties_the_sets(self, wire, task):
    """Nobody is idle any more, so the set is empty. (There are other connections.)"""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.clear()
        self.busy.add(task)
        kept = await self.answer(wire, request)


@mistake("7.11", "Python gives up on a connection that is kept for long: RecursionError")
async def calls_itself_for_the_next_request(self, wire, task):
    """The rest of the connection is a connection, too. (One that is kept for long is too deep for Python.)"""
    self.busy.discard(task)
    self.idle.add(task)
    request = await wire.next_request()
    self.idle.discard(task)
    self.busy.add(task)
    if await self.answer(wire, request) and not self.stopping:
        await self.converse(wire, task)


@mistake("7.11", "RuntimeError, raised by answer, is not let out")
async def prints_what_goes_wrong_in_an_answer(self, wire, task):
    """A server goes on, whatever one answer raises."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        try:
            kept = await self.answer(wire, request)
        except (OSError, BadRequest, asyncio.CancelledError, KeyboardInterrupt):
            raise
        except Exception:
            traceback.print_exc()
            return


@mistake("7.11", "something is done to the connection itself")
async def hangs_up_at_the_end(self, wire, task):
    """A connection that is not kept is closed."""
    kept = True
    while kept and not self.stopping:
        self.busy.discard(task)
        self.idle.add(task)
        request = await wire.next_request()
        self.idle.discard(task)
        self.busy.add(task)
        kept = await self.answer(wire, request)
    await wire.hang_up()


@mistake("7.12", "run is not a task of its own")
async def awaits_the_application(self, wire, request):
    """Calling the application is what the server is there for: await it. (And what it does after its answer, too.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    async with self.watching(wire, exchange):
        await exchange.run(self.app, scope)
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "answer waits until the application has ended")
async def awaits_the_task(self, wire, request):
    """A task that was begun is awaited, lest something of it is lost."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.note(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
        await call
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "answer waits until the application has ended")
async def gathers_both(self, wire, request):
    """gather runs several things at the same time. (And ends with the last of them.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    async with self.watching(wire, exchange):
        call = asyncio.create_task(exchange.run(self.app, scope))
        self.note(call)
        await asyncio.gather(call, exchange.ended.wait())
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of the call is not in self.busy, before the end")
async def keeps_no_task(self, wire, request):
    """create_task has the task run, and no more is needed. (asyncio holds it weakly.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    asyncio.create_task(exchange.run(self.app, scope))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of a call that has ended is still there")
async def keeps_the_task_for_ever(self, wire, request):
    """The set holds the task, so that nobody takes it away."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.busy.add(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the task of the call is not in self.busy, after the answer")
async def lets_the_task_go_with_the_answer(self, wire, request):
    """The call belongs to the answer: with that it is out of the set."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.busy.add(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    self.busy.discard(call)
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the call of the application does not come to its end after the answer")
async def cancels_the_call_after_the_answer(self, wire, request):
    """The answer is whole, so the application has nothing left to do."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    call = asyncio.create_task(exchange.run(self.app, scope))
    self.note(call)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    call.cancel()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "coroutine 'Exchange.run' was never awaited")
async def begins_no_task(self, wire, request):
    """run is called, and so it runs. (It runs where it is awaited, or as a task.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    exchange.run(self.app, scope)
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: the server stops")
async def does_not_ask_whether_it_stops(self, wire, request):
    """What the client wants is what counts."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request))
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: Connection: close")
async def keeps_all_connections(self, wire, request):
    """HTTP/1.1 keeps connections."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the Exchange is told wrongly whether it keeps the connection: HTTP/1.1")
async def mistakes_the_end_for_the_beginning(self, wire, request):
    """The third argument says whether the server stops."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the state is no copy")
async def hands_out_the_state_itself(self, wire, request):
    """The state is the application's, and so are its requests."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": self.lifespan.state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "a value in the state is a copy too")
async def copies_all_that_is_in_the_state(self, wire, request):
    """A copy should share nothing with the first. (A connection to a database cannot be copied.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    import copy

    state = copy.deepcopy(self.lifespan.state)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "what one request puts into its state is found by others")
async def copies_the_state_once(self, wire, request):
    """One copy is enough for all requests."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    if not hasattr(self, "state"):
        self.state = dict(self.lifespan.state)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": self.state}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the scope has no state")
async def leaves_out_the_state(self, wire, request):
    """The state is for the lifespan: the request has its scope."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address)
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the scope is another one")
async def swaps_the_addresses(self, wire, request):
    """The client comes first, as in the function that serves it."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.client_address, wire.server_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "nobody is told if the connection is lost during the answer")
async def does_not_watch_the_connection(self, wire, request):
    """A client that leaves is noticed when something is sent."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "an Exchange is disconnected, though the connection was lost after its answer")
async def watches_for_ever(self, wire, request):
    """Set when the answer begins: the next one sets another."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    wire.when_lost = exchange.disconnect
    await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the access line is on stdout, not on stderr")
async def prints_to_stdout(self, wire, request):
    """print prints."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds))
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the times in the access line are others")
async def looks_at_the_clock_at_the_end(self, wire, request):
    """The line is made at the end: gmtime is its moment."""
    begin = time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, time.gmtime(), seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "the times in the access line are others")
async def looks_at_the_clock_after_the_answer(self, wire, request):
    """The call is begun, then its time. (It is over before the clock is looked at.)"""
    started = time.gmtime()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    begin = time.monotonic()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "there is not one access line when answer ends (a refusal)")
async def prints_no_line_for_a_refusal(self, wire, request):
    """A request that was refused was not answered here: handle prints it."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    return exchange.is_kept()


@mistake("7.12", "there is not one access line when answer ends (a client that leaves)")
async def prints_no_line_without_an_answer(self, wire, request):
    """Who has left has got nothing, and there is nothing to tell."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    if not exchange.gone:
        print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "exchange.refusal is raised, though a head was sent")
async def raises_each_refusal(self, wire, request):
    """A bad request is a bad request."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "exchange.refusal is not raised, and no head was sent")
async def forgets_the_refusal(self, wire, request):
    """The exchange knows what was wrong, and is_kept says that it is over."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    return exchange.is_kept()


@mistake("7.12", "what exchange.is_kept() says is not returned")
async def tells_what_the_client_wants(self, wire, request):
    """Whether the connection is kept was clear from the beginning. (The answer may be cut off.)"""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return wants_keep_alive(request) and not self.stopping


@mistake("7.12", "exchange.is_kept() is asked before the answer has ended")
async def asks_too_early(self, wire, request):
    """All that is to be asked is asked where the exchange is made."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    kept = exchange.is_kept()
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return kept


@mistake("7.12", "BadRequest, raised by Exchange, is not let out")
async def takes_a_bad_request_for_the_end(self, wire, request):
    """A request whose body has no end is not answered, and its connection is over."""
    started, begin = time.gmtime(), time.monotonic()
    try:
        exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    except BadRequest:
        return False
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    async with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
    if exchange.refusal and not exchange.response.head_sent:
        raise exchange.refusal
    return exchange.is_kept()


@mistake("7.12", "two answers at the same time are mixed up")
async def keeps_the_exchange_in_self(self, wire, request):
    """The server knows the exchange that it is busy with. (It is busy with many.)"""
    started, begin = time.gmtime(), time.monotonic()
    self.exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(self.exchange.run(self.app, scope)))
    async with self.watching(wire, self.exchange):
        await self.exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, self.exchange.response, started, seconds), file=sys.stderr)
    if self.exchange.refusal and not self.exchange.response.head_sent:
        raise self.exchange.refusal
    return self.exchange.is_kept()


@mistake("7.12", "your code raises ")
async def forgets_async_before_with(self, wire, request):
    """A with statement is a with statement."""
    started, begin = time.gmtime(), time.monotonic()
    exchange = Exchange(wire, request, wants_keep_alive(request) and not self.stopping)
    scope = build_scope(request, wire.server_address, wire.client_address) | {"state": dict(self.lifespan.state)}
    self.note(asyncio.create_task(exchange.run(self.app, scope)))
    with self.watching(wire, exchange):
        await exchange.ended.wait()
    seconds = time.monotonic() - begin
    print(access_line(wire.client_address, request, exchange.response, started, seconds), file=sys.stderr)
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


@mistake("7.13", "your code raises TypeError: ")
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
