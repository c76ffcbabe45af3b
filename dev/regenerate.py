"""Everything in the repository that is derived: what makes it, and whether the files are as they are made.

    python -m dev regenerate                     write all parts
    python -m dev regenerate starters readme     some of them
    python -m dev regenerate --check             write nothing; show what differs, and exit with 1 if anything does

A part is one entry in PARTS. They are made in this order, for some are made from what others have written.
"""
import argparse
import difflib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev import PROJECT
from workshop.machine.trouble import Trouble

Pair = tuple[str | None, str | None]  # the text of a file that is there, and the one that is made; None for no file
SHOWN, WIDE = 40, 160  # lines of a difference, and columns of a line


def write_all(texts: dict[Path, str | None]) -> None:
    """Write files; those without a text are removed."""
    for path, text in texts.items():
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Part:
    """Some files that are derived."""

    what: str  # the files, and what they are made from
    files: Callable[[], dict[Path, str]]
    whole: str = ""  # a pattern: a file that fits it and is not made is left over
    comparable: Callable[[str], str] = str  # returns a file's text without what differs from run to run
    write: Callable[[dict[Path, str | None]], None] = write_all

    def differences(self) -> dict[Path, Pair]:
        """Return {path: (what is there, what is made)} of the files that differ."""
        there = PROJECT.root.glob(self.whole) if self.whole else ()
        made: dict[Path, str | None] = {**dict.fromkeys(there), **self.files()}
        pairs = {path: (path.read_text(encoding="utf-8") if path.exists() else None, text)
                 for path, text in made.items()}
        return {path: pair for path, pair in sorted(pairs.items()) if not self.are_same(*pair)}

    def are_same(self, there: str | None, made: str | None) -> bool:
        """Tell whether what is there is what is made."""
        if there is None or made is None:
            return there == made
        return there == made or self.comparable(there) == self.comparable(made)

    def shown(self, path: Path, there: str | None, made: str | None) -> str:
        """Return a difference as people read it."""
        if made is None:
            return f"{PROJECT.relative(path)} is left over: nothing makes it"
        before, after = (self.comparable(text).splitlines() if text else [] for text in (there, made))
        lines = [line[:WIDE] for line in
                 difflib.unified_diff(before, after, PROJECT.relative(path), "as it is made", n=1, lineterm="")]
        return "\n".join(lines[:SHOWN] + [f"… {len(lines) - SHOWN} more lines"] * (len(lines) > SHOWN))


# What makes the files. Each imports what it needs, and nothing else does.


def starters() -> dict[Path, str]:
    """Return the starters of all chapters."""
    from dev import sandbox

    return {PROJECT.root / "chapters" / f"{stem}.py": source for stem, source in sandbox.starters().items()}


def write_starters(texts: dict[Path, str | None]) -> None:
    """Write starters the way `reset` does: what was there before is saved, and `undo` brings it back."""
    from workshop.files import change, replacing

    with change.alone(PROJECT.root):
        pairs = {path: (replacing.read(path), None if text is None else text.encode()) for path, text in texts.items()}
        change.make(PROJECT.root, "regenerate", pairs)


def readme() -> dict[Path, str]:
    """Return the pages for learners, contributors and teachers."""
    from dev import page_tables

    return page_tables.files()


def mistakes() -> dict[Path, str]:
    """Return the pages of mistakes."""
    from dev import mistake_pages

    return mistake_pages.files()


def bench() -> dict[Path, str]:
    """Return the page of the bench."""
    from workshop.bench import facts, figures_page

    return {figures_page.PAGE: figures_page.page(facts.saved())}


def contract() -> dict[Path, str]:
    """Return the pages of the contract."""
    from wsgi_contract.documents import PAGES

    return {PROJECT.root / "contract" / "pages" / name: make() for name, make in PAGES.items()}


def clauses() -> dict[Path, str]:
    """Return the page of the steps that keep clauses."""
    from dev import clause_page

    return clause_page.files()


def pictures() -> dict[Path, str]:
    """Return the pictures."""
    from dev import pictures

    return pictures.files()


def golden() -> dict[Path, str]:
    """Return the golden texts."""
    from dev import golden_texts

    return golden_texts.files()


def notebooks() -> dict[Path, str]:
    """Return the notebooks that one works in."""
    from dev import notebook_files

    return notebook_files.files()


