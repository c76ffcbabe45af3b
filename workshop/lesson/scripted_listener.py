"""A listener without clients: what its accept does stands in a script."""
import contextlib
from typing import Any


class ScriptedListener(contextlib.AbstractContextManager["ScriptedListener"]):
    """Each call of accept takes the next event of the script: an exception is raised, anything else is returned."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)

    def accept(self) -> Any:
        event = self.script.pop(0)
        if isinstance(event, BaseException):
            raise event
        return event

    def close(self) -> None:
        print("the listener is closed")

    def __exit__(self, *_: object) -> None:
        self.close()
