"""What Python warns of when it reads a chapter: it runs all the same, but something in it is odd."""
import warnings

from workshop.course.project import Chapter


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
