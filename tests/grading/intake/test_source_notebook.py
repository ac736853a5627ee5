"""The instructor's notebook: what was released of each cell, and what its answers define."""

from __future__ import annotations

import json

import pytest

from autograder.course import Course
from autograder.grading.intake import SourceNotebook, Stubs, UnreadableError
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
    """What nbgrader's flags say; a cell without any is code or prose."""
    cells = [*INSTRUCTOR[:7], cell("prose", "Sketch it.") | {"metadata": INSTRUCTOR[3]["metadata"]}, extra("x", "raw")]
    kinds = [each.part.kind for each in SourceNotebook.read("x", json.dumps(notebook(cells)).encode()).cells]
    assert kinds == ["prose", "locked", "solution", "test", "code", "prose", "answer", "locked", "prose"]


def test_released_text() -> None:
    """Solutions and hidden tests are gone, as nbgrader takes them out."""
    assert [each.released for each in small().cells] == [each["source"] for each in RELEASED]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_released_text_of_the_labs(text: object) -> None:
    """The same as stands in release/."""
    own = lab(text)  # type: ignore[arg-type]
    released = json.loads(own.released.read_text(encoding="utf-8"))["cells"]
    assert [each.text for each in own.master.cells] == [" ".join("".join(each["source"]).split()) for each in released]


def test_names_are_those_that_others_speak_of() -> None:
    """What a solution defines for itself alone need not be in an answer."""
    assert small().cells[FIRST].names == {"a", "b"}
    assert small().cells[SECOND].names == {"f"}
    solution = cell("solution", "### BEGIN SOLUTION\nx = 1\ny = x\n### END SOLUTION", "s")
    master = SourceNotebook.read("x", json.dumps(notebook([solution, extra("print(y)")])).encode())
    assert master.cells[0].names == {"y"}


def test_stubs_of_a_course() -> None:
    """As its configuration sets them; a master is read once for each."""
    assert "Your turn" in Stubs.of(Course(ROOT).nbgrader_config()).code
    assert Stubs.of(None) == Stubs()
    data = json.dumps(notebook(INSTRUCTOR)).encode()
    assert SourceNotebook.read("small", bytes(bytearray(data)), STUBS) is SourceNotebook.read("small", data, STUBS)
    assert "YOUR CODE HERE" in SourceNotebook.read("small", data).cells[FIRST].released


def test_ids_of_notebooks_that_have_none() -> None:
    """Formats before 4.5: each cell has an id all the same, always the same one."""
    cells = [{key: value for key, value in each.items() if key != "id"} for each in INSTRUCTOR]
    ids = [each.part.cell_id for each in SourceNotebook.read("x", json.dumps(notebook(cells)).encode()).cells]
    assert ids[:3] == ["prose-0", "imports", "first"]
    assert len(set(ids)) == len(ids)


def test_broken_master_is_named() -> None:
    """A file that is no notebook, and markers that don't pair."""
    with pytest.raises(UnreadableError, match=r"lab\.ipynb"):
        SourceNotebook.read("lab", b"{")
    odd = cell("solution", "### BEGIN SOLUTION\na = 1", "s")
    with pytest.raises(UnreadableError, match="do not pair"):
        SourceNotebook.read("lab", json.dumps(notebook([odd])).encode())
