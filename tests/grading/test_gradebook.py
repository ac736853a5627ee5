"""Tests of GradebookWriter: the rows of nbgrader's gradebook after a submission was saved."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from sqlalchemy.exc import ProgrammingError

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.model import CellGrade, GradedNotebook, SubmissionResult
from autograder.grading.retry import DatabaseError, retry

pytestmark = pytest.mark.kernels

ALL = (CellGrade("test_double", 2.0), CellGrade("why-straight", None, review=True))
"""Cell grades of the tiny lab: full points for the test, and manual review of the written answer."""


def _settings(course: Course, **options: Any) -> Autograde:
    """Return nbgrader's autograde converter for the tiny lab, with these options."""
    config = course.nbgrader_config(assignment_id="lab")
    return Autograde(coursedir=CourseDirectory(config=config), config=config, **options)


def _result(*cell_grades: CellGrade, untouched: tuple[str, ...] = (), student: str = "ada") -> SubmissionResult:
    """Return a grading result of the tiny notebook, with these cell grades."""
    return SubmissionResult(student, "lab", (GradedNotebook("tiny", "{}", cell_grades, untouched),))


@pytest.fixture
def book(registered: Course) -> Iterator[GradebookWriter]:
    """Yield a writer with the tiny course's gradebook open."""
    with GradebookWriter(_settings(registered), "lab", seconds=1) as writer:
        yield writer


@contextmanager
def _gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the course's gradebook with nbgrader's own interface."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        yield gradebook


def _rows(course: Course) -> dict[str, tuple[Any, ...]]:
    """Return automatic score, manual score and need for review of each graded cell of ada's notebook, by name."""
    with _gradebook(course) as gradebook:
        grades = gradebook.find_submission_notebook("tiny", "lab", "ada").grades
        return {grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in grades}


def test_points_and_manual_review(book: GradebookWriter, registered: Course) -> None:
    """A test's points are stored; a written answer has no points yet and needs manual review."""
    standing = book.save(_result(*ALL), None)
    assert _rows(registered) == {"test_double": (2.0, None, False), "why-straight": (None, None, True)}
    assert (standing.score, standing.maximum, standing.review) == (2.0, 3.0, ("why-straight",))
    assert standing.tasks == {("tiny", "test_double"): 2.0, ("tiny", "why-straight"): 0.0}
    assert book.standing("ada") == standing
    assert book.known() == {"ada"}
    with pytest.raises(MissingEntry):
        book.standing("bao")


@pytest.mark.parametrize("points", [None, math.nan, math.inf, -1.0, 2.5, True, "2", [2.0]], ids=repr)
def test_invalid_points(book: GradebookWriter, registered: Course, points: Any) -> None:
    """Points that are invalid, or above the gradebook's maximum, are stored as zero and need manual review."""
    assert book.save(_result(CellGrade("test_double", points)), None).review == ("test_double", "why-straight")
    assert _rows(registered)["test_double"] == (0.0, None, True)


def test_a_missing_cell_grade(book: GradebookWriter, registered: Course) -> None:
    """A test without a cell grade has zero points and needs manual review."""
    book.save(_result(), None)
    assert _rows(registered) == {"test_double": (0.0, None, True), "why-straight": (None, None, True)}


def test_points_that_need_review(book: GradebookWriter, registered: Course) -> None:
    """A cell grade may have points and still need manual review."""
    book.save(_result(CellGrade("test_double", 1.0, review=True)), None)
    assert _rows(registered)["test_double"] == (1.0, None, True)


def test_an_untouched_answer(book: GradebookWriter, registered: Course) -> None:
    """An untouched answer has zero points, no review and a comment; once written, it needs review, uncommented."""
    book.save(_result(*ALL, untouched=("why-straight",)), None)
    assert _rows(registered)["why-straight"] == (0.0, None, False)
    with _gradebook(registered) as gradebook:
        assert gradebook.find_comment("why-straight", "tiny", "lab", "ada").auto_comment == "No response."
        assert gradebook.find_comment("double", "tiny", "lab", "ada").auto_comment is None
    book.save(_result(*ALL), None)
    assert _rows(registered)["why-straight"] == (None, None, True)
    with _gradebook(registered) as gradebook:
        assert gradebook.find_comment("why-straight", "tiny", "lab", "ada").auto_comment is None


