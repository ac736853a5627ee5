"""What is graded and what came of it, as data: intake makes a plan, the sandbox runs it, one process writes results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SubmittedFile:
    """One file that a student handed in."""

    name: str
    """Its path below the submission's folder; of a member of an archive, `archive.zip/member.ipynb`."""
    data: bytes


@dataclass(frozen=True)
class Repair:
    """Something about a submission that was put right, or left out, before it was graded."""

    name: str
    """Its name in the table of repairs."""
    says: str
    """What was done, in a sentence to the student."""


@dataclass(frozen=True)
class PlannedCell:
    """One cell of the notebook that is graded."""

    kind: str
    """solution, test, answer, locked, code or prose as the instructor wrote it; extra for a cell of the student's."""
    is_code: bool
    source: str
    """The student's text in a solution, an answer and an extra cell; the instructor's in all others."""
    cell_id: str
    """The instructor's; of an extra cell one that no other cell has."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """The instructor's; empty for an extra cell."""
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Pictures in Markdown, by name and type, as base64."""
    untouched: bool = False
    """Whether an answer is what was released, or missing."""

    @property
    def grade_id(self) -> str:
        """The id under which nbgrader keeps the cell; empty where it keeps none."""
        return str(self.metadata.get("nbgrader", {}).get("grade_id", ""))


@dataclass(frozen=True)
class GradingPlan:
    """A student's notebook, rebuilt from the instructor's: what is run and graded."""

    notebook: str
    """The notebook's name, without `.ipynb`."""
    parts: tuple[PlannedCell, ...]
    metadata: Mapping[str, Any]
    """The instructor's."""
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class CellGrade:
    """What one graded cell earned."""

    grade_id: str
    points: float | None
    """None where a person has to say: a written answer, a test without a sound score record."""
    review: bool = False
    """Whether a person has to look at it."""
    bonus: float = 0.0
    """How many points it may earn beyond the maximum that the gradebook knows: those of an optional exercise."""


@dataclass(frozen=True)
class GradedNotebook:
    """One notebook of a submission, graded."""

    name: str
    text: str
    """The notebook as JSON, with outputs, messages and rubrics: what autograded/ keeps."""
    marks: tuple[CellGrade, ...]
    untouched: tuple[str, ...] = ()
    """The grade_ids of answers that nobody wrote anything into."""
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Job:
    """All that grading one submission depends on."""

    student: str
    lab: str
    files: tuple[SubmittedFile, ...]
    masters: Mapping[str, bytes]
    """The instructor's notebooks, by name without `.ipynb`."""
    repairs: tuple[Repair, ...] = ()
    """What was found on the way from the disk."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """The lab's own data files, by name: what student code may read."""
    tiers: tuple[str, ...] = ("namespaces", "landlock")
    """Which isolation will do; the first that the machine offers is taken."""
    stubs: tuple[str, str] | None = None
    """What the course's release has in place of solutions and written answers; None for nbgrader's own."""
    hidden: tuple[str, ...] = ()
    """Folders that student code must not see, wherever they lie: the course's."""
    draw_given: bool = False
    """Whether the figures of given cells are drawn, too, and not only those of the student's own cells."""


@dataclass(frozen=True)
class SubmissionResult:
    """What became of one submission."""

    student: str
    lab: str
    notebooks: tuple[GradedNotebook, ...]
    repairs: tuple[Repair, ...] = ()
    """Those that are about the submission as a whole."""
    problem: str = ""
    """Why nothing of it could be graded; empty where something was."""
