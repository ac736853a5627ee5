"""Makes the gradebook know a lab."""

from __future__ import annotations

import tempfile

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.grading.retry import retry
from autograder.nbgrader_log import quiet_nbgrader


def register(coursedir: CourseDirectory, lab: str) -> None:
    """Make the gradebook know a lab as it stands in source/. Raises CourseError.

    A fresh clone has notebooks but no gradebook, and stock grading fails on it.
    """
    with tempfile.TemporaryDirectory() as folder:
        # The same course, but for where releases go: the one that students have stays.
        mine = CourseDirectory(config=coursedir.config)
        for name in coursedir.trait_names(config=True):
            setattr(mine, name, getattr(coursedir, name))
        mine.release_directory, mine.assignment_id, mine.notebook_id = folder, lab, "*"

        def once() -> None:
            with quiet_nbgrader(f"nbgrader could not register {lab}") as log:
                GenerateAssignment(coursedir=mine, config=coursedir.config, log=log, force=True).start()

        retry(once, coursedir.db_url)