def test_manual_entries_survive_a_regrade(book: GradebookWriter, registered: Course) -> None:
    """Manual scores, comments and extra credit survive a regrade, and cells with another answer need review again."""
    book.save(_result(*ALL), None)
    with _gradebook(registered) as gradebook:
        for name in ("test_double", "why-straight"):
            grade = gradebook.find_grade(name, "tiny", "lab", "ada")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.5, 0.25, False
        gradebook.find_comment("why-straight", "tiny", "lab", "ada").manual_comment = "see me"
        gradebook.db.commit()
    standing = book.save(_result(CellGrade("test_double", 1.0)), None, {("tiny", "why-straight"), ("x", "test_double")})
    assert _rows(registered) == {"test_double": (1.0, 0.5, True), "why-straight": (None, 0.5, False)}
    assert (standing.score, standing.review, standing.reopened) == (1.5, ("test_double",), ("test_double",))
    standing = book.save(_result(*ALL), None, {("tiny", "test_double")})
    assert _rows(registered) == {"test_double": (2.0, 0.5, True), "why-straight": (None, 0.5, True)}
    assert (standing.review, standing.reopened) == (("test_double", "why-straight"), ("why-straight",))
    with _gradebook(registered) as gradebook:
        assert gradebook.find_comment("why-straight", "tiny", "lab", "ada").comment == "see me"


def test_a_missing_notebook(book: GradebookWriter, registered: Course) -> None:
    """A notebook that is missing in a submission has zero points and needs no review."""
    book.save(_result(*ALL), None)
    book.save(SubmissionResult("ada", "lab", ()), None)
    assert _rows(registered) == {"test_double": (0.0, None, False), "why-straight": (0.0, None, False)}


@pytest.mark.parametrize("late", [False, True])
def test_late_penalty(registered: Course, late: bool) -> None:
    """The penalty is that of nbgrader's plugin, and the penalty of an earlier submission does not stay."""
    due = datetime(2026, 3, 1, 12)
    config = registered.nbgrader_config(assignment_id="lab")
    config.LateSubmissionPlugin.penalty_method = "zero"
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    with _gradebook(registered) as gradebook:
        gradebook.update_or_create_assignment("lab", duedate=due)
    with GradebookWriter(settings, "lab") as book:
        book.save(_result(*ALL), due + timedelta(hours=1 if late else -1))
        with _gradebook(registered) as gradebook:
            row = gradebook.find_submission("lab", "ada").notebooks[0]
            assert row.late_submission_penalty == (2.0 if late else None)
            assert row.score == 2.0
        book.save(_result(*ALL), None)
    with _gradebook(registered) as gradebook:
        assert gradebook.find_submission("lab", "ada").notebooks[0].late_submission_penalty is None
        assert gradebook.find_submission("lab", "ada").timestamp is None


def test_a_failing_late_penalty_plugin(registered: Course) -> None:
    """If the late penalty's plugin raises, the error names it, and nothing of the submission is stored."""

    class Broken(LateSubmissionPlugin):  # type: ignore[misc]
        def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
            return 1 / 0

    config = registered.nbgrader_config(assignment_id="lab")
    config.AssignLatePenalties.plugin_class = Broken
    with _gradebook(registered) as gradebook:
        gradebook.update_or_create_assignment("lab", duedate=datetime(2026, 3, 1))
    with GradebookWriter(Autograde(coursedir=CourseDirectory(config=config), config=config), "lab") as book:
        with pytest.raises(CourseError, match="Broken failed for ada: division by zero"):
            book.save(_result(*ALL), datetime(2026, 3, 2))
        assert book.known() == set()


def test_unknown_students(registered: Course) -> None:
    """Without nbgrader's create_student option, an unknown student is refused with a sentence and not stored."""
    with GradebookWriter(_settings(registered, create_student=False), "lab") as book:
        with pytest.raises(CourseError, match="no student ada"):
            book.save(_result(*ALL), None)
        assert book.known() == set()
        with _gradebook(registered) as gradebook:
            gradebook.add_student("ada")
        assert book.save(_result(*ALL), None).score == 2.0


@pytest.mark.parametrize(
    "unknown",
    [_result(*ALL, CellGrade("test_more", 1.0)), SubmissionResult("ada", "lab", (GradedNotebook("more", "{}", ()),))],
)
def test_unknown_cells_and_notebooks(book: GradebookWriter, unknown: SubmissionResult) -> None:
    """A result with an unknown cell or notebook is refused, and nothing of it is stored."""
    with pytest.raises(CourseError, match="more"):
        book.save(unknown, None)
    assert book.known() == set()


