"""What a request costs each server: the figures of `python3 -m workshop bench` that were saved last."""
from workshop.bench.chart import chart
from workshop.bench.facts import saved
from workshop.drawing.canvas import Canvas


def benchmark() -> Canvas:
    """What was saved last."""
    return chart(saved())


PICTURES = (benchmark,)
