"""Every exercise of the course documents has tasks in the built notebooks, where `docs/coverage.md` says."""

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
"""The exercises of each document, as the documents count them, or by their headings where they don't."""


def _rows() -> dict[str, list[tuple[str, list[str], list[str]]]]:
    """By document: each exercise, its notebooks and its tasks."""
    parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)[1:]
    found = {}
    for document, body in zip(parts[::2], parts[1::2], strict=True):
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if "`" in line]
        found[document] = [
            (exercise.removesuffix(" *"), notebooks.split(", "), re.findall(r"`([\w-]+)`", tasks))
            for exercise, _, notebooks, tasks in cells
        ]
    return found


def _tasks(notebook: str, folder: str) -> set[str]:
    """Ids of the graded cells of a built notebook: of solutions, and of written answers."""
    flags = [cell.metadata.get("nbgrader", {}) for cell in nbformat.read(ROOT / folder / f"{notebook}.ipynb", 4).cells]
    return {flag["grade_id"] for flag in flags if flag.get("solution")}


def test_every_exercise_has_a_row() -> None:
    """No exercise of a document is left out, and each stands in one row."""
    assert {document: [row[0] for row in rows] for document, rows in _rows().items()} == EXERCISES


def test_every_task_is_where_it_is_said_to_be() -> None:
    """In the instructor's notebook and in the students' one; no notebook is named for nothing."""
    for rows in _rows().values():
        for exercise, notebooks, tasks in rows:
            for folder in ("source", "release"):
                there = {notebook: _tasks(notebook, folder) for notebook in notebooks}
                assert set(tasks) <= set().union(*there.values()), exercise
                assert all(there[notebook] & set(tasks) for notebook in notebooks), exercise


def test_every_notebook_is_there_for_some_exercise() -> None:
    """All that is released belongs to a document."""
    named = {notebook for rows in _rows().values() for _, notebooks, _ in rows for notebook in notebooks}
    assert named == {
        str(path.relative_to(ROOT / "release").with_suffix("")) for path in (ROOT / "release").glob("*/*.ipynb")
    }
