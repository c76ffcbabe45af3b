"""The verb `board`: where everybody stands, as a page that renews itself.

It reads the learners' files, which tell what is not started and what is filled in, and what their own checks have noted
of the rest. It checks nothing itself.
"""
import time
import webbrowser
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from workshop.checking import memory
from workshop.checking.current_verdicts import verdicts_by_text
from workshop.checking.verdict import Verdict, Verdicts
from workshop.course.classroom import Copy, copies
from workshop.course.project import Project
from workshop.course.roads import Road, begun, road_named
from workshop.course.step_states import State
from workshop.files import replacing
from workshop.machine.trouble import Trouble
from workshop.pages.class_table import Row, page
from workshop.pages.report import standing
from workshop.terminal.line_width import fitted

RENEWED = 5  # seconds between two looks
LONG = 10 * 60  # seconds at one step, from which on that is shown
Since = dict[tuple[str, str], float]  # (learner, step that they are at) -> when that was first seen


def add_arguments(parser: ArgumentParser) -> None:
    """Declare whose copies, which road, and whether a browser is opened."""
    parser.add_argument("folders", metavar="FOLDER", nargs="+", help="a learner's copy of the tutorial")
    parser.add_argument("--road", metavar="ROAD", help="show the steps of this road; else of the one begun here")
    parser.add_argument("--no-browser", action="store_true", help="print the address of the page only")
    parser.add_argument("--once", action="store_true", help="write the page once, and end")


def run(arguments: Namespace, project: Project) -> int:
    """Write the page again and again until Ctrl-C; return 0. Raises Trouble."""
    found = copies(project, arguments.folders)
    road = road_named(project, arguments.road) if arguments.road else begun(project)
    path, since = project.kept / "board.html", Since()
    put(path, board(project, road, found, since, arguments.once))
    print(fitted(f"The board: {path.as_uri()}" + ("" if arguments.once else "  To end it, press Ctrl-C.")), flush=True)
    if arguments.once:
        return 0
    if not arguments.no_browser:
        webbrowser.open(path.as_uri())
    try:
        while True:
            time.sleep(RENEWED)
            put(path, board(project, road, found, since))
    except KeyboardInterrupt:
        print()
        return 0


def put(path: Path, text: str) -> None:
    """Write the page. Raises Trouble."""
    try:
        path.parent.mkdir(exist_ok=True)
        replacing.replace(path, text.encode())
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}.")


def board(project: Project, road: Road, found: Sequence[Copy], since: Since, once: bool = False) -> str:
    """Return the page, as things are now."""
    rows = [row_of(project, road, copy, since, time.monotonic()) for copy in found]
    done = sum(all(row.states[number].passes for number in road.steps) for row in rows)
    above = [f"{done} of {len(rows)} have reached the end.", *common_problem(rows)]
    return page(f"{road.title}: where everybody stands", rows, road.steps, above, 0 if once else RENEWED)


def common_problem(rows: Sequence[Row]) -> list[str]:
    """Return a line with the problem that most learners have, if one is met by several, and by more than any other."""
    problems = Counter((row.at, row.problem) for row in rows if row.problem)
    counts = sorted(problems.values(), reverse=True)
    if not counts or counts[0] < 2 or counts[0] in counts[1:]:
        return []
    [((at, problem), most)] = problems.most_common(1)
    return [f"Most are at {at}: {problem} ({most})"]


def row_of(project: Project, road: Road, copy: Copy, since: Since, now: float) -> Row:
    """Return a learner's row, by what their files tell and their checks have noted."""
    known = known_of(project, copy)
    states = {number: known.get(number, Verdict(number)).state for number in project.steps}
    at, problem = standing(road, states, known)
    begun_at = since.setdefault((copy.name, at), now)
    minutes = round((now - begun_at) / 60)
    long = bool(at) and now - begun_at > LONG
    notes = [f"here for {minutes} minutes"] if long else []
    unchecked = states.keys() - known.keys()
    notes += [] if is_on(road, states, unchecked) else [
        f"has to say begin {road.name}: steps of other roads are not started"]
    return Row(copy.name, states, at, problem, notes, long, unchecked)


def is_on(road: Road, states: Mapping[str, State], unchecked: Collection[str]) -> bool:
    """Tell whether somebody has begun a road, or a longer one: whether all else is theirs, or borrowed."""
    others = states.keys() - {*road.steps, *road.encore, *unchecked}
    return all(states[number] != State.NOT_STARTED for number in others)


def known_of(project: Project, copy: Copy) -> Verdicts:
    """Return what is known of a learner's steps: a file tells more than a check that came before it was changed."""
    noted = memory.read(copy.folder / ".workshop" / memory.FILE, project)
    return {number: verdict for number, (_, verdict) in noted.items()} | verdicts_by_text(project, copy.chapters)
