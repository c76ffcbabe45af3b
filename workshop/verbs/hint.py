"""The verb `hint`: the next hint for a step; or all of them, or the task itself."""
from argparse import ArgumentParser, Namespace

from workshop.course.project import Project
from workshop.pages import hint_lines


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the step's number, and what to show of it."""
    parser.add_argument("step", metavar="N.M", help="the number of a step, such as 2.3")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="show all hints at once")
    what.add_argument("--task", action="store_true", help="show the task: what the step's docstring says")


def run(arguments: Namespace, project: Project) -> int:
    """Print the next hint of a step, or what else was asked for; return 0. Raises Trouble for no step."""
    step = project.step(arguments.step)
    task = [*hint_lines.heading(step), *hint_lines.task(step)]
    print(*(task if arguments.task else hint_lines.next_hint(step, arguments.all)), sep="\n")
    return 0
