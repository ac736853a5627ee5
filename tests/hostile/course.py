"""Courses with the small lab: built once, copied for each class, with secrets where attackers search for them."""

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
"""Places of the secrets: see `plant`."""

TOKEN = re.compile(r"tok-[0-9a-f]{16}-[a-z]+")
"""The pattern of a secret. Attacks search for this pattern, so their code must not contain a match."""

SECRET_VARIABLE = "GRADER_PASSWORD"
"""The variable of the grader's environment that holds a secret."""


@dataclass(frozen=True)
class Class:
    """A course folder with a class that is to be graded, and its surroundings on this machine."""

    course: Course
    home: Path
    """The instructor's home folder."""
    shared: Path
    """A file in the machine's shared memory."""
    port: int
    """The port of a TCP socket that listens on this machine."""
    mark: str
    """A text in the names of the processes and files that submissions leave behind."""
    secrets: Mapping[str, str]
    """The planted secrets, by place."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that the grader's environment has in addition."""
        return {
            "HOME": str(self.home),
            "IPYTHONDIR": str(self.home / ".ipython"),
            SECRET_VARIABLE: self.secrets["environment"],
        }

    @property
    def elsewhere(self) -> Path:
        """Return the path of a file on this machine that is outside the course."""
        return self.home.parent / "elsewhere.txt"


def build_course(root: Path) -> Course:
    """Write and build the course with the small lab; return it.

    The course is a template: `plant` copies it for grading.
    """
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
    """Write a course as most instructors have it, with asserts as hidden tests and without our configuration.

    built: the course that `build_course` returned. The course's release is a copy of the built one.
    """
    (root / "source" / LAB).mkdir(parents=True)
    (root / CONFIG).write_text('c = get_config()\nc.CourseDirectory.course_id = "backprop"\n', encoding="utf-8")
    notebook = nbformat.read(built.source / LAB / f"{NOTEBOOK}.ipynb", as_version=4)
    for cell in notebook.cells:
        # Without our metadata, nbgrader's timeout is that of the course.
        cell.metadata.pop("autograder", None)
        cell.source = STOCK_TESTS.get(grade_id(cell).removeprefix("test_"), "") if is_test(cell) else cell.source
    notebook.metadata.pop("autograder", None)
    nbformat.write(notebook, root / "source" / LAB / f"{NOTEBOOK}.ipynb")
    shutil.copyfile(built.source / LAB / "measured.csv", root / "source" / LAB / "measured.csv")
    # Submissions are made from the same release.
    shutil.copytree(built.release, root / "release")
    return Course(root.resolve())


def plant(template: Course, folder: Path, shared: Path, port: int = 0) -> Class:
    """Copy a course into a new folder, with a home folder beside it and a new secret in each place.

    shared: path of a file that is created in shared memory. port: see `Class`.
    """
    shutil.copytree(template.root, folder / "course")
    course, home = Course((folder / "course").resolve()), folder.resolve() / "home"
    tokens = {place: f"tok-{secrets.token_hex(8)}-{place}" for place in PLACES}
    class_ = Class(course, home, shared, port, f"hx{secrets.token_hex(5)}", tokens)
    source = course.source / LAB / f"{NOTEBOOK}.ipynb"
    source.write_text(source.read_text("utf-8").replace("@tests@", tokens["tests"]), encoding="utf-8")
    (home / ".ipython" / "profile_default").mkdir(parents=True)
    history = home / ".ipython" / "profile_default" / "history.sqlite"
    with closing(sqlite3.connect(history)) as database, database:
        database.execute("CREATE TABLE notes (text)")
        database.execute("INSERT INTO notes VALUES (?)", (tokens["history"],))
    for file, place in (
        (home / "passwords.txt", "home"),
        (class_.elsewhere, "elsewhere"),
        (shared, "shared"),
        # A classmate's work on another lab.
        (course.submitted / "classmate" / "earlier" / "work.txt", "classmate"),
        (course.autograded / "classmate" / "earlier" / "work.txt", "graded"),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(tokens[place], encoding="utf-8")
    return class_


def in_gradebook(class_: Class) -> None:
    """Write a secret into the gradebook, which nbgrader has created before."""
    with closing(sqlite3.connect(class_.course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute(
            "INSERT INTO student (id, first_name, email) VALUES ('secret', ?, '')", (class_.secrets["gradebook"],)
        )


def copied(class_: Class, folder: Path) -> Class:
    """Return the class with a copy of its course in another folder."""
    shutil.copytree(class_.course.root, folder)
    return replace(class_, course=Course(folder.resolve()))


def released(course: Course) -> NotebookNode:
    """Return the released notebook."""
    return nbformat.read(course.release / LAB / f"{NOTEBOOK}.ipynb", as_version=4)


def leaks(class_: Class, student: str) -> set[str]:
    """Return the places whose secret is in a file written for a student, except in the source of a test cell."""
    tokens = set(TOKEN.findall("\n".join(_written_texts(class_.course, student))))
    return {place for place, token in class_.secrets.items() if token in tokens}


def _written_texts(course: Course, student: str) -> Iterator[str]:
    """Yield the text of each file written for a student in autograded/ and feedback/, without sources of test cells."""
    for step in (course.autograded, course.feedback):
        for file in sorted((step / student / LAB).rglob("*")):
            if file.suffix != ".ipynb" and file.is_file():
                yield file.read_text("utf-8", errors="replace")
            elif file.is_file():
                # Formgrader shows hidden tests to a grader, so the source of a test cell may hold the secret.
                for cell in json.loads(file.read_text("utf-8"))["cells"]:
                    yield json.dumps({**cell, "source": ""} if is_test(cell) else cell)


def grade_id(cell: Mapping[str, object]) -> str:
    """Return a cell's grade_id; empty if it has none."""
    nbgrader = cell["metadata"].get("nbgrader", {})  # type: ignore[attr-defined]
    return str(nbgrader.get("grade_id", ""))


def is_test(cell: Mapping[str, object]) -> bool:
    """True if the cell is one of the instructor's tests."""
    return grade_id(cell).startswith("test_")