def glossary() -> dict[Path, str]:
    """Return the glossary."""
    from dev import glossary

    return glossary.files()


def roads() -> dict[Path, str]:
    """Return the notebooks of the short roads."""
    from dev import road_notebooks

    return road_notebooks.files()


def sheets() -> dict[Path, str]:
    """Return the run-sheets of the short roads."""
    from dev import run_sheets

    return run_sheets.files()


def slides() -> dict[Path, str]:
    """Return the slides of the short roads."""
    from dev import slides

    return slides.files()


def polls() -> dict[Path, str]:
    """Return the sheets of questions of the short roads."""
    from dev import polls

    return polls.files()


def handout() -> dict[Path, str]:
    """Return the handout."""
    from dev import handout

    return handout.files()


def rendered() -> dict[Path, str]:
    """Return the notebooks that one reads."""
    from dev import notebook_files

    return notebook_files.rendered()


def comparable_notebook(text: str) -> str:
    """Return the text of a notebook with what its cells have printed masked."""
    from dev import notebook_files

    return notebook_files.comparable(text)


PARTS = {
    "starters": Part("chapters/, from solutions/", starters, write=write_starters),
    "mistakes": Part("teaching/mistakes/, from the bank and the hints", mistakes, "teaching/mistakes/*"),
    "bench": Part("workshop/bench/README.md, from measured.json", bench),
    "contract": Part("contract/pages/, from clauses, checks and records", contract, "contract/pages/*"),
    "clauses": Part("teaching/steps_and_clauses.md, from the marks of the checks", clauses),
    "pictures": Part("notebooks/pictures/, from the tables in dev/pictures/", pictures, "notebooks/pictures/*"),
    "golden": Part("dev/golden/, what a learner is shown", golden, "dev/golden/*"),
    "notebooks": Part("notebooks/*.ipynb: navigation, quotations, links to the glossary, and no outputs", notebooks),
    "glossary": Part("notebooks/glossary.md, from the terms that the notebooks explain", glossary),
    "roads": Part("notebooks/ of the short roads, from teaching/roads/ and the chapters' notebooks", roads),
    "sheets": Part("teaching/ of the short roads: run-sheets, from teaching/roads/, debriefs.ini, the bank and hints",
                   sheets),
    "slides": Part("teaching/slides/ of the short roads, from the data in teaching/ and the notebooks", slides,
                   "teaching/slides/*"),
    "polls": Part("teaching/polls/ of the short roads: their notebooks' questions, and vote_choices.ini", polls,
                   "teaching/polls/*"),
    "readme": Part("the tables in README.md, CONTRIBUTING.md and teaching/README.md", readme),
    "handout": Part("teaching/handout.html, from the tables of pictures, clauses, solutions/ and the guide", handout),
    "rendered": Part("notebooks/rendered/, the notebooks with their outputs", rendered, "notebooks/rendered/*",
                     comparable_notebook),
}


# The command.


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which parts may be named, and --check."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(["parts:", *(f"  {name:10} {part.what}" for name, part in PARTS.items())])
    parser.add_argument("parts", nargs="*", metavar="PART", help="some of the parts below; else all of them")
    parser.add_argument("--check", action="store_true", help="write nothing; show what differs")


def run(arguments: argparse.Namespace) -> int:
    """Write parts, or check them, and print a line for each; return 1 if a check finds a difference. Raises Trouble."""
    if unknown := set(arguments.parts) - PARTS.keys():
        raise Trouble(f"{min(unknown)} is no part: they are {', '.join(PARTS)}.")
    stale = [name for name in arguments.parts or PARTS if not is_current(name, arguments.check)]
    if stale and arguments.check:
        print(f"\nNot as made: to write anew, python -m dev regenerate {' '.join(stale)}")
    return 1 if stale and arguments.check else 0


def is_current(name: str, only_check: bool) -> bool:
    """Return whether a part is as it is made; show what differs, or write it."""
    begun = time.monotonic()
    part = PARTS[name]
    found = part.differences()
    outcome = "as made" if not found else "not as made:" if only_check else "written:"
    print(f"{name:10} {time.monotonic() - begun:6.1f} s  {outcome}", flush=True)
    if not only_check:
        part.write({path: made for path, (_, made) in found.items()})
    for path, pair in found.items():
        print(part.shown(path, *pair) if only_check else f"  {PROJECT.relative(path)}", flush=True)
    return not found
