"""One run of the contract: what is checked, what has become of the checks so far, and what is said at the end."""
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract import __version__
from wsgi_contract.expectation import Expectation
from wsgi_contract.problem import NotInstalled
from wsgi_contract.pytest_options import ABOUT_SERVERS, PREFIX, attribute
from wsgi_contract.real_servers import REAL_SERVERS, ServerProgram
from wsgi_contract.scoring import (
    ALL_CLAUSES,
    CRASHED,
    DEPARTS,
    KEPT,
    LACKS,
    UNSEEN,
    CheckOutcome,
    ContractCheck,
    Score,
    scores,
    state_of_clauses,
)
from wsgi_contract.server_records import FOLDER as RECORDS
from wsgi_contract.server_records import path_of_record, record_of
from wsgi_contract.shell_words import as_command, typed, words_of
from wsgi_contract.time_limits import LIMITS
from wsgi_contract.under_test import (
    APPLICATION,
    FOLDER,
    OwnServer,
    ServerUnderTest,
    Started,
    commanded,
    installed,
    listening,
)

IN_FULL = 3  # diagnoses that are shown whole; the others have a line each, unless all are asked for
NO_SERVER = """\
which server is to be checked? Name one: {command} NAME, where NAME is {names}; or give the command that
starts yours: {command} -- COMMAND, in which {{port}} stands for the port of 127.0.0.1 to listen on, and {{app}}
for the application to serve, {application}"""


class ContractRun:
    """What is checked in a run, and what is known of it so far."""

    kind = "server"
    standard = "PEP 3333"

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.name: str = self.option(self.kind) or ""
        self.recording: bool = self.option("record")
        self.checks: dict[str, ContractCheck] = {}  # by their ids, those that were chosen
        self.outcomes: dict[str, CheckOutcome] = {}  # by their keys, of the checks that have run
        self.news: dict[str, str] = {}  # by the keys of outcomes: what is new in them
        self.missing: str | None = None  # why no check could run, in a sentence
        self.others: list[str] = []  # what is new and not shown in full, in a line each
        self.shown_in_full = 0
        self.version: str = self.option("server-version") or self.known_version()
        self.expectation = self.expected_in_file() or self.known()

    def option(self, name: str) -> Any:
        """Return the value of an option."""
        return self.config.getoption(attribute(PREFIX.strip("-") + "-" + name))

    def expected_in_file(self) -> Expectation | None:
        """Return what the file of --expected has, None if none is given. Raises UsageError."""
        path = self.option("expected")
        if not path or self.recording and not Path(path).exists():
            return Expectation() if path else None
        try:
            return Expectation.read(Path(path)).with_python(sys.version_info[:2])
        except (OSError, ValueError) as error:
            raise pytest.UsageError(f"--expected {path} can't be read: {error}")

    def known(self) -> Expectation | None:
        """Return what the suite itself knows of what is checked, None if nothing."""
        return None

    def known_version(self) -> str:
        """Return the version of what is checked, "" if it can't be told."""
        return ""

    @property
    def place_of_record(self) -> Path | None:
        """Where --record writes to; None where there is no place."""
        path = self.option("expected")
        return Path(path) if path else None

    def refuse_unknown_ids(self, ids: set[str]) -> None:
        """Raise UsageError if checks are expected to depart that there are none of; ids are all there are."""
        if self.option("expected") and self.expectation and (unknown := self.expectation.ids - ids):
            raise pytest.UsageError(f"--expected {self.option('expected')} names a check that there is none of: "
                                    f"{min(unknown)}")

    def note_outcome(self, outcome: CheckOutcome) -> str | None:
        """Keep an outcome, and return what is new in it, a sentence, or None."""
        self.outcomes[outcome.key] = outcome
        if news := None if self.recording and outcome.state != CRASHED else self.news_in(outcome):
            self.news[outcome.key] = news
        return news

    def news_in(self, outcome: CheckOutcome) -> str | None:
        """Return what is new in an outcome, a sentence, or None; where nothing is known, each departure is new."""
        expectation = self.expectation_of(outcome)
        if expectation is not None:
            return expectation.surprise(outcome)
        is_right = outcome.state in (KEPT, LACKS) or outcome.check.disputed and outcome.state != CRASHED
        return None if is_right else "nothing is known of it"

    def expectation_of(self, outcome: CheckOutcome) -> Expectation | None:
        """Return what is known of what an outcome is about."""
        return self.expectation

    def more_rows(self, news: str, outcome: CheckOutcome) -> dict[str, str]:
        """Return the rows that are shown of what is new beside those of the check."""
        return {"news": news} if self.expectation_of(outcome) is not None else {}

    def is_shown_in_full(self) -> bool:
        """Tell whether the next diagnosis is to be shown whole, and count it."""
        self.shown_in_full += 1
        return self.option("all") or self.shown_in_full <= IN_FULL

    def refuse_no_place(self) -> None:
        """Raise UsageError if what is found is to be recorded, and nobody knows where."""
        if self.recording and not self.place_of_record:
            raise pytest.UsageError("--record needs to know where: name a file with --expected")

    def write_record(self) -> None:
        """Write what was found where --record says, unless part of it is missing; what is known of the rest stays."""
        if self.recording and not self.void and (path := self.place_of_record):
            found = Expectation.of(self.version, self.outcomes.values())
            found.with_what_is_known(self.expectation or Expectation(), self.checks).write(path)

    @property
    def void(self) -> str | None:
        """Why there is no score, a sentence; None if there is one."""
        if self.missing or not self.outcomes:
            return self.missing or "no check has run"
        crashed = sum(one.state == CRASHED for one in self.outcomes.values())
        left = len(self.checks) - len({one.check.id for one in self.outcomes.values()})
        reasons = [f"{count} of {len(self.checks)} checks have {what}"
                   for count, what in ((crashed, "crashed"), (left, "not run")) if count]
        return ", ".join(reasons) or None

    @property
    def fails_without_news(self) -> bool:
        """Whether a run that has nothing new to say has failed all the same: part of it has not run."""
        return bool(self.checks and self.void)

    def close(self) -> None:
        """End what was started."""

    def closing_lines(self) -> Iterator[str]:
        """Yield the lines at the end of a run."""
        yield from (f"also {line}" for line in self.others)
        if self.option("all"):
            yield from (f"{one.text}\n" for one in self.outcomes.values() if one.text)
        yield f"{self.title}, checked by wsgi-contract {__version__}"
        if self.outcomes:
            yield from filter(None, [self.recorded_in_words(), self.unseen_in_words()])
            yield self.void_in_words() or self.score_in_words()
        else:
            yield f"○ {self.missing}"

    def void_in_words(self) -> str | None:
        """Return what has not come of the run, and why, None if all has."""
        missing = "there is no score, and nothing is recorded" if self.recording else "there is no score"
        return f"{missing}: {self.void}" if self.void else None

    @property
    def title(self) -> str:
        """What is checked, as a person calls it, with its version."""
        return f"{self.name} {self.version}".rstrip()

    def recorded_in_words(self) -> str | None:
        """Return which version is known, where it is another than the one that is checked, or None."""
        recorded = self.expectation.version if self.expectation else ""
        return f"what is known of it was recorded of {recorded}" if recorded and recorded != self.version else None

    def unseen_in_words(self) -> str | None:
        """Return what could not be looked at, None if there was nothing of the kind."""
        unseen = [one.check for one in self.outcomes.values() if one.state == UNSEEN]
        sources = list(dict.fromkeys(check.source for check in unseen))
        checks = "1 check" if len(unseen) == 1 else f"{len(unseen)} checks"
        return f"{checks} {UNSEEN}: {', '.join(sources)}" if unseen else None

    def score_in_words(self) -> str:
        """Return the score."""
        return f"conformance: {self.scores()['checks']} checks of duties"

    def scores(self) -> dict[str, Score]:
        """Return the Scores by name."""
        return {"checks": Score.of(one.state for one in self.outcomes.values() if not one.check.disputed)}


