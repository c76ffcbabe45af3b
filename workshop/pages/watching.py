"""What `watch` shows of the step that is worked on, as lines."""
from workshop.course.selection import chapter_of, reference
from workshop.pages.report import chapters_of, diagnosis, fitted, in_a_line, next_step, reflowed, row_of, waiting
from workshop.terminal.writing import mark, painted


def page(focus, known, praised):
    """Return lines on the step in focus (its number) and on its chapter; known is {number: Verdict} of all steps.

    praised tells whether the step has just been finished.
    """
    step, verdict = reference()[focus], known[focus]
    if praised:
        lines = success(step, known)
    elif verdict.state == "wrong":
        lines = diagnosis({focus: verdict})
    elif verdict.state == "done":
        lines = [f"{mark('done')} {focus} {step.name} is done."]
    else:
        own = f"{mark('not started')} {verdict.text or f'step {focus} {step.name}'}"
        lines = [*(waiting({focus: verdict}) or [own]), *task_of(step)]
    return [*lines, *chapter_around(focus, known)]


def success(step, known):
    """Return lines that say what was achieved, and what is next."""
    states = {number: verdict.state for number, verdict in known.items()}
    praise = f"{step.number} {step.name} is done: all {len(known[step.number].outcomes)} checks pass."
    chapter = chapters_of(reference())[chapter_of(step.number)]
    whole = [f"  All of chapter {chapter_of(step.number)} is done."] if {states[n] for n in chapter} == {"done"} else []
    return [f"{mark('done')} {painted(praise, 'strong')}", fitted(f"  {achievement(step)}", 2), *whole, "",
            next_step(states) or "That was the last one: you have built it all."]


def achievement(step):
    """Return the first sentence of a step's task, which is now what the learner's function does."""
    paragraph = step.task.split("\n\n")[1].replace("\n", " ")
    return paragraph.partition(". ")[0].rstrip(".") + "."


def task_of(step):
    """Return the lines of a step's task, without its heading."""
    return reflowed("\n".join(step.task.splitlines()[1:]))


def chapter_around(focus, known):
    """Return lines on the chapter: a mark for each step, and what is wrong with the others."""
    numbers = chapters_of(reference())[chapter_of(focus)]
    wrong = [in_a_line(known[number]) for number in numbers if number != focus and known[number].state == "wrong"]
    return ["", row_of(chapter_of(focus), {number: known[number] for number in numbers}), *wrong]


def listing(focus, known):
    """Return lines: all chapters, and the steps of this one by name."""
    chapters = chapters_of(reference())
    rows = [row_of(chapter, {number: known[number] for number in numbers}) for chapter, numbers in chapters.items()]
    names = [f"{'>' if number == focus else ' '} {mark(known[number].state)} {number} {reference()[number].name}"
             for number in chapters[chapter_of(focus)]]
    return [*rows, "", *names]
