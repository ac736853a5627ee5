"""Tests of the parts of a lab text: regions between markers, stubs, lines and errors."""

from pathlib import Path

from autograder.authoring import LabCell, LabError
from autograder.authoring.lab_text import SOLUTION_MARKERS, region, without_region

CODE = "a\n  ### BEGIN SOLUTION\n  b\n\n  c\n  ### END SOLUTION\nd\n### BEGIN SOLUTION\ne\n### END SOLUTION"


def test_region_and_its_rest():
    """`region` returns the lines inside the regions, `without_region` those outside; neither returns the markers."""
    assert region(CODE, SOLUTION_MARKERS) == "  b\n\n  c\ne"
    assert without_region(CODE, SOLUTION_MARKERS) == "a\nd"
    assert region("a", SOLUTION_MARKERS) == ""
    assert without_region("a", SOLUTION_MARKERS) == "a"


def test_a_stub_is_indented_as_its_region():
    """`without_region` puts the stub in place of each region with the indentation of its marker, as nbgrader does."""
    assert without_region(CODE, SOLUTION_MARKERS, "pass") == "a\n  pass\nd\npass"


def test_lines_of_a_cell():
    """`line_of` returns the line of a row, and the cell's own line for a row that the cell does not have."""
    cell = LabCell("code", "", "a\nb", line=5, lines=(6, 7))
    assert [cell.line_of(row) for row in (None, 0, 1, 2, 3)] == [5, 5, 6, 7, 5]


def test_an_error_reads_as_a_place_a_problem_and_a_cure():
    """A LabError reads as file:line, which terminals make a link, then the problem, then the cure."""
    error = LabError(Path("notebooks/lab/tiny.py"), 7, "no such thing", "make one")
    assert str(error) == "notebooks/lab/tiny.py:7: no such thing\n  → make one"
