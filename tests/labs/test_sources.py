"""Tests of the source notebooks: outputs that nbval may ignore, and content that they must not store."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "source").glob("*/*.ipynb"))

IGNORED_AT_MOST = 2
"""Cells of one notebook whose output nbval may ignore."""


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """Return each source notebook in turn."""
    return nbformat.read(request.param, as_version=4)


def test_outputs_ignored_by_nbval_are_few_and_never_a_test(notebook: nbformat.NotebookNode) -> None:
    """nbval compares the output of every test cell and ignores the outputs of a few other cells at most."""
    ignored = [
        cell
        for cell in notebook.cells
        if "NBVAL" in cell.source or any("nbval" in tag for tag in cell.metadata.get("tags", ()))
    ]
    assert len(ignored) <= IGNORED_AT_MOST
    assert not any(cell.metadata.get("nbgrader", {}).get("grade") for cell in ignored)


def test_outputs_are_the_same_everywhere(notebook: nbformat.NotebookNode) -> None:
    """No stored output holds a time, a memory address, a path or a decimal with more digits than all CPUs share."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            text = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
            for pattern in (
                r"0x[0-9a-f]{6,}",
                r"/(home|root|tmp|Users)/",
                r"\d+\.\d{9,}",
                r"\d\d:\d\d:\d\d",
                "ipykernel_",
            ):
                assert not re.search(pattern, text), (pattern, text)


def test_every_cell_ran_in_order_without_an_error(notebook: nbformat.NotebookNode) -> None:
    """Outputs come from one run from top to bottom without an exception or stderr."""
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    for cell in notebook.cells:
        assert not any(o.output_type == "error" or o.get("name") == "stderr" for o in cell.get("outputs", ()))


def test_there_are_sources() -> None:
    """There are source notebooks, so that the tests above check something."""
    assert len(SOURCES) >= 2
