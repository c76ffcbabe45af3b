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
