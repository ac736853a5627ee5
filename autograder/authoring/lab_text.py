"""Data classes of a lab text (a percent script): cells with kind, id and attributes; regions between markers; errors.

One attribute of a cell sets its kind and its id:

    # %% solution="backward-pass"            the student's code, with a ### BEGIN SOLUTION … ### END SOLUTION region
    # %% test="backward-pass" points=4       its test: visible, then ### BEGIN HIDDEN TESTS … ### END HIDDEN TESTS
    # %% [markdown] answer="why" points=2    a written answer; the text is the model answer and the rubric
    # %% test="by-heart" bonus=1             the test of an optional exercise: points beyond the lab's maximum
    # %% locked="helpers" collapsed=true     code a student can't change; a line `# include: FILE` inserts a file
    # %% ungraded=true                       slow code that no graded cell needs: the grader leaves it out
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.cell_code import as_python, parse_cell
from autograder.errors import AutograderError

KINDS = ("solution", "test", "answer", "locked")
"""The attributes that set a cell's kind; a cell without any of them is prose or plain code."""

ANSWERS = "_answers.py"
"""Ending of the name of a lab's answers file."""

Lines = list[tuple[int, str]]
"""Lines of text, each with its line number in the file."""

SOLUTION_MARKERS = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN_MARKERS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


class LabError(AutograderError):
    """A lab text or an answers file breaks a rule. file and line, counted from 1, say where."""

    def __init__(self, file: Path, line: int, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.file, self.line = file, line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {super().__str__()}"


@dataclass(frozen=True)
class LabCell:
    """One cell of a lab text or an answers file."""

    kind: str
    """solution, test, answer, locked, code or prose."""
    id: str
    """The task's id, or the id of a locked cell; "" for prose and plain code."""
    source: str
    """The cell's text, with included files and, in a solution, the comment that names its task."""
    line: int
    """The line in the file where the cell begins, counted from 1."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """All attributes but the one that sets the kind: points, timeout, tags …"""
    lines: tuple[int, ...] = ()
    """For each line of the source, its line number in the file; for an included line, that of its `# include:` line."""

    @property
    def grade_id(self) -> str:
        """Return nbgrader's id of the cell: test_ and the id for a test, else the id."""
        return f"test_{self.id}" if self.kind == "test" else self.id

    @property
    def full_points(self) -> float:
        """Return the points that the cell may earn, either within the lab's maximum or as a bonus beyond it."""
        return float(self.attributes.get("points", self.attributes.get("bonus", 0)))

    @property
    def is_code(self) -> bool:
        """True if the cell is a code cell; False for prose and written answers."""
        return self.kind not in ("prose", "answer")

    def line_of(self, row: int | None) -> int:
        """Return the line number in the file of a row of the source, counted from 1.

        If the row is None or out of range, return the line where the cell begins.
        """
        return self.lines[row - 1] if row is not None and 0 < row <= len(self.lines) else self.line


@dataclass(frozen=True)
class LabText:
    """The text of one lab notebook, as its author wrote it."""

    file: Path
    cells: tuple[LabCell, ...]
    timeout: int | None
    """Timeout of each cell in seconds when the grader runs it; None for the grader's default."""
    needs: tuple[str, ...] = ()
    """Modules beyond NumPy and Matplotlib that the notebook imports, from an optional extra: "torch"."""


def region(source: str, markers: tuple[str, str]) -> str:
    """Return the lines between the two markers, without the markers; "" if there are none."""
    is_inside, lines = False, []
    for line in source.splitlines():
        if markers[0] in line:
            is_inside = True
        elif markers[1] in line:
            is_inside = False
        elif is_inside:
            lines.append(line)
    return "\n".join(lines)


def without_region(source: str, markers: tuple[str, str], stub: str = "") -> str:
    """Return the source without the markers and the lines between them.

    stub: a line to put in place of each region, indented as its first marker; "" for none.
    """
    is_inside, lines = False, []
    for line in source.splitlines():
        if markers[0] in line:
            is_inside = True
            lines += [line[: len(line) - len(line.lstrip())] + stub] if stub else []
        elif markers[1] in line:
            is_inside = False
        elif not is_inside:
            lines.append(line)
    return "\n".join(lines)


def without_markers(source: str) -> str:
    """Return a solution without its marker lines, as a student would write it."""
    return "\n".join(line for line in source.splitlines() if not any(marker in line for marker in SOLUTION_MARKERS))


def without_docstrings(source: str) -> str:
    """Return code without the docstrings of its functions and classes; one that is a whole body stays.

    Code that is no Python is returned unchanged.
    """
    docstring_rows = set[int]()
    for node in ast.walk(parse_cell(source) or ast.Module([], [])):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None and node.body[1:]:
            docstring = node.body[0]
            docstring_rows.update(range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1))
    return "\n".join(line for number, line in enumerate(source.splitlines(), start=1) if number not in docstring_rows)


def syntax_tree(source: str) -> ast.Module:
    """Return the syntax tree of a cell without docstrings; comments and formatting don't change it.

    Raises SyntaxError.
    """
    tree = ast.parse(as_python(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[:1] = [ast.Pass()] if len(node.body) == 1 else []
    return tree
