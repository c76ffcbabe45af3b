"""Files of the learner's that Python finds in place of modules of its own: whatever imports those gets the files."""
import sys
from pathlib import Path

from workshop.course.project import Project
from workshop.machine.virtual_environment import required


def hiding_files(project: Project) -> list[Path]:
    """Return the files and folders in the learner's folder, beside it, and beside the notebooks, with such a name."""
    hidden = sys.stdlib_module_names | set(required(project.root))
    folders = [folder for folder in (project.learners, project.root, notebooks_of(project)) if folder.is_dir()]
    found = [path for folder in folders for path in sorted(folder.iterdir())]
    return [path for path in found if path.stem in hidden
            and (path.suffix == ".py" or (path / "__init__.py").exists())]


def notebooks_of(project: Project) -> Path:
    """Return the folder in which notebooks run: Python looks there first."""
    return project.root / "notebooks"


def sentences(project: Project) -> list[str]:
    """Return a sentence on each of them."""
    return [sentence(project, path) for path in hiding_files(project)]


def sentence(project: Project, path: Path) -> str:
    """Return a sentence on one of them."""
    if path.parent == notebooks_of(project):
        return (f"{project.relative(path)} hides the module {path.stem} that notebooks import: give it another name, "
                "and restart the kernel.")
    return (f"{project.relative(path)} hides the module {path.stem} that checks and chapters import: give it another "
            "name, and check again.")


def in_the_way_of_notebooks(project: Project) -> list[str]:
    """Return a sentence on each file that notebooks find in place of a module."""
    return [sentence(project, path) for path in hiding_files(project) if path.parent == notebooks_of(project)]
