"""Reads a lab's text: a percent script in, cells with their kind, id and line number out; mistakes are errors.

A cell is what its one attribute says it is:

    # %% solution="backward-pass"            the student's code, with a ### BEGIN SOLUTION … ### END SOLUTION region
    # %% test="backward-pass" points=4       its check: visible, then ### BEGIN HIDDEN TESTS … ### END HIDDEN TESTS
    # %% [markdown] answer="why" points=2    a written answer; the text is the model answer and the rubric
    # %% locked="helpers" collapsed=true     code a student can't change; a line `# include: FILE` takes in a file
"""

from __future__ import annotations

import ast
import difflib
import re
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import jupytext
from IPython.core.inputtransformer2 import TransformerManager
from jupytext.stringparser import StringParser

from autograder.errors import AutograderError
from autograder.student.port import task_line

KINDS = ("solution", "test", "answer", "locked")
"""The attributes that say what a cell is; a cell with none of them is prose or plain code."""

EXTRAS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "solution": {"timeout": int, "variant": str, "mistake": str, "score": (int, float)},
    "test": {"points": (int, float), "timeout": int},
    "answer": {"points": (int, float)},
    "locked": {"collapsed": bool},
    "code": {"timeout": int},
    "prose": {},
}
"""Further attributes of each kind, with their types; every kind may have tags."""

ANSWERS_ONLY = ("variant", "mistake", "score")

SOLUTION_MARKERS = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN_MARKERS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")

_INCLUDE = re.compile(r"# include: (\S+)\s*$")
_MARKER = re.compile(r"# %%(\s|$)")
_ID = re.compile(r"[a-z][a-z0-9-]*$")


