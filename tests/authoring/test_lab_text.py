"""What a lab's text is made of: regions between markers, ids, lines."""

from pathlib import Path

from autograder.authoring import LabCell, LabError
from autograder.authoring.lab_text import SOLUTION_MARKERS, region, without_region

CODE = "a\n  ### BEGIN SOLUTION\n  b\n\n  c\n  ### END SOLUTION\nd\n### BEGIN SOLUTION\ne\n### END SOLUTION"


def test_region_and_its_rest():
    """A cell falls into the lines of its regions and the lines outside them, and the markers into neither."""
    assert region(CODE, SOLUTION_MARKERS) == "  b\n\n  c\ne"
    assert without_region(CODE, SOLUTION_MARKERS) == "a\nd"
    assert region("a", SOLUTION_MARKERS) == ""
    assert without_region("a", SOLUTION_MARKERS) == "a"


def test_a_stub_is_indented_as_its_region():
    """In place of each region a stub can stand, as far in as the marker, which is what nbgrader does."""
    assert without_region(CODE, SOLUTION_MARKERS, "pass") == "a\n  pass\nd\npass"


def test_lines_of_a_cell():
    """A row that a cell does not have stands at the cell's own line."""
    cell = LabCell("code", "", "a\nb", line=5, lines=(6, 7))
    assert [cell.line_of(row) for row in (None, 0, 1, 2, 3)] == [5, 5, 6, 7, 5]


def test_an_error_reads_as_a_place_a_problem_and_a_cure():
    """A mistake is shown as file:line, which editors and terminals make a link, then what it is and what to do."""
    error = LabError(Path("notebooks/lab/tiny.py"), 7, "no such thing", "make one")
    assert str(error) == "notebooks/lab/tiny.py:7: no such thing\n  → make one"
