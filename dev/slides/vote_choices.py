"""How a class votes on each question of its votes: by hand in teaching/vote_choices.ini, by chapter and cell.

A question with a short answer has choices, one on each line, for which hands are shown; one that has none is answered
on paper.
"""
from dataclasses import dataclass
from functools import cache

from dev import PROJECT
from dev.ini_files import sections_in
from dev.road_notebooks import id_on_road
from workshop.course.roads import lines_in
from workshop.machine.trouble import Trouble

PATH = PROJECT.root / "teaching" / "vote_choices.ini"
LETTERS = "ABCDEF"
RIGHT = "* "  # what the right choice begins with


@dataclass(frozen=True)
class Ballot:
    """How a class votes on a question."""

    how: str  # what it is told
    right: str = ""  # the letter of the right choice, if there are choices


ON_PAPER = Ballot("Write it down, and compare with your neighbour. One pair answers.")
NO_VOTE = Ballot("")  # on a question for when there is time


def ballot_for(name: str) -> Ballot:
    """Return how a question is voted on, by its name on a road. Raises Trouble if that is not said."""
    if name not in ballots():
        raise Trouble(f"teaching/{PATH.name} does not say how to vote on {name}, on which a road votes.")
    return ballots()[name]


@cache
def ballots() -> dict[str, Ballot]:
    """Return how questions are voted on, by their names on a road. Raises Trouble if the file cannot be read."""
    return {id_on_road(stem, {"id": cell}): ballot_with(lines_in(text))
            for stem, cells in sections_in(PATH).items() for cell, text in cells.items()}


def ballot_with(choices: tuple[str, ...]) -> Ballot:
    """Return how to vote with some choices, or without any. Raises Trouble if one cannot vote with them."""
    if not choices:
        return ON_PAPER
    if len(choices) > len(LETTERS):
        raise Trouble(f"teaching/{PATH.name} has a vote with {len(choices)} choices; {len(LETTERS)} are the most.")
    lettered = list(zip(LETTERS, choices, strict=False))
    right = [letter for letter, choice in lettered if choice.startswith(RIGHT)]
    if len(right) != 1:
        raise Trouble(f"teaching/{PATH.name} has a vote with {len(right)} right choices: write {RIGHT!r} before the "
                      f"one that is right, of {', '.join(choices)}.")
    named = "; ".join(f"{letter}: {choice.removeprefix(RIGHT)}" for letter, choice in lettered)
    return Ballot(f"Hands. {named}.", *right)
