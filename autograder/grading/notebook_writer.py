"""Build the graded notebook: a plan's cells with their outputs, messages, rubrics and score records.

Runs in a worker process.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.checks.score import MIME
from autograder.grading.hidden_tests import HiddenTestResult
from autograder.grading.model import GradingPlan, PlannedCell
from autograder.grading.pages import (
    escape_control_characters,
    safe_markdown,
    safe_outputs,
)
from autograder.sandbox.host.client import CellResult

NO_SCORE = "This check could not be finished. It costs you nothing yet: a person will look at it."
"""Message to the student if a hidden test gives no score."""

PERSON = "a person will look at this check, and may give more points."
"""The rest of a sentence on what the grading machine lacked."""


@dataclass(frozen=True)
class CellOutcome:
    """The result of running one planned cell."""

    cell_result: CellResult | None = None
    """None for Markdown."""
    test_result: HiddenTestResult | None = None
    """The result of a test cell's hidden test; None for other cells."""
    missing_requirement: str = ""
    """A sentence on what this machine lacked where the hidden test's score lost points; "" if that was nothing."""


def graded_notebook_json(plan: GradingPlan, outcomes: Sequence[CellOutcome], source_notebook: bytes) -> str:
    """Return the graded notebook as JSON.

    outcomes: one for each cell of the plan. source_notebook: the source notebook's file, which has the rubrics.
    """
    rubrics = {cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"): _joined_source(cell["source"])
               for cell in json.loads(source_notebook)["cells"]}  # fmt: skip
    notebook = new_notebook(metadata=_plain_copy(plan.metadata))
    count, grade_ids = 0, {part.grade_id for part in plan.parts}
    for part, outcome in zip(plan.parts, outcomes, strict=True):
        count += part.is_code
        notebook.cells.append(_code_cell(part, outcome, count) if part.is_code else _markdown_cell(part, grade_ids))
        if part.kind == "answer" and (rubric := rubrics.get(part.grade_id)):
            notebook.cells.append(_rubric_cell(part, rubric))
    text: str = nbformat.writes(notebook)
    return text


def _markdown_cell(part: PlannedCell, grade_ids: Collection[str]) -> NotebookNode:
    """Return a Markdown cell; a student's Markdown is made safe first.

    grade_ids: names that a student's heading may not have, because Formgrader gives them to its score boxes.
    """
    source, attachments = part.source, part.attachments
    if part.kind in ("answer", "extra"):
        source = safe_markdown(source, attachments, grade_ids)
    cell = new_markdown_cell(source, id=part.cell_id, metadata=_plain_copy(part.metadata))
    if attachments:
        cell.attachments = _plain_copy(attachments)
    return cell


def _code_cell(part: PlannedCell, outcome: CellOutcome, count: int) -> NotebookNode:
    """Return a code cell with its outputs and, for a test cell, its score record. count: the execution count."""
    source = escape_control_characters(part.source) if part.kind in ("solution", "extra") else part.source
    cell = new_code_cell(source, id=part.cell_id, metadata=_plain_copy(part.metadata), execution_count=count)
    cell_result = outcome.cell_result
    if cell_result is not None:
        cell.outputs += safe_outputs(list(cell_result.outputs))
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
        if cell_result.problem:
            cell.outputs.append(_stream_output(f"This cell did not finish: {cell_result.problem}\n", "stderr"))
    if outcome.test_result is not None:
        cell.metadata["autograder"] = {**cell.metadata.get("autograder", {}), **_score_metadata(outcome.test_result)}
        cell.outputs += _score_outputs(outcome.test_result, count)
        if outcome.missing_requirement:
            cell.outputs.insert(-1, _stream_output(f"{outcome.missing_requirement}: {PERSON}\n"))
    return cell


def _score_metadata(test_result: HiddenTestResult) -> Mapping[str, Any]:
    """Return the metadata for programs: the score record, or the hidden test's problem for the instructor."""
    return {"score": test_result.score.record()} if test_result.score else {"failed": test_result.problem}


def _score_outputs(test_result: HiddenTestResult, count: int) -> list[NotebookNode]:
    """Return the outputs for people: the message, then the score, which nbgrader reads as a plain number.

    Without a score there is only the message, with NO_SCORE at its end. count: the execution count.
    """
    if test_result.score is None:
        return [_stream_output(f"{test_result.message}{NO_SCORE}\n")]
    record = {"text/plain": repr(test_result.score), MIME: test_result.score.record()}
    outputs = safe_outputs([{"output_type": "stream", "name": "stdout", "text": test_result.message}])
    return [*outputs, new_output("execute_result", data=record, execution_count=count)]


def _stream_output(text: str, name: str = "stdout") -> NotebookNode:
    """Return a text as output of the stream with this name."""
    return new_output("stream", name=name, text=text)


def _rubric_cell(part: PlannedCell, rubric: str) -> NotebookNode:
    """Return a cell with the instructor's model answer and rubric, which Formgrader shows below the written answer."""
    if bonus := part.metadata.get("autograder", {}).get("bonus"):
        # Formgrader's score box takes no more than the cell's maximum in the gradebook, which is 0 for a bonus.
        instruction = (
            f"**Bonus**, up to {bonus:g}: put 0 into the box for the score, the points into that for extra credit."
        )
        rubric = f"{instruction}\n\n{rubric}"
    text = f"---\n**For the grader** (students never see this)\n\n{rubric}\n\n---"
    return new_markdown_cell(text, id=f"rubric-{part.cell_id}"[:64], metadata={"autograder": {"rubric": True}})


def _joined_source(source: str | list[str]) -> str:
    """Return a cell's source as one text; a notebook file may have it as a list of lines."""
    return source if isinstance(source, str) else "".join(source)


def _plain_copy(value: Any) -> Any:
    """Return a deep copy as NotebookNodes, with every object that JSON lacks converted by dict()."""
    return nbformat.from_dict(json.loads(json.dumps(value, default=dict)))
