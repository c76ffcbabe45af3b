"""What is told of a run: a departure in full, and the score with the next clause to keep in the closing lines."""
import re
import textwrap

from contract.clauses import CLAUSES
from contract.marks import steps_that_keep
from contract.outcomes import DEPARTS, scores, state_of_clauses
from workshop.checking.plugins.outcomes import sentence
from workshop.checking.tree import current_steps
from workshop.machine.servers import SERVERS
from workshop.terminal.writing import MARKS

LAST = "ch04_response"  # the chapter that completes the server


def told(error, claim=None, outcome=None, **more):
    """Return the text of a check that says something new: whose it is, what is wrong, and the rows below, and more."""
    lines = [f"{sources(outcome)}: {claim}"] if claim else []
    lines += [f"{MARKS['wrong']} {getattr(error, 'problem', None) or 'it is kept now'}", ""]
    rows = getattr(error, "rows", {}) | more
    return "\n".join(lines + [row(name, str(text)) for name, text in rows.items() if text is not None])


def sources(outcome):
    """Return where a check comes from: the clauses of the PEP that it names, or its rule of HTTP."""
    if outcome.rule:
        return outcome.rule
    return f"clause{'s' * (len(outcome.clauses) > 1)} {', '.join(map(str, outcome.clauses))}"


def row(name, text):
    """Return one row; prose is wrapped, values are not, and addresses in memory tell nobody anything."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    if name in ("why", "news"):
        text = textwrap.fill(text, 90)
    return f"  {name:<10} " + text.replace("\n", "\n" + " " * 13)


def closing_lines(run):
    """Yield the lines at the end of a run."""
    yield from (f"also {line}" for line in run.others)
    yield title_of(run)
    yield from filter(None, (run.note, record_in_words(run)))
    if not run.outcomes:
        yield f"{MARKS['not started']} {run.missing}"
        return
    score = scores(run.outcomes.values())
    yield (f"conformance: {score['clauses']} clauses of PEP 3333 that a running server shows "
           f"(MUST {score['MUST']}, SHOULD {score['SHOULD']}); rules of HTTP: {score['HTTP']}")
    yield from next_lines(run)


def record_in_words(run):
    """Return which version the record of a server is of, where it is another than the one that is checked, or None."""
    recorded = run.record["version"]
    return f"what is known of it was recorded of {recorded}" if recorded and recorded != run.version else None


def steps_to_do(number):
    """Return the steps that keep a clause, as the learner's files have them: those that are not started, if any."""
    steps = [current_steps(step.path.stem).get(step.number, step) for step in steps_that_keep(number)
             if step.path.stem <= LAST]
    return [step for step in steps if not step.started] or steps


def steps_in_words(outcome):
    """Return the steps that keep the clauses of a check, and how to see the task of the first, or None."""
    steps = {step.number: step.name for number in outcome.clauses for step in steps_to_do(number)}
    names = ", ".join(f"{number} {name}" for number, name in steps.items())
    return f"{names}; python3 -m workshop hint {next(iter(steps))}" if steps else None


def title_of(run):
    """Return the server as a person calls it, with its version."""
    title = SERVERS[run.server].title if run.is_known else run.server
    return f"{title} {run.version}".rstrip()


def next_lines(run):
    """Yield the lines that say which clause to keep next, and the steps that keep it, where the server is yours."""
    states = state_of_clauses(run.outcomes.values())
    departs = sorted((number for number, state in states.items() if state == DEPARTS),
                     key=lambda number: (not CLAUSES[number].is_strict, number))
    if departs and run.server == "yours":
        clause = CLAUSES[departs[0]]
        yield f"next: clause {clause.number}, {clause.level} ({clause.sections[0]}): {clause.text}"
        for step in steps_to_do(clause.number):
            yield f"      {'' if step.started else MARKS['not started'] + ' '}{sentence(step)}"
        yield f"      pytest contract --clause {clause.number} tells what is wrong with it"
