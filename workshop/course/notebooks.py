"""The notebooks as files: their cells, the navigation in them, and the hints that stand beside the exercises.

    python -m dev regenerate           write the navigation of all notebooks anew (for who maintains the tutorial)
"""
import json
import re
import sys

from workshop.course.steps import ROOT, question_of, stems, steps_of

FOLDER = ROOT / "notebooks"
START = "start_here"
WORDS_A_MINUTE = 130  # of prose with code between, read with care
HINT = re.compile(r"<details><summary>Hint (\d+) for step (\d+\.\d+)</summary>\s*(.*?)\s*</details>", re.DOTALL)


def names():
    """Return the names of the notebooks in the order in which they are read."""
    order = [START, *stems()]
    return [name for name in order if (FOLDER / f"{name}.ipynb").exists()]


def read(name):
    """Return a notebook (a dict, as its JSON is)."""
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def write(name, notebook):
    """Write a notebook the way JupyterLab does, so that saving it there changes nothing."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (FOLDER / f"{name}.ipynb").write_text(text, encoding="utf-8", newline="\n")


def text_of(cell):
    """Return the source of a cell as one str."""
    return "".join(cell["source"])


def sections(cells):
    """Return the cells of a notebook by section: what stands before the first ## heading, then each with its own."""
    found = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and re.search(r"(?m)^## ", text_of(cell)):
            found.append([])
        found[-1].append(cell)
    return found


def title_of(name):
    """Return the title of a notebook: the question of its chapter."""
    return "Start here" if name == START else f"{int(name[2:4])}. {question_of(name)}"


def minutes_of(name, notebook):
    """Return (minutes of reading, minutes of exercises)."""
    words = sum(len(text_of(cell).split()) for cell in notebook["cells"] if not cell["id"].startswith("navigation"))
    exercises = sum(step.minutes for step in steps_of(name)) if name in stems() else 0
    return max(5, 5 * round(words / WORDS_A_MINUTE / 5)), exercises


def link(name, words):
    """Return a Markdown link to a notebook, or nothing where there is none."""
    return f"[{words.format(title_of(name))}]({name}.ipynb)" if name else ""


def neighbours(name):
    """Return the names of the notebooks before and after this one; None at the ends."""
    order = [None, *names(), None]
    place = order.index(name, 1)
    return order[place - 1], order[place + 1]


def navigation(name, notebook):
    """Return {cell id: text} of the navigation cells of a notebook."""
    before, after = neighbours(name)
    links = " · ".join(filter(None, [link(before, "← {}"), link(after, "{} →")]))
    reading, exercises = minutes_of(name, notebook)
    minutes = f"about {reading} minutes of reading" + (f" and {exercises} of exercises" if exercises else "")
    return {"navigation-top": f"# {title_of(name)}\n\n{links}\n\n*{minutes[0].upper()}{minutes[1:]}.*",
            "navigation-bottom": links}


def with_navigation(name, notebook):
    """Return a notebook with the navigation as it should be."""
    cells = navigation(name, notebook)
    for cell in notebook["cells"]:
        if cell["id"] in cells:
            cell["source"] = cells[cell["id"]].splitlines(keepends=True)
    return notebook


def hints():
    """Return {step number: [hint, …]} from all notebooks, in the order of the hints' own numbers."""
    return {number: texts for name in names() for number, texts in hints_of(name).items()}


def hints_of(name):
    """Return {step number: [hint, …]} from one notebook; nothing if there is none."""
    found = {}
    if (FOLDER / f"{name}.ipynb").exists():
        for cell in read(name)["cells"]:
            for count, number, text in HINT.findall(text_of(cell)):
                found.setdefault(number, {})[int(count)] = text
    return {number: [texts[count] for count in sorted(texts)] for number, texts in found.items()}


def main():
    """Write the navigation into all notebooks."""
    for name in names():
        write(name, with_navigation(name, read(name)))


if __name__ == "__main__":
    sys.exit(main())
