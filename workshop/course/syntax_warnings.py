"""What Python says when it reads a chapter: why it cannot, or that something is odd in what runs all the same."""
import warnings

from workshop.course.definitions import line_that_is_no_python
from workshop.course.project import Chapter
from workshop.course.source import read_source


def error_in(chapter: Chapter) -> str:
    """Return why the learner's file cannot be imported, with the place; "" if Python can read it."""
    place = chapter.project.relative(chapter.path)
    try:
        wrong = line_that_is_no_python(read_source(chapter.path))
    except (OSError, UnicodeDecodeError) as error:
        return f"{place} cannot be read: {error}"
    return f"{place}:{wrong[0]} is not Python: {wrong[1]}" if wrong else ""


def warnings_in(chapter: Chapter) -> list[str]:
    """Return a sentence with the place for each SyntaxWarning in the learner's file; none if it cannot be parsed."""
    place = chapter.project.relative(chapter.path)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", SyntaxWarning)
        try:
            compile(chapter.path.read_bytes(), str(chapter.path), "exec", dont_inherit=True)
        except (OSError, SyntaxError, ValueError):
            return []
    return [f"{place}:{one.lineno} Python warns: {one.message}" for one in found]
