"""`lab grade` and `lab feedback`: registers a lab, grades what is new or changed, writes the feedback pages."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.authoring.release import generate
from autograder.course import Course
from autograder.errors import AutograderError, CourseError
from autograder.grading.preprocessors import fingerprint
from autograder.quiet import quiet_nbgrader

T = TypeVar("T")


@dataclass(frozen=True)
class Graded:
    """What became of one submission."""

    student: str
    score: float
    maximum: float
    tasks: dict[tuple[str, str], float]
    """Points of each graded cell, by its notebook's name and its grade_id: two notebooks may share an id."""
    review: tuple[str, ...] = ()
    """The grade_ids that a person has to look at."""
    problem: str = ""
    """Why it could not be graded; empty where it was."""
    unchanged: bool = False
    """Whether an earlier run had graded it already."""


def students(course: Course, lab: str) -> list[str]:
    """Everybody with a submission of the lab."""
    return sorted(folder.parent.name for folder in course.submitted.glob(f"*/{lab}/"))


def register(course: Course, lab: str) -> None:
    """Make the gradebook know the lab as it stands in source/.

    A fresh clone has notebooks but no gradebook, and stock grading fails on it.
    """
    if not list((course.source / lab).glob("*.ipynb")):
        raise CourseError(f"{course.source / lab} has no notebook", f"build it: lab build {lab}")
    with tempfile.TemporaryDirectory() as folder:
        generate(course, lab, course.source / lab, Path(folder) / lab, db_url=_coursedir(course, lab).db_url)


def grade(course: Course, lab: str, who: list[str], force: bool = False, jobs: int = 1) -> Iterator[Graded]:
    """Grade these students' submissions; yield each as it is done.

    force: also what was graded before and did not change. jobs: how many at a time. A submission that can't be graded
    is yielded with its problem, and the others go on.
    """
    register(course, lab)
    due = [student for student in who if force or not _is_graded(course, lab, student)]
    yield from (_scores(course, lab, student, unchanged=True) for student in who if student not in due)
    for student, result in _each(partial(_grade_one, course, lab), due, jobs):
        try:
            yield result()
        except BrokenProcessPool:
            yield Graded(student, 0.0, 0.0, {}, problem=f"the process that graded {student} was killed")


def usable_cores() -> int:
    """How many submissions this process may usefully grade at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _grade_one(course: Course, lab: str, student: str) -> Graded:
    try:
        _autograde(course, lab, student)
    except AutograderError as error:
        return Graded(student, 0.0, 0.0, {}, problem=str(error))
    return _scores(course, lab, student)


def write_feedback(course: Course, lab: str, jobs: int = 1) -> Iterator[tuple[str, list[Path]]]:
    """Write a feedback page for everybody whose work was graded; yield each student with their pages.

    jobs: how many at a time. Raises CourseError, for students whose page can't be written after all others are.
    """
    graded = sorted(folder.parent.name for folder in course.autograded.glob(f"*/{lab}/"))
    if not graded:
        raise CourseError(f"nobody's {lab} is graded yet", f"grade first: lab grade {lab}")
    failed: list[Exception] = []
    for student, result in _each(partial(_write_pages, course, lab), graded, jobs):
        try:
            yield student, result()
        except (CourseError, BrokenProcessPool) as error:
            failed.append(error)
    if failed:
        raise CourseError(f"{len(failed)} students have no feedback", str(failed[0])) from failed[0]


def _write_pages(course: Course, lab: str, student: str) -> list[Path]:
    coursedir = _coursedir(course, lab, student)
    with quiet_nbgrader(f"no feedback for {student}") as log:
        GenerateFeedback(coursedir=coursedir, config=coursedir.config, log=log, force=True).start()
    return sorted((course.feedback / student / lab).glob("*.html"))


def _each(work: Callable[[str], T], students: list[str], jobs: int) -> Iterator[tuple[str, Callable[[], T]]]:
    """Do work for each student, so many at a time; yield whoever is done with what gives or raises their result."""
    if min(jobs, len(students)) <= 1:
        yield from ((student, partial(work, student)) for student in students)
        return
    # A fork of this process would take its progress bar's thread and lock along; the fork server has neither.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(min(jobs, len(students)), mp_context=context)
    try:
        waiting = {pool.submit(work, student): student for student in students}
        yield from ((waiting[done], done.result) for done in as_completed(waiting))
    finally:
        pool.shutdown(cancel_futures=True)


def _coursedir(course: Course, lab: str, student: str = "*") -> CourseDirectory:
    return CourseDirectory(config=course.nbgrader_config(assignment_id=lab, student_id=student))


def _autograde(course: Course, lab: str, student: str) -> None:
    expected = {file.name for file in (course.source / lab).glob("*.ipynb")}
    found = {file.name for file in (course.submitted / student / lab).glob("*.ipynb")}
    if not expected & found:
        names = ", ".join(sorted(found)) or "nothing"
        raise CourseError(
            f"{student} submitted {names} for {lab}", f"it should be called {', '.join(sorted(expected))}: rename it"
        )
    coursedir = _coursedir(course, lab, student)
    with quiet_nbgrader(f"{student}'s {lab} could not be graded") as log:
        Autograde(coursedir=coursedir, config=coursedir.config, log=log, force=True).start()


def _is_graded(course: Course, lab: str, student: str) -> bool:
    for source in (course.source / lab).glob("*.ipynb"):
        submitted = course.submitted / student / lab / source.name
        graded = course.autograded / student / lab / source.name
        if submitted.exists() != graded.exists():
            return False
        if graded.exists():
            stamp = nbformat.read(graded, as_version=4).metadata.get("autograder", {}).get("graded")
            if stamp != fingerprint(submitted, source):
                return False
    return True


def _scores(course: Course, lab: str, student: str, unchanged: bool = False) -> Graded:
    coursedir = _coursedir(course, lab)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(lab, student)
        except MissingEntry:
            return Graded(student, 0.0, 0.0, {}, problem="the gradebook does not know this submission")
        grades = [(notebook.name, grade) for notebook in submission.notebooks for grade in notebook.grades]
        tasks = {(notebook, grade.name): float(grade.score or 0.0) for notebook, grade in grades}
        review = tuple(grade.name for _, grade in grades if grade.needs_manual_grade)
        return Graded(student, float(submission.score), float(submission.max_score), tasks, review, "", unchanged)
