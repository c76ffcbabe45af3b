"""How a check and what is wrong are put into words."""
import re
import textwrap

from wsgi_contract.problem import Diagnosis
from wsgi_contract.scoring import DEPARTS, SIGNS, ContractCheck


def in_full(error: BaseException | None, check: ContractCheck | None = None, **more: str | None) -> str:
    """Return the text of a check that says something: whose it is, what is wrong, and the rows below, and more."""
    lines = [f"{check.source}: {check.claim}"] if check else []
    rows = more
    if isinstance(error, Diagnosis):
        lines, rows = [*lines, f"{SIGNS[DEPARTS]} {error.problem}"], {**error.rows, **more}
    else:
        lines += [f"{SIGNS[DEPARTS]} it is kept now"]
    return "\n".join([*lines, "", *(row(name, str(text)) for name, text in rows.items() if text is not None)])


def row(name: str, text: str) -> str:
    """Return one row: prose is wrapped, values are not, and addresses in memory are left out: nobody needs them."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    if name in ("why", "news"):
        text = textwrap.fill(text, 90)
    return f"  {name:<10} " + text.replace("\n", "\n" + " " * 13)
