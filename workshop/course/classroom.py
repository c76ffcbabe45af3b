"""The copies of a class: one folder for each learner, shared, collected, or on a hub."""
import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.course.borrowed_steps import borrowed_in, dumped, is_short, lent
from workshop.course.project import Project
from workshop.course.source import nodes_of, read_source
from workshop.machine.trouble import Trouble

SAME = 3  # steps of some length that two learners have written alike, from which on that is mentioned


@dataclass(frozen=True)
class Copy:
    """The copy of one learner."""

    name: str
    folder: Path  # as it was named: the tutorial's, or the one with the chapters

    @property
    def chapters(self) -> Path:
        """The folder with the learner's chapters."""
        return self.folder / "chapters" if (self.folder / "chapters").is_dir() else self.folder


def copies(project: Project, folders: Sequence[str]) -> list[Copy]:
    """Return the learners' copies in folders, each named after its own. Raises Trouble for one without a chapter."""
    found = [Copy(Path(folder).resolve().name, Path(folder).resolve()) for folder in folders]
    for copy in found:
        if not any((copy.chapters / f"{stem}.py").is_file() for stem in project.by_stem):
            raise Trouble(f"{copy.folder} has no chapters: name the folder of a learner's copy, or the one with "
                          "the files of its chapters.")
    names = [copy.name for copy in found]
    return [Copy(str(copy.folder), copy.folder) if names.count(copy.name) > 1 else copy for copy in found]


def own_steps(project: Project, copy: Copy) -> dict[str, list[str]]:
    """Return what stands for the bodies of the steps that a learner has written, by number; short ones are left out."""
    found: dict[str, list[str]] = {}
    for chapter in project.chapters:
        with contextlib.suppress(OSError, SyntaxError, ValueError):
            text = read_source(chapter.path_in(copy.chapters))
            nodes, taken = nodes_of(text), borrowed_in(chapter, text, lent(copy.chapters))
            found |= {step.number: dumped(nodes[step.name]) for step in chapter.steps
                      if step.name in nodes and step.number not in taken and not is_short(nodes[step.name])}
    return found


def alike(project: Project, found: Sequence[Copy]) -> dict[str, list[str]]:
    """Return {name: [the names of others who have at least SAME steps in the same words]}."""
    bodies = {copy.name: own_steps(project, copy) for copy in found}
    same: dict[str, list[str]] = {name: [] for name in bodies}
    for one, other in itertools.combinations(bodies, 2):
        if sum(bodies[one][number] == bodies[other].get(number) for number in bodies[one]) >= SAME:
            same[one].append(other)
            same[other].append(one)
    return same
