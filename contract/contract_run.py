"""One run of the contract: its server, what has become of the checks so far, and what is said of it at the end."""
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from contract.clauses import CLAUSES
from contract.problem import NotWritten
from contract.real_servers import REAL_SERVERS
from contract.scoring import DEPARTS, CheckOutcome, scores, state_of_clauses
from contract.server_records import record_of
from contract.under_test import APPLICATION, FOLDER, OwnServer, ServerUnderTest, Started, commanded, installed

NO_SERVER = """\
which server is to be checked? Name one: pytest contract --server NAME, where NAME is {names}; or give the command that
starts yours: pytest contract --server 'COMMAND', in which {{port}} stands for the port of 127.0.0.1 to listen on, and
{{app}} for the application to serve, {application}"""


class ContractRun:
    """The server of a run, and what is known of it so far."""

    def __init__(self, config: pytest.Config) -> None:
        self.hook = config.hook
        self.own: dict[str, OwnServer] = merged(config.hook.pytest_contract_servers())
        self.option: str | None = config.getoption("server")
        self.server: str = self.option or config.hook.pytest_contract_default_server() or ""
        self.real = None if self.server in self.own else REAL_SERVERS.get(self.server)
        self.recording: bool = config.getoption("record")
        self.refuse_unknown()
        self.version = self.real.version if self.real and self.real.is_installed else ""
        self.record = record_of(self.server, self.version)
        self.checks: dict[str, Any] = {}  # by their claims: the clauses, the rule, whether it is disputed
        self.outcomes: dict[str, CheckOutcome] = {}  # by the claims of the checks that have run
        self.shown_in_full = 0  # checks that say something new
        self.others: list[str] = []  # what is new and not shown in full, in a line each
        self.missing: str | None = None  # why no check could run, in a sentence
        self.under_test = ServerUnderTest(self.starter(config))

    @property
    def names(self) -> str:
        """The names of all servers, in a sentence."""
        return ", ".join([*self.own, *REAL_SERVERS])

    def refuse_unknown(self) -> None:
        """Raise UsageError unless the server is known, or a command with a place for the port."""
        if self.server and self.server not in self.own and not self.real and "{port}" not in self.server:
            raise pytest.UsageError(f"--server {self.server!r} is none of {self.names}, and no command: in a command, "
                                    "{port} stands for the port of 127.0.0.1 to listen on")
        if self.recording and not self.real:
            raise pytest.UsageError("--record is for real servers: give one of them with --server")

    def refuse_none(self) -> None:
        """Raise UsageError unless there is a server to check."""
        if not self.server:
            sentence = NO_SERVER.format(names=" or ".join(self.names.rsplit(", ", 1)), application=APPLICATION)
            raise pytest.UsageError(sentence)

    def starter(self, config: pytest.Config) -> Callable[[], AbstractContextManager[Started]]:
        """Return the function that starts the server."""
        if own := self.own.get(self.server):
            return lambda: own.start(APPLICATION, FOLDER)
        if real := self.real:
            return lambda: installed(real)
        return lambda: commanded(self.server, config.invocation_params.dir)

    @property
    def is_unwritten(self) -> bool:
        """Whether no check could run because the server is still to be written."""
        return not self.outcomes and isinstance(self.under_test.trouble, NotWritten)

    def note_outcome(self, check: str, outcome: CheckOutcome) -> str | None:
        """Keep an outcome, and return what is new in it, a sentence, or None."""
        self.outcomes[check] = outcome
        news = None if self.recording else self.record.surprise(check, outcome)
        return news if self.real or outcome.state == DEPARTS and not outcome.disputed else None

    def more_rows(self, news: str, outcome: CheckOutcome) -> dict[str, str]:
        """Return the rows that are shown of what is new beside those of the check."""
        if self.real:
            return {"news": news}
        return merged(self.hook.pytest_contract_rows(server=self.server, clauses=outcome.clauses))

    def closing_lines(self) -> Iterator[str]:
        """Yield the lines at the end of a run."""
        yield from (f"also {line}" for line in self.others)
        yield self.title
        yield from filter(None, [self.under_test.note])
        if not self.outcomes:
            yield f"○ {self.missing}"
            return
        yield from filter(None, [self.recorded_in_words()])
        score = scores(self.outcomes.values())
        yield (f"conformance: {score['clauses']} clauses of PEP 3333 that a running server shows "
               f"(MUST {score['MUST']}, SHOULD {score['SHOULD']}); rules of HTTP: {score['HTTP']}")
        yield from () if self.real else self.next_lines()

    @property
    def title(self) -> str:
        """The server as a person calls it, with its version."""
        known = self.own.get(self.server) or self.real
        return f"{known.title if known else self.server} {self.version}".rstrip()

    def recorded_in_words(self) -> str | None:
        """Return which version the record is of, where it is another than the one that is checked, or None."""
        recorded = self.record.version
        return f"what is known of it was recorded of {recorded}" if recorded and recorded != self.version else None

    def next_lines(self) -> Iterator[str]:
        """Yield the lines that say which clause to keep next, and how."""
        states = state_of_clauses(self.outcomes.values())
        departs = sorted((number for number, state in states.items() if state == DEPARTS),
                         key=lambda number: (not CLAUSES[number].is_strict, number))
        for clause in [CLAUSES[number] for number in departs[:1]]:
            yield f"next: clause {clause.number}, {clause.level} ({clause.sections[0]}): {clause.text}"
            for lines in self.hook.pytest_contract_next(server=self.server, clause=clause.number):
                yield from (f"      {line}" for line in lines)
            option = f" --server {shlex.quote(self.option)}" if self.option else ""
            yield f"      pytest contract{option} --clause {clause.number} shows what is wrong with it"


def merged(results: list[Any]) -> dict[str, Any]:
    """Return the dicts that the plugins have returned as one."""
    return {name: value for result in results for name, value in result.items()}
