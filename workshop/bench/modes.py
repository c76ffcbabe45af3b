"""The ways in which each server is measured."""
from dataclasses import dataclass

CONNECTIONS = 4  # that the load keeps busy at a time
SLOW_CLIENTS = 16  # each of which sends a byte per second
PLAIN, FLASK = "/", "/flask"  # the paths of the two pages that are served (see served/hello.py)

FEW_FIELDS = """\
Host: 127.0.0.1
User-Agent: workshop-bench
Accept: */*
"""
BROWSERS_FIELDS = """\
Host: 127.0.0.1
Connection: keep-alive
sec-ch-ua: "Not;A=Brand";v="8", "Chromium";v="150"
sec-ch-ua-mobile: ?0
sec-ch-ua-platform: "Linux"
Upgrade-Insecure-Requests: 1
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,\
application/signed-exchange;v=b3;q=0.7
Sec-Fetch-Site: none
Sec-Fetch-Mode: navigate
Sec-Fetch-User: ?1
Sec-Fetch-Dest: document
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-US,en;q=0.9
"""  # as Chromium 150 sends them for the address that one has typed


@dataclass(frozen=True)
class Mode:
    """One way."""

    name: str
    title: str
    keep_alive: bool = False  # else a connection serves one request
    slow: bool = False  # with SLOW_CLIENTS beside the load
    path: str = PLAIN
    fields: str = FEW_FIELDS

    @property
    def request(self) -> bytes:
        """The head that a quick client sends, with its blank line."""
        close = "" if self.keep_alive else "Connection: close\n"
        head = f"GET {self.path} HTTP/1.1\n{self.fields}{close}\n"
        return head.replace("\n", "\r\n").encode()


BESIDE = f"beside {SLOW_CLIENTS} clients that send a byte per second"
CLOSE = Mode("close", "A connection per request")
KEEP_ALIVE = Mode("keep-alive", "Keep-alive", keep_alive=True)
CLOSE_SLOW = Mode("close-slow", f"A connection per request, {BESIDE}", slow=True)
MODES = (
    CLOSE,
    KEEP_ALIVE,
    Mode("browser", "Keep-alive, with the head that a browser sends", keep_alive=True, fields=BROWSERS_FIELDS),
    Mode("flask", "A connection per request, for a page of Flask", path=FLASK),
    Mode("flask-keep-alive", "Keep-alive, for a page of Flask", keep_alive=True, path=FLASK),
    CLOSE_SLOW,
    Mode("keep-alive-slow", f"Keep-alive, {BESIDE}", keep_alive=True, slow=True),
)
