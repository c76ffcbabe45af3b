"""How long processors have worked for a process and all that it has started.

psutil knows it on every system, and comes with Jupyter. Without it, Linux tells in /proc and other Unixes in what ps
prints; where nobody tells, the time is None.
"""
import contextlib
import os
import re
import subprocess
from pathlib import Path

try:
    import psutil
except ImportError:
    psutil = None

PS = ("ps", "-A", "-o", "pid=,ppid=,time=")
PS_TIME = re.compile(r"(?:(?:(\d+)-)?(\d+):)?(\d+):([\d.]+)$")  # [[days-]hours:]minutes:seconds


def seconds_of(pid):
    """Return the seconds (float) that processors have worked for process pid and its descendants, or None."""
    return from_psutil(pid) if psutil else from_table(pid, processes())


def from_psutil(pid):
    try:
        first = psutil.Process(pid)
        times = [process.cpu_times() for process in (first, *first.children(recursive=True))]
        return sum(each.user + each.system for each in times)
    except psutil.Error:
        return None


def from_table(pid, table):
    """Return the seconds of pid and its descendants in a table {pid: (parent, seconds)}; None if pid is not there."""
    if pid not in table:
        return None
    children = (number for number, (parent, _) in table.items() if parent == pid)
    return table[pid][1] + sum(from_table(child, table) for child in children)


def processes():
    """Return {pid: (parent, seconds)} of all processes that can be seen."""
    return from_proc(Path("/proc")) if Path("/proc/self/stat").exists() else from_ps()


def from_proc(folder):
    found = {}
    for path in folder.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            fields = path.read_text(errors="replace").rpartition(")")[2].split()  # a name may have spaces in it
            ticks = int(fields[11]) + int(fields[12])
            found[int(path.parent.name)] = int(fields[1]), ticks / os.sysconf("SC_CLK_TCK")
    return found


def from_ps():
    with contextlib.suppress(OSError):
        return read_ps(subprocess.run(PS, capture_output=True, text=True).stdout)
    return {}


def read_ps(text):
    """Return {pid: (parent, seconds)} from what ps printed."""
    found = {}
    for words in map(str.split, text.splitlines()):
        if len(words) == 3 and (match := PS_TIME.match(words[2])):
            days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
            found[int(words[0])] = int(words[1]), ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return found
