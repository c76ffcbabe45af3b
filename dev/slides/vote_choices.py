"""How a class votes on each question of its votes: by hand in teaching/vote_choices.ini, by chapter and cell.

A question with a short answer has choices, one on each line, for which hands are shown; one that has none is answered
on paper.
"""
from functools import cache

from dev import PROJECT
from dev.ini_files import sections_in
from dev.road_notebooks import id_on_road
from workshop.course.roads import lines_in
from workshop.machine.trouble import Trouble

PATH = PROJECT.root / "teaching" / "vote_choices.ini"
ON_PAPER = "Write it down, and compare with your neighbour. One pair answers."
LETTERS = "ABCDEF"


def how_to_vote(name: str) -> str:
    """Return how a question is voted on, by its name on a road. Raises Trouble if that is not said."""
    if name not in ways_to_vote():
        raise Trouble(f"teaching/{PATH.name} does not say how to vote on {name}, on which a road votes.")
    return ways_to_vote()[name]


@cache
def ways_to_vote() -> dict[str, str]:
    """Return how questions are voted on, by their names on a road. Raises Trouble if the file cannot be read."""
    return {id_on_road(stem, {"id": cell}): way_with(lines_in(text))
            for stem, cells in sections_in(PATH).items() for cell, text in cells.items()}


def way_with(choices: tuple[str, ...]) -> str:
    """Return how to vote with some choices, or without any. Raises Trouble if there are more than hands can tell."""
    if not choices:
        return ON_PAPER
    if len(choices) > len(LETTERS):
        raise Trouble(f"teaching/{PATH.name} has a vote with {len(choices)} choices; {len(LETTERS)} are the most.")
    named = "; ".join(f"{letter}: {choice}" for letter, choice in zip(LETTERS, choices, strict=False))
    return f"Hands. {named}."
