"""Data classes of grading: the job of a submission, the plan of a notebook, and their results.

The main process sends jobs to worker processes and writes the results that they return. In a worker process, intake
makes a plan and the sandbox runs its cells.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.grading.score_record import sound_points


@dataclass(frozen=True)
class SubmittedFile:
    """One file of a submission."""

    name: str
    """Its path below the submission's folder; for a member of an archive, `archive.zip/member.ipynb`."""
    data: bytes
    is_whole: bool = True
    """False if only the beginning was read: the file is no notebook, and of a kind or size that nobody else sees."""


@dataclass(frozen=True)
class Repair:
    """One change to a submission before grading: a correction, or a part left out."""

    name: str
    """Its name in the table of repairs, REPAIRS."""
    sentence: str
    """A sentence to the student on the change."""


@dataclass(frozen=True)
class PlannedCell:
    """One cell of the notebook that the grader runs and grades."""

    kind: str
    """solution, test, answer, locked, code or prose for a source cell; extra for a further cell of the student's."""
    is_code: bool
    source: str
    """The student's text in a solution, an answer and an extra cell; the instructor's in all others."""
    cell_id: str
    """The source notebook's cell id; for an extra cell, an id that no other cell has."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """The source notebook's cell metadata; empty for an extra cell."""
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Pictures in Markdown, by name and type, as base64."""
    untouched: bool = False
    """True if an answer is missing or equals the released text."""

    @property
    def grade_id(self) -> str:
        """Return nbgrader's id of the cell; "" if it has none."""
        return str(self.metadata.get("nbgrader", {}).get("grade_id", ""))

    @property
    def bonus(self) -> float:
        """Return the points that the cell may earn beyond those that count for the lab."""
        return float(self.metadata.get("autograder", {}).get("bonus", 0))

    @property
    def full_points(self) -> float | None:
        """Return the points that the cell may earn, its bonus included; None if its metadata has no valid number."""
        points = sound_points(self.metadata.get("nbgrader", {}).get("points"), sys.float_info.max)
        return None if points is None else points + self.bonus


@dataclass(frozen=True)
class GradingPlan:
    """The notebook that the grader runs and grades: the source notebook's cells with the student's answers in them."""

    notebook: str
    """The notebook's name, without `.ipynb`."""
    parts: tuple[PlannedCell, ...]
    metadata: Mapping[str, Any]
    """The source notebook's metadata."""
    repairs: tuple[Repair, ...] = ()

    @cached_property
    def _answers(self) -> Mapping[str, str]:
        """By grade_id, a hash of each answer: its text and pictures, and those of the student's own cells below it."""
        hashes, current = {}, None
        for part in self.parts:
            if part.kind in ("solution", "answer"):
                current = hashes[part.grade_id] = hashlib.sha256()
            elif part.kind != "extra":
                current = None
            if current is not None:
                content = [part.source, {name: dict(kinds) for name, kinds in part.attachments.items()}]
                current.update(json.dumps(content, sort_keys=True).encode() + b"\n")
        return {grade_id: answer.hexdigest() for grade_id, answer in hashes.items()}

    def answer_of(self, grade_id: str) -> str:
        """Return a hash of the answer that a graded cell is about: for a test its task's, or else all answers'."""
        answers = self._answers
        return answers.get(grade_id) or answers.get(grade_id.removeprefix("test_")) or "|".join(answers.values())


@dataclass(frozen=True)
class CellGrade:
    """The points of one graded cell."""

    grade_id: str
    points: float | None
    """None if a person has to give the points: for a written answer, or a test without a valid score record."""
    review: bool = False
    """True if the cell needs manual review."""
    bonus: float = 0.0
    """Points that the cell may earn beyond its maximum in the gradebook: those of an optional exercise."""
    answer: str = ""
    """A hash of the answer that the points are for; "" if it is unknown."""


@dataclass(frozen=True)
class GradedNotebook:
    """One graded notebook of a submission."""

    name: str
    text: str
    """The notebook as JSON, with outputs, messages and rubrics, for the folder autograded/."""
    cell_grades: tuple[CellGrade, ...]
    untouched: tuple[str, ...] = ()
    """The grade_ids of answers that are missing or equal the released text."""
    repairs: tuple[Repair, ...] = ()
    scaled: tuple[str, ...] = ()
    """Sentences to the instructor on test cells that count other points than their hidden tests give."""
    missing_requirements: tuple[str, ...] = ()
    """The modules, and the version of Python, that its cells need and this machine lacks."""
    undiagnosed: tuple[str, ...] = ()
    """The tasks whose mistakes could not be named, because that took too long or failed."""


@dataclass(frozen=True)
class Job:
    """The input to the grading of one submission."""

    student: str
    lab: str
    files: tuple[SubmittedFile, ...]
    source_notebooks: Mapping[str, bytes]
    """The source notebooks, by name without `.ipynb`."""
    repairs: tuple[Repair, ...] = ()
    """Repairs from reading the submission's folder and its timestamp."""
    data_files: Mapping[str, bytes] = field(default_factory=dict)
    """The lab's data files, by name; student code may read them."""
    tiers: tuple[str, ...] = ("namespaces", "landlock")
    """Accepted isolation tiers; the grader uses the first that works on this machine."""
    released: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The text of each cell in the release, by notebook; a notebook that is missing has nbgrader's own stubs."""
    hidden: tuple[str, ...] = ()
    """Folders that student code may not read, at any path: the course's."""
    draw_given: bool = False
    """True to draw the figures of given cells, too; False to draw only those of the student's own cells."""


@dataclass(frozen=True)
class SubmissionResult:
    """The graded notebooks of one submission, or the problem that prevented any."""

    student: str
    lab: str
    notebooks: tuple[GradedNotebook, ...]
    repairs: tuple[Repair, ...] = ()
    """Repairs of the submission as a whole."""
    problem: str = ""
    """Why no notebook could be graded; "" if at least one was."""
    other_files: tuple[SubmittedFile, ...] = ()
    """Pictures, texts and tables of the student's for the folder autograded/, by their paths in it."""
