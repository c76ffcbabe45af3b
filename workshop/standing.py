"""How steps stand, for the verbs that do something with it: what the checks say of the learner's files, or of others."""
import importlib.util
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from workshop.environment import FOLDER, LEARNER, PROGRAM, is_current, make_ready, plain_environment
from workshop.steps import ROOT, stems_of

SECONDS = 300  # for the checks of a chapter, whatever they run into


def states(numbers, folder=ROOT / "chapters"):
    """Return {number: "done", "wrong" or "not started"} of steps, as the chapters in a folder have them."""
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as place:
        report = Path(place, "report.json")
        try:
            subprocess.run(command(numbers, folder, report), cwd=ROOT, capture_output=True, timeout=SECONDS,
                           stdin=subprocess.DEVNULL, env=plain_environment(PYTHONDONTWRITEBYTECODE="1", NO_COLOR="1",
                                                                           PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"))
        except subprocess.TimeoutExpired:
            pass
        found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return {number: found[number]["state"] if number in found else "wrong" for number in numbers}


def command(numbers, folder, report):
    files = {f"tests/test_{stem}.py" for number in numbers for stem in stems_of(number.partition(".")[0])}
    return [python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"pythonpath={shlex.quote(str(folder))}",
            f"--steps-report={report}", f"--only-steps={','.join(numbers)}", *sorted(files)]


def python():
    """Return the path (str) of a Python that has what the checks need. Raises Trouble where none can be had."""
    if all(is_current(name, ROOT) for name in LEARNER):
        return str(ROOT / FOLDER / PROGRAM)
    if importlib.util.find_spec("pytest") and importlib.util.find_spec("flask"):
        return sys.executable
    return str(make_ready(LEARNER))
