"""A course folder: where its labs are, and its nbgrader configuration."""

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
    """A folder with an nbgrader_config.py."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Course:
        """Return the course that a folder belongs to. Raises CourseError."""
        for folder in (start, *start.resolve().parents):
            if (folder / CONFIG).exists():
                return cls(folder.resolve())
        raise CourseError(f"no {CONFIG} in {start} or above it", "go to a course folder, or make one: lab init FOLDER")

    @property
    def written(self) -> Path:
        """The folder of labs as text."""
        return self.root / "notebooks"

    @property
    def source(self) -> Path:
        """The folder of built source notebooks, the instructor's."""
        return self.root / "source"

    @property
    def release(self) -> Path:
        """The folder of built releases, the students' notebooks."""
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
        """The folder of graded notebooks."""
        return self.root / "autograded"

    def labs(self) -> list[str]:
        """Return names of all labs that are written or built here."""
        folders = [*self.written.glob("*/"), *self.source.glob("*/")]
        return sorted({folder.name for folder in folders if not folder.name.startswith((".", "_"))})

    def check_lab(self, lab: str) -> str:
        """Return the lab's name, if there is such a lab. Raises CourseError."""
        labs = self.labs()
        if lab not in labs:
            near = difflib.get_close_matches(lab, labs, n=1)
            cure = f"did you mean {near[0]}?" if near else f"there are: {', '.join(labs) or 'none'}"
            raise CourseError(f"no lab {lab!r} in {self.root}", cure)
        return lab

    def nbgrader_config(self, **coursedir: Any) -> Any:
        """Return the course's nbgrader configuration, with values of its CourseDirectory replaced."""
        from traitlets.config.loader import Config, PyFileConfigLoader

        put_environment_on_path()
        config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        config.merge(Config({"CourseDirectory": {"root": str(self.root), **coursedir}}))
        return config


def put_environment_on_path() -> None:
    """Add the folder of the running Python to PATH: nbgrader calls `alembic` by its name."""
    here = str(Path(sys.executable).parent)
    if here not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = here + os.pathsep + os.environ.get("PATH", "")


FILES = (CONFIG, "notebooks", "source", "release")
"""The files of a course: its configuration and its labs, as text and as built."""


def create(folder: Path) -> Course:
    """Make a new course folder with the labs in it. Raises CourseError where something is in the way."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} exists and is not empty", "name a new folder; nothing was changed")
    package = Path(__file__).parent
    # A wheel carries the course inside the package; an editable install stands in its checkout.
    origin = package / "course_files" if (package / "course_files").exists() else package.parent
    missing = [name for name in FILES if not (origin / name).exists()]
    if missing:
        raise CourseError(
            f"{origin} has no {', '.join(missing)} to copy", "install the project again, or build the labs"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (origin / name).is_dir():
            # Without what editors and Python leave beside a lab.
            shutil.copytree(origin / name, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        else:
            shutil.copyfile(origin / name, folder / name)
    return Course(folder.resolve())
