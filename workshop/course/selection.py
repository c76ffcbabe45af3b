"""Which steps the words of a command mean: `2.3` a step, `2` a chapter, `all` everything."""
import functools

from workshop.course.steps import all_steps, order
from workshop.machine.trouble import Trouble


@functools.cache
def reference():
    """Return the steps of all chapters, as the reference has them: {number: Step}."""
    return all_steps()


def chapter_of(number):
    """Return the number of a step's chapter, as a str: "2" for "2.3"."""
    return number.partition(".")[0]


def numbers_for(words):
    """Return the numbers of the steps that words (a list of str) mean, in order. Raises Trouble for no step."""
    found = {number for word in words for number in meant_by(word)}
    return sorted(found, key=order)


def meant_by(word):
    """Return the numbers of the steps that one word means."""
    steps = reference()
    matching = [number for number in steps if word in ("all", number, chapter_of(number))]
    if not matching:
        first, last = sorted(steps, key=order)[::len(steps) - 1]
        what = "step" if "." in word else "chapter"
        raise Trouble(f"There is no {what} {word}: say a step, from {first} to {last}, a chapter, from "
                      f"{chapter_of(first)} to {chapter_of(last)}, or all.")
    return matching
