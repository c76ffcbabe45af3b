"""The tests run as where there is no terminal: pytest-xdist, for one, says how wide it would be."""
import os

for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)
