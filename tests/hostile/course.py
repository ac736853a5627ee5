"""Courses with the small lab: built once, copied for each class, with secrets planted where an attacker would look."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import authoring
from autograder.course import CONFIG, Course

from .lab import LAB, NOTEBOOK, STOCK_TESTS, TEXT

PLACES = ("tests", "gradebook", "classmate", "graded", "environment", "home", "history", "elsewhere", "shared")
"""Where secrets are planted: see `plant`."""

TOKEN = re.compile(r"tok-[0-9a-f]{16}-[a-z]+")
"""What a secret looks like. Attacks look for the same, so none of them may spell one out."""

SECRET_VARIABLE = "GRADER_PASSWORD"
"""The variable of the grader's environment that holds a secret."""


@dataclass(frozen=True)
class Class:
    """A course folder with a class that is to be graded, and what surrounds it."""

    course: Course
    home: Path
    """The instructor's."""
    shared: Path
    """A file in the machine's shared memory."""
    port: int
    """Where something on this machine listens."""
    mark: str
    """What submissions call the processes that they leave behind."""
    secrets: Mapping[str, str]
    """The planted tokens, by place."""

    @property
    def environment(self) -> dict[str, str]:
        """What the grader's environment has besides what it has anyway."""
        return {
            "HOME": str(self.home),
            "IPYTHONDIR": str(self.home / ".ipython"),
            SECRET_VARIABLE: self.secrets["environment"],
        }

    @property
    def elsewhere(self) -> Path:
        """A file of the machine's that is no part of the course."""
        return self.home.parent / "elsewhere.txt"


def build_course(root: Path) -> Course:
    """Write and build the course with the small lab. It is a template: `plant` makes one to be graded."""
    folder = root / "notebooks" / LAB
    folder.mkdir(parents=True)
    shutil.copyfile(Path(__file__).parents[2] / CONFIG, root / CONFIG)
    (folder / f"{NOTEBOOK}.py").write_text(TEXT, encoding="utf-8")
    course = Course(root.resolve())
    authoring.build(course, [LAB])
    for step in (course.source, course.release):
        (step / LAB / "measured.csv").write_text("1,2,4,5\n", encoding="utf-8")
    return course


def plain_course(built: Course, root: Path) -> Course:
    """The course as most have it: no configuration of ours, and hidden tests that are asserts. Not released yet."""
    (root / "source" / LAB).mkdir(parents=True)
    (root / CONFIG).write_text('c = get_config()\nc.CourseDirectory.course_id = "backprop"\n', encoding="utf-8")
    notebook = nbformat.read(built.source / LAB / f"{NOTEBOOK}.ipynb", as_version=4)
    for cell in notebook.cells:
        # Only so that nbgrader's timeout is the course's, and nothing of ours is left in it.
        cell.metadata.pop("autograder", None)
        cell.source = STOCK_TESTS.get(grade_id(cell).removeprefix("test_"), "") if is_test(cell) else cell.source
    notebook.metadata.pop("autograder", None)
    nbformat.write(notebook, root / "source" / LAB / f"{NOTEBOOK}.ipynb")
    shutil.copyfile(built.source / LAB / "measured.csv", root / "source" / LAB / "measured.csv")
    # The very release that submissions are made from.
    shutil.copytree(built.release, root / "release")
    return Course(root.resolve())


def plant(template: Course, folder: Path, shared: Path, port: int = 0) -> Class:
    """Copy a course into a new folder, with a home beside it and a fresh secret in each place.

    shared: a file to be made in shared memory. port: see `Class`.
    """
    shutil.copytree(template.root, folder / "course")
    course, home = Course((folder / "course").resolve()), folder.resolve() / "home"
    planted = {place: f"tok-{secrets.token_hex(8)}-{place}" for place in PLACES}
    made = Class(course, home, shared, port, f"hx{secrets.token_hex(5)}", planted)
    source = course.source / LAB / f"{NOTEBOOK}.ipynb"
    source.write_text(source.read_text("utf-8").replace("@tests@", planted["tests"]), encoding="utf-8")
    (home / ".ipython" / "profile_default").mkdir(parents=True)
    history = home / ".ipython" / "profile_default" / "history.sqlite"
    with closing(sqlite3.connect(history)) as database, database:
        database.execute("CREATE TABLE notes (text)")
        database.execute("INSERT INTO notes VALUES (?)", (planted["history"],))
    for file, place in (
        (home / "passwords.txt", "home"),
        (made.elsewhere, "elsewhere"),
        (shared, "shared"),
        # Somebody's work of another lab.
        (course.submitted / "classmate" / "earlier" / "work.txt", "classmate"),
        (course.autograded / "classmate" / "earlier" / "work.txt", "graded"),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(planted[place], encoding="utf-8")
    return made


def in_gradebook(made: Class) -> None:
    """Put a secret into the gradebook, once nbgrader has made one."""
    with closing(sqlite3.connect(made.course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute(
            "INSERT INTO student (id, first_name, email) VALUES ('secret', ?, '')", (made.secrets["gradebook"],)
        )


def copied(made: Class, folder: Path) -> Class:
    """The same course in another folder, for a class of its own."""
    shutil.copytree(made.course.root, folder)
    return replace(made, course=Course(folder.resolve()))


def released(course: Course) -> NotebookNode:
    """The notebook as students get it."""
    return nbformat.read(course.release / LAB / f"{NOTEBOOK}.ipynb", as_version=4)


def leaks(made: Class, student: str) -> set[str]:
    """Places whose secret shows in what the run left for a student: all but the text of the instructor's own cells."""
    found = set(TOKEN.findall("\n".join(_left(made.course, student))))
    return {place for place, token in made.secrets.items() if token in found}


def _left(course: Course, student: str) -> Iterator[str]:
    """Text of everything that was written for a student, in autograded/ and feedback/."""
    for step in (course.autograded, course.feedback):
        for file in sorted((step / student / LAB).rglob("*")):
            if file.suffix != ".ipynb" and file.is_file():
                yield file.read_text("utf-8", errors="replace")
            elif file.is_file():
                # Formgrader shows a grader the hidden tests, so their text, and only their text, may stand there.
                for cell in json.loads(file.read_text("utf-8"))["cells"]:
                    yield json.dumps({**cell, "source": ""} if is_test(cell) else cell)


def grade_id(cell: Mapping[str, object]) -> str:
    """A cell's id in nbgrader; empty where it has none."""
    about = cell["metadata"].get("nbgrader", {})  # type: ignore[attr-defined]
    return str(about.get("grade_id", ""))


def is_test(cell: Mapping[str, object]) -> bool:
    """Whether a cell is one of the instructor's tests."""
    return grade_id(cell).startswith("test_")
