"""Reads a notebook of any format from 2 to 4 into plain cells; what is of a wrong type is left out and counted."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.intake.decode import read_json, unreadable
from autograder.grading.intake.repairs import once, repair
from autograder.grading.model import Repair

MAX_CELLS = 2_000
MAX_SOURCE = 1_000_000
"""Characters in one cell."""

TYPES = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown",
         "plaintext": "raw"}  # fmt: skip
"""Types of cells in all formats, and what they are today."""

_UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""What neither Python nor UTF-8 takes: NUL, and halves of a pair."""


@dataclass(frozen=True)
class Cell:
    """A cell as somebody handed it in."""

    type: str
    """code, markdown or raw."""
    source: str
    ids: tuple[str, ...] = ()
    """Its own id, and the one that Colab puts into the metadata."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    """As found: nothing about it is checked."""

    @property
    def grade_id(self) -> str:
        """The id that nbgrader's metadata gives it; empty where there is none."""
        about = self.metadata.get("nbgrader")
        grade_id = about.get("grade_id") if isinstance(about, dict) else None
        return grade_id if isinstance(grade_id, str) else ""

    @functools.cached_property
    def text(self) -> str:
        """Its source with all white space alike, to compare it with another."""
        return " ".join(self.source.split())


@dataclass(frozen=True)
class Notebook:
    """A notebook as somebody handed it in."""

    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]
    repairs: tuple[Repair, ...] = ()


def read_notebook(file: str, data: bytes) -> Notebook:
    """Read a notebook. Raises UnreadableError."""
    content, repairs = read_json(file, data)
    cells = _cells_of(content)
    if cells is None:
        raise unreadable(file, "other")
    if len(cells) > MAX_CELLS:
        raise unreadable(file, "cells", count=len(cells), limit=MAX_CELLS)
    version = content.get("nbformat")
    is_old = type(version) is int and version < 4
    counted: Counter[str] = Counter()
    kept = tuple(_read(cells, counted, version if is_old else 4))
    found = [repair("old format", version=version)] if is_old else []
    found += [_counted(name, count) for name, count in counted.items()]
    return Notebook(kept, _mapping(content.get("metadata")), once([*repairs, *found]))


def _counted(name: str, count: int) -> Repair:
    limit = {"limit": MAX_SOURCE // 1_000_000} if name == "long cell" else {}
    return repair(name, count=count, **limit)


def _cells_of(content: Any) -> list[Any] | None:
    """The list of cells; older formats keep several, in worksheets."""
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("cells"), list):
        return list(content["cells"])
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _read(cells: list[Any], counted: Counter[str], version: Any) -> Iterator[Cell]:
    """The cells that are cells; the others are counted."""
    for cell in cells:
        kind = _type(cell)
        source = _source(cell, version, counted) if kind else None
        if source is None:
            counted["odd parts"] += 1
        elif len(source) > MAX_SOURCE:
            counted["long cell"] += 1
        else:
            yield _cell(cell, kind, source, counted)


def _type(cell: Any) -> str:
    """A cell's type today; empty for what is no cell."""
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    return TYPES.get(kind, "") if isinstance(kind, str) else ""


def _cell(cell: Mapping[str, Any], kind: str, source: str, counted: Counter[str]) -> Cell:
    source, unreadable = _UNREADABLE.subn("\ufffd", source)
    counted.update({"characters": 1} if unreadable else {})
    level = cell.get("level")
    if cell["cell_type"] == "heading":
        source = f"{'#' * (level if isinstance(level, int) and 1 <= level <= 6 else 1)} {source}"
    metadata = _mapping(cell.get("metadata"))
    ids = tuple(i for i in (cell.get("id"), metadata.get("id")) if isinstance(i, str))
    return Cell(kind, source, ids, metadata, _mapping(cell.get("attachments")))


def _source(cell: Mapping[str, Any], version: Any, counted: Counter[str]) -> str | None:
    """A cell's text with plain line ends; None where there is none."""
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        counted.update({"odd parts": len(source) - len(lines)} if len(lines) < len(source) else {})
        # The oldest formats keep lines without their ends.
        bare = version < 4 and not any(line.endswith(("\n", "\r")) for line in lines[:-1])
        source = ("\n" if bare else "").join(lines)
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
