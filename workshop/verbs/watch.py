"""The verb `watch`: save a file, read the verdict.

The step that you work on is checked first, and shown as soon as its verdict is there; the other steps of its chapter
follow. A process that has everything imported waits for your next save, so that the verdict comes at once.
"""
import contextlib
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from workshop.checking.background import Background, ReadyWorkers
from workshop.checking.current_verdicts import CurrentVerdicts
from workshop.checking.file_watcher import FileWatcher
from workshop.checking.memory import Memory
from workshop.checking.verdict import Verdict, blame
from workshop.course.project import Project, order
from workshop.course.source import body_of, read_source
from workshop.course.step_uses import sources_of
from workshop.machine.interpreter import python_for_checks
from workshop.machine.streams import is_terminal
from workshop.machine.trouble import Trouble
from workshop.pages.hint_lines import next_hint
from workshop.pages.report import current_number
from workshop.pages.watching import listing, page
from workshop.terminal.keys import Keys, keyboard
from workshop.terminal.line_width import fitted
from workshop.terminal.screen import Lines, Screen

IDLE, BUSY = 0.03, 0.004  # seconds between two looks: at the files, and at a run
LEGEND = "n next · h hint · r run again · l list · q quit"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare which steps."""
    parser.add_argument("steps", metavar="2 | 2.3 | all", nargs="*",
                        help="a step, or a chapter; without it, the step that you are at")


def run(arguments: Namespace, project: Project) -> int:
    """Watch the learner's files until q; return 0. Raises Trouble, and KeyboardInterrupt at Ctrl-C."""
    asked = project.numbers_for(arguments.steps)
    python = python_for_checks(project.root)
    print("Getting ready; then save, and read.", flush=True)
    screen = Screen() if is_terminal(sys.stdin) and is_terminal(sys.stdout) else Lines()
    with keyboard(wanted=screen.lasting) as keys, watching(asked, project, python, screen) as watch:
        watch.until_quit(keys)
    print()
    return 0


@contextlib.contextmanager
def watching(asked: list[str], project: Project, python: str, screen: Screen | Lines) -> Iterator["Watch"]:
    """Give a Watch, and end all that it has started."""
    watch = Watch(asked, project, ReadyWorkers(project, python), screen)
    try:
        watch.check()
        yield watch
    finally:
        watch.end()


