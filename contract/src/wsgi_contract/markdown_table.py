"""Tables in Markdown."""
import re


def cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return re.sub(r"\s+", " ", text.replace("|", "\\|").replace("\x00", "\\x00")).strip()


def table(*rows: list[str]) -> str:
    """Return rows, the first of which is the heading, as a table."""
    heading, *others = rows
    lines = [heading, ["---"] * len(heading), *others]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines) + "\n"
