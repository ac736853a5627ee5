"""Write the grades of submissions to nbgrader's gradebook, each submission in one transaction.

Only the main process writes to the gradebook.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    get_alembic_version,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import inspect, text
from sqlalchemy.exc import SAWarning

from autograder.errors import CourseError
from autograder.grading.model import CellGrade, GradedNotebook, SubmissionResult
from autograder.grading.retry import RETRY_SECONDS, retry
from autograder.grading.score_record import sound_points

T = TypeVar("T")

NO_RESPONSE = "No response."
"""nbgrader's comment on an answer that the student left unchanged."""


@dataclass(frozen=True)
class RecordedScore:
    """A submission's score in the gradebook."""

    score: float
    maximum: float
    tasks: Mapping[tuple[str, str], float]
    """Points of each graded cell, by notebook name and grade_id."""
    review: tuple[str, ...]
    """The grade_ids of cells that need manual review."""
    reopened: tuple[str, ...] = ()
    """The grade_ids of cells with a manual score that need review again, because their answer is another now."""


@dataclass(frozen=True)
class _Cell:
    """A cell of the lab for which the gradebook stores grades or comments."""

    id: str
    """The id of the cell's row in the gradebook."""
    name: str
    """The cell's grade_id."""
    maximum: float
    by_hand: bool
    """True if a person gives the cell's points: an answer, not a test."""


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the lab in the gradebook, with its cells that take grades and those that take comments."""

    id: str
    """The id of the notebook's row in the gradebook."""
    graded: tuple[_Cell, ...]
    commented: tuple[_Cell, ...]


