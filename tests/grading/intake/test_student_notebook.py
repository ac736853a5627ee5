"""Tests of read_notebook, which reads notebooks of any format into student cells."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.grading.intake import UnreadableError
from autograder.grading.intake.student_notebook import MAX_CELLS, MAX_SOURCE, StudentNotebook, read_notebook
from tests.grading.intake.notebooks import extra, notebook


def read(content: Any) -> StudentNotebook:
    """Return the student notebook that is read from this JSON."""
    return read_notebook("x.ipynb", json.dumps(content).encode())


def test_old_formats() -> None:
    """Old notebooks are read: worksheets, `input`, headings, and lines without line ends."""
    cells = [
        {"cell_type": "code", "input": ["a = 1", "b = 2"], "language": "python"},
        {"cell_type": "heading", "level": 2, "source": ["Title"]},
        {"cell_type": "markdown", "source": ["one\n", "two"]},
        {"cell_type": "html", "source": "<b>"},
    ]
    sheets = [{"cells": cells[:2]}, 3, {"cells": cells[2:]}, {"cells": None}]
    student_notebook = read({"nbformat": 2, "worksheets": sheets})
    assert [(cell.type, cell.source) for cell in student_notebook.cells] == [
        ("code", "a = 1\nb = 2"), ("markdown", "## Title"), ("markdown", "one\ntwo"), ("markdown", "<b>"),
    ]  # fmt: skip
    assert [repair.name for repair in student_notebook.repairs] == ["old format"]


def test_lists_of_lines_and_other_line_ends() -> None:
    """A list of lines is concatenated, and every line end becomes LF."""
    assert (
        read(notebook([extra(""), {"cell_type": "code", "source": ["a\r\n", "b", "c\r"]}])).cells[1].source == "a\nbc\n"
    )


def test_ids() -> None:
    """A cell's ids are the notebook's and Colab's; ids and grade_ids that are no text are ignored."""
    (cell,) = read(notebook([extra("", id="one", metadata={"id": "two", "nbgrader": {"grade_id": "g"}})])).cells
    assert (cell.ids, cell.grade_id) == (("one", "two"), "g")
    (cell,) = read(notebook([extra("", id=3, metadata={"id": [], "nbgrader": {"grade_id": 7}})])).cells
    assert (cell.ids, cell.grade_id) == ((), "")


def test_odd_parts_are_left_out_and_counted() -> None:
    """Parts that are no cell or no line of text are left out, and one repair gives their number."""
    odd = [
        3,
        None,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": ["code"], "source": ""},
        {"cell_type": "video", "source": ""},
    ]
    student_notebook = read(notebook([*odd, extra("a"), {"cell_type": "code", "source": ["b", 3, None]}]))
    assert [cell.source for cell in student_notebook.cells] == ["a", "b"]
    assert [repair.sentence[:8] for repair in student_notebook.repairs] == ["9 parts "]


def test_nul_and_lone_surrogates_are_replaced() -> None:
    """NUL and lone surrogates are replaced, with a repair; pairs of surrogates stay."""
    student_notebook = read_notebook(
        "x", b'{"cells": [{"cell_type": "code", "source": "a\\u0000b\\ud800 \\ud83d\\ude42"}]}'
    )
    assert student_notebook.cells[0].source == "a\ufffdb\ufffd 🙂"
    assert [repair.name for repair in student_notebook.repairs] == ["characters"]


def test_bounds() -> None:
    """A cell that is too long is left out; too many cells are refused with both numbers."""
    student_notebook = read(notebook([extra("a" * (MAX_SOURCE + 1)), extra("b" * MAX_SOURCE)]))
    assert len(student_notebook.cells) == 1
    assert [repair.name for repair in student_notebook.repairs] == ["long cell"]
    with pytest.raises(UnreadableError, match="2001 cells, more than 2000"):
        read(notebook([extra("")] * (MAX_CELLS + 1)))
