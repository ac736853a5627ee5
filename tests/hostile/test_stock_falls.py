"""The attacks work: real nbgrader, on the same lab with the usual asserts, gives the points and tells the secrets.

An attack that is merely broken would prove nothing about our engine.
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
"""What makes nbgrader believe the cells that are handed in."""

PROVEN = [row for row in ROWS if row.stock]


def stock_of(row: Row) -> Stock:
    """What stock nbgrader was seen to do with a row."""
    assert row.stock is not None
    return row.stock


def on_its_own(row: Row) -> bool:
    """Whether it might spoil the class for the others' proofs."""
    stock = stock_of(row)
    return bool(row.alone or stock.ungraded)


def by_nbgrader(made: Class) -> subprocess.CompletedProcess[str]:
    """Grade by nbgrader itself."""
    assert in_class(made, ["nbgrader", "generate_assignment", LAB, "--force"]).returncode == 0
    in_gradebook(made)
    return in_class(made, ["nbgrader", "autograde", LAB])


def by_trusting_nbgrader(made: Class) -> subprocess.CompletedProcess[str]:
    """Grade by nbgrader without the preprocessors that put cells back."""
    with (made.course.root / "nbgrader_config.py").open("a") as config:
        config.write(TRUSTING)
    return by_nbgrader(made)


@pytest.fixture(scope="session")
def classes(plain: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Row], Run]]:
    """What came of a row in stock nbgrader; rows that leave others alone share one class."""
    done: dict[str, Run] = {}

    def get(row: Row) -> Run:
        trusting, alone = stock_of(row).trusting, on_its_own(row)
        name = row.name if alone else f"trusting {trusting}"
        if name not in done:
            rows = [row] if alone else [one for one in PROVEN if not on_its_own(one)
                                        and stock_of(one).trusting == trusting]  # fmt: skip
            folder = tmp_path_factory.mktemp("stock-class") / "course"
            done[name] = run(plain, folder, rows, by_trusting_nbgrader if trusting else by_nbgrader, len(rows))
            clear(plain)
        return done[name]

    yield get
    clear(plain)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PROVEN])
def test_stock_nbgrader_falls(row: Row, classes: Callable[[Row], Run]) -> None:
    """It does what the row says: gives points for wrong answers, none for right ones, tells secrets, loses others."""
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
    """The weakened engine: the same hidden tests, run in the very kernel that ran the submission."""
    handed = row.make(planted, released(planted.course))[FILE]
    assert isinstance(handed, bytes)
    earned = _in_one_kernel(planted, nbformat.reads(handed.decode(), as_version=4))
    assert {task: earned.get(task, 0.0) for task in row.same_kernel} == row.same_kernel


def _in_one_kernel(made: Class, notebook: NotebookNode) -> Mapping[str, float]:
    """Points by the last score record that a test cell shows."""
    source = nbformat.read(made.course.source / LAB / FILE, as_version=4)
    tests = {grade_id(cell): cell.source for cell in source.cells if is_test(cell)}
    for cell in notebook.cells:
        if is_test(cell):
            # The visible part and the hidden one each by itself, as our engine runs them.
            cell.source = "\n".join(_hidden(tests[grade_id(cell)]))
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    earned = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()) if is_test(cell) else ():
            with suppress(KeyError, AttributeError):
                earned[grade_id(cell).removeprefix("test_")] = float(output.data[MIME]["points"])
    return earned


def _hidden(source: str) -> list[str]:
    lines = source.splitlines()
    return lines[lines.index("### BEGIN HIDDEN TESTS") + 1 : lines.index("### END HIDDEN TESTS")]