class GradebookWriter:
    """Writes grades of one lab; opened once for a whole run, because opening takes longer than writing a submission.

    It never changes a person's entries: manual scores, comments and extra credit.
    """

    def __init__(self, settings: Any, lab: str, seconds: float = RETRY_SECONDS) -> None:
        """Open the gradebook. Raises CourseError if the database can't be opened.

        settings: nbgrader's converter, which has the gradebook's URL and the option to create unknown students.
        seconds: how long to wait for a database that is busy or gone.
        """
        self._lab, self._seconds = lab, seconds
        self._url, self._create_student = settings.coursedir.db_url, settings.create_student
        self._late_penalties = AssignLatePenalties(parent=settings)
        self._late_penalties.init_plugin()
        self._notebooks: dict[str, _Notebook] = {}
        with _without_model_warnings():
            self._book = retry(lambda: _open_gradebook(self._url, settings.coursedir.course_id), self._url, seconds)
        self._db = self._book.db

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def known(self) -> set[str]:
        """Return the students whose submission of the lab is in the gradebook. Raises CourseError."""

        def read() -> set[str]:
            """Return the students, inside a transaction."""
            rows = self._db.query(SubmittedAssignment.student_id).join(SubmittedAssignment.assignment)
            return {student for (student,) in rows.filter_by(name=self._lab)}

        return self._in_transaction(read)

    def standing(self, student: str) -> RecordedScore:
        """Return a submission's score. Raises CourseError, and nbgrader's MissingEntry if there is no submission."""
        return self._in_transaction(lambda: self._read_score(self._book.find_submission(self._lab, student)))

    def save(
        self, result: SubmissionResult, timestamp: datetime | None, unchanged: Collection[tuple[str, str]] = ()
    ) -> RecordedScore:
        """Write a submission's grades in one transaction; return its score, with manual scores and extra credit.

        timestamp: the time of handing in, in UTC; None if it is unknown. unchanged: notebook name and grade_id of the
        cells whose answer is that of the earlier grading: if a person graded them, they need no review again. Raises
        CourseError if the student or a cell is unknown, the late penalty's plugin fails, or the database does not
        answer.
        """
        return self._in_transaction(lambda: self._write(result, timestamp, frozenset(unchanged)))

    def _in_transaction(self, work: Callable[[], T]) -> T:
        """Call `work` in one transaction and return its result; try again while the database is busy or gone.

        Raises DatabaseError, and any other exception of `work`; the database then stays as it was.
        """

        def attempt() -> T:
            """Call `work` and commit; on an exception roll back."""
            try:
                result = work()
                self._db.commit()
                return result
            finally:
                # Also after a failure: an open transaction would lock the database for others.
                self._db.remove()

        with _without_model_warnings():
            return retry(attempt, self._url, self._seconds)

    def _write(
        self, result: SubmissionResult, timestamp: datetime | None, unchanged: Collection[tuple[str, str]]
    ) -> RecordedScore:
        """Write a submission's grades and return its score, as `save` does, inside a transaction."""
        self._notebooks = self._notebooks or self._read_lab()
        submission = self._submission(result.student)
        # None replaces an earlier time as well, which belongs to another version of the submission.
        submission.timestamp = timestamp
        graded_notebooks = {notebook.name: notebook for notebook in result.notebooks}
        rows = {row.notebook_id: row for row in submission.notebooks}
        if unknown := set(graded_notebooks) - set(self._notebooks):
            raise self._unknown(f"notebook {', '.join(sorted(unknown))}")
        reopened: list[str] = []
        for name, notebook in self._notebooks.items():
            row = rows.get(notebook.id) or self._new(SubmittedNotebook(notebook_id=notebook.id, assignment=submission))
            same = {grade_id for notebook_name, grade_id in unchanged if notebook_name == name}
            reopened += self._write_notebook(row, notebook, graded_notebooks.get(name), same)
            self._db.flush()
            self._assign_late_penalty(submission, row, name in graded_notebooks)
        return replace(self._read_score(submission), reopened=tuple(reopened))

    def _submission(self, student: str) -> SubmittedAssignment:
        """Return the row of a student's submission; create it, and the student's row, where missing.

        Raises CourseError if the student is unknown and the course does not create students.
        """
        assignment = self._book.find_assignment(self._lab)
        if self._db.get(Student, student) is None:
            if not self._create_student:
                raise CourseError(
                    f"no student {student} in the gradebook", f"add them: nbgrader db student add {student}"
                )
            self._new(Student(id=student))
            self._db.flush()
        query = self._db.query(SubmittedAssignment).filter_by(assignment_id=assignment.id, student_id=student)
        submission = query.one_or_none()
        if submission is None:
            submission = self._new(SubmittedAssignment(assignment_id=assignment.id, student_id=student))
            self._db.flush()
        return submission

    def _new(self, row: T) -> T:
        """Add a row to the database and return it."""
        self._db.add(row)
        return row

    def _write_notebook(
        self, row: SubmittedNotebook, notebook: _Notebook, graded: GradedNotebook | None, unchanged: Collection[str]
    ) -> list[str]:
        """Write a notebook's cell grades and automatic comments; return cells with a manual score that are reopened.

        graded: the graded notebook; None if the student handed in none, which makes all its points 0. unchanged: the
        grade_ids of cells whose answer is that of the earlier grading. Raises CourseError if the lab has no such cell.
        """
        reopened = []
        cell_grades = {cell_grade.grade_id: cell_grade for cell_grade in graded.cell_grades} if graded else {}
        untouched = graded.untouched if graded else ()
        if unknown := set(cell_grades) - {cell.name for cell in notebook.graded}:
            raise self._unknown(f"cell {', '.join(sorted(unknown))}")
        grades = {grade.cell_id: grade for grade in row.grades}
        for cell in notebook.graded:
            grade = grades.get(cell.id) or self._new(Grade(cell_id=cell.id, notebook=row))
            points, review = _points_and_review(cell, cell_grades.get(cell.name), untouched) if graded else (0.0, False)
            grade.auto_score = points
            if grade.manual_score is None:
                grade.needs_manual_grade = review
            # A manual score overrides the points; for another answer than that which was graded, it needs review.
            elif cell.name not in unchanged:
                reopened += [cell.name] if not grade.needs_manual_grade else []
                grade.needs_manual_grade = True
        comments = {comment.cell_id: comment for comment in row.comments}
        for cell in notebook.commented:
            comment = comments.get(cell.id) or self._new(Comment(cell_id=cell.id, notebook=row))
            comment.auto_comment = NO_RESPONSE if cell.name in untouched else None
        return reopened

    def _assign_late_penalty(self, submission: SubmittedAssignment, row: SubmittedNotebook, is_submitted: bool) -> None:
        """Set a notebook's late penalty as nbgrader's AssignLatePenalties does, but inside this transaction.

        Raises CourseError if the plugin fails. is_submitted: True if the student handed in this notebook.
        """
        row.late_submission_penalty = None
        late = submission.total_seconds_late
        if not is_submitted or late <= 0:
            return
        self._db.refresh(row, ["score"])
        try:
            penalty = self._late_penalties.plugin_inst.late_submission_penalty(submission.student_id, row.score, late)
        # A course may configure its own plugin, which may raise anything.
        except Exception as error:
            name = type(self._late_penalties.plugin_inst).__name__
            raise CourseError(f"{name} failed for {submission.student_id}: {error}", "see to that plugin") from error
        if penalty is not None:
            row.late_submission_penalty = self._late_penalties._check_late_penalty(row, penalty)

    def _read_score(self, submission: SubmittedAssignment) -> RecordedScore:
        """Return a submission's score, inside a transaction; cells without a grade are left out of `tasks`."""
        notebooks = self._notebooks = self._notebooks or self._read_lab()
        self._db.flush()
        rows = self._db.query(Grade.cell_id, Grade.score, Grade.needs_manual_grade).join(Grade.notebook)
        grades = {row[0]: row for row in rows.filter(SubmittedNotebook.assignment_id == submission.id)}
        cells = [(name, cell) for name, notebook in notebooks.items() for cell in notebook.graded]
        tasks = {(name, cell.name): float(grades[cell.id][1]) for name, cell in cells if cell.id in grades}
        review = tuple(cell.name for _, cell in cells if cell.id in grades and grades[cell.id][2])
        return RecordedScore(sum(tasks.values(), 0.0), sum((cell.maximum for _, cell in cells), 0.0), tasks, review)

    def _read_lab(self) -> dict[str, _Notebook]:
        """Return the lab's notebooks in the gradebook, by name."""
        notebooks = {}
        for notebook in self._book.find_assignment(self._lab).notebooks:
            answers = {cell.name for cell in notebook.solution_cells}
            graded = [_Cell(cell.id, cell.name, cell.max_score, cell.name in answers) for cell in notebook.grade_cells]
            graded += [_Cell(cell.id, cell.name, cell.max_score, True) for cell in notebook.task_cells]
            commented = [
                _Cell(cell.id, cell.name, 0.0, True) for cell in (*notebook.solution_cells, *notebook.task_cells)
            ]
            notebooks[notebook.name] = _Notebook(notebook.id, tuple(graded), tuple(commented))
        return notebooks

    def _unknown(self, what: str) -> CourseError:
        """Return the CourseError for a notebook or cell that the gradebook lacks. what: its kind and name."""
        return CourseError(
            f"the gradebook knows no {what} of {self._lab}", "source/ changed while it was graded: grade again"
        )


