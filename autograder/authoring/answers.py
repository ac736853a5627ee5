"""A lab's known answers: read them, and fill them into a released notebook, for tests and the simulated class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.lab_text import ANSWERS, LabText, without_markers
from autograder.authoring.percent import read_answers, read_lab

ABOUT = ("variant", "mistake", "score", "equivalent")
"""Cell attributes in an answers file that set the fields of a KnownAnswer."""
WRITTEN = "Here a student would answer in their own words."
"""Placeholder for a student's written answer."""


@dataclass(frozen=True)
class KnownAnswer:
    """A known answer to one task."""

    task: str
    source: str
    variant: str = ""
    """Name of the way in which this right answer differs from the solution; "" for a mistake or an equivalent."""
    mistake: str = ""
    """Name of the mistake in this answer; "" for a variant or an equivalent."""
    score: float = 0.0
    """Points that the grader must give for the mistake; 0 for a variant or an equivalent."""
    equivalent: str = ""
    """Why this mutant of the solution is right although one thing in it was changed blindly.

    "" for a variant and a mistake.
    """

    @property
    def name(self) -> str:
        """Return the task and the variant, mistake or equivalent of the answer, for messages."""
        return f"{self.task}: {self.variant or self.mistake or self.equivalent}"


@dataclass(frozen=True)
class KnownAnswers:
    """All known answers to the tasks of one notebook."""

    lab: LabText
    solutions: Mapping[str, str]
    """By task: the instructor's code without markers, or a placeholder for a written answer."""
    others: tuple[KnownAnswer, ...]
    """The answers in the answers file: variants, mistakes and equivalents."""

    @property
    def variants(self) -> list[KnownAnswer]:
        """Return the right answers that differ from the solution."""
        return [answer for answer in self.others if answer.variant]

    @property
    def mistakes(self) -> list[KnownAnswer]:
        """Return the answers with a known mistake."""
        return [answer for answer in self.others if answer.mistake]

    @property
    def equivalents(self) -> list[KnownAnswer]:
        """Return the mutants of the solution that are right."""
        return [answer for answer in self.others if answer.equivalent]


def known_answers(text: Path) -> KnownAnswers:
    """Return the known answers to a notebook, from its lab text and the answers file beside it, if there is one.

    Raises LabError.
    """
    lab = read_lab(text)
    file = text.with_name(text.stem + ANSWERS)
    others = tuple(
        KnownAnswer(cell.id, cell.source, **{key: value for key, value in cell.attributes.items() if key in ABOUT})
        for cell in (read_answers(file, lab) if file.exists() else ())
    )
    solutions = {cell.id: without_markers(cell.source) for cell in lab.cells if cell.kind == "solution"}
    # The model answer is not used, since it contains the rubric, which only graders see.
    solutions |= {cell.id: WRITTEN for cell in lab.cells if cell.kind == "answer"}
    return KnownAnswers(lab, solutions, others)


def fill_in(released: Path, answers: Mapping[str, str]) -> NotebookNode:
    """Return a released notebook with the answers, given by task, in place of its stubs."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        nbgrader_metadata = cell.metadata.get("nbgrader", {})
        if nbgrader_metadata.get("solution") and nbgrader_metadata["grade_id"] in answers:
            cell.source = answers[nbgrader_metadata["grade_id"]]
    return notebook


def solved_answers(known: KnownAnswers, replaced: Iterable[KnownAnswer] = ()) -> dict[str, str]:
    """Return the instructor's answers by task, with each of `replaced` in place of the solution of its task."""
    return {**known.solutions, **{answer.task: answer.source for answer in replaced}}
