"""Notebooks of any format into cells."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.grading.intake import UnreadableError
from autograder.grading.intake.student_notebook import MAX_CELLS, MAX_SOURCE, StudentNotebook, read_notebook
from tests.grading.intake.notebooks import extra, notebook


def read(content: Any) -> StudentNotebook:
    """A notebook by its JSON."""
    return read_notebook("x.ipynb", json.dumps(content).encode())


def test_old_formats() -> None:
    """Worksheets, `input`, headings, and lines without ends."""
    cells = [
        {"cell_type": "code", "input": ["a = 1", "b = 2"], "language": "python"},
        {"cell_type": "heading", "level": 2, "source": ["Title"]},
        {"cell_type": "markdown", "source": ["one\n", "two"]},
        {"cell_type": "html", "source": "<b>"},
    ]
    sheets = [{"cells": cells[:2]}, 3, {"cells": cells[2:]}, {"cells": None}]
    found = read({"nbformat": 2, "worksheets": sheets})
    assert [(cell.type, cell.source) for cell in found.cells] == [
        ("code", "a = 1\nb = 2"), ("markdown", "## Title"), ("markdown", "one\ntwo"), ("markdown", "<b>"),
    ]  # fmt: skip
    assert [repair.name for repair in found.repairs] == ["old format"]


def test_text_in_pieces_and_with_other_line_ends() -> None:
    """A list of lines is put together as it is; every line end becomes the same."""
    assert (
        read(notebook([extra(""), {"cell_type": "code", "source": ["a\r\n", "b", "c\r"]}])).cells[1].source == "a\nbc\n"
    )


def test_ids() -> None:
    """The cell's own, and Colab's."""
    (cell,) = read(notebook([extra("", id="one", metadata={"id": "two", "nbgrader": {"grade_id": "g"}})])).cells
    assert (cell.ids, cell.grade_id) == (("one", "two"), "g")
    (cell,) = read(notebook([extra("", id=3, metadata={"id": [], "nbgrader": {"grade_id": 7}})])).cells
    assert (cell.ids, cell.grade_id) == ((), "")


def test_odd_parts_are_left_out_and_counted() -> None:
    """What is no cell, has no type, no text, or lines that are none."""
    odd = [
        3,
        None,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": ["code"], "source": ""},
        {"cell_type": "video", "source": ""},
    ]
    found = read(notebook([*odd, extra("a"), {"cell_type": "code", "source": ["b", 3, None]}]))
    assert [cell.source for cell in found.cells] == ["a", "b"]
    assert [repair.says[:8] for repair in found.repairs] == ["9 parts "]


def test_characters_nobody_can_read_are_replaced() -> None:
    """NUL and halves of pairs; a whole pair stays."""
    found = read_notebook("x", b'{"cells": [{"cell_type": "code", "source": "a\\u0000b\\ud800 \\ud83d\\ude42"}]}')
    assert found.cells[0].source == "a\ufffdb\ufffd 🙂"
    assert [repair.name for repair in found.repairs] == ["characters"]


def test_bounds() -> None:
    """A cell too long is left out; too many cells are refused with both numbers."""
    found = read(notebook([extra("a" * (MAX_SOURCE + 1)), extra("b" * MAX_SOURCE)]))
    assert len(found.cells) == 1
    assert [repair.name for repair in found.repairs] == ["long cell"]
    with pytest.raises(UnreadableError, match="2001 cells, more than 2000"):
        read(notebook([extra("")] * (MAX_CELLS + 1)))
