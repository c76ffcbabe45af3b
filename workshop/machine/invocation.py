"""How this command was started, and which shell reads what one types: so that messages can be copied as they are."""
import os
import shutil
import sys
from collections.abc import Sequence

VARIABLE = "WORKSHOP_COMMAND"  # hands the words on to processes that check, and to JupyterLab
USUAL = {"win32": "py -m workshop"}.get(sys.platform, "python3 -m workshop")


def command(*words: str) -> str:
    """Return what one types to run the workshop's command with some words."""
    return " ".join([os.environ.get(VARIABLE) or USUAL, *words])


def as_typed(words: Sequence[str], platform: str = sys.platform) -> str:
    """Return the beginning of the command line by the words that Python was started with (sys.orig_argv).

    What stands between the shell and Python, such as Windows' launcher `py` or a manager of versions, starts Python
    with its whole path, which nobody types: then the usual words are meant, or the program's name where that is known.
    """
    program = words[0] if words else ""
    if os.path.isabs(program):
        name = os.path.basename(program)
        return f"{name} -m workshop" if platform != "win32" and shutil.which(name) else USUAL
    return f'"{program}" -m workshop' if " " in program else f"{program or 'python3'} -m workshop"


def remember_as_typed() -> None:
    """Have `command` and all processes that we start know how this one was started."""
    os.environ.setdefault(VARIABLE, as_typed(sys.orig_argv))


def for_shell(line: str, platform: str = sys.platform) -> str:
    """Return a line for a POSIX shell as the shells of this system want it.

    In Windows' PowerShell `curl` is another command, and cmd knows no single quotes.
    """
    if platform != "win32":
        return line
    return line.replace("curl ", "curl.exe ").replace("'", '"')
