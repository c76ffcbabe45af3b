"""How a check and what is wrong are put into words."""
import re
import textwrap
import traceback
from typing import Any

from wsgi_contract.problem import Diagnosis, NotSeen
from wsgi_contract.scoring import CRASHED, DEPARTS, SIGNS, UNSEEN, ContractCheck

AS_WRITTEN = {
    "http 1 0": "HTTP/1.0", "latin 1": "latin-1", "exc info": "exc_info", "tuple 1 0": "tuple (1, 0)", "http": "HTTP",
    "http variable": "HTTP_ variable", "cgi": "CGI", "url": "URL", "ff": "FF", "wsgi version": "wsgi.version",
    "head has": "HEAD has", "servers own": "server's own", "applications": "application's", "clients": "client's",
    "script name": "SCRIPT_NAME", "path info": "PATH_INFO", "query string": "QUERY_STRING",
    "remote addr": "REMOTE_ADDR",
    "request method": "REQUEST_METHOD", "content type": "Content-Type", "content length": "Content-Length",
    "server port": "SERVER_PORT", "server protocol": "SERVER_PROTOCOL", "servers name": "server's name", "pep": "PEP",
    "start response": "start_response", "can not": "can't", "asgi": "ASGI", "os error": "OSError",
    "root path": "root_path",
}  # words that the name of a function can't have


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


def written(claim: str) -> str:
    """Return the claim of a check as it is written in a sentence."""
    for spoken, word in AS_WRITTEN.items():
        claim = re.sub(rf"\b{spoken}\b", word, claim)
    return claim
