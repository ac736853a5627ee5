"""Tests that every exercise of the course documents has tasks in the built notebooks that `docs/coverage.md` names."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")

EXERCISES = {
    "Uppsala 1RT720, lab 1": [f"2.{n}" for n in range(1, 7)] + [f"3.{n}" for n in range(1, 8)],
    "Giardina, lesson 3": [
        "the derivative", "partial derivatives", "x is a vector", "input and output are vectors",
        "x is itself a function", "dŷ/dz, and δ", "dz/dW", "the bias", "lab time 1/3", "lab time 2/3", "lab time 3/3",
        "two layers, single sample", "two layers, batch", "MNIST",
    ],
    "Oslo FYS-STK, week 42": [
        *("1a", "2a", "2b", "2c", "3a", "3b", "3c", "3d", "3e", "3f"),
        *("4a", "4b", "4c", "4d", "4e", "5a", "6", "7a", "7b", "8a"),
    ],
    "DTU 02456, exercise 1": list("abcdefghijkl"),
    "Exercise 1: gradients and PyTorch": ["part 1", "part 2", "part 3"],
}  # fmt: skip
"""The exercises of each document, by the document's numbers, or by its headings if it has no numbers."""


def _rows() -> dict[str, list[tuple[str, list[str], list[str]]]]:
    """Return, by document, each exercise with its notebooks and its tasks."""
    parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)[1:]
    rows = {}
    for document, body in zip(parts[::2], parts[1::2], strict=True):
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if "`" in line]
        rows[document] = [
            (exercise.removesuffix(" *"), notebooks.split(", "), re.findall(r"`([\w-]+)`", tasks))
            for exercise, _, notebooks, tasks in cells
        ]
    return rows


def _tasks(notebook: str, folder: str) -> set[str]:
    """Return the ids of a built notebook's solution cells and written answers."""
    flags = [cell.metadata.get("nbgrader", {}) for cell in nbformat.read(ROOT / folder / f"{notebook}.ipynb", 4).cells]
    return {flag["grade_id"] for flag in flags if flag.get("solution")}


def test_every_exercise_has_a_row() -> None:
    """Each exercise of each document has exactly one row."""
    assert {document: [row[0] for row in rows] for document, rows in _rows().items()} == EXERCISES


def test_every_listed_task_is_in_its_notebook() -> None:
    """Each listed task is in a listed notebook, in source and in release, and each listed notebook has such a task."""
    for rows in _rows().values():
        for exercise, notebooks, tasks in rows:
            for folder in ("source", "release"):
                tasks_by_notebook = {notebook: _tasks(notebook, folder) for notebook in notebooks}
                assert set(tasks) <= set().union(*tasks_by_notebook.values()), exercise
                assert all(tasks_by_notebook[notebook] & set(tasks) for notebook in notebooks), exercise


def test_every_notebook_belongs_to_an_exercise() -> None:
    """Every released notebook belongs to an exercise of a document."""
    named = {notebook for rows in _rows().values() for _, notebooks, _ in rows for notebook in notebooks}
    assert named == {
        str(path.relative_to(ROOT / "release").with_suffix("")) for path in (ROOT / "release").glob("*/*.ipynb")
    }
