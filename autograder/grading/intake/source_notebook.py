"""The instructor's notebook, with everything that a student's cells are compared with."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearSolutions

from autograder.authoring.lab_text import HIDDEN_MARKERS, without_region
from autograder.authoring.source_writer import NBGRADER_FLAGS
from autograder.grading.intake.attachments import Pictures
from autograder.grading.intake.decode import unreadable
from autograder.grading.intake.defined_names import read, words
from autograder.grading.intake.student_notebook import Cell, read_notebook
from autograder.grading.model import Part
from autograder.sandbox.guest.port import task_line

ANSWERS = ("solution", "answer")
"""Kinds of cells that a student fills in."""

CUT = 12
"""Characters that Colab may leave of a cell's id."""


@dataclass(frozen=True)
class Stubs:
    """What nbgrader puts in the place of a solution when it makes a release."""

    code: str = "# YOUR CODE HERE\nraise NotImplementedError()"
    text: str = "YOUR ANSWER HERE"

    @classmethod
    def of(cls, config: Any) -> Stubs:
        """The stubs that a course's nbgrader configuration sets."""
        clear = ClearSolutions(config=config)
        return cls(clear.code_stub["python"], clear.text_stub)


@dataclass(frozen=True)
class MasterCell:
    """One cell of the instructor's notebook."""

    part: Part
    """As it is graded where nobody answers: an answer is the released stub, all else is the instructor's."""
    released: str
    """What students were given, as far as this version of the lab says."""
    stub: frozenset[str] = frozenset()
    """Of an answer: the lines that students are to replace."""
    names: frozenset[str] = frozenset()
    """Of a solution: the names that it defines and that other code, or its own stub, speaks of."""

    @property
    def is_answer(self) -> bool:
        """Whether students fill it in."""
        return self.part.kind in ANSWERS

    @functools.cached_property
    def text(self) -> str:
        """What was released, with all white space alike."""
        return " ".join(self.released.split())

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """Of a cell that is no answer: how it reads for students and for the instructor, with all white space alike."""
        return frozenset((self.text, " ".join(self.part.source.split())))

    @functools.cached_property
    def lines(self) -> frozenset[str]:
        """The lines that were released."""
        return _lines(self.released)


@dataclass(frozen=True)
class Master:
    """One of the lab's notebooks, as the instructor wrote it."""

    name: str
    """Without `.ipynb`."""
    cells: tuple[MasterCell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def read(name: str, data: bytes, stubs: Stubs | None = None) -> Master:
        """Read the instructor's notebook; of the same one only once a process. Raises UnreadableError."""
        return _read(name, data, stubs or Stubs())

    @functools.cached_property
    def by_grade_id(self) -> Mapping[str, int]:
        """Where the cell with a grade_id stands."""
        return {cell.part.grade_id: at for at, cell in enumerate(self.cells) if cell.part.grade_id}

    @functools.cached_property
    def by_cell_id(self) -> Mapping[str, int]:
        """Where the cell with an id stands, also with one that was cut, if no other begins so."""
        cut: dict[str, list[int]] = defaultdict(list)
        for at, cell in enumerate(self.cells):
            cut[cell.part.cell_id[:CUT]].append(at)
        alone = {short: places[0] for short, places in cut.items() if len(places) == 1}
        whole = {cell.part.cell_id: at for at, cell in enumerate(self.cells)}
        # An id may be what is left of a longer one: then it tells nothing.
        return alone | {id_: at for id_, at in whole.items() if len(cut.get(id_, ())) <= 1}

    @functools.cached_property
    def by_text(self) -> Mapping[str, Sequence[int]]:
        """Where the cells stand that were released with a text."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, cell in enumerate(self.cells):
            if cell.text:
                places[cell.text].append(at)
        return places

    @functools.cached_property
    def by_task_line(self) -> Mapping[str, int]:
        """Where the solution stands that carries a line."""
        solutions = ((at, cell.part) for at, cell in enumerate(self.cells) if cell.part.kind == "solution")
        return {task_line(part.grade_id): at for at, part in solutions}


@functools.lru_cache(maxsize=32)
def _read(name: str, data: bytes, stubs: Stubs) -> Master:
    notebook = read_notebook(f"{name}.ipynb", data)
    released = _released(name, notebook.cells, stubs)
    # Not of prose: in words `x` may be anything.
    texts = [words(cell.source if cell.type == "code" else "") for cell in notebook.cells]
    kinds = [_kind(cell) for cell in notebook.cells]
    cells = []
    for at, (cell, kind) in enumerate(zip(notebook.cells, kinds, strict=True)):
        source = released[at] if kind in ANSWERS else cell.source
        names: frozenset[str] = frozenset()
        if kind == "solution" and cell.type == "code":
            names = read(cell.source)[0] & words(released[at]).union(*texts[:at], *texts[at + 1 :])
        part = Part(
            kind, cell.type == "code", source, _cell_id(cell, kind, at), cell.metadata,
            Pictures().keep(cell.attachments), untouched=kind in ANSWERS,
        )  # fmt: skip
        cells.append(MasterCell(part, released[at], _stub(released[at], cell), names))
    return Master(name, tuple(cells), notebook.metadata)


def _stub(released: str, cell: Cell) -> frozenset[str]:
    """What was put in the place of a solution; of code that runs not the comments, which may stay in an answer."""
    lines = _lines(released) - _lines(cell.source)
    running = {line for line in lines if not line.startswith("#")} if cell.type == "code" else set()
    return frozenset(running) or lines


def _lines(source: str) -> frozenset[str]:
    return frozenset(line.strip() for line in source.splitlines())


def _kind(cell: Cell) -> str:
    if not cell.grade_id:
        return "code" if cell.type == "code" else "prose"
    about = cell.metadata["nbgrader"]
    for kind in ("answer", "solution", "test"):
        if all(bool(about.get(flag)) == NBGRADER_FLAGS[kind][flag] for flag in ("grade", "solution")):
            # Nothing can be run of a test in words.
            return "locked" if kind == "test" and cell.type != "code" else kind
    return "locked"


def _cell_id(cell: Cell, kind: str, at: int) -> str:
    """The cell's id; formats before 4.5 have none."""
    wanted = cell.ids[0] if cell.ids else cell.grade_id or f"{kind}-{at}"
    return re.sub("[^A-Za-z0-9_-]", "-", wanted)[:64] or f"{kind}-{at}"


def _released(name: str, cells: Sequence[Cell], stubs: Stubs) -> list[str]:
    """What students were given of each cell: nbgrader takes out the solutions, we the hidden tests."""
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    copies = [make[cell.type](cell.source, metadata=nbformat.from_dict(dict(cell.metadata))) for cell in cells]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=copies, metadata=kernel)
    clear = ClearSolutions(code_stub={"python": stubs.code}, text_stub=stubs.text)
    try:
        clear.preprocess(notebook, {})
    except RuntimeError as error:
        raise unreadable(f"{name}.ipynb", "markers", "write its solutions' markers in pairs") from error
    return [without_region(copy.source, HIDDEN_MARKERS) for copy in notebook.cells]
