"""Notebooks for the tests of intake: the released labs with answers, and a small lab written out here."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring.answers import KnownAnswers, fill_in, known_answers, solved_answers
from autograder.authoring.lab_text import ANSWERS
from autograder.grading.intake import ReleaseStubs, SourceNotebook, rebuild, released_texts
from autograder.grading.model import GradingPlan, PlannedCell, SubmittedFile

ROOT = Path(__file__).parents[3]
TEXTS = sorted(text for text in (ROOT / "notebooks").glob("*/*.py") if not text.name.endswith(ANSWERS))
TODO = "raise NotImplementedError('your turn')"
STUBS = ReleaseStubs(f"# Your turn\n{TODO}", "*Your answer.*")

Json = dict[str, Any]


@dataclass(frozen=True)
class Lab:
    """One notebook of a lab: the source notebook, the path of the release, and the known answers."""

    source_notebook: SourceNotebook
    released: Path
    known: KnownAnswers

    def answered(self, answers: Mapping[str, str]) -> Json:
        """Return the released notebook with these answers, as JSON."""
        notebook: Json = copy.deepcopy(_plain(fill_in(self.released, answers)))
        return notebook

    def right(self) -> Mapping[str, str]:
        """Return a right answer to each task; every written answer has a different text."""
        answers = solved_answers(self.known)
        written = {cell.part.grade_id for cell in self.source_notebook.cells if cell.part.kind == "answer"}
        return {task: f"My words about {task}." if task in written else text for task, text in answers.items()}

    def varied(self) -> Mapping[str, str]:
        """Return right answers to all tasks, as variants of the answers file where there are any."""
        return {**self.right(), **{answer.task: answer.source for answer in self.known.variants}}


@functools.cache
def lab(text: Path) -> Lab:
    """Return a lab's notebook, from the path of its lab text."""
    folder, name = text.parent.name, text.stem
    source = (ROOT / "source" / folder / f"{name}.ipynb").read_bytes()
    released = ROOT / "release" / folder / f"{name}.ipynb"
    source_notebook = SourceNotebook.read(name, source, released_texts(name, source, course_stubs()))
    return Lab(source_notebook, released, known_answers(text))


@functools.cache
def course_stubs() -> ReleaseStubs:
    """Return the stubs that this course's configuration sets."""
    from autograder.course import Course

    return ReleaseStubs.of(Course(ROOT).nbgrader_config())


def _plain(notebook: Any) -> Any:
    """Return a notebook as plain JSON values."""
    return json.loads(json.dumps(notebook))


def cell(kind: str, source: str, grade_id: str = "", **more: Any) -> Json:
    """Return a cell as `lab build` writes it.

    kind: the cell's kind in a lab text, or "prose" or "code". more: further keys of the cell.
    """
    flags = {
        "solution": (False, True), "test": (True, False), "answer": (True, True), "locked": (False, False)
    }  # fmt: skip
    metadata: Json = {}
    if kind in flags:
        grade, is_solution = flags[kind]
        metadata["nbgrader"] = {
            "grade_id": grade_id, "grade": grade, "solution": is_solution, "locked": not is_solution, "points": 1,
            "schema_version": 3, "task": False,
        }  # fmt: skip
    is_text = kind in ("prose", "answer")
    new_cell: Json = {"cell_type": "markdown" if is_text else "code", "source": source, "metadata": metadata}
    new_cell |= {} if is_text else {"outputs": [], "execution_count": None}
    return new_cell | ({"id": grade_id} if grade_id else {}) | more


def extra(source: str, cell_type: str = "code", **more: Any) -> Json:
    """Return a cell that a student added."""
    return {"cell_type": cell_type, "source": source, "metadata": {}, "outputs": [], **more}


def notebook(cells: Sequence[Json], **more: Any) -> Json:
    """Return a notebook with these cells."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}


INSTRUCTOR = (
    cell("prose", "# Numbers", id="prose-00000001"),
    cell("locked", "import math", "imports"),
    cell("solution", "# task: first\n### BEGIN SOLUTION\na = 1\nb = 2\n### END SOLUTION", "first"),
    cell("test", "assert a == 1\n### BEGIN HIDDEN TESTS\nassert b == 2\n### END HIDDEN TESTS", "test_first"),
    cell("code", "print(a, b)", id="code-00000002"),
    cell("prose", "## In words\n\nWhy?", id="prose-00000003"),
    cell("answer", "Because (1 point).", "why"),
    cell("prose", "## A function", id="prose-00000004"),
    cell("solution", "# task: second\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION", "second"),
    cell("test", "assert f(1)", "test_second"),
    cell("prose", "Done.", id="prose-00000005"),
)  # fmt: skip
"""Cells of the small lab's source notebook."""

RELEASED = (
    INSTRUCTOR[0], INSTRUCTOR[1],
    cell("solution", f"# task: first\n# Your turn\n{TODO}", "first"),
    cell("test", "assert a == 1", "test_first"),
    INSTRUCTOR[4], INSTRUCTOR[5],
    cell("answer", "*Your answer.*", "why"),
    INSTRUCTOR[7],
    cell("solution", f"# task: second\ndef f(x):\n    # Your turn\n    {TODO}", "second"),
    INSTRUCTOR[9], INSTRUCTOR[10],
)  # fmt: skip
"""Cells of the small lab's release."""

FIRST, WHY, SECOND = 2, 6, 8
ANSWERED = {FIRST: "# task: first\na = 10\nb = 20", WHY: "Mine.", SECOND: "# task: second\ndef f(x):\n    return x"}
"""Answers to the small lab's tasks, by index of the cell."""


def small() -> SourceNotebook:
    """Return the small lab's source notebook, as intake reads it."""
    data = json.dumps(notebook(INSTRUCTOR)).encode()
    return SourceNotebook.read("small", data, released_texts("small", data, STUBS))


def handed_in(answers: Mapping[int, str] = ANSWERED) -> list[Json]:
    """Return the cells of a submission of the small lab. answers: by index of the cell."""
    cells = copy.deepcopy(list(RELEASED))
    for index, source in answers.items():
        cells[index]["source"] = source
    return cells


def plan_of(cells: Sequence[Json] | Json, source_notebook: SourceNotebook | None = None) -> GradingPlan:
    """Return the grading plan that intake makes of these cells, or of a whole notebook."""
    whole = cells if isinstance(cells, dict) else notebook(cells)
    return rebuild(source_notebook or small(), SubmittedFile("small.ipynb", json.dumps(whole).encode()))


def part(plan: GradingPlan, grade_id: str) -> PlannedCell:
    """Return the only part of a plan with this grade_id."""
    (planned_cell,) = (part for part in plan.parts if part.grade_id == grade_id)
    return planned_cell


def names(plan: GradingPlan) -> list[str]:
    """Return the names of a plan's repairs."""
    return [repair.name for repair in plan.repairs]


def repair_sentence(plan: GradingPlan, name: str) -> str:
    """Return the sentence of the plan's only repair with this name."""
    (sentence,) = (repair.sentence for repair in plan.repairs if repair.name == name)
    return sentence


def bare(cells: Sequence[Json]) -> list[Json]:
    """Return the cells without metadata and ids."""
    return [{key: value for key, value in each.items() if key != "id"} | {"metadata": {}} for each in cells]
