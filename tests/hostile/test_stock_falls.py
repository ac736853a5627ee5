"""Tests that the attacks work: stock nbgrader, on the same lab with usual asserts, gives points and reveals secrets.

A broken attack would prove nothing about our engine.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.checks.score import MIME

from .classes import Run, clear, in_class, run
from .course import Class, grade_id, in_gradebook, is_test, released
from .hand import FILE
from .lab import FULL, LAB
from .row import Row, Stock
from .rows import ROWS

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.kernels, pytest.mark.xdist_group("hostile-stock")]

TRUSTING = "c.Autograde.sanitize_preprocessors = ['nbgrader.preprocessors.ClearOutput']\n"
"""A configuration with which nbgrader trusts submitted cells."""

PROVEN = [row for row in ROWS if row.stock]


def stock_of(row: Row) -> Stock:
    """Return the results that stock nbgrader gave for a row."""
    assert row.stock is not None
    return row.stock


def on_its_own(row: Row) -> bool:
    """True if the row might spoil the class for other rows, so that it has a class of its own."""
    stock = stock_of(row)
    return bool(row.alone or stock.ungraded)


def by_nbgrader(class_: Class) -> subprocess.CompletedProcess[str]:
    """Grade a class with stock nbgrader; return the completed process."""
    assert in_class(class_, ["nbgrader", "generate_assignment", LAB, "--force"]).returncode == 0
    in_gradebook(class_)
    return in_class(class_, ["nbgrader", "autograde", LAB])


def by_trusting_nbgrader(class_: Class) -> subprocess.CompletedProcess[str]:
    """Grade a class with nbgrader, without the preprocessors that restore cells; return the completed process."""
    with (class_.course.root / "nbgrader_config.py").open("a") as config:
        config.write(TRUSTING)
    return by_nbgrader(class_)


@pytest.fixture(scope="session")
def classes(plain: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Row], Run]]:
    """Yield a function that returns the results of a row's class in stock nbgrader; harmless rows share a class."""
    runs: dict[str, Run] = {}

    def get(row: Row) -> Run:
        trusting, alone = stock_of(row).trusting, on_its_own(row)
        name = row.name if alone else f"trusting {trusting}"
        if name not in runs:
            rows = [row] if alone else [other for other in PROVEN if not on_its_own(other)
                                        and stock_of(other).trusting == trusting]  # fmt: skip
            folder = tmp_path_factory.mktemp("stock-class") / "course"
            runs[name] = run(plain, folder, rows, by_trusting_nbgrader if trusting else by_nbgrader)
            clear(plain)
        return runs[name]

    yield get
    clear(plain)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PROVEN])
def test_stock_nbgrader_falls(row: Row, classes: Callable[[Row], Run]) -> None:
    """Stock nbgrader does what the row says: wrong points, revealed secrets, changed files or ungraded students."""
    result, stock = classes(row), stock_of(row)
    seen = result.of(row)
    before, *_, after = result.honest
    assert result.seen[before].points == FULL or row.alone
    assert {task: seen.points.get(task, 0.0) for task in stock.gains} == stock.gains
    assert all(row.points[task] < points for task, points in stock.gains.items())
    assert {task: seen.points.get(task, 0.0) for task in stock.loses} == dict.fromkeys(stock.loses, 0.0)
    assert set(stock.leaks) <= seen.leaks
    assert stock.shows in seen.told
    assert not stock.changes or any(stock.changes in name for name in result.changed)
    assert not stock.leaves or any(name.startswith(stock.leaves) for name in result.left)
    assert not stock.ungraded or result.seen[after].points != FULL or not seen.points


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS if row.same_kernel])
def test_our_checks_in_the_students_kernel_fall(row: Row, planted: Class) -> None:
    """If our hidden tests run in the submission's kernel, the attack gains the points that the row says."""
    handed = row.make(planted, released(planted.course))[FILE]
    assert isinstance(handed, bytes)
    earned = _grade_in_one_kernel(planted, nbformat.reads(handed.decode(), as_version=4))
    assert {task: earned.get(task, 0.0) for task in row.same_kernel} == row.same_kernel


def _grade_in_one_kernel(class_: Class, notebook: NotebookNode) -> Mapping[str, float]:
    """Run a submission and its hidden tests in one kernel; return the points by task.

    The points are those of the last score record in a test cell's outputs.
    """
    source = nbformat.read(class_.course.source / LAB / FILE, as_version=4)
    tests = {grade_id(cell): cell.source for cell in source.cells if is_test(cell)}
    for cell in notebook.cells:
        if is_test(cell):
            # Only the hidden part, which our engine runs apart from the visible part.
            cell.source = "\n".join(_hidden(tests[grade_id(cell)]))
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    earned = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()) if is_test(cell) else ():
            with suppress(KeyError, AttributeError):
                earned[grade_id(cell).removeprefix("test_")] = float(output.data[MIME]["points"])
    return earned


def _hidden(source: str) -> list[str]:
    """Return the lines of a test's hidden part."""
    lines = source.splitlines()
    return lines[lines.index("### BEGIN HIDDEN TESTS") + 1 : lines.index("### END HIDDEN TESTS")]
