"""Roads: a choice of steps and of sections of the notebooks that still tells the whole story.

A road is a file in teaching/roads. Its first section says what the road is; each further one is a leg of it, in the
order in which they come:

    [road]
    title = An afternoon
    for = Flask developers with half a day
    minutes = 210
    exercises = 120

    [What a server sends]
    notebook = ch01_socket
    read = The bytes of a Flask response
    minutes = 10
    votes = predict-bytes, predict-keep-alive
    who = show
    write = 1.1 8
    late = 1.1 5 show it

minutes are those of reading and showing; a step that is written has its own. votes are the questions that a class votes
on, the best first, each by the cell of the chapter's notebook that asks it; the others are for when there is time.
late is what is done with a step when it is late, behind its number and the minutes that this wins. The picture of a leg
is shown behind its title; adds are slides that it has besides, by their names in dev/slides/last_slides.py. The steps
that no leg writes are borrowed from the reference; but those of an encore belong to no road, and wait until the learner
begins them. Which road was begun is kept in .workshop.
"""
from __future__ import annotations

import configparser
import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from workshop.course.project import ALL, Project, order
from workshop.course.step_states import State
from workshop.machine.trouble import Trouble

WHOLE = "whole"  # the road that one is on without having begun any
BEGUN = "road"  # the file in .workshop with the name of the road
HALF_HOUR = 30
HEAD = "road"  # the section that says what the road is
HEAD_KEYS = {"title", "for", "minutes", "exercises", "write"}
LEG_KEYS = {"notebook", "read", "minutes", "votes", "who", "write", "how", "shown", "bridge", "picture", "late", "say",
            "adds"}
Value = TypeVar("Value")


@dataclass(frozen=True)
class Cut:
    """What is done with a step when it is late."""

    step: str
    minutes: int  # that it wins
    what: str  # such as "show it"


@dataclass(frozen=True)
class Leg:
    """A leg of a road: some sections of one notebook, and the steps that are written there."""

    title: str
    notebook: str  # the stem of the chapter; "" for a break and the like
    headings: tuple[str, ...]  # of the sections that are read, as the notebook has them
    minutes: int  # of reading and showing
    who: str  # show, together, alone, pairs, vote or break: of the reading
    how: str  # the same, of the writing
    write: dict[str, int]  # the steps that are written, with their minutes in a room
    shown: tuple[str, ...] = ()  # steps whose reference is shown and not written
    bridge: str = ""  # what its title slide says, and its notebook if it has one
    picture: str = ""  # what is shown behind its title, from notebooks/
    late: Cut | None = None
    say: str = ""  # what a teacher says at this turn of the story
    votes: tuple[str, ...] = ()  # the questions that are always asked, the best first, by the ids of their cells
    adds: tuple[str, ...] = ()  # names of slides that it has besides

    @property
    def whole_minutes(self) -> int:
        """The minutes of the leg, with its steps."""
        return self.minutes + sum(self.write.values())


@dataclass(frozen=True)
class Road:
    """A way through the tutorial."""

    name: str
    title: str
    whom: str
    minutes: int  # in a class, with breaks and slack
    alone: int  # minutes for one person without a class: reading, and the steps as their docstrings have them
    exercises: int  # minutes that the steps may take at the most
    steps: tuple[str, ...]  # the numbers of those that are written, in order
    legs: list[Leg] = field(default_factory=list)
    encore: tuple[str, ...] = ()  # the numbers of the steps that the course is done without: no road writes them

    def own(self, states: dict[str, Value]) -> dict[str, Value]:
        """Return those of some values by step that belong to steps of the road."""
        return {number: value for number, value in states.items() if number in self.steps}

    def due(self, states: Mapping[str, State], asked: Collection[str] = ()) -> dict[str, State]:
        """Return those of some states that count: those of an encore do as soon as it is begun, or asked for alone."""
        begun = [number for number in self.encore if states.get(number, State.NOT_STARTED) != State.NOT_STARTED]
        if {*asked} <= {*self.encore}:
            begun += asked
        chapters = {number.partition(".")[0] for number in begun}
        hidden = [number for number in self.encore if number.partition(".")[0] not in chapters]
        return {number: state for number, state in states.items() if number not in hidden}


