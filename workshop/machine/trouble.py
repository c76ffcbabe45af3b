"""What stops a command, and is told to the learner as a sentence."""


class Trouble(Exception):
    """Something that you can put right; its text says how."""
