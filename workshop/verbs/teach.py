"""The verb `teach`: the run-sheet of a road, with the times of the clock."""
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from workshop.course.project import Project
from workshop.course.roads import WHOLE, road_named
from workshop.course.schedule import clock, schedule
from workshop.machine.trouble import Trouble
from workshop.pages.report import hours
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import painted

COLUMN = 20  # where the third column begins


def minutes_of_day(text: str) -> int:
    """Return the minutes after midnight that "13:30" stands for. Raises ArgumentTypeError."""
    match = re.fullmatch(r"(\d{1,2})[:.](\d\d)", text, re.ASCII)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ArgumentTypeError(f"{text!r} is no time: say it as 13:30")
    return 60 * int(match[1]) + int(match[2])


def add_arguments(parser: ArgumentParser) -> None:
    """Declare which road, and when it begins."""
    parser.add_argument("road", metavar="ROAD", help="taste, afternoon or day")
    parser.add_argument("--start", type=minutes_of_day, default=0, metavar="13:30",
                        help="when the class begins; without it, times are counted from the beginning")


def run(arguments: Namespace, project: Project) -> int:
    """Print what comes when, and where the rest is; return 0. Raises Trouble."""
    road = road_named(project, arguments.road)
    if road.name == WHOLE:
        raise Trouble("The whole has no run-sheet: it takes some days, at each learner's own pace.")
    print(painted(f"{road.title}: {hours(road.minutes)}", "strong"))
    for item in schedule(road, project):
        late = f" (latest {clock(arguments.start, item.latest)})" if item.cut else ""
        line = f"{clock(arguments.start, item.at)}  {item.minutes:>3}  {item.who:<8} {item.what.replace('`', '')}{late}"
        print(fitted(line, COLUMN))
    print(f"{clock(arguments.start, road.minutes)}  the end\n")
    print(fitted(f"What to say, what to ask, and what to do instead of a step after its latest time: "
                 f"teaching/{road.name}.md"))
    return 0
