"""Tests of SourceNotebook: the released text of each cell, and the names that its answers define."""

from __future__ import annotations

import json

import pytest

from autograder.course import Course
from autograder.grading.intake import ReleaseStubs, SourceNotebook, UnreadableError, released_texts
from tests.grading.intake.notebooks import (
    FIRST,
    INSTRUCTOR,
    RELEASED,
    ROOT,
    SECOND,
    STUBS,
    TEXTS,
    cell,
    extra,
    lab,
    notebook,
    small,
)


def test_kinds() -> None:
    """A cell's kind follows from nbgrader's flags; a cell without flags is code or prose."""
    cells = [*INSTRUCTOR[:7], cell("prose", "Sketch it.") | {"metadata": INSTRUCTOR[3]["metadata"]}, extra("x", "raw")]
    kinds = [each.part.kind for each in SourceNotebook.read("x", json.dumps(notebook(cells)).encode()).cells]
    assert kinds == ["prose", "locked", "solution", "test", "code", "prose", "answer", "locked", "prose"]


def test_released_text() -> None:
    """The released text has neither solutions nor hidden tests, as in nbgrader's release."""
    assert [each.released for each in small().cells] == [each["source"] for each in RELEASED]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_released_text_of_the_labs(text: object) -> None:
    """The released text of each cell of the labs agrees with release/, up to white space."""
    lab_notebook = lab(text)  # type: ignore[arg-type]
    released = json.loads(lab_notebook.released.read_text(encoding="utf-8"))["cells"]
    assert [each.text for each in lab_notebook.source_notebook.cells] == [
        " ".join("".join(each["source"]).split()) for each in released
    ]


def test_names_of_a_solution_are_those_that_other_cells_use() -> None:
    """An answer need not define the names that the solution alone uses."""
    assert small().cells[FIRST].names == {"a", "b"}
    assert small().cells[SECOND].names == {"f"}
    solution = cell("solution", "### BEGIN SOLUTION\nx = 1\ny = x\n### END SOLUTION", "s")
    source_notebook = SourceNotebook.read("x", json.dumps(notebook([solution, extra("print(y)")])).encode())
    assert source_notebook.cells[0].names == {"y"}


def test_stubs_of_a_course() -> None:
    """ReleaseStubs come from the course's configuration, and a source notebook is read once for an equal release."""
    assert "Your turn" in ReleaseStubs.of(Course(ROOT).nbgrader_config()).code
    assert ReleaseStubs.of(None) == ReleaseStubs()
    data = json.dumps(notebook(INSTRUCTOR)).encode()
    released = released_texts("small", data, STUBS)
    assert SourceNotebook.read("small", bytes(bytearray(data)), (*released,)) is SourceNotebook.read(
        "small", data, released
    )
    assert "YOUR CODE HERE" in SourceNotebook.read("small", data).cells[FIRST].released


def test_ids_of_notebooks_that_have_none() -> None:
    """Cells of formats before 4.5 get ids, the same ones every time."""
    cells = [{key: value for key, value in each.items() if key != "id"} for each in INSTRUCTOR]
    ids = [each.part.cell_id for each in SourceNotebook.read("x", json.dumps(notebook(cells)).encode()).cells]
    assert ids[:3] == ["prose-0", "imports", "first"]
    assert len(set(ids)) == len(ids)


def test_broken_source_notebook_is_reported() -> None:
    """A source notebook that is no JSON, or has unpaired markers, raises an UnreadableError."""
    with pytest.raises(UnreadableError, match=r"lab\.ipynb"):
        SourceNotebook.read("lab", b"{")
    odd = cell("solution", "### BEGIN SOLUTION\na = 1", "s")
    with pytest.raises(UnreadableError, match="do not pair"):
        SourceNotebook.read("lab", json.dumps(notebook([odd])).encode())
