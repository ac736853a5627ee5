"""Builds the graded notebook for autograded/: a plan's cells with outputs, messages, rubrics and score records."""

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
    extract_embedded_pictures,
    safe_attachments,
    safe_markdown,
    safe_outputs,
)
from autograder.sandbox.host.client import CellResult

NO_SCORE = "This check could not be finished. It costs you nothing yet: a person will look at it."


@dataclass(frozen=True)
class CellOutcome:
    """The outputs of one cell, and the result of its hidden test."""

    ran: CellResult | None = None
    """None for Markdown."""
    verdict: HiddenTestResult | None = None
    """The result of a test cell's hidden region; None for other cells."""


def graded_notebook_json(plan: GradingPlan, outcomes: Sequence[CellOutcome], master: bytes) -> str:
    """Return the graded notebook as JSON. master: the instructor's notebook, which has the rubrics."""
    rubrics = {cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"): _text(cell["source"])
               for cell in json.loads(master)["cells"]}  # fmt: skip
    notebook = new_notebook(metadata=_plain(plan.metadata))
    count, taken = 0, {part.grade_id for part in plan.parts}
    for part, outcome in zip(plan.parts, outcomes, strict=True):
        count += part.is_code
        notebook.cells.append(_code(part, outcome, count) if part.is_code else _markdown(part, taken))
        if part.kind == "answer" and (rubric := rubrics.get(part.grade_id)):
            notebook.cells.append(_rubric(part, rubric))
    text: str = nbformat.writes(notebook)
    return text


def _markdown(part: PlannedCell, taken: Collection[str]) -> NotebookNode:
    """Return a Markdown cell; a student's is sanitised. taken: names that no heading of a student's may have."""
    source, attachments = part.source, part.attachments
    if part.kind in ("answer", "extra"):
        source, attachments = extract_embedded_pictures(source, attachments)
        attachments = safe_attachments(attachments)
        source = safe_markdown(source, attachments, taken)
    cell = new_markdown_cell(source, id=part.cell_id, metadata=_plain(part.metadata))
    if attachments:
        cell.attachments = _plain(attachments)
    return cell


def _code(part: PlannedCell, outcome: CellOutcome, count: int) -> NotebookNode:
    source = escape_control_characters(part.source) if part.kind in ("solution", "extra") else part.source
    cell = new_code_cell(source, id=part.cell_id, metadata=_plain(part.metadata), execution_count=count)
    ran = outcome.ran
    if ran is not None:
        cell.outputs += safe_outputs(list(ran.outputs))
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
        if ran.problem:
            cell.outputs.append(_said(f"This cell did not finish: {ran.problem}\n", "stderr"))
    if outcome.verdict is not None:
        cell.metadata["autograder"] = {**cell.metadata.get("autograder", {}), **_record(outcome.verdict)}
        cell.outputs += _message(outcome.verdict, count)
    return cell


def _record(verdict: HiddenTestResult) -> Mapping[str, Any]:
    """Return the metadata for programs: the score record, or the fault of a test without one."""
    return {"score": verdict.score.record()} if verdict.score else {"failed": verdict.problem}


def _message(verdict: HiddenTestResult, count: int) -> list[NotebookNode]:
    """Return the message for the student, then one plain number for readers of stock nbgrader."""
    if verdict.score is None:
        return [_said(f"{verdict.message}{NO_SCORE}\n")]
    record = {"text/plain": repr(verdict.score), MIME: verdict.score.record()}
    said = safe_outputs([{"output_type": "stream", "name": "stdout", "text": verdict.message}])
    return [*said, new_output("execute_result", data=record, execution_count=count)]


def _said(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def _rubric(part: PlannedCell, rubric: str) -> NotebookNode:
    """Return a cell with the instructor's model answer and rubric, which Formgrader shows under a written answer."""
    if bonus := part.metadata.get("autograder", {}).get("bonus"):
        # Formgrader's box for the score takes at most the maximum of this cell in the gradebook, which is 0.
        where = f"**Bonus**, up to {bonus:g}: put 0 into the box for the score, the points into that for extra credit."
        rubric = f"{where}\n\n{rubric}"
    text = f"---\n**For the grader** (students never see this)\n\n{rubric}\n\n---"
    return new_markdown_cell(text, id=f"rubric-{part.cell_id}"[:64], metadata={"autograder": {"rubric": True}})


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _plain(value: Any) -> Any:
    """Return a copy made of JSON's types."""
    return nbformat.from_dict(json.loads(json.dumps(value, default=dict)))
