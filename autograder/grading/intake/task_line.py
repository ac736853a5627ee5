"""Restore the line in a solution that names its task, remove such lines of other tasks, and split merged solutions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from autograder.grading.intake.defined_names import MAX_PARSED, defined_names
from autograder.grading.intake.student_notebook import StudentCell
from autograder.sandbox.guest.errors import named_task, task_line

MAX_MERGED = 100
"""Number of merged answers after which no further cells are split."""


def with_task_line(source: str, task: str) -> str:
    """Return a solution's text with the comment that names its task, added if the student deleted it.

    task: the grade_id of the solution.
    """
    if task in map(named_task, source.splitlines()):
        return source
    # A cell magic must stay the first line; blank lines above it don't count.
    magic, _, rest = source.lstrip().partition("\n") if source.lstrip().startswith("%%") else ("", "", source)
    return "\n".join([magic, task_line(task), rest] if magic else [task_line(task), rest])


def without_task_lines(source: str, tasks: Collection[str], keep: str = "") -> str:
    """Return a text without the lines that name one of these tasks; the first line that names the task `keep` stays."""
    remaining = []
    for line in source.split("\n"):
        task = named_task(line)
        if task not in tasks:
            remaining.append(line)
        elif task == keep:
            remaining.append(line)
            keep = ""
    return "\n".join(remaining)


def taken_apart(cells: Sequence[StudentCell], tasks: Collection[str]) -> tuple[list[StudentCell], list[str]]:
    """Return the cells, with each cell that holds several solutions split into one cell a solution; and their tasks.

    tasks: the grade_ids of all solutions.
    """
    split: list[StudentCell] = []
    merged: list[str] = []
    for cell in cells:
        may_split = cell.type == "code" and len(merged) < MAX_MERGED and len(cell.source) < MAX_PARSED
        pieces = list(_pieces(cell.source, tasks)) if may_split else []
        # A cell that names a task twice is not taken for several cells that were merged.
        is_merged = len({task for task, _ in pieces}) == len(pieces) > 1
        if is_merged and all(_is_whole(text) for _, text in pieces):
            split += [StudentCell("code", text, metadata={"nbgrader": {"grade_id": task}}) for task, text in pieces]
            merged += [task for task, _ in pieces]
        else:
            split.append(cell)
    return split, merged


def _is_whole(piece: str) -> bool:
    """True if a piece of a text is Python, and its first line of code does not belong to a block above the piece."""
    code = (line for line in piece.split("\n") if line.strip() and not line.lstrip().startswith("#"))
    return not next(code, "")[:1].isspace() and defined_names(piece)[1]


def _pieces(source: str, tasks: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each task with its piece of a text, cut before each line that names another task than the one before.

    The first piece keeps the lines above it. A text that names no task yields nothing. tasks: as in `taken_apart`.
    """
    task = ""
    lines: list[str] = []
    for line in source.split("\n"):
        next_task = named_task(line) if named_task(line) in tasks else task
        if task and next_task != task:
            yield task, "\n".join(lines)
            lines = []
        task = next_task
        lines.append(line)
    if task:
        yield task, "\n".join(lines)
