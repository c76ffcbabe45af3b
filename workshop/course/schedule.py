"""The schedule of a road: what comes when, in a room, and from when on a step is shown instead of written."""
from collections.abc import Iterator
from dataclasses import dataclass

from workshop.course.project import Project
from workshop.course.roads import Cut, Leg, Road


@dataclass(frozen=True)
class Slot:
    """Something that is done together, or by each."""

    at: int  # minutes after the beginning
    minutes: int
    who: str
    what: str
    step: str = ""  # the number of the step that is written
    cut: Cut | None = None  # what is done with it when it is late

    @property
    def latest(self) -> int:
        """The last moment to begin it: when one is later, the cut comes nearer to the plan than the step does."""
        return self.at + -(-self.cut.minutes // 2) if self.cut else self.at + self.minutes


def schedule(road: Road, project: Project) -> list[Slot]:
    """Return what is done on a road, in order."""
    found: list[Slot] = []
    for leg in road.legs:
        for minutes, who, what, step in items_of(leg, project):
            cut = leg.late if leg.late and leg.late.step == step else None
            found.append(Slot(found[-1].at + found[-1].minutes if found else 0, minutes, who, what, step, cut))
    return found


def items_of(leg: Leg, project: Project) -> Iterator[tuple[int, str, str, str]]:
    """Yield (minutes, who, what, step) of a leg: first what is read, then what is written."""
    if leg.minutes:
        shown = "".join(f", {number} `{project.steps[number].name}`" for number in leg.shown)
        yield leg.minutes, leg.who, f"{leg.title}{' (to read' + shown + ')' if shown else ''}", ""
    for number, minutes in leg.write.items():
        step = project.steps[number]
        yield minutes, leg.how, f"{number} `{step.name}`", number


def clock(start: int, at: int) -> str:
    """Return a moment as a clock shows it: start is in minutes after midnight, at in minutes after the start."""
    hours, minutes = divmod((start + at) % (24 * 60), 60)
    return f"{hours:02}:{minutes:02}"
