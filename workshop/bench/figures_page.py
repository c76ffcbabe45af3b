"""The page about the bench, with the figures that were saved last."""
import textwrap
from pathlib import Path

from workshop.bench.facts import Facts
from workshop.bench.figures_table import conditions, legend, tables

PAGE = Path(__file__).with_name("README.md")
WIDE = 100

TEXT = """\
# What a server costs

    python3 -m workshop bench

runs one small application, by itself and by way of Flask, on your own servers of chapters 4, 6 and 7 (`yours`,
`yours-6`, `yours-7`), on those of the reference, and on real servers beside them. It asks each of them in turn, round
after round, and prints how many requests were answered in a second, and how much processor time the server spent on
one, all of its processes together. It needs nothing but what the workshop has installed, and measures granian, which is
written in Rust, if you install that too. It takes six to eight minutes (`--quick`: half a minute), and leaves nothing
running. It is no test: nothing here is right or wrong.

![What one request costs each server, and what is left of its speed beside slow clients]\
(../../notebooks/pictures/benchmark.svg)

## Measured

{conditions}

{tables}

{legend}

## How to read it

- **Only ratios travel.** All servers were measured in the same minutes, in turn, so that they can be compared with one
  another; the last column is the median of what each round says. The numbers themselves are those of one machine on
  one day.
- **`limit`** is a loop on a raw socket that answers the same bytes to anyone, without looking at the request. What a
  server costs beyond that is what it does for you.
- **The head that a browser sends** has eight times as many bytes as the other one. What it costs beyond that is the
  work of the parser. All heads of a run are the same, as they are not in life: a server that remembers one gains by
  that.
- **A page of Flask** is the same page, made by an app of Flask. What it costs beyond the other is Flask's, and nearly
  the same on all servers. So the bigger the app, the less the server counts.
- **CPU** is the better measure of the two. Requests per second depend on the client as well, and on how many
  processors there are for both.
- **0 requests beside slow clients** is what a server gives that reads from one client at a time (that of chapter 4,
  gunicorn's sync worker), or from as many as it has threads (gunicorn-gthread, cheroot). While it waits for the slow
  ones, nobody else is served. Such servers belong behind a proxy that waits for slow clients. Those of chapters 6 and 7
  and waitress listen to all clients at once.
- The references, wsgiref and werkzeug write a line into their log for each request. The others write none unless asked,
  as `gunicorn-log` is: it does the same work as they do.
"""


def page(facts: Facts) -> str:
    """Return the page with these facts."""
    return TEXT.format(conditions=textwrap.fill(conditions(facts), WIDE), tables=tables(facts, WIDE),
                       legend="\n\n".join(textwrap.fill(line, WIDE) for line in legend(facts)))
