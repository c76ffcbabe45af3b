"""How long the suite waits. Every wait is ended by what it waits for; these are what ends it where that never comes."""
from dataclasses import dataclass


@dataclass
class Limits:
    """Times in seconds, which the options --seconds and --start-seconds change."""

    wait: float = 5.0  # for an answer, a block, an event of the probe or a line in the log
    start: float = 20.0  # for a command to listen

    @property
    def pause(self) -> float:
        """How long to look for what a right server does not do: only to others it makes a difference."""
        return self.wait / 5


LIMITS = Limits()