def folder_of(project: Project) -> Path:
    """Return the folder with the roads."""
    return project.root / "teaching" / "roads"


def roads(project: Project) -> dict[str, Road]:
    """Return all roads by their names, the shortest first. Raises Trouble if one cannot be read."""
    found = [read_road(project, path) for path in folder_of(project).glob("*.ini")]
    return {road.name: road for road in sorted(found, key=lambda road: road.minutes)}


def road_named(project: Project, name: str) -> Road:
    """Return a road by its name. Raises Trouble if there is none."""
    found = roads(project)
    if name.lower() not in found:
        raise Trouble(f"There is no road {name}: say one of {', '.join(found)}.")
    return found[name.lower()]


def read_road(project: Project, path: Path) -> Road:
    """Return the road that a file holds. Raises Trouble."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=(";",))
    place = project.relative(path)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
        head = parser[HEAD]
        refuse_others(head, HEAD_KEYS)
        legs = [read_leg(title, parser[title]) for title in parser.sections() if title != HEAD]
        written = [number for leg in legs for number in leg.write]
        steps = tuple(project.course) if head.get("write") == ALL else tuple(sorted(written, key=order))
        minutes = int(head["minutes"])
        road = Road(path.stem, head["title"], head["for"], minutes, alone_on(project, legs) or minutes,
                    int(head.get("exercises", minutes)), steps, legs, tuple(project.encore))
    except (OSError, KeyError, ValueError, configparser.Error) as error:
        raise Trouble(f"{place} cannot be read as a road: {error}")
    for number in [*written, *(number for leg in legs for number in leg.shown),
                   *(leg.late.step for leg in legs if leg.late)]:
        project.step(number)
    return road


def alone_on(project: Project, legs: Iterable[Leg]) -> int:
    """Return the minutes, in half hours, that a person alone takes for legs. Raises Trouble for an unknown step."""
    minutes = sum(leg.minutes * bool(leg.notebook) + sum(project.step(number).minutes for number in leg.write)
                  for leg in legs)
    return -(-minutes // HALF_HOUR) * HALF_HOUR


def read_leg(title: str, section: configparser.SectionProxy) -> Leg:
    """Return the leg that a section holds. Raises KeyError or ValueError."""
    refuse_others(section, LEG_KEYS)
    pairs = (words.split() for words in names_in(section.get("write", "")))
    return Leg(title, section.get("notebook", ""), lines_in(section.get("read", "")), int(section["minutes"]),
                section["who"], section.get("how", "alone"), {number: int(minutes) for number, minutes in pairs},
                tuple(section.get("shown", "").split()), votes=names_in(section.get("votes", "")),
                adds=names_in(section.get("adds", "")), late=cut_in(section.get("late", "")),
                **{key: " ".join(section.get(key, "").split()) for key in ("bridge", "picture", "say")})


def cut_in(text: str) -> Cut | None:
    """Return what is done when it is late, as a value has it; None if it is empty. Raises ValueError."""
    if not text:
        return None
    step, minutes, what = text.split(maxsplit=2)
    return Cut(step, int(minutes), " ".join(what.split()))


def refuse_others(section: configparser.SectionProxy, keys: Iterable[str]) -> None:
    """Raise ValueError if a section has a key that is none."""
    if others := set(section) - set(keys):
        raise ValueError(f"[{section.name}] has {min(others)}, which means nothing")


def lines_in(text: str) -> tuple[str, ...]:
    """Return the lines of a value that are not blank."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def names_in(text: str) -> tuple[str, ...]:
    """Return what stands between the commas of a value."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def file_of_begun(project: Project) -> Path:
    """Return the file that keeps which road was begun."""
    return project.kept / BEGUN


def begun(project: Project) -> Road:
    """Return the road that the learner is on: that which was begun last, else the whole. Raises Trouble."""
    name = WHOLE
    with contextlib.suppress(OSError, UnicodeDecodeError):
        name = file_of_begun(project).read_text(encoding="utf-8").strip()
    whole = Road(WHOLE, "The whole", "", 0, 0, 0, tuple(project.course), encore=tuple(project.encore))
    return whole if name == WHOLE else roads(project).get(name, whole)


def begun_with(road: Road) -> str:
    """Return the words that begin a road, as the pages have them."""
    return f"python3 -m workshop begin {road.name}"
