"""`lab doctor`: what this machine offers for grading, what is missing, and how to get it."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbgrader
from sqlalchemy.exc import SQLAlchemyError

from autograder.authoring import optional_modules
from autograder.course import Course, put_environment_on_path
from autograder.errors import CourseError
from autograder.grading import usable_cores
from autograder.grading.batch import TIERS
from autograder.grading.nbgrader_autograde import KNOWN_VERSIONS
from autograder.sandbox.host.tiers import probe_tiers


@dataclass(frozen=True)
class Finding:
    """The state of one requirement."""

    what: str
    fine: bool
    said: str
    """The version or place found, or the reason why it is missing."""
    cure: str = ""
    """How to get it if it is missing."""
    needed: bool = True
    """True if grading is impossible without it."""


def examine(start: Path) -> Iterator[Finding]:
    """Yield the state of each requirement. start: a folder in a course, or any other."""
    version = platform.python_version()
    yield Finding("Python", True, f"{version} at {sys.executable}")
    known = nbgrader.__version__ in KNOWN_VERSIONS
    yield Finding(
        "nbgrader", known, nbgrader.__version__ + ("" if known else f", known are {', '.join(KNOWN_VERSIONS)}"),
        f"pip install nbgrader=={KNOWN_VERSIONS[-1]}",
    )  # fmt: skip
    put_environment_on_path()
    alembic = shutil.which("alembic")
    yield Finding("alembic", bool(alembic), alembic or "not found; nbgrader calls it by name", "pip install alembic")
    yield from _isolation(start)
    yield Finding("processor cores", True, f"{usable_cores()}: so many submissions at a time")
    yield from _course(start)


def _isolation(start: Path) -> Iterator[Finding]:
    """Yield the tiers; one of those that grading takes by itself must be there."""
    found = probe_tiers([start])
    enough = any(not offer.problem for offer in found if offer.tier in TIERS)
    for offer in found:
        fine = not offer.problem
        said = offer.promise if fine else offer.problem
        yield Finding(f"isolation: {offer.tier}", fine, said, offer.cure, needed=not enough and offer.tier in TIERS)


def _course(start: Path) -> Iterator[Finding]:
    """Yield the course that a folder is in, and its gradebook."""
    try:
        course = Course.find(start)
    except CourseError as error:
        yield Finding("course", False, error.problem, error.cure, needed=False)
        return
    yield Finding("course", True, f"{course.root}: {', '.join(course.labs()) or 'no lab yet'}")
    for lab in course.labs():
        if modules := optional_modules.needed_by(course, lab):
            lacking = optional_modules.missing(modules)
            said = (
                f"needs {optional_modules.absent(lacking)}"
                if lacking
                else f"has the {optional_modules.named(modules)} that it needs"
            )
            yield Finding(lab, not lacking, said, optional_modules.cure(lacking), needed=False)
    yield _gradebook(course)


def _gradebook(course: Course) -> Finding:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory

    from autograder.nbgrader_log import quiet_nbgrader

    coursedir = CourseDirectory(config=course.nbgrader_config())
    if coursedir.db_url.startswith("sqlite:///") and not Path(coursedir.db_url.removeprefix("sqlite:///")).exists():
        return Finding("gradebook", True, f"{coursedir.db_url}: made when the first lab is graded")
    try:
        with quiet_nbgrader("the gradebook can't be read"), Gradebook(coursedir.db_url, coursedir.course_id) as book:
            return Finding("gradebook", True, f"{coursedir.db_url}: {len(book.students)} students")
    except (CourseError, SQLAlchemyError) as error:
        said = str(error).splitlines()[0]
        return Finding("gradebook", False, f"{coursedir.db_url}: {said}", "nbgrader db upgrade, after a backup")
