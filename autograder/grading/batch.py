"""`lab grade`: reads submissions, has worker processes grade them, and writes the results.

It runs in the main process, the only one that writes the gradebook and autograded/.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unicodedata import category

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from autograder.authoring import optional_modules
from autograder.course import Course, put_environment_on_path
from autograder.errors import CourseError
from autograder.grading import autograded_folder
from autograder.grading.gradebook import GradebookWriter, RecordedScore
from autograder.grading.gradebook_assignment import register
from autograder.grading.intake import Stubs, collect
from autograder.grading.lock import only_grader
from autograder.grading.model import Job, Repair, SubmissionResult
from autograder.grading.pool import JobFailure, Pool
from autograder.grading.retry import DatabaseError
from autograder.grading.timestamp import Timestamp, read_timestamp

WORK = "autograder.grading.submission:grade_submission"
"""The pure function from a Job to a SubmissionResult that worker processes apply, as MODULE:FUNCTION."""

TIERS = Job.tiers
"""Isolation tiers that grading accepts by default."""

LONGEST_NAME = 128
"""Characters of a student's name that every database can store."""

_CONTROL = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode's categories of control characters, lone surrogates, and separators of lines and paragraphs."""


@dataclass(frozen=True)
class GradedSubmission:
    """The grading of one submission, as the command line and nbgrader report it."""

    student: str
    score: float
    maximum: float
    tasks: Mapping[tuple[str, str], float]
    """Points of each graded cell, by its notebook's name and its grade_id: two notebooks may share an id."""
    review: tuple[str, ...] = ()
    """The grade_ids that a person has to review."""
    problem: str = ""
    """Why it could not be graded; empty otherwise."""
    unchanged: bool = False
    """True if an earlier run had graded it and nothing has changed."""
    repairs: tuple[str, ...] = ()
    """Sentences to the student on what intake repaired or left out."""


def students(course: Course, lab: str) -> list[str]:
    """Return the students with a submission of the lab, in alphabetical order."""
    folders = course.submitted.iterdir() if course.submitted.is_dir() else ()
    return sorted(folder.name for folder in folders if (folder / lab).is_dir())


def grade(
    course: Course, lab: str, who: Sequence[str], force: bool = False, jobs: int = 1,
    allow_unprotected: bool = False, draw_given: bool = False, tell: Callable[[str], None] = lambda sentence: None,
) -> Iterator[GradedSubmission]:  # fmt: skip
    """Grade these students' submissions; yield each as it is done.

    force: also grade submissions that were graded before and have not changed. jobs: the number of worker processes.
    allow_unprotected: also accept a tier that does not protect the grader's own files. draw_given: also draw the
    figures of given cells. tell: called with a sentence while another grader holds the course. A submission that can't
    be graded is yielded with its problem, and the others go on. Raises CourseError where nothing more can be graded.
    """
    coursedir = CourseDirectory(config=course.nbgrader_config(assignment_id=lab))
    # nbgrader logs late penalties, which the gradebook holds too.
    settings = Autograde(coursedir=coursedir, config=coursedir.config, log=logging.Logger("lab", logging.ERROR))
    batch = Batch(settings, lab, jobs, allowed_tiers(allow_unprotected), draw_given=draw_given)
    yield from batch.grade(who, force, tell)


def allowed_tiers(allow_unprotected: bool) -> tuple[str, ...]:
    """Return the accepted isolation tiers; allow_unprotected: also one that does not protect the grader's files."""
    return (*TIERS, "rlimits") if allow_unprotected else TIERS


