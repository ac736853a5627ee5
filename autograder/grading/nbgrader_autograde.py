"""Replace nbgrader's Autograde converter, in `nbgrader autograde` and in Formgrader, with this grader."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import nbgrader
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, NbGraderException
from traitlets import Bool

from autograder.errors import AutograderError, CourseError
from autograder.grading.batch import Batch, GradedSubmission, allowed_tiers, usable_cores
from autograder.grading.score_table import class_notes, undiagnosed_note
from autograder.grading.timestamp import course_zone, read_timestamp

KNOWN_VERSIONS = ("0.9.5", "0.9.6")
"""Versions of nbgrader with whose converter and gradebook this grader is tested."""


class SafeAutograde(Autograde):  # type: ignore[misc]  # nbgrader is not typed
    """Grades as `lab grade` does, with the options and log messages of nbgrader's command."""

    allow_unprotected = Bool(
        False, help="Whether to grade also where nothing keeps student code from the grader's own files."
    ).tag(config=True)

    def start(self) -> None:
        """Grade all submissions that nbgrader's options select; `nbgrader autograde` and Formgrader call this method.

        Raises NbGraderException if no further submission can be graded, or, after all others are graded, if some could
        not be.
        """
        try:
            self._check_options()
            failed = [
                graded.student
                for lab, students in self._students_by_lab().items()
                for graded in self._grade(lab, students)
            ]
        except AutograderError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from error
        if failed:
            message = f"{len(failed)} submissions were not graded: {', '.join(failed)}; see the messages above"
            self.log.error(message)
            raise NbGraderException(message)

    def _check_options(self) -> None:
        """Raise CourseError if nbgrader's version is unknown or an option forbids running code."""
        version = nbgrader.__version__
        if version not in KNOWN_VERSIONS:
            raise CourseError(
                f"nothing was graded: nbgrader is {version}, and this grader knows {' and '.join(KNOWN_VERSIONS)}",
                f"install one that it knows: pip install nbgrader=={KNOWN_VERSIONS[-1]}",
            )
        if self.config.Execute.get("enabled") is False:
            raise CourseError("this course's grader can't grade what it may not run", "leave out --no-execute")
        if self.coursedir.notebook_id != "*":
            self.log.warning("A submission is graded as a whole: --notebook is not used.")

    def _students_by_lab(self) -> dict[str, list[str]]:
        """Return the students by lab, for all folders that nbgrader's options match. Raises CourseError if none match.

        nbgrader itself also matches notebook names, and so skips a student who renamed a notebook.
        """
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        names = re.compile(self._format_source("(?P<lab>.*)", "(?P<student>.*)", escape=True))
        excluded = self.coursedir.student_id_exclude.split(",")
        students: dict[str, list[str]] = {}
        for folder in sorted(glob.glob(pattern)):
            match = names.fullmatch(folder)
            if match and match["student"] not in excluded and Path(folder).is_dir():
                students.setdefault(match["lab"], []).append(match["student"])
        if not students:
            raise CourseError(f"no submissions were matched by '{pattern}'", "see what there is in submitted/")
        return students

    def _grade(self, lab: str, students: list[str]) -> Iterator[GradedSubmission]:
        """Grade the submissions of a lab by these students; log each result and yield those with a problem.

        Raises CourseError if no further submission can be graded.
        """
        # Formgrader's server can't answer other requests while it waits for another grader.
        notify = None if isinstance(self.parent, api.NbGraderAPI) else self.log.warning
        batch = Batch(self, lab, usable_cores(), allowed_tiers(self.allow_unprotected))
        results = []
        for graded in batch.grade(students, self.force, notify):
            results.append(graded)
            folder = self._format_dest(lab, graded.student)
            if graded.problem:
                self.log.error(graded.problem)
                yield graded
            elif graded.unchanged:
                self.log.info("Skipping existing assignment: %s", folder)
            else:
                self.log.info("Autograded %s: %g of %g points", folder, graded.score, graded.maximum)
            for sentence in (*graded.notes, *graded.repairs):
                self.log.warning("%s: %s", graded.student, sentence)
            if graded.undiagnosed:
                self.log.warning("%s: %s", graded.student, undiagnosed_note(graded.undiagnosed))
        for note in class_notes(lab, results):
            self.log.warning(note)


def install() -> None:
    """Replace nbgrader's Autograde and its reader of timestamps; nbgrader_config.py calls this function."""
    # nbgrader's command and API look the class up here. SafeAutograde.start refuses an unknown version in both.
    autogradeapp.Autograde = api.Autograde = SafeAutograde
    api.NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


def _submitted_timestamp(self: api.NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Return the time of handing in, in UTC; None if timestamp.txt is missing or invalid.

    Formgrader calls this method for each student; with nbgrader's own, one damaged timestamp.txt breaks the whole list.
    """
    coursedir = self.coursedir
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student_id, assignment_id))
    return read_timestamp(folder, course_zone(self)).at
