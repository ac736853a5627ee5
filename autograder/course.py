"""A course folder: its paths, its labs and its nbgrader configuration."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """A course: a folder with an nbgrader_config.py."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Course:
        """Return the course of a folder: the folder itself, or the nearest one above it with a configuration.

        Raises CourseError if there is none.
        """
        for folder in (start, *start.resolve().parents):
            if (folder / CONFIG).exists():
                return cls(folder.resolve())
        raise CourseError(f"no {CONFIG} in {start} or above it", "go to a course folder, or make one: lab init FOLDER")

    @property
    def written(self) -> Path:
        """The folder of the labs' texts, from which `lab build` builds notebooks."""
        return self.root / "notebooks"

    @property
    def source(self) -> Path:
        """The folder of the instructor's notebooks, which `lab build` writes."""
        return self.root / "source"

    @property
    def release(self) -> Path:
        """The folder of the students' notebooks, which `lab build` writes."""
        return self.root / "release"

    @property
    def submitted(self) -> Path:
        """The folder of submissions: submitted/STUDENT/LAB/NOTEBOOK.ipynb."""
        return self.root / "submitted"

    @property
    def feedback(self) -> Path:
        """The folder of feedback pages: feedback/STUDENT/LAB/NOTEBOOK.html."""
        return self.root / "feedback"

    @property
    def autograded(self) -> Path:
        """The folder of graded notebooks, which `lab grade` writes."""
        return self.root / "autograded"

    def labs(self) -> list[str]:
        """Return the sorted names of the labs in notebooks/ and source/, without folders named ".…" or "_…"."""
        folders = [*self.written.glob("*/"), *self.source.glob("*/")]
        return sorted({folder.name for folder in folders if not folder.name.startswith((".", "_"))})

    def check_lab(self, lab: str) -> str:
        """Return the name of a lab of this course. Raises CourseError for any other name, with the closest one."""
        labs = self.labs()
        if lab not in labs:
            closest = difflib.get_close_matches(lab, labs, n=1)
            cure = f"did you mean {closest[0]}?" if closest else f"there are: {', '.join(labs) or 'none'}"
            raise CourseError(f"no lab {lab!r} in {self.root}", cure)
        return lab

    def nbgrader_config(self, **coursedir: Any) -> Any:
        """Return the course's nbgrader configuration; coursedir replaces options of its CourseDirectory."""
        from traitlets.config.loader import Config, PyFileConfigLoader

        put_environment_on_path()
        config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        config.merge(Config({"CourseDirectory": {"root": str(self.root), **coursedir}}))
        return config


def put_environment_on_path() -> None:
    """Put the folder of the running Python on PATH, so that nbgrader finds `alembic`, which it calls by name."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")


FILES = (CONFIG, "notebooks", "source", "release")
"""Parts of a course: its configuration, and its labs as texts and as built notebooks."""


def create(folder: Path) -> Course:
    """Make a new course folder with the labs in it, and return the course.

    Raises CourseError if the folder exists and is not empty, if the path is a file, or if the installation has no labs.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} exists and is not empty", "name a new folder; nothing was changed")
    package = Path(__file__).parent
    # A wheel holds the course inside the package; an editable install uses that of its checkout.
    origin = package / "course_files" if (package / "course_files").exists() else package.parent
    missing = [name for name in FILES if not (origin / name).exists()]
    if missing:
        raise CourseError(
            f"{origin} has no {', '.join(missing)} to copy", "install the project again, or build the labs"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (origin / name).is_dir():
            # Hidden files and __pycache__ come from editors and Python; they are no part of a lab.
            shutil.copytree(origin / name, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        else:
            shutil.copyfile(origin / name, folder / name)
    return Course(folder.resolve())