def _dump(course: Course) -> str:
    """Return the whole gradebook as SQL."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        return "\n".join(database.iterdump())


def test_saving_again_changes_nothing(book: GradebookWriter, registered: Course) -> None:
    """A second save of the same result leaves every row unchanged."""
    book.save(_result(*ALL), datetime(2026, 3, 1))
    before = _dump(registered)
    book.save(_result(*ALL), datetime(2026, 3, 1))
    assert _dump(registered) == before


def test_a_submission_is_one_transaction(book: GradebookWriter, registered: Course) -> None:
    """If saving fails at the last cell, nothing of the submission is stored, and the database is not locked."""
    before = _dump(registered)
    notebook = GradedNotebook("tiny", "{}", (*ALL, CellGrade("nowhere", 1.0)))
    with pytest.raises(CourseError):
        book.save(SubmissionResult("ada", "lab", (notebook,)), None)
    assert _dump(registered) == before
    with closing(sqlite3.connect(registered.root / "gradebook.db", timeout=0)) as connection:
        connection.execute("BEGIN EXCLUSIVE")


@contextmanager
def _disturbance(start: Callable[[], Any], stop: Callable[[Any], None], seconds: float) -> Iterator[None]:
    """Start a disturbance of the database, and stop it after some seconds in another thread.

    start: returns a value that is passed to `stop`.
    """
    state = start()
    timer = threading.Thread(target=lambda: (time.sleep(seconds), stop(state)))
    timer.start()
    try:
        yield
    finally:
        timer.join()


def _lock(file: Path) -> sqlite3.Connection:
    """Lock the database with another connection; return the connection."""
    connection = sqlite3.connect(file, timeout=0, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def _move_away(file: Path) -> Path:
    """Rename the database file; return its new path."""
    return file.rename(file.with_suffix(".away"))


TROUBLES = [(_lock, lambda other: other.close()), (_move_away, lambda file: file.rename(file.with_suffix(".db")))]
"""Functions that start and stop a disturbance of the database file."""


@pytest.mark.parametrize(("start", "stop"), TROUBLES, ids=["locked", "gone"])
def test_saving_waits_for_the_database(registered: Course, start: Any, stop: Any) -> None:
    """Saving waits for a database that another process locks or that is away for a while, and then succeeds."""
    file = registered.root / "gradebook.db"
    with GradebookWriter(_settings(registered), "lab", seconds=20) as book:
        book.save(_result(*ALL, student="bao"), None)
        with _disturbance(lambda: start(file), stop, 0.7):
            began = time.monotonic()
            assert book.save(_result(*ALL), None).score == 2.0
            assert time.monotonic() - began > 0.5
        assert book.known() == {"ada", "bao"}
    assert _rows(registered)["test_double"] == (2.0, None, False)


def test_a_missing_database(registered: Course) -> None:
    """If the database stays away, saving raises an error with the database's message and the next step."""
    with GradebookWriter(_settings(registered), "lab", seconds=0.3) as book:
        book._book.engine.dispose()
        (registered.root / "gradebook.db").rename(registered.root / "away")
        (registered.root / "gradebook.db").mkdir()
        with pytest.raises(DatabaseError, match=r"did not answer for 0.3 seconds: unable to open(.|\n)*grade again"):
            book.save(_result(*ALL), None)


def test_an_outdated_gradebook(registered: Course) -> None:
    """Saving to tables of an older nbgrader raises at once an error with the command that upgrades them."""
    with closing(sqlite3.connect(registered.root / "gradebook.db")) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    with (
        GradebookWriter(_settings(registered), "lab") as book,
        pytest.raises(DatabaseError, match="nbgrader db upgrade"),
    ):
        book.save(_result(*ALL), None)


class UndefinedColumn(Exception):
    """A column that a table lacks, by the name that PostgreSQL's drivers, psycopg2 and psycopg, give it."""


def test_an_outdated_gradebook_in_postgresql() -> None:
    """PostgreSQL's error for a missing column is one for an older nbgrader's tables; other errors are raised as are."""

    def work(kind: type[Exception]) -> None:
        raise ProgrammingError("SELECT …", {}, kind("column student.lms_user_id does not exist"))

    with pytest.raises(
        DatabaseError, match=r"older nbgrader: UndefinedColumn: column student(.|\n)*nbgrader db upgrade"
    ):
        retry(lambda: work(UndefinedColumn), "postgresql://db/gradebook")
    with pytest.raises(ProgrammingError):
        retry(lambda: work(SyntaxError), "postgresql://db/gradebook")


@pytest.mark.slow
def test_a_gradebook_without_nbgraders_version(built: Course) -> None:
    """Opening a gradebook writes nbgrader's version if a process was killed before nbgrader wrote it."""
    with GradebookWriter(_settings(built), "lab"):
        pass
    for damage in ("DELETE FROM alembic_version", "DROP TABLE alembic_version"):
        with closing(sqlite3.connect(built.root / "gradebook.db")) as database:
            database.execute(damage)
            database.commit()
        with GradebookWriter(_settings(built), "lab"):
            pass
        with closing(sqlite3.connect(built.root / "gradebook.db")) as database:
            assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
