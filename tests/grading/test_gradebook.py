"""The one writer: what stands in nbgrader's gradebook after a submission was saved."""

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

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.model import CellGrade, GradedNotebook, SubmissionResult
from autograder.grading.retry import DatabaseError

pytestmark = pytest.mark.kernels

ALL = (CellGrade("test_double", 2.0), CellGrade("why-straight", None, review=True))


def _settings(course: Course, **options: Any) -> Autograde:
    config = course.nbgrader_config(assignment_id="lab")
    return Autograde(coursedir=CourseDirectory(config=config), config=config, **options)


def _result(*marks: CellGrade, untouched: tuple[str, ...] = (), student: str = "ada") -> SubmissionResult:
    return SubmissionResult(student, "lab", (GradedNotebook("tiny", "{}", marks, untouched),))


@pytest.fixture
def book(registered: Course) -> Iterator[GradebookWriter]:
    """Its gradebook, open."""
    with GradebookWriter(_settings(registered), "lab", patience=1) as opened:
        yield opened


@contextmanager
def _nbgrader(course: Course) -> Iterator[Gradebook]:
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        yield gradebook


def _rows(course: Course) -> dict[str, tuple[Any, ...]]:
    with _nbgrader(course) as gradebook:
        grades = gradebook.find_submission_notebook("tiny", "lab", "ada").grades
        return {grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in grades}


def test_points_and_what_a_person_has_to_read(book: GradebookWriter, registered: Course) -> None:
    """A test's points stand there; an answer waits for a person and has none yet."""
    standing = book.save(_result(*ALL), None)
    assert _rows(registered) == {"test_double": (2.0, None, False), "why-straight": (None, None, True)}
    assert (standing.score, standing.maximum, standing.review) == (2.0, 3.0, ("why-straight",))
    assert standing.tasks == {("tiny", "test_double"): 2.0, ("tiny", "why-straight"): 0.0}
    assert book.standing("ada") == standing
    assert book.known() == {"ada"}
    with pytest.raises(MissingEntry):
        book.standing("bao")


@pytest.mark.parametrize("points", [None, math.nan, math.inf, -1.0, 2.5, True, "2", [2.0]], ids=repr)
def test_points_that_make_no_sense(book: GradebookWriter, registered: Course, points: Any) -> None:
    """They are zero, and a person has to look; also where a mark claims more than the gradebook's maximum."""
    assert book.save(_result(CellGrade("test_double", points)), None).review == ("test_double", "why-straight")
    assert _rows(registered)["test_double"] == (0.0, None, True)


def test_a_mark_that_is_missing(book: GradebookWriter, registered: Course) -> None:
    """No mark is no points, and a person has to look."""
    book.save(_result(), None)
    assert _rows(registered) == {"test_double": (0.0, None, True), "why-straight": (None, None, True)}


def test_a_mark_to_be_looked_at(book: GradebookWriter, registered: Course) -> None:
    """Points may count and yet ask for a look."""
    book.save(_result(CellGrade("test_double", 1.0, review=True)), None)
    assert _rows(registered)["test_double"] == (1.0, None, True)


def test_an_answer_that_nobody_wrote(book: GradebookWriter, registered: Course) -> None:
    """It is zero without anybody's look, and says so; written later it waits for a person and says nothing."""
    book.save(_result(*ALL, untouched=("why-straight",)), None)
    assert _rows(registered)["why-straight"] == (0.0, None, False)
    with _nbgrader(registered) as gradebook:
        assert gradebook.find_comment("why-straight", "tiny", "lab", "ada").auto_comment == "No response."
        assert gradebook.find_comment("double", "tiny", "lab", "ada").auto_comment is None
    book.save(_result(*ALL), None)
    assert _rows(registered)["why-straight"] == (None, None, True)
    with _nbgrader(registered) as gradebook:
        assert gradebook.find_comment("why-straight", "tiny", "lab", "ada").auto_comment is None


def test_what_a_person_wrote_stays(book: GradebookWriter, registered: Course) -> None:
    """Manual scores, comments and extra credit survive a regrade, and ask for a look."""
    book.save(_result(*ALL), None)
    with _nbgrader(registered) as gradebook:
        for name in ("test_double", "why-straight"):
            grade = gradebook.find_grade(name, "tiny", "lab", "ada")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.5, 0.25, False
        gradebook.find_comment("why-straight", "tiny", "lab", "ada").manual_comment = "see me"
        gradebook.db.commit()
    standing = book.save(_result(CellGrade("test_double", 1.0)), None)
    assert _rows(registered) == {"test_double": (1.0, 0.5, True), "why-straight": (None, 0.5, True)}
    assert standing.score == 1.5
    with _nbgrader(registered) as gradebook:
        assert gradebook.find_comment("why-straight", "tiny", "lab", "ada").comment == "see me"


def test_a_notebook_that_was_not_handed_in(book: GradebookWriter, registered: Course) -> None:
    """It is zero, without anybody's look."""
    book.save(_result(*ALL), None)
    book.save(SubmissionResult("ada", "lab", ()), None)
    assert _rows(registered) == {"test_double": (0.0, None, False), "why-straight": (0.0, None, False)}


@pytest.mark.parametrize("late", [False, True])
def test_late_penalty(registered: Course, late: bool) -> None:
    """nbgrader's own plugin decides, and what it said of an earlier submission does not stay."""
    due = datetime(2026, 3, 1, 12)
    config = registered.nbgrader_config(assignment_id="lab")
    config.LateSubmissionPlugin.penalty_method = "zero"
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    with _nbgrader(registered) as gradebook:
        gradebook.update_or_create_assignment("lab", duedate=due)
    with GradebookWriter(settings, "lab") as book:
        book.save(_result(*ALL), due + timedelta(hours=1 if late else -1))
        with _nbgrader(registered) as gradebook:
            row = gradebook.find_submission("lab", "ada").notebooks[0]
            assert row.late_submission_penalty == (2.0 if late else None)
            assert row.score == 2.0
        book.save(_result(*ALL), None)
    with _nbgrader(registered) as gradebook:
        assert gradebook.find_submission("lab", "ada").notebooks[0].late_submission_penalty is None
        assert gradebook.find_submission("lab", "ada").timestamp is None