def usable_cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Batch:
    """The submissions of one lab, in folders and with options as nbgrader's configuration has them."""

    def __init__(
        self, settings: Autograde, lab: str, jobs: int, tiers: Sequence[str] = TIERS, work: str = WORK,
        draw_given: bool = False,
    ) -> None:  # fmt: skip
        """Store the settings.

        settings: nbgrader's converter, which has the folders, the database and the options. jobs: the number of worker
        processes. tiers: accepted isolation tiers. work: MODULE:FUNCTION. draw_given: also draw figures of given cells.
        """
        self._settings, self._coursedir, self._lab = settings, settings.coursedir, lab
        self._jobs, self._tiers, self._work, self._draw_given = jobs, tuple(tiers), work, draw_given
        self._handed_in: dict[str, _HandedIn] = {}

    def grade(self, who: Sequence[str], force: bool, tell: Callable[[str], None] | None) -> Iterator[GradedSubmission]:
        """Grade these students' submissions; yield each as it is done. Raises CourseError.

        tell: see `only_grader`.
        """
        put_environment_on_path()
        lab = self._read_lab()
        with (
            only_grader(self._folder("autograded", ".", "."), tell),
            GradebookWriter(self._settings, self._lab) as book,
        ):
            refused = {student: problem for student in who if (problem := self._refusal(student))}
            yield from (
                GradedSubmission(student, 0.0, 0.0, {}, problem=problem) for student, problem in refused.items()
            )
            there = [student for student in dict.fromkeys(who) if student not in refused]
            known = set() if force else book.known()
            done = {student for student in there if student in known and self._is_graded(lab, student)}
            yield from (
                _graded(student, book.standing(student), unchanged=True) for student in there if student in done
            )
            due = [student for student in there if student not in done]
            with Pool(self._work, min(self._jobs, len(due))) as pool:
                if due:
                    register(self._coursedir, self._lab)
                for student, result in pool.each(due, lambda student: self._take(lab, student)):
                    yield self._save(book, student, result)

    def _read_lab(self) -> Job:
        """Return the job of the whole class, without a student's files. Raises CourseError."""
        folder = self._folder("source", ".", self._lab)
        paths = [Path(file) for file in find_all_files(str(folder), self._coursedir.ignore)]
        files = {file.relative_to(folder): file.read_bytes() for file in paths}
        masters = {file.stem: data for file, data in files.items() if file.suffix == ".ipynb" and len(file.parts) == 1}
        if not masters:
            raise CourseError(f"{folder} has no notebook", f"build it: lab build {self._lab}")
        if lacking := optional_modules.missing(
            dict.fromkeys(one for data in masters.values() for one in optional_modules.needs_of(data))
        ):
            problem = f"nothing was graded: {self._lab} needs {optional_modules.absent(lacking)}"
            raise CourseError(problem, optional_modules.cure(lacking))
        beside = {file.as_posix(): data for file, data in files.items() if file.suffix != ".ipynb"}
        hidden = (str(Path(self._coursedir.root).resolve()),)
        stubs = Stubs.of(self._settings.config)
        texts = stubs.code, stubs.text
        return Job("", self._lab, (), masters, (), beside, self._tiers, texts, hidden, self._draw_given)

    def _take(self, lab: Job, student: str) -> Job:
        """Return the job of one student, and store what was read."""
        folder = self._folder("submitted", student, self._lab)
        files, repairs = collect(folder)
        timestamp = read_timestamp(folder)
        job = replace(lab, student=student, files=files, repairs=(*repairs, *timestamp.repairs))
        self._handed_in[student] = _HandedIn(
            student, autograded_folder.fingerprint(job, timestamp.data), timestamp, job.repairs
        )
        return job

    def _is_graded(self, lab: Job, student: str) -> bool:
        self._take(lab, student)
        folder = self._folder("autograded", student, self._lab)
        return autograded_folder.is_graded(folder, self._handed_in.pop(student).fingerprint)

    def _save(self, book: GradebookWriter, student: str, result: SubmissionResult | JobFailure) -> GradedSubmission:
        handed_in, folder = self._handed_in.pop(student), self._folder("autograded", student, self._lab)
        if isinstance(result, JobFailure) and result.hopeless:
            raise CourseError(f"{self._lab} can't be graded here", result.problem)
        try:
            if isinstance(result, JobFailure) or result.problem:
                # A graded notebook of another submission must not stand for this one; a grade in the gradebook stays.
                if not autograded_folder.is_graded(folder, handed_in.fingerprint):
                    autograded_folder.discard(folder)
                problem = f"{student}'s {self._lab} could not be graded: {result.problem}"
                return GradedSubmission(student, 0.0, 0.0, {}, problem=problem)
            repairs = _sentences(handed_in.repairs, result.repairs)
            # In this order a grader that is killed at any point grades the submission again.
            autograded_folder.empty(folder)
            standing = book.save(result, handed_in.timestamp.at)
            self._write(folder, result, handed_in, repairs)
        except OSError as error:
            return GradedSubmission(student, 0.0, 0.0, {}, problem=str(autograded_folder.unwritable(folder, error)))
        except DatabaseError:
            raise
        except CourseError as error:
            return GradedSubmission(student, 0.0, 0.0, {}, problem=str(error))
        return _graded(student, standing, repairs=_sentences(repairs, *(one.repairs for one in result.notebooks)))

    def _write(self, folder: Path, result: SubmissionResult, handed_in: _HandedIn, repairs: Sequence[str]) -> None:
        mode = int(str(self._settings.permissions), 8)
        folder.mkdir(parents=True, exist_ok=True)
        if handed_in.timestamp.at:
            autograded_folder.write_file(folder / autograded_folder.TIMESTAMP, handed_in.timestamp.data, mode)
        notebooks = {one.name: one.text for one in result.notebooks}
        about = {one.name: {"repairs": [*repairs, *_sentences(one.repairs)]} for one in result.notebooks}
        autograded_folder.write(folder, notebooks, about, handed_in.fingerprint, mode)
        if self._coursedir.groupshared:
            self._settings.set_permissions(self._lab, handed_in.student)

    def _refusal(self, student: str) -> str:
        """Return why a student's folder can't be graded at all; empty where it can."""
        folder = self._folder("submitted", student, self._lab)
        if len(student) > LONGEST_NAME or student != student.strip() or _CONTROL & set(map(category, student)):
            problem = f"the gradebook can't hold the name {student!a}"
            rule = f"no control characters, no space at its ends, {LONGEST_NAME} letters at most"
            cure = f"rename {str(folder.parent)!a}: {rule}"
        elif links := [link for link in (folder.parent, folder) if link.is_symlink()]:
            problem, cure = f"{links[0]} is a symbolic link", "put a folder with the student's own files there"
        elif not folder.is_dir():
            problem, cure = f"{student} has handed in nothing for {self._lab}", f"put it into {folder}"
        else:
            return ""
        return str(CourseError(problem, cure))

    def _folder(self, step: str, student: str, lab: str) -> Path:
        return Path(self._coursedir.format_path(getattr(self._coursedir, f"{step}_directory"), student, lab))


@dataclass(frozen=True)
class _HandedIn:
    """A submission that is being graded, as it was read."""

    student: str
    fingerprint: str
    timestamp: Timestamp
    repairs: tuple[Repair, ...]


def _graded(
    student: str, standing: RecordedScore, unchanged: bool = False, repairs: Sequence[str] = ()
) -> GradedSubmission:
    return GradedSubmission(
        student, standing.score, standing.maximum, standing.tasks, standing.review, "", unchanged, tuple(repairs)
    )


def _sentences(*repairs: Sequence[Repair | str]) -> list[str]:
    """Return the sentences of repairs, each once."""
    says = [repair if isinstance(repair, str) else repair.says for some in repairs for repair in some]
    return list(dict.fromkeys(says))
