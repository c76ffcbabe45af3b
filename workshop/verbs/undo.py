"""The verb `undo`: the files as they were before the last command that changed them.

What is there now is saved first, as always. A second `undo` goes one command further back; `undo N` chooses.
"""
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from workshop.course.borrowed_steps import LENT
from workshop.course.project import KEPT, Project
from workshop.files import change, replacing
from workshop.files.copies import SAVED, Copies, all_copies
from workshop.machine.invocation import command
from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted


def add_arguments(parser: ArgumentParser) -> None:
    """Declare which copies to bring back."""
    parser.add_argument("number", metavar="N", type=int, nargs="?", help="which copies, by the number in the list; "
                                                                        "without it, the last ones")
    parser.add_argument("--list", action="store_true", help="show what there is, with the times")


def run(arguments: Namespace, project: Project) -> int:
    """Bring saved files back and return 0. Raises Trouble, and then nothing has changed."""
    if arguments.list:
        print(*listed(project), sep="\n")
        return 0
    root = project.root
    with change.alone(root):
        chosen = choose(project, arguments.number)
        contents = change.attempt(root, chosen.folder, chosen.content)
        files = {path: (change.attempt(root, path, replacing.read, path), content)
                 for path, content in contents.items()}
        saved = change.make(root, f"undo {chosen.number}", files)
    print(*map(fitted, result(project, chosen, saved)), sep="\n")
    return 0


def choose(project: Project, number: int | None) -> Copies:
    """Return the Copies with a number, or those that are next. Raises Trouble if there are none."""
    found = all_copies(project.root)
    by_number = {one.number: one for one in found}
    chosen = next_to_undo(project) if number is None else by_number.get(number)
    if chosen:
        return chosen
    if not found:
        raise Trouble("There is nothing to bring back: no command has changed your files yet.")
    what = "There is nothing more to undo" if number is None else f"There are no saved copies {number}"
    raise Trouble(f"{what}. To see all that is saved, and to bring any of it back: {command('undo --list')}")


def next_to_undo(project: Project) -> Copies | None:
    """Return the last Copies whose command has not been undone, None if there are none.

    Those that are as the files are, as after a change by hand, are passed over: to bring them back would do nothing.
    """
    return next((one for one in not_undone(all_copies(project.root)) if is_another(one)), None)


def is_another(one: Copies) -> bool:
    """Tell whether Copies are not what the files hold; also where that cannot be known."""
    try:
        return any(replacing.read(path) != content for path, content in one.content().items())
    except OSError:
        return True


def not_undone(found: list[Copies]) -> Iterator[Copies]:
    """Yield the Copies whose commands have not been undone, the last one first.

    `undo 7` saves copies too, and undoes all later commands on the same files. It and they are passed over.
    """
    names = {one.number: one.names.keys() for one in found}
    undone: set[int] = set()
    for one in reversed(found):
        word, _, number = one.command.partition(" ")
        if one.number in undone:
            continue
        if word != "undo" or not number.isdecimal():
            yield one
            continue
        first = int(number)
        undone |= {other for other in names if first <= other < one.number
                   and names[other] <= {*names.get(first, ()), *one.names}}


def listed(project: Project) -> list[str]:
    """Return a line for each of the saved copies, the last one at the end."""
    found = all_copies(project.root)
    lines = [f"{one.number:4}  {one.time}  before `{one.command}`: {', '.join(one.names)}" for one in found]
    ending = (f"They are in {SAVED.as_posix()}/. To bring one back: {command('undo N')}" if found else
              "There are no saved copies: no command has changed your files yet.")
    return [*(fitted(line, 2) for line in lines), fitted(ending)]


def result(project: Project, chosen: Copies, saved: Copies | None) -> list[str]:
    """Return lines: what was brought back, where what stood there is saved, and how to go on."""
    when = f"before `{chosen.command}` ({chosen.time})"
    if saved is None:
        return [f"Nothing to do: {', '.join(chosen.names)} is as it was {when}.",
                f"All that is saved: {command('undo --list')}"]
    back = [f"{name} is {'as it was' if (project.root / name).exists() else 'gone, as it was'} {when}."
            for name in saved.names if name != f"{KEPT}/{LENT}"]
    before = next_to_undo(project)
    further = [f"To go one command further back, before `{before.command}`: {command('undo')}"] if before else []
    kept = [f"What was there until now is saved: {saved.place}"] if any(saved.names.values()) else []
    return [*back, *kept, f"To go back to that: {command('undo', str(saved.number))}", *further,
            f"All that is saved: {command('undo --list')}"]
