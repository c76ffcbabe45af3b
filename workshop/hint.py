"""The verb `hint`: what a step asks for, and where it stands."""
from workshop import notebooks
from workshop.steps import all_steps, order
from workshop.trouble import Trouble


def add_arguments(parser):
    """Declare the step's number."""
    parser.add_argument("step", metavar="N.M", help="the number of a step, such as 2.3")


def run(arguments):
    """Print the task of a step and where it stands in the learner's file; return 0. Raises Trouble for no step."""
    steps = all_steps()
    if arguments.step not in steps:
        first, last = sorted(steps, key=order)[::len(steps) - 1]
        raise Trouble(f"There is no step {arguments.step}. They go from {first} to {last}: the README lists them.")
    step = steps[arguments.step]
    print(f"{place_of(step)}  {step.name}\n\n{step.task}")
    if step.number in notebooks.hints():
        print(f"\nHints are folded beside the exercise in notebooks/{step.path.stem}.ipynb.")
    return 0


def place_of(step):
    """Return where the learner's version of a step stands: its line, or its file where that can't be read."""
    try:
        return all_steps("chapters")[step.number].place
    except (SyntaxError, KeyError, OSError):
        return f"chapters/{step.path.name}"
