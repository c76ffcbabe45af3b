"""How this command was started, and which shell reads what one types: so that messages can be copied as they are."""
import ntpath
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

VARIABLE = "WORKSHOP_COMMAND"  # hands the words on to processes that check, and to JupyterLab
ON_WINDOWS = "py -m workshop"
USUAL = ON_WINDOWS if sys.platform == "win32" else "python3 -m workshop"


def command(*words: str) -> str:
    """Return what one types to run the workshop's command with some words."""
    return " ".join([os.environ.get(VARIABLE) or USUAL, *words])


def as_typed(words: Sequence[str], platform: str = sys.platform) -> str:
    """Return the beginning of the command line by the words that Python was started with (sys.orig_argv).

    What stands between the shell and Python, such as Windows' launcher `py` or a manager of versions, starts Python
    with its whole path, which nobody types: then the usual words are meant, or the program's name where that is known.
    Only where neither would be found it is the whole path.
    """
    program = words[0] if words else ""
    is_windows = platform == "win32"
    is_whole = (ntpath if is_windows else posixpath).isabs(program)
    if is_windows and (is_whole or not program):
        return ON_WINDOWS
    if is_whole:
        program = next(filter(shutil.which, [posixpath.basename(program), "python3"]), program)
    program = program or "python3"
    return f'"{program}" -m workshop' if " " in program else f"{program} -m workshop"


def python_as_typed(python: str, root: Path) -> str:
    """Return what one types to start a Python (its path) that is below root, such as that of .venv, from that folder.

    Of one that is elsewhere it is the Python that this command was typed with, or `python` where none was.
    """
    path = Path(python).parent.resolve() / Path(python).name  # itself a link, perhaps, to a Python without packages
    if path.is_relative_to(root.resolve()):
        return str(path.relative_to(root.resolve()))
    return os.environ.get(VARIABLE, "python").partition(" -m ")[0]


def remember_as_typed() -> None:
    """Have `command` and all processes that we start know how this one was started."""
    os.environ.setdefault(VARIABLE, as_typed(sys.orig_argv))


def no_such_verb(word: str, verbs: Iterable[str]) -> str:
    """Return what to say of a word where a verb should stand: which one may be meant."""
    import difflib

    near = [f"check {word}"] if re.fullmatch(r"\d+(\.\d+)?|all", word) else (
        difflib.get_close_matches(word.lower(), verbs, n=1))
    meant = "".join(f" Did you mean: {command(verb)}" for verb in near)
    return f"There is no verb {word}.{meant}\nTo see all verbs: {command('--help')}"


def for_shell(line: str, platform: str = sys.platform) -> str:
    """Return a line for a POSIX shell as the shells of this system want it.

    In Windows' PowerShell `curl` is another command, and cmd knows no single quotes.
    """
    if platform != "win32":
        return line
    return line.replace("curl ", "curl.exe ").replace("'", '"')
