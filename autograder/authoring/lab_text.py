"""The model of a lab's text: cells with a kind, an id and attributes, regions between markers, and errors.

One attribute says what kind a cell is:

    # %% solution="backward-pass"            the student's code, with a ### BEGIN SOLUTION … ### END SOLUTION region
    # %% test="backward-pass" points=4       its check: visible, then ### BEGIN HIDDEN TESTS … ### END HIDDEN TESTS
    # %% [markdown] answer="why" points=2    a written answer; the text is the model answer and the rubric
    # %% test="by-heart" bonus=1             of an optional exercise: points beyond the lab's maximum
    # %% locked="helpers" collapsed=true     code a student can't change; a line `# include: FILE` takes in a file
    # %% ungraded=true                       a long run that nothing graded needs: left out when graded
"""

from __future__ import annotations

import ast
import contextlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.errors import AutograderError

KINDS = ("solution", "test", "answer", "locked")
"""The attributes that say what a cell is; a cell with none of them is prose or plain code."""

ANSWERS = "_answers.py"
"""The ending of an answers file's name."""

Lines = list[tuple[int, str]]
"""Lines of text, each with its number in the file."""

SOLUTION_MARKERS = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN_MARKERS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


class LabError(AutograderError):
    """A lab's text has a mistake."""

    def __init__(self, file: Path, line: int, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.file, self.line = file, line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {super().__str__()}"


@dataclass(frozen=True)
class LabCell:
    """A cell of a lab's text."""

    kind: str
    """solution, test, answer, locked, code or prose."""
    id: str
    """The task's id, or the locked cell's; empty for prose and plain code."""
    source: str
    """The cell's text as students and the grader get it, with files included and the task's comment added."""
    line: int
    """The cell's first line in its file, counted from 1."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Further attributes: points, timeout, tags …"""
    lines: tuple[int, ...] = ()
    """The line number in the file of each line of the source; for an included line that of its `# include:`."""

    @property
    def grade_id(self) -> str:
        """The id under which nbgrader keeps the cell."""
        return f"test_{self.id}" if self.kind == "test" else self.id

    @property
    def worth(self) -> float:
        """The points that it may earn, within the lab's maximum or beyond it."""
        return float(self.attributes.get("points", self.attributes.get("bonus", 0)))

    @property
    def is_code(self) -> bool:
        """True for code, False for Markdown."""
        return self.kind not in ("prose", "answer")

    def line_of(self, row: int | None) -> int:
        """Return the file's line number of a row of the source, counted from 1; the cell's first line if unknown."""
        return self.lines[row - 1] if row is not None and 0 < row <= len(self.lines) else self.line


@dataclass(frozen=True)
class LabText:
    """A lab notebook as text."""

    file: Path
    cells: tuple[LabCell, ...]
    timeout: int | None
    """Seconds that a cell may take when graded; None for the grader's default."""
    needs: tuple[str, ...] = ()
    """Modules that it imports beyond NumPy and Matplotlib, of an optional extra: "torch"."""


def region(source: str, markers: tuple[str, str]) -> str:
    """Return the lines between two markers, without them; empty where there are none."""
    inside, lines = False, []
    for line in source.splitlines():
        if markers[0] in line:
            inside = True
        elif markers[1] in line:
            inside = False
        elif inside:
            lines.append(line)
    return "\n".join(lines)


def without_region(source: str, markers: tuple[str, str], stub: str = "") -> str:
    """Return the lines outside two markers, with a stub, indented as the first marker, in place of those between."""
    inside, lines = False, []
    for line in source.splitlines():
        if markers[0] in line:
            inside = True
            lines += [line[: len(line) - len(line.lstrip())] + stub] if stub else []
        elif markers[1] in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def without_markers(source: str) -> str:
    """Return a solution as a student would write it: all its lines but the markers."""
    return "\n".join(line for line in source.splitlines() if not any(marker in line for marker in SOLUTION_MARKERS))


def without_docstrings(source: str) -> str:
    """Code without the docstrings of its functions and classes, but for those that stand alone in a body.

    Code with magics, which is no Python, is returned as it is.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    left_out = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None and node.body[1:]:
            text = node.body[0]
            left_out.update(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return "\n".join(line for number, line in enumerate(source.splitlines(), start=1) if number not in left_out)


def as_python(source: str) -> str:
    """Return a cell's text with its magics as Python."""
    with contextlib.suppress(SyntaxError, ValueError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are reported where a cell is checked
        ast.parse(source)
        return source  # it has none, as almost all cells; to look for them takes far longer
    python: str = TransformerManager().transform_cell(source)
    return python


def syntax_tree(source: str) -> ast.Module:
    """Return a cell's tree, which formatting and comments don't change, without its docstrings. Raises SyntaxError."""
    tree = ast.parse(as_python(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[:1] = [ast.Pass()] if len(node.body) == 1 else []
    return tree
