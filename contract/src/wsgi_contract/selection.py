"""Which checks are run: what the options leave out."""
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from wsgi_contract.pytest_options import MUST_ONLY
from wsgi_contract.scoring import ContractCheck

Options = Callable[[str], Any]  # an option's name -> its value


def is_chosen(check: ContractCheck, option: Options) -> bool:
    """Tell whether a check is to be run."""
    return not any(leaves_out(check, option) for leaves_out in REASONS)


def is_of_other_clauses(check: ContractCheck, option: Options) -> bool:
    """Tell whether other clauses were asked for."""
    asked = option("clause")
    return bool(asked) and not set(map(str, check.clauses)) & set(asked.replace(" ", "").split(","))


def is_too_lenient(check: ContractCheck, option: Options) -> bool:
    """Tell whether only what says MUST was asked for, and this does not."""
    return option("level") == MUST_ONLY and not check.is_strict


def is_of_http(check: ContractCheck, option: Options) -> bool:
    """Tell whether HTTP's own rules are left out, and this is one."""
    return bool(option("no-http")) and check.rule is not None


def is_excluded(check: ContractCheck, option: Options) -> bool:
    """Tell whether the check is left out by its id."""
    patterns = [pattern for text in option("exclude") for pattern in text.replace(" ", "").split(",")]
    return any(fnmatchcase(check.id, pattern) for pattern in patterns)


REASONS = (is_of_other_clauses, is_too_lenient, is_of_http, is_excluded)
