"""Read a student notebook of nbformat 2 to 4 into plain cells; parts of a wrong type are dropped and counted."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.intake.decode import UnreadableError, read_json, unreadable
from autograder.grading.intake.other_files import SHORTCUT
from autograder.grading.intake.repairs import printable, repair, unique
from autograder.grading.model import Repair
from autograder.grading.pictures import without_embedded

MAX_CELLS = 2_000
"""Maximum number of cells in one notebook."""
MAX_SOURCE = 1_000_000
"""Maximum characters of one cell."""

TYPES = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown",
         "plaintext": "raw"}  # fmt: skip
"""The cell types of all formats, with the type of format 4 for each."""

_UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""Matches NUL, which Python's parser refuses, and surrogates, which UTF-8 can't encode."""


@dataclass(frozen=True)
class StudentCell:
    """One cell of a notebook as handed in."""

    type: str
    """code, markdown or raw."""
    source: str
    ids: tuple[str, ...] = ()
    """The cell's id, and the id that Colab puts into the metadata; each only where there is one."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    """As handed in, unchecked, with pictures that stood in the text."""

    @property
    def grade_id(self) -> str:
        """Return the grade_id in nbgrader's metadata; empty where there is none."""
        nbgrader = self.metadata.get("nbgrader")
        grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
        return grade_id if isinstance(grade_id, str) else ""

    @functools.cached_property
    def text(self) -> str:
        """Return the source with each run of white space as one space, to compare it with other cells."""
        return " ".join(self.source.split())


@dataclass(frozen=True)
class StudentNotebook:
    """A notebook as handed in."""

    cells: tuple[StudentCell, ...]
    metadata: Mapping[str, Any]
    repairs: tuple[Repair, ...] = ()


def read_notebook(file: str, data: bytes) -> StudentNotebook:
    """Return the notebook in a file's bytes. Raises UnreadableError if it is no notebook or has too many cells.

    file: its name, for messages.
    """
    content, encoding_repairs = read_json(file, data)
    cells = _cells_of(content)
    if cells is None and isinstance(content, dict) and {"doc_id", "url"} & set(content):
        raise UnreadableError(f"{printable(file)}: the file is {SHORTCUT.what}", SHORTCUT.cure)
    if cells is None:
        raise unreadable(file, "other")
    if len(cells) > MAX_CELLS:
        raise unreadable(file, "cells", count=len(cells), limit=MAX_CELLS)
    version = content.get("nbformat")
    is_old = type(version) is int and version < 4
    counts: Counter[str] = Counter()
    student_cells = tuple(_student_cells(cells, counts, version if is_old else 4))
    repairs = [repair("old format", version=version)] if is_old else []
    repairs += [_count_repair(name, count) for name, count in counts.items()]
    return StudentNotebook(student_cells, _mapping(content.get("metadata")), unique([*encoding_repairs, *repairs]))


def _count_repair(name: str, count: int) -> Repair:
    """Return the repair that reports how many parts or cells were dropped or changed."""
    limit = {"limit": MAX_SOURCE // 1_000_000} if name == "long cell" else {}
    return repair(name, count=count, **limit)


def _cells_of(content: Any) -> list[Any] | None:
    """Return a notebook's list of cells, joined from all worksheets in older formats; None for what is no notebook."""
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("cells"), list):
        return list(content["cells"])
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _student_cells(cells: list[Any], counts: Counter[str], version: Any) -> Iterator[StudentCell]:
    """Yield the valid cells; the others are dropped and counted.

    counts: number of drops and changes by the repair's name, updated. version: the notebook's nbformat.
    """
    for cell in cells:
        cell_type = _type(cell)
        source = _source(cell, version, counts) if cell_type else None
        attachments = _mapping(cell.get("attachments")) if cell_type else {}
        if cell_type == "markdown" and source:
            source, attachments = without_embedded(source, attachments)
        if source is None:
            counts["odd parts"] += 1
        elif len(source) > MAX_SOURCE:
            counts["long cell"] += 1
        else:
            yield _student_cell(cell, cell_type, source, attachments, counts)


def _type(cell: Any) -> str:
    """Return a cell's type in format 4; empty for what is no cell."""
    cell_type = cell.get("cell_type") if isinstance(cell, dict) else None
    return TYPES.get(cell_type, "") if isinstance(cell_type, str) else ""


def _student_cell(
    cell: Mapping[str, Any], cell_type: str, source: str, attachments: Mapping[str, Any], counts: Counter[str]
) -> StudentCell:
    """Return a valid cell as data: unreadable characters are replaced, a heading cell becomes a Markdown heading."""
    source, replaced = _UNREADABLE.subn("\ufffd", source)
    counts.update({"characters": 1} if replaced else {})
    level = cell.get("level")
    if cell["cell_type"] == "heading":
        source = f"{'#' * (level if isinstance(level, int) and 1 <= level <= 6 else 1)} {source}"
    metadata = _mapping(cell.get("metadata"))
    ids = tuple(i for i in (cell.get("id"), metadata.get("id")) if isinstance(i, str))
    return StudentCell(cell_type, source, ids, metadata, attachments)


def _source(cell: Mapping[str, Any], version: Any, counts: Counter[str]) -> str | None:
    """Return a cell's text with each line end as a line feed; None where it has no text.

    Lines that are no text are dropped and counted.
    """
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        counts.update({"odd parts": len(source) - len(lines)} if len(lines) < len(source) else {})
        # The oldest formats store lines without line ends.
        no_line_ends = version < 4 and not any(line.endswith(("\n", "\r")) for line in lines[:-1])
        source = ("\n" if no_line_ends else "").join(lines)
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return a dict as it is, and an empty dict for all else."""
    return value if isinstance(value, dict) else {}
