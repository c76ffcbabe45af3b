"""Run mistakes, and show for each what a learner would read first."""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.repository.mistakes import all_mistakes, tree_with
from workshop.steps import ROOT


def outcome_of(wrong):
    """Return the report (see tests/harness/progress.py) of the checks of a mistake's chapter, with the mistake in."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        tree = tree_with(wrong, folder)
        subprocess.run([sys.executable, "-m", "pytest", "-q", "-o", f"pythonpath={tree}", f"--steps-report={report}",
                        f"tests/test_{wrong.step.path.stem}.py"], cwd=ROOT, capture_output=True, timeout=120)
        return json.loads(report.read_text(encoding="utf-8"))


def main(numbers):
    """Print what is read first for each mistake, of all steps or of those in numbers."""
    for wrong in all_mistakes():
        if not numbers or wrong.number in numbers:
            states = outcome_of(wrong)
            told = states.get(wrong.number, {}).get("reason", "")
            verdict = "as meant" if f"✘ {wrong.told}" in told else "NOT AS MEANT"
            others = [number for number, state in states.items() if state["state"] == "wrong" and number != wrong.number]
            print(f"--- {wrong.number} {wrong.name}: {verdict}; also wrong: {', '.join(others) or 'nothing'}\n{told}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
