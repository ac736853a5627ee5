"""Hostile submissions, made from the release: answers filled in, cells added, metadata changed, files added."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

import autograder

from .course import TOKEN, Class, grade_id
from .lab import LAB, NOTEBOOK

FILE = f"{NOTEBOOK}.ipynb"


@dataclass(frozen=True)
class Link:
    """A symbolic link in place of a file."""

    to: str
    """The target of the link."""


Handed = Mapping[str, bytes | Link]
"""The submitted files, by name below the submission's folder."""
Make = Callable[[Class, NotebookNode], Handed]
"""A function that makes a submission from a class and the released notebook."""
Change = Callable[[NotebookNode], None]
"""A function that changes a notebook before submission."""

RIGHT = {
    "cost": "def cost(prediction, y):\n    return np.sum((prediction - y) ** 2) / (2 * y.size)",
    "improvement": "def improvement(before, after, y):\n    return cost(before, y) - cost(after, y)",
    "moments": "mean = x.mean()\nspread = x.std()",
    "tally": dedent("""\
        class Tally:
            def __init__(self):
                self.numbers = []

            def add(self, number):
                self.numbers.append(number)

            def mean(self):
                return sum(self.numbers) / len(self.numbers)"""),
    "why": "Zero.",
}
"""Right answers to all tasks."""

WRONG = {
    **RIGHT,
    "cost": "def cost(prediction, y):\n    return 1.0",
    "improvement": "def improvement(before, after, y):\n    return 1.0",
    "moments": "mean, spread = 3.0, -1.0",
}
"""Answers of which `tally` and `why` are right; the others return only what the visible checks expect."""


def right(*changes: Change, files: Mapping[str, str] | None = None, **answers: str) -> Make:
    """Return a function that makes a submission of right answers.

    changes: changes of the notebook. files: further files, by name. answers: answers that replace right ones.
    """
    return _submission({**RIGHT, **answers}, changes, files or {})


def wrong(*changes: Change, files: Mapping[str, str] | None = None, **answers: str) -> Make:
    """Return a function that makes a submission of wrong answers.

    changes: changes of the notebook. files: further files, by name. answers: answers that replace wrong ones.
    """
    return _submission({**WRONG, **answers}, changes, files or {})


def _submission(answers: Mapping[str, str], changes: tuple[Change, ...], files: Mapping[str, str]) -> Make:
    """Return a function that makes a submission of these answers, changes and files."""

    def make(class_: Class, notebook: NotebookNode) -> Handed:
        notebook = copy.deepcopy(notebook)
        for task, text in answers.items():
            cell_of(notebook, task).source = text if task == "why" else _with_comment(task, dedent(text).strip())
        for change in changes:
            change(notebook)
        texts = {FILE: nbformat.writes(notebook), **{name: dedent(text) for name, text in files.items()}}
        return {name: filled(class_, text).encode() for name, text in texts.items()}

    return make


def _with_comment(task: str, text: str) -> str:
    """Return an answer below the release's task comment; a cell magic stays the first line."""
    magic, newline, rest = text.partition("\n") if text.startswith("%%") else ("", "", text)
    return f"{magic}{newline}# task: {task}\n{rest}"


def in_bytes(make: Make, change: Callable[[bytes], bytes], name: str = FILE) -> Make:
    """Return a function that makes a submission and changes its notebook as bytes. name: the notebook's new name."""

    def changed(class_: Class, notebook: NotebookNode) -> Handed:
        files = dict(make(class_, notebook))
        data = files.pop(FILE)
        assert isinstance(data, bytes)
        return {name: change(data), **files}

    return changed


def filled(class_: Class, text: str) -> str:
    """Return a text with the class's paths filled in, because an attacker may know all paths."""
    assert not TOKEN.search(text), "an attack that spells a secret out would find itself"
    for placeholder, value in {
        "@COURSE@": class_.course.root,
        "@HOME@": class_.home,
        "@ELSEWHERE@": class_.elsewhere,
        "@MARK@": class_.mark,
        "@PORT@": class_.port,
        "@PACKAGE@": Path(autograder.__file__).parent,
    }.items():
        text = text.replace(placeholder, str(value))
    return text


def cell_of(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this grade_id."""
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def first(code: str) -> Change:
    """Return a change that inserts a code cell at the top."""
    return lambda notebook: notebook.cells.insert(0, _code(code))


def last(code: str) -> Change:
    """Return a change that appends a code cell."""
    return lambda notebook: notebook.cells.append(_code(code))


def after(name: str, code: str) -> Change:
    """Return a change that inserts a code cell below the cell with this grade_id."""
    return lambda notebook: notebook.cells.insert(_index_of(notebook, name) + 1, _code(code))


def says_after(name: str, text: str) -> Change:
    """Return a change that inserts a Markdown cell below the cell with this grade_id."""
    return lambda notebook: notebook.cells.insert(_index_of(notebook, name) + 1, new_markdown_cell(text))


def at(name: str, change: Callable[[NotebookNode], object]) -> Change:
    """Return a change that applies a function to the cell with this grade_id."""
    return lambda notebook: change(cell_of(notebook, name)) and None


def each_test(change: Callable[[NotebookNode], object]) -> Change:
    """Return a change that applies a function to every test cell."""

    def to_all(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            if grade_id(cell).startswith("test_"):
                change(cell)

    return to_all


def drop(*names: str) -> Change:
    """Return a change that deletes the cells with these grade_ids."""

    def without(notebook: NotebookNode) -> None:
        notebook.cells = [cell for cell in notebook.cells if grade_id(cell) not in names]

    return without


def move(name: str, to: int) -> Change:
    """Return a change that moves the cell with this grade_id. to: the new index."""
    return lambda notebook: notebook.cells.insert(to, notebook.cells.pop(_index_of(notebook, name)))


def double(name: str, source: str | None = None, first: bool = False) -> Change:
    """Return a change that copies the cell with this grade_id, with all its metadata.

    source: another text for the copy. first: insert the copy above the cell, not below.
    """

    def doubled(notebook: NotebookNode) -> None:
        duplicate = copy.deepcopy(cell_of(notebook, name))
        duplicate.id = f"copy-of-{name}"[:60]
        duplicate.source = duplicate.source if source is None else dedent(source)
        notebook.cells.insert(_index_of(notebook, name) + (not first), duplicate)

    return doubled


def put(class_: Class, student: str, handed: Handed) -> None:
    """Write a student's submission into submitted/."""
    folder = class_.course.submitted / student / LAB
    folder.mkdir(parents=True)
    for name, data in handed.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Link):
            file.symlink_to(filled(class_, data.to))
        else:
            file.write_bytes(data)


def _code(code: str) -> NotebookNode:
    """Return a code cell."""
    return new_code_cell(dedent(code).strip())


def _index_of(notebook: NotebookNode, name: str) -> int:
    """Return the index of the cell with this grade_id."""
    return int(notebook.cells.index(cell_of(notebook, name)))
