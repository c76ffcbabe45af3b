"""The plugins for pytest that make a verdict of a learner's checks, in the order in which they are registered."""
NAMES = [f"{__name__}.{name}" for name in ("outcomes", "deadline", "second_look", "progress")]
