"""Read the source notebook, the instructor's, and index its cells by the labels and texts that student cells match."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat

from autograder.authoring.lab_text import HIDDEN_MARKERS, without_region
from autograder.authoring.source_writer import NBGRADER_FLAGS
from autograder.grading.intake.decode import unreadable
from autograder.grading.intake.defined_names import defined_names, words
from autograder.grading.intake.student_notebook import StudentCell, read_notebook
from autograder.grading.model import PlannedCell
from autograder.grading.pictures import AttachmentFilter

ANSWERS = ("solution", "answer")
"""Kinds of cells that a student fills in."""

CUT = 12
"""Number of characters to which Colab may cut a cell's id."""


@dataclass(frozen=True)
class ReleaseStubs:
    """The texts that nbgrader puts in the place of solutions, in code and in Markdown, when it makes a release."""

    code: str = "# YOUR CODE HERE\nraise NotImplementedError()"
    text: str = "YOUR ANSWER HERE"

    @classmethod
    def of(cls, config: Any) -> ReleaseStubs:
        """Return the stubs that a course's nbgrader configuration sets."""
        from nbgrader.preprocessors import ClearSolutions

        preprocessor = ClearSolutions(config=config)
        return cls(preprocessor.code_stub["python"], preprocessor.text_stub)


@dataclass(frozen=True)
class SourceCell:
    """One cell of the source notebook."""

    part: PlannedCell
    """The cell as graded without an answer: the released stub in an answer, the instructor's text in other cells."""
    released: str
    """The cell's text in the release that this version of the lab makes."""
    stub: frozenset[str] = frozenset()
    """For an answer: the lines that students are to replace."""
    names: frozenset[str] = frozenset()
    """For a solution: the names that it defines and that other code cells, or its own stub, contain."""

    @property
    def is_answer(self) -> bool:
        """True if students fill the cell in."""
        return self.part.kind in ANSWERS

    @functools.cached_property
    def text(self) -> str:
        """Return the released text with each run of white space as one space."""
        return " ".join(self.released.split())

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """Return a non-answer cell's texts, as released and as in the source, each run of white space as one space."""
        return frozenset((self.text, " ".join(self.part.source.split())))

    @functools.cached_property
    def lines(self) -> frozenset[str]:
        """Return the released lines, without white space around them."""
        return _lines(self.released)


