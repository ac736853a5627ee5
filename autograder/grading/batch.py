"""`lab grade`: grade the submissions of one lab.

The main process reads submissions and writes grades and graded notebooks; worker processes do the grading itself.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unicodedata import category

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from autograder.authoring import optional_modules
from autograder.course import Course, put_environment_on_path
from autograder.errors import CourseError
from autograder.grading import autograded_folder, not_graded
from autograder.grading.gradebook import GradebookWriter, RecordedScore
from autograder.grading.gradebook_assignment import register
from autograder.grading.intake import ReleaseStubs, UnreadableError, collect, released_texts
from autograder.grading.lock import only_grader
from autograder.grading.model import Job, Repair, SubmissionResult
from autograder.grading.pool import JobFailure, Pool
from autograder.grading.retry import DatabaseError
from autograder.grading.timestamp import Timestamp, course_zone, read_timestamp

WORK = "autograder.grading.submission:grade_submission"
"""The function that a worker process applies to a Job; it returns a SubmissionResult and writes nothing."""

TIERS = Job.tiers
"""Isolation tiers that are accepted by default."""

LONGEST_NAME = 128
"""Maximum number of characters in a student's name; every database accepts as many."""

_CONTROL = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories that a name may not contain: control characters, surrogates, line and paragraph separators."""


@dataclass(frozen=True)
class GradedSubmission:
    """The score of one submission, or the problem that kept it from being graded."""

    student: str
    score: float
    maximum: float
    tasks: Mapping[tuple[str, str], float]
    """Points of each graded cell, by notebook name and grade_id: two notebooks may share a grade_id."""
    review: tuple[str, ...] = ()
    """The grade_ids of cells that need manual review."""
    problem: str = ""
    """Why the submission could not be graded; "" if it was graded."""
    unchanged: bool = False
    """True if an earlier run graded the same submission, so that this run skipped it."""
    repairs: tuple[str, ...] = ()
    """Sentences to the student on each repair and each file left out before grading."""
    notes: tuple[str, ...] = ()
    """Sentences to the instructor on this submission."""
    about_lab: tuple[str, ...] = ()
    """Sentences to the instructor that concern the lab, and so are the same for all submissions."""
    missing_requirements: tuple[str, ...] = ()
    """What its notebooks need and this machine lacks, once for each notebook."""
    undiagnosed: tuple[str, ...] = ()
    """The tasks whose mistakes could not be named."""


def chosen_students(course: Course, lab: str, names: Collection[str] = ()) -> list[str]:
    """Return the sorted names of the students to grade: these, or all with a submission if there are no names.

    Raises CourseError if one of them has no submission of the lab, or if nobody has.
    """
    folders = course.submitted.iterdir() if course.submitted.is_dir() else ()
    present = sorted(folder.name for folder in folders if (folder / lab).is_dir())
    if not present or set(names) - set(present):
        missing = ", ".join(sorted(set(names) - set(present))) or "anybody"
        raise CourseError(f"no submission of {lab} by {missing}", f"put it into {course.submitted}/STUDENT/{lab}/")
    return sorted(set(names)) or present


def grade(
    course: Course, lab: str, students: Sequence[str], force: bool = False, jobs: int = 1,
    allow_unprotected: bool = False, draw_given: bool = False, notify: Callable[[str], None] = lambda sentence: None,
) -> Generator[GradedSubmission, None, None]:  # fmt: skip
    """Grade the submissions of a lab by these students; yield each result as soon as it is known.

    students: their names. force: grade also submissions that an earlier run graded and that did not change. jobs: the
    number of worker processes. allow_unprotected: grade also where no isolation tier keeps student code from the
    grader's files. draw_given: draw the figures of given cells, too. notify: called with a sentence before this
    function waits for another grader to end. A submission that can't be graded is yielded with its problem, and grading
    continues. Raises CourseError if no further submission can be graded.
    """
    coursedir = CourseDirectory(config=course.nbgrader_config(assignment_id=lab))
    # Only errors are logged: nbgrader also logs late penalties, which the gradebook shows.
    settings = Autograde(coursedir=coursedir, config=coursedir.config, log=logging.Logger("lab", logging.ERROR))
    batch = Batch(settings, lab, jobs, allowed_tiers(allow_unprotected), draw_given=draw_given)
    yield from batch.grade(students, force, notify)


def allowed_tiers(allow_unprotected: bool) -> tuple[str, ...]:
    """Return the accepted isolation tiers; allow_unprotected adds one that hides no file from student code."""
    return (*TIERS, "rlimits") if allow_unprotected else TIERS


def usable_cores() -> int:
    """Return the number of cores that this process may use, a sensible number of worker processes."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Batch:
    """Grades submissions of one lab, with the folders, database and options of nbgrader's configuration."""

    def __init__(
        self, settings: Autograde, lab: str, jobs: int, tiers: Sequence[str] = TIERS, work: str = WORK,
        draw_given: bool = False,
    ) -> None:  # fmt: skip
        """Store the settings; read and write nothing.

        settings: nbgrader's converter, which has the folders, the database and the options. jobs: the number of worker
        processes. tiers: accepted isolation tiers. work: the function for worker processes, as MODULE:FUNCTION.
        draw_given: draw the figures of given cells, too.
        """
        self._settings, self._coursedir, self._lab = settings, settings.coursedir, lab
        self._jobs, self._tiers, self._work, self._draw_given = jobs, tuple(tiers), work, draw_given
        self._submissions: dict[str, _Submission] = {}

    def grade(
        self, students: Sequence[str], force: bool, notify: Callable[[str], None] | None
    ) -> Iterator[GradedSubmission]:
        """Grade these students' submissions; yield each result as soon as it is known. Raises CourseError.

        students: their names. force: grade also unchanged submissions. notify: see `only_grader`.
        """
        put_environment_on_path()
        lab = self._read_lab()
        with (
            only_grader(self._folder("autograded", ".", "."), notify),
            GradebookWriter(self._settings, self._lab) as book,
        ):
            refused = {student: problem for student in students if (problem := self._refusal(student))}
            yield from (
                GradedSubmission(student, 0.0, 0.0, {}, problem=problem) for student, problem in refused.items()
            )
            accepted = [student for student in dict.fromkeys(students) if student not in refused]
            recorded = set() if force else book.known()
            unchanged = {student for student in accepted if student in recorded and self._is_graded(lab, student)}
            yield from (
                _graded_submission(student, book.standing(student), unchanged=True)
                for student in accepted
                if student in unchanged
            )
            pending = [student for student in accepted if student not in unchanged]
            with Pool(self._work, min(self._jobs, len(pending))) as pool:
                if pending:
                    register(self._coursedir, self._lab)
                for student, result in pool.each(pending, lambda student: self._read_submission(lab, student)):
                    yield self._save(book, student, result)

    def _read_lab(self) -> Job:
        """Return a job with the fields that all submissions of the lab share, and no student and files.

        Raises CourseError if the lab has no source notebook, or a damaged one, or needs a module that is not installed.
        """
        folder = self._folder("source", ".", self._lab)
        paths = [Path(file) for file in find_all_files(str(folder), self._coursedir.ignore)]
        files = {file.relative_to(folder): file.read_bytes() for file in paths}
        source_notebooks = {
            file.stem: data for file, data in files.items() if file.suffix == ".ipynb" and len(file.parts) == 1
        }
        if not source_notebooks:
            raise CourseError(f"{folder} has no notebook", f"build it: lab build {self._lab}")
        if missing_modules := optional_modules.missing(
            dict.fromkeys(module for data in source_notebooks.values() for module in optional_modules.needs_of(data))
        ):
            problem = f"nothing was graded: {self._lab} needs {optional_modules.absent(missing_modules)}"
            raise CourseError(problem, optional_modules.cure(missing_modules))
        data_files = {file.as_posix(): data for file, data in files.items() if file.suffix != ".ipynb"}
        hidden = (str(Path(self._coursedir.root).resolve()),)
        stubs = ReleaseStubs.of(self._settings.config)
        try:
            released = {name: released_texts(name, data, stubs) for name, data in source_notebooks.items()}
        except UnreadableError as error:
            raise CourseError(f"nothing was graded: in {folder}, {error.problem}", error.cure) from error
        return Job("", self._lab, (), source_notebooks, (), data_files, self._tiers, released, hidden, self._draw_given)

    def _read_submission(self, lab: Job, student: str) -> Job:
        """Return the job of a student's submission, and store what `_save` needs of it. lab: see `_read_lab`."""
        folder = self._folder("submitted", student, self._lab)
        files, repairs = collect(folder)
        timestamp = read_timestamp(folder, course_zone(self._settings))
        job = replace(lab, student=student, files=files, repairs=(*repairs, *timestamp.repairs))
        self._submissions[student] = _Submission(
            student, autograded_folder.fingerprint(job, timestamp.data), timestamp, job.repairs
        )
        return job

    def _is_graded(self, lab: Job, student: str) -> bool:
        """True if autograded/ holds the graded notebooks of exactly this submission. lab: see `_read_lab`."""
        self._read_submission(lab, student)
        folder = self._folder("autograded", student, self._lab)
        return autograded_folder.is_graded(folder, self._submissions.pop(student).fingerprint)

    def _save(self, book: GradebookWriter, student: str, result: SubmissionResult | JobFailure) -> GradedSubmission:
        """Write a worker's result to the gradebook and to autograded/; return the score, or the problem.

        Raises CourseError if the failure would hit all other submissions as well, and DatabaseError.
        """
        submission, folder = self._submissions.pop(student), self._folder("autograded", student, self._lab)
        if isinstance(result, JobFailure) and result.hopeless:
            raise CourseError(f"{self._lab} can't be graded here", result.problem)
        try:
            if isinstance(result, JobFailure) or result.problem:
                # Graded notebooks of another submission would mislead, so they go; a grade in the gradebook stays.
                if not autograded_folder.is_graded(folder, submission.fingerprint):
                    autograded_folder.discard(folder)
                problem = f"{student}'s {self._lab} could not be graded: {result.problem}"
                return GradedSubmission(student, 0.0, 0.0, {}, problem=problem)
            repairs = _sentences(submission.repairs, result.repairs)
            earlier = autograded_folder.answers(folder)
            # This order ensures that after an interruption at any point the next run grades the submission again; and
            # that it puts manual scores up for review, as it no longer knows which answers they were given for.
            autograded_folder.empty(folder)
            not_graded.remove_pages(self._folder("feedback", student, self._lab))
            same = {cell for cell, answer in _answers(result).items() if answer and answer == earlier.get(cell)}
            recorded = book.save(result, submission.timestamp.at, same)
            self._write(folder, result, submission, repairs)
        except OSError as error:
            return GradedSubmission(student, 0.0, 0.0, {}, problem=str(autograded_folder.unwritable(folder, error)))
        except DatabaseError:
            raise
        except CourseError as error:
            return GradedSubmission(student, 0.0, 0.0, {}, problem=str(error))
        graded = _graded_submission(
            student, recorded, repairs=_sentences(repairs, *(notebook.repairs for notebook in result.notebooks))
        )
        return replace(
            graded,
            notes=_reopened(recorded.reopened, bool(earlier)),
            about_lab=tuple(_sentences(*(notebook.scaled for notebook in result.notebooks))),
            missing_requirements=tuple(
                requirement for notebook in result.notebooks for requirement in notebook.missing_requirements
            ),
            undiagnosed=tuple(task for notebook in result.notebooks for task in notebook.undiagnosed),
        )

    def _write(self, folder: Path, result: SubmissionResult, submission: _Submission, repairs: Sequence[str]) -> None:
        """Write to autograded/: timestamp.txt, if it is valid, other files, and the graded notebooks. Raises OSError.

        repairs: sentences on the submission as a whole, which each notebook's metadata repeats.
        """
        mode = int(str(self._settings.permissions), 8)
        folder.mkdir(parents=True, exist_ok=True)
        if timestamp := submission.timestamp.for_nbgrader:
            autograded_folder.write_file(folder / autograded_folder.TIMESTAMP, timestamp, mode)
        autograded_folder.write_other_files(folder, result.other_files, mode)
        notebooks = {notebook.name: notebook.text for notebook in result.notebooks}
        about = {
            notebook.name: {
                "repairs": [*repairs, *_sentences(notebook.repairs)],
                "answers": {cell_grade.grade_id: cell_grade.answer for cell_grade in notebook.cell_grades},
            }
            for notebook in result.notebooks
        }
        autograded_folder.write(folder, notebooks, about, submission.fingerprint, mode)
        if self._coursedir.groupshared:
            self._settings.set_permissions(self._lab, submission.student)

    def _refusal(self, student: str) -> str:
        """Return why a student's folder can't be graded at all, by its name or its kind; "" if it can."""
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
        """Return nbgrader's folder for a step ("source", "submitted", "autograded"), a student and a lab."""
        return Path(self._coursedir.format_path(getattr(self._coursedir, f"{step}_directory"), student, lab))


