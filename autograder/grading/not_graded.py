"""Feedback pages for submissions that can't be graded: what is wrong with them, and what to hand in instead."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from autograder.course import Course
from autograder.grading import autograded_folder
from autograder.grading.intake import ReleaseStubs, collect, released_texts, take_in
from autograder.grading.model import Job
from autograder.grading.pages import not_graded_page
from autograder.grading.pages.feedback_page import NOT_GRADED
from autograder.grading.timestamp import read_beginning, read_timestamp

SECRET = "submission_secret.txt"
"""nbgrader's file from which its exchange derives the name of a released page; it stops without one."""
_MODE = 0o644
"""Permissions of the files, as nbgrader sets them for feedback."""


def problem_of(course: Course, lab: str, student: str) -> str:
    """Return why nothing in a student's folder can be graded, as `lab grade` says it; "" if something can.

    Raises UnreadableError if a source notebook can't be read.
    """
    files, repairs = collect(course.submitted / student / lab)
    source_notebooks = {file.stem: file.read_bytes() for file in sorted((course.source / lab).glob("*.ipynb"))}
    stubs = ReleaseStubs.of(course.nbgrader_config(assignment_id=lab))
    released = {name: released_texts(name, data, stubs) for name, data in source_notebooks.items()}
    return take_in(Job(student, lab, files, source_notebooks, repairs, released=released)).problem


def write_pages(course: Course, lab: str, student: str, problem: str) -> list[Path]:
    """Write a page with the problem for each notebook of a lab, where nbgrader has feedback pages; return their paths.

    Earlier pages of the student's on the lab are removed, as with nbgrader. Raises OSError.
    """
    folder, submitted = course.feedback / student / lab, course.submitted / student / lab
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # `nbgrader release_feedback` needs both files, and without them would release nobody's pages.
    autograded_folder.write_file(folder / autograded_folder.TIMESTAMP, read_timestamp(submitted).for_nbgrader, _MODE)
    autograded_folder.write_file(folder / SECRET, _secret(submitted), _MODE)
    pages = []
    for notebook in sorted((course.source / lab).glob("*.ipynb")):
        pages.append(folder / f"{notebook.stem}.html")
        page = not_graded_page(notebook.stem, lab, student, problem)
        autograded_folder.write_file(pages[-1], page.encode("utf-8", "replace"), _MODE)
    return pages


def remove_pages(folder: Path) -> None:
    """Remove a student's feedback folder if `write_pages` wrote it, as nbgrader takes what is there for up to date.

    folder: the student's feedback folder for a lab. Raises OSError.
    """
    pages = list(folder.glob("*.html"))
    if pages and all(NOT_GRADED in _beginning(page) for page in pages):
        shutil.rmtree(folder)


def _beginning(page: Path) -> str:
    """Return the first bytes of a page as text. Raises OSError."""
    with page.open("rb") as stream:
        return stream.read(1000).decode("utf-8", "replace")


def _secret(submitted: Path) -> bytes:
    """Return the submission's secret; a new one if it has none, so that nobody can guess the released page's name."""
    try:
        given = read_beginning(submitted / SECRET).strip()
    except OSError:
        given = b""
    return given if given.isalnum() else secrets.token_hex().encode()
