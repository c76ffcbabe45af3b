"""Tracebacks in what is shown: a learner is told the lines of their own code, not those of checks and libraries."""
import re

from workshop.checking.tree import chapter_folders, is_learners, relative

FRAME = re.compile(r'^( *)File "([^"\n]*)"(, line \d+, in .*\n(?:\1  .*\n)*)', re.MULTILINE)


def own_frames(text: str) -> str:
    """Return a text with … for the frames of its tracebacks that do not lie in the learner's files."""
    folders = chapter_folders()
    text = FRAME.sub(lambda frame: shown_frame(frame[1], frame[2], frame[3], is_learners(frame[2], folders)), text)
    return re.sub(r"^( *…\n)(?: *…\n)+", r"\1", text, flags=re.MULTILINE)


def shown_frame(indent: str, path: str, rest: str, is_own: bool) -> str:
    """Return a frame as it is shown, with the path that the learner knows."""
    return f'{indent}File "{relative(path)}"{rest}' if is_own else f"{indent}…\n"
