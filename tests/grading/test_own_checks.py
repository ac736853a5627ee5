"""Tests of a course of one's own, whose hidden test defines its reference, its cases and its known mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder import grading
from autograder.course import Course
from tests.conftest import TINY

pytestmark = pytest.mark.kernels

CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"


def test_a_hidden_test_brings_its_own_mistakes(with_submissions: Callable[[dict[str, str]], Course]) -> None:
    """The hidden test in CONTRIBUTING.md, which needs no lab of this package, gives points and names its mistake.

    Where the cell counts other points than that test gives, its points are scaled, and the instructor is told.
    """
    (hidden,) = re.findall(
        r"^ *### BEGIN HIDDEN TESTS\n(?:(?!END HIDDEN).)*?def double.*?### END HIDDEN TESTS\n",
        CONTRIBUTING.read_text("utf-8"), re.DOTALL | re.MULTILINE,
    )  # fmt: skip
    hidden = re.sub(r"^   ", "", hidden, flags=re.MULTILINE)
    (replaced,) = re.findall(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n", TINY, re.DOTALL)
    course = with_submissions({replaced: hidden})
    results = {result.student: result for result in grading.grade(course, "lab", ["ada", "bao"])}
    assert not any(result.problem for result in results.values()), results
    assert [results[student].tasks[("tiny", "test_double")] for student in ("ada", "bao")] == [2.0, 0.0]
    graded = nbformat.read(course.autograded / "bao" / "lab" / "tiny.ipynb", as_version=4)
    assert grading.named_mistakes(graded) == ("squared",)
    assert any("Likely: x is squared." in str(cell.get("outputs")) for cell in graded.cells)

    # The instructor lets the task count more, in Formgrader's editor: in source/ and not in the lab's text.
    file = course.source / "lab" / "tiny.ipynb"
    source_notebook = nbformat.read(file, as_version=4)
    (cell,) = (cell for cell in source_notebook.cells if "HIDDEN" in cell.source)
    cell.metadata.nbgrader.points = 3
    nbformat.write(source_notebook, file)
    results = {result.student: result for result in grading.grade(course, "lab", ["ada", "bao"])}
    assert [results[student].tasks[("tiny", "test_double")] for student in ("ada", "bao")] == [3.0, 0.0]
    assert [results[student].maximum for student in ("ada", "bao")] == [4.0, 4.0]
    (sentence,) = {sentence for result in results.values() for sentence in result.about_lab}
    assert "test_double in tiny counts 3 points, and its hidden test gives 2: points were scaled\n  → " in sentence
    assert grading.class_notes("lab", results.values()) == [sentence]
    graded = nbformat.read(course.autograded / "ada" / "lab" / "tiny.ipynb", as_version=4)
    (cell,) = (cell for cell in graded.cells if "HIDDEN" in cell.source)
    *_, message, shown = cell.outputs
    assert "double: 3 of 3 points" in message.text
    assert shown.data["text/plain"] == "3.0"
    assert cell.metadata.autograder.score.maximum == 3.0
