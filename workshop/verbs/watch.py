"""The verb `watch`: save a file, read the verdict.

The step that you work on is checked first, and shown as soon as its verdict is there; the other steps of its chapter
follow. A process that has everything imported waits for your next save, so that the verdict comes at once.
"""
import contextlib
import io
import sys
from types import SimpleNamespace

from workshop.checking.background import Background, Spares
from workshop.checking.memory import Memory
from workshop.checking.runs import blame
from workshop.checking.saves import Files
from workshop.checking.verdict import Verdict
from workshop.course.bodies import body_of
from workshop.course.selection import chapter_of, numbers_for, reference
from workshop.course.steps import order, steps_of_source
from workshop.course.uses import sources_of
from workshop.machine.interpreter import python_for_checks
from workshop.pages.report import current_number, stem_of
from workshop.pages.watching import listing, page
from workshop.terminal.keys import keyboard
from workshop.terminal.screen import Lines, Screen
from workshop.verbs import hint

IDLE, BUSY = 0.03, 0.004  # seconds between two looks: at the files, and at a run
LEGEND = "n next · h hint · r run again · l list · q quit"


def add_arguments(parser):
    """Declare which steps."""
    parser.add_argument("steps", metavar="2 | 2.3 | all", nargs="*",
                        help="a step, or a chapter; without it, the step that you are at")


def run(arguments):
    """Watch the learner's files until q or Ctrl-C; return 0. Raises Trouble."""
    asked = numbers_for(arguments.steps)
    python = python_for_checks()
    print("Getting ready; then save, and read.", flush=True)
    screen = Screen() if sys.stdin.isatty() and sys.stdout.isatty() else Lines()
    with keyboard(wanted=screen.lasting) as keys, watching(asked, python, screen) as watch:
        watch.until_quit(keys)
    print()
    return 0


@contextlib.contextmanager
def watching(asked, python, screen):
    """Give a Watch, and end all that it has started."""
    watch = Watch(asked, Spares(python), screen)
    try:
        watch.check()
        yield watch
    finally:
        watch.end()


