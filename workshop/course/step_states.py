"""What a step can be. The words are those that learners read."""
import enum
from collections.abc import Iterable


class State(str, enum.Enum):
    """The state of a step of the learner's."""

    YOURS = "yours"  # all its checks pass, and you wrote it
    BORROWED = "borrowed"  # all its checks pass, and it is the reference's
    WRONG = "wrong"
    WAITING = "waiting"  # it is written, and uses a step that is not
    NOT_STARTED = "not started"

    def __str__(self) -> str:
        return self.value

    def __format__(self, spec: str) -> str:  # as all versions of Python do it from 3.12 on
        return format(self.value, spec)


    @property
    def passes(self) -> bool:
        """Whether all checks of the step pass."""
        return self in (State.YOURS, State.BORROWED)


def counts(states: Iterable[State]) -> str:
    """Return how many steps are in each state that there is, and how many there are: `3 yours, 1 wrong of 4 steps`."""
    found = list(states)
    parts = [f"{found.count(state)} {state}" for state in State if state in found]
    return f"{', '.join(parts)} of {len(found)} {'step' if len(found) == 1 else 'steps'}"
