"""A lab's known answers: puts them into a released notebook as a student would, for tests and the simulated class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.lab_text import ANSWERS, LabText, without_markers
from autograder.authoring.percent import read_answers, read_lab

ABOUT = ("variant", "mistake", "score", "equivalent")
"""Attributes of a cell that say what is special about an answer."""
WRITTEN = "Here a student would answer in their own words."


@dataclass(frozen=True)
class KnownAnswer:
    """A known answer to one task."""

    task: str
    source: str
    variant: str = ""
    """The name of a variant, another correct way; empty for other answers."""
    mistake: str = ""
    """The name of its mistake; empty for other answers."""
    score: float = 0.0
    """Points that a mistake must get."""
    equivalent: str = ""
    """Why this mutant of the solution is correct; empty for variants and mistakes."""

    @property
    def name(self) -> str:
        """Task and what is special about the answer, for people."""
        return f"{self.task}: {self.variant or self.mistake or self.equivalent}"


@dataclass(frozen=True)
class KnownAnswers:
    """The solution and all known answers of one notebook."""

    lab: LabText
    solutions: Mapping[str, str]
    """The instructor's code, without its markers, and a placeholder for each written answer, by task."""
    others: tuple[KnownAnswer, ...]

    @property
    def variants(self) -> list[KnownAnswer]:
        """Answers that are right in another way."""
        return [answer for answer in self.others if answer.variant]

    @property
    def mistakes(self) -> list[KnownAnswer]:
        """Answers that are wrong in a known way."""
        return [answer for answer in self.others if answer.mistake]

    @property
    def equivalents(self) -> list[KnownAnswer]:
        """Mutants of the solution that are as right as it is."""
        return [answer for answer in self.others if answer.equivalent]


def known_answers(text: Path) -> KnownAnswers:
    """Read the answers to a lab's notebook from its text and the answers file beside it. Raises LabError."""
    lab = read_lab(text)
    file = text.with_name(text.stem + ANSWERS)
    others = tuple(
        KnownAnswer(cell.id, cell.source, **{key: value for key, value in cell.attributes.items() if key in ABOUT})
        for cell in (read_answers(file, lab) if file.exists() else ())
    )
    solutions = {cell.id: without_markers(cell.source) for cell in lab.cells if cell.kind == "solution"}
    # Not the model answer: it carries the rubric, which only graders see.
    solutions |= {cell.id: WRITTEN for cell in lab.cells if cell.kind == "answer"}
    return KnownAnswers(lab, solutions, others)


def fill_in(released: Path, answers: Mapping[str, str]) -> NotebookNode:
    """Return a released notebook with these answers, by task, in place of its stubs."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution") and about["grade_id"] in answers:
            cell.source = answers[about["grade_id"]]
    return notebook


def solved_answers(known: KnownAnswers, replaced: Iterable[KnownAnswer] = ()) -> dict[str, str]:
    """Return the instructor's answers, some of them replaced."""
    return {**known.solutions, **{answer.task: answer.source for answer in replaced}}
