"""The verb `undo`: the files as they were before the last command that changed them.

What is there now is saved first, as always: a second `undo` brings it back.
"""
from workshop.course.steps import ROOT, relative
from workshop.files import change, copies, replacing
from workshop.machine.trouble import Trouble
from workshop.terminal.writing import fitted


def add_arguments(parser):
    """Declare which copies to bring back."""
    parser.add_argument("number", metavar="N", type=int, nargs="?", help="which copies, by the number in the list; "
                                                                        "without it, the last ones")
    parser.add_argument("--list", action="store_true", help="show what there is, with the times")


def run(arguments):
    """Bring saved files back and return 0. Raises Trouble, and then nothing has changed."""
    if arguments.list:
        return show_all()
    with change.alone():
        chosen = choose(arguments.number)
        files = {path: (change.attempt(path, replacing.read, path), content)
                 for path, content in change.attempt(chosen.folder, chosen.content).items()}
        tell(chosen, change.make(f"undo {chosen.number}", files))
    return 0


def choose(number):
    """Return the Copies with a number, or the last ones. Raises Trouble if there are none."""
    found = copies.everything()
    chosen = [one for one in found if number in (None, one.number)]
    if not found:
        raise Trouble("There is nothing to bring back: no command has changed your files yet.")
    if not chosen:
        raise Trouble(f"There are no saved copies {number}. To see those that there are: python3 -m workshop undo "
                      "--list")
    return chosen[-1]


def show_all():
    """Print a line for each of the saved copies, the last one at the end."""
    found = copies.everything()
    for one in found:
        line = f"{one.number:4}  {one.time}  before `{one.command}`: {', '.join(one.names)}"
        print(fitted(line, "      "))
    print(fitted(f"They lie in {relative(copies.SAVED)}/. To bring one back: python3 -m workshop undo N" if found else
                 "There are no saved copies: no command has changed your files yet."))
    return 0


def tell(chosen, saved):
    """Print what was brought back, and where what stood there is saved."""
    when = f"before `{chosen.command}` ({chosen.time})"
    if saved is None:
        print(fitted(f"Nothing to do: {', '.join(chosen.names)} is as it was {when}."))
        return
    for name in saved.names:
        print(fitted(f"{name} is {'as it was' if (ROOT / name).exists() else 'gone, as it was'} {when}."))
    print(fitted(f"What was there until now is saved: {relative(saved.folder)}/"))
    print("To have that back: python3 -m workshop undo")
