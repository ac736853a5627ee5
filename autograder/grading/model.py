"""Data of grading: intake makes a plan, a worker process runs it, one process writes the results.

`Job` and `SubmissionResult` cross between processes; all of these are frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SubmittedFile:
    """One file of a submission."""

    name: str
    """The path below the submission's folder; of a member of an archive `archive.zip/member.ipynb`."""
    data: bytes


@dataclass(frozen=True)
class Repair:
    """A fault of a submission that intake repaired, or a part that it left out, before grading."""

    name: str
    """The name in the table of repairs."""
    says: str
    """A sentence to the student about the repair."""


@dataclass(frozen=True)
class PlannedCell:
    """One cell of the notebook to grade."""

    kind: str
    """solution, test, answer, locked, code or prose as the instructor wrote it; extra for a cell of the student's."""
    is_code: bool
    source: str
    """The student's text for a solution, an answer and an extra cell; the instructor's for all others."""
    cell_id: str
    """The instructor's id; for an extra cell one that no other cell has."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """The instructor's metadata; empty for an extra cell."""
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Pictures of a Markdown cell, by name and media type, in base64."""
    untouched: bool = False
    """True if an answer is missing or as released."""

    @property
    def grade_id(self) -> str:
        """The id under which nbgrader stores the cell; empty where it stores none."""
        return str(self.metadata.get("nbgrader", {}).get("grade_id", ""))


@dataclass(frozen=True)
class GradingPlan:
    """The notebook to run and grade: the instructor's, with the student's answers and extra cells."""

    notebook: str
    """The notebook's name, without `.ipynb`."""
    parts: tuple[PlannedCell, ...]
    metadata: Mapping[str, Any]
    """The instructor's metadata."""
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class CellGrade:
    """The points of one graded cell."""

    grade_id: str
    points: float | None
    """None where a person decides: for a written answer, and for a test without a valid score record."""
    review: bool = False
    """True if a person has to review the cell."""
    bonus: float = 0.0
    """Points of an optional exercise, beyond the maximum that the gradebook stores."""


@dataclass(frozen=True)
class GradedNotebook:
    """One notebook of a submission, graded."""

    name: str
    text: str
    """The notebook as JSON with outputs, messages and rubrics, as autograded/ stores it."""
    marks: tuple[CellGrade, ...]
    untouched: tuple[str, ...] = ()
    """The grade_ids of answers that are missing or as released."""
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Job:
    """Everything that grading one submission depends on; sent to a worker process."""

    student: str
    lab: str
    files: tuple[SubmittedFile, ...]
    masters: Mapping[str, bytes]
    """The instructor's notebooks, by name without `.ipynb`."""
    repairs: tuple[Repair, ...] = ()
    """Repairs that reading the folder has made."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """The lab's data files by name; student code may read them."""
    tiers: tuple[str, ...] = ("namespaces", "landlock")
    """Isolation tiers that the course accepts; the first that works on this machine is taken."""
    stubs: tuple[str, str] | None = None
    """The course's stubs for code and text, which a release has in place of answers; None for nbgrader's defaults."""
    hidden: tuple[str, ...] = ()
    """Folders that student code must not read: those of the course."""
    draw_given: bool = False
    """True to draw the figures of given cells too, not only those of the student's own cells."""


@dataclass(frozen=True)
class SubmissionResult:
    """The result of grading one submission; sent back by a worker process."""

    student: str
    lab: str
    notebooks: tuple[GradedNotebook, ...]
    repairs: tuple[Repair, ...] = ()
    """Repairs of the submission as a whole."""
    problem: str = ""
    """Why no notebook of it could be graded; empty otherwise."""
