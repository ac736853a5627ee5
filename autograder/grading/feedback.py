"""`lab feedback`: write the feedback pages of all graded submissions of a lab, several students at a time."""

from __future__ import annotations

import glob
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.errors import CourseError
from autograder.nbgrader_log import quiet_nbgrader


def write_feedback(course: Course, lab: str, jobs: int = 1) -> Iterator[tuple[str, list[Path]]]:
    """Write the feedback pages of all graded submissions of a lab; yield each student with the paths of their pages.

    jobs: the number of processes. Raises CourseError if no submission is graded, or, after all other pages are
    written, if some students' pages can't be written.
    """
    graded = sorted(folder.parent.name for folder in course.autograded.glob(f"*/{glob.escape(lab)}/"))
    if not graded:
        raise CourseError(f"nobody's {lab} is graded yet", f"grade first: lab grade {lab}")
    # A fork of this process would copy the lock of its progress bar's thread; the fork server has no such thread.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    errors: list[Exception] = []
    pool = ProcessPoolExecutor(min(jobs, len(graded)), mp_context=context)
    try:
        futures = {pool.submit(_write_pages, course, lab, student): student for student in graded}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except (CourseError, BrokenProcessPool) as error:
                errors.append(error)
    finally:
        pool.shutdown(cancel_futures=True)
    if errors:
        raise CourseError(f"{len(errors)} students have no feedback", str(errors[0])) from errors[0]


def _write_pages(course: Course, lab: str, student: str) -> list[Path]:
    """Write a student's feedback pages and return their paths. Raises CourseError. Runs in a process of the pool."""
    # nbgrader takes the student's name for a glob pattern.
    config = course.nbgrader_config(assignment_id=lab, student_id=glob.escape(student))
    coursedir = CourseDirectory(config=config)
    with quiet_nbgrader(f"no feedback for {student}") as log:
        GenerateFeedback(coursedir=coursedir, config=coursedir.config, log=log, force=True).start()
    return sorted((course.feedback / student / lab).glob("*.html"))
