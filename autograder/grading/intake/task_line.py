"""The line in a solution that names its task: put back where it was deleted, taken out where it belongs to another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from autograder.grading.intake.defined_names import MAX_PARSED, parsed
from autograder.grading.intake.student_notebook import Cell
from autograder.sandbox.guest.port import task_line

MOST_MERGED = 100
"""Answers that are looked for in cells of others."""


def with_task_line(source: str, task: str) -> str:
    """A solution's text with the comment that names its task, if the student deleted it."""
    line = task_line(task)
    if line in source.splitlines():
        return source
    # A cell magic must stay the first line; blank lines above it don't count.
    magic, _, rest = source.lstrip().partition("\n") if source.lstrip().startswith("%%") else ("", "", source)
    return "\n".join([magic, line, rest] if magic else [line, rest])


def without_task_lines(source: str, lines: Collection[str], keep: str = "") -> str:
    """A text without the lines that name tasks; of one of them the first stays."""
    kept = []
    for text in source.split("\n"):
        line = text.strip()
        if line not in lines:
            kept.append(text)
        elif line == keep:
            kept.append(text)
            keep = ""
    return "\n".join(kept)


def taken_apart(cells: Sequence[Cell], tasks: Mapping[str, str]) -> tuple[list[Cell], list[str]]:
    """The cells, of several solutions in one cell each by itself; and which tasks these were.

    tasks: by the line that names it.
    """
    apart: list[Cell] = []
    merged: list[str] = []
    for cell in cells:
        is_tried = cell.type == "code" and len(merged) < MOST_MERGED and len(cell.source) < MAX_PARSED
        pieces = list(_pieces(cell.source, tasks)) if is_tried else []
        # A task that is named twice is no sign of cells that were merged.
        is_plain = len({task for task, _ in pieces}) == len(pieces) > 1
        if is_plain and all(parsed(text) for _, text in pieces):
            apart += [Cell("code", text, metadata={"nbgrader": {"grade_id": task}}) for task, text in pieces]
            merged += [task for task, _ in pieces]
        else:
            apart.append(cell)
    return apart, merged


def _pieces(source: str, tasks: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A text cut before each line that names another task than the one before; the first keeps what is above it."""
    task = ""
    lines: list[str] = []
    for line in source.split("\n"):
        other = tasks.get(line, task)
        if task and other != task:
            yield task, "\n".join(lines)
            lines = []
        task = other
        lines.append(line)
    if task:
        yield task, "\n".join(lines)
