"""Files that are written by hand in sections of keys and texts, as those in teaching/ are."""
import configparser
from pathlib import Path

from workshop.machine.trouble import Trouble


def sections_in(path: Path) -> dict[str, dict[str, str]]:
    """Return the texts of a file by section and by key, line by line as they stand. Raises Trouble."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=(";",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names keep their capitals
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, configparser.Error) as error:
        raise Trouble(f"{path.parent.name}/{path.name} cannot be read: {error}")
    return {name: dict(parser[name]) for name in parser.sections()}
