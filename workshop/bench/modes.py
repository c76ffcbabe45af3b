"""The ways in which each server is measured."""
from dataclasses import dataclass

CONNECTIONS = 4  # that the load keeps busy at a time
SLOW_CLIENTS = 16  # each of which sends a byte per second


@dataclass(frozen=True)
class Mode:
    """One way."""

    name: str
    title: str
    keep_alive: bool = False  # else a connection serves one request
    slow: bool = False  # with SLOW_CLIENTS beside the load


BESIDE = f"beside {SLOW_CLIENTS} clients that send a byte per second"
MODES = (
    Mode("close", "A connection per request"),
    Mode("keep-alive", "Keep-alive", keep_alive=True),
    Mode("close-slow", f"A connection per request, {BESIDE}", slow=True),
    Mode("keep-alive-slow", f"Keep-alive, {BESIDE}", keep_alive=True, slow=True),
)
