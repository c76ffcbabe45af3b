"""What your code sends, and how it refuses: it is called in the notebook, over a stand-in for a connection."""
import importlib
from typing import Any, BinaryIO


class Wire:
    """Stands in for a connection, and prints what it should send, after an arrow."""

    def sendall(self, data: bytes) -> None:
        for line in data.splitlines(keepends=True):
            print("→", line)

    def sendfile(self, file: BinaryIO, offset: int, count: int) -> int:
        file.seek(offset + count)  # where the system leaves it
        print(f"→ the system copies {count} bytes from byte {offset}")
        return count

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 8000


def sample_request(method: str = "GET", version: str = "HTTP/1.1", target: str = "/") -> Any:
    """Return a Request of chapter 2 that nobody has sent."""
    chapter = importlib.import_module("ch02_request")
    return chapter.Request(method, target, version, [], target.encode(), "")


def fresh_response(method: str = "GET", version: str = "HTTP/1.1") -> Any:
    """Return a new Response of chapter 4 that sends over a Wire."""
    chapter = importlib.import_module("ch04_response")
    return chapter.Response(Wire(), sample_request(method, version))
