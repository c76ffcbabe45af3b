"""curl as a client: it asks before it sends a body, which requests never does."""
import subprocess


def ask_first(url: str) -> bytes:
    """Let curl POST who=somebody to a URL, after a 100 Continue or five seconds; return the responses that it prints.

    Raises FileNotFoundError where there is no curl.
    """
    words = ["curl", "--silent", "--include", "--user-agent", "me", "--data", "who=somebody",
             "--header", "Expect: 100-continue", "--expect100-timeout", "5", url]
    return subprocess.run(words, capture_output=True, check=False).stdout