class ServerRun(ContractRun):
    """The run of a server."""

    verb = "check"
    application = APPLICATION
    real_servers: Mapping[str, ServerProgram] = REAL_SERVERS
    records = RECORDS

    def __init__(self, config: pytest.Config) -> None:
        LIMITS.wait, LIMITS.start = (config.getoption(f"contract_{name}") or usual for name, usual in
                                     (("seconds", LIMITS.wait), ("start_seconds", LIMITS.start)))
        self.own = self.own_servers(config.hook)
        super().__init__(config)
        self.refuse_unknown()
        self.refuse_no_place()
        self.under_test = ServerUnderTest(self.starter())

    def own_servers(self, hook: Any) -> dict[str, OwnServer]:
        """Return the servers that plugins add."""
        return merged(hook.pytest_contract_servers())

    def default_server(self) -> str | None:
        """Return the name of the server to check where none is named."""
        return self.config.hook.pytest_contract_default_server()

    @property
    def real(self) -> Any:
        """The entry of a well-known server, None if it is none."""
        return None if self.name in self.own else self.real_servers.get(self.name)

    def option(self, name: str) -> Any:
        """Return the value of an option."""
        value = super().option(name)
        if name == self.kind and not value and not super().option("port"):
            return self.default_server()
        return value

    @property
    def has_record(self) -> bool:
        """Whether the suite has a record of the server, or a place for one."""
        return self.real is not None

    def known(self) -> Expectation | None:
        """Return the record of a well-known server."""
        record = record_of(self.name, self.version, self.records) if self.has_record else None
        return record and record.with_python(sys.version_info[:2])

    def known_version(self) -> str:
        """Return the version of a well-known server that is installed."""
        return self.real.version if self.real and self.real.is_installed else ""

    @property
    def place_of_record(self) -> Path | None:
        """Where --record writes to."""
        own = path_of_record(self.name, self.version, self.records) if self.has_record else None
        return super().place_of_record or own

    @property
    def names(self) -> str:
        """The names of all servers, in a sentence."""
        return ", ".join([*self.own, *self.real_servers])

    def refuse_unknown(self) -> None:
        """Raise UsageError unless the server is known, or a command with a place for the port, or runs already."""
        if self.option("port"):
            if self.name:
                raise pytest.UsageError("--port is for a server that runs already: name no other beside it")
        elif self.name and self.name not in self.own and not self.real and "{port}" not in self.name:
            raise pytest.UsageError(f"{self.name!r} is none of {self.names}, and no command: in a command, {{port}} "
                                    "stands for the port of 127.0.0.1 to listen on")

    def refuse_none(self) -> None:
        """Raise UsageError unless there is a server to check."""
        if not self.name and not self.option("port"):
            names = " or ".join(self.names.rsplit(", ", 1))
            command = f"{typed()} {self.verb}"
            raise pytest.UsageError(NO_SERVER.format(command=command, names=names, application=self.application))

    def starter(self) -> Callable[[], AbstractContextManager[Started]]:
        """Return the function that starts the server."""
        if port := self.option("port"):
            return partial(listening, self.option("host"), port)
        if own := self.own.get(self.name):
            return lambda: own.start(self.application, FOLDER)
        if real := self.real:
            return lambda: installed(real, self.application)
        return lambda: commanded(words_of(self.name), self.config.invocation_params.dir, self.application)

    def more_rows(self, news: str, outcome: CheckOutcome) -> dict[str, str]:
        """Return the rows that are shown of what is new beside those of the check."""
        own = merged(self.config.hook.pytest_contract_rows(server=self.name, clauses=outcome.check.clauses))
        return super().more_rows(news, outcome) | own

    @property
    def fails_without_news(self) -> bool:
        """Whether part of it has not run, for another reason than that the server is not installed."""
        return super().fails_without_news and not isinstance(self.under_test.trouble, NotInstalled)

    def close(self) -> None:
        """End the server."""
        self.under_test.close()

    def closing_lines(self) -> Iterator[str]:
        """Yield the lines at the end of a run."""
        yield from super().closing_lines()
        yield from filter(None, [self.under_test.note])
        yield from self.next_lines() if self.outcomes and not self.real else ()

    @property
    def title(self) -> str:
        """The server as a person calls it, with its version."""
        known = self.own.get(self.name) or self.real
        running = f"the server on port {self.option('port')}"
        return f"{known.title if known else self.name or running} {self.version}".rstrip()

    def score_in_words(self) -> str:
        """Return the score."""
        score = self.scores()
        return (f"conformance: {score['clauses']} clauses of {self.standard} that a running server shows "
                f"(MUST {score['MUST']}, SHOULD {score['SHOULD']}); rules of HTTP: {score['HTTP']}")

    def scores(self) -> dict[str, Score]:
        """Return the Scores by name."""
        return scores(self.outcomes.values())

    def next_lines(self) -> Iterator[str]:
        """Yield the lines that say which clause to keep next, and how."""
        states = state_of_clauses(self.outcomes.values())
        departs = sorted((ALL_CLAUSES[number] for number, state in states.items() if state == DEPARTS),
                         key=lambda clause: not clause.is_strict)
        known = " --all" if self.expectation else ""  # what is known is not shown else
        for clause in departs[:1]:
            yield f"next: clause {clause.number}, {clause.level} ({clause.sections[0]}): {clause.text}"
            for lines in self.config.hook.pytest_contract_next(server=self.name, clause=clause.number):
                yield from (f"      {line}" for line in lines)
            yield f"      {self.again(f'--clause {clause.number}{known}')} shows what is wrong with it"

    def again(self, option: str) -> str:
        """Return the command that checks the same server with an option, or some."""
        chosen = super().option(self.kind) or ""
        is_name = not chosen or chosen in {*self.own, *self.real_servers}
        subject = self.place_in_words() if self.option("port") else (
            f" {chosen}".rstrip() if is_name else f" -- {as_command(words_of(chosen))}")
        return f"{typed()} {self.verb} {option}{subject}"

    def place_in_words(self) -> str:
        """Return the options that say where a server listens that runs already."""
        host = self.option("host")
        usual = host == ABOUT_SERVERS["host"]["default"]
        return f" --port {self.option('port')}" + ("" if usual else f" --host {host}")


def merged(results: list[Any]) -> dict[str, Any]:
    """Return the dicts that the plugins have returned as one."""
    return {name: value for result in results for name, value in result.items()}