@dataclass(frozen=True)
class _Submission:
    """The parts of a submission that the main process needs after a worker has graded it."""

    student: str
    fingerprint: str
    timestamp: Timestamp
    repairs: tuple[Repair, ...]


def _graded_submission(
    student: str, recorded: RecordedScore, unchanged: bool = False, repairs: Sequence[str] = ()
) -> GradedSubmission:
    """Return the GradedSubmission with the score in the gradebook."""
    return GradedSubmission(
        student, recorded.score, recorded.maximum, recorded.tasks, recorded.review, "", unchanged, tuple(repairs)
    )


def _answers(result: SubmissionResult) -> dict[tuple[str, str], str]:
    """Return the hashes of the answers of a submission, by notebook name and grade_id."""
    return {
        (notebook.name, cell_grade.grade_id): cell_grade.answer
        for notebook in result.notebooks
        for cell_grade in notebook.cell_grades
    }


def _reopened(cells: Sequence[str], is_known: bool) -> tuple[str, ...]:
    """Return a sentence on cells with a manual score that need review again; nothing if there are none.

    is_known: True if autograded/ still had the answers that were graded.
    """
    if not cells:
        return ()
    why = "the answer is another now" if is_known else "autograded/ no longer has the answer that was graded"
    return (f"Graded by hand before, and to be reviewed again, as {why}: {', '.join(cells)}.",)


def _sentences(*repairs: Sequence[Repair | str]) -> list[str]:
    """Return the sentences of all repairs in order, each once. repairs: sequences of repairs or of their sentences."""
    sentences = [repair if isinstance(repair, str) else repair.sentence for sequence in repairs for repair in sequence]
    return list(dict.fromkeys(sentences))