@dataclass(frozen=True)
class SourceNotebook:
    """One of the lab's notebooks, as the instructor wrote it."""

    name: str
    """The notebook's name, without `.ipynb`."""
    cells: tuple[SourceCell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def read(name: str, data: bytes, released: tuple[str, ...] | None = None) -> SourceNotebook:
        """Return the source notebook in a file's bytes, cached in each process. Raises UnreadableError.

        name: the notebook's, without `.ipynb`. released: the text of each cell in the release, as `released_texts`
        returns it; None for a release with nbgrader's own stubs.
        """
        return _read_source(name, data, released_texts(name, data) if released is None else released)

    @functools.cached_property
    def by_grade_id(self) -> Mapping[str, int]:
        """Return the positions of cells by grade_id."""
        return {cell.part.grade_id: at for at, cell in enumerate(self.cells) if cell.part.grade_id}

    @functools.cached_property
    def by_cell_id(self) -> Mapping[str, int]:
        """Return the positions of cells by cell id, and by its first CUT characters where no other id begins so."""
        by_prefix: dict[str, list[int]] = defaultdict(list)
        for at, cell in enumerate(self.cells):
            by_prefix[cell.part.cell_id[:CUT]].append(at)
        unique = {prefix: positions[0] for prefix, positions in by_prefix.items() if len(positions) == 1}
        full = {cell.part.cell_id: at for at, cell in enumerate(self.cells)}
        # A full id that equals the first characters of another is ambiguous.
        return unique | {id_: at for id_, at in full.items() if len(by_prefix.get(id_, ())) <= 1}

    @functools.cached_property
    def by_text(self) -> Mapping[str, Sequence[int]]:
        """Return the positions of cells by released text, as in SourceCell.text; blank cells are left out."""
        positions: dict[str, list[int]] = defaultdict(list)
        for at, cell in enumerate(self.cells):
            if cell.text:
                positions[cell.text].append(at)
        return positions

    @functools.cached_property
    def by_task(self) -> Mapping[str, int]:
        """Return the positions of solutions by task, which is their grade_id."""
        return {cell.part.grade_id: at for at, cell in enumerate(self.cells) if cell.part.kind == "solution"}


@functools.lru_cache(maxsize=32)
def _read_source(name: str, data: bytes, released: tuple[str, ...]) -> SourceNotebook:
    """Return the source notebook in a file's bytes. Raises UnreadableError."""
    notebook = read_notebook(f"{name}.ipynb", data)
    # Only code counts: in prose, `x` may be any word.
    cell_words = [words(cell.source if cell.type == "code" else "") for cell in notebook.cells]
    kinds = [_kind(cell) for cell in notebook.cells]
    cells = []
    for at, (cell, kind) in enumerate(zip(notebook.cells, kinds, strict=True)):
        source = released[at] if kind in ANSWERS else cell.source
        names: frozenset[str] = frozenset()
        if kind == "solution" and cell.type == "code":
            names = defined_names(cell.source)[0] & words(released[at]).union(*cell_words[:at], *cell_words[at + 1 :])
        part = PlannedCell(
            kind, cell.type == "code", source, _cell_id(cell, kind, at), cell.metadata,
            AttachmentFilter().keep(cell.attachments), untouched=kind in ANSWERS,
        )  # fmt: skip
        cells.append(SourceCell(part, released[at], _stub_lines(released[at], cell), names))
    return SourceNotebook(name, tuple(cells), notebook.metadata)


def _stub_lines(released: str, cell: StudentCell) -> frozenset[str]:
    """Return the lines that the release has in place of a solution; comments are left out if there is other code.

    The reason: comments may stay in an answer. released: the cell's released text. cell: the source cell.
    """
    lines = _lines(released) - _lines(cell.source)
    statements = {line for line in lines if not line.startswith("#")} if cell.type == "code" else set()
    return frozenset(statements) or lines


def _lines(source: str) -> frozenset[str]:
    """Return a text's lines, without white space around them."""
    return frozenset(line.strip() for line in source.splitlines())


def _kind(cell: StudentCell) -> str:
    """Return a source cell's kind as in PlannedCell, by its type and nbgrader's flags."""
    if not cell.grade_id:
        return "code" if cell.type == "code" else "prose"
    flags = cell.metadata["nbgrader"]
    for kind in ("answer", "solution", "test"):
        if all(bool(flags.get(flag)) == NBGRADER_FLAGS[kind][flag] for flag in ("grade", "solution")):
            # A test that is no code can't be run.
            return "locked" if kind == "test" and cell.type != "code" else kind
    return "locked"


def _cell_id(cell: StudentCell, kind: str, at: int) -> str:
    """Return a valid cell id: the cell's, or for formats before 4.5, which have none, its grade_id or its position."""
    cell_id = cell.ids[0] if cell.ids else cell.grade_id or f"{kind}-{at}"
    return re.sub("[^A-Za-z0-9_-]", "-", cell_id)[:64] or f"{kind}-{at}"


@functools.lru_cache(maxsize=32)
def released_texts(name: str, data: bytes, stubs: ReleaseStubs | None = None) -> tuple[str, ...]:
    """Return each cell's text in the release: nbgrader removes the solutions, this function the hidden tests; cached.

    name: the notebook's, without `.ipynb`. data: the source notebook's bytes. stubs: None for nbgrader's defaults.
    Raises UnreadableError for a file that is no notebook, and if the markers around solutions do not pair.
    """
    # Imported here: nbgrader takes a second to import, and worker processes get these texts from the main process.
    from nbgrader.preprocessors import ClearSolutions

    cells, stubs = read_notebook(f"{name}.ipynb", data).cells, stubs or ReleaseStubs()
    new_cell = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    copies = [new_cell[cell.type](cell.source, metadata=nbformat.from_dict(dict(cell.metadata))) for cell in cells]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=copies, metadata=metadata)
    preprocessor = ClearSolutions(code_stub={"python": stubs.code}, text_stub=stubs.text)
    try:
        preprocessor.preprocess(notebook, {})
    except RuntimeError as error:
        raise unreadable(f"{name}.ipynb", "markers", "write its solutions' markers in pairs") from error
    return tuple(without_region(copy.source, HIDDEN_MARKERS) for copy in notebook.cells)
