"""The navigation in the notebooks: title, minutes, and links to the notebooks before and after."""
from workshop.course import notebooks
from workshop.course.notebooks import Notebook, minutes_of, title_of
from workshop.course.project import Project


def link(project: Project, name: str | None, words: str) -> str:
    """Return a Markdown link to a notebook, or nothing where there is none."""
    return f"[{words.format(title_of(project, name))}]({name}.ipynb)" if name else ""


def navigation(project: Project, name: str, notebook: Notebook) -> dict[str, str]:
    """Return {cell id: text} of the navigation cells of a notebook."""
    order = [None, *notebooks.names(project), None]
    place = order.index(name, 1)
    links = " · ".join(filter(None, [link(project, order[place - 1], "← {}"), link(project, order[place + 1], "{} →")]))
    reading, exercises = minutes_of(project, name, notebook)
    minutes = f"about {reading} minutes of reading" + (f" and {exercises} of exercises" if exercises else "")
    return {"navigation-top": f"# {title_of(project, name)}\n\n{links}\n\n*{minutes[0].upper()}{minutes[1:]}.*",
            "navigation-bottom": links}


def with_navigation(project: Project, name: str, notebook: Notebook) -> Notebook:
    """Return a notebook with the navigation as it should be."""
    cells = navigation(project, name, notebook)
    for cell in notebook["cells"]:
        if cell["id"] in cells:
            cell["source"] = cells[cell["id"]].splitlines(keepends=True)
    return notebook