class LabError(AutograderError):
    """A lab's text has a mistake."""

    def __init__(self, file: Path, line: int, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.file, self.line = file, line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {super().__str__()}"


@dataclass(frozen=True)
class LabCell:
    """One cell of a lab's text."""

    kind: str
    """solution, test, answer, locked, code or prose."""
    id: str
    """The task's id, or the locked cell's; empty for prose and plain code."""
    source: str
    """What a student or the grader runs or reads, with files included and the task's comment added."""
    line: int
    """Where the cell begins in its file, counted from 1."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Further attributes: points, timeout, tags …"""

    @property
    def grade_id(self) -> str:
        """The id under which nbgrader keeps the cell."""
        return f"test_{self.id}" if self.kind == "test" else self.id


@dataclass(frozen=True)
class LabText:
    """One lab notebook as written."""

    file: Path
    cells: tuple[LabCell, ...]
    timeout: int | None
    """Seconds that a cell may take when graded; None for the grader's default."""


def read_lab(file: Path) -> LabText:
    """Read and check a lab. Raises LabError at the first mistake."""
    cells, lab_options = _read_cells(file, answers=False)
    _check_ids(file, cells)
    for cell in cells:
        _check_regions(file, cell)
        _check_syntax(file, cell)
    _check_hidden_names(file, cells)
    return LabText(file, cells, _lab_timeout(file, lab_options))


def read_answers(file: Path) -> tuple[LabCell, ...]:
    """Read and check a lab's answers file: solution cells with variant= or with mistake= and score=."""
    cells, _ = _read_cells(file, answers=True)
    cells = tuple(cell for cell in cells if cell.kind != "prose")
    for cell in cells:
        named = [name for name in ("variant", "mistake") if name in cell.attributes]
        if cell.kind != "solution" or len(named) != 1 or ("score" in cell.attributes) != (named == ["mistake"]):
            raise LabError(
                file, cell.line, "an answer is neither a variant nor a mistake",
                'write # %% solution="task" variant="name", or solution="task" mistake="name" score=1',
            )  # fmt: skip
        _check_syntax(file, cell)
    return cells


def region(source: str, markers: tuple[str, str]) -> str:
    """The lines between two markers, without them; empty where there are none."""
    inside, lines = False, []
    for line in source.splitlines():
        if markers[0] in line:
            inside = True
        elif markers[1] in line:
            inside = False
        elif inside:
            lines.append(line)
    return "\n".join(lines)


def without_region(source: str, markers: tuple[str, str]) -> str:
    """The lines outside two markers."""
    inside, lines = False, []
    for line in source.splitlines():
        if markers[0] in line:
            inside = True
        elif markers[1] in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _read_cells(file: Path, answers: bool) -> tuple[tuple[LabCell, ...], Mapping[str, Any]]:
    text = file.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    lines = list(_marker_lines(text))
    if len(lines) != len(notebook.cells):
        raise LabError(file, 1, "there is text before the first cell", "begin the file with # %% or # %% [markdown]")
    cells = tuple(
        _cell(file, raw, line, answers) for raw, line in zip(notebook.cells, lines, strict=True) if raw.source.strip()
    )
    return cells, notebook.metadata.get("lab", {})


def _marker_lines(text: str) -> Iterator[int]:
    quoted = StringParser("python")
    for number, line in enumerate(text.splitlines(), start=1):
        if not quoted.is_quoted() and _MARKER.match(line):
            yield number
        quoted.read_line(line)


def _cell(file: Path, raw: Any, line: int, answers: bool) -> LabCell:
    attributes = {name: value for name, value in raw.metadata.items() if name != "lines_to_next_cell"}
    kinds = [name for name in KINDS if name in attributes]
    if len(kinds) > 1:
        raise LabError(file, line, f"a cell can't be {' and '.join(kinds)} at once", "split it into one cell for each")
    kind = kinds[0] if kinds else "code" if raw.cell_type == "code" else "prose"
    cell_id = str(attributes.pop(kind, ""))
    if kinds and not _ID.match(cell_id):
        raise LabError(file, line, f'{kind}="{cell_id}" is no id', "write lower-case letters, digits and hyphens")
    if (kind == "answer") != (raw.cell_type == "markdown") and kinds:
        cure = "write # %% [markdown] answer=…" if kind == "answer" else f"write # %% {kind}=… without [markdown]"
        raise LabError(file, line, f"{kind}= stands on a {raw.cell_type} cell", cure)
    _check_attributes(file, line, kind, attributes, answers)
    source = _included(file, line, raw.source) if kind == "locked" else raw.source
    if kind == "solution" and task_line(cell_id) not in source.splitlines():
        source = f"{task_line(cell_id)}\n{source}"
    return LabCell(kind, cell_id, source, line, attributes)


def _check_attributes(file: Path, line: int, kind: str, attributes: Mapping[str, Any], answers: bool) -> None:
    known = {name: types for name, types in EXTRAS[kind].items() if answers or name not in ANSWERS_ONLY}
    if "points" in attributes and "points" not in known:
        raise LabError(
            file, line, "points stand on a cell without a test", 'move points= to the # %% test="…" cell of the task'
        )
    for name, value in attributes.items():
        if name == "tags":
            continue
        if name not in known:
            near = difflib.get_close_matches(name, [*known, *KINDS], n=1)
            cure = f"did you mean {near[0]}=?" if near else f"a {kind} cell takes: {', '.join([*known, 'tags'])}"
            raise LabError(file, line, f"unknown attribute {name}=", cure)
        if not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is not bool):
            raise LabError(file, line, f"{name}={value!r} has the wrong type", f"write {name}= as in CONTRIBUTING.md")
        if isinstance(value, int | float) and value < 0:
            raise LabError(file, line, f"{name}={value} is negative", f"write {name}= as zero or more")
    if kind in ("test", "answer") and "points" not in attributes:
        raise LabError(file, line, f"the {kind} cell has no points", "add points=…; 0 is allowed")


def _check_ids(file: Path, cells: tuple[LabCell, ...]) -> None:
    seen: dict[str, int] = {}
    for cell in cells:
        if cell.id and cell.grade_id in seen:
            raise LabError(
                file, cell.line, f'{cell.kind}="{cell.id}" stands twice, first in line {seen[cell.grade_id]}',
                "give each task an id of its own; students' work is found by it",
            )  # fmt: skip
        if cell.id:
            seen[cell.grade_id] = cell.line
    solutions = {cell.id: cell.line for cell in cells if cell.kind == "solution"}
    tests = {cell.id: cell.line for cell in cells if cell.kind == "test"}
    for task in [*solutions, *tests]:
        if task not in tests:
            raise LabError(
                file, solutions[task], f'solution="{task}" has no test', f'add a # %% test="{task}" points=… cell'
            )
        if task not in solutions:
            cure = f'add a # %% solution="{task}" cell, or correct the id'
            raise LabError(file, tests[task], f'test="{task}" tests no solution', cure)


