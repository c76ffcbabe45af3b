"""How this command was started, so that messages can name it as it is typed here."""
import os

VARIABLE = "WORKSHOP_COMMAND"  # hands it on to the processes that check
USUAL = "python3 -m workshop"


def command(*words: str) -> str:
    """Return what one types to run the workshop's command with some words."""
    return " ".join([os.environ.get(VARIABLE) or USUAL, *words])
