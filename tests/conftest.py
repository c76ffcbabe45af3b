"""Settings of pytest for the checks. The work is done in `workshop/checking`."""
from workshop.checking.plugins import NAMES

pytest_plugins = NAMES
