"""How steps stand, for verbs that act on it: what the checks say of the learner's files, or of others."""
from workshop.checking.memory import Memory
from workshop.checking.runs import check_steps


def states(numbers):
    """Return {number: "done", "wrong" or "not started"} of the learner's steps; only what has changed is checked."""
    memory = Memory()
    unknown = [number for number in numbers if not memory.verdict(number)]
    memory.keep(check_steps(unknown) if unknown else {})
    return {number: memory.state(number) or "wrong" for number in numbers}


def states_in(folder, numbers):
    """Return the same for the chapters in another folder."""
    found = check_steps(numbers, folder)
    return {number: found[number].state if number in found else "wrong" for number in numbers}
