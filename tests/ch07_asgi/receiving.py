"""What the checks of Exchange.receive share: calls of it, and what is expected of them."""
import asyncio

from tests.ch07_asgi.loops import expect_event_waited
from tests.ch07_asgi.streams_below import (
    DISCONNECT,
    DISCONNECTED,
    awaited,
    begun,
    exchange_over,
    noting,
    state_of,
    wire_to,
)
from tests.expect import expect_type
from workshop.checking.diagnosis import Diagnosis, expect_same
from workshop.checking.tree import deepest_place

PARTS = ("An http.request message is what next_part returns, part after part, while self.taking is not None: the "
         "application goes on until more_body is false (ASGI, \"Request - receive event\").")
UNTIL = ("The disconnect tells an application that it need not go on. It comes when self.ended is set, not before: an "
         "application that reads on after the body would give up its answer (ASGI, \"Disconnect - receive event\").")
DISCONNECTS = ("self.disconnect() notes it for all: send raises then, the connection is not kept, and nobody waits "
               "for the answer.")


async def receive(exchange):
    """Return the next message of an Exchange. Raises Diagnosis if it is no dict, or next_part is called too often."""
    over = exchange.taking is None
    try:
        message = await awaited(exchange.receive(), "exchange.receive()")
        return expect_type(message, dict, "receive returns", "Each message is a dict with a type: the application "
                           "looks at that first.")
    except TypeError as error:
        expect_event_waited(error)
        if not over or "iterator" not in str(error):
            raise
        raise Diagnosis("next_part is called after the body", before="self.taking is None", came_out=repr(error),
                        place=deepest_place(error.__traceback__), why=PARTS) from None


async def receive_soon(exchange):
    """Return the next message, or "it waits" if there is none for a day."""
    task = await begun(receive(exchange))
    await asyncio.wait([task], timeout=86_400)
    return task.result() if task.done() else "it waits"


async def receive_all(exchange):
    """Return the messages up to that which says that it is the last part, or the disconnect."""
    messages = [await receive(exchange)]
    while messages[-1].get("more_body"):
        messages.append(await receive(exchange))
    return messages


async def receive_times(exchange, times):
    """Return so many messages."""
    return [await receive(exchange) for _ in range(times)]


def part(body, more=False):
    """Return an http.request message."""
    return {"type": "http.request", "body": body, "more_body": more}


def failing(error, streams=None):
    """Return an Exchange whose next_part raises error, and the list in which it notes that it is called."""
    exchange, events = exchange_over(streams or wire_to(ends=False), 5), []
    exchange.next_part = noting(events, "next_part", error)
    return exchange, events


async def after_its_body(exchange):
    """Take the body of an Exchange, and return a task that awaits the message after it."""
    while (await receive(exchange)).get("more_body"):
        pass
    task = await begun(receive(exchange))
    if task.done() and task.exception():
        await task
    return task


def expect_disconnected(exchange, case):
    """Fail unless an Exchange is disconnected."""
    expect_same(state_of(exchange), DISCONNECTED, of="the exchange", why=DISCONNECTS,
                problem=f"the exchange is not disconnected, {case}")


def expect_disconnect(message, case, why=UNTIL):
    """Fail unless a message is the disconnect."""
    expect_same(message, DISCONNECT, why, problem=f"the message is no http.disconnect, {case}")
