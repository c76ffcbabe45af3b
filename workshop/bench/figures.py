"""Figures: what one measurement gave, and what several of them say together."""
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BUSY = 0.85  # of one processor: a side that works so much has no time left to wait for the other


@dataclass(frozen=True)
class Sample:
    """One measurement of one server."""

    requests: int  # answered
    seconds: float
    server: float | None  # seconds of processor time, of all the server's processes; None where it is not known
    client: float  # the same, of the clients that ask it

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cost(self) -> float | None:
        """Microseconds of the server's processor time for one request, or None."""
        return None if self.server is None or not self.requests else self.server / self.requests * 1e6

    @property
    def is_the_clients(self) -> bool:
        """Tell whether the rate is the client's: it was busy, and the server had time to spare."""
        return self.client / self.seconds >= BUSY and self.server is not None and self.server / self.seconds < BUSY


@dataclass(frozen=True)
class Spread:
    """Several figures of one kind."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Iterable[float | None]) -> "Spread | None":
        """Return the Spread of those figures that are not None; None if there are none."""
        known = [figure for figure in figures if figure is not None]
        return cls(statistics.median(known), min(known), max(known)) if known else None

    def __str__(self) -> str:
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
    def of(cls, samples: Sequence[Sample], yardsticks: Sequence[Sample] = ()) -> "Result":
        """Return the Result of samples, at least one; yardsticks are the other server's, from the same rounds."""
        rates = [sample.rate for sample in samples]
        clients = sum(sample.is_the_clients for sample in samples)
        pairs = zip(samples, yardsticks, strict=False)
        shares = [one.cost / other.cost for one, other in pairs if one.cost is not None and other.cost]
        return cls(Spread(statistics.median(rates), min(rates), max(rates)),
                   Spread.of(sample.cost for sample in samples), 2 * clients >= len(samples),
                   statistics.median(shares) if shares else None)


Results = dict[tuple[str, str], Result]  # by the names of a mode and of a server
