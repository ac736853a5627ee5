"""Adds a lab to the gradebook, with its notebooks and graded cells."""

from __future__ import annotations

import tempfile

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.grading.retry import retry
from autograder.nbgrader_log import quiet_nbgrader


def register(coursedir: CourseDirectory, lab: str) -> None:
    """Add a lab to the gradebook, or update it, from source/. Raises CourseError.

    A fresh clone has notebooks but no gradebook, on which stock nbgrader fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        # The same course with another release folder: the release that students have must stay.
        mine = CourseDirectory(config=coursedir.config)
        for name in coursedir.trait_names(config=True):
            setattr(mine, name, getattr(coursedir, name))
        mine.release_directory, mine.assignment_id, mine.notebook_id = folder, lab, "*"

        def once() -> None:
            with quiet_nbgrader(f"nbgrader could not register {lab}") as log:
                GenerateAssignment(coursedir=mine, config=coursedir.config, log=log, force=True).start()

        retry(once, coursedir.db_url)