class Watch:
    """What is being worked on, what is known of it, and the run that finds out more."""

    def __init__(self, asked, spares, screen):
        self.asked, self.spares, self.screen = asked, spares, screen
        self.files = Files()
        self.known = {number: Verdict(number) for number in reference()} | remembered()
        self.focus = self.first_open(asked or list(reference()))
        self.bodies = {number: body for path in self.files.chapters() for number, body in bodies_in(path)}
        self.saved = False  # whether something has been saved since we began
        self.praised = False  # whether the success of the step is on the screen, until a key is pressed
        self.reading = False  # whether a hint or the list is on the screen
        self.memory = self.background = None
        self.quit = False

    def first_open(self, numbers):
        """Return the one of some step numbers to go on with, the last one if all are done."""
        return current_number({number: self.known[number].state for number in numbers}) or numbers[-1]

    def until_quit(self, keys):
        """Look at keys, files and the run, again and again."""
        while not self.quit:
            self.press(keys.read(BUSY if self.background else IDLE))
            if changed := self.files.changed():
                self.change(changed)
            if self.background:
                self.collect()

    def end(self):
        """End the run and the process that stands ready."""
        if self.background:
            self.background.stop()
        self.spares.end()

    # Files that change.

    def change(self, paths):
        """Check anew after files have changed: first the step whose body is another one now, if it is only one."""
        self.saved, self.reading = True, False
        if not paths <= set(self.files.chapters()):
            self.begin_anew()
        edited = self.edited(paths)
        if len(edited) == 1 and not self.praised and (not self.asked or edited[0] in self.asked):
            self.focus = edited[0]
        self.check({str(int(path.stem[2:4])) for path in paths if path.parent.name == "chapters"})

    def begin_anew(self):
        """Take the checks and the list of steps as they are now: of another branch, perhaps."""
        reference.cache_clear()
        self.spares.end()
        self.known = {number: self.known.get(number, Verdict(number)) for number in reference()}
        self.asked = [number for number in self.asked if number in self.known]
        if self.focus not in self.known:
            self.focus = self.first_open(self.asked or list(reference()))

    def edited(self, paths):
        """Return the numbers of the steps whose bodies in some files are others than when this was last asked."""
        found = {number: body for path in paths & set(self.files.chapters()) for number, body in bodies_in(path)}
        edited = [number for number, body in found.items() if self.bodies.get(number, body) != body]
        self.bodies |= found
        return edited

    def check(self, chapters=()):
        """Run the checks of the step in focus, then those of its chapter, of what was asked for, and of chapters."""
        if self.background:
            self.background.stop()
        wanted = {chapter_of(self.focus), *chapters}
        rest = [number for number in reference() if chapter_of(number) in wanted or number in self.asked]
        self.memory = None
        self.background = Background(list(dict.fromkeys([self.focus, *rest])), self.spares)

    def collect(self):
        """Take in what the run has found, and show it; keep a process ready for the next one."""
        self.memory = self.memory or Memory()
        for verdict in self.background.new():
            self.known[verdict.number] = verdict
            if verdict.number == self.focus:
                self.judge(verdict)
        if self.background.is_over():
            self.finish(self.background)
        elif self.background.is_slow():
            self.screen.say(f"checking {self.focus} and its chapter … (q quits)")

    def judge(self, verdict):
        """Show the verdict on the step in focus; where nobody presses keys, go on to the next step."""
        self.praised = self.saved and verdict.state == "done"
        self.show_unless_reading()
        if self.praised and not self.screen.lasting:
            self.praised = False
            self.focus = self.first_open(self.asked) if self.asked else self.after(self.focus)
        self.spares.prepare(stem_of(chapter_of(self.focus)))

    def finish(self, background):
        """Remember what a run has found, and show all of it."""
        self.background = None
        self.memory.keep(background.run.verdicts)
        blame(self.known, lambda: sources_of(self.spares.folder))
        if not (self.saved or self.asked):  # we know only now which steps were done before
            self.focus = self.first_open(list(reference()))
        self.spares.prepare(stem_of(chapter_of(self.focus)))
        self.show_unless_reading([str(background.trouble)] if background.trouble else None)

    # What is shown.

    def show_unless_reading(self, lines=None):
        """Show lines, or else how the step in focus stands, unless a hint or the list is being read."""
        if self.reading:
            self.screen.say(LEGEND)
        else:
            self.show(lines)

    def show(self, lines=None):
        """Show lines, or else how the step in focus stands."""
        self.screen.show(lines or page(self.focus, self.known, self.praised), LEGEND)

    # Keys.

    def press(self, key):
        """Do what a key stands for; any key takes a success from the screen."""
        if not key:
            return
        praised, self.praised, self.reading = self.praised, False, False
        action = KEYS.get(key.lower())
        if action:
            action(self)
        elif praised:
            self.next()

    def next(self):
        """Go on to the next step that is not done."""
        self.focus = self.after(self.focus)
        self.show()

    def after(self, focus):
        """Return the number of the next step after focus that is not done; the first of all where none is."""
        later = [number for number in self.asked or reference() if order(number) > order(focus)]
        states = {number: self.known[number].state for number in reference()}
        open_ones = [number for number in later if states[number] != "done"]
        return open_ones[0] if open_ones else current_number(states) or focus

    def hint(self):
        """Show the next hint for the step in focus."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            hint.run(SimpleNamespace(step=self.focus, all=False, task=False))
        self.reading = True
        self.show(said.getvalue().splitlines())

    def again(self):
        """Check again, though nothing has changed."""
        self.check()

    def list(self):
        """Show all chapters, and the steps of this one by name."""
        self.reading = True
        self.show(listing(self.focus, self.known))

    def leave(self):
        self.quit = True


KEYS = {"n": Watch.next, "h": Watch.hint, "r": Watch.again, "l": Watch.list, "q": Watch.leave, "\x04": Watch.leave}


def remembered():
    """Return {number: Verdict} of what is remembered and still holds."""
    memory = Memory()
    return {number: verdict for number in reference() if (verdict := memory.verdict(number))}


def bodies_in(path):
    """Yield (number, body) of the steps in a chapter's file, as far as it can be read."""
    with contextlib.suppress(OSError, ValueError, SyntaxError):
        source = path.read_text(encoding="utf-8")
        for step in steps_of_source(source, path):
            yield step.number, body_of(source, step.name)