def test_a_plugin_that_fails(registered: Course) -> None:
    """It is named, and nothing of the submission is written."""

    class Broken(LateSubmissionPlugin):  # type: ignore[misc]
        def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
            return 1 / 0

    config = registered.nbgrader_config(assignment_id="lab")
    config.AssignLatePenalties.plugin_class = Broken
    with _nbgrader(registered) as gradebook:
        gradebook.update_or_create_assignment("lab", duedate=datetime(2026, 3, 1))
    with GradebookWriter(Autograde(coursedir=CourseDirectory(config=config), config=config), "lab") as book:
        with pytest.raises(CourseError, match="Broken failed for ada: division by zero"):
            book.save(_result(*ALL), datetime(2026, 3, 2))
        assert book.known() == set()


def test_students_nobody_registered(registered: Course) -> None:
    """Where nbgrader's option forbids to create students, a new one is refused by a sentence, and leaves no trace."""
    with GradebookWriter(_settings(registered, create_student=False), "lab") as book:
        with pytest.raises(CourseError, match="no student ada"):
            book.save(_result(*ALL), None)
        assert book.known() == set()
        with _nbgrader(registered) as gradebook:
            gradebook.add_student("ada")
        assert book.save(_result(*ALL), None).score == 2.0


@pytest.mark.parametrize(
    "unknown",
    [_result(*ALL, CellGrade("test_more", 1.0)), SubmissionResult("ada", "lab", (GradedNotebook("more", "{}", ()),))],
)
def test_what_the_gradebook_does_not_know(book: GradebookWriter, unknown: SubmissionResult) -> None:
    """A cell or a notebook that is not the lab's is refused, and nothing is written: all of it or nothing."""
    with pytest.raises(CourseError, match="more"):
        book.save(unknown, None)
    assert book.known() == set()


def _dump(course: Course) -> str:
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        return "\n".join(database.iterdump())


def test_the_same_again_changes_nothing(book: GradebookWriter, registered: Course) -> None:
    """A second save of the same result leaves every row as it was."""
    book.save(_result(*ALL), datetime(2026, 3, 1))
    before = _dump(registered)
    book.save(_result(*ALL), datetime(2026, 3, 1))
    assert _dump(registered) == before


def test_a_submission_is_one_transaction(book: GradebookWriter, registered: Course) -> None:
    """Of a submission that fails at its end nothing stands in the gradebook, and nobody is locked out."""
    before = _dump(registered)
    two = GradedNotebook("tiny", "{}", (*ALL, CellGrade("nowhere", 1.0)))
    with pytest.raises(CourseError):
        book.save(SubmissionResult("ada", "lab", (two,)), None)
    assert _dump(registered) == before
    with closing(sqlite3.connect(registered.root / "gradebook.db", timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")


@contextmanager
def _trouble(start: Callable[[], Any], stop: Callable[[Any], None], seconds: float) -> Iterator[None]:
    held = start()
    timer = threading.Thread(target=lambda: (time.sleep(seconds), stop(held)))
    timer.start()
    try:
        yield
    finally:
        timer.join()


def _locked(file: Path) -> sqlite3.Connection:
    other = sqlite3.connect(file, timeout=0, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    return other


def _gone(file: Path) -> Path:
    return file.rename(file.with_suffix(".away"))


TROUBLES = [(_locked, lambda other: other.close()), (_gone, lambda file: file.rename(file.with_suffix(".db")))]


@pytest.mark.parametrize(("start", "stop"), TROUBLES, ids=["locked", "gone"])
def test_a_database_in_trouble_is_waited_for(registered: Course, start: Any, stop: Any) -> None:
    """Somebody else's lock, or a disk that is away for a while, costs time and no submission."""
    file = registered.root / "gradebook.db"
    with GradebookWriter(_settings(registered), "lab", patience=20) as book:
        book.save(_result(*ALL, student="bao"), None)
        with _trouble(lambda: start(file), stop, 0.7):
            began = time.monotonic()
            assert book.save(_result(*ALL), None).score == 2.0
            assert time.monotonic() - began > 0.5
        assert book.known() == {"ada", "bao"}
    assert _rows(registered)["test_double"] == (2.0, None, False)


def test_a_database_that_stays_away(registered: Course) -> None:
    """After a while there is a sentence that says what the database said and what to do."""
    with GradebookWriter(_settings(registered), "lab", patience=0.3) as book:
        book._book.engine.dispose()
        (registered.root / "gradebook.db").rename(registered.root / "away")
        (registered.root / "gradebook.db").mkdir()
        with pytest.raises(DatabaseError, match=r"did not answer for 0.3 seconds: unable to open(.|\n)*grade again"):
            book.save(_result(*ALL), None)


def test_an_old_gradebook(registered: Course) -> None:
    """Tables of an older nbgrader are not waited for: there is a sentence with the command that renews them."""
    with closing(sqlite3.connect(registered.root / "gradebook.db")) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    with (
        GradebookWriter(_settings(registered), "lab") as book,
        pytest.raises(DatabaseError, match="nbgrader db upgrade"),
    ):
        book.save(_result(*ALL), None)


@pytest.mark.slow
def test_a_gradebook_whose_maker_was_killed(built: Course) -> None:
    """nbgrader's mark of its version, which it forgets after that, is made up for."""
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
