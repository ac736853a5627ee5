"""Replaces nbgrader's Autograde, in its command and in Formgrader, by this package's grading."""

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
from autograder.grading.timestamp import read_timestamp

KNOWN_VERSIONS = ("0.9.5", "0.9.6")
"""Versions of nbgrader whose converter and gradebook this package is tested with."""


class SafeAutograde(Autograde):  # type: ignore[misc]  # nbgrader is not typed
    """Grades as `lab grade` does, with the options and messages of nbgrader's command."""

    allow_unprotected = Bool(
        False, help="Whether to grade also where nothing keeps student code from the grader's own files."
    ).tag(config=True)

    def start(self) -> None:
        """Grade what nbgrader's options select; called by `nbgrader autograde` and by Formgrader.

        Raises NbGraderException, after all others are graded, if a submission could not be.
        """
        try:
            self._refuse()
            failed = [graded.student for lab, who in self._found().items() for graded in self._grade(lab, who)]
        except AutograderError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from error
        if failed:
            message = f"{len(failed)} submissions were not graded: {', '.join(failed)}; see the messages above"
            self.log.error(message)
            raise NbGraderException(message)

    def _refuse(self) -> None:
        """Raise CourseError for an unknown version of nbgrader and for unsupported options."""
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

    def _found(self) -> dict[str, list[str]]:
        """Return students by lab, of all folders that nbgrader's options select. Raises CourseError if there are none.

        nbgrader itself also looks for the notebook, and skips a student who renamed it.
        """
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        names = re.compile(self._format_source("(?P<lab>.*)", "(?P<student>.*)", escape=True))
        excluded = self.coursedir.student_id_exclude.split(",")
        found: dict[str, list[str]] = {}
        for folder in sorted(glob.glob(pattern)):
            match = names.fullmatch(folder)
            if match and match["student"] not in excluded and Path(folder).is_dir():
                found.setdefault(match["lab"], []).append(match["student"])
        if not found:
            raise CourseError(f"no submissions were matched by '{pattern}'", "see what there is in submitted/")
        return found

    def _grade(self, lab: str, who: list[str]) -> Iterator[GradedSubmission]:
        """Grade these submissions; yield those that could not be graded."""
        # Formgrader's server would not respond while it waits.
        tell = None if isinstance(self.parent, api.NbGraderAPI) else self.log.warning
        batch = Batch(self, lab, usable_cores(), allowed_tiers(self.allow_unprotected))
        for graded in batch.grade(who, self.force, tell):
            folder = self._format_dest(lab, graded.student)
            if graded.problem:
                self.log.error(graded.problem)
                yield graded
            elif graded.unchanged:
                self.log.info("Skipping existing assignment: %s", folder)
            else:
                self.log.info("Autograded %s: %g of %g points", folder, graded.score, graded.maximum)
            for sentence in graded.repairs:
                self.log.warning("%s: %s", graded.student, sentence)


def install() -> None:
    """Replace nbgrader's Autograde by SafeAutograde; called by nbgrader_config.py."""
    # The names by which nbgrader's command and API find the class; `start` refuses an unknown version in both.
    autogradeapp.Autograde = api.Autograde = SafeAutograde
    api.NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


def _submitted_timestamp(self: api.NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Return the time of a submission; called by Formgrader, whose list one damaged timestamp.txt would break."""
    coursedir = self.coursedir
    return read_timestamp(Path(coursedir.format_path(coursedir.submitted_directory, student_id, assignment_id))).at
