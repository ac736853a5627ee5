"""Writes grades into nbgrader's gradebook: a submission's in one transaction, from the main process only."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
"""nbgrader's comment on an answer that is missing or as released."""


@dataclass(frozen=True)
class RecordedScore:
    """The score of a submission in the gradebook."""

    score: float
    maximum: float
    tasks: Mapping[tuple[str, str], float]
    """Points of each graded cell, by its notebook's name and its grade_id."""
    review: tuple[str, ...]
    """The grade_ids that a person has to review."""


@dataclass(frozen=True)
class _Cell:
    """A cell that the gradebook keeps grades or comments of."""

    id: str
    name: str
    maximum: float
    by_hand: bool
    """True if a person gives its points: for an answer, not for a test."""


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the lab, as the gradebook knows it."""

    id: str
    graded: tuple[_Cell, ...]
    commented: tuple[_Cell, ...]


class GradebookWriter:
    """Writes grades into a course's gradebook, one transaction a submission; never changes what a person entered.

    A person enters manual scores, comments and extra credit. The database is opened once for a whole run, because that
    takes longer than writing a submission.
    """

    def __init__(self, settings: Any, lab: str, patience: float = RETRY_SECONDS) -> None:
        """Open the database. Raises CourseError where that fails.

        settings: nbgrader's converter, with the gradebook's URL and the option to create students.
        """
        self._lab, self._patience = lab, patience
        self._url, self._create_student = settings.coursedir.db_url, settings.create_student
        self._late = AssignLatePenalties(parent=settings)
        self._late.init_plugin()
        self._notebooks: dict[str, _Notebook] = {}
        with _without_model_warnings():
            self._book = retry(lambda: _opened(self._url, settings.coursedir.course_id), self._url, patience)
        self._db = self._book.db

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def known(self) -> set[str]:
        """Return the students with a submission of the lab in the gradebook."""

        def read() -> set[str]:
            rows = self._db.query(SubmittedAssignment.student_id).join(SubmittedAssignment.assignment)
            return {student for (student,) in rows.filter_by(name=self._lab)}

        return self._in_transaction(read)

    def standing(self, student: str) -> RecordedScore:
        """Return the recorded score of a student's submission. Raises nbgrader's MissingEntry where there is none."""
        return self._in_transaction(lambda: self._standing(self._book.find_submission(self._lab, student)))

    def save(self, result: SubmissionResult, timestamp: datetime | None) -> RecordedScore:
        """Write a submission's grades in one transaction and return its recorded score.

        Raises CourseError where the student or a cell is unknown, or the database does not answer.
        """
        return self._in_transaction(lambda: self._write(result, timestamp))

    def _in_transaction(self, work: Callable[[], T]) -> T:
        def once() -> T:
            try:
                done = work()
                self._db.commit()
                return done
            finally:
                # Also after a failure: an open transaction would lock the database.
                self._db.remove()

        with _without_model_warnings():
            return retry(once, self._url, self._patience)

    def _write(self, result: SubmissionResult, timestamp: datetime | None) -> RecordedScore:
        self._notebooks = self._notebooks or self._read_lab()
        submission = self._submission(result.student)
        # Also None: the timestamp of an earlier submission would be wrong.
        submission.timestamp = timestamp
        handed_in = {notebook.name: notebook for notebook in result.notebooks}
        rows = {row.notebook_id: row for row in submission.notebooks}
        if unknown := set(handed_in) - set(self._notebooks):
            raise self._unknown(f"notebook {', '.join(sorted(unknown))}")
        for name, known in self._notebooks.items():
            row = rows.get(known.id) or self._new(SubmittedNotebook(notebook_id=known.id, assignment=submission))
            self._write_notebook(row, known, handed_in.get(name))
            self._db.flush()
            self._assign_late_penalty(submission, row, name in handed_in)
        return self._standing(submission)

    def _submission(self, student: str) -> SubmittedAssignment:
        """Return the row of a student's submission; add one where there is none."""
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
        self._db.add(row)
        return row

    def _write_notebook(self, row: SubmittedNotebook, known: _Notebook, graded: GradedNotebook | None) -> None:
        marks = {mark.grade_id: mark for mark in graded.marks} if graded else {}
        untouched = graded.untouched if graded else ()
        if unknown := set(marks) - {cell.name for cell in known.graded}:
            raise self._unknown(f"cell {', '.join(sorted(unknown))}")
        grades = {grade.cell_id: grade for grade in row.grades}
        for cell in known.graded:
            grade = grades.get(cell.id) or self._new(Grade(cell_id=cell.id, notebook=row))
            points, review = _earned(cell, marks.get(cell.name), untouched) if graded else (0.0, False)
            grade.auto_score = points
            # A manual score counts, and may belong to an earlier version.
            grade.needs_manual_grade = review or grade.manual_score is not None
        comments = {comment.cell_id: comment for comment in row.comments}
        for cell in known.commented:
            comment = comments.get(cell.id) or self._new(Comment(cell_id=cell.id, notebook=row))
            comment.auto_comment = NO_RESPONSE if cell.name in untouched else None

    def _assign_late_penalty(self, submission: SubmittedAssignment, row: SubmittedNotebook, handed_in: bool) -> None:
        """Assign the late penalty as nbgrader's AssignLatePenalties does, inside this transaction."""
        row.late_submission_penalty = None
        late = submission.total_seconds_late
        if not handed_in or late <= 0:
            return
        self._db.refresh(row, ["score"])
        try:
            penalty = self._late.plugin_inst.late_submission_penalty(submission.student_id, row.score, late)
        # A course may have a plugin of its own, which may raise any exception.
        except Exception as error:
            name = type(self._late.plugin_inst).__name__
            raise CourseError(f"{name} failed for {submission.student_id}: {error}", "see to that plugin") from error
        if penalty is not None:
            row.late_submission_penalty = self._late._check_late_penalty(row, penalty)

    def _standing(self, submission: SubmittedAssignment) -> RecordedScore:
        notebooks = self._notebooks = self._notebooks or self._read_lab()
        self._db.flush()
        rows = self._db.query(Grade.cell_id, Grade.score, Grade.needs_manual_grade).join(Grade.notebook)
        grades = {row[0]: row for row in rows.filter(SubmittedNotebook.assignment_id == submission.id)}
        cells = [(name, cell) for name, notebook in notebooks.items() for cell in notebook.graded]
        tasks = {(name, cell.name): float(grades[cell.id][1]) for name, cell in cells if cell.id in grades}
        review = tuple(cell.name for _, cell in cells if cell.id in grades and grades[cell.id][2])
        return RecordedScore(sum(tasks.values(), 0.0), sum((cell.maximum for _, cell in cells), 0.0), tasks, review)

    def _read_lab(self) -> dict[str, _Notebook]:
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
        return CourseError(
            f"the gradebook knows no {what} of {self._lab}", "source/ changed while it was graded: grade again"
        )


def _earned(cell: _Cell, mark: CellGrade | None, untouched: tuple[str, ...]) -> tuple[float | None, bool]:
    """Return a cell's points in the gradebook, and whether a person has to review it.

    A written answer has no points until a person reads it; a test without valid points has 0.
    """
    if cell.by_hand and cell.name in untouched:
        return 0.0, False
    points = sound_points(mark.points, cell.maximum + mark.bonus) if mark else None
    if mark is None or points is None:
        return None if cell.by_hand else 0.0, True
    return points, mark.review


def _opened(url: str, course_id: str) -> Gradebook:
    book = Gradebook(url, course_id)
    # A process that was killed while it created the gradebook leaves this out, and nbgrader never adds it later.
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
    with warnings.catch_warnings():
        # SQLAlchemy warns of relations in nbgrader's models, which were written for an older version.
        warnings.simplefilter("ignore", SAWarning)
        yield
