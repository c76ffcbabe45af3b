"""Figures: what one measurement gave, and what several of them say together."""
import statistics
from dataclasses import dataclass

BUSY = 0.85  # of one processor: whoever works so much has no time left to wait for the other side


@dataclass(frozen=True)
class Sample:
    """One measurement of one server."""

    requests: int  # answered
    seconds: float
    server: float | None  # seconds of processor time, of all the server's processes; None where nobody can tell
    client: float  # the same of the load

    @property
    def rate(self):
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cost(self):
        """Microseconds of the server's processor time for one request, or None."""
        return None if self.server is None or not self.requests else self.server / self.requests * 1e6

    @property
    def is_the_clients(self):
        """Tell whether the rate is the client's: it was busy, and the server had time to spare."""
        return self.client / self.seconds >= BUSY and self.server is not None and self.server / self.seconds < BUSY


@dataclass(frozen=True)
class Spread:
    """Several figures of one kind."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures):
        """Return the Spread of figures, those that are None left out; None if nothing is left."""
        known = [figure for figure in figures if figure is not None]
        return cls(statistics.median(known), min(known), max(known)) if known else None

    def __str__(self):
        span = f" ({self.low:.0f}–{self.high:.0f})" if self.low < self.high else ""  # a single figure has none
        return f"{self.median:.0f}{span}"


@dataclass(frozen=True)
class Result:
    """What all measurements of a server in one mode say."""

    rate: Spread
    cost: Spread | None
    is_the_clients: bool  # the rate, in at least half of the measurements
    share: float | None = None  # of another server's cost: the median of what each round says

    @classmethod
    def of(cls, samples, yardsticks=()):
        """Return the Result of samples, at least one; yardsticks are the other server's, from the same rounds."""
        clients = sum(sample.is_the_clients for sample in samples)
        return cls(Spread.of([sample.rate for sample in samples]), Spread.of([sample.cost for sample in samples]),
                   2 * clients >= len(samples), share_of(samples, yardsticks))


def share_of(samples, yardsticks):
    """Return the median of the costs of samples, each as a share of that of its yardstick; None if there is none."""
    pairs = zip(samples, yardsticks, strict=False)
    shares = Spread.of([one.cost / other.cost for one, other in pairs if one.cost is not None and other.cost])
    return shares and shares.median
