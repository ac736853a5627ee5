"""`lab feedback`: write the feedback pages of all submissions of a lab, several students at a time.

A submission that can't be graded gets a page that says why.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading import not_graded
from autograder.grading.pool import JobFailure, Pool
from autograder.nbgrader_log import quiet_nbgrader

WORK = "autograder.grading.feedback:write_pages"
"""The function that worker processes apply, as MODULE:FUNCTION."""


def graded_students(course: Course, lab: str) -> list[str]:
    """Return the sorted names of all students whose submission of the lab is graded."""
    return sorted(folder.parent.name for folder in course.autograded.glob(f"*/{glob.escape(lab)}/"))


def students_with_feedback(course: Course, lab: str) -> list[str]:
    """Return the sorted names of all students whose submission of the lab is graded, or may be one that can't be."""
    folders = (folder for folder in course.submitted.glob(f"*/{glob.escape(lab)}") if folder.is_dir())
    not_linked = {folder.parent.name for folder in folders if not (folder.is_symlink() or folder.parent.is_symlink())}
    return sorted({*graded_students(course, lab), *not_linked})


def write_feedback(course: Course, lab: str, jobs: int = 1) -> Iterator[tuple[str, list[Path]]]:
    """Write the feedback pages of a lab; yield each student with the paths of their pages.

    A student has none whose submission could be graded and is not yet. jobs: the number of processes. Raises
    CourseError if there is nothing to write, or, after all other pages are written, if some students' pages can't be
    written.
    """
    students = students_with_feedback(course, lab)
    problems, is_empty = [], True
    with Pool(WORK, min(jobs, len(students)), verb="wrote feedback for") as pool:
        for student, result in pool.each(students, lambda student: (course, lab, student)):
            if isinstance(result, JobFailure):
                problems.append(result.problem)
            else:
                is_empty = is_empty and not result
                yield student, result
    if is_empty and not problems:
        raise CourseError(f"nobody's {lab} is graded yet", f"grade first: lab grade {lab}")
    if problems:
        raise CourseError(f"{len(problems)} students have no feedback", problems[0])


def write_pages(job: tuple[Course, str, str]) -> list[Path]:
    """Write a student's feedback pages and return their paths. Raises CourseError. Runs in a worker process.

    job: the course, the lab and the student.
    """
    course, lab, student = job
    if not any((course.autograded / student / lab).glob("*.ipynb")):
        problem = not_graded.problem_of(course, lab, student)
        return not_graded.write_pages(course, lab, student, problem) if problem else []
    # nbgrader takes the student's name for a glob pattern.
    config = course.nbgrader_config(assignment_id=lab, student_id=glob.escape(student))
    coursedir = CourseDirectory(config=config)
    with quiet_nbgrader(f"no feedback for {student}") as log:
        GenerateFeedback(coursedir=coursedir, config=coursedir.config, log=log, force=True).start()
    return sorted((course.feedback / student / lab).glob("*.html"))
