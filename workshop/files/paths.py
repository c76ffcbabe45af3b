"""Paths as they are shown."""
from pathlib import Path


def relative(path: Path | str, root: Path) -> str:
    """Return a path with forward slashes, relative to a folder where it lies inside it."""
    path = Path(path)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
