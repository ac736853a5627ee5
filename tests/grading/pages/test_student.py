"""Tests of the preprocessors that hide instructor content and sanitise a graded notebook."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from autograder.checks.score import MIME
from autograder.grading.pages.preprocessors import HideInstructorContent, SanitizeNotebook
from tests.grading.pages.course import ANSWER, TEST

HIDDEN = "check()\n### BEGIN HIDDEN TESTS\nsecret = 4\n### END HIDDEN TESTS\nafter()"


def _notebook() -> NotebookNode:
    """Return a graded notebook with a collapsed cell, a hidden test, an answer and a rubric."""
    message = {"output_type": "stream", "name": "stdout", "text": "2 of 2 points\n"}
    record = {"output_type": "execute_result", "execution_count": 1, "metadata": {},
              "data": {"text/plain": "2.0", MIME: {"points": 2.0}}}  # fmt: skip
    locked = {"grade_id": "helpers", "grade": False, "solution": False, "locked": True}
    helpers = {"nbgrader": locked, "jupyter": {"source_hidden": True}}
    cells = [
        nbformat.v4.new_code_cell("# Helpers\nlong = 1", metadata=helpers),
        nbformat.v4.new_code_cell(HIDDEN, metadata={"nbgrader": TEST}, outputs=[message, record]),
        nbformat.v4.new_markdown_cell("mine", metadata={"nbgrader": ANSWER}),
        nbformat.v4.new_markdown_cell("the rubric", metadata={"autograder": {"rubric": True}}),
    ]
    return nbformat.from_dict(nbformat.v4.new_notebook(cells=cells))


def test_a_student_sees_no_hidden_test_no_rubric_and_no_record() -> None:
    """Hidden tests, rubrics and score records are left out.

    The visible part of a test stays, with its message, and a collapsed cell is one line.
    """
    notebook, _ = HideInstructorContent().preprocess(_notebook(), {})
    assert [cell.source for cell in notebook.cells] == ["# Helpers", "check()\nafter()", "mine"]
    assert [output.output_type for output in notebook.cells[1].outputs] == ["stream"]
    assert "secret" not in str(notebook)
    assert MIME not in str(notebook)


def test_an_unsanitised_notebook_is_sanitised() -> None:
    """Outputs and code of every cell are sanitised, and widgets, which a page would load, are left out."""
    notebook = _notebook()
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    notebook.cells[0].source = "x = 1 # \u202e"
    notebook.cells[0].execution_count = "<img src=x onerror=y>"
    notebook.cells[0].outputs = [{"output_type": "display_data", "data": {"application/javascript": "x"}}]
    notebook, _ = SanitizeNotebook().preprocess(notebook, {})
    assert notebook.cells[0].source == "x = 1 # ⟨U+202E⟩"
    assert notebook.cells[0].execution_count is None
    assert notebook.cells[0].outputs[0].data == {"text/plain": "[not shown, as it is application/javascript]"}
    assert "widgets" not in notebook.metadata
    nbformat.validate(notebook)
