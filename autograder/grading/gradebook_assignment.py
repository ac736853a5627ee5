"""Add a lab, with its notebooks, cells and maximum points, to nbgrader's gradebook."""

from __future__ import annotations

import tempfile

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.grading.retry import retry
from autograder.nbgrader_log import quiet_nbgrader


def register(coursedir: CourseDirectory, lab: str) -> None:
    """Add or update a lab in the gradebook from its source notebooks. Raises CourseError.

    A fresh clone of a course has notebooks but no gradebook, and nbgrader's own grading fails on it.
    """
    with tempfile.TemporaryDirectory() as folder:
        # GenerateAssignment also writes a release. It goes to a temporary folder, so that the students' stays as it is.
        copy = CourseDirectory(config=coursedir.config)
        for name in coursedir.trait_names(config=True):
            setattr(copy, name, getattr(coursedir, name))
        copy.release_directory, copy.assignment_id, copy.notebook_id = folder, lab, "*"

        def generate() -> None:
            """Run nbgrader's GenerateAssignment once. Raises CourseError if it fails."""
            with quiet_nbgrader(f"nbgrader could not register {lab}") as log:
                GenerateAssignment(coursedir=copy, config=coursedir.config, log=log, force=True).start()

        retry(generate, coursedir.db_url)
