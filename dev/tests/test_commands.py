"""`python -m dev`: the list, and what is said where something is missing."""
import importlib
import importlib.util
import subprocess

import pytest

from dev import PROJECT, command
from dev.__main__ import COMMANDS, main
from workshop.machine.containment import contained_environment


def said(*words):
    """Run `python -m dev` with words; return (exit status, what it printed, its errors in one line)."""
    run = subprocess.run(command(*words), cwd=PROJECT.root, capture_output=True, text=True, encoding="utf-8",
                         timeout=60, env=contained_environment(COLUMNS="100"))
    return run.returncode, run.stdout, " ".join(run.stderr.split())


def test_without_a_word_the_commands_are_listed_a_line_each(capsys):
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, (_, summary) in COMMANDS.items():
        assert (f"  {name:10} {summary}" in lines) == (summary is not None)


def test_the_list_needs_none_of_the_modules():
    code = f"import sys, dev.__main__ as dev; dev.main([]); sys.exit(bool({modules()!r} & sys.modules.keys()))"
    assert subprocess.run([*command()[:1], "-c", code], cwd=PROJECT.root, capture_output=True).returncode == 0


def modules():
    return {module for module, _ in COMMANDS.values()}


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("mutants", "wire")])
def test_a_command_has_a_module_that_says_what_may_follow(name, capsys):
    module = importlib.import_module(COMMANDS[name][0])
    assert callable(module.run)
    with pytest.raises(SystemExit):
        main([name, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: python -m dev {name}")


@pytest.mark.skipif(importlib.util.find_spec("cosmic_ray") is not None, reason="cosmic-ray is installed here")
def test_without_cosmic_ray_mutants_says_what_to_install():
    status, printed, errors = said("mutants", "1.1")
    assert status == 1 and not printed and "cosmic-ray" in errors and "pip install" in errors
    assert "Traceback" not in errors
