"""Files of the learner's that Python finds in place of modules of its own: whatever imports those gets the files."""
import sys
from pathlib import Path

from workshop.course.project import Project
from workshop.machine.virtual_environment import required


def hiding_files(project: Project) -> list[Path]:
    """Return the files and folders in the learner's folder, and beside it, that have the name of such a module."""
    hidden = sys.stdlib_module_names | set(required(project.root))
    folders = [folder for folder in (project.learners, project.root) if folder.is_dir()]
    found = [path for folder in folders for path in sorted(folder.iterdir())]
    return [path for path in found if path.stem in hidden
            and (path.suffix == ".py" or (path / "__init__.py").exists())]


def sentences(project: Project) -> list[str]:
    """Return a sentence on each of them."""
    return [f"{project.relative(path)} hides the module {path.stem} that checks and chapters import: give it another "
            "name, and check again." for path in hiding_files(project)]
