"""A run of the checks of duties: of one middleware or application, or of all that are known."""
import sys

import pytest

from wsgi_contract import observer
from wsgi_contract.contract_run import ContractRun
from wsgi_contract.current_run import RUN
from wsgi_contract.duties import KNOWN, NOT_REACHED, SUBJECTS
from wsgi_contract.expectation import Expectation
from wsgi_contract.scoring import CheckOutcome
from wsgi_contract.subjects import Subject, loaded


class DutyRun(ContractRun):
    """The run of one middleware or application; without a name, of all that the suite and its plugins know."""

    def __init__(self, config: pytest.Config, kind: str) -> None:
        self.kind = kind
        super().__init__(config)
        self.refuse_no_place()
        observer.OWN.clear()
        observer.OWN.update(variables(self.option("environ"), self.option("header")))
        added = config.hook.pytest_contract_subjects(kind=kind)
        known = {name: subject for subjects in [*added, SUBJECTS[kind]] for name, subject in subjects.items()}
        self.subjects: dict[str, Subject] = (
            {self.name: known.get(self.name) or found(kind, self.name)} if self.name else known)

    def expected_in_file(self) -> Expectation | None:
        """Return what the file of --expected has. Raises UsageError, also if no subject is named: it is of one."""
        if not self.name and (self.recording or self.option("expected")):
            raise pytest.UsageError(f"--expected and --record are for one {self.kind}: name it")
        return super().expected_in_file()

    def expectation_of(self, outcome: CheckOutcome) -> Expectation | None:
        """Return what is known of what an outcome is about."""
        name = outcome.subject or self.name
        if self.expectation or name not in SUBJECTS[self.kind]:
            return self.expectation
        return Expectation("", {id: "" for known, id in KNOWN if known == name}, list(NOT_REACHED))

    @property
    def title(self) -> str:
        """What is checked."""
        return self.name or f"{self.kind}s: {', '.join(self.subjects)}"


def run_of(config: pytest.Config, kind: str) -> DutyRun:
    """Return the run of a kind of subject, which begins when it is first asked for. Raises UsageError."""
    if RUN not in config.stash:
        sys.path.append(str(config.invocation_params.dir))  # modules are looked for in the current folder too
        config.stash[RUN] = DutyRun(config, kind)
    run = config.stash[RUN]
    if not isinstance(run, DutyRun) or run.kind != kind:
        raise pytest.UsageError("servers, middleware and applications are checked in runs of their own")
    return run


def found(kind: str, name: str) -> Subject:
    """Return the Subject for MODULE:NAME. Raises UsageError."""
    try:
        thing = loaded(name)
    except (ImportError, AttributeError, ValueError) as error:
        sentence = f"{kind} {name}: {error}; it is looked up as MODULE:NAME from the current folder"
        raise pytest.UsageError(sentence) from None
    return Subject(thing if kind == "middleware" else lambda: thing)


def variables(given: list[str], headers: list[str]) -> dict[str, str]:
    """Return the variables of the environ for NAME=VALUE and for headers, NAME:VALUE. Raises UsageError."""
    pairs = [(word, *word.partition("=")) for word in given]
    pairs += [(word, f"HTTP_{name.strip().upper().replace('-', '_')}", colon, value.strip())
              for word in headers for name, colon, value in [word.partition(":")]]
    for word, name, sign, _ in pairs:
        if not (name and sign):
            raise pytest.UsageError(f"{word!r} is neither NAME=VALUE for --environ nor NAME:VALUE for --header")
    return {name.replace("HTTP_CONTENT_", "CONTENT_"): value for _, name, _, value in pairs}
