"""What `watch` shows of the step that is worked on, as lines."""
from workshop.checking.verdict import Verdict, Verdicts
from workshop.course.project import Project, Step
from workshop.course.roads import Road
from workshop.course.step_states import State
from workshop.course.syntax_warnings import warnings_in
from workshop.pages.hint_lines import task
from workshop.pages.report import diagnosis, ending, in_a_line, next_step, row_of, waiting
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import mark, painted


def page(project: Project, road: Road, focus: str, known: Verdicts, praised: bool) -> list[str]:
    """Return lines on the step in focus (its number) and on its chapter; known has the verdicts on all steps.

    praised tells whether the step has just been finished.
    """
    step, verdict = project.steps[focus], known[focus]
    lines = success(project, road, step, known) if praised else standing(project, step, verdict)
    return [*lines, *chapter_around(project, focus, known)]


def standing(project: Project, step: Step, verdict: Verdict) -> list[str]:
    """Return lines that say how a step stands: what is wrong with it, or its task."""
    own = f"{mark(verdict.state)} {step.number} {step.name}"
    if verdict.state == State.WRONG:
        return diagnosis(project, {step.number: verdict})
    if verdict.state == State.YOURS:
        return [f"{own} passes."]
    if verdict.state == State.BORROWED:
        return [f"{own} is borrowed from the reference."]
    return [*(waiting(project, [verdict]) or [f"{own} is not started: {step.learners_place}"]), *task(step)]


def success(project: Project, road: Road, step: Step, known: Verdicts) -> list[str]:
    """Return lines that say what was achieved, and what is next."""
    states = {number: verdict.state for number, verdict in known.items()}
    praise = f"{step.number} {step.name}: all {len(known[step.number].outcomes)} checks pass."
    whole = all(states[number].passes for number in step.chapter.numbers)
    chapter = [f"  All of chapter {step.chapter.number} passes."] if whole else []
    return [f"{mark(states[step.number])} {painted(praise, 'strong')}", fitted(f"  {achievement(step)}"), *chapter, "",
            next_step(project, road, road.due(states, step.chapter.numbers)) or ending(project, road, states)]


def achievement(step: Step) -> str:
    """Return the first sentence of a step's task, which is now what the learner's function does."""
    return step.task.split("\n\n")[1].replace("\n", " ").partition(". ")[0].rstrip(".") + "."


def chapter_around(project: Project, focus: str, known: Verdicts) -> list[str]:
    """Return lines on the chapter: a mark for each step, what is wrong with the others, and what Python warns of."""
    chapter = project.chapter_of(focus)
    wrong = [in_a_line(project, known[number]) for number in chapter.numbers
             if number != focus and known[number].state == State.WRONG]
    return ["", row_of(chapter, known), *wrong, *(fitted(sentence, 2) for sentence in warnings_in(chapter))]


def listing(project: Project, focus: str, known: Verdicts) -> list[str]:
    """Return lines: all chapters, and the steps of this one by name."""
    rows = [row_of(chapter, known) for chapter in project.chapters]
    names = [f"{'>' if number == focus else ' '} {mark(known[number].state)} {number} {project.steps[number].name}"
             for number in project.chapter_of(focus).numbers]
    return [*rows, "", *names]