def _check_regions(file: Path, cell: LabCell) -> None:
    for kind, markers in (("solution", SOLUTION_MARKERS), ("test", HIDDEN_MARKERS)):
        found = [marker for line in cell.source.splitlines() for marker in markers if marker in line]
        begin, end = (f"### {marker}" for marker in markers)
        if found and cell.kind != kind:
            cure = f"move it to a {kind} cell, or make this one: # %% {kind}=…"
            raise LabError(file, cell.line, f"{begin} stands in a cell that is no {kind}", cure)
        if cell.kind == kind and not found:
            cure = f"put {begin} and {end} around what students must not see"
            raise LabError(file, cell.line, f'{kind}="{cell.id}" has no {begin}', cure)
        if found and (len(found) % 2 or any(found[i] != markers[i % 2] for i in range(len(found)))):
            cure = f"follow each {begin} by one {end}"
            raise LabError(file, cell.line, f'in {kind}="{cell.id}" {begin} and {end} do not pair up', cure)


def _check_syntax(file: Path, cell: LabCell) -> None:
    if cell.kind in ("prose", "answer"):
        return
    try:
        ast.parse(TransformerManager().transform_cell(cell.source))
    except SyntaxError as error:
        bad = (error.text or "").strip()
        raise LabError(file, cell.line, f"this cell is no Python: {error.msg}: {bad}", "correct that line") from error


def _check_hidden_names(file: Path, cells: tuple[LabCell, ...]) -> None:
    """A hidden region may use its own imports and what locked cells define: where it runs nothing else is there."""
    known = set(dir(__builtins__)) if not isinstance(__builtins__, dict) else set(__builtins__)
    for cell in cells:
        if cell.kind == "locked":
            known |= _defined(cell.source)
    for cell in cells:
        if cell.kind == "test":
            missing = sorted(_used(region(cell.source, HIDDEN_MARKERS)) - known)
            if missing:
                problem = f'the hidden tests of "{cell.id}" use {", ".join(missing)} from the student\'s notebook'
                cure = (
                    "import it there, define it in a locked cell, or ask for it: student.value(…), student.function(…)"
                )
                raise LabError(file, cell.line, problem, cure)


def _defined(source: str) -> set[str]:
    table = symtable.symtable(TransformerManager().transform_cell(source), "cell", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}


def _used(source: str) -> set[str]:
    """Names that a piece of code takes from outside of it."""
    table = symtable.symtable(source, "hidden tests", "exec")
    used: set[str] = set()
    tables = [table]
    while tables:
        scope = tables.pop()
        tables += scope.get_children()
        top = scope is table
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return used - _defined(source)


def _included(file: Path, line: int, source: str) -> str:
    lines = []
    for text in source.splitlines():
        match = _INCLUDE.match(text)
        lines.append(_include(file, line, match[1]) if match else text)
    return "\n".join(lines)


def _include(file: Path, line: int, name: str) -> str:
    """A file's text: of this package where the name begins with autograder/, otherwise beside the lab's file."""
    package, _, inside = name.partition("/")
    source = resources.files("autograder") / inside if package == "autograder" else file.parent / name
    try:
        return source.read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise LabError(file, line, f"# include: {name} can't be read", "name a file beside the lab's text") from error


def _lab_timeout(file: Path, options: Mapping[str, Any]) -> int | None:
    timeout = options.get("timeout")
    if set(options) - {"timeout"} or not isinstance(timeout, int | None):
        raise LabError(
            file, 1, f"the header's lab: {dict(options)} is not understood", "it takes timeout: SECONDS alone"
        )
    return timeout
