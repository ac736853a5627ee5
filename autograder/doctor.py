"""`lab doctor`: reports the tools that grading needs, those that this machine lacks, and how to install them."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbgrader
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from autograder.authoring import optional_modules
from autograder.course import Course, put_environment_on_path
from autograder.errors import CourseError
from autograder.grading import usable_cores
from autograder.grading.batch import TIERS
from autograder.grading.nbgrader_autograde import KNOWN_VERSIONS
from autograder.sandbox.host.tiers import probe_tiers
from autograder.terminal import wrapped_columns


@dataclass(frozen=True)
class Finding:
    """The result of one check of the machine or the course."""

    what: str
    """The tool, tier, lab or file that the check is about."""
    fine: bool
    """True if the check passed."""
    said: str
    """The version, place or state found, or the reason why the check failed."""
    cure: str = ""
    """How to put it right, where the check failed."""
    needed: bool = True
    """True if grading is impossible without it."""

    @property
    def prevents_grading(self) -> bool:
        """True if grading is impossible before this is put right."""
        return self.needed and not self.fine


def findings_table(findings: Iterable[Finding]) -> Table:
    """Return a table for a terminal: a mark, the subject and the result of each check, and the cure if it failed."""
    table = Table("", "", *wrapped_columns("found"), show_header=False)
    for finding in findings:
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]" if finding.needed else "[yellow]–[/yellow]"
        cure = "" if finding.fine or not finding.cure else f"\n→ {escape(finding.cure)}"
        table.add_row(mark, finding.what, escape(finding.said) + cure)
    return table


def examine(start: Path) -> Iterator[Finding]:
    """Yield the findings on this machine and on a course, one check after the other.

    start: a folder in a course, or any other folder; then the finding on the course is that there is none.
    """
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
    missing = optional_modules.missing(optional_modules.CLASSROOM)
    names = ", ".join(missing or optional_modules.CLASSROOM)
    yield Finding(
        "students' modules", not missing, f"missing: {names}" if missing else names,
        "students often import these: pip install 'backprop-labs[classroom]'", needed=False,
    )  # fmt: skip
    yield Finding("processor cores", True, f"{usable_cores()}: so many submissions at a time")
    yield from _course(start)


def _isolation(start: Path) -> Iterator[Finding]:
    """Yield a finding for each isolation tier; grading needs at least one of the tiers that it accepts by default."""
    offers = probe_tiers([start])
    enough = any(not offer.problem for offer in offers if offer.tier in TIERS)
    for offer in offers:
        fine = not offer.problem
        message = offer.promise if fine else offer.problem
        yield Finding(f"isolation: {offer.tier}", fine, message, offer.cure, needed=not enough and offer.tier in TIERS)


def _course(start: Path) -> Iterator[Finding]:
    """Yield findings on the course of a folder, on the modules that its labs need, and on its gradebook."""
    try:
        course = Course.find(start)
    except CourseError as error:
        yield Finding("course", False, error.problem, error.cure, needed=False)
        return
    yield Finding("course", True, f"{course.root}: {', '.join(course.labs()) or 'no lab yet'}")
    for lab in course.labs():
        if modules := optional_modules.needed_by(course, lab):
            missing = optional_modules.missing(modules)
            message = (
                f"needs {optional_modules.absent(missing)}"
                if missing
                else f"has the {optional_modules.named(modules)} that it needs"
            )
            yield Finding(lab, not missing, message, optional_modules.cure(missing), needed=False)
    yield _gradebook(course)


def _gradebook(course: Course) -> Finding:
    """Return a finding on the course's gradebook: whether nbgrader can open it."""
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
        message = str(error).splitlines()[0]
        return Finding("gradebook", False, f"{coursedir.db_url}: {message}", "nbgrader db upgrade, after a backup")
