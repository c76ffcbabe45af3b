"""Prints the handout and the slides: PDF files, made by a browser without a window, for who wants them on paper.

The files are not kept in the repository: a browser writes the time of printing into each.
"""
import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev import PROJECT
from workshop.machine.trouble import Trouble

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = ("--headless", "--disable-gpu", "--no-sandbox", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-pdf-header-footer")
PATIENCE = 120  # seconds for a file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the files are put."""
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT.kept / "paper", metavar="FOLDER",
                        help="where to put them; else .workshop/paper, which git does not see")


def run(arguments: argparse.Namespace) -> int:
    """Print all pages, and say where they are. Raises Trouble if there is no browser for it."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        raise Trouble("There is no Chromium or Chrome here: open the page in your browser, and print it from there.")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    teaching = PROJECT.root / "teaching"
    for page in [teaching / "handout.html", *sorted((teaching / "slides").glob("*.html"))]:
        print(printed(browser, page, arguments.folder / f"{page.stem}.pdf"))
    return 0


def printed(browser: str, page: Path, target: Path) -> Path:
    """Print a page into a file, and return it. Raises Trouble if that fails."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [browser, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={target}", page.resolve().as_uri()]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)
        except (OSError, subprocess.SubprocessError) as error:
            raise Trouble(f"{page.name} could not be printed: {error}")
    return target
