"""`lab feedback`: writes the feedback pages of a class, in several processes."""

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
    """Write the feedback pages of every graded submission; yield each student with the pages.

    jobs: the number of processes. Raises CourseError, after all others are written, if a student's pages can't be.
    """
    graded = sorted(folder.parent.name for folder in course.autograded.glob(f"*/{glob.escape(lab)}/"))
    if not graded:
        raise CourseError(f"nobody's {lab} is graded yet", f"grade first: lab grade {lab}")
    # A fork would copy the lock of this process's progress bar without its thread; the fork server has no bar.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    failed: list[Exception] = []
    pool = ProcessPoolExecutor(min(jobs, len(graded)), mp_context=context)
    try:
        waiting = {pool.submit(_write_pages, course, lab, student): student for student in graded}
        for done in as_completed(waiting):
            try:
                yield waiting[done], done.result()
            except (CourseError, BrokenProcessPool) as error:
                failed.append(error)
    finally:
        pool.shutdown(cancel_futures=True)
    if failed:
        raise CourseError(f"{len(failed)} students have no feedback", str(failed[0])) from failed[0]


def _write_pages(course: Course, lab: str, student: str) -> list[Path]:
    # nbgrader matches folders against a pattern.
    config = course.nbgrader_config(assignment_id=lab, student_id=glob.escape(student))
    coursedir = CourseDirectory(config=config)
    with quiet_nbgrader(f"no feedback for {student}") as log:
        GenerateFeedback(coursedir=coursedir, config=coursedir.config, log=log, force=True).start()
    return sorted((course.feedback / student / lab).glob("*.html"))
