"""Copies of the learner's files, made before anything of ours overwrites them."""
import itertools
import shutil

from workshop.steps import ROOT

SAVED = ROOT / ".workshop" / "saved"


def save_copy(path):
    """Copy a file to `.workshop/saved/` under a name not used yet and return the copy's path. Raises OSError."""
    SAVED.mkdir(parents=True, exist_ok=True)
    for count in itertools.count(1):
        copy = SAVED / f"{path.stem}.{count}{path.suffix}"
        if not copy.exists():
            return shutil.copy2(path, copy)
