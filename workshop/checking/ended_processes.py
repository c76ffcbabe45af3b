"""What is reported of a process that ended before its checks did, in the form of all diagnoses."""
import signal
import textwrap
from typing import Any

from workshop.machine.invocation import command

CATCHES_ALL = ("Not even Ctrl-C would stop it: does something catch everything (`except:`, `except BaseException:`), "
               "or compute something endless in one go?")
CHANGED = "Does your code change something of Python's own, such as a built-in function or another module?"
BROKEN = "the checks themselves break while your code runs", CHANGED
NOTHING_ENDS = "A server keeps running, whatever one client sends: nothing in it may end Python itself."


def how_it_ended(timed_out: bool, status: int | None) -> tuple[str, str]:
    """Return (problem, why) for a process that did not come to its end; status is None while it runs."""
    if timed_out:
        return "your code does not end, and cannot be interrupted", CATCHES_ALL
    if status is not None and status < 0:
        return f"Python was killed by {signal_name(-status)} while this check ran", NOTHING_ENDS
    return f"your code ends Python itself, with exit status {status}", NOTHING_ENDS


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def crash_text(begun: dict[str, Any], how: tuple[str, str], place: str | None, columns: int) -> str:
    """Return the diagnosis of the check that was running: its entry in the journal, (problem, why), and the place."""
    problem, why = how
    rows = {"why": textwrap.fill(why, columns - 13, break_on_hyphens=False).replace("\n", "\n" + " " * 13),
            "your code": place or f"{begun['place']}  {begun['name']}",
            "hint": command("hint", begun["step"])}
    lines = [f"step {begun['step']} {begun['name']}: {begun['claim']}", f"✘ {problem}"]
    lines = [textwrap.fill(line, columns, subsequent_indent="  ", break_on_hyphens=False) for line in lines]
    return "\n".join([*lines, "", *(f"  {name:<10} {text}" for name, text in rows.items())])
