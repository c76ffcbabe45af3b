"""A command as text and as words, as the shells of this system have it: on Windows a backslash is no more than itself.

And what one types for the command of this package, so that each command that is shown can be copied.
"""
import os
import re
import shlex
from collections.abc import Sequence

POSIX = os.name != "nt"
TYPED = "WSGI_CONTRACT_COMMAND"  # the variable that says what one types for this command, where it is something else


def typed() -> str:
    """Return what one types for this command."""
    return os.environ.get(TYPED) or "wsgi-contract"


def words_of(command: str, posix: bool = POSIX) -> list[str]:
    """Return the words of a command. Quotes that hold a word together are no part of it."""
    if posix:
        return shlex.split(command)
    return [re.sub(r"""^(['"])(.*)\1$""", r"\2", word) for word in shlex.split(command, posix=False)]


def as_command(words: Sequence[str], posix: bool = POSIX) -> str:
    """Return words as a command that words_of() takes apart again."""
    if posix:
        return shlex.join(words)
    return " ".join(f'"{word}"' if re.search(r"\s", word) or not word else word for word in words)
