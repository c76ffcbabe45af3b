"""How a check and what is wrong are put into words."""
import re
import textwrap
import traceback
from typing import Any

from wsgi_contract.problem import Diagnosis, NotSeen
from wsgi_contract.scoring import CRASHED, DEPARTS, SIGNS, UNSEEN, ContractCheck


def in_full(error: BaseException | None, check: ContractCheck | None = None, **more: str | None) -> str:
    """Return the text of a check that says something: whose it is, what is wrong, and the rows below, and more."""
    said, rows = said_of(error)
    lines = [*([f"{check.source}: {check.claim}"] if check else []), said]
    rows = {**rows, **more}
    return "\n".join([*lines, "", *(row(name, str(text)) for name, text in rows.items() if text is not None)])


def said_of(error: BaseException | None) -> tuple[str, dict[str, Any]]:
    """Return what is said of the end of a check, a sentence, and the rows below it."""
    if isinstance(error, Diagnosis):
        return f"{SIGNS[DEPARTS]} {error.problem}", error.rows
    if isinstance(error, NotSeen):
        return f"{SIGNS[UNSEEN]} {UNSEEN}: {error}", error.rows
    if error is None:
        return f"{SIGNS[DEPARTS]} it is kept now", {}
    trace = "".join(traceback.format_exception(error)[-3:]).strip()
    return f"{SIGNS[DEPARTS]} the check {CRASHED}", {"error": trace}


def row(name: str, text: str) -> str:
    """Return one row: prose is wrapped, values are not, and addresses in memory are left out: nobody needs them."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    if name in ("why", "news"):
        text = textwrap.fill(text, 90)
    return f"  {name:<10} " + text.replace("\n", "\n" + " " * 13)
