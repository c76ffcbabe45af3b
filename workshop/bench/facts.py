"""The facts of a run: its figures and how they came about, as values that JSON can take. The last ones are saved."""
import dataclasses
import json
from pathlib import Path
from typing import Any

from workshop.bench.contestants import CONTESTANTS
from workshop.bench.figures import Result, Results, Spread
from workshop.bench.measuring import Measurements
from workshop.bench.modes import MODES
from workshop.machine.servers import YOURS
from wsgi_contract.real_servers import version_of

SAVED = Path(__file__).with_name("measured.json")

Facts = dict[str, Any]


def facts_of(measurements: Measurements) -> Facts:
    """Return all that there is to say about a run, with the results by mode and server."""
    results = measurements.results()
    measured = {name for _, name in results}
    return {
        "seconds": measurements.seconds, "rounds": measurements.rounds, "machine": measurements.machine,
        "versions": {name: server.version for name, server in CONTESTANTS.items()
                     if name in measured and server.version} | {"Flask": version_of("flask")},
        "left_out": measurements.left_out, "without_keep_alive": measurements.without_keep_alive,
        "results": {mode.name: {name: rounded(dataclasses.asdict(result)) for (of, name), result in results.items()
                                if of == mode.name} for mode in MODES},
    }


def rounded(value: Any) -> Any:
    """Return a value (dicts of floats, or other things) with all floats rounded to what can be trusted, or more."""
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    return round(value, 1 if value > 10 else 3) if isinstance(value, float) else value


def results_of(facts: Facts) -> Results:
    """Return the results of all servers, out of facts."""
    return {(mode, name): Result(Spread(**each["rate"]), each["cost"] and Spread(**each["cost"]),
                                 each["is_the_clients"], each["share"])
            for mode, servers in facts["results"].items() for name, each in servers.items()}


def saved() -> Facts:
    """Return the facts that were saved last."""
    return json.loads(SAVED.read_text(encoding="utf-8"))


def save(facts: Facts) -> None:
    """Make these facts the ones that were saved last; the learner's are not in them where they are only starters."""
    left_out = {name: why for name, why in facts["left_out"].items() if name not in YOURS}
    text = json.dumps(facts | {"left_out": left_out}, ensure_ascii=True, indent=1) + "\n"
    SAVED.write_text(text, encoding="utf-8", newline="\n")