def _points_and_review(
    cell: _Cell, cell_grade: CellGrade | None, untouched: tuple[str, ...]
) -> tuple[float | None, bool]:
    """Return a cell's points for the gradebook, and True if it needs manual review.

    The points are None for an answer that a person still has to grade, and 0 for a test without valid points.
    cell_grade: None if the graded notebook has none for the cell. untouched: grade_ids of answers left unchanged.
    """
    if cell.by_hand and cell.name in untouched:
        return 0.0, False
    points = sound_points(cell_grade.points, cell.maximum + cell_grade.bonus) if cell_grade else None
    if cell_grade is None or points is None:
        return None if cell.by_hand else 0.0, True
    return points, cell_grade.review


def _open_gradebook(url: str, course_id: str) -> Gradebook:
    """Open the gradebook, store its schema's version if missing, and return it. Raises SQLAlchemy's exceptions."""
    book = Gradebook(url, course_id)
    # A process that ends while it creates a gradebook leaves the schema's version out, and nbgrader never adds it.
    if not inspect(book.engine).has_table("alembic_version"):
        book.db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    if not book.db.execute(text("SELECT count(*) FROM alembic_version")).scalar():
        values = {"version": get_alembic_version()}
        book.db.execute(text("INSERT INTO alembic_version (version_num) VALUES (:version)"), values)
    book.db.commit()
    book.db.remove()
    return book


@contextmanager
def _without_model_warnings() -> Iterator[None]:
    """Suppress SQLAlchemy's warnings in the block."""
    with warnings.catch_warnings():
        # nbgrader's models are written for an older SQLAlchemy; the installed one warns about their relationships.
        warnings.simplefilter("ignore", SAWarning)
        yield