class Watch:
    """What is being worked on, what is known of it, and the run that finds out more."""

    def __init__(self, asked: list[str], project: Project, spares: ReadyWorkers, screen: Screen | Lines) -> None:
        self.asked, self.project, self.spares, self.screen = asked, project, spares, screen
        self.saves = FileWatcher(project)
        standing = CurrentVerdicts(project)
        self.road = standing.road
        self.known = {number: Verdict(number) for number in project.steps} | standing.known
        self.focus = self.first_open(asked)
        self.bodies = bodies_in(project, self.saves.chapters())
        self.saved = False  # whether something has been saved since we began
        self.praised = False  # whether the success of the step is on the screen, until a key is pressed
        self.reading = False  # whether a hint or the list is on the screen
        self.memory: Memory | None = None
        self.background: Background | None = None
        self.quit = False

    def first_open(self, asked: list[str]) -> str:
        """Return the one of the steps asked for, or else of all, to go on with, the last one if all pass."""
        states = {number: self.known[number].state for number in asked or self.project.steps}
        due = states if asked else self.road.due(states)
        return current_number(self.road, due) or next(reversed(due))

    def until_quit(self, keys: Keys) -> None:
        """Look at keys, files and the run, again and again."""
        while not self.quit:
            self.press(keys.read(BUSY if self.background else IDLE))
            if changed := self.saves.changed():
                self.change(changed)
            if self.background:
                self.collect(self.background)

    def end(self) -> None:
        """End the run and the process that stands ready."""
        if self.background:
            self.background.stop()
        self.spares.end()

    # Files that change.

    def change(self, paths: set[Path]) -> None:
        """Check again after files have changed: first the step that was edited, if it is only one."""
        self.saved, self.reading = True, False
        if not paths <= set(self.saves.chapters()):
            self.begin_anew()
        edited = self.edited(paths)
        if len(edited) == 1 and not self.praised and (not self.asked or edited[0] in self.asked):
            self.focus = edited[0]
        self.check({chapter.number for chapter in self.project.chapters if chapter.path in paths})

    def begin_anew(self) -> None:
        """Take the checks and the list of steps as they are now: of another branch, perhaps."""
        self.project = self.spares.project = self.saves.project = Project(self.project.root)
        self.spares.end()
        self.known = {number: self.known.get(number, Verdict(number)) for number in self.project.steps}
        self.asked = [number for number in self.asked if number in self.known]
        if self.focus not in self.known:
            self.focus = self.first_open(self.asked)

    def edited(self, paths: set[Path]) -> list[str]:
        """Return the numbers of the steps whose bodies in some files are others than when this was last asked."""
        found = bodies_in(self.project, paths)
        edited = [number for number, body in found.items() if self.bodies.get(number, body) != body]
        self.bodies |= found
        return edited

    def check(self, chapters: Collection[str] = ()) -> None:
        """Run the checks of the step in focus, then those of its chapter, of what was asked for, and of chapters."""
        if self.background:
            self.background.stop()
        wanted = {self.project.chapter_of(self.focus).number, *chapters}
        rest = [number for number, step in self.project.steps.items()
                if step.chapter.number in wanted or number in self.asked]
        self.memory = None
        self.background = Background(list(dict.fromkeys([self.focus, *rest])), self.spares)

    def collect(self, background: Background) -> None:
        """Take in what the run has found, and show it; keep a process ready for the next one."""
        self.memory = self.memory or Memory(self.project)
        for verdict in background.new():
            self.known[verdict.number] = verdict
            if verdict.number == self.focus:
                self.judge(verdict)
        if background.is_over():
            self.finish(background, self.memory)
        elif background.is_slow():
            self.screen.say(f"checking {self.focus} and its chapter … (q quits)")

    def judge(self, verdict: Verdict) -> None:
        """Show the verdict on the step in focus; where nobody presses keys, go on to the next step."""
        self.praised = self.saved and verdict.state.passes
        self.show_unless_reading()
        if self.praised and not self.screen.lasting:
            self.praised = False
            self.focus = self.first_open(self.asked) if self.asked else self.after(self.focus)
        self.spares.prepare(self.project.chapter_of(self.focus))

    def finish(self, background: Background, memory: Memory) -> None:
        """Remember what a run has found, and show all of it."""
        self.background = None
        memory.keep(background.run.verdicts)
        blame(self.known, lambda: sources_of(self.project, self.project.learners))
        if not (self.saved or self.asked):  # we know only now which steps passed before
            self.focus = self.first_open([])
        self.spares.prepare(self.project.chapter_of(self.focus))
        self.show_unless_reading([str(background.trouble)] if background.trouble else None)

    # What is shown.

    def show_unless_reading(self, lines: list[str] | None = None) -> None:
        """Show lines, or else how the step in focus stands, unless a hint or the list is being read."""
        if self.reading:
            self.screen.say(LEGEND)
        else:
            self.show(lines)

    def show(self, lines: list[str] | None = None) -> None:
        """Show lines, or else how the step in focus stands."""
        self.screen.show(lines or page(self.project, self.road, self.focus, self.known, self.praised), LEGEND)

    # Keys.

    def press(self, key: str) -> None:
        """Do what a key stands for; any key takes a success from the screen."""
        if not key:
            return
        praised, self.praised, self.reading = self.praised, False, False
        action = KEYS.get(key.lower())
        if action:
            action(self)
        elif praised:
            self.next()

    def next(self) -> None:
        """Go on to the next step that does not pass."""
        self.focus = self.after(self.focus)
        self.show()

    def after(self, focus: str) -> str:
        """Return the number of the next step after focus that does not pass; the first of all where none is."""
        states = {number: self.known[number].state for number in self.project.steps}
        around = self.road.encore if focus in self.road.encore else self.road.steps
        later = [number for number in self.asked or around if order(number) > order(focus)]
        open_ones = [number for number in later if not states[number].passes]
        return open_ones[0] if open_ones else current_number(self.road, self.road.due(states)) or focus

    def hint(self) -> None:
        """Show the next hint for the step in focus."""
        self.reading = True
        try:
            self.show("\n".join(next_hint(self.project.steps[self.focus])).splitlines())
        except Trouble as trouble:
            self.show(fitted(str(trouble)).splitlines())

    def again(self) -> None:
        """Check again, though nothing has changed."""
        self.check()

    def list(self) -> None:
        """Show all chapters, and the steps of this one by name."""
        self.reading = True
        self.show(listing(self.project, self.focus, self.known))

    def leave(self) -> None:
        self.quit = True


KEYS: dict[str, Callable[[Watch], None]] = {
    "n": Watch.next, "h": Watch.hint, "r": Watch.again, "l": Watch.list, "q": Watch.leave, "\x04": Watch.leave}


def bodies_in(project: Project, paths: Collection[Path]) -> dict[str, str]:
    """Return the bodies of the steps in some files, by their numbers, as far as they are chapters and can be read."""
    found = {}
    for chapter in project.chapters:
        with contextlib.suppress(OSError, ValueError, SyntaxError):
            if chapter.path in paths:
                source = read_source(chapter.path)
                found.update({step.number: body_of(source, step.name)
                              for step in chapter.steps_in(source, chapter.path)})
    return found
