"""The entry of `python -m dev`: find the word in the table, import its module, run it.

As with `python3 -m workshop`, a word is one entry in the table and one module, which offers `add_arguments(parser)` and
`run(arguments) -> int`, the exit status. Only the chosen module is imported.
"""
import argparse
import importlib
import sys

from workshop.machine.trouble import Trouble
from workshop.terminal.line_width import fitted
from workshop.terminal.marks import prepare

# Without a summary, a command is not in the list.
COMMANDS: dict[str, tuple[str, str | None]] = {
    "regenerate": ("dev.regenerate", "write all that is derived; with --check, tell what is not as it is made"),
    "versions": ("dev.bank.step_versions", "put mistakes and right answers into the steps; see what the checks say"),
    "mutants": ("dev.mutants", "make small changes in the steps, and list those that no check notices"),
    "wire": ("dev.wire_mutants", "make the same changes, and list those that the contract does not notice"),
    "unfailed": ("dev.unfailed_checks", "list the checks of the contract that no broken server has failed"),
    "rehearsal": ("dev.rehearsal", "run each section of the notebooks in a kernel of its own"),
    "latency": ("dev.latency", "measure the time from a save to the verdict of `watch`"),
    "soak": ("dev.soak", "put thousands of random streams and clients to the server of chapter 6"),
    "learner": ("dev.learner_run", "do what a learner does first, in a copy of the repository"),
    "paper": ("dev.paper", "print the handout and the slides as PDF files"),
    "worker": ("dev.runner", None),  # which starts it
    "wire-worker": ("dev.wire_worker", None),  # so does wire
}


def build_parser(chosen: str) -> argparse.ArgumentParser:
    """Return the parser of all commands; of them only the chosen one knows its arguments and what to run."""
    parser = argparse.ArgumentParser(prog="python -m dev", description="What proves and generates this repository.")
    choices = parser.add_subparsers(metavar="COMMAND", help="one of those that `python -m dev` lists")
    for name, (module_name, summary) in COMMANDS.items():
        choice = choices.add_parser(name, description=summary)
        if name == chosen:
            module = importlib.import_module(module_name)
            module.add_arguments(choice)
            choice.set_defaults(run=module.run)
    return parser


def main(words: list[str]) -> int:
    """Do what the command line's words ask for, and return the exit status; without any, list the commands."""
    prepare(sys.stdout, sys.stderr)
    try:
        parser = build_parser(*words[:1] or [""])
        if words:
            arguments = parser.parse_args(words)
            return arguments.run(arguments)
        print("python -m dev COMMAND [--help]\n")
        print("\n".join(f"  {name:10} {summary}" for name, (_, summary) in COMMANDS.items() if summary))
        return 0
    except ModuleNotFoundError as error:
        sys.stderr.write(f"This Python has no {error.name}: use that of .venv, which `workshop test` completes.\n")
        return 1
    except Trouble as trouble:
        sys.stderr.write(f"\n{fitted(str(trouble))}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
